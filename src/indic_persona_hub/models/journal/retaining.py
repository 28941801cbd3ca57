"""Take prompts and replies out of a journal for good, so that no byte of them stays in its file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator
from pathlib import Path

from indic_persona_hub.errors import StorageError
from indic_persona_hub.models.journal.rows import execute_in, insert_rows
from indic_persona_hub.models.journal.schema import open_for_writing, storage_errors, transaction


def retain_only(path: Path, keys: Collection[str]) -> int:
    """Keep the requests and replies of `keys` (hex, as `Reply` rows name them) and no other.

    What was spent stays counted. A request that is taken out is asked again where a build wants it.

    Returns:
        Requests that were taken out.

    Raises:
        StorageError: The file is no journal, cannot be written, or another process reads it.
    """
    database = open_for_writing(path)
    try:
        with storage_errors(path):
            database.execute("PRAGMA secure_delete=ON")
            with transaction(database):
                gone = _forget(database, keys)
            database.execute("VACUUM")
            busy, *_ = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        database.close()
    if busy:  # the file still has the pages that the log replaces
        raise StorageError(
            f"Another process reads {path}: what was taken out of it still lies in its file.",
            cure="End that process, then run the same command again.",
            retry=True,
        )
    return gone


def _forget(database: sqlite3.Connection, keys: Collection[str]) -> int:
    database.execute("CREATE TEMP TABLE wanted (key BLOB PRIMARY KEY)")
    wanted = [(bytes.fromhex(one),) for one in keys]
    insert_rows(database, "INSERT OR IGNORE INTO wanted", wanted)
    if database.execute("SELECT 1 FROM sqlite_master WHERE name = 'replies'").fetchone():
        database.execute("DELETE FROM replies WHERE key NOT IN (SELECT key FROM wanted)")
    gone = database.execute("DELETE FROM intents WHERE key NOT IN (SELECT key FROM wanted)")
    for table, column in (("answers", "id"), ("lost", "intent"), ("under_way", "intent")):
        database.execute(f"DELETE FROM {table} WHERE {column} NOT IN (SELECT id FROM intents)")
    known = database.execute("SELECT id, hex(hash) FROM texts").fetchall()
    used = {text.upper() for text in _referred_to(database)}
    unused = [number for number, mark in known if mark not in used]
    execute_in(database, "DELETE FROM texts WHERE id IN", unused)
    return gone.rowcount


def _referred_to(database: sqlite3.Connection) -> Iterator[str]:
    """Digests (hex) of the shared texts that the requests refer to; see `texts.Packer`."""
    for (packed,) in database.execute("SELECT request FROM intents WHERE request IS NOT NULL"):
        text = packed.decode() if isinstance(packed, bytes) else packed
        line = json.loads(text.partition("\n")[0])
        for piece in (line["json_schema"], *line["messages"]):
            if isinstance(piece, str):
                yield piece
            elif isinstance(piece, list) and isinstance(piece[1], str):
                yield piece[1]
