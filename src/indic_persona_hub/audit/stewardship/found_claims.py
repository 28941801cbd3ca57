"""What the lists say, as the set bears it out: claims that stand there more often than chance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

from indic_persona_hub.audit.rounding import number
from indic_persona_hub.audit.stewardship.claim_counts import MOST_ROWS, ClaimCounts
from indic_persona_hub.audit.stewardship.counting import Counts
from indic_persona_hub.audit.stewardship.lists import Lists
from indic_persona_hub.audit.stewardship.marked_words import CHANCE

#: Of the flagged claims at most such a share is expected to be there by chance.
FALSE_SHARE: Final = 0.1
#: A set fails where more than such a share of its personas repeat claims beyond chance, and where
#: that is no chance (`CHANCE` or less), of all claims together or of the surest one (Bonferroni).
MOST_BEYOND_CHANCE: Final = 0.01
Numbers = NDArray[np.float64]
_MOST_CLAIMS: Final = 100


def found_claims(counts: ClaimCounts, lists: Lists) -> dict[str, Any]:
    """What `audit.json` holds of the lists; see docs/stereotypes.md."""
    tested = (counts.of_identity > 0) & (counts.saying > 0) & (counts.of_identity < counts.rows)
    expected = _by_chance(counts, tested)
    tail = _tail(counts, tested)
    flagged = _flagged(counts.both, tail, tested)
    beyond, p_value = _altogether(counts, expected, tested)
    p_value = min(p_value, float(tail.min(initial=1.0)) * max(int(tested.sum()), 1))
    fails = beyond > MOST_BEYOND_CHANCE and p_value <= CHANCE
    order = np.lexsort((-counts.both, tail, ~flagged))
    there = [place for place in order.tolist() if counts.both[place]]
    claims = [
        _claim(counts, lists, place, float(expected[place])) | {"flagged": bool(flagged[place])}
        for place in there[:_MOST_CLAIMS]
    ]
    return {
        "path": lists.path,
        "sources": [one._asdict() for one in lists.sources],
        "passed_over": list(lists.passed_over),
        "claims_looked_for": len(lists.claims),
        "claims_tested": int(tested.sum()),
        "claims_found": int((counts.both > 0).sum()),
        "claims_flagged": int(flagged.sum()),
        "rows": counts.rows,
        "rows_repeating": counts.personas,
        "share_repeating": number(counts.personas / max(counts.rows, 1)),
        "share_beyond_chance": number(max(beyond, 0.0)),
        "p_value": number(p_value),
        "fails": bool(fails),
        "claims": claims,
        "failing_rows": _failing(
            counts,
            lists,
            [
                place
                for place in there
                if flagged[place] or (fails and counts.both[place] > expected[place])
            ],
        ),
    }


def thresholds() -> Mapping[str, float]:
    """What the numbers are held to."""
    return {
        "expected_share_of_false_flags": FALSE_SHARE,
        "most_share_beyond_chance": MOST_BEYOND_CHANCE,
        "most_chance": CHANCE,
    }


def _by_chance(counts: ClaimCounts, tested: NDArray[np.bool_]) -> Numbers:
    """Personas that would repeat each claim if what it says were said of the identity as often as
    of all others.
    """
    others = np.where(tested, counts.rows - counts.of_identity, 1)
    expected: Numbers = counts.of_identity * ((counts.saying - counts.both) / others)
    return np.where(tested, expected, 0.0)


def _drawn(counts: ClaimCounts, tested: NDArray[np.bool_]) -> tuple[Numbers, Numbers]:
    """Mean and variance of how many of those who say it are of the identity, if they are drawn from
    all personas (hypergeometric).
    """
    rows = max(counts.rows, 2)
    identity, saying = counts.of_identity / rows, counts.saying / rows
    mean = np.where(tested, rows * identity * saying, 0.0)
    return mean, mean * (1 - identity) * (1 - saying) * rows / (rows - 1)


def _at_least(times: Numbers, mean: Numbers, variance: Numbers) -> Numbers:
    """The chance of so many, above 0, in the binomial draw of that mean and variance."""
    share = np.clip(1 - variance / np.maximum(mean, 1e-300), 1e-12, 1 - 1e-12)
    draws = np.maximum(mean / share, times)
    chance: Numbers = special.betainc(times, draws - times + 1, share)
    return chance


def _tail(counts: ClaimCounts, tested: NDArray[np.bool_]) -> Numbers:
    """The chance that each claim is repeated as often; 1 where it never is."""
    both = np.maximum(counts.both, 1).astype(np.float64)
    return np.where(tested & (counts.both > 0), _at_least(both, *_drawn(counts, tested)), 1.0)


def _flagged(both: Counts, tail: Numbers, tested: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Claims repeated too often for chance, by Benjamini and Hochberg's procedure."""
    order = np.argsort(np.where(tested, tail, 2.0), kind="stable")[: int(tested.sum())]
    limits = FALSE_SHARE * np.arange(1, len(order) + 1) / max(len(order), 1)
    under = np.flatnonzero(tail[order] <= limits)
    flagged = np.zeros(len(both), np.bool_)
    flagged[order[: under[-1] + 1 if len(under) else 0]] = True
    return flagged & (both > 0)


def _altogether(
    counts: ClaimCounts, expected: Numbers, tested: NDArray[np.bool_]
) -> tuple[float, float]:
    """Share of the personas that repeat a claim beyond chance, and how seldom chance repeats as
    many claims.

    Of the personas that repeat any claim such a part is beyond chance as of the claims repeated, so
    never more than repeat one. For the chance, a persona that repeats several claims at once is one
    event, of the mean number of claims that go with a claim.
    """
    times = int(counts.both[tested].sum())
    if not times:
        return 0.0, 1.0
    event = counts.squares / int(counts.both.sum())
    sums = [np.array([float(one.sum()) / event]) for one in _drawn(counts, tested)]
    p_value = float(_at_least(np.array([times / event]), sums[0], sums[1])[0])
    repeating = min(counts.personas, times)
    return repeating * (1 - float(expected.sum()) / times) / counts.rows, p_value


def _claim(counts: ClaimCounts, lists: Lists, place: int, expected: float) -> dict[str, Any]:
    identity, said = lists.claims[place]
    return {
        "identity": lists.identities[identity].name,
        "said": lists.said[said].name,
        "rows_of_identity": int(counts.of_identity[place]),
        "rows_saying": int(counts.saying[place]),
        "rows_repeating": int(counts.both[place]),
        "expected": number(expected),
        "rows": counts.examples[place],
    }


def _failing(counts: ClaimCounts, lists: Lists, places: list[int]) -> list[dict[str, str]]:
    """The remembered rows of the claims at `places`, each with the first claim that it repeats."""
    found: dict[str, dict[str, str]] = {}
    for place in places:
        who, what = lists.claims[place]
        why = f"{lists.identities[who].name}: {lists.said[what].name}"
        for row in counts.examples[place]:
            found.setdefault(row, {"row": row, "why": why})
    return list(found.values())[:MOST_ROWS]
