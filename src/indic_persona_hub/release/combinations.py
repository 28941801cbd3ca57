"""Combinations of attribute values, as a release holds them.

A combination is the values of all attributes of a persona in the order of `records.ATTRIBUTES`,
None where one is not released. Of the two scopes, `sensitive` looks at personas with a sensitive
value, `all` at personas with any value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from indic_persona_hub import records
from indic_persona_hub.release.coarser import SENSITIVE, SENSITIVE_VALUES

Combination = tuple[str | None, ...]

_NAMES: Final = list(records.ATTRIBUTES)


def values_of(rows: pa.Table) -> pa.Table:
    """The attributes' values, string columns, of rows that hold a struct column for each."""
    columns = [pc.struct_field(rows[name], "value") for name in _NAMES]
    return pa.table(columns, names=_NAMES)


def in_question(values: pa.Table, over: str) -> pa.ChunkedArray:
    """Whether each row is in the scope `over`; a column of booleans."""
    if over == "all":
        marks = [pc.is_valid(values[name]) for name in _NAMES]
    else:
        marks = [pc.is_valid(values[name]) for name in SENSITIVE]
        marks += [
            pc.is_in(values[name], value_set=pa.array(some, pa.string()))
            for name, some in SENSITIVE_VALUES.items()
        ]
    first, *more = marks
    for one in more:
        first = pc.or_(first, one)
    return first


def counted(values: pa.Table, over: str) -> pa.Table:
    """The different combinations in the scope `over`, and `count`, how many rows have each."""
    rows = values.filter(in_question(values, over))
    grouped = rows.group_by(_NAMES, use_threads=False).aggregate([([], "count_all")])
    return grouped.rename_columns({"count_all": "count"})


def combinations(rows: pa.Table, over: str) -> Counter[Combination]:
    """The same of rows as `values_of` takes them."""
    found = counted(values_of(rows), over)
    columns = [found[name].to_pylist() for name in _NAMES]
    counts: list[int] = found["count"].to_pylist()
    return Counter(dict(zip(zip(*columns, strict=True), counts, strict=True)))


def combination_of(attributes: Mapping[str, Any], over: str) -> Combination | None:
    """The combination of a detailed line's `attributes`; None where it is not in the scope."""
    values = {name: one["value"] for name, one in attributes.items()}
    some = any(values.get(name) in held for name, held in SENSITIVE_VALUES.items())
    if over != "all" and not some and not any(name in values for name in SENSITIVE):
        return None
    return tuple(map(values.get, _NAMES)) if values else None
