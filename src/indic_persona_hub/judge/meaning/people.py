"""Counting people where one person is told more than once: in other scripts, in other languages."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from indic_persona_hub.stage import Clusters

Rows = NDArray[np.int64]


def linked(one: Rows, other: Rows, rank: Rows) -> tuple[Rows, Rows]:
    """Connected components of pairs of rows.

    Args:
        one: Rows.
        other: The row that each is linked with.
        rank: Of every row there is; the lowest of a component stands for it.

    Returns:
        For each row the one that stands for it, and the lowest row of its component.
    """
    pairs = coo_matrix((np.ones(len(one), bool), (one, other)), shape=(len(rank), len(rank)))
    _, label = connected_components(pairs, directed=False)
    return _first(label, rank), _first(label, np.arange(len(rank)))


def _first(label: Rows, order: Rows) -> Rows:
    """For each row the one of its label that comes first in `order`."""
    by_order = np.argsort(order)
    found = np.empty(label.max(initial=-1) + 1, np.int64)
    found[label[by_order[::-1]]] = by_order[::-1]
    return found[label]


def people(*judged: Clusters, among: NDArray[np.bool_]) -> int:
    """How many different people the rows tell of, where linked rows tell of one.

    Args:
        judged: Of judges that link over the same rows: a row linked by any of them is linked.
        among: The rows that count.
    """
    rows = np.arange(len(among))
    one = np.concatenate([rows[:0], *(rows[clusters.survivor != rows] for clusters in judged)])
    other = np.concatenate(
        [rows[:0], *(clusters.survivor[clusters.survivor != rows] for clusters in judged)]
    )
    both = among[one] & among[other]
    _, cluster = linked(one[both], other[both], rows)
    return len(np.unique(cluster[among]))
