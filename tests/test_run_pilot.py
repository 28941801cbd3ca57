"""A pilot: a few real calls, paid once, from which the whole build is forecast."""

import json
import re
import sqlite3
from collections import Counter
from contextlib import closing
from itertools import islice
from math import ceil, log2
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indic_persona_hub.errors import HubBusyError, ModelError, RecipeError, SourceError
from indic_persona_hub.run.build import build
from indic_persona_hub.run.forecast import Forecast, forecast
from indic_persona_hub.run.hub import Hub, locked
from indic_persona_hub.run.pilot import pilot
from indic_persona_hub.run.pilot_draw import spread
from indic_persona_hub.run.recipe import Recipe
from indic_persona_hub.run.status import status
from indic_persona_hub.testing.provider import Provider
from scripted_hub import corpus_texts, scripted_recipe, write_source

STAGES = ("ingest", "text_to_persona", "persona_to_persona", "form", "not_a_person", "hedging")
PRICE = "price: {prompt_usd_per_million: 1, completion_usd_per_million: 4}"


@pytest.fixture(scope="module")
def source(tmp_path_factory) -> Path:
    return write_source(tmp_path_factory.mktemp("source") / "texts.jsonl", corpus_texts()[:30])


def priced(hub: Path, source: Path, provider: Provider, *changes: str) -> Recipe:
    model = (
        f"{{kind: openai_compatible, base_url: '{provider.base_url}', model: scripted, {PRICE}}}"
    )
    recipe = scripted_recipe(hub, source, f"models.default={model}", "engine.slices=1", *changes)
    # Judges that fail the scripted model's bad replies; the others take time and rule out no more.
    stages = tuple(stage for stage in recipe.stages if stage.name in STAGES)
    return recipe.model_copy(update={"stages": stages})


def paid(hub: Hub) -> dict[str, float]:
    usage = status(hub)["usage"]
    names = ("calls", "prompt_tokens", "completion_tokens", "cost_usd")
    return {name: sum(one[name] for one in usage) for name in names}


def keys_in(hub: Hub) -> set[str]:
    with closing(sqlite3.connect(hub.journal_path)) as journal:
        return {key.hex() for (key,) in journal.execute("SELECT key FROM intents")}


class Piloted:
    """A pilot, the build after it, and what the provider saw of each."""

    def __init__(self, folder: Path, source: Path, calls: int, *changes: str) -> None:
        with Provider(latency_s=0.01) as provider:
            self.recipe = priced(folder / "hub", source, provider, *changes)
            self.pilot = pilot(self.recipe, calls)
            self.paid = paid(Hub(folder / "hub"))
            self.forecast = forecast(self.recipe, self.pilot)
            again = pilot(self.recipe, calls)
            self.calls_of_pilots = len(provider.calls)
            self.keys = keys_in(Hub(folder / "hub"))
            self.again = forecast(self.recipe, again)
            self.hub = build(self.recipe)
            self.calls = [call.key for call in provider.calls]


@pytest.fixture(scope="module")
def fifty(tmp_path_factory, source) -> Piloted:
    return Piloted(tmp_path_factory.mktemp("fifty"), source, 50)


def test_a_pilot_asks_whole_families_and_no_more_than_it_may(fifty) -> None:
    assert 40 <= fifty.calls_of_pilots <= 50
    assert fifty.pilot.calls == fifty.calls_of_pilots == fifty.paid["calls"]
    assert fifty.pilot.families >= 8


def test_the_build_asks_nothing_of_it_again(fifty) -> None:
    assert max(Counter(fifty.calls).values()) == 1
    assert paid(fifty.hub)["calls"] == len(fifty.calls)
    assert len(fifty.calls) > 2 * fifty.calls_of_pilots


def test_the_forecast_is_near_what_the_build_then_costs(fifty) -> None:
    real = paid(fifty.hub)
    for name, value in real.items():
        assert fifty.forecast.to_json()[name] == pytest.approx(value, rel=0.15), name
        low, high = fifty.forecast.intervals[name]
        assert low <= value <= high, name
    stages = {stage["name"]: stage for stage in status(fifty.hub)["stages"]}
    assert fifty.forecast.documents == stages["ingest"]["rows_out"]


