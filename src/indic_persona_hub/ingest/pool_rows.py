"""Rows of a persona set as read: texts untouched, ids kept, what cannot be used named.

A row's own id comes from the set's name and the id that the row has there, or, where it has none,
from its text; so the same set gives the same ids however its rows are ordered.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from indic_persona_hub.ingest.rows import Field, Refused, Row, visible
from indic_persona_hub.records import METHODS, STATED, STATED_COLUMNS, content_id

#: A row of a persona set. `reason` and `reason_detail` are set where it cannot be used, with what
#: it was in `persona`; `place` says where it stands ("file.parquet:17").
POOL: Final = pa.schema(
    [
        ("id", pa.string()),
        ("persona", pa.large_string()),
        ("domain_label", pa.string()),
        ("stated_language", pa.string()),
        ("synth_method", pa.string()),
        ("model", pa.string()),
        ("source", pa.string()),
        ("source_id", pa.string()),
        ("source_licence", pa.string()),
        ("source_url", pa.string()),
        ("stated", STATED),  # cells of the columns that state an attribute, as they are
        ("place", pa.string()),
        ("reason", pa.string()),
        ("reason_detail", pa.string()),
    ]
)

#: A persona is at most so long; more is no persona but a file in the wrong place.
MAX_CHARACTERS: Final = 100_000
_PAYLOAD_CHARACTERS: Final = 2_000
_OURS: Final[Mapping[Field, str]] = {
    "domain": "domain_label",
    "language": "stated_language",
    "synth_method": "synth_method",
    "model": "model",
    "source": "source",
    "id": "source_id",
    "licence": "source_licence",
    "url": "source_url",
}


class Defaults(NamedTuple):
    """What holds for each row of a file that does not say otherwise; `file` is its name."""

    file: str
    source: str
    source_licence: str
    source_url: str | None
    synth_method: str
    model: str


def pool_of_table(
    columns: Mapping[Field, pa.Array], first_row: int, defaults: Defaults
) -> pa.Table:
    """Columns of a Parquet file, by our field, as `POOL`."""
    rows = len(columns["text"])
    numbers = range(first_row, first_row + rows)
    texts, refused = _texts(columns["text"], numbers)
    named = {ours: _strings(columns[theirs]) for theirs, ours in _OURS.items() if theirs in columns}
    named |= {name: _strings(columns[name]) for name in STATED_COLUMNS if name in columns}
    return _pool(texts, named, numbers, refused, defaults)


def pool_of_rows(found: Sequence[Row | Refused], defaults: Defaults) -> pa.Table:
    """Rows of a JSONL file as `POOL`."""
    refused = {
        place: (one.reason, one.detail, one.payload)
        for place, one in enumerate(found)
        if isinstance(one, Refused)
    }
    values = [{} if isinstance(one, Refused) else one.values for one in found]
    texts: list[str | None] = []
    for place, (one, row) in enumerate(zip(values, found, strict=True)):
        text = one.get("text")
        good = isinstance(text, str) and _is_utf8(text)
        texts.append(str(text) if good else None)
        if not good and place not in refused:
            refused[place] = _bad_text(text, getattr(row, "raw", None))
    named = {
        ours: pa.array([_cell(one.get(theirs)) for one in values], pa.string())
        for theirs, ours in (*_OURS.items(), *((name, name) for name in STATED_COLUMNS))
    }
    numbers = [row.number for row in found]
    return _pool(pa.array(texts, pa.large_string()), named, numbers, refused, defaults)


def _pool(
    texts: pa.Array,
    named: Mapping[str, pa.Array],
    numbers: Iterable[int],
    refused: dict[int, tuple[str, str, str]],
    defaults: Defaults,
) -> pa.Table:
    rows = len(texts)
    for place, (reason, detail) in _unusable(texts).items():
        text = texts[place].as_py() or ""
        refused.setdefault(place, (reason, detail, text[:_PAYLOAD_CHARACTERS]))
    columns = {name: _filled(named.get(name), rows, None) for name in _OURS.values()}
    for name in ("source", "source_licence", "source_url", "synth_method", "model"):
        columns[name] = _filled(named.get(name), rows, getattr(defaults, name))
    columns["synth_method"] = _methods(columns["synth_method"])
    columns["place"] = pa.array([f"{defaults.file}:{number}" for number in numbers], pa.string())
    columns["persona"] = _with_payloads(texts, refused)
    for name, part in (("reason", 0), ("reason_detail", 1)):
        columns[name] = _sparse(rows, {place: one[part] for place, one in refused.items()})
    columns["stated"] = _stated(named, rows)
    columns["id"] = pa.array(_ids(columns, refused), pa.string())
    return pa.table([columns[name] for name in POOL.names], schema=POOL)


def _stated(named: Mapping[str, pa.Array], rows: int) -> pa.Array:
    """Cells of the columns that state an attribute, a list a row; `words` are null."""
    names = [name for name in STATED_COLUMNS if name in named]
    if not names:
        return pa.nulls(rows, STATED)
    cells = pa.concat_arrays([named[name].cast(pa.string()) for name in names])
    by_row = np.arange(rows * len(names)).reshape(len(names), rows).T.ravel()
    filled = np.asarray(pc.greater(pc.fill_null(pc.utf8_length(cells), 0), 0))[by_row]
    starts = np.concatenate([[0], np.cumsum(filled.reshape(rows, len(names)).sum(axis=1))])
    values = cells.take(pa.array(by_row[filled]))
    of_name = np.tile(np.arange(len(names)), rows)[filled]
    spelled = pa.array(names, pa.string()).take(pa.array(of_name))
    parts = [spelled, values, pa.nulls(len(values), pa.string())]
    structs = pa.StructArray.from_arrays(parts, fields=list(STATED.value_type))
    return pa.ListArray.from_arrays(pa.array(starts.astype(np.int32)), structs).cast(STATED)


def _ids(columns: Mapping[str, pa.Array], refused: Mapping[int, object]) -> list[str]:
    names = ("source", "source_id", "persona", "place")
    rows = zip(*(columns[name].to_pylist() for name in names), strict=True)
    return [
        content_id(["refused", source, place])
        if number in refused
        else content_id(["pool", source, source_id] if source_id else ["pool", source, "", text])
        for number, (source, source_id, text, place) in enumerate(rows)
    ]


def _texts(
    column: pa.Array, numbers: Sequence[int]
) -> tuple[pa.Array, dict[int, tuple[str, str, str]]]:
    """The texts of a column, null where there is none, and why."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    kind = column.type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        bad = {
            place: (
                "missing_text",
                f"is of type {kind}" if value is not None else "null",
                str(value),
            )
            for place, value in enumerate(column.to_pylist())
        }
        return pa.nulls(len(numbers), pa.large_string()), bad
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        return _decoded(column.cast(pa.large_binary()).to_pylist())
    return column.cast(pa.large_string()), {}


