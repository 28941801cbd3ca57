"""Duplicates: known truth, whatever the order of rows; text is only ever hashed."""

from __future__ import annotations

import random
from typing import Any

import daft
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indic_persona_hub.judge.exact_duplicates import ExactDuplicates
from indic_persona_hub.judge.lsh import Grams, bands_for, clusters, jaccard
from indic_persona_hub.judge.near_duplicates import NearDuplicates
from indic_persona_hub.judge.words import words_of
from indic_persona_hub.stage import SetJudge, Workbench

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


class NoBench:
    """Set judges ask for nothing."""


def apply(judge: SetJudge, rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    schema = pa.schema(
        [("id", pa.string()), ("persona", pa.string()), ("confidence_score", pa.float32())]
    )
    frame = daft.from_arrow(pa.Table.from_pylist(rows, schema))
    bench: Any = NoBench()
    workbench: Workbench = bench
    found = judge.apply(frame, workbench).to_pylist()
    assert [one["id"] for one in found] == sorted(one["id"] for one in rows)
    return {one["id"]: one for one in found}


def row(row_id: str, persona: str, confidence_score: float | None = 0.5) -> dict[str, Any]:
    return {"id": row_id, "persona": persona, "confidence_score": confidence_score}


def planted() -> list[dict[str, Any]]:
    """Of each sentence: itself, one word changed, one word added, and half of it changed."""
    rows = []
    for number, sentence in enumerate(SENTENCES):
        words = sentence.split()
        changed = [*words[:3], f"word{number}", *words[4:]]
        half = [word if at % 2 else f"other{number}{at}" for at, word in enumerate(words)]
        texts = (sentence, " ".join(changed), f"{sentence} more{number}", " ".join(half))
        rows += [row(f"{number}-{at}", text, 0.5 + at / 10) for at, text in enumerate(texts)]
    return rows


def test_planted_near_duplicates_are_found_in_english_hindi_and_tamil() -> None:
    found = apply(NearDuplicates(), planted())
    for number in range(len(SENTENCES)):
        best = f"{number}-2"
        for at in (0, 1, 2):
            assert found[f"{number}-{at}"]["survivor"] == best
            assert found[f"{number}-{at}"]["cluster"] == f"{number}-0"
            assert found[f"{number}-{at}"]["fails"] == (at != 2)
        assert found[best]["value"] == 0 and found[best]["similarity"] == 1
        assert found[f"{number}-0"]["value"] >= 0.9
        assert found[f"{number}-0"]["detail"] == best
        unique = found[f"{number}-3"]
        assert not unique["fails"] and unique["value"] == 0 and unique["score"] == 1
        assert unique["survivor"] == unique["cluster"] == f"{number}-3"


def test_case_punctuation_and_spelling_do_not_hide_an_exact_duplicate() -> None:
    rows = [
        row("b", "ज़मीन पर, एक घर।", 0.7),
        row("a", "ज़मीन पर एक घर", 0.7),
        row("c", "ज़मीन  पर — एक घर!", None),
        row("d", "ज़मीन पर एक घरों", 0.9),
        row("e", "Weaver, in MAU."),
        row("f", "weaver in mau"),
    ]
    found = apply(ExactDuplicates(), rows)
    survivors = {row_id: one["survivor"] for row_id, one in found.items()}
    assert survivors == {"a": "a", "b": "a", "c": "a", "d": "d", "e": "e", "f": "e"}
    assert [found[one]["fails"] for one in "abcdef"] == [False, True, True, False, False, True]
    assert found["b"]["value"] == 1 and found["b"]["score"] == 0


def test_exact_duplicates_are_near_duplicates_too() -> None:
    rows = [row(f"{at:03}", SENTENCES[at % 3]) for at in range(300)]
    for judge in (ExactDuplicates(), NearDuplicates()):
        found = apply(judge, rows)
        assert [one for one in found if not found[one]["fails"]] == ["000", "001", "002"]
        assert all(found[one]["survivor"] == f"{int(one) % 3:03}" for one in found)


personas = st.lists(
    st.lists(st.sampled_from("a b c d e f नदी மரம்".split()), max_size=6).map(" ".join),
    min_size=1,
    max_size=25,
)


@settings(max_examples=10, deadline=None)
@given(personas, st.randoms(use_true_random=False), st.sampled_from([0.3, 0.5, 0.9]))
def test_the_order_of_rows_changes_nothing(
    texts: list[str], chance: random.Random, threshold: float
) -> None:
    rows = [row(f"{at:02}", text, chance.choice([0.2, 0.8])) for at, text in enumerate(texts)]
    shuffled = chance.sample(rows, len(rows))
    for judge in (ExactDuplicates(), NearDuplicates(threshold=threshold)):
        assert apply(judge, shuffled) == apply(judge, rows)


@settings(max_examples=10, deadline=None)
@given(personas, st.sampled_from([0.3, 0.5, 0.9]))
def test_clusters_are_the_connected_components_of_exact_similarity(
    texts: list[str], threshold: float
) -> None:
    found = apply(
        NearDuplicates(threshold=threshold), [row(f"{at:02}", one) for at, one in enumerate(texts)]
    )
    sets = [set(words_of(text)) for text in texts]
    cluster = list(range(len(texts)))
    for one in range(len(texts)):
        for other in range(one):
            both = len(sets[one] | sets[other])
            if not both or len(sets[one] & sets[other]) / both >= threshold:
                joined, left = cluster[other], cluster[one]
                cluster = [joined if label == left else label for label in cluster]
    lowest = {label: f"{cluster.index(label):02}" for label in cluster}
    assert [found[one]["cluster"] for one in sorted(found)] == [lowest[label] for label in cluster]
    assert sum(not one["fails"] for one in found.values()) == len(set(cluster))


@pytest.mark.parametrize("ngram", [1, 2, 3])
def test_similarity_is_exact_on_word_ngrams(ngram: int) -> None:
    lists = [[1, 2, 3, 4], [1, 2, 3, 5], [4, 3, 2, 1], [1], []]
    words = pa.array(lists, pa.large_list(pa.uint64()))
    grams = Grams.of(words, ngram)

    def as_set(row: list[int]) -> set[tuple[int, ...]]:
        runs = [tuple(row[at : at + ngram]) for at in range(max(1, len(row) - ngram + 1))]
        return set(runs)

    one, other = (np.array(side) for side in zip(*np.ndindex(5, 5), strict=True))
    expected = [
        len(as_set(lists[a]) & as_set(lists[b])) / len(as_set(lists[a]) | as_set(lists[b]))
        for a, b in zip(one, other, strict=True)
    ]
    assert jaccard(grams, one, other) == pytest.approx(expected)


def test_bands_follow_from_permutations_and_threshold() -> None:
    assert NearDuplicates().bands == (16, 8)
    for permutations in (16, 64, 128, 256):
        for threshold in (0.5, 0.7, 0.9, 1.0):
            bands, rows = bands_for(permutations, threshold)
            assert bands * rows <= permutations
    assert 1 - (1 - 0.9**8) ** 16 > 0.999


def test_pairs_at_the_threshold_are_found() -> None:
    chance = np.random.default_rng(7)
    pairs = 2000
    base = chance.integers(0, 2**63, (pairs, 19), np.uint64)
    twin = base.copy()
    twin[:, 0] = chance.integers(0, 2**63, pairs, np.uint64)
    rows = np.concatenate([base, twin])
    grams = Grams.of(pa.array(list(rows), pa.large_list(pa.uint64())), 1)
    labels = clusters(grams, 128, 18 / 20)
    assert (labels[:pairs] == labels[pairs:]).mean() > 0.99
    assert len(set(labels)) >= pairs
