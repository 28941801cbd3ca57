"""What one address is given: the rate it allows, the window it can use, nothing while it is away.

All in virtual time: `Drive` sends whatever the gate lets through to a simulated endpoint.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indic_persona_hub.models.load.gate import LearningGate, PlainGate
from simulated_endpoint import (
    Away,
    Bucket,
    Drive,
    Limiter,
    Loaded,
    Outcome,
    RateLimited,
    Windows,
    busy,
    failed,
    overloaded,
)

PHASES = ((0, 300), (30, 100), (60, 600))


def phased(now: float) -> float:
    return next(per_s for begin, per_s in reversed(PHASES) if now >= begin)


def silent(wait_s: float) -> float | None:
    return None


def exact(wait_s: float) -> float | None:
    return wait_s


def whole_seconds(wait_s: float) -> float | None:
    return math.ceil(wait_s)


LIMITERS: dict[str, tuple[Callable[[], Limiter], Callable[[float], float | None]]] = {
    "bucket": (Bucket, silent),
    "bucket, Retry-After": (Bucket, exact),
    "windows": (Windows, silent),
    "windows, Retry-After": (Windows, exact),
}


#: All start windows with the two plainest limiters, the least and the greatest with the others.
CASES = [
    (limiter, latency_s, start)
    for limiter in LIMITERS
    for latency_s in (0.02, 0.2, 2.0)
    for start in (1, 16, 256, 4096)
    if start in (1, 4096) or limiter in ("bucket", "windows, Retry-After")
]


# The rate that a provider allows


@pytest.mark.parametrize(("limiter", "latency_s", "start"), CASES)
def test_a_changed_rate_is_reached_within_30_s(limiter: str, latency_s: float, start: int) -> None:
    make, retry_after = LIMITERS[limiter]
    endpoint = RateLimited(make(), phased, latency_s, retry_after)
    drive = Drive(LearningGate(4096, start=start), endpoint.take)
    drive.until(90)
    for begin, allowed_per_s in PHASES:
        before = 5 if begin else 0  # what the phase before still owes
        rates = [drive.per_s(s, s + 3) for s in range(begin + before, begin + 28)]
        assert max(rates) >= 0.9 * allowed_per_s
        assert drive.per_s(begin + 25, begin + 30) >= 0.8 * allowed_per_s
        assert drive.wasted(begin + 20, begin + 30) <= 0.03


@pytest.mark.parametrize("latency_s", [0.02, 2.0])
@pytest.mark.parametrize("limiter", LIMITERS)
def test_in_steady_state_the_rate_is_used_and_little_is_wasted(
    limiter: str, latency_s: float
) -> None:
    make, retry_after = LIMITERS[limiter]
    endpoint = RateLimited(make(), lambda now: 300, latency_s, retry_after)
    drive = Drive(LearningGate(4096), endpoint.take)
    drive.until(120)
    assert drive.per_s(40, 120) >= 0.97 * 300
    assert drive.wasted(40, 120) <= 0.01


@pytest.mark.parametrize("limiter", [Bucket, Windows])
def test_a_retry_after_of_whole_seconds_costs_little(limiter: Callable[[], Limiter]) -> None:
    """Each attempt to go faster costs a second of silence, so they are few."""
    endpoint = RateLimited(limiter(), lambda now: 300, 0.05, whole_seconds)
    drive = Drive(LearningGate(4096), endpoint.take)
    drive.until(240)
    assert drive.per_s(60, 240) >= 0.88 * 300
    assert drive.wasted(60, 240) <= 0.01


@pytest.mark.parametrize("retry_after", [silent, exact, whole_seconds])
def test_windows_of_a_minute_are_used_whole(
    retry_after: Callable[[float], float | None],
) -> None:
    endpoint = RateLimited(Windows(60), lambda now: 50, 0.05, retry_after)
    drive = Drive(LearningGate(256), endpoint.take)
    drive.until(600)
    assert drive.per_s(120, 600) >= 0.9 * 50
    assert drive.wasted(120, 600) <= 0.03


@pytest.mark.parametrize("retry_after", [silent, exact, whole_seconds])
@pytest.mark.parametrize("limiter", [Bucket, Windows])
def test_one_request_a_second_is_found_too(
    limiter: Callable[[], Limiter], retry_after: Callable[[float], float | None]
) -> None:
    endpoint = RateLimited(limiter(), lambda now: 1, 1.0, retry_after)
    drive = Drive(LearningGate(64), endpoint.take)
    drive.until(2000)
    assert drive.per_s(500, 2000) >= 0.88
    assert drive.wasted(500, 2000) <= 0.03


def test_a_paced_address_gets_no_bursts() -> None:
    endpoint = RateLimited(Bucket(), lambda now: 300, 0.05)
    drive = Drive(LearningGate(256), endpoint.take)
    drive.until(60)
    sent = [at for at in drive.sent_at if at >= 30]
    most = max(
        sum(at <= other < at + 0.1 for other in sent[i : i + 200]) for i, at in enumerate(sent)
    )
    assert most <= 0.1 * 300 * 1.5


@pytest.mark.parametrize("bare", [0.0, 0.02])
@pytest.mark.parametrize("told", [0.0, 0.01])
def test_refusals_at_any_pace_bring_no_standstill(bare: float, told: float) -> None:
    """Some providers refuse a few requests for no reason that a slower pace would remove."""
    chance = random.Random(7)

    def take(now: float) -> Outcome:
        drawn = chance.random()
        if drawn < bare:
            return Outcome(0.1, busy())
        if drawn < bare + told:
            return Outcome(0.1, busy(0.05))
        return Outcome(0.05 + 0.1 * chance.random(), None)

    drive = Drive(LearningGate(64), take)
    drive.until(90)
    # Each Retry-After is 50 ms of silence, and one request in a hundred asks for it.
    assert drive.per_s(30, 90) >= (0.5 if told else 0.75) * 64 / 0.1


def test_a_mix_of_all_faults_brings_no_standstill() -> None:
    chance = random.Random(3)
    faults = [
        (0.01, Outcome(0.05, busy())),
        (0.01, Outcome(0.05, busy(0.05))),
        (0.02, Outcome(0.05, overloaded())),
        (0.07, Outcome(0.05, failed("500"))),
        (0.01, Outcome(2.0, failed("timeout"))),
    ]

    def take(now: float) -> Outcome:
        drawn = chance.random()
        for share, outcome in faults:
            if (drawn := drawn - share) < 0:
                return outcome
        return Outcome(0.025 + 0.05 * chance.random(), None)

    drive = Drive(LearningGate(64), take)
    drive.until(60)
    # A lost request holds its place for 2 s: 20 ms a request, beside the 50 that it takes.
    assert drive.per_s(10, 60) >= 0.5 * 64 / 0.07


@given(
    waits=st.lists(st.floats(0.001, 200) | st.none(), min_size=1, max_size=8),
    kind=st.sampled_from([busy, overloaded]),
)
def test_retry_after_is_obeyed(waits: list[float | None], kind: Callable[..., Exception]) -> None:
    """Nothing is sent before it has passed, whatever else is known."""
    gate = LearningGate(64, start=64)
    now = 0.0
    for wait_s in waits:
        first, second = gate.sent(now, 0), gate.sent(now, 0)
        gate.failed(now + 0.01, first, kind(wait_s))
        gate.answered(now + 0.02, second, 0)
        until = now + 0.01 + (wait_s or 0)
        for share in (0.1, 0.5, 0.99):
            at = now + 0.02 + share * (until - now - 0.02)
            assert at >= until or gate.wait_s(at) >= until - at - 1e-3
        now = max(until, now + 0.02) + 1000
        assert gate.wait_s(now) == 0


def test_a_short_retry_after_costs_no_more_than_itself() -> None:
    gate = LearningGate(8)
    sent = gate.sent(0.0, 0)
    gate.failed(0.01, sent, busy(0.2))
    assert gate.wait_s(0.1) > 0
    assert gate.wait_s(0.22) == 0


def test_a_long_retry_after_says_that_quota_has_ended() -> None:
    gate = LearningGate(8)
    gate.failed(1.0, gate.sent(0.0, 0), busy(299.0))
    assert gate.out_of_quota_until < 1
    gate.failed(1.0, gate.sent(0.0, 0), busy(3600.0))
    assert gate.out_of_quota_until == 3601.0


# The window


@pytest.mark.parametrize("start", [1, 8, 64])
@pytest.mark.parametrize("half", [16, 64])
def test_the_window_grows_while_throughput_does(start: int, half: int) -> None:
    """A language model's server: slower the fuller it is, but faster in all, up to 128."""

    def per_s(at_once: int) -> float:
        return 100 * min(at_once, 128) / (min(at_once, 128) + half)

    drive = Drive(LearningGate(512, start=start), Loaded(per_s).take)
    drive.until(300)
    assert drive.per_s(100, 300) >= 0.9 * per_s(128)


