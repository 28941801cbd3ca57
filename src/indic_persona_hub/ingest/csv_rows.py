"""Rows of a CSV file: RFC 4180, comma-separated, with a header."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from indic_persona_hub.ingest.lines import Line, bounded_lines, refused_line
from indic_persona_hub.ingest.rows import Fields, Refused, Row, check_columns, visible


def read_csv(path: Path, fields: Fields, max_line_bytes: int) -> Iterator[Row | Refused]:
    """Rows of a CSV file, by the line that they begin in; a broken row is refused, not repaired.

    Raises:
        SourceError: The file cannot be read, or a mapped column is not in its header.
    """
    csv.field_size_limit(max(csv.field_size_limit(), max_line_bytes))
    feed = _Feed(bounded_lines(path, max_line_bytes))
    reader = csv.reader(feed, strict=True)
    header: list[str] | None = None
    while True:
        start = feed.begin_row()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except _LineTooLongError:
            yield refused_line(feed.last, max_line_bytes)._replace(number=start)
        except csv.Error as error:
            yield Refused(start, "broken_row", f"to line {feed.last.number}: {error}", feed.raw())
        else:
            if header is None:
                header = cells
                check_columns(path, fields, header)
            elif cells:
                yield _row(start, cells, header, fields, feed)


def _row(
    start: int, cells: list[str], header: list[str], fields: Fields, feed: _Feed
) -> Row | Refused:
    if not feed.is_utf8:
        return Refused(start, "invalid_utf8", "", feed.raw())
    if len(cells) != len(header):
        detail = f"{len(cells)} cells under a header of {len(header)}"
        return Refused(start, "broken_row", detail, feed.raw())
    values = dict(zip(header, cells, strict=True))
    return Row(start, {ours: values[theirs] for ours, theirs in fields.items()}, feed.raw())


class _LineTooLongError(Exception):
    pass


class _Feed:
    """Lines for the csv module, remembering those of the row in work.

    An iterator rather than a generator: it must go on after it has raised.
    """

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._taken: list[bytes] = []
        self.last = Line(0, b"", False)
        self.is_utf8 = True

    def begin_row(self) -> int:
        self._taken.clear()
        self.is_utf8 = True
        return self.last.number + 1

    def raw(self) -> str:
        return visible(b"\n".join(self._taken))

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        self.last = next(self._lines)
        if self.last.too_long:
            raise _LineTooLongError
        self._taken.append(self.last.content)
        try:
            return self.last.content.decode("utf-8") + "\n"
        except UnicodeDecodeError:
            self.is_utf8 = False
            return visible(self.last.content) + "\n"
