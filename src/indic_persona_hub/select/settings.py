"""What a recipe says of selection."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from indic_persona_hub.errors import nearest
from indic_persona_hub.reference.official import YEARS, official_names

#: More tables than this leave so few rows in a combination that none can be spared.
MOST_TABLES = 6


class Represent(BaseModel):
    """Official tables that the kept rows are to match; see `select.representative`.

    Attributes:
        tables: Names of official tables, at most six; where they cannot all be met, the first is
            met best.
        year: Of the figures: 2011, or a later one (to 2036) of the official projection.
        unknown: A row whose code a table needs and does not have is outside that table. `keep`
            leaves it in the pool, and the table holds among the rows that have one; `exclude` rules
            it out, for tables that count as many people as the largest one chosen.
        release: `sample` keeps exactly `target` rows, each once; `weights` keeps whom the selection
            without tables keeps, and gives each row a weight.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    tables: tuple[str, ...] = Field(min_length=1, max_length=MOST_TABLES)
    year: int = Field(YEARS[0], ge=YEARS[0], le=YEARS[-1])
    unknown: Literal["keep", "exclude"] = "keep"
    release: Literal["sample", "weights"] = "sample"

    @field_validator("tables")
    @classmethod
    def _tables_are_known(cls, tables: tuple[str, ...]) -> tuple[str, ...]:
        for name in tables:
            if name not in official_names():
                raise ValueError(f"no official table '{name}'{nearest(name, official_names())}")
            if tables.count(name) > 1:
                raise ValueError(f"the table '{name}' is named twice")
        return tables


class Selection(BaseModel):
    """Thresholds and counts of the release.

    Attributes:
        per_document: Personas kept of one document, best confidence first. Personas that come from
            another persona are not counted here.
        minimum_confidence: Personas below this `confidence_score` are ruled out.
        cap: Most personas in one domain. Who stays of a domain that has more is spread evenly over
            methods, languages and sources, and over near-duplicate clusters.
        target: Exactly this many in all where so many pass: a lower cap is found, so that large
            domains give way and small ones stay whole. Null keeps all that pass.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    per_document: int = Field(1, ge=1)
    minimum_confidence: float = Field(0.0, ge=0, le=1)
    cap: int = Field(100_000, ge=1)
    target: int | None = Field(None, ge=1)
    represent: Represent | None = None

    @model_validator(mode="after")
    def _a_sample_has_a_size(self) -> Self:
        sample = self.represent is not None and self.represent.release == "sample"
        if sample and self.target is None:
            raise ValueError("represent draws a sample of `target` rows; give a target, or weights")
        return self
