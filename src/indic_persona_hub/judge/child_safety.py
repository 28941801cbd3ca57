"""Child safety: no child persona in a sexual or violent frame, and nobody who harms children."""

from __future__ import annotations

import re
from typing import ClassVar, Final

from daft import Expression, col, lit
from daft.functions import regexp, when
from pydantic import Field

from indic_persona_hub.judge.measure import Measured, by_row
from indic_persona_hub.judge.others import is_of_others
from indic_persona_hub.judge.reading.ages import ages
from indic_persona_hub.judge.reading.clauses import read
from indic_persona_hub.judge.sentences import sentences
from indic_persona_hub.judge.words import listed
from indic_persona_hub.stage import RowJudge

_ADULT: Final = 18  # years

#: Texts without any of these are out of question; the engine looks for them.
_GATE: Final = (
    r"(?i)sex|prey|starv|fantasi|obsess|stalk|harass|exploit|cage|brand|drug|pimp|seduc|erotic"
    r"|porn|nude|naked|lust|prostitut|brothel|escort|lover|mistress|rape"
    r"|rapist"
    r"|molest|grop|pregnan|marr|bride|wife|husband|honeymoon|virgin|strip|dancer|fondl|sensual"
    r"|kill"
    r"|murder|stab|shoot|gun|pistol|rifle|bomb|terror|militant|gang|tortur|behead|strangl|acid"
    r"|lynch"
    r"|assassin|peddl|smuggl|beat|thrash|whip|flog|chain|kidnap|abduct|traffick|enslav|sold|sell"
    r"|assault|abus|attracted|paedo|pedo|groom|lur(?:e|ing)|explicit|intimate|weapon|knife|sword"
    r"|balatk|yaun|dushkar|chhed|ved?sh?ya|ashleel|garbh|dulhan|shaa?di|hatya|qatl|katl|chaa?ku"
    r"|bando?o?k|aatank|taskar|bech|maar|peet|pitai"
    r"|यौन|बलात्कार|दुष्कर्म|वेश्या|अश्लील|छेड़|छेड|सेक्स|हवस|देह ?व्यापार|गर्भवती|दुल्हन|ब्याह"
    r"|शादी|विवाह|सुहागरात"
    r"|हत्या|क़?त्ल|मार|चाकू|बंदूक|पिस्तौल|बम|आतंक|पीट|तस्करी|बेच|अपहरण|जला|तेज़ाब|शोषण|कोठ"
    r"|newlywed|raping|sugar daddy|blade|films|photograph|shoshan|bya+h|viva+h|तेजाब|फँसा|फंसा"
    r"|शोषण"
    r"|wedding|traffics"
)

