"""India-centric: evidence that the persona lives in India, or elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import ClassVar, Final

import numpy as np
from daft import Expression, col
from pydantic import Field

from indic_persona_hub import reference
from indic_persona_hub.judge.india_words import ELSEWHERE, INSTITUTIONS, LIFE, REGIONS
from indic_persona_hub.judge.measure import Measures, by_texts
from indic_persona_hub.judge.words import listed_once, written_words
from indic_persona_hub.reference.chunks import Remembered, Texts
from indic_persona_hub.stage import RowJudge

_NAMES: Final = frozenset({*REGIONS, *INSTITUTIONS})
_LIFE: Final = frozenset({*LIFE, *(f"{word}s" for word in LIFE)})
#: Endings that hardly any other country's places have.
_PLACE: Final = re.compile(
    r"[A-Z][a-z]{2,}(?:pur|garh|abad|nagar|palli|puram|wadi|gaon|gunj|ganj|patnam)$"
)
#: A pattern that starts with letters is found many times faster than one that looks back first.
_ELSEWHERE: Final = re.compile(
    "|".join(
        (
            *(rf"{one[0]}(?<!\w{one[0]}){re.escape(one[1:])}(?!\w)" for one in ELSEWHERE),
            *(rf"{sign}\s?\d" for sign in (r"\$", "€", "£", "¥")),
            r"d(?<!\wd)ollars?(?!\w)",
            r"e(?<!\we)uros?(?!\w)",
        )
    )
)
#: In the dialect of RE2: the first word of what tells of elsewhere.
_FIRST_WORDS: Final = "|".join(
    (*sorted({re.escape(one.split()[0]) for one in ELSEWHERE}), "dollar|euro|[$€£¥]")
)
#: In the dialect of RE2: a letter of an Indian script is evidence by itself. From Devanagari to
#: Malayalam the scripts stand side by side in Unicode.
_INDIAN_LETTER: Final = "[\u0620-\u06ff\u0900-\u0d7f\u1c50-\u1c7f\uabc0-\uabff₹]"


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
        return by_texts(self._measure, col("persona"))

    def _measure(self, texts: Texts) -> Measures:
        count, listed = listed_once(texts, texts.each(_OF_INDIA))
        written = texts.holding(_INDIAN_LETTER)
        value, detail = count + written, listed.to_pylist()
        for row, abroad in _abroad(texts).items():
            value[row] = value[row] or -len(abroad)
            detail[row] = "; ".join([*filter(None, [detail[row]]), *abroad])
        score = np.clip((value + 2) / 5, 0.0, 1.0)
        return Measures(value, score, value < self.min_evidence, detail)


def _abroad(texts: Texts) -> dict[int, list[str]]:
    """What tells of elsewhere, by number of the text."""
    rows = np.flatnonzero(texts.holding(_FIRST_WORDS)).tolist()
    return {row: _ELSEWHERE.findall(texts.strings[row]) for row in rows}


def is_of_india(word: str) -> bool:
    """True for a word of Indian life, and for a place or institution as it is capitalised."""
    known = word in _NAMES or word in _places() or word.casefold() in _LIFE
    return known or bool(_PLACE.match(word))


_OF_INDIA: Final = Remembered(lambda chunk: tuple(filter(is_of_india, written_words(chunk))))


@cache
def _places() -> frozenset[str]:
    """Names of one word of states, districts and cities, in Latin script."""
    return frozenset(name for name in _spelled() if name.isascii() and name.isalpha())


def _spelled() -> Iterator[str]:
    yield from reference.load("states")["name"].to_pylist()
    yield from (row["name"] for row in reference.load("districts").to_pylist() if row["plain"])
    for city in reference.load("cities").to_pylist():
        yield from (city["name"], *city["variants"])
