"""Classes of groups that some tables do not tell apart, and the best pair of each class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indic_persona_hub.select.ordering import ordered, place_in_run, run_starts
from indic_persona_hub.select.raking import Masses

Counts = NDArray[np.int64]

_MIX: Final = 0x9E3779B97F4A7C15


class Classes(NamedTuple):
    """Groups that may exchange rows, class by class.

    Attributes:
        groups: int64, groups that are not alone in their class.
        number: int64, the class of each.
        starts: int64, where each class begins.
    """

    groups: Counts
    number: Counts
    starts: Counts

    def best(self, giving: Masses, taking: Masses) -> tuple[Counts, Counts, Masses]:
        """Of each class that gains by it, who had best give a row and who take it, and the gain."""
        least = [np.minimum.reduceat(cost, self.starts) for cost in (giving, taking)]
        gain = least[0] + least[1]
        gains = gain < -1e-9
        if not gains.any():
            return np.zeros(0, np.int64), np.zeros(0, np.int64), gain[:0]
        givers, takers = (
            self._first(np.flatnonzero((cost <= low[self.number]) & gains[self.number]))
            for cost, low in zip((giving, taking), least, strict=True)
        )
        return self.groups[givers], self.groups[takers], gain[gains]

    def _first(self, places: Counts) -> Counts:
        """The first of the places in each class."""
        number = self.number[places]
        return places[np.diff(number, prepend=-1) > 0]


def classes_of(keys: Sequence[NDArray[np.int32]], groups: int) -> Classes:
    """Groups with the same keys."""
    mixed = np.zeros(groups, np.uint64)
    for key in keys:
        mixed = (mixed ^ key.astype(np.uint64)) * np.uint64(_MIX)
        mixed ^= mixed >> np.uint64(29)
    order = ordered(mixed)
    starts = run_starts(order, mixed)
    lengths = np.diff(starts, append=groups)
    order = order[np.repeat(lengths > 1, lengths)]
    lengths = lengths[lengths > 1]
    number = np.repeat(np.arange(len(lengths)), lengths)
    return Classes(order, number, np.cumsum(lengths) - lengths)


def within(cell: NDArray[np.int32], quota: Masses) -> NDArray[np.bool_]:
    """True for the first `quota` of each cell, in the order given."""
    order = ordered(cell)
    place = np.empty(len(cell), np.int64)
    place[order] = place_in_run(run_starts(order, cell), len(cell))
    first: NDArray[np.bool_] = place < quota[cell]
    return first
