"""The journal: every model reply that was paid for, kept across crashes.

An intent is on disk before the call, the reply after it; a reply that stands here is never asked
for again. One writer thread commits rows in groups (SQLite, WAL, synchronous=FULL); reads come from
any thread.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from types import TracebackType
from typing import Any, NamedTuple, Self

from indic_persona_hub.errors import StorageError
from indic_persona_hub.models.journal_keys import canonical, pack, unpack
from indic_persona_hub.models.socket import Reply, Request

_GROUP_ROWS = 64
_KNOWN_TEXTS = 50_000

# A prompt's stable turns stand in millions of requests, so each text is stored once, by its hash.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS texts (id INTEGER PRIMARY KEY, hash BLOB UNIQUE, content TEXT);
CREATE TABLE IF NOT EXISTS intents (
    id INTEGER PRIMARY KEY, key BLOB UNIQUE, model TEXT, request TEXT, created_at TEXT);
CREATE TABLE IF NOT EXISTS replies (
    id INTEGER PRIMARY KEY, key BLOB UNIQUE, reply TEXT, answered_at TEXT);
"""
_ADD_TEXT = "INSERT OR IGNORE INTO texts (hash, content) VALUES (?, ?)"
_ADD_INTENT = "INSERT OR IGNORE INTO intents (key, model, request, created_at) VALUES (?, ?, ?, ?)"
_ADD_REPLY = "INSERT OR IGNORE INTO replies (key, reply, answered_at) VALUES (?, ?, ?)"


@dataclass(frozen=True)
class Entry:
    """One call as it stands in the journal.

    Attributes:
        created_at: When the intent was written, UTC, ISO 8601.
        reply: Null where the call never came back.
        answered_at: When the reply was written, UTC, ISO 8601.
    """

    key: str
    model: str
    request: Request
    created_at: str
    reply: Reply | None
    answered_at: str | None


