"""Crisis: nobody who wants to die, or harms themselves, is made a persona to play."""

from __future__ import annotations

import re
from typing import ClassVar, Final

from daft import Expression, col, lit
from daft.functions import regexp, when
from pydantic import Field

from indic_persona_hub.judge.measure import Measured, by_row
from indic_persona_hub.judge.others import is_of_others
from indic_persona_hub.judge.sentences import sentences
from indic_persona_hub.judge.words import listed
from indic_persona_hub.stage import RowJudge

#: Texts without any of these are of no crisis; the engine looks for them.
_GATE: Final = (
    r"(?i)suicid|kill|hang|hung|immolat|poison|drown|harm|burn|shoot|hurt|slash|note\b|mercy"
    r"|\bcut|slit|wrist|\bdie\b|\bdying\b|dead"
    r"|death|\blive\b|living|alive|\bend |ending|\bown life|euthanasia|overdos|pesticide|jump"
    r"|marn[ae]\b|kaat|hatya|kh?ush?i\b|marna|mar ja|jeena|jina|jaa?n |zindagi|jindagi|khud ko"
    r"|zaha?r|jaha?r"
    r"|jeene"
    r"|काट|नस|आत्म|कुशी|मर|जान|जीवन|प्राण|ज़?िंदगी|जीना|जीने|खुद|ख़ुद|स्वयं|ज़?हर|कीटनाशक|फांसी"
    r"|फाँसी"
    r"|मृत्यु|मौत"
    r"|தற்கொலை|ఆత్మహత్య|ಆತ್ಮಹತ್ಯೆ|ആത്മഹത്യ|আত্মহত্যা|આત્મહત્યા|ਆਤਮਹੱਤਿਆ|ਖੁਦਕੁਸ਼ੀ|خودکشی"
    r"|phenyl|insecticide|\bacid|pills|\bdying|जिन्दगी|ज़िन्दगी|ज़िन्दगी|ज़हर|अपने आप|jeevan"
    r"|jivan|\bpran |jaan "
    r"|\blife\b|\blives\b|go on\b|\bliving\b|जिंदा|ज़िंदा|ज़िंदा|जीवित|ke+tna+sh"
    r"|painless|never born|\bexist\b|wake up"
)

