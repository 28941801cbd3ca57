"""Which slot of a model in this process takes which waiting work.

A slot keeps the prompt that it has read. So work that shares most of its prompt goes to one slot,
but no slot stands idle for that while work waits.
"""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

#: Long enough for requests that are put at once to be there at once.
PATIENCE_S: Final = 0.05

Work = TypeVar("Work")


@dataclass(frozen=True, eq=False)
class _Waiting(Generic[Work]):
    work: Work
    affinity: str


class SlotQueue(Generic[Work]):
    """Work that waits for a slot. Any thread may put; each slot takes in a thread of its own.

    Args:
        slots: How many slots take from it.
        patience_s: How long an idle slot waits for work that no other slot has read, before it
            takes some of theirs.
    """

    def __init__(self, slots: int, *, patience_s: float = PATIENCE_S) -> None:
        self._waiting: list[_Waiting[Work]] = []
        self._held = [""] * slots
        self._patience_s = patience_s
        self._changed = threading.Condition()
        self._closed = False

    def put(self, work: Work, affinity: str) -> bool:
        """Have a slot take `work`; false where the queue is closed. No affinity shares nothing."""
        with self._changed:
            if not self._closed:
                self._waiting.append(_Waiting(work, affinity))
                self._changed.notify_all()
            return not self._closed

    def take(self, slot: int) -> Work | None:
        """The next work of an idle slot, waited for; null where the queue is closed."""
        patient = True
        with self._changed:
            while not self._closed:
                found = self._fitting(slot) or (None if patient else self._shared_out())
                if found is not None:
                    self._waiting.remove(found)
                    self._held[slot] = found.affinity
                    self._changed.notify_all()
                    return found.work
                patient = self._changed.wait(self._patience_s if self._waiting else None)
        return None

    def close(self) -> list[Work]:
        """Give out no more; returns what nobody took. Twice is no error."""
        with self._changed:
            self._closed = True
            left, self._waiting = self._waiting, []
            self._changed.notify_all()
            return [one.work for one in left]

    def _fitting(self, slot: int) -> _Waiting[Work] | None:
        """What this slot has read most of, else the oldest that no other slot has."""
        own = self._held[slot]
        others = {held for held in self._held if held and held != own}
        free = [one for one in self._waiting if one.affinity not in others]
        same = (one for one in free if own and one.affinity == own)
        return next(same, free[0] if free else None)

    def _shared_out(self) -> _Waiting[Work] | None:
        """Work of the affinity of which most waits for each slot that holds it."""
        waiting = Counter(one.affinity for one in self._waiting)
        holders = Counter(self._held)
        return max(
            self._waiting,
            key=lambda one: waiting[one.affinity] / max(holders[one.affinity], 1),
            default=None,
        )
