"""The first step of a hub of adopted personas: persona sets to slices of personas.

Two passes, both in as many processes as the engine has workers: units of the files are read and
spooled, one row group a slice; then each slice is gathered from all spools. No more than one unit
or one slice is in memory at a time.
"""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple, cast

import daft
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from indic_persona_hub import records
from indic_persona_hub.errors import RecipeError, SourceError
from indic_persona_hub.ingest.adopt import Adopt
from indic_persona_hub.ingest.persona_sets import PersonaSource, PoolUnit, pool_units, read_pool
from indic_persona_hub.ingest.pool_rows import POOL
from indic_persona_hub.run.hub import Hub, read_file, storage_error, temporary_of, write_file
from indic_persona_hub.run.ledger import Done
from indic_persona_hub.run.slice_work import SliceWork
from indic_persona_hub.run.steps import Step
from indic_persona_hub.run.tombstones import read_tombstones, rejected_as_taken_down
from indic_persona_hub.stage import REASON, REASON_DETAIL, Workbench

SPOOL: Final = "spool"
#: A slice is held in memory whole, and a column of text holds 2 GiB.
_MOST_ROWS_A_SLICE: Final = 500_000
_SPOOL_ROWS: Final = 250_000


def adopt(work: SliceWork, stage: Adopt, step: Step, read: Step) -> None:
    """Adopt all persona sets of the recipe, or what is still to be done of it.

    Args:
        read: The step under which what was read is noted.

    Raises:
        SourceError: A set cannot be read, or no row of any can be used.
        RecipeError: The slices would be too large to be held in memory.
    """
    slices = work.open_slices(step)
    if not slices:
        return
    hub, ledger = work.hub, work.ledger
    units = _units(work.recipe.persona_sources, work.slices)
    wanted = set(work.open_slices(read, len(units)))
    done = [ledger.files_of(read.name, n) for n in range(len(units)) if n not in wanted]
    _keep_spool_of(hub, done)
    still = [unit for unit in units if unit.number in wanted]
    work.run(
        read.name,
        spool_unit,
        [(str(hub.path), unit, read, work.slices) for unit in still],
        sum(unit.unit.rows or 0 for unit in still),
    )
    rows = sum(ledger.rows_out(read.name).values()) * len(slices) // work.slices
    work.run(step.name, adopt_slice, [(str(hub.path), stage, step, n) for n in slices], rows)
    _refuse_empty(ledger.rows_out(step.name), hub)
    shutil.rmtree(hub.path / SPOOL, ignore_errors=True)


class ReadUnit(NamedTuple):
    """A stretch of a persona set, by its number in the hub."""

    number: int
    source: PersonaSource
    unit: PoolUnit


