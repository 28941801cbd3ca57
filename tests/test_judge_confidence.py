"""Confidence: one number from all scores, monotone in each of them."""

from __future__ import annotations

import daft
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indic_persona_hub.judge.confidence import WEIGHTS, confidence, confidence_expression

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


def test_the_expression_is_the_same_formula() -> None:
    rows = [
        {"not_a_person": {"score": 1.0}, "form": {"score": 0.25}, "other": {"score": 0.5}},
        {"not_a_person": {"score": 0.0}, "form": {"score": 1.0}, "other": {"score": None}},
    ]
    frame = daft.from_pylist(rows)
    expression = confidence_expression(["form", "not_a_person", "other"])
    found = frame.select(expression.alias("it")).to_pydict()["it"]
    expected = [
        confidence({name: one["score"] or 0.0 for name, one in judged.items()}) for judged in rows
    ]
    assert found == pytest.approx(expected)
    assert confidence_expression(["other", "form", "not_a_person"]) is not None
    none = frame.select(confidence_expression([]).alias("it")).to_pydict()["it"]
    assert none == [1, 1]
