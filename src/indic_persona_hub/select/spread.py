"""Who stays of an over-full domain: spread over strata and clusters, not the top of one kind.

The strata of a domain are its methods x languages x sources. A stratum is ordered by

1. cluster rank: how many of the row's near-duplicate cluster stand before it in the domain, best
   first, so that the best of every cluster come before any second;
2. confidence, best first; then `tie`; then the row (that is, the id).

A row's place is its position in that order of its stratum, from 0. A domain is ordered by place,
then confidence, tie and row: every stratum's first, then every stratum's second. A limit keeps the
first so many. That is water-filling over strata (see `water`): each keeps `min(size, level)` rows,
and what is then left of the limit goes, one each, to the strata whose next row is best. So domains
are never sorted as a whole: the level follows from the sizes of the strata.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indic_persona_hub.select.ordering import (
    Integers,
    ordered,
    perhaps_crowded,
    place_in_run,
    run_starts,
)
from indic_persona_hub.select.standing import Standing
from indic_persona_hub.select.water import water_levels


class Strata(NamedTuple):
    """Some rows, stratum by stratum, each in its order.

    Attributes:
        rows: int64, the row numbers.
        merit: int64, for each of them its rank by confidence, tie and row alone; 0 is best.
        starts: int64, where each stratum begins.
        sizes: int64, how many rows each stratum has.
        domain: The domain code of each stratum.
    """

    rows: NDArray[np.int64]
    merit: NDArray[np.int64]
    starts: NDArray[np.int64]
    sizes: NDArray[np.int64]
    domain: Integers

    def beyond(self, kept: NDArray[np.int64]) -> NDArray[np.int64]:
        """The row numbers past the first `kept` of each stratum."""
        ends = np.repeat(self.starts + kept, self.sizes)
        return self.rows[np.arange(len(self.rows)) >= ends]


def best_first(confidence: NDArray[np.float32]) -> NDArray[np.uint32]:
    """A key that ascends as confidence falls, exactly; confidence is not negative."""
    bits = (confidence + np.float32(0)).view(np.uint32)  # The sum makes -0 a 0.
    return np.invert(bits, out=bits)


def strata_of(standing: Standing, rows: NDArray[np.int64]) -> Strata:
    """The strata of some rows, which must be all the eligible rows of their domains."""
    rows = rows[ordered(best_first(standing.confidence[rows]), standing.tie[rows])]
    domain = standing.domain[rows]
    rank = cluster_rank(domain, standing.cluster[rows])
    keys = (domain, standing.method[rows], standing.language[rows], standing.source[rows])
    merit = ordered(*keys, rank)
    starts = run_starts(merit, *keys)
    sizes = np.diff(starts, append=len(rows))
    return Strata(rows[merit], merit, starts, sizes, domain[merit[starts]])


def kept_of(strata: Strata, limits: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many of each stratum stay where domain d keeps `limits[d]` rows, or all that it has."""
    levels = water_levels(strata.domain, strata.sizes, limits)
    kept = np.minimum(strata.sizes, levels[strata.domain])
    left = limits - np.bincount(strata.domain, kept, len(limits)).astype(np.int64)
    deeper = np.flatnonzero(strata.sizes > kept)
    deeper = deeper[ordered(strata.domain[deeper], _next_merit(strata, kept, deeper))]
    domain = strata.domain[deeper]
    place = place_in_run(run_starts(np.arange(len(deeper)), domain), len(deeper))
    kept[deeper[place < left[domain]]] += 1
    return kept


def kept_of_all(strata: Strata, level: int, more: int, domains: int) -> NDArray[np.int64]:
    """How many of each stratum stay where every domain keeps `level` rows, and those `more`
    domains one more whose next row is best.
    """
    kept = kept_of(strata, np.full(domains, level))
    next_stratum = np.flatnonzero(kept_of(strata, np.full(domains, level + 1)) > kept)
    best = next_stratum[ordered(_next_merit(strata, kept, next_stratum))]
    kept[best[:more]] += 1
    return kept


def _next_merit(
    strata: Strata, kept: NDArray[np.int64], some: NDArray[np.int64]
) -> NDArray[np.int64]:
    following: NDArray[np.int64] = strata.merit[strata.starts[some] + kept[some]]
    return following


def cluster_rank(domain: Integers, cluster: Integers) -> NDArray[np.int32]:
    """How many of the row's cluster and domain stand before it; rows come best first."""
    rank = np.zeros(len(cluster), np.int32)
    some = np.flatnonzero(cluster >= 0)
    some = some[perhaps_crowded(cluster[some], 1)]
    keys = (cluster[some], domain[some])
    order = ordered(*keys)
    rank[some[order]] = place_in_run(run_starts(order, *keys), len(some))
    return rank
