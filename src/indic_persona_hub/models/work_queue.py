"""The work of one `ask_each`, drawn by many tasks of the loop."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final, NamedTuple

from indic_persona_hub.models.journal.keys import KeyMaker
from indic_persona_hub.models.journal.reading import JournalReader
from indic_persona_hub.models.socket import Reply, Request

#: Requests drawn, and looked for in the journal, at once.
_GROUP: Final = 256


class Work(NamedTuple):
    """One request.

    Attributes:
        place: Its place among the requests.
        known: The reply that the journal holds.
    """

    place: int
    request: Request
    key: str
    known: Reply | None


class WorkQueue:
    """Requests with their keys and what the journal holds of them, drawn by many tasks of a loop.

    A group is drawn at a time, equal affinities in it side by side.

    Args:
        requests: Drawn as they are needed.
        keys: Makes their journal keys.
        journal: Where replies are looked for.
    """

    def __init__(self, requests: Iterable[Request], keys: KeyMaker, journal: JournalReader) -> None:
        self._requests = enumerate(requests)
        self._keys = keys
        self._journal = journal
        self._drawn: list[Work] = []

    def next(self) -> Work | None:
        """The next piece of work, or none."""
        if not self._drawn:
            self._drawn = _by_affinity(self._group())
            self._drawn.reverse()
        return self._drawn.pop() if self._drawn else None

    def _group(self) -> list[Work]:
        group = list(islice(self._requests, _GROUP))
        keys = [self._keys.key(request) for _, request in group]
        known = self._journal.get_many(keys)
        return [
            Work(place, request, key, known.get(key))
            for (place, request), key in zip(group, keys, strict=True)
        ]


def _by_affinity(work: Sequence[Work]) -> list[Work]:
    """Equal affinities side by side, in order of first appearance."""
    groups: dict[str | int, list[Work]] = {}
    for one in work:
        groups.setdefault(one.request.affinity or one.place, []).append(one)
    return [one for group in groups.values() for one in group]
