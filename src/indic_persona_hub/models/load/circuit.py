"""Keeps requests from an address that is away, and looks ever more seldom whether it is back."""

from __future__ import annotations

import math
from typing import Final

from indic_persona_hub.records import unit_interval

#: Failures in a row, with no answer between, that open it: some, fewer where fewer are in flight,
#: and of many in flight this share, because failures come back sooner than answers.
_FAILURES: Final = 8
_FEWEST_FAILURES: Final = 3
_SHARE: Final = 0.25
_FIRST_COOLING_S: Final = 0.5
_LONGEST_COOLING_S: Final = 30.0


class Circuit:
    """A circuit breaker: closed while all is well, else one probe at a time goes through.

    Args:
        name: Draws the jitter, so that several addresses are not probed in step.

    Attributes:
        closed: All is well.
        until: While open, when the next probe may go.
        failed_probes: In a row.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._openings = 0
        self._well_at = -math.inf
        self.answered(-math.inf)

    def answered(self, sent_at: float) -> None:
        """The address was well when it got the request of `sent_at`."""
        self._well_at = max(self._well_at, sent_at)
        self.closed = True
        self.until = -math.inf
        self.failed_probes = 0
        self._failures = 0

    def failed(self, now: float, sent_at: float, *, probe: bool, at_once: int) -> None:
        """A request failed.

        Args:
            sent_at: When it was sent; where a later one was answered, it says nothing of now.
            probe: It was sent to find out whether the address is back.
            at_once: How many are in flight.
        """
        if self.closed:
            self._failures += sent_at >= self._well_at
            enough = max(_FEWEST_FAILURES, min(_FAILURES, at_once), _SHARE * at_once)
            if self._failures >= enough:
                self.closed = False
                self._cool(now)
        elif probe:
            self.failed_probes += 1
            self._cool(now)

    def _cool(self, now: float) -> None:
        self._openings += 1
        longest_s = min(_FIRST_COOLING_S * 2**self.failed_probes, _LONGEST_COOLING_S)
        jitter = 0.75 + unit_interval("circuit", self._name, str(self._openings)) / 4
        self.until = now + longest_s * jitter
