"""Lines of a file that may be too long to hold in memory."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from indic_persona_hub.errors import SourceError
from indic_persona_hub.ingest.rows import Refused, visible

_HEAD_CHARACTERS = 2_000
_HEAD_BYTES = 4 * _HEAD_CHARACTERS  # a character has at most four
_SKIP_BYTES = 1 << 20
_BOM = b"\xef\xbb\xbf"


class Line(NamedTuple):
    """A line without its end, or, where `too_long`, only its beginning."""

    number: int
    content: bytes
    too_long: bool


def bounded_lines(path: Path, max_bytes: int) -> Iterator[Line]:
    """Lines of a plain or gzipped (`.gz`) file, never holding more than `max_bytes` of one.

    Raises:
        SourceError: The file cannot be opened, or its compression is damaged.
    """
    try:
        with _opened(path) as file:
            yield from _split(file, max_bytes)
    except (OSError, EOFError, zlib.error) as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: Exception) -> SourceError:
    """The error for a file that the machine or its format does not let us read."""
    return SourceError(
        f"{path} cannot be read: {error}.",
        cure="Check that it is whole and may be read; fetch or write it again if it is not.",
    )


def refused_line(line: Line, max_bytes: int) -> Refused:
    """The rejection of a line that is too long."""
    head = visible(line.content)[:_HEAD_CHARACTERS]
    return Refused(line.number, "line_too_long", f"more than {max_bytes:,} bytes", head)


def _opened(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path, "rb")) if path.suffix == ".gz" else path.open("rb")


def _split(file: BinaryIO, max_bytes: int) -> Iterator[Line]:
    number = 0
    while content := file.readline(max_bytes + 1):
        number += 1
        if number == 1:
            content = content.removeprefix(_BOM)
        if len(content) > max_bytes and not content.endswith(b"\n"):
            yield Line(number, content[:_HEAD_BYTES], True)
            _skip_line(file)
        else:
            yield Line(number, content.rstrip(b"\r\n"), False)


def _skip_line(file: BinaryIO) -> None:
    while (rest := file.readline(_SKIP_BYTES)) and not rest.endswith(b"\n"):
        pass
