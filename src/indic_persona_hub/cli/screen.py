"""What a person sees while a build works: bars and a panel on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

if TYPE_CHECKING:
    from indic_persona_hub.run.watching import Reading

_LINE_EVERY_S = 5.0
_MODELS_EVERY_S = 15.0
_FRAMES_PER_S = 4
_DOWNLOAD = "download"


class Screen:
    """Tells a build's progress on standard error; see `run.progress.Progress`."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False, soft_wrap=True)
        self._bars: Progress | None = None
        if sys.stderr.isatty():
            self._bars = Progress(
                TextColumn("{task.description:<28}"),
                BarColumn(bar_width=30),
                MofNCompleteColumn(),
                TextColumn("{task.fields[noun]}"),
                TimeElapsedColumn(),
                console=self._console,
                auto_refresh=False,
            )
        self._tasks: dict[str, Any] = {}
        self._done: dict[str, list[int]] = {}
        self._step = ""
        self._reading: Callable[[], Reading] | None = None
        self._spoke_at = self._spoke_of_models_at = 0.0

    def live(self) -> AbstractContextManager[object]:
        """Show the bars and the models while inside."""
        if self._bars is None:
            return nullcontext()
        return Live(
            get_renderable=self._whole, console=self._console, refresh_per_second=_FRAMES_PER_S
        )

    def _whole(self) -> RenderableType:
        assert self._bars is not None
        line = self._models()
        return Group(self._bars, Text(line)) if line else self._bars

    def _models(self) -> str:
        reading = self._reading() if self._reading else None
        if reading is None or not (reading.answered or reading.in_flight or reading.errors):
            return ""
        return models_line(reading, *self._done.get(self._step, (0, 0)))

    def say(self, line: str) -> None:
        """Print a line above the bars."""
        self._console.print(line, markup=False)

    def watch(self, reading: Callable[[], Reading]) -> None:
        """See `Progress`."""
        self._reading = reading

    def start(self, step: str, noun: str) -> None:
        """See `Progress`."""
        self._done[step] = [0, 0]
        self._step = step
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
            return
        now = time.monotonic()
        if now - self._spoke_at > _LINE_EVERY_S:
            self._spoke_at = now
            done, expected = self._done[step]
            self.say(f"{step}: {done}" + (f" of {expected}" if expected else ""))
        if now - self._spoke_of_models_at > _MODELS_EVERY_S:
            self._spoke_of_models_at = now
            if line := self._models():
                self.say(line)

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


def models_line(reading: Reading, done: int, expected: int) -> str:
    """The models in one line: rates, calls in flight of the limit, money, errors by kind."""
    parts = [
        f"{reading.requests_per_s:,.1f} replies/s",
        f"{reading.in_flight:,} in flight of {reading.limit:,}",
        f"{reading.tokens_per_s:,.0f} tokens/s",
    ]
    if reading.spent_usd:
        parts.append(f"{reading.spent_usd:.4f} USD")
        forecast_usd = reading.forecast_usd(done, expected)
        if forecast_usd is not None:
            parts.append(f"about {forecast_usd:.4f} USD at this step's end")
    parts += [f"{lane} waits {waits_s:.0f} s" for lane, waits_s in reading.waiting.items()]
    if reading.errors:
        ordered = sorted(reading.errors.items(), key=lambda one: -one[1])
        parts.append("failed: " + ", ".join(f"{kind} {count:,}" for kind, count in ordered))
    return "models: " + ", ".join(parts)