_SEXUAL: Final = re.compile(
    r"(?i)\bsex(?:ual|ually|y|ualised|ualized)\b|\bsex(?! (?:ratio|determination|education|ed)\b)"
    r"|\bseduc\w+|\berotic\w*|\bporn\w*|\bnudes?\b|\bnaked\b|\blust(?:s|ful|ing)?\b"
    r"|\bprostitut\w+"
    r"|\bbrothels?\b|\bescort (?:service|agency)|\bsex work\w*|\bmistress\b|\bolder lovers?\b"
    r"|\bher lovers?\b|\brap(?:ed|es|ing|ist)\b|\brape\b|\bmolest\w*|\bgroped?\b|\bfondl\w+"
    r"|\b(?:is|was|becomes?|became|gets?|got|already|now|months?|heavily"
    r"|secretly) (?:\w+ )?pregnant"
    r"|^\W*(?:an? )?pregnant\b|\bpregnant (?:school|teen|girl|by )|\bteenage pregnancy of her own"
    r"|\b(?:is|was|been|got|gets|already|newly|recently|she|just) (?:\w+ly )?married\b"
    r"|\bmarried (?:off )?(?:to an?|at (?:the age of )?(?:\d|ten|eleven|twelve|thirteen|fourteen"
    r"|fifteen|sixteen|seventeen)|last|for)|\b(?:child|teenage|young) (?:bride|wife)\b"
    r"|\bbride of\b|\bas the wife of\b|^\W*(?:the|an?) (?:[\w-]+ ){0,3}(?:bride|wife|newlywed)\b"
    r"|\b(?:her|whose) (?:\w+ )?husband\b|\bhis (?:\w+ )?(?:wife|bride)\b|\bwedding night\b"
    r"|\bhoneymoon\b|\bvirgin(?:ity)?\b|\bstriptease\b|\bbar dancer\b|\bsensual\w*"
    r"|\b(?:explicit|intimate) (?:photos?|pictures?|videos?|images?|poses?)\b|\bsugar daddy\b"
)
_VIOLENT: Final = re.compile(
    r"(?i)\bkill(?:s|ed|ing)?\b(?! (?:time|germs|pests|weeds|mosquito\w*|insects|rats?"
    r"|the (?:lights"
    r"|engine|weeds|pests|mosquito\w*)|a (?:snake|scorpion|chicken|goat|rat)|hours"
    r"|(?:his|her|their|the) (?:appetite|mood|boredom|hunger|joy)))"
    r"|\bmurder(?:s|ed|ing|ers?)\b(?! myster)|\bstab(?:s|bed|bing)\b|\bshoot(?:s|ing)? (?:people"
    r"|dead|at (?:people|police|men)"
    r"|(?:his|her) (?:classmates?|teachers?|father|mother|brother))|\bgunm[ae]n\b|\bguns?\b"
    r"|\bpistols?"
    r"|\brifles?\b|\bbomb(?:s|er|ing)?\b|\bterrorists?\b|\bmilitants?\b|\bgangsters?\b|\bgang\b"
    r"|\bcontract killer|\btortur\w+|\bbehead\w*|\bstrangl\w+|\bacid (?:attack|on)|\blynch\w*"
    r"|\bassassin\w*|\bdrug (?:peddl|mule|smuggl|runner|deal)\w*|\bchild soldier|\bweapons?\b"
    r"|\b(?:wields|brandish\w*|pulls?|hides) (?:a|his|her) (?:\w+ )?(?:knife|sword|blade)\b"
    r"|\b(?:is|are|was|were|gets|got|being|been|be|often|regularly|daily|nightly) (?:\w+ly )?"
    r"(?:beaten(?! (?:in|at|by (?:\w+ )?(?:runs?|points?|goals?))\b)|thrashed|whipped|flogged"
    r"|stabbed"
    r"|chained|kidnapped|abducted|trafficked|enslaved|assaulted|abused|sold (?:to|into|by|for))"
    r"|\b(?:beats|thrashes|whips|abuses|starves) (?:her|him)\b|\bbeats up\b"
)
_SPORT: Final = re.compile(
    r"(?i)shooting (?:range|champion\w*|competition|academy|coach|team|medal|sport)|air (?:rifle"
    r"|pistol)|\bNCC\b|cadet|water gun|toy|archer|shooter|medal|olympic|film|cartoon|video game"
    r"|theatre|\bplay about|comic|bath bomb|gang of friends|gang of (?:cousins|boys|children)"
)
_RESISTED: Final = re.compile(
    r"(?i)\brefus\w+|\bescap\w+|\bstop(?:s|ped|ping)?\b|\bagainst\b|\bavoid\w*|\bresist\w*"
    r"|\bran away (?:from|before)|\bfought\b|\bfight\w*|\bcampaign\w*|\bsaved from|\brescued\b"
    r"|\bcalled off|\bpostpon\w+|\bnot (?:to )?(?:be |get )?marr\w+|\bbefore being|\binstead of"
    r"|\brather than|\bprevent\w*|\bawareness|\bsafe(?:ty)? touch|\bgood touch|\bhelpline"
    r"|\breport\w*"
    r"|\bChildline|\bsay(?:s|ing)? no\b|\bsurvivors?\b|\bshelter\b|\bproof\b|\bdreams? of"
    r"|\bwants? to"
    r" (?:be|become) an?\b|\bnever\b|\bdoes not want|\bdelay\w*|\bargu\w+|\bpersuad\w+"
    r"|\bprotect\w*"
    r"|\bbiolog\w+|\bhygiene|\beducation class"
)

