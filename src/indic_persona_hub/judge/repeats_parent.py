"""Repeats its parent: a child of persona_to_persona must be somebody else."""

from __future__ import annotations

from typing import ClassVar

from daft import Expression, col
from pydantic import Field

from indic_persona_hub.judge.measure import Measured, by_row
from indic_persona_hub.judge.source_echo import shared_share
from indic_persona_hub.judge.words import words_of
from indic_persona_hub.stage import RowJudge


class RepeatsParent(RowJudge):
    """Measure how much of the parent a child repeats.

    `value` is the larger of the Jaccard similarity of both word sets and the share of the child's
    4-word runs that stand in the parent; `score` is 1 - `value`. A child that opens with the
    parent's own first words, more than `max_opening` of them, is the parent again and fails too.
    `detail` is that opening. Looks at persona_to_persona only.
    """

    name: ClassVar[str] = "repeats_parent"

    max_similarity: float = Field(0.6, gt=0, le=1)
    max_opening: int = Field(5, ge=1)

    def evidence(self) -> Expression:
        """See `RowJudge`. Reads `persona`, `origin_text`, `synth_method`."""
        return by_row(self._measure, col("persona"), col("origin_text"), col("synth_method"))

    def _measure(self, persona: str, origin: str | None, method: str) -> Measured:
        if not origin or method != "persona_to_persona":
            return Measured(0.0, 1.0, False)
        child, parent = words_of(persona), words_of(origin)
        alike = max(_jaccard(set(child), set(parent)), shared_share(child, parent))
        opening = _opening(child, parent)
        again = len(opening) > self.max_opening
        value = max(alike, self.max_similarity) if again else alike
        return Measured(value, 1 - value, again or value > self.max_similarity, " ".join(opening))


def _jaccard(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other) if one | other else 0.0


def _opening(child: list[str], parent: list[str]) -> list[str]:
    pairs = zip(child, parent, strict=False)
    same = next((at for at, (one, other) in enumerate(pairs) if one != other), None)
    return child[: min(len(child), len(parent)) if same is None else same]
