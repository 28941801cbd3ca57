"""Generation of one slice: documents to personas, or personas to the people around them."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import daft
import pyarrow as pa
import pyarrow.compute as pc

from indic_persona_hub import records
from indic_persona_hub.run.hub import Hub, read_file, write_file
from indic_persona_hub.run.ledger import Done
from indic_persona_hub.run.progress import Progress
from indic_persona_hub.run.standing import standing
from indic_persona_hub.run.steps import Line, Step
from indic_persona_hub.run.tombstones import read_tombstones, rejected_as_taken_down
from indic_persona_hub.run.withheld import without_taken_down
from indic_persona_hub.select.settings import Selection
from indic_persona_hub.select.verdicts import best_of_documents
from indic_persona_hub.stage import REASON, REASON_DETAIL, Workbench


class Chosen(NamedTuple):
    """Which rows a generation stage is fed.

    Attributes:
        selection: Which personas may be parents.
        share: Share of the documents that are asked about, by seeded chance.
    """

    selection: Selection
    seed: int
    share: float


def generate_slice(
    hub: Hub,
    line: Line,
    chosen: Chosen,
    step: Step,
    slice_number: int,
    bench: Workbench,
    progress: Progress,
) -> Done:
    """Run a generation stage on one slice and write its personas and its rejected rows."""
    assert step.round_number is not None
    withheld = pa.chunked_array([], pa.string())
    if step.round_number == 0:
        rows = _shared(read_file(hub.table_path("documents", slice_number)), chosen)
        gone = read_tombstones(hub).documents(rows)
        withheld = rows["id"].filter(pa.array(gone))
        rows = rows.filter(pa.array(~gone))
    else:
        rows = parents(hub, line, chosen.selection, slice_number, step.round_number - 1)
    stage = line.generation(step.round_number)
    progress.expect(step.name, stage.calls(rows.num_rows))
    made = stage.apply(daft.from_arrow(rows), bench).to_arrow()
    return write_made(hub, step, slice_number, rows.num_rows, made, withheld)


def _shared(documents: pa.Table, chosen: Chosen) -> pa.Table:
    """The documents that are asked about; those of a smaller share are among them."""
    if chosen.share >= 1:
        return documents
    seed = str(chosen.seed)
    taken = [
        records.unit_interval("share", seed, one) < chosen.share
        for one in documents["id"].to_pylist()
    ]
    return documents.filter(pa.array(taken, pa.bool_()))


def parents(
    hub: Hub, line: Line, selection: Selection, slice_number: int, round_number: int
) -> pa.Table:
    """The personas of a round that may be expanded: no row judge fails them, best of their text,
    not taken down.
    """
    personas = read_file(hub.table_path("personas", slice_number, round_number))
    rows = standing(hub, line, slice_number, [round_number])
    kept = best_of_documents(rows, selection)
    personas = personas.filter(pc.is_in(personas["id"], value_set=kept.combine_chunks()))
    return without_taken_down(hub, personas, read_tombstones(hub), slice_number)


def write_made(
    hub: Hub,
    step: Step,
    slice_number: int,
    rows_read: int,
    made: pa.Table,
    withheld: pa.ChunkedArray | None = None,
) -> Done:
    """Write what a generation stage made of one slice: personas, and rows with a reason. Who was
    taken down and is made again is such a row, without a word of the text.

    Args:
        withheld: Ids of the documents that it was not given, as they are taken down.
    """
    kept = made.filter(pc.is_null(made[REASON]))
    kept = records.as_personas(kept).sort_by("id")
    again = pa.array(read_tombstones(hub).personas(kept))
    made_again, kept = kept["id"].filter(again), kept.filter(pc.invert(again))
    dropped = made.filter(pc.is_valid(made[REASON])).sort_by("id")
    personas = hub.table_path("personas", slice_number, step.round_number)
    losses = hub.table_path(f"rejected/{step.stage}", slice_number, step.round_number)
    lost = rejected(step.stage, dropped)
    for gone in (made_again, withheld):
        if gone is not None and len(gone):
            lost = pa.concat_tables([lost, rejected_as_taken_down(step.stage, gone)])
    digests = {path: write_file(path, table) for path, table in ((losses, lost), (personas, kept))}
    return Done(
        step=step.name,
        slice_number=slice_number,
        fingerprint=step.fingerprint,
        stage=step.stage,
        round_number=step.round_number,
        rows_read=rows_read,
        rows_in=kept.num_rows + lost.num_rows,
        rows_out=kept.num_rows,
        rejected=dict(Counter(lost["reason"].to_pylist())),
        files={str(path.relative_to(hub.path)): digest for path, digest in digests.items()},
    )


def rejected(stage: str, dropped: pa.Table) -> pa.Table:
    """Dropped asks as `records.REJECTED`; the payload is the key of the reply in the journal."""
    names = [stage] * dropped.num_rows
    columns = [pa.array(names, pa.string()), dropped["id"], dropped[REASON]]
    columns += [dropped[REASON_DETAIL], dropped["journal_key"]]
    return pa.table(columns, names=records.REJECTED.names).cast(records.REJECTED)
