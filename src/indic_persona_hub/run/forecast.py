"""The plan: what a build will read, ask, cost and store. No model is called."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

import daft
import pyarrow.compute as pc

from indic_persona_hub.expand.persona_to_persona import PersonaToPersona
from indic_persona_hub.extract.text_to_persona import TextToPersona
from indic_persona_hub.ingest.documents import Ingest
from indic_persona_hub.ingest.sources import Source, read_pages, source_files
from indic_persona_hub.models.settings import OpenAICompatibleSettings
from indic_persona_hub.run.hub import LEDGER, Hub
from indic_persona_hub.run.ledger import Ledger, StageTotal
from indic_persona_hub.run.recipe import Recipe
from indic_persona_hub.run.steps import Line, line_of
from indic_persona_hub.stage import REASON, Workbench

#: Rows of a source that are read; a longer source is scaled up by its bytes.
_SAMPLE_ROWS = 2_000
#: Completion tokens of one reply where nothing was measured yet, by preset.
_REPLY_TOKENS = {"small_model": 45, "structured": 260}
#: Bytes on disk of one document, one persona with its evidence, and one journalled call; measured
#: on the first run (docs/first_run.md).
_DOCUMENT_BYTES, _PERSONA_BYTES, _CALL_BYTES = 1_500, 900, 1_800


@dataclass(frozen=True)
class StageForecast:
    """One line of the plan. `cost_usd` is null where the model's price is not known."""

    name: str
    reads: str
    rows_in: int
    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float | None = 0.0


@dataclass(frozen=True)
class Forecast:
    """The plan of a build.

    Attributes:
        rows: Rows of all sources.
        documents: Rows that pass ingest.
        exact: False where a source was longer than the sample and its rows were scaled up.
        yield_share: Share of personas that the row judges pass.
        yield_is_measured: True where it comes from this hub's own ledger; else every persona is
            taken to pass, and calls and cost are upper bounds.
    """

    hub: str
    rows: int
    documents: int
    exact: bool
    yield_share: float
    yield_is_measured: bool
    stages: list[StageForecast]
    disk_bytes: int

    @property
    def calls(self) -> int:
        """Model calls in all."""
        return sum(one.calls for one in self.stages)

    @property
    def cost_usd(self) -> float | None:
        """Cost in all; null where a price is not known."""
        costs = [one.cost_usd for one in self.stages]
        return None if None in costs else sum(cost or 0.0 for cost in costs)

    def to_json(self) -> dict[str, Any]:
        """The plan as JSON values, totals included."""
        totals = {
            "calls": self.calls,
            "prompt_tokens": sum(one.prompt_tokens for one in self.stages),
            "completion_tokens": sum(one.completion_tokens for one in self.stages),
            "cost_usd": self.cost_usd,
        }
        return asdict(self) | totals


def forecast(recipe: Recipe) -> Forecast:
    """Read a sample of every source through ingest and count on from there.

    Raises:
        SourceError: A source cannot be read.
    """
    line = line_of(recipe)
    counts = [_count(source, line.ingest) for source in recipe.sources]
    rows = sum(one[0] for one in counts)
    documents = sum(one[1] for one in counts)
    share, measured = _yield_share(recipe)
    stages = [StageForecast("ingest", "pages", rows)]
    stages += _generation(recipe, line, documents, share)
    personas = sum(one.rows_in for one in stages[1:])
    stages += [StageForecast(judge.name, "personas", personas) for judge in line.row_judges]
    stages += [
        StageForecast(judge.name, "personas", round(personas * share)) for judge in line.set_judges
    ]
    disk = documents * _DOCUMENT_BYTES + personas * (_PERSONA_BYTES + _CALL_BYTES)
    exact = all(one[2] for one in counts)
    return Forecast(recipe.hub, rows, documents, exact, share, measured, stages, disk)


def _count(source: Source, stage: Ingest) -> tuple[int, int, bool]:
    """Rows and documents of a source, and whether they were counted rather than scaled up."""
    rows = documents = size = 0
    for batch in read_pages(source.model_copy(update={"limit": _limit(source)})):
        made = stage.apply(daft.from_arrow(batch.pages), cast(Workbench, None)).to_arrow()
        rows += batch.pages.num_rows + batch.rejected.num_rows
        documents += made[REASON].null_count
        size += pc.sum(pc.binary_length(batch.pages["text"])).as_py() or 0
    if rows < _SAMPLE_ROWS or source.limit == rows:
        return rows, documents, True
    all_bytes = sum(path.stat().st_size for path in source_files(source))
    scale = max(1.0, all_bytes / size) if size else 1.0
    scaled = round(rows * scale)
    scaled = scaled if source.limit is None else min(scaled, source.limit)
    return scaled, round(documents * scaled / rows), False


def _limit(source: Source) -> int:
    return min(source.limit or _SAMPLE_ROWS, _SAMPLE_ROWS)


def _yield_share(recipe: Recipe) -> tuple[float, bool]:
    totals = _totals(Hub(Path(recipe.hub)))
    made = totals.get("text_to_persona")
    if made is None or "select" not in totals or not made.rows_in:
        return 1.0, False
    select = totals["select"]
    failed = sum(n for reason, n in select.rejected.items() if reason.startswith("judge:"))
    return (select.rows_in - failed) / max(1, select.rows_in), True


def _totals(hub: Hub) -> dict[str, StageTotal]:
    if not (hub.path / LEDGER).is_file():
        return {}
    ledger = Ledger(hub.ledger_path, read_only=True)
    try:
        return {one.name: one for one in ledger.totals()}
    finally:
        ledger.close()


def _generation(recipe: Recipe, line: Line, documents: int, share: float) -> list[StageForecast]:
    first = line.text_to_persona
    stages = [_asked(recipe, first, "documents", documents)]
    second = line.persona_to_persona
    if second is None:
        return stages
    made = first.units(documents)
    parents = min(round(made * share), documents * recipe.select.per_document)
    for _ in range(second.rounds):
        stages.append(_asked(recipe, second, "personas", parents))
        parents = round(second.units(parents) * share)
    return stages


def _asked(
    recipe: Recipe, stage: TextToPersona | PersonaToPersona, reads: str, rows: int
) -> StageForecast:
    calls = stage.calls(rows)
    prompt = stage.prompt_tokens(rows)
    completion = calls * _REPLY_TOKENS[stage.preset]
    cost = _cost(recipe, stage.model, prompt, completion)
    units = stage.units(rows)
    return StageForecast(stage.name, reads, units, calls, prompt, completion, cost)


def _cost(recipe: Recipe, model: str, prompt: int, completion: int) -> float | None:
    settings = recipe.models[model]
    if not isinstance(settings, OpenAICompatibleSettings):
        return 0.0
    prices = (
        settings.price_per_million_prompt_tokens_usd,
        settings.price_per_million_completion_tokens_usd,
    )
    if prices[0] is None or prices[1] is None:
        return None
    return (prompt * prices[0] + completion * prices[1]) / 1e6
