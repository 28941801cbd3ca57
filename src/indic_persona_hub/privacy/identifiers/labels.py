"""Words that say what a number is: "Aadhaar no.", "मोबाइल", "A/c No", "order id"."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

#: How far before a number its label may stand, in characters.
_REACH: Final = 44

#: By kind, in Latin script: words, or two words with a space between.
_LATIN: Final[dict[str, str]] = {
    "aadhaar": "aadhaar|aadhar|adhaar|adhar|uidai|uid",
    "vid": "vid|virtual id|virtual identity",
    "abha": "abha|abdm|health id|health account|ayushman bharat",
    "pan": "pan|permanent account",
    "tan": "tan|tax deduction|deduction account",
    "gstin": "gstin|gst",
    "upi": "upi|vpa|bhim|gpay|google pay|phonepe|phone pe|paytm",
    "ifsc": "ifsc|ifs|rtgs|neft|bank code",
    "uan": "uan|universal account|epf|epfo|pf",
    "bank_account": "a/c|ac|acct|acc|account|acctt",
    "epic": "epic|voter|voters|voter's|elector|elector's|electoral",
    "passport": "passport",
    "driving_licence": "driving|driver|driver's|licence|license|dl|d.l",
    "vehicle": "vehicle|car|bike|scooter|truck|lorry|bus|auto|taxi|tractor|regn"
    "|registration|reg|plate",
    "payment_card": "card|cards|visa|rupay|mastercard|amex",
    "phone": "phone|phones|telephone|telephones|ph|tele|tel|mobile|mobiles|mob|cell|whatsapp"
    "|helpline|toll free|tollfree|fax|landline|contact|call|dial|mobno|phno",
    "ip_address": "ip|ipv4|ipv6|server|host",
    "other": "order|txn|transaction|invoice|bill|ref|reference|awb|tracking|docket|batch|lot|isbn"
    "|issn|doi|roll|application|appl|receipt|serial|sl|patent|rs|inr|utr|rrn|case|fir|cin|barcode|imei|pnr"
    "|ticket|token|otp|gazette|tender|policy|consignment|survey|khata|population|usd|employee id"
    "|customer id|user id|student id|job id|product id|item id|video id|post id",
}
_INDIC: Final[dict[str, str]] = {
    "aadhaar": "आधार|আধার|ਆਧਾਰ|આધાર|ଆଧାର|ஆதார்|ఆధార్|ಆಧಾರ್|ആധാർ|ആധാര്|آدھار|ᱟᱫᱷᱟᱨ",
    "vid": "वीआईडी|वर्चुअल आईडी",
    "abha": "आभा|আভা|ਆਭਾ|આભા|ଆଭା|ஆபா|ఆభా|ಆಭಾ|ആഭ",
    "pan": "पैन|पॅन|প্যান|ਪੈਨ|પાન|ପାନ|பான்|పాన్|ಪ್ಯಾನ್|പാൻ|پین",
    "upi": "यूपीआई|ইউপিআই|ਯੂਪੀਆਈ|યુપીઆઈ|ୟୁପିଆଇ|யுபிஐ|యూపీఐ|ಯುಪಿಐ|യുപിഐ|یو پی آئی",
    "ifsc": "आईएफएससी|आयएफएससी|আইএফএসসি",
    "uan": "यूएएन",
    "bank_account": "खाता|खाते|अकाउंट|অ্যাকাউন্ট|একাউণ্ট|একাউন্ট|ਖਾਤਾ|ਖਾਤੇ|ખાતા|ખાતું|ଖାତା|கணக்கு|ఖాతా|ಖಾತೆ"
    "|അക്കൗണ്ട്|اکاؤنٹ|کھاتہ",
    "epic": "मतदाता|वोटर|ভোটার|ਵੋਟਰ|મતદાર|ଭୋଟର|வாக்காளர்|ఓటరు|ಮತದಾರ|വോട്ടർ|ووٹر",
    "passport": "पासपोर्ट|পাসপোর্ট|ਪਾਸਪੋਰਟ|પાસપોર્ટ|ପାସପୋର୍ଟ|பாஸ்போர்ட்|పాస్పోర్ట్|ಪಾಸ್ಪೋರ್ಟ್|പാസ്പോർട്ട്|پاسپورٹ",
    "driving_licence": "लाइसेंस|लायसन्स|লাইসেন্স|ਲਾਇਸੈਂਸ|લાઇસન્સ|ଲାଇସେନ୍ସ|உரிமம்|లైసెన్స్|ಪರವಾನಗಿ|ലൈസൻസ്|لائسنس",
    "vehicle": "गाड़ी|वाहन|গাড়ি|ਗੱਡੀ|વાહન|ଗାଡ଼ି|வாகன|వాహన|ವಾಹನ|വാഹന|گاڑی",
    "payment_card": "क्रेडिट कार्ड|डेबिट कार्ड|कार्ड|কার্ড|ਕਾਰਡ|કાર્ડ|କାର୍ଡ|அட்டை|கார்டு|కార్డు|ಕಾರ್ಡ್|കാർഡ്|کارڈ",
    "phone": "फोन|फ़ोन|मोबाइल|मोबाईल|दूरभाष|संपर्क|सम्पर्क|हेल्पलाइन|ফোন|মোবাইল|ম’বাইল|ਫੋਨ|ਫ਼ੋਨ|ਮੋਬਾਈਲ|ਮੋਬਾਇਲ|ફોન"
    "|મોબાઇલ|મોબાઈલ|ଫୋନ|ମୋବାଇଲ|போன்|தொலைபேசி|கைபேசி|மொபைல்|அலைபேசி|ఫోన్|మొబైల్|ಫೋನ್|ಮೊಬೈಲ್|ದೂರವಾಣಿ"
    "|ഫോൺ|ഫോണ്|മൊബൈൽ|മൊബൈല്|ഫാക്സ്|فون|موبائل",
    "other": "₹|रु|रू|রু|টাকা",
}
_LINK: Final = (
    r"(?:[0-9][0-9 -]{5,}[,/&]|[^0-9A-Za-z\u0900-\u0dff\u0600-\u06ff\n]"
    r"|\b(?:no|nos|number|num|is|id|card|code|of|bearing|are|the|was|wala)\b"
    r"|नंबर|नम्बर|नं|संख्या|क्रमांक|है|নম্বর|নং|ਨੰਬਰ|નંબર|ନମ୍ବର|எண்|నంబర్|సంఖ్య|ಸಂಖ್ಯೆ|നമ്പർ|നമ്പര്‍|نمبر)*$"
)


class Label(NamedTuple):
    """A word before a number: the kind that it names, and whether nothing else stands between."""

    kind: str
    adjacent: bool


def _kinds(words_of_kinds: dict[str, str]) -> dict[str, str]:
    return {word: kind for kind, words in words_of_kinds.items() for word in words.split("|")}


_LATIN_KINDS: Final = _kinds(_LATIN)
_INDIC_KINDS: Final = _kinds(_INDIC)
_LATIN_WORD: Final = re.compile(r"[A-Za-z0-9]+(?:[/.'’][A-Za-z]+)*")
_INDIC_WORD: Final = re.compile(
    "|".join(sorted(map(re.escape, _INDIC_KINDS), key=len, reverse=True))
)
_LINKS: Final = re.compile(_LINK, re.IGNORECASE)
#: "To order, 98765 43210" is no number of an order.
_CLOSE_LINKS: Final = re.compile(r"(?:[ .:#=()/-]|\b(?:no|number|id|is|code)\b)*$", re.IGNORECASE)


def labels_before(text: str, start: int) -> list[Label]:
    """The labels that stand before `start` in the same line, the nearest first."""
    line = text[max(0, start - _REACH) : start].rpartition("\n")[2]
    found = _latin_labels(line)
    if not line.isascii():
        found += [(one.end(), _INDIC_KINDS[one.group()]) for one in _INDIC_WORD.finditer(line)]
        found.sort()
    return [Label(kind, _is_adjacent(kind, line[end:])) for end, kind in reversed(found)]


def _is_adjacent(kind: str, gap: str) -> bool:
    links = _CLOSE_LINKS if kind == "other" else _LINKS
    return links.match(gap) is not None


def _latin_labels(line: str) -> list[tuple[int, str]]:
    """Where the labels of Latin script end in `line`, and the kinds that they name."""
    found = []
    before = ""
    for one in _LATIN_WORD.finditer(line.lower()):
        word = one.group().replace("’", "'")
        kind = _LATIN_KINDS.get(f"{before} {word}") or _LATIN_KINDS.get(word)
        if kind:
            found.append((one.end(), kind))
        before = word
    return found


def is_other(labels: list[Label]) -> bool:
    """Whether the nearest label says that the number is none of a person's."""
    return bool(labels) and labels[0].kind == "other" and labels[0].adjacent


def names(labels: list[Label], kind: str) -> bool:
    """Whether one of `labels` names `kind`."""
    return any(one.kind == kind for one in labels)
