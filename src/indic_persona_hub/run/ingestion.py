"""The first step: sources to slices of documents. One pass over the text, no slice in memory whole
until its turn comes.
"""

from __future__ import annotations

import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import cast

import daft
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from indic_persona_hub import records
from indic_persona_hub.errors import SourceError
from indic_persona_hub.ingest.documents import Ingest
from indic_persona_hub.ingest.duplicates import rejected_duplicates
from indic_persona_hub.ingest.lines import unreadable
from indic_persona_hub.ingest.persona_sets import PersonaSource, pool_files
from indic_persona_hub.ingest.sites import rejected_over_share
from indic_persona_hub.ingest.sources import Source, read_pages, source_files
from indic_persona_hub.privacy.redaction import marks_in
from indic_persona_hub.run.hub import Hub, file_sha256, read_file, storage_error, write_file
from indic_persona_hub.run.ledger import Done, Ledger
from indic_persona_hub.run.progress import Progress
from indic_persona_hub.run.steps import Step
from indic_persona_hub.run.tombstones import (
    Tombstones,
    read_tombstones,
    rejected_as_taken_down,
)
from indic_persona_hub.stage import REASON, REASON_DETAIL, Workbench

#: Rows that wait in memory for their slice before they are written to its spool.
_SPOOL_ROWS = 4_096
_KEYS = ["id", "source", "source_id", "url", "row"]
#: A row's id, source and place in it.
_Place = tuple[str, str, str]
#: Reason and detail of each row of a place that goes.
_Reasons = defaultdict[_Place, list[tuple[str, str]]]


def source_fingerprint(sources: Sequence[Source | PersonaSource], ledger: Ledger) -> str:
    """Settings and contents of all sources; a file that has not changed is not read again."""
    marks = [source.model_dump_json(exclude={"path"}) for source in sources]
    for source in sources:
        files = source_files(source) if isinstance(source, Source) else pool_files(source)
        marks += [f"{path.name} {_sha256(path, ledger)}" for path in files]
    return "\n".join(marks)


def _sha256(path: Path, ledger: Ledger) -> str:
    try:
        state = path.stat()
        known = ledger.known_sha256(path, state.st_size, state.st_mtime_ns)
        if known is None:
            known = file_sha256(path)
            ledger.remember_sha256(path, state.st_size, state.st_mtime_ns, known)
    except OSError as error:
        raise unreadable(path, error) from error
    return known


def ingest(
    hub: Hub,
    sources: Sequence[Source],
    stage: Ingest,
    step: Step,
    slices: int,
    progress: Progress,
) -> list[Done]:
    """Read all sources, run the ingest stage, drop duplicates, write documents by slice.

    Raises:
        SourceError: A source cannot be read, or no document is left.
    """
    spool_folder = hub.path / "documents.spool"
    shutil.rmtree(spool_folder, ignore_errors=True)
    try:
        with Spool(spool_folder, slices) as spool:
            read = _fill(spool, sources, stage, read_tombstones(hub), progress, step.name)
        done = _finish(hub, spool, step, slices, read, stage.max_site_share)
    except OSError as error:
        raise storage_error(spool_folder, error) from error
    finally:
        shutil.rmtree(spool_folder, ignore_errors=True)
    if not sum(one.rows_out for one in done):
        losses = ", ".join(f"{n} {reason}" for reason, n in sorted(_losses(done).items()))
        raise SourceError(
            f"No document is left of {read} rows: {losses or 'the sources are empty'}.",
            cure="Look at rejected/ingest in the hub, then at the source's `fields` and at the"
            " settings of the ingest stage.",
        )
    return done


class Spool:
    """Rows on their way to their slices: one open Parquet file a slice."""

    def __init__(self, folder: Path, slices: int) -> None:
        self.folder = folder
        self.slices = slices
        self.keys: list[pa.Table] = []
        self.rejected: list[pa.Table] = []
        self._waiting: defaultdict[int, list[pa.Table]] = defaultdict(list)
        self._writers: dict[int, pq.ParquetWriter] = {}
        self._open = ExitStack()

    def __enter__(self) -> Spool:
        self.folder.mkdir(parents=True)
        return self

    def __exit__(self, *failure: object) -> None:
        if failure[0] is None:
            for number in list(self._waiting):
                self._flush(number)
        self._open.close()

    def put(self, documents: pa.Table) -> None:
        """Add `records.DOCUMENT` rows."""
        self.keys.append(documents.select(_KEYS))
        numbers = [records.slice_of(one, self.slices) for one in documents["id"].to_pylist()]
        number_column = pa.array(numbers, pa.int32())
        for number in sorted(set(numbers)):
            self._waiting[number].append(documents.filter(pc.equal(number_column, number)))
            if sum(one.num_rows for one in self._waiting[number]) >= _SPOOL_ROWS:
                self._flush(number)

    def _flush(self, number: int) -> None:
        rows = pa.concat_tables(self._waiting.pop(number))
        if number not in self._writers:
            writer = pq.ParquetWriter(self.path(number), records.DOCUMENT, compression="zstd")
            self._writers[number] = self._open.enter_context(writer)
        self._writers[number].write_table(rows)

    def path(self, number: int) -> Path:
        """The slice's file; absent where the slice has no row."""
        return self.folder / f"{number}.parquet"

    def read(self, number: int) -> pa.Table:
        """All rows of a slice."""
        path = self.path(number)
        return pq.read_table(path) if path.exists() else records.DOCUMENT.empty_table()


