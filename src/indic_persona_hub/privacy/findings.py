"""What was found in a text, and where."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple


class Finding(NamedTuple):
    """Something in a text that tells of a real person.

    Attributes:
        kind: What it is, such as `phone` or `personal_name`.
        start: First character, from 0, of the text as it was given.
        end: One past the last character.
        valid: Whether its check digit, or where it has none its structure, holds.
    """

    kind: str
    start: int
    end: int
    valid: bool


#: Texts to what was found in each, by `start`.
Detector = Callable[[Sequence[str]], list[list[Finding]]]
