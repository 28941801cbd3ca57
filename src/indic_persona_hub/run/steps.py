"""A recipe as the list of steps that a build walks, each with its fingerprint."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

from indic_persona_hub.errors import RecipeError
from indic_persona_hub.expand.fill_gaps import FillGaps
from indic_persona_hub.expand.persona_to_persona import PersonaToPersona
from indic_persona_hub.extract.text_to_persona import TextToPersona
from indic_persona_hub.ingest.adopt import Adopt
from indic_persona_hub.ingest.documents import Ingest
from indic_persona_hub.judge.attributes import Attributes
from indic_persona_hub.models.embedders.settings import identity as embedder_identity
from indic_persona_hub.models.settings import identity
from indic_persona_hub.prompts import Prompt
from indic_persona_hub.run.recipe import Recipe
from indic_persona_hub.run.representation import array_mark, figures_mark
from indic_persona_hub.select.domains.edits import Edit, read_edits
from indic_persona_hub.stage import RowJudge, SetJudge, Stage

#: Revision of what this package does between stages; a change that moves a row raises it.
RUN_REVISION = 3
DOMAINS, VERDICTS = "domains", "select"
#: Stages whose tables are gone when a build ends: no card speaks of them.
READ, KEYS = "read", "keys"


@dataclass(frozen=True)
class Step:
    """One stage on one round.

    Attributes:
        name: Unique in the build ("hedging/round-1").
        stage: The stage's name, under which the ledger adds its rounds up.
        round_number: 0 for personas from text, 1 and up for persona-to-persona, then those that
            fill gaps; None for steps that see documents or the whole set.
        table: The hub's table that it writes.
    """

    name: str
    stage: str
    round_number: int | None
    table: str
    fingerprint: str


class Generation(NamedTuple):
    """A stage that asks a model, as a plan counts it.

    Attributes:
        name: Of the recipe's stage.
        reads: What it asks about.
        stage: What asks for it.
        rounds: Those of a plan that are its own; all that fill gaps are one, the last.
    """

    name: str
    reads: str
    stage: TextToPersona | PersonaToPersona
    rounds: slice


@dataclass(frozen=True)
class Line:
    """What one recipe has of each kind of stage, in recipe order.

    Attributes:
        adopt: Where the sources are persona sets; else `ingest` and `text_to_persona` are there.
    """

    ingest: Ingest | None
    text_to_persona: TextToPersona | None
    adopt: Adopt | None
    persona_to_persona: PersonaToPersona | None
    fill_gaps: FillGaps | None
    row_judges: tuple[RowJudge | Attributes, ...]
    set_judges: tuple[SetJudge, ...]

    @property
    def rounds(self) -> int:
        """Persona-to-persona rounds; 0 where the recipe has none."""
        return self.persona_to_persona.rounds if self.persona_to_persona else 0

    @property
    def last_round(self) -> int:
        """Number of the last round; those after `rounds` fill gaps."""
        return self.rounds + (self.fill_gaps.rounds if self.fill_gaps else 0)

    def fills_gaps(self, round_number: int) -> bool:
        """Whether a round fills gaps."""
        return round_number > self.rounds

    @property
    def reader(self) -> Ingest:
        """The stage that pages go through; of a recipe over pages."""
        assert self.ingest is not None, "persona sets are adopted, not read as pages"
        return self.ingest

    @property
    def first(self) -> TextToPersona:
        """The stage that reads documents; of a recipe over pages."""
        assert self.text_to_persona is not None, "personas are adopted, none is inferred"
        return self.text_to_persona

    def generation(self, round_number: int) -> TextToPersona | PersonaToPersona:
        """The stage that asks a model for the personas of a round."""
        if round_number == 0:
            return self.first
        assert self.persona_to_persona is not None, "the recipe has one round only"
        return self.persona_to_persona

    def makers(self, round_number: int) -> tuple[TextToPersona | PersonaToPersona, ...]:
        """The stages that may have made a persona of a round."""
        if self.fill_gaps is None or not self.fills_gaps(round_number):
            return (self.generation(round_number),)
        first = (self.text_to_persona,) if self.text_to_persona else ()
        return (*first, self.fill_gaps.around)

    def prompts(self, round_number: int) -> tuple[Prompt, ...]:
        """The prompts by which a persona of a round may have been asked for."""
        asked = [(one, stage) for stage in self.makers(round_number) for one in stage.prompts()]
        if not self.fills_gaps(round_number):
            return tuple(prompt for prompt, _ in asked)
        return tuple(
            stage.wanted_prompt if prompt == stage.prompt else prompt for prompt, stage in asked
        )

    @property
    def generations(self) -> tuple[Generation, ...]:
        """The stages that ask a model, in order."""
        found, last = [], self.rounds + 1
        if self.text_to_persona:
            found += [Generation("text_to_persona", "documents", self.first, slice(0, 1))]
        if self.persona_to_persona:
            stage = self.persona_to_persona
            found += [Generation("persona_to_persona", "personas", stage, slice(1, last))]
        if self.fill_gaps:
            around = self.fill_gaps.around
            found += [Generation("fill_gaps", "gaps", around, slice(last, last + 1))]
        return tuple(found)

    @property
    def judges(self) -> tuple[RowJudge, ...]:
        """The row judges that give a score."""
        return tuple(judge for judge in self.row_judges if isinstance(judge, RowJudge))


@dataclass(frozen=True)
class Effort:
    """How much of a recipe's generation is asked for: all of it, unless `limits` say less.

    Attributes:
        share: Share of the documents that are asked about, by seeded chance.
        more_candidates: Asks for each persona wanted beyond the recipe's.
        recorded: Set where nothing new may be asked: replies in the journal at that time.
    """

    share: float = 1.0
    more_candidates: int = 0
    recorded: int | None = None

    @property
    def mark(self) -> str:
        """What of it goes into fingerprints; empty where it changes nothing."""
        return "" if self == Effort() else json.dumps([self.share, self.recorded])


ALL: Final = Effort()


def line_of(recipe: Recipe, effort: Effort = ALL) -> Line:
    """Sort the recipe's stages by kind."""
    stages = recipe.stages
    expand = [stage for stage in stages if isinstance(stage, PersonaToPersona)]
    first, second = stages[0], stages[1] if len(stages) > 1 else None
    extract = second if isinstance(second, TextToPersona) else None
    return Line(
        first if isinstance(first, Ingest) else None,
        extract.with_more_candidates(effort.more_candidates) if extract else None,
        first if isinstance(first, Adopt) else None,
        expand[0] if expand else None,
        next((stage for stage in stages if isinstance(stage, FillGaps)), None),
        tuple(stage for stage in stages if isinstance(stage, RowJudge | Attributes)),
        tuple(stage for stage in stages if isinstance(stage, SetJudge)),
    )


