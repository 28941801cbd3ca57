"""What must outlive the process: the batches under way, their requests, and answers not yet taken.

Each step of a batch is on disk before it is begun and after it is done (SQLite, WAL,
synchronous=FULL), so that after a kill it is known what may have been submitted.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import IntEnum
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from indic_persona_hub.errors import StorageError
from indic_persona_hub.models.batch.files import NO_STATUS, AnswerRow

_SCHEMA = """
CREATE TABLE IF NOT EXISTS batches (
    number INTEGER PRIMARY KEY, place TEXT, digest TEXT, step INTEGER, requests INTEGER,
    file_id TEXT, batch_id TEXT, output_id TEXT, errors_id TEXT, status TEXT, words TEXT,
    UNIQUE (place, digest));
CREATE TABLE IF NOT EXISTS requests (
    id INTEGER PRIMARY KEY, batch INTEGER, key BLOB, answer BLOB, UNIQUE (key, batch));
CREATE INDEX IF NOT EXISTS requests_by_batch ON requests (batch);
"""
_COLUMNS = "number, digest, step, requests, file_id, batch_id, output_id, errors_id, status, words"
_LOOKUP = """SELECT batch, answer FROM requests JOIN batches ON number = batch
WHERE key = ? AND place = ?"""


class Step(IntEnum):
    """How far a batch has come. What is doing, not done, is begun but may not have arrived."""

    WRITING = 0
    WRITTEN = 1
    UPLOADING = 2
    UPLOADED = 3
    CREATING = 4
    CREATED = 5
    DONE = 6
    COLLECTED = 7


class Batch(NamedTuple):
    """One batch as it stands.

    Attributes:
        digest: 64 hex digits, its own among all batches of its place.
        requests: How many it was made of.
        file_id: The endpoint's name of the requests file, once uploaded.
        batch_id: The endpoint's name of the batch, once created.
        output_id: The endpoint's name of the answers, once done.
        errors_id: The endpoint's name of the failures, once done.
        status: The endpoint's last word on it.
        words: Why it failed, in the endpoint's words.
    """

    number: int
    digest: str
    step: Step
    requests: int
    file_id: str | None
    batch_id: str | None
    output_id: str | None
    errors_id: str | None
    status: str | None
    words: str | None


class Held(NamedTuple):
    """A request that is in a batch: `answer` is null while the batch is under way."""

    batch: int
    answer: bytes | None


@dataclass
class Settled:
    """What became of a batch's requests.

    Attributes:
        failures: By key; those without any answer have `NO_STATUS` and an empty body.
        counts: `answered`, `failed`, `missing` requests, and lines that were `unreadable`,
            `repeated` or `unknown`.
    """

    failures: dict[str, AnswerRow] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)


class BatchState:
    """The batches of one place. Threads may share it, but for `lookup`, which is one thread's.

    Args:
        path: The SQLite file; made where absent. Several places may share it.
        place: The endpoint or folder, and the model.

    Raises:
        StorageError: It cannot be made, or is something else.
    """

    def __init__(self, path: Path, place: str) -> None:
        self.path = path
        self._place = place
        self._lock = Lock()
        with _storage_errors(path):
            self._database = sqlite3.connect(path, check_same_thread=False, timeout=60)
            self._database.execute("PRAGMA journal_mode=WAL")
            self._database.execute("PRAGMA synchronous=FULL")
            self._database.executescript(_SCHEMA)
            self._reader = sqlite3.connect(path, check_same_thread=False, timeout=60)

    def close(self) -> None:
        """Close the file. Closing twice is no error."""
        self._reader.close()
        with self._lock:
            self._database.close()

    def lookup(self, key: str) -> Held | None:
        """Where the request is; null where it is in no batch."""
        with _storage_errors(self.path):
            found = self._reader.execute(_LOOKUP, (bytes.fromhex(key), self._place)).fetchone()
        return Held(*found) if found else None

    def add(self, content_digest: str, keys: Sequence[str]) -> Batch:
        """A new batch, in step `WRITING`.

        Args:
            content_digest: Of its requests file. The same requests asked again get another digest
                than their first batch, which may be found at the endpoint for days.
            keys: Of its requests.
        """
        with self._changing() as database:
            digest = content_digest
            while _one(database, "SELECT 1 FROM batches WHERE digest = ?", digest):
                digest = sha256(f"again {digest}".encode()).hexdigest()
            added = database.execute(
                "INSERT INTO batches (place, digest, step, requests) VALUES (?, ?, ?, ?)",
                (self._place, digest, Step.WRITING, len(keys)),
            )
            number = added.lastrowid or 0
            database.executemany(
                "INSERT INTO requests (batch, key) VALUES (?, ?)",
                ((number, bytes.fromhex(key)) for key in keys),
            )
        return self.batch(number)

    def advance(self, number: int, step: Step, **values: str | None) -> None:
        """Say that the batch is at `step`, with new `values` of `Batch`."""
        names = "".join(f", {name} = ?" for name in values)
        with self._changing() as database:
            statement = f"UPDATE batches SET step = ?{names} WHERE number = ?"
            database.execute(statement, (step, *values.values(), number))

    def batch(self, number: int) -> Batch:
        """One batch as it stands."""
        return self._batches("number = ?", number)[0]

    def open_batches(self) -> list[Batch]:
        """Those that are not collected, oldest first."""
        return self._batches("place = ? AND step < ? ORDER BY number", self._place, Step.COLLECTED)

    def keys_of(self, number: int) -> list[str]:
        """Keys of the batch's requests that have no answer."""
        with self._changing() as database:
            return [key.hex() for key in _unanswered(database, number)]

    def forget(self, number: int) -> None:
        """Drop a batch that was never submitted: its requests are in no batch."""
        with self._changing() as database:
            database.execute("DELETE FROM requests WHERE batch = ?", (number,))
            database.execute("DELETE FROM batches WHERE number = ?", (number,))

    def settle(
        self,
        number: int,
        rows: Iterable[AnswerRow | None],
        is_reply: Callable[[AnswerRow], bool],
    ) -> Settled:
        """Keep the replies and let go of all other requests of the batch, in one transaction.

        Args:
            number: The batch, which is then `COLLECTED`.
            rows: Its answers in any order; null for a line that holds none. The first answer to a
                request counts; only a reply counts more than a failure before it.
            is_reply: Whether an answer is worth keeping.
        """
        settled = Settled()
        with self._changing() as database:
            known = {key.hex(): False for key in _unanswered(database, number)}
            for row in rows:
                self._settle_row(database, number, row, known, is_reply, settled)
            for key in (key for key, answered in known.items() if not answered):
                settled.failures.setdefault(key, AnswerRow(key, NO_STATUS, b""))
            settled.counts["missing"] = len(known) - sum(
                settled.counts[kind] for kind in ("answered", "failed")
            )
            gone = "DELETE FROM requests WHERE batch = ? AND answer IS NULL"
            database.execute(gone, (number,))
            done = "UPDATE batches SET step = ? WHERE number = ?"
            database.execute(done, (Step.COLLECTED, number))
        return settled

    def _settle_row(
        self,
        database: sqlite3.Connection,
        number: int,
        row: AnswerRow | None,
        known: dict[str, bool],
        is_reply: Callable[[AnswerRow], bool],
        settled: Settled,
    ) -> None:
        counts = settled.counts
        if row is None:
            counts["unreadable"] += 1
        elif row.custom_id not in known:
            counts["unknown"] += 1
        elif known[row.custom_id]:
            counts["repeated"] += 1
        elif is_reply(row):
            known[row.custom_id] = True
            repeated = settled.failures.pop(row.custom_id, None) is not None
            counts.update(answered=1, failed=-repeated, repeated=repeated)
            keep = "UPDATE requests SET answer = ? WHERE batch = ? AND key = ?"
            database.execute(keep, (row.body, number, bytes.fromhex(row.custom_id)))
        elif row.custom_id in settled.failures:
            counts["repeated"] += 1
        else:
            counts["failed"] += 1
            settled.failures[row.custom_id] = row.shortened()

    def _batches(self, condition: str, *values: Any) -> list[Batch]:
        with self._changing() as database:
            statement = f"SELECT {_COLUMNS} FROM batches WHERE {condition}"
            rows = database.execute(statement, values).fetchall()
        return [Batch(*row)._replace(step=Step(row[2])) for row in rows]

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        with self._lock, _storage_errors(self.path), self._database as database:
            yield database


def _unanswered(database: sqlite3.Connection, number: int) -> list[bytes]:
    statement = "SELECT key FROM requests WHERE batch = ? AND answer IS NULL ORDER BY id"
    return [key for (key,) in database.execute(statement, (number,))]


def _one(database: sqlite3.Connection, statement: str, *values: Any) -> Any:
    return database.execute(statement, values).fetchone()


@contextmanager
def _storage_errors(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into `StorageError`."""
    try:
        yield
    except sqlite3.Error as error:
        raise StorageError(
            f"{path}, which holds the batches under way, cannot be used: {error}.",
            cure="Free some space, check its permissions, and run the same command again; batches"
            " go on at the endpoint meanwhile.",
            retry=True,
        ) from error
