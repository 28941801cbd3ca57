"""Exchanges of rows between groups, until the cells of all tables have what they are to have.

One group gives a row back, and another one, which all tables but a few do not tell apart from it,
takes one: of those few the cells change, of the others none does. The best exchange of every class
of such groups is found at once, and as many are made together as take no cell past its target.
Each time the sum of squared deviations falls, so the search ends.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indic_persona_hub.select.classes import Classes, classes_of, within
from indic_persona_hub.select.raking import Ceiling, Masses, counted, total_of

Counts = NDArray[np.int64]

#: A cell is well met within so many rows, or within this share of its target.
_ROWS: Final = 0.75
_SHARE: Final = 0.001
#: Batches of one call: each passes over all groups, and what is left by then is left.
_MOST_BATCHES: Final = 2_000


class Wanted(NamedTuple):
    """What one table asks of whole rows.

    Attributes:
        cell: int32, the cell of each group; the last one is that of groups in no cell.
        rows: float64, rows that each cell is to have.
    """

    cell: NDArray[np.int32]
    rows: Masses


class Search:
    """Rows by group, and what each cell still lacks or has too many.

    Attributes:
        rows: int64 by group.
        over: For each table float64 by cell: rows past what it wants.
    """

    def __init__(
        self, rows: Counts, sizes: Counts, tables: Sequence[Wanted], ceiling: Ceiling | None
    ) -> None:
        self.rows = np.minimum(rows, sizes)
        self.sizes = sizes
        self.tables = tables
        self.ceiling = ceiling
        self.over = [self._counted(one) - one.rows for one in tables]
        if ceiling:
            self.used = np.bincount(ceiling.bucket, self.rows, len(ceiling.most))
        self._classes: dict[tuple[tuple[int, ...], bool], Classes] = {}

    def _counted(self, table: Wanted) -> Masses:
        return counted(table.cell, self.rows, len(table.rows))

    def is_met(self) -> bool:
        """Whether every cell is well met."""
        return all(
            (np.abs(over) <= np.maximum(_ROWS, _SHARE * table.rows)).all()
            for over, table in zip(self.over, self.tables, strict=True)
        )

    def squares(self) -> float:
        """The sum of squared deviations over the cells of all tables."""
        return sum(total_of(over * over) for over in self.over)

    def move(self, groups: Counts, by: int) -> None:
        """Give (1) or take (-1) a row of each of the groups, which differ."""
        self.rows[groups] += by
        for over, table in zip(self.over, self.tables, strict=True):
            over += by * np.bincount(table.cell[groups], minlength=len(over))
        if self.ceiling:
            buckets = np.bincount(self.ceiling.bucket[groups], minlength=len(self.used))
            self.used = self.used + by * buckets

    def room(self) -> Masses:
        """Rows that each bucket can still take; one bucket without end where there are none."""
        return self.ceiling.most - self.used if self.ceiling else np.full(1, np.inf)

    def bucket(self, groups: Counts) -> NDArray[np.int32]:
        """The bucket of each group."""
        return self.ceiling.bucket[groups] if self.ceiling else np.zeros(len(groups), np.int32)

    # Ceilings and the total hold exactly, whatever the cells say.

    def settle(self, total: int) -> None:
        """Take rows out of buckets past their ceilings, and give or take until the total is met."""
        while (excess := np.maximum(-self.room(), 0)).any():
            able = np.flatnonzero((excess > 0)[self._buckets()] & (self.rows > 0))
            self.move(self._first(able, excess, taking=True), -1)
        while (lacking := total - int(self.rows.sum())) != 0:
            room = self.room()
            if lacking > 0:
                able = np.flatnonzero((room >= 1)[self._buckets()] & (self.rows < self.sizes))
                chosen = self._first(able, room, taking=False)
            else:
                able = np.flatnonzero(self.rows > 0)
                chosen = self._first(able, np.full(len(room), np.inf), taking=True)
            if not len(chosen):
                raise ValueError("the total is past what sizes and ceilings allow")
            self.move(chosen[: abs(lacking)], 1 if lacking > 0 else -1)

    def _buckets(self) -> NDArray[np.int32]:
        return self.ceiling.bucket if self.ceiling else np.zeros(len(self.rows), np.int32)

    def _first(self, able: Counts, quota: Masses, *, taking: bool) -> Counts:
        """Of the groups those whose cells gain most, at most `quota` of a bucket, best first."""
        gain = self._costs(range(len(self.tables)), able, -1 if taking else 1)
        able = able[np.argsort(gain, kind="stable")]
        return able[within(self.bucket(able), quota)]

    def _costs(self, some: Sequence[int], groups: Counts, by: int) -> Masses:
        """What a row more (1) or fewer (-1) in each group adds to the squares of some tables."""
        cost = np.zeros(len(groups))
        for number in some:
            cost += (1 + 2 * by * self.over[number])[self.tables[number].cell[groups]]
        return cost

    # Exchanges.

    def exchange(self, least: Counts, most: Counts) -> None:
        """Exchange rows between groups, each kept within `least` and `most`, while it helps."""
        batches = _MOST_BATCHES
        before = np.inf
        while self.squares() < before and not self.is_met():
            before = self.squares()
            for some in _subsets(len(self.tables)):
                for across in (True, False) if self.ceiling else (True,):
                    while batches and self._batch(some, across, least, most):
                        batches -= 1
                        if self.is_met():
                            return

    def _batch(self, some: tuple[int, ...], across: bool, least: Counts, most: Counts) -> bool:
        """Exchange within groups that all tables but `some` count alike; says whether it helped.

        Args:
            across: Between buckets too, as far as there is room.
        """
        classes = self._classes_of(some, across)
        if not len(classes.groups):
            return False
        groups = classes.groups
        giving = self._costs(some, groups, -1)
        giving[self.rows[groups] <= least[groups]] = np.inf
        taking = self._costs(some, groups, 1)
        taking[self.rows[groups] >= most[groups]] = np.inf
        if across and self.ceiling:
            taking[(self.room() < 1)[self.bucket(groups)]] = np.inf
        givers, takers, gain = classes.best(giving, taking)
        if not len(givers):
            return False
        chosen = self._together(some, across, givers, takers, gain)
        return self._tried(givers[chosen], takers[chosen])

    def _together(
        self, some: tuple[int, ...], across: bool, givers: Counts, takers: Counts, gain: Masses
    ) -> Counts:
        """Exchanges that can be made at once: no cell is taken past its target by more than one."""
        chosen = np.argsort(gain, kind="stable")
        for number in some:
            cell, over = self.tables[number].cell, self.over[number]
            surplus, lack = np.maximum(np.rint(over), 1), np.maximum(np.rint(-over), 1)
            chosen = chosen[within(cell[givers[chosen]], surplus)]
            chosen = chosen[within(cell[takers[chosen]], lack)]
        if across and self.ceiling:
            chosen = chosen[within(self.bucket(takers[chosen]), self.room())]
        return chosen

    def _tried(self, givers: Counts, takers: Counts) -> bool:
        """Make the exchanges, or where they disturb one another only the best."""
        before = self.squares()
        for count in (len(givers), 1):
            self.move(givers[:count], -1)
            self.move(takers[:count], 1)
            if self.squares() < before - 1e-9:
                return True
            self.move(takers[:count], -1)
            self.move(givers[:count], 1)
        return False

    def _classes_of(self, some: tuple[int, ...], across: bool) -> Classes:
        known = self._classes.get((some, across))
        if known is None:
            others = [n for n in range(len(self.tables)) if n not in some]
            keys = [self.tables[number].cell for number in others]
            keys += [] if across or not self.ceiling else [self.ceiling.bucket]
            known = self._classes[some, across] = classes_of(keys, len(self.rows))
        return known


def _subsets(tables: int) -> Iterator[tuple[int, ...]]:
    """Which tables an exchange may touch: one, then two at a time, and so on."""
    for size in range(1, tables + 1):
        yield from combinations(range(tables), size)
