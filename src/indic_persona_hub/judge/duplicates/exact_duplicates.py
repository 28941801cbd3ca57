"""Exact duplicates: the same words, whatever their case, spaces and punctuation."""

from __future__ import annotations

from hashlib import blake2b
from itertools import pairwise
from typing import Any, ClassVar, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from indic_persona_hub.judge.duplicates.code_units import Units
from indic_persona_hub.judge.duplicates.components import kept
from indic_persona_hub.judge.duplicates.equal_keys import first_equal
from indic_persona_hub.judge.duplicates.normal_words import Rows, Words, words_by_batch
from indic_persona_hub.stage import Clusters, EmbeddingBench, Keyed, SetJudge

_KEY_BYTES: Final = 16


class ExactDuplicates(SetJudge):
    """Keep the most confident of the personas with the same words in the same order.

    The key is 128 bits of blake2b over the words, in NFC and casefolded, without joiners and
    punctuation. Ties go to the lowest row. A persona without a word has the key of all such.
    """

    name: ClassVar[str] = "exact_duplicates"
    revision: ClassVar[int] = 2

    def keys(self, personas: pa.ChunkedArray, bench: EmbeddingBench) -> dict[str, NDArray[Any]]:
        """`words`: the key of each text, two uint64 a row."""
        digests = b"".join(_digests(words) for words in words_by_batch(personas))
        return {"words": np.frombuffer(digests, np.uint64).reshape(-1, 2)}

    def clusters(
        self, keys: Keyed, confidence: NDArray[np.float32], among: NDArray[np.bool_]
    ) -> Clusters:
        """Rows with the same key are one cluster; the similarity in it is 1."""
        rows = np.flatnonzero(among)
        cluster = np.arange(len(among))
        cluster[rows] = first_equal(keys, "words", rows)
        survivor = np.arange(len(among))
        members, survivors = kept(cluster, confidence)
        survivor[members] = survivors
        return Clusters(survivor, cluster, np.ones(len(among), np.float32))


def _digests(words: Words) -> bytes:
    """The keys of some texts, one after the other."""
    sizes, text = _one_space_apart(words)
    ends = np.cumsum(sizes * text.itemsize)
    data = memoryview(text.tobytes())
    return b"".join(
        blake2b(data[start:end], digest_size=_KEY_BYTES).digest()
        for start, end in pairwise([0, *ends.tolist()])
    )


def _one_space_apart(words: Words) -> tuple[Rows, Units]:
    """The words of all texts with one zero between them: units of each text, and all units."""
    first = np.cumsum(words.counts) - words.counts
    kept, units = np.zeros(len(words.units) + 1, bool), np.empty(len(words.units) + 1, np.uint16)
    kept[1:], units[1:] = words.inside, words.units  # so that place i is the unit before place i
    kept[words.starts], units[words.starts] = True, 0
    kept[words.starts[first[words.counts > 0]]] = False
    lengths = np.append(0, np.cumsum(words.ends - words.starts))
    sizes = lengths[first + words.counts] - lengths[first]
    sizes += np.maximum(0, words.counts - 1)
    return sizes, units.compress(kept)
