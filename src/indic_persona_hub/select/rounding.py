"""Whole rows from fitted masses: controlled rounding, so that margins stay what they were.

A group with a mass of 0.3 gives its row or does not. Chance alone would move a cell of 150 rows by
a dozen; here each group is rounded up or down so that every cell of every table comes out at its
target, within a row where that can be (controlled rounding: Cox, Journal of the American
Statistical Association 82, 1987, for two tables; for more there is no sure method that is fast, so
ours is a search). It begins with systematic rounding along the first table, and then exchanges
rows between groups; see `exchange`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from indic_persona_hub.select.exchange import Counts, Search, Wanted
from indic_persona_hub.select.raking import Ceiling, Masses, total_of


def rounded(
    mass: Masses, sizes: Counts, tables: Sequence[Wanted], ceiling: Ceiling | None, total: int
) -> Counts:
    """Rows of each group: `total` in all, none past its size, no bucket past its ceiling.

    Args:
        mass: Fitted masses, at most `sizes`, with a sum of `total` or less.
        total: At most what sizes and ceilings allow.
    """
    if not len(mass):
        return np.zeros(0, np.int64)
    search = Search(_systematic(_filled(mass, sizes, total), total), sizes, tables, ceiling)
    search.settle(total)
    search.exchange(np.floor(mass).astype(np.int64), np.ceil(mass).astype(np.int64))
    if not search.is_met():
        search.exchange(np.zeros_like(sizes), sizes)
    return search.rows


def _filled(mass: Masses, sizes: Counts, total: int) -> Masses:
    """The masses with what they lack of the total spread over what room there is."""
    room = sizes - mass
    lacking, free = total - total_of(mass), total_of(room)
    if free <= 0:
        return mass
    return mass + room * min(1.0, max(0.0, lacking) / free)


def _systematic(mass: Masses, total: int) -> Counts:
    """Every mass rounded up or down, and with it the sum of every stretch of groups."""
    reached = np.floor(np.cumsum(mass) + 0.5).astype(np.int64)
    reached[-1] = max(total, reached[-2] if len(reached) > 1 else 0)
    return np.diff(reached, prepend=np.int64(0))
