"""Gaps are filled: who is missing is asked for, nobody else is, and only they count."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indic_persona_hub.errors import BudgetEndedError, RecipeError
from indic_persona_hub.expand.fill_gaps import STEERED, FillGaps
from indic_persona_hub.expand.relations import fitting
from indic_persona_hub.judge.attributes import by_rules
from indic_persona_hub.prompts.people import may_be
from indic_persona_hub.prompts.wanted import Wanted
from indic_persona_hub.reference.dimensions import DIMENSIONS
from indic_persona_hub.reference.missing import faithful, missing
from indic_persona_hub.reference.official import official
from indic_persona_hub.run.build import build
from indic_persona_hub.run.forecast import forecast
from indic_persona_hub.run.gaps.asks import asks_table, cells_to_ask
from indic_persona_hub.run.gaps.named_states import named_states
from indic_persona_hub.run.gaps.plan import Gaps
from indic_persona_hub.run.gaps.present import Present
from indic_persona_hub.run.hub import TAKEDOWNS, Hub, read_file
from indic_persona_hub.run.ledger import Ledger
from indic_persona_hub.run.progress import Silent
from indic_persona_hub.run.recipe import Recipe, parse_recipe
from indic_persona_hub.run.steps import line_of
from indic_persona_hub.run.takedown import take_down
from indic_persona_hub.run.takedown_request import Request
from scripted_hub import file_digests, write_source

STATES = ("IN-BR", "IN-KL")
SMALL = ("residence", "sex", "age_band")
RECIPE = """
hub: hub
seed: 7
sources: [{kind: jsonl, path: texts.jsonl, fields: {text: text}}]
models: {default: {kind: scripted}}
stages:
- ingest
- text_to_persona: {candidates: 1}
- fill_gaps: {target: 60, rounds: 2, dimensions: [residence, sex, age_band]}
- hedging
- attributes
engine: {slices: 1}
"""


SKEWED = """
hub: hub
sources: [{kind: personas, path: skewed.jsonl, fields: {persona: text}}]
models: {default: {kind: scripted}}
stages:
- fill_gaps: {target: 150, rounds: 2}
- attributes
engine: {slices: 1}
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory) -> Path:
    """Texts about two states, and about grown people in towns."""
    towns = ("Patna, the capital of Bihar", "Kochi, a port city in Kerala")
    rows = [
        {
            "text": f"The market of {towns[number % 2]}, opens at six. Traders {number} say that"
            " the repair of the drains beside the stalls is late, that the lamps are broken and"
            " that buyers stay away after dark. The corporation has promised new lights."
        }
        for number in range(8)
    ]
    return write_source(tmp_path_factory.mktemp("texts") / "texts.jsonl", rows)


def recipe_of(hub: Path, source: Path, *changes: str, text: str = RECIPE) -> Recipe:
    recipe = parse_recipe(text, changes)
    sources = (recipe.sources[0].model_copy(update={"path": str(source)}),)
    return recipe.model_copy(update={"hub": str(hub), "sources": sources})


@pytest.fixture(scope="module")
def filled(source, tmp_path_factory) -> tuple[Hub, Recipe]:
    recipe = recipe_of(tmp_path_factory.mktemp("filled") / "hub", source)
    return build(recipe), recipe


@pytest.fixture(scope="module")
def pool(tmp_path_factory) -> Path:
    """Grown people of two towns."""
    homes = ("the city of Patna, Bihar", "the city of Kochi, Kerala")
    who = ("woman, a clerk", "man, a shopkeeper")
    rows = [
        {"text": f"A {30 + n}-year-old {who[n % 2]}, in {homes[n // 2 % 2]}, counts {n + 2} keys."}
        for n in range(24)
    ]
    return write_source(tmp_path_factory.mktemp("pool") / "skewed.jsonl", rows)


