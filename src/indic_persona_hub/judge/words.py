"""Words of a text in any script, for Python and for the engine's regular expressions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from daft import Expression, lit
from daft.functions import regexp, regexp_extract_all, when

#: One word, in the engine's dialect: letters, marks and digits of any script, and the two joiners.
WORD: Final = r"[\p{L}\p{M}\p{N}\u200c\u200d]+"

#: What may stand before an Indic phrase, so that it does not start inside a word.
START: Final = r"(?:^|[\s\"'“‘(,;:।—–-])"

_JOINERS: Final = (0x200C, 0x200D)

#: Nukta letters that NFC never composes, and keyboards and models often do.
_UNCOMPOSED: Final = {
    unicodedata.normalize("NFD", letter): letter
    for letter in map(
        chr,
        [
            *range(0x958, 0x960),
            *(0x9DC, 0x9DD, 0x9DF),
            *(0xA33, 0xA36, 0xA59, 0xA5A, 0xA5B, 0xA5E),
            *(0xB5C, 0xB5D),
        ],
    )
}


class _WordCharacters(dict[int, int | None]):
    """A table for `str.translate`: what is no part of a word becomes a space, joiners go."""

    def __missing__(self, point: int) -> int | None:
        kind = unicodedata.category(chr(point))[0]
        kept = None if point in _JOINERS else point if kind in "LMN" else 0x20
        self[point] = kept
        return kept


_WORD_CHARACTERS: Final = _WordCharacters()


def written_words(text: str) -> list[str]:
    """The words of `text`, in order, in NFC, without joiners and punctuation."""
    return unicodedata.normalize("NFC", text).translate(_WORD_CHARACTERS).split()


def words_of(text: str) -> list[str]:
    """The same, casefolded."""
    return written_words(text.casefold())


def runs(words: Sequence[str], length: int) -> list[tuple[str, ...]]:
    """All runs of `length` words that stand side by side."""
    return list(zip(*(words[start:] for start in range(length)), strict=False))


def spellings(phrase: str) -> set[str]:
    """The ways in which Unicode can write `phrase`: composed, decomposed, nukta letters single."""
    composed = unicodedata.normalize("NFC", phrase)
    single = composed
    for pair, letter in _UNCOMPOSED.items():
        single = single.replace(pair, letter)
    return {composed, single, unicodedata.normalize("NFD", phrase)}


def any_of(phrases: Iterable[str]) -> str:
    """An engine pattern for any of the literal `phrases`, longest first; any run of space fits."""
    written = {spelling for phrase in phrases for spelling in spellings(phrase)}
    ordered = sorted(written, key=lambda one: (-len(one), one))
    return "(?:" + "|".join(r"\s+".join(map(re.escape, one.split())) for one in ordered) + ")"


def bounded(pattern: str) -> str:
    """`pattern` with `\\b`, `\\w`, `\\W` and `\\d` of ASCII, for patterns of English words.

    The engine compiles and runs them many times faster than those of Unicode; Indic words get
    `START`.
    """
    pattern = re.sub(r"(?<=\[)((?:\\.|[^\]\\])*?)\\w", r"\g<1>0-9A-Za-z_", pattern)
    pattern = re.sub(r"(?<=\[)((?:\\.|[^\]\\])*?)\\d", r"\g<1>0-9", pattern)
    pattern = pattern.replace(r"\w", "[0-9A-Za-z_]").replace(r"\W", "[^0-9A-Za-z_]")
    return pattern.replace(r"\d", "[0-9]").replace(r"\b", r"(?-u:\b)")


def matches(text: Expression, pattern: str) -> Expression:
    """All matches of `pattern`, a list of strings.

    Extraction is slow in the engine, so only texts that match at all are put to it.
    """
    return regexp_extract_all(when(regexp(text, pattern), text).otherwise(lit("")), pattern)


def listed(found: Iterable[str]) -> str:
    """The different ones of `found`, trimmed, joined by '; '."""
    return "; ".join(dict.fromkeys(one.strip() for one in found))