@pytest.mark.parametrize("start", [1, 8, 64])
def test_the_window_comes_down_where_throughput_falls(start: int) -> None:
    def per_s(at_once: int) -> float:
        return 100 * at_once / 64 if at_once <= 64 else 100 * 64 / at_once

    drive = Drive(LearningGate(512, start=start), Loaded(per_s, spread=0.2).take)
    drive.until(400)
    assert drive.per_s(200, 400) >= 0.9 * per_s(64)


@pytest.mark.parametrize("slots", [4, 32])
def test_the_window_stays_near_what_the_server_works_on(slots: int) -> None:
    """More requests would only wait there."""
    endpoint = Loaded(lambda at_once: 2.0 * min(at_once, slots), spread=0.2)
    gate = LearningGate(512)
    drive = Drive(gate, endpoint.take)
    drive.until(600)
    assert drive.per_s(100, 600) >= 0.95 * 2 * slots
    assert gate.limit <= 4 * slots


@pytest.mark.parametrize("room", [4, 32, 256])
def test_a_server_that_refuses_more_is_kept_full(room: int) -> None:
    endpoint = Loaded(lambda at_once: at_once / 0.5, most=room)
    drive = Drive(LearningGate(512), endpoint.take)
    drive.until(120)
    assert drive.per_s(40, 120) >= 0.8 * room / 0.5
    assert drive.wasted(40, 120) <= 0.1


