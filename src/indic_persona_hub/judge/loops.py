"""Which texts say three words again and again."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from indic_persona_hub.judge.words import WORDS_OF
from indic_persona_hub.reference.chunks import Items, Texts

_BINS: Final = 512
_TEXTS: Final = 256  # the bins of so many fit the processor's cache
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)


def may_loop(texts: Texts, least: NDArray[Any]) -> NDArray[np.bool_]:
    """False for texts in which no run of three words stands `least` times.

    Runs are counted in a few bins by their hash, so that a text may seem to hold one that does not.
    """
    items, found, row = Items.of(texts.each(WORDS_OF)), [np.zeros(0, np.bool_)], 0
    for piece in texts.pieces(_TEXTS):
        spread = piece.spread(items)
        words = spread.places.astype(np.uint64)
        runs = ((words[:-2] * _MIX + words[1:-1]) * _MIX + words[2:]) * _MIX
        most = _most_in_a_bin((runs >> np.uint64(64 - 9)).astype(np.int64), spread.starts)
        found.append(most >= least[row : row + len(piece)])
        row += len(piece)
    return np.concatenate(found)


def _most_in_a_bin(bins: NDArray[np.int64], starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """The fullest bin of each text; a run starts at all words of a text but the last two."""
    rows = len(starts) - 1
    counts = np.maximum(np.diff(starts) - 2, 0)
    row = np.repeat(np.arange(rows), counts)
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    keys = row * _BINS + bins[np.repeat(starts[:-1], counts) + within]
    filled = np.bincount(keys, minlength=rows * _BINS)
    most: NDArray[np.int64] = filled.reshape(rows, _BINS).max(axis=1)
    return most
