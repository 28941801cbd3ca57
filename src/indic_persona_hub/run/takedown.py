"""Take something down from a hub: find it and all that was made from it, and set its tombstones.

No table is edited. The tombstones of one takedown are one file, whole or not there; then the
verdicts of the slices are written anew. Where the process is killed between the two, a release
keeps out whatever has a tombstone, and the same command, or a build, writes the verdicts.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.compute as pc

from indic_persona_hub.records import WEIGHT
from indic_persona_hub.run.hub import TAKEDOWNS, Hub, locked, read_file, sweep, write_file
from indic_persona_hub.run.ledger import Done, Ledger
from indic_persona_hub.run.steps import VERDICTS
from indic_persona_hub.run.takedown_request import Found, Request, find
from indic_persona_hub.run.tombstones import (
    TAKEN_DOWN,
    TOMBSTONE,
    Tombstones,
    next_file,
    read_tombstones,
)
from indic_persona_hub.run.withheld import slice_numbers, withheld


@dataclass(frozen=True)
class TakenDown:
    """What a takedown did.

    Attributes:
        found: What it found.
        new: Tombstones that it set; none where all were there.
        ruled_out: Personas that were kept before and are not any more.
        tombstones: All of the hub, after it.
    """

    found: Found
    new: int
    ruled_out: int
    tombstones: Tombstones


def take_down(
    hub: Hub,
    request: Request,
    *,
    reason: str | None = None,
    agreed: Callable[[Found], bool] = lambda found: True,
) -> TakenDown | None:
    """Take down what `request` finds; what is taken down already stays so.

    Args:
        reason: Why, in the words of whoever asks; kept in the hub, never released.
        agreed: Is shown what was found before anything is done; nothing is, unless it agrees.

    Returns:
        What was done; null where it was not agreed to.

    Raises:
        HubError: There is nothing of it in the hub and it is no source, or the request is not one.
        HubBusyError: A build, or another takedown, holds the hub.
        StorageError: The disk is full, or a file cannot be read or written.
    """
    with locked(hub):
        found = find(hub, request)
        if not agreed(found):
            return None
        sweep(hub)
        rows = _rows(found.direct, found.documents, found.personas)
        new = _set_tombstones(hub, rows, request.said, reason)
        tombstones = read_tombstones(hub)
        ruled_out = _rule_out(hub, tombstones)
        _drop_index(hub)
    return TakenDown(found, new, ruled_out, tombstones)


def settle(hub: Hub) -> Tombstones:
    """End what was begun: tombstones that came from another hub, or whose takedown was killed, take
    down what is theirs. For whoever holds the hub.

    Returns:
        All tombstones of the hub, after it.

    Raises:
        StorageError: The disk is full, or a file cannot be read or written.
    """
    if known := read_tombstones(hub):
        parts = [withheld(hub, known, number) for number in slice_numbers(hub)]
        rows = [_rows(known, *one) for one in parts]
        _set_tombstones(hub, pa.concat_tables(rows), TAKEDOWNS, None)
        _rule_out(hub, read_tombstones(hub))
    return read_tombstones(hub)


def _set_tombstones(hub: Hub, rows: pa.Table, asked: str, reason: str | None) -> int:
    """Write those that are not there yet, in one file, which is whole or not there."""
    known = read_tombstones(hub)
    fresh = [
        rows.filter(
            pc.and_(
                pc.equal(rows["kind"], kind),
                pc.invert(pc.is_in(rows["id"], value_set=getattr(known, kind))),
            )
        )
        for kind in known.counts
    ]
    new = pa.concat_tables(fresh)
    if not len(new):
        return 0
    now = datetime.now(UTC).replace(microsecond=0)
    for name, value in (("asked", asked), ("reason", reason), ("taken_at", now)):
        kind = TOMBSTONE.field(name).type
        new = new.append_column(name, pa.repeat(pa.scalar(value, kind), len(new)))
    _reopen_verdicts(hub)
    write_file(next_file(hub), new.select(TOMBSTONE.names).cast(TOMBSTONE))
    return len(new)


def _reopen_verdicts(hub: Hub) -> None:
    """Have the next build give all verdicts, even if the tombstones are removed before it."""
    ledger = Ledger(hub.ledger_path)
    try:
        ledger.reopen(VERDICTS)
    finally:
        ledger.close()


def _rows(direct: Tombstones, documents: pa.Array, personas: pa.Table) -> pa.Table:
    """`kind`, `id`, `follows` of all that was found, each once."""
    # A document that was rejected is in no table, and has its tombstone from the request alone.
    every = pc.unique(pa.concat_arrays([documents, direct.document]))
    follows = {"persona": personas.select(["id", "follows"]), "document": _alone(every)}
    for kind in ("source", "text"):
        follows[kind] = _alone(getattr(direct, kind))
    tables = []
    for kind, rows in follows.items():
        kinds = pa.repeat(pa.scalar(kind, pa.string()), len(rows))
        tables.append(rows.add_column(0, "kind", kinds))
    return pa.concat_tables(tables)


def _alone(ids: pa.Array) -> pa.Table:
    return pa.table([ids, pa.nulls(len(ids), pa.string())], names=["id", "follows"])


def _rule_out(hub: Hub, tombstones: Tombstones) -> int:
    """Give every persona that is taken down its verdict; says how many were kept before."""
    ledger = Ledger(hub.ledger_path)
    try:
        numbers = slice_numbers(hub)
        written = {number: _verdicts(hub, tombstones, number) for number in numbers}
        done = [one for one in ledger.done(VERDICTS) if one.slice_number in written]
        now = [_counted(hub, one, written[one.slice_number][0]) for one in done]
        if changed := [one for one in now if one not in done]:
            ledger.mark(changed)
        return sum(lost for _, lost in written.values())
    finally:
        ledger.close()


def _verdicts(hub: Hub, tombstones: Tombstones, number: int) -> tuple[dict[str, str], int]:
    """Write the verdicts of a slice anew, where one is not what the tombstones say.

    Returns:
        What was written, sha256 by name in the hub, and how many were kept before.
    """
    path = hub.table_path("verdicts", number)
    if not path.is_file():
        return {}, 0
    rows = read_file(path)
    gone = pc.is_in(rows["id"], value_set=tombstones.persona)
    said = pc.fill_null(pc.equal(rows["reason"], TAKEN_DOWN), False)
    if pc.all(pc.or_(pc.invert(gone), said)).as_py() in (True, None):
        return {}, 0
    lost = pc.sum(pc.and_(gone, rows["kept"])).as_py()
    columns = {
        "kept": pc.and_(rows["kept"], pc.invert(gone)),
        "reason": pc.if_else(gone, TAKEN_DOWN, rows["reason"]),
    }
    if WEIGHT in rows.column_names:
        columns[WEIGHT] = pc.if_else(gone, pa.scalar(None, pa.float32()), rows[WEIGHT])
    for name, column in columns.items():
        place = rows.schema.get_field_index(name)
        rows = rows.set_column(place, rows.schema.field(place), column)
    return {str(path.relative_to(hub.path)): write_file(path, rows)}, lost


def _counted(hub: Hub, done: Done, written: dict[str, str]) -> Done:
    """The ledger's line of a slice of verdicts, counted anew."""
    path = hub.table_path("verdicts", done.slice_number)
    if not path.is_file():
        return done
    reasons = read_file(path, ["reason"])["reason"].drop_null()
    rejected = {one["values"].as_py(): one["counts"].as_py() for one in pc.value_counts(reasons)}
    kept = done.rows_in - Counter(rejected).total()
    return replace(done, rows_out=kept, rejected=rejected, files={**done.files, **written})


def _drop_index(hub: Hub) -> None:
    """Remove the search index, a cache that holds the texts: the next search makes it anew."""
    for folder in (hub.path / "index").glob("*/"):
        shutil.rmtree(folder, ignore_errors=True)