@pytest.fixture(scope="module")
def skewed(pool, tmp_path_factory) -> tuple[Hub, Recipe]:
    recipe = recipe_of(tmp_path_factory.mktemp("skewed") / "hub", pool, text=SKEWED)
    return build(recipe), recipe


def gaps_after(hub: Hub, recipe: Recipe, rounds: int) -> Gaps:
    return Gaps(hub, line_of(recipe), recipe, rounds)


def total_variation(there: Present, *dimensions: str) -> float:
    """Of the personas that stand, against the official figures."""
    persons = FillGaps().table.marginal(*dimensions).persons
    counts = there.counted(dimensions)
    return float(np.abs(counts / counts.sum() - persons / persons.sum()).sum() / 2)


def asks(hub: Hub, round_number: int) -> list[dict[str, Any]]:
    found = []
    for path in sorted((hub.path / "gaps").glob(f"*-round-{round_number}.parquet")):
        found += read_file(path).to_pylist()
    return found


@pytest.mark.parametrize("dimensions", [*((one,) for one in STEERED), SMALL])
def test_total_variation_falls_by_half_at_least(skewed, dimensions) -> None:
    hub, recipe = skewed
    after = gaps_after(hub, recipe, 3).there
    before = after.before(1)
    least = 0.02 if dimensions == ("sex",) else 0  # the pool has as many women as men

    assert len(before.ids) == 24
    assert total_variation(after, *dimensions) <= total_variation(before, *dimensions) / 2 + least


def test_only_cells_that_lack_people_are_asked_for(filled) -> None:
    hub, recipe = filled
    for round_number in (1, 2):
        lacking = gaps_after(hub, recipe, round_number).lacking
        rows = asks(hub, round_number)
        cells = [tuple(DIMENSIONS[name].values.index(row[name]) for name in SMALL) for row in rows]

        assert rows
        assert all(lacking[cell] > 0 for cell in cells)


def test_who_is_kept_is_in_the_cell_that_was_asked_for(filled) -> None:
    hub, _ = filled
    personas = {row["id"]: row for row in hub.read("personas").to_pylist() if row["round"]}
    evidence = {row["id"]: row for row in hub.read("evidence/attributes").to_pylist()}
    asked = {
        (row["document_id"] or row["parent_id"], row["number"]): row
        for round_number in (1, 2)
        for row in asks(hub, round_number)
    }

    assert {row["synth_method"] for row in personas.values()} == {
        "text_to_persona",
        "persona_to_persona",
    }
    for row in personas.values():
        cell = asked[row["document_id"] or row["parent_id"], row["candidate"]]
        found = evidence[row["id"]]
        assert found["residence"]["value"] == cell["residence"]
        assert found["gender"]["value"] == cell["sex"]
        assert found["age_band"]["value"] == cell["age_band"]


def test_who_came_out_elsewhere_is_rejected_with_what_was_asked(filled) -> None:
    hub, _ = filled
    outside = [
        row["detail"]
        for row in hub.read("rejected/fill_gaps").to_pylist()
        if row["reason"] == "outside_cell"
    ]
    ledger = Ledger(hub.ledger_path, read_only=True)
    total = next(one for one in ledger.totals() if one.name == "fill_gaps")

    assert outside
    assert all("was asked for" in detail for detail in outside)
    assert total.rejected["outside_cell"] == len(outside)
    assert total.rows_in == total.rows_out + sum(total.rejected.values())


def test_lineage_is_that_of_the_method(filled) -> None:
    hub, _ = filled
    rows = hub.read("personas").to_pylist()
    round_of = {row["id"]: row["round"] for row in rows}
    documents = set(hub.read("documents", ["id"])["id"].to_pylist())

    for row in rows:
        if row["synth_method"] == "text_to_persona":
            assert row["document_id"] in documents
        else:
            assert round_of[row["parent_id"]] < row["round"]
            assert row["relation"]


