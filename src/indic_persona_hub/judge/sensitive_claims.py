"""Sensitive claims: faith for money, crime or shame said of a group that the persona belongs to."""

from __future__ import annotations

import re
from typing import ClassVar, Final

from daft import Expression, col, lit
from daft.functions import regexp, when
from pydantic import Field

from indic_persona_hub.judge.measure import Measured, by_row
from indic_persona_hub.judge.sentences import sentences
from indic_persona_hub.judge.words import listed
from indic_persona_hub.stage import RowJudge

#: Texts without any of these make no such claim; the engine looks for them.
_GATE: Final = (
    r"(?i)conver[ts]|prostitut|homosexual|lesbian|suffer|being gay|baptis|embrac|changed? (?:his"
    r"|her|their) (?:religion|faith)|jihad|illegal"
    r"|terror"
    r"|extremis|criminal|crime|thief|thie[fv]|steal|smuggl|dirt|filth|unclean|impure|pollut"
    r"|curse|sin\b"
    r"|sins|sinful|sham|abnormal|unnatural|burden|lazy|violen|anti-national|traitor|infiltrat"
    r"|backward"
    r"|drunk|alcohol|uncivili|savage|primitive|untouch|possess|retard|crippl|insane|lunatic"
    r"|crazy|mad\b"
    r"|perver|disgust|inferior|stupid|greedy|cunning|dishonest|freeload|undeserv|quota|loyal|beg"
    r"|cure"
    r"|disease|promiscu|immoral|dangerous|superstit|pakistan|rice.?bag|breed|evil|karma|past life"
    r"|isaa?i|eesai|musalm|bauddh|muslim|dharm|dharam|dhar?maantaran|aatank|chor\b|gadd?aa?r"
    r"|gand[aei]\b|apra+dhi|deshdro|ghuspai"
    r"|apavitra"
    r"|achh?oot|paap|bojh|abhi?shaap|kalank|jhooth|aalsi|sharaabi|paagal|pagal"
    r"|ईसाई|मुसलमान|मुस्लिम|बौद्ध|सिख|हिंदू|हिन्दू|धर्म|आतंक|अपराध|चोर|गंदा|गंदी|गंदे|अपवित्र"
    r"|अछूत|पाप|बोझ|अभिशाप|कलंक|देशद्रोह|अवैध|घुसपैठ"
    r"|गद्दार|आलसी|शराबी"
    r"|पागल|लालची|धोखेबाज|ग़द्दार|जिहाद|बेईमान"
    r"|(?:because|since|as) (?:all|every|most) |useless|untrust|unintell|less intell|disgrace"
    r"|sinner|श्राप|हिंसक|atank|abh|avaidh|sharabi|hinsak|la+lchi|dhokh|beima"
    r"|adopt|\blow(?:er)? |transgender|\bcow |\bpa+pi|inferior"
    r"|chang\w+ (?:his|her|their) (?:religion|faith)|prone to|parasite|hindu (?:dhar|apna|ban)"
)

