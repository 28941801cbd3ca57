"""The rate that an address allows, learned from its refusals (429) and tried again ever faster."""

from __future__ import annotations

import math
from typing import Final

from indic_persona_hub.models.load.climb import SHORTEST_HOLD_S, Climb
from indic_persona_hub.models.load.lessons import Departure, Lessons

#: One lesson takes no more than the rest: a bucket that just ran dry refuses more than it will.
_LEAST_KEPT: Final = 0.7
#: Where nothing says how long to wait: at first, at most; it grows while all is refused.
_FIRST_WAIT_S: Final = 0.05
_WAIT_GROWTH: Final = 1.5
_LONGEST_WAIT_S: Final = 5.0
#: A wait longer than this makes every refusal dear, so the first one is a lesson.
_DEAR_WAIT_S: Final = 0.1
#: A longer wait is the rest of the provider's own window (a minute), not the rounding of one.
_WINDOW_S: Final = 2.0
#: A dear lesson that agrees with the one before holds twice as long, up to so much of its wait.
_AGREE: Final = 0.2
_HOLD_PER_WAIT: Final = 7.0
_LONGEST_HOLD_S: Final = 20.0
_LONGEST_WINDOW_HOLD_S: Final = 60.0
#: One while the one before still holds takes so much more, the next one twice as much.
_TOO_SOON: Final = 0.05
#: One that comes near a rate that held raises that rate by a part of the difference.
_NEAR: Final = 1.25
_STEP_UP: Final = 0.25
#: Rates are measured over one to two spans of at least this, the very first burst over more.
_SPAN_S: Final = 0.5
_SPAN_REQUESTS: Final = 20
_FIRST_SPAN_S: Final = 1.0
_LONGEST_REFUSAL_S: Final = 5.0