def test_what_came_of_it_is_said(filled) -> None:
    hub, recipe = filled
    said = Ledger(hub.ledger_path, read_only=True).notes()["fill_gaps/round-2"]
    gaps = gaps_after(hub, recipe, 3)

    assert f"{gaps.lacked.sum()} were missing" in said
    assert f"{sum(gaps.asked)} asks brought {gaps.made}" in said


def test_slices_change_nobody(skewed, pool, tmp_path) -> None:
    hub, _ = skewed
    other = build(recipe_of(tmp_path / "hub", pool, "engine.slices=3", text=SKEWED))

    for table in ("personas", "verdicts", "gaps"):
        mine, theirs = (sorted(map(str, one.read(table).to_pylist())) for one in (hub, other))
        assert mine == theirs


class StopsAt(Silent):
    """Stops the build, as Ctrl-C would, where a step begins."""

    def __init__(self, step: str) -> None:
        self.step = step

    def start(self, step: str, noun: str) -> None:
        if step == self.step:
            raise KeyboardInterrupt


def test_a_build_that_was_stopped_goes_on_to_the_same_bytes(filled, source, tmp_path) -> None:
    hub, _ = filled
    recipe = recipe_of(tmp_path / "hub", source)
    for step in ("fill_gaps/round-1", "gaps/round-2", "judges/round-2"):
        with pytest.raises(KeyboardInterrupt):
            build(recipe, StopsAt(step))

    assert file_digests(build(recipe).path) == file_digests(hub.path)


def test_a_plan_older_than_a_takedown_asks_about_nobody_who_was_taken_down(
    filled, source, tmp_path
) -> None:
    hub = Hub(Path(copytree(filled[0].path, tmp_path / "hub")))
    planned = asks(hub, 1)
    document = next(row["document_id"] for row in planned if row["document_id"])
    parent = [row["parent_id"] for row in planned if row["parent_id"]][-1]
    texts = {row["id"]: row["text"] for row in hub.read("documents").to_pylist()}
    texts |= {row["id"]: row["persona"] for row in hub.read("personas").to_pylist()}
    gone = {document}
    for request in (Request("match", texts[document]), Request("persona", parent)):
        done = take_down(hub, request)
        assert done is not None
        gone |= set(done.found.personas["id"].to_pylist())
    plan = hub.table_path("gaps", 0, 1)
    stay = {plan, *hub.files("documents"), *hub.files(TAKEDOWNS), *hub.files("rejected/ingest")}
    stay |= {*hub.path.rglob("slice-000-round-0.parquet")}
    for path in {*hub.path.rglob("*.parquet"), hub.journal_path} - stay:  # stopped after the plan
        path.unlink()
    build(recipe_of(hub.path, source))

    said = hub.journal_path.read_bytes().decode("utf-8", "replace")
    assert texts[document][:90] not in said
    assert any(texts[row["document_id"]][:90] in said for row in planned if row["document_id"])
    left = [row for row in planned if not gone & {row["document_id"], row["parent_id"]}]
    ledger = Ledger(hub.ledger_path, read_only=True)
    [asked] = ledger.done("fill_gaps/round-1")
    ledger.close()
    assert asked.rows_in == len(left) < len(planned)
    assert asks(hub, 1) == planned


def test_workers_leave_the_same_bytes(pool, tmp_path) -> None:
    few = ("engine.slices=2", "stages.fill_gaps.rounds=1", "stages.fill_gaps.target=40")
    with pytest.raises(KeyboardInterrupt):
        build(recipe_of(tmp_path / "one", pool, *few, text=SKEWED), StopsAt("judges/round-1"))
    copytree(tmp_path / "one", tmp_path / "two")
    one = build(recipe_of(tmp_path / "one", pool, *few, text=SKEWED))
    two = build(recipe_of(tmp_path / "two", pool, *few, "engine.workers=2", text=SKEWED))

    assert asks(one, 1)
    assert file_digests(two.path) == file_digests(one.path)


