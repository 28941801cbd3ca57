"""Whether an identity stands lower or higher than the others of its dimension: exact tests.

In each situation its identities are ranked by a measure, equal ones sharing their mean rank. Where
the word makes no difference, an identity has any of a situation's ranks with the same chance; the
distribution of its sum of ranks is then known exactly, whatever the measure and its ties. With two
identities this is the sign test.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indic_persona_hub.audit.binomial import Numbers, holm

#: The chance that a model to which the word means nothing has any flag.
CHANCE: Final = 0.05
#: A flagged lean fails where it is so large.
MOST_LEAN: Final = 0.1
_POWER: Final = 0.8
_STEP: Final = 0.05


@dataclass(frozen=True)
class Lean:
    """How one identity stands beside the others of its dimension, by one measure.

    Attributes:
        situations: Those in which the identity and another have the measure.
        lower, higher: Pairs with another identity of the same situation in which it has less, more.
        pairs: All such pairs, equal ones too.
        mean, rest_mean: Of the measure, over these situations.
        p: Two-sided chance of such a sum of ranks where the word makes no difference.
    """

    identity: int
    measure: str
    situations: int
    lower: int
    higher: int
    pairs: int
    mean: float
    rest_mean: float
    p: float
    flagged: bool = False

    @property
    def lean(self) -> float:
        """From -1, lower than every other, to 1."""
        return (self.higher - self.lower) / self.pairs

    @property
    def fails(self) -> bool:
        """Whether it is sure and large."""
        return self.flagged and abs(self.lean) >= MOST_LEAN


def leans(measured: Mapping[str, Numbers], dimensions: Sequence[Sequence[int]]) -> list[Lean]:
    """All identities by all measures by which any two replies differ, flagged by Holm's procedure.

    Args:
        measured: By name, the measure of each situation (first axis) and identity; NaN: unknown.
        dimensions: The identities of each. Of two that are alone only the first is tested: the
            other is its mirror.
    """
    found = [
        lean
        for name, values in measured.items()
        for places in dimensions
        for lean in _of_dimension(name, values[:, places], places)
    ]
    flags = holm(np.array([one.p for one in found]), CHANCE).tolist()
    return [replace(one, flagged=flag) for one, flag in zip(found, flags, strict=True)]


def _of_dimension(name: str, values: Numbers, places: Sequence[int]) -> Iterator[Lean]:
    known = ~np.isnan(values)
    chances = [_chances(one) for one in values]
    for at in range(1 if len(places) == 2 else len(places)):
        rows = known[:, at] & (known.sum(axis=1) > 1)
        told, own = values[rows], values[rows][:, at : at + 1]
        lower, higher = int((own < told).sum()), int((own > told).sum())
        if not lower + higher:
            continue
        pairs = int(known[rows].sum()) - len(told)
        sums = _sums(chances[place] for place in np.flatnonzero(rows))
        own_sum = int(_ranks(told, own).sum())
        tail = min(sums[: own_sum + 1].sum(), sums[own_sum:].sum())
        rest_mean = float((np.nansum(told) - own.sum()) / pairs)
        yield Lean(
            places[at], name, len(told), lower, higher, pairs,
            mean=float(own.mean()), rest_mean=rest_mean, p=min(1.0, 2 * float(tail)),
        )  # fmt: skip


def _ranks(values: Numbers, of: Numbers) -> NDArray[np.int64]:
    """The rank of each value of the last axis of `of` among `values`, from below: twice the rank
    less one, so that it is a whole number with ties, too.
    """
    beside, one = values[..., None, :], of[..., :, None]
    ranks: NDArray[np.int64] = (2 * (beside < one) + (beside == one)).sum(axis=-1)
    return ranks


def _chances(situation: Numbers) -> Numbers:
    """The distribution of the rank of any one of a situation's identities."""
    known = situation[~np.isnan(situation)]
    return np.bincount(_ranks(known, known)) / max(len(known), 1)


def _sums(chances: Iterable[Numbers]) -> Numbers:
    """The distribution of a sum of independent whole numbers, from that of each."""
    whole = np.ones(1)
    for one in chances:
        whole = np.convolve(whole, one)
    return whole


def seen_from(situations: int, identities: int, tests: int) -> float | None:
    """The smallest share of situations, in steps of 5%, in which an identity would have to stand
    last, and anywhere in the others, to be flagged with a chance of 80%, were there no ties; null
    where so few situations show nothing.
    """
    fair = np.full(identities, 1 / identities)
    below = np.cumsum(_sums([fair] * situations))
    flagged = 2 * below <= CHANCE / max(tests, 1)
    for share in np.arange(_STEP, 1 + _STEP / 2, _STEP):
        leaning = (1 - share) * fair
        leaning[0] += share
        if _sums([leaning] * situations)[flagged].sum() >= _POWER:
            return round(float(share), 2)
    return None
