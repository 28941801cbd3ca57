"""The caller: asks a model from any thread, and is the one place that retries and gives up.

Where there is room, and how long to wait, is what `lanes` knows; what may be spent is what `budget`
knows. A row that cannot be answered is an `Answer` with a reason; a bad world stops everything with
one `ModelError`, the end of a budget with one `BudgetEndedError` after what is in flight came back.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from indic_persona_hub.errors import BudgetEndedError, ModelError
from indic_persona_hub.models.answers import Answer, Taken, Tally
from indic_persona_hub.models.budget import Budget, Charge
from indic_persona_hub.models.failures import (
    BROKEN_OFF,
    BadRowError,
    BusyError,
    EndpointError,
    broken_off,
)
from indic_persona_hub.models.journal import Journal
from indic_persona_hub.models.journal.accounts import Account
from indic_persona_hub.models.journal.keys import KeyMaker
from indic_persona_hub.models.load.lanes import Lanes, Permit
from indic_persona_hub.models.loop import run, together
from indic_persona_hub.models.patience import Patience
from indic_persona_hub.models.prices import FREE, Price
from indic_persona_hub.models.socket import Reply, Request
from indic_persona_hub.models.tracing import call_spans
from indic_persona_hub.models.work_queue import Work, WorkQueue
from indic_persona_hub.records import unit_interval

_FIRST_WAIT_S = 0.25
_LONGEST_WAIT_S = 30.0


class Caller:
    """Asks one model, and never twice what the journal holds.

    Args:
        lanes: The model's addresses.
        journal: Where intents and replies go.
        attempts: How often a row is tried before it is rejected.
        identity: The model's settings that can change a reply; they go into the journal key.
        hub: Who is charged.
        price: At what price.
        budget: What may be spent; null is no cap.
    """

    def __init__(
        self,
        lanes: Lanes,
        journal: Journal,
        *,
        attempts: int,
        identity: Mapping[str, Any] | None = None,
        hub: str = "",
        price: Price = FREE,
        budget: Budget | None = None,
    ) -> None:
        self._lanes = lanes
        self._journal = journal
        self._attempts = attempts
        self._keys = KeyMaker(lanes.name, identity or {})
        self._hub = hub
        self._price = price
        self._budget = budget
        self._spans = call_spans(lanes.name)
        # Twice what may be in flight, so that the journal's commits never leave a place empty.
        self._most_prepared = 2 * lanes.concurrency
        self._prepared = asyncio.Semaphore(self._most_prepared)
        # Answered after others may have looked for them in the journal: as many as that can be.
        self._most_recent = 4 * self._most_prepared + 4096
        self._recent: dict[str, None] = {}
        self._in_flight: dict[str, list[asyncio.Future[None]]] = {}
        self._patience = Patience(lanes.name, attempts)
        self._ended: BudgetEndedError | None = None
        self._recorded_only = ""
        #: What was done so far.
        self.tally = Tally()
        journal.register(lanes.name, identity or {}, lanes.licence)

    @property
    def model(self) -> str:
        """The model's own name."""
        return self._lanes.name

    @property
    def licence(self) -> str:
        """Licence of the weights, or `unknown`."""
        return self._lanes.licence

    @property
    def lanes(self) -> Lanes:
        """The model's addresses, to see how they stand."""
        return self._lanes

    def only_recorded(self, reason: str) -> None:
        """From now on ask nothing: what the journal does not hold is rejected for `reason`."""
        self._recorded_only = reason
        self._ended = None

    def ask_all(self, requests: Sequence[Request], *, stage: str = "") -> list[Answer]:
        """Ask every request; blocks until all are answered. Threads may call it at once.

        Returns:
            One answer a request, in their order.

        Raises:
            See `ask_each`.
        """
        answers: dict[int, Answer] = {}

        def take(place: int, request: Request, answer: Answer) -> None:
            answers[place] = answer

        self.ask_each(requests, take, stage=stage, count=len(requests))
        return [answers[place] for place in range(len(requests))]

    def ask_each(
        self,
        requests: Iterable[Request],
        taken: Taken,
        *,
        stage: str = "",
        count: int | None = None,
    ) -> None:
        """Ask every request, drawn from the iterable as there is room, and hand over each answer.

        Args:
            requests: As many as there are; only those worked on are held.
            taken: Told of each answer in the order in which they come, from the loop's thread: it
                must not block.
            stage: Who is charged.
            count: How many requests there are; null where that is not known.

        Raises:
            ModelError: The endpoint refuses, is unreachable, or its key or quota is not valid.
            BudgetEndedError: A cap is reached; what was in flight is in the journal.
            StorageError: The journal cannot be written.
        """
        account = Account(self._hub, stage, self.model)
        workers = self._most_prepared if count is None else min(count, self._most_prepared)
        queue = WorkQueue(requests, self._keys, self._journal)
        run(self._answer_each(queue, taken, account, workers))
        if self._ended:
            raise self._ended

    def close(self) -> None:
        """Let go of the plugs. The journal stays open."""
        run(self._lanes.close())

    async def _answer_each(
        self, queue: WorkQueue, taken: Taken, account: Account, workers: int
    ) -> None:
        async def work() -> None:
            while (one := queue.next()) is not None:
                if self._ended:
                    return
                await self._answer_one(one, taken, account)

        await together(work() for _ in range(workers))
        if not self.tally.answered:
            self._patience.check_whole_batch()

    async def _answer_one(self, work: Work, taken: Taken, account: Account) -> None:
        following: Request | None = work.request
        key, known = work.key, work.known
        while following is not None:
            request = following
            if known is not None:
                answer: Answer | None = Answer(known, None, "", key, from_journal=True)
            else:
                answer = await self._answer(key, request, account)
            if answer is None:  # the budget has ended
                return
            self._count(answer)
            following = taken(work.place, request, answer)
            if following is not None:
                key = self._keys.key(following)
                known = self._journal.get(key)

    def _count(self, answer: Answer) -> None:
        self.tally.from_journal += answer.from_journal
        self.tally.rejected += answer.reply is None

    async def _answer(self, key: str, request: Request, account: Account) -> Answer | None:
        if self._recorded_only:
            return Answer(None, self._recorded_only, "not asked any more", key)
        if key in self._in_flight:
            waiter = asyncio.get_running_loop().create_future()
            self._in_flight[key].append(waiter)
            await waiter
            return await self._answer(key, request, account)
        if key in self._recent and (reply := self._journal.get(key)):
            return Answer(reply, None, "", key, from_journal=True)
        self._in_flight[key] = []
        try:
            return await self._ask(key, request, account)
        finally:
            for waiter in self._in_flight.pop(key):
                if not waiter.done():
                    waiter.set_result(None)

    async def _ask(self, key: str, request: Request, account: Account) -> Answer | None:
        async with self._prepared:
            return await self._ask_prepared(key, request, account)

    async def _ask_prepared(self, key: str, request: Request, account: Account) -> Answer | None:
        if elsewhere := await self._journal.intend(key, self.model, request):
            return Answer(elsewhere, None, "", key, from_journal=True)
        seen = self.tally.answered
        charge = Charge(request, self._price, self._budget)
        try:
            reply = await self._until_answered(key, request, account, charge)
        except BadRowError as error:
            self._journal.left(key)
            if not self.tally.answered:
                self._patience.refused(error)
            return Answer(None, error.reason, error.detail, key)
        except BudgetEndedError as error:
            self._journal.left(key)
            self._ended = self._ended or error
            return None
        except ModelError as error:
            self._journal.left(key)
            if not isinstance(error, EndpointError) or self._patience.stopped:
                raise
            # One that fails while others go through, or that breaks off alone, is a bad row.
            if self.tally.answered == seen and error.kind != BROKEN_OFF:
                self._patience.failed(error)
            return Answer(None, "model_error", error.message, key)
        standing = await self._journal.record(key, reply, account, self._price)
        self._remember(key)
        return Answer(standing, None, "", key)

    def _remember(self, key: str) -> None:
        self._recent[key] = None
        if len(self._recent) > self._most_recent:
            del self._recent[next(iter(self._recent))]

    async def _until_answered(
        self, key: str, request: Request, account: Account, charge: Charge
    ) -> Reply:
        tried = 0
        while True:
            try:
                return await self._attempt(request, charge, account.stage)
            except EndpointError as error:
                self.tally.errors[error.kind] += 1
                self._journal.failed(key, account, error.kind, error.may_be_billed)
                if isinstance(error, BusyError):
                    continue  # no fault of the row; its lane knows when there is room again
                tried += 1
                if tried >= self._attempts or self._patience.stopped:
                    raise
                most_s = min(_FIRST_WAIT_S * 2 ** (tried - 1), _LONGEST_WAIT_S)
                await asyncio.sleep(most_s * (0.5 + unit_interval(key, str(tried)) / 2))
            except ModelError as error:
                raise self._patience.stop(error) from error
            except asyncio.CancelledError:
                if charge.cut_off:
                    self._journal.failed(key, account, "cancelled", may_be_billed=True)
                raise

    async def _attempt(self, request: Request, charge: Charge, stage: str) -> Reply:
        permit = await self._permit(charge)
        span = self._spans.begin(permit.lane, stage) if self._spans else None
        try:
            reply = await self._sent(request, charge, permit)
        except BaseException as error:
            if span is not None:
                span.failed(error)
            raise
        if span is not None:
            span.answered(reply)
        return reply

    async def _sent(self, request: Request, charge: Charge, permit: Permit) -> Reply:
        begun = time.perf_counter()
        self.tally.in_flight += 1
        try:
            reply = await permit.plug.complete(request)
        except EndpointError as error:
            permit.failed(error)
            charge.back(lost=error.may_be_billed)
            raise
        except asyncio.CancelledError:
            permit.left()
            charge.back(lost=True)
            charge.cut_off = True
            raise
        except BaseException:
            permit.left()
            charge.back(lost=False)
            raise
        finally:
            self.tally.in_flight -= 1
            latency_s = time.perf_counter() - begun
            self.tally.longest_s = max(self.tally.longest_s, latency_s)
        permit.answered(latency_s, reply.prompt_tokens + reply.completion_tokens)
        if reply.finish_reason == "error":
            charge.back(lost=True)
            raise broken_off(self.model)
        self._answered(reply, charge)
        return reply

    async def _permit(self, charge: Charge) -> Permit:
        """Room at an address, with its cost set aside."""
        while True:
            permit = await self._lanes.enter(charge.tokens)
            try:
                if self._patience.stopped:
                    raise self._patience.stopped
                room = charge.set_aside()
            except BaseException:
                permit.left()
                raise
            if room is None:
                return permit
            permit.left()
            await room

    def _answered(self, reply: Reply, charge: Charge) -> None:
        cost_usd = charge.settle(reply)
        self._patience.answered()
        self.tally.answered += 1
        self.tally.prompt_tokens += reply.prompt_tokens
        self.tally.completion_tokens += reply.completion_tokens
        self.tally.cost_usd += cost_usd
