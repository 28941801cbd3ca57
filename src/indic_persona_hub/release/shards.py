"""Rows into files: exact rows a file, the same bytes however the rows were sliced."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

import pyarrow as pa
import pyarrow.parquet as pq

from indic_persona_hub.release.layout import COMPACT, compact_name, detailed_name, file_rows
from indic_persona_hub.release.lines import detailed_lines

#: Rows of a Parquet row group: about 20 MB of persona text, small enough to stream.
GROUP_ROWS: Final = 20_000


def write_pair(
    tables: Iterable[pa.Table],
    folder: Path,
    *,
    number: int,
    sizes: Sequence[int],
    seen: Callable[[pa.Table], None],
) -> None:
    """Write the rows of `tables` (see `kept.kept_rows`) as compact and detailed file `number`.

    Args:
        sizes: Rows of every file of the release.
        seen: Called with each group of rows that was written, in order.

    Raises:
        OSError: A file cannot be written.
        ValueError: There are fewer or more rows than the file holds.
    """
    source = _Regrouped(tables)
    compact = folder / compact_name(number, len(sizes))
    detailed = folder / detailed_name(number, len(sizes))
    with _parquet(compact) as parquet, durable(detailed) as lines:
        for group_rows in file_rows(sizes[number], GROUP_ROWS):
            group = source.take(group_rows)
            # Chunks of a column move the borders of its pages, so one chunk each.
            parquet.write_table(
                group.select(COMPACT.names).cast(COMPACT).combine_chunks(), group_rows
            )
            lines.write(detailed_lines(group))
            seen(group)
    source.expect_end()


@contextmanager
def durable(path: Path) -> Iterator[IO[bytes]]:
    """A new file, on the disk when the block ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as sink:
        yield sink
        sink.flush()
        os.fsync(sink.fileno())


@contextmanager
def _parquet(path: Path) -> Iterator[pq.ParquetWriter]:
    with (
        durable(path) as sink,
        pq.ParquetWriter(
            sink,
            COMPACT,
            compression="zstd",
            use_dictionary=["domain"],
            write_page_index=True,
            write_page_checksum=True,
        ) as writer,
    ):
        yield writer


class _Regrouped:
    """Tables of any size, taken in groups of a given size."""

    def __init__(self, tables: Iterable[pa.Table]) -> None:
        self._tables = iter(tables)
        self._held: list[pa.Table] = []

    def take(self, rows: int) -> pa.Table:
        while (held := sum(one.num_rows for one in self._held)) < rows:
            try:
                self._held.append(next(self._tables))
            except StopIteration:
                raise ValueError(f"{rows - held} rows are missing at the end") from None
        whole = pa.concat_tables(self._held)
        self._held = [whole.slice(rows)]
        return whole.slice(0, rows)

    def expect_end(self) -> None:
        left = sum(one.num_rows for one in (*self._held, *self._tables))
        if left:
            raise ValueError(f"{left} rows are left over")
