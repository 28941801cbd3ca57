"""An age pyramid: bars of what is observed, outlines of the official figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from indic_persona_hub.audit.page.markup import Markup, element, join, label, line, svg
from indic_persona_hub.audit.page.wording import share

_HALF: Final = 300
_MIDDLE: Final = 70
_STEP: Final = 30
_TOP: Final = 28
#: Steps of the axis, in shares of all.
_STEPS: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2)
_MOST_TICKS: Final = 6


def pyramid(
    bands: Sequence[str],
    left: Mapping[str, tuple[float, float]],
    right: Mapping[str, tuple[float, float]],
    sides: tuple[str, str],
    *,
    title: str,
    description: str,
) -> Markup:
    """The pyramid as SVG, the last band on top.

    Args:
        bands: Age bands from the youngest.
        left: Observed and official share of all by band, drawn to the left.
        right: The same, drawn to the right.
        sides: What the two sides are called.
        title: What the plot shows, for those who do not see it.
        description: What to read from it, for the same.
    """
    pairs = [*left.values(), *right.values()]
    full = max((part for pair in pairs for part in pair), default=0.0) or 1.0
    width, height = 2 * _HALF + _MIDDLE, _TOP + len(bands) * _STEP + 26
    rows = [
        join(
            _side(f"{sides[0]}, {band}", _TOP + place * _STEP, left.get(band, (0, 0)), full, -1),
            _side(f"{sides[1]}, {band}", _TOP + place * _STEP, right.get(band, (0, 0)), full, 1),
            label(_HALF + _MIDDLE / 2, _TOP + place * _STEP + 19, band, "", "middle"),
        )
        for place, band in enumerate(reversed(bands))
    ]
    heads = [
        label(_HALF / 2, 16, sides[0], "name", "middle"),
        label(_HALF * 1.5 + _MIDDLE, 16, sides[1], "name", "middle"),
    ]
    return svg(width, height, title, description, *_grid(full, height), *heads, *rows)


def _side(name: str, y: float, pair: tuple[float, float], full: float, towards: int) -> Markup:
    observed, official = (_HALF * part / full for part in pair)
    start = _HALF + (_MIDDLE if towards > 0 else 0)
    bar = {
        "class": "bar",
        "x": start if towards > 0 else start - observed,
        "y": y + 6,
        "width": observed,
        "height": _STEP - 12,
    }
    end = start + towards * official
    outline = f"M{start:.1f} {y + 2:.1f}H{end:.1f}V{y + _STEP - 2:.1f}H{start:.1f}"
    tip = f"{name}: {share(pair[0])} observed, {share(pair[1])} official"
    return element(
        "g",
        None,
        element("title", None, tip),
        element("rect", bar),
        element("path", {"class": "outline", "d": outline}),
    )


def _grid(full: float, height: float) -> list[Markup]:
    step = next((each for each in _STEPS if full / each <= _MOST_TICKS), _STEPS[-1])
    lines = []
    for place in range(int(full / step) + 1):
        away = _HALF * place * step / full
        for x in (_HALF - away, _HALF + _MIDDLE + away):
            lines.append(line("grid", x, _TOP, x, height - 24))
            lines.append(label(x, height - 8, f"{100 * place * step:g}%", "tick", "middle"))
    return lines
