"""Cells of tables as `audit.json` has them."""

from __future__ import annotations

from typing import Any

import numpy as np

from indic_persona_hub.audit.compare import Comparison
from indic_persona_hub.audit.labels import label
from indic_persona_hub.audit.rounding import number
from indic_persona_hub.reference.dimensions import DIMENSIONS
from indic_persona_hub.reference.official import Official


def cell_at(official: Official, place: int) -> dict[str, str]:
    """The values of the cell at a place of the flattened table, by dimension."""
    codes = np.unravel_index(place, official.persons.shape)
    return {
        name: DIMENSIONS[name].values[int(code)]
        for name, code in zip(official.dimensions, codes, strict=True)
    }


def cells_json(found: Comparison, most: int | None = None) -> list[dict[str, Any]]:
    """The cells worst first; those without rows in which nobody lives are left out."""
    expected, ratio = found.expected, found.ratio
    rows = max(found.rows, 1)
    listed: list[dict[str, Any]] = []
    for place in found.worst_first().tolist():
        if not found.observed[place] and not found.share[place]:
            continue
        if most is not None and len(listed) == most:
            break
        cell = cell_at(found.official, place)
        listed.append(
            {
                "cell": cell,
                "label": label(cell),
                "observed": int(found.observed[place]),
                "observed_share": number(found.observed[place] / rows),
                "expected": number(expected[place]),
                "expected_share": number(found.share[place]),
                "ratio": number(ratio[place]),
                "interval": [number(found.low[place]), number(found.high[place])],
                "z": number(found.z[place]),
                "flagged": bool(found.flagged[place]),
            }
        )
    return listed
