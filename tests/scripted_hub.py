"""Small real builds with the scripted model, and what to compare of them."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from indic_persona_hub.run.recipe import Recipe, parse_recipe
from indic_persona_hub.run.starter import corpus_folder, demo_recipe

#: Tables of a finished hub, the journal and ledger (which hold times of day) left out.
TABLES = ("documents", "personas", "evidence", "domains", "verdicts", "rejected", "gaps")


def corpus_texts() -> list[dict[str, Any]]:
    """The shipped corpus, row by row."""
    files = sorted(corpus_folder().glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def write_source(path: Path, rows: list[dict[str, Any]]) -> Path:
    """A JSONL source."""
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
    path.write_text("".join(lines), encoding="utf-8")
    return path


def scripted_recipe(hub: Path, source: Path, *changes: str) -> Recipe:
    """The demo's recipe over `source` with the scripted model."""
    base = demo_recipe(hub.parent, local=False)
    # All languages of the corpus: the scripted model minds none.
    every = ("stages.ingest.languages=[]", "stages.text_to_persona.candidates=2")
    recipe = parse_recipe(base.to_yaml(), (*every, *changes))
    sources = (recipe.sources[0].model_copy(update={"path": str(source)}),)
    return recipe.model_copy(update={"hub": str(hub), "sources": sources})


def file_digests(hub: Path) -> dict[str, str]:
    """sha256 of every table file, by its name in the hub."""
    return {
        str(path.relative_to(hub)): sha256(path.read_bytes()).hexdigest()
        for table in TABLES
        for path in sorted((hub / table).rglob("*"))
        if path.is_file()
    }


def release_digests(release: Path) -> dict[str, str]:
    """sha256 of every file of a release."""
    return {
        str(path.relative_to(release)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(release.rglob("*"))
        if path.is_file()
    }
