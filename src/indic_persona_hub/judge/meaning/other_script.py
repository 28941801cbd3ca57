"""The same words in another script: a persona in Devanagari, and romanised."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pydantic import Field

from indic_persona_hub.judge.meaning.people import linked
from indic_persona_hub.judge.meaning.sound_sets import alike, similarities, sound_keys
from indic_persona_hub.judge.meaning.survivors import alone, ranks
from indic_persona_hub.stage import Clusters, EmbeddingBench, Keyed, SetJudge


class OtherScript(SetJudge):
    """Link personas that sound the same and are written in different scripts.

    Each word is reduced to the order of its consonants (`judge.meaning.sounds`); two texts in
    different scripts are linked where the Jaccard similarity of their sets of sounds reaches
    `threshold`. Clusters are the connected components of such pairs, so that two romanised
    spellings meet in the text that both spell. Texts of fewer than five sounds are not compared.

    Attributes:
        threshold: Lowest similarity; translations into a sister language reach about 0.4.
        merge: Whether all but the most confident of a cluster fail, instead of being linked only.
    """

    name: ClassVar[str] = "other_script"

    threshold: float = Field(0.5, gt=0, le=1)
    merge: bool = False

    @property
    def merges(self) -> bool:
        """See `SetJudge.merges`."""
        return self.merge

    def keys(self, personas: pa.ChunkedArray, bench: EmbeddingBench) -> dict[str, NDArray[Any]]:
        """See `sound_sets.sound_keys`."""
        return sound_keys(personas)

    def clusters(
        self, keys: Keyed, confidence: NDArray[np.float32], among: NDArray[np.bool_]
    ) -> Clusters:
        """See `SetJudge.clusters`; a similarity to the survivor may be below `threshold`."""
        found = alike(keys, np.flatnonzero(among), self.threshold)
        if not len(found.one):
            return alone(len(among))
        rows = np.arange(len(among))
        survivor, cluster = linked(found.one, found.other, ranks(confidence, rows))
        similarity = np.ones(len(among), np.float32)
        follows = np.flatnonzero(survivor != rows)
        similarity[follows] = similarities(keys, follows, survivor[follows])
        return Clusters(survivor, cluster, similarity)
