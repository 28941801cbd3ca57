"""Words of a text in any script, for Python and for the engine's regular expressions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, Final

import daft
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from daft import DataType, Expression, Series
from daft.functions import regexp_replace
from numpy.typing import NDArray

from indic_persona_hub.reference.chunks import Items, Remembered, Texts

#: One word, in the engine's dialect: letters, marks and digits of any script, and the two joiners.
WORD: Final = r"[\p{L}\p{M}\p{N}\u200c\u200d]+"

#: What may stand before an Indic phrase, so that it does not start inside a word.
START: Final = r"(?:^|[\s\"'“‘(,;:।—–-])"

_PIECE: Final = 8192  # texts

_JOINERS: Final = (0x200C, 0x200D)

#: Controls that no pattern tells apart; `matches` sets marks with the first.
_MARK: Final = "\x01"
_OTHER_CONTROL: Final = "\x02"

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


#: The same for the chunks of a batch, as tuples.
WORDS_OF: Final = Remembered(lambda chunk: tuple(words_of(chunk)))


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
    """All matches of `pattern` (none of which may be empty), a list of strings.

    Extraction is slow in the engine, replacing is not: matches are marked, then cut out.
    """
    plain = regexp_replace(text, _MARK, _OTHER_CONTROL)
    return _marked(regexp_replace(plain, f"({pattern})", f"{_MARK}$1{_MARK}"))


@daft.func.batch(return_dtype=DataType.list(DataType.string()))
def _marked(texts: Series) -> Any:
    marked = texts.to_arrow()
    found: list[list[str]] = [[]] * len(marked)
    some = pc.indices_nonzero(pc.match_substring(marked, _MARK))
    for row, text in zip(some.to_pylist(), marked.take(some).to_pylist(), strict=True):
        found[row] = text.split(_MARK)[1::2]
    return pa.array(found, pa.list_(pa.string()))


#: No text has so many words.
_MOST_SHOWN: Final = 2**31 - 1


def listed_once(
    texts: Texts, words: Sequence[tuple[str, ...]], shown: int = _MOST_SHOWN
) -> tuple[NDArray[np.int64], pa.Array]:
    """The different ones of the `words` of each different chunk, by text: how many, and the first
    `shown` of them joined.
    """
    items = Items.of(words)
    found = [piece.spread(items).once() for piece in texts.pieces(_PIECE)]
    sizes = [np.zeros(0, np.int64), *(one.sizes for one in found)]
    joined = [pa.array([], pa.large_string()), *(one.head(shown).joined("; ") for one in found)]
    return np.concatenate(sizes), pa.concat_arrays(joined)


def listed(found: Iterable[str]) -> str:
    """The different ones of `found`, trimmed, joined by '; '."""
    return "; ".join(dict.fromkeys(one.strip() for one in found))
