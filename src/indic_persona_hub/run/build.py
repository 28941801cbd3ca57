"""Run a recipe, or continue it: what is done under the same fingerprint is not done again."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from pathlib import Path
from typing import cast

from indic_persona_hub.errors import BudgetEndedError
from indic_persona_hub.run.accepted import until_accepted
from indic_persona_hub.run.asking import Asking
from indic_persona_hub.run.generate import Chosen, generate_slice
from indic_persona_hub.run.hub import RECIPE, Hub, locked, read_file, storage_error
from indic_persona_hub.run.ingestion import ingest, source_fingerprint
from indic_persona_hub.run.ledger import LIMITS, UNFINISHED, Done, Ledger
from indic_persona_hub.run.progress import Progress, Silent
from indic_persona_hub.run.recipe import Recipe
from indic_persona_hub.run.steps import ALL, DOMAINS, VERDICTS, Effort, Step, line_of, steps_of
from indic_persona_hub.run.watching import Watch
from indic_persona_hub.run.whole import give_verdicts, judge_set, map_domains
from indic_persona_hub.run.workers import Unit, scan_slices
from indic_persona_hub.stage import Workbench

#: Slices whose prompts are asked at once, so that a model's slots stay full where one slice ends.
_SLICES_IN_FLIGHT = 4


def build(recipe: Recipe, progress: Progress | None = None) -> Hub:
    """Run `recipe` until its hub is finished; a build that was stopped goes on where it stood.

    Returns:
        The hub.

    Raises:
        BudgetEndedError: A cap of `limits` is reached; the hub is finished with what was paid for.
        HubError: See `errors`; the hub stays whole and the same call continues.
    """
    hub = Hub(Path(recipe.hub))
    with locked(hub):
        ledger = Ledger(hub.ledger_path)
        try:
            asking = Asking(recipe, hub, ledger, progress or Silent())
            try:
                (progress or Silent()).watch(Watch(asking.standing).read)
                _Build(recipe, hub, ledger, asking, progress or Silent()).run()
            finally:
                asking.settle()
                asking.close()
        finally:
            ledger.close()
    return hub


class _Build:
    def __init__(
        self, recipe: Recipe, hub: Hub, ledger: Ledger, asking: Asking, progress: Progress
    ) -> None:
        self.recipe = recipe
        self.hub = hub
        self.ledger = ledger
        self.asking = asking
        self.progress = progress
        self.effort = ALL
        self.line = line_of(recipe)
        self.slices = recipe.engine.slices
        wanted = recipe.limits.accepted
        #: Exactly so many are kept, where so many pass.
        self.selection = recipe.select
        if wanted is not None:
            target = min(wanted, recipe.select.target or wanted)
            self.selection = recipe.select.model_copy(update={"target": target})

    def run(self) -> None:
        _sweep(self.hub)
        self._write_recipe()
        self.ledger.note(UNFINISHED, "The build is not finished: run the same command again.")
        self.ledger.note(LIMITS, "")
        try:
            self._run_to_the_end()
        except BudgetEndedError as error:
            self._finish_on_what_is_paid(error)
        self.ledger.note(UNFINISHED, "")

    def _run_to_the_end(self) -> None:
        wanted = self.recipe.limits.accepted
        if wanted is None:
            self._walk(ALL)
            return
        self._steps(ALL)
        reached = until_accepted(wanted, self._documents(), self._walk)
        self.ledger.note(LIMITS, reached.statement)
        self.progress.say(reached.statement)

    def _finish_on_what_is_paid(self, error: BudgetEndedError) -> None:
        """Judge and select what the journal holds; asks without a reply are rejected rows."""
        self.asking.only_recorded("budget_reached")
        kept = self._walk(replace(self.effort, recorded=self.asking.answered()))
        statement = f"{error.message} The hub is finished with what was paid for: {kept:,} kept."
        self.ledger.note(LIMITS, statement)
        self.ledger.note(UNFINISHED, "")
        raise BudgetEndedError(statement, cure=error.cure)

    def _steps(self, effort: Effort) -> dict[int | None, list[Step]]:
        """The steps of an effort by round, documents made."""
        self.effort = effort
        self.line = line_of(self.recipe, effort)
        recipe = self.recipe.model_copy(update={"select": self.selection})
        steps = steps_of(recipe, source_fingerprint(recipe.sources, self.ledger), effort)
        self.ledger.keep_only([step.name for step in steps], self.slices)
        by_round: dict[int | None, list[Step]] = {}
        for step in steps:
            by_round.setdefault(step.round_number, []).append(step)
        self._ingest(by_round[None].pop(0))
        return by_round

    def _documents(self) -> int:
        files = self.hub.files("documents")
        return sum(read_file(file, ["id"]).num_rows for file in files)

    def _walk(self, effort: Effort) -> int:
        """Run every step that is not done for this effort; says how many personas are kept."""
        by_round = self._steps(effort)
        whole_set = by_round.pop(None)
        for round_number in sorted(one for one in by_round if one is not None):
            generation, *judges = by_round[round_number]
            self._generate(generation)
            self._scan(judges)
        for step in whole_set:
            self._whole(step)
        self._remove_strays([*(step for steps in by_round.values() for step in steps), *whole_set])
        return sum(
            sum(read_file(file, ["kept"])["kept"].to_pylist())
            for file in self.hub.files("verdicts")
        )

    def _write_recipe(self) -> None:
        path = self.hub.path / RECIPE
        temporary = path.with_suffix(".tmp")
        try:
            temporary.write_text(self.recipe.to_yaml(), encoding="utf-8")
            temporary.replace(path)
        except OSError as error:
            raise storage_error(path, error) from error

    def _open_slices(self, step: Step, slices: int | None = None) -> list[int]:
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

    def _ingest(self, step: Step) -> None:
        self._ingest_step = step
        if not self._open_slices(step):
            return
        begun = time.monotonic()
        self.progress.start(step.name, "rows")
        done = ingest(
            self.hub, self.recipe.sources, self.line.ingest, step, self.slices, self.progress
        )
        self._mark(step.name, done, begun)

    def _generate(self, step: Step) -> None:
        slices = self._open_slices(step)
        if not slices:
            return
        begun = time.monotonic()
        stage = self.line.persona_to_persona if step.round_number else self.line.text_to_persona
        assert stage is not None
        self.progress.start(step.name, "replies")
        bench = self.asking.bench(stage.model, step.name, step.stage)

        def work(number: int) -> Done:
            started = time.monotonic()
            done = generate_slice(
                self.hub,
                self.line,
                Chosen(self.recipe.select, self.recipe.seed, self.effort.share),
                step,
                number,
                bench,
                self.progress,
            )
            return replace(done, seconds=time.monotonic() - started)

        threads = ThreadPoolExecutor(_SLICES_IN_FLIGHT)
        futures = [threads.submit(work, number) for number in slices]
        wait = True
        try:
            for future in as_completed(futures):
                self.ledger.mark([future.result()])
        except KeyboardInterrupt:
            # What is in flight is in the journal or asked again.
            wait = False
            raise
        finally:
            threads.shutdown(wait=wait, cancel_futures=True)
            self.asking.settle()
        self._finished(step.name, [future.result() for future in futures], begun)

    def _scan(self, steps: list[Step]) -> None:
        open_slices = {step: set(self._open_slices(step)) for step in steps}
        units: list[Unit] = []
        for number in range(self.slices):
            wanted = tuple(step for step in steps if number in open_slices[step])
            if wanted:
                units.append((wanted, number))
        if not units:
            return
        name = f"judges/round-{steps[0].round_number}"
        begun = time.monotonic()
        self.progress.start(name, "slices")
        self.progress.expect(name, len(units))
        rows = 0
        for done in scan_slices(self.hub, self.recipe, units):
            self.ledger.mark(done)
            rows += done[0].rows_in
            self.progress.advance(name)
        seconds = time.monotonic() - begun
        self.progress.finish(name, f"{rows} personas, {len(steps)} judges, {seconds:.1f} s")

    def _whole(self, step: Step) -> None:
        slices = 1 if step.name == DOMAINS else self.slices
        if not self._open_slices(step, slices):
            return
        begun = time.monotonic()
        self.progress.start(step.name, "rows")
        self._mark(step.name, self._run_whole(step), begun)

    def _run_whole(self, step: Step) -> list[Done]:
        select, slices = self.selection, self.slices
        if step.name == DOMAINS:
            return map_domains(self.hub, self.line, step, slices)
        if step.name == VERDICTS:
            done, statement = give_verdicts(
                self.hub, self.line, step, slices, select, self.recipe.seed
            )
            self.ledger.note(VERDICTS, statement or "")
            if statement:
                self.progress.say(statement)
            return done
        bench = cast(Workbench, None)  # set judges ask no model
        return judge_set(self.hub, self.line, step, slices, select, bench)

    def _mark(self, name: str, done: list[Done], begun: float) -> None:
        share = (time.monotonic() - begun) / len(done)
        self.ledger.mark(replace(one, seconds=share) for one in done)
        self._finished(name, done, begun)

    def _finished(self, name: str, done: Iterable[Done], begun: float) -> None:
        rows_in = rows_out = 0
        for one in done:
            rows_in += one.rows_in
            rows_out += one.rows_out
        seconds = time.monotonic() - begun
        rejected = f", {rows_in - rows_out} rejected" if rows_in > rows_out else ""
        self.progress.finish(name, f"{rows_in} in, {rows_out} out{rejected}, {seconds:.1f} s")

    def _remove_strays(self, steps: list[Step]) -> None:
        """Remove tables of stages and slices that the recipe no longer has."""
        kept = {
            name
            for step in [*steps, self._ingest_step]
            for number in range(self.slices)
            for name in self.ledger.files_of(step.name, number)
        }
        for path in self.hub.path.rglob("*.parquet"):
            if str(path.relative_to(self.hub.path)) not in kept:
                path.unlink()


def _sweep(hub: Hub) -> None:
    """Remove what a killed build left half-written."""
    for folder, _, names in os.walk(hub.path):
        for name in names:
            if name.endswith(".tmp"):
                (Path(folder) / name).unlink()
