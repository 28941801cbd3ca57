"""Genericness: a persona that could be anyone."""

from __future__ import annotations

import re
from typing import ClassVar, Final

import numpy as np
from daft import Expression, col
from numpy.typing import NDArray
from pydantic import Field

from indic_persona_hub.judge.generic_words import (
    FUNCTION_WORDS,
    GENERIC_WORDS,
    INDIC_GENERIC_WORDS,
)
from indic_persona_hub.judge.measure import Measures, by_texts
from indic_persona_hub.judge.words import WORDS_OF, listed_once
from indic_persona_hub.reference.chunks import Remembered, Texts
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
#: In the dialect of RE2: each of the two holds a noun of an opening, or a word of a filler. Python
#: takes four more letters for "i", "s" and "k".
_MAY_COST: Final = (
    "(?i:person|individual|enthusiast|citizen|reader|user|adult|someone|anyone|member)|व्यक्ति|इंसान"
    "|^(?:interested|passionate|eager|keen|always|loves|likes|dreams?|passion)$|[\u0130\u0131\u017f\u212a]"
)
#: What a vague opening ("A person who ...") costs, in specific words.
_VAGUE_COST: Final = 2
#: All of them would be most of the text again: half of a hub's evidence.
_SHOWN: Final = 8
#: Specific words at which the score reaches one half.
_HALF: Final = 6


class Genericness(RowJudge):
    """Count the distinct specific words and numbers: what is not on our list of generic words.

    `value` is that count, less 2 for an opening such as "A person who" and 1 for each filler such
    as "loves to"; `score` is value / (value + 6); `detail` lists the first eight specific words.
    """

    name: ClassVar[str] = "genericness"
    revision: ClassVar[int] = 2

    min_specific: int = Field(6, ge=0)

    def evidence(self) -> Expression:
        """See `RowJudge`. Reads `persona`."""
        return by_texts(self._measure, col("persona"))

    def _measure(self, texts: Texts) -> Measures:
        count, detail = listed_once(texts, texts.each(_SPECIFIC), _SHOWN)
        value = np.maximum(0, count - _costs(texts))
        score = value / (value + _HALF)
        return Measures(value, score, value < self.min_specific, detail)


def _costs(texts: Texts) -> NDArray[np.int64]:
    """What vague openings and fillers cost."""
    costs = np.zeros(len(texts), np.int64)
    for row in np.flatnonzero(texts.holding(_MAY_COST)).tolist():
        persona = texts.strings[row]
        vague = _VAGUE_COST if _VAGUE_OPENING.match(persona) else 0
        costs[row] = vague + len(_FILLER.findall(persona))
    return costs


def is_specific(word: str) -> bool:
    """True for a number, and for a word of some length that is not on our list of generic words."""
    if word[0].isdigit():
        return True
    return len(word) >= (4 if word[0] < "\u0250" else 3) and word not in _GENERIC


_SPECIFIC: Final = Remembered(lambda chunk: tuple(filter(is_specific, WORDS_OF[chunk])))
