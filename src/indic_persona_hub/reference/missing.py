"""How many people each cell of an official table lacks in a set."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from indic_persona_hub.reference.official import Official

Counts = NDArray[np.int64]


def faithful(table: Official, total: int) -> Counts:
    """`total` persons over the cells of the table as the population has them, in its shape.

    Every cell is rounded up or down so that each stretch of cells, and with it each value of the
    first dimensions, comes out within one person: small cells get their turn, which rounding them
    one by one would never give them.
    """
    persons = table.persons.ravel()
    reached = np.cumsum(persons)
    whole = reached[-1] if len(reached) and reached[-1] > 0 else 1.0
    upto = np.floor(reached / whole * total + 0.5).astype(np.int64)
    return np.diff(upto, prepend=np.int64(0)).reshape(table.persons.shape)


def missing(table: Official, observed: Counts, total: int) -> Counts:
    """What each cell lacks of its share of `total`; 0 where it has as many, or more.

    Args:
        observed: Persons in each cell, in the shape of the table.
    """
    lacking: Counts = np.maximum(faithful(table, total) - observed, 0)
    return lacking
