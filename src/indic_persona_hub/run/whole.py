"""Steps that see the whole set, over narrow rows: set judges, domains, verdicts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import daft
import pyarrow as pa
import pyarrow.compute as pc

from indic_persona_hub import records
from indic_persona_hub.run.hub import Hub, read_file, write_file
from indic_persona_hub.run.ledger import Done
from indic_persona_hub.run.standing import standing
from indic_persona_hub.run.steps import Line, Step
from indic_persona_hub.select.domains import UNLABELLED, canonical_domains
from indic_persona_hub.select.settings import Selection
from indic_persona_hub.select.verdicts import decide, statement
from indic_persona_hub.stage import SetJudge, Workbench


def judge_set(
    hub: Hub, line: Line, step: Step, slices: int, selection: Selection, bench: Workbench
) -> list[Done]:
    """Run one set judge over the personas that still stand, and write its evidence by slice."""
    judge = next(judge for judge in line.set_judges if judge.name == step.stage)
    earlier = line.set_judges[: line.set_judges.index(judge)]
    seen = pa.concat_tables(_still_standing(hub, line, slices, selection, earlier))
    evidence = judge.apply(daft.from_arrow(seen), bench).to_arrow().sort_by("id")
    return _write_slices(hub, step, _as_evidence(evidence), slices)


def _as_evidence(table: pa.Table) -> pa.Table:
    own = [field for field in table.schema if field.name not in records.EVIDENCE.names]
    schema = pa.schema([*records.EVIDENCE, *own])
    return table.select(schema.names).cast(schema)


def _still_standing(
    hub: Hub, line: Line, slices: int, selection: Selection, earlier: tuple[SetJudge, ...]
) -> Iterator[pa.Table]:
    minimum = pa.scalar(selection.minimum_confidence, pa.float32())
    for slice_number in range(slices):
        rows = _standing_after(hub, line, slice_number, earlier)
        confident = pc.greater_equal(rows["confidence_score"], minimum)
        rows = rows.filter(pc.and_(pc.is_null(rows["judge"]), confident))
        texts = pa.concat_tables(
            read_file(hub.table_path("personas", slice_number, one), ["id", "persona"])
            for one in range(line.rounds + 1)
        )
        places = pc.index_in(rows["id"], value_set=texts["id"].combine_chunks())
        columns = [rows["id"], texts["persona"].take(places), rows["confidence_score"]]
        yield pa.table(columns, names=["id", "persona", "confidence_score"])


def _standing_after(
    hub: Hub, line: Line, slice_number: int, set_judges: tuple[SetJudge, ...]
) -> pa.Table:
    """`STANDING` with the first failing judge taken over all row judges and `set_judges`."""
    rows = standing(hub, line, slice_number, range(line.rounds + 1))
    for judge in set_judges:
        evidence = read_file(
            hub.table_path(f"evidence/{judge.name}", slice_number), ["id", "fails"]
        )
        failed = evidence.filter(evidence["fails"])["id"].combine_chunks()
        fails = pc.and_(pc.is_null(rows["judge"]), pc.is_in(rows["id"], value_set=failed))
        named = pc.if_else(fails, pa.scalar(judge.name), rows["judge"])
        rows = rows.set_column(rows.column_names.index("judge"), "judge", named)
    return rows


def map_domains(hub: Hub, line: Line, step: Step, slices: int) -> list[Done]:
    """Write the mapping of every raw domain label to its canonical domain."""
    labels: Counter[str] = Counter()
    for slice_number in range(slices):
        for one in range(line.rounds + 1):
            path = hub.table_path("personas", slice_number, one)
            labels.update(read_file(path, ["domain_label"])["domain_label"].to_pylist())
    labels.pop(None, None)  # type: ignore[call-overload]
    mapping = canonical_domains(labels)
    path = hub.path / "domains" / "mapping.parquet"
    files = {str(path.relative_to(hub.path)): write_file(path, mapping)}
    rows = mapping.num_rows
    return [Done(step.name, 0, step.fingerprint, step.stage, None, rows, rows, rows, files=files)]


def give_verdicts(
    hub: Hub, line: Line, step: Step, slices: int, selection: Selection, seed: int
) -> tuple[list[Done], str | None]:
    """Write the verdict on every persona; also what is infeasible, in words."""
    mapping = read_file(hub.path / "domains" / "mapping.parquet")
    rows = pa.concat_tables(
        _standing_after(hub, line, one, line.set_judges) for one in range(slices)
    )
    domains = _domains_of(rows["domain_label"], mapping)
    frame = daft.from_arrow(rows.drop(["domain_label"]).append_column("domain", domains))
    verdicts = decide(frame, selection, seed).to_arrow().sort_by("id").cast(records.VERDICT)
    kept = sum(verdicts["kept"].to_pylist())
    return _write_slices(hub, step, verdicts, slices), statement(kept, selection)


def _domains_of(labels: pa.ChunkedArray, mapping: pa.Table) -> pa.ChunkedArray:
    places = pc.index_in(labels, value_set=mapping["label"].combine_chunks())
    return pc.fill_null(mapping["domain"].take(places), UNLABELLED)


def _write_slices(hub: Hub, step: Step, table: pa.Table, slices: int) -> list[Done]:
    numbers = [records.slice_of(one, slices) for one in table["id"].to_pylist()]
    number_column = pa.array(numbers, pa.int32())
    return [
        _write_slice(hub, step, number, table.filter(pc.equal(number_column, number)))
        for number in range(slices)
    ]


def _write_slice(hub: Hub, step: Step, slice_number: int, table: pa.Table) -> Done:
    path = hub.table_path(step.table, slice_number)
    rejected: dict[str, int] = {}
    fails = 0
    if "reason" in table.column_names:
        rejected = dict(Counter(one for one in table["reason"].to_pylist() if one))
    else:
        fails = sum(table["fails"].to_pylist())
    files = {str(path.relative_to(hub.path)): write_file(path, table)}
    rows = table.num_rows
    return Done(
        step.name, slice_number, step.fingerprint, step.stage, None, rows, rows,
        rows - sum(rejected.values()), rejected, fails, files,
    )  # fmt: skip
