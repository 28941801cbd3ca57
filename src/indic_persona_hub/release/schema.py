"""The JSON Schema of a release's rows, and a small check of a row against it.

The check knows the keywords that this schema uses, so that verifying needs no library beyond the
core ones; a test holds it equal to a full validator.
"""

from __future__ import annotations

import json
import re
from math import inf
from typing import Any, Final

from indic_persona_hub import records
from indic_persona_hub.release.coarser import WIDE_BANDS

_UUID: Final = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
_KIND: Final = {str: "string", int: "integer", float: "number", dict: "object", type(None): "null"}


def _text(description: str, **more: Any) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, **more, "description": description}


def _optional(description: str, **more: Any) -> dict[str, Any]:
    return {"type": ["string", "null"], **more, "description": description}


def _count(description: str) -> dict[str, Any]:
    return {"type": "integer", "minimum": 0, "description": description}


def _closed(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


_VALUES: Final[dict[str, dict[str, Any]]] = {
    "state": _text("ISO 3166-2 code of the state or union territory."),
    "district": _text("Code of the district in the Local Government Directory."),
    "residence": _text("Rural or urban.", enum=list(records.RESIDENCES)),
    "age_band": _text(
        "Age in years; one of the last four where few personas share the rest.",
        enum=[*records.AGE_BANDS, *dict.fromkeys(WIDE_BANDS.values())],
    ),
    "gender": _text("Gender.", enum=list(records.GENDERS)),
    "mother_tongue": _text("ISO 639-3 code, as Census of India 2011 groups mother tongues."),
    "religion": _text("Religion, where it is stated.", enum=list(records.RELIGIONS)),
    "community": _text("Community, where it is stated.", enum=list(records.COMMUNITIES)),
    "education": _text("Highest level completed.", enum=list(records.EDUCATION_LEVELS)),
    "occupation": _text("Title of the occupation."),
    "occupation_code": _text(
        "Code of the National Classification of Occupations 2015, as fine as it is known.",
        pattern="^[1-9][0-9]{0,3}$",
    ),
    "disability": _text("Kind of disability.", enum=list(records.DISABILITIES)),
}


def _attributes() -> dict[str, Any]:
    known = {}
    for name in records.ATTRIBUTES:
        parts = {
            "value": _VALUES[name],
            "words": _optional(
                "The words of the persona, or of its source, that state it; of a column its cell."
                " Null where few personas share the values.",
                minLength=1,
            ),
            "origin": _text(
                "A rule read it, the model stated it, or a column of the adopted set does.",
                enum=list(records.ORIGINS),
            ),
            "confidence": {
                "type": "number",
                "minimum": 0,
                "maximum": 1,
                "description": "How often such evidence is right; two decimals.",
            },
        }
        known[name] = _closed(parts, list(parts))
    return {**_closed(known, []), "description": "What is stated; what is absent is unknown."}


_ID = _text("UUID derived from the content; ids ascend.", format="uuid", pattern=_UUID)
_PERSONA = _text("The persona, in prose.")
_DOMAIN = _text("Canonical domain bucket.")

#: Fields of a detailed line, in the order in which every line has them.
FIELDS: Final[dict[str, dict[str, Any]]] = {
    "id": _ID,
    "persona": _PERSONA,
    "domain": _DOMAIN,
    "domain_label": _optional("The label that the model gave, before it went into its bucket."),
    "language": _text("ISO 639-3 code of the persona's text, und where it cannot be told."),
    "script": _optional("ISO 15924 code of the persona's script."),
    "synth_method": _text("How the persona was made.", enum=list(records.METHODS)),
    "confidence_score": {
        "type": "number",
        "minimum": 0,
        "maximum": 1,
        "description": "What the judges' evidence comes to, 1 is best; six decimals.",
    },
    "weight": {
        "type": ["number", "null"],
        "minimum": 0,
        "description": "What the persona counts for where the release has weights, 1 on average;"
        " six decimals. Null where each counts once.",
    },
    "model": _text("The language model that wrote the persona."),
    "model_licence": _text("Licence of that model's weights, or unknown."),
    "prompt_hash": _optional("sha256 of the prompt file; null where others made the persona."),
    "seed": {"type": ["integer", "null"], "description": "Seed of the draw, likewise."},
    "document_id": _optional("The document that the persona was inferred from."),
    "source": _optional(
        "Source of that document, or of the one at the root of the lineage; of an adopted persona,"
        " the set that it was adopted from."
    ),
    "source_licence": _optional("Licence of that source."),
    "source_url": _optional("Address of that document."),
    "source_id": _optional("Its id in that source; of an adopted persona, its own id there."),
    "stance": _optional("How the persona stands to the document (read, write, like, dislike)."),
    "parent_id": _optional(
        "The persona that this one was derived from; it need not be in the release."
    ),
    "relation": _optional("What this persona is to its parent."),
    "round": _count(
        "Round that made it: 0 from text, each of persona-to-persona one more, then those that fill"
        " gaps."
    ),
    "candidate": {
        "type": ["integer", "null"],
        "minimum": 0,
        "description": "Which of the candidates of one ask this persona was.",
    },
    "attributes": _attributes(),
}


def json_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a detailed line; `$defs.compact` is that of a compact row."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Persona",
        "description": "A line of detailed/*.jsonl. A row of data/*.parquet is $defs.compact.",
        **_closed(FIELDS, list(FIELDS)),
        "$defs": {
            "compact": _closed(
                {"id": _ID, "persona": _PERSONA, "domain": _DOMAIN}, ["id", "persona", "domain"]
            )
        },
    }


def schema_bytes() -> bytes:
    """`schema.json` as it is written."""
    return (json.dumps(json_schema(), indent=2) + "\n").encode()


def fault(line: Any, schema: dict[str, Any]) -> str | None:
    """What is wrong with `line` under `schema` in a few words, or None."""
    found = _fault(line, schema)
    return f"the line{found}" if found else None


def _fault(value: Any, schema: dict[str, Any]) -> str:
    """The rest of a sentence that begins with the place of `value`; empty where all is well."""
    kinds, kind = schema["type"], _KIND.get(type(value), "")
    allowed = (kinds,) if isinstance(kinds, str) else kinds
    if kind not in allowed and not (kind == "integer" and "number" in allowed):
        return f" is not {' or '.join(allowed)}"
    if kind == "object":
        return _fault_inside(value, schema)
    if kind == "string":
        return _fault_of_text(value, schema)
    if kind != "null" and not _is_within(value, schema):
        return " is out of range"
    return ""


def _fault_inside(value: dict[str, Any], schema: dict[str, Any]) -> str:
    properties = schema["properties"]
    if missing := [name for name in schema["required"] if name not in value]:
        return f" lacks {', '.join(missing)}"
    for name, one in value.items():
        if name not in properties:
            return f" has the unknown field {name!r}"
        if found := _fault(one, properties[name]):
            return f".{name}{found}"
    return ""


def _fault_of_text(value: str, schema: dict[str, Any]) -> str:
    if len(value) < schema.get("minLength", 0):
        return " is empty"
    if "pattern" in schema and not re.search(schema["pattern"], value):
        return " is not in form"
    if "enum" in schema and value not in schema["enum"]:
        return f" is not one of {', '.join(schema['enum'])}"
    return ""


def _is_within(value: float, schema: dict[str, Any]) -> bool:
    lowest, highest = schema.get("minimum", -inf), schema.get("maximum", inf)
    return bool(lowest <= value <= highest)
