"""Persona sets that others made: what the recipe reads, and how its rows become a pool."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import BaseModel, ConfigDict, Field, model_validator

from indic_persona_hub.errors import SourceError, nearest
from indic_persona_hub.ingest.json_lines import has_key, read_json_lines
from indic_persona_hub.ingest.lines import bounded_lines
from indic_persona_hub.ingest.parquet_rows import not_whole
from indic_persona_hub.ingest.pool_rows import Defaults, pool_of_rows, pool_of_table
from indic_persona_hub.ingest.rows import Field as RowField
from indic_persona_hub.ingest.rows import check_columns, no_column
from indic_persona_hub.ingest.sources import base_and_pattern, files_at, stem
from indic_persona_hub.ingest.usual_columns import FIELD_OF, PersonaField, usual_columns
from indic_persona_hub.records import STATED_COLUMNS

ENDINGS: Final = (".parquet", ".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")

#: Rows that one unit of reading holds at most, and that a batch of it holds.
_UNIT_ROWS: Final = 250_000
_BATCH_ROWS: Final = 20_000
_LINE_BYTES: Final = 16 * 2**20
#: Lines of a JSONL file in which its keys are looked for.
_LINES_LOOKED_AT: Final = 1000
#: Keys among which the nearest to one that is not there is looked for.
_KEYS_SHOWN: Final = 200


class PersonaSource(BaseModel):
    """A persona set that others made.

    Attributes:
        path: A Parquet or JSONL file, a folder (searched in depth), or a glob.
        name: The set's name in every record; by default the stem of the file or folder.
        licence: Licence of the personas, where no column states it row by row.
        url: Address of the set, for rows that have none of their own.
        synth_method: How the set was made, where no column states it row by row.
        model: The language model that wrote it, likewise.
        fields: Our field -> their column (in JSONL also a path of keys, "meta.url"). Columns that
            state an attribute are found under their usual names too (`usual_columns`); what is
            given here goes before.
        limit: Read the first so many rows only, for trials.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["personas"] = "personas"
    path: str = Field(min_length=1)
    name: str = Field("", min_length=1)
    licence: str = "unknown"
    url: str | None = None
    synth_method: Literal["text_to_persona", "persona_to_persona", "localise", "unknown"] = (
        "unknown"
    )
    model: str = Field("unknown", min_length=1)
    fields: dict[PersonaField, str] = {"persona": "persona"}
    limit: int | None = Field(None, ge=1)

    @model_validator(mode="before")
    @classmethod
    def _fill(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        filled = dict(given)
        if isinstance(given.get("path"), str):
            filled.setdefault("name", stem(given["path"]))
        if isinstance(given.get("fields"), dict):
            filled["fields"] = {"persona": "persona", **named_fields(given["fields"])}
        return filled

    def row_fields(self, columns: Iterable[str]) -> dict[RowField, str]:
        """The fields as the readers of rows call them, for a file with these columns."""
        taken = set(self.fields.values())
        usual = usual_columns((one for one in columns if one not in taken), STATED_COLUMNS)
        fields = {**usual, **self.fields}
        return {"text" if ours == "persona" else ours: one for ours, one in fields.items()}


def named_fields(given: Mapping[str, Any]) -> dict[PersonaField, Any]:
    """A mapping of columns by our fields, which may go by a usual name of theirs (`sex`: gender).

    Raises:
        ValueError: There is no such field, or one is given twice.
    """
    fields: dict[PersonaField, Any] = {}
    for name, theirs in given.items():
        ours = FIELD_OF.get(str(name).casefold())
        if ours is None:
            raise ValueError(f"there is no field '{name}'{nearest(str(name), FIELD_OF)}")
        if ours in fields:
            raise ValueError(f"the field '{ours}' is given twice, once as '{name}'")
        fields[ours] = theirs
    return fields


class PoolUnit(NamedTuple):
    """A stretch of a file that is read at once.

    Attributes:
        groups: Row groups of a Parquet file; empty for a file that is read whole.
        first_row: Number of its first row in the file, from 1.
        rows: At most so many of them are wanted; null: all.
    """

    path: Path
    groups: tuple[int, ...]
    first_row: int
    rows: int | None


def pool_files(source: PersonaSource) -> list[Path]:
    """The files of a set, sorted.

    Raises:
        SourceError: No file matches, or some are Parquet and some JSONL: a release has its personas
            in both, and each would be there twice.
    """
    files = files_at(source.path, source.name, "personas", ENDINGS)
    parquet = [one for one in files if one.suffix == ".parquet"]
    if parquet and len(parquet) < len(files):
        other = next(one for one in files if one.suffix != ".parquet")
        raise SourceError(
            f"Source '{source.name}': {source.path} holds Parquet and JSONL files, which may be the"
            f" same personas twice ({parquet[0]}, {other}).",
            cure="Name the files of one of them; of a release, its folder data.",
        )
    return files


def pool_units(source: PersonaSource) -> list[PoolUnit]:
    """The set in stretches of about 250,000 rows, in order.

    Raises:
        SourceError: No file matches, one is damaged, or a mapped column is not in it; of JSONL,
            where keys that say nothing may be left out, not in any of the files.
    """
    units: list[PoolUnit] = []
    left = source.limit
    files = pool_files(source)
    _check_keys(source, [path for path in files if path.suffix != ".parquet"])
    for path in files:
        if left is not None and left <= 0:
            break
        if path.suffix != ".parquet":
            if left is not None:
                raise SourceError(
                    f"Source '{source.name}': `limit` is for Parquet files, and {path} is none.",
                    cure="Leave `limit` out, or give a shorter file.",
                )
            units.append(PoolUnit(path, (), 1, None))
            continue
        for unit in _parquet_units(path, source.row_fields(())):
            if left is not None and left <= 0:
                break
            wanted = unit.rows if left is None else min(left, unit.rows or 0)
            units.append(unit._replace(rows=wanted))
            left = None if left is None else left - (unit.rows or 0)
    return units


def read_pool(source: PersonaSource, unit: PoolUnit) -> Iterator[pa.Table]:
    """The rows of a unit as `pool_rows.POOL`, every row once, refused ones with their reason.

    Raises:
        SourceError: The file is damaged, or a mapped column is not in it.
    """
    base, _ = base_and_pattern(source.path)
    path = unit.path
    name = path.name if path == base else path.relative_to(base).as_posix()
    defaults = Defaults(
        name, source.name, source.licence, source.url, source.synth_method, source.model
    )
    if path.suffix == ".parquet":
        yield from _parquet(source, unit, defaults)
        return
    fields = source.row_fields(_first_keys(path))
    found = read_json_lines(path, fields, _LINE_BYTES)
    while rows := list(islice(found, _BATCH_ROWS)):
        yield pool_of_rows(rows, defaults)


def _check_keys(source: PersonaSource, files: Sequence[Path]) -> None:
    """See that every mapped key is in an object of these JSONL files: the first, as a rule."""
    lacking = source.row_fields(())
    keys: dict[str, None] = {}
    for value in (one for path in files for one in _objects(path, None)):
        lacking = {ours: theirs for ours, theirs in lacking.items() if not has_key(value, theirs)}
        if not lacking:
            return
        if len(keys) < _KEYS_SHOWN:
            keys |= dict.fromkeys(value)
    if keys:
        ours, theirs = next(iter(lacking.items()))
        raise no_column(Path(source.path), ours, theirs, list(keys))


def _first_keys(path: Path) -> Sequence[str]:
    """The keys of the first objects of a JSONL file; one may lack what others have."""
    keys: dict[str, None] = {}
    for value in _objects(path, _LINES_LOOKED_AT):
        keys |= dict.fromkeys(value)
    return list(keys)


def _objects(path: Path, lines: int | None) -> Iterator[dict[str, Any]]:
    """The objects in the first so many lines of a JSONL file; what is none is passed over."""
    for line in islice(bounded_lines(path, _LINE_BYTES), lines):
        if line.content.strip() and not line.too_long:
            try:
                value = json.loads(line.content)
            except (ValueError, RecursionError):
                continue
            if isinstance(value, dict):
                yield value


def _parquet_units(path: Path, fields: Mapping[RowField, str]) -> Iterator[PoolUnit]:
    try:
        with pq.ParquetFile(path) as file:
            check_columns(path, fields, file.schema_arrow.names)
            sizes = [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)]
    except (pa.ArrowException, OSError) as error:
        raise not_whole(path, error) from error
    first, groups, rows = 1, list[int](), 0
    for number, size in enumerate(sizes):
        groups.append(number)
        rows += size
        if rows >= _UNIT_ROWS or number == len(sizes) - 1:
            yield PoolUnit(path, tuple(groups), first, rows)
            first, groups, rows = first + rows, [], 0


def _parquet(source: PersonaSource, unit: PoolUnit, defaults: Defaults) -> Iterator[pa.Table]:
    row, left = unit.first_row, unit.rows or 0
    try:
        with pq.ParquetFile(unit.path, page_checksum_verification=True) as file:
            fields = source.row_fields(file.schema_arrow.names)
            batches = file.iter_batches(
                _BATCH_ROWS, row_groups=list(unit.groups), columns=_columns(fields)
            )
            for batch in batches:
                taken = batch.slice(0, left)
                if taken.num_rows:
                    columns = {ours: taken.column(theirs) for ours, theirs in fields.items()}
                    yield pool_of_table(columns, row, defaults)
                row, left = row + batch.num_rows, left - taken.num_rows
    except (pa.ArrowException, OSError) as error:
        raise not_whole(unit.path, error) from error


def _columns(fields: Mapping[RowField, str]) -> Sequence[str]:
    return list(dict.fromkeys(fields.values()))
