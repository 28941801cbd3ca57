"""A rate that was lowered, and how it climbs again: gently, then ever faster."""

from __future__ import annotations

import math
from typing import Final

from indic_persona_hub.models.load.pace import BURST_S

#: Of the rate that was let through before a refusal, what is asked for next.
_MARGIN: Final = 0.97
_SLOWEST_PER_S: Final = 1 / 600
#: How long a rate holds before faster is tried, and for how many requests at least.
SHORTEST_HOLD_S: Final = 4.0
_HOLD_REQUESTS: Final = 100
#: Then it grows by exp(_GROWTH t^2 + _LATE_GROWTH t^4), t in units of a second; longer units where
#: requests are few or refusals come late.
_GROWTH: Final = 0.03
_LATE_GROWTH: Final = 0.001
_MOST_NEPERS: Final = 9.0
_UNIT_REQUESTS: Final = 10.0


class Climb:
    """Paces requests; times are seconds of one clock that never goes back.

    Until it is lowered there is no limit. Lowered, it holds a little below what was let through,
    comes back to that, then tries faster, as CUBIC does (RFC 9438). The first time little is known,
    and it doubles every second.

    Attributes:
        per_s: Requests a second now; infinite where there is no limit.
        next_at: When the next request may be sent.
        allowed_per_s: What was let through when it was last lowered.
        hold_s: How long it holds.
        holds: It does; else faster is being tried.
        unit_s: What a refusal takes to come back: its sense of time is no finer.
    """

    def __init__(self) -> None:
        self.per_s = math.inf
        self.next_at = -math.inf
        self.allowed_per_s = math.inf
        self.hold_s = SHORTEST_HOLD_S
        self.holds = False
        self.unit_s = 0.0
        self._sure = False
        self._paced_s = 0.0

    @property
    def limited(self) -> bool:
        """It was lowered at least once."""
        return self.per_s < math.inf

    def learn(self, per_s: float) -> None:
        """A paced request was refused, so `per_s` is known to be about what is allowed."""
        self._sure = self.limited
        self.lower_to(per_s)

    def lower_to(self, per_s: float) -> None:
        """So much was let through: ask for a little less, and never for more than now."""
        self.allowed_per_s = max(_SLOWEST_PER_S, min(per_s, self.per_s))
        self.per_s = _MARGIN * self.allowed_per_s
        self.hold_again()

    def return_to(self, per_s: float) -> None:
        """What it was lowered for was a mistake."""
        self.per_s = self.allowed_per_s = per_s
        self.hold_again()

    def hold_again(self) -> None:
        """Begin to hold anew."""
        self._paced_s = 0.0
        self.holds = self._sure
        if self.limited:
            self.hold_s = max(self.hold_s, _HOLD_REQUESTS / self.allowed_per_s)

    def wait_until(self, at: float) -> None:
        """Send nothing before."""
        self.next_at = max(self.next_at, at)

    def spend(self, now: float) -> None:
        """A request is sent."""
        if self.next_at > now - BURST_S:  # else it was not the pace that held requests back
            self._paced_s += 1 / self.per_s
            self.per_s = self.allowed_per_s * self._height()
        self.next_at = max(self.next_at, now - BURST_S) + 1 / self.per_s

    def _height(self) -> float:
        unit_s = max(1.0, self.unit_s, _UNIT_REQUESTS / self.allowed_per_s)
        if not self._sure:
            return float(2 ** (self._paced_s / unit_s))
        over_s = self._paced_s - self.hold_s
        self.holds = over_s <= 0
        if self.holds:  # concave, from the margin to what was let through
            return 1 - (1 - _MARGIN) * (over_s / self.hold_s) ** 2
        units2 = (over_s / unit_s) ** 2
        return math.exp(min(_GROWTH * units2 + _LATE_GROWTH * units2**2, _MOST_NEPERS))
