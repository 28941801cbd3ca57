"""Bad input: a clear message or a counted rejection, and nothing lost."""

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indic_persona_hub import records
from indic_persona_hub.cli import main
from indic_persona_hub.errors import HubError, RecipeError, SourceError, WeightsError
from indic_persona_hub.run.build import build
from indic_persona_hub.run.hub import Hub
from indic_persona_hub.run.recipe import Recipe, parse_recipe
from indic_persona_hub.run.status import status
from scripted_hub import corpus_texts, file_digests, write_source

IPH = str(Path(sys.executable).with_name("iph"))
TEXTS = [row["text"] for row in corpus_texts()[:8]]

_RECIPE = """
sources: [{kind: jsonl, path: set below}]
models: {default: {kind: scripted}}
stages:
  - ingest
  - text_to_persona: {candidates: 1}
  - persona_to_persona: {rounds: 1, children: 1}
  - form
  - hedging
  - exact_duplicates
engine: {slices: 2}
"""


def small_recipe(
    folder: Path, *sources: Path | dict[str, Any], changes: tuple[str, ...] = ()
) -> Recipe:
    """A short line over `sources` into `folder`/hub."""
    listed = [one if isinstance(one, dict) else {"path": one} for one in sources]
    listed = [{"kind": "jsonl", **one, "path": str(one["path"])} for one in listed]
    own = (f"hub={folder / 'hub'}", f"sources={json.dumps(listed)}")
    return parse_recipe(_RECIPE, (*own, *changes))


def jsonl(path: Path, *lines: bytes | str | dict[str, Any]) -> Path:
    """A JSONL file of rows, texts (which become rows) and raw lines."""
    made = [{"text": one} if isinstance(one, str) else one for one in lines]
    raw = [one if isinstance(one, bytes) else json.dumps(one).encode() for one in made]
    path.write_bytes(b"".join(one + b"\n" for one in raw))
    return path


def losses(hub: Hub, rows: int) -> dict[str, int]:
    """Rejected rows by reason; every one of `rows` is a document or among them."""
    documents = hub.read("documents")
    rejected = hub.read("rejected/ingest")
    assert documents.num_rows + rejected.num_rows == rows
    assert rejected["payload"].null_count == 0
    assert rejected["row"].null_count == 0
    assert len(set(documents["id"].to_pylist())) == documents.num_rows
    reasons = rejected["reason"].to_pylist()
    return {reason: reasons.count(reason) for reason in sorted(set(reasons))}


def counted(hub: Hub, rows: int) -> dict[str, int]:
    """`losses`, which the ledger agrees with."""
    ingest = next(stage for stage in status(hub)["stages"] if stage["name"] == "ingest")
    found = losses(hub, rows)
    assert (ingest["rows_in"], ingest["rejected"]) == (rows, found)
    return found


def refused(recipe: Recipe, kind: type[HubError], message: str) -> HubError:
    with pytest.raises(kind, match=message) as caught:
        build(recipe)
    assert caught.value.cure
    return caught.value


@pytest.fixture
def iph(monkeypatch, capsys) -> Callable[..., tuple[int, str]]:
    """The command line in this process: exit code, and what it said of an error."""

    def run(*words: object) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["iph", *map(str, words)])
        with pytest.raises(SystemExit) as stopped:
            main()
        return int(stopped.value.code or 0), capsys.readouterr().err

    return run


# --- sources ------------------------------------------------------------------------------------


def test_an_empty_file(tmp_path, iph) -> None:
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text(small_recipe(tmp_path, jsonl(tmp_path / "a.jsonl")).to_yaml(), "utf-8")
    code, said = iph("build", recipe)
    assert code == SourceError.exit_code
    assert "the sources are empty" in said
    assert len(said.strip().splitlines()) == 2, "what happened, and its cure"


def test_no_valid_row_and_the_same_command_after_the_cure(tmp_path) -> None:
    source = jsonl(tmp_path / "a.jsonl", "short", "", b"[1]", {"text": None})
    recipe = small_recipe(tmp_path, source)
    refused(recipe, SourceError, "of 4 rows: 1 missing_text, 1 no_letters, 1 not_json, 1 too_short")
    assert sum(losses(Hub(tmp_path / "hub"), 4).values()) == 4
    assert "not finished" in status(Hub(tmp_path / "hub"))["notes"]["build"]
    jsonl(source, "short", TEXTS[0])
    assert counted(build(recipe), 2) == {"too_short": 1}


