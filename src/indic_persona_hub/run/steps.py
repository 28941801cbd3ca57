"""A recipe as the list of steps that a build walks, each with its fingerprint."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from indic_persona_hub.expand.persona_to_persona import PersonaToPersona
from indic_persona_hub.extract.text_to_persona import TextToPersona
from indic_persona_hub.ingest.documents import Ingest
from indic_persona_hub.judge.attributes import Attributes
from indic_persona_hub.models.settings import identity
from indic_persona_hub.run.recipe import Recipe
from indic_persona_hub.stage import RowJudge, SetJudge, Stage

#: Revision of what this package does between stages; a change that moves a row raises it.
RUN_REVISION = 1
DOMAINS, VERDICTS = "domains", "select"


@dataclass(frozen=True)
class Step:
    """One stage on one round.

    Attributes:
        name: Unique in the build ("hedging/round-1").
        stage: The stage's name, under which the ledger adds its rounds up.
        round_number: 0 for personas from text, 1 and up for persona-to-persona; None for steps
            that see documents or the whole set.
        table: The hub's table that it writes.
    """

    name: str
    stage: str
    round_number: int | None
    table: str
    fingerprint: str


@dataclass(frozen=True)
class Line:
    """What one recipe has of each kind of stage, in recipe order."""

    ingest: Ingest
    text_to_persona: TextToPersona
    persona_to_persona: PersonaToPersona | None
    row_judges: tuple[RowJudge | Attributes, ...]
    set_judges: tuple[SetJudge, ...]

    @property
    def rounds(self) -> int:
        """Persona-to-persona rounds; 0 where the recipe has none."""
        return self.persona_to_persona.rounds if self.persona_to_persona else 0

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
    ingest, extract = stages[0], stages[1]
    assert isinstance(ingest, Ingest)
    assert isinstance(extract, TextToPersona)
    return Line(
        ingest,
        extract.with_more_candidates(effort.more_candidates),
        expand[0] if expand else None,
        tuple(stage for stage in stages if isinstance(stage, RowJudge | Attributes)),
        tuple(stage for stage in stages if isinstance(stage, SetJudge)),
    )


def steps_of(recipe: Recipe, source_fingerprint: str, effort: Effort = ALL) -> list[Step]:
    """All steps in the order in which they run."""
    line = line_of(recipe, effort)
    layout = json.dumps([RUN_REVISION, recipe.seed, recipe.engine.slices])
    steps = [
        Step(
            "ingest", "ingest", None, "documents",
            line.ingest.fingerprint(source_fingerprint, layout),
        )
    ]  # fmt: skip
    above = [steps[0].fingerprint, *filter(None, [effort.mark])]
    for round_number in range(line.rounds + 1):
        generation = line.persona_to_persona if round_number else line.text_to_persona
        assert generation is not None
        steps += _round(recipe, line, generation, round_number, above)
        above = [step.fingerprint for step in steps if step.round_number == round_number]
    steps += _whole_set(recipe, line, [step.fingerprint for step in steps])
    return steps


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


def _evidence_step(judge: Stage, round_number: int, fingerprint: str) -> Step:
    return Step(
        f"{judge.name}/round-{round_number}",
        judge.name,
        round_number,
        f"evidence/{judge.name}",
        fingerprint,
    )


def _whole_set(recipe: Recipe, line: Line, above: list[str]) -> list[Step]:
    steps = []
    for judge in line.set_judges:
        mark = judge.fingerprint(*above, str(recipe.select.minimum_confidence))
        steps.append(Step(judge.name, judge.name, None, f"evidence/{judge.name}", mark))
        above = [*above, mark]
    domains = _digest("domains", *above)
    verdicts = _digest("verdicts", domains, recipe.select.model_dump_json())
    return [
        *steps,
        Step(DOMAINS, DOMAINS, None, "domains", domains),
        Step(VERDICTS, VERDICTS, None, "verdicts", verdicts),
    ]


def _digest(*parts: str) -> str:
    return sha256(json.dumps(parts).encode()).hexdigest()
