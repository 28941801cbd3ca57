"""Choose the passage of a document that a model reads.

The densest stretch of whole sentences wins: lists of links, tables of numbers and page furniture
count against a stretch, headings count half, prose counts by its words.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate
from typing import Final, NamedTuple

#: Hundredths of a token that a character costs, by code point range: the Qwen2.5 vocabulary on
#: text of each script (Latin 4 characters a token, Devanagari 1.05, Odia 0.53). Vocabularies with
#: more Indic pieces need less, so a passage never overruns there.
_COSTS: Final = (
    (0x0000, 0x024F, 26),
    (0x0600, 0x077F, 75),  # Arabic: Urdu, Kashmiri, Sindhi
    (0x0900, 0x097F, 112),  # Devanagari
    (0x0980, 0x09FF, 130),  # Bengali, Assamese
    (0x0A00, 0x0AFF, 180),  # Gurmukhi, Gujarati
    (0x0B00, 0x0B7F, 230),  # Odia
    (0x0B80, 0x0BFF, 123),  # Tamil
    (0x0C00, 0x0C7F, 168),  # Telugu
    (0x0C80, 0x0D7F, 153),  # Kannada, Malayalam
)
_OTHER_COST: Final = 300  # near one token a byte: Ol Chiki, Meetei Mayek, emoji
_DIGIT_COST: Final = 100

_SENTENCE_END: Final = re.compile(
    r"(?:[!?।॥۔؟᱾꯫]|(?<!\b[A-Z])(?<!\b(?:Dr|Mr|Ms|Rs|No|St|Sh))(?<!\b(?:Mrs|Smt))\.)"
    r"[.!?।॥\"'”’)\]]*\s+|\n\s*"
)
_CLOSED: Final = re.compile(r"[.!?।॥۔؟᱾꯫][\"'”’)\]]*\s*$")
_LINK: Final = re.compile(r"https?://|\bwww\.|\S@\S+\.\w", re.IGNORECASE)
_SEPARATOR: Final = re.compile(r"[|»›•·→]|\s>\s")
_FURNITURE: Final = re.compile(
    r"all rights reserved|copyright|©|cookies?\b|privacy policy|terms of (?:use|service)"
    r"|subscribe|follow us|like us on|share (?:this|on)\b|click here|read (?:more|also)|also read"
    r"|sign (?:in|up)\b|log ?in\b|download (?:the|our) app|(?:image|photo) (?:source|credit)"
    r"|advertisement|skip to (?:main )?content"
    r"|यह भी पढ़ें|और पढ़ें|हेही वाचा|क्लिक करें|আরও পড়ুন|மேலும் படிக்க|ఇది కూడా చదవండి|ಇದನ್ನೂ ಓದಿ"
    r"|കൂടുതൽ വായിക്കുക|વધુ વાંચો|ਹੋਰ ਪੜ੍ਹੋ|ଅଧିକ ପଢ଼ନ୍ତୁ|مزید پڑھیں",
    re.IGNORECASE,
)
_FURNITURE_WORDS: Final = 15  # a longer sentence that says "subscribe" is prose about subscribing
_HEADING_WORDS: Final = 12
_NUMBERS_SHARE: Final = 0.3
_NEARLY: Final = 0.85  # of the best: near enough to take the earlier stretch


class _Piece(NamedTuple):
    start: int
    end: int
    worth: float
    opens_line: bool


@lru_cache(maxsize=4096)
def _cost(character: str) -> int:
    code = ord(character)
    if character.isdigit() and code < 128:
        return _DIGIT_COST
    return next((cost for low, high, cost in _COSTS if low <= code <= high), _OTHER_COST)


def estimated_tokens(text: str) -> int:
    """Tokens that a language model spends on `text`, rounded up: an estimate by script."""
    return -(-sum(map(_cost, text)) // 100)


def passage(text: str, *, max_tokens: int) -> tuple[int, int]:
    """The span (start, end), in characters of `text`, of its densest passage.

    It starts and ends between sentences, or between words where one sentence is longer than
    `max_tokens`; a letter is never parted from its vowel sign, nukta or joiner. Of stretches nearly
    as dense as the densest, the first one that opens a paragraph is taken.

    Args:
        text: The document's text.
        max_tokens: Bound on `estimated_tokens` of the passage; at least 8.
    """
    spent = list(accumulate(map(_cost, text), initial=0))
    pieces = _pieces(text, spent, max_tokens * 100)
    stretches = [
        stretch
        for stretch in _stretches(pieces, spent, max_tokens * 100)
        if not text[pieces[stretch[0]].start : pieces[stretch[1]].end].isspace()
    ]
    if not stretches:
        return 0, 0
    enough = _NEARLY * max(worth for *_, worth in stretches)
    near = [
        (first, last, worth)
        for first, last, worth in stretches
        if worth >= enough and pieces[first].worth > 0
    ]
    first, last, _ = min(
        near or stretches, key=lambda stretch: (not pieces[stretch[0]].opens_line, stretch[0])
    )
    return _stripped(text, pieces[first].start, pieces[last].end)


def _stretches(pieces: list[_Piece], spent: list[int], cap: int) -> list[tuple[int, int, float]]:
    """The longest run of pieces within `cap` from each piece on: (first, last, worth)."""
    worth = list(accumulate((piece.worth for piece in pieces), initial=0.0))
    found, last = [], 0
    for first, piece in enumerate(pieces):
        last = max(last, first)
        while last + 1 < len(pieces) and spent[pieces[last + 1].end] - spent[piece.start] <= cap:
            last += 1
        end = last
        while end > first and pieces[end].worth <= 0:
            end -= 1
        found.append((first, end, worth[end + 1] - worth[first]))
    return found


def _pieces(text: str, spent: list[int], cap: int) -> list[_Piece]:
    """The sentences of `text`, the ones over `cap` cut further; together they cover it."""
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    cuts = [cut for cut in ends if cut < len(text) and may_cut(text, cut)]
    pieces: list[_Piece] = []
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        opens_line = "\n" in text[max(0, start - 2) : start] or start == 0
        for low, high in _within(text, start, end, spent, cap):
            pieces.append(_Piece(low, high, _worth(text[low:high]), opens_line and low == start))
    return pieces


def _within(text: str, start: int, end: int, spent: list[int], cap: int) -> list[tuple[int, int]]:
    """The span cut so that no part costs more than `cap`: between words where it can be."""
    spans = []
    while spent[end] - spent[start] > cap:
        limit = max(start + 1, bisect_right(spent, spent[start] + cap, start, end) - 1)
        allowed = [cut for cut in range(limit, start, -1) if may_cut(text, cut)]
        between = (cut for cut in allowed if text[cut - 1].isspace())
        # No place to cut at all: more marks in a row than any word has, so it is no word.
        cut = next(between, allowed[0] if allowed else limit)
        spans.append((start, cut))
        start = cut
    return [*spans, (start, end)]


def may_cut(text: str, at: int) -> bool:
    """True where `text` can be cut before the character `at` without splitting a written sign."""
    before, after = text[at - 1], text[at]
    if after.isspace():
        return before + after != "\r\n"
    joined = after in "\u200c\u200d" or before == "\u200d"
    conjunct = unicodedata.combining(before) == 9 and after.isalpha()  # 9: virama
    tone = "\U0001f3fb" <= after <= "\U0001f3ff"  # skin tone of the emoji before it
    return not (joined or conjunct or tone or unicodedata.category(after).startswith("M"))


def _worth(sentence: str) -> float:
    """Words of prose; less than nothing for links, tables of numbers and page furniture."""
    words = sum(any(map(str.isalpha, word)) for word in sentence.split())
    if _is_clutter(sentence, words):
        return -1.0 - words / 2
    if words <= _HEADING_WORDS and not _CLOSED.search(sentence):
        return words / 2
    return float(words)


def _is_clutter(sentence: str, words: int) -> bool:
    letters = sum(map(str.isalpha, sentence))
    digits = sum(map(str.isdigit, sentence))
    return (
        digits > _NUMBERS_SHARE * (letters + digits)
        or len(_SEPARATOR.findall(sentence)) > 2
        or (words <= 2 * _FURNITURE_WORDS and bool(_LINK.search(sentence)))
        or (words <= _FURNITURE_WORDS and bool(_FURNITURE.search(sentence)))
    )


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    while end > start and text[end - 1].isspace():
        end -= 1
    while start + 1 < end and text[start].isspace() and may_cut(text, start + 1):
        start += 1
    return start, end
