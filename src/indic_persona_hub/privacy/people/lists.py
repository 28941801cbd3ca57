"""Lists of real people that the user gives: CSV, TSV, JSONL, JSON, Parquet, or a name a line."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from sys import intern
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from indic_persona_hub.errors import SourceError
from indic_persona_hub.privacy.people.known import KnownPerson
from indic_persona_hub.privacy.people.listed import Gazetteer

#: What public lists call the columns, in letters and digits only; the first that is there counts.
#: Labels go first: beside them, answers of Wikidata have columns of addresses.
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "name": (
        "personlabel", "itemlabel", "politicianlabel", "humanlabel", "name", "candidate",
        "candidatename", "member", "membername", "nameofmember", "nameofthemember", "mpname",
        "mlaname", "fullname", "person", "personname", "politician", "cand", "label",
    ),
    "role": (
        "positionlabel", "officelabel", "occupationlabel", "role", "office", "position",
        "currentposition", "designation", "post", "occupation", "profession", "title", "house",
    ),
    "party": (
        "partylabel", "party", "partyname", "politicalparty", "politicalpartyname", "partyabbr",
        "partyabbreviation", "group", "groupid", "onbehalfof",
    ),
    "place": (
        "constituencylabel", "electoraldistrictlabel", "placelabel", "place", "constituency",
        "constituencyname", "constituencyfromwhichiamelected", "pcname", "acname", "area",
        "areaname", "electoraldistrict", "district", "city", "state", "statename", "region",
    ),
}  # fmt: skip
#: The role that the name's own column states where no column states one.
_ROLE_OF_NAME: Final = {
    "candidate": "candidate", "candidatename": "candidate", "cand": "candidate",
    "member": "MP MLA member of parliament", "membername": "MP MLA member of parliament",
    "nameofmember": "MP MLA member of parliament",
    "nameofthemember": "MP MLA member of parliament", "mpname": "MP member of parliament",
    "mlaname": "MLA", "politician": "politician",
}  # fmt: skip

_Row = Mapping[str, Any]


def read_people(path: Path) -> tuple[KnownPerson, ...]:
    """The people of a list; a line without a name is passed over.

    By its ending a file is CSV (`.csv`), tab-separated (`.tsv`), JSONL (`.jsonl`, `.ndjson`), JSON
    (`.json`: an array, or what the query service of Wikidata answers), Parquet (`.parquet`), or
    else a name a line. Columns are recognised by the names that public lists give
    them (see `COLUMNS`); only the name must be there.

    Raises:
        SourceError: The file cannot be read, is not of its format, or has no column of names.
    """
    rows = _READERS.get(path.suffix.lower(), _plain_rows)
    try:
        people = tuple(_people(path, rows(path)))
    except (OSError, ValueError, csv.Error, pa.ArrowException) as error:
        raise SourceError(
            f"The list of people {path} cannot be read: {error}.",
            cure="Give CSV, TSV, JSONL, JSON or Parquet, or text with a name a line, in UTF-8.",
        ) from error
    if not people:
        raise SourceError(
            f"The list of people {path} names nobody.", cure="Check that it is the right file."
        )
    return people


def list_digest(path: Path) -> str:
    """64 hex digits of the list's content, for the fingerprint of what reads it.

    Raises:
        SourceError: The file cannot be read.
    """
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise SourceError(
            f"The list of people {path} cannot be read: {error}.", cure="Check its path."
        ) from error


def gazetteer_of(path: Path) -> Gazetteer:
    """The list at `path`, read again only where its content is another.

    Raises:
        SourceError: See `read_people`.
    """
    return _gazetteer(path, list_digest(path))


@lru_cache(maxsize=4)
def _gazetteer(path: Path, digest: str) -> Gazetteer:
    return Gazetteer(read_people(path))


def _people(path: Path, rows: Iterable[_Row]) -> Iterator[KnownPerson]:
    columns: tuple[str, ...] = ()
    fields: dict[str, str] = {}
    role, named = "", False
    for row in rows:
        if tuple(row) != columns:  # lines of JSON need not have the same
            columns, fields = tuple(row), _fields(row)
            role = "" if "role" in fields else _role_of(fields.get("name", ""))
        named = named or "name" in fields
        if not named:
            raise SourceError(
                f"The list of people {path} has no column of names.",
                cure=f"It has {', '.join(map(str, row))}: call the one with the names `name`.",
            )
        cells = {ours: intern(_cell(row.get(theirs))) for ours, theirs in fields.items()}
        if cells.get("name"):
            yield KnownPerson(**{"role": role, **cells})


def _role_of(column: str) -> str:
    return _ROLE_OF_NAME.get(_plain(column), "")


def _fields(row: _Row) -> dict[str, str]:
    theirs = {_plain(str(column)): str(column) for column in row}
    found = {
        ours: next((theirs[name] for name in names if name in theirs), None)
        for ours, names in COLUMNS.items()
    }
    return {ours: column for ours, column in found.items() if column is not None}


def _plain(column: str) -> str:
    return "".join(filter(str.isalnum, column)).casefold()


def _cell(value: object) -> str:
    """A cell as text; of several values, as lists and Wikidata have them, each."""
    if isinstance(value, dict):  # {"type": "literal", "value": ...}
        value = value.get("value")
    if isinstance(value, list):
        return "; ".join(filter(None, map(_cell, value)))
    return " ".join(str(value).split()) if value is not None else ""


def _csv_rows(path: Path) -> Iterator[_Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file, dialect="excel-tab" if path.suffix == ".tsv" else "excel")


def _json_rows(path: Path) -> Iterator[_Row]:
    with path.open(encoding="utf-8-sig") as file:
        for line in filter(str.strip, file):
            row = json.loads(line)
            yield row if isinstance(row, dict) else {"name": row}


def _json_table(path: Path) -> Iterator[_Row]:
    answer = json.loads(path.read_text("utf-8-sig"))
    if isinstance(answer, dict):
        results = answer.get("results", answer)
        answer = results.get("bindings") if isinstance(results, dict) else results
    if not isinstance(answer, list):
        raise ValueError("it holds neither an array nor the bindings of a query")
    yield from (row if isinstance(row, dict) else {"name": row} for row in answer)


def _parquet_rows(path: Path) -> Iterator[_Row]:
    with pq.ParquetFile(path, page_checksum_verification=True) as file:
        wanted = list(_fields(dict.fromkeys(file.schema_arrow.names)).values())
        for batch in file.iter_batches(columns=wanted or None):
            yield from batch.to_pylist()


def _plain_rows(path: Path) -> Iterator[_Row]:
    with path.open(encoding="utf-8-sig") as file:
        for line in filter(str.strip, file):
            yield {"name": line}


_READERS: Final[Mapping[str, Callable[[Path], Iterator[_Row]]]] = {
    ".csv": _csv_rows,
    ".tsv": _csv_rows,
    ".jsonl": _json_rows,
    ".ndjson": _json_rows,
    ".json": _json_table,
    ".parquet": _parquet_rows,
}
