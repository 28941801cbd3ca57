"""Words that set a child in a sexual or violent frame, and those that say it is no such frame."""

from __future__ import annotations

import re
from typing import Final

ADULT: Final = 18  # years

SEXUAL: Final = re.compile(
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
    r"|\bsells? (?:her|his) body\b|\b(?:sold|forced|pushed|lured|trafficked) (?:in)?to"
    r" (?:[\w’'-]+ ){0,2}?(?:marriage|brothel|sex|flesh)"
    r"|\b(?:forced|forcibly|married off|wed) (?:to|marriage with) an? (?:[\w’'-]+ )?(?:man"
    r"|uncle)\b|\bforced marriage\b|\b(?:forced|made) to marry\b"
    r"|\b(?:explicit|intimate) (?:photos?|pictures?|videos?|images?|poses?)\b|\bsugar daddy\b"
)
VIOLENT: Final = re.compile(
    r"(?i)\bkill(?:s|ed|ing)?\b(?! (?:time|germs|pests|weeds|mosquito\w*|insects|rats?"
    r"|the (?:lights"
    r"|engine|weeds|pests|mosquito\w*)|a (?:snake|scorpion|chicken|goat|rat)|hours"
    r"|(?:his|her|their|the) (?:appetite|mood|boredom|hunger|joy)))"
    r"|\bmurder(?:s|ed|ing|ers?)\b(?! myster)|\bstab(?:s|bed|bing)\b|\bshoot(?:s|ing)? (?:people"
    r"|rivals?|men|enemies|guards|villagers|strangers"
    r"|dead|at (?:people|police|men)"
    r"|(?:his|her) (?:classmates?|teachers?|father|mother|brother))|\bgunm[ae]n\b|\bguns?\b"
    r"|\bpistols?"
    r"|\brifles?\b|\bbomb(?:s|er|ing)?\b|\bterrorists?\b|\bmilitants?\b|\bgangsters?\b|\bgang\b"
    r"|\bcontract killer|\btortur\w+|\bbehead\w*|\bstrangl\w+|\bacid (?:attack|on)|\blynch\w*"
    r"|\b(?:plants?|lays?|laying|planting) (?:land)?mines?\b|\bIEDs?\b|\bextort\w*|\b(?:bombs"
    r"|grenades?)\b"
    r"|\bassassin\w*|\bdrug (?:peddl|mule|smuggl|runner|deal)\w*|\bchild soldier|\bweapons?\b"
    r"|\b(?:wields|brandish\w*|pulls?|hides) (?:a|his|her) (?:\w+ )?(?:knife|sword|blade)\b"
    r"|\b(?:is|are|was|were|gets|got|being|been|be|often|regularly|daily|nightly) (?:\w+ly )?"
    r"(?:beaten(?! (?:in|at|by (?:\w+ )?(?:runs?|points?|goals?))\b)|thrashed|whipped|flogged"
    r"|stabbed"
    r"|chained|kidnapped|abducted|trafficked|enslaved|assaulted|abused|sold (?:to|into|by|for))"
    r"|\b(?:beaten|thrashed|flogged|whipped|tortured|starved|chained) (?:\w+ ){0,2}?by\b"
    r"(?! (?:\w+ )?(?:runs?|points?|goals?|wickets?))"
    r"|\b(?:and|or) (?:flogged|whipped|thrashed|chained|beaten|starved|burnt|tortured) by\b"
    r"|\b(?:beats|thrashes|whips|abuses|starves) (?:her|him)\b|\bbeats up\b"
)
SPORT: Final = re.compile(
    r"(?i)shooting (?:range|champion\w*|competition|academy|coach|team|medal|sport)|air (?:rifle"
    r"|pistol)|\bNCC\b|cadet|water gun|toy|archer|shooter|medal|olympic|film|cartoon|video game"
    r"|theatre|\bplay about|comic|bath bomb|gang of friends|gang of (?:cousins|boys|children)"
)
RESISTED: Final = re.compile(
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
    r"|(?:1[0-7]|[1-9]|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    r"|sixteen"
    r"|seventeen)-year-old (?:girl|boy|child|daughter|son|student|niece|nephew|maid|domestic"
    r" worker|helper)"
    r"|(?:his|her) (?:own |young |little |minor )?(?:students?|daughters?|sons?|stepdaughter"
    r"|niece"
    r"|nephew|stepson))\b(?!['’]s (?:clothes|books|toys|shoes|wear|stories)| (?:clothes|books"
    r"|toys|shoes"
    r"|wear|stories|at (?:chess|carrom|cards|cricket|badminton|ludo)))"
)
HARMS: Final = re.compile(
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
    rf"|\b(?:touch|kiss)(?:es|ed|ing) (?:[\w’'-]+ ){{0,3}}?{_CHILDREN} (?:inappropriately"
    rf"|improperly|sexually|indecently|secretly)"
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
MILD: Final = re.compile(
    r"(?i)^(?:films|photographs|sells|selling|sold|drugs|brands|abus\w+ child)"
)
SUFFERED: Final = re.compile(
    r"(?i)\b(?:is|was|are|were|been|being|got|gets|an?|the|of|for|with|these|those|many)(?:"
    r" \w+ly)? $"
)
BAD: Final = re.compile(
    r"(?i)\b(?:into (?:labour|slavery|prostitution|marriage|begging|bondage)|to (?:brothels|gangs"
    r"|agents|traffickers|brokers|a brothel)|naked|nude|undress\w*|bathing|secretly|explicit"
    r"|for sex)\b"
)

#: Words for a child that hold no age.
CHILD: Final = re.compile(
    r"(?i)^\W*(?:an?|the|this) (?!former|ex-|one-time|erstwhile)(?:[\w’'-]+ ){0,4}?(?:schoolgirl"
    r"|schoolboy|child|toddler|infant"
    r"|minor|(?:minor|underage|teen|schoolgoing) (?:girl|boy|bride|wife|mother|student)"
    r"|(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)[ -](?:grader|(?:grade"
    r"|class|standard) (?:girl|boy"
    r"|student|pupil))|(?:child|teenage) (?:bride|wife|mother|soldier|labou?rer|worker)"
    r"|(?:boy|girl|student|pupil) (?:of|in) (?:class|grade) (?:\d{1,2}|[ivx]+)|(?:class"
    r"|grade) (?:\d{1,2}|[ivx]+) (?:girl|boy|student|pupil)|preteen|pre-teen|adolescent"
    r"|teenager|teenaged? (?:girl|boy)|little (?:girl|boy)|kid)"
    r"(?=[,.]| (?:who|in|from|of|at|with|living|working|whose|described)\b)"
)
HINDI_AGE: Final = re.compile(
    r"(?<![0-9०-९])([0-9०-९]{1,2})[ -]?(?:साल|वर्ष|बरस)(?:ीय|ीया)?(?: (?:की|का|के|उम्र))"
)
#: Number words of Hindi for the years of a child; romanised ones too.
HINDI_AGE_WORDS: Final = re.compile(
    r"(?i)(?<!\S)(?:पाँच|पांच|छह|छः|सात|आठ|नौ|दस|ग्यारह|बारह|तेरह|चौदह|पंद्रह|पन्द्रह|सोलह|सत्रह"
    r"|paa?nch|chhah?|saat|aath"
    r"|nau|das|gyaa?rah|baa?rah|terah|chaudah|pandrah|solah|satrah)[ -](?:साल|वर्ष|बरस|saa?l"
    r"|varsh|baras)(?:ीय)?"
    r" (?:की|का|के|k[iae])(?! (?:\S+ )?(?:बाद|पहले|अनुभव|से|baad|pehle|anubhav|se)(?!\S))"
)
HINDI_CHILD: Final = re.compile(
    r"^\W*(?:एक )?(?:कक्षा|क्लास) \S+ (?:की|का|में पढ़ने वाली|में पढ़ने वाला)"
    r"|^\W*(?:एक )?(?:पाँचवीं|पांचवीं|छठी|सातवीं|आठवीं|नौवीं|नवीं|दसवीं|ग्यारहवीं)(?: कक्षा|"
    r" क्लास)? (?:की|का|में)"
    r"|^\W*(?:एक |यह )?(?:\S+ ){0,3}?(?:नाबालिग|बच्ची|बच्चा|किशोरी|किशोर|स्कूली छात्रा?)(?: |,)"
)
HINDI_FRAMED: Final = re.compile(
    r"यौन|बलात्कार|दुष्कर्म|वेश्या|अश्लील|छेड़छाड़|छेड़छाड़|सेक्स|हवस|देह ?व्यापार|कोठे|गर्भवती"
    r"|दुल्हन|सुहागरात"
    r"|ब्याह (?:दी|दिया)|(?:शादी|विवाह)(?: \S+){0,6}? (?:कर दी|कर दिया|हो (?:गई|गयी|चुकी)|करवा दी"
    r"|करा दी)|हत्या|क़?त्ल"
    r"|मार डाल\S*"
    r"|चाकू|बंदूक|पिस्तौल|बम (?!ब)|आतंक\S*|(?:पीटा|पीटी|मारा-पीटा) (?:जाता|जाती)|(?:पीटता|पीटते"
    r"|मारते-पीटते|मारता-पीटता)"
    r"|तस्करी|बेच (?:दी|दिया)|अपहरण|तेज़?ाब|शोषण"
)
_HINDI_CHILDREN: Final = (
    r"(?:बच्चियों|बच्चों|बच्ची|बच्चे|नाबालिग\S*|छात्राओं|छात्रों|छात्रा|लड़कियों|लड़कियों|लड़की"
    r"|लड़की|बेटी|भतीजी)"
)
HINDI_HARMS: Final = re.compile(
    rf"{_HINDI_CHILDREN}(?: \S+){{0,3}}? (?:बलात्कार|यौन\S*(?: शोषण)?|शोषण|छेड़छाड़|छेड़छाड़"
    r"|तस्करी|दुष्कर्म|अपहरण|हत्या|ग़?लत काम|गंदा काम|गंदी हरकत\S*|ग़?लत हरकत\S*|अश्लील हरकत\S*)"
    r"(?: करने)?(?: कर)?(?:ता|ती| करता| करती| करने वाला| वाला| चुका)"
    rf"|{_HINDI_CHILDREN}(?: \S+){{0,3}}? (?:पीटता|पीटती|बेचता|बेचती|मारता-पीटता|फँसाता|फंसाता"
    r"|मार डालता)"
)
HINDI_RESISTED: Final = re.compile(
    r"खिलाफ|ख़िलाफ़|विरुद्ध|रोक|बचा(?:ता|ती|ने|या|ई|व)|जागरूक|मना कर|इन?कार|भाग (?:गई|आई|निकल)"
    r"|लड़(?:ता|ती|ने|कर|ाई)|लड़(?:ता|ती|ने|कर|ाई)|अभियान"
    r"|शिकायत|हेल्पलाइन|बनना चाह|वकील|पुनर्वास|जाँच|जांच|फ़िल्म|फिल्म|नाटक|खिलाड़ी|पदक"
    r"|निशानेबाज़?ी|परामर्श|टाल"
    r"|(?:जिस|जिन)(?:के|की|का) (?:\S+ ){0,2}?(?:पिता|माँ|मां|भाई|बहन|चाचा|मामा|दोस्त|सहेली"
    r"|पड़ोसी)(?! .*\bउस(?:का|की|के|को|से)?े? )"
)

ROMAN_AGE: Final = re.compile(r"(?i)\b(\d{1,2})[ -](?:saa?l|varsh|baras) (?:k[iae]|umar|umr)\b")
ROMAN_CHILD: Final = re.compile(
    r"(?i)^\W*(?:ek )?(?:\w+ ){0,3}?(?:naa?baa?lig|bachc?hi|bachc?ha|kishori|kishor)\b"
)
ROMAN_FRAMED: Final = re.compile(
    r"(?i)\b(?:balatk\w+|yaun\w*|dushkar\w*|chhed ?chhaa?d|chhedkhani|ved?sh?ya\w*|ashleel"
    r"|garbhvati"
    r"|dulhan|(?:shaa?di|vivaa?h|byaa?h) (?:kar di|kara di|karwa di|ho (?:gay?i|chuki))|hatya"
    r"|[qk]atl|maar daal\w*|chaa?ku|bando?o?k|aatank\w*|taskar[ia]|bech d[ia]\w*"
    r"|(?:peet|maar)(?:ta|te|ti|a jaa?ta|i jaa?ti)|pitai|shoshan)\b"
)
ROMAN_HARMS: Final = re.compile(
    r"(?i)\b(?:bachc?hon|bachc?hiyon|bachc?hi|naa?baa?lig\w*|chhatraon|ladkiyon|ladki"
    r"|beti)\b(?: \w+){0,4}?"
    r" (?:balatk\w+|yaun\w*|shoshan|chhed ?chhaa?d|taskari|dushkar\w*"
    r"|rape|galat kaa?m|gand[ai] (?:kaa?m|harkat\w*)|galat harkat\w*)(?: \w+){0,2}? kar(?:ta|ti)\b"
    r"|\b(?:bachc?hon|bachc?hiyon|bachc?hi|chhatraon)\b(?: \w+){0,3}? (?:peetta|peetti|bechta"
    r"|bechti"
    r"|maarta)\b"
)  # fmt: skip
ROMAN_RESISTED: Final = re.compile(
    r"(?i)khilaa?f|\brok\w*|\bbacha(?:ta|ti|ne|ya|yi|v)\b|jaa?garook\w*|mana kar\w*|inkaa?r"
    r"|bhaag (?:gayi"
    r"|aayi|nikl)|\blad(?:ta|ti|ne|i)\b|abhiyaa?n|shikaa?yat|helpline|banna chah\w*|vakeel"
    r"|film\b|natak"
    r"|khilaa?di|\bmedal|\bjaanch|nishaanebaa?z"
    r"|\bjis(?:ke|ki|ka) (?:\w+ ){0,2}?(?:pita|papa|maa|bhaa?i|behen|chacha|mama|dost|saheli"
    r"|padosi)\b(?! .*\bus(?:ka|ki|ke|ko|se|e) )"
)
TAMIL_CHILD: Final = re.compile(
    r"^\W*(?:ஒரு )?(?:\S+ ){0,4}?(?:சிறுமி|சிறுவன்|சிறுவர்|பள்ளி மாணவி|பள்ளி மாணவன்)(?:யின்"
    r"|க்கு)?(?=[ ,.]|$)"
    r"|(?<!\d)(?:[5-9]|1[0-7]) வயது"
)
TAMIL_FRAMED: Final = re.compile(
    r"பாலியல்|கற்பழி|வன்புணர்|விபச்சார|பாலுறவு|கர்ப்ப|திருமணம் செய்து (?:வைக்க|கொடுக்க)\S*"
    r"|குழந்தைத் ?திருமணத்"
    r"|மணமகள்|கொலை|துப்பாக்கி|கத்தி|அடித்து|அடிக்க|கடத்த"
)
TAMIL_RESISTED: Final = re.compile(
    r"தடு|எதிர்|பாதுகா|மீட்|ஆலோச|விழிப்புணர்வ|புகார்|தப்பி|மறுத்|ஆய்வ|வழக்கறிஞ|விளையாட்|கதை"
)
DIGITS: Final = str.maketrans("०१२३४५६७८९", "0123456789")
