"""Source leakage: a persona that speaks of the page it was inferred from."""

from __future__ import annotations

from typing import ClassVar, Final

from daft import Expression, col
from daft.functions import regexp_replace
from pydantic import Field

from indic_persona_hub.judge.measure import Measured, by_row
from indic_persona_hub.judge.words import START, any_of, bounded, listed, matches
from indic_persona_hub.stage import RowJudge

_PAGE: Final = (
    r"(?:text|passage|article|excerpt|paragraph|snippet|document|author|narrator|narrative|story"
    r"|readings?|webpage|web page|blog ?post|write-up|writer of th\w+ \w+)"
)
# "This scheme" points back at the page; "the scheme" may be one that the persona runs.
_POINTED_AT: Final = (
    r"(?:text|passage|article|excerpt|paragraph|document|story|tale|report|notice|page|website|blog"
    r"|post|scheme|programme|program|policy|yojana|initiative|act|bill|recipe|circular|notification"
    r"|benefit|assistance|award|application|facility|information|guideline|guidelines|data|question|query|discussion|topic|content|context|lesson"
    r"|details|rules|table|list|section|chapter|headline|news|poem|announcement|advisory)"
)
_ENGLISH: Final = (
    rf"(?i)\bthe (?:\w+ )?{_PAGE}\b"
    rf"|\b(?:this|these|aforementioned|aforesaid|above|following) (?:\w+ )?{_POINTED_AT}s?\b"
    rf"|\bthe (?:given|provided|above|said|present|original|input|source|described) "
    rf"(?:\w+ )?{_POINTED_AT}s?\b"
    r"|\b(?:mentioned|described|stated|listed|outlined|noted|discussed|explained|given|provided|"
    r"detailed|shown|specified|highlighted) (?:above|below|earlier|here|herein|previously)\b"
    r"|\bas (?:described|mentioned|stated|outlined|noted|specified|listed|detailed)\b"
    r"|\b(?:scheme|story|programme|program|policy|initiative)s? (?:mentioned|described)\b"
    rf"|\baccording to th(?:e|is) (?:\w+ )?{_POINTED_AT}\b"
    r"|\b(?:based on|from|in|per) the (?:given |provided |above )?"
    r"(?:information|context|description|content|details|source|prompt)\b"
)

#: Stories that people tell and papers that clerks stamp are their own.
_OWN_WORK: Final = bounded(
    r"(?i)\b(?:tell|told|retell|retold|sing|sang|writ|wrot|remember|illustrat|paint|perform|enact|recit"
    r"|narrat|carv|weav|stitch)\w*\s(?:[\w'’-]+\s){0,6}?the (?:\w+ )?(?:story|narrative)\b"
    r"|\b(?:proofread|translat|typ(?:es|ing|ed)\b|stamp|scan|recit|engrav|print|draft)\w*\s"
    r"(?:[\w'’-]+\s){0,6}?the (?:\w+ )?(?:text|document|passage)\b"
    r"|\bthe (?:author of (?:a|an|two|three|four|five|six|several|many|\d)"
    r"|story of (?:his|her|their))\b"
)

_INDIC: Final = any_of(
    (
        "यह लेख", "इस लेख", "यह पाठ", "इस पाठ", "यह कहानी", "इस कहानी", "यह दस्तावेज",
        "इस दस्तावेज", "इस अनुच्छेद", "यह अनुच्छेद", "इस गद्यांश", "प्रस्तुत लेख",
        "प्रस्तुत पाठ", "उपरोक्त", "उपर्युक्त", "ऊपर बताए", "ऊपर बताई", "ऊपर दिए",
        "ऊपर दी गई", "दिए गए पाठ", "दी गई जानकारी", "दिए गए लेख", "लेखक के अनुसार",
        "लेख के अनुसार", "लेख में", "कहानी के अनुसार", "कहानी में बताया",
        "जानकारी के अनुसार", "इस योजना", "यह योजना", "इस खबर", "इस समाचार", "इस सूचना",
        "में उल्लिखित", "जैसा कि बताया", "या लेखात", "हा लेख", "या कथेत", "वरील",
        "या योजने", "এই লেখা", "এই নিবন্ধ", "এই প্রবন্ধ", "এই গল্প", "উপরোক্ত",
        "উপরে উল্লিখিত", "প্রদত্ত তথ্য", "এই প্রতিবেদন", "এই প্রকল্প", "লেখকের মতে",
        "এই পাঠ্য", "উল্লিখিত", "এই লেখাত", "ਇਹ ਲੇਖ", "ਇਸ ਲੇਖ", "ਇਸ ਕਹਾਣੀ", "ਉਪਰੋਕਤ",
        "ਦਿੱਤੀ ਗਈ ਜਾਣਕਾਰੀ", "ਇਸ ਯੋਜਨਾ", "ਇਸ ਸਕੀਮ", "આ લેખ", "આ વાર્તા", "ઉપરોક્ત",
        "આપેલી માહિતી", "આ યોજના", "ઉપર જણાવેલ", "ଏହି ଲେଖା", "ଏହି ପ୍ରବନ୍ଧ", "ଏହି ଗଳ୍ପ",
        "ଉପରୋକ୍ତ", "ଏହି ଯୋଜନା", "இந்தக் கட்டுரை", "இந்த கட்டுரை", "இக்கட்டுரை",
        "இந்தக் கதை", "இந்த கதை", "இக்கதை", "இந்தத் திட்ட", "இந்த திட்ட", "இத்திட்ட",
        "மேற்கண்ட", "மேலே குறிப்பிட்ட", "மேற்குறிப்பிட்ட", "இந்தப் பத்தி", "இந்த பத்தி",
        "கொடுக்கப்பட்ட தகவல்", "ఈ వ్యాసం", "ఈ కథ", "ఈ కథనం", "పైన పేర్కొన్న",
        "ఇచ్చిన సమాచారం", "ఈ పథకం", "ಈ ಲೇಖನ", "ಈ ಕಥೆ", "ಮೇಲೆ ತಿಳಿಸಿದ", "ಈ ಯೋಜನೆ",
        "ನೀಡಿರುವ ಮಾಹಿತಿ", "ഈ ലേഖന", "ഈ കഥ", "മേൽപ്പറഞ്ഞ", "മുകളിൽ പറഞ്ഞ",
        "നൽകിയിരിക്കുന്ന വിവര", "ഈ പദ്ധതി", "اس مضمون", "یہ مضمون", "اس کہانی",
        "مذکورہ", "مندرجہ بالا", "دی گئی معلومات", "اس اسکیم", "is lekh", "is kahani",
        "is yojana", "upar diye", "is article",
    )
)  # fmt: skip

_LEAK: Final = bounded(_ENGLISH) + f"|{START}{_INDIC}"


class SourceLeakage(RowJudge):
    """Count phrases that speak of the source ("the text", "this scheme", "the course readings").

    `value` is the number of phrases, `score` 1 / (1 + value); `detail` lists them.
    """

    name: ClassVar[str] = "source_leakage"

    max_phrases: int = Field(0, ge=0)

    def evidence(self) -> Expression:
        """See `RowJudge`. Reads `persona`."""
        text = regexp_replace(col("persona"), _OWN_WORK, " ")
        return by_row(self._measure, matches(text, _LEAK))

    def _measure(self, leaks: list[str]) -> Measured:
        value = len(leaks)
        return Measured(value, 1 / (1 + value), value > self.max_phrases, listed(leaks))