def test_a_window_of_all_is_reached_fast_where_nothing_speaks_against_it() -> None:
    drive = Drive(LearningGate(256), Loaded(lambda at_once: at_once / 0.05).take)
    drive.until(3)
    assert drive.per_s(1, 3) >= 0.97 * 256 / 0.05


def test_one_overload_in_a_round_trip_is_one_cut() -> None:
    gate = LearningGate(64, start=64)
    all_at_once = [gate.sent(0.0, 0) for _ in range(64)]
    for sent in all_at_once[:40]:
        gate.failed(0.1, sent, overloaded())
    assert gate.limit == pytest.approx(0.8 * 58, abs=6)


def test_a_stalled_request_among_quick_ones_is_no_overload() -> None:
    gate = LearningGate(64, start=64)
    stalled = [gate.sent(0.0, 0) for _ in range(30)]
    for number in range(200):
        gate.answered(0.1 + number * 0.1, gate.sent(number * 0.1, 0), 0)
    for sent in stalled:
        gate.failed(20.0, sent, failed("timeout"))
    assert gate.limit == 64
    assert not gate.open


def test_growth_resumes_after_an_overload() -> None:
    hard = Loaded(lambda at_once: at_once / 0.05, most=8)
    easy = Loaded(lambda at_once: at_once / 0.05)
    gate = LearningGate(128)
    drive = Drive(gate, lambda now: (hard if now < 30 else easy).take(now))
    drive.until(30)
    assert gate.limit <= 16
    drive.until(60)
    assert gate.limit >= 100


# The circuit


def test_failures_in_a_row_open_the_circuit_and_one_probe_at_a_time_looks() -> None:
    gate = LearningGate(64, start=64)
    for sent in [gate.sent(0.0, 0) for _ in range(64)]:
        gate.failed(0.01, sent, failed("reset"))
    assert gate.open
    cooling_s = gate.wait_s(0.01)
    assert 0.25 < cooling_s <= 0.5
    assert gate.wait_s(0.6) == 0
    probe = gate.sent(0.6, 0)
    assert gate.wait_s(0.6) == math.inf  # till the probe is back
    gate.failed(0.7, probe, failed("reset"))
    assert 0.6 < gate.wait_s(0.7) <= 1.0  # twice as long
    gate.answered(2.1, gate.sent(2.0, 0), 0)
    assert not gate.open
    assert gate.wait_s(2.1) == 0


def test_cooling_down_doubles_to_half_a_minute() -> None:
    gate = LearningGate(8)
    now, waits = 0.0, []
    for _ in range(14):
        gate.failed(now, gate.sent(now, 0), failed("connect"))
        if gate.open:
            waits.append(gate.wait_s(now))
            now += waits[-1] + 1e-3
    for number, wait_s in enumerate(waits):
        longest_s = min(0.5 * 2**number, 30)
        assert 0.7 * longest_s <= wait_s <= longest_s
    assert len(waits) > 8


def test_a_probe_that_was_cancelled_is_followed_by_another() -> None:
    gate = LearningGate(8)
    while not gate.open:
        gate.failed(0.0, gate.sent(0.0, 0), failed("connect"))
    gate.left(1.0, gate.sent(1.0, 0))
    assert gate.open
    assert gate.wait_s(1.0) == 0


