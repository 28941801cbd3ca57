"""A Python function of a row as an expression of the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import daft
import pyarrow as pa
from daft import DataType, Expression, Series, col


def by_row(
    function: Callable[[dict[str, Any]], Any], returns: pa.DataType, names: Iterable[str]
) -> Expression:
    """`function` of each row, given as a dictionary of the columns `names`; for what native
    expressions cannot say.
    """
    names = tuple(names)

    @daft.func.batch(return_dtype=DataType.from_arrow_type(returns))
    def run(*columns: Series) -> Any:
        rows = zip(*(column.to_pylist() for column in columns), strict=True)
        return pa.array(
            [function(dict(zip(names, row, strict=True))) for row in rows], type=returns
        )

    return run(*map(col, names))
