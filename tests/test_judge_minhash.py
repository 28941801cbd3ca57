"""MinHash, its bands and its sketches, and what a large bucket costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from indic_persona_hub.judge.duplicates.gram_sets import gram_sets
from indic_persona_hub.judge.duplicates.lsh import bucket_pairs
from indic_persona_hub.judge.duplicates.minhash import (
    RECALL,
    SKETCH_BITS,
    band_keys,
    bands_for,
    minima,
    most_bits_apart,
    sketches,
)

Bins = NDArray[np.uint32]


def minima_of_pairs(common: int, own: int, permutations: int) -> tuple[Bins, Bins]:
    """Of 2,000 pairs of sets that share `common` members and have `own` more each."""
    pairs = 2000
    chance = np.random.default_rng(common)
    members = chance.integers(0, 2**64, (pairs, common + 2 * own), np.uint64)
    sides = (members[:, : common + own], np.delete(members, np.s_[common : common + own], 1))
    counts = np.full(pairs, common + own)
    one, other = (gram_sets(side.ravel(), counts) for side in sides)
    return (
        minima(one.grams, one.sizes, permutations),
        minima(other.grams, other.sizes, permutations),
    )


@pytest.mark.parametrize("permutations", [16, 100, 128, 256])
@pytest.mark.parametrize(("common", "own"), [(2, 1), (18, 1), (36, 2), (40, 20), (900, 50)])
def test_minima_are_equal_as_often_as_the_sets_are_alike(
    common: int, own: int, permutations: int
) -> None:
    one, other = minima_of_pairs(common, own, permutations)
    assert (one == other).mean() == pytest.approx(common / (common + 2 * own), abs=0.015)


@pytest.mark.parametrize(("common", "own"), [(18, 1), (38, 2), (114, 6), (950, 50)])
def test_bands_and_sketches_find_pairs_at_the_threshold(common: int, own: int) -> None:
    threshold = common / (common + 2 * own)
    one, other = minima_of_pairs(common, own, 128)
    bands = bands_for(128, threshold)
    meet = (band_keys(one, *bands) == band_keys(other, *bands)).any(axis=1)
    apart = np.bitwise_count(sketches(one) ^ sketches(other)).sum(axis=1)
    close = apart <= most_bits_apart(128, threshold)
    assert meet.mean() >= 0.99 and close.mean() >= 0.99 and (meet & close).mean() >= 0.985


def test_sketches_tell_different_sets_apart() -> None:
    one, other = minima_of_pairs(20, 40, 128)
    apart = np.bitwise_count(sketches(one) ^ sketches(other)).sum(axis=1)
    assert (apart > most_bits_apart(128, 0.9)).mean() > 0.999
    assert apart.mean() == pytest.approx(SKETCH_BITS * 0.4, abs=2)


def test_bands_follow_from_permutations_and_threshold() -> None:
    assert bands_for(128, 0.9) == (14, 9)
    assert bands_for(128, 0.5) == (42, 3)
    for permutations in (16, 64, 128, 256):
        for threshold in (0.5, 0.7, 0.9, 1.0):
            bands, rows = bands_for(permutations, threshold)
            assert bands * rows <= permutations
    assert RECALL <= 1 - (1 - 0.9**9) ** 14


def test_sets_are_distinct_and_their_keys_do_not_depend_on_order() -> None:
    chance = np.random.default_rng(2)
    words = chance.integers(0, 2**64, 300, np.uint64)
    rows = [words[[0, 1, 2, 1]], words[[2, 1, 0]], words[[0, 1]], words[:0], words, words[::-1]]
    sets = gram_sets(np.concatenate(rows), np.array([len(row) for row in rows]))
    assert sets.sizes.tolist() == [3, 3, 2, 0, 300, 300]
    assert sets.keys[0] == sets.keys[1] and sets.keys[4] == sets.keys[5]
    assert len({*sets.keys.tolist()}) == 4
    ends = np.cumsum(sets.sizes)
    for start, end, row in zip(ends - sets.sizes, ends, rows, strict=True):
        assert sets.grams[start:end].tolist() == sorted({*(row >> np.uint64(32)).tolist()})


class Bands:
    """Rows in one slice that have bands only."""

    def __init__(self, bands: Bins) -> None:
        self.parts: Mapping[str, NDArray[Any]] = {"bands": bands}
        self.rows_by_slice = [len(bands)]

    def part(self, name: str, slice_number: int) -> NDArray[Any]:
        return self.parts[name]


def pairs_of(bands: Bins) -> list[tuple[int, int]]:
    """All candidates, as often as a bucket gives them."""
    found = bucket_pairs(Bands(bands), np.arange(len(bands)), bands.shape[1])
    return [
        (min(pair), max(pair))
        for one, other in found
        for pair in zip(one.tolist(), other.tolist(), strict=True)
    ]


def test_all_pairs_of_a_small_bucket_are_candidates() -> None:
    bands = np.array([[1, 5], [2, 6], [1, 7], [2, 8], [1, 8], [3, 9]], np.uint32)
    assert sorted(pairs_of(bands)) == [(0, 2), (0, 4), (1, 3), (2, 4), (3, 4)]


def test_a_large_bucket_costs_a_few_candidates_a_row_and_finds_the_likest_rows() -> None:
    """All rows share the bucket of the last band; twins share that of the first band too."""
    rows = 20_000
    twins = np.random.default_rng(3).permutation(rows)
    bands = np.full((rows, 2), 7, np.uint32)
    bands[twins, 0] = np.repeat(np.arange(rows // 2), 2)
    pairs = pairs_of(bands)
    assert len(pairs) < 20 * rows
    times = Counter(pair for pair in pairs if bands[pair[0], 0] == bands[pair[1], 0])
    assert len(times) == rows // 2 and set(times.values()) == {2}
