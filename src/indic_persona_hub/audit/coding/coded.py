"""A persona set as codes: one small number a row and dimension, and counts of its words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indic_persona_hub.audit.stewardship.gathering import Gathered
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
        gathered: What its texts hold; None where nobody asked.
        weights: What each row counts for, more than 0; None where each counts once.
    """

    rows: int
    codes: Mapping[str, NDArray[np.int16]]
    rejected: Mapping[str, int] = field(default_factory=dict)
    attributes: Mapping[str, Known] = field(default_factory=dict)
    gathered: Gathered | None = None
    weights: NDArray[np.float64] | None = None

    @cached_property
    def scale(self) -> float:
        """Rows that a weight of 1 stands for, so that all weights come to Kish's effective sample
        size, (sum of weights)^2 / sum of squares.
        """
        if self.weights is None or not len(self.weights):
            return 1.0
        return float(self.weights.sum() / np.square(self.weights).sum())

    @property
    def counted_rows(self) -> int:
        """Rows that tables count: `rows`, or Kish's effective sample size of a set with weights."""
        return self.amount(np.ones(self.rows, np.bool_)) if self.weights is not None else self.rows

    def amount(self, which: NDArray[np.bool_]) -> int:
        """What the rows `which` count for, in whole rows."""
        if self.weights is None:
            return int(which.sum())
        return int(np.floor(self.weights[which].sum() * self.scale + 0.5))


def counted(coded: Coded, dimensions: Sequence[str]) -> NDArray[np.int64]:
    """Rows in each cell, with the sizes of the dimensions as shape; rows with an unknown value in
    any of them are in none. Of a set with weights, what the rows count for in whole rows, rounded
    so that each stretch of cells comes out within one.
    """
    shape = tuple(len(DIMENSIONS[name].values) for name in dimensions)
    totals = np.zeros(int(np.prod(shape)), np.int64 if coded.weights is None else np.float64)
    if all(name in coded.codes for name in dimensions):
        for cells, weights in _cells(coded, dimensions, shape):
            totals += np.bincount(cells, weights, minlength=len(totals))
    if coded.weights is not None:
        upto = np.floor(np.cumsum(totals) * coded.scale + 0.5).astype(np.int64)
        totals = np.diff(upto, prepend=np.int64(0))
    return totals.astype(np.int64).reshape(shape)


def _cells(
    coded: Coded, dimensions: Sequence[str], shape: tuple[int, ...]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float64] | None]]:
    """The flat cells of the rows that are known, with their weights, block by block."""
    for first in range(0, coded.rows, _BLOCK_ROWS):
        block = slice(first, first + _BLOCK_ROWS)
        cells = np.zeros(min(_BLOCK_ROWS, coded.rows - first), np.int64)
        known = np.ones(len(cells), np.bool_)
        for name, size in zip(dimensions, shape, strict=True):
            codes = coded.codes[name][block]
            known &= codes >= 0
            cells = cells * size + codes
        yield cells[known], None if coded.weights is None else coded.weights[block][known]