def test_a_budget_ends_it_and_the_hub_is_finished_with_what_was_paid_for(
    filled, source, tmp_path
) -> None:
    hub, _ = filled
    folder = tmp_path / "hub"
    with pytest.raises(BudgetEndedError):
        build(recipe_of(folder, source, "limits.requests=30"))
    ended = Ledger(folder / "ledger.sqlite", read_only=True)
    total = next(one for one in ended.totals() if one.name == "fill_gaps")

    assert total.rejected["budget_reached"] > 0
    assert total.rows_in == total.rows_out + sum(total.rejected.values())
    assert "still missing" in ended.notes()["fill_gaps/round-2"]
    assert file_digests(build(recipe_of(folder, source)).path) == file_digests(hub.path)


def test_a_capable_model_is_told_the_cell_in_the_opening(source, tmp_path) -> None:
    changes = (
        *(f"stages.text_to_persona.{one}" for one in ("preset=structured", "candidates=2")),
        "stages.text_to_persona.personas_per_call=2",
        *(f"stages.fill_gaps.{one}" for one in ("preset=structured", "rounds=1", "target=30")),
        "stages.hedging.max_per_100_words=100",
    )
    recipe = recipe_of(tmp_path / "hub", source, *changes)
    gaps = gaps_after(build(recipe), recipe, 2)
    methods = [row["document_id"] is None for row in asks(Hub(tmp_path / "hub"), 1)]

    assert set(methods) == {True, False}
    assert gaps.made >= 0.7 * sum(gaps.asked)


def test_a_plan_counts_the_asks_as_if_all_were_missing(source, pool, tmp_path) -> None:
    texts = forecast(recipe_of(tmp_path / "hub", source))
    adopted = forecast(
        recipe_of(tmp_path / "hub", pool, "stages.fill_gaps.most_asks=100", text=SKEWED)
    )
    calls = [{one.name: one.calls for one in plan.stages}["fill_gaps"] for plan in (texts, adopted)]

    assert calls == [120, 100]  # a sketch and a persona for each of 60; as many as are allowed
    assert texts.calls == 8 * 2 + 120
    assert any("all 60 of its target" in note for note in texts.notes)


def test_no_more_is_asked_than_is_allowed(pool, tmp_path) -> None:
    changes = ("stages.fill_gaps.most_asks=7", "stages.fill_gaps.dimensions=[state]")
    hub = build(recipe_of(tmp_path / "hub", pool, *changes, text=SKEWED))
    said = Ledger(hub.ledger_path, read_only=True).notes()["fill_gaps/round-2"]

    assert len(asks(hub, 1) + asks(hub, 2)) == 7
    assert "after most_asks" in said


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("stages.fill_gaps.goal=4", "unknown key 'goal' of fill_gaps"),
        ("stages.fill_gaps.dimensions=[caste]", "fill_gaps.dimensions"),
        ("stages.fill_gaps.sampling={choices: 2}", "one person at a time"),
        ("limits.accepted=50", "limits.accepted"),
        ("stages=[ingest, text_to_persona, attributes, fill_gaps]", "right after text_to_persona"),
        ("stages=[ingest, text_to_persona, fill_gaps]", "needs the stage attributes"),
    ],
)
def test_a_recipe_that_cannot_be_is_refused(change: str, problem: str) -> None:
    with pytest.raises(RecipeError, match=problem):
        parse_recipe(RECIPE, (change,))


COUNTS = st.lists(st.integers(0, 40), min_size=36, max_size=36)


@given(COUNTS, st.integers(1, 2_000))
@settings(max_examples=40, deadline=None)
def test_the_faithful_are_as_many_as_asked_and_the_missing_fill_up_to_them(counts, total) -> None:
    table = official("state_residence_sex_age").marginal("state")
    observed = np.array(counts)
    wanted = faithful(table, total)
    expected = table.persons / table.persons.sum() * total

    assert wanted.sum() == total
    assert (np.abs(wanted - expected) <= 1).all()
    assert (missing(table, observed, total) == np.maximum(wanted - observed, 0)).all()


