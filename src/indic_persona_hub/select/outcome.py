"""What representative selection asked of each cell, what came of it, and what was lost to what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from indic_persona_hub.reference.dimensions import DIMENSIONS
from indic_persona_hub.select.exchange import Counts
from indic_persona_hub.select.groups import Groups
from indic_persona_hub.select.raking import Fit, Margin, Masses
from indic_persona_hub.select.targets import Target

#: Where a cell is to have fewer rows than this, a row more or less is over 0.5% of it.
_FEW_ROWS: Final = 200
#: A table that those before it bend by a smaller total variation agrees with them.
_AGREES: Final = 0.001


class TableOutcome(NamedTuple):
    """One table; arrays of one entry a cell of the flattened table.

    Attributes:
        in_pool: Rows that could be taken.
        wanted: The table's share of the kept rows whose cell is known.
        achieved: Rows kept, or their weight.
        pool: Of what is short, that which the pool does not hold.
        caps: Of what is short, that which would be there without the caps of domains.
        others: The rest of what is short: other tables would not have it, or it is a part of a row.
        unknown_in_pool: Rows of the pool in no cell.
        unknown: Kept rows (or their weight) in no cell.
    """

    target: Target
    in_pool: Masses
    wanted: Masses
    achieved: Masses
    pool: Masses
    caps: Masses
    others: Masses
    unknown_in_pool: float
    unknown: float

    @property
    def short(self) -> Masses:
        """What is short of `wanted`, by cell."""
        return np.maximum(self.wanted - self.achieved, 0.0)

    @property
    def worst_share(self) -> float:
        """The largest deviation as a share of a cell that is to have 200 rows or more."""
        many = self.wanted >= _FEW_ROWS
        off = np.abs(self.achieved - self.wanted)[many] / self.wanted[many]
        return float(off.max(initial=0.0))

    @property
    def worst_rows(self) -> float:
        """The largest deviation, in rows, of a cell that is to have fewer."""
        few = self.wanted < _FEW_ROWS
        return float(np.abs(self.achieved - self.wanted)[few].max(initial=0.0))


class Outcome(NamedTuple):
    """The whole selection.

    Attributes:
        in_pool: Rows that could be taken.
        kept: Rows kept.
        groups: Combinations of codes (and over-full domains) in the pool.
        whole_rows: Rows kept of groups that were taken whole: there the bound of once a row held.
        weights: Smallest and largest weight and Kish's design effect; null for a sample.
    """

    in_pool: int
    kept: int
    groups: int
    whole_rows: int
    fit: Fit
    tables: tuple[TableOutcome, ...]
    weights: tuple[float, float, float] | None


def outcome(
    groups: Groups,
    targets: Sequence[Target],
    taken: Counts,
    fit: Fit,
    without_caps: Fit | None,
) -> Outcome:
    """Of a sample that takes so many rows of each group."""
    rows = taken.astype(np.float64)
    uncapped = without_caps.mass if without_caps else rows
    tables = tuple(
        _of_table(groups, number, target, rows, uncapped, 1.0)
        for number, target in enumerate(targets)
    )
    whole = int(taken[taken == groups.sizes].sum())
    return Outcome(
        len(groups.rows), int(taken.sum()), len(groups.sizes), whole, fit, tables, None
    )  # fmt: skip


def weights_outcome(
    groups: Groups, targets: Sequence[Target], fit: Fit, weights: Masses, most: float
) -> Outcome:
    """Of weights, one a group, none over `most`."""
    mass = weights * groups.sizes
    tables = tuple(
        _of_table(groups, number, target, mass, mass, most) for number, target in enumerate(targets)
    )
    kept = len(groups.rows)
    squares = float(np.dot(weights * weights, groups.sizes))
    effect = squares * kept / float(mass.sum()) ** 2 if kept else 1.0
    ends = (float(weights.min(initial=np.inf)), float(weights.max(initial=0.0))) if kept else (0, 0)
    whole = int(groups.sizes[fit.mass >= groups.sizes * most].sum())
    return Outcome(kept, kept, len(weights), whole, fit, tables, (*ends, effect))


def _of_table(
    groups: Groups, number: int, target: Target, mass: Masses, uncapped: Masses, most: float
) -> TableOutcome:
    margin = Margin(groups.cells[number], target.shares)
    in_pool = margin.held(groups.sizes.astype(np.float64))
    held = margin.held(mass)
    achieved, known = held[:-1], float(held[:-1].sum())
    wanted = target.shares * known
    short = np.maximum(wanted - achieved, 0.0)
    pool = np.minimum(short, np.maximum(wanted - in_pool[:-1] * most, 0.0))
    caps = np.clip(margin.held(uncapped)[:-1] - achieved, 0.0, short - pool)
    return TableOutcome(
        target, in_pool[:-1], wanted, achieved, pool, caps, short - pool - caps,
        float(in_pool[-1]), float(held[-1]),
    )  # fmt: skip


def report(found: Outcome, year: int) -> dict[str, Any]:
    """`representation.json`: all of it, cells by how much they are short, the worst first."""
    weights = None
    if found.weights:
        least, most, effect = found.weights
        weights = {"smallest": least, "largest": most, "design_effect": round(effect, 4)}
    return {
        "format": 1,
        "year": year,
        "release": "weights" if weights else "sample",
        "rows_in_pool": found.in_pool,
        "rows_kept": found.kept,
        "combinations": found.groups,
        "rows_of_whole_combinations": found.whole_rows,
        "sweeps": found.fit.sweeps,
        "converged": found.fit.converged,
        "worst_deviation_of_fit": found.fit.worst,
        "weights": weights,
        "tables": [_table(one) for one in found.tables],
    }


def _table(one: TableOutcome) -> dict[str, Any]:
    official = one.target.official
    seen = np.flatnonzero((one.wanted > 0) | (one.in_pool > 0))
    order = seen[np.argsort(-one.short[seen], kind="stable")]
    return {
        "name": official.name,
        "dimensions": list(official.dimensions),
        "population": official.population,
        "source": official.source,
        "note": official.note,
        "adjusted_total_variation": one.target.adjusted,
        "unknown_in_pool": int(one.unknown_in_pool),
        "unknown": round(one.unknown, 6),
        "known": round(float(one.achieved.sum()), 6),
        "worst_share": one.worst_share,
        "worst_rows": one.worst_rows,
        "short": _losses(one, slice(None)),
        "cells": [_cell(one, int(place)) for place in order],
    }


def _cell(one: TableOutcome, place: int) -> dict[str, Any]:
    return {
        "cell": cell_values(one, place),
        "in_pool": int(one.in_pool[place]),
        "wanted": round(float(one.wanted[place]), 6),
        "achieved": round(float(one.achieved[place]), 6),
        "short": _losses(one, place),
    }


def _losses(one: TableOutcome, place: slice | int) -> dict[str, float]:
    """What is short in a cell, or in all, and to what it was lost."""
    parts = {"all": one.short, "pool": one.pool, "caps": one.caps, "others": one.others}
    return {name: round(float(np.sum(values[place])), 6) for name, values in parts.items()}


def cell_values(one: TableOutcome, place: int) -> dict[str, str]:
    """The value of each dimension at a cell of the flattened table."""
    official = one.target.official
    coordinates = np.unravel_index(place, official.persons.shape)
    return {
        name: DIMENSIONS[name].values[int(at)]
        for name, at in zip(official.dimensions, coordinates, strict=True)
    }


def in_words(found: Outcome) -> str:
    """The outcome in a few sentences, for status and card."""
    fit = found.fit
    what = f"{found.kept:,} of {found.in_pool:,} rows were drawn"
    if found.weights:
        least, most, effect = found.weights
        what = (
            f"{found.kept:,} rows have weights from {least:.3g} to {most:.3g},"
            f" with a design effect of {effect:.4g}: they say as much as"
            f" {found.kept / max(effect, 1.0):,.0f} rows without"
        )
    tables = " ".join(_table_in_words(one) for one in found.tables)
    fits = "" if fit.converged else f", which left cells up to {fit.worst:.2%} off"
    return f"Representative selection: {what} after {fit.sweeps:,} sweeps of raking{fits}. {tables}"


def _table_in_words(one: TableOutcome) -> str:
    name, known = _named(one.target), float(one.achieved.sum())
    if not known + one.unknown:
        return f"{name}: no row is left to match it."
    begin = f"{name}: {one.unknown / (known + one.unknown):.1%} of the rows are in no cell"
    if not known:
        return f"{begin}, so it was not matched."
    # Where less than a row is short, rounding may be all that it is; but not what the pool lacks.
    whole = one.short >= 1
    parts = {
        "the pool lacks": one.pool,
        "full domains keep out": np.where(whole, one.caps, 0.0),
        "other tables keep out": np.where(whole, one.others, 0.0),
    }
    lost = np.sum(list(parts.values()), axis=0)
    if lost.sum() < 0.5:
        return f"{begin}; among the others no cell is off by more than {_reach(one)}."
    worst = int(np.argmax(lost))
    values = " ".join(cell_values(one, worst).values())
    each = ", ".join(f"{words} {cells.sum():,.0f}" for words, cells in parts.items()
                     if cells.sum() >= 0.5)  # fmt: skip
    return (
        f"{begin}; {_cells(int(np.count_nonzero(lost)))} short by {lost.sum():,.0f} rows"
        f" ({each}), most in {values}: {_rows(one.achieved[worst])} of {_rows(one.wanted[worst])}."
    )


def _named(target: Target) -> str:
    if target.adjusted < _AGREES:
        return target.official.name
    return f"{target.official.name} (of which the tables before it moved {target.adjusted:.1%})"


def _cells(count: int) -> str:
    return "1 cell is" if count == 1 else f"{count:,} cells are"


def _reach(one: TableOutcome) -> str:
    rows = f"{_rows(one.worst_rows)} rows"
    if (one.wanted < _FEW_ROWS).all():
        return rows
    return f"{one.worst_share:.2%}, or where it is to have under {_FEW_ROWS} rows by {rows}"


def _rows(count: float) -> str:
    whole = count >= 10 or abs(count - round(count)) < 0.005
    return f"{count:,.0f}" if whole else f"{count:.2g}"