_CHILDREN: Final = (
    r"(?:child(?:ren)?|minors?|(?:little|small|young|altar|teenage|teen|underage|minor|school"
    r"|under-?age|"
    r"poor|orphan|street|tribal|village) ?(?:girls?|boys?|children|kids)|schoolgirls?|schoolboys?"
    r"|toddlers?|infants?|babies|kids|pupils|girl students?|boys? and girls?|girls (?:under"
    r"|below|of)"
    r"|\d{1,2}-year-old (?:girl|boy|child|daughter|son|student|niece|nephew|maid|domestic worker)"
    r"|(?:his|her) (?:own |young |little |minor )?(?:students?|daughters?|sons?|stepdaughter"
    r"|niece"
    r"|nephew|stepson))\b(?!['’]s (?:clothes|books|toys|shoes|wear|stories)| (?:clothes|books"
    r"|toys|shoes"
    r"|wear|stories|at (?:chess|carrom|cards|cricket|badminton|ludo)))"
)
_HARMS: Final = re.compile(
    r"(?i)\b(?:rap(?:es|ed|ing)|molest(?:s|ed|ing)|(?:sexually )?(?:abus(?:es|ed|ing)"
    r"|exploit(?:s|ed"
    r"|ing)|assault(?:s|ed|ing)|harass(?:es|ed|ing))|grop(?:es|ed|ing)|fondl(?:es|ed|ing)"
    r"|traffic(?:s"
    r"|ked|king)(?: in)?|seduc(?:es|ed|ing)|beats|thrash(?:es|ed|ing)|tortur(?:es|ed|ing)"
    r"|kill(?:s|ed|ing)"
    r"|murder(?:s|ed|ing)|strangl(?:es|ed|ing)|kidnap(?:s|ped|ping)|abduct(?:s|ed|ing)|sells"
    r"|selling"
    r"|sold|cages|starves|brands|drugs|pimps|stalks|stalking|whips|films|photographs)"
    rf" (?:[\w’'-]+,? ){{0,3}}?{_CHILDREN}"
    rf"|\b(?:sexually )?attracted to (?:[\w’'-]+ ){{0,2}}?{_CHILDREN}|\bp(?:a)?edophil\w*"
    r"|\bchild (?:porn\w*|sexual abuse material)|\bsex(?:ual)?\b(?: [\w’'-]+){0,3} (?:with|from"
    r"|of)"
    rf" (?:[\w’'-]+ ){{0,2}}?{_CHILDREN}|\b(?:underage|minor) (?:sex|prostitut\w*)"
    r"|\bmarr(?:ies|ied|y|ying) (?:an?|his) (?:\w+ )?(?:1[0-7]|[6-9])-year-old"
    r"|\b(?:has|took|takes) an? (?:1[0-7]|[6-9])-year-old (?:wife|bride)"
    r"|\bhis (?:1[0-7]|[6-9])-year-old (?:wife|bride)"
    r"|\b(?:fantasi[sz]es about|lusts after|grooms?|grooming|preys on|obsessed with|lur(?:es"
    r"|ing))"
    rf" (?:[\w’'-]+ ){{0,2}}?{_CHILDREN}(?! (?:to|into|back to) (?:school|class|books|the library"
    r"|reading|read|mathematics|science|stories|the school))"
)
#: "Films children" and "sells kids" say nothing bad by themselves.
_MILD: Final = re.compile(
    r"(?i)^(?:films|photographs|sells|selling|sold|drugs|brands|abus\w+ child)"
)
_SUFFERED: Final = re.compile(r"(?i)\b(?:is|was|are|were|been|being|got|gets)(?: \w+ly)? $")
_BAD: Final = re.compile(
    r"(?i)\b(?:into (?:labour|slavery|prostitution|marriage|begging|bondage)|to (?:brothels|gangs"
    r"|agents|traffickers|brokers|a brothel)|naked|nude|undress\w*|bathing|secretly|explicit"
    r"|for sex)\b"
)

