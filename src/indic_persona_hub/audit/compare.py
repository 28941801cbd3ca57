"""A persona set beside one official table, cell by cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

from indic_persona_hub.audit.binomial import (
    Numbers,
    holm,
    mean_total_variation,
    share_interval,
    tested,
)
from indic_persona_hub.audit.coding.coded import Coded, counted
from indic_persona_hub.reference.official import Official

#: Chance that a fair set raises any alarm at all: 1%, shared out over the cells of all tables, the
#: pairs, and the cells of joints beyond their margins.
OF_CELLS: Final = 0.005
OF_PAIRS: Final = 0.0025
OF_JOINTS: Final = 0.0025
#: A cell is worth an alarm where its ratio is off by so much, or its share of the rows.
SMALLEST_RATIO: Final = 0.10
SMALLEST_SHARE: Final = 0.01
#: A cell is tested as if at least one person in ten million were in it: people moved since, and a
#: stray row is no alarm.
LEAST_SHARE: Final = 1e-7
_INTERVAL_TAIL: Final = 0.025
#: Cells are ranked by the ratio of which one can be so sure.
_SURE_TAIL: Final = 1e-6


@dataclass(frozen=True)
class Comparison:
    """One table. Arrays have one entry a cell, cells in the order of the official table.

    Attributes:
        rows: Rows that are known in every dimension of the table, of `all_rows`.
        observed: Rows.
        share: Official share.
        low, high: 95% interval of the ratio of observed to expected share; nan where the official
            share is 0.
        z, p_value: See `binomial.tested`.
        flagged: See `flag`.
    """

    official: Official
    rows: int
    all_rows: int
    observed: Numbers
    share: Numbers
    low: Numbers
    high: Numbers
    z: Numbers
    p_value: Numbers
    flagged: NDArray[np.bool_]

    @property
    def expected(self) -> Numbers:
        """Rows that a faithful set of the same size would have."""
        return self.rows * self.share

    @property
    def ratio(self) -> Numbers:
        """Observed to expected; nan where the official share is 0 or no row is known."""
        return _ratio(self.observed, self.expected)

    @property
    def unknown_share(self) -> float:
        """Share of the rows that are left out, as one of the dimensions is unknown."""
        return max(0.0, 1 - self.rows / self.all_rows) if self.all_rows else 1.0

    @property
    def total_variation(self) -> float | None:
        """Half the sum of absolute differences of shares: 0 the same, 1 nothing shared."""
        if not self.rows:
            return None
        return float(np.abs(self.observed / self.rows - self.share).sum() / 2)

    @property
    def js_divergence(self) -> float | None:
        """Jensen-Shannon divergence in bits (base 2), from 0 to 1."""
        if not self.rows:
            return None
        seen = self.observed / self.rows
        middle = (seen + self.share) / 2
        nats = special.rel_entr(seen, middle).sum() + special.rel_entr(self.share, middle).sum()
        return float(min(1.0, nats / 2 / np.log(2)))

    @property
    def noise_total_variation(self) -> float:
        """Total variation that a fair set of `rows` rows shows on average."""
        return mean_total_variation(self.rows, self.share)

    def worst_first(self) -> NDArray[np.int64]:
        """Cells in the order in which they should be read: flagged ones, then by the ratio that one
        can be sure of (see `severity`), then by z.
        """
        return np.lexsort((-np.abs(self.z), -self.severity(), ~self.flagged))

    def severity(self) -> Numbers:
        """How far off a cell is for sure: the logarithm of observed to expected rows at the near
        end of an interval that misses once in a million, one row added to both.

        A missing small state is worse than a large one that is a little off, though the latter's z
        is greater; a single row where next to none is expected is no news.
        """
        if not self.rows:
            return np.zeros(len(self.share))
        low, high = share_interval(self.observed, self.rows, _SURE_TAIL)
        over = np.log((self.rows * low + 1) / (self.expected + 1))
        under = np.log((self.expected + 1) / (self.rows * high + 1))
        return np.maximum(np.maximum(over, under), 0)


def compare(coded: Coded, official: Official) -> Comparison:
    """The set beside the table; nothing is flagged yet."""
    observed = counted(coded, official.dimensions)
    return compared(observed, coded.counted_rows, official)


def compared(observed: NDArray[np.int64], all_rows: int, official: Official) -> Comparison:
    """The same from rows in each cell, in the shape of `official.persons`."""
    seen = observed.ravel().astype(np.float64)
    rows = int(observed.sum())
    persons = official.persons.ravel().astype(np.float64)
    share = persons / persons.sum()
    nothing = np.zeros(len(share)), np.full(len(share), np.nan)
    low, high = share_interval(seen, rows, _INTERVAL_TAIL) if rows else nothing
    outcome = tested(seen, rows, _tested_share(seen / max(rows, 1), share))
    return Comparison(
        official, rows, all_rows, seen, share, _ratio(low, share), _ratio(high, share),
        outcome.z, outcome.p_value, np.zeros(len(share), np.bool_),
    )  # fmt: skip


def flag(comparisons: Sequence[Comparison], level: float = OF_CELLS) -> list[Comparison]:
    """Mark the cells that no fair set would show, and that are far enough off to be worth saying.

    Holm's procedure over all cells of all tables: a fair set has any cell marked with a chance of
    `level` at most.
    """
    if not comparisons:
        return []
    sure = holm(np.concatenate([one.p_value for one in comparisons]), level)
    ends = np.cumsum([len(one.share) for one in comparisons])[:-1]
    return [
        replace(one, flagged=marked & worth_saying(one.observed, one.rows, one.share))
        for one, marked in zip(comparisons, np.split(sure, ends), strict=True)
    ]


def worth_saying(observed: Numbers, rows: int, share: Numbers) -> NDArray[np.bool_]:
    """Where the ratio is below 0.9 or above 1/0.9, or the share a percentage point off."""
    seen = observed / max(rows, 1)
    least, most = np.minimum(seen, share), np.maximum(seen, share)
    return (least <= (1 - SMALLEST_RATIO) * most) | (most - least >= SMALLEST_SHARE)


def _tested_share(seen: Numbers, share: Numbers) -> Numbers:
    """The share that excess is tested against; see `LEAST_SHARE`."""
    least = np.minimum(np.maximum(share, LEAST_SHARE), seen)
    return np.where(seen > share, least, share)


def _ratio(seen: Numbers, expected: Numbers) -> Numbers:
    known = expected > 0
    return np.where(known, seen / np.where(known, expected, 1.0), np.nan)
