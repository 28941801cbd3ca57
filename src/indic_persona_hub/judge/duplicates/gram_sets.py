"""Sets of gram hashes, one a text, as flat arrays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from indic_persona_hub.judge.duplicates.normal_words import Rows
from indic_persona_hub.judge.duplicates.word_hashes import Hashes, mixed

Grams = npt.NDArray[np.uint32]
Matrix = npt.NDArray[Any]

_HALF: Final = np.uint64(32)

#: Entries of one matrix.
_MATRIX: Final = 2**21


class GramSets(NamedTuple):
    """One set a text.

    Attributes:
        grams: The different ones of the upper 32 bits of the hashes, text after text, ascending in
            each text.
        sizes: int64, how many each text has.
        keys: A number a text, equal where the sets are.
    """

    grams: Grams
    sizes: Rows
    keys: Hashes


def gram_sets(hashes: Hashes, counts: Rows) -> GramSets:
    """The sets of texts whose hashes stand one after the other, `counts` of each text."""
    short = (hashes >> _HALF).astype(np.uint32)
    starts = np.cumsum(counts) - counts
    sizes = np.zeros(len(counts), np.int64)
    parts = []
    for rows in like_sized(counts):
        matrix, new = padded(short, starts[rows], counts[rows])
        matrix.sort(axis=1)
        new[:, 1:] &= matrix[:, 1:] != matrix[:, :-1]
        sizes[rows] = np.count_nonzero(new, axis=1)
        parts.append((rows, matrix.ravel().compress(new.ravel())))
    grams = _in_order(parts, sizes)
    return GramSets(grams, sizes, _sums(mixed(grams.astype(np.uint64)), sizes))


def like_sized(sizes: Rows) -> Iterator[Rows]:
    """The rows of non-zero size in groups whose padding at most doubles them, and is bounded."""
    powers = np.frexp(sizes - 1)[1]
    powers[sizes == 0] = -1
    for power in range(powers.max(initial=-1) + 1):
        rows = np.flatnonzero(powers == power)
        step = max(1, _MATRIX >> power)
        for at in range(0, len(rows), step):
            yield rows[at : at + step]


def padded(
    values: npt.NDArray[Any], starts: Rows, sizes: Rows
) -> tuple[Matrix, npt.NDArray[np.bool_]]:
    """`values[starts[i]:][:sizes[i]]` as row i of a matrix, and where they stand in it.

    The largest number of its type fills the rest, so that what is sorted stays where it stood.
    """
    column = np.arange(sizes.max(initial=0))
    valid = column < sizes[:, None]
    matrix = values.take(starts[:, None] + column, mode="clip")
    matrix |= valid.astype(values.dtype) - values.dtype.type(1)
    return matrix, valid


def spread(starts: Rows, sizes: Rows) -> Rows:
    """Numbers of the entries `starts[i]`, `starts[i] + 1`, ... of each row, `sizes[i]` of them."""
    before = np.cumsum(sizes) - sizes
    return np.repeat(starts - before, sizes) + np.arange(sizes.sum())


def _sums(values: Hashes, sizes: Rows) -> Hashes:
    total = np.append(np.uint64(0), np.cumsum(values))
    ends = np.cumsum(sizes)
    return np.asarray(total[ends] - total[ends - sizes])


def _in_order(parts: list[tuple[Rows, Grams]], sizes: Rows) -> Grams:
    starts = np.cumsum(sizes) - sizes
    grams = np.empty(sizes.sum(), np.uint32)
    for rows, found in parts:
        grams[spread(starts[rows], sizes[rows])] = found
    return grams