def test_lines_that_are_not_utf8_not_json_or_have_no_text(tmp_path) -> None:
    lines = [b'{"text": "\xff\xfe"}', b'{"text": ', b"null", {"title": "x"}, {"text": 5}]
    surrogate = b'{"text": "' + b"a" * 300 + b'\\ud800"}'
    source = jsonl(tmp_path / "a.jsonl", TEXTS[0], *lines, surrogate, b"", TEXTS[1])
    hub = build(small_recipe(tmp_path, source))
    assert counted(hub, 8) == {"invalid_utf8": 2, "missing_text": 2, "not_json": 2}
    payloads = " ".join(hub.read("rejected/ingest")["payload"].to_pylist())
    assert "\\xff\\xfe" in payloads
    assert '"title": "x"' in payloads


_BUILD_AND_PEAK = """
import resource, sys
from pathlib import Path
from indic_persona_hub.run.build import build
from indic_persona_hub.run.recipe import load_recipe
for recipe in sys.argv[1:]:
    build(load_recipe(Path(recipe)))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_a_50_mb_line_is_rejected_in_bounded_memory(tmp_path) -> None:
    recipes = []
    for name, filler in (("plain", 1), ("long", 50 << 20)):
        folder = tmp_path / name
        folder.mkdir()
        line = b'{"text": "' + b"a" * filler + b'"}'
        source = jsonl(folder / "a.jsonl", TEXTS[0], line, TEXTS[1])
        recipes.append(folder / "recipe.yaml")
        recipes[-1].write_text(small_recipe(folder, source).to_yaml(), "utf-8")
    command = [sys.executable, "-c", _BUILD_AND_PEAK, *map(str, recipes)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    before_kib, after_kib = map(int, done.stdout.split())
    assert after_kib - before_kib < 48 << 10, "the line was held"
    assert counted(Hub(tmp_path / "plain" / "hub"), 3) == {"too_short": 1}
    hub = Hub(tmp_path / "long" / "hub")
    assert counted(hub, 3) == {"line_too_long": 1}
    assert hub.read("rejected/ingest")["row"].to_pylist() == ["a.jsonl:2"]


def table_file(kind: str, folder: Path, columns: dict[str, list[Any]]) -> Path:
    path = folder / f"a.{kind}"
    if kind == "parquet":
        pq.write_table(pa.table(columns), path)
        return path
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    if kind == "jsonl":
        return write_source(path, rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(columns))
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.mark.parametrize("kind", ["jsonl", "csv", "parquet"])
def test_a_missing_column_names_the_nearest_and_is_mapped(tmp_path, kind: str) -> None:
    path = table_file(kind, tmp_path, {"texts": TEXTS[:2], "n": [1, 2]})
    source = {"kind": kind, "path": path}
    failure = refused(small_recipe(tmp_path, source), SourceError, "no column 'text'.*texts")
    assert "text: texts" in failure.cure
    mapped = small_recipe(tmp_path, source | {"fields": {"text": "texts"}})
    assert counted(build(mapped), 2) == {}


def test_a_truncated_parquet_file(tmp_path, iph) -> None:
    path = table_file("parquet", tmp_path, {"text": TEXTS})
    whole = path.read_bytes()
    recipe = tmp_path / "recipe.yaml"
    made = small_recipe(tmp_path, {"kind": "parquet", "path": path})
    recipe.write_text(made.to_yaml(), "utf-8")
    for size in (len(whole) // 2, len(whole) - 1, 3, 0):
        path.write_bytes(whole[:size])
        code, said = iph("build", recipe)
        assert code == SourceError.exit_code
        assert "not a whole Parquet file" in said
    path.write_bytes(whole)
    assert counted(build(made), len(TEXTS)) == {}


def test_duplicate_source_ids_and_texts(tmp_path) -> None:
    rows = [
        {"text": TEXTS[0], "id": "one"},
        {"text": TEXTS[1], "id": "one"},
        {"text": TEXTS[2], "id": "two"},
        {"text": f"  {TEXTS[2]}  ", "id": "three"},
        {"text": TEXTS[3]},
        {"text": TEXTS[3]},
    ]
    source = {"path": jsonl(tmp_path / "a.jsonl", *rows), "fields": {"id": "id"}}
    hub = build(small_recipe(tmp_path, source))
    assert counted(hub, 6) == {"duplicate_source_id": 1, "exact_duplicate": 2}
    rejected = hub.read("rejected/ingest").to_pylist()
    kept = {one["text"] for one in hub.read("documents").to_pylist()}
    struck = next(one for one in rejected if one["reason"] == "duplicate_source_id")
    assert {struck["payload"]} | kept >= set(TEXTS[:2])


def test_one_text_at_one_place_of_two_sources_is_kept_once(tmp_path) -> None:
    """Files of one name, whose rows name one source: nothing but the text tells them apart."""
    sources = []
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        rows = [{"text": text, "from": "gazette"} for text in TEXTS[:3]]
        path = jsonl(tmp_path / folder / "texts.jsonl", *rows)
        sources.append({"path": path, "name": folder, "fields": {"source": "from"}})
    assert counted(build(small_recipe(tmp_path, *sources)), 6) == {"exact_duplicate": 3}


def test_a_source_that_cannot_be_read(tmp_path) -> None:
    refused(small_recipe(tmp_path, tmp_path / "absent.jsonl"), SourceError, "no jsonl file matches")
    # A file that is there, and whose reading fails as on a broken disk.
    refused(small_recipe(tmp_path, Path("/proc/self/mem")), SourceError, "cannot be read")


# --- recipe and model ---------------------------------------------------------------------------


def test_an_unknown_recipe_key(tmp_path, iph) -> None:
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text(small_recipe(tmp_path, Path("a.jsonl")).to_yaml() + "sede: 3\n", "utf-8")
    code, said = iph("build", recipe)
    assert code == RecipeError.exit_code
    assert "unknown key 'sede'" in said
    assert "did you mean 'seed'?" in said
    assert not (tmp_path / "hub").exists()


def test_missing_weights(tmp_path) -> None:
    pytest.importorskip("xllamacpp")
    source = jsonl(tmp_path / "a.jsonl", *TEXTS[:2])
    change = ("models.default={kind: llama_cpp, weights: /absent.gguf}",)
    recipe = small_recipe(tmp_path, source, changes=change)
    failure = refused(recipe, WeightsError, r"no weights '/absent\.gguf'")
    assert "GGUF" in failure.cure
    assert counted(Hub(tmp_path / "hub"), 2) == {}
    assert build(small_recipe(tmp_path, source)).read("personas").num_rows


def test_weights_with_a_wrong_checksum(tmp_path, monkeypatch) -> None:
    """All parts were fetched, and one has a flipped bit (here all are zero)."""
    pytest.importorskip("xllamacpp")
    size = 253_113_024
    weights = tmp_path / "cache" / "weights"
    weights.mkdir(parents=True)
    with (weights / "gemma-3-270m-q4_k_m.parts").open("wb") as file:
        file.truncate(size)  # sparse: takes no room
    (weights / "gemma-3-270m-q4_k_m.parts.done").write_text(f"4 {size}")
    monkeypatch.setenv("INDIC_PERSONA_HUB_CACHE", str(tmp_path / "cache"))
    source = jsonl(tmp_path / "a.jsonl", *TEXTS[:2])
    change = ("models.default={kind: llama_cpp, weights: gemma-3-270m-q4_k_m}",)
    refused(small_recipe(tmp_path, source, changes=change), WeightsError, "wrong checksum")
    assert not (weights / "gemma-3-270m-q4_k_m.gguf").exists()
    assert counted(Hub(tmp_path / "hub"), 2) == {}


# --- disk and processes -------------------------------------------------------------------------

_LIMITED = """
import resource, sys
from pathlib import Path
from indic_persona_hub.errors import StorageError
from indic_persona_hub.run.build import build
from indic_persona_hub.run.recipe import load_recipe
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    build(load_recipe(Path(sys.argv[1])))
except StorageError as error:
    print(error)
