"""A build that matches official tables: verdicts, report, status, and a release with weights."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from indic_persona_hub import records
from indic_persona_hub.reference.dimensions import codes
from indic_persona_hub.reference.official import official
from indic_persona_hub.release.publish import publish
from indic_persona_hub.release.verify import verify
from indic_persona_hub.run.build import build
from indic_persona_hub.run.hub import Hub
from indic_persona_hub.run.recipe import Recipe, parse_recipe
from indic_persona_hub.run.status import status

STATES = ("Bihar", "Kerala", "Maharashtra", "Punjab", "Tamil Nadu")
FAITHS = ("Hindu", "Hindu", "Muslim", "Christian", "Sikh", "")
CRAFTS = ("weaver", "nurse", "farmer", "teacher", "tailor")
ROWS, TARGET, CAP = 1_500, 240, 90

RECIPE = f"""
sources:
- {{kind: personas, path: SET, fields: {{persona: text, domain: label, id: uid}}}}
stages: [adopt, attributes, exact_duplicates]
select:
  cap: {CAP}
  target: {TARGET}
  represent: {{tables: [state_religion, state_residence_sex_age]}}
engine: {{slices: 2}}
"""


def texts(count: int) -> list[str]:
    """Personas of five states; most in the first, most of them men, and most under 40."""
    chance = random.Random(11)
    made = []
    for number in range(count):
        state = STATES[min(int(chance.expovariate(0.7)), 4)]
        faith, craft = chance.choice(FAITHS), chance.choice(CRAFTS)
        sex = chance.choices(("man", "woman"), (3, 1))[0]
        age = 18 + int(50 * chance.random() ** 2)
        place = chance.choice(("in a village in", "in a city in", "in"))
        own = "".join(chance.choices("aeioukmnrst", k=12))
        made.append(
            f"A {age}-year-old {faith} {sex} who lives {place} {state}, a {craft} called {own} by"
            f" neighbours in lane {number}."
        )
    return made


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pool") / "set.parquet"
    rows = [
        {"uid": f"u{n}", "text": text, "label": f"topic {(n % 100) ** 2 // 2000}"}
        for n, text in enumerate(texts(ROWS))
    ]
    pq.write_table(pa.Table.from_pylist(rows), path)
    return path


def recipe_of(pool: Path, hub: Path, *changes: str) -> Recipe:
    recipe = parse_recipe(RECIPE.replace("SET", str(pool)), changes)
    return recipe.model_copy(update={"hub": str(hub)})


@pytest.fixture(scope="module")
def hub(pool: Path, tmp_path_factory: pytest.TempPathFactory) -> Hub:
    return build(recipe_of(pool, tmp_path_factory.mktemp("built") / "hub"))


def report(hub: Hub) -> dict[str, Any]:
    return json.loads((hub.path / "verdicts" / "representation.json").read_text("utf-8"))


def by_table(hub: Hub, name: str, weights: np.ndarray) -> np.ndarray:
    """Weight of the rows in each cell of an official table, counted from evidence anew."""
    evidence = hub.read("evidence/attributes").sort_by("id")
    values = {
        one: pc.struct_field(evidence[one].combine_chunks(), "value") for one in records.ATTRIBUTES
    }
    table = official(name)
    rows = [codes(dimension, values) for dimension in table.dimensions]
    known = np.all([one >= 0 for one in rows], 0)
    found = np.zeros(table.persons.shape)
    np.add.at(found, tuple(one[known] for one in rows), weights[known])
    return found


def test_exactly_the_target_under_the_cap_each_loss_with_its_reason(hub: Hub) -> None:
    verdicts = hub.read("verdicts").to_pylist()
    kept = [row for row in verdicts if row["kept"]]
    assert len(kept) == TARGET
    assert max(Counter(row["domain"] for row in kept).values()) <= CAP
    assert Counter(row["reason"] for row in verdicts) == {None: TARGET, "not_drawn": ROWS - TARGET}
    (stage,) = [one for one in status(hub)["stages"] if one["name"] == "select"]
    assert stage["rejected"] == {"not_drawn": ROWS - TARGET}
    assert hub.read("verdicts").schema.equals(records.VERDICT)


def test_the_report_says_what_evidence_and_verdicts_say(hub: Hub) -> None:
    kept = hub.read("verdicts").sort_by("id")["kept"].to_numpy().astype(float)
    said = report(hub)
    assert said["rows_kept"] == TARGET and said["release"] == "sample"
    for found in said["tables"]:
        counted = by_table(hub, found["name"], kept)
        assert counted.sum() == found["known"] > 50
        cells = sorted(cell["achieved"] for cell in found["cells"] if cell["achieved"])
        assert cells == sorted(counted[counted > 0].tolist())
        persons = official(found["name"]).persons
        short = np.maximum(persons / persons.sum() * counted.sum() - counted, 0).sum()
        assert found["short"]["all"] == pytest.approx(short, abs=0.01)


def test_the_draw_comes_nearer_to_the_tables_than_the_pool(hub: Hub) -> None:
    """Of five states only, so that the cells of the others stay empty."""
    kept = hub.read("verdicts").sort_by("id")["kept"].to_numpy().astype(float)
    table = official("state_residence_sex_age")
    women = {
        name: cells[0] / cells.sum()
        for name, weights in (("pool", np.ones(ROWS)), ("draw", kept))
        for cells in [by_table(hub, table.name, weights).sum((0, 1, 3))]
    }
    india = table.marginal("sex").persons[0] / table.persons.sum()
    assert women["pool"] + 0.1 < women["draw"] < india + 0.02


def test_status_says_it_in_short(hub: Hub) -> None:
    note = status(hub)["notes"]["select"]
    assert note.startswith(f"Representative selection: {TARGET} of {ROWS:,} rows were drawn")
    assert "state_religion" in note and "the pool lacks" in note


def test_slices_change_no_verdict(pool: Path, hub: Hub, tmp_path: Path) -> None:
    other = build(recipe_of(pool, tmp_path / "hub", "engine.slices=5"))
    assert other.read("verdicts").sort_by("id") == hub.read("verdicts").sort_by("id")
    assert report(other) == report(hub)


def test_other_tables_select_again_and_judge_nothing(pool: Path, tmp_path: Path) -> None:
    first = build(recipe_of(pool, tmp_path / "hub"))
    before = {path: path.stat().st_mtime_ns for path in first.path.rglob("evidence/**/*.parquet")}
    chosen = set(first.read("verdicts").filter(pc.field("kept"))["id"].to_pylist())
    again = build(recipe_of(pool, tmp_path / "hub", "select.represent.tables=[state_religion]"))
    assert before == {path: path.stat().st_mtime_ns for path in before}
    assert [one["name"] for one in report(again)["tables"]] == ["state_religion"]
    assert chosen != set(again.read("verdicts").filter(pc.field("kept"))["id"].to_pylist())
    plain = build(recipe_of(pool, tmp_path / "hub", "select.represent=null"))
    assert not (plain.path / "verdicts" / "representation.json").exists()
    assert "select" not in status(plain)["notes"]


def test_rows_with_unknown_codes_can_be_ruled_out(pool: Path, tmp_path: Path) -> None:
    changes = ("select.represent.unknown=exclude", "select.target=60")
    hub = build(recipe_of(pool, tmp_path / "hub", *changes))
    assert {found["unknown"] for found in report(hub)["tables"]} == {0}
    reasons = Counter(hub.read("verdicts")["reason"].to_pylist())
    assert reasons[None] == 60 and reasons["unknown_attribute"] > 100


def test_a_release_with_weights_gives_each_row_its_own(pool: Path, tmp_path: Path) -> None:
    hub = build(recipe_of(pool, tmp_path / "hub", "select.represent.release=weights"))
    verdicts = hub.read("verdicts").sort_by("id")
    kept = verdicts["kept"].to_numpy()
    assert verdicts.schema.field("weight").type == pa.float32()
    assert verdicts["weight"].null_count == ROWS - TARGET
    weights = np.nan_to_num(verdicts["weight"].to_numpy())
    assert weights[kept].mean() == pytest.approx(1, abs=1e-5)
    said = report(hub)
    for found in said["tables"]:
        assert by_table(hub, found["name"], weights).sum() == pytest.approx(found["known"], abs=0.1)
    assert said["weights"]["design_effect"] == pytest.approx(
        1 + np.var(weights[kept]), abs=0.001
    ), "Kish: one and the squared coefficient of variation"
    publish(hub, tmp_path / "release", settings=recipe_of(pool, tmp_path).release)
    assert not verify(tmp_path / "release").problems
    lines = [
        json.loads(line)
        for file in (tmp_path / "release" / "detailed").iterdir()
        for line in file.read_text("utf-8").splitlines()
    ]
    released = {line["id"]: line["weight"] for line in lines}
    by_id = zip(verdicts["id"].to_pylist(), weights.tolist(), strict=True)
    expected = {name: weight for name, weight in by_id if name in released}
    assert released == pytest.approx(expected, abs=1e-6)
    assert len(released) == TARGET
    assert "design effect" in (tmp_path / "release" / "README.md").read_text("utf-8")


def test_a_release_of_a_sample_has_no_weights(hub: Hub, pool: Path, tmp_path: Path) -> None:
    publish(hub, tmp_path / "release", settings=recipe_of(pool, tmp_path).release)
    first = next((tmp_path / "release" / "detailed").iterdir()).read_text("utf-8").splitlines()[0]
    assert json.loads(first)["weight"] is None