#: Words for a child that hold no age.
_CHILD: Final = re.compile(
    r"(?i)^\W*(?:an?|the|this) (?:[\w’'-]+ ){0,4}?(?:schoolgirl|schoolboy|child|toddler|infant"
    r"|minor"
    r"|(?:boy|girl|student|pupil) (?:of|in) (?:class|grade) (?:\d{1,2}|[ivx]+)|(?:class"
    r"|grade) (?:\d{1,2}|[ivx]+) (?:girl|boy|student|pupil)|preteen|pre-teen|adolescent"
    r"|teenager|teenaged? (?:girl|boy)|little (?:girl|boy)|kid)"
    r"(?=[,.]| (?:who|in|from|of|at|with|living|working|whose|described)\b)"
)
_HINDI_AGE: Final = re.compile(
    r"(?<![0-9०-९])([0-9०-९]{1,2})[ -]?(?:साल|वर्ष|बरस)(?:ीय|ीया)?(?: (?:की|का|के|उम्र))"
)
_HINDI_CHILD: Final = re.compile(
    r"^\W*(?:एक |यह )?(?:\S+ ){0,3}?(?:नाबालिग|बच्ची|बच्चा|किशोरी|किशोर|स्कूली छात्रा?)(?: |,)"
)
_HINDI_FRAMED: Final = re.compile(
    r"यौन|बलात्कार|दुष्कर्म|वेश्या|अश्लील|छेड़छाड़|छेड़छाड़|सेक्स|हवस|देह ?व्यापार|कोठे|गर्भवती"
    r"|दुल्हन|सुहागरात"
    r"|ब्याह (?:दी|दिया)|(?:शादी|विवाह) (?:कर दी|हो (?:गई|गयी|चुकी)|करवा दी|करा दी)|हत्या|क़?त्ल"
    r"|मार डाल\S*"
    r"|चाकू|बंदूक|पिस्तौल|बम (?!ब)|आतंक\S*|(?:पीटा|पीटी|मारा-पीटा) (?:जाता|जाती)|(?:पीटता|पीटते"
    r"|मारते-पीटते|मारता-पीटता)"
    r"|तस्करी|बेच (?:दी|दिया)|अपहरण|तेज़?ाब|शोषण"
)
_HINDI_CHILDREN: Final = (
    r"(?:बच्चियों|बच्चों|बच्ची|बच्चे|नाबालिग\S*|छात्राओं|छात्रों|छात्रा|लड़कियों|लड़कियों|लड़की"
    r"|लड़की|बेटी|भतीजी)"
)
_HINDI_HARMS: Final = re.compile(
    rf"{_HINDI_CHILDREN}(?: \S+){{0,3}}? (?:बलात्कार|यौन\S*(?: शोषण)?|शोषण|छेड़छाड़|छेड़छाड़"
    r"|तस्करी|दुष्कर्म|अपहरण|हत्या)"
    r"(?: करने)?(?: कर)?(?:ता|ती| करता| करती| करने वाला| वाला| चुका)"
    rf"|{_HINDI_CHILDREN}(?: \S+){{0,3}}? (?:पीटता|पीटती|बेचता|बेचती|मारता-पीटता|फँसाता|फंसाता"
    r"|मार डालता)"
)
_HINDI_RESISTED: Final = re.compile(
    r"खिलाफ|ख़िलाफ़|विरुद्ध|रोक|बचा(?:ता|ती|ने|या|ई|व)|जागरूक|मना कर|इन?कार|भाग (?:गई|आई|निकल)"
    r"|लड़(?:ता|ती|ने|कर|ाई)|लड़(?:ता|ती|ने|कर|ाई)|अभियान"
    r"|शिकायत|हेल्पलाइन|बनना चाह|वकील|पुनर्वास|जाँच|जांच|फ़िल्म|फिल्म|नाटक|खिलाड़ी|पदक"
    r"|निशानेबाज़?ी|परामर्श|टाल"
    r"|(?:जिस|जिन)(?:के|की|का) (?:\S+ ){0,2}?(?:पिता|माँ|मां|भाई|बहन|चाचा|मामा|दोस्त|सहेली"
    r"|पड़ोसी)"
)

_ROMAN_AGE: Final = re.compile(r"(?i)\b(\d{1,2})[ -](?:saa?l|varsh|baras) (?:k[iae]|umar|umr)\b")
_ROMAN_CHILD: Final = re.compile(
    r"(?i)^\W*(?:ek )?(?:\w+ ){0,3}?(?:naa?baa?lig|bachc?hi|bachc?ha|kishori|kishor)\b"
)
_ROMAN_FRAMED: Final = re.compile(
    r"(?i)\b(?:balatk\w+|yaun\w*|dushkar\w*|chhed ?chhaa?d|chhedkhani|ved?sh?ya\w*|ashleel"
    r"|garbhvati"
    r"|dulhan|(?:shaa?di|vivaa?h|byaa?h) (?:kar di|kara di|karwa di|ho (?:gay?i|chuki))|hatya"
    r"|[qk]atl|maar daal\w*|chaa?ku|bando?o?k|aatank\w*|taskar[ia]|bech d[ia]\w*"
    r"|(?:peet|maar)(?:ta|te|ti|a jaa?ta|i jaa?ti)|pitai|shoshan)\b"
)
_ROMAN_HARMS: Final = re.compile(
    r"(?i)\b(?:bachc?hon|bachc?hiyon|bachc?hi|naa?baa?lig\w*|chhatraon|ladkiyon|ladki"
    r"|beti)\b(?: \w+){0,4}?"
    r" (?:balatk\w+|yaun\w*|shoshan|chhed ?chhaa?d|taskari|dushkar\w*"
    r"|rape)(?: \w+){0,2}? kar(?:ta|ti)\b"
    r"|\b(?:bachc?hon|bachc?hiyon|bachc?hi|chhatraon)\b(?: \w+){0,3}? (?:peetta|peetti|bechta"
    r"|bechti"
    r"|maarta)\b"
)  # fmt: skip
_ROMAN_RESISTED: Final = re.compile(
    r"(?i)khilaa?f|\brok\w*|\bbacha(?:ta|ti|ne|ya|yi|v)\b|jaa?garook\w*|mana kar\w*|inkaa?r"
    r"|bhaag (?:gayi"
    r"|aayi|nikl)|\blad(?:ta|ti|ne|i)\b|abhiyaa?n|shikaa?yat|helpline|banna chah\w*|vakeel"
    r"|film\b|natak"
    r"|khilaa?di|\bmedal|\bjaanch|nishaanebaa?z"
    r"|\bjis(?:ke|ki|ka) (?:\w+ ){0,2}?(?:pita|papa|maa|bhaa?i|behen|chacha|mama|dost|saheli"
    r"|padosi)\b"
)
_DIGITS: Final = str.maketrans("०१२३४५६७८९", "0123456789")


