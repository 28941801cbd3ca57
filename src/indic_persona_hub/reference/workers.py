"""Workers of India by occupation, sex and residence, from the Periodic Labour Force Survey."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from indic_persona_hub import reference
from indic_persona_hub.reference.dimensions import DIMENSIONS


@cache
def occupations() -> NDArray[np.float64]:
    """Per cent of all workers in each cell, by NCO-2015 division x sex x residence.

    The survey prints per cent of the workers of each sex and residence, so each column is weighted
    with the share of all workers that it is about.
    """
    divisions, sexes, residences = (
        DIMENSIONS[name].values for name in ("occupation_division", "sex", "residence")
    )
    codes = reference.load("occupation_shares")["code"].to_pylist()
    rows = [codes.index(division) for division in divisions]
    cells = np.empty((len(divisions), len(sexes), len(residences)))
    for s, sex in enumerate(sexes):
        for r, residence in enumerate(residences):
            cells[:, s, r] = _column(f"{residence}_{sex}")[rows] * weight(sex, residence)
    percent: NDArray[np.float64] = cells * 100 / cells.sum()
    return percent


def weight(sex: str, residence: str) -> float:
    """The share of all workers that are of this sex and residence.

    The survey does not print it. But each of its 176 figures of persons lies between those of males
    and females, or of rural and urban, and least squares tell where: with that share the parts give
    back every figure of persons within 0.01.
    """
    rural = _share_of_first("rural_person", "urban_person", "person")
    male = _share_of_first(f"{residence}_male", f"{residence}_female", f"{residence}_person")
    of_residence = rural if residence == "rural" else 1 - rural
    return of_residence * (male if sex == "male" else 1 - male)


def _share_of_first(first: str, second: str, whole: str) -> float:
    """The share of `first` in `whole`, which is made of it and `second`."""
    apart = _column(first) - _column(second)
    return float(apart @ (_column(whole) - _column(second)) / (apart @ apart))


def _column(name: str) -> NDArray[np.float64]:
    column: NDArray[np.float64] = reference.load("occupation_shares")[name].to_numpy()
    return column
