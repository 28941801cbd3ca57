"""A small finished hub, written by hand: what a build would have left on the disk."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml

from indic_persona_hub import records
from indic_persona_hub.run.hub import RECIPE, Hub, write_file
from indic_persona_hub.run.ledger import Done, Ledger

_DOMAINS = ("agriculture", "public health", "रसोई", "a|b *c* <d> ![e](http://f)", "textiles")
_TEXTS = (
    "A 34-year-old nurse in Dharwad who keeps the night register of a district hospital.",
    "नाशिक की एक किसान जो प्याज़ की मंडी का भाव रोज़ लिखती है।",
    'கோவையில் நெசவுத் தொழிலாளி, தறி எண் 12 இன் "மேற்பார்வையாளர்".',
    "A weaver's daughter\u2028who says: \\ and / and 😀.",
)
_LANGUAGES = (("eng", "Latn"), ("hin", "Deva"), ("tam", "Taml"), ("und", None))


@dataclass(frozen=True)
class HandMade:
    """How the hub is filled. Persona texts and all else depend on the number of the row alone."""

    documents: int = 12
    children: int = 6
    ruled_out: int = 3
    slices: int = 2


def make_hub(folder: Path, shape: HandMade | None = None) -> Hub:
    """Write a hub: a persona a document, children of the first, children of two of those."""
    shape = shape or HandMade()
    hub = Hub(folder)
    documents = [_document(number) for number in range(shape.documents)]
    parents = [_persona(number, one) for number, one in enumerate(documents)]
    children = [_child(number, parents[number % len(parents)]) for number in range(shape.children)]
    rounds = [parents, children, [_child(100 + n, one) for n, one in enumerate(children[:2])]]
    verdicts = [
        _verdict(number, one, kept=number >= shape.ruled_out)
        for number, one in enumerate(chain(*rounds))
    ]
    for number in range(shape.slices):
        _write_slice(hub, number, shape.slices, documents, rounds, verdicts)
    _write_recipe(hub, shape.slices)
    _write_ledger(hub, shape)
    return hub


def _write_slice(
    hub: Hub,
    number: int,
    slices: int,
    documents: list[dict[str, Any]],
    rounds: list[list[dict[str, Any]]],
    verdicts: list[dict[str, Any]],
) -> None:
    def write(rows: list[dict[str, Any]], schema: pa.Schema, *place: Any) -> None:
        mine = [one for one in rows if records.slice_of(one["id"], slices) == number]
        full = [{name: one.get(name) for name in schema.names} for one in mine]
        table = pa.Table.from_pylist(full, schema).sort_by("id")
        write_file(hub.table_path(place[0], number, *place[1:]), table)

    write(documents, records.DOCUMENT, "documents")
    write(verdicts, records.VERDICT, "verdicts")
    for round_number, personas in enumerate(rounds):
        attributes = [_attributes(one) for one in personas]
        write(personas, records.PERSONA, "personas", round_number)
        write(attributes, records.ATTRIBUTE_EVIDENCE, "evidence/attributes", round_number)


def _document(number: int) -> dict[str, Any]:
    return {
        "id": records.content_id(["document", str(number)]),
        "text": f"What document {number} says.",
        "title": f"Title {number}",
        "source": None if number % 5 == 4 else f"source-{number % 3}",
        "licence": "CC-BY-4.0" if number % 3 else None,
        "url": f"https://example.org/{number}",
    }


def _persona(number: int, document: dict[str, Any]) -> dict[str, Any]:
    language, script = _LANGUAGES[number % len(_LANGUAGES)]
    return {
        "id": records.content_id(["persona", str(number)], prefix=document["id"]),
        "persona": f"{_TEXTS[number % len(_TEXTS)]} ({number})",
        "domain_label": None if number % 4 == 3 else _DOMAINS[number % 5].upper(),
        "language": language,
        "script": script,
        "synth_method": "text_to_persona",
        "model": "scripted",
        "model_licence": "Apache-2.0",
        "prompt_hash": "ab" * 32,
        "seed": 7,
        "document_id": document["id"],
        "passage_start": 0,
        "passage_end": 10,
        "stance": "read",
        "round": 0,
        "candidate": number % 3,
    }


def _child(number: int, parent: dict[str, Any]) -> dict[str, Any]:
    changes: dict[str, Any] = {
        "id": records.content_id(["child", str(number)], prefix=parent["id"]),
        "persona": f"Someone beside them, who carries the water ({number}).",
        "synth_method": "persona_to_persona",
        "document_id": None,
        "stance": None,
        "parent_id": parent["id"],
        "relation": "helper",
        "round": parent["round"] + 1,
    }
    return parent | changes


def _attributes(persona: dict[str, Any]) -> dict[str, Any]:
    known: dict[str, Any] = {"id": persona["id"]}
    if "Dharwad" in persona["persona"]:
        known["district"] = {
            "value": "530",
            "words": "Dharwad",
            "origin": "rule",
            "confidence": 0.75,
        }
        known["age_band"] = {
            "value": "25-34", "words": "34-year-old", "origin": "rule", "confidence": 0.5,
        }  # fmt: skip
    if "किसान" in persona["persona"]:
        known["occupation"] = {
            "value": "farmer", "words": "किसान", "origin": "model", "confidence": 0.25,
        }  # fmt: skip
    return known


def _verdict(number: int, persona: dict[str, Any], *, kept: bool) -> dict[str, Any]:
    reason = "judge:hedging" if number % 2 else "not_best_of_document"
    return {
        "id": persona["id"],
        "kept": kept,
        "reason": None if kept else reason,
        "confidence_score": (number * 37 % 101) / 100,
        "domain": _DOMAINS[(number + number // 7) % 5],
    }


def _write_recipe(hub: Hub, slices: int) -> None:
    recipe = {
        "hub": str(hub.path),
        "seed": 7,
        "sources": [{"path": str(hub.path.parent / "pages.jsonl")}],
        "stages": [{"ingest": {}}, {"text_to_persona": {}}, {"persona_to_persona": {}}, "hedging"],
        "engine": {"runner": "native", "workers": 1, "slices": slices},
    }
    (hub.path / RECIPE).write_text(yaml.safe_dump(recipe), encoding="utf-8")


def _write_ledger(hub: Hub, shape: HandMade) -> None:
    rows = shape.documents + shape.children
    ledger = Ledger(hub.ledger_path)
    # Out of order, as a rebuild leaves it; the numbers of `select` are stale.
    ledger.mark(
        [
            Done("select", 0, "f", "select", None, 99, 99, 98, {"over_cap": 1}),
            Done("text_to_persona", 0, "f", "text_to_persona", 0, 12, 20, 12, {"cut_off": 8}),
            Done("ingest", 0, "f", "ingest", None, 40, 40, 12, {"no_person": 20, "duplicate": 8}),
            Done("hedging/round-0", 0, "f", "hedging", 0, rows, rows, rows, fails=2),
        ]
    )
    ledger.note("select", "The target of 99 personas is out of reach.")
    ledger.note("domains", "")
    ledger.close()
