"""Arrays of the shipped census tables, by today's states: one level, nothing interpolated."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import compute

from indic_persona_hub import reference
from indic_persona_hub.records import DISABILITIES, RELIGIONS
from indic_persona_hub.reference.dimensions import DIMENSIONS


def added_up(
    table: pa.Table, column: str, places: Sequence[NDArray[np.intp]], shape: tuple[int, ...]
) -> NDArray[np.float64]:
    """The sum of `column` in each cell; `places` has one array of codes for each axis."""
    cells = np.ravel_multi_index(tuple(places), shape)
    counts = table[column].to_numpy().astype(np.float64)
    sums: NDArray[np.float64] = np.bincount(cells, counts, int(np.prod(shape))).astype(np.float64)
    return sums.reshape(shape)


def places(column: pa.ChunkedArray, values: Sequence[object]) -> NDArray[np.intp]:
    """The place of each row's value among `values`."""
    order = {value: place for place, value in enumerate(values)}
    return np.array([order[value] for value in column.to_pylist()], np.intp)


def state_places(districts: pa.ChunkedArray) -> NDArray[np.intp]:
    """The place of the state in which each district of 2011 (its census code) lies today."""
    table = reference.load("districts_2011")
    states = places(table["state"], DIMENSIONS["state"].values)
    return states[places(districts, table["code"].to_pylist())]


@cache
def counts(column: str) -> NDArray[np.float64]:
    """A column of `district_population`, by state x residence x sex."""
    table = reference.load("district_population")
    axes = [state_places(table["district"])]
    axes += [places(table[name], DIMENSIONS[name].values) for name in ("residence", "sex")]
    return added_up(table, column, axes, (len(DIMENSIONS["state"].values), 2, 2))


def persons() -> NDArray[np.float64]:
    """All persons, by state x residence x sex."""
    return counts("persons")


@cache
def projected(year: int) -> NDArray[np.float64]:
    """Projected persons of `year`, by state x sex."""
    table = reference.load("population_projection")
    table = table.filter(compute.equal(table["year"], year))
    states = places(table["state"], DIMENSIONS["state"].values)
    shape = (len(DIMENSIONS["state"].values),)
    columns = [added_up(table, sex, [states], shape) for sex in DIMENSIONS["sex"].values]
    return np.stack(columns, axis=-1)


def languages() -> NDArray[np.float64]:
    """Speakers, by state x language; languages without a code are added to the last, `other`."""
    table, known = reference.load("language_speakers"), reference.load("languages")
    order = DIMENSIONS["language"].values
    code_of = dict(zip(known["census_code"].to_pylist(), known["code"].to_pylist(), strict=True))
    spoken = [code_of.get(code) or order[-1] for code in table["census_code"].to_pylist()]
    axes = [
        places(table["state"], DIMENSIONS["state"].values),
        places(pa.chunked_array([pa.array(spoken, pa.string())]), order),
    ]
    shape = (len(DIMENSIONS["state"].values), len(order))
    return added_up(table, "rural", axes, shape) + added_up(table, "urban", axes, shape)


def religions() -> NDArray[np.float64]:
    """Persons by state x religion, those who stated none spread in proportion."""
    table = reference.load("district_religion")
    states, shape = state_places(table["district"]), (len(DIMENSIONS["state"].values),)
    stated = np.stack([added_up(table, name, [states], shape) for name in RELIGIONS], axis=-1)
    silent = added_up(table, "not_stated", [states], shape)
    return spread(stated, silent)


def spread(stated: NDArray[np.float64], silent: NDArray[np.float64]) -> NDArray[np.float64]:
    """`silent` (one axis less) shared among the last axis of `stated` in proportion."""
    total = stated.sum(axis=-1)
    grown = np.divide(total + silent, total, out=np.ones_like(total), where=total > 0)
    whole: NDArray[np.float64] = stated * grown[..., None]
    return whole


def disabilities() -> NDArray[np.float64]:
    """Persons with a disability, by state x residence x sex x kind."""
    table = reference.load("disability")
    axes = [places(table[name], DIMENSIONS[name].values) for name in ("state", "residence", "sex")]
    shape = (len(DIMENSIONS["state"].values), 2, 2)
    return np.stack([added_up(table, kind, axes, shape) for kind in DISABILITIES], axis=-1)
