"""Ids as numbers: 16 bytes a row where millions are compared, 36 characters where they are written.

A table of ids is an array of shape (rows, 2): the high and the low 64 bits of each UUID, so that
numbers sort as the strings do.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Ids = NDArray[np.uint64]

_LENGTH: Final = 36
_DIGITS: Final = np.array([at for at in range(_LENGTH) if at not in (8, 13, 18, 23)])
_HEX: Final = np.frombuffer(b"0123456789abcdef", np.uint8)
_VALUE: Final = np.zeros(256, np.uint8)
_VALUE[_HEX] = np.arange(16)
_PIECE: Final = 1 << 17


def ids_of(texts: pa.ChunkedArray | pa.Array) -> Ids:
    """UUID strings (never null) as numbers.

    Raises:
        ValueError: A string is not 36 characters long.
    """
    chunks = texts.chunks if isinstance(texts, pa.ChunkedArray) else [texts]
    parts = [_numbers(chunk.slice(at, _PIECE)) for chunk in chunks
             for at in range(0, len(chunk), _PIECE)]  # fmt: skip
    return np.concatenate([np.zeros((0, 2), np.uint64), *parts])


def id_texts(ids: Ids) -> pa.ChunkedArray:
    """Numbers as UUID strings."""
    parts = [_texts(ids[at : at + _PIECE]) for at in range(0, len(ids), _PIECE)]
    return pa.chunked_array(parts, pa.string())


def _numbers(texts: pa.Array) -> Ids:
    texts = texts.cast(pa.string())
    starts = np.frombuffer(texts.buffers()[1], np.int32)[texts.offset :][: len(texts) + 1]
    if texts.null_count or (np.diff(starts) != _LENGTH).any():
        raise ValueError("an id is not a UUID")
    characters = np.frombuffer(texts.buffers()[2], np.uint8)[starts[0] : starts[-1]]
    digits = _VALUE[characters.reshape(-1, _LENGTH)[:, _DIGITS]]
    packed = (digits[:, 0::2] << 4) | digits[:, 1::2]
    return np.ascontiguousarray(packed).view(">u8").astype(np.uint64)


def _texts(ids: Ids) -> pa.Array:
    packed = np.ascontiguousarray(ids).astype(">u8").view(np.uint8).reshape(-1, 16)
    characters = np.full((len(ids), _LENGTH), ord("-"), np.uint8)
    characters[:, _DIGITS[0::2]] = _HEX[packed >> 4]
    characters[:, _DIGITS[1::2]] = _HEX[packed & 15]
    starts = np.arange(len(ids) + 1, dtype=np.int32) * _LENGTH
    return pa.StringArray.from_buffers(
        len(ids), pa.py_buffer(starts.tobytes()), pa.py_buffer(characters.tobytes())
    )
