"""Curation: any persona set in, and every row is kept or ruled out for a reason."""

from __future__ import annotations

import gzip
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from indic_persona_hub.errors import RecipeError, SourceError
from indic_persona_hub.explore.trace import trace
from indic_persona_hub.release.publish import publish
from indic_persona_hub.release.verify import verify
from indic_persona_hub.run.build import build
from indic_persona_hub.run.curation import curation_recipe
from indic_persona_hub.run.forecast import forecast
from indic_persona_hub.run.hub import Hub
from indic_persona_hub.run.recipe import Recipe, load_recipe, parse_recipe
from indic_persona_hub.run.status import status
from scripted_hub import file_digests, release_digests

IPH = str(Path(sys.executable).with_name("iph"))
FIELDS = {"persona": "text", "domain": "label", "id": "uid"}

ROLES = ("ferry pilot", "bangle seller", "block health worker", "loom mechanic", "tea plucker")
PLACES = ("Majuli", "Firozabad", "Koraput", "Bhiwandi", "Coonoor", "Barmer", "Alappuzha")


def texts(count: int) -> list[str]:
    """Personas that share few words beyond the frame."""
    chance = random.Random(7)
    own = [
        " ".join("".join(chance.choices("aeioukmnrst", k=6)) for _ in range(24))
        for _ in range(count)
    ]
    return [
        f"A {20 + n % 60}-year-old {ROLES[n % 5]} from {PLACES[n % 7]} who keeps {own[n]}."
        for n in range(count)
    ]


def planted(path: Path, count: int = 300) -> Path:
    """A set in two files: of every tenth text an exact and a near duplicate, labels by row."""
    base = texts(count)
    rows = [
        {"uid": f"u{n}", "text": text, "label": f"topic {n % 9}"} for n, text in enumerate(base)
    ]
    for n in range(0, count, 10):
        rows.append({"uid": f"e{n}", "text": base[n].upper() + "!", "label": "topic 0"})
        near = base[n].replace(" who keeps ", " who still keeps ")
        rows.append({"uid": f"n{n}", "text": near, "label": "topic 0"})
    random.Random(3).shuffle(rows)
    path.mkdir()
    for number, part in enumerate((rows[::2], rows[1::2])):
        pq.write_table(pa.Table.from_pylist(part), path / f"part-{number}.parquet")
    return path


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return planted(tmp_path_factory.mktemp("pool") / "set")


def recipe_of(pool: Path, out: Path, *changes: str, **options: Any) -> Recipe:
    recipe = curation_recipe(pool, out, fields=FIELDS, **options)
    return parse_recipe(recipe.to_yaml(), ("engine.workers=1", *changes))


@pytest.fixture(scope="module")
def curated(pool: Path, tmp_path_factory: pytest.TempPathFactory) -> Hub:
    return build(recipe_of(pool, tmp_path_factory.mktemp("curated"), cap=20, target=150))


def by_uid(hub: Hub, table: str) -> dict[str, dict[str, Any]]:
    own = {row["id"]: row["source_id"] for row in hub.read("personas").to_pylist()}
    return {own[row["id"]]: row for row in hub.read(table).to_pylist()}


def test_planted_duplicates_are_ruled_out_with_their_reason(curated: Hub) -> None:
    verdicts = by_uid(curated, "verdicts")
    for n in range(0, 300, 10):
        found = Counter(verdicts[f"{kind}{n}"]["reason"] for kind in "uen")
        assert found["judge:exact_duplicates"] == 1
        assert found["judge:near_duplicates"] == 1
    reasons = Counter(row["reason"] for row in verdicts.values())
    assert reasons["judge:exact_duplicates"] == reasons["judge:near_duplicates"] == 30


def test_evidence_names_cluster_survivor_and_similarity(curated: Hub) -> None:
    evidence = by_uid(curated, "evidence/near_duplicates")
    clusters = Counter(row["cluster"] for row in evidence.values())
    assert sorted(clusters.values(), reverse=True)[:30] == [2] * 30
    by_id = {row["id"]: row for row in evidence.values()}
    for row in evidence.values():
        survivor = by_id[row["survivor"]]
        assert survivor["survivor"] == survivor["id"]
        assert survivor["cluster"] == row["cluster"] == min(row["cluster"], row["id"])
        assert row["fails"] == (row["survivor"] != row["id"])
        assert row["similarity"] == 1 if not row["fails"] else 0.9 <= row["similarity"] <= 1


