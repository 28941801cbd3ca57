"""Support: which cells of the country have enough personas to be drawn from at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indic_persona_hub.audit.compare import Comparison

#: With 20 personas a trait that half of a cell has is seen in 27 to 73% of them (95%, exact).
ENOUGH: Final = 20


@dataclass(frozen=True)
class Coverage:
    """Of one table.

    Attributes:
        k: Personas that a cell needs to be covered.
        cells: Cells in which anybody lives, by the official table.
        covered: Cells among them with at least `k` personas.
        population_share: Share of the population that lives in covered cells.
        uncovered: Places of the others, most populous first.
    """

    k: int
    cells: int
    covered: int
    population_share: float
    uncovered: NDArray[np.int64]


def coverage(comparison: Comparison, k: int = ENOUGH) -> Coverage:
    """How much of the country the set supports in this table."""
    inhabited = comparison.share > 0
    covered = inhabited & (comparison.observed >= k)
    lacking = np.flatnonzero(inhabited & ~covered)
    order = np.argsort(-comparison.share[lacking], kind="stable")
    return Coverage(
        k,
        int(inhabited.sum()),
        int(covered.sum()),
        float(comparison.share[covered].sum()),
        lacking[order],
    )
