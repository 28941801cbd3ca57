"""Evidence that a persona contradicts itself: what it says of one person cannot all be true.

Only plain contradictions fail. What is sad but true does not: a child who works at a tea stall, a
child bride, an old woman who learns to read.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from daft import Expression, col

from indic_persona_hub.judge.measure import Measured, Measures, by_texts
from indic_persona_hub.judge.reading.clashes import clashes_in
from indic_persona_hub.judge.reading.clauses import read
from indic_persona_hub.judge.reading.rulings import rulings
from indic_persona_hub.reference.chunks import Texts
from indic_persona_hub.stage import RowJudge


class Contradictions(RowJudge):
    """Age against role, two ages, place against state, two genders, adult ties of a child."""

    name: ClassVar[str] = "contradictions"

    def evidence(self) -> Expression:
        """`value` counts the contradictions, `detail` shows the words that clash."""
        return by_texts(_measure, col("persona"))


def judge(persona: str | None) -> Measured:
    """The evidence on one persona."""
    found = contradictions(persona or "")
    return Measured(float(len(found)), 0.0 if found else 1.0, bool(found), "; ".join(found))


def _measure(texts: Texts) -> Measures:
    clashes = texts.once(rulings).clashes
    count = np.array([len(one) for one in clashes], np.int64)
    score = np.where(count, 0.0, 1.0)
    return Measures(count, score, count > 0, ["; ".join(one) for one in clashes])


def contradictions(text: str) -> list[str]:
    """What in `text` cannot be true of one person: one line a clash, in the text's words."""
    return clashes_in(read(text))
