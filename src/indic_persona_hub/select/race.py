"""A weighted race: who is taken first among rows that are alike.

Each row draws lots from its id, and the best of its lots is its key: one lot for every eighth of
its confidence. That is the race of Efraimidis and Spirakis (Information Processing Letters 97,
2006) with whole weights: the largest of k uniform numbers is distributed as u^(1/k).
So of two rows the more confident one comes first the more often, and by as much, and no kind of row
is shut out. Whole numbers only: the same order on every machine.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

LOTS: Final = 8
_STEP: Final = 0xD1B54A32D192ED03


def race(
    tie: NDArray[np.unsignedinteger[Any]], confidence: NDArray[np.float32]
) -> NDArray[np.uint64]:
    """A key of 40 bits for each row; the lowest comes first.

    Args:
        tie: uint64, seeded hash of the id.
        confidence: In [0, 1].
    """
    lots = np.ceil(confidence * np.float32(LOTS)).clip(1, LOTS)
    best = _lot(tie, 0)
    for number in range(1, LOTS):
        more = np.flatnonzero(lots > number)
        best[more] = np.maximum(best[more], _lot(tie[more], number))
    best >>= np.uint64(24)
    return np.bitwise_xor(best, np.uint64(2**40 - 1), out=best)


def _lot(tie: NDArray[np.unsignedinteger[Any]], number: int) -> NDArray[np.uint64]:
    """SplitMix64's finaliser of the tie and the number of the lot."""
    lot = tie + np.uint64(_STEP * (number + 1) % 2**64)
    lot = (lot ^ (lot >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    lot = (lot ^ (lot >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return lot ^ (lot >> np.uint64(31))
