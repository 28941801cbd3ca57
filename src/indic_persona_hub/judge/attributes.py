"""Attributes of personas as codes, each with its words, who says so, and how reliable that is.

State is an ISO 3166-2 code, district an LGD code, mother tongue an ISO 639-3 code, occupation a
title of the reference tables `occupations` or `nco`, occupation_code one of NCO-2015; the others
are values of `records`. What is not stated is null.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

import daft
import numpy as np
import pyarrow as pa
from daft import DataFrame, DataType, Series, col

from indic_persona_hub.judge.reading.attribute_rules import Value, by_rules_in
from indic_persona_hub.judge.reading.clauses import read
from indic_persona_hub.judge.reading.rulings import rulings
from indic_persona_hub.judge.reading.settled import Settled, settled
from indic_persona_hub.records import ATTRIBUTE, ATTRIBUTE_EVIDENCE, ATTRIBUTES
from indic_persona_hub.reference.chunks import texts_of
from indic_persona_hub.stage import Stage, Workbench

_COLUMNS: Final = [field for field in ATTRIBUTE_EVIDENCE if field.name != "id"]
_ALL: Final = pa.struct(_COLUMNS)


class Attributes(Stage):
    """Maps personas with `origin_text` to `records.ATTRIBUTE_EVIDENCE`, one row a persona."""

    name: ClassVar[str] = "attributes"
    revision: ClassVar[int] = 3

    def apply(self, frame: DataFrame, bench: Workbench) -> DataFrame:
        """Columns `id`, one struct an attribute, null fields where it is not stated, and what of a
        set's columns was not recognised or is contradicted by the text.
        """
        found = _by_batch(col("persona"), col("stated"), col("origin_text"))
        read_ = frame.select(col("id"), found.alias("_found"))
        names = (field.name for field in _COLUMNS)
        return read_.select(col("id"), *(col("_found")[name].alias(name) for name in names))


@daft.func.batch(return_dtype=DataType.from_arrow_type(_ALL))
def _by_batch(personas: Series, stated: Series, origins: Series) -> Any:
    texts = texts_of(personas.to_arrow())
    ruled = texts.once(rulings).attributes
    rows = zip(ruled, texts.strings, stated.to_pylist(), origins.to_pylist(), strict=True)
    told = [
        settled(one, claims, (text, origin or "")) if claims else Settled(one)
        for one, text, claims, origin in rows
    ]
    columns = [_structs(told, name) for name in ATTRIBUTES]
    columns += [_lists([one.unrecognised for one in told], _ALL.field("unrecognised").type)]
    columns += [_lists([one.contradicted for one in told], _ALL.field("contradicted").type)]
    return pa.StructArray.from_arrays(columns, fields=_COLUMNS)


def _structs(told: Sequence[Settled], name: str) -> pa.Array:
    """The attribute `name` of each persona; few have any one, so only those are built."""
    found = [(place, one.found[name]) for place, one in enumerate(told) if name in one.found]
    places = np.full(len(told), -1, np.int64)
    places[[place for place, _ in found]] = np.arange(len(found))
    nowhere = places < 0
    take = pa.array(np.where(nowhere, 0, places), mask=nowhere)
    parts = zip(*(value for _, value in found), strict=True) if found else [()] * len(ATTRIBUTE)
    arrays = [
        pa.array(part, field.type).take(take) if found else pa.nulls(len(told), field.type)
        for part, field in zip(parts, ATTRIBUTE, strict=True)
    ]
    return pa.StructArray.from_arrays(arrays, fields=list(ATTRIBUTE))


def _lists(rows: Sequence[Sequence[tuple[str, ...]]], kind: pa.ListType) -> pa.Array:
    """Lists of structs from tuples, empty where there are none."""
    starts = np.concatenate([[0], np.cumsum([len(row) for row in rows], dtype=np.int64)])
    items = [item for row in rows if row for item in row]
    fields = list(kind.value_type)
    parts = zip(*items, strict=True) if items else [()] * len(fields)
    arrays = [pa.array(part, field.type) for part, field in zip(parts, fields, strict=True)]
    structs = pa.StructArray.from_arrays(arrays, fields=fields)
    return pa.ListArray.from_arrays(pa.array(starts.astype(np.int32)), structs).cast(kind)


def attributes(
    persona: str | None,
    stated: Sequence[Mapping[str, str | None]] | None = None,
    origin_text: str | None = None,
) -> Mapping[str, Value]:
    """The attributes of one persona, by name; names that are not stated are left out.

    Args:
        persona: The persona's text.
        stated: What the model stated, or cells of columns: fields `name`, `value`, `words`.
        origin_text: The text in which the model's words may stand, beside the persona's own.
    """
    return told_of(persona, stated, origin_text).found


def told_of(
    persona: str | None,
    stated: Sequence[Mapping[str, str | None]] | None = None,
    origin_text: str | None = None,
) -> Settled:
    """The same with what of a set's columns was not recognised, or is contradicted."""
    text = persona or ""
    return settled(by_rules(text), stated or (), (text, origin_text or ""))


def by_rules(text: str) -> dict[str, Value]:
    """The attributes that `text` itself states, by name."""
    return by_rules_in(read(text))
