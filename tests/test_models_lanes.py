"""Lanes: who may ask which address when; all in virtual time, on a real event loop."""

from __future__ import annotations

import asyncio
import gc
import itertools
import random
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indic_persona_hub.errors import ModelError
from indic_persona_hub.models.failures import EndpointError
from indic_persona_hub.models.load.lanes import Lanes, Permit
from indic_persona_hub.models.settings import Endpoint, OpenAICompatibleSettings, ScriptedSettings
from indic_persona_hub.models.socket import Message, Request
from simulated_endpoint import (
    Away,
    Bucket,
    Outcome,
    RateLimited,
    SimulatedModel,
    busy,
    failed,
)
from virtual_time import VirtualLoop, run

REQUEST = Request((Message("user", "One person."),), 80, 0.9, 0.95, 0.08, (), seed=1)
TOKENS = 100


def quick(now: float) -> Outcome:
    return Outcome(0.1, None)


def lanes_to(
    loop: VirtualLoop, *models: SimulatedModel, weights: tuple[float, ...] = (), **changes: float
) -> Lanes:
    """Lanes to simulated endpoints, at one address each."""
    weights = weights or (1.0,) * len(models)
    first, *others = (
        Endpoint(base_url=f"http://host{number}:8000/v1", weight=weight)
        for number, weight in enumerate(weights)
    )
    start = changes.pop("start", None)
    settings = OpenAICompatibleSettings(
        **first.model_dump(),
        model="simulated",
        endpoints=tuple(others),
        concurrency=models[0].concurrency,
        **changes,
    )
    return Lanes(models, settings, clock=loop.time, start=None if start is None else int(start))


async def ask(lanes: Lanes) -> str:
    """One row, asked until it is answered."""
    while True:
        permit = await lanes.enter(TOKENS)
        try:
            reply = await permit.plug.complete(REQUEST)
        except EndpointError as error:
            permit.failed(error)
        except BaseException:
            permit.left()
            raise
        else:
            permit.answered(reply.latency_s, 30)
            return permit.lane


async def ask_all(
    loop: VirtualLoop, lanes: Lanes, until: float, workers: int
) -> tuple[list[float], Counter[str]]:
    """Asks rows one after another in so many tasks: when they were answered, and by whom."""
    answered_at: list[float] = []
    by: Counter[str] = Counter()

    async def work() -> None:
        while loop.time() < until:
            lane = await ask(lanes)
            answered_at.append(loop.time())
            by[lane] += 1

    async with asyncio.TaskGroup() as group:
        for _ in range(workers):
            group.create_task(work())
    return answered_at, by


def per_s(answered_at: list[float], begin: float, end: float) -> float:
    return sum(begin <= at < end for at in answered_at) / (end - begin)


# Entering


def test_a_model_in_this_process_is_given_exactly_what_it_takes_at_once() -> None:
    async def main(loop: VirtualLoop) -> None:
        model = SimulatedModel(quick, concurrency=3)
        lanes = Lanes([model], ScriptedSettings(), clock=loop.time)
        answered_at, _ = await ask_all(loop, lanes, 10.0, workers=9)
        assert model.most_in_flight == 3 == lanes.concurrency
        assert len(answered_at) == pytest.approx(10 * 3 / 0.1, abs=12)

    run(main)


def test_whoever_came_first_enters_first() -> None:
    async def main(loop: VirtualLoop) -> None:
        lanes = lanes_to(loop, SimulatedModel(quick, concurrency=2), start=2)
        entered: list[int] = []

        async def work(number: int) -> None:
            permit = await lanes.enter(TOKENS)
            entered.append(number)
            await asyncio.sleep(0.1)
            permit.answered(0.1, TOKENS)

        await asyncio.gather(*(work(number) for number in range(50)))
        assert entered == list(range(50))

    run(main)


def test_a_permit_is_handed_back_once() -> None:
    async def main(loop: VirtualLoop) -> None:
        lanes = lanes_to(loop, SimulatedModel(quick))
        permit = await lanes.enter(TOKENS)
        permit.left()
        permit.answered(0.1, TOKENS)
        permit.failed(failed("reset"))
        permit.left()
        assert lanes.standing()[0].in_flight == 0

    run(main)


