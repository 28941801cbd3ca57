"""Tables and texts of a card in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], left: Sequence[int] = (0,)) -> str:
    """A Markdown table, padded; columns not in `left` are right-aligned."""
    lines = [list(heads), *map(list, rows)]
    widths = [max(3, *(len(line[place]) for line in lines)) for place in range(len(heads))]
    marks = [
        "-" * width if place in left else "-" * (width - 1) + ":"
        for place, width in enumerate(widths)
    ]
    padded = [
        [
            cell.ljust(width) if place in left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        for line in lines
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in (padded[0], marks, *padded[1:]))


def plain(text: str) -> str:
    """Text that Markdown shows as it is: no table break, no markup, no picture fetched."""
    one_line = " ".join(text.split())
    for mark in "\\`*|[]<":
        one_line = one_line.replace(mark, "&lt;" if mark == "<" else f"\\{mark}")
    return one_line
