"""Facts of characters, each looked up once, and the characters of a batch of chunks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

_POINTS: Final = 0x110000
_UNKNOWN: Final = np.iinfo(np.int16).min


class CharacterFacts:
    """What `look`, a pure function, says of each character: a number above -32768."""

    def __init__(self, look: Callable[[str], int]) -> None:
        self._look = look
        self._known = np.full(_POINTS, _UNKNOWN, np.int16)

    def of(self, points: NDArray[np.uint32]) -> NDArray[np.int16]:
        """The facts of characters, given as code points."""
        facts = self._known[points]
        unknown = np.unique(points[facts == _UNKNOWN]).tolist()
        for point in unknown:
            self._known[point] = self._look(chr(point))
        return self._known[points] if unknown else facts


class Characters(NamedTuple):
    """The characters of chunks, one after another: code points, and the chunk that holds each."""

    points: NDArray[np.uint32]
    chunk: NDArray[np.int64]
    sizes: NDArray[np.int64]

    @classmethod
    def of(cls, chunks: Sequence[str]) -> Characters:
        """The characters of `chunks`."""
        points = np.frombuffer("".join(chunks).encode("utf-32-le", "surrogatepass"), np.uint32)
        sizes = np.fromiter(map(len, chunks), np.int64, len(chunks))
        return cls(points, np.repeat(np.arange(len(sizes)), sizes), sizes)

    def counted(self, values: NDArray[Any], columns: int) -> NDArray[np.int64]:
        """How often each chunk (row) has each of the `values` 0 to `columns` (not included)."""
        numbers = self.chunk * columns + values
        found = np.bincount(numbers, minlength=len(self.sizes) * columns)
        return found.reshape(len(self.sizes), columns)
