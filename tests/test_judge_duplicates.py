"""Duplicates: known truth, whatever the slices; text is only ever hashed."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from pydantic import ValidationError

from indic_persona_hub.judge.duplicates.exact_duplicates import ExactDuplicates
from indic_persona_hub.judge.duplicates.near_duplicates import NearDuplicates
from indic_persona_hub.judge.words import words_of
from indic_persona_hub.stage import Clusters, EmbeddingBench, SetJudge

SENTENCES = (
    "A 34-year-old fish vendor in Kochi who carries sardines from the harbour to three "
    "housing colonies before dawn and keeps her daughter's school fees in an old biscuit tin "
    "under the bed",
    "वाराणसी के एक बुनकर की बारह साल की बेटी जो करघे की आवाज़ में पढ़ाई करती है "
    "और गणित की शिक्षिका बनना चाहती है पर उसके पिता उसे इसी साल मामा के घर सूरत "
    "भेजने की तैयारी कर रहे हैं जहाँ हीरे का काम मिलता",
    "தூத்துக்குடியில் உப்பளத்தில் வேலை செய்யும் முப்பத்தாறு வயதுப் "
    "பெண் கால் வெடிப்புகளுக்கு நடுவிலும் மகளின் செவிலியர் "
    "படிப்புக்காக ஒவ்வொரு வாரமும் கூலியைச் சேமித்து அஞ்சலக வைப்புக் "
    "கணக்கில் போட்டுவிட்டு நடந்தே வீடு திரும்பி இரவு சமையல் முடித்து "
    "பக்கத்து வீட்டுக் குழந்தைகளுக்கும் கதை சொல்கிறாள்",
)


class Held:
    """Keys of all slices, in memory."""

    def __init__(self, parts: Sequence[Mapping[str, NDArray[Any]]], rows: Sequence[int]) -> None:
        self.parts = parts
        self.rows_by_slice = rows

    def part(self, name: str, slice_number: int) -> NDArray[Any]:
        return self.parts[slice_number][name]


def judged(
    judge: SetJudge,
    texts: Sequence[str],
    confidence: Sequence[float] | None = None,
    among: Sequence[bool] | None = None,
    cuts: Sequence[int] = (),
) -> Clusters:
    """The judge's clusters of `texts`, cut into slices at `cuts`."""
    bench: Any = None
    workbench: EmbeddingBench = bench
    slices = [list(texts[a:b]) for a, b in pairwise([0, *sorted(cuts), len(texts)])]
    parts = [judge.keys(pa.chunked_array([pa.array(s, pa.string())]), workbench) for s in slices]
    found = judge.clusters(
        Held(parts, [len(one) for one in slices]),
        np.array([0.5] * len(texts) if confidence is None else confidence, np.float32),
        np.array([True] * len(texts) if among is None else among, bool),
    )
    assert [str(one.dtype) for one in found] == ["int64", "int64", "float32"]
    return found


def planted() -> list[str]:
    """Of each sentence: itself, one word changed, one word added, and half of it changed."""
    texts = []
    for number, sentence in enumerate(SENTENCES):
        words = sentence.split()
        changed = [*words[:3], f"word{number}", *words[4:]]
        half = [word if at % 2 else f"other{number}{at}" for at, word in enumerate(words)]
        texts += [sentence, " ".join(changed), f"{sentence} more{number}", " ".join(half)]
    return texts


def test_planted_near_duplicates_are_found_in_english_hindi_and_tamil() -> None:
    found = judged(NearDuplicates(), planted(), [0.5, 0.6, 0.7, 0.8] * 3, cuts=[3, 3, 7])
    assert found.survivor.tolist() == [2, 2, 2, 3, 6, 6, 6, 7, 10, 10, 10, 11]
    assert found.cluster.tolist() == [0, 0, 0, 3, 4, 4, 4, 7, 8, 8, 8, 11]
    assert (found.similarity[[2, 3, 6, 7, 10, 11]] == 1).all()
    assert (found.similarity[[0, 4, 8]] >= 0.9).all() and (found.similarity[[0, 4, 8]] < 1).all()


