"""One persona in several languages, as a multilingual embedder sees it."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, ClassVar, Final
from zlib import crc32

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pydantic import Field

from indic_persona_hub.judge.meaning.best_across import best_across
from indic_persona_hub.judge.meaning.people import linked
from indic_persona_hub.judge.meaning.survivors import alone, ranks
from indic_persona_hub.judge.meaning.usual_cosines import usual_cosines
from indic_persona_hub.judge.meaning.whole_vectors import StoredVectors, paired_cosines, whole
from indic_persona_hub.judge.meaning.written_scripts import main_scripts
from indic_persona_hub.stage import Clusters, EmbeddingBench, Keyed, SetJudge

_NUMBER: Final = re.compile(r"\d+")
_ROWS_AT_ONCE: Final = 65_536


class Translations(SetJudge):
    """Link personas in different scripts that are each other's nearest.

    Two personas are linked where the cosine of their embeddings lies `relative` standard
    deviations above the mean of personas at random, no other persona in the script of the one is
    nearer to the other, and most numbers of the one with fewer stand in the other too. Clusters
    are the connected components of such pairs. What tells languages apart is their script: Hindi
    and Marathi meet only where both are linked with a text in a third script.

    Attributes:
        embedder: One of the recipe's `embedders`, of a model that knows the languages.
        relative: Lowest distance above the mean, in standard deviations; see
            `SemanticDuplicates.relative`.
        merge: Whether all but the most confident of a cluster fail, instead of being linked only.
    """

    name: ClassVar[str] = "translations"

    embedder: str = "default"
    relative: float = Field(3.5, gt=0)
    merge: bool = False

    @property
    def merges(self) -> bool:
        """See `SetJudge.merges`."""
        return self.merge

    def keys(self, personas: pa.ChunkedArray, bench: EmbeddingBench) -> dict[str, NDArray[Any]]:
        """`vectors` (int8, personas x dimensions), `script` (uint8) and `numbers` (uint64, a bit
        for each number in the text)."""
        texts = personas.to_pylist()
        return {
            "vectors": whole(bench.embed(texts, embedder=self.embedder)),
            "script": main_scripts(personas),
            "numbers": np.fromiter(map(_number_bits, texts), np.uint64, len(texts)),
        }

    def clusters(
        self, keys: Keyed, confidence: NDArray[np.float32], among: NDArray[np.bool_]
    ) -> Clusters:
        """See `SetJudge.clusters`; a similarity to the survivor may be below the threshold."""
        script, numbers = _whole(keys, "script"), _whole(keys, "numbers")
        rows = np.flatnonzero(among & (script > 0))
        if len(rows) < 2:
            return alone(len(among))
        vectors = StoredVectors(keys, "vectors")
        threshold = usual_cosines(vectors, rows).threshold(self.relative)
        one, other, _ = best_across(vectors, rows, script[rows], threshold)
        agree = _numbers_agree(numbers[one], numbers[other])
        everyone = np.arange(len(among))
        survivor, cluster = linked(one[agree], other[agree], ranks(confidence, everyone))
        return Clusters(survivor, cluster, _similarity(vectors, survivor))


def _number_bits(text: str) -> int:
    """One of 64 bits for each number in `text`, in the digits of any script."""
    bits = 0
    for number in _NUMBER.findall(text):
        plain = "".join(str(unicodedata.decimal(digit)) for digit in number)
        bits |= 1 << crc32(plain.encode()) % 64
    return bits


def _numbers_agree(one: NDArray[np.uint64], other: NDArray[np.uint64]) -> NDArray[np.bool_]:
    fewer = np.minimum(np.bitwise_count(one), np.bitwise_count(other))
    return np.asarray(2 * np.bitwise_count(one & other) >= fewer, bool)


def _similarity(vectors: StoredVectors, survivor: NDArray[np.int64]) -> NDArray[np.float32]:
    found = np.ones(len(survivor), np.float32)
    follows = np.flatnonzero(survivor != np.arange(len(survivor)))
    for at in range(0, len(follows), _ROWS_AT_ONCE):
        rows = follows[at : at + _ROWS_AT_ONCE]
        held, where = np.unique(survivor[rows], return_inverse=True)
        found[rows] = paired_cosines(vectors.take(rows), vectors.take(held)[where])
    return found


def _whole(keys: Keyed, name: str) -> NDArray[Any]:
    return np.concatenate([keys.part(name, number) for number in range(len(keys.rows_by_slice))])
