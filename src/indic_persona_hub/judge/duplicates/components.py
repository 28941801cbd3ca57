"""Clusters from pairs, and the row of each that stands for it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from indic_persona_hub.judge.duplicates.normal_words import Rows


class Kept(NamedTuple):
    """Who is in a cluster of two or more, and who stands for it."""

    members: Rows
    survivors: Rows


def joined(labels: Rows, one: Rows, other: Rows) -> Rows:
    """`labels` (the lowest place of each component) after the pairs of places are linked."""
    ends = np.concatenate([labels[one], labels[other]])
    nodes, at = np.unique(ends, return_inverse=True)
    edges = coo_matrix(
        (np.ones(len(one), bool), (at[: len(one)], at[len(one) :])), shape=(len(nodes), len(nodes))
    )
    parts, part = connected_components(edges, directed=False)
    lowest = np.empty(parts, np.int64)
    lowest[part[::-1]] = nodes[::-1]
    moved = np.arange(len(labels))
    moved[nodes] = lowest[part]
    return moved[labels]


def kept(cluster: Rows, confidence: npt.NDArray[np.float32]) -> Kept:
    """The members of clusters of at least two rows, ascending by cluster and best first.

    Args:
        cluster: For each row the lowest row of its cluster.
    """
    shared = cluster != np.arange(len(cluster))
    shared[cluster[shared]] = True
    members = np.flatnonzero(shared)
    order = np.lexsort((members, -confidence[members], cluster[members]))
    members = members[order]
    of = cluster[members]
    heads = np.flatnonzero(np.append(True, of[1:] != of[:-1])[: len(of)])
    return Kept(members, np.repeat(members[heads], np.diff(np.append(heads, len(of)))))