@given(seed=st.integers(0, 10_000), workers=st.integers(1, 30), places=st.integers(1, 8))
@settings(max_examples=60, deadline=None)
def test_cancelling_anyone_at_any_moment_loses_no_place(
    seed: int, workers: int, places: int
) -> None:
    chance = random.Random(seed)

    def take(now: float) -> Outcome:
        errors = (busy(), busy(0.05), failed("reset"), failed("timeout"), None, None, None, None)
        return Outcome(chance.random(), chance.choice(errors))

    async def main(loop: VirtualLoop) -> None:
        model = SimulatedModel(take, concurrency=places)
        lanes = lanes_to(loop, model, start=places)
        tasks = [asyncio.ensure_future(ask(lanes)) for _ in range(workers)]
        for _ in range(workers):
            await asyncio.sleep(chance.choice((0.0, 0.0, chance.random())))
            chance.choice(tasks).cancel()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert lanes.standing()[0].in_flight == model.in_flight == 0
        await asyncio.wait_for(ask(lanes), 600)  # and it still lets others in

    run(main)


def test_those_who_wait_no_more_are_forgotten() -> None:
    """An outage may last for hours, and those who wait may give up and come again."""

    def futures() -> int:
        gc.collect()
        return sum(isinstance(one, asyncio.Future) for one in gc.get_objects())

    async def main(loop: VirtualLoop) -> None:
        lanes = lanes_to(loop, SimulatedModel(quick, concurrency=1), start=1)
        holder = await lanes.enter(TOKENS)
        before = futures()
        for _ in range(50):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(1):
                    await lanes.enter(TOKENS)
        assert futures() <= before + 5
        holder.left()

    run(main)


def test_a_permit_on_its_way_to_a_cancelled_task_goes_to_the_next() -> None:
    async def main(loop: VirtualLoop) -> None:
        lanes = lanes_to(loop, SimulatedModel(quick, concurrency=1), start=1)
        holder = await lanes.enter(TOKENS)
        first = asyncio.ensure_future(lanes.enter(TOKENS))
        second = asyncio.ensure_future(lanes.enter(TOKENS))
        await asyncio.sleep(0)
        holder.left()  # now the place is the first one's, who does not know yet
        first.cancel()
        permit = await asyncio.wait_for(second, 1)
        assert first.cancelled()
        assert lanes.standing()[0].in_flight == 1
        permit.left()

    run(main)


def test_closing_closes_the_plugs() -> None:
    async def main(loop: VirtualLoop) -> None:
        models = [SimulatedModel(quick), SimulatedModel(quick)]
        lanes = lanes_to(loop, *models)
        await lanes.close()
        await lanes.close()
        assert all(model.closed for model in models)

    run(main)


def test_labels_tell_addresses_apart_and_hold_no_secret() -> None:
    async def main(loop: VirtualLoop) -> None:
        one = "https://host.example:8443/v1"
        settings = OpenAICompatibleSettings(
            model="m",
            base_url=one,
            api_key_env="FIRST_KEY",
            endpoints=(
                Endpoint(base_url=one, api_key_env="SECOND_KEY"),
                Endpoint(base_url="http://other:8000/v1"),
            ),
        )
        models = [SimulatedModel(quick) for _ in range(3)]
        labels = [standing.lane for standing in Lanes(models, settings).standing()]
        assert labels == ["host.example:8443", "host.example:8443 (2)", "other:8000"]

    run(main)


# Several addresses


def test_weights_share_the_work_while_all_are_well() -> None:
    async def main(loop: VirtualLoop) -> None:
        models = [SimulatedModel(quick) for _ in range(3)]
        lanes = lanes_to(loop, *models, weights=(3.0, 2.0, 1.0))
        _, by = await ask_all(loop, lanes, 60.0, workers=12)
        shares = [by[f"host{number}:8000"] / by.total() for number in range(3)]
        assert shares == pytest.approx([3 / 6, 2 / 6, 1 / 6], abs=0.03)

    run(main)


