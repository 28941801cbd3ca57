"""Sensitive claims: faith for money, crime or shame said of a group that the persona belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Final

from daft import Expression, col
from pydantic import Field

from indic_persona_hub.judge.harm.sensitive_claims_words import (
    ALWAYS,
    COUNTERED,
    FOR_MONEY,
    HINDI_COUNTERED,
    HINDI_FOR_MONEY,
    HINDI_SAID_OF,
    OWN_WORK,
    ROMAN_COUNTERED,
    ROMAN_FOR_MONEY,
    ROMAN_SAID_OF,
    SAID_OF,
    TAMIL_COUNTERED,
    TAMIL_FOR_MONEY,
)
from indic_persona_hub.judge.harm.sentence_gate import Sentence, SentenceGate, counted
from indic_persona_hub.judge.measure import Measures, by_texts
from indic_persona_hub.reference.chunks import Texts
from indic_persona_hub.stage import RowJudge

#: Claims, and what tells that the sentence makes none.
_RULES: Final = (
    (FOR_MONEY, OWN_WORK),
    (SAID_OF, COUNTERED),
    (ALWAYS, COUNTERED),
    (HINDI_FOR_MONEY, HINDI_COUNTERED),
    (HINDI_SAID_OF, HINDI_COUNTERED),
    (ROMAN_FOR_MONEY, ROMAN_COUNTERED),
    (ROMAN_SAID_OF, ROMAN_COUNTERED),
    (TAMIL_FOR_MONEY, TAMIL_COUNTERED),
)
GATE: Final = SentenceGate(*(claims for claims, _ in _RULES))


class SensitiveClaims(RowJudge):
    """Count claims that a persona changed faith for money, and words of crime or shame beside a
    caste, tribe, religion, disability, illness or sexuality.

    English, Hindi and romanised Hindi, sentence by sentence. A sentence that fights, reports or
    suffers such a claim is not counted. `value` is their number, `score` 1 / (1 + 3 value);
    `detail` shows the words.
    """

    name: ClassVar[str] = "sensitive_claims"

    max_claims: int = Field(0, ge=0)

    def evidence(self) -> Expression:
        """See `RowJudge`. Reads `persona`."""
        return by_texts(self._measure, col("persona"))

    def _measure(self, texts: Texts) -> Measures:
        found = {row: sensitive_claims(parts) for row, parts in GATE.sentences(texts)}
        return counted(found, len(texts), self.max_claims)


def sensitive_claims(parts: Iterable[Sentence]) -> list[str]:
    """The words of `parts` of a text that make such a claim."""
    return [claim for sentence in parts for claim in _in_sentence(sentence)]


def _in_sentence(sentence: Sentence) -> list[str]:
    found = []
    for claims, countered in _RULES:
        claim = sentence.search(claims)
        if claim and not countered.search(sentence.text):
            found.append(claim[0])
    return found
