"""`iph scan` says what a file tells of real people, a line for each finding."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from hub_factory import make_hub
from indic_persona_hub.cli.scanning import app
from indic_persona_hub.errors import SourceError
from indic_persona_hub.release.publish import publish
from indic_persona_hub.run.settings import ReleaseSettings

TEXTS = ["Nothing here.", "Ring 98765 43210 or write to a.b@mail.example.", "PAN ABCPE1234F"]


def scan(*words: str) -> Result:
    return CliRunner().invoke(app, ["scan", *words])


def findings(*words: str) -> list[dict[str, Any]]:
    done = scan(*words, "--json")
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


EXPECTED = [
    {"row": 1, "kind": "phone", "start": 5, "end": 16, "valid": True},
    {"row": 1, "kind": "email", "start": 29, "end": 45, "valid": True},
    {"row": 2, "kind": "pan", "start": 4, "end": 14, "valid": True},
]


def test_rows_of_json_lines_and_parquet_are_counted_from_0(tmp_path: Path) -> None:
    lines, table = tmp_path / "a.jsonl", tmp_path / "b.parquet"
    lines.write_text("".join(json.dumps({"text": text}) + "\n" for text in TEXTS), "utf-8")
    pq.write_table(pa.table({"text": TEXTS, "n": [1, 2, 3]}), table)
    assert findings(str(lines)) == EXPECTED == findings(str(table))
    both = findings(str(tmp_path))
    assert both == [{"file": name, **one} for name in ("a.jsonl", "b.parquet") for one in EXPECTED]


def test_the_field_is_a_column_or_a_path_of_keys(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps({"text": "no", "meta": {"body": "PAN ABCPE1234F"}}) + "\n", "utf-8")
    assert [one["kind"] for one in findings(str(file), "--field", "meta.body")] == ["pan"]


def test_personal_names_are_found_too(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps({"text": "Shri Ramesh Kumar sells fish."}) + "\n", "utf-8")
    assert [one["kind"] for one in findings(str(file))] == ["personal_name"]


def test_rows_that_cannot_be_read_are_counted(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text('x\n{"text": "PAN ABCPE1234F"}\n{"text": null}\n', "utf-8")
    done = scan(str(file))
    assert done.exit_code == 0
    assert "pan" in done.stdout
    assert "1 missing_text, 1 not_json" in done.stderr


@pytest.mark.parametrize("words", [("absent.jsonl",), ("a.txt",), ("a.jsonl", "--field", "body")])
def test_what_cannot_be_scanned_says_why(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a.txt", "a.jsonl"):
        Path(name).write_text('{"text": "x"}\n', "utf-8")
    done = scan(*words)
    assert isinstance(done.exception, SourceError)
    assert done.exception.cure


def test_an_absent_column_is_cured_with_the_option_that_there_is(tmp_path: Path) -> None:
    lines, table = tmp_path / "a.jsonl", tmp_path / "b.parquet"
    lines.write_text('{"body": "x"}\n', "utf-8")
    pq.write_table(pa.table({"body": ["x"]}), table)
    for file in (lines, table):
        done = scan(str(file))
        assert isinstance(done.exception, SourceError)
        assert "no column 'text'" in done.exception.message
        assert "body" in done.exception.message
        assert "--field" in done.exception.cure
        assert "--map" not in done.exception.cure


def test_the_row_is_the_line_or_row_of_the_file_whatever_stands_before(tmp_path: Path) -> None:
    lines = tmp_path / "a.jsonl.gz"
    broken = ['{"text": "PAN', "", '{"text": null}', '{"text": 9876543210}', '["PAN"]']
    lines.write_bytes(
        gzip.compress("\n".join([*broken, '{"text": "PAN ABCPE1234F"}', ""]).encode())
    )
    assert [one["row"] for one in findings(str(lines))] == [5]
    table = tmp_path / "b.parquet"
    texts = ["x", None, "PAN ABCPE1234F", "x", "PAN ABCPE1234F"]
    pq.write_table(pa.table({"text": texts}), table, row_group_size=2)
    assert [one["row"] for one in findings(str(table))] == [2, 4]
    cells = tmp_path / "c.csv"
    cells.write_text('id,text\n1,"two\nlines"\n2,PAN ABCPE1234F\n', "utf-8")
    assert [one["row"] for one in findings(str(cells))] == [3]


def test_places_are_characters_of_the_text_as_it_stands(tmp_path: Path) -> None:
    file, text = tmp_path / "a.jsonl", "  \U0001f600 cafe\u0301 PAN ABCPE1234F "
    file.write_text(json.dumps({"text": text}) + "\n", "utf-8")
    (one,) = findings(str(file))
    assert text[one["start"] : one["end"]] == "ABCPE1234F"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.jsonl", b"", ()),
        ("a.jsonl", bytes(range(128, 256)) * 9, ()),
        ("a.jsonl", b'{"text": "x", "meta": {"text": "x"}}\n', ("--field", "meta")),
        ("a.csv", b"text\n", ()),
    ],
)
def test_where_no_text_was_read_there_is_no_all_clear(
    name: str, content: bytes, words: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    for path in (tmp_path / name, tmp_path):
        done = scan(str(path), *words)
        assert isinstance(done.exception, SourceError)
        assert done.exception.exit_code == 3 and done.exception.cure
        assert "all" not in done.stdout


def test_how_many_texts_were_read_is_said(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text('{"text": "Nothing."}\n{"text": "x"}\nx\n', "utf-8")
    done = scan(str(file))
    assert done.stdout.split() == ["all", "0", "in", "2", "texts"]
    assert done.stderr == "2 texts read. Rows that could not be read: 1 not_json.\n"
    assert scan(str(file), "--json").stderr == done.stderr


def test_what_does_not_exist_is_said_not_to(tmp_path: Path) -> None:
    for name in ("absent", "absent.jsonl", "absent.parquet"):
        done = scan(str(tmp_path / name))
        assert isinstance(done.exception, SourceError)
        assert done.exception.message == f"There is no {tmp_path / name}."


def test_a_file_of_a_folder_without_the_column_is_passed_over(tmp_path: Path) -> None:
    for name, column in (("a.csv", "id"), ("b.jsonl", "body"), ("c.parquet", "n")):
        write(tmp_path / name, column)
    assert isinstance(scan(str(tmp_path)).exception, SourceError)
    write(tmp_path / "d.jsonl", "text")
    done = scan(str(tmp_path), "--json")
    assert [json.loads(line)["file"] for line in done.stdout.splitlines()] == ["d.jsonl"]
    passed = [line for line in done.stderr.splitlines() if line.startswith("Passed over: ")]
    assert [name in line for name, line in zip("bca", passed, strict=True)] == [True] * 3
    assert "1 text read." in done.stderr


def write(file: Path, column: str) -> None:
    text = "PAN ABCPE1234F"
    if file.suffix == ".parquet":
        pq.write_table(pa.table({column: [text]}), file)
    else:
        lines = [column, text] if file.suffix == ".csv" else [json.dumps({column: text})]
        file.write_text("\n".join(lines) + "\n", "utf-8")


def test_a_release_and_a_hub_are_scanned_in_their_personas(tmp_path: Path) -> None:
    hub = make_hub(tmp_path / "hub")
    release = publish(hub, tmp_path / "release", settings=ReleaseSettings(title="T")).path
    kept = pq.read_table(release / "data", columns=["id"]).num_rows
    assert f"{kept} texts read." in scan(str(release)).stderr
    made = pq.read_table(tmp_path / "hub" / "personas", columns=["id"]).num_rows
    assert made > kept and f"{made} texts read." in scan(str(tmp_path / "hub")).stderr
    write_planted(release / "data" / "zz.parquet")
    assert [(one["file"], one["kind"]) for one in findings(str(release))][-1] == (
        "data/zz.parquet", "pan",
    )  # fmt: skip


def write_planted(file: Path) -> None:
    pq.write_table(pa.table({"persona": ["PAN ABCPE1234F"]}), file)