_FAITH: Final = (
    r"(?:christian(?:ity)?|islam|muslim|hindu(?:ism)?|buddhis[mt]|sikh(?:ism)?|jain(?:ism)?"
    r"|catholic(?:ism)?|protestant|pentecostal|another (?:religion|faith)|new (?:religion|faith)"
    r"|other religions?|(?:his|her|their) (?:religion|faith)|church|missionar\w+|the faith)"
)
_CONVERTS: Final = (
    rf"(?:conver(?:t|ts|ted|ting|sion)\b(?: [\w’'-]+){{0,4}}? (?:to|into|from"
    rf"|for)? ?(?:[\w’'-]+ )?{_FAITH}"
    rf"|{_FAITH}(?: [\w’'-]+){{0,3}} conver(?:t|ts|ted|ting|sion)\b|religious conversions?"
    r"|chang(?:e|es|ed|ing) (?:his|her|their) (?:religion|faith)|embrac(?:e|es|ed|ing)"
    rf" {_FAITH}|adopt(?:s|ed|ing)? {_FAITH}|(?:be|was|is|gets?|got) baptised|newly converted"
    r"|(?:conver(?:t|ts|ted|ting))(?= (?:for|in (?:exchange|return)) (?:for )?(?:money|cash|rice"
    r"|a|the|free|food|benefits)))"
)
_PAID: Final = (
    r"(?:incentives?|inducements?|money|cash|paid|pays|payments?|financial(?:ly)?|rewards?"
    r"|bribe\w*"
    r"|in (?:return|exchange)|lure[sd]?|luring|rupees|rs\.?|₹|allowances?|stipends?|gifts?|perks"
    r"|monetary|compensation|free (?:rice|food|schooling|education)|rice|benefits?|loan waiver"
    r"|for a (?:job|house|loan|scholarship|seat)|to get (?:a|the) (?:job|house|loan|scholarship"
    r"|money"
    r"|benefit|aid|seat|quota)\w*|subsid\w+)"
)
_FOR_MONEY: Final = re.compile(
    rf"(?i)\b{_CONVERTS}\b[^.;]{{0,90}}?\b{_PAID}\b|\b{_PAID}\b[^.;]{{0,60}}?\b{_CONVERTS}"
    r"|\brice[- ]?bag (?:convert|christian)\w*"
)
#: Money of other matters: "converted to Buddhism and runs a shop that pays".
_OWN_WORK: Final = re.compile(
    r"(?i)\b(?:earn\w*|salar\w+|wages?|sav(?:es|ed|ing)|lend\w*|donat\w*|rais(?:es|ed) money"
    r"|her own"
    r"|his own|shop|refus\w+|without|no (?:money|incentive|benefit)|lost (?:the|her|his|all)"
    r"|denied"
    r"|never|not for|gave up|despite|reject\w*|rumou?rs?|accus\w+|falsely|myth|insult\w*|taunt\w*"
    r"|research\w*|stud(?:ies|ied)|report(?:s|ed|ing)|investigat\w*|lawyer|advocate|historian"
    r"|convert(?:s|ed|ing)? (?:the|an?|old|waste|dollars|rupees|cow|his|her|their) )\b"
)

_CASTE: Final = (
    r"(?:dalits?|harijans?|adivasis?|tribals?|tribes?|scheduled (?:castes?|tribes?)|OBCs?"
    r"|backward"
    r" (?:class|caste)(?:es|s)?|low(?:er)?[- ]castes?|upper[- ]castes?|brahmins?|brahmans?"
    r"|baniyas?"
    r"|rajputs?|thakurs?|jats?|yadavs?|kurmis?|chamars?|mahars?|mangs?|valmikis?|bhangis?|doms?"
    r"|pasis?"
    r"|musahars?|madigas?|malas?|paraiyars?|pallars?|arunthathiyars?|pulayas?|ezhavas?|nadars?"
    r"|vanniyars?|lingayats?|vokkaligas?|kammas?|kapus?|santh?als?|gonds?|bhils?|mundas?|oraons?"
    r"|hos?"
    r"|pardhis?|sabars?|lodhas?|todas?|irulas?|kuravas?|banjaras?|lambadas?|nomads?|nomadic"
    r"|denotified"
    r"|khasis?|nagas?|mizos?|bodos?|kukis?|meiteis?|chakmas?|north-?easterners?)"
)
_RELIGION: Final = (
    r"(?:muslims?|hindus?|christians?|sikhs?|buddhists?|jains?|parsis?|catholics?|islamic"
    r"|rohingyas?"
    r"|converts?|sunnis?|shias?|madrasas?|maulvis?|priests?|nuns?)"
)
_BODY: Final = (
    r"(?:disabled|disabilit\w+|blind|deaf|mute|wheelchair|dwarf(?:ism)?|autis\w+|down syndrome"
    r"|epilep\w+|leprosy|lepers?|HIV(?:[- ]positive)?|AIDS|tuberculosis|TB"
    r"|mental(?:ly)? (?:illness|ill)"
    r"|schizophreni\w+|bipolar|depression|albin\w+|vitiligo|polio|cerebral palsy|stammer\w*"
    r"|infertil\w+"
    r"|menstruat\w+)"
)
_LOVE: Final = (
    r"(?:gays?|lesbians?|bisexuals?|homosexual\w*|queer|transgender|trans (?:man|woman|people)"
    r"|hijras?"
    r"|kinnars?|eunuchs?|intersex|same-sex|LGBT\w*)"
)
_GROUP: Final = rf"(?:{_CASTE}|{_RELIGION}|{_BODY}|{_LOVE})"

