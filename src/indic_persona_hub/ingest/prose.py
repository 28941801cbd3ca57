"""Whether a page carries running text that a person can be inferred from."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from indic_persona_hub.ingest.language import Identity, function_word_share

_CLOSING = "\"'”’)\\]»*_"
_INDIC = r"\u0900-\u0dff\u1c50-\u1c7f\uaae0-\uabff"
# A full stop ends a sentence only after a word of its own: not after initials and numbers. After
# it stands a space, or in Indian scripts often the next sentence; there "|" may serve as danda.
_SENTENCE_END: Final = re.compile(
    rf"[!?।॥؟۔…᱾᱿꯫]+[{_CLOSING}]*(?=\s|$)"
    rf"|(?<![\s\d.,:;(\[\-/|])(?<!\b[A-Za-z])\.[{_CLOSING}]*(?=\s|$|[{_INDIC}])"
    rf"|(?<=[{_INDIC}]) ?\|(?=$)",
    re.MULTILINE,
)
_ABBREVIATION: Final = re.compile(
    r"\b(?:No|Nos|Rs|Dr|Mr|Mrs|Ms|Smt|Shri|St|Tel|Ph|Sr|Jr|vs|approx)\.", re.IGNORECASE
)
_VERSE_END: Final = re.compile(r"[,;،؛—–-]$")
_BULLET: Final = re.compile(r"(?:[*•●▪◦–-]|\(?[\w\d]{1,3}[.)])\s")
_LINK: Final = re.compile(r"\W*(?:https?://|www\.)\S+|\S+@\S+\.\S+|\S+\.(?:com|in|org|net)\b\S*")
_DIGIT: Final = re.compile(r"\d")
_LONG_LINE_WORDS = 25
_BULLET_WORDS = 6
_CELL_BARS = 3

_MOST_LINKS = 0.2
_MOST_NUMBERS = 0.35
_NUMBERS_PROSE = 0.5
_LEAST_PROSE = 0.2
_LITTLE_PROSE = 0.35
_LITTLE_PROSE_WORDS = 70
_MOST_WORDS_A_SENTENCE = 30
_LEAST_LINES = 4
_MENU_WORDS = 30
_SILENT_SHARE = 0.05
_SPEECH_SHARE = 0.28  # headlines have 0.16 to 0.27, speech without punctuation 0.3 to 0.5


class Shape(NamedTuple):
    """What a page is made of.

    Attributes:
        lines: Lines that are not blank.
        words: Words between spaces.
        sentences: Ends of sentences outside of table rows.
        prose: Share of the words in running lines.
        numbers: Share of the words with a digit.
        links: Share of the words that are web or mail addresses.
    """

    lines: int
    words: int
    sentences: int
    prose: float
    numbers: float
    links: float


def shape_of(text: str) -> Shape:
    """Measure a normalised text."""
    lines = [line for line in _ABBREVIATION.sub("", text).split("\n") if line.strip()]
    counts = [len(line.split()) for line in lines]
    rows = [line.count("|") >= _CELL_BARS for line in lines]
    ends = [0 if row else _sentences(line) for line, row in zip(lines, rows, strict=True)]
    prose = sum(
        count
        for line, count, end, row in zip(lines, counts, ends, rows, strict=True)
        if not row and _runs(line, count, end)
    )
    tokens = text.split()
    total = max(len(tokens), 1)
    return Shape(
        lines=len(lines),
        words=len(tokens),
        sentences=sum(ends),
        prose=prose / max(sum(counts), 1),
        numbers=sum(bool(_DIGIT.search(token)) for token in tokens) / total,
        links=sum(bool(_LINK.match(token)) for token in tokens) / total,
    )


def why_no_person(text: str, identity: Identity) -> str | None:
    """Why nobody can be inferred from a normalised page, or None where someone may.

    Rules, in order: addresses; numbers; short lines without sentences (tables, menus, headlines,
    link lists; verse without punctuation falls to it too), unless their Latin script has the
    function words of speech; many words of Latin script without a sentence and almost without
    function words.
    """
    shape = shape_of(text)
    if shape.links > _MOST_LINKS:
        return f"{shape.links:.0%} of the words are addresses"
    if shape.numbers > _MOST_NUMBERS and shape.prose < _NUMBERS_PROSE:
        return f"{shape.numbers:.0%} of the words are numbers"
    if _is_list(shape) and function_word_share(text) < _SPEECH_SHARE:
        return f"{shape.prose:.0%} of the words are running text"
    silent = not shape.sentences and function_word_share(text) < _SILENT_SHARE
    if identity.script == "Latn" and silent and shape.words > _MENU_WORDS:
        return "names and keywords only"
    return None


def _is_list(shape: Shape) -> bool:
    few = shape.prose < _LEAST_PROSE or (
        shape.prose < _LITTLE_PROSE and shape.prose * shape.words < _LITTLE_PROSE_WORDS
    )
    halting = shape.sentences * _MOST_WORDS_A_SENTENCE < shape.words
    return few and halting and shape.lines >= _LEAST_LINES


def _sentences(line: str) -> int:
    return len(_SENTENCE_END.findall(line))


def _runs(line: str, words: int, sentences: int) -> bool:
    if words >= _LONG_LINE_WORDS:
        return True
    if _BULLET.match(line):
        return words >= _BULLET_WORDS
    return words >= 2 and (sentences > 0 or bool(_VERSE_END.search(line)))