def test_case_punctuation_and_spelling_do_not_hide_an_exact_duplicate() -> None:
    texts = [
        "ज़मीन पर एक घर",
        "ज़मीन पर, एक घर।",
        "ज़मीन  पर — एक घर!",
        "ज़मीन पर एक घरों",
        "Weaver, in MAU.",
        "weaver in mau",
        "in mau weaver",
    ]
    found = judged(ExactDuplicates(), texts, [0.7, 0.7, 0, 0.9, 0.5, 0.5, 0.5], cuts=[1, 4])
    assert found.survivor.tolist() == [0, 0, 0, 3, 4, 4, 6]
    assert found.cluster.tolist() == [0, 0, 0, 3, 4, 4, 6]
    assert (found.similarity == 1).all()


@pytest.mark.parametrize("judge", [ExactDuplicates(), NearDuplicates()])
def test_the_best_confidence_survives_then_the_lowest_row(judge: SetJudge) -> None:
    texts = ["a b c", "A, b, c", "a b c.", "d e f", "(a b c)"]
    found = judged(judge, texts, [0.1, 0.9, 0.9, 0.5, 1.0], [True, True, True, True, False], [2])
    assert found.survivor.tolist() == [1, 1, 1, 3, 4]
    assert found.cluster.tolist() == [0, 0, 0, 3, 4]


def test_texts_without_words_are_near_to_none_and_exactly_alike() -> None:
    texts = ["...", "", "।॥", "a", "\u200d"]
    alone = list(range(5))
    assert judged(NearDuplicates(threshold=0.01), texts).survivor.tolist() == alone
    assert judged(ExactDuplicates(), texts).survivor.tolist() == [0, 0, 0, 3, 0]


@pytest.mark.parametrize("judge", [ExactDuplicates(), NearDuplicates()])
@pytest.mark.parametrize("texts", [[], ["", ""], ["a"]])
def test_slices_may_be_empty(judge: SetJudge, texts: list[str]) -> None:
    found = judged(judge, texts, cuts=[0, 0, len(texts)])
    assert len(found.survivor) == len(found.cluster) == len(found.similarity) == len(texts)


personas = st.lists(
    st.lists(st.sampled_from("a b c d e f नदी மரம்".split()), max_size=6).map(" ".join),
    min_size=1,
    max_size=25,
)


@settings(max_examples=15, deadline=None)
@given(personas, st.randoms(use_true_random=False), st.sampled_from([0.3, 0.5, 0.9]))
def test_slices_change_nothing(texts: list[str], chance: random.Random, threshold: float) -> None:
    confidence = [chance.choice([0.2, 0.8]) for _ in texts]
    among = [chance.random() < 0.8 for _ in texts]
    cuts = [chance.randint(0, len(texts)) for _ in range(chance.randint(0, 4))]
    for judge in (ExactDuplicates(), NearDuplicates(threshold=threshold)):
        whole = judged(judge, texts, confidence, among)
        cut = judged(judge, texts, confidence, among, cuts)
        for name in Clusters._fields:
            assert np.array_equal(getattr(whole, name), getattr(cut, name))


def components(sets: Sequence[set[Any]], threshold: float) -> list[int]:
    """The lowest row of each row's component of similar sets, by comparing all pairs."""
    cluster = list(range(len(sets)))
    for one in range(len(sets)):
        for other in range(one):
            both = len(sets[one] | sets[other])
            if both and len(sets[one] & sets[other]) / both >= threshold:
                joined, left = sorted((cluster[other], cluster[one]))
                cluster = [joined if label == left else label for label in cluster]
    return cluster