def test_where_one_is_full_the_others_take_its_work() -> None:
    """All are wanted whole: then each gives what it can, whatever its weight."""

    async def main(loop: VirtualLoop) -> None:
        models = [SimulatedModel(quick, concurrency=16) for _ in range(2)]
        lanes = lanes_to(loop, *models, weights=(9.0, 1.0))
        answered_at, _ = await ask_all(loop, lanes, 20.0, workers=64)
        assert per_s(answered_at, 5, 20) >= 0.97 * 2 * 16 / 0.1

    run(main)


def test_while_one_address_is_away_the_other_takes_its_work() -> None:
    async def main(loop: VirtualLoop) -> None:
        models = [
            SimulatedModel(Away(lambda now: 10 <= now < 40).take, concurrency=16),
            SimulatedModel(quick, concurrency=16),
        ]
        lanes = lanes_to(loop, *models)
        answered_at, _ = await ask_all(loop, lanes, 90.0, workers=16)
        assert per_s(answered_at, 12, 40) >= 0.95 * 16 / 0.1
        away = [at for at in models[0].asked_at if 11 <= at < 40]
        assert len(away) <= 8  # probes
        back = [at for at in models[0].asked_at if 75 <= at < 90]
        assert len(back) / 15 >= 0.4 * 16 / 0.1

    run(main)


def test_a_flapping_address_costs_no_throughput() -> None:
    async def main(loop: VirtualLoop) -> None:
        models = [
            SimulatedModel(Away(lambda now: int(now) % 3 == 0).take, concurrency=32),
            SimulatedModel(quick, concurrency=32),
        ]
        lanes = lanes_to(loop, *models)
        answered_at, _ = await ask_all(loop, lanes, 120.0, workers=32)
        assert per_s(answered_at, 10, 120) >= 0.9 * 32 / 0.1

    run(main)


# Outages


def test_after_an_outage_it_goes_on_by_itself() -> None:
    async def main(loop: VirtualLoop) -> None:
        model = SimulatedModel(Away(lambda now: 30 <= now < 90, latency_s=0.2).take)
        lanes = lanes_to(loop, model)
        answered_at, _ = await ask_all(loop, lanes, 150.0, workers=128)
        assert not per_s(answered_at, 31, 90)
        assert per_s(answered_at, 125, 150) >= 0.95 * 64 / 0.2
        probes = [at for at in model.asked_at if 31 <= at < 90]
        assert len(probes) <= 8

    run(main)


def test_nothing_turns_round_while_everyone_waits() -> None:
    async def main(loop: VirtualLoop) -> None:
        lanes = lanes_to(loop, SimulatedModel(Away(lambda now: 30 <= now < 90, latency_s=0.5).take))
        task = asyncio.ensure_future(ask_all(loop, lanes, 95.0, workers=128))
        await asyncio.sleep(32 - loop.time())
        before = loop.turns
        await asyncio.sleep(55)
        assert loop.turns - before < 200
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    run(main)


@pytest.mark.parametrize("kind", ["connect", "reset", "500", "timeout"])
def test_an_outage_that_lasts_too_long_ends_the_wait(kind: str) -> None:
    async def main(loop: VirtualLoop) -> None:
        model = SimulatedModel(Away(lambda now: now >= 20, kind=kind).take)
        lanes = lanes_to(loop, model, outage_s=45)
        with pytest.raises(ExceptionGroup) as caught:
            await ask_all(loop, lanes, 600.0, workers=100)
        assert 64 <= loop.time() <= 67
        assert caught.group_contains(ModelError, match=r"has not answered for 45 s: .*run the same")
        errors = caught.value.exceptions
        assert all(isinstance(error, ModelError) and error.retry for error in errors)
        assert lanes.standing()[0].in_flight == 0

    run(main)


def test_an_address_that_never_answered_is_given_up_soon() -> None:
    async def main(loop: VirtualLoop) -> None:
        model = SimulatedModel(Away(lambda now: True).take)
        lanes = lanes_to(loop, model)
        with pytest.raises(ModelError, match="never answered: connect"):
            await ask(lanes)
        assert 2.5 <= loop.time() <= 5
        assert len(model.asked_at) <= 8

    run(main)


def test_whoever_asks_again_later_finds_an_address_that_is_back() -> None:
    async def main(loop: VirtualLoop) -> None:
        lanes = lanes_to(loop, SimulatedModel(Away(lambda now: now < 60).take))
        with pytest.raises(ModelError):
            await ask(lanes)
        await asyncio.sleep(60)
        assert await ask(lanes) == "host0:8000"

    run(main)


