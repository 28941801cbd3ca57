"""A table scaled to other margins: the association stays, the margins change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from indic_persona_hub.audit.binomial import Numbers
from indic_persona_hub.audit.compare import LEAST_SHARE, Comparison, compared

_ROUNDS: Final = 500


def scaled(table: Numbers, sums: Sequence[Numbers]) -> Numbers:
    """`table` scaled along each axis in turn until its sums there are `sums`, which are equal in
    total (iterative proportional fitting).
    """
    fitted = table.astype(np.float64)
    total = max(1.0, float(sums[0].sum()))
    for _ in range(_ROUNDS):
        off = 0.0
        for axis, wanted in enumerate(sums):
            now = margin(fitted, axis)
            off = max(off, float(np.abs(now - wanted).max()))
            shape = [-1 if one == axis else 1 for one in range(fitted.ndim)]
            fitted = fitted * (wanted / np.maximum(now, 1e-300)).reshape(shape)
        if off <= 1e-9 * total:
            break
    return fitted


def margin(table: Numbers, axis: int) -> Numbers:
    """Sums over all other axes."""
    sums: Numbers = table.sum(tuple(one for one in range(table.ndim) if one != axis))
    return sums


def beyond_margins(found: Comparison) -> Comparison:
    """The same rows beside the official table scaled to the set's own margins: what is off here is
    off in how the dimensions go together, not because one of them alone is wrong.
    """
    shape = found.official.persons.shape
    seen = found.observed.reshape(shape)
    persons = np.maximum(found.official.persons, LEAST_SHARE * found.official.persons.sum())
    expected = scaled(persons, [margin(seen, axis) for axis in range(seen.ndim)])
    official = replace(found.official, persons=expected)
    return compared(seen.astype(np.int64), found.all_rows, official)
