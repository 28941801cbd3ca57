"""Pairs of rows that may be similar: rows that share the key of a band of minima.

A pair of candidates costs a look at two sketches in memory; only a pair that passes is worth the
read of its sets. Rows are numbered by their place among those compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from indic_persona_hub.judge.duplicates.equal_keys import rows_by_slice
from indic_persona_hub.judge.duplicates.minhash import Bins
from indic_persona_hub.judge.duplicates.normal_words import Rows
from indic_persona_hub.judge.duplicates.word_hashes import Hashes
from indic_persona_hub.stage import Keyed

#: Keys of bands in memory at a time: 256 MB.
_KEYS: Final = 2**26

#: A bucket of up to this many rows is compared whole, a row of a larger one with its neighbours.
_WHOLE: Final = 64
_NEIGHBOURS: Final = 16

#: Minima of sets of fewer grams are copies of too few for a sketch to tell them apart.
_FEW: Final = 16

#: Pairs at a time, and the most rows of a bucket.
_BLOCK: Final = 2**20
_HALF: Final = np.uint64(32)
_LOWER: Final = np.uint64(2**32 - 1)


class Compared(NamedTuple):
    """The rows that are compared, and what tells cheaply that two of them differ.

    Attributes:
        sizes: Of their sets.
        sketches: See `minhash.sketches`.
        threshold: The least Jaccard similarity of a pair.
        bits_apart: In how many bits two sketches may differ.
    """

    sizes: Rows
    sketches: Hashes
    threshold: float
    bits_apart: int


def bucket_pairs(keys: Keyed, rows: Rows, bands: int) -> Iterator[tuple[Rows, Rows]]:
    """Pairs of places in `rows` that share a bucket of a band, in blocks, band after band.

    Inside a bucket the rows stand as the bands before it order them, so that the neighbours in a
    large bucket share the most of those too.
    """
    order = np.arange(len(rows), dtype=np.uint32)
    step = max(1, _KEYS // max(1, len(rows)))
    for first in range(0, bands, step):
        for column in _columns(keys, rows, range(first, min(bands, first + step))):
            packed = column[order].astype(np.uint64) << _HALF
            packed |= np.arange(len(rows), dtype=np.uint64)
            packed.sort()
            order = order[packed & _LOWER]
            yield from _neighbours((packed >> _HALF).astype(np.uint32), order)


def alike(about: Compared, one: Rows, other: Rows) -> npt.NDArray[np.bool_]:
    """Whether sizes and sketches let the pairs of places reach the threshold."""
    small = np.minimum(about.sizes[one], about.sizes[other])
    large = np.maximum(about.sizes[one], about.sizes[other])
    apart = np.bitwise_count(about.sketches[one] ^ about.sketches[other]).sum(axis=1)
    close = (apart <= about.bits_apart) | (large < _FEW)
    return np.asarray((small >= about.threshold * large) & close)


def _columns(keys: Keyed, rows: Rows, bands: range) -> Bins:
    columns = np.empty((len(bands), len(rows)), np.uint32)
    for number, place, inside in rows_by_slice(keys, rows):
        part = keys.part("bands", number)
        for at, band in enumerate(bands):
            columns[at, place] = part[:, band][inside]
    return columns


def _neighbours(ordered: Bins, order: Bins) -> Iterator[tuple[Rows, Rows]]:
    """Pairs of rows in reach of each other in a bucket; `ordered` are the keys of `order`."""
    same = np.zeros(len(ordered) + 1, bool)
    np.equal(ordered[1:], ordered[:-1], out=same[1 : len(ordered)])
    same[::_BLOCK] = False  # ends a bucket that would take too much memory
    ends = np.flatnonzero(same[1:] != same[:-1]).reshape(-1, 2)
    heads, sizes = ends[:, 0], ends[:, 1] - ends[:, 0] + 1
    reach = np.where(sizes > _WHOLE, _NEIGHBOURS, sizes - 1)
    for apart in range(1, int(reach.max(initial=0)) + 1):
        deep = reach >= apart
        heads, sizes, reach = heads[deep], sizes[deep], reach[deep]
        for block in _blocks(sizes - apart):
            count = sizes[block] - apart
            before = np.cumsum(count) - count
            at = np.repeat(heads[block] - before, count) + np.arange(count.sum())
            yield order[at].astype(np.int64), order[at + apart].astype(np.int64)


def _blocks(counts: Rows) -> Iterator[slice]:
    """Buckets with about `_BLOCK` pairs together."""
    ends = np.cumsum(counts)
    at = 0
    while at < len(counts):
        done = int(ends[at - 1]) if at else 0
        past = max(at + 1, int(np.searchsorted(ends, done + _BLOCK, "right")))
        yield slice(at, past)
        at = past
