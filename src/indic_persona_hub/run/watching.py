"""What the models of a build are doing at this moment, for whoever watches."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from indic_persona_hub.models.answers import Tally
from indic_persona_hub.models.load.lanes import LaneStanding

#: Rates are those of so many seconds.
_LOOKED_BACK_S: Final = 10.0

#: What each open model did so far, and how its addresses stand.
Standing = Mapping[str, tuple[Tally, Sequence[LaneStanding]]]


@dataclass(frozen=True)
class Reading:
    """The models of a build, added up.

    Attributes:
        answered: Calls answered in this run.
        limit: Most calls that may be in flight now.
        requests_per_s: Calls answered, over the last seconds.
        tokens_per_s: Tokens that models wrote, likewise.
        waiting: Addresses that are not asked at present, with how long they are still left alone.
        errors: Failed attempts by kind.
    """

    answered: int = 0
    from_journal: int = 0
    in_flight: int = 0
    limit: int = 0
    requests_per_s: float = 0.0
    tokens_per_s: float = 0.0
    spent_usd: float = 0.0
    waiting: Mapping[str, float] = field(default_factory=dict)
    errors: Mapping[str, int] = field(default_factory=dict)

    def forecast_usd(self, done: int, expected: int) -> float | None:
        """What this run comes to when `expected` units are done at the cost of those so far."""
        if not self.spent_usd or not done or expected < done:
            return None
        return self.spent_usd * expected / done


class _Past(NamedTuple):
    at_s: float
    answered: int
    tokens: int


class Watch:
    """Reads the standing and knows the rates.

    Args:
        standing: See `Standing`.
        clock: Seconds.
    """

    def __init__(
        self, standing: Callable[[], Standing], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._standing = standing
        self._clock = clock
        self._past: deque[_Past] = deque([_Past(clock(), 0, 0)])

    def read(self) -> Reading:
        """The reading of this moment."""
        models = list(self._standing().values())
        tallies = [tally for tally, _ in models]
        lanes = [lane for _, standing in models for lane in standing]
        now = _Past(
            self._clock(),
            sum(tally.answered for tally in tallies),
            sum(tally.completion_tokens for tally in tallies),
        )
        requests_per_s, tokens_per_s = self._rates(now)
        errors: Counter[str] = Counter()
        for tally in tallies:
            errors.update(dict(tally.errors))
        return Reading(
            now.answered,
            sum(tally.from_journal for tally in tallies),
            sum(tally.in_flight for tally in tallies),
            sum(lane.limit for lane in lanes if not lane.open),
            requests_per_s,
            tokens_per_s,
            sum(tally.cost_usd for tally in tallies),
            {lane.lane: lane.waits_s for lane in lanes if lane.waits_s > 0},
            dict(errors),
        )

    def _rates(self, now: _Past) -> tuple[float, float]:
        self._past.append(now)
        while len(self._past) > 2 and self._past[1].at_s <= now.at_s - _LOOKED_BACK_S:
            self._past.popleft()
        then = self._past[0]
        seconds = now.at_s - then.at_s
        if seconds <= 0:
            return 0.0, 0.0
        return (now.answered - then.answered) / seconds, (now.tokens - then.tokens) / seconds
