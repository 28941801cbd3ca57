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

from indic_persona_hub.errors import RecipeError, SourceError
from indic_persona_hub.ingest.lines import bounded_lines, unreadable
from indic_persona_hub.ingest.persona_sets import (
    ENDINGS,
    PersonaSource,
    named_fields,
    pool_files,
)
from indic_persona_hub.ingest.usual_columns import PersonaField, usual_columns
from indic_persona_hub.records import STATED_COLUMNS
from indic_persona_hub.run.recipe import Recipe, parse_recipe
from indic_persona_hub.run.source_sample import pool_rows

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
    source = persona_source(path, fields or {})
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
    placed = recipe.model_copy(update={"hub": str(out / "hub"), "sources": (source,)})
    return placed.placed_at(Path.cwd())  # it is left in the hub, to be built from there again


def persona_source(
    path: Path, fields: Mapping[str, str], *, needs_text: bool = True
) -> PersonaSource:
    """The set at `path`, with columns of the usual names where `fields` names none.

    Args:
        needs_text: Where it does not, a set without a text whose columns state attributes has
            one of those columns as its text too.

    Raises:
        RecipeError: There is no such field.
        SourceError: Nothing is there, or no column can hold the personas.
    """
    given = _fields(fields)
    named = PersonaSource(path=str(path))
    first = pool_files(named)[0]
    columns = _columns(first)
    # Columns that state an attribute are found as each file is read.
    known = get_args(PersonaField)
    usual = usual_columns(columns, [one for one in known if one not in STATED_COLUMNS])
    mapped = usual | given
    stated: dict[PersonaField, str] = {
        ours: theirs for ours, theirs in given.items() if ours in STATED_COLUMNS
    }
    if not stated:
        stated = usual_columns(columns, STATED_COLUMNS)
    if "persona" not in mapped and stated and not needs_text:
        ours, theirs = next(iter(stated.items()))
        mapped = {ours: theirs, "persona": theirs} | mapped
    if not columns:
        raise SourceError(f"{first} is empty.", cure="Check the path; write the set again.")
    if "persona" not in mapped:
        raise SourceError(
            f"{first} has no column 'persona' or 'text'; it has: {', '.join(columns)}.",
            cure="Say which column holds the text: --map persona=THEIR_COLUMN.",
        )
    return PersonaSource.model_validate(
        {"kind": "personas", "path": str(path), "name": named.name, "fields": mapped}
    )


def _fields(given: Mapping[str, str]) -> dict[PersonaField, str]:
    try:
        return named_fields(given)
    except ValueError as error:
        raise RecipeError(
            f"--map: {error}.",
            cure=f"Fields are {', '.join(get_args(PersonaField))};"
            " write --map persona=THEIR_COLUMN.",
        ) from error


def _columns(path: Path) -> Sequence[str]:
    """Names of the columns of a file: of JSONL, the keys of its first object."""
    try:
        if path.suffix == ".parquet":
            return list(pq.read_schema(path).names)
        if not path.name.endswith(ENDINGS):
            raise SourceError(
                f"{path} is neither Parquet nor JSONL.",
                cure="Write it as either: Parquet, or JSONL with one object a line.",
            )
        first = next(bounded_lines(path, _LINE_BYTES), None)
    except (OSError, pa.ArrowException) as error:
        raise unreadable(path, error) from error
    return _keys(path, first.content) if first else []


def _keys(path: Path, line: bytes) -> Sequence[str]:
    try:
        value = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise SourceError(
            f"The first line of {path} is not UTF-8: {error}.", cure="Write the file as UTF-8."
        ) from error
    except (ValueError, RecursionError) as error:
        raise SourceError(
            f"The first line of {path} is not a JSON object: {error}.",
            cure="JSONL has one object a line.",
        ) from error
    if not isinstance(value, dict):
        raise SourceError(
            f"The first line of {path} is not a JSON object but a {type(value).__name__}.",
            cure="JSONL has one object a line.",
        )
    return list(value)
