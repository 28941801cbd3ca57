"""The plan: what a build will read, ask, cost, take and store. No model is called here.

Without a pilot (`run.pilot`) calls are counted from the sources, their tokens guessed from the
prompts, and every persona is taken to pass unless the hub was built before: an upper bound. With
one, all of it is measured and has a 90% interval.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from indic_persona_hub.models.prices import price_of
from indic_persona_hub.run.estimate import (
    Interval,
    Series,
    Whole,
    accepted_of,
    ended_early,
    series_of,
    summed,
    whole_of,
    with_gaps,
)
from indic_persona_hub.run.hub import LEDGER, Hub
from indic_persona_hub.run.ledger import Ledger, StageTotal
from indic_persona_hub.run.pilot import Count, Pilot
from indic_persona_hub.run.plan_notes import notes_on
from indic_persona_hub.run.recipe import Recipe
from indic_persona_hub.run.source_sample import Numbers, Sample, pool_rows, read_sample
from indic_persona_hub.run.steps import Line, line_of

#: Bytes on disk of one document, one persona with its evidence, and one journalled call; measured
#: on the first run (docs/first_run.md).
_DOCUMENT_BYTES, _PERSONA_BYTES, _CALL_BYTES = 1_500, 900, 1_800
_COUNTS: Final = ("calls", "prompt_tokens", "cached_tokens", "completion_tokens")


@dataclass(frozen=True)
class StageForecast:
    """One line of the plan.

    Attributes:
        cached_tokens: Of the prompt tokens, those that the endpoint will have read before.
        seconds: Calls times their mean latency over the calls that the recipe allows at once, or
            what its rate limits make of it; null without a pilot, and for batches.
        intervals: 90% intervals by the name of the number; empty without a pilot.
    """

    name: str
    reads: str
    rows_in: int
    calls: int = 0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float = 0.0
    seconds: float | None = None
    intervals: dict[str, Interval] = field(default_factory=dict)


@dataclass(frozen=True)
class Forecast:
    """The plan of a build, counted from nothing: what the hub paid for already is in it.

    Attributes:
        rows: Rows of all sources.
        documents: Rows that pass ingest.
        exact: False where a source was longer than the sample and its rows were scaled up.
        yield_share: Share of personas that the row judges pass.
        yield_is_measured: True where it comes from a pilot or from this hub's own ledger; else
            every persona is taken to pass, and calls and cost are upper bounds.
        accepted: Personas that will be kept, but for duplicates, which no sample shows.
        pilot_calls: Calls of the pilot; 0 without one.
        intervals: Of the totals, as those of a stage, and of `documents`, `accepted` and
            `cost_per_accepted_usd`.
        notes: What there is to say beside the numbers.
    """

    hub: str
    rows: int
    documents: int
    exact: bool
    yield_share: float
    yield_is_measured: bool
    stages: list[StageForecast]
    accepted: int
    disk_bytes: int
    pilot_calls: int
    intervals: dict[str, Interval]
    notes: list[str]

    @property
    def calls(self) -> int:
        """Model calls in all."""
        return sum(one.calls for one in self.stages)

    @property
    def cost_usd(self) -> float:
        """Cost in all."""
        return sum(one.cost_usd for one in self.stages)

    @property
    def seconds(self) -> float | None:
        """Time of all calls; null where that of a stage is not known."""
        each = [one.seconds for one in self.stages if one.calls]
        return None if None in each else sum((one or 0.0 for one in each), 0.0)

    @property
    def cost_per_accepted_usd(self) -> float | None:
        """Null where nothing is accepted."""
        return self.cost_usd / self.accepted if self.accepted else None

    def to_json(self) -> dict[str, Any]:
        """The plan as JSON values, totals included; an interval is `{"low": ..., "high": ...}`."""
        plan = asdict(self)
        for part in (plan, *plan["stages"]):
            part["intervals"] = {name: one._asdict() for name, one in part["intervals"].items()}
        sums = {name: sum(getattr(one, name) for one in self.stages) for name in _COUNTS}
        names = ("cost_usd", "seconds", "cost_per_accepted_usd")
        return plan | sums | {name: getattr(self, name) for name in names}


def forecast(recipe: Recipe, pilot: Pilot | None = None) -> Forecast:
    """Forecast a build from its sources and, where one was made, from its pilot.

    Raises:
        RecipeError: The price of a model is not known.
        SourceError: A source cannot be read.
    """
    line = line_of(recipe)
    for one in line.generations:
        price_of(recipe.models[one.stage.model])
    if recipe.adopts:
        return _of_pool(recipe, line)
    if pilot is not None:
        whole = whole_of(pilot, line.persona_to_persona, recipe.seed)
        return _forecast(recipe, line, pilot.sample, whole, pilot)
    sample = read_sample(recipe.page_sources, line.reader)
    share = _yield_share(recipe)
    whole = _guessed(recipe, line, sample.count, 1.0 if share is None else share)
    return _forecast(recipe, line, sample, whole, None, measured=share is not None)


def _of_pool(recipe: Recipe, line: Line) -> Forecast:
    """Personas that are there already: an upper bound, as every one may pass."""
    rows, exact = pool_rows(recipe.persona_sources)
    whole = with_gaps(_guessed(recipe, line, rows, 1.0), recipe, line)
    each = series_of(whole, recipe, line, timed=False)
    total = summed(each, accepted_of(whole, recipe), whole.documents)
    made = float(whole.rounds[0, :, Count.MADE].sum())
    stages = [StageForecast("adopt", "personas", rows), *_asking(line, whole, each, rows)]
    stages += [
        StageForecast(one.name, "personas", round(made))
        for one in (*line.row_judges, *line.set_judges)
    ]
    return Forecast(
        hub=recipe.hub, rows=rows, documents=0, exact=exact, yield_share=1.0,
        yield_is_measured=False, stages=stages, accepted=int(total["accepted"][0]),
        disk_bytes=round(made * _PERSONA_BYTES + total["calls"][0] * _CALL_BYTES),
        pilot_calls=0, intervals={}, notes=notes_on(recipe, line, total, timed=False),
    )  # fmt: skip


def _forecast(
    recipe: Recipe,
    line: Line,
    sample: Sample,
    whole: Whole,
    pilot: Pilot | None,
    *,
    measured: bool = True,
) -> Forecast:
    whole, part = ended_early(with_gaps(whole, recipe, line), recipe)
    each = series_of(whole, recipe, line, timed=pilot is not None)
    total = summed(each, accepted_of(whole, recipe), whole.documents)
    made, passing = (float(whole.rounds[0, :, one].sum()) for one in (Count.MADE, Count.PASSING))
    stages = [StageForecast("ingest", "pages", sample.rows)]
    stages += _asking(line, whole, each, round(sample.count * part))
    stages += [StageForecast(one.name, "personas", round(made)) for one in line.row_judges]
    stages += [StageForecast(one.name, "personas", round(passing)) for one in line.set_judges]
    disk = sample.count * _DOCUMENT_BYTES + made * _PERSONA_BYTES + total["calls"][0] * _CALL_BYTES
    return Forecast(
        hub=recipe.hub,
        rows=sample.rows,
        documents=sample.count,
        exact=sample.exact,
        yield_share=passing / made if made else 1.0,
        yield_is_measured=measured,
        stages=stages,
        accepted=int(total["accepted"][0]),
        disk_bytes=round(disk),
        pilot_calls=pilot.calls if pilot else 0,
        intervals=whole.intervals(total),
        notes=notes_on(recipe, line, total, timed=pilot is not None),
    )


def _asking(line: Line, whole: Whole, each: list[Series], documents: int) -> list[StageForecast]:
    """The stages that ask a model, `documents` of which are asked about."""
    texts = line.first.units(documents) if line.text_to_persona else 0
    return [
        StageForecast(
            one.name,
            one.reads,
            texts if one.reads == "documents" else _asks(whole, one.rounds),
            calls=_whole(series["calls"]),
            prompt_tokens=_whole(series["prompt_tokens"]),
            cached_tokens=_whole(series["cached_tokens"]),
            completion_tokens=_whole(series["completion_tokens"]),
            cost_usd=float(series["cost_usd"][0]),
            seconds=float(series["seconds"][0]) if "seconds" in series else None,
            intervals=whole.intervals(series),
        )
        for one, series in zip(line.generations, each, strict=True)
    ]


def _asks(whole: Whole, rounds: slice) -> int:
    return round(float(whole.rounds[0, rounds, Count.ASKS].sum()))


def _whole(values: Numbers) -> int:
    return round(float(values[0]))


def _guessed(recipe: Recipe, line: Line, documents: int, share: float) -> Whole:
    """With no interval: every ask is answered, and `share` of the personas pass."""
    rounds = np.zeros((1, line.rounds + 1, len(Count)))
    rows, most = documents, documents * recipe.select.per_document
    for number in range(line.rounds + 1):
        found = rounds[0, number]
        if number == 0 and line.adopt:
            found[[Count.MADE, Count.PASSING, Count.STANDING]] = rows
            continue
        stage = line.generation(number)
        made, calls = stage.units(rows), stage.calls(rows)
        found[Count.ASKS], found[Count.CALLS] = made, calls
        found[Count.PROMPT_TOKENS] = stage.prompt_tokens(rows)
        found[Count.COMPLETION_TOKENS] = stage.completion_tokens(rows)
        found[Count.MADE] = made
        rows = found[Count.PASSING] = round(made * share)
        rows = found[Count.STANDING] = rows if number else min(rows, most)
    return Whole(np.array([float(documents)]), rounds, 0.0)


def _yield_share(recipe: Recipe) -> float | None:
    totals = _totals(Hub(Path(recipe.hub)))
    made = totals.get("text_to_persona")
    if made is None or "select" not in totals or not made.rows_in:
        return None
    select = totals["select"]
    failed = sum(n for reason, n in select.rejected.items() if reason.startswith("judge:"))
    return (select.rows_in - failed) / max(1, select.rows_in)


def _totals(hub: Hub) -> dict[str, StageTotal]:
    if not (hub.path / LEDGER).is_file():
        return {}
    with closing(Ledger(hub.ledger_path, read_only=True)) as ledger:
        return {one.name: one for one in ledger.totals()}
