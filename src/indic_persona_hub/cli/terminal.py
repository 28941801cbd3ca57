"""What every table on a terminal shares."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

#: Characters; a row of a table stays one line in a file or a pipe.
_NO_LIMIT: Final = 10_000


def terminal() -> Console:
    """Standard output, with neither colour nor cut lines where it is no terminal."""
    console = Console(highlight=False, soft_wrap=True)
    if not console.is_terminal:
        console.width = _NO_LIMIT
    return console


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """A table without lines: the first column to the left, all others to the right."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for number, heading in enumerate(headings):
        made.add_column(heading, justify="left" if number == 0 else "right", no_wrap=number > 0)
    for row in rows:
        made.add_row(*(Text(_shown(cell)) for cell in row))
    return made


def _shown(cell: object) -> str:
    if cell is None:
        return "-"
    if isinstance(cell, float):
        return f"{cell:,.2f}"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)
