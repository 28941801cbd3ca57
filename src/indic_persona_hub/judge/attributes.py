"""Attributes that a persona states, each with its words: read by rules, else as the model stated.

State is an ISO 3166-2 code, district an LGD code, residence, age band and gender are values of
`records`, occupation is a title of the reference table `occupations`. What is not stated is null.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

import daft
import pyarrow as pa
from daft import DataFrame, DataType, Series, col

from indic_persona_hub.judge.ages import age_band
from indic_persona_hub.judge.clauses import Reading, Span, read
from indic_persona_hub.judge.places import home, mentions
from indic_persona_hub.judge.residence import residence
from indic_persona_hub.judge.roles import gender, occupation
from indic_persona_hub.judge.stated_values import as_written, normalised, state_of_district
from indic_persona_hub.records import ATTRIBUTE, ATTRIBUTES
from indic_persona_hub.stage import Stage, Workbench

_ALL = pa.struct([(name, ATTRIBUTE) for name in ATTRIBUTES])


class Value(NamedTuple):
    """An attribute with its evidence; see `records.ATTRIBUTE`."""

    value: str
    words: str
    origin: str


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
    rows = zip(personas.to_pylist(), stated.to_pylist(), origins.to_pylist(), strict=True)
    empty = {"value": None, "words": None, "origin": None}
    return pa.array(
        [
            {name: value._asdict() if (value := found.get(name)) else empty for name in ATTRIBUTES}
            for found in (attributes(*row) for row in rows)
        ],
        type=_ALL,
    )


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
    found = by_rules(persona or "")
    for name in ATTRIBUTES:
        for one in stated or ():
            if one["name"] == name and name not in found:
                value = _by_model(name, one, found, (persona or "", origin_text or ""))
                if value is not None:
                    found[name] = value
    if "district" in found and "state" not in found:
        district = found["district"]
        found["state"] = district._replace(value=state_of_district(district.value))
    return found


def by_rules(text: str) -> dict[str, Value]:
    """The attributes that `text` itself states, by name."""
    reading = read(text)
    places = mentions(reading)
    state, district = home(places)
    spans: dict[str, tuple[str, Span] | None] = {
        "state": state,
        "district": district,
        "residence": residence(reading, places),
        "age_band": age_band(reading),
        "gender": gender(reading),
        "occupation": occupation(reading),
    }
    return {name: _ruled(reading, *one) for name, one in spans.items() if one is not None}


def _ruled(reading: Reading, value: str, span: Span) -> Value:
    return Value(value, reading.words(span), "rule")


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
