"""One slice of a round that fills gaps: ask, and keep whoever is in the cell that was asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

import daft
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from indic_persona_hub import records
from indic_persona_hub.expand.fill_gaps import STEERED
from indic_persona_hub.extract.text_to_persona import TextToPersona
from indic_persona_hub.judge.attributes import Attributes
from indic_persona_hub.prompts.wanted import WANTED, Wanted
from indic_persona_hub.reference.dimensions import DIMENSIONS
from indic_persona_hub.run.gaps.plan import TABLE
from indic_persona_hub.run.gaps.present import cells_of
from indic_persona_hub.run.generate import write_made
from indic_persona_hub.run.hub import Hub, read_file
from indic_persona_hub.run.ledger import Done
from indic_persona_hub.run.progress import Progress
from indic_persona_hub.run.scan import with_origins
from indic_persona_hub.run.steps import Line, Step
from indic_persona_hub.run.tombstones import read_tombstones
from indic_persona_hub.run.withheld import without_taken_down
from indic_persona_hub.stage import REASON, REASON_DETAIL, RowStage, Workbench

#: A persona who came out elsewhere than was asked for, or of whom it cannot be told.
OUTSIDE: Final = "outside_cell"
_MADE: Final = pa.schema([*records.PERSONA, (REASON, pa.string()), (REASON_DETAIL, pa.string())])
#: What tells of which ask a persona is the answer.
_ASKED_BY: Final = ("document_id", "parent_id", "candidate")


def fill_slice(
    hub: Hub, line: Line, step: Step, slice_number: int, bench: Workbench, progress: Progress
) -> Done:
    """Ask for the people that a round wants of one slice; write those who are in their cells."""
    assert step.round_number is not None
    asks = read_file(hub.table_path(TABLE, slice_number, step.round_number))
    progress.expect(step.name, asks.num_rows)
    made = [
        stage.apply(daft.from_arrow(rows), bench).to_arrow().select(_MADE.names).cast(_MADE)
        for stage, rows in _origins(hub, line, asks, slice_number, step.round_number)
    ]
    found = pa.concat_tables([_MADE.empty_table(), *made])
    number = pa.array(np.full(found.num_rows, step.round_number, np.int32))
    found = found.set_column(_MADE.get_field_index("round"), "round", number)
    checked = _in_cells(hub, line, asks, found, slice_number, step.round_number)
    return write_made(hub, step, slice_number, asks.num_rows, checked)


def _origins(
    hub: Hub, line: Line, asks: pa.Table, slice_number: int, round_number: int
) -> Iterator[tuple[RowStage, pa.Table]]:
    """The stages that ask, each with documents or personas and the people they are asked for."""
    assert line.fill_gaps is not None
    of_documents, of_parents = _wanted(asks, "document_id"), _wanted(asks, "parent_id")
    taken = read_tombstones(hub)  # perhaps younger than the plan
    if of_documents:
        documents = read_file(hub.table_path("documents", slice_number))
        documents = documents.filter(pa.array(~taken.documents(documents)))
        yield _one_choice(line.first), _asked_about(documents, of_documents)
    if of_parents:
        paths = [hub.table_path("personas", slice_number, one) for one in range(round_number)]
        parents = pa.concat_tables(
            [_asked_about(read_file(path), of_parents) for path in paths]
        ).sort_by("id")
        parents = without_taken_down(hub, parents, taken, slice_number)
        above = pa.array(np.full(parents.num_rows, round_number - 1, np.int32))
        place = parents.column_names.index("round")
        yield line.fill_gaps.around, parents.set_column(place, "round", above)


def _wanted(asks: pa.Table, origin: str) -> dict[str, list[dict[str, Any]]]:
    """The people wanted, by the document or parent that is asked about."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in asks.filter(pc.is_valid(asks[origin])).to_pylist():
        found[row[origin]].append({name: row[name] for name in Wanted._fields})
    return found


def _asked_about(rows: pa.Table, wanted: Mapping[str, list[dict[str, Any]]]) -> pa.Table:
    rows = rows.filter(pc.is_in(rows["id"], value_set=pa.array(list(wanted), pa.string())))
    people = pa.array([wanted[one] for one in rows["id"].to_pylist()], WANTED)
    return rows.append_column("wanted", people)


def _one_choice(stage: TextToPersona) -> TextToPersona:
    sampling = stage.sampling and stage.sampling.model_copy(update={"choices": 1})
    return stage.model_copy(update={"sampling": sampling})


def _in_cells(
    hub: Hub, line: Line, asks: pa.Table, made: pa.Table, slice_number: int, round_number: int
) -> pa.Table:
    """`made` with a reason for whoever is not in the cell that was asked for."""
    assert line.fill_gaps is not None
    answered = made.filter(pc.is_null(made[REASON]))
    rows = with_origins(hub, line, records.as_personas(answered), slice_number, round_number)
    bench = cast(Workbench, None)  # it asks no model
    evidence = Attributes().apply(daft.from_arrow(rows), bench).to_arrow()
    found = dict(zip(evidence["id"].to_pylist(), cells_of(evidence).tolist(), strict=True))
    wanted = _cells_by_ask(asks)
    steered = [STEERED.index(name) for name in line.fill_gaps.dimensions]
    outside: dict[str, str] = {}
    for row in answered.select(["id", *_ASKED_BY]).to_pylist():
        asked = wanted[row["document_id"] or row["parent_id"], row["candidate"]]
        came = found[row["id"]]
        if missed := [_said(at, asked[at], came[at]) for at in steered if asked[at] != came[at]]:
            outside[row["id"]] = "; ".join(missed)
    return _with_reasons(made, outside)


def _with_reasons(made: pa.Table, outside: Mapping[str, str]) -> pa.Table:
    """`made`, those in `outside` (details by id) with a reason."""
    details = [outside.get(one) for one in made["id"].to_pylist()]
    reasons = [None if one is None else OUTSIDE for one in details]
    for name, new in ((REASON, reasons), (REASON_DETAIL, details)):
        column = pc.coalesce(pa.array(new, pa.string()), made[name].combine_chunks())
        made = made.set_column(made.column_names.index(name), name, column)
    return made


def _cells_by_ask(asks: pa.Table) -> dict[tuple[str, int], list[int]]:
    """Codes of `STEERED` by document or parent and number."""
    return {
        (row["document_id"] or row["parent_id"], row["number"]): [
            DIMENSIONS[name].values.index(row[name]) for name in STEERED
        ]
        for row in asks.to_pylist()
    }


def _said(dimension: int, asked: int, found: int) -> str:
    name = STEERED[dimension]
    values = DIMENSIONS[name].values
    return (
        f"{name}: {values[asked]} was asked for, {'unknown' if found < 0 else values[found]} came"
    )