_OWN: Final = r"(?:his|her|their|one['’]s)"
_SELF: Final = r"(?:himself|herself|themself|oneself)"
_PLACED: Final = (
    r"(?! (?:in(?! (?:his|her) sleep)|at|on|as|where|before|among|beside|near|under|for|off"
    r"|with (?!dignity)|alone"
    r"|there|like|by|abroad|out|together|long|well|here|again|up|outside|away|separately"
    r"|simply)\b)"
)
_ENGLISH: Final = re.compile(
    r"(?i)"
    r"\b(?:commit\w*|attempt\w*|contemplat\w+|consider\w*|plan(?:s|ned|ning)?|think(?:s"
    r"|ing)? (?:of"
    r"|about)|thoughts? of|thought (?:of|about)|threaten\w*|tr(?:ies|ied|ying)"
    r"|driven to(?:wards)?"
    r"|on the (?:brink|verge|edge) of|close to|pushed to(?:wards)?|resort\w* to|chooses?|chose"
    r"|wants?|drawn to|ready for|turn(?:s|ed|ing)? to|obsess\w+ with|research\w* (?:ways|methods)"
    r" (?:of|for)|googl\w+)(?: (?!not\b)[\w’'-]+){0,2}? suicide\b(?! (?:prevention|helpline"
    r"|cases))"
    r"|\b(?:is|are|was|feels?|feeling|felt|becomes?|became|grown|increasingly) suicidal\b"
    r"|\bsuicidal (?:thoughts?|ideation|tendenc\w+|urges?|feelings?|impulses?)\b"
    r"|^\W*(?:an?|the) (?:[\w’'-]+,? ){0,3}suicidal\b"
    rf"|\b(?:end|ends|ending|ended|finish\w*) {_OWN} (?:own )?(?:life|suffering by dying)\b"
    r"(?! (?:in|as|to|with|at|on|of)\b)"
    rf"|\b(?:take|takes|taking|took) {_OWN} own li(?:fe|ves)\b|\bend(?:ing)? it all\b"
    rf"|\b(?:kill|hang|immolat|poison|drown|shoot|burn)\w* {_SELF}\b(?! (?:laughing|with work"
    r"|on))"
    rf"|\bhung {_SELF}\b|\bhang(?:s|ing)? {_SELF}\b"
    rf"|\bharm(?:s|ed|ing)? {_SELF}\b|\b(?:hurt|cut|burn)(?:s|ting|ing)? {_SELF} (?:on purpose"
    r"|deliberately|when|whenever|in secret|secretly|to feel|to cope|every|at night|with a blade)"
    rf"|\b(?:cut|slit|slash)\w* {_OWN} (?:own )?(?:arms?|wrists?|thighs?|veins?|skin)\b"
    r"|\b(?:engag\w+ in|resort\w* to|struggl\w+ with|turn(?:s|ed|ing)? to|addict\w+ to"
    r"|urges? (?:to"
    r"|of|for)|hid(?:es|ing) (?:her|his)|copes? (?:with \w+ )?(?:by|through)"
    r"|practis\w+) self[- ]harm"
    r"|\bself[- ]harms\b|\b(?:is|keeps|been) self[- ]harming\b"
    r"|\b(?:want|wants|wanted|wish|wishes|wishing|wanting|longs|longing|prays|praying|hopes|ready"
    r"|decided|decides|prefers|ways? (?:in which )?(?:she |he )?(?:can|could)?|waits"
    r"|how) to die\b"
    rf"{_PLACED}"
    rf"|\b(?:not|no longer|never|n['’]t) (?:want|wants|wish|wishes|wanted) to (?:live|be alive"
    rf"|go on living|wake up|exist)\b{_PLACED}|\bno longer wants? to (?:live|be alive"
    rf"|exist)\b{_PLACED}"
    r"|\b(?:no|without(?: any)?|lost (?:all|every|the|(?:his|her))|sees? no|has no"
    r"|little) (?:reason"
    rf"|will|wish|desire|point|urge) (?:to live|in living|to go on)\b{_PLACED}"
    rf"|\btired of (?:life|living)\b{_PLACED}|\bnot(?:hing)? (?:left )?(?:to live for"
    r"|worth living)\b"
    r"|\bbetter off dead\b|\bwish\w* (?:he|she) (?:was|were|had been) (?:dead|never born)\b"
    r"|\b(?:way|ways|means|method|methods|place|medicine|pills) (?:to|of|for) (?:a )?(?:painless"
    r"(?: death)?|die\b|dying\b|quick death)|\bpainless(?: way to (?:die|go)| death)"
    r"|\b(?:seek|ask|request|petition|want|plead|appl|wish|search|beg|pray|appeal|hop|long"
    r"|look)\w*"
    r" (?:[\w’'-]+ ){0,5}?(?:euthanasia|mercy killing|assisted (?:suicide|death|dying))\b"
    r"|\b(?:think\w* (?:of|about)|plan\w* to|wants? to|tempted to|imagin\w+|ready to|about to"
    r"|dreams? of)"
    r" jump\w* (?:off|from|into|in front of|under) (?:[\w’'-]+ ){0,4}?(?:bridge|roof|terrace"
    r"|building"
    r"|well|train|cliff|balcony|tracks|storey|floor|lake|river)\b(?![^.]*(?:rope|swim|bungee"
    r"|stunt|dive))"
    r"|\b(?:drink|drinks|drank|drinking|swallow\w*|consum\w+) (?:[\w’'-]+ ){0,4}?(?:pesticides?"
    r"|poison"
    r"|insecticide|acid|phenyl|sleeping pills)\b"
    r"|\boverdos(?:e|es|ed|ing) on\b|\b(?:wants?|plans?|tries|tried|attempt\w*"
    r"|thinks? of) (?:to |an )?"
    r"overdos\w+"
    r"|\bwrit(?:es|ing|e|ten) (?:an?|his|her|the) (?:[\w’'-]+ )?(?:suicide|farewell|last) note\b"
)  # fmt: skip
#: A lawyer may petition for euthanasia, and no word says for whom.
_FOR_OTHERS: Final = re.compile(
    r"(?i)(?:for|of) (?:(?:his|her|the|an?|all|terminally|comatose|dying"
    r"|incurable) ){1,3}(?:\w+ )?"
    r"(?:patients?|clients?|mother|father|wife|husband|son|daughter|brother|sister|law|bill"
    r"|people)"
    r"|\b(?:law|bill|guidelines|legalis\w+|legaliz\w+|debate|ethics|supreme court|judgments?)\b"
)
_RECOVERED: Final = re.compile(
    r"(?i)\b(?:surviv(?:ed|or|ors|ing)\b|recovered from|overc[ao]me|years? (?:ago|earlier|back)"
    r"|decades? ago|once (?:tried|attempted|thought|wanted|planned|contemplated|considered)"
    r"|used to|in (?:his|her) (?:youth|teens|twenties)|as a (?:teenager|young|student|boy|girl)"
    r"|and (?:now|today) (?:runs|helps|counsels|works|teaches|speaks|leads|trains|volunteers"
    r"|answers|writes|sits|mentors|is))"
)

