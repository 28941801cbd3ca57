"""Erase from a hub the texts of all that was taken down, so that no file of it holds them.

Rows stay, with their ids, so that lineage, counts and fingerprints hold and a build does nothing
again. Every file is whole before or after; where the process is killed, the same again goes on.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from indic_persona_hub.errors import HubError
from indic_persona_hub.models.journal import JournalReader, retain_only
from indic_persona_hub.run.adoption import SPOOL
from indic_persona_hub.run.hub import (
    Hub,
    file_sha256,
    locked,
    read_file,
    storage_error,
    sweep,
    write_file,
)
from indic_persona_hub.run.ledger import Ledger
from indic_persona_hub.run.takedown import settle
from indic_persona_hub.run.whole import CLUSTERED

#: What else of a row is somebody's words, or leads to them.
_OF_DOCUMENT: Final = ("title", "url", "source_id")
_OF_PERSONA: Final = ("domain_label", "relation", "stated", "source_id", "source_url")
_OF_REJECTED: Final = ("detail", "payload")
#: Made anew where they are wanted.
_SCRATCH: Final = (SPOOL, "documents.spool", "keys", "index")


class Erased(NamedTuple):
    """What an erasure did.

    Attributes:
        files: Tables that were written anew.
        requests: Requests, with their replies, that were taken out of the journal.
        shared_journal: The journal, where other hubs use it too: it was left as it is.
    """

    files: int
    requests: int
    shared_journal: Path | None


def erase(hub: Hub) -> Erased:
    """Blank the texts of all that was ever taken down from `hub`.

    What stages rejected keeps its reason and loses its text, whosever it was: nothing tells where
    it came from. The hub's own journal keeps the calls that made the personas that stay, no other.

    Raises:
        HubError: Nothing was taken down from it.
        HubBusyError: A build holds the hub.
        StorageError: The disk is full, a file cannot be read or written, or the journal is in use.
    """
    with locked(hub):
        taken = settle(hub)
        if not taken:
            raise HubError(
                f"Nothing was taken down from {hub.path}.",
                cure="Say what to take down: --persona ID, --source URL or --match TEXT.",
            )
        shared = _shared_journal(hub)
        requests = 0
        if hub.journal_path.is_file() and not shared:
            requests = retain_only(hub.journal_path, _calls_that_stay(hub, taken.persona))
        files = sum(_files_blanked(hub, taken.document, taken.persona))
        _drop_scratch(hub)
        _renew_digests(hub)
    return Erased(files, requests, shared)


def _shared_journal(hub: Hub) -> Path | None:
    """The journal, where it is a link, or other hubs paid for calls in it."""
    path = hub.journal_path
    if path.is_symlink():
        return path.resolve()
    if not path.is_file():
        return None
    ledger = Ledger(hub.ledger_path, read_only=True)
    try:
        own = ledger.known_hub_id()
    finally:
        ledger.close()
    with JournalReader(path) as journal:
        others = {account.hub for account, *_ in journal.accounts()} - {own}
    return path if others else None


def _calls_that_stay(hub: Hub, gone: pa.Array) -> set[str]:
    """Keys of the calls that made personas, and none that is `gone`."""
    stay, go = set[str](), set[str]()
    for path in hub.files("personas"):
        rows = read_file(path, ["id", "journal_key", "sketch_key"])
        mine = pc.is_in(rows["id"], value_set=gone)
        for name in ("journal_key", "sketch_key"):
            go.update(rows[name].filter(mine).drop_null().to_pylist())
            stay.update(rows[name].filter(pc.invert(mine)).drop_null().to_pylist())
    return stay - go


def _files_blanked(hub: Hub, documents: pa.Array, personas: pa.Array) -> Iterator[bool]:
    """Blank file after file; says of each whether it had to be written."""
    for path in hub.files("documents"):
        yield _blank(path, documents, "text", _OF_DOCUMENT)
    for path in hub.files("personas"):
        yield _blank(path, personas, "persona", _OF_PERSONA)
    for path in hub.files("verdicts"):
        yield _blank(path, personas, None, ("domain",))
    for path in sorted((hub.path / "evidence").rglob("*.parquet")):
        yield _blank(path, personas, "detail", None)
    for path in sorted((hub.path / "rejected").rglob("*.parquet")):
        rows = read_file(path)
        nothing = pa.chunked_array([pa.nulls(len(rows), pa.string())])
        yield _write(path, rows, dict.fromkeys(_OF_REJECTED, nothing))
    for path in hub.files("domains"):
        yield _drop_labels(hub, path)


def _blank(path: Path, gone: pa.Array, text: str | None, nulls: Iterable[str] | None) -> bool:
    """Have the rows of a table that are `gone` (ids) hold an empty `text`, and null in `nulls`.

    Args:
        nulls: Columns; where null, all that are not `CLUSTERED`.
    """
    own = pc.is_in(read_file(path, ["id"])["id"], value_set=gone)
    if not pc.any(own).as_py():
        return False
    rows = read_file(path)
    places = pc.if_else(own, pa.scalar(None, pa.int64()), pa.array(np.arange(len(rows))))
    if nulls is None:
        nulls = set(rows.column_names).difference(CLUSTERED.names)
    columns = {name: rows[name].take(places) for name in nulls}
    if text in rows.column_names:
        columns[text] = pc.if_else(own, "", rows[text])
    return _write(path, rows, columns)


def _drop_labels(hub: Hub, path: Path) -> bool:
    """Leave out of the mapping of domains whatever only those who are gone were labelled with."""
    rows = read_file(path)
    used = [read_file(one, ["domain_label"])["domain_label"] for one in hub.files("personas")]
    known = pc.unique(
        pa.chunked_array([chunk for one in used for chunk in one.chunks], pa.string())
    )
    stay = rows.filter(pc.is_in(rows["label"], value_set=known))
    if len(stay) == len(rows):
        return False
    write_file(path, stay)
    return True


def _write(path: Path, rows: pa.Table, columns: dict[str, pa.ChunkedArray]) -> bool:
    """Write `rows` with other `columns`, unless they are so already."""
    changed = {name: one for name, one in columns.items() if not rows[name].equals(one)}
    for name, column in changed.items():
        place = rows.schema.get_field_index(name)
        rows = rows.set_column(place, rows.schema.field(place), column)
    if changed:
        write_file(path, rows)
    return bool(changed)


def _drop_scratch(hub: Hub) -> None:
    for folder in (hub.path / name for name in _SCRATCH):
        try:
            if folder.is_dir():
                shutil.rmtree(folder)
        except OSError as error:
            raise storage_error(folder, error) from error
    sweep(hub)


def _renew_digests(hub: Hub) -> None:
    """Have the ledger know the files as they are now."""

    def digest(name: str) -> str:
        path = hub.path / name
        return file_sha256(path) if path.is_file() else ""

    ledger = Ledger(hub.ledger_path)
    try:
        ledger.renew_digests(digest)
    finally:
        ledger.close()
