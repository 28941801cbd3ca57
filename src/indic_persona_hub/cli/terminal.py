"""What every table on a terminal shares."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text


def terminal() -> Console:
    """Standard output, with neither colour nor cut lines where it is no terminal."""
    return Console(highlight=False, soft_wrap=True)


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """A table without lines: the first column to the left, all others to the right."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for number, heading in enumerate(headings):
        made.add_column(heading, justify="left" if number == 0 else "right")
    for row in rows:
        made.add_row(*(Text(_shown(cell)) for cell in row))
    return made


def _shown(cell: object) -> str:
    if cell is None:
        return "-"
    if isinstance(cell, float):
        return f"{cell:,.2f}"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)
