"""Genericness: a persona that could be anyone."""

from __future__ import annotations

import re
from typing import ClassVar, Final

from daft import Expression, col
from pydantic import Field

from indic_persona_hub.judge.generic_words import (
    FUNCTION_WORDS,
    GENERIC_WORDS,
    INDIC_GENERIC_WORDS,
)
from indic_persona_hub.judge.measure import Measured, by_row
from indic_persona_hub.judge.words import words_of
from indic_persona_hub.stage import RowJudge

_GENERIC: Final = FUNCTION_WORDS | GENERIC_WORDS | INDIC_GENERIC_WORDS

_VAGUE_OPENING: Final = re.compile(
    r"\s*(?:(?:(?:an?|the|any|this) )?(?:[\w-]+ ){0,2}?"
    r"(?:person|individual|enthusiast|citizen|reader|user|adult|someone|anyone|community member"
    r"|member of (?:the|a) community) (?:who|that|with|interested|from (?:india|the))\s"
    r"|(?:एक|कोई) (?:\S+ )?(?:व्यक्ति|इंसान) (?:जो|जिसे|जिसकी) )",
    re.IGNORECASE,
)
#: What people of whom nothing is known do.
_FILLER: Final = re.compile(
    r" (?:is (?:very |deeply )?(?:interested in|passionate about|eager to|keen to|always)|loves to"
    r"|likes to|dreams? of (?:being|becoming)|has a (?:passion|keen interest))(?= )"
)
#: What a vague opening ("A person who ...") costs, in specific words.
_VAGUE_COST: Final = 2
#: Specific words at which the score reaches one half.
_HALF: Final = 6


class Genericness(RowJudge):
    """Count the distinct specific words and numbers: what is not on our list of generic words.

    `value` is that count, less 2 for an opening such as "A person who" and 1 for each filler such
    as "loves to"; `score` is value / (value + 6); `detail` lists the specific words.
    """

    name: ClassVar[str] = "genericness"

    min_specific: int = Field(6, ge=0)

    def evidence(self) -> Expression:
        """See `RowJudge`. Reads `persona`."""
        return by_row(self._measure, col("persona"))

    def _measure(self, persona: str) -> Measured:
        specific = [word for word in dict.fromkeys(words_of(persona)) if is_specific(word)]
        cost = _VAGUE_COST if _VAGUE_OPENING.match(persona) else 0
        cost += len(_FILLER.findall(persona))
        value = max(0, len(specific) - cost)
        return Measured(
            value, value / (value + _HALF), value < self.min_specific, "; ".join(specific)
        )


def is_specific(word: str) -> bool:
    """True for a number, and for a word of some length that is not on our list of generic words."""
    if word[0].isdigit():
        return True
    return len(word) >= (4 if word[0] < "\u0250" else 3) and word not in _GENERIC
