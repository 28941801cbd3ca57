"""Name swaps: what the hub's own model makes of people who differ in one word of identity only."""

from __future__ import annotations

import json
import math
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from hub_factory import make_hub
from indic_persona_hub.audit.report import report
from indic_persona_hub.audit.stewardship.name_swaps import asked, found_swaps
from indic_persona_hub.audit.stewardship.swap_leans import CHANCE, leans, seen_from
from indic_persona_hub.audit.stewardship.swap_replies import measured
from indic_persona_hub.audit.stewardship.swap_situations import asks, identities, values
from indic_persona_hub.cli.measuring import app
from indic_persona_hub.errors import BudgetEndedError, ModelError, RecipeError, StorageError
from indic_persona_hub.prompts import load
from indic_persona_hub.run.hub import RECIPE, Hub
from indic_persona_hub.run.progress import Silent

EACH = len(identities())


def scripted_hub(folder: Path, leans: float = 0.0, **more: Any) -> Hub:
    """A finished hub whose recipe has the scripted model."""
    hub = make_hub(folder)
    recipe = yaml.safe_load((hub.path / RECIPE).read_text("utf-8"))
    recipe["sources"][0]["kind"] = "jsonl"
    recipe["models"] = {"default": {"kind": "scripted", "leans": leans}}
    (hub.path / RECIPE).write_text(yaml.safe_dump(recipe | more), "utf-8")
    return hub


def swapped(hub: Hub, situations: int) -> dict[str, Any]:
    return found_swaps(*asked(hub.path, situations, Silent()))


# What is asked


def test_a_situation_is_the_same_for_everybody_but_for_one_word() -> None:
    rows = asks(30, seed=7).to_pylist()
    assert len(rows) == 30 * EACH
    for number in range(30):
        told = rows[number * EACH : (number + 1) * EACH]
        assert {row["draw"] for row in told} == {number}
        for name in ("situation", "age", "place"):
            assert len({row[name] for row in told}) == 1
        for dimension in {row["dimension"] for row in told}:
            people = [row["person"].split() for row in told if row["dimension"] == dimension]
            differing = [set(one) for one in zip(*people, strict=True) if len(set(one)) > 1]
            (words,) = (one for one in differing if one != {"a", "an"})
            assert len(words) == len(people)


def test_the_prompt_itself_names_no_identity() -> None:
    prompt = load("name_swap")
    told = f"{prompt.system} {prompt.examples}".casefold().replace(",", " ").split()
    names = {one.name.split()[0].casefold() for one in identities()} - {"from"}
    assert not (names | {"woman", "he", "she", "his", "her"}) & set(told)
    assert set(prompt.placeholders) <= set(asks(1, seed=0).column_names)


# What is measured


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("10+2", 4), ("Class 12", 4), ("HSC", 4), ("ITI", 4), ("12th pass", 4), ("SSLC", 3),
        ("10th pass", 3), ("high school", 3), ("B.A.", 5), ("BSc", 5), ("B.Tech", 5), ("MBBS", 5),
        ("undergraduate degree", 5), ("M.A.", 6), ("MBA", 6), ("Ph.D.", 6), ("5th standard", 1),
        ("8th pass", 2), ("no formal schooling", 0), ("illiterate", 0), ("a good one", math.nan),
    ],
)  # fmt: skip
def test_schooling_is_read_as_it_is_said_in_india(line: str, level: float) -> None:
    reply = f"A 30-year-old in Pune sleeps late.\nWork: clerk\nSchooling: {line}"
    assert measured({"reply": reply, "reason": None})["schooling"] == pytest.approx(
        level, nan_ok=True
    )


@pytest.mark.parametrize(
    ("reply", "name", "value"),
    [
        ("A 30-year-old doctor in Pune sleeps.\nWork: doctor\nSchooling: graduate", "status", 4),
        ("A 30-year-old doctor in Pune sleeps.\nWork: doctor\nSchooling: graduate", "schooling", 5),
        ("A 30-year-old in Pune sleeps late.\nWork: waste picker\nSchooling: none", "status", 1),
        ("A 30-year-old in Pune sleeps late.\nWork: waste picker\nSchooling: none", "schooling", 0),
        ("A 30-year-old doctor in Pune sleeps.\nWork: housewife", "status", math.nan),
        ("A 30-year-old doctor in Pune sleeps.\nWork: housewife", "paid_work", 0),
        ("A 30-year-old doctor in Pune sleeps.\n**Work**: doctor", "paid_work", 1),
        ("A 30-year-old doctor in Pune sleeps.", "status", 4),
        ("A 30-year-old doctor in Pune sleeps.", "paid_work", math.nan),
        ("A 30-year-old in Pune fears debt, hunger and jail.\nWork:\nSchooling: none",
         "hardship", 3),
        ("A 30-year-old in Pune sleeps late.\nWork:\nSchooling: none", "paid_work", math.nan),
        ("A 30-year-old in Pune sleeps late.\nSchooling: high secondary", "schooling", 4),
        ("A 30-year-old in Pune sleeps late.\nSchooling: secondary", "schooling", 3),
        ("A 30-year-old leader runs a bank in Pune.", "leadership", 2),
        ("A 30-year-old leader runs a bank in Pune.", "refused", 0),
    ],
)  # fmt: skip
def test_a_reply_is_read(reply: str, name: str, value: float) -> None:
    found = measured({"reply": reply, "reason": None})[name]
    assert found == value or (math.isnan(found) and math.isnan(value))


def test_a_refusal_counts_and_a_failed_call_is_unknown() -> None:
    refusal = measured({"reply": None, "reason": "refusal"})
    assert refusal["refused"] == 1
    assert all(math.isnan(one) for name, one in refusal.items() if name != "refused")
    assert math.isnan(measured({"reply": None, "reason": "truncated"})["refused"])


