"""MinHash of sets with two hashes a member: one permutation hashing with optimal densification.

The range of the hashes is cut into bins, and the smallest hash of each bin is a minimum (Li, Owen
and Zhang, "One Permutation Hashing", NIPS 2012). Here each member has two hashes, so that two
members of a small set do not hide each other. A bin that no member falls into takes the minimum of
another one, which it looks for in an order of its own (Shrivastava, "Optimal Densification for Fast
and Accurate Minwise Hashing", ICML 2017). Two sets have the same minimum in a bin with the
probability of their Jaccard similarity. All arithmetic wraps on purpose.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from indic_persona_hub.judge.duplicates.gram_sets import Grams
from indic_persona_hub.judge.duplicates.normal_words import Rows
from indic_persona_hub.judge.duplicates.word_hashes import mixed

#: Minima by bin and row.
Bins = npt.NDArray[np.uint32]

#: Share of the pairs at the threshold that the bands must find.
RECALL: Final = 0.995

#: Bits of a sketch, one a bin.
SKETCH_BITS: Final = 128

_EMPTY: Final = np.uint32(2**32 - 1)
_HALF: Final = np.uint64(32)
_FOLD: Final = np.uint32(15)
_THROW: Final = np.uint32(0x9E3779B1)
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)

#: Below this share of empty bins they are filled one by one.
_SPARSE: Final = 1 / 16


class Minhash(NamedTuple):
    """Settings: words a gram, minima a set, least Jaccard similarity of a pair."""

    ngram: int
    permutations: int
    threshold: float

    @property
    def bands(self) -> tuple[int, int]:
        """(bands, rows a band): see `bands_for`."""
        return bands_for(self.permutations, self.threshold)


def bands_for(permutations: int, threshold: float) -> tuple[int, int]:
    """(bands, rows a band) with the most rows that still find `RECALL` of pairs at `threshold`.

    A pair of similarity s meets in at least one of b bands of r rows with 1 - (1 - s**r)**b.
    """
    for rows in range(permutations, 1, -1):
        bands = permutations // rows
        if 1 - (1 - threshold**rows) ** bands >= RECALL:
            return bands, rows
    return permutations, 1


def minima(grams: Grams, sizes: Rows, permutations: int) -> Bins:
    """The minimum of each bin (`permutations` of them, down) for each set (across).

    An empty set has no minimum that means anything.
    """
    rows = len(sizes)
    bins = np.full((permutations, rows), _EMPTY)
    owner = np.repeat(np.arange(rows), sizes)
    for thrown in (grams, (grams ^ grams >> _FOLD) * _THROW):
        at = (thrown * np.uint64(permutations) >> _HALF).astype(np.int64) * rows
        np.minimum.at(bins.reshape(-1), at + owner, thrown)
    bins[:, sizes == 0] = 0
    _fill(bins)
    return bins


def band_keys(bins: Bins, bands: int, rows: int) -> Bins:
    """A 32-bit key of each set (down) for each of the bands (across)."""
    keys = np.zeros((bands, bins.shape[1]), np.uint64)
    by_band = bins[: bands * rows].reshape(bands, rows, -1)
    for row in range(rows):
        keys ^= by_band[:, row]
        keys *= _MIX
        keys ^= keys >> _HALF
    return keys.astype(np.uint32).T


def sketches(bins: Bins) -> npt.NDArray[np.uint64]:
    """`SKETCH_BITS` of each set, the lowest bit of each minimum, as two numbers a set.

    See Li and König, "b-Bit Minwise Hashing", WWW 2010: of sets of similarity s a share of
    (1 + s) / 2 of the bits is equal.
    """
    of_bin = np.resize(np.arange(len(bins)), SKETCH_BITS)
    bits = np.packbits((bins & 1).astype(np.uint8)[of_bin], axis=0)
    return np.ascontiguousarray(bits.T).view(np.uint64)


def most_bits_apart(permutations: int, threshold: float) -> int:
    """In how many bits the sketches of a pair at `threshold` differ at most, but for a few pairs in
    a thousand: 3.5 standard deviations above the mean of pairs with independent minima."""
    share = (1 - threshold) / 2
    deviation = math.sqrt(share * (1 - share) / min(permutations, SKETCH_BITS))
    return round(SKETCH_BITS * (share + 3.5 * deviation))


def _fill(bins: Bins) -> None:
    """Fill the empty bins, each from the first bin of its own order that is not empty."""
    found, rows = bins.copy(), bins.shape[1]
    rounds = iter(_orders(len(bins)))
    empty = bins == _EMPTY
    while np.count_nonzero(empty) > _SPARSE * empty.size:
        # All bits of an empty bin are set: operations on bits are faster than a masked copy.
        bins &= found[next(rounds)] | empty.astype(np.uint32) - np.uint32(1)
        empty = bins == _EMPTY
    flat, filled = found.reshape(-1), bins.reshape(-1)
    left = np.flatnonzero(empty)
    for source in rounds:
        if not len(left):
            return
        value = flat.take(source.take(left // rows) * rows + left % rows)
        filled[left] = value
        left = left.compress(value == _EMPTY)


@cache
def _orders(bins: int) -> npt.NDArray[np.int64]:
    """Round (down) by bin (across): which bin to take from; each column holds all bins once."""
    chance = mixed(np.arange(bins * bins, dtype=np.uint64)).reshape(bins, bins)
    return chance.argsort(axis=0, kind="stable")
