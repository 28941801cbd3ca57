"""Numbers as people read them."""

from __future__ import annotations

import math
from typing import Any, Final

#: Stands where nothing is known.
NOTHING: Final = "–"


def finite(value: Any) -> float | None:
    """A number of the audit, or None where it is null or not a number at all."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def count(value: Any) -> str:
    """Rows or persons: 1,210,854,977; with a decimal where there are fewer than ten: 0.4."""
    amount = finite(value)
    if amount is None:
        return NOTHING
    if amount == int(amount) or amount >= 9.95:
        return f"{amount:,.0f}"
    return f"{amount:.1f}" if amount >= 0.05 else "under 0.1"


def share(value: Any) -> str:
    """A share in per cent, with the figures that say something: 62.3%, 3.2%, 0.031%."""
    part = finite(value)
    if part is None:
        return NOTHING
    percent = 100 * part
    if percent in (0, 100):
        return f"{percent:.0f}%"
    if percent < 0.001:
        return "under 0.001%"
    if 99.95 <= percent < 100:
        return "over 99.9%"
    places = 1 if percent >= 0.995 else 1 - math.floor(math.log10(percent))
    return f"{percent:.{places}f}%"


def ratio(value: Any) -> str:
    """How many times as many as expected: 1.25×, 0.031×, 40×."""
    times = finite(value)
    if times is None:
        return NOTHING
    if times == 0:
        return "0×"
    places = 0 if times >= 10 else 2 if times >= 0.1 else 3
    return f"{times:,.{places}f}×" if times >= 0.0005 else "under 0.001×"


def ratio_tick(value: float) -> str:
    """Nought or a power of two on an axis: 0, 1/4, 1, 8."""
    return f"{value:,.0f}" if value >= 1 or value == 0 else f"1/{1 / value:,.0f}"


def share_tick(value: float) -> str:
    """Nought or a power of ten on an axis of shares: 0%, 0.01%, 10%."""
    return f"{100 * value:g}%"


def interval(bounds: Any) -> str:
    """The bounds of a 95% interval of a ratio: 0.84 to 1.02."""
    low, high = ends(bounds)
    if low is None and high is None:
        return NOTHING
    return f"{ratio(low or 0.0)[:-1]} to {ratio(high)[:-1] if high is not None else 'any'}"


def ends(bounds: Any) -> tuple[float | None, float | None]:
    """Low and high of an interval, each None where the audit has none."""
    if not isinstance(bounds, list | tuple) or len(bounds) != 2:
        return None, None
    return finite(bounds[0]), finite(bounds[1])


def score(value: Any) -> str:
    """A z value or another plain number with two decimals."""
    amount = finite(value)
    return NOTHING if amount is None else f"{amount:,.{0 if abs(amount) >= 100 else 2}f}"


def small(value: Any) -> str:
    """A number near nought, as a p value: 0.031, under 0.0001."""
    amount = finite(value)
    if amount is None:
        return NOTHING
    return "under 0.0001" if 0 <= amount < 0.0001 else f"{amount:.4f}"


def named(value: str) -> str:
    """A code name in words: `rural_women` as rural women."""
    return value.replace("_", " ")


def many(amount: int, noun: str) -> str:
    """A number with its noun: 1 row, 2,000 rows."""
    return f"{amount:,} {noun}" + ("" if amount == 1 else "s")


def shortened(text: str, characters: int) -> str:
    """Text cut to a number of characters, with a mark where it was cut."""
    return text if len(text) <= characters else text[: characters - 1].rstrip() + "…"
