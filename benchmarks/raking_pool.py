"""A seeded pool to be raked: official joints, skewed, with rows enough in every cell."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from selection_rows import save, write_rows

from indic_persona_hub.reference.official import official

TABLES = (
    "state_residence_sex_age",
    "state_religion",
    "state_language",
    "state_residence_sex_community",
)
DIMENSIONS = ("state", "residence", "sex", "age_band", "religion", "language", "community")
#: A cell of the pool has between these times its official share, and the smallest ones more: this
#: part of the pool is drawn by the square roots of the shares.
_SKEW = (0.6, 1.7)
_FLAT = 0.15
#: Rows whose religion or language is unknown.
_UNKNOWN = {"religion": 0.10, "language": 0.05}
_CHUNK = 1_000_000


def write_pool(folder: Path, rows: int, seed: int) -> None:
    """Write the columns of `selection_rows`, and `code-<dimension>.npy` (int8) for all dimensions.

    Religion and language hang on the state alone, community on state, residence and sex.
    """
    write_rows(folder, rows, seed)
    chance = np.random.default_rng(seed)
    shares = {name: _skewed(chance, official(name).persons) for name in TABLES}
    codes = {name: np.empty(rows, np.int8) for name in DIMENSIONS}
    for first in range(0, rows, _CHUNK):
        here = slice(first, min(rows, first + _CHUNK))
        for name, drawn in _drawn(chance, shares, here.stop - first).items():
            codes[name][here] = drawn
    for name, share in _UNKNOWN.items():
        codes[name][chance.random(rows) < share] = -1
    for name, column in codes.items():
        save(folder, f"code-{name}", column)


def read_codes(folder: Path) -> dict[str, NDArray[np.int8]]:
    return {name: np.load(folder / f"code-{name}.npy") for name in DIMENSIONS}


def _drawn(
    chance: np.random.Generator, shares: Mapping[str, NDArray], rows: int
) -> dict[str, NDArray]:
    age, faith, tongue, community = (shares[name] for name in TABLES)
    ranks = np.cumsum(age)
    place = np.searchsorted(ranks / ranks[-1], chance.random(rows), side="right")
    place = np.minimum(place, age.size - 1)
    state, residence, sex, band = np.unravel_index(place, age.shape)
    home = np.ravel_multi_index((state, residence, sex), community.shape[:3])
    return {
        "state": state,
        "residence": residence,
        "sex": sex,
        "age_band": band,
        "religion": _given(chance, faith, state),
        "language": _given(chance, tongue, state),
        "community": _given(chance, community.reshape(-1, community.shape[-1]), home),
    }


def _given(chance: np.random.Generator, shares: NDArray, group: NDArray) -> NDArray:
    """A code for each row, by the shares of its group."""
    ranks = np.cumsum(shares, 1) / shares.sum(1, keepdims=True)
    steps = (ranks + np.arange(len(shares))[:, None]).ravel()
    found = np.searchsorted(steps, group + chance.random(len(group)), side="right")
    return np.clip(found - group * shares.shape[1], 0, shares.shape[1] - 1)


def _skewed(chance: np.random.Generator, persons: NDArray) -> NDArray:
    off = persons * chance.uniform(*_SKEW, persons.shape)
    flat = np.sqrt(persons)
    skewed: NDArray = (1 - _FLAT) * off / off.sum() + _FLAT * flat / flat.sum()
    return skewed
