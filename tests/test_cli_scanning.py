"""`iph scan` says what a file tells of real people, a line for each finding."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from indic_persona_hub.cli.scanning import app
from indic_persona_hub.errors import SourceError

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
