"""How fast an address is asked where that is given: so many requests or tokens a minute."""

from __future__ import annotations

import math
from typing import Final

#: Late by no more than this, requests may catch up in one go: a stalled loop costs no throughput.
BURST_S: Final = 0.05


class Pace:
    """Spends an allowance evenly; times are seconds of one clock that never goes back.

    Args:
        per_s: What may be spent in a second.
    """

    def __init__(self, per_s: float) -> None:
        self._per_s = per_s
        #: When more may be spent.
        self.next_at = -math.inf

    def spend(self, now: float, amount: float) -> None:
        """Spend so much; the next may spend when it is earned."""
        self.next_at = max(self.next_at, now - BURST_S) + amount / self._per_s

    def correct(self, amount: float) -> None:
        """So much more was spent than thought; less where negative."""
        self.next_at += amount / self._per_s
