"""Where personas stand after the row judges: what set judges and selectors see of them."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from indic_persona_hub.id_arrays import ids_of
from indic_persona_hub.judge.confidence import confidences
from indic_persona_hub.run.hub import Hub, read_file
from indic_persona_hub.run.keys import write_arrays
from indic_persona_hub.run.ledger import Done
from indic_persona_hub.run.recipe import Recipe
from indic_persona_hub.run.representation import code_arrays
from indic_persona_hub.run.steps import Line, Step, line_of

#: `judge` is the first row judge, in recipe order, that fails the persona; null where none does.
STANDING = pa.schema(
    [
        ("id", pa.string()),
        ("document_id", pa.string()),
        ("confidence_score", pa.float32()),
        ("judge", pa.string()),
    ]
)

TABLE: Final = "standing"


def standing(hub: Hub, line: Line, slice_number: int, rounds: Iterable[int]) -> pa.Table:
    """`STANDING` rows of a slice, rounds one after another, ids ascending in each."""
    return pa.concat_tables(
        [_one_round(hub, line, slice_number, round_number) for round_number in rounds]
    )


def stand_slice(folder: str, recipe: Recipe, step: Step, slice_number: int) -> Done:
    """Write where the personas of a slice stand, ids ascending over all rounds.

    Arrays: `ids` (see `id_arrays`), `confidence` (float32), `failed` (int16: 0, or the number, from
    1, of the first row judge that fails), `passes` (bool: none fails, and the confidence suffices);
    where official tables are to be matched, `code-<dimension>` (see `representation`).
    """
    begun = time.monotonic()
    hub, line = Hub(Path(folder)), line_of(recipe)
    rows = standing(hub, line, slice_number, range(line.last_round + 1)).sort_by("id")
    names = pa.array([judge.name for judge in line.judges], pa.string())
    failed = pc.fill_null(pc.index_in(rows["judge"], value_set=names), -1).to_numpy() + 1
    confidence = rows["confidence_score"].to_numpy()
    # In the 32 bits that confidence is kept in, or a score equal to the minimum is below it.
    enough = confidence >= np.float32(recipe.select.minimum_confidence)
    arrays: dict[str, NDArray[Any]] = {
        "ids": ids_of(rows["id"]),
        "confidence": confidence,
        "failed": failed.astype(np.int16),
        "passes": (failed == 0) & enough,
    }
    if recipe.select.represent:
        rounds = range(line.last_round + 1)
        arrays |= code_arrays(hub, slice_number, rounds, rows["id"], recipe.select.represent)
    done = Done(
        step.name, slice_number, step.fingerprint, step.stage, None,
        rows.num_rows, rows.num_rows, rows.num_rows,
        files=write_arrays(hub, TABLE, slice_number, arrays),
    )  # fmt: skip
    return replace(done, seconds=time.monotonic() - begun)


def _one_round(hub: Hub, line: Line, slice_number: int, round_number: int) -> pa.Table:
    personas = read_file(
        hub.table_path("personas", slice_number, round_number), ["id", "document_id"]
    )
    first = pa.nulls(personas.num_rows, pa.string())
    scores: dict[str, NDArray[np.float64]] = {}
    for judge in reversed(line.judges):
        evidence = read_file(
            hub.table_path(f"evidence/{judge.name}", slice_number, round_number),
            ["id", "score", "fails"],
        )
        assert evidence["id"].equals(personas["id"]), f"{judge.name} is out of step"
        scores[judge.name] = evidence["score"].to_numpy().astype(np.float64)
        first = pc.if_else(evidence["fails"].combine_chunks(), judge.name, first)
    confidence = confidences(scores, personas.num_rows)
    documents = personas["document_id"]
    if line.fills_gaps(round_number):
        documents = pa.nulls(personas.num_rows, pa.string())  # they were asked for: no candidates
    columns = [personas["id"], documents, pa.array(confidence), first]
    return pa.table(columns, schema=STANDING)
