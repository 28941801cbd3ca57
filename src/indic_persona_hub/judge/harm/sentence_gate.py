"""A gate before slow rules: of a batch of texts, the sentences that hold the key words of a rule.

What a rule needs is read from its pattern (`key_words`), so no sentence that it matches is kept
back. Where in the sentence the words stand is left to the rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import compress, groupby
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indic_persona_hub.judge.harm.key_words import LEAST, Need, edged, needs_of
from indic_persona_hub.judge.harm.sentences import sentences
from indic_persona_hub.judge.measure import Measures
from indic_persona_hub.judge.words import listed
from indic_persona_hub.reference.chunks import Items, Remembered, Spread, Texts

_PIECE: Final = 8192  # texts

#: In the dialect of RE2: a sentence surely ends between two chunks, see `sentences`.
_ENDS: Final = "[.!?।॥۔]$"
_BEGINS: Final = r"^[^a-z\s\x0b\x1c-\x1f\x85\p{Z}]"

_EDGED: Final = Remembered(edged)


class Sentence(NamedTuple):
    """A sentence, and the patterns that may match it: no other one is searched for."""

    text: str
    patterns: tuple[re.Pattern[str], ...]

    def search(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """The first match of `pattern`."""
        return pattern.search(self.text) if self._may_hold(pattern) else None

    def finditer(self, pattern: re.Pattern[str]) -> Iterable[re.Match[str]]:
        """All matches of `pattern`."""
        return pattern.finditer(self.text) if self._may_hold(pattern) else ()

    def _may_hold(self, pattern: re.Pattern[str]) -> bool:
        return any(one is pattern for one in self.patterns)


class SentenceGate:
    """Finds the sentences that one of `patterns` may match."""

    def __init__(self, *patterns: re.Pattern[str]) -> None:
        self._patterns = patterns
        self._held = Remembered(self._look)

    def all_of(self, text: str) -> list[Sentence]:
        """The sentences of `text`, each to be searched for everything."""
        return [Sentence(one, self._patterns) for one in sentences(text)]

    def sentences(self, texts: Texts) -> Iterator[tuple[int, list[Sentence]]]:
        """The rows of `texts` that hold such sentences, and those."""
        held = Items.of(texts.each(self._held))
        ends, begins = texts.once(_sentence_marks)
        for number, piece in enumerate(texts.pieces(_PIECE)):
            new = np.zeros(len(piece.codes) + 1, np.bool_)
            new[1:-1] = ends[piece.codes[:-1]] & begins[piece.codes[1:]]
            new[piece.starts] = True
            first = np.flatnonzero(new)
            passing = self._passing(piece.spread(held), first)
            for row, found in groupby(self._written(piece, first, passing), key=lambda one: one[0]):
                yield number * _PIECE + row, [sentence for _, sentence in found]

    @cached_property
    def _ways(self) -> list[list[frozenset[Need]]]:
        """The ways of each pattern, see `needs_of`."""
        return [needs_of(pattern) for pattern in self._patterns]

    @cached_property
    def _starts(self) -> dict[str, dict[str, set[Need]]]:
        """By the first letters of a piece: what needs each piece meets."""
        found: dict[str, dict[str, set[Need]]] = {}
        for need in {need for ways in self._ways for way in ways for need in way}:
            for piece in need:
                found.setdefault(piece[:LEAST], {}).setdefault(piece, set()).add(need)
        return found

    def _look(self, chunk: str) -> tuple[frozenset[Need], ...]:
        """What needs `chunk` meets, if any."""
        written = _EDGED[chunk]
        found: set[Need] = set()
        for at in range(len(written) - LEAST + 1):
            for piece, needs in self._starts.get(written[at : at + LEAST], {}).items():
                if written.startswith(piece, at):
                    found |= needs
        return (frozenset(found),) if found else ()

    def _passing(
        self, held: Spread[frozenset[Need]], first: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Whether the stretches that begin with the chunks `first` (columns) hold all needs of a
        way of each pattern (rows).
        """
        stretches = np.searchsorted(first, held.holders, side="right") - 1
        sets = np.zeros((len(held.values), len(first)), np.bool_)
        sets[held.places, stretches] = True
        met: dict[Need, NDArray[np.bool_]] = {}
        for needs, there in zip(held.values, sets, strict=True):
            for need in needs:
                met[need] = met[need] | there if need in met else there
        passing = np.zeros((len(self._ways), len(first)), np.bool_)
        for row, ways in zip(passing, self._ways, strict=True):
            for way in ways:
                if all(need in met for need in way):
                    row |= np.logical_and.reduce([met[need] for need in way])
        return passing

    def _written(
        self, texts: Texts, first: NDArray[np.int64], passing: NDArray[np.bool_]
    ) -> Iterator[tuple[int, Sentence]]:
        """The rows and sentences of the stretches that are `passing`."""
        stretches = np.flatnonzero(passing.any(axis=0))
        rows = np.searchsorted(texts.starts, first[stretches], side="right") - 1
        for row, at in zip(rows.tolist(), stretches.tolist(), strict=True):
            codes = texts.codes[first[at] : first[at + 1]].tolist()
            stretch = " ".join(map(texts.chunks.__getitem__, codes))
            patterns = tuple(compress(self._patterns, passing[:, at]))
            yield from ((row, Sentence(one, patterns)) for one in sentences(stretch))


def _sentence_marks(texts: Texts) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Whether a sentence may end with each different chunk, and whether one may begin."""
    return texts.matching(_ENDS), texts.matching(_BEGINS)


def counted(found: Mapping[int, Sequence[str]], rows: int, most: int) -> Measures:
    """Evidence on `rows` rows from the phrases `found` in some: more than `most` fail."""
    value = np.zeros(rows)
    detail = [""] * rows
    for row, phrases in found.items():
        value[row] = len(phrases)
        detail[row] = listed(phrases)
    return Measures(value, 1 / (1 + 3 * value), value > most, detail)
