"""Whether capitalised words are the name of a person, as far as the words themselves tell."""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple

from indic_persona_hub.privacy.people.words import BODIES, DEITIES, NO_NAMES, PARTIES
from indic_persona_hub.reference.gazetteer import gazetteer

_PIECE: Final = re.compile(r"[A-Z]\.|[^\s.]+")
_PLACE_ENDING: Final = re.compile(
    r"[A-Z][a-z]{2,}(?:pur|garh|abad|nagar|palli|puram|wadi|gaon|gunj|ganj|patnam|halli)$"
)


class Span(NamedTuple):
    """Characters `start` to `end` (not included) of a text."""

    start: int
    end: int


def person(text: str, span: Span, least: int) -> Span | None:
    """The part of `span` that names a person, or None: words that no name has are cut off at both
    ends, and what is left must be `least` words or more, and neither a place, a party nor a body.
    """
    pieces = [
        Span(span.start + one.start(), span.start + one.end())
        for one in _PIECE.finditer(text[span.start : span.end])
    ]
    words = [text[one.start : one.end].rstrip("'’-") for one in pieces]
    first, last = 0, len(words)
    while first < last and words[first] in NO_NAMES:
        first += 1
    # A single letter that is not the first is an initial.
    cuts = (at for at in range(first, last) if words[at] in NO_NAMES and len(words[at]) > 1)
    kept = next(cuts, last)
    own = words[first:kept]
    if len(own) < least or not _may_name(own):
        return None
    return Span(pieces[first].start, pieces[kept - 1].end)


def is_place(words: str) -> bool:
    """Whether `words` name a state, a district, a city or a country, or end as villages do."""
    return gazetteer().whole(words) is not None or bool(_PLACE_ENDING.fullmatch(words))


def _may_name(words: list[str]) -> bool:
    if any(word in BODIES for word in words) or words[0] in DEITIES:
        return False
    long = [word for word in words if len(word.rstrip(".")) > 1]
    if not long or " ".join(words) in _parties():
        return False
    return not is_place(" ".join(words)) and not all(map(is_place, long))


@cache
def _parties() -> frozenset[str]:
    return frozenset(name for line in PARTIES for name in line)
