"""Whether pairs of attributes go together as they do in India.

Marginals may match where joints fail: a set may have the right share of farmers and of women, and
still be wrong about which women farm. Expected is the official joint table, scaled to the set's own
margins (iterative proportional fitting), so that a wrong margin alone makes no pair look weakened.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

from indic_persona_hub.audit.binomial import Numbers, holm
from indic_persona_hub.audit.compare import LEAST_SHARE, OF_PAIRS
from indic_persona_hub.audit.scaling import scaled

#: A pair is weakened where less than this share of the official association is left.
KEPT_SHARE: Final = 0.8
#: A pair goes together more than in life from this share on: a stereotype.
STRONGER_SHARE: Final = 1.25
#: A pair is independent where no more than this share of it is left.
NOTHING_LEFT: Final = 0.1
#: Without this precision (one standard error) the kept share says nothing.
_LARGEST_ERROR: Final = 0.15
TOO_FEW: Final = "too few rows"
#: Fewer expected rows than this in a cell, and the G-test is none.
_FEWEST_EXPECTED: Final = 5.0


@dataclass(frozen=True)
class Pair:
    """One pair of attributes.

    Attributes:
        names: The two dimensions.
        observed: Rows, a matrix.
        expected: Rows, as the official association would have it at the set's own margins.
        association_observed, association_official: Mutual information in nats.
        kept_share: How much of the official association is in the set: 1 as in the country, 0
            independent; a set of which a share w is drawn from the country and the rest shuffled
            has w. None where the official table has no association or no row is known.
        error: Standard error of `kept_share`.
        p_value: G-test of `observed` against `expected`.
        verdict: `kept`, `weakened`, `independent`, `stronger` or `too few rows`; see `judged`.
    """

    names: tuple[str, str]
    observed: Numbers
    expected: Numbers
    association_observed: float
    association_official: float
    kept_share: float | None
    error: float
    p_value: float
    verdict: str = TOO_FEW

    @property
    def rows(self) -> int:
        """Rows that are known in both dimensions."""
        return int(self.observed.sum())


def paired(names: tuple[str, str], observed: NDArray[np.int64], persons: Numbers) -> Pair:
    """The pair `names` from rows and official persons in each cell of a matrix; see `judged`."""
    seen = observed.astype(np.float64)
    rows = seen.sum()
    official = np.maximum(persons, LEAST_SHARE * persons.sum())
    if not rows:
        nothing = np.zeros_like(seen)
        return Pair(names, seen, nothing, 0.0, 0.0, None, np.inf, 1.0)
    expected = scaled(official, [seen.sum(1), seen.sum(0)])
    apart = np.outer(seen.sum(1), seen.sum(0)) / rows
    kept, error = _kept_share(seen, expected, apart)
    return Pair(
        names, seen, expected, _information(seen, apart), _information(expected, apart),
        kept, error, _g_test(seen, expected),
    )  # fmt: skip


def judged(pairs: list[Pair], level: float = OF_PAIRS) -> list[Pair]:
    """The pairs with their verdicts.

    `weakened` where less than 0.8 of the association is left and no fair set would differ so much
    (G-test, Holm over all pairs); `independent` where at most 0.1 is; `stronger` from 1.25 on, by
    the same test. `too few rows` where the kept share is not known to 0.15, or is out of bounds and
    the G-test does not bear that out.
    """
    usable = [one for one in pairs if one.kept_share is not None and one.error <= _LARGEST_ERROR]
    differs = holm(np.array([one.p_value for one in usable]), level)
    verdicts = {
        one.names: _verdict(one, bool(sure)) for one, sure in zip(usable, differs, strict=True)
    }
    return [replace(one, verdict=verdicts.get(one.names, TOO_FEW)) for one in pairs]


def _verdict(pair: Pair, differs: bool) -> str:
    kept = pair.kept_share
    assert kept is not None
    if KEPT_SHARE <= kept < STRONGER_SHARE:
        return "kept"
    if not differs:
        return TOO_FEW
    if kept >= STRONGER_SHARE:
        return "stronger"
    return "independent" if kept <= NOTHING_LEFT else "weakened"


def _information(table: Numbers, apart: Numbers) -> float:
    """Mutual information of a table of rows, in nats."""
    return float(max(0.0, special.rel_entr(table, apart).sum() / table.sum()))


def _kept_share(seen: Numbers, expected: Numbers, apart: Numbers) -> tuple[float | None, float]:
    """Where the mean of the official log association lies between independence (0) and the country
    (1), with its standard error at the country's association.
    """
    known = (expected > 0) & (apart > 0)
    strength = np.zeros_like(expected)
    strength[known] = np.log(expected[known] / apart[known])
    rows = seen.sum()
    at_country, at_independence, here = (
        float((table * strength).sum() / rows) for table in (expected, apart, seen)
    )
    reach = at_country - at_independence
    if reach <= 1e-12:
        return None, np.inf
    spread = float((expected * (strength - at_country) ** 2).sum() / rows)
    return (here - at_independence) / reach, float(np.sqrt(spread / rows) / reach)


def _g_test(seen: Numbers, expected: Numbers) -> float:
    """The chance of a G statistic at least this large where `expected` holds; 1 where fewer than
    two categories are left on a side after small ones are put together.
    """
    rows, columns = _grouped(expected)
    if rows.max() == 0 or columns.max() == 0:
        return 1.0
    shape = rows.max() + 1, columns.max() + 1
    merged = [_merged(table, rows, columns, shape) for table in (seen, expected)]
    statistic = 2 * float(special.rel_entr(merged[0], merged[1]).sum())
    return float(special.chdtrc((shape[0] - 1) * (shape[1] - 1), max(0.0, statistic)))


def _grouped(expected: Numbers) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Group numbers of rows and columns, so that next to every cell of the groups expects five
    rows: of the side with more groups, the two that hold least become one.
    """
    groups = [np.arange(size) for size in expected.shape]
    table = expected
    while min(table.shape) > 1 and _is_sparse(table):
        axis = int(np.argmax(table.shape))
        least, next_ = np.argsort(table.sum(1 - axis), kind="stable")[:2]
        into, gone = min(least, next_), max(least, next_)
        moved = np.where(groups[axis] == gone, into, groups[axis])
        groups[axis] = moved - (moved > gone)
        sums = table.take([into], axis) + table.take([gone], axis)
        table = np.delete(table, gone, axis)
        table[(slice(None),) * axis + (slice(into, into + 1),)] = sums
    return groups[0], groups[1]


def _is_sparse(table: Numbers) -> bool:
    """Cochran's rule: a cell below 1, or more than a fifth of the cells below 5."""
    return bool(table.min() < 1 or (table < _FEWEST_EXPECTED).mean() > 0.2)


def _merged(
    table: Numbers, rows: NDArray[np.int64], columns: NDArray[np.int64], shape: tuple[int, int]
) -> Numbers:
    total = np.zeros(shape)
    np.add.at(total, (rows[:, None], columns[None, :]), table)
    return total
