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
    if name not in ("confidence_score", records.WEIGHT):
        return values
    # A 32-bit number printed in full shows digits that it does not have.
    return [None if value is None else round(value, 6) for value in values]


def _attributes(rows: pa.Table) -> list[dict[str, dict[str, Any]]]:
    found: list[dict[str, dict[str, Any]]] = [{} for _ in range(rows.num_rows)]
    parts = tuple(field.name for field in records.ATTRIBUTE)
    for name in records.ATTRIBUTES:
        columns = [pc.struct_field(rows[name], part).to_pylist() for part in parts]
        for attributes, *values in zip(found, *columns, strict=True):
            if values[0] is not None:
                one = dict(zip(parts, values, strict=True))
                attributes[name] = one | {"confidence": round(one["confidence"], 2)}
    return found