class JournalReader:
    """The journal of a hub, for reading only.

    Args:
        path: The SQLite file.

    Raises:
        StorageError: It is absent or not a journal.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = Lock()
        # In a folder that cannot be written, WAL has nowhere to put its index.
        mode = "mode=ro" if os.access(path.parent, os.W_OK) else "immutable=1"
        self._reader = _open(path, mode)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._reader.close()

    def get(self, key: str) -> Reply | None:
        """The recorded reply, or null."""
        return self.get_many([key]).get(key)

    def get_many(self, keys: Iterable[str]) -> dict[str, Reply]:
        """The recorded replies among `keys`."""
        found: dict[str, Reply] = {}
        with _storage_errors(self.path):
            for key in dict.fromkeys(keys):
                with self._lock:
                    row = self._one("SELECT reply FROM replies WHERE key = ?", bytes.fromhex(key))
                if row:
                    found[key] = Reply(**json.loads(row[0]))
        return found

    def request_of(self, key: str) -> Entry | None:
        """The call as it was sent, with its reply where there is one."""
        raw = bytes.fromhex(key)
        with _storage_errors(self.path), self._lock:
            row = self._one("SELECT model, request, created_at FROM intents WHERE key = ?", raw)
            if row is None:
                return None
            request = unpack(json.loads(row[1]), self._text)
            answer = self._one("SELECT reply, answered_at FROM replies WHERE key = ?", raw)
        reply = Reply(**json.loads(answer[0])) if answer else None
        return Entry(key, row[0], request, row[2], reply, answer[1] if answer else None)

    def count(self) -> tuple[int, int]:
        """Calls that were intended, and calls that were answered, since the hub began."""
        with _storage_errors(self.path), self._lock:
            intents = self._one("SELECT count(*) FROM intents")
            replies = self._one("SELECT count(*) FROM replies")
        return (intents or (0,))[0], (replies or (0,))[0]

    def _one(self, query: str, *values: bytes) -> tuple[Any, ...] | None:
        row: tuple[Any, ...] | None = self._reader.execute(query, values).fetchone()
        return row

    def _text(self, digest: str) -> str:
        row = self._one("SELECT content FROM texts WHERE hash = ?", bytes.fromhex(digest))
        return "" if row is None else str(row[0])


class _Item(NamedTuple):
    """One row to write, the texts that it refers to, and who waits for it."""

    texts: tuple[tuple[bytes, str], ...]
    statement: str
    values: tuple[Any, ...]
    done: Future[None]


class Journal(JournalReader):
    """The journal of a hub being built. Only one process may hold it.

    Args:
        path: The SQLite file; made where absent.

    Raises:
        StorageError: It cannot be made or is not a journal.
    """

    def __init__(self, path: Path) -> None:
        self._writer_connection = _open(path, "mode=rwc")
        with _storage_errors(path):
            self._writer_connection.execute("PRAGMA journal_mode=WAL")
            self._writer_connection.execute("PRAGMA synchronous=FULL")
            self._writer_connection.executescript(_SCHEMA)
        super().__init__(path)
        self._known: set[bytes] = set()
        self._closed = False
        self._queue: SimpleQueue[_Item | None] = SimpleQueue()
        self._writer = Thread(target=self._write_groups, name="iph-journal", daemon=True)
        self._writer.start()

    def close(self) -> None:
        """Write what is queued and close the file, which then holds all: a copy of it is whole."""
        self._closed = True
        # SQLite folds the WAL into the file when its last connection closes, if that one may write.
        super().close()
        self._queue.put(None)
        self._writer.join()

    def intend(self, key: str, model: str, request: Request) -> Future[None]:
        """Say that `request` is about to be asked; done when that is on disk.

        The future raises `StorageError` where the disk is full.
        """
        packed, texts = pack(request)
        values = (bytes.fromhex(key), model, canonical(packed), _now())
        return self._enqueue(_Item(tuple(texts.items()), _ADD_INTENT, values, Future()))

    def record(self, key: str, reply: Reply) -> Future[None]:
        """Keep the reply; done when it is on disk, from when on it is never asked for again.

        The future raises `StorageError` where the disk is full.
        """
        values = (bytes.fromhex(key), canonical(vars(reply)), _now())
        return self._enqueue(_Item((), _ADD_REPLY, values, Future()))

    def _enqueue(self, item: _Item) -> Future[None]:
        if self._closed:
            raise StorageError(f"{self.path} is closed.", cure="Open the journal again.")
        self._queue.put(item)
        return item.done

    def _write_groups(self) -> None:
        for group in _groups(self._queue):
            waiting = [one.done for one in group if one.done.set_running_or_notify_cancel()]
            try:
                with _storage_errors(self.path):
                    self._commit(group)
            except StorageError as error:
                for done in waiting:
                    done.set_exception(error)
            else:
                for done in waiting:
                    done.set_result(None)
        self._writer_connection.close()

    def _commit(self, group: list[_Item]) -> None:
        # Rows pile up while a commit waits for the disk: groups grow with the load by themselves.
        texts = {digest: text for item in group for digest, text in item.texts}
        new = {digest: text for digest, text in texts.items() if digest not in self._known}
        with self._writer_connection as database:
            database.executemany(_ADD_TEXT, new.items())
            for item in group:
                database.execute(item.statement, item.values)
        if len(self._known) > _KNOWN_TEXTS:
            self._known.clear()
        self._known.update(new)


def _groups(queue: SimpleQueue[_Item | None]) -> Iterator[list[_Item]]:
    while (item := queue.get()) is not None:
        group = [item]
        while len(group) < _GROUP_ROWS:
            try:
                more = queue.get_nowait()
            except Empty:
                break
            if more is None:
                yield group
                return
            group.append(more)
        yield group


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _open(path: Path, mode: str) -> sqlite3.Connection:
    with _storage_errors(path):
        address = f"{path.absolute().as_uri()}?{mode}"
        database = sqlite3.connect(address, uri=True, check_same_thread=False, timeout=30)
        database.execute("SELECT count(*) FROM sqlite_master").fetchone()
        return database


@contextmanager
def _storage_errors(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into `StorageError`."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if "full" in str(error) or "I/O" in str(error):
            raise StorageError(
                f"The disk is full or failing: {path} was not written ({error}).",
                cure="Free some space and run the same command again: it goes on where it stopped.",
                retry=True,
            ) from error
        raise StorageError(
            f"{path} cannot be used as a journal: {error}.",
            cure="Check the path and its permissions; if it is damaged, restore it from a copy.",
        ) from error
