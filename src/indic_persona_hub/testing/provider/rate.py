"""How many requests a second the provider lets through."""

from __future__ import annotations

import math

_BURST_S = 0.1


class RateLimit:
    """A token bucket that holds a tenth of a second of its rate, at least one request.

    Args:
        requests_per_s: Null lets everything through.
    """

    def __init__(self, requests_per_s: float | None) -> None:
        self._at_s = -math.inf
        self._tokens = 0.0
        self.requests_per_s = requests_per_s
        self.allow(requests_per_s)

    def allow(self, requests_per_s: float | None) -> None:
        """Another rate, above 0, from now on; null lets everything through."""
        self.requests_per_s = requests_per_s
        self._most = max(1.0, _BURST_S * (requests_per_s or 0.0))
        self._tokens = min(self._tokens, self._most)

    def wait_s(self, now_s: float) -> float:
        """0 where a request may go through now, else seconds till one may.

        Args:
            now_s: Of a clock that never goes back.
        """
        if self.requests_per_s is None:
            return 0.0
        gained = (now_s - self._at_s) * self.requests_per_s
        self._tokens = min(self._most, self._tokens + gained)
        self._at_s = now_s
        if self._tokens < 1:
            return (1 - self._tokens) / self.requests_per_s
        self._tokens -= 1
        return 0.0
