"""Attributes of a stretch of a set to codes, and stretches to a whole set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from indic_persona_hub.audit.coding.coded import Coded, Known
from indic_persona_hub.audit.coding.informal_work import DOMESTIC, INFORMAL, work_codes
from indic_persona_hub.audit.stewardship.gathering import Gathered
from indic_persona_hub.judge.reading.columns import ATTRIBUTE_OF
from indic_persona_hub.records import AGE_BANDS, ATTRIBUTE, ATTRIBUTES
from indic_persona_hub.reference.dimensions import DIMENSIONS, codes

#: The dimension by which one sees whether an attribute's value was understood.
_DIMENSION_OF: Final[Mapping[str, str]] = {
    "state": "state",
    "district": "district",
    "residence": "residence",
    "age_band": "age_band",
    "gender": "sex",
    "mother_tongue": "language",
    "religion": "religion",
    "community": "community",
    "education": "education",
    "occupation_code": "occupation_division",
    "disability": "disability",
}
Codes = NDArray[np.int8] | NDArray[np.int16]
_INFANT: Final = AGE_BANDS.index("0-5")
_SMALL: Final = np.iinfo(np.int8).max
#: Of a stretch, and of a set, at most so many different values without a code are remembered.
_MOST_UNRECOGNISED: Final = 1_000
_CELL_CHARACTERS: Final = 80
UNRECOGNISED: Final = "unrecognised"


@dataclass
class Part:
    """A stretch of a set: see `coded.Coded`. Codes are of int8 where that holds them; `gathered` is
    for who reads the stretch to set.
    """

    rows: int = 0
    codes: dict[str, Codes] = field(default_factory=dict)
    rejected: Counter[str] = field(default_factory=Counter)
    attributes: dict[str, Known] = field(default_factory=dict)
    gathered: Gathered | None = None
    weights: NDArray[np.float64] | None = None


def part_of(found: Mapping[str, pa.Array], rows: int) -> Part:
    """Codes of a table of attributes.

    Args:
        found: Arrays of `records.ATTRIBUTE` by name, and `unrecognised` as `records.UNRECOGNISED`;
            what is absent is unknown in every row.
    """
    columns = {name: _struct(found.get(name), rows) for name in ATTRIBUTES}
    values = {name: _field(column, "value") for name, column in columns.items()}
    part = Part(rows)
    for name, dimension in DIMENSIONS.items():
        part.codes[name] = _narrow(codes(name, values), len(dimension.values))
    for name in ("education", "literacy"):  # tabulated of persons aged 7 and over
        part.codes[name][part.codes["age_band"] == _INFANT] = -1
    for name, numbers in work_codes(values).items():
        part.codes[name] = _narrow(numbers, 2)
    for name, column in columns.items():
        part.attributes[name] = _known(name, values[name], _field(column, "origin"), part)
    if UNRECOGNISED in found:
        for name, cells in _unrecognised(found[UNRECOGNISED]).items():
            merge(part.attributes[name], Known(0, Counter(), cells))
    return part


def joined(parts: Iterable[Part]) -> Part:
    """One part of several, in their order; the parts are emptied, so that memory holds one copy."""
    parts = list(parts)
    whole = Part(sum(one.rows for one in parts))
    for name in (*DIMENSIONS, INFORMAL, DOMESTIC):
        arrays = [one.codes.pop(name) for one in parts if one.rows]
        nothing: Codes = np.zeros(0, np.int8)
        whole.codes[name] = cast(Codes, np.concatenate(arrays)) if arrays else nothing
    whole.weights = _weights(parts)
    for one in parts:
        whole.rejected.update(one.rejected)
        for name, known in one.attributes.items():
            merge(whole.attributes.setdefault(name, Known()), known)
    return whole


def as_coded(part: Part) -> Coded:
    """The whole set."""
    wide: dict[str, NDArray[np.int16]] = {}
    for name in list(part.codes):
        wide[name] = part.codes.pop(name).astype(np.int16)
    everything = (part.attributes, part.gathered, part.weights)
    return Coded(part.rows, wide, dict(part.rejected), *everything)


def _weights(parts: list[Part]) -> NDArray[np.float64] | None:
    """The weights of all parts; a row without one beside others that have one counts 1."""
    if all(one.weights is None for one in parts):
        return None
    return np.concatenate(
        [np.ones(one.rows) if one.weights is None else one.weights for one in parts]
    )


def merge(into: Known, other: Known) -> None:
    """Add what is known of other rows."""
    into.rows += other.rows
    into.origins.update(other.origins)
    into.unrecognised.update(other.unrecognised)
    if len(into.unrecognised) > _MOST_UNRECOGNISED:
        ordered = sorted(into.unrecognised.items(), key=lambda one: (-one[1], one[0]))
        into.unrecognised = Counter(dict(ordered[:_MOST_UNRECOGNISED]))


def _known(name: str, values: pa.Array, origins: pa.Array, part: Part) -> Known:
    stated = pc.is_valid(values)
    known = Known(int(pc.sum(stated, min_count=0).as_py()))
    known.origins = _counts(origins.filter(stated))
    if name in _DIMENSION_OF:
        without = pa.array(part.codes[_DIMENSION_OF[name]] < 0)
        merge(known, Known(0, Counter(), _counts(values.filter(pc.and_(stated, without)))))
    return known


def _unrecognised(lists: pa.Array | pa.ChunkedArray) -> dict[str, Counter[str]]:
    """Cells of columns that mean no value of ours, by attribute; long ones are cut."""
    cells: dict[str, Counter[str]] = {}
    for one in pc.list_flatten(lists).to_pylist():
        name = ATTRIBUTE_OF.get(one["name"])
        if name is not None:
            cells.setdefault(name, Counter())[one["cell"][:_CELL_CHARACTERS]] += 1
    return cells


def _counts(texts: pa.Array) -> Counter[str]:
    pairs = zip(*(texts.value_counts().field(n).to_pylist() for n in (0, 1)), strict=True)
    return Counter({str(value): count for value, count in pairs if value is not None})


def _narrow(numbers: NDArray[np.int16], size: int) -> Codes:
    return numbers.astype(np.int8) if size <= _SMALL else numbers


def _struct(column: pa.Array | pa.ChunkedArray | None, rows: int) -> pa.Array:
    if column is None:
        return pa.nulls(rows, ATTRIBUTE)
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _field(column: pa.Array, name: str) -> pa.Array:
    return pc.struct_field(column, name)


def named(table: pa.Table) -> dict[str, pa.Array]:
    """The columns that `part_of` reads, by name, of a table as `records.ATTRIBUTE_EVIDENCE` that
    may lack some: an older hub has fewer attributes.
    """
    names = (*ATTRIBUTES, UNRECOGNISED)
    return {name: table[name] for name in names if name in table.column_names}
