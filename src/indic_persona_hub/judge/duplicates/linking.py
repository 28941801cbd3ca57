"""Which rows are similar, directly or through others: candidates of all bands, verified."""

from __future__ import annotations

from typing import Final

import numpy as np

from indic_persona_hub.judge.duplicates.components import joined
from indic_persona_hub.judge.duplicates.equal_keys import picked
from indic_persona_hub.judge.duplicates.lsh import Compared, alike, bucket_pairs
from indic_persona_hub.judge.duplicates.minhash import Minhash, most_bits_apart
from indic_persona_hub.judge.duplicates.normal_words import Rows
from indic_persona_hub.judge.duplicates.similarity import similarity
from indic_persona_hub.stage import Keyed

#: Candidates that are gathered before their sets are read.
_PENDING: Final = 2**22


def linked(keys: Keyed, rows: Rows, sizes: Rows, settings: Minhash) -> Rows:
    """For each of `rows` the lowest row of its connected component of similar rows.

    Args:
        rows: The rows to compare, ascending; their sets are not empty.
        sizes: Of the sets of all rows.
    """
    threshold = settings.threshold
    bits_apart = most_bits_apart(settings.permutations, threshold)
    sketches = picked(keys, "sketches", rows)
    about = Compared(sizes[rows], sketches, threshold, bits_apart)
    labels = np.arange(len(rows))
    pending: list[Rows] = []
    for one, other in bucket_pairs(keys, rows, settings.bands[0]):
        apart = np.flatnonzero(labels[one] != labels[other])
        one, other = one[apart], other[apart]
        close = alike(about, one, other)
        one, other = one[close], other[close]
        pending.append(np.minimum(one, other) * len(rows) + np.maximum(one, other))
        if sum(map(len, pending)) > _PENDING:
            labels = _verified(keys, rows, labels, pending, sizes, threshold)
            pending = []
    return rows[_verified(keys, rows, labels, pending, sizes, threshold)]


def _verified(
    keys: Keyed, rows: Rows, labels: Rows, pending: list[Rows], sizes: Rows, threshold: float
) -> Rows:
    """`labels` after the pairs (one * rows + other) that are similar are linked."""
    pairs = np.sort(np.concatenate([np.zeros(0, np.int64), *pending]))
    pairs = pairs[np.append(True, pairs[1:] != pairs[:-1])[: len(pairs)]]
    if not len(pairs):
        return labels
    one, other = pairs // len(rows), pairs % len(rows)
    similar = similarity(keys, rows[one], rows[other], sizes) >= threshold
    return joined(labels, one[similar], other[similar])
