"""Which row stands for which: the best first, and only over rows that are close to it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from indic_persona_hub.judge.meaning.close_rows import Links
from indic_persona_hub.stage import Clusters

Rows = NDArray[np.int64]


def ranks(confidence: NDArray[np.float32], rows: Rows) -> Rows:
    """The rank of each of `rows` (ascending): 0 has the best confidence, then the lowest row."""
    order = np.argsort(-np.nan_to_num(confidence[rows]), kind="stable")
    rank = np.empty(len(rows), np.int64)
    rank[order] = np.arange(len(rows))
    return rank


def alone(rows: int) -> Clusters:
    """Every row a cluster of its own."""
    own = np.arange(rows, dtype=np.int64)
    return Clusters(own, own.copy(), np.ones(rows, np.float32))


def survivors(found: Links, rows: int) -> Clusters:
    """Clusters around rows that nothing better stands for.

    In the order of rank, a row that is close to a survivor is one with it, with the closest where
    there are several; any other is a survivor. So nothing chains: every row is as close to its
    survivor as the links are.

    Args:
        found: From each row to better ones, never in a circle.
        rows: In all.
    """
    survives = _survive(found, rows)
    chosen = np.flatnonzero(survives[found.better] & ~survives[found.row])
    # The closest survivor of each row comes last of its links, the lowest row among equals.
    order = chosen[np.lexsort((-found.better[chosen], found.cosine[chosen], found.row[chosen]))]
    survivor, cluster, similarity = alone(rows)
    survivor[found.row[order]] = found.better[order]
    similarity[found.row[order]] = found.cosine[order]
    np.minimum.at(cluster, survivor, np.arange(rows))
    return Clusters(survivor, cluster[survivor], similarity)


def _survive(found: Links, rows: int) -> NDArray[np.bool_]:
    """Each row's fate follows from those of the better ones: settled from the best on."""
    row, better = found.row, found.better
    survives = np.ones(rows, bool)
    known = np.ones(rows, bool)
    known[row] = False
    while len(row):
        taken = row[known[better] & survives[better]]
        survives[taken] = False
        known[taken] = True
        waiting = np.zeros(rows, bool)
        waiting[row[~known[better]]] = True
        known[row[~waiting[row]]] = True
        kept = ~known[row]
        row, better = row[kept], better[kept]
    return survives
