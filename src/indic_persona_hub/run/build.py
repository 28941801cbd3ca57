"""Run a recipe, or continue it: what is done under the same fingerprint is not done again."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path

import pyarrow.compute as pc

from indic_persona_hub.errors import BudgetEndedError
from indic_persona_hub.run.accepted import until_accepted
from indic_persona_hub.run.adoption import adopt
from indic_persona_hub.run.asking import Asking
from indic_persona_hub.run.gaps.fill import fill_slice
from indic_persona_hub.run.gaps.plan import TABLE, Gaps, plan_gaps
from indic_persona_hub.run.generate import Chosen, generate_slice
from indic_persona_hub.run.hub import RECIPE, Hub, locked, read_file, storage_error, sweep
from indic_persona_hub.run.ingestion import identifiers_removed, ingest, source_fingerprint
from indic_persona_hub.run.keys import drop_arrays
from indic_persona_hub.run.ledger import LIMITS, UNFINISHED, Done, Ledger
from indic_persona_hub.run.progress import Progress, Silent
from indic_persona_hub.run.ray_cluster import cluster, daft_stays_here
from indic_persona_hub.run.recipe import Recipe
from indic_persona_hub.run.scan import scan_slice
from indic_persona_hub.run.slice_work import SliceWork, by_slice
from indic_persona_hub.run.steps import (
    ALL,
    DOMAINS,
    READ,
    VERDICTS,
    Effort,
    Step,
    domain_edits,
    line_of,
    scratch_of,
    steps_of,
)
from indic_persona_hub.run.tombstones import is_tombstones, read_tombstones
from indic_persona_hub.run.verdicts import give_verdicts
from indic_persona_hub.run.watching import Watch
from indic_persona_hub.run.whole import judge_set, map_domains, prepare

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
                with _engine(recipe):
                    _Build(recipe, hub, ledger, asking, progress or Silent()).run()
            finally:
                asking.settle()
                asking.close()
        finally:
            ledger.close()
    return hub


def _engine(recipe: Recipe) -> AbstractContextManager[object]:
    """Hold the cluster of the recipe, where it has one, for the whole build."""
    daft_stays_here()
    return cluster(recipe) if recipe.engine.runner == "ray" else nullcontext()


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
        self.work = SliceWork(recipe, hub, ledger, progress)
        wanted = recipe.limits.accepted
        #: Exactly so many are kept, where so many pass.
        self.selection = recipe.select
        if wanted is not None:
            target = min(wanted, recipe.select.target or wanted)
            self.selection = recipe.select.model_copy(update={"target": target})

    def run(self) -> None:
        sweep(self.hub)
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
        if wanted is None or self.recipe.adopts:
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
        taken = read_tombstones(self.hub)
        sources = source_fingerprint(recipe.sources, self.ledger)
        steps = steps_of(recipe, sources, effort, taken.digest if taken else "")
        self.stand, self.keys = scratch_of(recipe, steps)
        self._first_step, *later = steps
        self._later = later
        self._forget(steps)
        if self.line.adopt:
            self._reopen_below(self._first_step, self.work.open_slices(self._first_step))
            adopt(self.work, self.line.adopt, self._first_step, self._read)
        else:
            self._ingest(self._first_step)
        by_round: dict[int | None, list[Step]] = {}
        for step in later:
            by_round.setdefault(step.round_number, []).append(step)
        return by_round

    def _forget(self, steps: list[Step]) -> None:
        """Forget steps and slices that the recipe no longer has."""
        self._read = Step(READ, READ, None, "spool", self._first_step.fingerprint)
        units = {step.name: self.slices for step in (*steps, self.stand, *self.keys.values())}
        done = self.ledger.done_slices(READ, self._read.fingerprint)
        self.ledger.keep_only({**units, READ: max(done, default=-1) + 1})

    def _documents(self) -> int:
        files = self.hub.files("documents")
        return sum(read_file(file, ["id"]).num_rows for file in files)

    def _walk(self, effort: Effort) -> int:
        """Run every step that is not done for this effort; says how many personas are kept."""
        by_round = self._steps(effort)
        whole_set = by_round.pop(None)
        for round_number in sorted(one for one in by_round if one is not None):
            judges = by_round[round_number]
            if self.line.fills_gaps(round_number):
                self._plan_gaps(judges.pop(0))
            if round_number or not self.line.adopt:
                self._generate(judges.pop(0))
            self._scan(judges)
        self._say_of_gaps()
        recipe = self.recipe.model_copy(update={"select": self.selection})
        prepare(self.work, recipe, self.stand, self.keys, whole_set, self._personas())
        for step in whole_set:
            self._whole(step)
        drop_arrays(self.hub)
        self._remove_strays()
        return sum(
            pc.sum(read_file(file, ["kept"])["kept"], min_count=0).as_py()
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

    def _ingest(self, step: Step) -> None:
        if not self.work.open_slices(step):
            return
        self._reopen_below(step, range(self.slices))
        begun = time.monotonic()
        self.progress.start(step.name, "rows")
        sources = self.recipe.page_sources
        done = ingest(self.hub, sources, self.line.reader, step, self.slices, self.progress)
        self.work.mark(step.name, done, begun)
        self.ledger.note(step.name, identifiers_removed(self.hub, self.slices))

    def _reopen_below(self, made: Step, slices: Iterable[int]) -> None:
        """Have what was made of some slices of `made`, which are made anew, be made anew too: where
        something was taken down, they may come out without it. Whom to ask stays as it was planned.
        """
        if not read_tombstones(self.hub):
            return
        below = self._later[self._later.index(made) + 1 :] if made in self._later else self._later
        for step in (*below, self.stand, *self.keys.values()):
            if step.round_number is None:
                self.ledger.reopen(step.name)
            elif step.table != TABLE:
                self.ledger.reopen(step.name, slices)

    def _personas(self) -> Counter[int]:
        """Personas by slice, of all rounds."""
        rows: Counter[int] = Counter()
        for round_number in range(self.line.last_round + 1):
            rows.update(self.ledger.rows_out(self._maker_of(round_number)))
        return rows

    def _generate(self, step: Step) -> None:
        slices = self.work.open_slices(step)
        if not slices:
            return
        self._reopen_below(step, slices)
        begun = time.monotonic()
        assert step.round_number is not None
        self.progress.start(step.name, "replies")
        for stage in self.line.makers(step.round_number):
            bench = self.asking.bench(stage.model, step.name, step.stage)
        chosen = Chosen(self.recipe.select, self.recipe.seed, self.effort.share)

        def work(number: int) -> Done:
            started = time.monotonic()
            rest = (step, number, bench, self.progress)
            if self.line.fills_gaps(step.round_number or 0):
                done = fill_slice(self.hub, self.line, *rest)
            else:
                done = generate_slice(self.hub, self.line, chosen, *rest)
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
        self.work.finished(step.name, [future.result() for future in futures], begun)

    def _plan_gaps(self, step: Step) -> None:
        if not self.work.open_slices(step):
            return
        begun = time.monotonic()
        self.progress.start(step.name, "rows")
        recipe = self.recipe.model_copy(update={"select": self.selection})
        self.work.mark(step.name, plan_gaps(self.hub, self.line, recipe, step), begun)

    def _say_of_gaps(self) -> None:
        """What came of the rounds that fill gaps, for the ledger and the card."""
        if self.line.fill_gaps is None:
            return
        recipe = self.recipe.model_copy(update={"select": self.selection})
        last = self.line.last_round
        said = Gaps(self.hub, self.line, recipe, last + 1).statement()
        self.ledger.note(self._maker_of(last), said)
        self.progress.say(said)

    def _scan(self, steps: list[Step]) -> None:
        if not steps:
            return
        folder, wanted = str(self.hub.path), by_slice(self.work, steps)
        units = [(folder, self.recipe, mine, number) for number, mine in wanted.items()]
        round_number = steps[0].round_number
        made = self.ledger.rows_out(self._maker_of(round_number))
        rows = sum(made.get(number, 0) for number in wanted)
        self.work.run(f"judges/round-{round_number}", scan_slice, units, rows)

    def _maker_of(self, round_number: int | None) -> str:
        """The step that made the personas of a round."""
        if round_number and self.line.fills_gaps(round_number):
            return f"fill_gaps/round-{round_number}"
        if round_number:
            return f"persona_to_persona/round-{round_number}"
        return "adopt" if self.line.adopt else "text_to_persona"

    def _whole(self, step: Step) -> None:
        slices = 1 if step.name == DOMAINS else self.slices
        if not self.work.open_slices(step, slices):
            return
        begun = time.monotonic()
        self.progress.start(step.name, "rows")
        self.work.mark(step.name, self._run_whole(step), begun)

    def _run_whole(self, step: Step) -> list[Done]:
        select, slices = self.selection, self.slices
        if step.name == DOMAINS:
            return map_domains(self.hub, self.line, step, slices, domain_edits(self.recipe))
        if step.name == VERDICTS:
            done, statement = give_verdicts(self.hub, self.line, step, self.recipe, select)
            self.ledger.note(VERDICTS, statement or "")
            if statement:
                self.progress.say(statement)
            return done
        done, note = judge_set(self.hub, self.line, step, slices)
        self.ledger.note(step.name, note)
        if note:
            self.progress.say(f"{step.name}: {note}")
        return done

    def _remove_strays(self) -> None:
        """Remove tables of stages and slices that the recipe no longer has."""
        kept = self.ledger.files()
        for path in self.hub.path.rglob("*.parquet"):
            name = str(path.relative_to(self.hub.path))
            if name not in kept and not is_tombstones(name):
                path.unlink()