def steps_of(
    recipe: Recipe, source_fingerprint: str, effort: Effort = ALL, taken_down: str = ""
) -> list[Step]:
    """All steps in the order in which they run.

    Args:
        taken_down: Digest of the tombstones; empty where there is none.
    """
    line = line_of(recipe, effort)
    layout = json.dumps([RUN_REVISION, recipe.seed, recipe.engine.slices])
    steps = _first(line, source_fingerprint, layout)
    above = [steps[0].fingerprint, *filter(None, [effort.mark])]
    if line.adopt:
        steps += [_evidence_step(one, 0, one.fingerprint(*above)) for one in line.row_judges]
        above = [step.fingerprint for step in steps]
    for round_number in range(1 if line.adopt else 0, line.rounds + 1):
        steps += _round(recipe, line, line.generation(round_number), round_number, above)
        above = [step.fingerprint for step in steps if step.round_number == round_number]
    for round_number in range(line.rounds + 1, line.last_round + 1):
        filling = _filling(recipe, line, round_number, above)
        steps += filling
        above = [step.fingerprint for step in filling]
    steps += _whole_set(recipe, line, [step.fingerprint for step in steps], taken_down)
    return steps


def _first(line: Line, source_fingerprint: str, layout: str) -> list[Step]:
    """The step that brings in what all others work on."""
    if line.adopt:
        mark = line.adopt.fingerprint(source_fingerprint, layout)
        return [Step("adopt", "adopt", 0, "personas", mark)]
    assert line.ingest is not None
    mark = line.ingest.fingerprint(source_fingerprint, layout)
    return [Step("ingest", "ingest", None, "documents", mark)]


def _round(
    recipe: Recipe,
    line: Line,
    generation: TextToPersona | PersonaToPersona,
    round_number: int,
    above: list[str],
) -> list[Step]:
    model = json.dumps(identity(recipe.models[generation.model]), sort_keys=True)
    parents = recipe.select.model_dump_json(include={"per_document", "minimum_confidence"})
    made = generation.fingerprint(*above, model, parents if round_number else "")
    name = generation.name if round_number == 0 else f"{generation.name}/round-{round_number}"
    rows = [Step(name, generation.name, round_number, "personas", made)]
    return rows + [
        _evidence_step(judge, round_number, judge.fingerprint(made)) for judge in line.row_judges
    ]


