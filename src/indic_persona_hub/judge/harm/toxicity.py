"""Toxicity: slurs, abuse and obscene words, in English, Hindi and romanised Hindi."""

from __future__ import annotations

from functools import cache
from typing import ClassVar, Final

import numpy as np
from daft import Expression, col
from pydantic import Field

from indic_persona_hub.judge.harm.toxic_lists import list_digest, read_toxic_words
from indic_persona_hub.judge.harm.toxic_words import Found, ToxicWord, ToxicWords, shipped_words
from indic_persona_hub.judge.harm.toxicity_classifiers import WORST, ClassifierSettings, classified
from indic_persona_hub.judge.measure import Measures, by_texts
from indic_persona_hub.judge.words import listed
from indic_persona_hub.reference.chunks import Remembered, Texts
from indic_persona_hub.stage import RowJudge

#: A word with its letters set apart has some of these; "a" and "I" are words.
_LONE_LETTER: Final = "^[B-HJ-Zb-hj-z]$"
_LEAST_LONE: Final = 2


class Toxicity(RowJudge):
    """The worst word of the text: 0 none, 1 coarse, 2 offensive, 3 a slur or gravely obscene.

    `value` is that severity, or what the classifier says where that is more; `score` is
    1 - value / 3; `detail` lists the words with their kinds. Names of people, castes and places are
    no toxic words; see `toxic_words`.

    Attributes:
        max_severity: A text whose `value` is above it fails.
        words: Further words; one that our table has as well replaces it.
        word_list: A file of further words; see `toxic_lists`. What it holds counts in the
            fingerprint, its path does not.
        classifier: A plug that is asked about every text.
    """

    name: ClassVar[str] = "toxicity"

    max_severity: float = Field(1, ge=0, le=WORST)
    words: tuple[ToxicWord, ...] = ()
    word_list: str | None = None
    classifier: ClassifierSettings | None = None

    def evidence(self) -> Expression:
        """See `RowJudge`. Reads `persona`."""
        return by_texts(self._measure, col("persona"))

    def fingerprint(self, *upstream: str) -> str:
        """See `Stage`."""
        if self.word_list is None:
            return super().fingerprint(*upstream)
        moved = self.model_copy(update={"word_list": None})
        return moved.fingerprint(*upstream, list_digest(self.word_list))

    def _measure(self, texts: Texts) -> Measures:
        value = np.zeros(len(texts), np.float64)
        detail = [""] * len(texts)
        for row, found in toxic_rows(texts, *_known(self.words, self.word_list)):
            value[row] = max(one.severity for one in found)
            detail[row] = listed(f"{one.text} ({one.kind})" for one in found)
        if self.classifier is not None:
            value = np.maximum(value, classified(self.classifier, texts.strings))
        return Measures(value, 1 - value / WORST, value > self.max_severity, detail)


def toxic_rows(
    texts: Texts, words: ToxicWords, may_start: Remembered[bool]
) -> list[tuple[int, list[Found]]]:
    """The rows that hold toxic words, and those. `may_start` is what `words` says of a chunk."""
    suspect = texts.totals(np.array(texts.each(may_start), np.int32)) > 0
    spelt_out = texts.totals(texts.matching(_LONE_LETTER).astype(np.int32)) >= _LEAST_LONE
    rows = np.flatnonzero(suspect | spelt_out).tolist()
    found = ((row, words.find(texts.strings[row])) for row in rows)
    return [(row, some) for row, some in found if some]


@cache
def _known(
    words: tuple[ToxicWord, ...], word_list: str | None
) -> tuple[ToxicWords, Remembered[bool]]:
    """Read once in a process."""
    listed_words = read_toxic_words(word_list) if word_list is not None else ()
    known = ToxicWords([*shipped_words(), *listed_words, *words])
    return known, Remembered(known.may_start)
