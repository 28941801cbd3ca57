"""Names in Indian scripts that the sentence tells: its subject is a person, or is "named" so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from indic_persona_hub.privacy.people.given_names import INDIC_HONORIFICS, INDIC_LAST_NAMES
from indic_persona_hub.privacy.people.person_names import Span, is_place
from indic_persona_hub.reference.lexicon import key

_HEAD: Final = 240  # characters; the subject opens the text
_WORD: Final = r"[^\s,.।()\"'“”‘’:;!?*|\d–—-]{2,30}"
_NAME: Final = rf"(?P<name>{_WORD}(?: {_WORD})?)"

#: What a person is called by, without endings.
_PERSONS: Final = (
    "(?:किसान|कुम्हार|बुनकर|शिक्षक|शिक्षिका|अध्यापक|अध्यापिका|महिला|पुरुष|युवक|युवती|लड़का|लड़की|छात्र|नर्स|मजदूर|गृहिणी"
    "|शेतकरी|विणकर|चालक|मछुआरा|दर्जी|बढ़ई|ड्राइवर|वकील|डॉक्टर|इंजीनियर|कार्यकर्ता|दुकानदार"
    "|விவசாயி|நெசவாளர்|ஆசிரிய|செவிலிய|மாணவ|மீனவ|பெண்|ஆண்|இளைஞ|குயவ|தொழிலாள|ஓட்டுநர்|மருத்துவ|பொறியாள|சிறுவ|சிறுமி"
    "|వ్యాపారి|రైతు|ఉపాధ్యాయ|మహిళ|యువక|యువతి|విద్యార్థి|నర్సు|కార్మిక|నేత|డ్రైవర్|మత్స్యకార"
    "|ರೈತ|ಶಿಕ್ಷಕ|ಮಹಿಳೆ|ಯುವಕ|ಯುವತಿ|ವಿದ್ಯಾರ್ಥಿ|ನೇಕಾರ|ಕಾರ್ಮಿಕ|ನರ್ಸ್|ಚಾಲಕ"
    "|കർഷക|അധ്യാപ|സ്ത്രീ|യുവാവ്|യുവതി|വിദ്യാർ|നഴ്സ്|തൊഴിലാളി|മത്സ്യ|നെയ്ത്ത"
    "|ખેડૂત|શિક્ષક|શિક્ષિકા|મહિલા|યુવાન|વિદ્યાર્થ|વણકર|કારીગર|નર્સ|ਕਿਸਾਨ|ਅਧਿਆਪਕ|ਔਰਤ|ਨੌਜਵਾਨ|ਵਿਦਿਆਰਥ|ਮਜ਼ਦੂਰ|ਡਰਾਈਵਰ)"
)
_SHAPES: Final = tuple(
    re.compile(pattern)
    for pattern in (
        # "X is a", where the verb honours X, or what X is calls a person so.
        rf"^\s*{_NAME},? एक (?=[^।.]{{2,150}}(?:हैं|थे|थीं|आहेत)\s*(?:[।.,]|$))",
        rf"^\s*{_NAME},? (?:एक|ஒரு|ఒక|ഒരു|એક|ਇੱਕ|ਇਕ|हे एक|ही एक) (?:[^\s,.।]+ ){{0,3}}?{_PERSONS}",
        rf"^\s*{_NAME},? (?:একজন|একটি মেয়ে|ಒಬ್ಬ|ಒಬ್ಬರು|ଜଣେ|হলেন একজন) ",
        # "X Devi is, in such a place, a".
        rf"^\s*(?P<name>{_WORD} (?:{'|'.join(INDIC_LAST_NAMES)})) (?:[^\s,.।]+ ){{1,4}}?"
        rf"(?:एक|ஒரு|ఒక|ഒരു|ಒಬ್ಬ|একজন|એક|ਇੱਕ|ଜଣେ) (?:[^\s,.।]+ ){{0,3}}?"
        rf"(?:{_PERSONS}|[^।.]{{2,150}}हैं\s*[।.])",
        # "X, 35 years".
        rf"^\s*{_NAME},\s*\(?\d{{2}}[ -]?"
        r"(?:वर्ष|साल|वय|வயது|বছর|ఏళ్ల|సంవత్సరాల|ವರ್ಷ|വയസ്|વર્ષ|ਸਾਲ|ବର୍ଷ)",
        rf"^\s*(?P<name>{_WORD} (?:{'|'.join(INDIC_LAST_NAMES)}))[ ,]+\d{{2}}[ -]?"
        r"(?:वर्ष|साल|வய|বছর|ఏళ్ల|વર્ષ|ਸਾਲ)",
        # "A weaver named X", "whose name is X".
        rf"(?<!\S)(?P<name>{_WORD}) (?:என்ற|என்னும்|எனும்|అనే|ಎಂಬ|എന്ന) "
        rf"(?:[^\s,.]+ ){{0,2}}?{_PERSONS}",
        rf"(?<!\S)(?P<name>{_WORD}) (?:என்பவர்|என்பவள்|என்பவன்|అనే వ్యక్తి|ಎಂಬುವರು|എന്നയാൾ)",
        rf"(?:जिस|जिन|उस|उन|इन|इस)(?:का|की|के) नाम {_NAME} (?:है|हैं|था|थी)(?!\w)",
        rf"(?:मेरा नाम|माझे नाव|আমার নাম|என் பெயர்|నా పేరు|ನನ್ನ ಹೆಸರು|എന്റെ പേര്|મારું નામ|ਮੇਰਾ ਨਾਮ|ਮੇਰਾ ਨਾਂ"
        rf"|ମୋର ନାମ) (?P<name>{_WORD})",
    )
)
#: A text without one of these, as a word or its beginning, has no such subject.
HINT: Final = (
    "^(?:एक|ஒரு|ఒక|ഒരു|એક|ਇੱਕ|ਇਕ|একজন|একটি|ಒಬ್ಬ|ಒಬ್ಬರು|ଜଣେ)$|^(?:வயது|साल|वर्षीय|वर्ष|বছর|ఏళ్ల|సంవత్సరాల|ವರ್ಷ|വയസ്|વર્ષ|ਸਾਲ|ବର୍ଷ)"
    "|^(?:என்ற|என்னும்|எனும்|అనే|ಎಂಬ|എന്ന|என்பவ|ಎಂಬುವರು|എന്നയാൾ|नाम$|नाव$|নাম$|பெயர்$|పేరు$|ಹೆಸರು$|പേര്$|નામ$|ਨਾਮ$|ਨਾਂ$|ନାମ$)"
)
#: Words that are no part of a name: a name with one is none.
_NONE: Final = frozenset(map(key, INDIC_HONORIFICS)) | frozenset(
    map(
        key,
        """
        यह वह ये वे मैं हम आप तुम तू इस उस इन उन यहाँ यहां वहाँ वहां मेरा मेरी मेरे उनका
        उनकी उसका उसकी हमारा का की के को में से पर ने और या भी ही तो जो कि क्या जब तब अब
        आज कल फिर लेकिन परंतु साथ लिए जैसे हर सभी कोई कुछ बहुत व्यक्ति महिला पुरुष किसान
        लड़का लड़की छात्र छात्रा युवक युवती पात्र शहर गाँव गांव राज्य देश जिला परिवार
        नाम बच्चे लोग बुजुर्ग युवा गरीब दो तीन पिता माता माँ मां पति पत्नी बेटा बेटी भाई
        बहन शिक्षक डॉक्टर निवासी वाला वाली वाले मूल दौरान बाद पहले पास अंदर बाहर द्वारा
        तक हुए हुई होने करने रहने है हैं था थे थी ते ती तो हा ही हे आहे मी त्या या তিনি
        সে এই ইনি উনি আমি আপনি তুমি ওই এবং ও এক ব্যক্তি মহিলা পুরুষ কৃষক যিনি যে তার
        থেকে গ্রামের শহরের அவர் அவள் அவன் இவர் இவள் இது அது நான் நீங்கள் ஒரு இந்த அந்த
        என்று மற்றும் பெண் ஆண் இங்கு அங்கு అతను ఆమె ఆయన ఇది అది నేను మీరు ఒక ఈ ఆ మరియు
        ఇక్కడ ಅವರು ಅವನು ಅವಳು ಇದು ಅದು ನಾನು ನೀವು ಈ ಆ ಮತ್ತು ಇವರು അവൻ അവൾ അദ്ദേഹം ഇത് അത്
        ഞാൻ നിങ്ങൾ ഈ ആ ഇവർ અને તે આ એ હું તમે આપ પર માં ਉਹ ਇਹ ਮੈਂ ਤੁਸੀਂ ਅਤੇ ਵਿੱਚ ਦਾ ਦੀ
        ਦੇ ସେ ଏହି ମୁଁ ଆପଣ ଏକ ଏବଂ
        """.split(),
    )
)


#: Endings of place, origin and manner, which few names have: "of Kolkata, a nurse".
_ENDINGS: Final = tuple(
    """
    तील ची चा चे च्या ার ের ର ની નો માંથી માંની ின் லிருந்து ைச் ில் ிற்கு ுக்கு
    ిలోని లోని లో కు చెందిన యొక్క ಿನ ೆಯ ಲ್ಲಿ ಮದ ರದ ನದ ಳದ ಯದ ಲದ ಕದ ತದ ಟದ ಣದ ಶದ ിൽ ലെ തെ ുടെ ന്റെ
    """.split()
)
#: The same, of words of five letters and signs or more: "Meena" is a name.
_LONG_ENDINGS: Final = ("ના",)
_LONG: Final = 5


def indic_subjects(text: str) -> Iterator[Span]:
    """Names of subjects and of whom the text calls "named", in no order; they may overlap."""
    head = text[:_HEAD]
    for shape in _SHAPES:
        for match in shape.finditer(head):
            words = match.group("name").split()
            if not any(key(word) in _NONE for word in words) and not _is_none(words):
                yield Span(*match.span("name"))


def _is_none(words: list[str]) -> bool:
    """Whether they are ASCII, a place, or end as a name does not."""
    if words[0].isascii() or any(map(_ends_otherwise, words)):
        return True
    return is_place(" ".join(words)) or is_place(words[0])


def _ends_otherwise(word: str) -> bool:
    return word.endswith(_ENDINGS) or (len(word) >= _LONG and word.endswith(_LONG_ENDINGS))
