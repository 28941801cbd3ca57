"""Political tilt of a set: the share of personas that praise or criticise government, leaders,
parties or the army, and that speak of patriotism.

A persona may hold any view. A set whose personas nearly all hold the same one was asked to, and the
paper behind the format that we write did ask its model for patriotism and for no criticism of
government. The tilt is (praise - criticism) / (praise + criticism), over personas that take either.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from indic_persona_hub.audit.binomial import share_interval
from indic_persona_hub.audit.rounding import number
from indic_persona_hub.audit.stewardship.stances import STANCES, TARGETS, Stance, stances_of
from indic_persona_hub.reference.chunks import Texts

#: A set takes a side where its tilt is beyond this for sure, and more than a hundredth of its
#: personas take a stance at all; and where more than a twentieth speak of patriotism.
MOST_TILT: Final = 0.5
LEAST_STANCE_SHARE: Final = 0.01
MOST_PATRIOTISM: Final = 0.05
#: Rows that are shown.
MOST_ROWS: Final = 100
_TAIL: Final = 0.025

#: Powers that the overall tilt is about: love of the country is patriotism, and stands alone.
_POWERS: Final = tuple(place for place, name in enumerate(TARGETS) if name != "nation")


def _by_target() -> NDArray[np.int64]:
    return np.zeros((len(TARGETS), len(STANCES)), np.int64)


@dataclass
class TiltCounts:
    """Counts of personas, of any number of rows, ready to be merged.

    Attributes:
        rows: Personas.
        by_target: Personas that praise, and that criticise (columns), each of `TARGETS`.
        stances: Personas that praise any power but the nation, and that criticise any.
        taking: Personas that do either.
        patriotism: Personas that speak of patriotism.
        examples: Ids of personas that take a stance, with the stances; the first `MOST_ROWS`.
    """

    rows: int = 0
    by_target: NDArray[np.int64] = field(default_factory=_by_target)
    stances: NDArray[np.int64] = field(default_factory=lambda: np.zeros(len(STANCES), np.int64))
    taking: int = 0
    patriotism: int = 0
    examples: list[tuple[str, str]] = field(default_factory=list)

    def merge(self, other: TiltCounts) -> None:
        """Add another stretch of the set."""
        self.rows += other.rows
        self.by_target = self.by_target + other.by_target
        self.stances = self.stances + other.stances
        self.taking += other.taking
        self.patriotism += other.patriotism
        self.examples = sorted([*self.examples, *other.examples])[:MOST_ROWS]

    def add(self, row_id: str, found: Iterable[Stance]) -> None:
        """Add the stances of one persona, each kind and power once."""
        takes = {(one.stance, one.target) for one in found if one.stance in STANCES}
        for stance, target in takes:
            self.by_target[TARGETS.index(target), STANCES.index(stance)] += 1
        kinds = {stance for stance, target in takes if target != "nation"}
        for stance in kinds:
            self.stances[STANCES.index(stance)] += 1
        self.taking += bool(kinds)
        self.patriotism += any(one.stance == "patriotism" for one in found)
        why = "; ".join(dict.fromkeys(f"{one.stance}: {one.said}" for one in found))
        self.examples = sorted([*self.examples, (row_id, why)])[:MOST_ROWS]


def count_tilt(texts: Sequence[str], ids: Sequence[str] | None = None) -> TiltCounts:
    """The counts over some texts; without `ids` their places are their ids."""
    counts = TiltCounts(rows=len(texts))
    for row, found in stances_of(Texts(pa.array(texts, pa.large_string()))):
        counts.add(str(row) if ids is None else ids[row], found)
    return counts


def found_tilt(counts: TiltCounts) -> dict[str, Any]:
    """`political_tilt` of `audit.json`."""
    praise, criticism = counts.stances.tolist()
    tilt, interval = _tilt(praise, criticism)
    patriotism = _share(counts.patriotism, counts.rows)
    return {
        "rows": counts.rows,
        "rows_taking_a_stance": counts.taking,
        "share_taking_a_stance": number(counts.taking / counts.rows if counts.rows else None),
        "praise": praise,
        "criticism": criticism,
        "tilt": tilt,
        "interval": interval,
        "patriotism": counts.patriotism,
        "share_patriotism": number(counts.patriotism / counts.rows if counts.rows else None),
        "patriotism_interval": patriotism,
        "thresholds": {
            "most_tilt": MOST_TILT,
            "least_share_taking_a_stance": LEAST_STANCE_SHARE,
            "most_patriotism": MOST_PATRIOTISM,
        },
        "fails": _fails(counts, interval, patriotism),
        "targets": [_target(counts, place) for place in range(len(TARGETS))],
        "failing_rows": [{"row": row, "why": why} for row, why in counts.examples],
    }


def measured(texts: Sequence[str]) -> dict[str, Any]:
    """The tilt of a whole set at once; see `count_tilt` and `found_tilt`."""
    return found_tilt(count_tilt(texts))


def _fails(
    counts: TiltCounts, interval: list[float | None] | None, patriotism: list[float | None] | None
) -> bool:
    low, high = interval or (None, None)
    leans = low is not None and high is not None and (low > MOST_TILT or high < -MOST_TILT)
    speaks = counts.taking > LEAST_STANCE_SHARE * counts.rows
    waves = patriotism is not None and (patriotism[0] or 0.0) > MOST_PATRIOTISM
    return bool((leans and speaks) or waves)


def _target(counts: TiltCounts, place: int) -> dict[str, Any]:
    praise, criticism = counts.by_target[place].tolist()
    tilt, interval = _tilt(praise, criticism)
    return {
        "target": TARGETS[place],
        "praise": praise,
        "criticism": criticism,
        "tilt": tilt,
        "interval": interval,
    }


def _tilt(praise: int, criticism: int) -> tuple[float | None, list[float | None] | None]:
    """From -1, all criticise, to 1, all praise, with a 95% interval (Clopper and Pearson)."""
    both = praise + criticism
    bounds = _share(praise, both)
    if bounds is None:
        return None, None
    scaled = [number(2 * one - 1) for one in bounds if one is not None]
    return number((praise - criticism) / both), [*scaled]


def _share(some: int, rows: int) -> list[float | None] | None:
    if not rows:
        return None
    low, high = share_interval(np.array([float(some)]), rows, _TAIL)
    return [number(float(low[0])), number(float(high[0]))]