@settings(max_examples=25, deadline=None, derandomize=True)
@given(personas, st.sampled_from([0.3, 0.5, 0.9]), st.sampled_from([1, 2, 3]))
def test_clusters_are_the_connected_components_of_exact_similarity(
    texts: list[str], threshold: float, ngram: int
) -> None:
    found = judged(NearDuplicates(threshold=threshold, ngram=ngram), texts, cuts=[len(texts) // 2])
    lists = [words_of(text) for text in texts]
    sets = [
        {tuple(words[at : at + ngram]) for at in range(max(len(words) - ngram + 1, bool(words)))}
        for words in lists
    ]
    assert found.cluster.tolist() == components(sets, threshold)
    assert found.survivor.tolist() == found.cluster.tolist()
    for row, survivor in enumerate(found.survivor.tolist()):
        both = len(sets[row] | sets[survivor])
        exact = len(sets[row] & sets[survivor]) / both if both else 1
        assert found.similarity[row] == pytest.approx(exact)


@pytest.mark.parametrize("words", [20, 40, 110, 400])
def test_pairs_at_the_threshold_are_found_and_no_others(words: int) -> None:
    chance = random.Random(words)
    pool = [f"w{number}" for number in range(40 * words)]
    texts, truth = [], []
    for _ in range(300):
        base = chance.sample(pool, words)
        changed = int(words * 0.1 / 1.9)  # of both: the most that keeps 0.9
        for drop in (changed, changed + 1):
            twin = [*base[drop:], *(f"new{chance.randrange(10**9)}" for _ in range(drop))]
            texts += [" ".join(base), " ".join(chance.sample(twin, words))]
            truth.append((words - drop) / (words + drop) >= 0.9)
            base = [f"{word}x" for word in base]
    found = judged(NearDuplicates(), texts, cuts=[500])
    linked = found.survivor.reshape(-1, 2)[:, 0] == found.survivor.reshape(-1, 2)[:, 1]
    near = np.array(truth)
    assert linked[near].mean() >= 0.98
    assert not linked[~near].any()
    assert (found.cluster[::2] == np.arange(0, len(texts), 2)).all()


def test_a_million_equal_rows_are_one_cluster() -> None:
    judge, rows = NearDuplicates(), 1_000_000
    bench: Any = None
    one = judge.keys(pa.chunked_array([[SENTENCES[0]]]), bench)
    repeated = {name: np.repeat(one[name], rows // 2, axis=0) for name in one if name != "grams"}
    found = judge.clusters(
        Held([repeated, repeated], [rows // 2] * 2),
        np.linspace(0, 1, rows, dtype=np.float32),
        np.ones(rows, bool),
    )
    assert (found.cluster == 0).all() and (found.similarity == 1).all()
    assert len(set(found.survivor.tolist())) == 1


def test_a_text_of_five_megabytes_is_compared_like_any_other() -> None:
    chance = random.Random(5)
    words = [f"w{chance.randrange(10**6)}" for _ in range(700_000)]
    long, near = " ".join(words), " ".join([*words[:-100], "and", "so", "on"])
    assert len(long) > 5_000_000
    found = judged(NearDuplicates(), [*SENTENCES, long, near, " ".join(words[::2])], cuts=[4])
    assert found.survivor.tolist() == [0, 1, 2, 3, 3, 5]
    assert 0.99 < found.similarity[4] < 1
    assert judged(ExactDuplicates(), [long, near, long]).survivor.tolist() == [0, 1, 0]


def test_presets_give_what_is_not_given_and_count_in_the_fingerprint() -> None:
    assert NearDuplicates().minhash == (1, 128, 0.9)
    assert NearDuplicates(preset="fine_personas").minhash == (1, 128, 0.9)
    assert NearDuplicates(preset="strict").minhash == (1, 128, 0.5)
    own = NearDuplicates(preset="strict", ngram=3, permutations=64)
    assert own.minhash == (3, 64, 0.5)
    judges = [NearDuplicates(), NearDuplicates(preset="strict"), own, NearDuplicates(threshold=0.8)]
    assert len({judge.fingerprint() for judge in judges}) == len(judges)
    unknown: Any = "lenient"
    with pytest.raises(ValidationError):
        NearDuplicates(preset=unknown)


def test_the_strict_preset_finds_what_is_half_alike() -> None:
    texts = planted()
    found = judged(NearDuplicates(preset="strict"), [*texts, texts[0].replace("fish", "milk")])
    assert found.cluster[[0, 1, 2, 12]].tolist() == [0, 0, 0, 0]
    assert found.cluster[4] == 4 and found.cluster[8] == 8