def test_refusals_for_being_too_many_open_no_circuit() -> None:
    gate = LearningGate(64, start=64)
    for sent in [gate.sent(0.0, 0) for _ in range(64)]:
        gate.failed(0.01, sent, busy())
    assert not gate.open


def test_after_an_outage_the_window_begins_anew() -> None:
    gate = LearningGate(256, start=4)
    drive = Drive(gate, Away(lambda now: 20 <= now < 50, latency_s=0.5).take)
    drive.until(20)
    assert gate.limit == 256
    drive.until(50)
    assert gate.open
    sent_while_away = sum(21 <= at < 50 for at in drive.sent_at)
    assert sent_while_away < 12
    drive.until(100)
    assert drive.per_s(90, 100) >= 0.95 * 256 / 0.5


# Rates that the settings give


@given(
    per_minute=st.floats(10, 6_000),
    latency_s=st.floats(0.001, 5),
    begin=st.floats(0, 60),
)
@settings(max_examples=30, deadline=None)
def test_no_minute_has_more_requests_than_given(
    per_minute: float, latency_s: float, begin: float
) -> None:
    gate = LearningGate(64, start=64, requests_per_minute=per_minute)
    drive = Drive(gate, lambda now: Outcome(latency_s, None))
    drive.now = begin
    drive.until(begin + 100)
    sent = drive.sent_at
    for first in range(0, len(sent), max(1, len(sent) // 20)):
        in_minute = sum(sent[first] <= at < sent[first] + 60 for at in sent)
        assert in_minute <= per_minute * (1 + 1 / 60) + 1
    if per_minute / 60 * latency_s < 60:
        assert len(sent) >= 0.97 * per_minute / 60 * 100 - 1


def test_tokens_are_counted_as_they_were_used() -> None:
    """Estimates of 1,000 tokens for requests that use 250: four times the estimates' rate."""
    gate = LearningGate(64, start=64, tokens_per_minute=60_000)
    used, now, coming = 0, 0.0, []
    while now < 300:
        while coming and coming[0][0] <= now:
            gate.answered(now, coming.pop(0)[1], 250)
            used += 250 if now >= 60 else 0
        while gate.wait_s(now) == 0:
            coming.append((now + 2.0, gate.sent(now, 1000)))
        now += 0.01
    assert used == pytest.approx(240 * 1000, rel=0.05)


# What holds whatever happens


@given(data=st.data(), most=st.integers(1, 50), start=st.integers(1, 100))
@settings(max_examples=100, deadline=None)
def test_a_gate_stays_within_its_bounds(data: st.DataObject, most: int, start: int) -> None:
    gate = LearningGate(most, start=start)
    moves = data.draw(st.lists(st.tuples(st.integers(0, 8), st.floats(0, 3)), max_size=120))
    now, out = 0.0, []
    for move, step_s in moves:
        now += step_s
        wait_s = gate.wait_s(now)
        assert wait_s >= 0
        if move <= 2 and wait_s == 0:
            out.append(gate.sent(now, 10))
        elif out:
            sent = out.pop(0)
            errors = [busy(), busy(step_s), overloaded(), failed("timeout"), failed("reset")]
            if move == 8:
                gate.left(now, sent)
            elif move == 7:
                gate.answered(now, sent, 20)
            else:
                gate.failed(now, sent, errors[(move + int(10 * step_s)) % len(errors)])
        assert gate.in_flight == len(out) <= most + 1
        assert 1 <= gate.limit <= most
        assert gate.rate_per_s is None or 0 < gate.rate_per_s < math.inf
    for sent in out:
        gate.answered(now, sent, 10)
    # Whatever was learned, an address that is well is soon asked again, and ever more.
    before_per_s = gate.rate_per_s
    latency_s = 0.2 / (before_per_s or 1.0)
    drive = Drive(gate, lambda at: Outcome(latency_s, None))
    drive.now = now + 1000
    drive.until(now + 1000 + 4000 * latency_s, most_sent=800)
    assert drive.sent_at
    assert gate.rate_per_s is None or before_per_s is None or gate.rate_per_s > 1.5 * before_per_s


@given(limit=st.integers(1, 20), moves=st.lists(st.booleans(), max_size=60))
def test_a_plain_gate_learns_nothing(limit: int, moves: list[bool]) -> None:
    gate = PlainGate(limit)
    out = []
    for enters in moves:
        if enters and gate.wait_s(0.0) == 0:
            out.append(gate.sent(0.0, 0))
        elif out:
            gate.failed(0.0, out.pop(), failed("timeout"))
        assert gate.in_flight == len(out) <= limit
        assert gate.limit == limit
        assert (gate.wait_s(0.0) == 0) == (len(out) < limit)
