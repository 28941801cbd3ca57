"""Exact Jaccard similarity of pairs of rows whose sets stand in slices on the disk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from indic_persona_hub.judge.duplicates.equal_keys import rows_by_slice
from indic_persona_hub.judge.duplicates.gram_sets import Grams, like_sized, padded, spread
from indic_persona_hub.judge.duplicates.normal_words import Rows
from indic_persona_hub.stage import Keyed

#: Grams in memory at a time: 256 MB.
_GRAMS: Final = 2**26


class _Sets(NamedTuple):
    rows: Rows
    grams: Grams
    starts: Rows
    sizes: Rows


def similarity(keys: Keyed, one: Rows, other: Rows, sizes: Rows) -> npt.NDArray[np.float64]:
    """Jaccard similarity of the sets of each pair of rows, from the keys `grams`.

    Args:
        one: The first row of each pair; fewest reads where they ascend.
        other: The second.
        sizes: Of the sets of all rows.
    """
    found = np.empty(len(one), np.float64)
    for chunk in _chunks(sizes[one] + sizes[other]):
        sets = _loaded(keys, one[chunk], other[chunk], sizes)
        found[chunk] = _jaccard(sets, one[chunk], other[chunk])
    return found


def _chunks(sizes: Rows) -> Iterator[slice]:
    """Pairs that need at most `_GRAMS` together, and at least one."""
    ends = np.cumsum(sizes)
    at, done = 0, 0
    while at < len(sizes):
        past = max(at + 1, int(np.searchsorted(ends, done + _GRAMS, "right")))
        yield slice(at, past)
        at, done = past, int(ends[past - 1])


def _loaded(keys: Keyed, one: Rows, other: Rows, sizes: Rows) -> _Sets:
    rows = np.sort(np.concatenate([one, other]))
    rows = rows[np.append(True, rows[1:] != rows[:-1])]
    ends = np.cumsum(sizes[rows])
    starts = ends - sizes[rows]
    grams = np.empty(ends[-1], np.uint32)
    for number, place, inside in rows_by_slice(keys, rows):
        first = rows[place.start] - inside[0]
        of_slice = sizes[first : first + keys.rows_by_slice[number]]
        wanted = spread((np.cumsum(of_slice) - of_slice)[inside], of_slice[inside])
        kept = slice(starts[place.start], ends[place.stop - 1])
        grams[kept] = keys.part("grams", number).take(wanted)
    return _Sets(rows, grams, starts, sizes[rows])


def _jaccard(sets: _Sets, one: Rows, other: Rows) -> npt.NDArray[np.float64]:
    one, other = np.searchsorted(sets.rows, one), np.searchsorted(sets.rows, other)
    both = sets.sizes[one] + sets.sizes[other]
    common = np.zeros(len(one), np.int64)
    for pairs in like_sized(np.maximum(sets.sizes[one], sets.sizes[other])):
        sides = [
            padded(sets.grams, sets.starts[side[pairs]], sets.sizes[side[pairs]])[0]
            for side in (one, other)
        ]
        matrix = np.concatenate(sides, axis=1)
        matrix.sort(axis=1)
        inside = np.arange(1, matrix.shape[1]) < both[pairs, None]
        common[pairs] = np.count_nonzero((matrix[:, 1:] == matrix[:, :-1]) & inside, axis=1)
    return np.asarray(common / np.maximum(1, both - common))