#: What joins a word of shame to the person: "is a thief", ", lazy and", "of inferior"; but not what
#: the person meets: "catches thieves", "washes dirty plates".
_IS: Final = (
    r"(?:(?:\b(?:is|are|was|were|be|being|becomes?|became|considered|like|as|whose|and|or|but"
    r"|seems?"
    r"|too|feels|remains)|,) (?:(?:an?|the|also|still|very|too|so|born|naturally|both|all|always"
    r"|quite"
    r"|often|secretly|by nature|such an?|her|his|their|in|not only) )*)"
)
_SHAME: Final = (
    r"(?:terrorists?|extremists?|jihadi\w*|criminals?(?! (?:law|lawyer|court|procedure|justice))"
    r"|crazy extremist|thie(?:f|ves)|smugglers?|dirty|filthy|unclean|impure|polluting|polluted"
    r"|cursed"
    r"|curse|sinful|sinners?|shameful|shame|disgrace|abnormal|unnatural|burden|lazy|violent"
    r"|dangerous(?! on\b)"
    r"|crazy|prone to (?:violence|crime|drink\w*|steal\w*)|anti-nationals?|traitors?"
    r"|infiltrators?"
    r"|illegal (?:immigrants?|migrants?|settlers?|infiltrators?)|drunkards?|drunks?|drunk"
    r"|uncivili[sz]ed"
    r"|savages?|primitive|possessed|retarded|crippled|insane|lunatics?|perverts?|perverted"
    r"|disgusting"
    r"|inferior|stupid|greedy|cunning|evil|dishonest|freeloaders?|undeserving|disloyal"
    r"|promiscuous"
    r"|immoral|superstitious|less intelligent|unintelligent|useless|untrustworthy|prostitutes?)"
)
_NO_PERSON: Final = (
    r"(?! (?:work|job|jobs|road|roads|river|bends?|film|storm|clash\w*|mob|film|seam|water"
    r"|drains?|cans"
    r"|clothes|dishes|streets?|hands|plates|chemicals?|machines?|crossing|climb|stretch|weather"
    r"|about)\b)"
)
_DEEDS: Final = (
    r"of (?:inferior|low|lower) (?:\w+ )?(?:intelligence|birth|blood)\b|(?:who|and"
    r"|that) (?:steals|smuggles|breeds children|(?:loves|supports) Pakistan)\b"
    r"|(?:past[- ]life sins?|sins of (?:his|her) past|past sins?|(?:bad|past) karma)\b"
)
_SAID_OF: Final = re.compile(
    rf"(?i)\b{_GROUP}\b(?:[^.;]{{0,70}}?{_IS}| ){_SHAME}\b{_NO_PERSON}"
    rf"|\b{_GROUP}\b[^.;]{{0,70}}?\b{_DEEDS}|\b{_SHAME} {_GROUP}\b"
)
_ALWAYS: Final = re.compile(
    r"(?i)\b(?:love|land|corona|population|thook) jihad\w*|\bcriminal (?:tribes?|castes?)\b"
    r"|\billegal (?:bangladeshi|rohingya)\w*|\b(?:cured?|curing|heal(?:s|ed)?|treatment"
    r"|correct\w*)"
    r" (?:of|for|from)? ?(?:\w+ ){0,2}(?:homosexuality|lesbianism|being (?:gay|lesbian"
    r"|transgender))"
    r"|\bsuffers? from (?:homosexuality|lesbianism|gender confusion)|\bcow (?:smuggler|killer"
    r"|slaughterer)s?"
    r"|\bmentally retarded|\b(?:quota|reservation) (?:freeloader|parasite|beggar)s?"
    r"|\b(?:because|since|as) (?:all|every|most) (?:of )?(?:the )?"
    rf"{_GROUP} (?:are|is)\b"
)
#: Who fights, suffers or studies such a claim does not make it.
_COUNTERED: Final = re.compile(
    r"(?i)\b(?:stigma\w*|prejudic\w*|discriminat\w*|stereotyp\w*|falsely|wrongly|wrongful\w*"
    r"|myths?"
    r"|rumou?rs?|slurs?|abuse[sd]?|taunt\w*|insult\w*|mock\w*|branded|labell?ed|called|accused"
    r"|accus\w+"
    r"|suspected|against|fight(?:s|ing)?|fought|challeng\w+|defend\w*|denie[sd]|deny\w*|refus\w+"
    r"|resist\w*"
    r"|protest\w*|campaign\w*|activist|reform\w*|counsell?or|counsel(?:s|ling)|lawyer|advocate"
    r"|historian"
    r"|sociologist|researcher|researches|anthropologist|scholar|journalist|documents?|documentary"
    r"|writes (?:about|on|of)|teaches|aware(?:ness)?|sensiti[sz]\w+|treats?|treating|nurse"
    r"|nurses|doctor"
    r"|rehabilitat\w*|rescu\w+|police|constable|officer|inspector|soldier|judge|prosecut\w*"
    r"|victims?"
    r"|survivors?|surviv\w+|killed by|attack(?:s|ed)? (?:by|on)|not (?:a|an|the)|is no|never"
    r"|nobody|neither|"
    r"despite|although|though|because others|neighbours (?:say|think|call)|people (?:say|think"
    r"|call)|says? that"
    r"|villagers (?:say|think|call|believe)|told (?:that|she|he|her|him)|believed to|was once"
    r"|once (?:called"
    r"|branded|notified)|denotified|ex-|former|helps?|helping|work(?:s|ing)? (?:with|for|among"
    r"|against)"
    r"|cares for|caring for|overc[ao]me|proud\w*|dispels?|corrects?|argues?|explain\w*|ambulance"
    r"|waste"
    r"|dirty (?:water|work|clothes|dishes|streets|hands)|dangerous (?:road|work|bend|job|river"
    r"|crossing"
    r"|machines?|chemicals?|stretch|climb|curve)|violent (?:storm|film|clash\w*|mob|husband"
    r"|crowd)"
    r"|lazy (?:afternoon|sunday|days?|summer)|crazy (?:about|for|traffic"
    r"|hours)|stray|film|novel|play|theatre|actor|role)\b"
)

