"""Which refusals are a lesson: enough of them, near one another, and not mere noise.

Some providers refuse a few requests at whatever pace, because of what others send or by mistake.
To slow down for those would end in a standstill.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

#: So many refusals among so many requests are a lesson; more where some come whatever the pace.
_FEW: Final = 2
_AMONG: Final = 80
#: Before there is any limit a burst tells: many of as many, or such a share of all.
_MANY: Final = 8
_SOME: Final = 40
_SHARE: Final = 0.03
#: Refusals further apart than this, after so many lessons in a row that should each have ended
#: them, are noise.
_SPARSE: Final = 10
_VAIN_LESSONS: Final = 3


class Departure(NamedTuple):
    """What a request carries from when it was sent, for the case that it is refused.

    Attributes:
        sent_at: When that was.
        epoch: How often there had been a lesson before.
        number: How many were sent since the last one.
        span_s: Seconds before it in which `in_span` requests were sent.
    """

    sent_at: float
    epoch: int
    number: int
    span_s: float
    in_span: int


class Lessons:
    """Collects refusals since the last lesson.

    Attributes:
        count: How many there were.
        noise_share: Share of requests that is refused at whatever pace.
    """

    def __init__(self) -> None:
        self.noise_share = 0.0
        self._in_vain = self._vain_sent = self._vain_refused = 0
        self.begin()

    def begin(self) -> None:
        """What there was has been learned from."""
        self.count = 0
        self._near: list[Departure] = []

    def add(self, refused: Departure) -> None:
        """One more; those far from it are forgotten."""
        self.count += 1
        self._near = [one for one in self._near if abs(one.number - refused.number) < _AMONG]
        self._near.append(refused)

    @property
    def first(self) -> Departure:
        """The one that was sent first, of those near one another."""
        return min(self._near)

    def are_enough(self, sent: int, *, limited: bool) -> bool:
        """There is something to learn, of `sent` requests; `limited` where there is a rate."""
        if not limited and self.count < max(_SOME, _SHARE * sent):
            return len(self._near) >= _MANY
        noise = _AMONG * self.noise_share
        return len(self._near) >= _FEW + noise + 4 * math.sqrt(noise)

    def have_held(self, sent: int) -> None:
        """The last lesson held for `sent` requests: what was refused meanwhile is noise."""
        if self.count > _FEW or self.noise_share:
            self.noise_share = self.count / sent

    def are_noise(self, sent: int, *, held: bool) -> bool:
        """Lesson after lesson lowered the rate in vain: a few are still refused, as before.

        Args:
            sent: Since the last lesson.
            held: While that one held, so that these should not have been refused.
        """
        if not held or self.noise_share:
            self.noise_share = 0.0
            self._in_vain = self._vain_sent = self._vain_refused = 0
        elif max(self._near).number - min(self._near).number > _SPARSE:
            self._in_vain += 1
            self._vain_sent += sent
            self._vain_refused += self.count
        else:
            self._in_vain = 0
        if self._in_vain < _VAIN_LESSONS:
            return False
        self.noise_share = self._vain_refused / self._vain_sent
        return True
