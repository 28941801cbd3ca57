"""A text file is one page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from indic_persona_hub.ingest.lines import Line, refused_line, unreadable
from indic_persona_hub.ingest.rows import Refused, Row, visible


def read_text(path: Path, max_bytes: int) -> Iterator[Row | Refused]:
    """The file as one row; its title is the file's stem.

    Raises:
        SourceError: The file cannot be read.
    """
    try:
        with path.open("rb") as file:
            content = file.read(max_bytes + 1)
    except OSError as error:
        raise unreadable(path, error) from error
    if len(content) > max_bytes:
        yield refused_line(Line(1, content[:8_000], True), max_bytes)
        return
    try:
        yield Row(1, {"text": content.decode("utf-8-sig"), "title": path.stem})
    except UnicodeDecodeError as error:
        yield Refused(1, "invalid_utf8", f"at byte {error.start}", visible(content))
