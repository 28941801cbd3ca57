"""64-bit hashes of words and of word n-grams. All arithmetic wraps at 64 bits on purpose."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from indic_persona_hub.judge.duplicates.normal_words import Rows, Words

Hashes = npt.NDArray[np.uint64]

#: Code units that one 64-bit block holds.
_BLOCK: Final = 4
_BLOCK_BITS: Final = 2
_UNIT_BITS: Final = np.uint64(4)
_ONE: Final = np.uint64(1)
_SHIFT_BACK: Final = np.uint64(63)
_KEPT: Final = np.array([0, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFFFFFF, 2**64 - 1], np.uint64)

# The constants of splitmix64 (Steele, Lea and Flood 2014, https://doi.org/10.1145/2660193.2660195).
_STEP: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX: Final = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_SHIFTS: Final = (np.uint64(30), np.uint64(27), np.uint64(31))
_HALF: Final = np.uint64(32)


def word_hashes(words: Words) -> Hashes:
    """A hash of each word: equal where the words are."""
    blocks = _Blocks.of(words)
    left = words.ends - words.starts
    hashes = _stirred(blocks.next(left))
    hashes ^= blocks.next(left - _BLOCK)
    long = np.flatnonzero(left > 2 * _BLOCK)
    blocks, left, longer = blocks.only(long), left.take(long) - 2 * _BLOCK, hashes.take(long)
    while len(long):
        longer = _stirred(longer) ^ blocks.next(left)
        hashes[long] = longer
        more = np.flatnonzero(left > _BLOCK)
        blocks, left, longer = blocks.only(more), left.take(more) - _BLOCK, longer.take(more)
        long = long.take(more)
    return mixed(hashes)


def gram_hashes(hashes: Hashes, counts: Rows, ngram: int) -> tuple[Hashes, Rows]:
    """Hashes of the runs of `ngram` words of each text, and how many each text has.

    A text of fewer words is one run as a whole; a text of no word has none.
    """
    if ngram == 1:
        return hashes, counts
    sizes = np.where(counts > 0, np.maximum(1, counts - ngram + 1), 0)
    owner = np.repeat(np.arange(len(counts)), sizes)
    ends = np.cumsum(counts)
    at = np.arange(len(owner)) + (ends - counts - (np.cumsum(sizes) - sizes))[owner]
    grams = np.zeros(len(owner), np.uint64)
    for step in range(ngram):
        inside = np.flatnonzero(at + step < ends[owner])
        grams[inside] = mixed(grams[inside] ^ hashes[at[inside] + step])
    return grams, sizes


def mixed(values: Hashes) -> Hashes:
    """A one-to-one scrambling in which each bit of a value moves every bit of the result."""
    values = values + _STEP
    values ^= values >> _SHIFTS[0]
    values *= _MIX[0]
    values ^= values >> _SHIFTS[1]
    values *= _MIX[1]
    values ^= values >> _SHIFTS[2]
    return values


def _stirred(values: Hashes) -> Hashes:
    values = (values + _STEP) * _MIX[0]
    return values ^ values >> _HALF


class _Blocks:
    """Four code units at a time of each of some words, as one number."""

    def __init__(self, aligned: Hashes, at: Rows, shift: Hashes, part: Hashes) -> None:
        self._aligned = aligned
        self._at = at
        self._shift = shift
        self._part = part

    @classmethod
    def of(cls, words: Words) -> _Blocks:
        """At the start of all words."""
        padded = np.zeros((len(words.units) // _BLOCK + 2) * _BLOCK, np.uint16)
        padded[: len(words.units)] = words.units
        at = words.starts >> _BLOCK_BITS
        shift = (words.starts & (_BLOCK - 1)).astype(np.uint64) << _UNIT_BITS
        aligned = padded.view(np.uint64)
        return cls(aligned, at, shift, aligned.take(at))

    def next(self, left: Rows) -> Hashes:
        """The next four units of each word, zeros after those that are left."""
        self._at += 1
        after = self._aligned.take(self._at, mode="clip")
        block = self._part >> self._shift
        block |= after << _ONE << (_SHIFT_BACK ^ self._shift)
        block &= _KEPT.take(left, mode="clip")
        self._part = after
        return block

    def only(self, words: Rows) -> _Blocks:
        """The same of these words only."""
        at, shift = self._at.take(words), self._shift.take(words)
        return _Blocks(self._aligned, at, shift, self._part.take(words))
