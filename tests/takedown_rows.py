"""What a hub says of its rows, and who belongs together, told without the code under test."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from indic_persona_hub.run.build import build
from indic_persona_hub.run.hub import Hub
from indic_persona_hub.run.recipe import load_recipe
from indic_persona_hub.run.takedown import TakenDown, take_down
from indic_persona_hub.run.takedown_request import Request
from scripted_hub import corpus_texts, scripted_recipe, write_source


def build_of_sites(folder: Path) -> Path:
    """A small real hub in `folder`/hub whose pages have addresses, on five sites."""
    texts = [
        row | {"url": f"https://example.org/{number % 5}/{number}"}
        for number, row in enumerate(corpus_texts()[::3])
    ]
    small = ("engine.slices=2", "engine.workers=1")
    recipe = scripted_recipe(folder / "hub", write_source(folder / "texts.jsonl", texts), *small)
    first = recipe.sources[0]
    mapped = first.model_copy(update={"fields": {**first.fields, "url": "url"}})
    build(recipe.model_copy(update={"sources": (mapped,)}))
    return folder


def rebuilt(hub: Hub, *changes: str) -> Hub:
    recipe = load_recipe(hub.path / "recipe.yaml", changes)
    return build(recipe.model_copy(update={"hub": str(hub.path)}))


def rows_of(hub: Hub, table: str) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in hub.read(table).to_pylist()}


def kept_of(hub: Hub) -> set[str]:
    return {one for one, row in rows_of(hub, "verdicts").items() if row["kept"]}


def family(hub: Hub, origins: Iterable[str]) -> set[str]:
    """Origins (documents or personas) and everyone below them, told by walking up from each row."""
    personas, wanted = rows_of(hub, "personas"), set(origins)

    def is_below(one: str | None) -> bool:
        while one:
            row = personas.get(one)
            if one in wanted or (row and row["document_id"] in wanted):
                return True
            one = row["parent_id"] if row else None
        return False

    return {one for one in personas if is_below(one)}


def taken(hub: Hub, kind: Any, value: str) -> TakenDown:
    done = take_down(hub, Request(kind, value), reason="asked by mail")
    assert done is not None
    return done
