"""Similar sets among many: MinHash, banded LSH, exact Jaccard similarity, connected components.

Rows are numbered; a row is a set of 48-bit hashes. All arithmetic wraps at 64 bits on purpose.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

Hashes = npt.NDArray[np.uint64]
Rows = npt.NDArray[np.int64]

#: Share of the pairs at the threshold that the bands must find.
RECALL: Final = 0.999

#: How many neighbours of its bucket, in order, a row is compared with: a bucket of up to 65 rows
#: is compared whole, and a larger one costs no more a row.
_WINDOW: Final = 64

#: A hash keeps 48 bits, so that it packs with the number of its row or pair in a chunk into one
#: number that sorts fast: among 5 million different words 0.04 pairs are expected to collide.
_HASH_BITS: Final = np.uint64(48)
_OWNER_BITS: Final = np.uint64(16)
_HASH_MASK: Final = np.uint64(2**48 - 1)
_CHUNK: Final = 2**15
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)
_SHIFT: Final = np.uint64(29)


def bands_for(permutations: int, threshold: float) -> tuple[int, int]:
    """(bands, rows a band) with the most rows that still find `RECALL` of pairs at `threshold`.

    A pair of similarity s meets in at least one of b bands of r rows with 1 - (1 - s**r)**b.
    """
    for rows in range(permutations, 1, -1):
        bands = permutations // rows
        if 1 - (1 - threshold**rows) ** bands >= RECALL:
            return bands, rows
    return permutations, 1


@dataclass(frozen=True)
class Grams:
    """Sets of hashes, never empty: row i holds `values[starts[i]:starts[i + 1]]`, ascending."""

    values: Hashes
    starts: Rows

    @classmethod
    def of(cls, words: pa.Array, ngram: int) -> Grams:
        """Sets of word n-grams from lists of word hashes; a shorter row is one gram as a whole."""
        parts = [
            _distinct(*_ngrams(words.slice(at, _CHUNK), ngram))
            for at in range(0, len(words), _CHUNK)
        ]
        counts = np.concatenate([np.zeros(1, np.int64), *(part[1] for part in parts)])
        values = np.concatenate([np.zeros(0, np.uint64), *(part[0] for part in parts)])
        return cls(values, np.cumsum(counts))

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def sizes(self) -> Rows:
        """Number of hashes of each row."""
        return np.diff(self.starts)


def clusters(grams: Grams, permutations: int, threshold: float) -> Rows:
    """For each row the number of its connected component of similar rows."""
    twin = first_rows(_set_keys(grams))
    labels = _linked(len(grams), *_verified(grams, twin, np.arange(len(grams)), threshold))
    alone = np.flatnonzero(twin == np.arange(len(grams)))
    bands, rows = bands_for(permutations, threshold)
    chance = np.random.Generator(np.random.PCG64(permutations))
    for _ in range(bands):
        factors = chance.integers(0, 2**64, (rows, 2), np.uint64)
        one, other = _bucket_pairs(_band_keys(grams, factors)[alone])
        one, other = alone[one], alone[other]
        apart = labels[one] != labels[other]
        one, other = _verified(grams, one[apart], other[apart], threshold)
        joined = _linked(len(labels), labels[one], labels[other])
        labels = joined[labels]
    return labels


def first_rows(keys: npt.NDArray[Any]) -> Rows:
    """For each row the first row with the same key."""
    order = np.argsort(keys, kind="stable")
    heads = np.flatnonzero(np.append(True, keys[order][1:] != keys[order][:-1])[: len(keys)])
    first = np.empty(len(keys), np.int64)
    first[order] = np.repeat(order[heads], np.diff(np.append(heads, len(keys))))
    return first


def jaccard(grams: Grams, one: Rows, other: Rows) -> npt.NDArray[np.float64]:
    """Exact Jaccard similarity of the sets of each pair of rows."""
    parts = [
        _jaccard(grams, one[at : at + _CHUNK], other[at : at + _CHUNK])
        for at in range(0, len(one), _CHUNK)
    ]
    return np.concatenate([np.zeros(0), *parts])


def _ngrams(words: pa.Array, ngram: int) -> tuple[Hashes, Rows]:
    """Hashes of the n-grams of all rows, and how many each row has (at least 1)."""
    lengths = np.asarray(pc.list_value_length(words), np.int64)
    flat = np.append(np.asarray(words.flatten(), np.uint64), np.uint64(0))
    ends = np.cumsum(lengths)
    counts = np.maximum(1, lengths - ngram + 1)
    owner = np.repeat(np.arange(len(lengths)), counts)
    at = np.arange(len(owner)) + (ends - lengths - (np.cumsum(counts) - counts))[owner]
    grams = np.zeros(len(owner), np.uint64)
    for step in range(ngram):
        inside = at + step < ends[owner]
        word = flat[np.where(inside, at + step, len(flat) - 1)]
        grams = np.where(inside, _mixed(grams, word), grams)
    return grams, counts


def _mixed(one: Hashes, other: Hashes) -> Hashes:
    both = (one ^ other) * _MIX
    return both ^ (both >> _SHIFT)


def _distinct(values: Hashes, counts: Rows) -> tuple[Hashes, Rows]:
    owner = np.repeat(np.arange(len(counts), dtype=np.uint64), counts)
    packed = owner << _HASH_BITS | values >> _OWNER_BITS
    packed.sort()
    packed = packed[np.append(True, packed[1:] != packed[:-1])]
    sizes = np.bincount(packed >> _HASH_BITS, minlength=len(counts))
    return packed & _HASH_MASK, sizes.astype(np.int64)


def _chunks(grams: Grams) -> Iterator[tuple[Hashes, Rows]]:
    for at in range(0, len(grams), _CHUNK):
        starts = grams.starts[at : at + _CHUNK + 1]
        yield grams.values[starts[0] : starts[-1]], starts[:-1] - starts[0]


def _set_keys(grams: Grams) -> Hashes:
    """A key per row that is equal where the sets are equal."""
    zero = np.zeros(0, np.uint64)
    sums = [
        np.add.reduceat(_mixed(values, values >> _SHIFT), starts)
        for values, starts in _chunks(grams)
    ]
    return np.concatenate([zero, *sums])


def _band_keys(grams: Grams, factors: npt.NDArray[np.uint64]) -> Hashes:
    """A key per row from the smallest hash under each of the permutations h -> a * h + b."""
    parts = [np.zeros(0, np.uint64)]
    for values, starts in _chunks(grams):
        key = np.zeros(len(starts), np.uint64)
        for factor, offset in factors:
            smallest = np.minimum.reduceat(values * (factor | np.uint64(1)) + offset, starts)
            key = _mixed(key, smallest)
        parts.append(key)
    return np.concatenate(parts)


def _bucket_pairs(keys: Hashes) -> tuple[Rows, Rows]:
    """Pairs of rows with the same key that stand at most `_WINDOW` apart in their bucket."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    ones, others = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for apart in range(1, min(_WINDOW, len(keys) - 1) + 1):
        same = np.flatnonzero(ordered[apart:] == ordered[:-apart])
        if not len(same):
            break
        ones.append(order[same])
        others.append(order[same + apart])
    return np.concatenate(ones), np.concatenate(others)


