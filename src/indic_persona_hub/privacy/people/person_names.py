"""Whether capitalised words are the name of a person, as far as the words themselves tell."""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple

from indic_persona_hub.privacy.people.words import (
    BODIES,
    DEITIES,
    HONORIFICS,
    NO_NAMES,
    OPENERS,
    PARTIES,
)
from indic_persona_hub.reference.gazetteer import gazetteer

_PIECE: Final = re.compile(r"[A-Z]\.|[^\s.]+")
_PLACE_ENDING: Final = re.compile(
    r"[A-Z][a-z]{2,}(?:pur|garh|abad|nagar|palli|puram|wadi|gaon|gunj|ganj|patnam|halli)$"
)


#: Words that may stand before a name and are no part of it.
_BEFORE: Final = NO_NAMES | OPENERS | frozenset(HONORIFICS)


class Span(NamedTuple):
    """Characters `start` to `end` (not included) of a text."""

    start: int
    end: int


def person(text: str, span: Span, least: int) -> Span | None:
    """The part of `span` that names a person, or None: words that no name has are cut off at both
    ends, and what is left must be `least` words or more, and neither a place, a party nor a body.
    """
    pieces, words = _words(text, span)
    first, last = _own(words)
    own = words[first:last]
    if len(own) < least or not _may_name(own):
        return None
    return Span(pieces[first].start, pieces[last - 1].end)


def bare(text: str, span: Span) -> Span | None:
    """`span`, of which the words around say that it is a name, without the words that no name has
    at both ends; None where it is a place, or nothing is left.
    """
    pieces, words = _words(text, span)
    first, last = _own(words)
    if first == last or is_place(" ".join(words[first:last])):
        return None
    return Span(pieces[first].start, pieces[last - 1].end)


def _words(text: str, span: Span) -> tuple[list[Span], list[str]]:
    pieces = [
        Span(span.start + one.start(), span.start + one.end())
        for one in _PIECE.finditer(text[span.start : span.end])
    ]
    pieces = [Span(one.start, one.end - _owning(text[one.start : one.end])) for one in pieces]
    return pieces, [text[one.start : one.end] for one in pieces]


def _owning(word: str) -> int:
    """How many characters at the end of a word are no part of a name: "'s", a dash."""
    return len(word) - len(word.removesuffix("'s").removesuffix("’s").rstrip("'’-"))


def _own(words: list[str]) -> tuple[int, int]:
    """First and last (not included) of the words that may be a name's."""
    first = next((at for at, word in enumerate(words) if word not in _BEFORE), len(words))
    # A single letter that is not the first is an initial.
    cuts = (at for at in range(first, len(words)) if words[at] in NO_NAMES and len(words[at]) > 1)
    return first, next(cuts, len(words))


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