def test_the_cap_holds_and_the_target_is_exact(curated: Hub) -> None:
    verdicts = curated.read("verdicts")
    assert {"id", "kept", "reason"} <= set(verdicts.column_names)
    kept = [row for row in verdicts.to_pylist() if row["kept"]]
    assert len(kept) == 150
    assert max(Counter(row["domain"] for row in kept).values()) <= 20
    assert all((row["reason"] is None) == row["kept"] for row in verdicts.to_pylist())


def test_rows_in_are_rows_out_and_rejected_for_every_stage(curated: Hub) -> None:
    stages = {stage["name"]: stage for stage in status(curated)["stages"]}
    assert stages["adopt"]["rows_in"] == 360
    for stage in stages.values():
        assert stage["rows_in"] == stage["rows_out"] + sum(stage["rejected"].values())


def test_a_release_keeps_the_ids_of_the_set(curated: Hub, tmp_path: Path) -> None:
    recipe = parse_recipe((curated.path / "recipe.yaml").read_text("utf-8"))
    publish(curated, tmp_path / "release", settings=recipe.release)
    report = verify(tmp_path / "release")
    assert not report.problems and report.rows == 150
    lines = [
        json.loads(line)
        for file in (tmp_path / "release" / "detailed").iterdir()
        for line in file.read_text("utf-8").splitlines()
    ]
    verdicts = by_uid(curated, "verdicts")
    assert {line["source_id"] for line in lines} == {
        u for u, row in verdicts.items() if row["kept"]
    }
    assert {line["source"] for line in lines} == {"set"}


def test_nothing_but_tables_is_left_behind(curated: Hub) -> None:
    names = {path.name for path in curated.path.iterdir()}
    assert not names & {"keys", "spool", "documents"}


@pytest.mark.parametrize("changes", [["engine.workers=2"], ["engine.slices=3"]])
def test_workers_and_slices_change_no_released_byte(
    pool: Path, curated: Hub, tmp_path: Path, changes: list[str]
) -> None:
    other = build(recipe_of(pool, tmp_path, *changes, cap=20, target=150))
    recipe = parse_recipe((other.path / "recipe.yaml").read_text("utf-8"))
    found = []
    for number, hub in enumerate((curated, other)):
        publish(hub, tmp_path / str(number), settings=recipe.release)
        digests = release_digests(tmp_path / str(number))
        digests.pop("manifest.json")  # names the recipe's digest, which counts slices
        found.append(digests)
    assert found[0] == found[1]


def test_rows_shuffled_give_the_same_verdicts(pool: Path, curated: Hub, tmp_path: Path) -> None:
    rows = pa.concat_tables([pq.read_table(file) for file in sorted(pool.iterdir())]).to_pylist()
    random.Random(9).shuffle(rows)
    (tmp_path / "set").mkdir()
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "set" / "all.parquet")
    other = build(recipe_of(tmp_path / "set", tmp_path / "out", cap=20, target=150))
    assert other.read("verdicts").equals(curated.read("verdicts"))


def test_kills_lose_nothing(pool: Path, curated: Hub, tmp_path: Path) -> None:
    """SIGKILL at many moments; the same command then goes on to the same bytes."""
    command = [IPH, "curate", str(pool), "--out", str(tmp_path), "--cap", "20", "--target", "150"]
    command += ["--map", "persona=text,domain=label,id=uid"]
    chance = random.Random(5)
    for _ in range(6):
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(1.0, 6.0))
        if child.poll() is not None:
            break
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    assert file_digests(tmp_path / "hub") == file_digests(curated.path)
    assert not verify(tmp_path / "release").problems


def test_a_changed_cap_selects_again_and_judges_nothing(pool: Path, tmp_path: Path) -> None:
    first = build(recipe_of(pool, tmp_path, cap=20))
    before = {path: path.stat().st_mtime_ns for path in first.path.rglob("evidence/**/*.parquet")}
    again = build(recipe_of(pool, tmp_path, cap=10))
    assert before == {path: path.stat().st_mtime_ns for path in before}
    kept = [row for row in again.read("verdicts").to_pylist() if row["kept"]]
    assert max(Counter(row["domain"] for row in kept).values()) == 10


