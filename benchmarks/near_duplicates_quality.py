"""How well clusters agree with the workload's truth, counted in pairs of rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray
from peers_measured import batches
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

THRESHOLD = 0.9


class Truth(NamedTuple):
    """Of all rows, in reading order.

    Attributes:
        component: The rows that a chain of pairs of at least 0.9 links share a number.
        one, other: The rows of each pair of at least 0.9.
    """

    component: NDArray[np.int64]
    one: NDArray[np.int64]
    other: NDArray[np.int64]


def truth(workload: Path) -> Truth:
    ids = pa.chunked_array([batch["id"] for batch in batches(workload / "personas", ["id"])])
    pairs = pq.read_table(workload / "truth" / "pairs.parquet")
    near = pairs.filter(pc.greater_equal(pairs["jaccard"], THRESHOLD))
    one, other = (
        pc.index_in(near[side], ids).to_numpy().astype(np.int64) for side in near.column_names[:2]
    )
    edges = coo_matrix((np.ones(len(one), bool), (one, other)), (len(ids), len(ids)))
    _, component = connected_components(edges, directed=False)
    return Truth(np.asarray(component, np.int64), one, other)


def quality(known: Truth, clusters: NDArray[np.int64]) -> dict[str, float]:
    """Pairs in one cluster against pairs in one component, and against pairs of at least 0.9.

    `recall`: share of the pairs in one true component that are in one cluster. `precision`: share
    of the pairs in one cluster that are in one true component. `pair_recall`, `pair_precision`: the
    same for pairs whose own similarity is at least 0.9; a chain of such pairs lowers the precision
    of the best of methods.
    """
    both = _pairs(clusters * len(clusters) + known.component)
    clustered, true = _pairs(clusters), _pairs(known.component)
    met = int((clusters[known.one] == clusters[known.other]).sum())
    return {
        "recall": _share(both, true),
        "precision": _share(both, clustered),
        "pair_recall": _share(met, len(known.one)),
        "pair_precision": _share(met, clustered),
    }


def _pairs(labels: NDArray[Any]) -> int:
    """Pairs of rows with the same label."""
    _, sizes = np.unique(labels, return_counts=True)
    return int((sizes * (sizes - 1) // 2).sum())


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0
