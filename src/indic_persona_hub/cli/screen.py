"""What a person sees while a build works: bars on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

_LINE_EVERY_S = 5.0
_DOWNLOAD = "download"


class Screen:
    """Tells a build's progress on standard error; see `run.progress.Progress`."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False, soft_wrap=True)
        self._bars: Progress | None = None
        if sys.stderr.isatty():
            columns = (
                TextColumn("{task.description:<28}"),
                BarColumn(bar_width=30),
                MofNCompleteColumn(),
                TextColumn("{task.fields[noun]}"),
                TimeElapsedColumn(),
            )
            self._bars = Progress(*columns, console=self._console)
        self._tasks: dict[str, Any] = {}
        self._done: dict[str, list[int]] = {}
        self._spoke_at = 0.0

    def live(self) -> AbstractContextManager[object]:
        """Show the bars while inside."""
        return nullcontext() if self._bars is None else self._bars

    def say(self, line: str) -> None:
        """Print a line above the bars."""
        self._console.print(line, markup=False)

    def start(self, step: str, noun: str) -> None:
        """See `Progress`."""
        self._done[step] = [0, 0]
        if self._bars is not None:
            self._tasks[step] = self._bars.add_task(step, total=None, noun=noun)

    def expect(self, step: str, units: int) -> None:
        """See `Progress`."""
        self._done[step][1] += units
        if self._bars is not None:
            self._bars.update(self._tasks[step], total=self._done[step][1])

    def advance(self, step: str, units: int = 1) -> None:
        """See `Progress`."""
        self._done[step][0] += units
        if self._bars is not None:
            self._bars.advance(self._tasks[step], units)
        elif time.monotonic() - self._spoke_at > _LINE_EVERY_S:
            self._spoke_at = time.monotonic()
            done, expected = self._done[step]
            self.say(f"{step}: {done}" + (f" of {expected}" if expected else ""))

    def finish(self, step: str, summary: str) -> None:
        """See `Progress`."""
        if self._bars is not None:
            self._bars.remove_task(self._tasks.pop(step))
        self.say(f"{step:<28} {summary}")

    def download(self, done_bytes: int, all_bytes: int) -> None:
        """See `Progress`."""
        if _DOWNLOAD not in self._done:
            self.start(_DOWNLOAD, "bytes")
            self.expect(_DOWNLOAD, all_bytes)
        self.advance(_DOWNLOAD, done_bytes - self._done[_DOWNLOAD][0])
        if done_bytes >= all_bytes:
            self.finish(_DOWNLOAD, f"{all_bytes / 1e6:,.0f} MB")
            del self._done[_DOWNLOAD]
