"""The addresses of one model: each with a gate of its own, work given to where there is room.

Everything happens on one event loop, so nothing is locked.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from indic_persona_hub.errors import ModelError
from indic_persona_hub.models.failures import EndpointError
from indic_persona_hub.models.load.gate import Gate, LearningGate, PlainGate, Sent
from indic_persona_hub.models.settings import ModelSettings, OpenAICompatibleSettings
from indic_persona_hub.models.socket import LanguageModel

#: Probes in a row that an address which never answered is given.
_PROBES_OF_A_STRANGER: Final = 3


class LaneStanding(NamedTuple):
    """How one address stands.

    Attributes:
        lane: Its label.
        in_flight: Requests on their way.
        limit: How many there may be now.
        rate_per_s: Requests a second that it is learned to allow; null where it set no limit.
        open: Its circuit is open: too many failed in a row.
        waits_s: Seconds till it is sent the next request; 0 where that needs only room.
    """

    lane: str
    in_flight: int
    limit: int
    rate_per_s: float | None
    open: bool
    waits_s: float


class _Lane:
    __slots__ = ("current", "gate", "label", "plug", "weight")

    def __init__(self, plug: LanguageModel, label: str, gate: Gate, weight: float) -> None:
        self.plug = plug
        self.label = label
        self.gate = gate
        self.weight = weight
        self.current = 0.0


class Permit:
    """Leave to send one request to one address; handed back exactly once.

    What is said after the first handing back is not heard.

    Attributes:
        plug: Whom to ask.
        lane: Label of the address, for counting; no secret in it.
    """

    __slots__ = ("_gate", "_lanes", "_sent", "lane", "plug")

    def __init__(self, lanes: Lanes, lane: _Lane, sent: Sent) -> None:
        self.plug = lane.plug
        self.lane = lane.label
        self._gate: Gate = lane.gate
        self._lanes = lanes
        self._sent: Sent | None = sent

    def answered(self, latency_s: float, tokens: int) -> None:
        """The request was answered; `tokens`, prompt and reply, were used."""
        sent, self._sent = self._sent, None
        if sent is not None:
            now = self._lanes._clock()
            self._gate.answered(now, sent, tokens)
            self._lanes._answered_at = now
            self._lanes._serve(now)

    def failed(self, error: EndpointError) -> None:
        """The request failed in a way that may pass."""
        sent, self._sent = self._sent, None
        if sent is not None:
            now = self._lanes._clock()
            self._gate.failed(now, sent, error)
            self._lanes._failed(now, error)

    def left(self) -> None:
        """The request was given up, or was a bad row: of the address nothing is learned."""
        sent, self._sent = self._sent, None
        if sent is not None:
            now = self._lanes._clock()
            self._gate.left(now, sent)
            self._lanes._serve(now)


class Lanes:
    """Gives out permits to ask a model, first come first served.

    While all is well the addresses share the work by their weights; where one is full, slow or away
    the others take its share.

    Args:
        plugs: One for each address, in the order of the settings.
        settings: How much each may be given.
        clock: Seconds that never go back.
        start: Requests at once to begin with; null is a few.
    """

    def __init__(
        self,
        plugs: Sequence[LanguageModel],
        settings: ModelSettings,
        *,
        clock: Callable[[], float] = time.monotonic,
        start: int | None = None,
    ) -> None:
        self._clock = clock
        self._lanes = _lanes_of(plugs, settings, start)
        self._outage_s = getattr(settings, "outage_s", math.inf)
        self._waiting: deque[tuple[asyncio.Future[Permit], int]] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = math.inf
        self._answered_at = -math.inf
        self._away_since = math.inf
        self._last_error: EndpointError | None = None
        self.name = plugs[0].name
        self.licence = plugs[0].licence
        #: Most requests in flight over all addresses.
        self.concurrency = sum(plug.concurrency for plug in plugs)

    async def enter(self, tokens: int) -> Permit:
        """Wait for room.

        Args:
            tokens: What the request will use, prompt and reply, as far as can be known.

        Raises:
            ModelError: No address can be reached for too long, or all are out of quota.
        """
        now = self._clock()
        first = not self._waiting
        if first and (lane := self._choose(now)) is not None:
            return Permit(self, lane, lane.gate.sent(now, tokens))
        waiter: asyncio.Future[Permit] = asyncio.get_running_loop().create_future()
        one = (waiter, tokens)
        self._waiting.append(one)
        if first:
            self._sleep(now)
        try:
            return await waiter
        except asyncio.CancelledError:
            self._forget(one)
            raise

    def _forget(self, one: tuple[asyncio.Future[Permit], int]) -> None:
        """Whoever waited was cancelled, perhaps after a permit was on its way."""
        waiter, _ = one
        if waiter.cancelled():
            if one in self._waiting:
                self._waiting.remove(one)
        elif waiter.exception() is None:
            waiter.result().left()

    async def close(self) -> None:
        """Close the plugs; whoever still waits is cancelled."""
        self._stop_timer()
        for waiter, _ in self._waiting:
            waiter.cancel()
        self._waiting.clear()
        for lane in self._lanes:
            await lane.plug.close()

    def standing(self) -> list[LaneStanding]:
        """How the addresses stand now, in the order of the settings."""
        now = self._clock()
        return [_standing(lane, now) for lane in self._lanes]

    def _choose(self, now: float) -> _Lane | None:
        """Smooth weighted round robin among the lanes that have room."""
        if len(self._lanes) == 1:
            lane = self._lanes[0]
            return None if lane.gate.wait_s(now) > 0 else lane
        chosen: _Lane | None = None
        total = 0.0
        for lane in self._lanes:
            if lane.gate.wait_s(now) > 0:
                continue
            total += lane.weight
            lane.current += lane.weight
            if chosen is None or lane.current > chosen.current:
                chosen = lane
        if chosen is not None:
            chosen.current -= total
        return chosen

    def _serve(self, now: float) -> None:
        """Let in whom there is room for."""
        waiting = self._waiting
        while waiting:
            waiter, tokens = waiting[0]
            if waiter.done():
                waiting.popleft()
                continue
            lane = self._choose(now)
            if lane is None:
                self._sleep(now)
                return
            waiting.popleft()
            waiter.set_result(Permit(self, lane, lane.gate.sent(now, tokens)))

    def _sleep(self, now: float) -> None:
        """Nobody can be let in: look again when time alone may have changed that."""
        soonest_s = math.inf
        away = True
        for lane in self._lanes:
            gate = lane.gate
            soonest_s = min(soonest_s, gate.wait_s(now))
            away = away and (gate.away or gate.out_of_quota_until > now)
        if away:
            self._away_since = min(self._away_since, now)
            if self._has_lasted(now):
                self._turn_away(now)
                return
            soonest_s = min(soonest_s, self._gives_up_at() - now)
        else:
            self._away_since = math.inf
        if now + soonest_s < self._timer_at:
            self._stop_timer()
            self._timer_at = now + soonest_s
            self._timer = asyncio.get_running_loop().call_later(soonest_s, self._wake)

    def _wake(self) -> None:
        self._timer = None
        self._timer_at = math.inf
        self._serve(self._clock())

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
            self._timer_at = math.inf

    def _has_lasted(self, now: float) -> bool:
        """It has been so for too long; an address that never answered is given little time."""
        if now >= self._gives_up_at() or self._quota_ended(now):
            return True
        stranger = self._answered_at == -math.inf
        return stranger and all(
            lane.gate.failed_probes >= _PROBES_OF_A_STRANGER for lane in self._lanes
        )

    def _gives_up_at(self) -> float:
        return max(self._answered_at, self._away_since) + self._outage_s

    def _quota_ended(self, now: float) -> bool:
        return all(lane.gate.out_of_quota_until > now for lane in self._lanes)

    def _turn_away(self, now: float) -> None:
        """Tell all who wait why there is no use."""
        while self._waiting:
            waiter, _ = self._waiting.popleft()
            if not waiter.done():
                waiter.set_exception(self._trouble(now))

    def _trouble(self, now: float) -> ModelError:
        error = self._last_error
        said = "" if error is None else error.message
        cure = "Check the endpoint, then run the same command again; what was answered is kept."
        if self._quota_ended(now):
            wait_s = min(lane.gate.out_of_quota_until for lane in self._lanes) - now
            what = f"asks to wait {wait_s:.0f} s"
            cure = "Run the same command again then; what was answered is kept."
        elif self._answered_at == -math.inf:
            what = "never answered"
        else:
            what = f"has not answered for {now - self._answered_at:.0f} s"
        return ModelError(f"{self.name} {what}: {said}", cure=cure, retry=True)

    def _failed(self, now: float, error: EndpointError) -> None:
        self._last_error = error
        self._serve(now)


def _standing(lane: _Lane, now: float) -> LaneStanding:
    gate = lane.gate
    wait_s = gate.wait_s(now)
    waits_s = wait_s if wait_s < math.inf else 0.0
    return LaneStanding(lane.label, gate.in_flight, gate.limit, gate.rate_per_s, gate.open, waits_s)


def _lanes_of(
    plugs: Sequence[LanguageModel], settings: ModelSettings, start: int | None
) -> list[_Lane]:
    if not isinstance(settings, OpenAICompatibleSettings):
        return [_Lane(plug, plug.name, PlainGate(plug.concurrency), 1.0) for plug in plugs]
    lanes: list[_Lane] = []
    for plug, endpoint in zip(plugs, (settings, *settings.endpoints), strict=True):
        address = urlsplit(endpoint.base_url).netloc
        others = sum(lane.label.split()[0] == address for lane in lanes)
        label = f"{address} ({others + 1})" if others else address
        gate = LearningGate(
            settings.concurrency,
            name=label,
            start=start,
            requests_per_minute=settings.requests_per_minute,
            tokens_per_minute=settings.tokens_per_minute,
        )
        lanes.append(_Lane(plug, label, gate, endpoint.weight))
    return lanes
