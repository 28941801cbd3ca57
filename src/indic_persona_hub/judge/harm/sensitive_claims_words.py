"""Words of claims about groups, and those by which a sentence fights or reports a claim."""

from __future__ import annotations

import re
from typing import Final

_FAITH: Final = (
    r"(?:christian(?:ity)?|islam|muslim|hindu(?:ism)?|buddhis[mt]|sikh(?:ism)?|jain(?:ism)?"
    r"|catholic(?:ism)?|protestant|pentecostal|another (?:religion|faith)|new (?:religion|faith)"
    r"|other religions?|(?:his|her|their) (?:religion|faith)|church|missionar\w+|the faith)"
)
_CONVERTS: Final = (
    rf"(?:conver(?:t|ts|ted|ting|sion)\b(?: [\w’'-]+){{0,4}}? (?:to|into|from"
    rf"|for)? ?(?:[\w’'-]+ )?{_FAITH}"
    rf"|{_FAITH}(?: [\w’'-]+){{0,3}} conver(?:t|ts|ted|ting|sion)\b|religious conversions?"
    r"|bec(?:omes?|ame|oming) an? (?:new )?(?:christian|muslim|hindu|buddhist|sikh|jain|catholic)\b"
    r"(?! (?:priest|leader|monk|scholar|nun|pastor|teacher|community))"
    rf"|(?:lea(?:ves?|ving)|left|quit\w*|renounc\w+|abandon\w*|swap\w*|gave up|giv(?:es|ing) up)"
    rf" {_FAITH}"
    rf" (?:for|to become) (?:an? )?{_FAITH}"
    r"|join(?:s|ed|ing)? (?:the|a) church|accept(?:s|ed|ing)? (?:christ|jesus|islam|allah"
    r"|christianity)|turn(?:s|ed|ing)?"
    r" (?:christian|muslim|buddhist)"
    r"|chang(?:e|es|ed|ing) (?:his|her|their) (?:religion|faith)|embrac(?:e|es|ed|ing)"
    rf" {_FAITH}|adopt(?:s|ed|ing)? {_FAITH}|(?:be|was|is|gets?|got) baptised|newly converted"
    r"|(?:conver(?:t|ts|ted|ting))(?= (?:for|in (?:exchange|return)) (?:for )?(?:money|cash|rice"
    r"|a|the|free|food|benefits)))"
)
_PAID: Final = (
    r"(?:incentives?|inducements?|promised (?:an?|the|him|her)|offered (?:an?|him|her)|money|cash"
    r"|paid|pays|payments?|financial(?:ly)?|rewards?"
    r"|bribe\w*"
    r"|in (?:return|exchange)|lure[sd]?|luring|rupees|rs\.?|₹|allowances?|stipends?|gifts?|perks"
    r"|monetary|compensation|free (?:rice|food|schooling|education)|rice|benefits?|loan waiver"
    r"|for a (?:job|house|loan|scholarship|seat)|to get (?:a|the) (?:job|house|loan|scholarship"
    r"|money"
    r"|benefit|aid|seat|quota)\w*|subsid\w+)"
)
FOR_MONEY: Final = re.compile(
    rf"(?i)\b{_CONVERTS}\b[^.;]{{0,90}}?\b{_PAID}\b|\b{_PAID}\b[^.;]{{0,60}}?\b{_CONVERTS}"
    r"|\brice[- ]?bag (?:convert|christian)\w*"
    r"|\b(?:given|offered|promised|receiv\w+|got|gets|paid|rewarded)\b[^.;]{0,60}? (?:for|on"
    r"|after) (?:converting"
    r"|(?:his|her|their|the) conversion)\b"
)
#: Money of other matters: "converted to Buddhism and runs a shop that pays".
OWN_WORK: Final = re.compile(
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
    r"|curse|sinful|sinners?|shameful|shameless|shame|disgrace|abnormal|unnatural|burden|lazy|violent"
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
    r"(?:involved|engaged|indulg\w+|active|complicit) in (?:[\w’'-]+,? ){0,2}?(?:terror\w*"
    r"|smuggling|theft|thefts"
    r"|crimes?|dacoity|extortion|jihad\w*|anti-national|forced conversions?)\b(?! (?:reporting"
    r"|prevention|fiction|writing|scenes?|branch))"
    r"|(?:who|and) (?:kidnaps|extorts|robs|rapes|murders|loots|swindles|lures (?:hindu )?girls"
    r"|slaughters cows"
    r"|hates (?:india|hindus|muslims|the nation)|betrays (?:india|the nation|his country)"
    r"|(?:secretly )?(?:supports|shelters|aids"
    r"|funds|spies for|sympathi[sz]es with) (?:terror\w*|militants?|pakistan|separatists)"
    r"|(?:pelts|throws) stones(?: at (?:soldiers|the army|police|trains))?)\b"
    r"|(?:brought|brings|bringing) shame (?:on|to|upon)\b"
    r"|sins (?:of|from|in) (?:an?|his|her|the|some) (?:past|previous|former)\b"
    r"|(?:liv\w+|stay\w*|sett?l\w+|enter\w*|cross\w*) (?:[\w’'-]+ ){0,3}?illegally\b|\billegally"
    r" (?:liv|stay|settl|enter"
    r"|cross)\w*"
    r"|(?:liv|stay|work|vot|travel)\w* [^.;]{0,30}?(?:with|on|using) (?:forged|fake) (?:papers"
    r"|documents|aadhaar|identity)\b"
    r"|(?:punish\w*|suffer\w*) (?:for|because of) (?:(?:his|her|their|past|the|some) ){0,2}sins?\b"
    r"|of (?:inferior|low|lower) (?:\w+ )?(?:intelligence|birth|blood)\b|(?:who|and"
    r"|that) (?:steals|smuggles|breeds (?:children|like)|(?:loves|supports) Pakistan)\b"
    r"|(?:past[- ]life sins?|sins of (?:his|her) past|past sins?|(?:bad|past) karma)\b"
)
SAID_OF: Final = re.compile(
    rf"(?i)\b{_GROUP}\b(?:[^.;]{{0,70}}?{_IS}| ){_SHAME}\b{_NO_PERSON}"
    rf"|\b{_GROUP}\b[^.;]{{0,70}}?\b{_DEEDS}|\b{_SHAME} {_GROUP}\b"
)
ALWAYS: Final = re.compile(
    r"(?i)\b(?:love|land|corona|population|thook) jihad\w*|\bcriminal (?:tribes?|castes?)\b"
    r"|\billegal (?:bangladeshi|rohingya)\w*|\b(?:cured?|curing|heal(?:s|ed)?|treatment"
    r"|correct\w*)"
    r" (?:of|for|from)? ?(?:\w+ ){0,2}(?:homosexuality|lesbianism|being (?:gay|lesbian"
    r"|transgender))"
    rf"|\b{_LOVE}\b[^.;]{{0,40}}?\b(?:cured|healed|corrected) (?:of|by|with|through)\b"
    r"|\bsuffers? from (?:homosexuality|lesbianism|gender confusion)|\bcow (?:smuggler|killer"
    r"|slaughterer)s?"
    r"|\bmentally retarded|\b(?:quota|reservation) (?:freeloader|parasite|beggar)s?"
    r"|\b(?:because|since|as) (?:all|every|most) (?:of )?(?:the )?"
    rf"{_GROUP} (?:are|is)\b"
)
#: Who fights, suffers or studies such a claim does not make it.
COUNTERED: Final = re.compile(
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

HINDI_FOR_MONEY: Final = re.compile(
    r"(?:धर्म ?परिवर्तन|धर्मांतरण|धर्म बदल\S*|(?:ईसाई|मुस्लिम|मुसलमान|बौद्ध|हिंदू|हिन्दू"
    r"|सिख|इस्लाम|इस्लाम) (?:धर्म )?(?:अपना|स्वीकार|ग्रहण|क़?बूल|में परिवर्तित|बनने|बन (?:गया|गई"
    r"|जाता|जाती))\S*)"
    r"[^।;]{0,60}?(?:पैस\S*|रुपय\S*|रुपए|रुपये|वित्तीय|राशन|मुफ़?्त|लालच|नकद|आर्थिक|प्रोत्साहन"
    r"|इनाम|बदले|लाभ|चावल|नौकरी के)"
    r"|(?:पैस\S*|रुपय\S*|लालच|नकद|आर्थिक|वित्तीय|राशन|के बदले|इनाम|चावल|लाभ)[^।;]{0,40}?"
    r"(?:धर्म ?परिवर्तन|धर्मांतरण|धर्म बदल\S*|(?:ईसाई|मुसलमान|मुस्लिम|बौद्ध|इस्लाम) (?:धर्म"
    r" )?(?:बन|अपना|स्वीकार"
    r"|ग्रहण|क़?बूल|में परिवर्तित)\S*)"
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
HINDI_SAID_OF: Final = re.compile(
    rf"{_HINDI_GROUP}\S*[^।;]{{0,60}}? {_HINDI_SHAME}(?: (?!को|से|उठा|ढो)\S+)?"
    r" (?:है|हैं|था|थी|थे|रहता|रहती|होता|होती|निकला|निकली)(?![\u0900-\u0963])"
    rf"|{_HINDI_GROUP} {_HINDI_SHAME}(?= |,)|(?:^|\s){_HINDI_SHAME} {_HINDI_GROUP}"
    r"|लव ?-?जिहाद|लैंड ?जिहाद"
    rf"|{_HINDI_GROUP}\S*[^।;]{{0,60}}? (?:पापों|पाप|कर्मों) (?:की|का) (?:सज़ा|सज़ा|सजा|फल|दंड)"
    rf"|{_HINDI_GROUP}\S*[^।;]{{0,60}}? (?:चोरी|तस्करी|लूटपाट|ठगी|धोखाधड़ी|आतंकवाद|वसूली"
    rf"|अपहरण)(?: में (?:शामिल|लिप्त)| करता है| करती है)"
)
HINDI_COUNTERED: Final = re.compile(
    r"खिलाफ|ख़िलाफ़|विरुद्ध|विरोध|लड़(?:ता|ती|ने|ाई|कर)|लड़(?:ता|ती|ने|ाई|कर)|मिटा|दूर कर|भेदभाव"
    r"|ताने|ताना|कहकर|कहा जाता|कहते हैं|कहने"
    r"|बुलात|झूठ|आरोप|शोध|पत्रकार|वकील|इलाज|नर्स|डॉक्टर|जागरूक|पुनर्वास|पुलिस|सिपाही|नहीं (?:है"
    r"|मान|समझ|लि)|बिना|अफ़?वाह"
    r"|(?<!आर्थिक )(?<!वित्तीय )(?:सहायता|मदद)|पढ़ा(?:ता|ती)|पढ़ा(?:ता|ती)|इन?कार|ठुकरा|मना कर"
    r"|बावजूद|समझते|मानते|मानता है कि"
)

ROMAN_FOR_MONEY: Final = re.compile(
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
ROMAN_SAID_OF: Final = re.compile(
    rf"(?i)\b{_ROMAN_GROUP}\w*\b[^.;]{{0,60}}?\b{_ROMAN_SHAME}(?: (?!ko |se )\w+)?"
    r" (?:hai|hain|tha|thi|the|rehta|rehti|hota|hoti|nikla|nikli)\b"
    rf"|\b{_ROMAN_GROUP}\w*\b[^.;]{{0,60}}?\b(?:paa?p\w*|karm\w*) k[iae] (?:saz?j?aa?|phal|dand)\b"
    rf"|\b{_ROMAN_GROUP}\w*\b[^.;]{{0,60}}?\b(?:chori|taskari|loot|thagi|aa?tank\w*) (?:mein|me)"
    rf" (?:shaa?mil|lipt)\b"
    rf"|\b{_ROMAN_GROUP} {_ROMAN_SHAME}\b|\b{_ROMAN_SHAME} {_ROMAN_GROUP}\b"
)
ROMAN_COUNTERED: Final = re.compile(
    r"(?i)khilaa?f|\bvirodh|\blad(?:ta|ti|ne|kar|aai)\b|\bmita\w*|bhedbhaa?v|\btaa?n[ae]\b"
    r"|kehkar|kahkar"
    r"|kaha jaa?ta|kehte|bulaa?te|jhoot\w*|aarop|shodh|patrakaa?r|vakeel|ilaa?j|nurse|doctor"
    r"|jaa?garook"
    r"|police|sipahi|nahi+n? (?:hai|maan|samajh|li)|\bbina\b|afwaah|madad|padha(?:ta|ti)|inkaa?r"
    r"|thukra"
    r"|mana kar|baavjood|samajhte|maante"
)
TAMIL_FOR_MONEY: Final = re.compile(
    r"(?:பணத்து|பணத்தி|பணம்|நிதி|ஊக்கத்தொகை|அரிசி|சலுகை)\S*[^.;]{0,60}?(?:மதம்|மதத்திற்கு"
    r"|மதத்துக்கு) ?(?:மாறி|மாற)\S*"
    r"|(?:மதம்|மதத்திற்கு|மதத்துக்கு) ?(?:மாறி|மாற)\S*[^.;]{0,60}?(?:பணம்|பணத்|ஊக்கத்தொகை|நிதி"
    r" ?உதவி|அரிசி)"
)
TAMIL_COUNTERED: Final = re.compile(r"எதிர்|மறுத்|மறுக்|ஆய்வ|வழக்கறிஞ|பத்திரிகை|பொய்|வதந்தி|உரிமை|போராடு")
