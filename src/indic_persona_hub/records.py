"""What walks through the hub: table schemas and content-derived ids.

A page is a row of a source; a document is a page that may carry a person; a persona is one imagined
person; evidence is what a judge measured on it; a verdict is what the selectors decided.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from hashlib import blake2b
from typing import Final

import pyarrow as pa

#: `unknown` is that of a persona set whose makers do not say.
METHODS: Final = ("text_to_persona", "persona_to_persona", "localise", "unknown")
UNKNOWN_LANGUAGE: Final = "und"  # ISO 639-3 "undetermined"

#: Attributes that a persona may state. What is not stated is unknown, never guessed.
ATTRIBUTES: Final = (
    "state", "district", "residence", "age_band", "gender", "mother_tongue", "religion",
    "community", "education", "occupation", "occupation_code", "disability",
)  # fmt: skip

AGE_BANDS: Final = ("0-5", "6-12", "13-17", "18-24", "25-34", "35-44", "45-59", "60-74", "75+")
GENDERS: Final = ("female", "male", "transgender")
RESIDENCES: Final = ("rural", "urban")
#: As the Census of India counts them. `other` is any other religion that is named ("Sarna").
RELIGIONS: Final = ("hindu", "muslim", "christian", "sikh", "buddhist", "jain", "other")
#: Where it is stated in so many words; never from a name, a surname, a festival or food.
COMMUNITIES: Final = ("scheduled_caste", "scheduled_tribe", "other_backward_class", "general")
#: The highest level completed, in order. `primary` is class 5, `middle` 8, `secondary` 10.
EDUCATION_LEVELS: Final = (
    "illiterate", "below_primary", "primary", "middle", "secondary", "higher_secondary",
    "diploma", "graduate", "postgraduate",
)  # fmt: skip
#: Kinds of disability of the Census of India 2011.
DISABILITIES: Final = (
    "seeing", "hearing", "speech", "movement", "intellectual", "mental_illness", "multiple",
    "other",
)  # fmt: skip

#: A row of a source, before ingest. `row` says where in the source it stands ("file.jsonl:17").
PAGE: Final = pa.schema(
    [
        ("row", pa.string()),
        ("text", pa.string()),
        ("title", pa.string()),
        ("source", pa.string()),
        ("licence", pa.string()),
        ("url", pa.string()),
        ("source_id", pa.string()),  # the row's own id in its source, null where it has none
        ("stated_language", pa.string()),  # ISO 639-3 or 639-1 as the source states it, or null
    ]
)

#: `script` is ISO 15924; `language` is ISO 639-3, `und` where it cannot be told. `romanised` marks
#: an Indian language in Latin script, whose language is then only known where the source states it.
DOCUMENT: Final = pa.schema(
    [
        ("id", pa.string()),
        ("text", pa.string()),
        ("title", pa.string()),
        ("source", pa.string()),
        ("licence", pa.string()),
        ("url", pa.string()),
        ("source_id", pa.string()),
        ("row", pa.string()),
        ("language", pa.string()),
        ("script", pa.string()),
        ("romanised", pa.bool_()),
    ]
)

#: Columns of an adopted set that may state an attribute; `age` is in years or a band of years, and
#: where `country` is not India, there is no state and no district.
STATED_COLUMNS: Final = (
    "country", "state", "district", "residence", "age", "gender", "mother_tongue", "religion",
    "community", "education", "occupation", "disability",
)  # fmt: skip

#: An attribute as the model stated it, with the words of the source that support it; of an adopted
#: persona a cell of one of `STATED_COLUMNS`, as it is, with null `words`.
STATED: Final = pa.list_(
    pa.struct([("name", pa.string()), ("value", pa.string()), ("words", pa.string())])
)

#: A persona as it was generated. `document_id` is set for text_to_persona with the span (in
#: characters) of the passage that the model read; `parent_id`, `relation` for persona_to_persona.
#: `journal_key` finds the call that wrote the persona, `sketch_key` the one that read the passage
#: where that was another. `repaired` says that the reply had to be mended to be read. A persona
#: adopted from a set that others made has no document: `source` is that set, `source_id` its id
#: there, and `source_row` where it stands.
PERSONA: Final = pa.schema(
    [
        ("id", pa.string()),
        ("persona", pa.string()),
        ("domain_label", pa.string()),
        ("language", pa.string()),
        ("script", pa.string()),
        ("synth_method", pa.string()),
        ("model", pa.string()),
        ("model_licence", pa.string()),
        ("prompt_hash", pa.string()),
        ("seed", pa.int64()),
        ("document_id", pa.string()),
        ("passage_start", pa.int32()),
        ("passage_end", pa.int32()),
        ("stance", pa.string()),
        ("parent_id", pa.string()),
        ("relation", pa.string()),
        ("round", pa.int32()),
        ("candidate", pa.int32()),
        ("stated", STATED),
        ("journal_key", pa.string()),
        ("sketch_key", pa.string()),
        ("repaired", pa.bool_()),
        ("source", pa.string()),
        ("source_id", pa.string()),
        ("source_licence", pa.string()),
        ("source_url", pa.string()),
        ("source_row", pa.string()),
    ]
)


def as_personas(table: pa.Table) -> pa.Table:
    """`PERSONA` with null in the columns that `table` does not have."""
    present = set(table.column_names)
    columns = [
        table[field.name].cast(field.type)
        if field.name in present
        else pa.nulls(table.num_rows, field.type)
        for field in PERSONA
    ]
    return pa.table(columns, schema=PERSONA)


#: One judge's evidence on one persona. `score` is in [0, 1], 1 is best; `fails` is the judge's own
#: threshold applied to `value`; `detail` shows what was found (the words, the other id).
EVIDENCE: Final = pa.schema(
    [
        ("id", pa.string()),
        ("value", pa.float32()),
        ("score", pa.float32()),
        ("fails", pa.bool_()),
        ("detail", pa.string()),
    ]
)

#: Who says so: a column of an adopted set, a rule that read the text, or the model.
ORIGINS: Final = ("rule", "model", "column")
#: An attribute with its evidence: `words` are the persona's (or source's) own words, or the cell of
#: the column; `origin` is one of `ORIGINS`; `confidence` in (0, 1] is how often such evidence is
#: right; all null where the attribute is not stated.
ATTRIBUTE: Final = pa.struct(
    [
        ("value", pa.string()),
        ("words", pa.string()),
        ("origin", pa.string()),
        ("confidence", pa.float32()),
    ]
)
#: Cells of columns that mean no value of ours: the column and the cell as it is.
UNRECOGNISED: Final = pa.list_(pa.struct([("name", pa.string()), ("cell", pa.string())]))
#: What the text states otherwise than a column, which wins: the attribute, the text's value, words.
CONTRADICTED: Final = pa.list_(
    pa.struct([("name", pa.string()), ("value", pa.string()), ("words", pa.string())])
)
ATTRIBUTE_EVIDENCE: Final = pa.schema(
    [
        ("id", pa.string()),
        *((name, ATTRIBUTE) for name in ATTRIBUTES),
        ("unrecognised", UNRECOGNISED),
        ("contradicted", CONTRADICTED),
    ]
)

#: `reason` is null where kept, else `judge:<name>`, `below_confidence`, `not_best_of_document`,
#: `over_cap`, `over_target` or `taken_down`; of a selection that matches official tables,
#: `not_drawn` or `unknown_attribute`. Where it gives weights, `WEIGHT` (float32) follows.
VERDICT: Final = pa.schema(
    [
        ("id", pa.string()),
        ("kept", pa.bool_()),
        ("reason", pa.string()),
        ("confidence_score", pa.float32()),
        ("domain", pa.string()),
    ]
)

#: What a kept row counts for in a release with weights: 1 on average, null where not kept.
WEIGHT: Final = "weight"

#: A row that a stage dropped. `row` is the id or place of the row; `payload` is what was dropped.
REJECTED: Final = pa.schema(
    [
        ("stage", pa.string()),
        ("row", pa.string()),
        ("reason", pa.string()),
        ("detail", pa.string()),
        ("payload", pa.string()),
    ]
)


def content_id(parts: Iterable[str], *, prefix: str = "") -> str:
    """A 128-bit UUID string (RFC 9562 version 8) derived from `parts`.

    Args:
        parts: Everything that makes the row what it is, in a fixed order.
        prefix: An id whose first 16 bits are taken over, so that a persona shares the slice of the
            document or parent that it comes from and lineage never crosses slices.
    """
    digest = blake2b(digest_size=16)
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "big") + encoded)
    raw = bytearray(digest.digest())
    if prefix:
        raw[:2] = bytes.fromhex(prefix[:4])
    raw[6] = (raw[6] & 0x0F) | 0x80
    raw[8] = (raw[8] & 0x3F) | 0x80
    return str(uuid.UUID(bytes=bytes(raw)))


def slice_of(row_id: str, slices: int) -> int:
    """The slice, 0 to `slices` - 1, that holds the row with this id."""
    return int(row_id[:4], 16) * slices >> 16


def unit_interval(*parts: str) -> float:
    """Seeded chance: a number in [0, 1) that depends on nothing but `parts`."""
    digest = blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64
