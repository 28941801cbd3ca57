"""Which official tables a set is laid beside: every dimension alone, then the joints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from indic_persona_hub.audit.coding.coded import Coded
from indic_persona_hub.audit.labels import title
from indic_persona_hub.reference.dimensions import DIMENSIONS
from indic_persona_hub.reference.official import Official, official, official_names

_EVERYBODY: Final = "all persons"
#: Joints that are shown beside the whole table that they are a part of.
_PARTS: Final = (
    ("state_residence_sex_work_class", ("residence", "sex", "work_class")),
    ("state_residence_sex_literacy", ("residence", "sex", "literacy")),
)


@dataclass(frozen=True)
class Table:
    """An official table under the name that the audit gives it.

    Attributes:
        kind: `marginal` or `joint`.
    """

    name: str
    title: str
    kind: str
    official: Official


def officials_of(year: int) -> list[Official]:
    """All official tables of a year.

    Raises:
        HubError: There are no official figures for the year.
    """
    return [official(name, year) for name in official_names()]


def official_tables(coded: Coded, year: int) -> list[Table]:
    """All tables of the audit, marginals first.

    Raises:
        HubError: There are no official figures for the year.
    """
    officials = officials_of(year)
    whole = [_those_with(coded, one) for one in officials if len(one.dimensions) > 1]
    named = {one.name: one for one in officials}
    parts = [
        replace(named[name].marginal(*dimensions), name="_".join(dimensions))
        for name, dimensions in _PARTS
        if name in named
    ]
    joints = [Table(one.name, title(one.dimensions), "joint", one) for one in [*parts, *whole]]
    return [*_marginals(coded, officials), *joints]


def marginal_of(officials: Iterable[Official], dimensions: Sequence[str]) -> Official | None:
    """These dimensions alone, of the first table that has them: of all persons, if one is."""
    having = [one for one in officials if set(dimensions).issubset(one.dimensions)]
    having.sort(key=lambda one: one.population != _EVERYBODY)
    return having[0].marginal(*dimensions) if having else None


def _marginals(coded: Coded, officials: list[Official]) -> Iterator[Table]:
    for name in DIMENSIONS:
        one = marginal_of(officials, (name,))
        if one is not None:
            alone = _those_with(coded, one)
            yield Table(name, title((name,)), "marginal", alone)


def _those_with(coded: Coded, table: Official) -> Official:
    """The table without those who have no disability where the set never says that somebody has
    none: texts are silent about what is not there.
    """
    if "disability" not in table.dimensions:
        return table
    codes = coded.codes.get("disability")
    if codes is not None and bool((codes == 0).any()):
        return table
    axis = table.dimensions.index("disability")
    persons = table.persons.copy()
    np.moveaxis(persons, axis, 0)[0] = 0
    return replace(table, persons=persons, population="persons with a disability")
