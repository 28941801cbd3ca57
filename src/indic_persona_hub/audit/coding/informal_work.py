"""Work without a contract, and work in other people's homes: codes 1 yes, 0 no, -1 unknown."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from indic_persona_hub import reference

#: NCO-2015 families "Domestic Cleaners and Helpers" and "Domestic Housekeepers".
_DOMESTIC_CODES: Final = "^(9111|5152)"
_DOMESTIC_TITLE: Final = "domestic worker"
INFORMAL: Final = "informal_work"
DOMESTIC: Final = "domestic_work"


def work_codes(attributes: Mapping[str, pa.Array]) -> dict[str, NDArray[np.int16]]:
    """`INFORMAL` as the reference table `occupations` has it for the title of the occupation, and
    `DOMESTIC` by title or NCO-2015 code; from arrays of attribute values.
    """
    titles = attributes["occupation"].cast(pa.string())
    codes = attributes["occupation_code"].cast(pa.string())
    informal = _informal().take(pc.index_in(titles, value_set=_titles()))
    by_code = pc.match_substring_regex(codes, _DOMESTIC_CODES)
    by_title = pc.equal(titles, pa.scalar(_DOMESTIC_TITLE, pa.string()))
    domestic = pc.or_(pc.fill_null(by_code, False), pc.fill_null(by_title, False))
    unstated = pc.and_(pc.is_null(titles), pc.is_null(codes))
    return {
        INFORMAL: _numbers(informal),
        DOMESTIC: _numbers(pc.if_else(unstated, pa.scalar(None, pa.bool_()), domestic)),
    }


def _numbers(answers: pa.Array) -> NDArray[np.int16]:
    filled = pc.fill_null(pc.cast(answers, pa.int16()), pa.scalar(-1, pa.int16()))
    numbers: NDArray[np.int16] = filled.to_numpy(zero_copy_only=False)
    return numbers


@cache
def _titles() -> pa.Array:
    return reference.load("occupations")["title"].combine_chunks()


@cache
def _informal() -> pa.Array:
    return reference.load("occupations")["informal"].combine_chunks()
