"""Candidates of all families, and which of them stand where they overlap."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable
from typing import NamedTuple

#: How sure a candidate is; the lower goes before.
CERTAIN, LABELLED, CHECKED, NAMED, SHAPED = range(5)


class Candidate(NamedTuple):
    """What a stretch of the plain text may be; see `findings.Finding`.

    Attributes:
        rank: `CERTAIN` by its form alone, `LABELLED` by words before it and valid, `CHECKED` by its
            check digit, `NAMED` by words before it and not valid, `SHAPED` by its form.
    """

    rank: int
    kind: str
    start: int
    end: int
    valid: bool


def settled(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Those that stand, by `start`: the surest first, then the longest.

    No two overlap, but that what is proved to be either of two kinds stands as both.
    """
    standing: list[Candidate] = []
    places: list[tuple[int, int, int]] = []
    for one in sorted(candidates, key=_order):
        place = one.start, one.end, one.rank
        at = bisect(places, place)
        if all(_stands_beside(place, other) for other in places[max(0, at - 1) : at + 1]):
            places.insert(at, place)
            standing.append(one)
    return sorted(standing, key=lambda one: (one.start, one.kind))


def _stands_beside(one: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
    apart = one[1] <= other[0] or other[1] <= one[0]
    return apart or (one == other and one[2] == CHECKED)


def _order(one: Candidate) -> tuple[int, int, int, str]:
    return (one.rank, one.start - one.end, one.start, one.kind)