_KILLING: Final = r"(?:आत्महत्या|आत्म-हत्या|खुदकुशी|ख़ुदकुशी|ख़ुदकुशी|खुदकशी)"
_HINDI: Final = re.compile(
    rf"{_KILLING}(?: (?!से|पर|के ख)\S+){{0,3}}? (?:चाह\S*|सोच\S*|कोशिश|प्रयास|विचार|ठान\S*"
    r"|तैयार\S*"
    r"|योजना|धमकी|इरादा|मजबूर|ख़?याल|ख़याल|मन|फ़ैसला|फैसला|निर्णय|तरीक\S+)"
    r"|अपन[ीाे] (?:जान|ज़िंदगी|ज़िंदगी|जिंदगी|ज़िन्दगी|जीवन|प्राण|जीवनलीला"
    r"|जीवन लीला)(?: को)? (?:देन\S*|दे दे\S*|लेन\S*"
    r"|ख़?त्म|ख़त्म|समाप्त|त्याग\S*|का अंत)"
    r"|(?:जान देने|मरने|मर जाने)(?: \S+){0,3}? (?:तरीक\S+|रास्त\S+|सोच\S*|इच्छा|ख़?याल|तैयार\S*"
    r"|दुआ|उपाय)"
    r"|(?<!में )(?<!पर )(?:मर जाना|मरना) चाह(?:ता|ती|ते)"
    r"|(?:अब |और )?(?:जीना|जीवित रहना|ज़िंदा रहना|जिंदा रहना) (?:नहीं|नही) चाह(?:ता|ती|ते)"
    r"|जीने की (?:कोई )?(?:इच्छा|चाह|वजह|वज़ह|उम्मीद) (?:नहीं|नही|ख़?त्म|ख़त्म|खो|छोड़|मर)"
    r"|(?:खुद|ख़ुद|स्वयं|अपने आप) को (?:मार\S*|चोट पहुँचा\S*|चोट पहुंचा\S*|नुक़?सान पहुँचा\S*"
    r"|नुकसान पहुंचा\S*"
    r"|काट\S*|ख़?त्म|ख़त्म|फांसी|फाँसी|जला\S*|जलान\S*)"
    r"|(?:अपनी|अपने) (?:कलाई|नस|नसें|हाथ की नस)\S* काट\S*"
    r"|(?:ज़हर|ज़हर|जहर|कीटनाशक) (?:पी|पीन\S*|पीक\S*|खा|खान\S*|निगल\S*)(?: |$)"
    r"|(?:फांसी|फाँसी)(?: पर)? (?:लगा|लटक|लटकन)\S*"
    r"|इच्छा ?-?मृत्यु(?: \S+){0,3}? (?:चाह\S*|माँग\S*|मांग\S*|अनुमति|गुहार|इंतज़?ार)"
)
_HINDI_OTHERS: Final = re.compile(
    r"(?:जिस|जिन)(?:के|की|का|ने)? (?:\S+ ){0,3}?(?:पति|पत्नी|बेटे|बेटी|बेटा|भाई|बहन|पिता|माँ|मां"
    r"|दोस्त|मित्र"
    r"|बच्चे|पड़ोसी|सहेली|चाचा|छात्रा?|पुत्र|मरीज़?)|(?:लोगों|छात्रों|छात्राओं|किसानों|युवाओं"
    r"|मरीज़?ों|मरीज़ों|रोगियों|महिलाओं"
    r"|बच्चों|किशोरों|कैदियों|सैनिकों|युवकों|युवतियों|विद्यार्थियों|परिवारों|दोस्तों|पीड़ितों"
    r"|मज़दूरों|मजदूरों|व्यक्तियों|कॉलर)"
    r"|(?:अपने|अपनी|उसके|उसकी) (?:\S+ )?(?:पति|पत्नी|बेटे|बेटी|भाई|बहन|पिता|माँ|मां|दोस्त|मित्र)"
    r"|^(?:\S+ ){0,8}?(?:पति|बेटे|बेटी|भाई|पिता) (?:ने|की)"
)
_HINDI_PREVENTS: Final = re.compile(
    r"रोक|बचा(?:ता|ती|ने|या|ई|ना)|खिलाफ|ख़िलाफ़|विरुद्ध|शोध|किताब|लेख|फ़िल्म|फिल्म|रिपोर्ट"
    r"|जागरूक|हेल्पलाइन"
    r"|समझात|मुआवज़?ा|उबर|नाटक|कोशिश के बाद (?:अब|आज)|साल पहले|छोड़ (?:दिया|चुक)|इलाज|देश के लिए"
    r"|वतन"
)

