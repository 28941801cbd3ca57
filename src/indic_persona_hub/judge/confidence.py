"""Confidence: one number in (0, 1] from the scores of all judges.

confidence = product over judges of (floor + (1 - floor) * score) ** (weight / sum of weights)

the weighted geometric mean, with floor = 0.01 so that one score of 0 does not hide what the others
say. It rises strictly with every score, is 1 where all scores are 1, does not depend on order, and
is 1 where no judge has spoken.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import exp, fsum, log
from typing import Final

import numpy as np
from numpy.typing import NDArray

FLOOR: Final = 0.01

#: How much a judge counts; a judge that is not listed counts 1.
WEIGHTS: Final[Mapping[str, float]] = {
    "not_a_person": 3.0,
    "form": 2.0,
    "genericness": 2.0,
    "source_leakage": 2.0,
    "source_echo": 2.0,
    "repeats_parent": 2.0,
    "copied_text": 2.0,
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


def confidences(scores: Mapping[str, NDArray[np.float64]], rows: int) -> NDArray[np.float32]:
    """The same of many rows: arrays of scores by name of judge."""
    if not scores:
        return np.ones(rows, np.float32)
    ordered = sorted(scores)
    total = fsum(map(weight_of, ordered))
    logs = np.zeros(rows)
    for judge in ordered:
        logs += weight_of(judge) / total * np.log(FLOOR + (1 - FLOOR) * scores[judge])
    return np.minimum(1.0, np.exp(logs)).astype(np.float32)


def _raised(score: float) -> float:
    return FLOOR + (1 - FLOOR) * score
