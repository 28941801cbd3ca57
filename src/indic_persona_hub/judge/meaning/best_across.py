"""Pairs of rows of different groups of which each is the other's nearest in its group."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from indic_persona_hub.judge.meaning.close_rows import FEW, Batch, Links, batches, joined
from indic_persona_hub.judge.meaning.whole_vectors import (
    Floats,
    Rows,
    StoredVectors,
    inverse_lengths,
    levelled,
)

#: Groups are numbered below this.
MOST_GROUPS: Final = 32
_BLOCK: Final = 512


def best_across(
    vectors: StoredVectors,
    rows: Rows,
    group: NDArray[np.uint8],
    threshold: float,
    *,
    few: int = FEW,
) -> Links:
    """Pairs of a cosine of at least `threshold`, the lower row second.

    Args:
        vectors: Of all rows.
        rows: Compared with one another; they ascend.
        group: Of each of `rows`, below `MOST_GROUPS`.
        threshold: Lowest cosine, above 0.
        few: As many rows are compared each with each; more only within the lists they share.
    """
    found = joined(_in_batch(batch, group, threshold) for batch in batches(vectors, rows, few=few))
    # The nearest in each group, over all lists: the last of its row and group.
    to = found.row * MOST_GROUPS + group[found.better]
    order = np.lexsort((-found.better, found.cosine, to))
    last = order[np.append(to[order][1:] != to[order][:-1], True)[: len(order)]]
    one, other, cosine = found.row[last], found.better[last], found.cosine[last]
    both = np.intersect1d(one << 32 | other, other << 32 | one)
    mutual = np.isin(one << 32 | other, both) & (other < one)
    return Links(rows[one[mutual]], rows[other[mutual]], cosine[mutual])


def _in_batch(batch: Batch, group: NDArray[np.uint8], threshold: float) -> Links:
    parts = []
    for members in batch.lists():
        places = batch.places[members]
        if len(np.bincount(group[places], minlength=1).nonzero()[0]) > 1:
            block = levelled(batch.read[batch.where[members]])
            found = _nearest(block, group[places], threshold)
            parts.append(Links(places[found.row], places[found.better], found.cosine))
    return joined(parts)


def _nearest(block: Floats, group: NDArray[np.uint8], threshold: float) -> Links:
    """The nearest of each row in every group but its own, where it is near enough."""
    scale = inverse_lengths(block)
    parts = []
    for one in np.bincount(group).nonzero()[0]:
        columns = np.flatnonzero(group == one)
        others = np.flatnonzero(group != one)
        for at in range(0, len(others), _BLOCK):
            row = others[at : at + _BLOCK]
            cosine = np.minimum(
                (block[row] @ block[columns].T) * scale[row, None] * scale[columns], 1
            )
            # Among equals the first, and members ascend.
            best = cosine.argmax(axis=1)
            nearest = cosine[np.arange(len(row)), best]
            near = nearest >= threshold
            parts.append(Links(row[near], columns[best[near]], nearest[near]))
    return joined(parts)
