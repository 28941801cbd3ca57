"""Official figures as joint arrays: how many persons of India each cell of a table holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indic_persona_hub.errors import HubError, RecipeError, nearest
from indic_persona_hub.reference import census, census_ages, schooling, workers
from indic_persona_hub.reference.dimensions import DIMENSIONS

#: The years of the official projection; the first is that of the census.
YEARS: Final = range(2011, 2037)

_TODAY: Final = "Districts of 2011 summed by today's states."
_LEVELS: Final = (
    "'below_primary' holds literates without a level, 'graduate' postgraduates too. Unclassified"
    " literates (0.4%) spread in proportion."
)


@dataclass(frozen=True)
class Official:
    """An official table over some dimensions.

    Attributes:
        name: What `official` calls it.
        dimensions: Names of its dimensions, in order of the axes of `persons`.
        persons: Persons in each cell; shape = the sizes of the dimensions. Read only.
        population: Whom it counts, e.g. "all persons", "workers".
        source: Names of the reference tables that it is made of, with commas.
        note: How the figures were made: summed, interpolated, spread, scaled.
    """

    name: str
    dimensions: tuple[str, ...]
    persons: NDArray[np.float64]
    population: str
    source: str
    note: str

    def __post_init__(self) -> None:
        self.persons.flags.writeable = False

    def marginal(self, *dimensions: str) -> Official:
        """The same population over some of its dimensions, in the order given.

        Raises:
            HubError: One of `dimensions` is not a dimension of this table.
        """
        for name in dimensions:
            if name not in self.dimensions:
                raise HubError(
                    f"The table '{self.name}' has no dimension '{name}'"
                    f"{nearest(name, self.dimensions)}.",
                    cure=f"Its dimensions are {', '.join(self.dimensions)}.",
                )
        axes = tuple(axis for axis, name in enumerate(self.dimensions) if name not in dimensions)
        left = [name for name in self.dimensions if name in dimensions]
        persons = self.persons.sum(axis=axes).transpose([left.index(name) for name in dimensions])
        return replace(self, dimensions=dimensions, persons=persons)


def official_names() -> tuple[str, ...]:
    """Names of all official tables."""
    return tuple(_TABLES)


@cache
def official(name: str, year: int = 2011) -> Official:
    """The official table `name`: Census 2011 in today's states, or scaled to a later year.

    Args:
        name: One of `official_names()`.
        year: 2011, or 2012 to 2036: each state and sex then has the persons of the official
            projection, while the structure within it stays that of 2011; `note` says so.

    Raises:
        HubError: There is no such table (it names the nearest).
        RecipeError: There is no projection for the year.
    """
    if name not in _TABLES:
        raise HubError(
            f"There is no official table called '{name}'{nearest(name, _TABLES)}.",
            cure="Use one of reference.official.official_names().",
        )
    if year not in YEARS:
        raise RecipeError(
            f"There is no official projection for the year {year}.",
            cure=f"Use a year from {YEARS[0]} to {YEARS[-1]}.",
        )
    table = _TABLES[name](name)
    if year == YEARS[0] or name in _OCCUPATION:
        return table
    return _projected(table, year)


def _projected(table: Official, year: int) -> Official:
    """`table` with each state and sex that it tells apart grown to `year`."""
    told = [name for name in ("state", "sex") if name in table.dimensions]
    rest = tuple(axis for axis, name in enumerate(("state", "sex")) if name not in told)
    base = census.persons().sum(axis=1)  # state x sex
    growth = census.projected(year).sum(axis=rest) / base.sum(axis=rest)
    shape = [len(DIMENSIONS[name].values) if name in told else 1 for name in table.dimensions]
    of_each = " and ".join(told)
    note = f"Each {of_each} scaled to the projection for {year}; structure of 2011 within it."
    return replace(
        table,
        persons=table.persons * np.reshape(growth, shape),
        source=f"{table.source}, population_projection",
        note=f"{table.note} {note}".strip(),
    )


def _age(name: str) -> Official:
    return Official(
        name,
        ("state", "residence", "sex", "age_band"),
        census_ages.age_bands(),
        "all persons",
        "population_age_sex_residence, district_population, education, districts_2011",
        f"{_TODAY} {census_ages.NOTE}",
    )


def _language(name: str) -> Official:
    return Official(
        name,
        ("state", "language"),
        census.languages(),
        "all persons",
        "language_speakers, languages",
        f"{_TODAY} Languages without one ISO 639-3 code are in 'other'.",
    )


def _religion(name: str) -> Official:
    return Official(
        name,
        ("state", "religion"),
        census.religions(),
        "all persons",
        "district_religion, districts_2011",
        f"{_TODAY} 'Religion not stated' (0.24%) spread within each state in proportion.",
    )


def _community(name: str) -> Official:
    castes, tribes, persons = (
        census.counts(column) for column in ("scheduled_caste", "scheduled_tribe", "persons")
    )
    return _by_district(
        name, "community", [castes, tribes, persons - castes - tribes], "all persons", _TODAY
    )


def _literacy(name: str) -> Official:
    literate, under_7, persons = (
        census.counts(column) for column in ("literate", "under_7", "persons")
    )
    values = [literate, persons - under_7 - literate]
    return _by_district(name, "literacy", values, "persons aged 7 and over", _TODAY)


def _work_class(name: str) -> Official:
    cultivators, labourers, household, other = (
        census.counts(column)
        for column in (
            *("cultivator", "agricultural_labourer"),
            *("household_industry", "other_worker"),
        )
    )
    note = f"{_TODAY} Main and marginal workers; household industry is within 'other_worker'."
    return _by_district(
        name, "work_class", [cultivators, labourers, household + other], "workers", note
    )


def _by_district(
    name: str, dimension: str, values: list[NDArray[np.float64]], population: str, note: str
) -> Official:
    """A table over state, residence, sex and one dimension of the Primary Census Abstract."""
    dimensions = ("state", "residence", "sex", dimension)
    source = "district_population, districts_2011"
    return Official(name, dimensions, np.stack(values, axis=-1), population, source, note)


def _disability(name: str) -> Official:
    kinds = census.disabilities()
    none = census.persons() - kinds.sum(axis=-1)
    return Official(
        name,
        ("state", "residence", "sex", "disability"),
        np.concatenate([none[..., None], kinds], axis=-1),
        "all persons",
        "disability, district_population, districts_2011",
        _TODAY,
    )


def _education(name: str) -> Official:
    table = Official(
        name,
        ("residence", "sex", "age_band", "education"),
        census_ages.education(),
        "persons aged 7 and over",
        "education",
        f"{_LEVELS} Persons of unstated age (0.4%) spread in proportion.",
    )
    return table.marginal(*_EDUCATION[name])


def _state_education(name: str) -> Official:
    return Official(
        name,
        ("state", "residence", "sex", "education"),
        schooling.by_state(),
        "persons aged 7 and over",
        "state_education, district_population, districts_2011",
        f"{_TODAY} {_LEVELS} Literates of Telangana and Ladakh have the levels of the states that"
        " they were in.",
    )


def _occupation(name: str) -> Official:
    table = Official(
        name,
        ("occupation_division", "sex", "residence"),
        workers.occupations(),
        "workers (usual status, all ages), July 2023 to June 2024, per cent",
        "occupation_shares",
        "A survey of 2023-24, the same for every year; per cent, not persons. How many of the"
        " workers are of each sex and residence follows from the columns of the table.",
    )
    return table.marginal(*_OCCUPATION[name])


_EDUCATION: Final = {
    "education_age_sex": ("education", "age_band", "sex"),
    "education_residence_sex": ("education", "residence", "sex"),
}
_OCCUPATION: Final = {
    "occupation_sex_residence": ("occupation_division", "sex", "residence"),
    "occupation_division": ("occupation_division",),
}
_TABLES: Final[dict[str, Callable[[str], Official]]] = {
    "state_residence_sex_age": _age,
    "state_language": _language,
    "state_religion": _religion,
    "state_residence_sex_community": _community,
    "state_residence_sex_literacy": _literacy,
    "state_residence_sex_work_class": _work_class,
    "state_residence_sex_disability": _disability,
    **dict.fromkeys(_EDUCATION, _education),
    "state_residence_sex_education": _state_education,
    **dict.fromkeys(_OCCUPATION, _occupation),
}
