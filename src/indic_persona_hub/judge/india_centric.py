"""India-centric: evidence that the persona lives in India, or elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import ClassVar, Final

from daft import Expression, col
from pydantic import Field

from indic_persona_hub import reference
from indic_persona_hub.judge.india_words import ELSEWHERE, INSTITUTIONS, LIFE, REGIONS
from indic_persona_hub.judge.measure import Measured, by_row
from indic_persona_hub.judge.words import written_words
from indic_persona_hub.stage import RowJudge

_NAMES: Final = frozenset({*REGIONS, *INSTITUTIONS})
_LIFE: Final = frozenset({*LIFE, *(f"{word}s" for word in LIFE)})
#: Endings that hardly any other country's places have.
_PLACE: Final = re.compile(
    r"[A-Z][a-z]{2,}(?:pur|garh|abad|nagar|palli|puram|wadi|gaon|gunj|ganj|patnam)$"
)
_ELSEWHERE: Final = re.compile(
    rf"(?<!\w)(?:{'|'.join(map(re.escape, ELSEWHERE))})(?!\w)|[$€£¥]\s?\d"
    r"|(?<!\w)(?:dollar|euro)s?(?!\w)"
)
#: A letter of an Indian script is evidence by itself. From Devanagari to Malayalam the scripts
#: stand side by side in Unicode.
_INDIAN_LETTER: Final = re.compile("[\u0620-\u06ff\u0900-\u0d7f\u1c50-\u1c7f\uabc0-\uabff₹]")


class IndiaCentric(RowJudge):
    """Count what places the persona in India: places, institutions, food, festivals, languages.

    An Indian script counts once. `value` is the number of distinct pieces of evidence, or where
    there is none, minus the evidence of elsewhere; `score` is (value + 2) / 5, from
    0 at -2 to 1 at 3; it fails only where elsewhere is all that is known. `detail` lists the words.
    """

    name: ClassVar[str] = "india_centric"

    min_evidence: int = Field(0)

    def evidence(self) -> Expression:
        """See `RowJudge`. Reads `persona`."""
        return by_row(self._measure, col("persona"))

    def _measure(self, persona: str) -> Measured:
        india = [word for word in dict.fromkeys(written_words(persona)) if is_of_india(word)]
        abroad = _ELSEWHERE.findall(persona)
        value = len(india) + bool(_INDIAN_LETTER.search(persona)) or -len(abroad)
        score = min(1.0, max(0.0, (value + 2) / 5))
        return Measured(value, score, value < self.min_evidence, "; ".join([*india, *abroad]))


def is_of_india(word: str) -> bool:
    """True for a word of Indian life, and for a place or institution as it is capitalised."""
    known = word in _NAMES or word in _places() or word.casefold() in _LIFE
    return known or bool(_PLACE.match(word))


@cache
def _places() -> frozenset[str]:
    """Names of one word of states, districts and cities, in Latin script."""
    return frozenset(name for name in _spelled() if name.isascii() and name.isalpha())


def _spelled() -> Iterator[str]:
    yield from reference.load("states")["name"].to_pylist()
    yield from (row["name"] for row in reference.load("districts").to_pylist() if row["plain"])
    for city in reference.load("cities").to_pylist():
        yield from (city["name"], *city["variants"])
