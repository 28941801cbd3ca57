"""Translations: each other's nearest across scripts, with the same numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from held_keys import held, judged
from indic_persona_hub.judge.meaning.best_across import best_across
from indic_persona_hub.judge.meaning.people import people
from indic_persona_hub.judge.meaning.translations import Translations
from indic_persona_hub.judge.meaning.whole_vectors import StoredVectors, paired_cosines, whole

SCRIPTS = {"en": "A person called", "hi": "एक व्यक्ति", "ta": "ஒரு நபர்"}


def told(meaning: int, language: str, number: str = "") -> str:
    return f"{SCRIPTS[language]} {'abcdefghij'[meaning % 10] * (meaning // 10 + 1)} {number}"


class Meanings:
    """A multilingual model in small: a direction for all, one a meaning, a little of the words."""

    def __init__(self, meaning_of: dict[str, int]) -> None:
        self.meaning_of = meaning_of

    def embed(self, texts: Sequence[str], *, embedder: str) -> NDArray[np.float32]:
        directions = np.random.default_rng(1).normal(size=(1000, 96)) / 10
        rows = []
        for text in texts:
            own = np.random.default_rng(sum(text.encode())).normal(size=96) / 60
            rows.append(2 * directions[999] + directions[self.meaning_of[text]] + own)
        made = np.array(rows).reshape(-1, 96)
        return (made / np.linalg.norm(made, axis=1)[:, None]).astype(np.float32)


def bench_of(*texts: tuple[str, int]) -> Meanings:
    return Meanings(dict(texts))


def test_translations_are_linked_and_people_counted() -> None:
    known = [(told(meaning, one), meaning) for meaning in range(60) for one in ("en", "hi")]
    known += [(told(meaning, "ta"), meaning) for meaning in range(20)]
    texts = [text for text, _ in known]
    found = judged(Translations(), texts, bench=bench_of(*known))
    meaning = np.array([meaning for _, meaning in known])
    linked = found.survivor != np.arange(len(texts))
    assert (meaning == meaning[found.survivor]).all()
    assert linked.sum() >= 76  # of 80
    assert people(found, among=np.ones(len(texts), bool)) == len(texts) - linked.sum()
    assert (found.similarity[linked] < 1).all()
    assert not Translations().merges
    assert Translations(merge=True).merges


def test_other_numbers_are_another_person() -> None:
    known = [(told(meaning, one), meaning) for meaning in range(2, 40) for one in ("en", "hi")]
    known += [(told(0, "en", "aged 52"), 0), (told(0, "hi", "आयु ५२"), 0)]
    known += [(told(1, "en", "aged 52"), 1), (told(1, "hi", "आयु ३१"), 1)]
    found = judged(Translations(), [text for text, _ in known], bench=bench_of(*known))
    same, different = (76, 77), (78, 79)
    assert found.cluster[same[0]] == found.cluster[same[1]]
    assert found.cluster[different[0]] != found.cluster[different[1]]


def test_one_script_is_one_language() -> None:
    known = [(told(meaning, "en"), meaning) for meaning in range(30)]
    known += [(told(meaning, "en", "again"), meaning) for meaning in range(30)]
    found = judged(Translations(), [text for text, _ in known], bench=bench_of(*known))
    assert (found.survivor == np.arange(60)).all()


@pytest.mark.parametrize("texts", [[], ["!"], ["", "…"]])
def test_texts_with_nothing_to_compare(texts: list[str]) -> None:
    found = judged(Translations(), texts, cuts=(0,))
    assert found.survivor.tolist() == list(range(len(texts)))


@pytest.mark.parametrize("cuts", [(), (1, 700, 701)])
def test_each_is_the_nearest_of_the_other(cuts: tuple[int, ...]) -> None:
    """Against the definition, over all pairs; lists find nearly all of it."""
    chance = np.random.default_rng(5)
    made = chance.normal(size=(1500, 48))
    made[750:] = made[:750] + 0.5 * chance.normal(size=(750, 48))
    group = (np.arange(1500) >= 750).astype(np.uint8)
    exact = whole(made)
    vectors = StoredVectors(held("vectors", exact, cuts), "vectors")
    found = best_across(vectors, np.arange(1500), group, 0.6)
    normal = made / np.linalg.norm(made, axis=1)[:, None]
    cosine = normal[750:] @ normal[:750].T
    nearest, nearest_back = cosine.argmax(axis=1), cosine.argmax(axis=0)
    wanted = {
        (750 + row, best)
        for row, best in enumerate(nearest.tolist())
        if nearest_back[best] == row and cosine[row, best] >= 0.6
    }
    pairs = set(zip(found.row.tolist(), found.better.tolist(), strict=True))
    assert len(wanted) > 600
    assert len(pairs ^ wanted) <= 3  # whole numbers round
    assert found.cosine == pytest.approx(
        paired_cosines(exact[found.row], exact[found.better]), abs=1e-6
    )
    in_lists = best_across(vectors, np.arange(1500), group, 0.6, few=64)
    again = set(zip(in_lists.row.tolist(), in_lists.better.tolist(), strict=True))
    assert len(again & pairs) >= 0.9 * len(pairs)