def _decoded(
    cells: Sequence[bytes | None],
) -> tuple[pa.Array, dict[int, tuple[str, str, str]]]:
    texts: list[str | None] = []
    bad: dict[int, tuple[str, str, str]] = {}
    for place, cell in enumerate(cells):
        try:
            texts.append(None if cell is None else cell.decode("utf-8"))
        except UnicodeDecodeError as error:
            texts.append(None)
            shown = visible((cell or b"")[:_PAYLOAD_CHARACTERS])
            bad[place] = ("invalid_utf8", f"at byte {error.start}", shown)
    return pa.array(texts, pa.large_string()), bad


def _unusable(texts: pa.Array) -> dict[int, tuple[str, str]]:
    found: dict[int, tuple[str, str]] = {}
    lengths = pc.utf8_length(texts)
    blank = pc.equal(pc.utf8_length(pc.utf8_trim_whitespace(texts)), 0)
    for place in pc.indices_nonzero(pc.is_null(texts)).to_pylist():
        found[place] = ("missing_text", "null")
    for place in pc.indices_nonzero(pc.fill_null(blank, False)).to_pylist():
        found[place] = ("empty_text", "nothing but space")
    too_long = pc.fill_null(pc.greater(lengths, MAX_CHARACTERS), False)
    for place in pc.indices_nonzero(too_long).to_pylist():
        found[place] = ("too_long", f"{lengths[place].as_py():,} characters")
    return found


def _bad_text(text: object, raw: str | None) -> tuple[str, str, str]:
    payload = (raw or str(text))[:_PAYLOAD_CHARACTERS]
    if isinstance(text, str):
        return "invalid_utf8", "a lone surrogate", _cell(payload) or ""
    kind = "null" if text is None else f"is of type {type(text).__name__}"
    return "missing_text", kind, _cell(payload) or ""


def _with_payloads(texts: pa.Array, refused: Mapping[int, tuple[str, str, str]]) -> pa.Array:
    if not refused:
        return texts
    mask = _sparse(len(texts), {place: one[2] for place, one in refused.items()})
    bad = pa.array([place in refused for place in range(len(texts))], pa.bool_())
    return pc.if_else(bad, mask.cast(pa.large_string()), texts)


def _sparse(rows: int, values: Mapping[int, str]) -> pa.Array:
    if not values:
        return pa.nulls(rows, pa.string())
    return pa.array([values.get(place) for place in range(rows)], pa.string())


def _filled(column: pa.Array | None, rows: int, default: str | None) -> pa.Array:
    if column is None:
        return pa.nulls(rows, pa.string()) if default is None else pa.array([default] * rows)
    known = pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)
    return known if default is None else pc.fill_null(known, default)


def _methods(column: pa.Array) -> pa.Array:
    """Methods that we know; any other word is unknown."""
    known = pc.is_in(column, value_set=pa.array(METHODS))
    return pc.if_else(known, column, "unknown")


def _strings(column: pa.Array) -> pa.Array:
    """A column of any type as strings that UTF-8 can hold."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    try:
        plain = column.cast(pa.string())
        plain.validate(full=True)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            column = column.cast(pa.large_binary())
        return pa.array([_cell(one) for one in column.to_pylist()], pa.string())
    return plain


def _cell(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bytes):
        return visible(value)
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False, default=str)
    return str(value).encode("utf-8", "backslashreplace").decode("utf-8")


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # JSON may bring lone surrogates
        return False
    return True
