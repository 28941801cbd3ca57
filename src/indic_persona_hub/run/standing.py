"""Where personas stand after the row judges: the narrow table that selectors work on."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc

from indic_persona_hub.judge.confidence import confidence
from indic_persona_hub.run.hub import Hub, read_file
from indic_persona_hub.run.steps import Line

#: `judge` is the first row judge, in recipe order, that fails the persona; null where none does.
STANDING = pa.schema(
    [
        ("id", pa.string()),
        ("document_id", pa.string()),
        ("domain_label", pa.string()),
        ("confidence_score", pa.float32()),
        ("judge", pa.string()),
    ]
)


def standing(hub: Hub, line: Line, slice_number: int, rounds: Iterable[int]) -> pa.Table:
    """`STANDING` rows of a slice, rounds one after another, ids ascending in each."""
    return pa.concat_tables(
        [_one_round(hub, line, slice_number, round_number) for round_number in rounds]
    )


def _one_round(hub: Hub, line: Line, slice_number: int, round_number: int) -> pa.Table:
    personas = read_file(
        hub.table_path("personas", slice_number, round_number),
        ["id", "document_id", "domain_label"],
    )
    evidence = {
        judge.name: read_file(
            hub.table_path(f"evidence/{judge.name}", slice_number, round_number),
            ["id", "score", "fails"],
        )
        for judge in line.judges
    }
    first = pa.nulls(personas.num_rows, pa.string())
    for name in reversed(evidence):
        assert evidence[name]["id"].equals(personas["id"]), f"{name} is out of step"
        fails = evidence[name]["fails"].combine_chunks()
        first = pc.if_else(fails, pa.scalar(name), first)
    columns = [personas["id"], personas["document_id"], personas["domain_label"]]
    columns += [_confidence(evidence, personas.num_rows), first]
    return pa.table(columns, schema=STANDING)


def _confidence(evidence: dict[str, pa.Table], rows: int) -> pa.Array:
    scores = [one["score"].to_pylist() for one in evidence.values()]
    each = zip(*scores, strict=True) if scores else [()] * rows
    return pa.array(
        [confidence(dict(zip(evidence, row, strict=True))) for row in each], pa.float32()
    )
