"""Offices that only one living person holds: who holds one is told without a name."""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from indic_persona_hub.privacy.people.given_names import GIVEN_NAMES, SURNAMES
from indic_persona_hub.privacy.people.person_names import Span
from indic_persona_hub.reference.chunks import Texts

_PLACE: Final = r"(?-i:[A-Z])[\w'’-]+"
#: One holder in the country, or in a state that need not be named.
_HIGHEST: Final = (
    r"(?:prime minister|(?:deputy )?chief minister"
    rf"|(?-i:CM) of {_PLACE}|{_PLACE}(?:['’]s)? (?-i:CM)"
    r"|(?:union|cabinet|finance|home|health|education|defence|agriculture|railway"
    r"|external affairs)(?: and \w+)? minister"
    r"|(?:vice[- ])?president of india|chief justice(?: of (?:india|the [\w ]{2,20}high court))?"
    rf"|(?:lieutenant[- ])?governor of (?:the )?{_PLACE}|{_PLACE}['’]s governor"
    r"|rbi governor"
    r"|(?:lok sabha|assembly) speaker|speaker of the (?:lok sabha|[\w ]{0,20}assembly)"
    r"|chair(?:man|person) of the rajya sabha|leader of (?:the )?opposition"
    r"|chief election commissioner|(?:attorney|solicitor) general of india"
    r"|cabinet secretary of india|national security adviser"
    r"|chief of (?:the )?(?:army|naval|air|defence) staff|(?:army|navy|air force) chief"
    r"|chief of defence staff|(?:chair(?:man|person)|chief|head) of (?:isro|sebi|drdo)"
    r"|isro (?:chief|chairman)|(?-i:PM) of India"
    r"|(?:captain|skipper|head coach) of (?:the )?(?:indian?(?:['’]s)?|national) "
    r"(?:men['’]s |women['’]s )?(?:cricket|hockey|football|kabaddi)(?: team)?"
    r"|(?:indian?(?:['’]s)?) (?:men['’]s |women['’]s )?(?:cricket|hockey|football)(?: team)? "
    r"captain)"
)
#: One holder for each place.
_SEATED: Final = (
    r"(?:(?:lok sabha |rajya sabha )?(?:(?-i:MP|MLA|MLC)|member of parliament|parliamentarian"
    r"|member of (?:the )?(?:[\w ]{0,20})?(?:legislative assembly|lok sabha))"
    rf"(?:,? (?:elected |representing )?(?:from|of|for|representing)|,? representing)"
    rf" (?:the )?{_PLACE}"
    rf"|mayor of {_PLACE})"
)
#: One holder for each company or body, where "the" says that there is one.
_HEAD: Final = (
    r"(?:ceo|chief executive(?: officer)?|chair(?:man|person)|managing director|(?:co-)?founder)"
    rf" of (?:the )?{_PLACE}"
)
#: Before an office these say that somebody else is meant, who has to do with it or hopes for it.
_OTHERS: Final = (
    r"(?!(?:to|of|with|by|for|from|under|who|whose|near|at|in|on|against|about|and|aspiring|would-be"
    r"|future|hopeful|fictional|imaginary|mock|student|school|college|wants?|dreams?|than)\b)"
)
#: After it, that something of it is meant.
_ITS_OWN: Final = (
    r"(?!\w|['’]s?\b|-|,? (?:\w+ ){0,2}(?:scheme|fund|relief|yojana|office|helpline|awas|residence"
    r"|award|trophy|medal|scholarship|portal|secretariat|candidate|aspirant)\b)"
)
_NOW: Final = (
    r"(?:(?:current|sitting|present|incumbent|serving|former|late|ex|new|newly elected|acting)"
    r"[ -])*"
)
_OFFICE: Final = re.compile(
    # The subject itself.
    rf"(?i:^[\s\"'“*]*(?:you are |meet |as )?(?:(?:the|an?|this) )?(?:{_OTHERS}[\w'’-]+ ){{0,4}}?"
    rf"{_NOW}(?:{_HIGHEST}|{_SEATED}){_ITS_OWN})"
    rf"|(?i:^[\s\"'“*]*(?:you are |meet |as )?the (?:{_OTHERS}[\w'’-]+ ){{0,3}}?{_HEAD}{_ITS_OWN})"
    # The subject's name, then the office.
    rf"|(?i:^[\s\"'“*]*(?:meet )?(?-i:[A-Z])[\w.'’-]*(?: (?-i:[A-Z])[\w.'’-]*){{0,3}},"
    rf" (?:the )?{_NOW}(?:{_HIGHEST}|{_SEATED}){_ITS_OWN})"
    # What the subject is: "who serves as the chief minister of", "politician and chief minister".
    r"|(?i:\b(?:serv(?:es|ed|ing) as|sworn in as|elected(?: as)?|appointed(?: as)?|became|becomes"
    r"|who (?:is|was|has been)|works as|(?:he|she|they) (?:is|was|are)|,? (?:and|currently))"
    rf" (?:the |a )?(?:\w+ )?{_NOW}(?:{_HIGHEST}|{_SEATED}){_ITS_OWN})"
    # The office and a name.
    r"|\b(?:Prime|Chief) Minister (?:[A-Z][a-z.]+ )?"
    rf"(?:{'|'.join((*GIVEN_NAMES, *SURNAMES))}"
    r"|Modi|Yogi|Stalin|Vijayan|Gehlot|Fadnavis|Sarma|Siddaramaiah|Nehru|Gandhi|Vajpayee)\b",
    re.ASCII,
)
#: The same in Indian languages, without case endings.
_INDIC_OFFICES: Final = "|".join(
    (
        "(?:उप)?मुख्यमंत्री", "(?:उप)?मुख्यमन्त्री", "मुख्य मंत्री", "प्रधानमंत्री", "प्रधानमन्त्री", "प्रधान मंत्री",
        "पंतप्रधान", "राज्यपाल", "(?:उप)?राष्ट्रपति", "मुख्य न्यायाधीश", "प्रधान न्यायाधीश", "सरन्यायाधीश",
        "(?:वित्त|गृह|रक्षा|विदेश|रेल|कृषि|शिक्षा|स्वास्थ्य) ?मंत्री", "लोकसभा अध्यक्ष", "नेता प्रतिपक्ष",
        "(?:क्रिकेट|हॉकी|फुटबॉल) टीम (?:के|की) कप्तान", "(?:से|के|की) (?:सांसद|विधायक)",
        "முதலமைச்சர்", "பிரதமர்", "ஆளுநர்", "குடியரசுத் ?தலைவர்", "தலைமை நீதிபதி",
        "கிரிக்கெட் அணியின் கேப்டன்", "মুখ্যমন্ত্রী", "প্রধানমন্ত্রী", "রাজ্যপাল", "রাষ্ট্রপতি", "প্রধান বিচারপতি",
        "ముఖ్యమంత్రి", "ప్రధాన ?మంత్రి", "గవర్నర్", "రాష్ట్రపతి", "ಮುಖ್ಯಮಂತ್ರಿ", "ಪ್ರಧಾನ ?ಮಂತ್ರಿ", "ರಾಜ್ಯಪಾಲರು?",
        "ರಾಷ್ಟ್ರಪತಿ", "മുഖ്യമന്ത്രി", "പ്രധാനമന്ത്രി", "ഗവർണർ", "രാഷ്ട്രപതി", "મુખ્યમંત્રી", "વડાપ્રધાન", "રાજ્યપાલ",
        "રાષ્ટ્રપતિ", "ਮੁੱਖ ਮੰਤਰੀ", "ਪ੍ਰਧਾਨ ਮੰਤਰੀ", "ਰਾਜਪਾਲ", "ମୁଖ୍ୟମନ୍ତ୍ରୀ", "ପ୍ରଧାନମନ୍ତ୍ରୀ", "ରାଜ୍ୟପାଳ",
    )
)  # fmt: skip
#: Words that make somebody else the subject.
_INDIC_OTHERS: Final = r"(?!(?:जो|जिस\S*|जिन\S*|को|ने|और|पूर्व छात्र|যে|যার|ও|এবং|જે|ਜੋ|व|आणि)\s)"
_INDIC: Final = re.compile(
    # "As chief minister", "is chief minister".
    r"(?:मुख्यमंत्री|मुख्यमन्त्री|प्रधानमंत्री|प्रधानमन्त्री|राज्यपाल)(?: पद पर| के रूप में| के पद पर| हैं| है[ ।,])"
    "|முதலமைச்சராக|முதல்வராக|பிரதமராக|মুখ্যমন্ত্রী হিসেবে|মুখ্যমন্ত্রী হিসাবে|প্রধানমন্ত্রী হিসেবে|ముఖ్యమంత్రిగా"
    "|ప్రధానమంత్రిగా|ಮುಖ್ಯಮಂತ್ರಿಯಾಗಿ|ಪ್ರಧಾನಿಯಾಗಿ|മുഖ്യമന്ത്രിയായി|പ്രധാനമന്ത്രിയായി|મુખ્યમંત્રી તરીકે|વડાપ્રધાન તરીકે"
    "|ਮੁੱਖ ਮੰਤਰੀ ਵਜੋਂ|ପ୍ରଧାନମନ୍ତ୍ରୀ ଭାବେ|ମୁଖ୍ୟମନ୍ତ୍ରୀ ଭାବେ|मुख्यमंत्री म्हणून|पंतप्रधान म्हणून"
    # The subject itself, which ends or is told of right after it.
    rf"|^\s*(?:{_INDIC_OTHERS}[^\s,.।]+\s){{0,5}}?(?:{_INDIC_OFFICES})"
    r"(?=\s*(?:[,.।]|$)|\s(?:जो|जिन\S*|हैं|है|आहेत|যিনি|જે|છે|ਜੋ|ਹਨ|ଯିଏ|ఆయన|ಅವರು)(?:[\s,।.]|$))"
    # The office and a name.
    rf"|^\s*(?:{_INDIC_OTHERS}[^\s,.।]+\s){{0,4}}?"
    r"(?:मुख्यमंत्री|मुख्यमन्त्री|मुख्य मंत्री|प्रधानमंत्री|प्रधानमन्त्री|प्रधान मंत्री|राज्यपाल|राष्ट्रपति)\s(?:श्री\s)?"
    r"(?!(?:का|के|की|को|से|ने|में|पर|तक|और|या|व|जी|द्वारा|पद|बन\S*|हो\S*|हैं?|था|थे|नहीं)(?:[\s,।.]|$))"
    r"(?!(?:[^\s,।.]+\s){0,5}(?:योजना|आवास|कार्यालय|कोष|राहत|निधि|निवास|पोर्टल|हेल्पलाइन|सुनवाई|सचिवालय|पुरस्कार"
    r"|छात्रवृत्ति|अभियान|केंद्र|सड़क|शासन|भवन|मिशन|बीमा|विद्यालय|ट्रॉफी|कप|पदक))[^\s,।.]{2,}"
    # In Tamil a subject has no ending; what is named after the office stands beside it.
    r"|^\s*(?:[^\s,.]+\s){0,3}?(?:முதலமைச்சர்|பிரதமர்|ஆளுநர்)\s"
    r"(?!(?:\S+ ){0,2}(?:அலுவலக|நிவாரண|ஆவாஸ்|திட்ட|காப்பீட்டு|பொது|நிதி|இல்ல|மாளிகை|விருது|கோப்பை|பதவி))"
)
#: The same in romanised Hindi.
_ROMAN: Final = re.compile(
    r"^\s*(?:(?!(?i:jo|jinke|jiske|jis|ko|ne|aur)\s)[\w'’-]+\s){0,4}?"
    r"(?i:mukhya ?mantri|pradhan ?mantri|rajyapal|rashtrapati|(?<=ke )CM|(?<=ke )PM)"
    r"(?=\s*(?:[,.]|$)|\s(?:(?:jo|hain|hai)\b"
    r"|[A-Z][a-z]+\b(?!(?: [A-Z][a-z]+){0,4} (?:[Yy]ojana|[Nn]idhi|[Kk]osh|[Aa]was))))",
    re.ASCII,
)
#: In the dialect of RE2, for the words of a batch.
_ENGLISH_HINT: Final = (
    r"(?i)minister|\b[CP]M\b|president|justice|governor|speaker|captain|skipper|coach|mayor|\bM(?:P|LA|LC)\b"
    r"|\bceo\b|founder|executive|director|chair|parliament|assembly|lok|opposition|commissioner"
    r"|general|chief|adviser|head|secretary"
)
_ROMAN_HINT: Final = r"(?i)mantri|rajyapal|rashtrapati|\b[CP]M\b"
_INDIC_HINT: Final = (
    "मंत्री|मन्त्री|राज्यपाल|प्रधान|राष्ट्रपति|न्यायाधीश|कप्तान|सांसद|विधायक|अध्यक्ष|प्रतिपक्ष|முதல|பிரதம|ஆளுநர்|தலைவர்"
    "|நீதிபதி|கேப்டன்|মন্ত্রী|রাজ্যপাল|রাষ্ট্রপতি|বিচারপতি|మంత్రి|గవర్నర్|రాష్ట్రపతి|ಮಂತ್ರಿ|ಪ್ರಧಾನಿ|ರಾಜ್ಯಪಾಲ|ರಾಷ್ಟ್ರಪತಿ|മന്ത്രി"
    "|ഗവർണർ|രാഷ്ട്രപതി|મંત્રી|વડાપ્રધાન|રાજ્યપાલ|રાષ્ટ્રપતિ|ਮੰਤਰੀ|ਰਾਜਪਾਲ|ମନ୍ତ୍ରୀ|ରାଜ୍ୟପାଳ"
)


def offices(texts: Texts) -> list[list[Span]]:
    """Where a text's subject holds such an office, or a holder is named: by text, by start."""
    found: list[list[Span]] = [[] for _ in range(len(texts))]
    for hint, pattern in (
        (_ENGLISH_HINT, _OFFICE),
        (_INDIC_HINT, _INDIC),
        (_ROMAN_HINT, _ROMAN),
    ):
        for row in np.flatnonzero(texts.holding(hint)).tolist():
            found[row] += (Span(*one.span()) for one in pattern.finditer(texts.strings[row]))
    return [sorted(spans) for spans in found]
