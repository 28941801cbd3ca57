"""How models begin when they refuse, or say that there is nothing to write about."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_LOOKED_AT: Final = 160  # characters; a refusal says so at once
_OPENING: Final = 40  # characters in which words are spelt in more than one way

_LEAD = (
    r"(?:(?:unfortunately|regrettably|sadly|however|but|well|oh|hmm|hi|hello|no|namaste|thank you"
    r"|thanks)\b[\s,.!:–—-]{1,4}){0,3}"
)
_MODEL = (
    r"(?:ai|artificial intelligence|large language|language model|llm|chatbot)"
    r"(?: (?:language )?(?:model|assistant|system|chatbot))?"
)
_CANNOT = (
    r"(?:cannot|can't|can not|could not|couldn't|unable to|not able to|not allowed to"
    r"|not permitted to|not comfortable|will not|won't|refuse to|must decline"
    r"|(?:must |have to |need to |will |'ll )?(?:respectfully |politely )(?:decline|refuse)"
    r"|(?:have|need) to (?:decline|refuse)|(?:don't|do not) (?:have\b|feel comfortable))"
)
_FORMER = r"(?! for (?:the|my|that|any)(?: \w+)? (?:confusion|error|mistake|format\w*|oversight)\b)"
_ABOUT = r"(?:enough|sufficient|specific|clear|relevant|any|suitable|personal|such)"
_MATTER = r"(?:information|persona|personas|context|details?|data|people|individuals?)"

_ENGLISH = (
    rf"(?:i|we)(?:'m| am|'re| are)?(?: (?:really|very|so|truly|deeply|afraid|just|also))* {_CANNOT}"
    rf"|(?:i'm|i am|we're|we are)(?: (?:so|very|really|truly|deeply|terribly))* sorry\b{_FORMER}"
    rf"|sorry(?:,| but\b| i\b)|(?:i|we) (?:\w+ )?apologi[sz]e\b{_FORMER}"
    rf"|(?:my|our)(?: \w+)? apologies\b{_FORMER}|apologies, (?:but|i)\b"
    rf"|as an? {_MODEL}\s*[,.]|as an? (?:ai|large) language model\b"
    rf"|i(?:'m| am) (?:just |only )?an? {_MODEL}\s*(?:[,.;]|and i\b|so i\b|trained|designed)"
    r"|it(?:'s| is| would be) (?:not possible|impossible|not appropriate|inappropriate|unethical)\b"
    r"|(?:this|that|your|the) (?:request|content|prompt|question|text|passage|topic)"
    r" (?:violates|goes against|is against|cannot be|can't be|is inappropriate|is empty|lacks"
    rf"|(?:does not|doesn't) (?:contain|provide|give|mention|include|have) {_ABOUT}\b)"
    rf"|there (?:is not|is no|are no|isn't|aren't)(?: {_ABOUT})?(?: \w+)? {_MATTER}"
    r" (?:in|to|about|that|for|given|provided|available)\b"
    rf"|(?:no|not enough|insufficient)(?: {_ABOUT})? {_MATTER}"
    r" (?:can|could|is|was|are|in|to|about|for|given|provided|available)\b"
    r"|(?:please|could you(?: please)?|can you(?: please)?|kindly) (?:provide|share|clarify)\b"
    r"|i(?:'d| would) (?:be (?:happy|glad)|love|like) to help\b.{0,24}\bbut\b"
)
_MAAF = r"(?:m(?:aa|a|ua|au)f|k?sha?ma)"
_KARO = r"(?:k[ie]j[ie]y?e(?:ga)?|kare?i?n?|kariy?e(?:ga)?|karna|karo|kar (?:do|de|dijiye|dein?))"
_NAHI = r"\bnah?[iī]+n?\b"
_ROMANISED = (  # Hindi, then a word of other languages
    rf"(?:mujhe |mujhko |hame?i?n |humein )?{_MAAF} {_KARO}\b"
    r"|(?:mujhe|mujhko|hame?i?n|humein) (?:khed|afsos|dukh) (?:hai|he)\b"
    r"|mai?n? (?:to |sirf |sirf ek |ek )?(?:ek )?(?:ai|language model|bhasha model|chatbot)"
    r"(?: (?:language )?(?:model|assistant|sahayak))?\s*(?:,|ho+n?\b|hu+n?\b)"
    r"|ek ai (?:language )?(?:model |assistant |sahayak )?(?:hone|ke (?:roop|taur|naate?))\b"
    r"|mai?n? (?:yeh?|yah|iss?|isme?i?n?|ais[aei]|isk[aei]|a?apk[aei]|a?aapk[aei]|uss?|kisi)\b"
    rf"[^.!?]{{0,60}}?{_NAHI}[^.!?]{{0,20}}?\bsak(?:ta|ti|te|unga|ungi)\b"
    rf"|(?:yeh?|yah) (?:sambhav|mumkin|possible) {_NAHI}"
    r"|(?:mannikkavum|mannichidunga|kshamin?chandi|kshamisi|kshamikkanam|dukkhito|maaf korben"
    r"|maaf kara|kshamasva|maaf karsho)\b"
)
_LATIN: Final = re.compile(rf"\W{{0,3}}{_LEAD}(?:{_ENGLISH}|{_ROMANISED})", re.IGNORECASE)

_AI = r"(?:एआई|ए\.?आई\.?|AI|कृत्रिम बुद्धिमत्ता)(?: भाषा)?(?: मॉडल| सहायक| असिस्टेंट)?"
_DEVANAGARI = (  # Hindi, Marathi, Nepali
    "(?:मुझे |हमें )?(?:क्षमा|माफ़|माफ|माफ़ी|माफी) (?:करें|कीजिए|कीजिये|कीजिएगा|करना|करिए|करो|करा"
    "|गर्नुहोस्|गर्नुस्|चाहता|चाहती|मागतो|मागते)"
    "|(?:मुझे|हमें) (?:खेद|अफ़सोस|अफसोस|दुख|दुःख) है|क्षमस्व|मला माफ करा|म माफी"
    f"|(?:मैं )?(?:सिर्फ |केवल )?(?:एक )?{_AI}(?:,| के रूप में| होने के नाते| हूँ| हूं)"
    "|मैं (?:यह|ये|इस|इसे|इसमें|इसका|इसकी|ऐसा|ऐसी|आपकी|आपका|आपके|किसी) [^।.!?]{0,60}?नहीं "
    "[^।.!?]{0,20}?सक(?:ता|ती|ते|ूँगा|ूंगा|ूँगी)|(?:यह|ये) (?:संभव|सम्भव|मुमकिन) नहीं"
    "|मी (?:हे|ही|हा|या|तुमची|असे) [^।.!?]{0,60}?शकत नाही"
)
_URDU = "معذرت|(?:مجھے )?معاف (?:کیجیے|کیجئے|کریں|کرنا)|مجھے افسوس ہے|میں معذرت"
_BY_LETTER = {  # a letter of the script, and how refusals begin in its languages
    "अ": _DEVANAGARI,
    "অ": "(?:আমি )?দুঃখিত|(?:আমাকে )?(?:মাফ|ক্ষমা) করবেন|(?:আমাক )?ক্ষমা কৰিব|মই দুঃখিত",
    "அ": "(?:என்னை )?மன்னி(?:க்கவும்|க்க வேண்டும்|யுங்கள்|த்து)|என்னால் (?:இதை|இந்த|அதை|உங்கள)",
    "అ": "(?:నన్ను )?క్షమించ(?:ండి|గలరు)|నేను (?:ఈ|దీన్ని|మీ) [^.!?]{0,60}?లేను",
    "ಅ": "(?:ನನ್ನನ್ನು )?ಕ್ಷಮಿಸಿ",
    "അ": "(?:ദയവായി )?(?:എന്നോട് )?ക്ഷമിക്ക(?:ണം|ുക|ൂ)",
    "અ": "(?:મને )?(?:માફ|ક્ષમા) કર(?:શો|જો|ો)|હું દિલગીર છું|મને ખેદ છે",
    "ਅ": "(?:ਮੈਨੂੰ )?(?:ਮਾਫ਼|ਮਾਫ|ਮੁਆਫ਼|ਮੁਆਫ) ਕਰ(?:ਨਾ|ੋ)|ਮੈਨੂੰ (?:ਅਫ਼ਸੋਸ|ਅਫਸੋਸ|ਖੇਦ) ਹੈ",
    "ଅ": "(?:ମୋତେ )?କ୍ଷମା କରନ୍ତୁ|(?:ମୁଁ )?ଦୁଃଖିତ",
    "ا": _URDU,
    "ک": _URDU,
}
_BLOCK: Final = 7  # bits; blocks of 128 characters tell the scripts apart
_BY_BLOCK: Final = {0: _LATIN} | {
    ord(letter) >> _BLOCK: re.compile(rf"\W{{0,3}}(?:{unicodedata.normalize('NFC', phrases)})")
    for letter, phrases in _BY_LETTER.items()
}
_LETTER: Final = re.compile(r"\w")


def is_refusal(text: str) -> bool:
    """True where `text` begins as models begin when they refuse.

    English, the large Indian languages in their scripts, and Hindi in Latin letters are known.
    """
    start = text[:_LOOKED_AT]
    if start.isascii():
        return bool(_LATIN.match(start))
    first = _LETTER.search(start)
    phrases = _BY_BLOCK.get(ord(first[0]) >> _BLOCK) if first else None
    if phrases is None:
        return False
    opening = unicodedata.normalize("NFC", start[:_OPENING])
    return bool(phrases.match(f"{opening}{start[_OPENING:]}".replace("’", "'")))
