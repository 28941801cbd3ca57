"""Attributes that texts state of some people only.

A text names a Scheduled Caste or Tribe and is silent about everybody else. Among the rows that say,
such people are always many and others few; a cell is off for sure only if it stays so when silent
rows count as what goes without saying, which itself is never too few. A disability is such an
attribute too: see `tables`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indic_persona_hub.audit.coding.coded import Coded, counted
from indic_persona_hub.audit.compare import Comparison, compared
from indic_persona_hub.reference.dimensions import DIMENSIONS

#: What a silent row most likely is, by dimension.
_UNSAID: Final[Mapping[str, str]] = {"community": "other"}
_NOTE: Final = (
    "Texts name castes and tribes where they hold and are silent elsewhere: among the rows that"
    " say, they are always many."
)


def note_of(found: Comparison) -> str:
    """What a reader of the table must know; empty where no row is silent on such an attribute."""
    said = 0 < found.rows < found.all_rows and set(_UNSAID) & set(found.official.dimensions)
    return _NOTE if said else ""


def sure_despite_silence(coded: Coded, found: Comparison) -> Comparison:
    """`found` with the flags only that stand when silent rows are counted as what goes unsaid."""
    names = found.official.dimensions
    silent = _silent(coded, names)
    if not silent.any():
        return found
    filled = found.observed.reshape(silent.shape).astype(np.int64) + silent
    beside = compared(filled, coded.counted_rows, found.official)
    stands = (beside.severity() > 0) & (beside.z * found.z > 0)
    return replace(found, flagged=found.flagged & stands & ~(_is_unsaid(names) & (found.z < 0)))


def unsaid_cells(coded: Coded, dimensions: tuple[str, ...]) -> NDArray[np.bool_]:
    """The cells of a flattened table that silent rows most likely belong to; none where no row is
    silent.
    """
    return _is_unsaid(dimensions) & bool(_silent(coded, dimensions).any())


def _silent(coded: Coded, dimensions: tuple[str, ...]) -> NDArray[np.int64]:
    """In each cell of what goes unsaid, the rows that are unknown in that dimension alone."""
    rows = np.zeros(_shape(dimensions), np.int64)
    for axis, name in enumerate(dimensions):
        if name in _UNSAID:
            everybody = counted(coded, dimensions[:axis] + dimensions[axis + 1 :])
            said = counted(coded, dimensions).sum(axis)
            np.moveaxis(rows, axis, -1)[..., _unsaid(name)] = np.maximum(everybody - said, 0)
    return rows


def _is_unsaid(dimensions: tuple[str, ...]) -> NDArray[np.bool_]:
    """The cells of a flattened table whose value of a dimension is the unsaid one."""
    cells = np.zeros(_shape(dimensions), np.bool_)
    for axis, name in enumerate(dimensions):
        if name in _UNSAID:
            np.moveaxis(cells, axis, -1)[..., _unsaid(name)] = True
    return cells.ravel()


def _shape(dimensions: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(len(DIMENSIONS[name].values) for name in dimensions)


def _unsaid(name: str) -> int:
    return DIMENSIONS[name].values.index(_UNSAID[name])
