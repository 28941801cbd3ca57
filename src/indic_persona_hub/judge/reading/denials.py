"""What a text says is not so: "does not live in Delhi", "never completed her BA", "अनपढ़ नहीं है"."""

from __future__ import annotations

from typing import Final

from indic_persona_hub.judge.reading.clauses import Reading, Span

_NOT: Final = frozenset("not never t longer neither nor refused refuses".split())
_HINDI_NOT: Final = frozenset("नहीं न ना बिना".split())
#: Where another clause begins, so that a denial before it says nothing of what follows.
_PARTS: Final = frozenset("and but who whose where जो और लेकिन कि है हैं".split())
_FARTHEST: Final = 6


def is_denied(reading: Reading, span: Span) -> bool:
    """Whether a denial stands before the words at `span` in their clause, in Hindi after them."""
    if reading.language == "hindi":
        return _is_denied_after(reading, span.last)
    for place in range(span.first - 1, max(span.first - _FARTHEST, 0) - 1, -1):
        if reading.breaks(place + 1) or reading.key(place) in _PARTS:
            return False
        if reading.key(place) in _NOT:
            return reading.key(place + 1) not in ("only", "just")
    return False


def _is_denied_after(reading: Reading, first: int) -> bool:
    for place in range(first, min(first + _FARTHEST, len(reading))):
        if reading.breaks(place) or reading.key(place) in _PARTS:
            return False
        if reading.key(place) in _HINDI_NOT:
            return True
    return False