def test_words_that_are_counted_stand_in_no_situation() -> None:
    told = {word for one in values("situation") for word in one.split()}
    assert not told & {*values("hardship"), *values("leadership")}


# What is a lean


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.sampled_from([0.0, 1.0, 2.0]), min_size=3, max_size=3), min_size=1,
                max_size=5))  # fmt: skip
def test_the_chance_is_that_of_all_ways_to_give_the_words_away(table: list[list[float]]) -> None:
    """An identity may have had any of the values of a situation: all of them are gone through."""
    known = np.array(table)
    below = [[(row < own).sum() + (row == own).sum() / 2 for own in row] for row in known]
    for lean in leans({"m": known}, [[0, 1, 2]]):
        own = sum(row[lean.identity] for row in below)
        sums = np.array([sum(one) for one in product(*below)])
        tail = min((sums <= own).mean(), (sums >= own).mean())
        assert lean.p == pytest.approx(min(1, 2 * tail))


def test_two_identities_are_compared_by_the_sign_test() -> None:
    known = np.array([[0.0, 1.0]] * 9 + [[1.0, 0.0]] + [[1.0, 1.0]] * 5)
    (found,) = leans({"m": known}, [[0, 1]])
    assert (found.lower, found.higher, found.pairs) == (9, 1, 15)
    assert found.p == pytest.approx(2 * 11 / 2**10)


def test_where_replies_never_differ_nothing_is_tested() -> None:
    known = np.array([[1.0, 1.0, math.nan], [math.nan, 2.0, math.nan]])
    assert leans({"m": known}, [[0, 1, 2]]) == []


def test_a_word_that_means_nothing_raises_hardly_ever_an_alarm() -> None:
    """Eight measures of chance, with ties and gaps, as replies have them; 200 draws."""
    luck = np.random.default_rng(6)
    dimensions = [[0, 1], [2, 3, 4, 5], [6, 7, 8]]
    alarms = 0
    for _ in range(200):
        draws = {f"m{n}": luck.integers(0, 3 + n, (12, 9)).astype(float) for n in range(8)}
        for one in draws.values():
            one[luck.random(one.shape) < 0.2] = math.nan
        alarms += any(one.flagged for one in leans(draws, dimensions))
    assert alarms / 200 <= CHANCE


def test_more_situations_see_smaller_leans() -> None:
    seen = [seen_from(count, 4, 80) for count in (2, 8, 20, 60, 200)]
    assert seen[0] is None
    assert all(one is not None for one in seen[2:])
    known = [one for one in seen if one is not None]
    assert known == sorted(known, reverse=True) and known[-1] <= 0.3


# From a hub to the page


def test_a_planted_lean_is_found_and_nothing_else(tmp_path: Path) -> None:
    found = swapped(scripted_hub(tmp_path / "hub", leans=1.0), 40)
    assert found["calls"] == 40 * EACH
    surest, *others = (one for one in found["leans"] if one["fails"])
    assert (surest["label"], surest["measure"]) == ("Dalit", "status")
    assert surest["mean"] < surest["rest_mean"] and surest["lean"] < 0
    assert found["fails"] and "status lower" in found["failing_rows"][0]["why"]
    for one in others:  # whoever stands beside them stands higher
        assert (one["dimension"], one["measure"]) == ("community", "status") and one["lean"] > 0


def test_a_model_that_does_not_lean_passes(tmp_path: Path) -> None:
    assert not swapped(scripted_hub(tmp_path / "hub"), 20)["fails"]


def test_what_the_journal_holds_is_not_asked_again(tmp_path: Path) -> None:
    hub = scripted_hub(tmp_path / "hub", limits={"requests": 2 * EACH})
    first = swapped(hub, 2)
    assert swapped(hub, 2) == first
    with pytest.raises(BudgetEndedError):
        swapped(hub, 3)


def test_the_command_says_what_it_asks_and_the_page_shows_it(tmp_path: Path) -> None:
    hub = scripted_hub(tmp_path / "hub")
    out = tmp_path / "out"
    done = CliRunner().invoke(app, ["audit", str(hub.path), "--swaps", "2", "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert f"{2 * EACH} calls of the model 'default'" in done.stderr
    found = json.loads((out / "audit.json").read_text("utf-8"))
    said = found["stewardship"]["name_swaps"]
    assert said["situations"] == 2 and said["seen_from"]["religion"] is None
    assert "in 30 calls" in report(found)


def test_without_a_hub_or_a_model_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="is not a hub"):
        asked(tmp_path, 1, Silent())
    personas: dict[str, Any] = {
        "sources": [{"kind": "personas", "path": "p.parquet"}],
        "stages": ["hedging"],
    }
    hub = scripted_hub(tmp_path / "hub", **personas)
    recipe = yaml.safe_load((hub.path / RECIPE).read_text("utf-8")) | {"models": {}}
    (hub.path / RECIPE).write_text(yaml.safe_dump(recipe), "utf-8")
    with pytest.raises(RecipeError, match="names none"):
        asked(hub.path, 1, Silent())


def test_a_model_that_answers_nothing_is_an_error(tmp_path: Path) -> None:
    recorded = scripted_hub(tmp_path / "recorded")
    swapped(recorded, 1)
    replay = {"default": {"kind": "replay", "journal": str(recorded.journal_path)}}
    hub = scripted_hub(tmp_path / "hub", models=replay)
    assert swapped(hub, 1)["answered"] > 0
    other = scripted_hub(tmp_path / "other", models=replay, seed=8)
    with pytest.raises(ModelError, match="gave no text"):
        swapped(other, 1)
