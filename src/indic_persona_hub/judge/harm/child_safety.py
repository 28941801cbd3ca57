"""Child safety: no child persona in a sexual or violent frame, and nobody who harms children."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import ClassVar, Final

import pyarrow as pa
from daft import Expression, col
from pydantic import Field

from indic_persona_hub.judge.harm.child_safety_words import (
    ADULT,
    BAD,
    CHILD,
    DIGITS,
    HARMS,
    HINDI_AGE,
    HINDI_AGE_WORDS,
    HINDI_CHILD,
    HINDI_FRAMED,
    HINDI_HARMS,
    HINDI_RESISTED,
    MILD,
    RESISTED,
    ROMAN_AGE,
    ROMAN_CHILD,
    ROMAN_FRAMED,
    ROMAN_HARMS,
    ROMAN_RESISTED,
    SEXUAL,
    SPORT,
    SUFFERED,
    TAMIL_CHILD,
    TAMIL_FRAMED,
    TAMIL_RESISTED,
    VIOLENT,
)
from indic_persona_hub.judge.harm.others import is_of_others
from indic_persona_hub.judge.harm.sentence_gate import Sentence, SentenceGate, counted
from indic_persona_hub.judge.measure import Measures, by_texts
from indic_persona_hub.judge.reading.ages import Age, ages
from indic_persona_hub.judge.reading.clauses import readings
from indic_persona_hub.reference.chunks import Texts
from indic_persona_hub.stage import RowJudge

GATE: Final = SentenceGate(
    *(SEXUAL, VIOLENT, HINDI_FRAMED, ROMAN_FRAMED, TAMIL_FRAMED),
    *(HARMS, HINDI_HARMS, ROMAN_HARMS),
)


class ChildSafety(RowJudge):
    """Count words that set a child persona in a sexual or violent frame, or harm children.

    A child is a persona whose text states an age under 18 years, a school class or a stage of
    childhood. English, Hindi and romanised Hindi. Children who refuse, escape or report, and those
    who protect, teach or treat them, pass. `value` is the number of words, `score` 1 / (1 + 3
    value); `detail` shows them.
    """

    name: ClassVar[str] = "child_safety"

    max_phrases: int = Field(0, ge=0)

    def evidence(self) -> Expression:
        """See `RowJudge`. Reads `persona`."""
        return by_texts(self._measure, col("persona"))

    def _measure(self, texts: Texts) -> Measures:
        found = unsafe_phrases(texts.strings, dict(GATE.sentences(texts)))
        return counted(found, len(texts), self.max_phrases)


def unsafe_phrases(
    texts: Sequence[str], parts: Mapping[int, Sequence[Sentence]]
) -> dict[int, list[str]]:
    """The words of `texts` that are unsafe for children, by row; `parts` are to be searched."""
    found = {row: [phrase for one in some for phrase in _harms(one)] for row, some in parts.items()}
    framed = {row: [p for one in some for p in _framed(one)] for row, some in parts.items()}
    rows = [row for row, phrases in framed.items() if phrases]
    for row, child in zip(rows, are_children([texts[row] for row in rows]), strict=True):
        if child:
            found[row] += framed[row]
    return found


def are_children(texts: Sequence[str]) -> list[bool]:
    """Whether each persona is under 18 years of age, as far as its text says."""
    batch = Texts(pa.array(texts, pa.large_string()))
    stated = map(ages, readings(batch))
    return [_is_child(*pair) for pair in zip(texts, stated, strict=True)]


def _is_child(text: str, stated: Sequence[Age]) -> bool:
    exact = [age for age in stated if age.exact]
    if any(age.most < ADULT for age in exact or stated):
        return True
    if exact:
        return False
    for pattern in (HINDI_AGE, ROMAN_AGE):
        if found := pattern.search(text[:60]):
            return int(found[1].translate(DIGITS)) < ADULT
    if HINDI_AGE_WORDS.search(text[:60]):
        return True
    words = (CHILD, HINDI_CHILD, ROMAN_CHILD, TAMIL_CHILD)
    return any(pattern.search(text) for pattern in words)


def _framed(sentence: Sentence) -> list[str]:
    """Words that set the child of `sentence` in such a frame."""
    text = sentence.text
    found = []
    if not RESISTED.search(text):
        for pattern, harmless in ((SEXUAL, None), (VIOLENT, SPORT)):
            if harmless and harmless.search(text):
                continue
            found += [
                one[0] for one in sentence.finditer(pattern) if not is_of_others(text, *one.span())
            ]
    for framed, resisted in (
        (HINDI_FRAMED, HINDI_RESISTED),
        (ROMAN_FRAMED, ROMAN_RESISTED),
        (TAMIL_FRAMED, TAMIL_RESISTED),
    ):
        found += _unless(resisted, sentence, framed)
    return found


def _harms(sentence: Sentence) -> list[str]:
    """Words by which the persona of `sentence` harms children, or desires them."""
    text = sentence.text
    found = [
        one[0]
        for one in sentence.finditer(HARMS)
        if not is_of_others(text, *one.span())
        and not _is_suffered(text, one)
        and (not MILD.search(one[0]) or BAD.search(text))
    ]
    for harms, resisted in ((HINDI_HARMS, HINDI_RESISTED), (ROMAN_HARMS, ROMAN_RESISTED)):
        found += _unless(resisted, sentence, harms)
    return found


def _unless(resisted: re.Pattern[str], sentence: Sentence, pattern: re.Pattern[str]) -> list[str]:
    """What `sentence` holds of `pattern`; nothing where it tells that it is `resisted`."""
    found = [one[0] for one in sentence.finditer(pattern)]
    return [] if found and resisted.search(sentence.text) else found


def _is_suffered(sentence: str, one: re.Match[str]) -> bool:
    """Whether the child suffers it from others: "she was sold", "of a raped minor"."""
    passive = re.match(r"(?i)(?:sexually )?(?!attracted|obsessed)(?:\w+ed|sold)\b", one[0])
    return bool(passive and SUFFERED.search(sentence[max(0, one.start() - 30) : one.start()]))
