"""Census ages to the age bands of personas.

The census prints five-year groups by state (C-14), children under 7 by district (PCA), and single
years from 7 to 19 for India (C-8). Our bands cut at 6, 13 and 18, within those groups.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from indic_persona_hub import reference
from indic_persona_hub.records import AGE_BANDS
from indic_persona_hub.reference import census, schooling
from indic_persona_hub.reference.dimensions import DIMENSIONS

NOTE: Final = (
    "Five-year groups of C-14. Cuts at 6, 13 and 18 lie within a group: the cumulative count of"
    " each state, residence and sex is interpolated monotonically (PCHIP), with children under 7"
    " (PCA) as a further knot; the cuts at 13 and 18 are then fitted to the single years of India"
    " (C-8) by residence and sex. 'Age not stated' (0.4%) spread in proportion."
)
NOT_STATED: Final = "not stated"
#: Least age of each five-year group, 0 to 80.
_LEAST: Final = tuple(range(0, 85, 5))
#: Cuts within a group that C-8 tells for India, with the group that they lie in.
_CUTS: Final = {13: (10, 15), 18: (15, 20)}


@cache
def age_bands() -> NDArray[np.float64]:
    """Persons by state x residence x sex x age band."""
    groups, silent = five_year_groups()
    below = {age: groups[..., : _LEAST.index(age)].sum(axis=-1) for age in _LEAST}
    below |= _interpolated(below, census.counts("under_7"))
    for cut, (first, last) in _CUTS.items():
        within = below[last] - below[first]
        share = _fitted((below[cut] - below[first]) / within, within, _share_below(cut))
        below[cut] = below[first] + share * within
    ends = [*(below[_least(band)] for band in AGE_BANDS), groups.sum(axis=-1)]
    bands = np.stack([last - first for first, last in pairwise(ends)], axis=-1)
    return census.spread(bands, silent)


@cache
def five_year_groups() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Persons by state x residence x sex x five-year group, and those of unstated age."""
    table = reference.load("population_age_sex_residence")
    names = list(dict.fromkeys(table["age_group"].to_pylist()))
    axes = [
        census.places(table["state"], DIMENSIONS["state"].values),
        census.places(table["age_group"], names),
    ]
    shape = (len(DIMENSIONS["state"].values), len(names))
    columns = [
        [census.added_up(table, f"{residence}_{sex}", axes, shape) for sex in _values("sex")]
        for residence in _values("residence")
    ]
    persons = np.moveaxis(np.array(columns), 2, 0)  # state x residence x sex x group
    return persons[..., : len(_LEAST)], persons[..., names.index(NOT_STATED)]


def _values(name: str) -> tuple[str, ...]:
    return DIMENSIONS[name].values


def _least(band: str) -> int:
    """The least age of a band: 13 of "13-17", 75 of "75+"."""
    return int(band.rstrip("+").split("-")[0])


def _interpolated(
    below: dict[int, NDArray[np.float64]], under_7: NDArray[np.float64]
) -> dict[int, NDArray[np.float64]]:
    """Persons below 6, 13 and 18."""
    from scipy.interpolate import PchipInterpolator  # a quarter of a second to import

    knots = sorted({*below, 7})
    counts = np.stack([under_7 if age == 7 else below[age] for age in knots])
    curve = PchipInterpolator(knots, counts, axis=0)
    return {cut: curve(cut) for cut in (6, *_CUTS)}


def _share_below(cut: int) -> NDArray[np.float64]:
    """The share of a five-year group of India that is below `cut`, by residence x sex."""
    first, last = _CUTS[cut]
    table = reference.load("education")
    years = np.array([_first_year(group) for group in table["age_group"].to_pylist()])
    persons = np.sum([table[name].to_numpy() for name in _levels(table)], axis=0, dtype=np.float64)
    rows = [census.places(table[name], _values(name)) for name in ("residence", "sex")]
    cells = np.ravel_multi_index(tuple(rows), (2, 2))
    young = np.bincount(cells, weights=persons * ((first <= years) & (years < cut)), minlength=4)
    all_ = np.bincount(cells, weights=persons * ((first <= years) & (years < last)), minlength=4)
    share: NDArray[np.float64] = (young / all_).reshape(2, 2)
    return share


def _fitted(
    share: NDArray[np.float64], within: NDArray[np.float64], target: NDArray[np.float64]
) -> NDArray[np.float64]:
    """`share` of each state with odds multiplied so that the shares of all states meet `target`.

    All arrays end in residence x sex; `share` and `within` begin with the state.
    """
    odds, moved = share / (1 - share), share
    low, high = np.full(target.shape, 1 / 8), np.full(target.shape, 8.0)
    for _ in range(60):
        factor = np.sqrt(low * high)
        moved = factor * odds / (1 + factor * odds)
        short = (moved * within).sum(axis=0) / within.sum(axis=0) < target
        low, high = np.where(short, factor, low), np.where(short, high, factor)
    return moved


def _levels(table: pa.Table) -> list[str]:
    """Columns of counts of the table `education`."""
    return [name for name in table.column_names if name not in ("residence", "age_group", "sex")]


def _bands(years: NDArray[np.intp]) -> NDArray[np.intp]:
    """The place of each age's band; one past the last where the age is not stated (-1)."""
    found = np.searchsorted([_least(band) for band in AGE_BANDS], years, side="right") - 1
    return np.where(years < 0, len(AGE_BANDS), found)


def _first_year(group: str) -> int:
    """The least age of a group of C-8; -1 where the age is not stated."""
    return -1 if group == NOT_STATED else int(group.rstrip("+").split("-")[0])


@cache
def education() -> NDArray[np.float64]:
    """Persons aged 7 and over by residence x sex x age band x level of education (C-8)."""
    table = reference.load("education")
    years = np.array([_first_year(group) for group in table["age_group"].to_pylist()])
    table, years = table.filter(pa.array(years != 0)), years[years != 0]
    axes = [census.places(table[name], _values(name)) for name in ("residence", "sex")]
    axes.append(_bands(years))
    shape = (2, 2, len(AGE_BANDS) + 1)
    levels = schooling.levels(lambda name: census.added_up(table, name, axes, shape))
    stated, silent = levels[:, :, :-1], levels[:, :, -1]  # by age band, and of unstated age
    return np.moveaxis(census.spread(np.moveaxis(stated, 2, -1), silent), -1, 2)
