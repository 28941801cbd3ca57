"""The journal's tables, and how its file is opened and written by several processes at once."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from indic_persona_hub.errors import StorageError

#: 0 had no accounts, and whole replies as JSON in a table `replies`, which is still read.
_VERSION: Final = 1
#: How long one process waits for another to end a transaction, before that one must be stuck.
_PATIENCE_S: Final = 600.0
_BUSY_S: Final = 30.0
#: How long SQLite itself waits at a time, with ever longer naps, before we ask again.
_TURN_MS: Final = 100
#: Pages of the write-ahead log before it is folded into the file: 32 MB. Keys come in no order, so
#: that the longer the log, the fewer pages of their index are written more than once.
_LOG_PAGES: Final = 8192

# Of `answers` the id is that of its intent, so that only one index is in the random order of keys.
# `cost_pico_usd` are millionths of a millionth of a USD: whole numbers, whose sums are exact.
_TABLES: Final = {
    "texts": "(id INTEGER PRIMARY KEY, hash BLOB UNIQUE, content TEXT)",
    "intents": "(id INTEGER PRIMARY KEY, key BLOB UNIQUE, model TEXT, request TEXT,"
    " created_at TEXT)",
    "answers": "(id INTEGER PRIMARY KEY, text TEXT, finish_reason TEXT, prompt_tokens INTEGER,"
    " cached_tokens INTEGER, completion_tokens INTEGER, latency_s REAL, reasoning_tokens INTEGER,"
    " others TEXT, cost_pico_usd INTEGER, account INTEGER, answered_at TEXT)",
    "accounts": "(id INTEGER PRIMARY KEY, hub TEXT, stage TEXT, model TEXT, day TEXT,"
    " calls INTEGER DEFAULT 0, failed INTEGER DEFAULT 0, lost INTEGER DEFAULT 0,"
    " prompt_tokens INTEGER DEFAULT 0, cached_tokens INTEGER DEFAULT 0,"
    " completion_tokens INTEGER DEFAULT 0, reasoning_tokens INTEGER DEFAULT 0,"
    " lost_prompt_tokens INTEGER DEFAULT 0, lost_completion_tokens INTEGER DEFAULT 0,"
    " cost_pico_usd INTEGER DEFAULT 0, UNIQUE (hub, stage, model, day))",
    "failures": "(account INTEGER, kind TEXT, attempts INTEGER, PRIMARY KEY (account, kind))",
    "lost": "(id INTEGER PRIMARY KEY, intent INTEGER, kind TEXT, at TEXT, account INTEGER,"
    " charged INTEGER)",
    "models": "(id INTEGER PRIMARY KEY, name TEXT, identity TEXT, licence TEXT,"
    " UNIQUE (name, identity))",
    "sessions": "(id INTEGER PRIMARY KEY AUTOINCREMENT, begun_at TEXT)",
    "under_way": "(session INTEGER, intent INTEGER, at TEXT, PRIMARY KEY (session, intent))"
    " WITHOUT ROWID",
}
_OLD_TABLES: Final = {"replies": "(key BLOB UNIQUE, reply TEXT, answered_at TEXT)"}
_UNCHARGED: Final = "CREATE INDEX IF NOT EXISTS lost_uncharged ON lost (intent) WHERE charged = 0"


def open_for_reading(path: Path) -> sqlite3.Connection:
    """A connection in which every table of the journal can be read, though it may be empty.

    Raises:
        StorageError: The file is absent, not a journal, or of a later version.
    """
    # In a folder that cannot be written, WAL has nowhere to put its index.
    writable = os.access(path.resolve().parent, os.W_OK)
    with storage_errors(path):
        database = _connect(path, "mode=ro" if writable else "immutable=1")
        database.execute("PRAGMA temp_store=MEMORY")
        present = {row[0] for row in database.execute("SELECT name FROM sqlite_master")}
        for name, columns in (_TABLES | _OLD_TABLES).items():
            if name not in present:
                database.execute(f"CREATE TEMP TABLE {name} {columns}")
        return database


def open_for_writing(path: Path) -> sqlite3.Connection:
    """A connection to the journal, which is made or brought up to date where it must be.

    Raises:
        StorageError: The file cannot be made, is not a journal, or is of a later version.
    """
    with storage_errors(path):
        database = _connect(path, "mode=rwc")
        _patiently(database, "PRAGMA journal_mode=WAL")
        database.execute(f"PRAGMA busy_timeout={_TURN_MS}")
        database.execute("PRAGMA synchronous=FULL")
        database.execute(f"PRAGMA wal_autocheckpoint={_LOG_PAGES}")
        with transaction(database):
            for name, columns in _TABLES.items():
                database.execute(f"CREATE TABLE IF NOT EXISTS {name} {columns}")
            database.execute(_UNCHARGED)
            database.execute(f"PRAGMA user_version={_VERSION}")
        return database


@contextmanager
def transaction(database: sqlite3.Connection) -> Iterator[None]:
    """All or nothing; waits with patience while another process writes."""
    _patiently(database, "BEGIN IMMEDIATE")
    try:
        yield
        database.execute("COMMIT")
    except BaseException:
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise


@contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into `StorageError`."""
    try:
        yield
    except sqlite3.Error as error:
        if "full" in str(error) or "I/O" in str(error):
            raise StorageError(
                f"The disk is full or failing: {path} was not written ({error}).",
                cure="Free some space and run the same command again: it goes on where it stopped.",
                retry=True,
            ) from error
        if _is_busy(error):
            raise StorageError(
                f"Another process has been writing to {path} for minutes.",
                cure="See whether one that uses this journal is stuck, then run the command again.",
                retry=True,
            ) from error
        raise StorageError(
            f"{path} cannot be used as a journal: {error}.",
            cure="Check the path and its permissions; if it is damaged, restore it from a copy.",
        ) from error


def now() -> str:
    """UTC, ISO 8601, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    database = sqlite3.connect(
        f"{path.absolute().as_uri()}?{mode}",
        uri=True,
        check_same_thread=False,
        timeout=_BUSY_S,
        isolation_level=None,
        cached_statements=256,
    )
    version = database.execute("PRAGMA user_version").fetchone()[0]
    database.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if version > _VERSION:
        raise StorageError(
            f"{path} is a journal of a later version ({version}) of Indic Persona Hub.",
            cure="Use at least the version that wrote it.",
        )
    return database


def _patiently(database: sqlite3.Connection, statement: str) -> None:
    end_s = time.monotonic() + _PATIENCE_S
    while True:
        try:
            database.execute(statement)
        except sqlite3.OperationalError as error:
            if not _is_busy(error) or time.monotonic() > end_s:
                raise
            time.sleep(0.005)
        else:
            return


def _is_busy(error: sqlite3.Error) -> bool:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
