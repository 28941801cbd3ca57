"""Confidence: one number in (0, 1] from the scores of all judges.

confidence = product over judges of (floor + (1 - floor) * score) ** (weight / sum of weights)

the weighted geometric mean, with floor = 0.01 so that one score of 0 does not hide what the others
say. It rises strictly with every score, is 1 where all scores are 1, does not depend on order, and
is 1 where no judge has spoken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from math import exp, fsum, log
from operator import add
from typing import Final

from daft import Expression, col, lit
from daft.functions import exp as exp_of
from daft.functions import ln

FLOOR: Final = 0.01

#: How much a judge counts; a judge that is not listed counts 1.
WEIGHTS: Final[Mapping[str, float]] = {
    "not_a_person": 3.0,
    "form": 2.0,
    "genericness": 2.0,
    "source_leakage": 2.0,
    "source_echo": 2.0,
    "repeats_parent": 2.0,
    "prompt_leakage": 2.0,
    "personal_name": 2.0,
    "contact_data": 2.0,
    "contradictions": 2.0,
    "india_centric": 1.0,
    "hedging": 1.0,
}


def weight_of(judge: str) -> float:
    """How much `judge` counts."""
    return WEIGHTS.get(judge, 1.0)


def confidence(scores: Mapping[str, float]) -> float:
    """The confidence from scores in [0, 1] by name of judge; see the formula above."""
    if not scores:
        return 1.0
    total = fsum(weight_of(judge) for judge in scores)
    logs = fsum(weight_of(judge) * log(_raised(score)) for judge, score in scores.items())
    return min(1.0, exp(logs / total))


def confidence_expression(judges: Sequence[str]) -> Expression:
    """The same over columns named after the `judges`, structs with a field `score`; float32.

    A missing score counts as 0.
    """
    ordered = sorted(set(judges))
    if not ordered:
        return lit(1.0).cast("float32")
    total = fsum(map(weight_of, ordered))
    logs = [weight_of(judge) / total * ln(_raised_column(judge)) for judge in ordered]
    return exp_of(reduce(add, logs)).clip(lit(0.0), lit(1.0)).cast("float32")


def _raised(score: float) -> float:
    return FLOOR + (1 - FLOOR) * score


def _raised_column(judge: str) -> Expression:
    score = col(judge).get("score").cast("float64").fill_null(0.0)
    return FLOOR + (1 - FLOOR) * score
