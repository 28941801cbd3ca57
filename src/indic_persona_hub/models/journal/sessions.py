"""The processes that write a journal: which of them live, and what the dead had under way.

Each holds a file of its own beside the journal, locked for as long as it lives: the system lets go
of the lock when the process dies, however it does.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import IO, Final

from indic_persona_hub.models.journal.account_book import AccountBook
from indic_persona_hub.models.journal.schema import now, transaction

KILLED: Final = "killed"

_BEGIN: Final = "INSERT INTO sessions (begun_at) VALUES (?)"
_UNDER_WAY: Final = "SELECT intent FROM under_way WHERE session = ?"
_LOSE: Final = (
    "INSERT INTO lost (intent, kind, at, charged)"
    " SELECT intent, ?, at, 0 FROM under_way WHERE session = ?"
)


class Session:
    """One journal held open by this process.

    Args:
        database: The journal's connection for writing.
        path: Its file.
    """

    def __init__(self, database: sqlite3.Connection, path: Path) -> None:
        self._database = database
        self._path = path
        # In one transaction, so that nobody sees a session whose file is not locked yet.
        with transaction(database):
            self.number = int(database.execute(_BEGIN, (now(),)).lastrowid or 0)
            self._held = _lock(_file_of(path, self.number))
            self.settle_dead(AccountBook(database))

    def settle_dead(self, book: AccountBook) -> None:
        """Within a transaction: list as lost what dead processes had under way.

        Where others have answered it since, it is charged at once.
        """
        for number in dead_sessions(self._database, self._path, but=self.number):
            intents = [row[0] for row in self._database.execute(_UNDER_WAY, (number,))]
            self._database.execute(_LOSE, (KILLED, number))
            self._forget(number)
            _file_of(self._path, number).unlink(missing_ok=True)
            book.charge(intents)

    def close(self) -> None:
        """End in order: whoever does so has said before what it lost."""
        with closing(self._held), transaction(self._database):
            self._forget(self.number)
        _file_of(self._path, self.number).unlink(missing_ok=True)

    def _forget(self, number: int) -> None:
        self._database.execute("DELETE FROM under_way WHERE session = ?", (number,))
        self._database.execute("DELETE FROM sessions WHERE id = ?", (number,))


def dead_sessions(database: sqlite3.Connection, path: Path, *, but: int = 0) -> list[int]:
    """Sessions whose process ended without closing the journal."""
    rows = database.execute("SELECT id FROM sessions WHERE id != ?", (but,)).fetchall()
    return [number for (number,) in rows if not _is_held(_file_of(path, number))]


def _file_of(path: Path, number: int) -> Path:
    # Beside the file itself, wherever links to it stand.
    whole = path.resolve()
    return whole.with_name(f"{whole.name}-session-{number}")


def _lock(file: Path) -> IO[bytes]:
    # A kill before the transaction's end leaves the file behind; the next session takes it over.
    held = file.open("ab")
    fcntl.flock(held, fcntl.LOCK_EX)
    return held


def _is_held(file: Path) -> bool:
    try:
        descriptor = os.open(file, os.O_RDONLY)
    except FileNotFoundError:
        return False
    except PermissionError:  # another user's, of whom nothing can be known
        return True
    try:
        with suppress(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return False
        return True
    finally:
        os.close(descriptor)
