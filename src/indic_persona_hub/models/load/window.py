"""How many requests one address is best given at once: found by trying, compared by throughput.

A language model's latency rises with its load while its throughput still grows, so latency alone is
no sign of trouble: what counts is whether a larger window brings more answers a second. By Little's
law that is the requests in flight over their mean latency, which clumps of answers and a few that
never come do not disturb.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

#: What is left of the window after an overload.
_KEPT: Final = 0.8
#: Share of overloads in one round trip, and in no fewer outcomes than this: less is noise.
_NOISE_SHARE: Final = 0.08
_FEWEST_OUTCOMES: Final = 64
#: A request that took so many times what others take was not late, it was lost.
_STALL: Final = 4.0
#: A window below this grows fourfold in a round trip: no server is hurt by so few.
_SMALL: Final = 16
#: A window is full at this share: not every answered request is followed by another at once.
_FULL: Final = 0.75
#: Doubling ends where throughput grew with less than this power of the requests in flight, in so
#: many round trips in a row; at once where it fell.
_LEAST_POWER: Final = 0.2
_FALLING_POWER: Final = -0.15
_FLAT_ROUNDS: Final = 2
_FEWEST_ANSWERS: Final = 16
#: Two samples whose requests in flight differ by less cannot be compared while doubling.
_GROWN: Final = 1.3
#: Afterwards, larger and smaller windows are tried by steps of this share.
_STEP: Final = 0.25
#: Below this share of where it went wrong last, steps up are halves of what is left.
_NEAR: Final = 0.95
#: Answers in a sample, for a step that doubles the window; a smaller step needs more.
_ANSWERS: Final = 16
#: A larger window stays where throughput grew so much, a smaller one where it fell no more.
_GAIN: Final = 1.02
_LOSS: Final = 0.98
#: Round trips between trials while nothing changes.
_FEWEST_ROUNDS: Final = 4
_MOST_ROUNDS: Final = 32
#: Steps up in a row after which doubling begins again.
_STEPS_TO_DOUBLE: Final = 3
#: Below this much of the shortest mean latency seen, a smaller window could only be slower.
_QUEUEING: Final = 1.25


class _Sample(NamedTuple):
    in_flight: float
    latency_s: float
    #: Of the latency and so of the throughput, as a share.
    standard_error: float

    @property
    def per_s(self) -> float:
        return self.in_flight / self.latency_s


class Window:
    """Grows from `start` by doubling, then by trials of larger and smaller windows.

    Times are seconds of one clock that never goes back.

    Args:
        most: Never more than this.
        start: Where it begins, and begins anew after an outage.

    Attributes:
        limit: How many may be in flight.
    """

    def __init__(self, most: int, start: int) -> None:
        self._most = most
        self._start = max(1, min(start, most))
        self._shortest_s = math.inf
        self._lately_s = 0.0
        self._cut_at = -math.inf
        self.restart()

    def restart(self) -> None:
        """Begin anew: nothing is known of the address any more."""
        self.limit = self._start
        self._overloads = 0.0
        self._ceiling = math.inf
        self._last_direction = 1
        self._wait_rounds = _FEWEST_ROUNDS
        self._settle_on(self._start, -math.inf)
        self._double(None)

    def answered(self, now: float, sent_at: float, in_flight: int) -> None:
        """An answer came to a request of `sent_at`; `in_flight` counts it."""
        self._overloads -= self._overloads / max(_FEWEST_OUTCOMES, self.limit)
        self._lately_s += (now - sent_at - self._lately_s) / _FEWEST_ANSWERS
        if self._doubling and in_flight >= _FULL * self.limit and self.limit < self._most:
            self.limit = min(self._most, self.limit + (1 if self.limit >= _SMALL else 3))
        if sent_at < self._changed_at:
            return
        if self._skipping > 0:
            self._skipping -= 1
            return
        self._answers += 1
        latency_s = now - sent_at
        self._sum_latency_s += latency_s
        self._sum_squares += latency_s * latency_s
        self._sum_in_flight += in_flight
        if self._answers >= self._wanted:
            self._judge(now)

    def late(self, now: float, sent_at: float, in_flight: int) -> None:
        """A request was given up for lack of an answer: an overload, unless others are quick."""
        if now - sent_at < _STALL * self._lately_s:
            self.overloaded(now, sent_at, in_flight)

    def overloaded(self, now: float, sent_at: float, in_flight: int) -> None:
        """A request came back as one too many: at most one cut a round trip.

        Args:
            sent_at: When it was sent; one sent before the last cut says nothing new.
            in_flight: With this one.
        """
        if sent_at < self._cut_at:
            return
        room = min(self.limit, in_flight)
        self._overloads += 1
        if self._overloads < _NOISE_SHARE * max(_FEWEST_OUTCOMES, self.limit):
            return
        self._cut_at = now
        self._overloads = 0.0
        self._ceiling = room
        self._last_direction = -1
        self._settle_on(max(1, int(_KEPT * room)), now)

    def _sample_anew(self, answers: int) -> None:
        self._wanted = answers
        self._answers = 0
        self._sum_latency_s = self._sum_squares = self._sum_in_flight = 0.0

    def _judge(self, now: float) -> None:
        sample = self._sample()
        self._shortest_s = min(self._shortest_s, sample.latency_s)
        if self._doubling:
            self._judge_doubling(sample, now)
        else:
            self._judge_trial(sample, now)

    def _sample(self) -> _Sample:
        count = self._answers
        mean_s = max(self._sum_latency_s / count, 1e-9)
        variance = max(0.0, self._sum_squares / count - mean_s * mean_s)
        error = math.sqrt(variance / count) / mean_s
        return _Sample(self._sum_in_flight / count, mean_s, error)

    # Doubling

    def _double(self, last: _Sample | None) -> None:
        self._doubling = True
        self._flat_rounds = 0
        self._last = self._before_flat = last
        self._sample_anew(max(_FEWEST_ANSWERS, self.limit // 2))

    def _judge_doubling(self, sample: _Sample, now: float) -> None:
        last, self._last = self._last, sample
        self._sample_anew(max(_FEWEST_ANSWERS, self.limit // 2))
        if last is None or sample.in_flight < _GROWN * last.in_flight:
            if self.limit == self._most and sample.in_flight >= _FULL * self.limit:
                self._settle_on(self.limit, now)
            return
        power = math.log(sample.per_s / last.per_s) / math.log(sample.in_flight / last.in_flight)
        if power >= _LEAST_POWER:
            self._flat_rounds = 0
            return
        if not self._flat_rounds:
            self._before_flat = last
        self._flat_rounds += 1
        if power < _FALLING_POWER or self._flat_rounds >= _FLAT_ROUNDS:
            self._ceiling = sample.in_flight
            before = self._before_flat or last
            self._settle_on(max(1, int(before.in_flight)), now)

    # Trials

    def _settle_on(self, window: int, now: float) -> None:
        """Stay at `window` and find out how it does."""
        self._doubling = False
        self._base: _Sample | None = None
        self._steps_up = 0
        self._rounds_left = 0
        self._base_limit = window
        self._set(window, 0, now)

    def _set(self, window: int, direction: int, now: float) -> None:
        self.limit = window
        self._direction = direction
        self._changed_at = now
        self._skipping = window // 2
        needed = _ANSWERS * self._base_limit // max(1, int(_STEP * self._base_limit))
        self._sample_anew(max(window, needed))

    def _judge_trial(self, sample: _Sample, now: float) -> None:
        if sample.in_flight < _FULL * self.limit:  # something else holds requests back
            self._base = None
            self._set(self._base_limit, 0, now)
        elif self._direction and self._base is not None:
            least = _GAIN if self._direction > 0 else _LOSS + sample.standard_error / 2
            if sample.per_s >= least * self._base.per_s:
                self._keep(sample, now)
            else:
                self._go_back(now)
        else:
            self._base = sample
            self._rounds_left -= max(1, self._answers // self.limit)
            self._sample_anew(self._wanted)
            if self._rounds_left <= 0:
                self._try_another(sample, now)

    def _try_another(self, base: _Sample, now: float) -> None:
        """Up and down in turn; up where there is room, down where requests seem to queue."""
        up = self.limit < self._most
        down = self.limit > 1 and base.latency_s > _QUEUEING * self._shortest_s
        if self.limit == self._start > 1 and not down:  # nothing is known of smaller ones
            down = self._last_direction > 0
        if not (up or down):
            self._rounds_left = _MOST_ROUNDS
            return
        upwards = up and (self._last_direction < 0 or not down)
        self._last_direction = 1 if upwards else -1
        share = _STEP * self.limit
        if upwards and self.limit < _NEAR * self._ceiling:
            share = min(share, (self._ceiling - self.limit) / 2)
        step = self._last_direction * max(1, int(share))
        self._set(min(self._most, self.limit + step), self._last_direction, now)

    def _keep(self, sample: _Sample, now: float) -> None:
        """The new window is as good or better: go on in its direction at once."""
        self._steps_up = self._steps_up + 1 if self._direction > 0 else 0
        self._wait_rounds = _FEWEST_ROUNDS
        self._base, self._base_limit = sample, self.limit
        if self._steps_up >= _STEPS_TO_DOUBLE and self.limit > self._ceiling:
            self._double(sample)
            return
        self._last_direction = -self._direction
        self._try_another(sample, now)

    def _go_back(self, now: float) -> None:
        if self._direction > 0:
            self._ceiling = self.limit
        self._steps_up = 0
        self._rounds_left = self._wait_rounds
        self._wait_rounds = min(_MOST_ROUNDS, 2 * self._wait_rounds)
        self._set(self._base_limit, 0, now)
