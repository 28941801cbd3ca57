"""An audit as `audit.json` holds it, put together from made-up numbers that nobody counted."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Any

from indic_persona_hub import reference
from indic_persona_hub.audit.labels import label, title
from indic_persona_hub.records import AGE_BANDS

STATES = tuple(reference.load("states")["code"].to_pylist())
RELIGIONS = ("hindu", "muslim", "christian", "sikh", "buddhist", "jain", "other")
VALUES: Mapping[str, Sequence[str]] = {
    "state": STATES,
    "residence": ("rural", "urban"),
    "sex": ("female", "male"),
    "age_band": AGE_BANDS,
    "religion": RELIGIONS,
    "community": ("scheduled_caste", "scheduled_tribe", "other"),
}
#: Made up: the largest state has 200 times the people of the smallest.
WEIGHTS: Mapping[str, Sequence[float]] = {
    "state": [1.0 + 200.0 / (1 + place) for place in range(36)],
    "residence": [7, 3],
    "sex": [48, 52],
    "age_band": [12, 14, 12, 14, 16, 12, 12, 6, 2],
    "religion": [80, 14, 2.3, 1.7, 0.7, 0.4, 0.9],
    "community": [17, 9, 74],
}
Skew = Callable[[Mapping[str, str]], float]


def table(dimensions: Sequence[str], rows: int, skew: Skew = lambda cell: 1.0) -> dict[str, Any]:
    """A table in which the rows of each cell are those expected, times `skew`."""
    cells = [
        _cell(dict(zip(dimensions, values, strict=True)), weight, rows, skew)
        for values, weight in _weighted(dimensions)
    ]
    cells.sort(key=lambda cell: -abs(cell["z"] or 0))
    return {
        "name": "_".join(dimensions),
        "title": title(dimensions),
        "kind": "marginal" if len(dimensions) == 1 else "joint",
        "dimensions": list(dimensions),
        "population": "all persons",
        "rows_known": rows,
        "unknown_share": 0.25,
        "total_variation": 0.12,
        "js_divergence": 0.02,
        "noise_total_variation": 0.03,
        "flagged": sum(cell["flagged"] for cell in cells),
        "note": "",
        "cells": cells,
    }


def built(*tables: Mapping[str, Any], **changed: Any) -> dict[str, Any]:
    """A whole audit over `tables`; parts may be changed by name."""
    whole: dict[str, Any] = {
        "format": 1,
        "set": {"path": "sets/my personas", "rows": 120_000, "rejected": {"no_text": 1_234}},
        "reference": {
            "year": 2011,
            "tables": [{"name": "states", "source": "LGD", "licence": "Apache-2.0"}],
        },
        "attributes": {
            "state": {
                "known": 90_000,
                "unknown_share": 0.25,
                "origins": {"rule": 80_000, "model": 10_000},
                "unrecognised": {"Bombay Presidency": 12},
            },
            "religion": {
                "known": 0, "unknown_share": 1.0, "origins": {}, "unrecognised": {}
            },
        },
        "tables": list(tables),
        "independence": [pair("kept", 0.98), pair("weakened", 0.5), pair("too few rows", None)],
        "coverage": [
            {
                "table": one["name"],
                "k": 20,
                "cells": len(one["cells"]),
                "covered_cells": len(one["cells"]) - 2,
                "population_share_covered": 0.97,
                "uncovered": one["cells"][:2],
            }
            for one in tables
        ],
        "low_visibility": [
            group("Children (0-17)", 12, 0.0001, 0.35),
            group("Rural women and girls", 30_000, 0.4, 0.34),
            group("Domestic workers", 400, 0.004, None),
            group("Persons with disability", 0, 0.0, 0.022),
        ],
        "alarms": [
            {"where": one["name"], "what": f"{one['title']}: something is off."} for one in tables
        ],
    }  # fmt: skip
    return whole | changed


def pair(verdict: str, kept: float | None) -> dict[str, Any]:
    return {
        "pair": ["sex", "religion"],
        "rows_known": 5_000,
        "association_observed": 0.02,
        "association_official": 0.04,
        "kept_share": kept,
        "verdict": verdict,
        "p_value": 1e-9,
        "cells": [
            {"cell": {"sex": "female"}, "label": "female", "observed": 3, "expected": 9.5, "z": -2}
        ],
    }


def group(name: str, rows: int, part: float | None, official: float | None) -> dict[str, Any]:
    return {
        "group": name.lower(),
        "label": name,
        "observed": rows,
        "observed_share": part,
        "interval": [0.8 * part, 1.2 * part + 1e-4] if part is not None else None,
        "official_share": official,
        "ratio": part / official if part is not None and official else None,
        "unknown_share": 0.5,
        "flagged": official is not None and part is not None and part < official / 2,
        "source": "age_by_state" if official is not None else None,
    }


def _weighted(dimensions: Sequence[str]) -> list[tuple[tuple[str, ...], float]]:
    named = [list(zip(VALUES[name], WEIGHTS[name], strict=True)) for name in dimensions]
    whole = math.prod(sum(WEIGHTS[name]) for name in dimensions)
    return [
        (tuple(value for value, _ in cell), math.prod(weight for _, weight in cell) / whole)
        for cell in product(*named)
    ]


def _cell(cell: dict[str, str], weight: float, rows: int, skew: Skew) -> dict[str, Any]:
    expected = rows * weight
    observed = round(expected * skew(cell))
    spread = math.sqrt(max(observed, 1))
    z = (observed - expected) / math.sqrt(expected) if expected else None
    return {
        "cell": cell,
        "label": label(cell),
        "observed": observed,
        "observed_share": observed / rows if rows else None,
        "expected": expected,
        "expected_share": weight,
        "ratio": observed / expected if expected else None,
        "interval": [
            max(0.0, observed - 2 * spread) / expected, (observed + 2 * spread) / expected
        ] if expected else [None, None],
        "z": z,
        "flagged": z is not None and abs(z) > 5,
    }  # fmt: skip
