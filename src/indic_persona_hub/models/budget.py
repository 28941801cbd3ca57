"""What may be spent: hard caps on calls, tokens, money and time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from indic_persona_hub.errors import BudgetEndedError
from indic_persona_hub.models.prices import Price
from indic_persona_hub.models.socket import Message, Reply, Request

#: A cautious guess: Latin text has about 4 bytes a token, Odia 1.6.
_BYTES_PER_TOKEN: Final = 2.5


@dataclass(frozen=True)
class Caps:
    """Caps over everything that a hub ever asks; null is no cap."""

    cost_usd: float | None = None
    requests: int | None = None
    tokens: int | None = None
    hours: float | None = None


class Reservation(NamedTuple):
    """What is set aside for one call in flight."""

    tokens: int
    cost_usd: float


class Budget:
    """Counts what is spent and what is set aside. All calls come from the loop's thread.

    A call sets aside the most that it can cost before it is sent, so that a cap is passed only
    where an endpoint bills more than was asked for.

    Args:
        caps: The caps.
        requests: Calls sent before this process.
        tokens: Tokens spent before, of prompts and replies.
        cost_usd: Money spent before.
        hours: Hours worked before.
        clock: Seconds, for `hours`.
    """

    def __init__(
        self,
        caps: Caps,
        *,
        requests: int = 0,
        tokens: int = 0,
        cost_usd: float = 0.0,
        hours: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._caps = caps
        self._requests = requests
        self._tokens = tokens
        self._cost_usd = cost_usd
        self._clock = clock
        self._begun_s = clock() - hours * 3600
        self._held = 0
        self._held_tokens = 0
        self._held_usd = 0.0
        self._waiters: list[asyncio.Future[None]] = []

    def reserve(self, tokens: int, cost_usd: float) -> Reservation | asyncio.Future[None]:
        """Set one call aside; where that must wait for calls in flight, what to wait for.

        Raises:
            BudgetEndedError: A cap is reached, and nothing in flight can leave room under it.
        """
        self._check_hard_ends()
        over = self._over(tokens, cost_usd)
        if over is None:
            self._requests += 1
            self._held += 1
            self._held_tokens += tokens
            self._held_usd += cost_usd
            return Reservation(tokens, cost_usd)
        if self._held == 0:
            raise _ended(*over)
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        return waiter

    def release(self, reservation: Reservation) -> None:
        """Give back what was set aside."""
        self._held -= 1
        self._held_tokens -= reservation.tokens
        self._held_usd -= reservation.cost_usd
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)

    def spend(self, tokens: int, cost_usd: float) -> None:
        """Count what was spent."""
        self._tokens += tokens
        self._cost_usd += cost_usd

    @property
    def spent_usd(self) -> float:
        """Money spent, that before this process included."""
        return self._cost_usd

    @property
    def hours(self) -> float:
        """Hours worked, those before this process included."""
        return (self._clock() - self._begun_s) / 3600

    def _check_hard_ends(self) -> None:
        caps = self._caps
        if caps.requests is not None and self._requests >= caps.requests:
            raise _ended("requests", f"{self._requests:,} calls of {caps.requests:,} were sent")
        if caps.hours is not None and self.hours >= caps.hours:
            raise _ended("hours", f"{self.hours:.2f} hours of {caps.hours:g} are over")

    def _over(self, tokens: int, cost_usd: float) -> tuple[str, str] | None:
        """The cap that this call could pass, with how it stands."""
        caps = self._caps
        if caps.tokens is not None and self._tokens + self._held_tokens + tokens > caps.tokens:
            return "tokens", f"{self._tokens:,} tokens of {caps.tokens:,} are spent"
        spent_usd = self._cost_usd
        if caps.cost_usd is not None and spent_usd + self._held_usd + cost_usd > caps.cost_usd:
            return "cost_usd", f"{spent_usd:.4f} USD of {caps.cost_usd:g} are spent"
        return None


class Charge:
    """What one row costs, its lost attempts included.

    Args:
        request: What is asked; it sets aside the most that it can cost.
        price: At what price.
        budget: Null is no cap.
    """

    def __init__(self, request: Request, price: Price, budget: Budget | None) -> None:
        size = _stable_bytes(request.messages[:-1]) + sum(map(_bytes, request.messages[-1:]))
        prompt = int(size / _BYTES_PER_TOKEN)
        completion = request.max_tokens * request.choices
        #: At most about as many tokens as one attempt can cost.
        self.tokens = prompt + completion
        #: The last attempt was cancelled on its way.
        self.cut_off = False
        self._price = price
        self._budget = budget
        self._most_usd = price.cost_usd(prompt, 0, completion)
        self._held: Reservation | None = None
        self._lost = 0

    def set_aside(self) -> asyncio.Future[None] | None:
        """Set one attempt aside, or give what to wait for.

        Raises:
            BudgetEndedError: A cap is reached.
        """
        if self._budget is None:
            return None
        found = self._budget.reserve(self.tokens, self._most_usd)
        if isinstance(found, Reservation):
            self._held = found
            return None
        return found

    def back(self, *, lost: bool) -> None:
        """The attempt gave no reply; one that may have been billed counts as spent in full."""
        self._lost += lost
        self._release()
        if lost and self._budget is not None:
            self._budget.spend(self.tokens, self._most_usd)

    def settle(self, reply: Reply) -> float:
        """Spend what the reply, and as much each lost attempt before it, cost; in USD."""
        self._release()
        times = 1 + self._lost
        cost_usd = times * self._price.cost_usd(
            reply.prompt_tokens, reply.cached_tokens, reply.completion_tokens
        )
        if self._budget is not None:
            tokens = times * (reply.prompt_tokens + reply.completion_tokens)
            self._budget.spend(
                tokens - self._lost * self.tokens, cost_usd - self._lost * self._most_usd
            )
        return cost_usd

    def _release(self) -> None:
        if self._budget is not None and self._held is not None:
            self._budget.release(self._held)
        self._held = None


@lru_cache(maxsize=64)  # the turns before the last one come again with every row
def _stable_bytes(messages: tuple[Message, ...]) -> int:
    return sum(map(_bytes, messages))


def _bytes(message: Message) -> int:
    return len(message.content.encode("utf-8", "replace"))


def _ended(cap: str, standing: str) -> BudgetEndedError:
    return BudgetEndedError(
        f"The cap `limits.{cap}` is reached: {standing}, and one more call could pass it.",
        cure=f"Raise limits.{cap} in the recipe and run the same command again: it goes on from"
        " here.",
    )