def test_a_pause_between_stages_is_no_outage() -> None:
    """What went by since the last answer counts only while requests are wanted."""

    async def main(loop: VirtualLoop) -> None:
        model = SimulatedModel(Away(lambda now: 3000 <= now < 3020).take)
        lanes = lanes_to(loop, model, outage_s=60)
        await ask(lanes)
        await asyncio.sleep(3005)
        assert await ask(lanes) == "host0:8000"

    run(main)


def test_refusals_without_end_end_the_wait_too() -> None:
    async def main(loop: VirtualLoop) -> None:
        lanes = lanes_to(loop, SimulatedModel(lambda now: Outcome(0.1, busy())), outage_s=60)
        with pytest.raises(ModelError, match="never answered: 429"):
            await ask(lanes)
        assert 55 <= loop.time() <= 75

    run(main)


def quota_ended(now: float) -> Outcome:
    return Outcome(0.1, busy(3600.0))


def test_the_end_of_a_quota_is_said() -> None:
    async def main(loop: VirtualLoop) -> None:
        lanes = lanes_to(loop, SimulatedModel(quota_ended))
        with pytest.raises(ModelError, match="asks to wait 3600 s") as caught:
            await ask(lanes)
        assert caught.value.retry
        assert "what was answered is kept" in caught.value.cure

    run(main)


def test_where_one_quota_has_ended_the_other_address_goes_on() -> None:
    async def main(loop: VirtualLoop) -> None:
        lanes = lanes_to(loop, SimulatedModel(quota_ended), SimulatedModel(quick))
        _, by = await ask_all(loop, lanes, 20.0, workers=100)
        assert set(by) == {"host1:8000"}
        assert by.total() >= 0.9 * 20 * 64 / 0.1

    run(main)


# The rate, with tasks and timers


@pytest.mark.parametrize("retry_after", [lambda wait_s: None, lambda wait_s: wait_s])
def test_the_allowed_rate_is_found_and_little_is_wasted(
    retry_after: Callable[[float], float | None],
) -> None:
    async def main(loop: VirtualLoop) -> None:
        endpoint = RateLimited(Bucket(), lambda now: 100 if now < 30 else 300, 0.2, retry_after)
        model = SimulatedModel(endpoint.take, concurrency=256)
        lanes = lanes_to(loop, model)
        answered_at, _ = await ask_all(loop, lanes, 60.0, workers=512)
        assert per_s(answered_at, 10, 30) >= 0.9 * 100
        assert per_s(answered_at, 52, 60) >= 0.9 * 300
        asked = sum(10 <= at < 30 for at in model.asked_at)
        assert asked <= 1.03 * 20 * 100 + 20
        standing = lanes.standing()[0]
        assert standing.rate_per_s == pytest.approx(300, rel=0.1)

    run(main)


def test_a_given_rate_is_kept_evenly() -> None:
    async def main(loop: VirtualLoop) -> None:
        model = SimulatedModel(quick, concurrency=64)
        lanes = lanes_to(loop, model, requests_per_minute=600)
        await ask_all(loop, lanes, 30.0, workers=100)
        gaps = [later - at for at, later in itertools.pairwise(model.asked_at)]
        assert min(gaps[1:]) >= 0.0999
        assert sum(at < 30 for at in model.asked_at) == pytest.approx(300, abs=2)

    run(main)


def test_standing_shows_what_is_known() -> None:
    async def main(loop: VirtualLoop) -> None:
        lanes = lanes_to(loop, SimulatedModel(quick), SimulatedModel(quick), start=4)
        permits: list[Permit] = [await lanes.enter(TOKENS) for _ in range(3)]
        first, second = lanes.standing()
        assert first.in_flight + second.in_flight == 3
        assert (first.limit, first.rate_per_s, first.open, first.waits_s) == (4, None, False, 0)
        permits[0].failed(busy(7.0))
        waiting = {standing.lane: standing.waits_s for standing in lanes.standing()}
        assert waiting[permits[0].lane] == pytest.approx(7)

    run(main)
