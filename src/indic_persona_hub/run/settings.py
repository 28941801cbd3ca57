"""What a recipe says of how it is run: the engine, its limits, and the release's own words."""

from __future__ import annotations

from typing import Annotated, Literal, Self

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


Share = Annotated[float | None, Field(ge=0, le=1)]
Policy = Literal["keep", "aggregate", "audit_only", "drop"]


class Sensitive(BaseModel):
    """What becomes of the attributes that harm most where they fit a living person.

    `keep` releases the value of each persona, under `Anonymity`; `aggregate` only how many personas
    have each value, on the card; `audit_only` nothing, and `iph audit` of the hub counts it; `drop`
    not even that. Policies are for attribute columns: the prose of a persona is not changed.

    Attributes:
        religion: As stated.
        community: Scheduled Caste, Scheduled Tribe, Other Backward Class or general, as stated.
        disability: By kind; mental illness is one of them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    religion: Policy = "keep"
    community: Policy = "keep"
    disability: Policy = "keep"

    def under(self, *policies: Policy) -> tuple[str, ...]:
        """Names of the attributes that have one of these policies."""
        return tuple(name for name, policy in self if policy in policies)


class Anonymity(BaseModel):
    """How many personas share each released combination of attribute values.

    Attributes:
        k: At least so many; 1 asks nothing.
        over: `sensitive` holds it for combinations with a religion, a community, a disability or
            the gender `transgender`; `all` for every combination.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    k: int = Field(20, ge=1)
    over: Literal["sensitive", "all"] = "sensitive"


class Gate(BaseModel):
    """Shares of the released personas, 0 to 1, above which a release is refused; null asks nothing.

    They are counted from the judges' evidence on the kept personas, whatever the thresholds of the
    judges are.

    Attributes:
        identifiers: Contact data and identity numbers in the text (judge `contact_data`).
        personal_names: Names of persons (`personal_name`).
        copied_text: Over 12 words in a row of a source or parent (`copied_text`).
        toxicity: Offensive words and slurs (`toxicity`).
        injections: Traces of a page that gave orders to the model (`injection`).
        crisis: A person in crisis to be played (`crisis`).
        child_safety: Sexual or violent framing of a child (`child_safety`).
        sensitive_claims: What harms a group where it is said of it (`sensitive_claims`).
        duplicates: Said already, word for word or nearly (`exact_duplicates`, `near_duplicates`).
        unmeasured: Whether what no judge of the recipe measured is a reason to refuse.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    identifiers: Share = 0.0
    personal_names: Share = 0.0
    copied_text: Share = 0.0
    toxicity: Share = 0.0
    injections: Share = 0.0
    crisis: Share = 0.0
    child_safety: Share = 0.0
    sensitive_claims: Share = 0.0
    duplicates: Share = 0.0
    unmeasured: Literal["allow", "refuse"] = "allow"


class ReleaseSettings(BaseModel):
    """What the release says of itself, and what of its rows it tells.

    Attributes:
        title: Heading of the card.
        name: Data-set name in lower case with hyphens.
        licence: Licence identifier of the release, as the Hub writes it ("cc-by-4.0").
        rows_per_file: Exact rows in every Parquet file but the last.
        sensitive: A policy for each sensitive attribute.
        anonymity: k-anonymity of the released attributes.
        gate: What a release is refused for.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = "Indic personas"
    name: str = Field("indic-personas", pattern=r"^[a-z0-9][a-z0-9-]*$")
    licence: str = "other"
    rows_per_file: int = Field(100_000, ge=1)
    sensitive: Sensitive = Sensitive()
    anonymity: Anonymity = Anonymity()
    gate: Gate = Gate()