def test_a_stage_is_forecast_as_it_is_charged(fifty) -> None:
    usage = {one["stage"]: one for one in status(fifty.hub)["usage"]}
    for stage in fifty.forecast.stages:
        if stage.calls:
            assert stage.calls == pytest.approx(usage[stage.name]["calls"], rel=0.25)
    asking = {stage.name for stage in fifty.forecast.stages if stage.calls}
    assert asking == set(usage) == {"text_to_persona", "persona_to_persona"}


def test_the_same_replies_give_the_same_forecast(fifty) -> None:
    assert fifty.again.to_json() == fifty.forecast.to_json()


def test_time_is_latency_over_the_calls_in_flight(fifty) -> None:
    # 0.01 s a call at least, and never more than 64 in flight.
    assert fifty.forecast.seconds is not None
    assert fifty.forecast.seconds >= 0.01 * fifty.forecast.calls / 64
    assert any("64 at once" in note for note in fifty.forecast.notes)


def check_sound(plan: Forecast) -> None:
    as_json = plan.to_json()
    assert json.loads(json.dumps(as_json)) == as_json
    for part in (as_json, *as_json["stages"]):
        for name, (low, high) in ((n, one.values()) for n, one in part["intervals"].items()):
            assert 0 <= low <= part[name] + 1e-9 or part[name] == round(low), name
            assert low <= high, name
            assert part[name] <= high + 0.5, name
    for name in ("calls", "prompt_tokens", "completion_tokens", "cost_usd"):
        assert as_json[name] == pytest.approx(sum(one[name] for one in as_json["stages"]))
    assert plan.cost_usd == pytest.approx(plan.cost_per_accepted_usd * plan.accepted)


def test_a_forecast_is_whole_json_with_intervals_around_its_numbers(fifty) -> None:
    check_sound(fifty.forecast)
    assert {"cost_usd", "seconds", "accepted", "cost_per_accepted_usd"} <= set(
        fifty.forecast.intervals
    )
    assert fifty.forecast.pilot_calls == fifty.pilot.calls


def test_a_pilot_that_took_every_document_knows_the_whole(tmp_path) -> None:
    few = write_source(tmp_path / "few.jsonl", corpus_texts()[:3])
    every = "stages.persona_to_persona.parents_share=1.0"
    done = Piloted(tmp_path, few, 50, every)
    real = paid(done.hub)
    assert len(done.calls) == done.calls_of_pilots, "the build had nothing left to ask"
    plan = done.forecast.to_json()
    for name, value in real.items():
        assert plan[name] == pytest.approx(value), name
        low, high = done.forecast.intervals[name]
        assert low == pytest.approx(high), name


def test_where_the_build_stops_early_the_pilot_asks_what_it_begins_with(tmp_path) -> None:
    rows = corpus_texts()
    source = write_source(tmp_path / "texts.jsonl", rows)
    changes = ("limits.accepted=12", "stages.text_to_persona.candidates=1")
    done = Piloted(tmp_path, source, 20, *changes)
    tables = ("personas", "rejected/text_to_persona", "rejected/persona_to_persona")
    used = {
        row.get(name)
        for table in tables
        for row in done.hub.read(table).to_pylist()
        for name in ("journal_key", "sketch_key", "payload")
    }
    assert len(done.keys) == done.calls_of_pilots
    assert done.keys <= used
    assert done.forecast.accepted == 12
    whole = forecast(
        done.recipe.model_copy(update={"limits": Recipe.model_fields["limits"].default})
    )
    assert done.forecast.calls < whole.calls


def test_without_a_pilot_no_time_and_no_interval_is_claimed(source, tmp_path) -> None:
    with Provider() as provider:
        plan = forecast(priced(tmp_path / "hub", source, provider))
        assert provider.calls == []
    assert not (tmp_path / "hub").exists()
    assert plan.seconds is None
    assert plan.intervals == {}
    assert all(stage.intervals == {} for stage in plan.stages)
    assert plan.cost_usd == pytest.approx(
        sum(one.prompt_tokens + 4 * one.completion_tokens for one in plan.stages) / 1e6
    )
    assert plan.to_json()["cost_per_accepted_usd"] == plan.cost_usd / plan.accepted


