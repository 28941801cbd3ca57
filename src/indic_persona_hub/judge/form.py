"""Form: one or a few finished sentences of the expected length, language and script."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from operator import itemgetter
from typing import ClassVar, Final

from daft import Expression, col
from pydantic import Field

from indic_persona_hub.judge.measure import Measured, by_row
from indic_persona_hub.judge.words import runs, words_of
from indic_persona_hub.stage import RowJudge

_ENDS: Final = re.compile(r"[.!?…।॥۔؟᱾᱿꯫][\"”’'»)\]]*$")
_MARKUP: Final = re.compile(r"[\n\r\t{}<>|`#_~\\]|\*|\[|^\s*(?:[-•–—>]|\d{1,2}[.)]|\([a-z0-9]\))\s")
_LABEL: Final = re.compile(
    r"^\W*(?:(?:persona|person|name|age|role|occupation|output|answer|response|reply|example|user"
    r"|assistant|system|character|profile|description|note|title|व्यक्तित्व|व्यक्ति|उत्तर|नाम|பெயர்|பதில்"
    r"|নাম|উত্তর)\s*\d*\s*[:：]|here (?:is|are)\b|here's\b|sure\b[,!]|certainly\b[,!])",
    re.IGNORECASE,
)
_OPEN_TO_CLOSE: Final = {"(": ")", "“": "”", "«": "»"}

#: ISO 15924 codes by the first word of a letter's Unicode name.
_SCRIPTS: Final = {
    "LATIN": "Latn", "DEVANAGARI": "Deva", "BENGALI": "Beng", "GURMUKHI": "Guru",
    "GUJARATI": "Gujr", "ORIYA": "Orya", "TAMIL": "Taml", "TELUGU": "Telu", "KANNADA": "Knda",
    "MALAYALAM": "Mlym", "ARABIC": "Arab", "OL": "Olck", "MEETEI": "Mtei",
}  # fmt: skip
_FOREIGN: Final = "Zyyy"

#: These languages say in three words what English says in five.
_AGGLUTINATIVE: Final = frozenset({"Taml", "Telu", "Knda", "Mlym"})
_AGGLUTINATIVE_SHARE: Final = 0.6

#: A run of three words is a loop from three times on, where that is this share of all words.
_LOOP: Final = 3
_LOOP_SHARE: Final = 0.15
_ALLOWED_SIGNS: Final = frozenset("°™®")


class Form(RowJudge):
    """Count breaches of form: length, ending, markup, labels, quotes, loops, letters, script.

    `value` is the number of breaches, `score` 1 / (1 + value); `detail` names them. A minimum of
    words is cut to 60% for Tamil, Telugu, Kannada and Malayalam.
    """

    name: ClassVar[str] = "form"

    min_words: int = Field(10, ge=1)
    max_words: int = Field(200, ge=1)
    min_characters: int = Field(50, ge=1)
    max_characters: int = Field(1600, ge=1)
    min_letter_share: float = Field(0.75, ge=0, le=1)
    min_script_share: float = Field(0.7, ge=0, le=1)
    max_breaches: int = Field(0, ge=0)

    def evidence(self) -> Expression:
        """See `RowJudge`. Reads `persona`, `language`, `script`."""
        return by_row(self._measure, col("persona"), col("language"), col("script"))

    def _measure(self, persona: str, language: str | None, script: str | None) -> Measured:
        words = words_of(persona)
        expected = script or ("Latn" if language == "eng" else None)
        breaches = [
            *self._length(words, persona),
            *_shape(persona),
            *_loop(words),
            *self._letters(persona, expected),
        ]
        count = len(breaches)
        return Measured(count, 1 / (1 + count), count > self.max_breaches, "; ".join(breaches))

    def _length(self, words: list[str], persona: str) -> Iterator[str]:
        agglutinative = script_of(next((one for one in persona if one.isalpha()), " "))
        share = _AGGLUTINATIVE_SHARE if agglutinative in _AGGLUTINATIVE else 1
        if len(words) < self.min_words * share:
            yield f"{len(words)} words"
        if len(words) > self.max_words:
            yield f"{len(words)} words"
        if not self.min_characters <= len(persona) <= self.max_characters:
            yield f"{len(persona)} characters"

    def _letters(self, persona: str, expected: str | None) -> Iterator[str]:
        characters = Counter(persona)
        visible = letters = 0
        scripts: Counter[str] = Counter()
        for one, times in characters.items():
            visible += 0 if one.isspace() else times
            letters += times if unicodedata.category(one)[0] in "LM" else 0
            scripts[script_of(one) or ""] += times
        scripts.pop("", None)
        if letters < self.min_letter_share * visible:
            yield "few letters"
        main = expected if expected and expected in _SCRIPTS.values() else _most(scripts)
        if scripts and scripts[main] < self.min_script_share * scripts.total():
            yield f"not in script {main}"
        if strays := "".join(filter(_stray, characters)):
            yield f"stray characters {strays}"


def _most(scripts: Counter[str]) -> str:
    return max(scripts, key=lambda one: (scripts[one], one), default="")


def _shape(persona: str) -> Iterator[str]:
    if not _ENDS.search(persona.rstrip()):
        yield "no final stop"
    if match := _MARKUP.search(persona):
        yield f"markup {match.group()!r}"
    if match := _LABEL.search(persona):
        yield f"label '{match.group()}'"
    if persona.count('"') % 2 or any(
        persona.count(left) != persona.count(right) for left, right in _OPEN_TO_CLOSE.items()
    ):
        yield "unbalanced quotes or brackets"


def _loop(words: list[str]) -> Iterator[str]:
    run, times = max(Counter(runs(words, 3)).items(), key=itemgetter(1), default=((), 0))
    if times >= _LOOP and 3 * times >= _LOOP_SHARE * len(words):
        yield f"repeats '{' '.join(run)}'"


@lru_cache(maxsize=4096)
def script_of(letter: str) -> str | None:
    """ISO 15924 code of an Indian or Latin letter, `Zyyy` for any other, null for no letter.

    Marks follow their letter, so only letters count.
    """
    if unicodedata.category(letter)[0] != "L":
        return None
    return _SCRIPTS.get(unicodedata.name(letter, "").split(" ")[0], _FOREIGN)


@lru_cache(maxsize=4096)
def _stray(one: str) -> bool:
    kind = unicodedata.category(one)
    broken = kind in ("Cc", "Co", "Cn", "Cs", "So") and one not in _ALLOWED_SIGNS and one != "\n"
    return broken or script_of(one) == _FOREIGN
