"""Who is missing: cells with fewer personas than a faithful set of the same size would have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indic_persona_hub.audit.cells import cell_at, number
from indic_persona_hub.audit.coding.coded import Coded
from indic_persona_hub.audit.compare import Comparison, compare
from indic_persona_hub.audit.labels import label
from indic_persona_hub.audit.silence import unsaid_cells
from indic_persona_hub.audit.tables import official_tables
from indic_persona_hub.reference.missing import faithful


def gaps(coded: Coded, *, year: int = 2011, k: int = 0) -> list[dict[str, Any]]:
    """Cells of the joint tables that lack personas, the largest deficit first.

    Args:
        year: Of the official figures.
        k: Wanted at least in every cell in which anybody lives, whatever its share.

    Returns:
        `table`, `dimensions`, `cell`, `label`, `observed`, `expected` (rows), `wanted` (whole
        persons as `missing.faithful` rounds them, or `k`) and `deficit` (`wanted` less `observed`,
        at least 1). Tables overlap: one persona may fill a cell in each, so deficits are not added
        over tables. What texts pass over in silence (`silence`) is never missing.

    Raises:
        HubError: There are no official figures for the year.
    """
    found: list[dict[str, Any]] = []
    for table in official_tables(coded, year):
        if table.kind == "joint":
            comparison = compare(coded, table.official)
            unsaid = unsaid_cells(coded, table.official.dimensions)
            found += (
                {"table": table.name, "dimensions": list(table.official.dimensions), **one}
                for one in _lacking(comparison, k, unsaid)
            )
    return sorted(found, key=lambda one: -int(one["deficit"]))


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
