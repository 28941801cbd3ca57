"""The budget: a cap is never passed by what could be known, and ends with its name."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indic_persona_hub.errors import BudgetEndedError
from indic_persona_hub.models.budget import Budget, Caps, Charge, Reservation
from indic_persona_hub.models.prices import FREE, Price
from indic_persona_hub.models.socket import Message, Reply, Request

PRICE = Price(prompt_usd_per_million=1.0, completion_usd_per_million=2.0)


def asking(words: int = 10, most: int = 50) -> Request:
    return Request((Message("user", "word " * words),), most, 0.9, 0.95, 0.08, (), 1)


def replied(prompt: int, completion: int) -> Reply:
    return Reply("A tea picker.", "stop", prompt, 0, completion, 0.1)


def on_loop(work: Callable[[], Awaitable[None]]) -> None:
    async def run() -> None:
        await work()

    asyncio.run(run())


def test_requests_end_exactly_at_their_cap() -> None:
    budget = Budget(Caps(requests=3), requests=1)
    for _ in range(2):
        assert isinstance(budget.reserve(10, 0.0), Reservation)
    with pytest.raises(BudgetEndedError, match=r"limits\.requests.*3 calls of 3") as ended:
        budget.reserve(10, 0.0)
    assert "Raise limits.requests" in ended.value.cure


def test_a_cap_in_sight_waits_for_what_is_in_flight() -> None:
    async def work() -> None:
        budget = Budget(Caps(tokens=100))
        first = budget.reserve(60, 0.0)
        assert isinstance(first, Reservation)
        waiting = budget.reserve(60, 0.0)
        assert isinstance(waiting, asyncio.Future)
        budget.release(first)
        budget.spend(20, 0.0)  # the call cost less than it might have
        await asyncio.wait_for(waiting, 1)
        assert isinstance(budget.reserve(60, 0.0), Reservation)

    on_loop(work)


def test_money_that_could_pass_the_cap_ends_it() -> None:
    budget = Budget(Caps(cost_usd=1.0), cost_usd=0.99)
    with pytest.raises(BudgetEndedError, match=r"limits\.cost_usd.*0\.9900 USD of 1"):
        budget.reserve(10, 0.02)


def test_hours_count_those_of_earlier_runs() -> None:
    now = 0.0
    budget = Budget(Caps(hours=2), hours=1.5, clock=lambda: now)
    assert isinstance(budget.reserve(1, 0.0), Reservation)
    now = 1801.0
    with pytest.raises(BudgetEndedError, match=r"limits\.hours"):
        budget.reserve(1, 0.0)


def test_a_lost_attempt_costs_as_much_as_the_reply_that_came_in_the_end() -> None:
    budget = Budget(Caps(cost_usd=1.0))
    charge = Charge(asking(), PRICE, budget)
    for _ in range(2):
        assert charge.set_aside() is None
        charge.back(lost=True)
    assert charge.set_aside() is None
    cost_usd = charge.settle(replied(100, 20))
    assert cost_usd == pytest.approx(3 * (100 * 1.0 + 20 * 2.0) / 1e6)
    assert budget.spent_usd == pytest.approx(cost_usd)


def test_a_failure_before_sending_costs_nothing() -> None:
    budget = Budget(Caps(cost_usd=1.0))
    charge = Charge(asking(), PRICE, budget)
    assert charge.set_aside() is None
    charge.back(lost=False)
    assert budget.spent_usd == 0
    assert Charge(asking(), FREE, None).settle(replied(5, 5)) == 0


@settings(max_examples=60, deadline=None)
@given(
    cap_usd=st.floats(1e-5, 2e-3),
    calls=st.lists(st.tuples(st.integers(1, 40), st.integers(1, 50)), max_size=60),
    at_once=st.integers(1, 8),
)
def test_whatever_is_asked_the_cap_holds(
    cap_usd: float, calls: list[tuple[int, int]], at_once: int
) -> None:
    """Replies that bill no more than was set aside never pass the cap, and nobody waits forever."""
    budget = Budget(Caps(cost_usd=cap_usd))
    spent_usd = 0.0

    async def row(words: int, completion: int) -> None:
        nonlocal spent_usd
        charge = Charge(asking(words), PRICE, budget)
        while (room := charge.set_aside()) is not None:
            await room
        await asyncio.sleep(0)
        spent_usd += charge.settle(replied(words, min(completion, 50)))
        assert spent_usd <= cap_usd + 1e-12

    async def work() -> None:
        queue = iter(calls)

        async def worker() -> None:
            for one in queue:
                try:
                    await row(*one)
                except BudgetEndedError:
                    return

        await asyncio.wait_for(asyncio.gather(*(worker() for _ in range(at_once))), 5)

    on_loop(work)
    assert budget.spent_usd == pytest.approx(spent_usd)
