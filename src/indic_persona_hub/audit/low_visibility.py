"""Groups of people whom language models and their sources overlook."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indic_persona_hub import reference
from indic_persona_hub.audit.binomial import share_interval
from indic_persona_hub.audit.coding.coded import Coded, counted
from indic_persona_hub.audit.coding.informal_work import DOMESTIC, INFORMAL
from indic_persona_hub.audit.compare import Comparison, compared
from indic_persona_hub.reference.dimensions import DIMENSIONS
from indic_persona_hub.reference.official import Official

_ENGLISH: Final = "eng"
Belongs = Callable[[str], bool]


class Group(NamedTuple):
    """A group of people.

    Attributes:
        label: As a heading has it.
        within: The values that belong to it, by dimension; all must hold.
        marked: Whether texts say who belongs to it and are silent about everybody else. Its share
            is then that of all rows, a lower bound where some are silent.
    """

    name: str
    label: str
    within: Mapping[str, Belongs]
    marked: bool = False


def _one_of(*values: str) -> Belongs:
    return frozenset(values).__contains__


def _is_small_language(code: str) -> bool:
    return code not in _scheduled() and code != _ENGLISH


@cache
def _scheduled() -> frozenset[str]:
    table = reference.load("languages")
    pairs = zip(table["code"].to_pylist(), table["scheduled"].to_pylist(), strict=True)
    return frozenset(code for code, scheduled in pairs if scheduled and code is not None)


#: In the order of the report.
GROUPS: Final = (
    Group("children", "Children (0-17)", {"age_band": _one_of("0-5", "6-12", "13-17")}),
    Group("elderly", "Elderly persons (60 and over)", {"age_band": _one_of("60-74", "75+")}),
    Group(
        "rural_women",
        "Rural women and girls",
        {"residence": _one_of("rural"), "sex": _one_of("female")},
    ),
    Group("scheduled_tribes", "Scheduled Tribes", {"community": _one_of("scheduled_tribe")}, True),
    Group("scheduled_castes", "Scheduled Castes", {"community": _one_of("scheduled_caste")}, True),
    Group(
        "agricultural_labourers",
        "Agricultural labourers",
        {"work_class": _one_of("agricultural_labourer")},
    ),
    Group("informal_workers", "Informal workers", {INFORMAL: _one_of("1")}),
    Group("domestic_workers", "Domestic workers", {DOMESTIC: _one_of("1")}),
    Group(
        "small_languages",
        "Speakers of languages outside the 22 scheduled ones and English",
        {"language": _is_small_language},
    ),
    Group(
        "disability", "Persons with disability", {"disability": lambda kind: kind != "none"}, True
    ),
)


@dataclass(frozen=True)
class Seen:
    """A group in a set.

    Attributes:
        comparison: Of the rows that are known, in the group (first cell) and not in it; None where
            there is no official figure.
        observed: Rows of the group.
        known: Rows of which it is known whether they belong to it.
        is_cell: Whether the group is one cell of an official marginal, which speaks for it too.
    """

    group: Group
    comparison: Comparison | None
    observed: int
    known: int
    all_rows: int
    is_cell: bool = False

    @property
    def at_least(self) -> bool:
        """Whether `share` is a lower bound: silent rows may belong to the group too."""
        return self.group.marked and 0 < self.known < self.all_rows

    @property
    def rows(self) -> int:
        """Rows that `share` is of: those known, or all of them for a `marked` group."""
        return self.all_rows if self.at_least else self.known

    @property
    def share(self) -> float | None:
        """Share of the group; None where nothing is known of any row."""
        return self.observed / self.rows if self.rows else None

    @property
    def official_share(self) -> float | None:
        """Share of the group in the population of the official table; None where there is none."""
        return None if self.comparison is None else float(self.comparison.share[0])

    @property
    def flagged(self) -> bool:
        """Whether the known rows are off for sure: too few, or too many unless `share` is a lower
        bound, as among the rows that speak of a `marked` group it is always many.
        """
        found = self.comparison
        return found is not None and bool(
            found.flagged[0] and (found.z[0] < 0 or not self.at_least)
        )

    def interval(self) -> tuple[float, float]:
        """95% interval of `share`; 0 to 1 where nothing is known."""
        if not self.rows:
            return 0.0, 1.0
        low, high = share_interval(np.array([float(self.observed)]), self.rows, 0.025)
        return float(low[0]), float(high[0])


def seen(coded: Coded, group: Group, official: Official | None) -> Seen:
    """The group in the set.

    Args:
        official: A table over the group's dimensions, in their order; None where there is none.
    """
    if official is None:
        codes = coded.codes.get(next(iter(group.within)))
        inside = 0 if codes is None else coded.amount(codes == 1)
        known = 0 if codes is None else coded.amount(codes >= 0)
        return Seen(group, None, inside, known, coded.counted_rows)
    rows = counted(coded, official.dimensions)
    belongs = _belongs(group)
    inside, outside = int(rows[belongs].sum()), int(rows[~belongs].sum())
    persons = np.array([official.persons[belongs].sum(), official.persons[~belongs].sum()])
    two = Official(
        group.name, ("group",), persons, official.population, official.source, official.note
    )
    comparison = compared(np.array([inside, outside]), coded.counted_rows, two)
    is_cell = int(belongs.sum()) == 1 and belongs.ndim == 1
    return Seen(group, comparison, inside, inside + outside, coded.counted_rows, is_cell)


def _belongs(group: Group) -> NDArray[np.bool_]:
    """Which cells of a table over the group's dimensions belong to it."""
    belongs = np.ones((), np.bool_)
    for name, holds in group.within.items():
        values = np.array([holds(value) for value in DIMENSIONS[name].values])
        belongs = belongs[..., None] & values
    return belongs
