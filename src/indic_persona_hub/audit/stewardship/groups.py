"""The groups of people whose personas are laid beside the rest of the set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from indic_persona_hub import reference
from indic_persona_hub.audit.labels import value_label
from indic_persona_hub.records import (
    AGE_BANDS,
    COMMUNITIES,
    DISABILITIES,
    GENDERS,
    RELIGIONS,
    RESIDENCES,
)

STAGES: Final[Mapping[str, tuple[str, ...]]] = {
    "0-17": AGE_BANDS[:3],
    "18-34": AGE_BANDS[3:5],
    "35-59": AGE_BANDS[5:7],
    "60+": AGE_BANDS[7:],
}
#: Attribute that each dimension is read from.
_ATTRIBUTES: Final[Mapping[str, str]] = {
    "gender": "gender",
    "religion": "religion",
    "community": "community",
    "disability": "disability",
    "state": "state",
    "residence": "residence",
    "age": "age_band",
}
#: Texts name these of those who have them and are silent about all others: the rest of the set is
#: then every other row, not only those that state another value.
NAMED_WHERE_THEY_HOLD: Final = frozenset({"community", "disability"})
#: Dimensions of which a stereotype is about people, not about the crops of a state or school age.
OF_PEOPLE: Final = frozenset({"gender", "religion", "community", "disability"})
_LABELS: Final[Mapping[tuple[str, str], str]] = {
    ("gender", "female"): "women and girls",
    ("gender", "male"): "men and boys",
    ("gender", "transgender"): "transgender persons",
    ("community", "other_backward_class"): "Other Backward Classes",
    ("community", "general"): "general category",
    ("disability", "any"): "persons with a disability",
    ("religion", "other"): "other religions",
}


class Group(NamedTuple):
    """One value of a dimension."""

    dimension: str
    value: str

    @property
    def label(self) -> str:
        """The group in words."""
        if self in _LABELS:
            return _LABELS[self]
        if self.dimension == "age":
            return f"aged {self.value}"
        return value_label(self.dimension, self.value)


def _groups() -> tuple[Group, ...]:
    states = reference.load("states")["code"].to_pylist()
    values: Mapping[str, tuple[str, ...]] = {
        "gender": GENDERS,
        "religion": RELIGIONS,
        "community": COMMUNITIES,
        "disability": ("any",),
        "state": tuple(states),
        "residence": RESIDENCES,
        "age": tuple(STAGES),
    }
    return tuple(Group(name, value) for name, all_of in values.items() for value in all_of)


#: All groups; what is counted by group has one column a group, in this order, and one of all rows.
GROUPS: Final = _groups()
DIMENSIONS: Final = tuple(_ATTRIBUTES)
ALL_ROWS: Final = len(GROUPS)
COLUMNS: Final = len(GROUPS) + 1
PLACES: Final[Mapping[Group, int]] = {one: place for place, one in enumerate(GROUPS)}


def places_of(dimension: str) -> list[int]:
    """The columns of the groups of a dimension."""
    return [place for place, one in enumerate(GROUPS) if one.dimension == dimension]


def belonging(found: Mapping[str, pa.Array | pa.ChunkedArray], rows: int) -> NDArray[np.bool_]:
    """Which rows (first axis) belong to which of `COLUMNS`; to the last one all do.

    Args:
        found: Arrays of `records.ATTRIBUTE` by name; what is absent is unknown in every row.
    """
    table = np.zeros((rows, COLUMNS), np.bool_)
    table[:, ALL_ROWS] = True
    for dimension, attribute in _ATTRIBUTES.items():
        if attribute in found:
            codes = _codes(dimension, found[attribute])
            known = np.flatnonzero(codes >= 0)
            table[known, codes[known]] = True
    return table


def _codes(dimension: str, column: pa.Array | pa.ChunkedArray) -> NDArray[np.int64]:
    """The column of the group that each row belongs to, -1 where unknown."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    of_values = _columns_of(dimension)
    values = pa.array(list(of_values), pa.string())
    written = pc.struct_field(whole, "value").cast(pa.string())
    places = pc.fill_null(pc.index_in(written, value_set=values), -1).to_numpy(False)
    columns = np.array([*of_values.values(), -1], np.int64)
    found: NDArray[np.int64] = columns[places]
    return found


def _columns_of(dimension: str) -> dict[str, int]:
    """The group of each value of an attribute."""
    if dimension == "age":
        return {
            band: PLACES[Group("age", stage)] for stage, bands in STAGES.items() for band in bands
        }
    if dimension == "disability":
        return dict.fromkeys(DISABILITIES, PLACES[Group("disability", "any")])
    return {GROUPS[place].value: place for place in places_of(dimension)}
