"""Hedging: a persona states who somebody is; it does not say who somebody may be."""

from __future__ import annotations

from typing import ClassVar, Final

from daft import Expression, col, lit
from daft.functions import regexp, regexp_count, regexp_replace, when
from pydantic import Field

from indic_persona_hub.judge.measure import Measured, by_row
from indic_persona_hub.judge.words import START, WORD, any_of, bounded, listed, matches
from indic_persona_hub.stage import RowJudge

# "May" with a capital is a month.
_ENGLISH: Final = (
    r"(?i:(?:(?:is|are|be|seems?|would|will|most|very|more) )*\blikely\b(?: to\b)?"
    r"|\b(?:might|perhaps|possibly|probably|presumably|maybe|potentially|conceivably|supposedly)\b"
    r"|\bcould (?:also |well |even |easily )?be\b|\b(?:seem|appear)s? to\b"
    r"|\bwould (?:also |probably )?(?:be interested|be inclined|tend|appreciate|enjoy)\b"
    r"|\bit is (?:quite )?possible\b|\bcan be (?:assumed|inferred)\b|\bor similar\b)"
    r"|\b(?:[A-Z]\w+, )+or [A-Z]\w+"
    r"|\bmay\b(?: (?:also|well|even|or may not))?(?: (?:be|have))?"
)

_INDIC: Final = any_of(
    (
        "शायद", "संभवतः", "सम्भवतः", "संभवत:", "कदाचित", "संभव है", "सम्भव है",
        "संभावना है", "हो सकता है", "हो सकती है", "हो सकते हैं", "प्रतीत होता",
        "प्रतीत होती", "लगता है कि", "बहुधा", "असू शकतो", "असू शकते", "असू शकतात",
        "शक्यता आहे", "हुन सक्छ", "सायद", "সম্ভবত", "হয়তো", "হয়ত", "হতে পারে",
        "হতে পারেন", "বোধহয়", "সম্ভৱতঃ", "হ’ব পাৰে", "ਸ਼ਾਇਦ", "ਸੰਭਵ ਹੈ", "ਹੋ ਸਕਦਾ ਹੈ",
        "ਹੋ ਸਕਦੀ ਹੈ", "ਸੰਭਾਵਨਾ ਹੈ", "કદાચ", "સંભવતઃ", "હોઈ શકે", "શક્યતા છે", "ବୋଧହୁଏ",
        "ସମ୍ଭବତଃ", "ହୋଇପାରେ", "ହୋଇପାରନ୍ତି", "ஒருவேளை", "அநேகமாக", "இருக்கலாம்",
        "வாய்ப்புள்ளது", "வாய்ப்பு உள்ளது", "போலிருக்கிறது", "బహుశా", "కావచ్చు",
        "ఉండవచ్చు", "అయి ఉండవచ్చు", "అవకాశం ఉంది", "ಬಹುಶಃ", "ಇರಬಹುದು", "ಆಗಿರಬಹುದು",
        "ಸಾಧ್ಯತೆ ಇದೆ", "ಸಾಧ್ಯತೆಯಿದೆ", "ഒരുപക്ഷേ", "ഒരുപക്ഷെ", "ആയിരിക്കാം",
        "ഉണ്ടായിരിക്കാം", "സാധ്യതയുണ്ട്", "ആകാം", "شاید", "ممکن ہے", "غالباً",
        "ہو سکتا ہے", "ہو سکتی ہے", "lagta hai ki", "ho sakta hai", "ho sakti hai",
        "shayad",
    )
)  # fmt: skip

#: The persona's own doubts and purposes are no hedge, and neither is what things may do: "worries
#: that the rains might fail", "a wall that could be washed away".
_OWN_DOUBT: Final = bounded(
    r"(?i)\b(?:wonder|wish|worr|fear|think|thought|believ|afraid|anxious|hop(?:es|ing)|unsure"
    r"|not sure|ask|guess|doubt|dread|decid|so that|in case|whatever|whether|wherever|whoever)\w*\b"
    r"[^.;]*?\b(?:might|may|could be|is likely to|will probably)\b"
    r"|\b(?:that|which) (?:may|might|could)\b"
)

_HEDGE: Final = bounded(_ENGLISH) + f"|{START}{_INDIC}"


class Hedging(RowJudge):
    """Count hedging phrases ("is likely to", "may also", शायद) per hundred words.

    `value` is hedges per 100 words, `score` 1 / (1 + value); `detail` lists the hedges.
    """

    name: ClassVar[str] = "hedging"

    max_per_100_words: float = Field(1.0, ge=0)

    def evidence(self) -> Expression:
        """See `RowJudge`. Reads `persona`."""
        text = regexp_replace(col("persona"), _OWN_DOUBT, " ")
        hedged = when(regexp(text, _HEDGE), col("persona")).otherwise(lit(""))
        return by_row(self._measure, matches(text, _HEDGE), regexp_count(hedged, WORD))

    def _measure(self, hedges: list[str], words: int) -> Measured:
        value = 100 * len(hedges) / max(1, words)
        return Measured(value, 1 / (1 + value), value > self.max_per_100_words, listed(hedges))