_ROMAN: Final = re.compile(
    r"(?i)\b(?:a+tma? ?hatya|aatm ?hatya|khud ?kh?ush?i|suicide)(?: (?!se "
    r"|par )\w+){0,3}? (?:chaa?h\w*"
    r"|soch\w*|koshi\w*|prayaa?s|thaan\w*|vichaa?r|dhamki|iraa?da|tareek\w+|faisla|man)\b"
    r"|\b(?:marna|mar jaa?na) chaa?ht[aei]\w*|\bj(?:ee|i)na nah[ei]+n? chaa?h\w*"
    r"|\bapn[ia] (?:jaa?n|zindagi|jindagi|jeevan|jivan|pran) (?:ko )?(?:den?[aie]?|de de\w*"
    r"|len[aie]|kh?atm"
    r"|khatam|samaa?pt|tyaag\w*)\b"
    r"|\bkhud ko (?:maa?r\w*|nuksaa?n|chot|kaat\w*|kh?atm|khatam|ph?aansi|faansi|jala\w*)\b"
    r"|\b(?:zaha?r|jaha?r|keetnaa?shak) (?:pi|pee|peekar|pikar|peena|pina|kha|khana|khakar)\b"
    r"|\bjeene k[ia] (?:koi )?(?:ichc?ha|wajah|vajah|chaa?h|tamanna) (?:nah|kh)\w*"
    r"|\bmarne (?:ka|ke) (?:tareeka|tarika|tareeke|tarike|raasta|rasta)\b"
)
_ROMAN_OTHERS: Final = re.compile(
    r"(?i)\b(?:jis|jin)(?:ke|ki|ka|ne)? (?:\w+ ){0,3}?(?:pati|patni|bet[aei]|bhaa?i|behen|bahan"
    r"|pita"
    r"|maa|dost|saheli|padosi|pati|chacha)\b|\b(?:logon|logo|chhatron|chatron|kisaa?non|yuvaon"
    r"|mari[zj]on"
    r"|mahilaon|bachchon|students|doston|parivaron|callers|patients|teenagers)\b"
    r"|\b(?:apne|apni|uske|uski) (?:\w+ )?(?:pati|patni|bet[aei]|bhaa?i|behen|pita|maa|dost)\b"
)
_ROMAN_PREVENTS: Final = re.compile(
    r"(?i)\brok\w*|\bbacha(?:ta|ti|ne|ya|na|yi)\b|khilaa?f|helpline|samjha\w*|jaa?garook\w*"
    r"|kitaab"
    r"|\bfilm\b|\breport|\bshodh\b|saal pehle|ubar\w*|natak\b"
)

