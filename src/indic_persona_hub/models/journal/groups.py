"""What goes into the journal, and how a group of it becomes one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any, Final, NamedTuple

from indic_persona_hub.models.journal.account_book import AccountBook
from indic_persona_hub.models.journal.accounts import Account
from indic_persona_hub.models.journal.commits import Commit
from indic_persona_hub.models.journal.reading import read_reply
from indic_persona_hub.models.journal.rows import execute_in, insert_rows
from indic_persona_hub.models.journal.schema import now, transaction
from indic_persona_hub.models.journal.sessions import Session
from indic_persona_hub.models.journal.texts import SharedText
from indic_persona_hub.models.socket import Reply

DOUBLED: Final = "doubled"

_ADD_TEXTS: Final = "INSERT OR IGNORE INTO texts (hash, content)"
_ADD_INTENTS: Final = "INSERT OR IGNORE INTO intents (key, model, request, created_at)"
_LAST_INTENT: Final = "SELECT coalesce(max(id), 0) FROM intents"
_FIND_INTENTS: Final = "SELECT key, id FROM intents WHERE key IN"
_OPEN_NEW: Final = "INSERT INTO under_way SELECT ?, id, ? FROM intents WHERE id > ?"
_OPEN: Final = "INSERT OR REPLACE INTO under_way"
_CLOSE: Final = "DELETE FROM under_way WHERE session = ? AND intent IN"
_COUNT_ANSWERED: Final = "SELECT count(*) FROM answers WHERE id IN"
_FIND_ANSWERED: Final = "SELECT id FROM answers WHERE id IN"
_ADD_ANSWERS: Final = "INSERT INTO answers"


class Intent(NamedTuple):
    """A request that is about to be asked. Its commit's value becomes a reply that stands."""

    key: bytes
    model: str
    request: bytes
    texts: list[SharedText]
    commit: Commit[Reply | None]


class Failure(NamedTuple):
    """An attempt that failed."""

    key: bytes
    account: Account
    kind: str
    may_be_billed: bool


class Answered(NamedTuple):
    """A reply; `values` are the columns of `answers` from `text` to `cost_pico_usd`."""

    key: bytes
    values: tuple[Any, ...]
    account: Account
    commit: Commit[Reply]


class Left(NamedTuple):
    """A request that is not asked any more."""

    key: bytes


class Task(NamedTuple):
    """Anything else that is written."""

    work: Callable[[sqlite3.Connection], object]
    commit: Commit[None]


Item = Intent | Failure | Answered | Left | Task