_HINDI_FOR_MONEY: Final = re.compile(
    r"(?:धर्म ?परिवर्तन|धर्मांतरण|धर्म बदल\S*|(?:ईसाई|मुस्लिम|मुसलमान|बौद्ध|हिंदू|हिन्दू"
    r"|सिख) (?:धर्म )?(?:अपना|बन (?:गया|गई|जाता|जाती))\S*)"
    r"[^।;]{0,60}?(?:पैस\S*|रुपय\S*|रुपए|लालच|नकद|आर्थिक|प्रोत्साहन|इनाम|बदले|लाभ|चावल|नौकरी के)"
    r"|(?:पैस\S*|रुपय\S*|लालच|नकद|आर्थिक|इनाम|चावल|लाभ)[^।;]{0,40}?"
    r"(?:धर्म ?परिवर्तन|धर्मांतरण|धर्म बदल\S*|(?:ईसाई|मुसलमान|बौद्ध) (?:बन|धर्म अपना)\S*)"
)
_HINDI_GROUP: Final = (
    r"(?:दलित|आदिवासी|हरिजन|मुस्लिम|मुसलमान|ईसाई|सिख|हिंदू|हिन्दू|बौद्ध|जैन|ब्राह्मण|बनिया|ठाकुर"
    r"|यादव|जाट|पिछड़ी जाति"
    r"|पिछड़े वर्ग|नीची जाति|निचली जाति|ऊँची जाति|अनुसूचित|जनजाति|जाति|विकलांग|दिव्यांग|नेत्रहीन"
    r"|बहरा|बहरी|अंधा|अंधी|कुष्ठ"
    r"|एचआईवी|टीबी|मिर्गी|मानसिक रोग\S*|किन्नर|हिजड़ा|समलैंगिक|ट्रांसजेंडर|पारधी|संथाल|गोंड|भील"
    r"|रोहिंग्या|बांग्लादेशी)"
)
_HINDI_SHAME: Final = (
    r"(?:आतंकी|आतंकवादी|अपराधी|चोर(?!ी हो)|गंदा|गंदी|गंदे|अपवित्र|अछूत|पापी|पाप का|पापों का|बोझ"
    r"|अभिशाप|श्राप|कलंक"
    r"|देशद्रोही|ग़?द्दार|ग़द्दार|अवैध|घुसपैठिया|घुसपैठिए|आलसी|शराबी|पागल|लालची|धोखेबाज़?|बेईमान"
    r"|जिहादी|हिंसक)"
)
_HINDI_SAID_OF: Final = re.compile(
    rf"{_HINDI_GROUP}\S*[^।;]{{0,60}}? {_HINDI_SHAME}(?: (?!को|से|उठा|ढो)\S+)?"
    r" (?:है|हैं|था|थी|थे|रहता|रहती|होता|होती|निकला|निकली)(?![\u0900-\u0963])"
    rf"|{_HINDI_GROUP} {_HINDI_SHAME}(?= |,)|(?:^|\s){_HINDI_SHAME} {_HINDI_GROUP}"
    r"|लव ?-?जिहाद|लैंड ?जिहाद"
)
_HINDI_COUNTERED: Final = re.compile(
    r"खिलाफ|ख़िलाफ़|विरुद्ध|विरोध|लड़(?:ता|ती|ने|ाई|कर)|लड़(?:ता|ती|ने|ाई|कर)|मिटा|दूर कर|भेदभाव"
    r"|ताने|ताना|कहकर|कहा जाता|कहते हैं|कहने"
    r"|बुलात|झूठ|आरोप|शोध|पत्रकार|वकील|इलाज|नर्स|डॉक्टर|जागरूक|पुनर्वास|पुलिस|सिपाही|नहीं (?:है"
    r"|मान|समझ|लि)|बिना|अफ़?वाह"
    r"|सहायता|मदद|पढ़ा(?:ता|ती)|पढ़ा(?:ता|ती)|इन?कार|ठुकरा|मना कर|बावजूद|समझते|मानते|मानता है कि"
)

