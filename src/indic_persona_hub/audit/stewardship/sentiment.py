"""Sentiment drift: how much better or worse personas sound than sentences that state nothing but
their attributes, and whether that differs from group to group.

The control of a persona is one sentence of its attributes ("A Muslim woman from rural Bihar, aged
18-34"), scored by the same means; its drift is its own score less the control's. With the table of
`valence` words of identity have no tone, so controls are 0 and any drift is the writer's; with a
user's own scorer the controls take that scorer's leanings out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

from indic_persona_hub.audit.binomial import Numbers, holm
from indic_persona_hub.audit.labels import value_label
from indic_persona_hub.audit.rounding import number
from indic_persona_hub.audit.stewardship.groups import (
    ALL_ROWS,
    COLUMNS,
    GROUPS,
    NAMED_WHERE_THEY_HOLD,
    OF_PEOPLE,
    places_of,
)
from indic_persona_hub.audit.stewardship.valence import Scorer, valence_of

#: Groups and rests of fewer rows are not compared.
LEAST_ROWS: Final = 30
#: The chance that a set with no drift between groups has any flag.
CHANCE: Final = 0.05
#: A group fails where it is flagged and its drift is so far from that of the rest.
MOST_DIFFERENCE: Final = 0.1
_Z95: Final = 1.959964  # standard deviations that 95% of a normal curve lie within
_GRID: Final = float(1 << 20)
_WHO: Final = {"female": "woman", "male": "man", "transgender": "transgender person"}


def _zeros() -> Numbers:
    return np.zeros(COLUMNS)


@dataclass
class ToneCounts:
    """Sums over the rows of each of `groups.COLUMNS`: of any number of rows, ready to be merged.

    Attributes:
        rows: Rows.
        score, control: Sums of scores of texts and of controls.
        drift, drift_squared: Sums of score - control, and of its square.
        good, bad: Rows that score above 0, and below.
    """

    rows: Numbers = field(default_factory=_zeros)
    score: Numbers = field(default_factory=_zeros)
    control: Numbers = field(default_factory=_zeros)
    drift: Numbers = field(default_factory=_zeros)
    drift_squared: Numbers = field(default_factory=_zeros)
    good: Numbers = field(default_factory=_zeros)
    bad: Numbers = field(default_factory=_zeros)

    def merge(self, other: ToneCounts) -> None:
        """Add another stretch of the set."""
        for name, sums in vars(other).items():
            setattr(self, name, getattr(self, name) + sums)


def count_tone(
    texts: Sequence[str], groups: NDArray[np.bool_], score: Scorer = valence_of
) -> ToneCounts:
    """The sums over some texts.

    Args:
        groups: Which text (first axis) belongs to which of `groups.COLUMNS`; see
            `groups.belonging`.
        score: Any other measure of tone in [-1, 1].
    """
    if not len(texts):
        return ToneCounts()
    kinds, kind = np.unique(groups, axis=0, return_inverse=True)
    controls = _exact(score([control_sentence(one) for one in kinds]))[kind.ravel()]
    scores = _exact(score(texts))
    drift = scores - controls
    squared = _exact(drift**2)
    columns = (np.ones(len(texts)), scores, controls, drift, squared, scores > 0, scores < 0)
    member = groups.T.astype(np.float64)
    return ToneCounts(*(member @ np.asarray(one, np.float64) for one in columns))


def _exact(values: Numbers) -> Numbers:
    """Rounded so that sums of billions are exact, and no order of rows changes a digit."""
    rounded: Numbers = np.round(values * _GRID) / _GRID
    return rounded


def control_sentence(belongs: NDArray[np.bool_]) -> str:
    """One sentence of the attributes of a row, and nothing else."""
    found = {GROUPS[place].dimension: GROUPS[place].value for place in np.flatnonzero(belongs[:-1])}
    who = _WHO.get(found.get("gender", ""), "person")
    words = [value_label(name, found[name]) for name in ("religion", "community") if name in found]
    place = " ".join(
        value_label(name, found[name]) for name in ("residence", "state") if name in found
    )
    sentence = " ".join(["A", *words, who])
    sentence += f" from {place}" if place else ""
    sentence += " with a disability" if "disability" in found else ""
    return f"{sentence}, aged {found['age']}." if "age" in found else f"{sentence}."


def found_tone(counts: ToneCounts) -> dict[str, Any]:
    """`sentiment` of `audit.json`: the set, and each group beside the rest, furthest off first."""
    rows = counts.rows[ALL_ROWS]
    mean, spread = _mean(counts.drift[ALL_ROWS], rows, counts.drift_squared[ALL_ROWS])
    groups = _groups(counts)
    return {
        "rows": int(rows),
        "score": number(counts.score[ALL_ROWS] / rows if rows else None),
        "control": number(counts.control[ALL_ROWS] / rows if rows else None),
        "drift": number(mean),
        "interval": _interval(mean, spread),
        "share_good": number(counts.good[ALL_ROWS] / rows if rows else None),
        "share_bad": number(counts.bad[ALL_ROWS] / rows if rows else None),
        "least_rows": LEAST_ROWS,
        "most_difference": MOST_DIFFERENCE,
        "fails": any(one["fails"] for one in groups),
        "groups": groups,
    }


def measured(
    texts: Sequence[str], groups: NDArray[np.bool_], score: Scorer = valence_of
) -> dict[str, Any]:
    """The tone of a whole set at once; see `count_tone` and `found_tone`."""
    return found_tone(count_tone(texts, groups, score))


def _groups(counts: ToneCounts) -> list[dict[str, Any]]:
    rests = {place: _rest(counts, place) for place in range(len(GROUPS))}
    places = [
        place for place, rest in rests.items() if min(counts.rows[place], rest[0]) >= LEAST_ROWS
    ]
    found = [_beside_rest(counts, place, rests[place]) for place in places]
    chances = np.array([one.pop("p") for one in found])
    for one, sure in zip(found, holm(chances, CHANCE).tolist(), strict=True):
        off = abs(one["difference"]) > MOST_DIFFERENCE
        one["flagged"] = bool(sure)
        one["fails"] = bool(sure and off and one["dimension"] in OF_PEOPLE)
    return sorted(found, key=lambda one: (not one["fails"], -abs(one["difference"])))


def _beside_rest(
    counts: ToneCounts, place: int, rest: tuple[float, float, float]
) -> dict[str, Any]:
    group = GROUPS[place]
    rows = counts.rows[place]
    mean, error = _mean(counts.drift[place], rows, counts.drift_squared[place])
    rest_mean, rest_error = _mean(rest[1], rest[0], rest[2])
    assert mean is not None and rest_mean is not None
    difference = mean - rest_mean
    error, freedom = _welch((rows, error), (rest[0], rest_error))
    return {
        "dimension": group.dimension,
        "group": group.value,
        "label": group.label,
        "rows": int(rows),
        "rest_rows": int(rest[0]),
        "score": number(counts.score[place] / rows),
        "control": number(counts.control[place] / rows),
        "drift": number(mean),
        "rest_drift": number(rest_mean),
        "difference": number(difference),
        "interval": _interval(difference, error * float(special.stdtrit(freedom, 0.975)) / _Z95),
        "p": float(2 * special.stdtr(freedom, -abs(difference) / error))
        if error
        else float(not difference),
    }


def _welch(group: tuple[float, float], rest: tuple[float, float]) -> tuple[float, float]:
    """Standard error of a difference of means, and Welch's degrees of freedom, of (rows, standard
    error) each. A group that varies less than the rest is taken to vary like it: few rows in which
    no word has a tone say little.
    """
    rows, rest_rows = group[0], rest[0]
    own = max(group[1], rest[1] * np.sqrt(rest_rows / rows)) ** 2
    other = rest[1] ** 2
    if not own:
        return 0.0, 1.0
    freedom = (own + other) ** 2 / (own**2 / (rows - 1) + other**2 / (rest_rows - 1))
    return float(np.sqrt(own + other)), float(freedom)


def _rest(counts: ToneCounts, place: int) -> tuple[float, float, float]:
    """Rows, sum of drifts and of their squares of those that the group is laid beside."""
    dimension = GROUPS[place].dimension
    every = [ALL_ROWS] if dimension in NAMED_WHERE_THEY_HOLD else places_of(dimension)
    rows, drift, squared = (
        float(sums[every].sum() - sums[place])
        for sums in (counts.rows, counts.drift, counts.drift_squared)
    )
    return rows, drift, squared


def _mean(total: float, rows: float, squared: float) -> tuple[float | None, float]:
    """A mean and its standard error."""
    if not rows:
        return None, 0.0
    mean = float(total / rows)
    variance = max(0.0, float(squared / rows) - mean**2) * rows / max(rows - 1, 1)
    return mean, float(np.sqrt(variance / rows))


def _interval(mean: float | None, error: float) -> list[float | None] | None:
    """95%, by a normal curve."""
    return None if mean is None else [number(mean - _Z95 * error), number(mean + _Z95 * error)]
