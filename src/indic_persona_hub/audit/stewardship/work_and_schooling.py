"""Work and schooling by group: beside the official joint where there is one, or the rest of the
set.

By sex the official tables have occupation, class of work, education and literacy. By religion and
community no official joint is shipped; there a group is laid beside the rest of the set, which says
what the set makes of the group and not whether the country does the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from scipy import special

from indic_persona_hub.audit.binomial import holm
from indic_persona_hub.audit.coding.coded import Coded, counted
from indic_persona_hub.audit.labels import label
from indic_persona_hub.audit.rounding import number
from indic_persona_hub.audit.stewardship.counting import Counts
from indic_persona_hub.audit.stewardship.marked_words import CHANCE, LEAST_ROWS, log_odds
from indic_persona_hub.reference.dimensions import DIMENSIONS

_OF_SEX: Final = frozenset({"occupation_division", "work_class", "education", "literacy"})
_OF_GROUPS: Final = ("occupation_division", "work_class", "education")
_GROUPED_BY: Final = ("community", "religion")
#: Values of `community` that are everybody else.
_EVERYBODY_ELSE: Final = frozenset({("community", "other")})
_LEAST_RATIO: Final = 1.5
_STRONGER: Final = "stronger"


def work_and_schooling(coded: Coded, independence: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What the audit says of work and schooling.

    Args:
        independence: As `audit.json` has it.
    """
    beside_official = [
        {"pair": one["pair"], "rows_known": one["rows_known"], "kept_share": one["kept_share"],
         "verdict": one["verdict"], "p_value": one["p_value"], "cells": one["cells"][:5]}
        for one in independence
        if "sex" in one["pair"] and _OF_SEX.intersection(one["pair"])
    ]  # fmt: skip
    return {
        "beside_official": beside_official,
        "beside_rest": _beside_rest(coded),
        "fails": any(one["verdict"] == _STRONGER for one in beside_official),
    }


class _Cell(NamedTuple):
    cell: dict[str, str]
    rows: int
    of: int
    rest_rows: int
    rest_of: int
    z: float

    @property
    def share(self) -> float:
        return self.rows / self.of

    @property
    def rest_share(self) -> float:
        return self.rest_rows / self.rest_of


def _beside_rest(coded: Coded) -> list[dict[str, Any]]:
    """Values that a group has far more often than the rest of the set, surest first."""
    cells = [
        one for group in _GROUPED_BY for what in _OF_GROUPS for one in _cells(coded, group, what)
    ]
    if not cells:
        return []
    sure = holm(special.ndtr(-np.array([one.z for one in cells])), CHANCE).tolist()
    kept = [
        one
        for one, certain in zip(cells, sure, strict=True)
        if certain and one.share >= _LEAST_RATIO * one.rest_share
    ]
    return [
        {
            "cell": one.cell, "label": label(one.cell), "rows": one.rows, "rows_known": one.of,
            "share": number(one.share), "rest_share": number(one.rest_share), "z": number(one.z),
        }
        for one in sorted(kept, key=lambda one: -one.z)
    ]  # fmt: skip


def _cells(coded: Coded, group: str, what: str) -> Iterator[_Cell]:
    together = counted(coded, (group, what))
    every = counted(coded, (what,)) if group == "community" else together.sum(axis=0)
    for place, value in enumerate(DIMENSIONS[group].values):
        ours: Counts = together[place]
        theirs: Counts = every - ours
        if (group, value) in _EVERYBODY_ELSE or min(ours.sum(), theirs.sum()) < LEAST_ROWS:
            continue
        share = np.clip(every / every.sum(), 1e-9, 1 - 1e-9)
        z = log_odds(
            ours.astype(np.float64), float(ours.sum()),
            theirs.astype(np.float64), float(theirs.sum()), share,
        )[1]  # fmt: skip
        for at in np.flatnonzero(ours).tolist():
            cell = {group: value, what: DIMENSIONS[what].values[at]}
            counts = int(ours[at]), int(ours.sum()), int(theirs[at]), int(theirs.sum())
            yield _Cell(cell, *counts, float(z[at]))