_ROMAN_FOR_MONEY: Final = re.compile(
    r"(?i)\b(?:dhara?m ?(?:pari?vartan|badal\w*)|dharmaa?ntaran|(?:isaa?i|eesai|musalmaa?n"
    r"|muslim|bauddh"
    r"|hindu) (?:dhara?m )?(?:apna\w*|ban (?:gaya|gayi|gai|jaa?ta|jaa?ti)|bana\b"
    r"|bani\b))[^.;]{0,60}?"
    r"\b(?:pais\w+|rupa?y\w+|laa?lach|nakad|aarthik|inaa?m|badle|laa?bh|chaa?wal|cash|money)"
    r"|\b(?:pais\w+|rupa?y\w+|laa?lach|nakad|aarthik|inaa?m|chaa?wal)[^.;]{0,40}?\b(?:dhara?m"
    r" ?(?:pari?vartan|badal\w*)|dharmaa?ntaran|(?:isaa?i|musalmaa?n|bauddh) (?:ban"
    r"|dhara?m apna)\w*)"
)
_ROMAN_GROUP: Final = (
    r"(?:dalit|aa?diva?a?si|harijan|muslim|musalmaa?n|isaa?i|sikh|hindu|bauddh|brahma?n|baniya"
    r"|thakur"
    r"|yadav|jaat|pichhd[ia]|neechi jaa?ti|nichli jaa?ti|janja?a?ti|jaa?ti|viklaa?ng|divyaa?ng"
    r"|andha|andhi"
    r"|behra|kushth|hiv|kinnar|hijda|hijra|samlaingik|transgender|paa?rdhi|santhal|gond|bhil"
    r"|rohingya"
    r"|bangladeshi)"
)
_ROMAN_SHAME: Final = (
    r"(?:aa?tank(?:i|wadi|vadi)\w*|apraa?dhi|chor|gand[aei]|apavitra|achh?oot|paa?pi|bojh"
    r"|abhi?shaa?p"
    r"|kalank|deshdrohi|gaddaa?r|avaidh|ghuspaithiy[ae]|aalsi|sharaa?bi|paa?gal|laa?lchi"
    r"|dhokheba[aj]*z?"
    r"|beimaa?n|jihadi|hinsak)"
)
_ROMAN_SAID_OF: Final = re.compile(
    rf"(?i)\b{_ROMAN_GROUP}\w*\b[^.;]{{0,60}}?\b{_ROMAN_SHAME}(?: (?!ko |se )\w+)?"
    r" (?:hai|hain|tha|thi|the|rehta|rehti|hota|hoti|nikla|nikli)\b"
    rf"|\b{_ROMAN_GROUP} {_ROMAN_SHAME}\b|\b{_ROMAN_SHAME} {_ROMAN_GROUP}\b"
)
_ROMAN_COUNTERED: Final = re.compile(
    r"(?i)khilaa?f|\bvirodh|\blad(?:ta|ti|ne|kar|aai)\b|\bmita\w*|bhedbhaa?v|\btaa?n[ae]\b"
    r"|kehkar|kahkar"
    r"|kaha jaa?ta|kehte|bulaa?te|jhoot\w*|aarop|shodh|patrakaa?r|vakeel|ilaa?j|nurse|doctor"
    r"|jaa?garook"
    r"|police|sipahi|nahi+n? (?:hai|maan|samajh|li)|\bbina\b|afwaah|madad|padha(?:ta|ti)|inkaa?r"
    r"|thukra"
    r"|mana kar|baavjood|samajhte|maante"
)


