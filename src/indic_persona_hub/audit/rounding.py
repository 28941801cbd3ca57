"""Numbers as `audit.json` has them."""

from __future__ import annotations

import math


def number(value: float | None) -> float | None:
    """Six significant digits; None for what is no finite number."""
    if value is None or not math.isfinite(value):
        return None
    return float(f"{value:.6g}")