def test_a_cap_below_the_forecast_is_told(source, tmp_path) -> None:
    with Provider() as provider:
        low = forecast(priced(tmp_path / "hub", source, provider, "limits.cost_usd=0.01"))
        high = forecast(priced(tmp_path / "hub", source, provider, "limits.cost_usd=99"))
    assert any("limits.cost_usd is 0.01" in note for note in low.notes)
    assert not any("limits" in note for note in high.notes)


def test_an_unknown_price_stops_the_plan_and_the_pilot_before_a_call(source, tmp_path) -> None:
    with Provider() as provider:
        recipe = priced(tmp_path / "hub", source, provider, "models.default.price=null")
        for plan in (forecast, lambda recipe: pilot(recipe, 50)):
            with pytest.raises(RecipeError, match="price"):
                plan(recipe)
        assert provider.calls == []


def test_too_few_calls_for_two_families_is_told_with_how_many_it_takes(source, tmp_path) -> None:
    with Provider() as provider:
        recipe = priced(tmp_path / "hub", source, provider)
        with pytest.raises(RecipeError) as raised:
            pilot(recipe, 9)
        assert provider.calls == []
        needed = re.search(r"--pilot (\d+)", raised.value.cure)
        assert needed is not None
        assert pilot(recipe, int(needed[1])).families >= 2
        with pytest.raises(RecipeError):
            pilot(recipe, int(needed[1]) - 1)


def test_no_document_is_an_error_of_the_source(tmp_path) -> None:
    short = write_source(tmp_path / "short.jsonl", [{"text": "Too short."}] * 3)
    with Provider() as provider, pytest.raises(SourceError, match="No document is left of 3 rows"):
        pilot(priced(tmp_path / "hub", short, provider), 50)


def test_a_pilot_without_one_reply_is_an_error_of_the_model(source, tmp_path) -> None:
    with Provider(refuses=("seed",)) as provider:
        with pytest.raises(ModelError, match="None of the pilot's 2 calls was answered: 2 bad_re"):
            pilot(priced(tmp_path / "hub", source, provider), 12)
        assert len(provider.calls) == 2, "it stopped after the first two documents"


def test_a_pilot_waits_for_no_build(source, tmp_path) -> None:
    hub = Hub(tmp_path / "hub")
    with Provider() as provider, locked(hub), pytest.raises(HubBusyError):
        pilot(priced(hub.path, source, provider), 50)


@given(
    st.lists(st.integers(1, 40), min_size=1, max_size=5),
    st.integers(0, 2**31 - 1),
    st.data(),
)
def test_any_first_draws_are_spread_evenly_over_the_sources(sizes, seed, data) -> None:
    """Every document comes once, and of n draws each source has its share within log2(n) + 2."""
    sources = [f"source-{at}" for at, size in enumerate(sizes) for _ in range(size)]
    count = len(sources)
    tokens = np.array(
        data.draw(st.lists(st.integers(1, 99), min_size=count, max_size=count)), float
    )
    documents = pa.table(
        {
            "id": [f"{number:04}" for number in range(count)],
            "source": sources,
            "weight": np.ones(count),
        }
    )
    places = list(spread(documents, tokens, seed))
    assert sorted(places) == list(range(count))
    assert places == list(spread(documents, tokens, seed))
    n = data.draw(st.integers(1, count))
    found = Counter(sources[place] for place in places[:n])
    for at, size in enumerate(sizes):
        assert abs(found[f"source-{at}"] - n * size / count) <= ceil(log2(n + 1)) + 2


def test_a_document_that_stands_for_many_is_drawn_as_often_as_they_would_be() -> None:
    weights = [1.0] * 100 + [9.0] * 100
    documents = pa.table(
        {
            "id": [f"{number:04}" for number in range(200)],
            "source": ["a"] * 100 + ["b"] * 100,
            "weight": weights,
        }
    )
    first = islice(spread(documents, np.ones(200), 3), 40)
    assert 35 <= sum(place >= 100 for place in first) <= 37
