"""What a model's tokens cost: the recipe's word, else a dated table."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indic_persona_hub.errors import RecipeError
from indic_persona_hub.models.prices import FREE, Price, listed_prices, old_price, price_of
from indic_persona_hub.models.settings import (
    BatchSettings,
    LlamaCppSettings,
    OpenAICompatibleSettings,
    ReplaySettings,
    ScriptedSettings,
)

TODAY = datetime.now(UTC).date()
ADDRESS = "http://localhost:1/v1"
MONEY = st.floats(0, 1000, allow_nan=False)
TOKENS = st.integers(0, 10**9)


def asked(model: str, **more) -> OpenAICompatibleSettings:
    return OpenAICompatibleSettings(base_url=ADDRESS, model=model, **more)


@pytest.mark.parametrize("listed", listed_prices().values(), ids=lambda one: one.model)
def test_a_listed_price_is_dated_and_sound(listed) -> None:
    assert date(2025, 1, 1) <= listed.as_of <= TODAY
    assert listed.source.startswith("https://")
    assert 0 < listed.price.prompt_usd_per_million <= listed.price.completion_usd_per_million
    cached = listed.price.cached_usd_per_million
    assert cached is None or 0 < cached < listed.price.prompt_usd_per_million
    assert 0 < listed.batch_share <= 1
    assert listed.model == listed.model.strip().lower()


def test_the_table_names_each_model_once_in_order() -> None:
    from importlib import resources

    text = (resources.files("indic_persona_hub.models") / "prices.tsv").read_text("utf-8")
    names = [line.split("\t")[0] for line in text.splitlines()[1:]]
    assert names == sorted(set(names))
    assert list(listed_prices()) == names


def test_the_recipe_wins_over_the_table() -> None:
    given_price = {"prompt_usd_per_million": 7, "completion_usd_per_million": 8}
    assert price_of(asked("gpt-4.1-mini", price=given_price)) == Price(**given_price)
    assert price_of(asked("gpt-4.1-mini", price=0)) == FREE


def test_the_table_is_looked_up_by_the_whole_name_in_any_case() -> None:
    assert price_of(asked("GPT-4.1-Mini")) == listed_prices()["gpt-4.1-mini"].price
    with pytest.raises(RecipeError):
        price_of(asked("gpt-4.1-minix"))


def test_a_batch_costs_its_share_of_the_listed_price_but_just_what_the_recipe_says() -> None:
    listed = listed_prices()["gpt-4.1-mini"]
    batch = price_of(BatchSettings(base_url=ADDRESS, model="gpt-4.1-mini"))
    assert batch.cost_usd(100, 40, 10) == pytest.approx(
        listed.batch_share * listed.price.cost_usd(100, 40, 10)
    )
    assert batch.cost_usd(100, 40, 10) < listed.price.cost_usd(100, 40, 10)
    own = {"prompt_usd_per_million": 7, "completion_usd_per_million": 8}
    assert price_of(BatchSettings(base_url=ADDRESS, model="gpt-4.1-mini", price=own)) == Price(
        **own
    )


@pytest.mark.parametrize(
    "settings", [LlamaCppSettings(), ScriptedSettings(), ReplaySettings(journal="j")]
)
def test_this_machines_own_work_is_free(settings) -> None:
    assert price_of(settings) == FREE


def test_an_unknown_price_is_an_error_that_says_both_cures() -> None:
    with pytest.raises(RecipeError, match="'my-model'") as raised:
        price_of(asked("my-model"))
    assert "prompt_usd_per_million: ..." in raised.value.cure
    assert "`price: 0`" in raised.value.cure


def test_a_price_is_called_old_after_a_year_and_only_where_it_is_used() -> None:
    listed = listed_prices()["gpt-4.1-mini"]
    year = listed.as_of + timedelta(days=365)
    assert old_price(asked("gpt-4.1-mini"), year) is None
    said = old_price(asked("gpt-4.1-mini"), year + timedelta(days=1))
    assert said is not None
    assert "366 days" in said
    assert listed.source in said
    assert old_price(asked("gpt-4.1-mini", price=0), year + timedelta(days=999)) is None
    assert old_price(LlamaCppSettings(), year + timedelta(days=999)) is None


@given(prompt=MONEY, completion=MONEY, cached=st.none() | MONEY, share=st.floats(0.01, 1))
def test_a_share_of_a_price_is_that_share_of_every_cost(prompt, completion, cached, share) -> None:
    price = Price(
        prompt_usd_per_million=prompt,
        completion_usd_per_million=completion,
        cached_usd_per_million=cached,
    )
    whole = price.cost_usd(1000, 300, 50)
    assert price.times(share).cost_usd(1000, 300, 50) == pytest.approx(share * whole)


@given(st.tuples(TOKENS, TOKENS, TOKENS), st.tuples(TOKENS, TOKENS, TOKENS))
def test_costs_add_up(one, other) -> None:
    price = Price(
        prompt_usd_per_million=2, completion_usd_per_million=8, cached_usd_per_million=0.5
    )
    both = [a + b for a, b in zip(one, other, strict=True)]
    assert price.cost_usd(*both) == pytest.approx(price.cost_usd(*one) + price.cost_usd(*other))
