"""For each row the better-ranked rows that are as close to it as a threshold asks.

Rows of one list are compared best rank first, and only with those that no better one stands for
yet: a million copies of one text cost a million comparisons, and little memory.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import numpy as np

from indic_persona_hub.judge.meaning.nearby_lists import TURNS, learnt, memberships
from indic_persona_hub.judge.meaning.whole_vectors import (
    LENGTH,
    Floats,
    Rows,
    StoredVectors,
    Whole,
    inverse_lengths,
    levelled,
)

#: Up to so many rows are compared each with each.
FEW: Final = 8192
#: Vectors of as many rows as fit are held at once.
_MOST_BYTES: Final = 1 << 30
#: A longer list is near copies of one text: each part of it then keeps one.
_MOST_MEMBERS: Final = 1 << 20
_BLOCK: Final = 512
_COLUMNS: Final = 1 << 14
#: Better rows that are kept for one row and list.
_MOST_LEADERS: Final = 8
#: By how much products of levelled vectors may be off, since their lengths are.
_ALLOWANCE: Final = 0.95


class Links(NamedTuple):
    """Pairs of rows: `row` is close to the better-ranked `better`."""

    row: Rows
    better: Rows
    cosine: Floats


def links(
    vectors: StoredVectors, rows: Rows, rank: Rows, threshold: float, *, few: int = FEW
) -> Links:
    """Links among `rows` of a cosine of at least `threshold`, by row and better row ascending.

    Args:
        vectors: Of all rows.
        rows: Compared with one another; they ascend.
        rank: Of each of `rows`; the lowest is the best.
        threshold: Lowest cosine, above 0.
        few: As many rows are compared each with each; more only within the lists they share.
    """
    found = joined(_led_by_rank(one, rank, threshold) for one in batches(vectors, rows, few=few))
    # A pair that shares several lists is found in each.
    _, first = np.unique(found.row << 32 | found.better, return_index=True)
    return Links(rows[found.row[first]], rows[found.better[first]], found.cosine[first])


class Batch(NamedTuple):
    """Some lists of rows, with the vectors of all their members.

    Attributes:
        places: Of the members of one list after the other, among all rows compared.
        bounds: Where each list begins in `places`, and the end.
        read: Vectors; that of `places[i]` is `read[where[i]]`.
    """

    places: Rows
    bounds: Rows
    read: Whole
    where: Rows

    def lists(self) -> Iterator[slice]:
        """Where the members of each list stand in `places`."""
        return itertools.starmap(slice, itertools.pairwise(self.bounds.tolist()))


def batches(vectors: StoredVectors, rows: Rows, *, few: int = FEW) -> Iterator[Batch]:
    """All lists of near ones among `rows` (ascending), as many at a time as memory holds.

    Args:
        vectors: Of all rows.
        rows: Compared with one another.
        few: As many rows are one list; more are divided.
    """
    if len(rows) <= few:
        places = np.arange(len(rows))
        yield Batch(places, np.array([0, len(rows)]), vectors.take(rows), places)
        return
    for turn in range(TURNS):
        yield from _divided(vectors, rows, turn)


def _divided(vectors: StoredVectors, rows: Rows, turn: int) -> Iterator[Batch]:
    packed = memberships(vectors, rows, learnt(vectors, rows, turn))
    begins = np.flatnonzero(packed[1:] >> np.uint64(32) != packed[:-1] >> np.uint64(32)) + 1
    bounds = _cut(np.concatenate([[0], begins, [len(packed)]]))
    most = _MOST_BYTES // vectors.dimensions
    begin = 0
    while begin < len(bounds) - 1:
        end = int(np.searchsorted(bounds, bounds[begin] + most, "right")) - 1
        end = max(end, begin + 1)
        places = (packed[bounds[begin] : bounds[end]] & np.uint64(2**32 - 1)).astype(np.int64)
        held = np.zeros(len(rows), bool)
        held[places] = True
        read = vectors.take(rows[held])
        number = np.cumsum(held) - 1
        yield Batch(places, bounds[begin : end + 1] - bounds[begin], read, number[places])
        begin = end


def _cut(bounds: Rows) -> Rows:
    """Bounds of lists, those of more than `_MOST_MEMBERS` cut in several."""
    runs = [
        np.arange(begin, end, _MOST_MEMBERS) for begin, end in itertools.pairwise(bounds.tolist())
    ]
    return np.concatenate([*runs, bounds[-1:]])


def _led_by_rank(batch: Batch, rank: Rows, threshold: float) -> Links:
    """Links within each of some lists, as places."""
    parts = []
    for members in batch.lists():
        places = batch.places[members]
        order = np.argsort(rank[places])
        found = led(batch.read[batch.where[members][order]], threshold)
        places = places[order]
        parts.append(Links(places[found.row], places[found.better], found.cosine))
    return joined(parts)


def led(ranked: Whole, threshold: float) -> Links:
    """Links among vectors that stand in the order of their rank, by their places.

    A vector that is close to a leader follows it; one that is not is a leader. Links go from
    followers to leaders, at most `_MOST_LEADERS` from each, the best ranked of them.
    """
    leaders = np.zeros(0, np.int64)
    parts = []
    for at in range(0, len(ranked), _BLOCK):
        block = np.arange(at, min(at + _BLOCK, len(ranked)))
        led_before = _near(ranked, block, leaders, threshold)
        free = np.setdiff1d(block, led_before.row) if len(led_before.row) else block
        inside = _near(ranked, free, free, threshold)
        parts += [led_before, _to_leaders(inside)]
        leaders = np.append(leaders, np.setdiff1d(free, parts[-1].row))
    return joined(_best_ranked(part) for part in parts)


def _near(ranked: Whole, ones: Rows, others: Rows, threshold: float) -> Links:
    """Pairs of one of `ones` and an earlier one of `others`."""
    parts = []
    block = levelled(ranked[ones])
    scale = inverse_lengths(block)
    for at in range(0, len(others), _COLUMNS):
        piece = others[at : at + _COLUMNS]
        ahead = block if others is ones else levelled(ranked[piece])
        products = block @ ahead.T
        high = np.flatnonzero(products >= _ALLOWANCE * threshold * LENGTH**2)
        row, better = np.divmod(high, len(piece))
        cosine = products.ravel()[high] * scale[row] * inverse_lengths(ahead)[better]
        # Two roundings of one vector are not quite 1.
        kept = (cosine >= threshold - 1e-6) & (piece[better] < ones[row])
        parts.append(Links(ones[row[kept]], piece[better[kept]], np.minimum(cosine[kept], 1)))
    return joined(parts)


def _to_leaders(inside: Links) -> Links:
    """The links of one block that lead to a row which follows none itself."""
    if not len(inside.row):
        return inside
    follows = set()
    by_better = np.argsort(inside.better, kind="stable")
    betters, begins = np.unique(inside.better[by_better], return_index=True)
    for better, rows in zip(
        betters.tolist(), np.split(inside.row[by_better], begins[1:]), strict=True
    ):
        if better not in follows:
            follows.update(rows.tolist())
    kept = ~np.isin(inside.better, list(follows))
    return Links(inside.row[kept], inside.better[kept], inside.cosine[kept])


def _best_ranked(part: Links) -> Links:
    if not len(part.row):
        return part
    order = np.lexsort((part.better, part.row))
    row = part.row[order]
    kept = order[np.arange(len(row)) - np.searchsorted(row, row) < _MOST_LEADERS]
    return Links(part.row[kept], part.better[kept], part.cosine[kept])


def joined(parts: Iterable[Links]) -> Links:
    """All links of the parts, one after the other."""
    none = Links(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.float32))
    return Links(*(np.concatenate(column) for column in zip(none, *parts, strict=True)))
