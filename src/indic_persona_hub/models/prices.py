"""What a model's tokens cost: as the recipe says, else by a small dated table of ours.

Prices change, and differ by tier, region and hour: the table (`prices.tsv`) holds list prices as
their pages showed them on `as_of`, the dearer one where a page has two by the hour and the one for
short prompts where it has two by length. `price` in the recipe always wins.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Annotated, Any, Final, Protocol

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from indic_persona_hub.errors import RecipeError

#: A price whose page was read longer ago is worth a word.
_OLD_DAYS: Final = 365


class Price(BaseModel):
    """What a model's tokens cost, in USD for a million. `price: 0` is short for all zero.

    Attributes:
        cached_usd_per_million: Prompt tokens that the endpoint had read before; null is the price
            of any other prompt token.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    prompt_usd_per_million: float = Field(ge=0)
    completion_usd_per_million: float = Field(ge=0)
    cached_usd_per_million: float | None = Field(None, ge=0)

    def cost_usd(
        self, prompt_tokens: float, cached_tokens: float, completion_tokens: float
    ) -> float:
        """The cost of so many tokens; `cached_tokens` are among `prompt_tokens`."""
        cached = self.cached_usd_per_million
        cached = self.prompt_usd_per_million if cached is None else cached
        prompt = (prompt_tokens - cached_tokens) * self.prompt_usd_per_million
        completion = completion_tokens * self.completion_usd_per_million
        return (prompt + cached_tokens * cached + completion) / 1e6

    def times(self, share: float) -> Price:
        """Every price multiplied by `share`."""
        cached = self.cached_usd_per_million
        return Price(
            prompt_usd_per_million=self.prompt_usd_per_million * share,
            completion_usd_per_million=self.completion_usd_per_million * share,
            cached_usd_per_million=None if cached is None else cached * share,
        )


def _short_price(value: Any) -> Any:
    if value == 0 and not isinstance(value, bool):
        return {"prompt_usd_per_million": 0.0, "completion_usd_per_million": 0.0}
    return value


GivenPrice = Annotated[Price | None, BeforeValidator(_short_price)]

#: This machine's own work.
FREE: Final = Price(prompt_usd_per_million=0, completion_usd_per_million=0)


@dataclass(frozen=True)
class Listed:
    """A row of the table.

    Attributes:
        model: The endpoint's name of the model.
        batch_share: What a batch costs, as a share of `price`.
        as_of: The day on which the page showed this price.
        source: Address of the page.
    """

    model: str
    price: Price
    batch_share: float
    as_of: date
    source: str


class Priced(Protocol):
    """Settings of a model, as far as its price goes: any of `settings.ModelSettings`."""

    @property
    def kind(self) -> str:
        """The kind of plug."""
        ...

    @property
    def price(self) -> Price | None:
        """What the recipe says; null where it says nothing."""
        ...


def price_of(settings: Priced) -> Price:
    """The recipe's price, else the table's by the model's name.

    Raises:
        RecipeError: Neither has one.
    """
    if settings.price is not None:
        return settings.price
    listed = listed_price(settings)
    if listed is None:
        raise RecipeError(
            f"The price of the model '{getattr(settings, 'model', settings.kind)}' is not known.",
            cure="Give the model `price: {prompt_usd_per_million: ...,"
            " completion_usd_per_million: ...}`, or `price: 0` where it is your own.",
        )
    return listed.price.times(listed.batch_share) if settings.kind == "batch" else listed.price


def listed_price(settings: Priced) -> Listed | None:
    """The table's row that `price_of` goes by; null where the recipe gives the price."""
    if settings.price is not None:
        return None
    return listed_prices().get(str(getattr(settings, "model", "")).lower())


def old_price(settings: Priced, today: date) -> str | None:
    """How old the table's price is, in words, where that is more than a year."""
    listed = listed_price(settings)
    if listed is None or (days := (today - listed.as_of).days) <= _OLD_DAYS:
        return None
    return (
        f"The price of {listed.model} is {days} days old ({listed.as_of}): look at"
        f" {listed.source}, and give the model `price` where it has changed."
    )


@cache
def listed_prices() -> dict[str, Listed]:
    """The table, by the model's name in lower case."""
    text = (resources.files(__package__) / "prices.tsv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", strict=True)
    return {listed.model.lower(): listed for listed in map(_listed, rows)}


def _listed(row: dict[str, str]) -> Listed:
    cached = row["cached_usd_per_million"]
    price = Price(
        prompt_usd_per_million=float(row["prompt_usd_per_million"]),
        completion_usd_per_million=float(row["completion_usd_per_million"]),
        cached_usd_per_million=float(cached) if cached else None,
    )
    as_of = date.fromisoformat(row["as_of"])
    return Listed(row["model"], price, float(row["batch_share"]), as_of, row["source"])
