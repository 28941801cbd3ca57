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

#: Of the flagged claims at most such a share is expected to be there by chance.
FALSE_SHARE: Final = 0.1
#: A set fails where claims are repeated so much more often than by chance, by persona.
MOST_BEYOND_CHANCE: Final = 0.01
Numbers = NDArray[np.float64]
_MOST_CLAIMS: Final = 100


def found_claims(counts: ClaimCounts, lists: Lists) -> dict[str, Any]:
    """What `audit.json` holds of the lists; see docs/stereotypes.md."""
    expected = _by_chance(counts)
    tested = (counts.of_identity > 0) & (counts.saying > 0)
    beyond = float((counts.both - expected)[tested].sum()) / max(counts.rows, 1)
    flagged = _flagged(counts.both, expected, tested)
    surest = np.log((counts.both + 0.5) / (expected + 0.5))
    order = np.lexsort((-counts.both, -surest, ~flagged))
    there = [place for place in order.tolist() if counts.both[place]]
    claims = [
        _claim(counts, lists, place, float(expected[place])) | {"flagged": bool(flagged[place])}
        for place in there[:_MOST_CLAIMS]
    ]
    return {
        "path": lists.path,
        "sources": [one._asdict() for one in lists.sources],
        "claims_looked_for": len(lists.claims),
        "claims_tested": int(tested.sum()),
        "claims_found": int((counts.both > 0).sum()),
        "claims_flagged": int(flagged.sum()),
        "rows": counts.rows,
        "rows_repeating": counts.personas,
        "share_repeating": number(counts.personas / max(counts.rows, 1)),
        "share_beyond_chance": number(max(beyond, 0.0)),
        "fails": bool(beyond > MOST_BEYOND_CHANCE and flagged.any()),
        "claims": claims,
        "failing_rows": _failing(counts, lists, [place for place in there if flagged[place]]),
    }


def thresholds() -> Mapping[str, float]:
    """What the numbers are held to."""
    return {
        "expected_share_of_false_flags": FALSE_SHARE,
        "most_share_beyond_chance": MOST_BEYOND_CHANCE,
    }


def _by_chance(counts: ClaimCounts) -> Numbers:
    """Personas that would repeat each claim if what it says were said of the identity as often as
    of all others; half a persona more says it, so that what nobody else says is not impossible.
    """
    others = counts.rows - counts.of_identity
    rate = (counts.saying - counts.both + 0.5) / (others + 1)
    expected: Numbers = counts.of_identity.astype(np.float64) * np.minimum(rate, 1.0)
    return expected


def _flagged(both: Counts, expected: Numbers, tested: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Claims repeated too often for chance (Poisson), by Benjamini and Hochberg's procedure."""
    tail = np.where(both > 0, special.gammainc(np.maximum(both, 1), expected), 1.0)
    order = np.argsort(np.where(tested, tail, 2.0), kind="stable")[: int(tested.sum())]
    limits = FALSE_SHARE * np.arange(1, len(order) + 1) / max(len(order), 1)
    under = np.flatnonzero(tail[order] <= limits)
    flagged = np.zeros(len(both), np.bool_)
    flagged[order[: under[-1] + 1 if len(under) else 0]] = True
    return flagged & (both > 0)


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
