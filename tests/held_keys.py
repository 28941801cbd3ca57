"""A set judge over texts in memory, cut into slices at will."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from indic_persona_hub.models.embedders.bench import RecipeEmbedders
from indic_persona_hub.models.embedders.settings import HashedSettings
from indic_persona_hub.stage import Clusters, EmbeddingBench, SetJudge

HASHED = RecipeEmbedders({"default": HashedSettings()})


class Held:
    """Keys of all slices, in memory; see `stage.Keyed`."""

    def __init__(self, parts: Sequence[Mapping[str, NDArray[Any]]], rows: Sequence[int]) -> None:
        self.parts = parts
        self.rows_by_slice = rows

    def part(self, name: str, slice_number: int) -> NDArray[Any]:
        return self.parts[slice_number][name]


def held(name: str, array: NDArray[Any], cuts: Sequence[int] = ()) -> Held:
    """One array as the keys `name`, cut into slices at `cuts`."""
    edges = [0, *sorted(cuts), len(array)]
    parts = [{name: array[begin:end]} for begin, end in pairwise(edges)]
    return Held(parts, [end - begin for begin, end in pairwise(edges)])


def judged(
    judge: SetJudge,
    texts: Sequence[str],
    *,
    confidence: Sequence[float] | None = None,
    among: Sequence[bool] | None = None,
    cuts: Sequence[int] = (),
    bench: EmbeddingBench = HASHED,
) -> Clusters:
    """The judge's clusters of `texts`, cut into slices at `cuts`."""
    edges = [0, *sorted(cuts), len(texts)]
    slices = [list(texts[begin:end]) for begin, end in pairwise(edges)]
    parts = [judge.keys(pa.chunked_array([pa.array(one, pa.string())]), bench) for one in slices]
    found = judge.clusters(
        Held(parts, [len(one) for one in slices]),
        np.array([0.5] * len(texts) if confidence is None else confidence, np.float32),
        np.array([True] * len(texts) if among is None else among, bool),
    )
    assert (found.survivor.dtype, found.cluster.dtype) == (np.int64, np.int64)
    assert found.similarity.dtype == np.float32
    assert {len(column) for column in found} == {len(texts)}
    assert (found.survivor[found.survivor] == found.survivor).all()
    return found