def _units(sources: Sequence[PersonaSource], slices: int) -> list[ReadUnit]:
    """All that is to be read, numbered.

    Raises:
        SourceError: No file matches, one is damaged, or a mapped column is not in it.
        RecipeError: The slices would be too large to be held in memory.
    """
    units = [(source, unit) for source in sources for unit in pool_units(source)]
    rows = sum(unit.rows or 0 for _, unit in units)
    if rows > slices * _MOST_ROWS_A_SLICE:
        wanted = -(-rows // 62_500)
        raise RecipeError(
            f"{rows:,} personas in {slices} slices are too many for one slice.",
            cure=f"Set engine.slices to {wanted} in the recipe.",
        )
    return [ReadUnit(number, *one) for number, one in enumerate(units)]


def spool_unit(folder: str, unit: ReadUnit, step: Step, slices: int) -> Done:
    """Read one unit and write its rows, slice by slice, beside the hub's tables."""
    begun = time.monotonic()
    hub = Hub(Path(folder))
    files: dict[str, str] = {}
    rows, waiting = 0, list[pa.Table]()
    part = 0
    for table in read_pool(unit.source, unit.unit):
        rows += table.num_rows
        waiting.append(table)
        if sum(one.num_rows for one in waiting) >= _SPOOL_ROWS:
            files[_spool(hub, unit.number, part, pa.concat_tables(waiting), slices)] = ""
            waiting, part = [], part + 1
    if waiting or part == 0:
        whole = pa.concat_tables(waiting) if waiting else POOL.empty_table()
        files[_spool(hub, unit.number, part, whole, slices)] = ""
    return Done(
        step.name, unit.number, step.fingerprint, step.stage, None, rows, rows, rows,
        files=files, seconds=time.monotonic() - begun,
    )  # fmt: skip


def _spool(hub: Hub, unit: int, part: int, table: pa.Table, slices: int) -> str:
    """Write `table` with one row group a slice; the name of the file in the hub."""
    numbers = pa.array([records.slice_of(one, slices) for one in table["id"].to_pylist()])
    # Stable: rows of a slice keep their order. Taken once, for a take copies all chunks of a text.
    ordered = table.combine_chunks().take(pc.sort_indices(numbers))
    sizes = Counter(numbers.to_pylist())
    path = hub.path / SPOOL / f"unit-{unit:05d}-{part:03d}.parquet"
    temporary = temporary_of(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with pq.ParquetWriter(
            temporary, POOL, compression="zstd", write_page_checksum=True
        ) as writer:
            at = 0
            for number in range(slices):
                rows = sizes[number]
                writer.write_table(ordered.slice(at, rows), row_group_size=max(1, rows))
                at += rows
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise storage_error(path, error) from error
    return str(path.relative_to(hub.path))


def adopt_slice(folder: str, stage: Adopt, step: Step, slice_number: int) -> Done:
    """Gather one slice from all spools and write its personas and its rejected rows."""
    begun = time.monotonic()
    hub = Hub(Path(folder))
    rows = pa.concat_tables(_spooled(hub, slice_number))
    rows = _with_own_ids(rows)
    read = rows.num_rows
    rows, withheld = _without_taken_down(hub, rows)
    usable = rows.filter(pc.is_null(rows[REASON]))
    bench = cast(Workbench, None)  # adopting asks no model
    made = stage.apply(daft.from_arrow(usable), bench).to_arrow()
    personas = records.as_personas(made).sort_by("id")
    dropped = _rejected(rows.filter(pc.is_valid(rows[REASON])))
    dropped = pa.concat_tables([dropped, rejected_as_taken_down("adopt", withheld)])
    places = {
        hub.table_path("rejected/adopt", slice_number, 0): dropped,
        hub.table_path("personas", slice_number, 0): personas,
    }
    return Done(
        step.name, slice_number, step.fingerprint, step.stage, 0, read, read, personas.num_rows,
        dict(Counter(dropped["reason"].to_pylist())),
        files={str(path.relative_to(hub.path)): write_file(path, t) for path, t in places.items()},
        seconds=time.monotonic() - begun,
    )  # fmt: skip


def _without_taken_down(hub: Hub, rows: pa.Table) -> tuple[pa.Table, pa.ChunkedArray]:
    """`POOL` rows but for those that are taken down, and the places of those."""
    taken = read_tombstones(hub)
    if not taken:
        return rows, pa.chunked_array([], pa.string())
    names = ["id", "persona", "source", "source_url"]
    known = rows.select(names)
    for name in ("document_id", "parent_id"):
        known = known.append_column(name, pa.nulls(rows.num_rows, pa.string()))
    gone = taken.personas(known)
    return rows.filter(pa.array(~gone)), rows["place"].filter(pa.array(gone))


def _keep_spool_of(hub: Hub, done: Sequence[Mapping[str, str]]) -> None:
    """Remove what was spooled for units other than those that are done, by their files' names."""
    kept = {name for files in done for name in files}
    for path in (hub.path / SPOOL).glob("*"):
        if str(path.relative_to(hub.path)) not in kept:
            path.unlink()


def _refuse_empty(adopted: Mapping[int, int], hub: Hub) -> None:
    """See that something was adopted.

    Raises:
        SourceError: No row of any source can be used.
    """
    if sum(adopted.values()):
        return
    losses: Counter[str] = Counter()
    for path in hub.files("rejected/adopt"):
        losses.update(read_file(path, ["reason"])["reason"].to_pylist())
    said = ", ".join(f"{count:,} {reason}" for reason, count in sorted(losses.items()))
    raise SourceError(
        f"No persona is left of the sources: {said or 'they are empty'}.",
        cure="Look at rejected/adopt in the hub, then at the source's `fields`.",
    )


def _spooled(hub: Hub, slice_number: int) -> Iterator[pa.Table]:
    for path in sorted((hub.path / SPOOL).glob("unit-*.parquet")):
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            yield file.read_row_group(slice_number)


def _with_own_ids(rows: pa.Table) -> pa.Table:
    """Every row under an id of its own, ids ascending.

    A text without an id that is there again gets a numbered id; of rows with one source id the
    first stays, the others are refused.
    """
    rows = rows.take(pc.sort_indices(rows, [("id", "ascending")]))
    ids = rows["id"].to_pylist()
    again = [place for place in range(1, len(ids)) if ids[place] == ids[place - 1]]
    if not again:
        return rows
    reasons, details = rows[REASON].to_pylist(), rows[REASON_DETAIL].to_pylist()
    source_ids = rows["source_id"].to_pylist()
    repeats: Counter[str] = Counter()
    first_ids = list(ids)
    for place in again:
        base = first_ids[place]
        repeats[base] += 1
        if source_ids[place] and not reasons[place]:
            reasons[place], details[place] = "duplicate_source_id", source_ids[place]
        else:
            ids[place] = records.content_id([base, str(repeats[base])], prefix=base)
    columns = {"id": ids, REASON: reasons, REASON_DETAIL: details}
    for name, values in columns.items():
        field = rows.schema.get_field_index(name)
        rows = rows.set_column(field, name, pa.array(values, pa.string()))
    return rows


def _rejected(dropped: pa.Table) -> pa.Table:
    columns = [pa.array(["adopt"] * dropped.num_rows, pa.string()), dropped["place"]]
    columns += [dropped[REASON], dropped[REASON_DETAIL], dropped["persona"]]
    table = pa.table(columns, names=records.REJECTED.names).cast(records.REJECTED)
    return table.sort_by([("reason", "ascending"), ("row", "ascending"), ("payload", "ascending")])
