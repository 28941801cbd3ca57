"""A persona set as codes: one small number a row and dimension, and no text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indic_persona_hub.reference.dimensions import DIMENSIONS

#: Rows that are counted at once, so that wide numbers are never made for a whole set.
_BLOCK_ROWS: Final = 1 << 20


@dataclass
class Known:
    """What is known of one attribute.

    Attributes:
        rows: Rows that state it.
        origins: Rows by who says so (`records.ORIGINS`).
        unrecognised: Values that no code was found for, with their rows.
    """

    rows: int = 0
    origins: Counter[str] = field(default_factory=Counter)
    unrecognised: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Coded:
    """A persona set as codes.

    Attributes:
        rows: Usable rows; each array of `codes` has as many entries.
        codes: By dimension, -1 where unknown; a dimension that no row states may be absent.
        rejected: Rows that could not be used, by reason.
        attributes: What is known of each attribute.
    """

    rows: int
    codes: Mapping[str, NDArray[np.int16]]
    rejected: Mapping[str, int] = field(default_factory=dict)
    attributes: Mapping[str, Known] = field(default_factory=dict)

    def known(self, name: str) -> int:
        """Rows with a code in the dimension `name`."""
        return int((self.codes[name] >= 0).sum()) if name in self.codes else 0


def counted(coded: Coded, dimensions: Sequence[str]) -> NDArray[np.int64]:
    """Rows in each cell, with the sizes of the dimensions as shape; rows with an unknown value in
    any of them are in none.
    """
    shape = tuple(len(DIMENSIONS[name].values) for name in dimensions)
    totals = np.zeros(int(np.prod(shape)), np.int64)
    if all(name in coded.codes for name in dimensions):
        for cells in _cells(coded, dimensions, shape):
            totals += np.bincount(cells, minlength=len(totals))
    return totals.reshape(shape)


def _cells(
    coded: Coded, dimensions: Sequence[str], shape: tuple[int, ...]
) -> Iterator[NDArray[np.int64]]:
    """The flat cells of the rows that are known, block by block."""
    for first in range(0, coded.rows, _BLOCK_ROWS):
        block = slice(first, first + _BLOCK_ROWS)
        cells = np.zeros(min(_BLOCK_ROWS, coded.rows - first), np.int64)
        known = np.ones(len(cells), np.bool_)
        for name, size in zip(dimensions, shape, strict=True):
            codes = coded.codes[name][block]
            known &= codes >= 0
            cells = cells * size + codes
        yield cells[known]
