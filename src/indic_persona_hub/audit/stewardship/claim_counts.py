"""How often what a list says of somebody stands in the personas of that group, and in others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from indic_persona_hub.audit.stewardship.counting import Counts
from indic_persona_hub.audit.stewardship.groups import COLUMNS
from indic_persona_hub.audit.stewardship.lists import Lists
from indic_persona_hub.audit.stewardship.terms import Phrases
from indic_persona_hub.reference.chunks import Spread

#: Rows that are remembered for each claim.
ROWS_A_CLAIM: Final = 3
#: Rows that are remembered altogether.
MOST_ROWS: Final = 100


@dataclass
class ClaimCounts:
    """Personas by claim; arrays have one entry a claim of the lists.

    Attributes:
        rows: Personas looked at.
        of_identity, saying: Personas of the identity; personas with what is said of it.
        both: Personas with both.
        personas: Personas that repeat any claim.
        squares: Sum over personas of the square of how many claims each repeats.
        examples: Ids of the first personas that repeat each claim.
    """

    rows: int
    of_identity: Counts
    saying: Counts
    both: Counts
    personas: int
    squares: int
    examples: list[list[str]]

    @classmethod
    def none(cls, claims: int) -> ClaimCounts:
        """Nothing looked at yet."""
        zeros = [np.zeros(claims, np.int64) for _ in range(3)]
        return cls(0, zeros[0], zeros[1], zeros[2], 0, 0, [[] for _ in range(claims)])

    def merge(self, other: ClaimCounts) -> None:
        """Add another stretch of the set, one that comes later."""
        self.rows += other.rows
        self.of_identity = self.of_identity + other.of_identity
        self.saying = self.saying + other.saying
        self.both = self.both + other.both
        self.personas += other.personas
        self.squares += other.squares
        for ours, theirs in zip(self.examples, other.examples, strict=True):
            ours.extend(theirs[: ROWS_A_CLAIM - len(ours)])


class Claims:
    """The lists in the form in which texts are looked at."""

    def __init__(self, lists: Lists) -> None:
        self._claims = np.array(lists.claims, np.int64).reshape(-1, 2)
        terms = {words: None for one in lists.identities for words in one.words}
        terms |= {words: None for one in lists.said for words in one.phrases}
        numbers = {words: number for number, words in enumerate(terms)}
        self._phrases = Phrases([(words,) for words in terms])
        self._named = _matrix([[numbers[one] for one in who.words] for who in lists.identities],
                              len(numbers))  # fmt: skip
        self._stated = _matrix(
            [[] if who.group is None else [who.group] for who in lists.identities], COLUMNS
        )
        self._said = _matrix([[numbers[one] for one in it.phrases] for it in lists.said],
                             len(numbers))  # fmt: skip
        self._least = np.array([one.least for one in lists.said], np.int32)

    def repeated(
        self, spread: Spread[str], held: csr_array, belongs: NDArray[np.bool_]
    ) -> tuple[csr_array, csr_array, csr_array]:
        """Which texts (rows) are of the identity of a claim (columns), which say what it says, and
        which repeat it; 1 where they do. See `counting.count_words` for the arguments.
        """
        found = self._phrases.held(spread, held)
        stated = csr_array(belongs.astype(np.int32)) @ self._stated
        identities = csr_array((found @ self._named + stated) > 0).astype(np.int32)
        times = csr_array(found @ self._said)
        times.data = (times.data >= self._least[times.indices]).astype(np.int32)
        times.eliminate_zeros()
        ours, theirs = identities[:, self._claims[:, 0]], times[:, self._claims[:, 1]]
        both = csr_array(ours.multiply(theirs))
        both.eliminate_zeros()
        return ours, theirs, both


@lru_cache(maxsize=2)
def claims_of_lists(lists: Lists) -> Claims:
    """`Claims`, made once a process."""
    return Claims(lists)


def count_claims(
    lists: Lists,
    spread: Spread[str],
    held: csr_array,
    belongs: NDArray[np.bool_],
    ids: Sequence[str],
) -> ClaimCounts:
    """The texts of a batch, with their `ids`."""
    ours, theirs, both = claims_of_lists(lists).repeated(spread, held, belongs)
    by_claim = both.tocsc()
    by_claim.sort_indices()
    examples = [
        [ids[row] for row in by_claim.indices[first : min(first + ROWS_A_CLAIM, last)]]
        for first, last in zip(by_claim.indptr[:-1], by_claim.indptr[1:], strict=True)
    ]
    by_persona = np.diff(both.tocsr().indptr).astype(np.int64)
    return ClaimCounts(
        len(ids), _sums(ours), _sums(theirs), _sums(both),
        int((by_persona > 0).sum()), int((by_persona**2).sum()), examples,
    )  # fmt: skip


def _sums(table: csr_array) -> Counts:
    return np.asarray(table.sum(axis=0), np.int64).ravel()


def _matrix(places: Sequence[Sequence[int]], rows: int) -> csr_array:
    """1 where a column has a place among the rows."""
    columns = np.repeat(np.arange(len(places)), [len(one) for one in places])
    at = np.array([place for one in places for place in one], np.int64)
    ones = np.ones(len(at), np.int32)
    return csr_array((ones, (at, columns)), shape=(rows, len(places)))