"""


@pytest.fixture(scope="module")
def with_a_large_slice(tmp_path_factory) -> Hub:
    """A hub whose largest file is a slice: texts without a person that stay large compressed."""
    folder = tmp_path_factory.mktemp("clean")
    chance = Random(5)
    large = ["".join(chance.choices("abcdefghijklmnop ", k=150_000)) for _ in range(4)]
    return build(small_recipe(folder, jsonl(folder / "a.jsonl", *TEXTS[:3], *large)))


@pytest.mark.parametrize(("limit_bytes", "file"), [(40_000, "ledger"), (220_000, "slice-000")])
def test_a_disk_that_fills_up_stops_the_build_which_then_goes_on(
    with_a_large_slice, tmp_path, limit_bytes: int, file: str
) -> None:
    """No file may grow beyond the limit; what is on disk then is whole, and stays."""
    recipe = small_recipe(tmp_path, with_a_large_slice.path.parent / "a.jsonl")
    (tmp_path / "recipe.yaml").write_text(recipe.to_yaml(), "utf-8")
    command = [sys.executable, "-c", _LIMITED, str(tmp_path / "recipe.yaml"), str(limit_bytes)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert re.search(rf"{file}.*(cannot be|was not) written", done.stdout)
    assert not list(tmp_path.rglob("*.tmp"))
    hub = build(recipe)
    assert counted(hub, 7) == {"no_person": 4}
    assert file_digests(hub.path) == file_digests(with_a_large_slice.path)


def test_two_builds_of_one_hub_at_once(tmp_path) -> None:
    """The first is held still while the second tries; then it finishes as if alone."""
    source = jsonl(tmp_path / "a.jsonl", *TEXTS)
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text(small_recipe(tmp_path, source).to_yaml(), "utf-8")
    first = subprocess.Popen([IPH, "build", str(recipe)], stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while not (tmp_path / "hub" / "ledger.sqlite").exists():  # made under the lock
            assert time.monotonic() < deadline
            time.sleep(0.02)
        os.kill(first.pid, signal.SIGSTOP)
        second = subprocess.run(
            [IPH, "build", str(recipe)], capture_output=True, text=True, check=False
        )
    finally:
        os.kill(first.pid, signal.SIGCONT)
    assert second.returncode == 6, second.stderr
    assert "Another process is building" in second.stderr
    assert first.wait() == 0
    assert counted(Hub(tmp_path / "hub"), len(TEXTS)) == {}


# --- any source at all --------------------------------------------------------------------------

texts = st.builds(
    lambda text, number: f"{text} {number}", st.sampled_from(TEXTS), st.integers(0, 3)
)
rows = st.one_of(
    texts,
    texts.map(lambda text: {"text": text, "id": "one of several"}),
    st.text(max_size=30),
    st.binary(min_size=1, max_size=20).map(lambda raw: b"!" + raw.replace(b"\n", b"\r")),
    st.just({"title": "no text"}),
)


@given(st.lists(rows, max_size=14), st.integers(1, 5))
@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_stage_accounts_for_every_row(tmp_path_factory, given_rows, slices) -> None:
    folder = tmp_path_factory.mktemp("any")
    source = {"path": jsonl(folder / "a.jsonl", TEXTS[0], *given_rows), "fields": {"id": "id"}}
    hub = build(small_recipe(folder, source, changes=(f"engine.slices={slices}",)))
    counted(hub, 1 + len(given_rows))
    for stage in status(hub)["stages"]:
        assert stage["rows_in"] == stage["rows_out"] + sum(stage["rejected"].values()), stage
    personas = hub.read("personas")["id"].to_pylist()
    assert sorted(hub.read("verdicts")["id"].to_pylist()) == sorted(personas)
    assert len(set(personas)) == len(personas)
    for name in ("documents", "personas", "verdicts"):
        assert len(hub.files(name)) == slices * (2 if name == "personas" else 1)
        for number in range(slices):
            here = [f for f in hub.files(name) if f.name.startswith(f"slice-{number:03d}")]
            ids = [one for file in here for one in pq.read_table(file)["id"].to_pylist()]
            assert all(records.slice_of(one, slices) == number for one in ids)
