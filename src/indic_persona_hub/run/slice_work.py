"""Work on slices: which are open, running them, and marking each in the ledger as it finishes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from indic_persona_hub.run.hub import Hub
from indic_persona_hub.run.ledger import Done, Ledger
from indic_persona_hub.run.progress import Progress
from indic_persona_hub.run.recipe import Recipe
from indic_persona_hub.run.steps import Step
from indic_persona_hub.run.workers import run_units


class SliceWork:
    """One build's hub, ledger and progress."""

    def __init__(self, recipe: Recipe, hub: Hub, ledger: Ledger, progress: Progress) -> None:
        self.recipe = recipe
        self.hub = hub
        self.ledger = ledger
        self.progress = progress
        self.slices = recipe.engine.slices

    def open_slices(self, step: Step, slices: int | None = None) -> list[int]:
        """Slices of `step` that are not done under its fingerprint, or whose files are gone."""
        done = self.ledger.done_slices(step.name, step.fingerprint)
        return [
            number
            for number in range(self.slices if slices is None else slices)
            if number not in done or not self._files_stand(step, number)
        ]

    def _files_stand(self, step: Step, slice_number: int) -> bool:
        files = self.ledger.files_of(step.name, slice_number)
        return all((self.hub.path / name).is_file() for name in files)

    def run(
        self,
        name: str,
        function: Callable[..., Done | list[Done]],
        units: Sequence[tuple[Any, ...]],
        rows: int,
    ) -> None:
        """Call `function` for every unit, as `workers.run_units` does.

        Args:
            name: What is shown while it works.
            function: Says what it did: of one step, or of several on the same rows.
            units: Its arguments.
            rows: Rows of all units.
        """
        if not units:
            return
        begun = time.monotonic()
        self.progress.start(name, "rows")
        self.progress.expect(name, rows)
        finished: list[Done] = []
        for result in run_units(self.recipe, function, units):
            done = result if isinstance(result, list) else [result]
            self.ledger.mark(done)
            finished.append(done[0])
            self.progress.advance(name, done[0].rows_in)
        self.finished(name, finished, begun)

    def mark(self, name: str, done: list[Done], begun: float) -> None:
        """Mark slices that were worked on together, since `begun` on the monotonic clock."""
        share = (time.monotonic() - begun) / len(done)
        self.ledger.mark(replace(one, seconds=share) for one in done)
        self.finished(name, done, begun)

    def finished(self, name: str, done: Iterable[Done], begun: float) -> None:
        """Say what came of a step."""
        rows_in = rows_out = 0
        for one in done:
            rows_in += one.rows_in
            rows_out += one.rows_out
        seconds = time.monotonic() - begun
        rejected = f", {rows_in - rows_out:,} rejected" if rows_in > rows_out else ""
        pace = f", {rows_in / seconds:,.0f} rows/s" if rows_in and seconds >= 1 else ""
        self.progress.finish(
            name, f"{rows_in:,} in, {rows_out:,} out{rejected}, {seconds:.1f} s{pace}"
        )


def by_slice(work: SliceWork, steps: Iterable[Step]) -> Mapping[int, tuple[Step, ...]]:
    """Of each slice that is open for any of `steps`, those for which it is."""
    found: dict[int, tuple[Step, ...]] = {}
    for step in steps:
        for number in work.open_slices(step):
            found[number] = (*found.get(number, ()), step)
    return dict(sorted(found.items()))
