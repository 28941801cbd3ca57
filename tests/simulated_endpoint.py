"""Endpoints in virtual time: what they let through, how long they take, when they are away.

Nothing here waits: an endpoint says when a request's outcome will come, and `Drive` goes from event
to event, so that minutes of traffic are driven through a gate in a fraction of a second.
"""

from __future__ import annotations

import asyncio
import heapq
import math
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple, Protocol

from indic_persona_hub.models.failures import BusyError, EndpointError
from indic_persona_hub.models.load.gate import LearningGate, Sent
from indic_persona_hub.models.socket import Reply, Request
from indic_persona_hub.records import unit_interval


def busy(retry_after_s: float | None = None) -> BusyError:
    return BusyError("429.", cure="-", kind="rate_limited", retry_after_s=retry_after_s)


def overloaded(retry_after_s: float | None = None) -> BusyError:
    return BusyError("503.", cure="-", kind="overloaded", retry_after_s=retry_after_s)


def failed(kind: str) -> EndpointError:
    return EndpointError(f"{kind}.", cure="-", kind=kind)


class Outcome(NamedTuple):
    after_s: float
    error: EndpointError | None


class Limiter(Protocol):
    def wait_s(self, now: float, per_s: float) -> float: ...


class Bucket:
    """A token bucket that holds `burst_s` seconds' worth."""

    def __init__(self, burst_s: float = 0.1) -> None:
        self._burst_s = burst_s
        self._tokens = math.inf
        self._at = 0.0

    def wait_s(self, now: float, per_s: float) -> float:
        """0 where one more goes through, else seconds till one will."""
        most = max(1.0, self._burst_s * per_s)
        self._tokens = min(most, self._tokens + (now - self._at) * per_s)
        self._at = now
        if self._tokens < 1:
            return (1 - self._tokens) / per_s
        self._tokens -= 1
        return 0.0


class Windows:
    """So many in each window of the clock."""

    def __init__(self, window_s: float = 1.0) -> None:
        self._window_s = window_s
        self._window = -1
        self._taken = 0

    def wait_s(self, now: float, per_s: float) -> float:
        window = int(now / self._window_s)
        if window != self._window:
            self._window, self._taken = window, 0
        if self._taken >= per_s * self._window_s:
            return (window + 1) * self._window_s - now
        self._taken += 1
        return 0.0


class RateLimited:
    """An endpoint that takes as many at once as there are, but only so many a second.

    Args:
        allowed: Requests a second, by time.
        retry_after: From the true wait to what the endpoint says, or null for nothing.
        refusal_s: How soon a refusal comes back.
    """

    def __init__(
        self,
        limiter: Limiter,
        allowed: Callable[[float], float],
        latency_s: float,
        retry_after: Callable[[float], float | None] = lambda wait_s: None,
        refusal_s: float = 0.01,
    ) -> None:
        self._limiter = limiter
        self._allowed = allowed
        self._latency_s = latency_s
        self._retry_after = retry_after
        self._refusal_s = refusal_s

    def take(self, now: float) -> Outcome:
        wait_s = self._limiter.wait_s(now, self._allowed(now))
        if wait_s > 0:
            return Outcome(self._refusal_s, busy(self._retry_after(wait_s)))
        return Outcome(self._latency_s, None)