def _verified(grams: Grams, one: Rows, other: Rows, threshold: float) -> tuple[Rows, Rows]:
    """The pairs whose exact similarity is at least `threshold`."""
    sizes = grams.sizes
    small, large = np.minimum(sizes[one], sizes[other]), np.maximum(sizes[one], sizes[other])
    close = (one != other) & (small >= threshold * large)
    one, other = one[close], other[close]
    similar = jaccard(grams, one, other) >= threshold
    return one[similar], other[similar]


def _jaccard(grams: Grams, one: Rows, other: Rows) -> npt.NDArray[np.float64]:
    packed = np.concatenate([_packed(grams, one), _packed(grams, other)])
    packed.sort()
    shared = packed[1:][packed[1:] == packed[:-1]] >> _HASH_BITS
    common = np.bincount(shared, minlength=len(one))
    return common / (grams.sizes[one] + grams.sizes[other] - common)


def _packed(grams: Grams, rows: Rows) -> Hashes:
    """The hashes of `rows`, each under the position of its row."""
    sizes = grams.sizes[rows]
    owner = np.repeat(np.arange(len(rows)), sizes)
    shift = grams.starts[rows] - (np.cumsum(sizes) - sizes)
    values = grams.values[np.arange(len(owner)) + shift[owner]]
    return owner.astype(np.uint64) << _HASH_BITS | values


def _linked(rows: int, one: Rows, other: Rows) -> Rows:
    """Numbers of the connected components of `rows` nodes and the given edges."""
    edges = coo_matrix((np.ones(len(one), bool), (one, other)), shape=(rows, rows))
    _, labels = connected_components(edges, directed=False)
    return np.asarray(labels, np.int64)
