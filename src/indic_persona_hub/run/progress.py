"""What a build tells while it works."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from indic_persona_hub.run.watching import Reading


class Progress(Protocol):
    """Told by a build; called from several threads."""

    def say(self, line: str) -> None:
        """A line for the user."""
        ...

    def start(self, step: str, noun: str) -> None:
        """`step` begins; its work is counted in `noun` ("slices", "replies")."""
        ...

    def expect(self, step: str, units: int) -> None:
        """`step` has `units` more to do than was known so far."""
        ...

    def advance(self, step: str, units: int = 1) -> None:
        """`units` more of `step` are done."""
        ...

    def finish(self, step: str, summary: str) -> None:
        """`step` is done; `summary` says rows in, out and rejected."""
        ...

    def watch(self, reading: Callable[[], Reading]) -> None:
        """Models may be asked from now on; `reading` says how that goes, whenever it is called."""
        ...

    def download(self, done_bytes: int, all_bytes: int) -> None:
        """Weights are being fetched."""
        ...


class Silent:
    """Says nothing."""

    def say(self, line: str) -> None:
        """See `Progress`."""

    def start(self, step: str, noun: str) -> None:
        """See `Progress`."""

    def expect(self, step: str, units: int) -> None:
        """See `Progress`."""

    def advance(self, step: str, units: int = 1) -> None:
        """See `Progress`."""

    def finish(self, step: str, summary: str) -> None:
        """See `Progress`."""

    def watch(self, reading: Callable[[], Reading]) -> None:
        """See `Progress`."""

    def download(self, done_bytes: int, all_bytes: int) -> None:
        """See `Progress`."""
