"""The attributes that a release of ours states, line by line."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

import numpy as np
import pyarrow as pa

from indic_persona_hub.audit.coding.parts import Part, joined, part_of
from indic_persona_hub.audit.stewardship.gathering import Gathered, gather
from indic_persona_hub.audit.stewardship.lists import Lists
from indic_persona_hub.errors import SourceError
from indic_persona_hub.ingest.lines import Line, bounded_lines
from indic_persona_hub.records import ATTRIBUTE, ATTRIBUTES, WEIGHT

_BATCH_LINES: Final = 20_000
_LINE_BYTES: Final = 16 * 2**20


def release_units(path: Path) -> list[tuple[Path]]:
    """The detailed files of a release.

    Raises:
        SourceError: It has none.
    """
    files = sorted((path / "detailed").glob("*.jsonl"))
    if not files:
        raise SourceError(
            f"The release {path} has no detailed/*.jsonl, which hold the attributes.",
            cure=f"Audit {path / 'data'} to have them read from the texts.",
        )
    return [(file,) for file in files]


def part_of_lines(path: Path, lists: Lists | None) -> Part:
    """Codes of one detailed file, with the weights of its lines if it has any; a line of weight 0
    is as if it were not there.

    Args:
        lists: What is looked for in the texts; None: nothing is gathered from them.

    Raises:
        SourceError: The file cannot be read.
    """
    parts, rejected, first = list[Part](), Counter[str](), 1
    gathered = None if lists is None else Gathered.nothing(lists)
    lines = bounded_lines(path, _LINE_BYTES)
    while batch := list(islice(lines, _BATCH_LINES)):
        rows = list(_usable(batch, first, path.name, rejected))
        arrays = {
            name: pa.array([_attribute(row.attributes.get(name)) for row in rows], ATTRIBUTE)
            for name in ATTRIBUTES
        }
        part = part_of(arrays, len(rows))
        if any(row.weight is not None for row in rows):
            part.weights = np.array([1.0 if row.weight is None else row.weight for row in rows])
        parts.append(part)
        if gathered is not None and lists is not None:
            gather(gathered, [row.text for row in rows], [row.id for row in rows], arrays, lists)
        first += len(batch)
    whole = joined(parts)
    whole.rejected = rejected
    whole.gathered = None if gathered is None else gathered.small()
    return whole


class _Row(NamedTuple):
    """A persona's line; `id` is its own or, where it has none, the place of the line."""

    id: str
    text: str
    attributes: Mapping[str, Any]
    weight: float | None


def _usable(lines: list[Line], first: int, name: str, rejected: Counter[str]) -> Iterator[_Row]:
    """The personas' lines; what is none is counted."""
    for number, line in enumerate(lines, first):
        try:
            found = None if line.too_long else json.loads(line.content)
        except (ValueError, RecursionError):
            found = None
        attributes = found.get("attributes", {}) if isinstance(found, dict) else None
        if not isinstance(found, dict) or not isinstance(attributes, dict):
            rejected["line_too_long" if line.too_long else "not_json"] += 1
        elif not _is_weight(weight := found.get(WEIGHT)):
            rejected["bad_weight"] += 1
        elif weight != 0:
            own, text = found.get("id"), found.get("persona")
            place = own if isinstance(own, str) else f"{name}:{number}"
            yield _Row(place, text if isinstance(text, str) else "", attributes, weight)


def _is_weight(value: object) -> bool:
    if value is None:
        return True
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and 0 <= cast(float, value) < math.inf


def _attribute(value: object) -> dict[str, Any] | None:
    """The fields of an attribute that are of their kind; None where it states no value."""
    if not isinstance(value, dict) or not isinstance(value.get("value"), str):
        return None
    texts = {
        name: value[name] if isinstance(value.get(name), str) else None
        for name in ("value", "origin")
    }
    return {**texts, "words": None, "confidence": None}
