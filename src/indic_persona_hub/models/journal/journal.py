"""The journal: every model reply that was paid for, and every cent of it, kept across crashes.

An intent is on disk before the call, the reply after it; a reply that stands here is never asked
for again. One writer thread commits rows in groups (SQLite, WAL, synchronous=FULL), and with them
the accounts of what they cost; reads come from any thread. Processes may share a journal.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Final

from indic_persona_hub.errors import StorageError
from indic_persona_hub.models.journal.accounts import PICO, Account
from indic_persona_hub.models.journal.commits import Commit, finish
from indic_persona_hub.models.journal.groups import (
    Answered,
    Failure,
    GroupWriter,
    Intent,
    Item,
    Left,
    Task,
)
from indic_persona_hub.models.journal.keys import canonical
from indic_persona_hub.models.journal.reading import JournalReader
from indic_persona_hub.models.journal.schema import open_for_writing, storage_errors
from indic_persona_hub.models.journal.sessions import Session
from indic_persona_hub.models.journal.texts import Packer
from indic_persona_hub.models.prices import Price
from indic_persona_hub.models.socket import Choice, Reply, Request

_GROUP_ROWS: Final = 512
#: Rows a second from which on a group is given time to grow: each commit costs as much as many
#: rows.
_CROWDED_ROWS_PER_S: Final = 500.0
_GATHER_STEPS: Final = 3
_GATHER_STEP_S: Final = 0.002
_REGISTER: Final = "INSERT OR REPLACE INTO models (name, identity, licence) VALUES (?, ?, ?)"


class Journal(JournalReader):
    """The journal of a hub being built. Several processes may hold it at once.

    Args:
        path: The SQLite file; made where absent.

    Raises:
        StorageError: It cannot be made, is not a journal, or is of a later version.
    """

    def __init__(self, path: Path) -> None:
        self._writing = open_for_writing(path)
        with storage_errors(path):
            self._session = Session(self._writing, path)
        super().__init__(path)
        self._packer = Packer()
        self._queue: SimpleQueue[Item | None] = SimpleQueue()
        self._closed = False
        self._ended = False
        self._writer = Thread(target=self._write_groups, name="iph-journal", daemon=True)
        self._writer.start()

    def close(self) -> None:
        """Write what is queued and close the file, which then holds all: a copy of it is whole."""
        self._closed = True
        # SQLite folds the WAL into the file when its last connection closes, if that one may write.
        super().close()
        self._queue.put(None)
        self._writer.join()

    def register(self, model: str, identity: Mapping[str, Any], licence: str) -> None:
        """Keep what a model is, so that this journal can be replayed.

        Raises:
            StorageError: It could not be written.
        """
        row = (model, canonical(dict(identity)), licence)
        done: Commit[None] = Commit(None)
        self._put(Task(lambda database: database.execute(_REGISTER, row), done))
        done.result()

    def intend(self, key: str, model: str, request: Request) -> Commit[Reply | None]:
        """Say that `request` is about to be asked; done when that is on disk.

        Its value is null, or the reply where another process has it already.
        The commit raises `StorageError` where the disk is full.
        """
        packed, texts = self._packer.pack(request)
        commit: Commit[Reply | None] = Commit(None)
        self._put(Intent(bytes.fromhex(key), model, packed, texts, commit))
        return commit

    def failed(self, key: str, account: Account, kind: str, may_be_billed: bool) -> None:
        """Count an attempt that failed; it may be tried again. On disk soon: nobody waits for it.

        Args:
            key: Of its request.
            account: Who is charged.
            kind: Short name for counting, as `EndpointError.kind`.
            may_be_billed: Then it is listed by `lost`, and charged like the reply that comes in the
                end.
        """
        self._put(Failure(bytes.fromhex(key), account, kind, may_be_billed))

    def left(self, key: str) -> None:
        """Say that a request that was intended is given up, so that no kill can cut it off."""
        self._put(Left(bytes.fromhex(key)))

    def record(self, key: str, reply: Reply, account: Account, price: Price) -> Commit[Reply]:
        """Keep the reply; done when it is on disk, from when on it is never asked for again.

        The commit's value is the reply that stands: another one where that came first.
        The commit raises `StorageError` where the disk is full.
        """
        reply = _storable(reply)
        cost = price.cost_usd(reply.prompt_tokens, reply.cached_tokens, reply.completion_tokens)
        values = (
            reply.text,
            reply.finish_reason,
            reply.prompt_tokens,
            reply.cached_tokens,
            reply.completion_tokens,
            reply.latency_s,
            reply.reasoning_tokens,
            json.dumps(reply.others, ensure_ascii=False) if reply.others else None,
            round(cost * PICO),
        )
        commit = Commit(reply)
        self._put(Answered(bytes.fromhex(key), values, account, commit))
        return commit

    def flush(self) -> None:
        """Wait until all that was handed over is on disk.

        Raises:
            StorageError: It could not be written.
        """
        done: Commit[None] = Commit(None)
        self._put(Task(lambda database: None, done))
        done.result()

    def _put(self, item: Item) -> None:
        if self._closed:
            raise self._is_closed()
        self._queue.put(item)
        if self._ended:  # just now: nobody else would tell whoever waits for it
            self._refuse_queued()

    def _write_groups(self) -> None:
        writer = GroupWriter(self._writing, self._session)
        unwritten: list[Item] = []
        try:
            for group in _groups(self._queue):
                unwritten = self._write(writer, [*unwritten, *group])
            if unwritten:
                self._write(writer, unwritten)
        finally:
            self._ended = True
            self._refuse_queued()
            with suppress(StorageError), storage_errors(self.path):
                self._session.close()
            self._writing.close()

    def _write(self, writer: GroupWriter, group: list[Item]) -> list[Item]:
        """Returns what was not written and that nobody waits for who could try again."""
        commits = [one.commit for one in group if not isinstance(one, Failure | Left)]
        try:
            with storage_errors(self.path):
                writer.write(group)
        except StorageError as error:
            finish(commits, error)
            return [one for one in group if isinstance(one, Failure | Left)]
        except BaseException:
            finish(commits, self._is_closed())
            raise
        finish(commits)
        return []

    def _refuse_queued(self) -> None:
        with suppress(Empty):
            while True:
                item = self._queue.get_nowait()
                if item is not None and not isinstance(item, Failure | Left):
                    finish([item.commit], self._is_closed())

    def _is_closed(self) -> StorageError:
        return StorageError(f"{self.path} is closed.", cure="Open the journal again.")


def _groups(queue: SimpleQueue[Item | None]) -> Iterator[list[Item]]:
    taken_s = time.monotonic()
    rows_per_s = 0.0
    while (item := queue.get()) is not None:
        if rows_per_s > _CROWDED_ROWS_PER_S:
            _gather(queue)
        group = [item]
        for _ in range(min(queue.qsize(), _GROUP_ROWS - 1)):
            if (item := queue.get()) is None:
                yield group
                return
            group.append(item)
        now_s = time.monotonic()
        rows_per_s, taken_s = len(group) / max(now_s - taken_s, 1e-6), now_s
        yield group


def _gather(queue: SimpleQueue[Item | None]) -> None:
    """Wait while the queue grows, for a few milliseconds."""
    for _ in range(_GATHER_STEPS):
        before = queue.qsize()
        time.sleep(_GATHER_STEP_S)
        if queue.qsize() == before or before >= _GROUP_ROWS:
            return


def _storable(reply: Reply) -> Reply:
    """Half a surrogate pair, which a cut-off emoji leaves, cannot be stored."""
    try:
        reply.text.encode()
        for choice in reply.others:
            choice.text.encode()
    except UnicodeEncodeError:
        others = tuple(Choice(_whole(one.text), one.finish_reason) for one in reply.others)
        return replace(reply, text=_whole(reply.text), others=others)
    return reply


def _whole(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
