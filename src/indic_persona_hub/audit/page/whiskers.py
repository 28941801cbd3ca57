"""Dots with their intervals on a log axis: ratios around 1, or shares beside official marks."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from indic_persona_hub.audit.page.markup import Markup, element, join, label, line, svg
from indic_persona_hub.audit.page.wording import shortened

_NAMES: Final = 340
_LENGTH: Final = 300
_FIGURES: Final = 190
_STEP: Final = 22
#: Between nought, which no log axis reaches, and the axis.
_NOUGHT: Final = 34
_TOP: Final = 26
_LETTERS: Final = 52


class Whisker(NamedTuple):
    """A dot with its interval; `mark` is where it ought to be, `kind` the class that colours it."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    words: str
    kind: str = ""
    mark: float | None = None


def whiskers(
    rows: Sequence[Whisker],
    *,
    title: str,
    description: str,
    tick_words: Callable[[float], str],
    base: float = 2.0,
    centre: float | None = None,
    within: tuple[float, float] = (1e-5, 1e5),
) -> Markup:
    """The dots as SVG. A value of nought is a square left of the axis.

    Args:
        rows: From the top. One without a value has its words alone.
        title: What the plot shows, for those who do not see it.
        description: What to read from it, for the same.
        tick_words: How a tick is written.
        base: Ticks stand at powers of this number.
        centre: Where a line is drawn through the plot.
        within: What lies outside of these bounds is drawn at the edge.
    """
    axis = _Axis.around(rows, base, centre, within)
    height = _TOP + len(rows) * _STEP + 8
    grid = [
        join(
            line("grid", axis.x(tick), _TOP - 4, axis.x(tick), height - 4),
            label(axis.x(tick), _TOP - 9, tick_words(tick), "tick", "middle"),
        )
        for tick in axis.ticks()
    ]
    middle = line("centre", axis.x(centre), _TOP - 4, axis.x(centre), height - 4) if centre else ""
    drawn = [_drawn(row, axis, _TOP + place * _STEP) for place, row in enumerate(rows)]
    return svg(_NAMES + _LENGTH + _FIGURES, height, title, description, *grid, middle, *drawn)


class _Axis(NamedTuple):
    low: float  # powers of the base
    high: float
    base: float
    start: float  # pixels

    @classmethod
    def around(
        cls,
        rows: Sequence[Whisker],
        base: float,
        centre: float | None,
        within: tuple[float, float],
    ) -> _Axis:
        """From the least to the greatest of what is drawn, to whole powers of the base."""
        seen = [
            min(max(amount, within[0]), within[1])
            for row in rows
            for amount in (row.value, row.mark, *((row.low, row.high) if row.value else ()))
            if amount
        ] + ([centre] if centre else [])
        powers = [math.log(amount, base) for amount in seen] or [0.0]
        low, high = math.floor(min(powers) + 1e-9), math.ceil(max(powers) - 1e-9)
        nought = any(row.value == 0 for row in rows)
        return cls(low, max(high, low + 2), base, _NAMES + nought * _NOUGHT)

    def x(self, value: float) -> float:
        """Where a value stands, at the nearest edge if it is outside of the axis."""
        if value <= 0:
            return _NAMES
        part = (math.log(value, self.base) - self.low) / (self.high - self.low)
        return self.start + (_NAMES + _LENGTH - self.start) * min(max(part, 0.0), 1.0)

    def shows(self, value: float) -> bool:
        """Whether the value is on the axis and not beyond an edge."""
        return self.low <= math.log(value, self.base) <= self.high

    def ticks(self) -> list[float]:
        step = math.ceil((self.high - self.low) / 10)
        whole = range(int(self.low), int(self.high) + 1)
        ticks = [self.base**power for power in whole if power % step == 0]
        return [0.0, *ticks] if self.start > _NAMES else ticks


def _drawn(row: Whisker, axis: _Axis, y: float) -> Markup:
    middle = y + _STEP / 2
    name = element(
        "text",
        {"x": _NAMES - 12, "y": middle + 4, "text-anchor": "end"},
        shortened(row.name, _LETTERS),
        element("title", None, row.name),
    )
    words = label(_NAMES + _LENGTH + 12, middle + 4, row.words, "figure")
    shapes = [_bounds(row, axis, middle), _mark(row, axis, middle), _dot(row, axis, middle)]
    return join(name, element("g", {"class": f"whisker {row.kind}".strip()}, *shapes), words)


def _bounds(row: Whisker, axis: _Axis, y: float) -> Markup | None:
    if row.value is None or (row.low is None and row.high is None):
        return None
    left, right = axis.x(row.low or 0.0), axis.x(row.high) if row.high else _NAMES + _LENGTH
    ends = [
        line("span", axis.x(bound), y - 4, axis.x(bound), y + 4)
        for bound in (row.low, row.high)
        if bound and axis.shows(bound)
    ]
    return join(line("span", left, y, right, y), *ends)


def _mark(row: Whisker, axis: _Axis, y: float) -> Markup | None:
    return line("mark", axis.x(row.mark), y - 9, axis.x(row.mark), y + 9) if row.mark else None


def _dot(row: Whisker, axis: _Axis, y: float) -> Markup | None:
    if row.value is None:
        return None
    x = axis.x(row.value)
    if row.value > 0:
        return element("circle", {"class": "dot", "cx": x, "cy": y, "r": 4.5})
    return element("rect", {"class": "dot", "x": x - 4, "y": y - 4, "width": 8, "height": 8})
