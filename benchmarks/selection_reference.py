"""The rule of selection in slow, plain Python: strata take turns, one row at a time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from indic_persona_hub.select.settings import Selection


class Row(NamedTuple):
    """A row as selection sees it; the fields are those of `Standing`, and its number."""

    number: int
    failed: int
    confidence: float
    document: int
    domain: int
    cluster: int
    method: int
    language: int
    source: int
    tie: int


def reference(rows: list[Row], selection: Selection, minimum: float) -> set[int]:
    """The numbers of the rows that are kept.

    Args:
        minimum: `selection.minimum_confidence` in the 32 bits of the rows' confidence.
    """
    passing = [row for row in rows if row.failed == 0 and row.confidence >= minimum]
    eligible = [row for row in passing if row.document < 0]
    with_document = (row for row in passing if row.document >= 0)
    for of_one in grouped(with_document, lambda row: row.document).values():
        of_one.sort(key=lambda row: (-row.confidence, row.number))
        eligible += of_one[: selection.per_document]
    lines = [
        list(in_turn(of_one))[: selection.cap]
        for of_one in grouped(eligible, lambda row: row.domain).values()
    ]
    return {row.number for row in cut(lines, selection.target)}


def in_turn(rows: list[Row]) -> Iterator[Row]:
    """The rows of a domain in the order in which they are kept."""
    seen: Counter[int] = Counter()
    rank = {}
    for row in sorted(rows, key=merit):
        rank[row.number] = seen[row.cluster] if row.cluster >= 0 else 0
        seen[row.cluster] += 1
    strata = grouped(rows, lambda row: (row.method, row.language, row.source))
    waiting = [
        sorted(stratum, key=lambda row: (rank[row.number], merit(row)), reverse=True)
        for stratum in strata.values()
    ]
    while waiting:
        yield from sorted((stratum.pop() for stratum in waiting), key=merit)
        waiting = [stratum for stratum in waiting if stratum]


def cut(lines: list[list[Row]], target: int | None) -> Iterator[Row]:
    """The first of every domain, the second of every domain, and so on, to the target."""
    left = sum(map(len, lines)) if target is None else target
    place = 0
    while left > 0 and any(len(line) > place for line in lines):
        turn = sorted((line[place] for line in lines if len(line) > place), key=merit)
        yield from turn[:left]
        left, place = left - len(turn), place + 1


def merit(row: Row) -> tuple[float, int, int]:
    return (-row.confidence, row.tie, row.number)


def grouped(rows: Iterable[Row], key: Callable[[Row], Any]) -> dict[Any, list[Row]]:
    groups: defaultdict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups
