"""Vectors as whole numbers of 8 bits: small on disk, and their dot products are exact.

The products of two vectors of at most 4,096 in length stay below 2**24, up to which float32 holds
every whole number: a cosine is the same number on any machine, in blocks of any shape, with any
number of threads.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indic_persona_hub.stage import Keyed

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]
Whole = NDArray[np.int8]

_LARGEST: Final = 127
#: Of a vector in whole numbers at most; it can rise by rounding.
_LONGEST: Final = 3900
#: Of levelled vectors, give or take half a dimension's root.
LENGTH: Final = np.float32(1000)


def whole(vectors: NDArray[np.floating]) -> Whole:
    """Each vector in whole numbers: (rows, dimensions). A cosine moves by less than 0.002.

    The error of a cosine is about 0.0006 at 256 dimensions.
    """
    exact = np.asarray(vectors, np.float64)
    largest = np.abs(exact).max(axis=1, initial=0)
    length = np.sqrt(np.einsum("ij,ij->i", exact, exact))
    # A vector of zeros stays one: it is like nothing.
    scale = np.minimum(_LARGEST / np.maximum(largest, 1e-30), _LONGEST / np.maximum(length, 1e-30))
    scaled: Whole = np.rint(exact * scale[:, None]).astype(np.int8)
    return scaled


def levelled(vectors: Whole) -> Floats:
    """The vectors, all of nearly one length, still in whole numbers: (rows, dimensions)."""
    plain: Floats = vectors.astype(np.float32)
    plain *= LENGTH * inverse_lengths(plain)[:, None]
    np.rint(plain, out=plain)
    return plain


def inverse_lengths(vectors: Floats) -> Floats:
    """1 / the length of each vector of whole numbers; 0 for a vector of zeros."""
    squared = np.einsum("ij,ij->i", vectors, vectors).astype(np.float64)
    inverse = np.where(squared > 0, 1 / np.sqrt(np.maximum(squared, 1)), 0)
    return np.asarray(inverse, np.float32)


def cosines(products: Floats, one: Floats, other: Floats) -> Floats:
    """Cosines from products and the inverse lengths of both."""
    return np.asarray(np.minimum(products * one * other, 1), np.float32)


def paired_cosines(one: Whole, other: Whole) -> Floats:
    """Cosine of each row of `one` with the row of `other` beside it."""
    left, right = levelled(one), levelled(other)
    products = np.einsum("ij,ij->i", left, right)
    return cosines(products, inverse_lengths(left), inverse_lengths(right))


class StoredVectors:
    """The vectors that a judge stored as the keys `name`, read as they are asked for."""

    def __init__(self, keys: Keyed, name: str) -> None:
        self._keys = keys
        self._name = name
        self._starts = np.append(0, np.cumsum(np.asarray(keys.rows_by_slice, np.int64)))

    @property
    def dimensions(self) -> int:
        """Of each vector; 0 where there is none."""
        full = (number for number, rows in enumerate(self._keys.rows_by_slice) if rows)
        first = next(full, None)
        return 0 if first is None else int(self._keys.part(self._name, first).shape[1])

    def parts(self, rows: Rows) -> Iterator[tuple[slice, Whole]]:
        """The vectors of `rows`, which ascend, a slice at a time: where in `rows`, and they."""
        edges = np.searchsorted(rows, self._starts)
        for number, (begin, end) in enumerate(pairwise(edges.tolist())):
            if begin < end:
                part = self._keys.part(self._name, number)
                yield slice(begin, end), part[rows[begin:end] - self._starts[number]]

    def take(self, rows: Rows) -> Whole:
        """The vectors of `rows`, which ascend: (rows, dimensions)."""
        return np.concatenate([part for _, part in self.parts(rows)])