class Allowance:
    """Paces the requests to one address by what it refuses.

    Until the first refusals there is no limit. A refused request tells how fast those before it
    were sent, which were let through; what follows is up to `Climb`. Where all is refused, single
    requests find out when that ends. Times are seconds of one clock that never goes back.

    Attributes:
        searching: All is refused: one request at a time finds out when that ends.
        patience_s: A request that was not refused for so long was let through.
    """

    def __init__(self) -> None:
        self.searching = False
        self.patience_s = _FIRST_WAIT_S
        self._climb = Climb()
        self._lessons = Lessons()
        self._wait_s = _FIRST_WAIT_S
        self._too_soon = 0
        #: Rates that held, and that were asked for before lessons came in vain.
        self._good_per_s = 0.0
        self._before_per_s = math.inf
        self._blocked_at = math.inf
        self._due_at = math.inf
        self._last_lesson: Departure | None = None
        #: What was let through since all was last refused.
        self._stretch_at = math.inf
        self._stretch_sent = 0
        self._epoch = 0
        self._number = 0
        self._mark: tuple[float, int] = (math.inf, 0)
        self._older_mark = self._mark

    @property
    def per_s(self) -> float:
        """Requests a second now; infinite where there is no limit."""
        return self._climb.per_s

    @property
    def next_at(self) -> float:
        """When the next request may be sent."""
        return self._climb.next_at

    def sent(self, now: float) -> Departure:
        """A request is sent."""
        number = self._number
        mark_at, marked = self._mark
        if now - mark_at >= _SPAN_S and number - marked >= _SPAN_REQUESTS:
            self._older_mark = self._mark
            self._mark = (now, number)
        elif mark_at > now:  # the first of all
            self._mark_from(now)
            self._stretch_at = now
        older_at, older = self._older_mark
        self._number = number + 1
        if self._climb.limited:
            self._spend(now)
        return Departure(now, self._epoch, number, now - older_at, number - older)

    def let_through(self, now: float, epoch: int) -> None:
        """A request of `epoch` was not refused."""
        if not self.searching or epoch != self._epoch:
            return
        self.searching = False
        self._wait_s = _FIRST_WAIT_S
        if self._stretch_sent:
            # Where nobody asked when the next request was due, that time tells nothing.
            waited_to = min(now, max(self._blocked_at, self._due_at) + self.patience_s)
            blocked_s = waited_to - self._blocked_at
            if blocked_s > _WINDOW_S:
                hold_s = min(_LONGEST_WINDOW_HOLD_S, _HOLD_PER_WAIT * blocked_s)
                self._climb.hold_s = max(self._climb.hold_s, hold_s)
            self._climb.lower_to(self._let_through_per_s(waited_to))
        self._stretch_at, self._stretch_sent = now, 0
        self._begin(now)
        self._climb.next_at = now

    def refused(self, now: float, departure: Departure, wait_s: float | None) -> None:
        """A request came back as one too many.

        Args:
            departure: What `sent` gave for it.
            wait_s: How long the address asked to wait; null where it did not say.
        """
        refusal_s = max(0.9 * self._climb.unit_s, now - departure.sent_at)
        self._climb.unit_s = min(_LONGEST_REFUSAL_S, refusal_s)
        self.patience_s = 3 * self._climb.unit_s + _FIRST_WAIT_S
        dear_s = wait_s if wait_s is not None and wait_s > _DEAR_WAIT_S else 0.0
        if dear_s:
            self._climb.wait_until(now + dear_s)
        if departure.epoch != self._epoch:
            return
        self._lessons.add(departure)
        limited = self._climb.limited
        if dear_s or self.searching or self._lessons.are_enough(self._number, limited=limited):
            self._learn(now, wait_s, dear_s)

    def _learn(self, now: float, wait_s: float | None, dear_s: float) -> None:
        first = self._lessons.first
        if first.number == 0:
            self._search(now, wait_s or 0.0)
            return
        held = self._climb.holds
        if not held or self._lessons.noise_share:
            self._before_per_s = self._climb.per_s
        if not dear_s and self._lessons.are_noise(self._number, held=held):
            self._climb.return_to(self._before_per_s)
            self._begin(now)
        else:
            self._slow_down(now, first, wait_s, dear_s)

    def _slow_down(self, now: float, first: Departure, wait_s: float | None, dear_s: float) -> None:
        """Lower the rate to what was let through before `first` was refused."""
        self._last_lesson = first
        self._stretch_sent += self._number - self._lessons.count
        per_s = self._seen_per_s(first)
        if dear_s > _WINDOW_S:
            per_s = min(per_s, self._stretch_sent / (now + dear_s - self._stretch_at))
            self._stretch_at, self._stretch_sent = now + dear_s, 0
        if dear_s:
            per_s = self._wary_per_s(per_s)
        self._climb.hold_s = self._hold_s(per_s, dear_s)
        self._climb.learn(per_s)
        self._begin(now)
        quiet_s = max(_FIRST_WAIT_S, 1 / self._climb.per_s) if wait_s is None else wait_s
        self._climb.wait_until(now + quiet_s)

    def _seen_per_s(self, first: Departure) -> float:
        if not self._climb.limited:
            return first.in_span / max(first.span_s, _FIRST_SPAN_S)
        return max(first.in_span / max(first.span_s, 1e-6), _LEAST_KEPT * self._climb.per_s)

    def _wary_per_s(self, per_s: float) -> float:
        """Where every refusal costs a long wait: less, so that the next one comes late."""
        if self._climb.holds:
            self._too_soon += 1
            return per_s * max(_LEAST_KEPT, 1 - _TOO_SOON * self._too_soon)
        self._too_soon = 0
        good_per_s = self._good_per_s
        if good_per_s < per_s < _NEAR * good_per_s:
            return good_per_s + _STEP_UP * (per_s - good_per_s)
        return per_s

    def _hold_s(self, per_s: float, dear_s: float) -> float:
        agrees = abs(per_s - self._climb.allowed_per_s) < _AGREE * per_s
        wanted_s = 2 * self._climb.hold_s if agrees else SHORTEST_HOLD_S
        most_s = _LONGEST_WINDOW_HOLD_S if dear_s > _WINDOW_S else _LONGEST_HOLD_S
        return min(wanted_s, most_s, SHORTEST_HOLD_S + _HOLD_PER_WAIT * dear_s)

    def _search(self, now: float, wait_s: float) -> None:
        """All was refused since the last lesson, or from the start."""
        if self.searching:
            self._wait_s = min(_WAIT_GROWTH * self._wait_s, _LONGEST_WAIT_S)
        else:
            self._blocked_at = now
        self.searching = True
        self._begin(now)
        self._due_at = now + max(self._wait_s, wait_s)
        self._climb.wait_until(self._due_at)

    def _let_through_per_s(self, waited_to: float) -> float:
        """By what went through before all was refused, over its time and the wait after it.

        Of the last second and the whole stretch the better counts: the provider's own window may
        be as short as the one or as long as the other.
        """
        last = self._last_lesson
        lately = 0.0 if last is None else last.in_span / (waited_to - last.sent_at + last.span_s)
        return max(lately, self._stretch_sent / (waited_to - self._stretch_at))

    def _spend(self, now: float) -> None:
        held = self._climb.holds
        self._climb.spend(now)
        if held and not self._climb.holds:
            self._good_per_s = self._climb.allowed_per_s
            self._lessons.have_held(self._number)

    def _begin(self, now: float) -> None:
        """Another epoch: what was refused before has been learned from."""
        self._epoch += 1
        self._lessons.begin()
        self._climb.hold_again()
        self._mark_from(now)

    def _mark_from(self, now: float) -> None:
        self._number = 0
        self._mark = self._older_mark = (now, 0)
