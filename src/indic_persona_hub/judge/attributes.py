"""Attributes that a persona states, each with its words: read by rules, else as the model stated.

State is an ISO 3166-2 code, district an LGD code, residence, age band and gender are values of
`records`, occupation is a title of the reference table `occupations`. What is not stated is null.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

import daft
import pyarrow as pa
from daft import DataFrame, DataType, Series, col

from indic_persona_hub.judge.reading.attribute_rules import Value, by_rules_in
from indic_persona_hub.judge.reading.clauses import read
from indic_persona_hub.judge.reading.rulings import rulings
from indic_persona_hub.judge.reading.stated_values import as_written, normalised, state_of_district
from indic_persona_hub.records import ATTRIBUTE, ATTRIBUTES
from indic_persona_hub.reference.chunks import texts_of
from indic_persona_hub.stage import Stage, Workbench

_ALL = pa.struct([(name, ATTRIBUTE) for name in ATTRIBUTES])
_UNKNOWN: Final = (None, None, None)


class Attributes(Stage):
    """Maps personas with `origin_text` to `records.ATTRIBUTE_EVIDENCE`, one row a persona."""

    name: ClassVar[str] = "attributes"

    def apply(self, frame: DataFrame, bench: Workbench) -> DataFrame:
        """Columns `id` and one struct an attribute, null fields where it is not stated."""
        found = _by_batch(col("persona"), col("stated"), col("origin_text"))
        read_ = frame.select(col("id"), found.alias("_found"))
        return read_.select(col("id"), *(col("_found")[name].alias(name) for name in ATTRIBUTES))


@daft.func.batch(return_dtype=DataType.from_arrow_type(_ALL))
def _by_batch(personas: Series, stated: Series, origins: Series) -> Any:
    texts = texts_of(personas.to_arrow())
    ruled = texts.once(rulings).attributes
    rows = zip(ruled, texts.strings, stated.to_pylist(), origins.to_pylist(), strict=True)
    found = [_with_stated(*row) if row[2] else row[0] for row in rows]
    columns = [_structs([one.get(name) for one in found]) for name in ATTRIBUTES]
    return pa.StructArray.from_arrays(columns, fields=list(_ALL))


def _structs(values: Sequence[Value | None]) -> pa.Array:
    columns = zip(*(value or _UNKNOWN for value in values), strict=True) if values else [()] * 3
    arrays = [pa.array(column, pa.string()) for column in columns]
    return pa.StructArray.from_arrays(arrays, fields=list(ATTRIBUTE))


def attributes(
    persona: str | None,
    stated: Sequence[Mapping[str, str | None]] | None = None,
    origin_text: str | None = None,
) -> dict[str, Value]:
    """The attributes of one persona, by name; names that are not stated are left out.

    Args:
        persona: The persona's text.
        stated: What the model stated: fields `name`, `value`, `words`.
        origin_text: The text in which the model's words may stand, beside the persona's own.
    """
    return _with_stated(by_rules(persona or ""), persona or "", stated or (), origin_text)


def _with_stated(
    ruled: Mapping[str, Value],
    persona: str,
    stated: Sequence[Mapping[str, str | None]],
    origin_text: str | None,
) -> dict[str, Value]:
    """The attributes that rules found, and those that the model stated beside them."""
    found = dict(ruled)
    for name in ATTRIBUTES:
        for one in stated:
            if one["name"] == name and name not in found:
                value = _by_model(name, one, found, (persona, origin_text or ""))
                if value is not None:
                    found[name] = value
    if "district" in found and "state" not in found:
        district = found["district"]
        found["state"] = district._replace(value=state_of_district(district.value))
    return found


def by_rules(text: str) -> dict[str, Value]:
    """The attributes that `text` itself states, by name."""
    return by_rules_in(read(text))


def _by_model(
    name: str, one: Mapping[str, str | None], found: Mapping[str, Value], texts: tuple[str, str]
) -> Value | None:
    """The model's value as a code, if its words stand in a text and do not speak against it."""
    words = next((words for text in texts if (words := as_written(one["words"] or "", text))), None)
    if words is None:
        return None
    state = found["state"].value if "state" in found else None
    value = normalised(name, one["value"] or "", words, state)
    return None if value is None else Value(value, words, "model")
