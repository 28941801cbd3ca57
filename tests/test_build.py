"""A build: nothing lost, nothing doubled, the same bytes whatever happens on the way."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from indic_persona_hub import records
from indic_persona_hub.errors import HubBusyError, SourceError, StorageError
from indic_persona_hub.release.publish import publish
from indic_persona_hub.run.build import build
from indic_persona_hub.run.hub import Hub, locked
from indic_persona_hub.run.recipe import Recipe
from indic_persona_hub.run.status import status
from scripted_hub import (
    corpus_texts,
    file_digests,
    release_digests,
    scripted_recipe,
    write_source,
)

IPH = str(Path(sys.executable).with_name("iph"))


@pytest.fixture(scope="module")
def source(tmp_path_factory) -> Path:
    return write_source(tmp_path_factory.mktemp("source") / "texts.jsonl", corpus_texts())


@pytest.fixture(scope="module")
def whole(tmp_path_factory, source) -> Hub:
    """The hub of an undisturbed build."""
    return build(scripted_recipe(tmp_path_factory.mktemp("whole") / "hub", source))


def released(hub: Hub, out: Path, recipe: Recipe) -> dict[str, str]:
    publish(hub, out, settings=recipe.release)
    digests = release_digests(out)
    digests.pop("manifest.json")  # names the recipe's digest, which counts slices and workers
    return digests


def test_it_makes_personas_by_both_methods_and_keeps_some(whole) -> None:
    personas = whole.read("personas")
    verdicts = whole.read("verdicts")
    methods = Counter(personas["synth_method"].to_pylist())
    assert methods["text_to_persona"] > 60
    assert methods["persona_to_persona"] > 20
    assert sum(verdicts["kept"].to_pylist()) >= 24
    assert sorted(verdicts["id"].to_pylist()) == sorted(personas["id"].to_pylist())


def test_rows_in_are_rows_out_and_rejected_for_every_stage(whole) -> None:
    for stage in status(whole)["stages"]:
        lost = sum(stage["rejected"].values())
        assert stage["rows_in"] == stage["rows_out"] + lost, stage


def test_the_ledger_agrees_with_the_tables(whole) -> None:
    stages = {stage["name"]: stage for stage in status(whole)["stages"]}
    assert stages["ingest"]["rows_in"] == len(corpus_texts())
    assert stages["ingest"]["rows_out"] == whole.read("documents").num_rows
    made = whole.read("personas").num_rows
    generation = ("text_to_persona", "persona_to_persona")
    assert sum(stages[name]["rows_out"] for name in generation) == made
    for name in generation:
        rejected = Counter(whole.read(f"rejected/{name}")["reason"].to_pylist())
        assert dict(rejected) == stages[name]["rejected"]
    for judge in ("hedging", "form", "attributes"):
        assert stages[judge]["rows_in"] == made


def test_ids_are_unique_and_lineage_is_acyclic_and_stays_in_its_slice(whole) -> None:
    personas = whole.read("personas").to_pylist()
    by_id = {one["id"]: one for one in personas}
    documents = set(whole.read("documents")["id"].to_pylist())
    assert len(by_id) == len(personas)
    for one in personas:
        origin = one["document_id"] or one["parent_id"]
        assert records.slice_of(one["id"], 64) == records.slice_of(origin, 64)
        if one["synth_method"] == "text_to_persona":
            assert one["document_id"] in documents
            assert (one["round"], one["parent_id"]) == (0, None)
        else:
            assert by_id[one["parent_id"]]["round"] == one["round"] - 1
            assert one["relation"]


def test_only_personas_that_stand_are_expanded(whole) -> None:
    personas = {one["id"]: one for one in whole.read("personas").to_pylist()}
    failed = set()
    for judge in ("hedging", "form", "not_a_person"):
        evidence = whole.read(f"evidence/{judge}")
        failed |= set(evidence.filter(evidence["fails"])["id"].to_pylist())
    parents = {one["parent_id"] for one in personas.values() if one["parent_id"]}
    assert parents
    assert not parents & failed


def test_a_second_build_does_nothing(whole, source) -> None:
    before = {path: path.stat().st_mtime_ns for path in whole.path.rglob("*.parquet")}
    usage = status(whole)["usage"]
    build(scripted_recipe(whole.path, source))
    assert {path: path.stat().st_mtime_ns for path in whole.path.rglob("*.parquet")} == before
    assert status(whole)["usage"] == usage


def test_two_builds_and_two_workers_give_the_same_bytes(whole, source, tmp_path) -> None:
    again = build(scripted_recipe(tmp_path / "hub", source, "engine.workers=2"))
    assert file_digests(again.path) == file_digests(whole.path)


def test_slices_and_order_of_the_source_change_no_released_byte(whole, source, tmp_path) -> None:
    rows = corpus_texts()
    random.Random(3).shuffle(rows)
    shuffled = write_source(tmp_path / "shuffled.jsonl", rows)
    recipe = scripted_recipe(tmp_path / "hub", shuffled, "engine.slices=7")
    other = build(recipe)
    assert released(other, tmp_path / "a", recipe) == released(whole, tmp_path / "b", recipe)


def test_a_changed_judge_runs_again_and_asks_nothing(source, tmp_path) -> None:
    hub = build(scripted_recipe(tmp_path / "hub", source))
    calls = status(hub)["usage"]
    form = hub.files("evidence/form")[0].stat().st_mtime_ns
    hedging = hub.files("evidence/hedging")[0].stat().st_mtime_ns
    build(scripted_recipe(tmp_path / "hub", source, "stages.form.max_words=199"))
    assert hub.files("evidence/form")[0].stat().st_mtime_ns > form
    assert hub.files("evidence/hedging")[0].stat().st_mtime_ns == hedging
    assert status(hub)["usage"] == calls


def test_a_judge_that_leaves_the_recipe_leaves_no_table(source, tmp_path) -> None:
    recipe = scripted_recipe(tmp_path / "hub", source)
    hub = build(recipe)
    fewer = tuple(stage for stage in recipe.stages if stage.name != "hedging")
    build(recipe.model_copy(update={"stages": fewer}))
    assert not hub.files("evidence/hedging")
    assert "hedging" not in {stage["name"] for stage in status(hub)["stages"]}


def test_a_journal_replays_the_run_with_no_call(whole, source, tmp_path) -> None:
    hub = tmp_path / "hub"
    hub.mkdir()
    shutil.copy(whole.journal_path, hub / "journal.sqlite")
    again = build(scripted_recipe(hub, source, "engine.workers=2"))
    assert file_digests(again.path) == file_digests(whole.path)
    assert not status(again)["usage"]


def test_exactly_n_or_a_plain_statement(source, tmp_path) -> None:
    hub = build(scripted_recipe(tmp_path / "hub", source, "select.target=11"))
    assert sum(hub.read("verdicts")["kept"].to_pylist()) == 11
    assert not status(hub)["notes"]
    build(scripted_recipe(tmp_path / "hub", source, "select.target=5000"))
    assert "5,000" in status(hub)["notes"]["select"]


def test_the_cap_holds_in_every_domain(source, tmp_path) -> None:
    hub = build(scripted_recipe(tmp_path / "hub", source, "select.cap=2"))
    verdicts = hub.read("verdicts")
    kept = verdicts.filter(verdicts["kept"])
    assert max(Counter(kept["domain"].to_pylist()).values()) <= 2
    assert pc.sum(pc.equal(verdicts["reason"], "over_cap")).as_py()


def kill_at(recipe: Path, seconds: float) -> bool:
    """Run a build, kill it after `seconds`; True if it was still running."""
    process = subprocess.Popen(
        [IPH, "build", str(recipe)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    time.sleep(seconds)
    running = process.poll() is None
    if running:
        os.kill(process.pid, signal.SIGKILL)
    process.wait()
    return running


def test_thirty_kills_lose_nothing_and_double_nothing(source, tmp_path) -> None:
    """SIGKILL at random moments; when a build gets through, the next one starts from nothing."""
    moments = random.Random(11)
    kills = finished = 0
    clean = build(scripted_recipe(tmp_path / "clean" / "hub", source))
    expected = file_digests(clean.path)
    for attempt in range(200):
        hub = tmp_path / f"hub-{finished}"
        recipe = tmp_path / f"recipe-{finished}.yaml"
        recipe.write_text(scripted_recipe(hub, source).to_yaml(), encoding="utf-8")
        if kills >= 30:
            break
        if kill_at(recipe, moments.uniform(0.6, 2.6)):
            kills += 1
        else:
            assert file_digests(hub) == expected, f"attempt {attempt}"
            finished += 1
    assert kills >= 30
    subprocess.run([IPH, "build", str(recipe)], check=True, capture_output=True)
    assert file_digests(hub) == expected


def test_two_builds_of_one_hub_at_once_are_refused(source, tmp_path) -> None:
    recipe = scripted_recipe(tmp_path / "hub", source)
    with locked(Hub(tmp_path / "hub")), pytest.raises(HubBusyError):
        build(recipe)
    build(recipe)


def test_a_source_with_no_document_says_where_its_rows_went(tmp_path) -> None:
    empty = write_source(tmp_path / "empty.jsonl", [])
    with pytest.raises(SourceError, match="empty"):
        build(scripted_recipe(tmp_path / "hub", empty))
    short = write_source(tmp_path / "short.jsonl", [{"text": "too short"}])
    with pytest.raises(SourceError, match="too_short"):
        build(scripted_recipe(tmp_path / "hub2", short))


def test_a_damaged_slice_is_found_when_it_is_read(source, tmp_path) -> None:
    hub = build(scripted_recipe(tmp_path / "hub", source))
    path = hub.files("personas")[0]
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(StorageError, match="cannot be read"):
        hub.read("personas")
    path.unlink()
    build(scripted_recipe(tmp_path / "hub", source))
    assert hub.read("personas").num_rows


@pytest.fixture
def small_disk(tmp_path):
    place = tmp_path / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1500k", "tmpfs", str(place)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a file system of its own needs root")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_a_full_disk_stops_the_build_and_leaves_nothing_half_written(source, small_disk) -> None:
    filler = small_disk / "filler"
    filler.write_bytes(bytes(1_250_000))
    hub = small_disk / "hub"
    with pytest.raises(StorageError, match="full"):
        build(scripted_recipe(hub, source))
    assert not list(hub.rglob("*.tmp"))
    filler.unlink()


def test_tables_have_their_schemas(whole) -> None:
    assert whole.read("documents").schema.equals(records.DOCUMENT)
    assert whole.read("personas").schema.equals(records.PERSONA)
    assert whole.read("verdicts").schema.equals(records.VERDICT)
    assert whole.read("evidence/hedging").schema.equals(records.EVIDENCE)
    assert whole.read("evidence/attributes").schema.equals(records.ATTRIBUTE_EVIDENCE)
    own = whole.read("evidence/near_duplicates").schema
    assert [field.name for field in own][:5] == records.EVIDENCE.names
    assert {"cluster", "survivor", "similarity"} <= set(own.names)
    assert isinstance(whole.read("rejected/ingest"), pa.Table)
