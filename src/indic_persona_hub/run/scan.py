"""One scan over the text for all row judges of a slice."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import daft
import pyarrow as pa
import pyarrow.compute as pc

from indic_persona_hub import records
from indic_persona_hub.judge.attributes import Attributes
from indic_persona_hub.run.hub import Hub, read_file, write_file
from indic_persona_hub.run.ledger import Done
from indic_persona_hub.run.recipe import Recipe
from indic_persona_hub.run.steps import Line, Step, line_of
from indic_persona_hub.stage import RowJudge, Workbench


def scan_slice(folder: str, recipe: Recipe, steps: Sequence[Step], slice_number: int) -> list[Done]:
    """Write the evidence of `steps` (row judges of one round) for one slice."""
    begun = time.monotonic()
    done = _scan(Hub(Path(folder)), line_of(recipe), steps, slice_number)
    # One scan serves all judges: each is charged its share.
    share = (time.monotonic() - begun) / len(done)
    return [replace(one, seconds=share) for one in done]


def _scan(hub: Hub, line: Line, steps: Sequence[Step], slice_number: int) -> list[Done]:
    round_number = steps[0].round_number
    assert round_number is not None
    bench = cast(Workbench, None)  # row judges ask no model
    rows = judged_rows(hub, line, slice_number, round_number)
    frame = daft.from_arrow(rows)
    stages = {stage.name: stage for stage in line.row_judges}
    judges = {step.name: stages[step.stage] for step in steps}
    row_judges = {name: one for name, one in judges.items() if isinstance(one, RowJudge)}
    tables = evidence_tables(frame, row_judges)
    for name, judge in judges.items():
        if isinstance(judge, Attributes):
            tables[name] = judge.apply(frame, bench).to_arrow().cast(records.ATTRIBUTE_EVIDENCE)
    return [_write(hub, step, slice_number, tables[step.name]) for step in steps]


def judged_rows(hub: Hub, line: Line, slice_number: int, round_number: int) -> pa.Table:
    """Personas of a slice and round with `origin_text` and `shots`, ids ascending."""
    personas = read_file(hub.table_path("personas", slice_number, round_number))
    return with_origins(hub, line, personas, slice_number, round_number)


def with_origins(
    hub: Hub, line: Line, personas: pa.Table, slice_number: int, round_number: int
) -> pa.Table:
    """Personas of a slice and round with `origin_text` and `shots`."""
    if line.adopt and round_number == 0:
        nothing_read = pa.nulls(personas.num_rows, pa.string())
        no_shots = pa.array([[]] * personas.num_rows, pa.list_(pa.string()))
        personas = personas.append_column("origin_text", nothing_read)
        return personas.append_column("shots", no_shots)
    origins: Iterable[str | None]
    if line.fills_gaps(round_number):
        origins = _either(hub, personas, slice_number, round_number)
    elif round_number:
        origins = _parents(hub, personas, slice_number, [round_number - 1])
    else:
        origins = _passages(hub, personas, slice_number)
    origin_text = pa.array(origins, pa.string())
    shots = [reply for prompt in line.prompts(round_number) for reply in prompt.shots]
    shot_column = pa.array([shots] * personas.num_rows, pa.list_(pa.string()))
    return personas.append_column("origin_text", origin_text).append_column("shots", shot_column)


def _passages(hub: Hub, personas: pa.Table, slice_number: int) -> list[str | None]:
    documents = read_file(hub.table_path("documents", slice_number), ["id", "text"])
    texts = dict(zip(documents["id"].to_pylist(), documents["text"].to_pylist(), strict=True))
    spans = personas.select(["document_id", "passage_start", "passage_end"]).to_pylist()
    return [
        texts[span["document_id"]][span["passage_start"] : span["passage_end"]] for span in spans
    ]


def _either(
    hub: Hub, personas: pa.Table, slice_number: int, round_number: int
) -> Iterator[str | None]:
    """Of each persona the passage or the parent, who may be of any earlier round."""
    of_text = pc.is_valid(personas["document_id"])
    read = personas.filter(of_text)
    passages = iter(_passages(hub, read, slice_number) if read.num_rows else ())
    others = personas.filter(pc.invert(of_text))
    parents = iter(_parents(hub, others, slice_number, range(round_number)))
    return (next(passages if one else parents) for one in of_text.to_pylist())


def _parents(
    hub: Hub, personas: pa.Table, slice_number: int, rounds: Iterable[int]
) -> list[str | None]:
    above: dict[str, str] = {}
    wanted = personas["parent_id"].combine_chunks()
    for round_number in rounds if personas.num_rows else ():
        path = hub.table_path("personas", slice_number, round_number)
        parents = read_file(path, ["id", "persona"])
        parents = parents.filter(pc.is_in(parents["id"], value_set=wanted))
        ids, texts = parents["id"].to_pylist(), parents["persona"].to_pylist()
        above.update(zip(ids, texts, strict=True))
    return [above[parent] for parent in personas["parent_id"].to_pylist()]


def evidence_tables(frame: daft.DataFrame, judges: Mapping[str, RowJudge]) -> dict[str, pa.Table]:
    """`records.EVIDENCE` by name of judge, all from one scan of `frame`."""
    columns = [judge.evidence().alias(name) for name, judge in judges.items()]
    scanned = frame.select("id", *columns).to_arrow().sort_by("id")
    return {name: _unnested(scanned, name) for name in judges}


def _unnested(scanned: pa.Table, name: str) -> pa.Table:
    struct = scanned[name].combine_chunks()
    fields = records.EVIDENCE.names[1:]
    columns = [scanned["id"], *(struct.field(field) for field in fields)]
    return pa.table(columns, names=records.EVIDENCE.names).cast(records.EVIDENCE)


def _write(hub: Hub, step: Step, slice_number: int, table: pa.Table) -> Done:
    path = hub.table_path(step.table, slice_number, step.round_number)
    digest = write_file(path, table.sort_by("id"))
    fails = sum(table["fails"].to_pylist()) if "fails" in table.column_names else 0
    return Done(
        step=step.name,
        slice_number=slice_number,
        fingerprint=step.fingerprint,
        stage=step.stage,
        round_number=step.round_number,
        rows_read=table.num_rows,
        rows_in=table.num_rows,
        rows_out=table.num_rows,
        fails=fails,
        files={str(path.relative_to(hub.path)): digest},
    )
