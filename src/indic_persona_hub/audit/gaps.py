"""Who is missing: cells with fewer personas than a faithful set of the same size would have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indic_persona_hub.audit.cells import cell_at
from indic_persona_hub.audit.coding.coded import Coded
from indic_persona_hub.audit.compare import Comparison, compare
from indic_persona_hub.audit.labels import label
from indic_persona_hub.audit.rounding import number
from indic_persona_hub.audit.silence import unsaid_cells
from indic_persona_hub.audit.tables import Table, official_tables
from indic_persona_hub.reference.missing import faithful

#: Of fewer known rows nobody can say who is missing.
FEWEST_ROWS: Final = 20
#: A dimension is listed alone where every joint that holds it leaves out more of its known rows.
_JOINT_SHARE: Final = 0.5


class Missing(NamedTuple):
    """Who is missing of a set.

    Attributes:
        cells: See `gaps`.
        tables: How many tables were compared.
        too_few: Tables of which too few rows are known to say, with those rows.
        unknown: Dimensions that no row states.
    """

    cells: list[dict[str, Any]]
    tables: int
    too_few: Mapping[str, int]
    unknown: tuple[str, ...]


def gaps(coded: Coded, *, year: int = 2011, k: int = 0) -> list[dict[str, Any]]:
    """Cells of the official tables that lack personas, the largest deficit first; see `missing_of`.

    Returns:
        `table`, `dimensions`, `rows_known` (of the table), `cell`, `label`, `observed`, `expected`
        (rows), `wanted` (whole persons as `missing.faithful` rounds them, or `k`) and `deficit`
        (`wanted` less `observed`, at least 1). Tables overlap: one persona may fill a cell in each,
        so deficits are not added over tables. What texts pass over in silence (`silence`) is never
        missing.

    Raises:
        HubError: There are no official figures for the year.
    """
    return missing_of(coded, year=year, k=k).cells


def missing_of(coded: Coded, *, year: int = 2011, k: int = 0) -> Missing:
    """Who is missing, table by table: of the joints, and of each dimension alone where no joint
    that holds it is known of half of the rows that state it.

    Args:
        year: Of the official figures.
        k: Wanted at least in every cell in which anybody lives, whatever its share.

    Raises:
        HubError: There are no official figures for the year.
    """
    tables = official_tables(coded, year)
    compared = [(table, compare(coded, table.official)) for table in tables]
    listed = [(table, one) for table, one in compared if _is_listed(table, one, compared)]
    cells: list[dict[str, Any]] = []
    for table, found in listed:
        if found.rows >= FEWEST_ROWS:
            unsaid = unsaid_cells(coded, table.official.dimensions)
            about = {
                "table": table.name,
                "dimensions": list(table.official.dimensions),
                "rows_known": found.rows,
            }
            cells += (about | one for one in _lacking(found, k, unsaid))
    return Missing(
        sorted(cells, key=lambda one: -int(one["deficit"])),
        sum(one.rows >= FEWEST_ROWS for _, one in listed),
        {table.name: one.rows for table, one in listed if 0 < one.rows < FEWEST_ROWS},
        tuple(table.name for table, one in compared if table.kind == "marginal" and not one.rows),
    )


def _is_listed(
    table: Table, found: Comparison, compared: Sequence[tuple[Table, Comparison]]
) -> bool:
    if table.kind == "joint":
        return True
    joints = [
        one.rows
        for other, one in compared
        if other.kind == "joint" and table.name in other.official.dimensions
    ]
    most = max(joints, default=0)
    return most < FEWEST_ROWS or most < _JOINT_SHARE * found.rows


def _lacking(found: Comparison, k: int, unsaid: NDArray[np.bool_]) -> Iterator[dict[str, Any]]:
    expected = found.expected
    least = np.where(found.share > 0, k, 0)
    wanted = np.maximum(faithful(found.official, found.rows).ravel(), least)
    deficit = wanted - found.observed.astype(np.int64)
    for place in np.flatnonzero((deficit > 0) & ~unsaid).tolist():
        cell = cell_at(found.official, place)
        yield {
            "cell": cell,
            "label": label(cell),
            "observed": int(found.observed[place]),
            "expected": number(float(expected[place])),
            "wanted": int(wanted[place]),
            "deficit": int(deficit[place]),
        }