def test_what_cannot_be_reached_is_said_with_numbers(pool: Path, tmp_path: Path) -> None:
    hub = build(recipe_of(pool, tmp_path, cap=20, target=1_000))
    note = status(hub)["notes"]["select"]
    assert "1,000" in note and "out of reach" in note


def bad_set(path: Path) -> Path:
    rows: list[dict[str, Any]] = [
        {"uid": f"u{n}", "text": text, "label": "one bucket"} for n, text in enumerate(texts(40))
    ]
    rows += [
        {"uid": "null", "text": None, "label": "x"},
        {"uid": "empty", "text": "  ", "label": "x"},
        {"uid": "long", "text": "word " * 1_000_000, "label": "x"},
        {"uid": "u3", "text": "A second one with the id of another, a potter.", "label": "x"},
        {"uid": "label", "text": "A drummer from Mysuru who tunes at dawn.", "label": "l" * 10_000},
        {"uid": "marks", "text": "?!", "label": ""},
        {"uid": None, "text": "A diver without an id, from Rameswaram.", "label": None},
        {"uid": None, "text": "A diver without an id, from Rameswaram.", "label": None},
    ]
    pq.write_table(pa.Table.from_pylist(rows), path)
    return path


def test_bad_rows_are_refused_and_counted(tmp_path: Path) -> None:
    hub = build(recipe_of(bad_set(tmp_path / "bad.parquet"), tmp_path / "out", cap=10))
    rejected = Counter(hub.read("rejected/adopt")["reason"].to_pylist())
    assert rejected == {
        "missing_text": 1, "empty_text": 1, "too_long": 1, "duplicate_source_id": 1,
    }  # fmt: skip
    personas = hub.read("personas").to_pylist()
    assert len(personas) == 48 - 4
    assert len({row["id"] for row in personas}) == len(personas)
    assert len({row["source_id"] for row in personas if row["source_id"]}) == 42
    kept = Counter(row["domain"] for row in hub.read("verdicts").to_pylist() if row["kept"])
    assert kept["one bucket"] == 10
    assert max(map(len, kept)) <= 200


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"fields": {"persona": "nothing"}}, "no column 'nothing'"),
        ({"fields": {"personal": "text"}}, "no field 'personal'"),
        ({"preset": "persona_hab"}, "persona_hub"),
    ],
)
def test_a_wrong_option_is_named(pool: Path, tmp_path: Path, options: Any, said: str) -> None:
    with pytest.raises((RecipeError, SourceError), match=said):
        build(curation_recipe(pool, tmp_path, **options))


def test_usual_names_of_columns_are_found(tmp_path: Path) -> None:
    rows = [{"id": 1, "persona": text, "domain": "x"} for text in texts(3)]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "set.parquet")
    [source] = curation_recipe(tmp_path / "set.parquet", tmp_path).persona_sources
    assert source.fields == {"persona": "persona", "domain": "domain", "id": "id"}