class Drive:
    """Sends through a gate whatever it lets through, and counts.

    Attributes:
        answered: Answers by whole second.
        errors: Failures by whole second.
    """

    def __init__(self, gate: LearningGate, take: Callable[[float], Outcome]) -> None:
        self.gate = gate
        self.now = 0.0
        self._take = take
        self.sent_at: list[float] = []
        self.answered: Counter[int] = Counter()
        self.errors: Counter[int] = Counter()
        self._coming: list[tuple[float, int, Sent, Outcome]] = []

    def until(self, end: float, most_sent: float = math.inf) -> None:
        for now in self._moments(end):
            if len(self.sent_at) >= most_sent:
                return
            self.now = now
            while self._coming and self._coming[0][0] <= self.now:
                self._hand_back(*heapq.heappop(self._coming)[2:])
                self._send_all()
            self._send_all()

    def _moments(self, end: float) -> Iterator[float]:
        yield self.now
        while True:
            following = self.now + self.gate.wait_s(self.now)
            if self._coming:
                following = min(following, self._coming[0][0])
            if following >= end:
                return
            yield following

    def _send_all(self) -> None:
        while self.gate.wait_s(self.now) <= 0:
            self._send()

    def _send(self) -> None:
        outcome = self._take(self.now)
        sent = self.gate.sent(self.now, 0)
        self.sent_at.append(self.now)
        coming = (self.now + outcome.after_s, len(self.sent_at), sent, outcome)
        heapq.heappush(self._coming, coming)

    def _hand_back(self, sent: Sent, outcome: Outcome) -> None:
        if outcome.error is None:
            self.answered[int(self.now)] += 1
            self.gate.answered(self.now, sent, 0)
        else:
            self.errors[int(self.now)] += 1
            self.gate.failed(self.now, sent, outcome.error)

    def per_s(self, first_s: int, last_s: int) -> float:
        """Answers a second in these seconds."""
        return sum(self.answered[s] for s in range(first_s, last_s)) / (last_s - first_s)

    def wasted(self, first_s: int, last_s: int) -> float:
        """Share of the outcomes in these seconds that were failures."""
        errors = sum(self.errors[s] for s in range(first_s, last_s))
        return errors / max(1, errors + sum(self.answered[s] for s in range(first_s, last_s)))


class Loaded:
    """An endpoint whose throughput depends on how many it works on.

    Args:
        per_s: Answers a second, by requests in flight.
        spread: Latencies vary evenly by this share about their mean.
        most: More at once than this are refused as overload; null refuses none.
    """

    def __init__(
        self, per_s: Callable[[int], float], spread: float = 0.5, most: int | None = None
    ) -> None:
        self._per_s = per_s
        self._spread = spread
        self._most = most
        self._ends: list[float] = []
        self._asked = 0

    def take(self, now: float) -> Outcome:
        while self._ends and self._ends[0] <= now:
            heapq.heappop(self._ends)
        if self._most is not None and len(self._ends) >= self._most:
            return Outcome(0.01, overloaded())
        self._asked += 1
        at_once = len(self._ends) + 1
        chance = unit_interval("latency", str(self._asked))
        after_s = at_once / self._per_s(at_once) * (1 + self._spread * (2 * chance - 1))
        heapq.heappush(self._ends, now + after_s)
        return Outcome(after_s, None)


class Away:
    """An endpoint that is away at times: refuses connections at once, else answers."""

    def __init__(
        self, away: Callable[[float], bool], latency_s: float = 0.05, kind: str = "connect"
    ) -> None:
        self._away = away
        self._latency_s = latency_s
        self._kind = kind

    def take(self, now: float) -> Outcome:
        if self._away(now):
            return Outcome(0.001, failed(self._kind))
        return Outcome(self._latency_s, None)


class SimulatedModel:
    """A plug whose endpoint is one of those above, on a loop in virtual time.

    Attributes:
        asked_at: When each request arrived.
        closed: It was.
    """

    name = "simulated"
    licence = "Apache-2.0"

    def __init__(self, take: Callable[[float], Outcome], concurrency: int = 64) -> None:
        self.concurrency = concurrency
        self.asked_at: list[float] = []
        self.in_flight = self.most_in_flight = 0
        self.closed = False
        self._take = take

    async def complete(self, request: Request) -> Reply:
        now = asyncio.get_running_loop().time()
        self.asked_at.append(now)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            outcome = self._take(now)
            await asyncio.sleep(outcome.after_s)
        finally:
            self.in_flight -= 1
        if outcome.error is not None:
            raise outcome.error
        return Reply("One person.", "stop", 10, 0, 20, outcome.after_s)

    async def close(self) -> None:
        self.closed = True
