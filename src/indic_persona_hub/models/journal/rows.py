"""Many rows in one step of SQLite.

Between two steps the thread must take the interpreter's lock back from a busy event loop, which can
take milliseconds: rows written or looked for one by one would take seconds.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, Final, TypeVar

T = TypeVar("T")

_MOST: Final = 512


def insert_rows(
    database: sqlite3.Connection, statement: str, rows: Sequence[tuple[Any, ...]]
) -> int:
    """Insert `rows` by a statement that goes on with their values; returns how many were."""
    inserted = 0
    for part in _powers(rows):
        cursor = database.execute(
            _with_rows(statement, len(part[0]), len(part)), tuple(chain.from_iterable(part))
        )
        inserted += cursor.rowcount
    return inserted


def execute_in(
    database: sqlite3.Connection,
    statement: str,
    values: Sequence[Any],
    *first: Any,
    after: str = "",
) -> list[Any]:
    """Run a statement over a list of `values`; returns the rows that it finds.

    Args:
        database: Where.
        statement: Ends in `IN`; the list follows. It runs once for every 512 values.
        values: Each counts once.
        first: Values of the statement's other places.
        after: What follows the list.
    """
    found: list[Any] = []
    for start in range(0, len(values), _MOST):
        part = values[start : start + _MOST]
        # As many places as the next power of two, so that few statements are ever prepared.
        places = 1 << (len(part) - 1).bit_length()
        padded = (*first, *part, *[part[-1]] * (places - len(part)))
        found += database.execute(_with_places(statement, places, after), padded).fetchall()
    return found


def _powers(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    start = 0
    while start < len(rows):
        size = min(1 << ((len(rows) - start).bit_length() - 1), _MOST)
        yield rows[start : start + size]
        start += size


@lru_cache(maxsize=256)
def _with_rows(statement: str, columns: int, rows: int) -> str:
    row = f"({', '.join('?' * columns)})"
    return f"{statement} VALUES {', '.join([row] * rows)}"


@lru_cache(maxsize=256)
def _with_places(statement: str, places: int, after: str) -> str:
    return f"{statement} ({', '.join('?' * places)}) {after}"