class GroupWriter:
    """Writes groups, each in one transaction. For one thread."""

    def __init__(self, database: sqlite3.Connection, session: Session) -> None:
        self._database = database
        self._session = session
        self._book = AccountBook(database)
        #: Ids of intents that this process has under way, by their keys.
        self._ids: dict[bytes, int] = {}
        #: Not on disk yet: kept when a transaction fails, for later requests refer to them.
        self._texts: dict[bytes, str] = {}

    def write(self, group: Sequence[Item]) -> None:
        """Write all of `group`, or nothing of it; the values of commits are set.

        Raises:
            sqlite3.Error: Nothing was written.
        """
        kinds: dict[type, list[Any]] = {}
        for item in group:
            kinds.setdefault(type(item), []).append(item)
        for intent in kinds.get(Intent, ()):
            self._texts.update(intent.texts)
        try:
            with transaction(self._database):
                self._write(kinds)
        except BaseException:
            self._book.forget()
            self._ids.clear()
            raise
        self._texts.clear()

    def _write(self, kinds: dict[type, list[Any]]) -> None:
        at = now()
        if self._texts:
            insert_rows(self._database, _ADD_TEXTS, list(self._texts.items()))
        # First, for it may be asked again at once; an intent is on disk before it can be left.
        if left := kinds.get(Left):
            self._close(self._known_ids(left))
        if intents := kinds.get(Intent):
            self._write_intents(intents, at)
        if failures := kinds.get(Failure):
            self._write_failures(failures, at)
        if answered := kinds.get(Answered):
            self._write_answers(answered, at)
        for task in kinds.get(Task, ()):
            task.work(self._database)

    def _write_intents(self, intents: list[Intent], at: str) -> None:
        rows = {one.key: (one.key, one.model, one.request, at) for one in intents}
        last = self._database.execute(_LAST_INTENT).fetchone()[0]
        inserted = insert_rows(self._database, _ADD_INTENTS, list(rows.values()))
        if inserted == len(rows):  # SQLite counts ids up from the last one
            self._ids.update(zip(rows, count(last + 1)))
            self._database.execute(_OPEN_NEW, (self._session.number, at, last))
        else:
            self._open_again(intents, list(rows), at)

    def _open_again(self, intents: list[Intent], keys: list[bytes], at: str) -> None:
        """Some were intended before: by a process that died, perhaps, or answered by another."""
        self._session.settle_dead(self._book)
        ids = dict(execute_in(self._database, _FIND_INTENTS, keys))
        standing = self._standing(list(ids.values()))
        opened = {key: number for key, number in ids.items() if number not in standing}
        self._ids.update(opened)
        rows = [(self._session.number, number, at) for number in opened.values()]
        insert_rows(self._database, _OPEN, rows)
        for one in intents:
            if one.key not in opened:
                one.commit.value = read_reply(self._database, ids[one.key])

    def _write_failures(self, failures: list[Failure], at: str) -> None:
        day = at[:10]
        by_account: dict[int, list[tuple[str, bool]]] = {}
        for one in failures:
            number = self._book.id_of(one.account, day)
            by_account.setdefault(number, []).append((one.kind, one.may_be_billed))
        for number, kinds in by_account.items():
            self._book.count_failed(number, kinds)
        lost = [one for one in failures if one.may_be_billed]
        ids = self._ids_of(lost)
        rows = [
            (ids[one.key], one.kind, at, self._book.id_of(one.account, day), False) for one in lost
        ]
        self._book.lose(rows)
        self._book.charge(list(ids.values()))

    def _write_answers(self, answered: list[Answered], at: str) -> None:
        ids = self._ids_of(answered)
        numbers = list(ids.values())
        standing = self._standing(numbers)
        rows, doubled = [], []
        by_account: dict[int, list[tuple[Any, ...]]] = {}
        for one in answered:
            number, account = ids[one.key], self._book.id_of(one.account, at[:10])
            by_account.setdefault(account, []).append(one.values)
            if number in standing:
                doubled.append((one.commit, number, account))
            else:
                standing.add(number)
                rows.append((number, *one.values, account, at))
        insert_rows(self._database, _ADD_ANSWERS, rows)
        for account, values in by_account.items():
            self._book.count_answered(account, values)
        self._book.lose([(number, DOUBLED, at, account, True) for _, number, account in doubled])
        self._book.charge(numbers)
        self._close(ids)
        for commit, number, _ in doubled:
            commit.value = read_reply(self._database, number)

    def _close(self, ids: Mapping[bytes, int]) -> None:
        execute_in(self._database, _CLOSE, list(ids.values()), self._session.number)
        for key in ids:
            self._ids.pop(key, None)

    def _standing(self, numbers: list[int]) -> set[int]:
        """Those of the intents that are answered."""
        if not sum(row[0] for row in execute_in(self._database, _COUNT_ANSWERED, numbers)):
            return set()
        return {row[0] for row in execute_in(self._database, _FIND_ANSWERED, numbers)}

    def _ids_of(self, items: Sequence[Failure | Answered]) -> dict[bytes, int]:
        """Ids of intents by key; what was never intended gets one now."""
        ids = self._known_ids(items)
        if new := list({one.key for one in items} - ids.keys()):
            insert_rows(self._database, _ADD_INTENTS, [(key, None, None, None) for key in new])
            ids |= execute_in(self._database, _FIND_INTENTS, new)
        return ids

    def _known_ids(self, items: Sequence[Failure | Answered | Left]) -> dict[bytes, int]:
        """Ids of what was intended, by key."""
        ids = {one.key: self._ids.get(one.key, 0) for one in items}
        if unknown := [key for key, number in ids.items() if not number]:
            for key in unknown:
                del ids[key]
            ids |= execute_in(self._database, _FIND_INTENTS, unknown)
        return ids
