"""What one address is given: how many requests at once, how fast, and none while it is away.

A gate knows no clock and waits for nothing: it is told what happened and when, and says when the
next request may go. Times are seconds of one clock that never goes back.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple, Protocol

from indic_persona_hub.models.failures import BusyError, EndpointError
from indic_persona_hub.models.load.allowance import Allowance
from indic_persona_hub.models.load.circuit import Circuit
from indic_persona_hub.models.load.lessons import Departure
from indic_persona_hub.models.load.pace import Pace
from indic_persona_hub.models.load.window import Window

#: An address that asks for more patience than this has run out of quota.
LONGEST_PATIENCE_S: Final = 300.0
_START: Final = 8
_ANSWERS_TO_TRUST: Final = 16
#: Shorter waits are none: a timer would not be on time for them.
_SLACK_S: Final = 50e-6


class Sent(NamedTuple):
    """What the gate wants back with the outcome of a request."""

    at: float
    tokens: int
    spent: float
    departure: Departure | None


class Gate(Protocol):
    """What `lanes` asks of either kind of gate."""

    in_flight: int

    @property
    def limit(self) -> int:
        """How many may be in flight now."""
        ...

    @property
    def rate_per_s(self) -> float | None:
        """How many requests a second it is learned to allow; null where there is no limit."""
        ...

    @property
    def away(self) -> bool:
        """Nothing gets through at present; one request at a time finds out when that ends."""
        ...

    @property
    def open(self) -> bool:
        """The circuit is open: too many failed in a row."""
        ...

    @property
    def failed_probes(self) -> int:
        """Requests in a row that found the address still away."""
        ...

    @property
    def out_of_quota_until(self) -> float:
        """Till when the address told everyone to stay away, where that is long."""
        ...

    def wait_s(self, now: float) -> float:
        """0 where a request may go now; infinite where first one must be handed back."""
        ...

    def sent(self, now: float, tokens: int) -> Sent:
        """A request goes, of about so many tokens."""
        ...

    def answered(self, now: float, sent: Sent, tokens: int) -> None:
        """It was answered; `tokens` were used."""
        ...

    def failed(self, now: float, sent: Sent, error: EndpointError) -> None:
        """It failed."""
        ...

    def left(self, now: float, sent: Sent) -> None:
        """It was given up; nothing is learned."""
        ...


class PlainGate:
    """So many at once, whatever happens: for models in this process, batches and recordings."""

    rate_per_s: Final = None
    away: Final = False
    open: Final = False
    failed_probes: Final = 0
    out_of_quota_until: Final = -math.inf

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.in_flight = 0

    def wait_s(self, now: float) -> float:
        """See `Gate`."""
        return 0.0 if self.in_flight < self.limit else math.inf

    def sent(self, now: float, tokens: int) -> Sent:
        """See `Gate`."""
        self.in_flight += 1
        return Sent(now, tokens, tokens, None)

    def answered(self, now: float, sent: Sent, tokens: int) -> None:
        """See `Gate`."""
        self.in_flight -= 1

    def failed(self, now: float, sent: Sent, error: EndpointError) -> None:
        """See `Gate`."""
        self.in_flight -= 1

    def left(self, now: float, sent: Sent) -> None:
        """See `Gate`."""
        self.in_flight -= 1


class LearningGate:
    """Finds out how much an address takes: a window, a rate, a circuit, and given rates.

    Args:
        most: Never more than so many at once.
        name: Of the address; draws the jitter of its circuit.
        start: The window to begin with; null is a small one.
        requests_per_minute: Never more than this; null is no limit.
        tokens_per_minute: Likewise.
    """

    def __init__(
        self,
        most: int,
        *,
        name: str = "",
        start: int | None = None,
        requests_per_minute: float | None = None,
        tokens_per_minute: float | None = None,
    ) -> None:
        self.in_flight = 0
        self.away = False
        self.out_of_quota_until = -math.inf
        self._window = Window(most, _START if start is None else start)
        self._allowance = Allowance()
        self._circuit = Circuit(name)
        self._requests = Pace((requests_per_minute or math.inf) / 60)
        self._tokens = Pace((tokens_per_minute or math.inf) / 60)
        #: Tokens used for each that was expected.
        self._tokens_used = 1.0
        self._given = requests_per_minute is not None or tokens_per_minute is not None
        self._quiet_until = -math.inf
        self._paced_until = self._ready_at = -math.inf
        self._probe: Sent | None = None

    @property
    def limit(self) -> int:
        """See `Gate`."""
        return self._window.limit

    @property
    def rate_per_s(self) -> float | None:
        """See `Gate`."""
        return None if self._allowance.per_s == math.inf else self._allowance.per_s

    @property
    def open(self) -> bool:
        """See `Gate`."""
        return not self._circuit.closed

    @property
    def failed_probes(self) -> int:
        """See `Gate`."""
        return self._circuit.failed_probes

    def wait_s(self, now: float) -> float:
        """See `Gate`."""
        probe_s = 0.0
        if self.away and self._probe is not None:
            probe_s = self._probe_wait_s(now, self._probe)
        elif not self.away and self.in_flight >= self._window.limit:
            return math.inf
        wait_s = self._ready_at - now
        return wait_s if wait_s > _SLACK_S and wait_s > probe_s else probe_s

    def _probe_wait_s(self, now: float, probe: Sent) -> float:
        """A probe that is not refused in due time was let through, long before its answer comes."""
        if not self._circuit.closed:
            return math.inf
        wait_s = probe.at + self._allowance.patience_s - now
        if wait_s > _SLACK_S:
            return wait_s
        self._let_through(now, probe)
        return 0.0

    def sent(self, now: float, tokens: int) -> Sent:
        """See `Gate`."""
        self.in_flight += 1
        spent = tokens * self._tokens_used
        sent = Sent(now, tokens, spent, self._allowance.sent(now))
        if self.away:
            self._probe = sent
        if self._given:
            self._requests.spend(now, 1)
            self._tokens.spend(now, spent)
        if self._given or self._allowance.per_s < math.inf:
            self._settle()
        return sent

    def answered(self, now: float, sent: Sent, tokens: int) -> None:
        """See `Gate`."""
        in_flight = self.in_flight
        self.in_flight -= 1
        self._circuit_is_well(sent)
        if self.away:
            self._let_through(now, sent)
        self._window.answered(now, sent.at, in_flight)
        if self._given:
            self._tokens.correct(tokens - sent.spent)
            used = tokens / max(1, sent.tokens)
            self._tokens_used += (used - self._tokens_used) / _ANSWERS_TO_TRUST
            self._settle()

    def failed(self, now: float, sent: Sent, error: EndpointError) -> None:
        """See `Gate`."""
        wait_s = error.retry_after_s if isinstance(error, BusyError) else None
        if wait_s is not None:
            self._quiet_until = max(self._quiet_until, now + wait_s)
            if wait_s > LONGEST_PATIENCE_S:
                self.out_of_quota_until = self._quiet_until
        if error.kind == "rate_limited" and sent.departure is not None:
            self._circuit_is_well(sent)  # it is there, and busy
            self._allowance.refused(now, sent.departure, wait_s)
        elif error.kind == "overloaded" and self._window.limit > 1:
            self._window.overloaded(now, sent.at, self.in_flight)
        else:
            if error.kind == "timeout":
                self._window.late(now, sent.at, self.in_flight)
            probe = sent is self._probe
            self._circuit.failed(now, sent.at, probe=probe, at_once=self.in_flight)
        self.left(now, sent)

    def left(self, now: float, sent: Sent) -> None:
        """See `Gate`."""
        self.in_flight -= 1
        if sent is self._probe:
            self._probe = None
        self._settle()

    def _circuit_is_well(self, sent: Sent) -> None:
        if not self._circuit.closed:
            self._window.restart()
            self._probe = None
        self._circuit.answered(sent.at)

    def _let_through(self, now: float, sent: Sent) -> None:
        if sent.departure is not None:
            self._allowance.let_through(now, sent.departure.epoch)
        self._settle()

    def _settle(self) -> None:
        """Work out when the next request may go."""
        self._paced_until = max(
            self._allowance.next_at, self._requests.next_at, self._tokens.next_at
        )
        self._ready_at = max(self._quiet_until, self._circuit.until, self._paced_until)
        self.away = self._allowance.searching or not self._circuit.closed
        if not self.away:
            self._probe = None
