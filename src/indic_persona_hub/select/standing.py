"""What selection is given and what it answers: one small number a row."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from indic_persona_hub.select.ordering import Integers


class Standing(NamedTuple):
    """Where all personas stand; arrays of one entry a row, rows numbered by ascending id.

    Which value has which code is no matter. Any integers will do; narrow ones save memory, and
    20,000,000 rows take 0.6 GB in the widths named here.

    Attributes:
        failed: int16, k where the k-th judge (from 1) is the first that fails, 0 where none does;
            `Reason.TAKEN_DOWN` where the persona was taken down, whatever the judges say.
        confidence: float32, in [0, 1]; what is not a number is below every minimum.
        document: int32, code of the document, from 0, gaps or none; -1 where a persona comes from
            another persona.
        domain: int32, code of the canonical domain, from 0; an array of all of them is made.
        cluster: int32, code of the near-duplicate cluster, from 0, gaps or none (such as its lowest
            row); -1, or a code of its own, for a row that is like no other.
        method: int8, code of the method.
        language: int16, code of the language.
        source: int16, code of the source.
        tie: uint64, seeded hash of the id.
    """

    failed: Integers
    confidence: NDArray[np.float32]
    document: Integers
    domain: Integers
    cluster: Integers
    method: Integers
    language: Integers
    source: Integers
    tie: NDArray[np.unsignedinteger[Any]]


class Reason(IntEnum):
    """Why a row is not kept, where no judge fails it; a judge's reason is its number, from 1."""

    KEPT = 0
    BELOW_CONFIDENCE = -1
    NOT_BEST_OF_DOCUMENT = -2
    OVER_CAP = -3
    OVER_TARGET = -4
    NOT_DRAWN = -5
    UNKNOWN_ATTRIBUTE = -6
    TAKEN_DOWN = -7


class Reasons(NamedTuple):
    """The verdicts.

    Attributes:
        codes: int16, one a row: 0 where kept, k where the k-th judge fails, else a `Reason`.
        sizes: int64, personas by domain code that no judge, minimum or document rules out.
    """

    codes: NDArray[np.int16]
    sizes: NDArray[np.int64]


def reason_names(codes: NDArray[np.int16], judges: Sequence[str]) -> pa.StringArray:
    """The codes as verdicts spell them: null where kept, `judge:<name>`, `over_cap` and so on.

    Args:
        codes: Of all rows, or of a slice.
        judges: Names of the judges, the first being number 1.
    """
    reasons = [Reason(code).name.lower() for code in range(min(Reason), Reason.KEPT)]
    names = pa.array([*reasons, None, *(f"judge:{name}" for name in judges)], pa.string())
    return names.take(pa.array(codes.astype(np.int32) - min(Reason)))
