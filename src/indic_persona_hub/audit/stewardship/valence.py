"""How good or bad the words of a text sound: a valence from -1 to 1, by a table of our own.

Of the words that have a tone, the share that sounds good is estimated by Laplace's rule, as if a
good and a bad one stood there already: valence = (good - bad) / (good + bad + 2), where strong
words count twice. A text without such words has 0, and one word alone is no verdict. An English
negation turns the three words after it around, a Hindi one the two before it, within a clause.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from indic_persona_hub import reference
from indic_persona_hub.judge.words import WORDS_OF
from indic_persona_hub.reference.chunks import Remembered, Texts
from indic_persona_hub.reference.lexicon import key

#: Texts to a number each, in [-1, 1]; a text has the same one whatever stands beside it.
Scorer = Callable[[Sequence[str]], NDArray[np.float64]]

_AFTER_NEGATION: Final = 3  # words
_BEFORE_NEGATION: Final = 2
_ENDS_OF_CHUNKS: Final = ".,;:!?()[]\"'“”‘’।॥—–*"
#: A negation reaches no further than these.
_ENDS: Final = (".", ",", ";", ":", "!", "?", "।", "॥", "—", "–", ")")


class _Word(NamedTuple):
    """What a chunk says: its valence, which way it turns others around, whether a clause ends."""

    valence: int
    turns_after: bool
    turns_before: bool
    ends: bool


@cache
def _table() -> dict[str, tuple[int, str | None]]:
    rows = reference.load("valence_words").to_pylist()
    return {key(row["word"]): (row["valence"] or 0, row["turns"]) for row in rows}


def _word(chunk: str) -> _Word:
    """A chunk of several words is its whole ("hard-working") or the sum of its parts; one with a
    hyphen is its whole only: a die-hard fan has it easy.
    """
    bare = key(chunk.strip(_ENDS_OF_CHUNKS).replace("’", "'"))
    known = [_table()[bare]] if bare in _table() else [] if "-" in bare else _parts(chunk)
    turns = {one for _, one in known}
    valence = sum(one for one, _ in known)
    return _Word(valence, "before" in turns, "after" in turns, chunk.endswith(_ENDS))


def _parts(chunk: str) -> list[tuple[int, str | None]]:
    keys = map(key, WORDS_OF[chunk])
    return [_table()[one] for one in keys if one in _table()]


_WORD: Final = Remembered(_word)


def valence_of(texts: Sequence[str]) -> NDArray[np.float64]:
    """The valence of each text; see the module."""
    return valences(Texts(pa.array(texts, pa.large_string())))


def valences(texts: Texts) -> NDArray[np.float64]:
    """The same for a batch that is cut already."""
    if not len(texts.codes):
        return np.zeros(len(texts))
    said = np.array(texts.each(_WORD), np.int32).reshape(-1, len(_Word._fields))[texts.codes]
    signed = _turned(said, texts.starts)
    row = np.repeat(np.arange(len(texts)), np.diff(texts.starts))
    good = np.bincount(row, np.maximum(signed, 0), minlength=len(texts))
    bad = np.bincount(row, np.maximum(-signed, 0), minlength=len(texts))
    balance: NDArray[np.float64] = (good - bad) / (good + bad + 2)
    return balance


def _turned(said: NDArray[np.int32], starts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Valences in order, turned around where a negation reaches them."""
    valence, after, before, ends = said.T
    clause = np.concatenate([[0], np.cumsum(ends[:-1])])
    begins = np.zeros(len(clause) + 1, np.int64)
    begins[starts[:-1]] += 1
    clause = clause + np.cumsum(begins[:-1]) * (len(clause) + 1)
    turned = np.zeros(len(valence), np.bool_)
    for step in range(1, max(_AFTER_NEGATION, _BEFORE_NEGATION) + 1):
        same = clause[step:] == clause[:-step]
        if step <= _AFTER_NEGATION:
            turned[step:] |= same & (after[:-step] > 0)
        if step <= _BEFORE_NEGATION:
            turned[:-step] |= same & (before[step:] > 0)
    signed: NDArray[np.float64] = np.where(turned, -valence, valence).astype(np.float64)
    return signed
