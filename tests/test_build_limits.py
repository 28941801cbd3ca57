"""What `limits` hold: money, calls and tokens are never passed, and exactly N is N."""

import shutil
from collections import Counter
from pathlib import Path

import pytest

from indic_persona_hub.errors import BudgetEndedError, RecipeError
from indic_persona_hub.models.settings import ReplaySettings
from indic_persona_hub.run.build import build
from indic_persona_hub.run.hub import Hub
from indic_persona_hub.run.recipe import Recipe, parse_recipe
from indic_persona_hub.run.status import status
from indic_persona_hub.testing.provider import Provider
from scripted_hub import corpus_texts, file_digests, scripted_recipe, write_source

PRICE = "{prompt_usd_per_million: 1.0, completion_usd_per_million: 2.0}"


@pytest.fixture(scope="module")
def source(tmp_path_factory) -> Path:
    return write_source(tmp_path_factory.mktemp("source") / "texts.jsonl", corpus_texts()[:14])


@pytest.fixture(scope="module")
def whole(tmp_path_factory, source) -> Hub:
    return build(small_recipe(tmp_path_factory.mktemp("whole") / "hub", source))


def small_recipe(hub: Path, source: Path, *changes: str) -> Recipe:
    small = ("stages.persona_to_persona.rounds=1", "engine.slices=2")
    return scripted_recipe(hub, source, *small, *changes)


def endpoint_recipe(hub: Path, source: Path, server: Provider, *changes: str) -> Recipe:
    model = (
        f"models.default={{kind: openai_compatible, base_url: '{server.base_url}',"
        f" model: scripted, concurrency: 8, price: {PRICE}}}"
    )
    recipe = small_recipe(hub, source)
    changed = parse_recipe(recipe.to_yaml(), (model, *changes))
    return changed.model_copy(update={"hub": recipe.hub, "sources": recipe.sources})


def kept(hub: Hub) -> int:
    return sum(hub.read("verdicts")["kept"].to_pylist())


def test_the_cap_of_requests_finishes_the_hub_which_then_goes_on(source, whole, tmp_path) -> None:
    hub = Hub(tmp_path / "hub")
    with pytest.raises(BudgetEndedError, match=r"limits\.requests.*finished with what was paid"):
        build(small_recipe(hub.path, source, "limits.requests=12"))
    shown = status(hub)
    assert sum(one["calls"] for one in shown["usage"]) == 12
    assert "limits.requests" in shown["notes"]["limits"]
    assert "build" not in shown["notes"]
    assert hub.read("verdicts").num_rows == hub.read("personas").num_rows
    rejected = Counter(hub.read("rejected/text_to_persona")["reason"].to_pylist())
    assert rejected["budget_reached"] > 0
    before = file_digests(hub.path)
    with pytest.raises(BudgetEndedError):  # again: nothing is asked, nothing changes
        build(small_recipe(hub.path, source, "limits.requests=12"))
    assert file_digests(hub.path) == before
    build(small_recipe(hub.path, source))
    assert file_digests(hub.path) == file_digests(whole.path)


def test_money_is_never_passed_whatever_gets_lost(source, tmp_path) -> None:
    hub = Hub(tmp_path / "hub")
    with Provider(faults={"reset": 0.05, "truncated_json": 0.05}, seed=3) as server:
        with pytest.raises(BudgetEndedError, match=r"limits\.cost_usd"):
            build(endpoint_recipe(hub.path, source, server, "limits.cost_usd=0.01"))
        assert 0.005 < billed_usd(server) <= 0.01


def test_the_bill_is_the_ledger(source, tmp_path) -> None:
    with Provider() as server:
        hub = build(endpoint_recipe(tmp_path / "hub", source, server))
        assert status(hub)["cost_usd"] == pytest.approx(billed_usd(server))


def billed_usd(server: Provider) -> float:
    bill = server.ledger()
    return (bill["prompt_tokens"] * 1.0 + bill["completion_tokens"] * 2.0) / 1e6


def test_tokens_are_a_cap_too(source, tmp_path) -> None:
    with pytest.raises(BudgetEndedError, match=r"limits\.tokens"):
        build(small_recipe(tmp_path / "hub", source, "limits.tokens=9000"))
    assert status(Hub(tmp_path / "hub"))["tokens"] <= 9000


def test_exactly_n_are_accepted_and_no_more_is_asked_than_it_takes(source, whole, tmp_path) -> None:
    hub = build(small_recipe(tmp_path / "hub", source, "limits.accepted=5"))
    assert kept(hub) == 5
    assert "5 of 5 personas are accepted" in status(hub)["notes"]["limits"]
    again = build(small_recipe(tmp_path / "again", source, "limits.accepted=5"))
    assert file_digests(again.path) == file_digests(hub.path)


def test_sources_that_end_before_n_say_so(source, tmp_path) -> None:
    hub = build(small_recipe(tmp_path / "hub", source, "limits.accepted=5000"))
    assert 0 < kept(hub) < 5000
    assert "the sources ended" in status(hub)["notes"]["limits"]


def test_a_budget_that_ends_before_n_says_so(source, tmp_path) -> None:
    hub = Hub(tmp_path / "hub")
    changes = ("limits.accepted=30", "limits.requests=22")
    with pytest.raises(BudgetEndedError, match="kept"):
        build(small_recipe(hub.path, source, *changes))
    assert 0 < kept(hub) < 40


def test_hubs_share_a_journal_and_pay_once(source, whole, tmp_path) -> None:
    journal = f"journal={tmp_path / 'paid.sqlite'}"
    first = build(small_recipe(tmp_path / "first", source, journal))
    second = build(small_recipe(tmp_path / "second", source, journal))
    assert file_digests(second.path) == file_digests(first.path) == file_digests(whole.path)
    assert status(first)["usage"]
    assert not status(second)["usage"]


def test_a_hub_with_a_journal_of_its_own_is_not_made_to_lose_it(source, tmp_path) -> None:
    build(small_recipe(tmp_path / "hub", source))
    with pytest.raises(RecipeError, match="a journal of its own"):
        build(small_recipe(tmp_path / "hub", source, f"journal={tmp_path / 'paid.sqlite'}"))


def test_a_recorded_run_is_repeated_with_no_model(source, whole, tmp_path) -> None:
    shutil.copy(whole.journal_path, tmp_path / "recorded.sqlite")
    recipe = small_recipe(tmp_path / "hub", source)
    replay = ReplaySettings(journal=str(tmp_path / "recorded.sqlite"))
    hub = build(recipe.model_copy(update={"models": {"default": replay}}))
    assert hub.read("verdicts").equals(whole.read("verdicts"))
    assert hub.read("personas").equals(whole.read("personas"))
