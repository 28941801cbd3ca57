"""Rows of a Parquet file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from indic_persona_hub.errors import SourceError
from indic_persona_hub.ingest.rows import Field, Fields, Refused, Row, check_columns, visible

_BATCH_ROWS = 1_000
_BUFFER_BYTES = 1 << 20


def read_parquet(path: Path, fields: Fields, max_line_bytes: int) -> Iterator[Row | Refused]:
    """Rows of a Parquet file, page by page; page checksums are verified where it has them.

    Raises:
        SourceError: The file is cut off or corrupt, or a mapped column is not in it.
    """
    number = 0
    for batch in _batches(path, fields):
        columns = {ours: _cells(batch.column(theirs)) for ours, theirs in fields.items()}
        for cells in zip(*columns.values(), strict=True):
            number += 1
            yield _row(number, dict(zip(columns, cells, strict=True)), max_line_bytes)


def _batches(path: Path, fields: Fields) -> Iterator[pa.RecordBatch]:
    try:
        with pq.ParquetFile(
            path, page_checksum_verification=True, buffer_size=_BUFFER_BYTES
        ) as file:
            check_columns(path, fields, file.schema_arrow.names)
            wanted = list(dict.fromkeys(fields.values()))
            yield from file.iter_batches(batch_size=_BATCH_ROWS, columns=wanted)
    except (pa.ArrowException, OSError) as error:
        raise not_whole(path, error) from error


def not_whole(path: Path, error: Exception) -> SourceError:
    """The error for a Parquet file that cannot be read to its end."""
    return SourceError(
        f"{path} is not a whole Parquet file: {error}.",
        cure="It is cut off or damaged: fetch or write it again, or take it out of the source.",
    )


def _cells(column: pa.Array) -> Sequence[object]:
    """Python values, with text as bytes: what a file calls a string need not be UTF-8."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        column = column.cast(pa.large_binary())
    values: list[object] = column.to_pylist()
    return values


def _row(number: int, cells: dict[Field, object], max_bytes: int) -> Row | Refused:
    text = cells["text"]
    values = {ours: visible(one) if isinstance(one, bytes) else one for ours, one in cells.items()}
    if isinstance(text, bytes):
        if len(text) > max_bytes:
            head = visible(text[:8_000])[:2_000]
            return Refused(number, "line_too_long", f"more than {max_bytes:,} bytes", head)
        try:
            values["text"] = text.decode("utf-8")
        except UnicodeDecodeError as error:
            return Refused(number, "invalid_utf8", f"at byte {error.start}", visible(text))
    return Row(number, values)
