"""Rows of a published list of stereotypes, whatever kind of file it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv

from indic_persona_hub.audit.stewardship.workbooks import workbook_rows
from indic_persona_hub.errors import SourceError

ENDINGS: Final = (".csv", ".tsv", ".jsonl", ".json", ".parquet", ".xlsx")
_MOST_ROWS: Final = 200_000
Row = Mapping[str, str]


def list_files(path: Path) -> list[Path]:
    """The file, or the files of the folder (searched in depth), sorted.

    Raises:
        SourceError: Nothing is there that could be read.
    """
    if path.is_file():
        return [path]
    files = sorted(one for one in path.rglob("*") if one.suffix in ENDINGS and one.is_file())
    if not files:
        raise SourceError(
            f"There is no list of stereotypes at {path}.",
            cure=f"Give a file or folder with {', '.join(ENDINGS)}.",
        )
    return files


def list_rows(path: Path) -> list[Row]:
    """The rows of a file, by column in lower case; what is no text is written as one.

    Raises:
        SourceError: The file is of no such kind, cannot be read or is far too long for a list.
    """
    try:
        rows = _rows(path)
    except (pa.ArrowException, OSError, ValueError, RecursionError) as error:
        raise SourceError(
            f"The list {path} cannot be read: {error}.",
            cure=f"Give CSV, TSV, JSON, JSON lines, Parquet or a workbook ({', '.join(ENDINGS)}).",
        ) from error
    if len(rows) > _MOST_ROWS:
        raise SourceError(
            f"The list {path} has {len(rows):,} rows.",
            cure=f"A list has at most {_MOST_ROWS:,}; this is most likely another file.",
        )
    return [
        {str(name).strip().lower(): "" if cell is None else str(cell) for name, cell in row.items()}
        for row in rows
    ]


def _rows(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".parquet":
        columns: list[dict[str, Any]] = pq.read_table(path).to_pylist()
        return columns
    if path.suffix in (".csv", ".tsv"):
        parsed = csv.ParseOptions(
            delimiter="\t" if path.suffix == ".tsv" else ",", newlines_in_values=True
        )
        cells: list[dict[str, Any]] = csv.read_csv(path, parse_options=parsed).to_pylist()
        return cells
    if path.suffix == ".xlsx":
        return list(workbook_rows(path))
    if path.suffix not in ENDINGS:
        raise ValueError(f"a file ending in '{path.suffix}' is no list")
    text = path.read_text(encoding="utf-8-sig")
    if path.suffix == ".json":
        found = json.loads(text)
        found = found if isinstance(found, list) else [found]
    else:
        found = [json.loads(line) for line in text.splitlines() if line.strip()]
    if not all(isinstance(one, dict) for one in found):
        raise ValueError("it holds something else than objects")
    return found
