"""Rows of a JSONL file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from indic_persona_hub.ingest.lines import bounded_lines, refused_line
from indic_persona_hub.ingest.rows import Field, Fields, Refused, Row, no_column, visible

_MISSING = object()
_KEYS_KEPT = 200


def read_json_lines(path: Path, fields: Fields, max_line_bytes: int) -> Iterator[Row | Refused]:
    """Rows of a JSONL file; blank lines are no rows.

    A mapped name is a key, or a path of keys with dots ("meta.url").

    Raises:
        SourceError: The file cannot be read, or not one of its objects has the text field.
    """
    keys: dict[str, None] = {}
    has_text = False
    for line in bounded_lines(path, max_line_bytes):
        if line.too_long:
            yield refused_line(line, max_line_bytes)
        elif line.content.strip():
            found = _parse(line.number, line.content)
            if isinstance(found, Refused):
                yield found
                continue
            raw, value = found
            if len(keys) < _KEYS_KEPT:
                keys.update(dict.fromkeys(value))
            values = _mapped(value, fields)
            has_text = has_text or "text" in values
            yield Row(line.number, values, raw)
    if keys and not has_text:
        raise no_column(path, "text", fields["text"], list(keys))


def has_key(value: dict[str, object], name: str) -> bool:
    """Whether an object has a key, or a path of keys with dots."""
    return _at(value, name) is not _MISSING


def _parse(number: int, content: bytes) -> Refused | tuple[str, dict[str, object]]:
    try:
        raw = content.decode("utf-8")
    except UnicodeDecodeError as error:
        return Refused(number, "invalid_utf8", f"at byte {error.start}", visible(content))
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError) as error:
        return Refused(number, "not_json", str(error), raw)
    if not isinstance(value, dict):
        return Refused(number, "not_json", f"not an object: {type(value).__name__}", raw)
    return raw, value


def _mapped(value: dict[str, object], fields: Fields) -> dict[Field, object]:
    found = {ours: _at(value, theirs) for ours, theirs in fields.items()}
    return {ours: one for ours, one in found.items() if one is not _MISSING}


def _at(value: object, name: str) -> object:
    if isinstance(value, dict):
        if name in value:
            return value[name]
        head, dot, tail = name.partition(".")
        if dot and head in value:
            return _at(value[head], tail)
    return _MISSING
