"""Exact statistics of one cell: how many of `rows` rows fall into a cell that holds `share` of a
population. Exact, because a normal curve raises false alarms where a cell expects few rows.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

Numbers = NDArray[np.float64]

#: Below this a tail is no longer a number of full precision; the deviance then stands for it.
_SMALLEST_TAIL = 1e-300


class Tested(NamedTuple):
    """Arrays of one entry a cell.

    Attributes:
        p_value: Two-sided, twice the smaller tail: what a fair draw shows at most so often.
        z: The same as standard deviations of a normal curve, negative where rows are missing.
    """

    p_value: Numbers
    z: Numbers


def tested(observed: Numbers, rows: int, share: Numbers) -> Tested:
    """Test `observed` of `rows` against a binomial draw with `share`, cell by cell."""
    lower = _at_most(observed, rows, share)
    upper = _at_least(observed, rows, share)
    tail = np.minimum(lower, upper)
    p_value = np.minimum(1.0, 2 * tail)
    size = -special.ndtri(np.maximum(p_value, _SMALLEST_TAIL) / 2)
    size = np.where(tail < _SMALLEST_TAIL, _deviance_root(observed, rows, share), size)
    return Tested(p_value, np.where(lower < upper, -size, size) + 0.0)


def share_interval(observed: Numbers, rows: int, tail: float) -> tuple[Numbers, Numbers]:
    """Lowest and highest share by Clopper and Pearson, each missed with a chance of `tail` at most.

    Args:
        rows: At least 1.
    """
    inside = np.clip(observed, 1, None), rows - np.clip(observed, 1, None) + 1
    low = np.where(observed > 0, special.betaincinv(*inside, tail), 0.0)
    above = np.clip(observed, None, rows - 1)
    high = np.where(observed < rows, special.betainccinv(above + 1, rows - above, tail), 1.0)
    return low, high


def mean_total_variation(rows: int, share: Numbers) -> float:
    """What a fair draw of `rows` rows shows on average: half the sum of mean absolute deviations,
    each in De Moivre's closed form (for many rows sqrt(2 p (1 - p) / (pi rows))).
    """
    p = share[(share > 0) & (share < 1)]
    if not rows or not len(p):
        return 0.0
    m = np.floor(rows * p) + 1
    ways = special.gammaln(rows + 1) - special.gammaln(m + 1) - special.gammaln(rows - m + 1)
    deviation = 2 * m * np.exp(ways + m * np.log(p) + (rows - m + 1) * np.log1p(-p))
    return float(deviation.sum() / rows / 2)


def holm(p_values: Numbers, level: float) -> NDArray[np.bool_]:
    """Which hypotheses are rejected with a chance of `level` of any false rejection."""
    order = np.argsort(p_values, kind="stable")
    limits = level / (len(p_values) - np.arange(len(p_values)))
    stands = np.logical_and.accumulate(p_values[order] <= limits)
    rejected = np.zeros(len(p_values), np.bool_)
    rejected[order] = stands
    return rejected


def _at_most(observed: Numbers, rows: int, share: Numbers) -> Numbers:
    below = np.clip(observed, None, rows - 1)
    return np.where(observed < rows, special.betaincc(below + 1, rows - below, share), 1.0)


def _at_least(observed: Numbers, rows: int, share: Numbers) -> Numbers:
    some = np.clip(observed, 1, None)
    return np.where(observed > 0, special.betainc(some, rows - some + 1, share), 1.0)


def _deviance_root(observed: Numbers, rows: int, share: Numbers) -> Numbers:
    expected = rows * share
    inside = special.xlogy(observed, observed / np.maximum(expected, 1e-300))
    left = rows - observed
    outside = special.xlogy(left, left / np.maximum(rows - expected, 1e-300))
    root: Numbers = np.sqrt(2 * np.maximum(inside + outside, 0))
    return root
