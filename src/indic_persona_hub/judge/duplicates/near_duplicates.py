"""Near duplicates: MinHash, banded LSH, exact Jaccard, connected components.

Text is scanned once, slice by slice, into sets of 32-bit hashes and keys of bands. Bands are worked
one at a time, and sets are read again for the pairs that are worth it.
"""

from __future__ import annotations

from typing import Any, ClassVar, Final, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pydantic import Field

from indic_persona_hub.judge.duplicates.components import kept
from indic_persona_hub.judge.duplicates.equal_keys import first_equal, picked
from indic_persona_hub.judge.duplicates.gram_sets import gram_sets
from indic_persona_hub.judge.duplicates.linking import linked
from indic_persona_hub.judge.duplicates.minhash import Minhash, band_keys, minima, sketches
from indic_persona_hub.judge.duplicates.normal_words import Rows, Words, words_by_batch
from indic_persona_hub.judge.duplicates.similarity import similarity
from indic_persona_hub.judge.duplicates.word_hashes import gram_hashes, word_hashes
from indic_persona_hub.stage import Clusters, EmbeddingBench, Keyed, SetJudge

Preset = Literal["persona_hub", "fine_personas", "strict"]

#: `persona_hub` and `strict`: Tencent's Persona Hub (arXiv 2406.20094), which names 0.9, and 0.5
#: where fewer and more diverse personas are wanted. `fine_personas`: pipe_personahub_dedup.py of
#: https://huggingface.co/datasets/argilla/FinePersonas-v0.1, which comes to the same numbers (it
#: leaves `num_perm` at distilabel's 128; its words are those of NLTK, punctuation marks included).
PRESETS: Final[dict[Preset, Minhash]] = {
    "persona_hub": Minhash(1, 128, 0.9),
    "fine_personas": Minhash(1, 128, 0.9),
    "strict": Minhash(1, 128, 0.5),
}


class NearDuplicates(SetJudge):
    """Keep the most confident persona of each cluster of near duplicates.

    A text is the set of its word n-grams; words are casefolded, in NFC, without joiners and
    punctuation. Bands follow from the settings: see `minhash.bands_for`. A candidate pair counts
    when the exact Jaccard similarity of its sets is at least the threshold; clusters are the
    connected components of such pairs. Ties go to the lowest row. A text without a word is near to
    none.

    Attributes:
        preset: Where the settings that are not given come from: see `PRESETS`.
        ngram: Words a gram.
        permutations: Minima a set.
        threshold: Least Jaccard similarity of a pair.
    """

    name: ClassVar[str] = "near_duplicates"
    revision: ClassVar[int] = 2

    preset: Preset = "persona_hub"
    ngram: int | None = Field(None, ge=1, le=10)
    permutations: int | None = Field(None, ge=16, le=1024)
    threshold: float | None = Field(None, gt=0, le=1)

    @property
    def minhash(self) -> Minhash:
        """The settings in force: those given, the rest from the preset."""
        ngram, permutations, threshold = PRESETS[self.preset]
        return Minhash(
            ngram if self.ngram is None else self.ngram,
            permutations if self.permutations is None else self.permutations,
            threshold if self.threshold is None else self.threshold,
        )

    def keys(self, personas: pa.ChunkedArray, bench: EmbeddingBench) -> dict[str, NDArray[Any]]:
        """What is compared of each text.

        Returns:
            `bands` (uint32, rows x bands), `sketches` (uint64, rows x 2), `sets` (uint64, a row:
            equal where the sets are), `sizes` (uint32, a row: of its set), `grams` (uint32: the
            sets, one after the other, each ascending).
        """
        parts = [self._keys(words) for words in words_by_batch(personas)]
        joined = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        return joined | {"bands": np.asfortranarray(joined["bands"])}

    def _keys(self, words: Words) -> dict[str, NDArray[Any]]:
        hashes, counts = gram_hashes(word_hashes(words), words.counts, self.minhash.ngram)
        sets = gram_sets(hashes, counts)
        bins = minima(sets.grams, sets.sizes, self.minhash.permutations)
        return {
            "bands": band_keys(bins, *self.minhash.bands),
            "sketches": sketches(bins),
            "sets": sets.keys,
            "sizes": sets.sizes.astype(np.uint32),
            "grams": sets.grams,
        }

    def clusters(
        self, keys: Keyed, confidence: NDArray[np.float32], among: NDArray[np.bool_]
    ) -> Clusters:
        """Rows with equal sets are one; of each such group its lowest row is compared."""
        everyone = np.arange(len(among))
        sizes = picked(keys, "sizes", everyone)[:, 0].astype(np.int64)
        rows = np.flatnonzero(among & (sizes > 0))
        twin = everyone.copy()
        twin[rows] = first_equal(keys, "sets", rows)
        alone = rows[twin[rows] == rows]
        cluster = everyone.copy()
        cluster[alone] = linked(keys, alone, sizes, self.minhash)
        cluster = cluster[twin]
        survivor = everyone.copy()
        members, survivors = kept(cluster, confidence)
        survivor[members] = survivors
        return Clusters(survivor, cluster, _to_survivor(keys, twin, survivor, sizes))


def _to_survivor(keys: Keyed, twin: Rows, survivor: Rows, sizes: Rows) -> NDArray[np.float32]:
    """Of each row to the one that stands for it; equal sets are not read."""
    found = np.ones(len(twin), np.float32)
    rows = np.flatnonzero(twin != twin[survivor])
    pairs = twin[rows] * len(twin) + twin[survivor[rows]]
    pairs, at = np.unique(pairs, return_inverse=True)
    found[rows] = similarity(keys, pairs // len(twin), pairs % len(twin), sizes)[at]
    return found
