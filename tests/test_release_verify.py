"""Verifying finds any change, and says so in a line instead of raising."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub_factory import HandMade, make_hub
from indic_persona_hub.release.layout import COMPACT, MANIFEST
from indic_persona_hub.release.manifest import FileEntry, Manifest, parse_manifest, recipe_sha256
from indic_persona_hub.release.publish import publish
from indic_persona_hub.release.verify import Report, verify
from indic_persona_hub.run.settings import ReleaseSettings

FILES = (
    "README.md",
    "manifest.json",
    "schema.json",
    "data/train-00000-of-00002.parquet",
    "data/train-00001-of-00002.parquet",
    "detailed/personas-00000-of-00002.jsonl",
    "detailed/personas-00001-of-00002.jsonl",
    "tombstones.csv",
)
any_file = st.sampled_from(FILES)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("verify")
    hub = make_hub(folder / "hub", HandMade(slices=1))
    return publish(hub, folder / "release", settings=ReleaseSettings(rows_per_file=9)).path


@pytest.fixture
def copied(release: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(release, tmp_path / "copied"))


def with_content(path: Path, content: bytes, then: Callable[[], Report]) -> Report:
    before = path.read_bytes()
    path.write_bytes(content)
    try:
        return then()
    finally:
        path.write_bytes(before)


def test_a_fresh_release_is_whole(release: Path) -> None:
    assert verify(release) == Report([], 17, len(FILES))
    assert {str(path.relative_to(release)) for path in release.glob("**/*.*")} == set(FILES)


@settings(max_examples=150, deadline=None)
@given(name=any_file, place=st.integers(0), bits=st.integers(1, 255))
def test_a_flipped_byte_is_found(release: Path, name: str, place: int, bits: int) -> None:
    content = bytearray((release / name).read_bytes())
    content[place % len(content)] ^= bits
    report = with_content(release / name, bytes(content), lambda: verify(release))
    assert report.problems
    assert name in report.problems[0]


@settings(max_examples=40, deadline=None)
@given(name=any_file, place=st.integers(0))
def test_a_truncated_file_is_found(release: Path, name: str, place: int) -> None:
    content = (release / name).read_bytes()
    report = with_content(release / name, content[: place % len(content)], lambda: verify(release))
    assert report.problems


@settings(max_examples=60, deadline=None)
@given(content=st.binary() | st.recursive(st.integers() | st.text(), st.lists).map(json.dumps))
def test_any_manifest_is_a_line_of_the_report(release: Path, content: bytes | str) -> None:
    raw = content if isinstance(content, bytes) else content.encode()
    assert with_content(release / MANIFEST, raw, lambda: verify(release)).problems


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_found(copied: Path, name: str) -> None:
    (copied / name).unlink()
    assert name in verify(copied).problems[0]


@pytest.mark.parametrize("name", ["extra", "data/train-00002-of-00003.parquet", ".hidden", "d/e/f"])
def test_an_added_file_is_found(copied: Path, name: str) -> None:
    (copied / name).parent.mkdir(parents=True, exist_ok=True)
    (copied / name).write_text("")
    assert f"{name} does not belong to the release" in verify(copied).problems


def test_an_added_folder_is_found(copied: Path) -> None:
    (copied / "empty").mkdir()
    assert verify(copied).problems == ["empty does not belong to the release"]


def test_a_folder_or_a_pipe_in_the_place_of_a_file_is_found(copied: Path) -> None:
    for name, make in ((FILES[0], os.mkdir), (FILES[4], os.mkfifo)):
        (copied / name).unlink()
        make(copied / name)
    problems = verify(copied).problems
    assert f"{FILES[0]} is no file" in problems
    assert f"{FILES[4]} is no file" in problems


def test_a_file_that_cannot_be_read_is_not_called_missing(copied: Path) -> None:
    (copied / FILES[3]).unlink()
    (copied / FILES[3]).symlink_to(copied / FILES[3])
    [problem] = [one for one in verify(copied).problems if "belong" not in one]
    assert problem.startswith(f"{FILES[3]} cannot be read: ")


def test_a_name_that_is_not_text_is_found(copied: Path) -> None:
    (Path(os.fsdecode(os.fsencode(copied) + b"/\xff"))).write_text("")
    [problem] = verify(copied).problems
    assert problem.encode()


@pytest.mark.parametrize("place", ["nowhere", "file"])
def test_a_path_that_is_no_release_is_a_problem(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("")
    assert verify(tmp_path / place).problems
    assert verify(tmp_path).problems


# What follows forges a manifest that fits the changed files: the contents give it away.


def sealed(release: Path, **changes: Any) -> Path:
    """Write a manifest that fits the files as they are."""
    manifest = parse_manifest((release / MANIFEST).read_bytes())
    entries = []
    for entry in manifest.files:
        content = (release / entry.path).read_bytes()
        digest = sha256(content).hexdigest()
        entries.append(
            FileEntry(path=entry.path, bytes=len(content), rows=entry.rows, sha256=digest)
        )
    forged = Manifest(**{**manifest.model_dump(), "files": entries, **changes})
    (release / MANIFEST).write_bytes(forged.to_bytes())
    return release


def edit_lines(path: Path, edit: Callable[[list[dict[str, Any]]], Any]) -> None:
    lines = [json.loads(line) for line in path.read_text("utf-8").split("\n")[:-1]]
    result = edit(lines)
    edited = result if isinstance(result, list) else lines
    path.write_text("".join(f"{json.dumps(line)}\n" for line in edited), encoding="utf-8")


@pytest.mark.parametrize(
    ("edit", "problem"),
    [
        (lambda lines: lines[1].update(domain="other"), "differ in domain"),
        (lambda lines: lines[1].update(persona="other"), "differ in persona"),
        (lambda lines: lines[2].update(model=None), "model is not string"),
        (lambda lines: lines[2].update(seed=True), "seed is not integer"),
        (lambda lines: lines[2].update(round=-1), "round is out of range"),
        (lambda lines: lines[2].update(confidence_score=float("nan")), "out of range"),
        (lambda lines: lines[2].update(synth_method="guess"), "synth_method is not one of"),
        (lambda lines: lines[2].update(id="7"), "id is not in form"),
        (lambda lines: lines[2].update(more=1), "unknown field 'more'"),
        (lambda lines: lines[2].pop("seed"), "lacks seed"),
        (lambda lines: lines[2].update(attributes={"caste": None}), "unknown field 'caste'"),
        (lambda lines: lines[2].update(attributes={"state": {}}), "attributes.state lacks value"),
        (lambda lines: [dict(sorted(line.items())) for line in lines], "not in their order"),
        (lambda lines: lines[:-1], "detailed rows end here"),
        (lambda lines: [*lines, lines[-1]], "compact rows end here"),
    ],
)
def test_a_forged_detailed_file_is_found(copied: Path, edit: Any, problem: str) -> None:
    edit_lines(copied / FILES[5], edit)
    [found] = verify(sealed(copied)).problems
    assert problem in found
    assert FILES[5] in found


def swapped(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [rows[1], rows[0], *rows[2:]]


def doubled(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [rows[0], *rows[:-1]]


@pytest.mark.parametrize("edit", [swapped, doubled])
def test_an_id_that_is_there_twice_or_out_of_order_is_found(copied: Path, edit: Any) -> None:
    edit_lines(copied / FILES[5], edit)
    rows = edit(pq.read_table(copied / FILES[3]).to_pylist())
    pq.write_table(pa.Table.from_pylist(rows, COMPACT), copied / FILES[3])
    [found] = verify(sealed(copied)).problems
    assert "is there twice or out of order" in found


def test_an_id_of_another_file_is_found(copied: Path) -> None:
    first = pq.read_table(copied / FILES[3]).to_pylist()[0]
    rows = [first, *pq.read_table(copied / FILES[4]).to_pylist()[1:]]
    pq.write_table(pa.Table.from_pylist(rows, COMPACT), copied / FILES[4])
    edit_lines(copied / FILES[6], lambda lines: lines[0].update(first))
    assert "is there twice" in verify(sealed(copied)).problems[0]


def test_other_columns_are_found(copied: Path) -> None:
    table = pq.read_table(copied / FILES[3])
    pq.write_table(table.append_column("x", table["id"]), copied / FILES[3])
    assert "columns are id, persona, domain, x" in verify(sealed(copied)).problems[0]


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1" * 100])
def test_a_parquet_file_that_is_none_is_found(copied: Path, content: bytes) -> None:
    (copied / FILES[4]).write_bytes(content)
    assert FILES[4] in verify(sealed(copied)).problems[0]


def test_a_page_that_fails_its_checksum_is_found(copied: Path) -> None:
    content = bytearray((copied / FILES[3]).read_bytes())
    content[pq.read_metadata(copied / FILES[3]).row_group(0).column(1).data_page_offset + 60] ^= 1
    (copied / FILES[3]).write_bytes(content)
    assert "CRC" in verify(sealed(copied)).problems[0]


@pytest.mark.parametrize(
    "content",
    [b"\xff\n", b"{}\n", b"[]\n", b"[" * 100_000 + b"\n", b"no\n", b'{"id": 1}'],
)
def test_lines_that_are_none_are_found(copied: Path, content: bytes) -> None:
    (copied / FILES[5]).write_bytes(content)
    assert FILES[5] in verify(sealed(copied)).problems[0]


@pytest.mark.parametrize(
    ("true", "false"),
    [
        ("Selected 17 Personas", "Selected 18 Personas"),
        ("across 5", "across 6"),
        ("|     3 |", "|     2 |"),
    ],
)
def test_a_card_with_other_counts_is_found(copied: Path, true: str, false: str) -> None:
    card = (copied / "README.md").read_text("utf-8")
    assert true in card
    (copied / "README.md").write_text(card.replace(true, false), encoding="utf-8")
    assert verify(sealed(copied)).problems == [
        "README.md counts other rows or domains than the data"
    ]


def test_another_schema_is_found(copied: Path) -> None:
    schema = json.loads((copied / "schema.json").read_bytes())
    del schema["required"]
    (copied / "schema.json").write_text(json.dumps(schema))
    assert verify(sealed(copied)).problems == ["schema.json is not the schema of this format"]


@pytest.mark.parametrize("changes", [{"rows": 16}, {"rows": 10**15}, {"rows_per_file": 8}])
def test_a_manifest_that_miscounts_is_found(copied: Path, changes: dict[str, int]) -> None:
    assert "does not list the files" in verify(sealed(copied, **changes)).problems[0]


def test_a_manifest_of_a_later_format_is_said_to_be_one(copied: Path) -> None:
    said = json.loads((copied / MANIFEST).read_bytes()) | {"format_version": 5}
    (copied / MANIFEST).write_text(json.dumps(said))
    assert "format_version" in verify(copied).problems[0]


def test_a_recipe_is_the_same_wherever_it_runs() -> None:
    def recipe(**changes: Any) -> dict[str, Any]:
        here = {"hub": "/a/hub", "sources": [{"path": "/a/x.jsonl"}], "engine": {"workers": 1}}
        return here | changes

    same = recipe(hub="/b", sources=[{"path": "/b/x.jsonl"}], engine={"workers": 2})
    assert recipe_sha256(recipe()) == recipe_sha256(same)
    assert recipe_sha256(recipe()) != recipe_sha256(recipe(seed=1))
    assert recipe_sha256(recipe()) != recipe_sha256(recipe(sources=[{"path": "/a/y.jsonl"}]))
