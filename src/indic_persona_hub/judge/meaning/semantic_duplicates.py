"""Semantic duplicates: personas whose embeddings point the same way."""

from __future__ import annotations

from typing import Any, ClassVar, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pydantic import Field

from indic_persona_hub.judge.meaning.close_rows import links
from indic_persona_hub.judge.meaning.survivors import alone, ranks, survivors
from indic_persona_hub.judge.meaning.usual_cosines import usual_cosines
from indic_persona_hub.judge.meaning.whole_vectors import StoredVectors, whole
from indic_persona_hub.stage import Clusters, EmbeddingBench, Keyed, SetJudge

_KEY: Final = "vectors"


class SemanticDuplicates(SetJudge):
    """Keep the most confident of the personas that mean the same, as far as the embedder sees it.

    A persona fails where the cosine of its embedding and that of a survivor reaches the threshold;
    survivors are chosen best first, and no chain of resemblances is followed: whatever fails is
    itself as close to its survivor. Vectors are stored in 8 bits a number, which moves a cosine by
    about 0.0006. Up to 8,192 personas are compared each with each, more only within lists of
    near ones; `benchmarks/semantic_duplicates.py` measures what that misses.

    Attributes:
        embedder: One of the recipe's `embedders`.
        threshold: Lowest cosine of duplicates; 0.9 is that of Tencent's Persona Hub (arXiv
            2406.20094).
        relative: Takes the place of `threshold` for models whose cosines crowd (those of
            multilingual-e5 lie between 0.7 and 1): the lowest cosine is so many standard
            deviations above the mean cosine of 1,000 personas among themselves.
    """

    name: ClassVar[str] = "semantic_duplicates"

    embedder: str = "default"
    threshold: float = Field(0.9, gt=0, le=1)
    relative: float | None = Field(None, gt=0)

    def keys(self, personas: pa.ChunkedArray, bench: EmbeddingBench) -> dict[str, NDArray[Any]]:
        """`vectors`: int8 (personas, dimensions)."""
        return {_KEY: whole(bench.embed(personas.to_pylist(), embedder=self.embedder))}

    def clusters(
        self, keys: Keyed, confidence: NDArray[np.float32], among: NDArray[np.bool_]
    ) -> Clusters:
        """See `SetJudge.clusters`. Memory: about 1 GB, and 150 bytes a row."""
        rows = np.flatnonzero(among)
        if len(rows) < 2:
            return alone(len(among))
        vectors = StoredVectors(keys, _KEY)
        threshold = self.threshold
        if self.relative is not None:
            threshold = usual_cosines(vectors, rows).threshold(self.relative)
        found = links(vectors, rows, ranks(confidence, rows), threshold)
        return survivors(found, len(among))
