"""Raking: masses of groups of rows are scaled until the margins of several tables are met.

Iterative proportional fitting (Deming and Stephan, Annals of Mathematical Statistics 11, 1940):
table after table, the groups of each cell are multiplied by one factor, so that the cell holds its
share. Here a group may never hold more than it has rows, as no row counts twice: what would go past
that is clipped, the group is taken whole, and the others of its cell are scaled to what is left.
The caps of domains are ceilings of the same kind. Each step is the nearest point, in relative
entropy, of one convex set, so that the steps in turn come to a point that all sets share where
there is one (Bregman, USSR Computational Mathematics and Mathematical Physics 7, 1967).

Only sums, products and quotients in a fixed order: the same masses on every machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Masses = NDArray[np.float64]

#: A cell is met within this share of what it is to hold, or of `_SMALL` where that is less.
TOLERANCE: Final = 1e-4
_SMALL: Final = 100.0
MOST_SWEEPS: Final = 400
#: Sweeps without a better fit after which there is none to be found.
_PATIENCE: Final = 40


class Margin(NamedTuple):
    """What one table asks of the groups.

    Attributes:
        cell: int32, the cell of each group; `len(shares)` where it is in none.
        shares: What each cell is to hold of the mass that is in any; they sum to 1, or to 0.
    """

    cell: NDArray[np.int32]
    shares: Masses

    def held(self, mass: Masses) -> Masses:
        """The mass of each cell; one more at the end for the groups that are in none."""
        return counted(self.cell, mass, len(self.shares) + 1)


class Ceiling(NamedTuple):
    """Most that the groups of a bucket may hold together.

    Attributes:
        bucket: int32, the bucket of each group.
        most: float64 by bucket; infinite where there is no ceiling.
    """

    bucket: NDArray[np.int32]
    most: Masses


def counted(cell: NDArray[np.int32], mass: NDArray[Any], cells: int) -> Masses:
    """The mass of each cell, added up in the order of the groups."""
    held: Masses = np.bincount(cell, mass, cells).astype(np.float64, copy=False)
    return held


class Fit(NamedTuple):
    """Masses, and how well they fit.

    Attributes:
        mass: float64 by group.
        sweeps: Rounds over all tables that were made.
        converged: Whether every cell holds what it can be made to hold, within `TOLERANCE`.
        worst: The largest deviation left, as a share of its cell (see `TOLERANCE`).
    """

    mass: Masses
    sweeps: int
    converged: bool
    worst: float


def rake(
    start: Masses,
    most: Masses,
    margins: Sequence[Margin],
    total: float,
    ceiling: Ceiling | None = None,
) -> Fit:
    """Scale `start` to the margins, the total and the ceilings; no group past `most`.

    A table's shares hold among the mass that is in any of its cells. A cell that the groups cannot
    fill is filled, and the others share what it leaves; see `attainable`. Tables that contradict
    one another are met best in the order given, the first exactly.

    Args:
        start: The mass of each group before; zero stays zero.
        most: The most that it may hold, not negative.
        total: The mass of all groups together.
    """
    mass = np.minimum(start * (total / max(total_of(start), 1e-300)), most)
    rooms = [margin.held(most)[:-1] for margin in margins]
    everything = Margin(np.zeros(len(mass), np.int32), np.ones(1))
    best, best_sweep, worst = np.inf, 0, np.inf
    for sweep in range(1, MOST_SWEEPS + 1):
        worst = _hold_under(mass, ceiling) if ceiling else 0.0
        worst = max(worst, _meet_total(mass, most, everything, total))
        for margin, room in zip(reversed(margins), reversed(rooms), strict=True):
            worst = max(worst, _meet(mass, most, margin, room))
        if worst <= TOLERANCE:
            return Fit(mass, sweep, True, worst)
        if worst < 0.98 * best:
            best, best_sweep = worst, sweep
        elif sweep - best_sweep >= _PATIENCE:
            break
    return Fit(mass, sweep, False, worst)


def attainable(shares: Masses, total: float, room: Masses) -> Masses:
    """What cells are to hold where none can hold more than its `room`: `shares` of the total, and
    what full cells leave is shared by the others in the same proportions.
    """
    wanted = shares * total
    full = np.zeros(len(shares), np.bool_)
    while (over := ~full & (wanted > room)).any():
        full |= over
        open_shares = total_of(shares[~full])
        left = max(total - total_of(room[full]), 0.0)
        wanted = np.where(full, room, shares * (left / open_shares if open_shares > 0 else 0.0))
    return wanted


def _meet(mass: Masses, most: Masses, margin: Margin, room: Masses) -> float:
    """Scale each cell to what it is to hold; says how far the worst one was from that."""
    cells = len(margin.shares)
    held = margin.held(mass)[:cells]
    wanted = attainable(margin.shares, total_of(held), room)
    off = float(np.max(np.abs(held - wanted) / np.maximum(wanted, _SMALL), initial=0.0))
    if off == 0.0:
        return 0.0
    factor = np.ones(cells + 1)
    factor[:cells] = _factors(held, wanted, _clipped(mass, most, margin)[:cells])
    mass *= factor[margin.cell]
    np.minimum(mass, most, out=mass)
    return off


def _clipped(mass: Masses, most: Masses, margin: Margin) -> Masses:
    """The mass of each cell in groups that hold all that they can."""
    full = mass >= most
    return margin.held(np.where(full, mass, 0.0)) if full.any() else margin.held(mass) * 0.0


def _factors(held: Masses, wanted: Masses, clipped: Masses) -> Masses:
    """What takes cells from `held` to `wanted`: where they grow, clipped groups cannot."""
    grows = wanted > held
    free = np.where(grows, held - clipped, held)
    aim = np.where(grows, wanted - clipped, wanted)
    # Less than a millionth of a cell can no longer carry it.
    able = free > 1e-6 * np.maximum(held, 1e-6)
    return np.where(able, aim / np.where(able, free, 1.0), 1.0)


def _meet_total(mass: Masses, most: Masses, everything: Margin, total: float) -> float:
    """Scale all groups to the total; says how far they were from it."""
    held = everything.held(mass)[:1]
    off = abs(float(held[0]) - total) / max(total, _SMALL)
    if off:
        mass *= _factors(held, np.array([total]), _clipped(mass, most, everything)[:1])
        np.minimum(mass, most, out=mass)
    return off


def _hold_under(mass: Masses, ceiling: Ceiling) -> float:
    """Scale each bucket that is over its ceiling down to it; says how far the worst one was."""
    held = np.bincount(ceiling.bucket, mass, len(ceiling.most))
    over = held > ceiling.most
    if not over.any():
        return 0.0
    factor = np.where(over, ceiling.most / np.where(over, held, 1.0), 1.0)
    mass *= factor[ceiling.bucket]
    return float(np.max((held[over] - ceiling.most[over]) / np.maximum(ceiling.most[over], _SMALL)))


def total_of(masses: Masses) -> float:
    """The sum, one after another: numpy's own order differs by machine."""
    return float(np.bincount(np.zeros(len(masses), np.int8), masses, 1)[0])
