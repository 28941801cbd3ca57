"""Exact duplicates and source ids that stand for two texts: what needs the whole set to be seen.

Only narrow keys are looked at, never texts.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

_KEYS = ("id", "source", "source_id", "url", "row")
_PIECE = 100_000

_Flags = npt.NDArray[np.bool_]
_Numbers = npt.NDArray[np.int64]


def rejected_duplicates(keys: pa.Table) -> pa.Table:
    """Which rows go, so that no two that stay share an id, or a source id within their source.

    Of rows with one (source, source_id) and several ids the smallest id stays, the others go as
    `duplicate_source_id`; of what is left, rows with one id are exact duplicates, and the smallest
    (source, source_id or '', url or '', row) stays, the others go as `exact_duplicate`. In that
    order no text is lost whose every copy could have stayed. The order of rows changes nothing.

    Args:
        keys: Columns id, source, source_id, url, row, all strings.

    Returns:
        (id, source, row, reason), sorted; (id, source, row) names a row of `keys`.
    """
    rows = pa.table({name: pc.fill_null(keys[name].cast(pa.string()), "") for name in _KEYS})
    taken = _with_taken_source_id(rows)
    stays = np.ones(rows.num_rows, dtype=np.bool_)
    stays[taken] = False
    again = _repeated(rows, stays)
    dropped = [_named(rows, taken, "duplicate_source_id"), _named(rows, again, "exact_duplicate")]
    order = [(name, "ascending") for name in dropped[0].column_names]
    return pa.concat_tables(dropped).sort_by(order)


def _with_taken_source_id(rows: pa.Table) -> _Numbers:
    """Which rows have a source id that belongs to a text with a smaller id."""
    has_one = pc.not_equal(rows["source_id"], "").to_numpy()
    numbers = np.flatnonzero(has_one & _may_repeat(rows["source_id"]))
    numbers, ordered = _sorted(rows, numbers, ("source", "source_id", "id"))
    starts = _starts(ordered, ("source", "source_id"))
    first = np.maximum.accumulate(np.where(starts, np.arange(len(starts)), 0))
    least = ordered["id"].take(pa.array(first))
    larger: _Flags = pc.not_equal(ordered["id"], least).to_numpy()
    return numbers[larger]


def _repeated(rows: pa.Table, stays: _Flags) -> _Numbers:
    """Which of the rows that stay have the id of one at a smaller place."""
    numbers = np.flatnonzero(stays & _may_repeat(rows["id"]))
    numbers, ordered = _sorted(rows, numbers, _KEYS)
    return numbers[~_starts(ordered, ("id",))]


def _may_repeat(column: pa.ChunkedArray) -> _Flags:
    """True where the value may occur twice: at 20M rows, hashes take a tenth of the strings."""
    pieces = (column.slice(start, _PIECE) for start in range(0, len(column), _PIECE))
    values = (value for piece in pieces for value in piece.to_pylist())
    hashes = np.fromiter(map(hash, values), dtype=np.int64, count=len(column))
    ordered = np.sort(hashes)
    return np.isin(hashes, ordered[1:][ordered[1:] == ordered[:-1]])


def _sorted(rows: pa.Table, numbers: _Numbers, by: Sequence[str]) -> tuple[_Numbers, pa.Table]:
    picked = rows.take(pa.array(numbers))
    order = pc.sort_indices(picked, [(name, "ascending") for name in by])
    return numbers[order.to_numpy()], picked.take(order)


def _starts(ordered: pa.Table, names: Sequence[str]) -> _Flags:
    """True where a new group of equal `names` begins."""
    starts = np.zeros(ordered.num_rows, dtype=np.bool_)
    starts[:1] = True
    for name in names:
        column = ordered[name]
        starts[1:] |= pc.not_equal(column[1:], column[: max(len(column) - 1, 0)]).to_numpy()
    return starts


def _named(rows: pa.Table, numbers: _Numbers, reason: str) -> pa.Table:
    named = rows.select(["id", "source", "row"]).take(pa.array(numbers))
    return named.append_column("reason", pa.array([reason] * len(numbers), pa.string()))
