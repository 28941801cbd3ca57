"""Fill gaps: ask for the people whom official figures have and the set lacks."""

from __future__ import annotations

from typing import Any, ClassVar, Final, Literal, Self

from pydantic import Field, field_validator, model_validator

from indic_persona_hub.expand.persona_to_persona import SAMPLINGS, PersonaToPersona
from indic_persona_hub.prompts import Prompt
from indic_persona_hub.prompts.sampling import with_own
from indic_persona_hub.reference.official import YEARS, Official, official
from indic_persona_hub.stage import Sampling, Stage

#: What can be asked for: the dimensions of the official table below, in its order.
TABLE: Final = "state_residence_sex_age"
STEERED: Final = ("state", "residence", "sex", "age_band")

#: At most so many asks for each person missing, however few came out so far.
MOST_FOR_ONE: Final = 4


class FillGaps(Stage):
    """Settings of the rounds that ask for people of the cells that lack them.

    A round counts the personas that stand by cell, and asks for those who are missing of `target`:
    from a document that names their state where there is one and they are grown up (with the
    settings of `text_to_persona`), else from a persona of their state, by a relation of the
    catalogue that fits their age and sex (Persona-to-Persona with `model`, `preset`, `sampling`).
    A persona that does not come out in the cell that was asked for is rejected: `outside_cell`.

    Attributes:
        dimensions: What a cell is made of. The others are drawn as the population has them.
        year: Of the official figures.
        target: Personas that a faithful set of this size is compared with; null is `select.target`,
            or as many as stand before the first of these rounds.
        rounds: Rounds at most. A later one makes good what failed in those before it.
        most_asks: Asks at most, in all rounds; null leaves it to `limits`.
    """

    name: ClassVar[str] = "fill_gaps"

    model: str = "default"
    preset: Literal["small_model", "structured"] = "small_model"
    sampling: Sampling | None = None
    dimensions: tuple[Literal["state", "residence", "sex", "age_band"], ...] = Field(
        STEERED, min_length=1
    )
    year: int = Field(YEARS[0], ge=YEARS[0], le=YEARS[-1])
    target: int | None = Field(None, ge=1)
    rounds: int = Field(3, ge=1, le=10)
    most_asks: int | None = Field(None, ge=1)

    @model_validator(mode="before")
    @classmethod
    def _rest_is_of_the_preset(cls, settings: Any) -> Any:
        return with_own(settings, SAMPLINGS, "small_model")

    @field_validator("dimensions")
    @classmethod
    def _in_order(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name for name in STEERED if name in names)

    @model_validator(mode="after")
    def _one_choice(self) -> Self:
        if self.sampling is not None and self.sampling.choices > 1:
            raise ValueError("fill_gaps asks for one person at a time: sampling.choices is 1")
        return self

    @property
    def around(self) -> PersonaToPersona:
        """The stage that asks for people around a persona."""
        return PersonaToPersona(model=self.model, preset=self.preset, sampling=self.sampling)

    def prompts(self) -> tuple[Prompt, ...]:
        """The prompt that asks for somebody around a persona."""
        return (self.around.wanted_prompt,)

    def asks_at_most(self, target: int) -> int:
        """Upper bound of the asks of all rounds."""
        bound = target * (1 + MOST_FOR_ONE * (self.rounds - 1))
        return bound if self.most_asks is None else min(bound, self.most_asks)

    @property
    def table(self) -> Official:
        """The official figures, `dimensions` before those that are drawn.

        Raises:
            HubError: There are no figures for the year.
        """
        drawn = (name for name in STEERED if name not in self.dimensions)
        return official(TABLE, self.year).marginal(*self.dimensions, *drawn)
