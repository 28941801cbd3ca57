"""From a pilot's families to the whole build: a chain of means and ratios, with an interval."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indic_persona_hub.expand.persona_to_persona import PersonaToPersona
from indic_persona_hub.models.prices import Price
from indic_persona_hub.run.estimate import (
    Whole,
    accepted_of,
    ended_early,
    series_of,
    summed,
    whole_of,
)
from indic_persona_hub.run.pilot import Count, Pilot
from indic_persona_hub.run.recipe import Recipe
from indic_persona_hub.run.settings import Limits
from indic_persona_hub.run.source_sample import Part, Sample
from indic_persona_hub.run.starter import demo_recipe
from indic_persona_hub.run.steps import line_of
from indic_persona_hub.select.settings import Selection

NO_ROWS = pa.table({})
PRICE = Price(prompt_usd_per_million=1, completion_usd_per_million=4, cached_usd_per_million=0.5)


def sample_of(documents: int, scale: float = 1.0) -> Sample:
    """`documents` that were read, in two stretches of unlike richness."""
    halves = np.array([documents * 0.75, documents * 0.25])
    return Sample((Part(documents, scale, np.array([1.0, 1.0]) * documents, halves),), NO_ROWS)


def family(*rounds: dict[Count, float]) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.array([[one.get(what, 0.0) for what in Count] for one in rounds])


def asked(asks: int, prompt: float, standing: float) -> dict[Count, float]:
    return {
        Count.ASKS: asks,
        Count.CALLS: asks,
        Count.PROMPT_TOKENS: asks * prompt,
        Count.CACHED_TOKENS: asks * prompt / 2,
        Count.COMPLETION_TOKENS: asks * 10,
        Count.LATENCY_S: asks * 2.0,
        Count.MADE: asks,
        Count.PASSING: standing,
        Count.STANDING: standing,
    }


def piloted(families: list[Any], documents: int, scale: float = 1.0) -> Pilot:
    """A pilot whose documents all have the same first prompt."""
    counts = np.stack(families)
    even = np.full(len(families), 100.0)
    return Pilot(sample_of(documents, scale), counts, counts[:, 0], even, 100.0)


def test_the_estimate_is_a_chain_from_documents_to_grandchildren() -> None:
    """100 documents of 4 asks; half have a parent; 2 children a parent, one of which may be one."""
    one = family(asked(4, 100, 1), asked(2, 60, 1), asked(2, 60, 1))
    none = family(asked(4, 100, 0), asked(0, 0, 0), asked(0, 0, 0))
    second = PersonaToPersona(rounds=2, children=2)
    rounds = whole_of(piloted([one, none], 100), second, 7).rounds[0]
    assert rounds[:, Count.ASKS] == pytest.approx([400, 50 * 2, 50 * 2])
    assert rounds[:, Count.STANDING] == pytest.approx([50, 50, 50])
    assert rounds[:, Count.PROMPT_TOKENS] == pytest.approx([40_000, 6_000, 6_000])


def test_parents_who_are_left_out_by_design_are_not_counted_on_chance() -> None:
    """A share of 0.5 is half of the parents, though the pilot happened to take all of its own."""
    one = family(asked(1, 100, 1), asked(1, 60, 0))
    second = PersonaToPersona(rounds=1, children=1, parents_share=0.5)
    rounds = whole_of(piloted([one, one], 100), second, 7).rounds[0]
    assert rounds[1, Count.ASKS] == pytest.approx(50)


def test_a_pilot_without_a_child_counts_on_children_as_on_texts() -> None:
    one = family(asked(2, 100, 1), {})
    second = PersonaToPersona(rounds=1, children=1, parents_share=0.01)
    rounds = whole_of(piloted([one, one], 1000), second, 7).rounds[0]
    assert rounds[1, Count.CALLS] == pytest.approx(10)
    assert rounds[1, Count.COMPLETION_TOKENS] == pytest.approx(10 * 10)
    assert rounds[1, Count.STANDING] == pytest.approx(10 * 0.5)
    assert rounds[1, Count.PROMPT_TOKENS] == pytest.approx(second.prompt_tokens(1000))


def test_longer_documents_than_the_pilots_cost_more_by_the_slope_seen_in_it() -> None:
    families = [family(asked(1, 100 + 2 * more, 1)) for more in (0, 10, 20)]
    counts = np.stack(families)
    estimated = np.array([50.0, 60.0, 70.0])
    pilot = Pilot(sample_of(1000), counts, counts[:, 0], estimated, 80.0)
    rounds = whole_of(pilot, None, 7).rounds[0]
    assert rounds[0, Count.PROMPT_TOKENS] == pytest.approx(1000 * (120 + 2 * 20))
    assert rounds[0, Count.COMPLETION_TOKENS] == pytest.approx(1000 * 10)


def width(whole: Whole) -> float:
    low, high = whole.intervals({"asks": whole.rounds[:, 0, Count.ASKS]})["asks"]
    assert low <= whole.rounds[0, 0, Count.ASKS] <= high
    return high - low


def test_the_interval_narrows_with_more_families_and_vanishes_where_all_were_asked() -> None:
    pair = [family(asked(3, 100, 1)), family(asked(5, 100, 1))]
    widths = [width(whole_of(piloted(pair * n, 100), None, 7)) for n in (1, 4, 16, 40, 50)]
    assert widths == sorted(widths, reverse=True)
    assert widths[2] < widths[1] / 1.5
    assert widths[-1] == 0


def test_unsure_numbers_of_documents_widen_the_interval() -> None:
    pair = [family(asked(3, 100, 1)), family(asked(5, 100, 1))] * 8
    read = whole_of(piloted(pair, 10_000), None, 7)
    scaled = whole_of(piloted(pair, 1_000, scale=10), None, 7)
    assert scaled.rounds[0] == pytest.approx(read.rounds[0])
    assert width(scaled) > 1.5 * width(read)
    low, high = scaled.intervals({"documents": scaled.documents})["documents"]
    assert low < 10_000 < high


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 5), st.integers(1, 900), st.integers(0, 1)), min_size=1),
    st.integers(0, 2**31 - 1),
    st.integers(0, 400),
)
def test_any_pilot_gives_finite_numbers_and_always_the_same(found, seed, more) -> None:
    families = [family(asked(*one), asked(one[2], 50, one[2])) for one in found]
    pilot = piloted(families, len(families) + more)
    second = PersonaToPersona(rounds=1)
    whole = whole_of(pilot, second, seed)
    assert np.isfinite(whole.rounds).all()
    assert (whole.rounds >= -1e-6).all()
    assert (whole_of(pilot, second, seed).rounds == whole.rounds).all()
    for what in (Count.CALLS, Count.PROMPT_TOKENS, Count.STANDING):
        values = whole.rounds.sum(axis=1)[:, what]
        low, high = whole.intervals({"one": values})["one"]
        assert 0 <= low <= high


def recipe_with(tmp_path, model: dict[str, Any], **more: Any) -> Recipe:
    recipe = demo_recipe(tmp_path, local=False)
    given = {"kind": "openai_compatible", "base_url": "http://localhost:1/v1", "model": "m"}
    plain = recipe.model_dump(mode="json") | {"models": {"default": given | model}} | more
    return Recipe.model_validate(plain)


def whole_with(*rounds: dict[Count, float]) -> Whole:
    return Whole(np.array([100.0]), family(*rounds)[None], 0.0)


def test_cost_time_and_totals_follow_from_the_counts(tmp_path) -> None:
    recipe = recipe_with(tmp_path, {"price": PRICE.model_dump(), "concurrency": 10})
    whole = whole_with(asked(400, 100, 100), asked(100, 100, 50), {})
    first, second = series_of(whole, recipe, line_of(recipe), timed=True)
    assert first["cost_usd"][0] == pytest.approx(PRICE.cost_usd(40_000, 20_000, 4_000))
    assert first["seconds"][0] == pytest.approx(400 * 2 / 10)
    total = summed([first, second], accepted_of(whole, recipe), whole.documents)
    assert total["calls"][0] == 500
    assert total["accepted"][0] == 150
    assert total["cost_per_accepted_usd"][0] == pytest.approx(total["cost_usd"][0] / 150)


@pytest.mark.parametrize(
    ("limit", "seconds"),
    [
        ({"requests_per_minute": 100}, 400 / 100 * 60),
        ({"tokens_per_minute": 1e3}, 44_000 / 1e3 * 60),
    ],
)
def test_a_rate_limit_sets_the_time_where_it_is_the_slower(tmp_path, limit, seconds) -> None:
    whole = whole_with(asked(400, 100, 100))
    for endpoints in ([], [{"base_url": "http://localhost:2/v1"}]):
        recipe = recipe_with(tmp_path, {"price": 0, "endpoints": endpoints} | limit)
        (found, *_) = series_of(whole, recipe, line_of(recipe), timed=True)
        assert found["seconds"][0] == pytest.approx(seconds / (1 + len(endpoints)))


def test_the_time_of_batches_is_not_told(tmp_path) -> None:
    batch = {"kind": "batch", "price": 0}
    recipe = recipe_with(tmp_path, batch)
    found = series_of(whole_with(asked(4, 100, 1), {}, {}), recipe, line_of(recipe), timed=True)
    assert all("seconds" not in series for series in found)


def test_a_build_that_stops_at_so_many_accepted_is_that_much_of_the_whole(tmp_path) -> None:
    recipe = recipe_with(tmp_path, {"price": 0})
    whole = whole_with(asked(400, 100, 100), asked(100, 100, 100), {})
    some = recipe.model_copy(update={"limits": Limits(accepted=50)})
    part, share = ended_early(whole, some)
    assert 0.25 <= share <= 0.3
    assert part.rounds[0, 0, Count.CALLS] == pytest.approx(400 * share)
    assert accepted_of(part, some)[0] == 50
    many = recipe.model_copy(update={"limits": Limits(accepted=5_000)})
    assert ended_early(whole, many)[1] == 1
    target = recipe.model_copy(update={"select": Selection(target=20)})
    assert accepted_of(whole, target)[0] == 20
