"""What a recipe says of selection."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


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
