"""The journal for reading: replies, requests as they were sent, and what all that cost."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, Final, NamedTuple, Self

from indic_persona_hub.models.journal.accounts import (
    Account,
    Lost,
    Spent,
    read_accounts,
    read_errors,
    read_spent,
)
from indic_persona_hub.models.journal.rows import execute_in
from indic_persona_hub.models.journal.schema import open_for_reading, storage_errors
from indic_persona_hub.models.journal.sessions import KILLED, dead_sessions
from indic_persona_hub.models.journal.texts import unpack
from indic_persona_hub.models.socket import Choice, Reply, Request

_REPLY: Final = (
    "text, finish_reason, prompt_tokens, cached_tokens, completion_tokens, latency_s,"
    " reasoning_tokens, others"
)
_REPLIES: Final = f"SELECT key, {_REPLY} FROM intents JOIN answers USING (id) WHERE key IN"
_HAS_OLD: Final = "SELECT EXISTS (SELECT 1 FROM replies)"
_OLD_REPLIES: Final = "SELECT key, reply FROM replies WHERE key IN"
_INTENT: Final = "SELECT id, model, request, created_at FROM intents WHERE key = ?"
_ANSWERED_AT: Final = (
    "SELECT answered_at FROM intents JOIN answers USING (id) WHERE key = ?1"
    " UNION ALL SELECT answered_at FROM replies WHERE key = ?1"
)
_ANSWERED: Final = (
    "SELECT (SELECT coalesce(sum(calls), 0) FROM accounts) + (SELECT count(*) FROM replies)"
    " - (SELECT count(*) FROM lost WHERE kind = 'doubled')"
)
_LOST: Final = "SELECT key, kind, at FROM lost JOIN intents ON intents.id = intent ORDER BY lost.id"
_UNDER_WAY: Final = (
    "SELECT key, ?, at FROM under_way JOIN intents ON intents.id = intent WHERE session = ?"
)
_MODELS: Final = "SELECT name, identity, licence FROM models ORDER BY id DESC"


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


class Registered(NamedTuple):
    """A model that the journal was opened for.

    Attributes:
        identity: Its settings that can change a reply; see `settings.identity`.
        licence: Of its weights, or `unknown`.
    """

    name: str
    identity: dict[str, Any]
    licence: str


class JournalReader:
    """The journal of a hub, for reading only. Threads may share it.

    Args:
        path: The SQLite file.

    Raises:
        StorageError: It is absent, not a journal, or of a later version.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = Lock()
        self._reader = open_for_reading(path)
        with storage_errors(path):
            self._has_old = bool(self._reader.execute(_HAS_OLD).fetchone()[0])

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
        wanted = {bytes.fromhex(key): key for key in keys}
        with storage_errors(self.path), self._lock:
            rows = execute_in(self._reader, _REPLIES, list(wanted))
            old = execute_in(self._reader, _OLD_REPLIES, list(wanted)) if self._has_old else []
        found = {wanted[key]: Reply(**json.loads(reply)) for key, reply in old}
        return found | {wanted[key]: _reply(columns) for key, *columns in rows}

    def request_of(self, key: str) -> Entry | None:
        """The call as it was sent, with its reply where there is one."""
        raw = bytes.fromhex(key)
        with storage_errors(self.path), self._lock:
            row = self._reader.execute(_INTENT, (raw,)).fetchone()
            if row is None or row[2] is None:
                return None
            request = unpack(row[2], self._text)
            answered = self._reader.execute(_ANSWERED_AT, (raw,)).fetchone()
        reply = self.get(key) if answered else None
        return Entry(key, row[1], request, row[3], reply, answered[0] if answered else None)

    def count(self) -> tuple[int, int]:
        """Calls that were intended, and calls that were answered, since the journal began."""
        with storage_errors(self.path), self._lock:
            intents = self._reader.execute("SELECT coalesce(max(id), 0) FROM intents").fetchone()
            answered = self._reader.execute(_ANSWERED).fetchone()
        return intents[0], answered[0]

    def accounts(self, hub: str | None = None) -> list[tuple[Account, str, Spent]]:
        """What each stage spent on each model, by day (UTC, ISO 8601); null is all hubs."""
        with storage_errors(self.path), self._lock:
            return read_accounts(self._reader, hub)

    def spent(self, hub: str) -> Spent:
        """What `hub` spent in all, by all processes, as it stands on disk."""
        with storage_errors(self.path), self._lock:
            return read_spent(self._reader, hub)

    def errors(self, hub: str) -> dict[str, int]:
        """Failed attempts of `hub` by kind."""
        with storage_errors(self.path), self._lock:
            return read_errors(self._reader, hub)

    def lost(self) -> list[Lost]:
        """Every attempt that may have been paid for, or was, without its reply being used."""
        with storage_errors(self.path), self._lock:
            rows = self._reader.execute(_LOST).fetchall()
            for session in dead_sessions(self._reader, self.path):
                rows += self._reader.execute(_UNDER_WAY, (KILLED, session)).fetchall()
        return [Lost(key.hex(), kind, at) for key, kind, at in rows]

    def models(self) -> list[Registered]:
        """The models that were opened for this journal, the latest first."""
        with storage_errors(self.path), self._lock:
            rows = self._reader.execute(_MODELS).fetchall()
        return [Registered(name, json.loads(identity), licence) for name, identity, licence in rows]

    def _text(self, digest: str) -> str:
        raw = bytes.fromhex(digest)
        row = self._reader.execute("SELECT content FROM texts WHERE hash = ?", (raw,)).fetchone()
        return "" if row is None else str(row[0])


def read_reply(database: sqlite3.Connection, intent: int) -> Reply:
    """The answer to an intent that has one."""
    row = database.execute(f"SELECT {_REPLY} FROM answers WHERE id = ?", (intent,)).fetchone()
    return _reply(row)


def _reply(columns: Iterable[Any]) -> Reply:
    *plain, others = columns
    choices = tuple(Choice(*one) for one in json.loads(others)) if others else ()
    return Reply(*(*plain, choices))
