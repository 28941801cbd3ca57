"""What a recipe says of how it is run: the engine, its limits, and the release's own words."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Engine(BaseModel):
    """Where the tables are worked on. `engine: native` is short for its runner alone.

    Attributes:
        runner: `native` is in this process and its workers; `ray` is a Ray cluster (extra `ray`).
        workers: Slices worked on at once, each in a process of its own when more than one.
        address: Of a Ray cluster to join ("ray://host:10001"); null starts one on this machine.
        slices: Parts that every table is split into by id; bounds memory, changes no row.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    runner: str = Field("native", pattern="^(native|ray)$")
    workers: int = Field(1, ge=1, le=256)
    address: str | None = None
    slices: int = Field(8, ge=1, le=4096)

    @model_validator(mode="after")
    def _address_of_ray(self) -> Self:
        if self.address is not None and self.runner != "ray":
            raise ValueError(
                f"an address is that of a Ray cluster, and the runner is {self.runner}"
            )
        return self


class Limits(BaseModel):
    """Hard caps over all that the hub ever asks, in however many runs; null is no cap.

    Attributes:
        cost_usd: Money for model calls, lost attempts included.
        requests: Model calls sent, failed ones included.
        tokens: Tokens of prompts and replies.
        hours: Hours that builds of this hub have worked.
        accepted: Personas wanted: as many documents are asked about as it takes, then no more.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    cost_usd: float | None = Field(None, ge=0)
    requests: int | None = Field(None, ge=0)
    tokens: int | None = Field(None, ge=0)
    hours: float | None = Field(None, ge=0)
    accepted: int | None = Field(None, ge=1)


class ReleaseSettings(BaseModel):
    """What the release says of itself.

    Attributes:
        title: Heading of the card.
        name: Data-set name in lower case with hyphens.
        licence: Licence identifier of the release, as the Hub writes it ("cc-by-4.0").
        rows_per_file: Exact rows in every Parquet file but the last.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = "Indic personas"
    name: str = Field("indic-personas", pattern=r"^[a-z0-9][a-z0-9-]*$")
    licence: str = "other"
    rows_per_file: int = Field(100_000, ge=1)
