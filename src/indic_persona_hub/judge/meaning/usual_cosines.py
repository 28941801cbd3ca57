"""How close two texts are by chance, for models whose cosines all crowd near one value."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from indic_persona_hub.judge.meaning.whole_vectors import (
    Rows,
    StoredVectors,
    cosines,
    inverse_lengths,
    levelled,
)

_SAMPLED: Final = 1000
#: What no threshold rises above: two roundings of one vector are this close.
HIGHEST: Final = 0.998


class UsualCosines(NamedTuple):
    """Cosines of pairs of rows drawn without regard to what they say."""

    mean: float
    spread: float

    def threshold(self, spreads: float) -> float:
        """The cosine that lies `spreads` standard deviations above the mean, at most `HIGHEST`."""
        return min(self.mean + spreads * self.spread, HIGHEST)


def usual_cosines(vectors: StoredVectors, rows: Rows) -> UsualCosines:
    """Of all pairs among 1,000 rows spaced evenly; ids are hashes, so that this is a fair draw."""
    taken = np.unique(np.linspace(0, len(rows) - 1, _SAMPLED).astype(np.int64))
    sample = levelled(vectors.take(rows[taken]))
    scale = inverse_lengths(sample)
    found = cosines(sample @ sample.T, scale[:, None], scale)
    pairs = found[np.triu_indices(len(sample), 1)].astype(np.float64)
    if not len(pairs):
        return UsualCosines(0.0, 1.0)
    return UsualCosines(float(pairs.mean()), float(pairs.std()))