@given(COUNTS, st.integers(0, 300), st.integers(0, 9))
@settings(max_examples=40, deadline=None)
def test_asks_are_spread_over_the_missing_and_over_nobody_else(counts, wanted, seed) -> None:
    lacking = np.array(counts)
    cells = cells_to_ask(FillGaps(dimensions=("state",)), lacking, wanted, seed)

    assert len(cells) == (wanted if lacking.any() else 0)
    assert set(cells[:, 0].tolist()) <= set(np.flatnonzero(lacking).tolist())
    persons = FillGaps().table.persons
    assert all(persons[tuple(cell)] > 0 for cell in cells.tolist())


def test_parents_of_the_state_come_first_and_none_too_often() -> None:
    bihar, kerala = (DIMENSIONS["state"].values.index(code) for code in STATES)
    ids = np.arange(6, dtype=np.uint64).reshape(3, 2)
    here = [[bihar, 0, 0, 4], [bihar, 1, 0, 4], [kerala, 1, 1, 4]]
    there = Present(ids, np.array(here, np.int16), np.zeros(3, np.int16))
    cells = np.array([[bihar, 0, 0, 1]] * 9, np.int16)

    found = asks_table(cells, there, {}, seed=0, round_number=1)["parent_id"].to_pylist()

    times = [
        found.count(f"00000000-0000-000{high}-0000-00000000000{high + 1}") for high in (0, 2, 4)
    ]
    assert times[0] >= 4  # she of a village first, not more often than that; then both
    assert times[1] >= 2
    assert times[2] == 0


def test_where_nobody_is_there_nobody_is_asked() -> None:
    nobody = Present(np.zeros((0, 2), np.uint64), np.zeros((0, 4), np.int16), np.zeros(0, np.int16))
    cells = np.zeros((3, 4), np.int16)

    assert asks_table(cells, nobody, {}, seed=0, round_number=1).num_rows == 0
    of_text = asks_table(np.array([[0, 0, 0, 4]] * 3), nobody, {0: ["d1"]}, seed=0, round_number=1)
    assert of_text["document_id"].to_pylist() == ["d1"]


def every_cell() -> list[Wanted]:
    values = [DIMENSIONS[name].values for name in STEERED]
    places = np.argwhere(FillGaps().table.persons > 0).tolist()
    return [
        Wanted(number, *(values[axis][code] for axis, code in enumerate(place)))
        for number, place in enumerate(places)
    ]


def test_every_cell_has_a_relation_and_words_that_are_read_back() -> None:
    parents = ("A 40-year-old clerk.", "A 9-year-old boy at school.", "एक किसान।")
    for wanted in every_cell()[::7]:
        parent = parents[wanted.number % 3]
        relation = fitting(parent, wanted, chance=str(wanted.number))
        told = wanted.told(relation.ages, "7")
        stated = by_rules(f"{told['opening']} waits.")
        found = {name: one.value for name, one in stated.items()}

        assert relation.ages[0] <= int(told["age"]) <= relation.ages[1]
        assert not ({"deaf", "church", "transgender"} & set(relation.phrase.split()))
        assert may_be(relation.phrase, wanted.sex)
        read = [found.get(name) for name in ("state", "residence", "gender", "age_band")]
        assert read == [wanted.state, wanted.residence, wanted.sex, wanted.age_band], told


def test_a_document_is_about_the_first_state_that_it_names() -> None:
    texts = [
        "The Bihar board met in Delhi.",
        "केरल में बाढ़ आई।",
        "Biharis and a Goan.",
        "Orissa was the old name.",
        "Nobody lives here.",
    ]
    found = named_states(pa.chunked_array([texts])).tolist()

    assert [None if code < 0 else DIMENSIONS["state"].values[code] for code in found] == [
        "IN-BR", "IN-KL", None, "IN-OD", None,
    ]  # fmt: skip
