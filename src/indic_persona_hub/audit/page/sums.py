"""Rows summed over the cells of a table of the audit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from indic_persona_hub.audit.page.shades import Amount
from indic_persona_hub.audit.page.wording import finite

#: A table of `audit.json`, and one of its cells.
Table: TypeAlias = Mapping[str, Any]
Cell: TypeAlias = Mapping[str, Any]

#: What a cell holds that the audit leaves out: nobody lives there, and no row says otherwise.
NOBODY: Final = Amount(0.0, 0.0)
_EVERYBODY: Final = "all persons"


def table_over(tables: Iterable[Table], dimensions: Iterable[str]) -> Table | None:
    """The table over all of `dimensions` and as few others as can be, of all persons rather than of
    some, with the most rows known; None where there is none in which any row is known.
    """
    needed = set(dimensions)
    fit = [one for one in tables if one["rows_known"] and needed <= set(one["dimensions"])]
    return min(fit, key=_rank, default=None)


def _rank(one: Table) -> tuple[int, bool, int]:
    return len(one["dimensions"]), one["population"] != _EVERYBODY, -one["rows_known"]


def sums(
    table: Table, by: Sequence[str], where: Mapping[str, Collection[str]] | None = None
) -> dict[tuple[str, ...], Amount]:
    """Observed and expected rows by the values of `by`, over the cells that `where` allows.

    An amount is flagged where it is that of a single cell, and the cell is.
    """
    groups: dict[tuple[str, ...], list[Cell]] = defaultdict(list)
    for cell in table["cells"]:
        place = cell["cell"]
        if all(place[name] in allowed for name, allowed in (where or {}).items()):
            groups[tuple(place[name] for name in by)].append(cell)
    return {key: _amount(cells) for key, cells in groups.items()}


def values(table: Table, dimension: str) -> list[str]:
    """The values of a dimension, those with the most expected rows first."""
    amounts = sums(table, (dimension,))
    return sorted(
        (key for (key,) in amounts), key=lambda key: (-(amounts[key,].expected or 0.0), key)
    )


def amount_of(cell: Cell) -> Amount:
    """Observed and expected rows of one cell."""
    return Amount(finite(cell["observed"]), finite(cell["expected"]), bool(cell.get("flagged")))


def _amount(cells: Sequence[Cell]) -> Amount:
    if len(cells) == 1:
        return amount_of(cells[0])
    amounts = [amount_of(cell) for cell in cells]
    if any(one.observed is None or one.expected is None for one in amounts):
        return Amount(None, None)
    return Amount(
        sum(one.observed or 0.0 for one in amounts), sum(one.expected or 0.0 for one in amounts)
    )
