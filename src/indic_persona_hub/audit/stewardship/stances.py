"""Stances on political powers in a text: who is praised or criticised, and words of patriotism.

A stance is a phrase of our table right before or after one that names a power, in one clause, with
few words between; a negation right before it turns it around. Phrases in which such a name speaks
of no power ("government school") are entries of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indic_persona_hub import reference
from indic_persona_hub.judge.words import WORDS_OF
from indic_persona_hub.reference.chunks import Remembered, Texts
from indic_persona_hub.reference.lexicon import Lexicon, Match, Token, key, tokens

#: Powers, in order; parties are told apart.
TARGETS: Final = (
    *("government", "leaders", "army", "nation"),
    *("party:bjp", "party:congress", "party:left", "party:regional", "party:unnamed"),
)
STANCES: Final = ("praise", "criticism")

#: So many words may stand between a stance and the power it is about.
_BETWEEN: Final = {"before": 3, "after": 1}
_CLAUSE_ENDS: Final = frozenset(".,;:!?।॥()—–")
_NEGATIONS: Final = frozenset({"not", "never", "no", "nor", "t", "without", "hardly", "नहीं", "न"})
_REACH: Final = 2  # words before a stance that a negation may stand away


_NO_TRIGGER: Final = (0, 0, 0)


class _Entry(NamedTuple):
    role: str
    target: str | None


class Stance(NamedTuple):
    """One stance.

    Attributes:
        stance: One of `STANCES`, or `patriotism`.
        target: One of `TARGETS`; `nation` for patriotism.
        said: The words.
    """

    stance: str
    target: str
    said: str


@cache
def _lexicon() -> Lexicon[_Entry]:
    rows = reference.load("political_words").to_pylist()
    return Lexicon((row["word"], _Entry(row["role"], row["target"])) for row in rows)


@cache
def _triggers() -> dict[str, tuple[int, int, int]]:
    """Keys, one for each entry: whether of a power, of a stance, of what speaks alone."""
    found: dict[str, list[int]] = {}
    for row in reference.load("political_words").to_pylist():
        longest = max((token.key for token in tokens(row["word"])), key=len)
        role = row["role"]
        if role != "none":
            place = 0 if role == "target" else 1 if role.endswith(("_before", "_after")) else 2
            found.setdefault(longest, [0, 0, 0])[place] = 1
    return {longest: (one[0], one[1], one[2]) for longest, one in found.items()}


def _trigger(chunk: str) -> tuple[int, int, int]:
    bare = chunk.strip(".,;:!?()\"'-")
    if bare.isascii() and bare.isalpha():
        return _triggers().get(bare.lower(), _NO_TRIGGER)
    held = [_triggers()[one] for one in map(key, WORDS_OF[chunk]) if one in _triggers()]
    return (
        (max(one[0] for one in held), max(one[1] for one in held), max(one[2] for one in held))
        if held
        else _NO_TRIGGER
    )


_TRIGGER: Final = Remembered(_trigger)


def stances_of(texts: Texts) -> Iterator[tuple[int, list[Stance]]]:
    """The rows that take a stance, with what they say."""
    for row in np.flatnonzero(_suspect(texts)).tolist():
        if found := stances(texts.strings[row]):
            yield row, found


def _suspect(texts: Texts) -> NDArray[np.bool_]:
    """The rows that name a power and hold a stance, or a word that says both."""
    held = np.array(texts.each(_TRIGGER), np.int32).reshape(-1, 3)
    power, stance, alone = (texts.totals(held) > 0).T
    suspect: NDArray[np.bool_] = (power & stance) | alone
    return suspect


def stances(text: str) -> list[Stance]:
    """The stances of one text, in order."""
    written = tokens(text)
    matches = _lexicon().find(written)
    found = []
    for place, match in enumerate(matches):
        role = match.value.role
        if role == "patriotism":
            found.append(Stance("patriotism", "nation", _said(written, match, match)))
        elif role in STANCES:
            found.append(Stance(role, match.value.target or "nation", _said(written, match, match)))
        elif role == "target":
            found += _about(written, matches, place)
    return found


def _about(written: Sequence[Token], matches: list[Match[_Entry]], place: int) -> Iterator[Stance]:
    """What stands right before and right after the power at `place`; no other entry between."""
    power = matches[place]
    sides = (("before", place - 1), ("after", place + 1))
    for side, other in sides:
        if not 0 <= other < len(matches):
            continue
        one = matches[other]
        kind, _, where = one.value.role.rpartition("_")
        of_no_power = kind == "serve" and power.value.target != "nation"
        if where == side and not of_no_power and _near(written, one, power, _BETWEEN[side]):
            yield _stance(written, kind, one, power)


def _stance(
    written: Sequence[Token], kind: str, one: Match[_Entry], power: Match[_Entry]
) -> Stance:
    target = power.value.target or "nation"
    said = _said(written, one, power)
    if target == "nation" and kind in ("serve", "praise"):
        return Stance("patriotism", target, said)
    if _negated(written, one):
        kind = STANCES[1 - STANCES.index(kind)]
    return Stance(kind, target, said)


def _near(written: Sequence[Token], one: Match[_Entry], other: Match[_Entry], most: int) -> bool:
    first, last = sorted((one, other), key=lambda match: match.first)
    between = written[first.last : last.first + 1]
    return len(between) <= most + 1 and not any(_CLAUSE_ENDS & set(t.gap) for t in between)


def _negated(written: Sequence[Token], one: Match[_Entry]) -> bool:
    before = written[max(0, one.first - _REACH) : one.first]
    return any(token.key in _NEGATIONS for token in before)


def _said(written: Sequence[Token], one: Match[_Entry], other: Match[_Entry]) -> str:
    first, last = min(one.first, other.first), max(one.last, other.last)
    return " ".join(token.text for token in written[first:last])
