"""Persona pools in codes, drawn from the official joint tables, fair or with a planted skew."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from indic_persona_hub.audit.coding.coded import Coded
from indic_persona_hub.audit.labels import value_label
from indic_persona_hub.reference import census_ages, schooling
from indic_persona_hub.reference.dimensions import DIMENSIONS
from indic_persona_hub.reference.official import Official, official, official_names

Codes = dict[str, NDArray[np.int16]]

#: The table that everybody is drawn from first; the others add their dimensions given these.
BASE = "state_residence_sex_age"
#: Columns of `write_columns`, under names that other sets use, by dimension.
COLUMNS = {
    "state": "state",
    "residence": "zone",
    "sex": "sex",
    "age_band": "age_band",
    "language": "first_language",
    "religion": "religion",
    "community": "social_group",
}
SKEWS = ("twice_urban", "none_over_60", "no_goa", "sex_apart_from_work")


def fair_pool(rows: int, chance: np.random.Generator) -> Codes:
    """People as they live in India: a multinomial draw from the base table, then each further
    dimension given those of its table that are there already. Whom a table does not count (a child
    among workers) is unknown in it, so that a table's people are a fair draw of its own population.
    """
    base = official(BASE)
    share = base.persons.ravel() / base.persons.sum()
    cells = np.searchsorted(np.cumsum(share), chance.random(rows), side="right")
    places = np.unravel_index(np.minimum(cells, len(share) - 1), base.persons.shape)
    pool = {
        name: place.astype(np.int16) for name, place in zip(base.dimensions, places, strict=True)
    }
    for table in _tables():
        _add(pool, table, base, chance)
    return pool


def _education() -> NDArray[np.float64]:
    """State x residence x sex x age band x level, fitted to what is told by age and by state."""
    by_age, by_state = census_ages.education(), schooling.by_state()
    cells = census_ages.age_bands()[..., None] * by_age
    for _ in range(30):
        cells *= by_age / np.maximum(cells.sum(0), 1e-9)
        cells *= np.expand_dims(by_state / np.maximum(cells.sum(3), 1e-9), 3)
    return cells


@cache
def _tables() -> tuple[Official, ...]:
    """The official tables; education in one table of which those of the audit are parts."""
    dimensions = ("state", "residence", "sex", "age_band", "education")
    education = Official("education", dimensions, _education(), "aged 7 and over", "", "")
    return (education, *map(official, official_names()))


def _add(pool: Codes, table: Official, base: Official, chance: np.random.Generator) -> None:
    fresh = [name for name in table.dimensions if name not in pool]
    if not fresh:
        return
    given = [name for name in table.dimensions if name in base.dimensions]
    counted = table.marginal(*given, *fresh).persons
    sizes = [len(DIMENSIONS[name].values) for name in given]
    counted = counted.reshape(int(np.prod(sizes)), -1)
    everybody = base.marginal(*given).persons.ravel() if given else counted.sum(1)
    where = np.zeros(len(pool["state"]), np.int64)
    for name, size in zip(given, sizes, strict=True):
        where = where * size + pool[name]
    of_table = counted.sum(1) / np.maximum(everybody, 1e-9)
    # A table in per cent says who is likelier to be counted, not how many are: half at most here.
    of_table *= 0.5 / of_table.max() if "per cent" in table.population else 1.0
    of_table /= max(1.0, of_table.max())
    running = np.cumsum(counted, 1) / np.maximum(counted.sum(1, keepdims=True), 1e-9)
    drawn = _drawn(running, where, chance.random(len(where)))
    known = chance.random(len(where)) < of_table[where]
    shape = [len(DIMENSIONS[name].values) for name in fresh]
    for name, place in zip(fresh, np.unravel_index(drawn, shape), strict=True):
        pool[name] = np.where(known, place, -1).astype(np.int16)


def _drawn(
    running: NDArray[np.float64], where: NDArray[np.int64], chance: NDArray[np.float64]
) -> NDArray[np.int64]:
    """For each row the first column whose running share lies above its chance."""
    steps = running + np.arange(len(running))[:, None]  # one ascending list for all tables
    found = np.searchsorted(steps.ravel(), where + chance, side="right")
    return np.minimum(found - where * running.shape[1], running.shape[1] - 1)


def skewed_pool(rows: int, skews: tuple[str, ...], chance: np.random.Generator) -> Codes:
    """A fair pool of more people, of which `rows` are taken so that the skews are in it."""
    pool = fair_pool(4 * rows, chance)
    weight = np.ones(4 * rows)
    for skew in skews:
        weight *= _WEIGHTS.get(skew, _even)(pool)
    if "twice_urban" in skews:
        urban = pool["residence"] == 1
        share = float(weight[urban].sum() / weight.sum())
        wanted = 2 * float(_share("residence")[1])
        weight[urban] *= wanted / (1 - wanted) * (1 - share) / share
    taken = np.flatnonzero(chance.random(len(weight)) * weight.max() < weight)[:rows]
    assert len(taken) == rows
    pool = {name: codes[taken] for name, codes in pool.items()}
    if "sex_apart_from_work" in skews:
        workers = np.flatnonzero((pool["work_class"] >= 0) | (pool["occupation_division"] >= 0))
        pool["sex"][workers] = pool["sex"][chance.permutation(workers)]
    return pool


def _even(pool: Codes) -> NDArray[np.float64]:
    return np.ones(len(pool["state"]))


def _no_elderly(pool: Codes) -> NDArray[np.float64]:
    names = DIMENSIONS["age_band"].values
    old = [names.index("60-74"), names.index("75+")]
    return np.where(np.isin(pool["age_band"], old), 0.0, 1.0)


def _no_goa(pool: Codes) -> NDArray[np.float64]:
    return np.where(pool["state"] == DIMENSIONS["state"].values.index("IN-GA"), 0.0, 1.0)


_WEIGHTS: dict[str, Callable[[Codes], NDArray[np.float64]]] = {
    "none_over_60": _no_elderly,
    "no_goa": _no_goa,
}


@cache
def _share(dimension: str) -> NDArray[np.float64]:
    persons = official(BASE).marginal(dimension).persons
    return persons / persons.sum()


def coded(pool: Codes) -> Coded:
    """The pool as the audit takes it."""
    return Coded(len(next(iter(pool.values()))), pool)


def write_columns(pool: Codes, path: Path) -> None:
    """The pool as a Parquet file of others: a short text, and columns of plain words."""
    words = {name: _words(name, pool[name]) for name in COLUMNS}
    blank = pa.scalar("", pa.string())
    ages = pc.binary_join_element_wise(words["age_band"], " years old", "")
    text = pc.binary_join_element_wise(
        "A person,",
        ages,
        "who lives in",
        pc.fill_null(words["state"], blank),
        "and likes tea.",
        " ",
    )
    columns = {COLUMNS[name]: column for name, column in words.items()}
    pq.write_table(pa.table({"text": text, **columns}), path, row_group_size=125_000)


def _words(name: str, codes: NDArray[np.int16]) -> pa.Array:
    values = DIMENSIONS[name].values
    plain = name in ("age_band", "residence", "sex")
    spelled = [value if plain else value_label(name, value).split("/")[0] for value in values]
    if name == "community":
        spelled = ["SC", "ST", "General"]
    places = pa.array(codes, mask=codes < 0)
    return pa.array(spelled, pa.string()).take(places)
