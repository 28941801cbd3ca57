"""Confidence: one number from all scores, monotone in each of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indic_persona_hub.judge.confidence import WEIGHTS, confidence, confidences

judges = st.sampled_from([*WEIGHTS, "a_plug_in"])
score_maps = st.dictionaries(judges, st.floats(0, 1), min_size=1)


@given(score_maps)
def test_it_lies_between_the_floor_and_one(scores: dict[str, float]) -> None:
    assert 0.0099 < confidence(scores) <= 1


@given(score_maps, st.data())
def test_it_rises_with_every_score(scores: dict[str, float], data: st.DataObject) -> None:
    judge = data.draw(st.sampled_from(sorted(scores)))
    better = data.draw(st.floats(scores[judge], 1))
    assert confidence({**scores, judge: better}) >= confidence(scores)
    if better > scores[judge] + 0.01:
        assert confidence({**scores, judge: better}) > confidence(scores)


@given(score_maps)
def test_it_does_not_depend_on_order(scores: dict[str, float]) -> None:
    assert confidence(dict(reversed(scores.items()))) == confidence(scores)


def test_it_is_one_where_all_is_well_or_nothing_is_known() -> None:
    assert confidence({}) == 1
    assert confidence(dict.fromkeys(WEIGHTS, 1.0)) == 1


def test_a_heavier_judge_counts_more() -> None:
    scores = {"not_a_person": 1.0, "hedging": 1.0}
    assert confidence({**scores, "not_a_person": 0.5}) < confidence({**scores, "hedging": 0.5})


@given(st.lists(st.tuples(*[st.floats(0, 1, width=32)] * 3), max_size=20))
def test_many_at_once_is_the_same_formula(rows: list[tuple[float, float, float]]) -> None:
    names = ("form", "not_a_person", "other")
    columns = np.array(rows, np.float64).reshape(-1, 3).T
    found = confidences(dict(zip(names, columns, strict=True)), len(rows))
    expected = [confidence(dict(zip(names, row, strict=True))) for row in rows]
    assert found.dtype == np.float32
    assert found == pytest.approx(np.array(expected), rel=1e-6)


def test_many_without_a_judge_are_sure() -> None:
    assert confidences({}, 3).tolist() == [1, 1, 1]
