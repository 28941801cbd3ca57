"""Strings that a regular expression may match, drawn at random from its own parts."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

_MOST_REPEATS = 3
_OF_CATEGORY = {
    sre.CATEGORY_WORD: "a", sre.CATEGORY_NOT_WORD: " ", sre.CATEGORY_SPACE: " ",
    sre.CATEGORY_NOT_SPACE: "x", sre.CATEGORY_DIGIT: "7", sre.CATEGORY_NOT_DIGIT: "x",
}  # fmt: skip


def example_strings(pattern: re.Pattern[str], count: int) -> Iterator[str]:
    """`count` strings; assertions are not heeded, so not every one matches."""
    chance = random.Random(pattern.pattern)
    parsed = parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE | re.UNICODE)
    for _ in range(count):
        yield "".join(_drawn(parsed, chance))


def _drawn(parts: Any, chance: random.Random) -> Iterator[str]:
    for kind, held in parts:
        if kind is sre.LITERAL:
            yield chr(held)
        elif kind is sre.BRANCH:
            yield from _drawn(chance.choice(held[1]), chance)
        elif kind is sre.SUBPATTERN:
            yield from _drawn(held[-1], chance)
        elif kind in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            least, most, repeated = held
            for _ in range(chance.randint(least, min(most, least + _MOST_REPEATS))):
                yield from _drawn(repeated, chance)
        elif kind is sre.IN:
            yield " " if held[0][0] is sre.NEGATE else _one_of(chance.choice(held))
        elif kind in (sre.ANY, sre.NOT_LITERAL):
            yield "x"
        elif kind is sre.CATEGORY:
            yield _OF_CATEGORY[held]


def _one_of(item: Any) -> str:
    kind, held = item
    if kind is sre.LITERAL:
        return chr(held)
    if kind is sre.RANGE:
        return chr(held[0])
    return _OF_CATEGORY[held] if kind is sre.CATEGORY else "x"
