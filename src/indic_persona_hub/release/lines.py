"""Rows as detailed JSON lines."""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from indic_persona_hub import records
from indic_persona_hub.release.schema import FIELDS

_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
_SIMPLE = tuple(name for name in FIELDS if name != "attributes")


def detailed_lines(rows: pa.Table) -> bytes:
    """`rows` (see `kept.kept_rows`) as JSON lines, every field in the order of the schema."""
    columns = [_values(rows, name) for name in _SIMPLE]
    lines = [
        _ENCODER.encode(dict(zip(FIELDS, (*values, attributes), strict=True)))
        for *values, attributes in zip(*columns, _attributes(rows), strict=True)
    ]
    return ("\n".join(lines) + "\n").encode()


def _values(rows: pa.Table, name: str) -> list[Any]:
    values: list[Any] = rows[name].to_pylist()
    # A 32-bit score printed in full shows digits that it does not have.
    return [round(value, 6) for value in values] if name == "confidence_score" else values


def _attributes(rows: pa.Table) -> list[dict[str, dict[str, str | None]]]:
    found: list[dict[str, dict[str, str | None]]] = [{} for _ in range(rows.num_rows)]
    for name in records.ATTRIBUTES:
        parts = [
            pc.struct_field(rows[name], part).to_pylist() for part in ("value", "words", "origin")
        ]
        for attributes, value, words, origin in zip(found, *parts, strict=True):
            if value is not None:
                attributes[name] = {"value": value, "words": words, "origin": origin}
    return found
