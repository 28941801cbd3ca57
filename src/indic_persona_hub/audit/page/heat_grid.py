"""A grid of cells, coloured as the maps are: one dimension down, one across."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from indic_persona_hub.audit.page.markup import Markup, element, join, label, svg
from indic_persona_hub.audit.page.shades import Amount, tile
from indic_persona_hub.audit.page.wording import shortened

_SIDE: Final = 17
_GAP: Final = 2
_WIDE: Final = 46
_LETTERS: Final = 6.6
#: Letters of the longest name shown down and across.
_LONGEST: Final = (42, 26)
_NOTHING_KNOWN: Final = Amount(None, None)


def heat_grid(
    values: Mapping[tuple[str, str], Amount],
    rows: Sequence[tuple[str, str]],
    columns: Sequence[tuple[str, str]],
    *,
    title: str,
    description: str,
) -> Markup:
    """The grid as SVG.

    Args:
        values: Rows of a cell by the keys of its line and column.
        rows: Key and name of each line, from the top.
        columns: Key and name of each column, from the left.
        title: What the grid shows, for those who do not see it.
        description: What to read from it, for the same.
    """
    rows = [(key, shortened(name, _LONGEST[0])) for key, name in rows]
    columns = [(key, shortened(name, _LONGEST[1])) for key, name in columns]
    left = 12 + _LETTERS * max((len(name) for _, name in rows), default=0)
    top = 14 + 4.8 * max((len(name) for _, name in columns), default=0)
    lines = [
        _line(values, row, columns, left, top + place * (_SIDE + _GAP))
        for place, row in enumerate(rows)
    ]
    heads = [_head(name, left + place * _WIDE, top) for place, (_, name) in enumerate(columns)]
    width = left + len(columns) * _WIDE + 90
    height = top + len(rows) * (_SIDE + _GAP) + 4
    cells = element("g", {"class": "cells"}, *lines)
    return svg(width, height, title, description, *heads, cells)


def _line(
    values: Mapping[tuple[str, str], Amount],
    row: tuple[str, str],
    columns: Sequence[tuple[str, str]],
    left: float,
    y: float,
) -> Markup:
    key, name = row
    cells = (
        tile(
            left + place * _WIDE,
            y,
            _SIDE,
            values.get((key, column), _NOTHING_KNOWN),
            f"{name}, {words}",
            width=_WIDE - _GAP,
        )
        for place, (column, words) in enumerate(columns)
    )
    return join(label(left - 8, y + 13, name, anchor="end"), *cells)


def _head(name: str, x: float, top: float) -> Markup:
    middle, base = x + _WIDE / 2, top - 6
    turned = f"rotate(-45 {middle:.0f} {base:.0f})"
    return element("text", {"x": f"{middle:.0f}", "y": f"{base:.0f}", "transform": turned}, name)
