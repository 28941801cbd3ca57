"""Crisis: nobody who wants to die, or harms themselves, is made a persona to play."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import ClassVar, Final

from daft import Expression, col
from pydantic import Field

from indic_persona_hub.judge.harm.crisis_words import (
    ENGLISH,
    FOR_OTHERS,
    HINDI,
    HINDI_OTHERS,
    HINDI_PREVENTS,
    OTHER_SCRIPTS,
    OTHER_SCRIPTS_PREVENT,
    RECOVERED,
    ROMAN,
    ROMAN_OTHERS,
    ROMAN_PREVENTS,
)
from indic_persona_hub.judge.harm.others import is_of_others
from indic_persona_hub.judge.harm.sentence_gate import Sentence, SentenceGate, counted
from indic_persona_hub.judge.measure import Measures, by_texts
from indic_persona_hub.reference.chunks import Texts
from indic_persona_hub.stage import RowJudge

GATE: Final = SentenceGate(ENGLISH, HINDI, ROMAN, OTHER_SCRIPTS)


class Crisis(RowJudge):
    """Count words by which the persona wants to die, tries to, or harms herself or himself.

    English, Hindi and romanised Hindi; of eight other languages a phrase or two. Those who prevent,
    treat, study or mourn the suicides of others pass, and so does who recovered from an attempt.
    `value` is their number, `score` 1 / (1 + 3 value); `detail` shows the words.
    """

    name: ClassVar[str] = "crisis"

    max_phrases: int = Field(0, ge=0)

    def evidence(self) -> Expression:
        """See `RowJudge`. Reads `persona`."""
        return by_texts(self._measure, col("persona"))

    def _measure(self, texts: Texts) -> Measures:
        found = {
            row: crisis_phrases(texts.strings[row], parts) for row, parts in GATE.sentences(texts)
        }
        return counted(found, len(texts), self.max_phrases)


def crisis_phrases(text: str, parts: Iterable[Sentence]) -> list[str]:
    """The words of `parts` of `text` by which the persona is in such a crisis."""
    found = [phrase for sentence in parts for phrase in _in_sentence(sentence)]
    return [] if found and RECOVERED.search(text) else found


def _in_sentence(sentence: Sentence) -> list[str]:
    text = sentence.text
    found = [
        one[0]
        for one in sentence.finditer(ENGLISH)
        if not is_of_others(text, *one.span()) and not _is_plea_for_others(text, one[0])
    ]
    for phrases, others, prevents in (
        (HINDI, HINDI_OTHERS, HINDI_PREVENTS),
        (ROMAN, ROMAN_OTHERS, ROMAN_PREVENTS),
    ):
        said = sentence.search(phrases)
        if said and not others.search(text[: said.end()]) and not prevents.search(text):
            found.append(said[0])
    if OTHER_SCRIPTS_PREVENT.search(text):
        return found
    return found + [one[0] for one in sentence.finditer(OTHER_SCRIPTS)]


def _is_plea_for_others(sentence: str, words: str) -> bool:
    pleads = re.search(r"(?i)euthanasia|mercy killing|assisted", words)
    return bool(pleads) and bool(FOR_OTHERS.search(sentence))