def _fill(
    spool: Spool,
    sources: Sequence[Source],
    stage: Ingest,
    taken: Tombstones,
    progress: Progress,
    name: str,
) -> int:
    rows = 0
    bench = cast(Workbench, None)  # ingest asks no model
    for source in sources:
        for batch in read_pages(source):
            rows += batch.pages.num_rows + batch.rejected.num_rows
            spool.rejected.append(batch.rejected)
            made = stage.apply(daft.from_arrow(batch.pages), bench).to_arrow()
            if taken:
                gone = taken.documents(made)
                spool.rejected.append(
                    rejected_as_taken_down("ingest", made["row"].filter(pa.array(gone)))
                )
                made = made.filter(pa.array(~gone))
            kept = made.filter(pc.is_null(made[REASON]))
            spool.put(kept.select(records.DOCUMENT.names).cast(records.DOCUMENT))
            spool.rejected.append(_rejected(made.filter(pc.is_valid(made[REASON]))))
            progress.advance(name, batch.pages.num_rows + batch.rejected.num_rows)
    return rows


def _rejected(dropped: pa.Table) -> pa.Table:
    columns = [pa.array(["ingest"] * dropped.num_rows, pa.string()), dropped["row"]]
    columns += [dropped[REASON], dropped[REASON_DETAIL], dropped["text"]]
    return pa.table(columns, names=records.REJECTED.names).cast(records.REJECTED)


def _finish(
    hub: Hub,
    spool: Spool,
    step: Step,
    slices: int,
    rows_read: int,
    max_site_share: float | None,
) -> list[Done]:
    keys = pa.concat_tables(spool.keys) if spool.keys else _no_keys()
    reasons = _reasons(keys, max_site_share)
    losses = spool.rejected
    written = []
    for number in range(slices):
        kept, dropped = _split(spool.read(number), reasons)
        losses.append(dropped)
        path = hub.table_path("documents", number)
        written.append((path, write_file(path, kept.sort_by("id")), kept.num_rows))
    return _account(hub, step, written, pa.concat_tables(losses), rows_read)


def _reasons(keys: pa.Table, max_site_share: float | None) -> _Reasons:
    """Why rows go, as far as the whole set says it."""
    # Counted, not only named: of two equal texts at one place of two files, one stays.
    reasons: _Reasons = defaultdict(list)
    for one in rejected_duplicates(keys).to_pylist():
        reasons[one["id"], one["source"], one["row"]].append((one["reason"], one["id"]))
    if max_site_share is not None:
        single = keys.filter(pa.array(_are_single(keys, reasons), pa.bool_()))
        for one in rejected_over_share(single, max_site_share).to_pylist():
            place = one["id"], one["source"], one["row"]
            reasons[place].append((one["reason"], one["detail"]))
    return reasons


def _are_single(keys: pa.Table, reasons: _Reasons) -> list[bool]:
    """Which rows stay of those that are there more than once."""
    left = {place: len(found) for place, found in reasons.items()}
    stays = []
    for place in _places(keys):
        stays.append(not left.get(place))
        if not stays[-1]:
            left[place] -= 1
    return stays


def _places(rows: pa.Table) -> Iterator[_Place]:
    return zip(*(rows[name].to_pylist() for name in ("id", "source", "row")), strict=True)


def _no_keys() -> pa.Table:
    return records.DOCUMENT.empty_table().select(_KEYS)


def _split(rows: pa.Table, reasons: _Reasons) -> tuple[pa.Table, pa.Table]:
    found = [reasons[place].pop() if reasons.get(place) else None for place in _places(rows)]
    goes = pa.array([one is not None for one in found], pa.bool_())
    marked = rows.filter(goes)
    for place, name in enumerate((REASON, REASON_DETAIL)):
        marked = marked.append_column(
            name, pa.array([one[place] for one in found if one], pa.string())
        )
    return rows.filter(pc.invert(goes)), _rejected(marked)


def _account(
    hub: Hub, step: Step, written: list[tuple[Path, str, int]], losses: pa.Table, rows_read: int
) -> list[Done]:
    """Rows are counted in the slice that they end in; losses, which have none, in the first."""
    path = hub.table_path("rejected/ingest", 0)
    order = [("reason", "ascending"), ("row", "ascending"), ("payload", "ascending")]
    digest = write_file(path, losses.sort_by(order))
    reasons = dict(Counter(losses["reason"].to_pylist()))
    done = []
    for number, (file, mark, rows) in enumerate(written):
        files = {str(file.relative_to(hub.path)): mark}
        lost = {} if number else reasons
        if number == 0:
            files[str(path.relative_to(hub.path))] = digest
        units = rows + sum(lost.values())
        done.append(
            Done(
                step.name, number, step.fingerprint, step.stage, None, units, units, rows,
                lost, 0, files,
            )
        )  # fmt: skip
    assert sum(one.rows_in for one in done) == rows_read, "a row of a source was lost"
    return done


def identifiers_removed(hub: Hub, slices: int) -> str:
    """What to say of the marks that stand for identifiers in the documents; empty where none is."""
    marks: Counter[str] = Counter()
    for number in range(slices):
        texts = read_file(hub.table_path("documents", number), ["text"])["text"]
        marks.update(marks_in(texts.to_pylist()))
    if not marks:
        return ""
    counts = ", ".join(f"{count:,} {kind}" for kind, count in sorted(marks.items()))
    return f"Identifiers taken out of documents before any model saw them: {counts}."


def _losses(done: Sequence[Done]) -> Counter[str]:
    losses: Counter[str] = Counter()
    for one in done:
        losses.update(one.rejected)
    return losses
