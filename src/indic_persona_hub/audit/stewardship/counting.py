"""In how many personas of each group a word stands: counts that are bounded, and can be added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from indic_persona_hub.audit.stewardship.groups import ALL_ROWS, COLUMNS
from indic_persona_hub.judge.words import WORDS_OF
from indic_persona_hub.reference.chunks import Items, Remembered, Spread, Texts

#: So many words are kept, the commonest; a stretch of a set may have twice as many for a while.
MOST_WORDS: Final = 40_000
_LONGEST: Final = 40  # characters
Counts = NDArray[np.int64]


def _nothing() -> Counts:
    return np.zeros((0, COLUMNS), np.int64)


@dataclass
class WordCounts:
    """Words with the personas that hold them.

    Attributes:
        words: Each word's row in `counts`.
        counts: Personas that hold the word, by `groups.COLUMNS`; a persona counts once.
        dropped: Whether rare words had to be forgotten.
    """

    words: dict[str, int] = field(default_factory=dict)
    counts: Counts = field(default_factory=_nothing)
    dropped: bool = False

    def add(self, words: Sequence[str], counts: Counts) -> None:
        """Add the counts of some words, one row each."""
        places = [self.words.setdefault(word, len(self.words)) for word in words]
        if len(self.words) > len(self.counts):
            grown = np.zeros((max(len(self.words), 2 * len(self.counts)), COLUMNS), np.int64)
            grown[: len(self.counts)] = self.counts
            self.counts = grown
        self.counts[places] += counts
        if len(self.words) > 2 * MOST_WORDS:
            self.keep(MOST_WORDS)

    def keep(self, most: int) -> None:
        """Forget all but the commonest words, and room that is not used."""
        self.counts = self.counts[: len(self.words)]
        if len(self.words) <= most:
            return
        names = list(self.words)
        common = self.counts[:, ALL_ROWS]
        order = sorted(range(len(names)), key=lambda one: (-int(common[one]), names[one]))[:most]
        self.words = {names[one]: place for place, one in enumerate(order)}
        self.counts = self.counts[order]
        self.dropped = True

    def merge(self, other: WordCounts) -> None:
        """Add the words of another stretch of the set."""
        self.dropped |= other.dropped
        self.add(list(other.words), other.counts[: len(other.words)])


def spread_of(texts: Texts) -> Spread[str]:
    """The words of each text in order, casefolded."""
    return texts.spread(Items.of(texts.each(WORDS_OF)))


def holding(spread: Spread[str]) -> csr_array:
    """Which texts (rows) hold which of `spread.values` (columns): 1 where they do."""
    once = spread.once()
    shape = (len(once.sizes), len(once.values))
    return csr_array((np.ones(len(once.places), np.int32), once.places, once.starts), shape=shape)


def count_words(
    into: WordCounts, spread: Spread[str], held: csr_array, belongs: NDArray[np.bool_]
) -> None:
    """Add the texts of a batch.

    Args:
        held: See `holding`.
        belongs: See `groups.belonging`.
    """
    counts = (csr_array(belongs.T.astype(np.int32)) @ held).toarray().T
    worded = [place for place, word in enumerate(spread.values) if _IS_WORD[word]]
    into.add([spread.values[place] for place in worded], counts[worded].astype(np.int64))


def is_word(word: str) -> bool:
    """Whether it is worth counting: no number, no single letter, nothing endless."""
    return 1 < len(word) <= _LONGEST and not any(letter.isdecimal() for letter in word)


_IS_WORD: Final = Remembered(is_word)
