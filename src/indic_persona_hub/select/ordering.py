"""Stable orders and runs of integer columns, fast at tens of millions of rows.

A row's position is packed under as many bits of its keys as 64 hold, and the packed values are
sorted themselves: numpy sorts values several times faster than it sorts positions by value. Keys
that need more bits take several passes, least significant bits first (a radix sort whose digits are
as wide as fit).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.integer[Any]]


def ordered(*keys: Integers) -> NDArray[np.int64]:
    """The positions that sort by the first key, then by the next; ties stay in the order given.

    Args:
        keys: Integer arrays of equal length, of any width and sign; the first counts most.
    """
    rows = len(keys[0])
    if rows < 2:
        return np.arange(rows, dtype=np.int64)
    room = 64 - (rows - 1).bit_length()
    order: NDArray[np.int64] | None = None
    digit, used = np.zeros(0, np.uint64), 0
    for key in reversed(keys):
        lowest, bits, shift = int(key.min()), int(key.max()) - int(key.min()), 0
        while shift < bits.bit_length():
            taken = min(room - used, bits.bit_length() - shift)
            piece = _bits(key, lowest, shift, taken)
            digit = np.bitwise_or(digit, piece << np.uint64(used)) if used else piece
            used, shift = used + taken, shift + taken
            if used == room:
                order, used = _by_digit(digit, order, room), 0
    if used:
        order = _by_digit(digit, order, room)
    return np.arange(rows, dtype=np.int64) if order is None else order


def run_starts(order: NDArray[np.int64], *keys: Integers) -> NDArray[np.int64]:
    """Where in `order` a run of rows that are equal in all `keys` begins."""
    begins = np.zeros(len(order), np.bool_)
    begins[:1] = True
    for key in keys:
        sorted_key = key[order]
        begins[1:] |= sorted_key[1:] != sorted_key[:-1]
    return np.flatnonzero(begins)


def place_in_run(starts: NDArray[np.int64], rows: int) -> NDArray[np.int64]:
    """How many of its run stand before each of the `rows` in order."""
    return np.arange(rows) - np.repeat(starts, np.diff(starts, append=rows))


def perhaps_crowded(codes: Integers, most: int) -> NDArray[np.bool_]:
    """False where no more than `most` rows have the same code, which are not negative.

    True for all others, and where codes are far larger than the rows are many, for some more: only
    their low bits are counted, which costs no sorting.
    """
    cells = 2 ** (2 * len(codes)).bit_length()
    if len(codes) and int(codes.max()) >= cells:
        codes = codes & (cells - 1)
    many = np.bincount(codes) > most
    return many[codes]


def _bits(key: Integers, lowest: int, shift: int, taken: int) -> NDArray[np.uint64]:
    """`taken` bits of the key less its lowest value, from bit `shift` on."""
    bits = key.astype(np.uint64)  # A negative key wraps, and so does the difference, back.
    bits -= np.uint64(lowest % 2**64)
    bits >>= np.uint64(shift)
    bits &= np.uint64(2**taken - 1)
    return bits


def _by_digit(
    digit: NDArray[np.uint64], order: NDArray[np.int64] | None, room: int
) -> NDArray[np.int64]:
    """One pass: `order` sorted by `digit`, stable."""
    packed = digit if order is None else digit[order]
    packed <<= np.uint64(64 - room)
    packed |= np.arange(len(packed), dtype=np.uint64)
    packed.sort()
    packed &= np.uint64(2 ** (64 - room) - 1)
    positions = packed.view(np.int64)
    return positions if order is None else order[positions]