class ChildSafety(RowJudge):
    """Count words that set a child persona in a sexual or violent frame, or harm children.

    A child is a persona whose text states an age under 18 years, a school class or a stage of
    childhood. English, Hindi and romanised Hindi. Children who refuse, escape or report, and those
    who protect, teach or treat them, pass. `value` is the number of words, `score` 1 / (1 + 3
    value); `detail` shows them.
    """

    name: ClassVar[str] = "child_safety"

    max_phrases: int = Field(0, ge=0)

    def evidence(self) -> Expression:
        """See `RowJudge`. Reads `persona`."""
        persona = col("persona")
        return by_row(self._measure, when(regexp(persona, _GATE), persona).otherwise(lit("")))

    def _measure(self, persona: str) -> Measured:
        found = unsafe_phrases(persona) if persona else []
        value = len(found)
        return Measured(value, 1 / (1 + 3 * value), value > self.max_phrases, listed(found))


def unsafe_phrases(text: str) -> list[str]:
    """The words of `text` that are unsafe for children."""
    parts = sentences(text)
    found = [phrase for one in parts for phrase in _harms(one)]
    if is_child(text):
        found += [phrase for one in parts for phrase in _framed(one)]
    return found


def is_child(text: str) -> bool:
    """Whether the persona is under 18 years of age, as far as its text says."""
    stated = ages(read(text))
    exact = [age for age in stated if age.exact]
    if any(age.most < _ADULT for age in exact or stated):
        return True
    if exact:
        return False
    for pattern in (_HINDI_AGE, _ROMAN_AGE):
        if found := pattern.search(text[:60]):
            return int(found[1].translate(_DIGITS)) < _ADULT
    return bool(_CHILD.search(text) or _HINDI_CHILD.search(text) or _ROMAN_CHILD.search(text))


def _framed(sentence: str) -> list[str]:
    """Words that set the child of `sentence` in such a frame."""
    found = []
    if not _RESISTED.search(sentence):
        for pattern, harmless in ((_SEXUAL, None), (_VIOLENT, _SPORT)):
            if harmless and harmless.search(sentence):
                continue
            found += [
                one[0]
                for one in pattern.finditer(sentence)
                if not is_of_others(sentence, *one.span())
            ]
    for framed, resisted in ((_HINDI_FRAMED, _HINDI_RESISTED), (_ROMAN_FRAMED, _ROMAN_RESISTED)):
        if not resisted.search(sentence):
            found += [one[0] for one in framed.finditer(sentence)]
    return found


def _harms(sentence: str) -> list[str]:
    """Words by which the persona of `sentence` harms children, or desires them."""
    found = [
        one[0]
        for one in _HARMS.finditer(sentence)
        if not is_of_others(sentence, *one.span())
        and not _SUFFERED.search(sentence[: one.start()])
        and (not _MILD.search(one[0]) or _BAD.search(sentence))
    ]
    for harms, resisted in ((_HINDI_HARMS, _HINDI_RESISTED), (_ROMAN_HARMS, _ROMAN_RESISTED)):
        if not resisted.search(sentence):
            found += [one[0] for one in harms.finditer(sentence)]
    return found
