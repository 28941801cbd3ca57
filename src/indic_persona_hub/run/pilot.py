"""A pilot: a few dozen real calls of a build, from which the whole of it is forecast.

The unit is a document's family: its own calls, the judges of its personas, their children and
theirs. Documents are drawn evenly over the sources, and within each over the length of their first
prompt. What is asked is what the build asks, into the hub's own journal: it is not paid twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import IntEnum
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from indic_persona_hub.errors import ModelError, RecipeError, SourceError
from indic_persona_hub.models.journal import JournalReader
from indic_persona_hub.models.prices import price_of
from indic_persona_hub.models.socket import Reply
from indic_persona_hub.run.asking import Asking
from indic_persona_hub.run.generate import Chosen, generate_slice, parents
from indic_persona_hub.run.hub import Hub, locked, read_file, write_file
from indic_persona_hub.run.ledger import UNFINISHED, Ledger
from indic_persona_hub.run.pilot_benches import Asked, Recording, first_prompts
from indic_persona_hub.run.pilot_draw import draw
from indic_persona_hub.run.progress import Progress, Silent
from indic_persona_hub.run.recipe import Recipe
from indic_persona_hub.run.scan import scan_slice
from indic_persona_hub.run.source_sample import Numbers, Sample, read_sample
from indic_persona_hub.run.standing import standing
from indic_persona_hub.run.steps import Line, Step, line_of, steps_of
from indic_persona_hub.run.watching import Watch

#: How families differ is what the interval rests on.
_FEWEST_FAMILIES: Final = 2
_BAR: Final = "pilot"


class Count(IntEnum):
    """What is counted of each family and round.

    `ASKS` are rows asked, `CALLS` those that were answered, re-asks included; `MADE` personas,
    `PASSING` those that no row judge fails, `STANDING` those of them that may be expanded.
    """

    ASKS = 0
    CALLS = 1
    PROMPT_TOKENS = 2
    CACHED_TOKENS = 3
    COMPLETION_TOKENS = 4
    LATENCY_S = 5
    MADE = 6
    PASSING = 7
    STANDING = 8


@dataclass(frozen=True, eq=False)
class Pilot:
    """What a pilot found.

    Attributes:
        sample: The documents from which its own were drawn.
        counts: By family, round (0 is personas from text) and `Count`.
        first: By family and `Count`, of the calls that read the document: its sketch, or all of
            round 0 where each candidate reads the passage.
        estimated: By family, tokens of the first prompt as estimated from its text.
        mean_estimated: The mean of that over all documents.
    """

    sample: Sample
    counts: Numbers
    first: Numbers
    estimated: Numbers
    mean_estimated: float

    @property
    def families(self) -> int:
        """Documents that were asked about."""
        return len(self.counts)

    @property
    def calls(self) -> int:
        """Calls that were answered, now or by an earlier pilot or build."""
        return int(self.counts[:, :, Count.CALLS].sum())


def pilot(recipe: Recipe, calls: int, progress: Progress | None = None) -> Pilot:
    """Ask as many whole families of the recipe's documents as surely fit in `calls`; what must be
    asked a second time comes on top.

    Raises:
        RecipeError: A model has no price, or two families may take more than `calls`.
        SourceError: A source cannot be read, or no document is left of it.
        ModelError: The endpoint fails, or not one call was answered.
        BudgetEndedError: A cap of the recipe is reached.
        HubBusyError: Another process holds the hub.
    """
    line = line_of(recipe)
    if recipe.adopts:
        raise RecipeError(
            "A pilot asks about documents, and this recipe adopts personas that are there already.",
            cure="Run `iph plan` without --pilot.",
        )
    for one in line.generations:
        price_of(recipe.models[one.stage.model])
    sample = read_sample(recipe.page_sources, line.reader)
    most = _most_calls(line, recipe)
    _check(sample, most, calls)
    prompt, tokens = first_prompts(line.first, sample.documents, recipe.seed)
    order = draw(recipe, sample, tokens, calls // line.first.calls(1))
    hub = Hub(Path(recipe.hub))
    with locked(hub):
        families = _Families(recipe, line, progress or Silent())
        families.ask(hub, sample.documents, order, calls, most)
        counts, first = families.counted(hub, prompt)
    mean = float(np.average(tokens, weights=sample.documents["weight"].to_numpy()))
    return Pilot(sample, counts, first, tokens[families.places], mean)


def _check(sample: Sample, most: int, calls: int) -> None:
    documents = sample.documents.num_rows
    if not documents:
        raise SourceError(
            f"No document is left of {sample.rows} rows: there is nothing to ask about.",
            cure="Look at the source's `fields` and at the settings of the ingest stage.",
        )
    needed = most * min(_FEWEST_FAMILIES, documents)
    if calls < needed:
        raise RecipeError(
            f"A pilot asks about two documents at least, and one may take {most} calls here.",
            cure=f"Give --pilot {needed} or more.",
        )


def _most_calls(line: Line, recipe: Recipe) -> int:
    """Calls of a family whose every persona passes and is expanded."""
    first, second = line.first, line.persona_to_persona
    calls = first.calls(1)
    if second is None:
        return calls
    every = second.model_copy(update={"parents_share": 1.0})
    above = min(first.units(1), recipe.select.per_document)
    for _ in range(second.rounds):
        calls += every.calls(above)
        above = every.units(above)
    return calls


class _Families:
    """Asks families through the build's own stages, in hubs that are thrown away."""

    def __init__(self, recipe: Recipe, line: Line, progress: Progress) -> None:
        self._recipe = recipe
        self._line = line
        self._progress = progress
        self._steps: dict[int, list[Step]] = {}
        for step in steps_of(recipe, _BAR):
            if step.round_number is not None and not line.fills_gaps(step.round_number):
                self._steps.setdefault(step.round_number, []).append(step)
        self._asked: list[Asked] = []
        #: Number of the family by the id of its document and of every persona in it.
        self._family: dict[str, int] = {}
        self._found: Counter[tuple[int, int, Count]] = Counter()
        #: Places of the families' documents in the sample.
        self.places: list[int] = []

    def ask(
        self, hub: Hub, documents: pa.Table, order: Iterator[int], calls: int, most: int
    ) -> None:
        """Ask as many families as surely fit, then more of what those left over."""
        self._progress.start(_BAR, "replies")
        with closing(Ledger(hub.ledger_path)) as ledger:
            if not ledger.totals():
                ledger.note(UNFINISHED, "Only a pilot was made: run `iph build`.")
            with closing(Asking(self._recipe, hub, ledger, _OneBar(self._progress))) as asking:
                self._progress.watch(Watch(asking.standing).read)
                while fresh := list(islice(order, (calls - len(self._asked)) // most)):
                    self._wave(documents, fresh, asking)
                    asking.settle()
                    if not any(one.prompt_tokens for one in self._asked):
                        break  # nothing was answered: more of the same tells nothing
        summary = f"{len(self.places)} documents, {len(self._asked)} asks"
        self._progress.finish(_BAR, summary)

    def _wave(self, documents: pa.Table, places: list[int], asking: Asking) -> None:
        rows = documents.take(pa.array(places)).drop_columns(["weight"])
        numbers = range(len(self.places), len(self.places) + len(places))
        self._family.update(zip(rows["id"].to_pylist(), numbers, strict=True))
        self.places += places
        with TemporaryDirectory(prefix="iph-pilot-") as folder:
            hub = Hub(Path(folder))
            write_file(hub.table_path("documents", 0), rows.sort_by("id"))
            for round_number in sorted(self._steps):
                self._round(hub, round_number, asking)

    def _round(self, hub: Hub, round_number: int, asking: Asking) -> None:
        generation, *judges = self._steps[round_number]
        line, recipe = self._line, self._recipe
        stage = line.generation(round_number)
        paid = asking.bench(stage.model, generation.name, generation.stage)
        bench = Recording(paid, round_number, self._asked)
        chosen = Chosen(recipe.select, recipe.seed, share=1.0)
        generate_slice(hub, line, chosen, generation, 0, bench, _OneBar(self._progress))
        scored = {judge.name for judge in line.judges}
        if steps := [step for step in judges if step.stage in scored]:
            scan_slice(str(hub.path), recipe, steps, 0)
        self._note_personas(hub, round_number)

    def _note_personas(self, hub: Hub, round_number: int) -> None:
        columns = ["id", "document_id", "parent_id"]
        personas = read_file(hub.table_path("personas", 0, round_number), columns)
        for row in personas.to_pylist():
            self._family[row["id"]] = self._family[row["document_id"] or row["parent_id"]]
        judged = standing(hub, self._line, 0, [round_number])
        may_be_parents = parents(hub, self._line, self._recipe.select, 0, round_number)
        for what, table in (
            (Count.MADE, personas),
            (Count.PASSING, judged.filter(pc.is_null(judged["judge"]))),
            (Count.STANDING, may_be_parents),
        ):
            for one in table["id"].to_pylist():
                self._found[self._family[one], round_number, what] += 1

    def counted(self, hub: Hub, first_prompt: str) -> tuple[Numbers, Numbers]:
        """`Pilot.counts` and `Pilot.first`.

        Raises:
            ModelError: Not one row was answered.
        """
        counts = np.zeros((len(self.places), len(self._steps), len(Count)))
        first = np.zeros((len(self.places), len(Count)))
        with JournalReader(hub.journal_path) as journal:
            replies = journal.get_many(one.key for one in self._asked if one.key)
        if not replies:
            raise _nothing_answered(self._asked)
        for one in self._asked:
            family, found = self._family[one.origin], _counts_of(one, replies)
            counts[family, one.round_number] += found
            if one.prompt == first_prompt and one.round_number == 0:
                first[family] += found
        for (family, round_number, what), personas in self._found.items():
            counts[family, round_number, what] = personas
        return counts, first


def _counts_of(one: Asked, replies: Mapping[str, Reply]) -> Numbers:
    found = np.zeros(len(Count))
    found[Count.ASKS] = 1
    if (reply := replies.get(one.key)) is not None:
        # A row with more tokens than its last call was asked a second time.
        times = 2 if one.prompt_tokens > reply.prompt_tokens else 1
        found[Count.CALLS] = times
        found[Count.PROMPT_TOKENS] = one.prompt_tokens
        found[Count.CACHED_TOKENS] = min(times * reply.cached_tokens, one.prompt_tokens)
        found[Count.COMPLETION_TOKENS] = one.completion_tokens
        found[Count.LATENCY_S] = times * reply.latency_s
    return found


def _nothing_answered(asked: Sequence[Asked]) -> ModelError:
    reasons = Counter(one.reason or "no reply" for one in asked)
    said = ", ".join(f"{n} {reason}" for reason, n in sorted(reasons.items()))
    return ModelError(
        f"None of the pilot's {len(asked)} calls was answered: {said}.",
        cure="Check the model's settings and the endpoint's own log; there is nothing to"
        " forecast from.",
    )


class _OneBar:
    """Shows all steps of a build as one."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self.say = progress.say
        self.watch = progress.watch
        self.download = progress.download

    def start(self, step: str, noun: str) -> None:
        """The one bar has begun."""

    def expect(self, step: str, units: int) -> None:
        """See `Progress`."""
        self._progress.expect(_BAR, units)

    def advance(self, step: str, units: int = 1) -> None:
        """See `Progress`."""
        self._progress.advance(_BAR, units)

    def finish(self, step: str, summary: str) -> None:
        """The one bar ends with the pilot."""
