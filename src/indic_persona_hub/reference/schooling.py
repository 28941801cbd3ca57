"""Levels of education of census table C-8 as ours, and persons of today's states by level."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indic_persona_hub import reference
from indic_persona_hub.reference import census
from indic_persona_hub.reference.dimensions import DIMENSIONS, EDUCATION

#: Our levels that are several columns of the table.
_PARTS: Final = {
    "below_primary": ("no_level", "below_primary"),
    "diploma": ("diploma_non_technical", "diploma_technical"),
}


def levels(counted: Callable[[str], NDArray[np.float64]]) -> NDArray[np.float64]:
    """Persons by level of education, along one more axis, literates of unknown level spread.

    Args:
        counted: The persons of a column of the table.
    """
    told = np.stack(
        [
            np.sum([counted(name) for name in _PARTS.get(level, (level,))], axis=0)
            for level in EDUCATION
        ],
        axis=-1,
    )
    literate = census.spread(told[..., 1:], counted("unclassified"))
    return np.concatenate([told[..., :1], literate], axis=-1)


@cache
def by_state() -> NDArray[np.float64]:
    """Persons aged 7 and over by today's state x residence x sex x level of education.

    The table prints the states of 2011. How many can read in each of today's states, its districts
    tell; they have the levels of the state of 2011 that the districts were in.
    """
    literate = census.counts("literate")
    illiterate = census.counts("persons") - census.counts("under_7") - literate
    told = _states_of_2011()[..., 1:]
    shares = told / told.sum(axis=-1, keepdims=True)
    able = np.einsum("otrs,orsl->trsl", _literate_of_both(), shares)
    return np.concatenate([illiterate[..., None], able], axis=-1)


def _states_of_2011() -> NDArray[np.float64]:
    """Persons of all ages by state of 2011 (census code, from 1) x residence x sex x level."""
    table = reference.load("state_education")
    axes = [table["state_2011"].to_numpy() - 1]
    axes += [census.places(table[name], DIMENSIONS[name].values) for name in ("residence", "sex")]
    shape = (max(axes[0]) + 1, 2, 2)
    return levels(lambda name: census.added_up(table, name, axes, shape))


def _literate_of_both() -> NDArray[np.float64]:
    """Literates by state of 2011 x today's state x residence x sex."""
    table, districts = reference.load("district_population"), reference.load("districts_2011")
    rows = census.places(table["district"], districts["code"].to_pylist())
    axes = [districts["state_2011"].to_numpy()[rows] - 1, census.state_places(table["district"])]
    axes += [census.places(table[name], DIMENSIONS[name].values) for name in ("residence", "sex")]
    shape = (max(axes[0]) + 1, len(DIMENSIONS["state"].values), 2, 2)
    return census.added_up(table, "literate", axes, shape)
