"""Sentences of a short text in any script."""

from __future__ import annotations

import re
from typing import Final

_END: Final = re.compile(r"(?<=[.!?।॥۔])\s+(?=[^a-z\s])|\n+")


def sentences(text: str) -> list[str]:
    """The sentences of `text`, without the space around them; none is empty."""
    parts = (one.strip() for one in _END.split(text))
    return [one for one in parts if one]
