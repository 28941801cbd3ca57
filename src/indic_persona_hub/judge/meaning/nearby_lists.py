"""Lists of rows whose vectors are near one another: each row stands in several of them.

Two levels of k-means over directions (an inverted file: Jegou, Douze and Schmid, Product
quantization for nearest neighbor search, 2011), each after the mean of what it divides is taken
away: without that, a centre near the mean draws most rows, and embeddings lie in a narrow cone.
All sums are of whole numbers, so that the lists do not depend on how the rows are stored, nor on
the machine.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from indic_persona_hub.judge.meaning.whole_vectors import Floats, Rows, StoredVectors, levelled

#: Rows are divided so often, each time anew: what one division parts, the other may not.
TURNS: Final = 2
#: Rows for each list, of those for which it is the nearest.
_LIST_ROWS: Final = 64
#: Cells of the first level that a row is in, and lists of each of them.
_CELLS: Final = 3
_LISTS: Final = 2
#: Rows for each list, from which its centre is learnt, and in all at most.
_SAMPLED: Final = 16
_MOST_SAMPLED: Final = 1 << 21
_ROUNDS: Final = 4
_ROWS_AT_ONCE: Final = 8192
#: Length of a centre: its products with differences of two levelled vectors stay below 2**24.
_LENGTH: Final = 3900


class Division(NamedTuple):
    """A set divided around its mean.

    Attributes:
        mean: (dimensions,).
        centres: (parts, dimensions), directions from the mean.
    """

    mean: Floats
    centres: Floats

    def scores(self, block: Floats) -> Floats:
        """How far each row lies in the direction of each part: (rows, parts)."""
        return np.asarray((block - self.mean) @ self.centres.T, np.float32)


class Lists(NamedTuple):
    """Cells, and each cell's lists, numbered from `first` on."""

    cells: Division
    lists: list[Division]
    first: Rows


def learnt(vectors: StoredVectors, rows: Rows, turn: int) -> Lists:
    """Lists for `rows`, from rows evenly spaced among them; from others at each turn.

    Args:
        vectors: Of all rows.
        rows: They ascend.
        turn: Below `TURNS`.
    """
    wanted = max(1, len(rows) // _LIST_ROWS)
    size = min(len(rows), wanted * _SAMPLED, _MOST_SAMPLED)
    taken = (np.arange(size) + turn / TURNS) * (len(rows) / size)
    sample = vectors.take(rows[taken.astype(np.int64)])
    number = int(np.ceil(np.sqrt(wanted)))
    cells = _divided(levelled(sample[:: max(1, len(sample) // (64 * number))]), number)
    cell = np.concatenate(
        [
            _best(cells.scores(levelled(sample[at : at + _ROWS_AT_ONCE])), _CELLS)
            for at in range(0, len(sample), _ROWS_AT_ONCE)
        ]
    )
    lists = []
    for at in range(len(cells.centres)):
        inside = np.flatnonzero((cell == at).any(axis=1))
        parts = max(1, round(wanted * len(inside) / cell.size))
        # A cell that no row of the sample is near keeps one list.
        lists.append(_divided(levelled(sample[inside if len(inside) else [0]]), parts))
    first = np.append(0, np.cumsum([len(one.centres) for one in lists]))
    return Lists(cells, lists, first)


def _divided(sample: Floats, number: int) -> Division:
    """At most `number` parts of `sample` by Lloyd's algorithm, from evenly spaced rows."""
    mean = np.rint(sample.sum(axis=0, dtype=np.float64) / len(sample)).astype(np.float32)
    around = sample - mean
    begun = np.unique(np.linspace(0, len(sample) - 1, number).astype(np.int64))
    centres = _directions(around[begun])
    for _ in range(_ROUNDS if number > 1 else 0):
        near = np.argmax(around @ centres.T, axis=1)
        _, part = np.unique(near, return_inverse=True)
        members = csr_matrix((np.ones(len(part)), (part, np.arange(len(part)))))
        centres = _directions(members @ around)
    return Division(mean, centres)


def _directions(sums: NDArray[np.floating]) -> Floats:
    exact = sums.astype(np.float64)
    length = np.maximum(np.sqrt(np.einsum("ij,ij->i", exact, exact)), 1)
    return np.asarray(np.rint(exact * (_LENGTH / length)[:, None]), np.float32)


def memberships(vectors: StoredVectors, rows: Rows, lists: Lists) -> NDArray[np.uint64]:
    """list << 32 | place in `rows`, ascending, of every list that a row stands in."""
    packed = np.empty(len(rows) * _CELLS * _LISTS, np.uint64)
    filled = 0
    for where, part in vectors.parts(rows):
        for at in range(0, len(part), _ROWS_AT_ONCE):
            row, number = _lists_of(levelled(part[at : at + _ROWS_AT_ONCE]), lists)
            packed[filled : filled + len(row)] = number << 32 | (row + where.start + at)
            filled += len(row)
    packed = packed[:filled]
    packed.sort()
    return packed


def _lists_of(block: Floats, lists: Lists) -> tuple[Rows, Rows]:
    """(row of `block`, list) of all lists that each row stands in."""
    cells = _best(lists.cells.scores(block), _CELLS)
    order = np.argsort(cells, axis=None, kind="stable")
    edges = np.searchsorted(cells.ravel()[order], np.arange(len(lists.lists) + 1))
    rows, numbers = [], []
    for cell in np.flatnonzero(np.diff(edges)):
        row = order[edges[cell] : edges[cell + 1]] // cells.shape[1]
        best = _best(lists.lists[cell].scores(block[row]), _LISTS)
        rows.append(np.repeat(row, best.shape[1]))
        numbers.append(best.ravel() + lists.first[cell])
    return np.concatenate(rows), np.concatenate(numbers)


def _best(scores: Floats, number: int) -> Rows:
    """Columns of the highest scores of each row, in no order: (rows, at most `number`)."""
    if scores.shape[1] <= number:
        return np.tile(np.arange(scores.shape[1]), (len(scores), 1))
    # Chosen within each row, from whole numbers: which of two equals it is never depends on others.
    return np.argpartition(scores, scores.shape[1] - number, axis=1)[:, -number:]