def _filling(recipe: Recipe, line: Line, round_number: int, above: list[str]) -> list[Step]:
    """Whom a round asks about, what came of it, and its evidence."""
    stage = line.fill_gaps
    assert stage is not None
    counted = recipe.select.model_dump_json(include={"per_document", "minimum_confidence"})
    target = str(stage.target or recipe.select.target)
    figures = array_mark(stage.table.persons)
    asks = _digest("gaps", stage.fingerprint(*above, counted, target), figures)
    makers = line.makers(round_number)
    models = [json.dumps(identity(recipe.models[one.model]), sort_keys=True) for one in makers]
    wanted = [one.wanted_prompt.content_hash for one in makers]
    made = _digest("filled", asks, *models, *wanted, *(one.fingerprint() for one in makers))
    name = f"{stage.name}/round-{round_number}"
    return [
        Step(f"gaps/round-{round_number}", stage.name, round_number, "gaps", asks),
        Step(name, stage.name, round_number, "personas", made),
        *(_evidence_step(one, round_number, one.fingerprint(made)) for one in line.row_judges),
    ]


def _evidence_step(judge: Stage, round_number: int, fingerprint: str) -> Step:
    return Step(
        f"{judge.name}/round-{round_number}",
        judge.name,
        round_number,
        f"evidence/{judge.name}",
        fingerprint,
    )


def _whole_set(recipe: Recipe, line: Line, above: list[str], taken_down: str) -> list[Step]:
    minimum = str(recipe.select.minimum_confidence)
    steps = []
    for judge in line.set_judges:
        mark = judge.fingerprint(*above, minimum, *_embedder_mark(recipe, judge))
        steps.append(Step(judge.name, judge.name, None, f"evidence/{judge.name}", mark))
        above = [*above, mark]
    domains = _digest("domains", *above, *(str(tuple(edit)) for edit in domain_edits(recipe)))
    rest = [*_figures(recipe), *filter(None, [taken_down])]
    verdicts = _digest("verdicts", domains, recipe.select.model_dump_json(), *rest)
    return [
        *steps,
        Step(DOMAINS, DOMAINS, None, "domains", domains),
        Step(VERDICTS, VERDICTS, None, "verdicts", verdicts),
    ]


def _figures(recipe: Recipe) -> list[str]:
    """What the official tables of the selection, if it has any, put into a fingerprint."""
    return [figures_mark(recipe.select.represent)] if recipe.select.represent else []


def domain_edits(recipe: Recipe) -> tuple[Edit, ...]:
    """A person's last word on domains.

    Raises:
        RecipeError: The file cannot be read, or its rows contradict one another.
    """
    if recipe.domain_edits is None:
        return ()
    path = Path(recipe.domain_edits)
    try:
        return read_edits(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise RecipeError(
            f"domain_edits: {path} cannot be read: {error}.",
            cure="`iph domains HUB --csv FILE` writes one to start from.",
        ) from error


def _embedder_mark(recipe: Recipe, judge: SetJudge) -> list[str]:
    """What the embedder of a judge, if it has one, puts into its fingerprint."""
    name = getattr(judge, "embedder", None)
    if name is None:
        return []
    return [json.dumps(embedder_identity(recipe.embedders[name]), sort_keys=True)]


def scratch_of(recipe: Recipe, steps: list[Step]) -> tuple[Step, dict[str, Step]]:
    """The steps that prepare the whole set: where the rows stand, and the keys of each set judge
    by its name. What they write is scratch: see `run.keys`.
    """
    rows = [step.fingerprint for step in steps if step.round_number is not None]
    stand = _digest("standing", *rows, str(recipe.select.minimum_confidence), *_figures(recipe))
    keys = {}
    for judge in line_of(recipe).set_judges:
        mark = judge.fingerprint(stand, *_embedder_mark(recipe, judge))
        keys[judge.name] = Step(f"keys/{judge.name}", KEYS, None, judge.name, mark)
    return Step("keys/standing", KEYS, None, "standing", stand), keys


def _digest(*parts: str) -> str:
    return sha256(json.dumps(parts).encode()).hexdigest()