def test_the_recipe_it_leaves_can_be_edited_and_built_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From where it lies, though the set was named from elsewhere: here to match a table."""
    monkeypatch.chdir(tmp_path)
    pq.write_table(pa.table({"persona": texts(14)}), "set.parquet")
    hub = build(curation_recipe(Path("set.parquet"), Path("out")))
    changes = ("select.target=5", "select.represent={tables: [state_religion]}")
    again = build(load_recipe(Path("out") / "hub" / "recipe.yaml", changes))
    assert again.path == hub.path == tmp_path / "out" / "hub"
    assert again.read("verdicts")["reason"].to_pylist().count(None) == 5
    assert "Representative selection: 5 of 14 rows" in status(again)["notes"]["select"]


def test_columns_that_state_attributes_reach_the_release(tmp_path: Path) -> None:
    """As in Nemotron-Personas-India: what a column says wins, and what is no value is counted."""
    columns = {
        "uuid": ["a", "b", "c"],
        "persona": [f"A 33-year-old weaver who {words}." for words in (
            "keeps three looms by the river and reckons in dozens",
            "walks to the dye house at dawn with a blue bicycle",
            "sings while the shuttle flies and sells at the Friday fair",
        )],
        "age": [33, 40, 150],
        "sex": ["Female", "Male", "Female"],
        "first_language": ["Santali", "Odia", "Klingon"],
        "education_level": ["Graduate & above", None, "Higher Secondary/Intermediate"],
        "state": ["Orissa", "Odisha", "Uttarakhnad"],
    }  # fmt: skip
    pq.write_table(pa.table(columns), tmp_path / "set.parquet")
    recipe = curation_recipe(tmp_path / "set.parquet", tmp_path)
    build(recipe)
    publish(Hub(Path(recipe.hub)), tmp_path / "release", settings=recipe.release)
    lines = [
        json.loads(line)
        for file in sorted((tmp_path / "release" / "detailed").glob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    said = {line["source_id"]: line["attributes"] for line in lines}
    assert said["a"]["mother_tongue"]["value"] == "sat"
    assert said["a"]["education"] == {
        "value": "graduate", "words": "Graduate & above", "origin": "column", "confidence": 0.98,
    }  # fmt: skip
    assert said["b"]["age_band"]["value"] == "35-44"
    assert said["b"]["state"]["value"] == said["a"]["state"]["value"] == "IN-OD"
    assert said["c"]["age_band"]["origin"] == "rule"
    assert not {"state", "mother_tongue"} & set(said["c"])
    card = (tmp_path / "release" / "README.md").read_text(encoding="utf-8")
    assert "no value of ours: age 1, mother_tongue 1, state 1." in card
    assert "otherwise than their column: age" in card


def refuse(change: Callable[[dict[str, Any]], None], said: str, recipe: Recipe) -> None:
    content = recipe.model_dump(mode="json")
    change(content)
    with pytest.raises(ValueError, match=said):
        Recipe.model_validate(content)


def test_a_recipe_over_persona_sets_begins_at_the_judges(pool: Path, tmp_path: Path) -> None:
    recipe = recipe_of(pool, tmp_path)
    content = recipe.model_dump(mode="json")
    content["stages"] = content["stages"][1:]
    assert Recipe.model_validate(content) == recipe
    page = {"kind": "jsonl", "path": "x.jsonl"}
    refuse(lambda one: one["sources"].append(page), "pages and persona sets", recipe)
    refuse(lambda one: one["stages"].append({"ingest": {}}), "ingest has no place", recipe)


def test_a_plan_counts_rows_and_calls_nothing(pool: Path, tmp_path: Path) -> None:
    plan = forecast(recipe_of(pool, tmp_path, target=100))
    assert (plan.rows, plan.exact, plan.calls, plan.cost_usd) == (360, True, 0, 0)
    assert plan.accepted == 100
    assert plan.disk_bytes > 0


def test_adopted_personas_can_be_expanded(pool: Path, tmp_path: Path) -> None:
    recipe = recipe_of(pool, tmp_path)
    content = recipe.model_dump(mode="json")
    content["models"] = {"default": {"kind": "scripted"}}
    content["sources"][0]["limit"] = 20
    content["stages"].insert(1, {"persona_to_persona": {"rounds": 1}})
    content["engine"]["slices"] = 2
    hub = build(Recipe.model_validate(content))
    personas = hub.read("personas").to_pylist()
    children = [row for row in personas if row["parent_id"]]
    assert children
    assert {row["parent_id"] for row in children} <= {row["id"] for row in personas}
    publish(hub, tmp_path / "release", settings=recipe.release)
    assert not verify(tmp_path / "release").problems


def test_an_adopted_persona_can_be_traced_and_shown(curated: Hub) -> None:
    child = next(uid for uid, row in by_uid(curated, "verdicts").items() if uid.startswith("n"))
    row = by_uid(curated, "verdicts")[child]
    told = trace(curated.path, row["id"])
    assert told["record"]["source_id"] == child
    assert told["record"]["source_row"].startswith("part-")
    assert told["document"] is None and told["reply"] is None
    assert told["evidence"]["near_duplicates"] or told["evidence"]["exact_duplicates"]
    shown = subprocess.run([IPH, "trace", str(curated.path), row["id"]], capture_output=True)
    assert shown.returncode == 0 and child.encode() in shown.stdout


def test_a_packed_jsonl_set_is_read_too(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "set.jsonl.gz", "wt", encoding="utf-8") as sink:
        sink.writelines(
            json.dumps({"text": text, "id": n}) + "\n" for n, text in enumerate(texts(5))
        )
    recipe = curation_recipe(tmp_path / "set.jsonl.gz", tmp_path / "out")
    assert recipe.persona_sources[0].fields == {"persona": "text", "id": "id"}
    assert len(build(recipe).read("personas")) == 5
