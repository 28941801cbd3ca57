"""How a row judge states its evidence: with a function of the row, or of a batch of texts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import daft
import numpy as np
import pyarrow as pa
from daft import DataType, Expression, Series
from numpy.typing import NDArray

from indic_persona_hub.reference.chunks import texts_of

_FIELDS = pa.struct(
    [
        ("value", pa.float32()),
        ("score", pa.float32()),
        ("fails", pa.bool_()),
        ("detail", pa.string()),
    ]
)


class Measured(NamedTuple):
    """A judge's evidence on one row; see `records.EVIDENCE`."""

    value: float
    score: float
    fails: bool
    detail: str = ""


class Measures(NamedTuple):
    """A judge's evidence on a batch of rows, a value a row; see `records.EVIDENCE`."""

    value: NDArray[Any]
    score: NDArray[np.float64]
    fails: NDArray[np.bool_]
    detail: Sequence[str] | pa.Array


def by_row(judge: Callable[..., Measured], *columns: Expression) -> Expression:
    """Evidence from a Python function of the row's `columns`: for what expressions cannot say."""

    @daft.func.batch(return_dtype=DataType.from_arrow_type(_FIELDS))
    def run(*series: Series) -> Any:
        measured = [judge(*row) for row in zip(*(one.to_pylist() for one in series), strict=True)]
        return _structs(*(list(zip(*measured, strict=True)) or [()] * len(_FIELDS)))

    return run(*columns)


def by_texts(judge: Callable[..., Measures], texts: Expression, *columns: Expression) -> Expression:
    """Evidence from a function of a batch of `texts`, and of a list for each further column."""

    @daft.func.batch(return_dtype=DataType.from_arrow_type(_FIELDS))
    def run(written: Series, *series: Series) -> Any:
        batch = texts_of(written.to_arrow())
        return _structs(*judge(batch, *(one.to_pylist() for one in series)))

    return run(texts, *columns)


def _structs(*columns: Any) -> pa.Array:
    arrays = [
        values.cast(field.type) if isinstance(values, pa.Array) else pa.array(values, field.type)
        for values, field in zip(columns, _FIELDS, strict=True)
    ]
    return pa.StructArray.from_arrays(arrays, fields=list(_FIELDS))
