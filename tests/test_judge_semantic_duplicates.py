"""Semantic duplicates: against brute force, whatever the slices, in whole numbers."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from held_keys import held, judged
from indic_persona_hub.judge.meaning.close_rows import led, links
from indic_persona_hub.judge.meaning.semantic_duplicates import SemanticDuplicates
from indic_persona_hub.judge.meaning.survivors import ranks, survivors
from indic_persona_hub.judge.meaning.usual_cosines import HIGHEST, usual_cosines
from indic_persona_hub.judge.meaning.whole_vectors import (
    StoredVectors,
    levelled,
    paired_cosines,
    whole,
)
from indic_persona_hub.stage import Clusters

FISH = "A 34-year-old fish vendor in Kochi who carries sardines from the harbour to three lanes."
FISH_AGAIN = "In Kochi, a 34-year-old fish vendor carries sardines from the harbour to 3 lanes."
TEACHER = "माजुली के एक स्कूल की शिक्षिका जो हर मानसून में किताबें ऊँची अलमारियों पर रखती है।"
WEAVER = "A handloom weaver in Pochampally who is learning to sell ikat saris through video calls."


def vectors(rows: int, dimensions: int = 64, seed: int = 7) -> NDArray[np.float32]:
    """Directions at random, every third one near an earlier one: cosines from 0.8 to 1."""
    chance = np.random.default_rng(seed)
    made = chance.normal(size=(rows, dimensions))
    made /= np.linalg.norm(made, axis=1)[:, None]
    noise = chance.normal(size=(rows, dimensions)) / np.sqrt(dimensions)
    for row in range(3, rows, 3):
        made[row] = made[chance.integers(0, row)] + chance.uniform(0, 0.7) * noise[row]
    made /= np.linalg.norm(made, axis=1)[:, None]
    return made.astype(np.float32)


def clustered(
    made: NDArray[np.float32],
    confidence: NDArray[np.float32],
    threshold: float = 0.9,
    few: int = 8192,
    cuts: tuple[int, ...] = (),
) -> Clusters:
    rows = np.arange(len(made))
    stored = StoredVectors(held("vectors", whole(made), cuts), "vectors")
    found = links(stored, rows, ranks(confidence, rows), threshold, few=few)
    return survivors(found, len(made))


def by_definition(
    made: NDArray[np.float32], confidence: NDArray[np.float32], threshold: float
) -> list[int]:
    """The survivors: best first, whoever no earlier one is close to."""
    kept: list[int] = []
    exact = whole(made)
    for row in sorted(range(len(made)), key=lambda row: (-confidence[row], row)):
        close = paired_cosines(exact[[row] * len(kept)], exact[kept]) if kept else np.zeros(0)
        if not (close >= threshold - 1e-6).any():
            kept.append(row)
    return sorted(kept)


@settings(deadline=None, max_examples=25)
@given(st.integers(1, 60), st.integers(0, 10_000), st.sampled_from([0.7, 0.9, 1.0]))
def test_survivors_are_chosen_best_first(rows: int, seed: int, threshold: float) -> None:
    made = vectors(rows, 16, seed)
    confidence = np.round(np.random.default_rng(seed).random(rows), 1).astype(np.float32)
    found = clustered(made, confidence, threshold)
    kept = np.flatnonzero(found.survivor == np.arange(rows))
    assert kept.tolist() == by_definition(made, confidence, threshold)
    exact = whole(made)
    assert found.similarity == pytest.approx(paired_cosines(exact, exact[found.survivor]), abs=1e-6)
    assert (found.similarity >= threshold - 1e-5).all(), "a row fails that is not close"
    for row, survivor in enumerate(found.survivor.tolist()):
        assert (-confidence[survivor], survivor) <= (-confidence[row], row)
        assert found.cluster[row] == np.flatnonzero(found.survivor == survivor)[0]


def test_no_chain_is_followed() -> None:
    """a is close to b, b to c, a not to c: c stands by itself."""
    angles = np.radians([0, 20, 40])
    made = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    best_first = np.array([0.9, 0.5, 0.1], np.float32)
    assert clustered(made, best_first).survivor.tolist() == [0, 0, 2]
    best_in_the_middle = np.array([0.1, 0.9, 0.5], np.float32)
    assert clustered(made, best_in_the_middle).survivor.tolist() == [1, 1, 1]


def test_lists_miss_less_than_a_twentieth_of_what_brute_force_finds() -> None:
    made = vectors(4000)
    confidence = np.zeros(len(made), np.float32)
    rows = np.arange(len(made))
    exact = clustered(made, confidence).survivor != rows
    found = clustered(made, confidence, few=64).survivor != rows
    assert exact.sum() > 600
    assert (found & exact).sum() / exact.sum() >= 0.95


@cache
def in_one_slice() -> Clusters:
    return clustered(vectors(400), np.zeros(400, np.float32), few=64)


@settings(deadline=None, max_examples=8)
@given(st.lists(st.integers(0, 400), max_size=6))
def test_slices_change_nothing(cuts: list[int]) -> None:
    found = clustered(vectors(400), np.zeros(400, np.float32), few=64, cuts=tuple(cuts))
    for one, other in zip(in_one_slice(), found, strict=True):
        assert (one == other).all()


def test_many_copies_are_led_by_one() -> None:
    copies = np.repeat(vectors(3), 10_000, axis=0)
    found = clustered(copies, np.zeros(len(copies), np.float32), few=64)
    assert set(found.survivor.tolist()) == {0, 10_000, 20_000}


def test_a_row_is_linked_with_its_best_ranked_leaders() -> None:
    chance = np.random.default_rng(3)
    middle = np.zeros(64)
    middle[0] = 1
    around = middle + 0.6 * chance.normal(size=(40, 64)) / 8
    ranked = whole(np.concatenate([around, middle[None]]))
    found = led(ranked, 0.8)
    of_middle = found.better[found.row == 40]
    assert 1 <= len(of_middle) <= 8
    assert (np.sort(of_middle) == of_middle).all()


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 1536), st.integers(0, 10_000), st.floats(0, 1))
def test_products_of_whole_vectors_are_exact(dimensions: int, seed: int, spike: float) -> None:
    made = np.random.default_rng(seed).normal(size=(4, dimensions))
    made[:, 0] += spike * 10 * np.sqrt(dimensions)
    for numbers in (whole(made).astype(np.float32), levelled(whole(made))):
        exact = numbers.astype(np.int64) @ numbers.astype(np.int64).T
        assert ((numbers @ numbers.T).astype(np.int64) == exact).all()
        assert exact.max() < 2**24


@settings(deadline=None, max_examples=30)
@given(st.integers(8, 1024), st.integers(0, 10_000))
def test_whole_numbers_move_a_cosine_by_little(dimensions: int, seed: int) -> None:
    one, other = np.random.default_rng(seed).normal(size=(2, 50, dimensions))
    other += one
    exact = (one * other).sum(1) / np.linalg.norm(one, axis=1) / np.linalg.norm(other, axis=1)
    assert np.abs(paired_cosines(whole(one), whole(other)) - exact).max() < 0.01
    assert np.abs(paired_cosines(whole(one), whole(other)) - exact).mean() < 0.002


def test_a_vector_of_zeros_is_like_nothing() -> None:
    made = np.zeros((3, 8), np.float32)
    found = clustered(made, np.zeros(3, np.float32))
    assert found.survivor.tolist() == [0, 1, 2]


def test_rewording_is_found_and_another_person_is_not() -> None:
    found = judged(SemanticDuplicates(threshold=0.75), [FISH, TEACHER, FISH_AGAIN, WEAVER])
    assert found.survivor.tolist() == [0, 1, 0, 3]
    assert found.cluster.tolist() == [0, 1, 0, 3]
    assert 0.75 <= found.similarity[2] < 1


def test_the_most_confident_survives_and_rows_that_do_not_count_stay_alone() -> None:
    texts = [FISH, FISH, FISH, WEAVER]
    found = judged(SemanticDuplicates(), texts, confidence=[0.1, 0.7, 0.9, 0.5])
    assert found.survivor.tolist() == [2, 2, 2, 3]
    assert found.cluster.tolist() == [0, 0, 0, 3]
    without = judged(
        SemanticDuplicates(),
        texts,
        confidence=[0.1, 0.7, 0.9, 0.5],
        among=[True, True, False, True],
    )
    assert without.survivor.tolist() == [1, 1, 2, 3]


@pytest.mark.parametrize("texts", [[], [FISH], ["", ""]])
def test_few_texts_and_empty_slices(texts: list[str]) -> None:
    found = judged(SemanticDuplicates(), texts, cuts=(0, 0, len(texts)))
    assert found.survivor.tolist() == [0] * len(texts)


class Crowded:
    """Embeddings of a model whose cosines all lie near 1: a direction of its own, and a little."""

    def embed(self, texts: Any, *, embedder: str) -> NDArray[np.float32]:
        made = vectors(len(texts), 64)
        made[:, 0] += 4
        return made / np.linalg.norm(made, axis=1)[:, None]


def test_crowded_cosines_need_a_relative_threshold() -> None:
    texts = [f"persona {number}" for number in range(300)]
    absolute = judged(SemanticDuplicates(), texts, bench=Crowded())
    assert len(set(absolute.survivor.tolist())) < 10, "everything is one person"
    relative = judged(SemanticDuplicates(relative=3.5), texts, bench=Crowded())
    truth = clustered(vectors(300, 64), np.full(300, 0.5, np.float32), 0.85)
    fails, expected = (one.survivor != np.arange(300) for one in (relative, truth))
    assert (fails & expected).sum() / expected.sum() > 0.8
    assert (np.flatnonzero(fails) % 3 == 0).all(), "only what was put near another one fails"


def test_usual_cosines_of_equal_and_of_no_pairs() -> None:
    equal = StoredVectors(held("vectors", whole(np.ones((50, 8)))), "vectors")
    assert usual_cosines(equal, np.arange(50)).threshold(3) == HIGHEST
    assert usual_cosines(equal, np.arange(1)).threshold(3) == HIGHEST