class SensitiveClaims(RowJudge):
    """Count claims that a persona changed faith for money, and words of crime or shame beside a
    caste, tribe, religion, disability, illness or sexuality.

    English, Hindi and romanised Hindi, sentence by sentence. A sentence that fights, reports or
    suffers such a claim is not counted. `value` is their number, `score` 1 / (1 + 3 value);
    `detail` shows the words.
    """

    name: ClassVar[str] = "sensitive_claims"

    max_claims: int = Field(0, ge=0)

    def evidence(self) -> Expression:
        """See `RowJudge`. Reads `persona`."""
        persona = col("persona")
        return by_row(self._measure, when(regexp(persona, _GATE), persona).otherwise(lit("")))

    def _measure(self, persona: str) -> Measured:
        found = sensitive_claims(persona) if persona else []
        value = len(found)
        return Measured(value, 1 / (1 + 3 * value), value > self.max_claims, listed(found))


def sensitive_claims(text: str) -> list[str]:
    """The words of `text` that make such a claim."""
    return [claim for sentence in sentences(text) for claim in _in_sentence(sentence)]


def _in_sentence(sentence: str) -> list[str]:
    found = []
    for claims, countered in (
        (_FOR_MONEY, _OWN_WORK),
        (_SAID_OF, _COUNTERED),
        (_ALWAYS, _COUNTERED),
        (_HINDI_FOR_MONEY, _HINDI_COUNTERED),
        (_HINDI_SAID_OF, _HINDI_COUNTERED),
        (_ROMAN_FOR_MONEY, _ROMAN_COUNTERED),
        (_ROMAN_SAID_OF, _ROMAN_COUNTERED),
    ):
        claim = claims.search(sentence)
        if claim and not countered.search(sentence):
            found.append(claim[0])
    return found
