"""Curation of a persona set in one call: the recipe of `iph curate`."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Final, get_args

import pyarrow as pa
import pyarrow.parquet as pq

from indic_persona_hub.errors import RecipeError, SourceError, nearest
from indic_persona_hub.ingest.lines import bounded_lines, unreadable
from indic_persona_hub.ingest.persona_sets import ENDINGS, PersonaField, PersonaSource, pool_files
from indic_persona_hub.run.recipe import Recipe, parse_recipe
from indic_persona_hub.run.source_sample import pool_rows

#: What columns of our fields are often called, likeliest first.
_OFTEN: Final[Mapping[PersonaField, tuple[str, ...]]] = {
    "persona": ("persona", "text"),
    "domain": ("domain", "domain_label"),
    "id": ("id", "uuid"),
    "language": ("language", "lang"),
    "licence": ("licence", "license"),
    "source": ("source",),
    "url": ("url",),
    "synth_method": ("synth_method",),
    "model": ("model",),
}
_LINE_BYTES: Final = 16 * 2**20
_ROWS_A_SLICE: Final = 62_500


def curation_recipe(
    path: Path,
    out: Path,
    *,
    preset: str = "persona_hub",
    cap: int | None = None,
    target: int | None = None,
    fields: Mapping[str, str] | None = None,
) -> Recipe:
    """The recipe that curates the persona set at `path` into `out`/hub.

    Args:
        path: A Parquet or JSONL file, a folder of them, or a glob.
        preset: Of near duplicates.
        cap: Most personas in one domain; null: the default of `select`.
        target: Exactly this many where so many pass.
        fields: Our field -> their column; what is not named is looked for under its usual names.

    Raises:
        RecipeError: A field or the preset is unknown.
        SourceError: Nothing is there, or no column can hold the personas.
    """
    source = _source(path, fields or {})
    rows, _ = pool_rows([source])
    slices = max(1, -(-rows // _ROWS_A_SLICE))
    changes = [
        f"stages.near_duplicates.preset={preset}",
        f"engine.slices={slices}",
        f"engine.workers={min(slices, len(os.sched_getaffinity(0)))}",
    ]
    changes += [f"select.cap={cap}"] if cap is not None else []
    changes += [f"select.target={target}"] if target is not None else []
    text = (resources.files(__package__) / "curate.yaml").read_text(encoding="utf-8")
    recipe = parse_recipe(text, tuple(changes))
    return recipe.model_copy(update={"hub": str(out / "hub"), "sources": (source,)})


def _source(path: Path, fields: Mapping[str, str]) -> PersonaSource:
    known = get_args(PersonaField)
    for ours in fields:
        if ours not in known:
            raise RecipeError(
                f"--map: there is no field '{ours}'{nearest(ours, known)}.",
                cure=f"Fields are {', '.join(known)}; write --map persona=THEIR_COLUMN.",
            )
    named = PersonaSource(path=str(path))
    first = pool_files(named)[0]
    columns = _columns(first)
    found = {ours: next((one for one in often if one in columns), None)
             for ours, often in _OFTEN.items()}  # fmt: skip
    mapped = {ours: one for ours, one in found.items() if one is not None} | dict(fields)
    if "persona" not in mapped:
        raise SourceError(
            f"{first} has no column 'persona' or 'text'; it has: {', '.join(columns)}.",
            cure="Say which column holds the text: --map persona=THEIR_COLUMN.",
        )
    return PersonaSource.model_validate(
        {"kind": "personas", "path": str(path), "name": named.name, "fields": mapped}
    )


def _columns(path: Path) -> Sequence[str]:
    """Names of the columns of a file: of JSONL, the keys of its first object."""
    try:
        if path.suffix == ".parquet":
            return list(pq.read_schema(path).names)
        if not path.name.endswith(ENDINGS):
            raise SourceError(f"{path} is neither Parquet nor JSONL.", cure="Convert it first.")
        first = next(bounded_lines(path, _LINE_BYTES), None)
        return list(json.loads(first.content)) if first else []
    except (OSError, pa.ArrowException) as error:
        raise unreadable(path, error) from error
    except ValueError as error:
        raise SourceError(
            f"The first line of {path} is not a JSON object: {error}.",
            cure="JSONL has one object a line.",
        ) from error
