"""Stances on political powers in a text: who is praised or criticised, and words of patriotism.

A stance is a phrase of our table right before or after one that names a power, in one clause, with
few words between; a negation right before it turns it around. Phrases in which such a name speaks
of no power ("government school") are entries of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, reduce
from operator import or_
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

_ASCII_WORD: Final = re.compile("[a-z0-9]+")

#: What a word may be: any; the longest one of a power, of a stance before it or after it; a word
#: that says both; the two longest of a phrase that says both.
_WORD, _POWER, _BEFORE, _AFTER, _ALONE, _HEAD, _TAIL = (1 << bit for bit in range(7))


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
def _triggers() -> dict[str, int]:
    """Words of which a text holds some wherever it takes a stance, and what they may be."""
    found: dict[str, int] = {}
    for row in reference.load("political_words").to_pylist():
        for one, part in _parts([token.key for token in tokens(row["word"])], row["role"]):
            found[one] = found.get(one, _WORD) | part
    return found


def _parts(keys: list[str], role: str) -> list[tuple[str, int]]:
    """What words of an entry are."""
    longest = max(keys, key=len)
    if role == "none":
        return []
    if role == "target":
        return [(longest, _POWER)]
    if role.endswith(("_before", "_after")):
        return [(longest, _BEFORE if role.endswith("_before") else _AFTER)]
    if len(keys) == 1:
        return [(longest, _ALONE)]
    head, tail = sorted(sorted(range(len(keys)), key=lambda place: -len(keys[place]))[:2])
    return [(keys[head], _HEAD), (keys[tail], _TAIL)]


@cache
def _longest(ending: str) -> int:
    """Words of the longest entry whose role ends so."""
    rows = reference.load("political_words").to_pylist()
    return max(len(tokens(row["word"])) for row in rows if row["role"].endswith(ending))


def _trigger(chunk: str) -> int:
    """What the words of `chunk` may be."""
    keys = _ASCII_WORD.findall(chunk.lower()) if chunk.isascii() else map(key, WORDS_OF[chunk])
    return reduce(or_, (_triggers().get(one, _WORD) for one in keys), 0)


_TRIGGER: Final = Remembered(_trigger)


def stances_of(texts: Texts) -> Iterator[tuple[int, list[Stance]]]:
    """The rows that take a stance, with what they say."""
    for row in _suspects(texts):
        if found := stances(texts.strings[row]):
            yield row, found


def _suspects(texts: Texts) -> list[int]:
    """The rows that hold a word of a power near one of a stance, or of what says both."""
    parts = np.array(texts.each(_TRIGGER), np.uint8)[texts.codes]
    around = {side: _longest("target") + _longest(side) + _BETWEEN[side] for side in _BETWEEN}
    held = [
        np.flatnonzero(parts & _ALONE),
        _followed(parts, _HEAD, _TAIL, _longest("")),
        _followed(parts, _BEFORE, _POWER, around["before"]),
        _followed(parts, _POWER, _AFTER, around["after"]),
    ]
    rows = np.searchsorted(texts.starts, np.concatenate(held), side="right") - 1
    found: list[int] = np.unique(rows).tolist()
    return found


def _followed(parts: NDArray[np.uint8], one: int, other: int, reach: int) -> NDArray[np.int64]:
    """Chunks with `other`, and `one` in them or at most `reach` words before, be it in another
    text.
    """
    place = np.cumsum(parts & _WORD, dtype=np.int64)
    ones, others = np.flatnonzero(parts & one), np.flatnonzero(parts & other)
    before = np.concatenate([[-reach], place[ones]])[np.searchsorted(ones, others, side="right")]
    found: NDArray[np.int64] = others[place[others] - before <= reach]
    return found


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
