"""What a person sees while a build works: bars and a panel on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from indic_persona_hub.run.memory import resident_mb

if TYPE_CHECKING:
    from indic_persona_hub.run.watching import Reading

_LINE_EVERY_S = 5.0
_MODELS_EVERY_S = 15.0
_QUIET_S = 30.0
_SAMPLED_EVERY_S = 0.5
_FRAMES_PER_S = 4
_DOWNLOAD = "download"
#: Less memory than this is nothing to say.
_WORTH_SAYING_MB = 1_000


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
                TextColumn("{task.fields[pace]}"),
                console=self._console,
                auto_refresh=False,
            )
        self._tasks: dict[str, Any] = {}
        self._done: dict[str, list[int]] = {}
        self._begun_at: dict[str, float] = {}
        self._nouns: dict[str, str] = {}
        self._peak_mb = 0.0
        self._step = ""
        self._reading: Callable[[], Reading] | None = None
        self._spoke_at = self._spoke_of_models_at = 0.0

    @contextmanager
    def live(self) -> Iterator[None]:
        """Show the bars and the models while inside; watch the memory."""
        ended = threading.Event()
        watcher = threading.Thread(target=self._watch, args=(ended,), daemon=True)
        watcher.start()
        try:
            if self._bars is None:
                yield
                return
            live = Live(
                get_renderable=self._whole, console=self._console, refresh_per_second=_FRAMES_PER_S
            )
            with live:
                yield
        finally:
            ended.set()
            watcher.join()

    def _watch(self, ended: threading.Event) -> None:
        """Note the most memory of each step, and say that a quiet step is at work."""
        while not ended.wait(_SAMPLED_EVERY_S):
            self._peak_mb = max(self._peak_mb, resident_mb() or 0.0)
            now = time.monotonic()
            if self._bars is None and self._step and now - self._spoke_at > _QUIET_S:
                self._speak(now)

    def _speak(self, now: float) -> None:
        step = self._step
        if step not in self._begun_at:
            return
        self._spoke_at = now
        done, expected = self._done[step]
        count = f"{done:,} of {expected:,} {self._nouns[step]}, " if expected else ""
        self.say(f"{step}: {count}{self._pace(step)}")

    def _pace(self, step: str) -> str:
        done, expected = self._done[step]
        return pace_line(done, expected, time.monotonic() - self._begun_at[step], resident_mb())

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
        self._nouns[step] = noun
        self._begun_at[step] = self._spoke_at = time.monotonic()
        self._peak_mb = 0.0
        self._step = step
        if self._bars is not None:
            self._tasks[step] = self._bars.add_task(step, total=None, noun=noun, pace="")

    def expect(self, step: str, units: int) -> None:
        """See `Progress`."""
        self._done[step][1] += units
        if self._bars is not None:
            self._bars.update(self._tasks[step], total=self._done[step][1])

    def advance(self, step: str, units: int = 1) -> None:
        """See `Progress`."""
        self._done[step][0] += units
        if self._bars is not None:
            self._bars.update(self._tasks[step], advance=units, pace=self._pace(step))
            return
        now = time.monotonic()
        if now - self._spoke_at > _LINE_EVERY_S:
            self._speak(now)
        if now - self._spoke_of_models_at > _MODELS_EVERY_S:
            self._spoke_of_models_at = now
            if line := self._models():
                self.say(line)

    def finish(self, step: str, summary: str) -> None:
        """See `Progress`."""
        if self._bars is not None:
            self._bars.remove_task(self._tasks.pop(step))
        self._begun_at.pop(step, None)
        peak_mb = max(self._peak_mb, resident_mb() or 0.0)
        memory = f", {peak_mb / 1e3:.1f} GB" if peak_mb >= _WORTH_SAYING_MB else ""
        self.say(f"{step:<28} {summary}{memory}")

    def download(self, done_bytes: int, all_bytes: int) -> None:
        """See `Progress`."""
        if _DOWNLOAD not in self._done:
            self.start(_DOWNLOAD, "bytes")
            self.expect(_DOWNLOAD, all_bytes)
        self.advance(_DOWNLOAD, done_bytes - self._done[_DOWNLOAD][0])
        if done_bytes >= all_bytes:
            self.finish(_DOWNLOAD, f"{all_bytes / 1e6:,.0f} MB")
            del self._done[_DOWNLOAD]


def pace_line(done: int, expected: int, seconds: float, memory_mb: float | None) -> str:
    """How fast it goes, how much memory is held, and how long it will take from here."""
    parts = []
    if done and seconds > 0:
        parts.append(f"{done / seconds:,.0f}/s")
    if memory_mb is not None:
        parts.append(f"{memory_mb / 1e3:.1f} GB")
    if 0 < done < expected:
        parts.append(f"{_duration(seconds * (expected - done) / done)} left")
    elif not done:
        parts.append(f"at work for {_duration(seconds)}")
    return ", ".join(parts)


def _duration(seconds: float) -> str:
    minutes, left = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return (
        f"{hours} h {minutes} min"
        if hours
        else f"{minutes} min {left} s"
        if minutes
        else f"{left} s"
    )


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
