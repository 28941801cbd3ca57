"""Rows that are alike for the tables, counted together: all that raking ever sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indic_persona_hub.reference.official import Official
from indic_persona_hub.select.ordering import Integers, ordered, run_starts
from indic_persona_hub.select.race import race
from indic_persona_hub.select.raking import Ceiling
from indic_persona_hub.select.spread import cluster_rank
from indic_persona_hub.select.standing import Standing

Codes = Mapping[str, Integers]


class Groups(NamedTuple):
    """Rows with the same codes in every dimension and the same over-full domain, group by group.

    Attributes:
        rows: int64, row numbers; in each group in the order in which they are taken.
        starts: int64, where each group begins.
        sizes: int64, rows of each group.
        cells: For each table int32 by group: its cell in the flattened table; the number of cells
            where a code that the table needs is unknown.
    """

    rows: NDArray[np.int64]
    starts: NDArray[np.int64]
    sizes: NDArray[np.int64]
    cells: tuple[NDArray[np.int32], ...]

    def beyond(self, taken: NDArray[np.int64]) -> NDArray[np.int64]:
        """The row numbers past the first `taken` of each group."""
        ends = np.repeat(self.starts + taken, self.sizes)
        return self.rows[np.arange(len(self.rows)) >= ends]


def groups_of(
    standing: Standing,
    codes: Codes,
    rows: NDArray[np.int64],
    tables: Sequence[Official],
    cap: int | None = None,
) -> tuple[Groups, Ceiling | None]:
    """The groups of some rows, and the caps of their over-full domains.

    In a group the second telling of a cluster comes after the first of every other; else `race`
    says who comes first. Which number a row or a domain has is no matter.

    Args:
        codes: Code of each row by dimension, -1 where unknown.
        rows: Numbers of the rows that may be taken.
        cap: Most rows of a domain; null: there is none.
    """
    bucket, over_full = _buckets(standing, rows, cap)
    key = _combination(codes, rows, tables)
    running = race(standing.tie[rows], standing.confidence[rows])
    rank = _tellings(key, bucket, standing.cluster[rows], running)
    order = ordered(key, bucket, *rank, running)
    starts = run_starts(order, key, bucket)
    sizes = np.diff(starts, append=len(order))
    one_each = rows[order[starts]]
    cells = tuple(cells_of(codes, one_each, table) for table in tables)
    ceiling = None
    if cap is not None and over_full:
        most = np.full(over_full + 1, float(cap))
        most[0] = np.inf
        ceiling = Ceiling(bucket[order[starts]], most)
    return Groups(rows[order], starts, sizes, cells), ceiling


def cells_of(codes: Codes, rows: NDArray[np.int64], table: Official) -> NDArray[np.int32]:
    """The cell of each row in the flattened table; its number of cells where a code is unknown."""
    cell = np.zeros(len(rows), np.int32)
    unknown = np.zeros(len(rows), np.bool_)
    for name, size in zip(table.dimensions, table.persons.shape, strict=True):
        code = codes[name][rows]
        unknown |= code < 0
        cell = cell * np.int32(size) + code
    return np.where(unknown, np.int32(table.persons.size), cell)


def _combination(
    codes: Codes, rows: NDArray[np.int64], tables: Sequence[Official]
) -> NDArray[np.int64]:
    """One number for the codes of a row in all dimensions; those of the first table lead."""
    key = np.zeros(len(rows), np.int64)
    sizes: dict[str, int] = {}
    for table in tables:
        sizes |= dict(zip(table.dimensions, table.persons.shape, strict=True))
    for name, size in sizes.items():
        key *= size + 1
        key += codes[name][rows]
        key += 1
    return key


def _buckets(
    standing: Standing, rows: NDArray[np.int64], cap: int | None
) -> tuple[NDArray[np.int32], int]:
    """A number for each domain with more rows than the cap, by its lowest tie, 0 for all others;
    and how many there are.
    """
    domain = standing.domain[rows]
    over = np.flatnonzero(np.bincount(domain) > cap) if cap is not None else domain[:0]
    if not len(over):
        return np.zeros(len(rows), np.int32), 0
    number = np.zeros(int(domain.max()) + 1, np.int32)
    number[over] = 1
    among = np.flatnonzero(number[domain])
    among = among[ordered(domain[among], standing.tie[rows[among]])]
    lowest = standing.tie[rows[among[run_starts(among, domain)]]]
    number[over[ordered(lowest)]] = np.arange(1, len(over) + 1)
    return number[domain], len(over)


def _tellings(
    key: NDArray[np.int64],
    bucket: NDArray[np.int32],
    cluster: Integers,
    running: NDArray[np.uint64],
) -> tuple[NDArray[np.int32], ...]:
    """How many of a row's cluster run before it in its group; nothing where no cluster has two."""
    some = np.flatnonzero(cluster >= 0)
    some = some[ordered(running[some])]
    if not len(some):
        return ()
    order = ordered(key[some], bucket[some])
    starts = run_starts(order, key[some], bucket[some])
    group = np.zeros(len(some), np.int64)
    group[order] = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(order)))
    rank = np.zeros(len(key), np.int32)
    rank[some] = cluster_rank(group, cluster[some])
    return (rank,)
