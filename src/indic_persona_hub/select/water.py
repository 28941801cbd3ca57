"""Water-filling: who shares a limited room evenly, until the small ones have all that they need.

Water poured into vessels that are connected stands equally high in all but those that are full: so
many places, given out one at a time and in turn to every group that still has rows, end as
`min(size, level)` of each group. It is max-min fair (Bertsekas and Gallager, Data Networks, 2nd
ed. 1992, section 6.5.2), and what survey sampling calls equal allocation to strata, with what small
strata cannot fill given to the others (Cochran, Sampling Techniques, 3rd ed. 1977, chapter 5).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from indic_persona_hub.select.ordering import Integers, ordered, place_in_run, run_starts


def water_levels(bucket: Integers, sizes: Integers, limits: Integers) -> NDArray[np.int64]:
    """The highest level in each bucket at which `sum(min(size, level))` is within its limit.

    Args:
        bucket: The bucket of each group, 0 to `len(limits)` - 1.
        sizes: Rows of each group, 1 or more.
        limits: Rows that each bucket may keep.

    Returns:
        One level a bucket, 0 for a bucket without groups; at least the largest size where all fit.
    """
    order = ordered(bucket, sizes)
    starts = run_starts(order, bucket)
    bucket, sizes = bucket[order], sizes[order].astype(np.int64)
    levels = np.zeros(len(limits), np.int64)
    if not len(starts):
        return levels
    lengths = np.diff(starts, append=len(order))
    smaller = np.cumsum(sizes) - sizes
    smaller -= np.repeat(smaller[starts], lengths)
    sharing = np.repeat(lengths, lengths) - place_in_run(starts, len(order))
    # With the k smallest groups full, the others share what is left. As k grows that share rises
    # as long as group k would fit in it, and falls from there on: its peak is the level.
    share = (limits[bucket] - smaller) // sharing
    levels[bucket[starts]] = np.maximum.reduceat(share, starts)
    return levels


def water_level(sizes: Integers, limit: int) -> int:
    """The highest level at which `sum(min(size, level))` of one bucket is at most `limit`."""
    sizes = sizes[sizes > 0]
    one = np.zeros(len(sizes), np.int64)
    return int(water_levels(one, sizes, np.array([limit]))[0])
