"""How a row judge states its evidence: with a function of the row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import daft
import pyarrow as pa
from daft import DataType, Expression, Series

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


def by_row(judge: Callable[..., Measured], *columns: Expression) -> Expression:
    """Evidence from a Python function of the row's `columns`: for what expressions cannot say."""

    @daft.func.batch(return_dtype=DataType.from_arrow_type(_FIELDS))
    def run(*series: Series) -> Any:
        rows = zip(*(one.to_pylist() for one in series), strict=True)
        return pa.array([judge(*row)._asdict() for row in rows], type=_FIELDS)

    return run(*columns)