_OTHER_SCRIPTS: Final = re.compile(
    r"தற்கொலை (?:செய்து ?கொள்ள|செய்ய) (?:விரும்ப|நினைக்|முயற்சி|முயல)\S*"
    r"|আত্মহত্যা করতে চা(?:য়|য়|ন)|আত্মহত্যার (?:কথা ভাব|চেষ্টা)\S*"
    r"|ఆత్మహత్య (?:చేసుకోవాలని|చేసుకోవాలనుకు)\S*|ಆತ್ಮಹತ್ಯೆ ಮಾಡಿಕೊಳ್ಳ(?:ಲು|ಬೇಕು)\S* (?:ಬಯಸ|ಯೋಚಿಸ"
    r"|ಯತ್ನಿಸ)\S*"
    r"|ആത്മഹത്യ ചെയ്യാൻ (?:ആഗ്രഹ|ശ്രമി|ആലോചി)\S*|આત્મહત્યા કરવા (?:માંગ|ઇચ્છ|વિચાર)\S*"
    r"|ਖੁਦਕੁਸ਼ੀ ਕਰਨ(?:ਾ|) (?:ਚਾਹੁੰਦ|ਬਾਰੇ ਸੋਚ)\S*|خودکشی (?:کرنا چاہ|کرنے کا سوچ|کی کوشش)\S*"
    r"|आत्महत्या (?:करायची|करण्याचा|करू इच्छि)\S*"
)


class Crisis(RowJudge):
    """Count words by which the persona wants to die, tries to, or harms herself or himself.

    English, Hindi and romanised Hindi; of eight other languages a phrase or two. Those who prevent,
    treat, study or mourn the suicides of others pass, and so does who recovered from an attempt.
    `value` is their number, `score` 1 / (1 + 3 value); `detail` shows the words.
    """

    name: ClassVar[str] = "crisis"

    max_phrases: int = Field(0, ge=0)

    def evidence(self) -> Expression:
        """See `RowJudge`. Reads `persona`."""
        persona = col("persona")
        return by_row(self._measure, when(regexp(persona, _GATE), persona).otherwise(lit("")))

    def _measure(self, persona: str) -> Measured:
        found = crisis_phrases(persona) if persona else []
        value = len(found)
        return Measured(value, 1 / (1 + 3 * value), value > self.max_phrases, listed(found))


def crisis_phrases(text: str) -> list[str]:
    """The words of `text` by which the persona is in such a crisis."""
    found = [phrase for sentence in sentences(text) for phrase in _in_sentence(sentence)]
    return [] if found and _RECOVERED.search(text) else found


def _in_sentence(sentence: str) -> list[str]:
    found = [
        one[0]
        for one in _ENGLISH.finditer(sentence)
        if not is_of_others(sentence, *one.span()) and not _is_plea_for_others(sentence, one[0])
    ]
    for phrases, others, prevents in (
        (_HINDI, _HINDI_OTHERS, _HINDI_PREVENTS),
        (_ROMAN, _ROMAN_OTHERS, _ROMAN_PREVENTS),
    ):
        said = phrases.search(sentence)
        if said and not others.search(sentence[: said.end()]) and not prevents.search(sentence):
            found.append(said[0])
    return found + [one[0] for one in _OTHER_SCRIPTS.finditer(sentence)]


def _is_plea_for_others(sentence: str, words: str) -> bool:
    pleads = re.search(r"(?i)euthanasia|mercy killing|assisted", words)
    return bool(pleads) and bool(_FOR_OTHERS.search(sentence))
