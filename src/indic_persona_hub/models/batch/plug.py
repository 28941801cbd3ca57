"""OpenAI-style batches as a model: requests go out in files, answers come back hours later.

A call waits until the batch that holds its request is answered. What is under way outlives the
process (see `batch_state`): the same requests asked again wait for the same batches.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from hashlib import sha256
from io import TextIOWrapper
from itertools import chain
from pathlib import Path
from typing import Final

from indic_persona_hub.errors import HubBusyError, StorageError
from indic_persona_hub.models.batch.answerer import Answerer, Ending
from indic_persona_hub.models.batch.at_endpoint import BatchEndpoint
from indic_persona_hub.models.batch.files import RequestFile, answer_rows, request_line
from indic_persona_hub.models.batch.gathering import Gathering
from indic_persona_hub.models.batch.in_folder import BatchFolder
from indic_persona_hub.models.batch.outcomes import failure_of_row, is_reply, kept_reply
from indic_persona_hub.models.batch.state import Batch, BatchState, Held, Settled, Step
from indic_persona_hub.models.batch.waiting import Waiting
from indic_persona_hub.models.endpoint.completion_requests import RequestWriter
from indic_persona_hub.models.endpoint.secrets import key_of
from indic_persona_hub.models.failures import BadRowError
from indic_persona_hub.models.journal.keys import KeyMaker
from indic_persona_hub.models.settings import BatchSettings, identity
from indic_persona_hub.models.socket import Reply, Request

#: Calls that are answered before others get their turn on the loop.
_ANSWERED_AT_ONCE: Final = 256


class BatchModel:
    """A `LanguageModel` whose calls are answered in batches.

    Args:
        settings: Where batches go and how large they are.
        folder: Keeps what must outlive the process; made where absent.
        announce: Told of batches that go out, come back, or go on without this process.

    Raises:
        ModelError: The key's environment variable is not set, or its file cannot be read.
        StorageError: The folder cannot be used.
        HubBusyError: Another model or process has its batches of this place in the folder.
    """

    def __init__(
        self, settings: BatchSettings, folder: Path, announce: Callable[[str], None]
    ) -> None:
        self._settings = settings
        self._announce = announce
        self._keys = KeyMaker(settings.model, identity(settings))
        self._key = key_of(settings.api_key_env, settings.api_key_file, settings.base_url or "")
        self._write_body = RequestWriter(
            settings.model,
            api="chat",
            reply_format=settings.reply_format,
            send_min_p=settings.send_min_p,
        ).body
        where = settings.base_url or str(Path(settings.folder or "").expanduser().absolute())
        place = json.dumps([where, identity(settings)], sort_keys=True)
        mark = sha256(f"{folder.absolute()} {place}".encode()).hexdigest()[:12]
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = _locked(folder / f"batches-{mark}.lock", where)
            self._state = BatchState(folder / "batches.sqlite", place)
            self._answerer: Answerer = (
                BatchEndpoint(settings, self._key, folder / "batches" / mark, self._state, announce)
                if settings.base_url
                else BatchFolder(settings, self._state, announce)
            )
            self._answerer.folder.mkdir(parents=True, exist_ok=True)
            self._gathering = Gathering(
                self._answerer.folder,
                mark,
                most_requests=settings.requests_per_file,
                most_bytes=settings.bytes_per_file,
                linger_s=settings.linger_s,
                closed=self._submit,
            )
        except OSError as error:
            raise _not_written(folder, error) from error
        self._waiting = Waiting()
        #: In a file, and not yet in the state.
        self._unplaced: set[str] = set()
        self._tasks: dict[int | RequestFile, asyncio.Task[None]] = {}
        self._resumed = self._closed = False

    def __repr__(self) -> str:
        return f"BatchModel({self._settings.base_url or self._settings.folder!r}, {self.name!r})"

    @property
    def name(self) -> str:
        """The endpoint's name of the model."""
        return self._settings.model

    @property
    def licence(self) -> str:
        """As the settings state it."""
        return self._settings.licence

    @property
    def concurrency(self) -> int:
        """As many calls as fill a file."""
        return self._settings.requests_per_file

    async def complete(self, request: Request) -> Reply:
        """Ask once, in whatever batch the request is or comes to be.

        Raises:
            EndpointError: The batch ended without an answer to this request.
            BadRowError: The endpoint refuses this one request.
            ModelError: The endpoint refuses the batch, or is away for too long.
            StorageError: The folder cannot be written.
        """
        begun_s = time.perf_counter()
        self._resume()
        key = self._keys.key(request)
        held = self._state.lookup(key)
        if held is None or held.answer is None:
            answer = await self._answer(key, request, held)
        else:
            answer = held.answer
        reply = kept_reply(answer, time.perf_counter() - begun_s, request)
        if reply is None:
            raise StorageError(
                f"{self._state.path} holds an answer that is none.",
                cure="Restore it from a copy, or delete it and ask again.",
            )
        return reply

    async def close(self) -> None:
        """Let go of everything, and say what goes on at the endpoint."""
        if self._closed:
            return
        self._closed = True
        if (file := self._gathering.take()) is not None:
            file.discard()
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._waiting.cancel()
        await self._answerer.close()
        under_way = [one for one in self._state.open_batches() if self._is_submitted(one)]
        if under_way:
            requests = sum(batch.requests for batch in under_way)
            self._announce(self._answerer.standing(requests, len(under_way)))
        self._state.close()
        self._lock.close()

    async def _answer(self, key: str, request: Request, held: Held | None) -> bytes:
        with self._waiting.call(key) as answer:
            if held is not None:
                self._carry(held.batch)
            elif key not in self._unplaced:
                self._gather(key, request)
            return await answer

    def _gather(self, key: str, request: Request) -> None:
        line = request_line(key, self._write_body(request))
        if len(line) > (most := self._settings.bytes_per_file):
            raise BadRowError("bad_request", f"{len(line):,} bytes, and a file holds {most:,}")
        self._unplaced.add(key)
        try:
            self._gathering.add(key, line)
        except OSError as error:
            failure = _not_written(self._answerer.folder, error)
            file = self._gathering.take()
            for lost in (key, *(file.keys if file else ())):
                self._unplaced.discard(lost)
                self._waiting.fail(lost, failure)
            if file:
                file.discard()

    def _submit(self, file: RequestFile) -> None:
        self._begin(file, self._publish(file), lambda: file.keys)

    async def _publish(self, file: RequestFile) -> None:
        try:
            batch = await asyncio.to_thread(self._write, file)
        finally:
            file.discard()  # where it could not be published
            self._unplaced.difference_update(file.keys)
        self._carry(batch.number)

    def _write(self, file: RequestFile) -> Batch:
        with _writing(self._answerer.folder):
            batch = self._state.add(file.finish(), file.keys)
            try:
                file.publish(self._answerer.requests_path(batch))
            except OSError:
                self._state.forget(batch.number)
                raise
            self._state.advance(batch.number, Step.WRITTEN)
            return batch

    def _resume(self) -> None:
        """Take up what an earlier process submitted, and forget what it did not."""
        if self._resumed:
            return
        self._resumed = True
        requests = 0
        for batch in self._state.open_batches():
            if self._is_submitted(batch):
                requests += batch.requests
                self._carry(batch.number)
            else:
                self._state.forget(batch.number)
        self._answerer.tidy(self._state.open_batches())
        if requests:
            self._announce(f"Waiting for {requests:,} requests that are under way in batches.")

    def _is_submitted(self, batch: Batch) -> bool:
        """Whether somebody may be working on it."""
        submitted = self._answerer.submitted
        if batch.step == Step.WRITING and submitted == Step.WRITTEN:
            return self._answerer.requests_path(batch).exists()
        return batch.step >= submitted

    def _carry(self, number: int) -> None:
        if number not in self._tasks:
            self._begin(number, self._finish(number), lambda: self._keys_of(number))

    def _keys_of(self, number: int) -> list[str]:
        try:
            return self._state.keys_of(number)
        except StorageError:
            return self._waiting.keys()

    def _begin(
        self,
        name: int | RequestFile,
        work: Coroutine[None, None, None],
        keys_of: Callable[[], list[str]],
    ) -> None:
        """Do `work` in a task; where it fails, so do the calls for the keys."""

        def ended(task: asyncio.Task[None]) -> None:
            del self._tasks[name]
            if not task.cancelled() and (error := task.exception()) is not None:
                for key in keys_of():
                    self._waiting.fail(key, error)

        self._tasks[name] = asyncio.get_running_loop().create_task(work)
        self._tasks[name].add_done_callback(ended)

    async def _finish(self, number: int) -> None:
        batch = await asyncio.to_thread(self._state.batch, number)
        with _writing(self._answerer.folder):
            ending = await self._answerer.finish(batch)
            settled = await asyncio.to_thread(self._settle, number, ending)
            batch = await asyncio.to_thread(self._state.batch, number)
        self._announce(_summary(batch, settled.counts))
        await self._deliver(number, settled, ending)

    def _settle(self, number: int, ending: Ending) -> Settled:
        rows = chain.from_iterable(answer_rows(path) for path in ending.files)
        settled = self._state.settle(number, rows, is_reply)
        self._answerer.tidy(self._state.open_batches())
        return settled

    async def _deliver(self, number: int, settled: Settled, ending: Ending) -> None:
        # Replies first: whoever counts refusals counts them from an endpoint that answers. Those of
        # another batch are its own task's: who has all answers may close before it is done.
        for place, key in enumerate(self._waiting.keys(), 1):
            held = None if key in settled.failures else self._state.lookup(key)
            if held is not None and held.batch == number and held.answer is not None:
                self._waiting.answer(key, held.answer)
            if place % _ANSWERED_AT_ONCE == 0:
                await asyncio.sleep(0)
        await asyncio.sleep(0)
        for key, row in settled.failures.items():
            if key in self._waiting:
                self._waiting.fail(key, failure_of_row(row, ending, self._settings, self._key))


def _summary(batch: Batch, counts: Counter[str]) -> str:
    said = [f"{counts['answered']:,} of {batch.requests:,} requests answered"]
    said += [f"{counts[kind]:,} {kind}" for kind in ("failed", "missing") if counts[kind]]
    strange = ("unreadable", "repeated", "unknown")
    said += [f"{counts[kind]:,} lines {kind}" for kind in strange if counts[kind]]
    return f"Batch {batch.batch_id or batch.digest[:12]}: {', '.join(said)}."


def _locked(path: Path, where: str) -> TextIOWrapper:
    """Held until it is closed; the system lets go of it when the process dies."""
    lock = path.open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.close()
        raise HubBusyError(
            f"The batches of {where} are being collected already.",
            cure="Wait for the other process; where two models of the recipe are alike, use one.",
        ) from error
    return lock


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _not_written(folder, error) from error


def _not_written(folder: Path, error: OSError) -> StorageError:
    return StorageError(
        f"The files of batches in {folder} cannot be used: {error.strerror or error}.",
        cure="Free some space, check the permissions, and run the same command again.",
        retry=True,
    )
