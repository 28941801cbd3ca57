"""Level bars with an optional mark: shares, distances and the noise beside them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from indic_persona_hub.audit.page.markup import Markup, element, join, label, line, svg
from indic_persona_hub.audit.page.wording import NOTHING, shortened

_NAMES: Final = 290
_LENGTH: Final = 300
_FIGURES: Final = 200
_STEP: Final = 24
_LETTERS: Final = 44


class Bar(NamedTuple):
    """A bar: its name, its length, the words at its end, and where a mark stands."""

    name: str
    value: float | None
    words: str
    mark: float | None = None
    kind: str = "bar"


def bars(rows: Sequence[Bar], *, title: str, description: str, most: float | None = None) -> Markup:
    """The bars as SVG, all on one scale from nought.

    Args:
        rows: From the top. One without a value has no bar, and its words alone.
        title: What the bars show, for those who do not see them.
        description: What to read from them, for the same.
        most: The value of a full bar; the largest value or mark where none is given.
    """
    full = most or max((max(row.value or 0.0, row.mark or 0.0) for row in rows), default=0) or 1.0
    drawn = [_drawn(row, place * _STEP, full) for place, row in enumerate(rows)]
    return svg(_NAMES + _LENGTH + _FIGURES, len(rows) * _STEP + 4, title, description, *drawn)


def _drawn(row: Bar, y: float, full: float) -> Markup:
    name = element(
        "text",
        {"x": _NAMES - 8, "y": y + 16, "text-anchor": "end"},
        shortened(row.name, _LETTERS),
        element("title", None, row.name),
    )
    track = _box("track", y, _LENGTH)
    bar = _box(row.kind, y, _length(row.value, full)) if row.value else None
    at = _NAMES + _length(row.mark, full)
    mark = line("mark", at, y + 2, at, y + 22) if row.mark is not None else None
    words = label(_NAMES + _LENGTH + 8, y + 16, row.words or NOTHING, "figure")
    return join(name, track, bar, mark, words)


def _box(kind: str, y: float, width: float) -> Markup:
    return element("rect", {"class": kind, "x": _NAMES, "y": y + 5, "width": width, "height": 14})


def _length(value: float | None, full: float) -> float:
    return _LENGTH * min(max((value or 0.0) / full, 0.0), 1.0)
