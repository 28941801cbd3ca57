"""The caller: asks a plug from any thread, and is the one place that retries, waits and gives up.

A row that cannot be answered is
an `Answer` with a reason; a bad world stops everything with one `ModelError`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from indic_persona_hub.errors import ModelError
from indic_persona_hub.models.failures import BadRowError, BusyError
from indic_persona_hub.models.journal import Journal
from indic_persona_hub.models.journal_keys import journal_key
from indic_persona_hub.models.loop import committed, run, together
from indic_persona_hub.models.socket import LanguageModel, Reply, Request
from indic_persona_hub.records import unit_interval

_FIRST_WAIT_S = 0.5
_LONGEST_WAIT_S = 30.0
#: An endpoint that asks for more patience than this has run out of quota.
_LONGEST_PATIENCE_S = 300.0
#: Rows that used up all attempts while nothing else went through, before the world is called bad.
_FAILED_ROWS = 3
#: Requests refused before any was answered: then it is the settings, not the rows.
_REFUSED_ROWS = 20


@dataclass(frozen=True)
class Answer:
    """What became of one request.

    Attributes:
        reply: Null where rejected.
        reason: Null where answered, else `model_error`, `bad_request` or `refusal`.
        detail: What was said about it.
        key: Its journal key.
        from_journal: The reply was paid for earlier.
    """

    reply: Reply | None
    reason: str | None
    detail: str
    key: str
    from_journal: bool = False


class Caller:
    """Asks one plug, within its concurrency, and never twice what the journal holds.

    Args:
        plug: The model.
        journal: Where intents and replies go.
        timeout_s: Longest that one call may take; null for a model in this process.
        attempts: How often a row is tried before it is rejected.
        on_answer: Told of every answer, from the loop's thread; must not block.
        identity: The plug's settings that can change a reply; they go into the journal key.
    """

    def __init__(
        self,
        plug: LanguageModel,
        journal: Journal,
        *,
        timeout_s: float | None,
        attempts: int,
        on_answer: Callable[[Answer], None] | None = None,
        identity: Mapping[str, Any] | None = None,
    ) -> None:
        self._plug = plug
        self._journal = journal
        self._timeout_s = timeout_s
        self._attempts = attempts
        self._on_answer = on_answer or (lambda answer: None)
        self._identity = dict(identity or {})
        self._slots = asyncio.Semaphore(plug.concurrency)
        self._in_flight: dict[str, asyncio.Event] = {}
        self._successes = 0
        self._failed_rows = 0
        self._refused_rows = 0
        self._resume_at = 0.0
        self._stopped: ModelError | None = None

    @property
    def model(self) -> str:
        """The plug's own name."""
        return self._plug.name

    @property
    def licence(self) -> str:
        """Licence of the weights, or `unknown`."""
        return self._plug.licence

    def ask_all(self, requests: Sequence[Request]) -> list[Answer]:
        """Ask every request; blocks until all are answered. Threads may call it at once.

        Returns:
            One answer a request, in their order.

        Raises:
            ModelError: The endpoint refuses, is unreachable, or its key or quota is not valid.
            StorageError: The journal cannot be written.
        """
        keys = [journal_key(self.model, self._identity, request) for request in requests]
        return run(self._answer_all(requests, keys, self._journal.get_many(keys)))

    def close(self) -> None:
        """Let go of the plug. The journal stays open."""
        run(self._plug.close())

    async def _answer_all(
        self, requests: Sequence[Request], keys: Sequence[str], known: Mapping[str, Reply]
    ) -> list[Answer]:
        answers: dict[int, Answer] = {}
        places = iter(_by_affinity(requests))

        async def work() -> None:
            for place in places:
                reply = known.get(keys[place])
                answers[place] = (
                    Answer(reply, None, "", keys[place], from_journal=True)
                    if reply
                    else await self._answer(keys[place], requests[place])
                )
                self._on_answer(answers[place])

        # Twice the slots, so that the journal's commits never leave a slot empty.
        await together(work() for _ in range(min(len(requests), 2 * self._plug.concurrency)))
        self._judge_batch(answers.values())
        return [answers[place] for place in range(len(requests))]

    async def _answer(self, key: str, request: Request) -> Answer:
        while other := self._in_flight.get(key):
            await other.wait()
        if reply := self._journal.get(key):
            return Answer(reply, None, "", key, from_journal=True)
        self._in_flight[key] = done = asyncio.Event()
        try:
            return await self._ask(key, request)
        finally:
            del self._in_flight[key]
            done.set()

    async def _ask(self, key: str, request: Request) -> Answer:
        await committed(self._journal.intend(key, self.model, request))
        seen = self._successes
        try:
            reply = await self._until_answered(key, request)
        except BadRowError as error:
            self._count_refusal(error)
            return Answer(None, error.reason, error.detail, key)
        except ModelError as error:
            if not error.retry or self._stopped:
                raise
            if self._successes == seen:  # a row that fails while others go through is a bad row
                self._count_failure(error)
            return Answer(None, "model_error", error.message, key)
        if reply.finish_reason == "error":
            return Answer(None, "model_error", "the model broke off", key)
        reply = _encodable(reply)
        await committed(self._journal.record(key, reply))
        return Answer(reply, None, "", key)

    async def _until_answered(self, key: str, request: Request) -> Reply:
        tried = waits = 0
        seen = self._successes
        while True:
            try:
                return await self._attempt(request)
            except ModelError as error:
                if not error.retry:
                    raise self._stop(error) from error
                # A busy endpoint that still answers others costs the row no attempt.
                tried += not (isinstance(error, BusyError) and self._successes > seen)
                seen = self._successes
                waits += 1
                if tried >= self._attempts or self._stopped:
                    raise
                await self._wait(error, waits, key)

    async def _attempt(self, request: Request) -> Reply:
        await asyncio.sleep(self._resume_at - asyncio.get_running_loop().time())
        async with self._slots:
            if self._stopped:
                raise self._stopped
            try:
                async with asyncio.timeout(self._timeout_s):
                    reply = await self._plug.complete(request)
            except TimeoutError as error:
                raise ModelError(
                    f"{self.model} gave no answer within {self._timeout_s} s.",
                    cure="Raise the model's timeout_s, or lower its concurrency.",
                    retry=True,
                ) from error
        self._successes += 1
        self._failed_rows = 0
        return reply

    async def _wait(self, error: ModelError, waits: int, key: str) -> None:
        """Exponential, with jitter; where the endpoint said how long, all calls wait as long."""
        asked_s = error.retry_after_s if isinstance(error, BusyError) else None
        if asked_s is not None and asked_s > _LONGEST_PATIENCE_S:
            raise self._stop(
                ModelError(
                    f"{self.model} asks to wait {asked_s:.0f} s: {error.message}",
                    cure="Run the same command again then; what was answered is kept.",
                    retry=True,
                )
            )
        if asked_s is not None:
            now = asyncio.get_running_loop().time()
            self._resume_at = max(self._resume_at, now + asked_s)
        most_s = min(_FIRST_WAIT_S * 2 ** (waits - 1), _LONGEST_WAIT_S)
        await asyncio.sleep((asked_s or 0) + most_s * (0.5 + unit_interval(key, str(waits)) / 2))

    def _stop(self, error: ModelError) -> ModelError:
        self._stopped = self._stopped or error
        return self._stopped

    def _count_failure(self, error: ModelError) -> None:
        self._failed_rows += 1
        if self._failed_rows >= _FAILED_ROWS:
            raise self._stop(self._given_up(error.message, error.cure))

    def _count_refusal(self, error: BadRowError) -> None:
        self._refused_rows += error.reason == "bad_request"
        if self._refused_rows >= _REFUSED_ROWS and not self._successes:
            raise self._stop(
                ModelError(
                    f"{self.model} refuses every request: {error.detail}",
                    cure="Change the model's settings or the stage's sampling.",
                )
            )

    def _judge_batch(self, answers: Iterable[Answer]) -> None:
        """A small batch that failed whole, from an endpoint that never answered, is no answer."""
        failed = [answer.detail for answer in answers if answer.reason == "model_error"]
        if self._failed_rows and not self._successes and failed:
            raise self._stop(self._given_up(failed[-1], "Check that the endpoint is up."))

    def _given_up(self, message: str, cure: str) -> ModelError:
        return ModelError(
            f"{self.model} failed {self._failed_rows * self._attempts} times in a row: {message}",
            cure=f"{cure} Then run the same command again; what was answered is kept.",
            retry=True,
        )


def _by_affinity(requests: Sequence[Request]) -> list[int]:
    """Places of the requests, equal affinities side by side in order of first appearance."""
    groups: dict[str | int, list[int]] = {}
    for place, request in enumerate(requests):
        groups.setdefault(request.affinity or place, []).append(place)
    return [place for group in groups.values() for place in group]


def _encodable(reply: Reply) -> Reply:
    """Half a surrogate pair, which a cut-off emoji leaves, cannot be stored."""
    return replace(reply, text=reply.text.encode("utf-8", "replace").decode("utf-8"))
