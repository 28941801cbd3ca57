"""The caller: one answer a request, nothing paid for twice, one error for a bad world."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indic_persona_hub.errors import ModelError, StorageError
from indic_persona_hub.models.answers import Answer
from indic_persona_hub.models.caller import Caller
from indic_persona_hub.models.endpoint.openai_compatible import OpenAICompatibleModel
from indic_persona_hub.models.failures import BadRowError, BusyError, EndpointError
from indic_persona_hub.models.journal import Journal
from indic_persona_hub.models.load.lanes import Lanes
from indic_persona_hub.models.scripted import ScriptedModel
from indic_persona_hub.models.settings import OpenAICompatibleSettings
from indic_persona_hub.models.socket import Message, Reply, Request
from indic_persona_hub.testing.provider import Provider
from indic_persona_hub.testing.provider.faults import FAULTS

#: A refusal and an empty reply are answers, though not personas.
FAULTY = dict.fromkeys(FAULTS, 0.02)


def asking(number: int, affinity: str = "") -> Request:
    turns = (Message("system", "One person."), Message("user", f"Passage: the haat of {number}"))
    return Request(turns, 80, 0.9, 0.95, 0.08, (), seed=number, affinity=affinity)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal(tmp_path / "journal.sqlite") as opened:
        yield opened


class Plug:
    """A real plug in this process: answers as the scripted model after what `before` does."""

    licence = "Apache-2.0"

    def __init__(self, concurrency: int = 4, name: str = "plug") -> None:
        self.name = name
        self.concurrency = concurrency
        self.asked: list[Request] = []
        self.in_flight = 0
        self.most_in_flight = 0
        self._scripted = ScriptedModel()

    async def before(self, request: Request) -> None:
        await asyncio.sleep(0)

    async def complete(self, request: Request) -> Reply:
        self.asked.append(request)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            await self.before(request)
            return await self._scripted.complete(request)
        finally:
            self.in_flight -= 1

    async def close(self) -> None:
        pass


def calling(plug: Plug, journal: Journal, attempts: int = 2) -> Caller:
    """A caller that treats `plug` as an endpoint, whose load is learned."""
    settings = OpenAICompatibleSettings(
        base_url="http://127.0.0.1:9/v1", model=plug.name, concurrency=plug.concurrency, outage_s=5
    )
    return Caller(Lanes([plug], settings), journal, attempts=attempts)


# A mix of faults over HTTP


def test_nothing_is_lost_or_doubled_under_a_mix_of_all_faults_and_the_bill_is_ours(
    tmp_path: Path,
) -> None:
    requests = [asking(number) for number in range(150)]
    with (
        Provider(faults=FAULTY, seed=6) as server,
        Journal(tmp_path / "journal.sqlite") as journal,
    ):
        endpoint = OpenAICompatibleSettings(
            base_url=server.base_url, model="scripted", concurrency=32, timeout_s=2
        )
        caller = Caller(
            Lanes([OpenAICompatibleModel(endpoint)], endpoint),
            journal,
            attempts=8,
            hub="hub",
        )
        answers = caller.ask_all(requests)
        asked = len(server.calls)
        again = caller.ask_all(requests)
        caller.close()
        journal.flush()
        spent, bill, calls = journal.spent("hub"), server.ledger(), server.calls
    alone = asyncio.run(_alone(requests))
    said = {call.key: call.fault for call in calls if call.delivered}
    assert {call.fault for call in calls} - {"over_rate"} == {*FAULTS, ""}
    for answer, text in zip(answers, alone, strict=True):
        assert answer.reply is not None
        assert answer.reply.text == text or list(said.values()).count("refusal") > 0
    assert Counter(call.key for call in calls if call.delivered).most_common(1)[0][1] == 1
    assert len(said) == len(requests)
    assert len(calls) == asked, "what is in the journal is never asked again"
    assert [one.reply for one in again] == [one.reply for one in answers]
    # What may have been billed without a reply is charged like the reply that came in the end.
    assert spent.prompt_tokens + spent.lost_prompt_tokens >= bill["prompt_tokens"]
    assert spent.calls == len(requests)
    assert spent.failed == len(calls) - len(requests)


async def _alone(requests: list[Request]) -> list[str]:
    return [(await ScriptedModel().complete(request)).text for request in requests]


# What any plug may do

OUTCOMES = st.sampled_from(["answer", "answer", "answer", "bad_request", "broken_off", "surrogate"])


class Scattered(Plug):
    """Answers, refuses or breaks off, as the request's seed says."""

    outcomes: dict[int, str]

    async def complete(self, request: Request) -> Reply:
        reply = await super().complete(request)
        outcome = self.outcomes[request.seed]
        if outcome == "bad_request":
            raise BadRowError("bad_request", "too long")
        if outcome == "surrogate":
            return replace(reply, text="cut emoji \ud83d")
        return replace(reply, finish_reason="error") if outcome == "broken_off" else reply


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    outcomes=st.lists(OUTCOMES, max_size=40),
    affinities=st.lists(st.sampled_from(["", "a", "b"]), min_size=80, max_size=80),
    concurrency=st.integers(1, 9),
)
def test_answers_come_in_the_order_of_requests(
    tmp_path_factory: pytest.TempPathFactory,
    outcomes: list[str],
    affinities: list[str],
    concurrency: int,
) -> None:
    requests = [asking(place // 2, affinities[place]) for place in range(2 * len(outcomes))][:40]
    plug = Scattered(concurrency)
    plug.outcomes = dict(enumerate(outcomes))
    with Journal(tmp_path_factory.mktemp("hub") / "journal.sqlite") as journal:
        answers = calling(plug, journal, attempts=1).ask_all(requests)
        assert len(answers) == len(requests)
        assert plug.most_in_flight <= concurrency
        for request, answer in zip(requests, answers, strict=True):
            outcome = outcomes[request.seed]
            if outcome in ("answer", "surrogate"):
                assert answer.reply == journal.get(answer.key)
                assert answer.reply is not None
                assert answer.reply.text.encode()
            else:
                expected = "bad_request" if outcome == "bad_request" else "model_error"
                assert (answer.reply, answer.reason) == (None, expected)
                assert journal.get(answer.key) is None
    recorded = [one.seed for one in plug.asked if outcomes[one.seed] in ("answer", "surrogate")]
    assert len(recorded) == len(set(recorded))  # doubles were asked once


def test_threads_share_the_slots_and_the_answers(journal: Journal) -> None:
    class Slow(Plug):
        async def before(self, request: Request) -> None:
            await asyncio.sleep(0.01)

    plug = Slow(concurrency=3)
    caller = calling(plug, journal)
    batches = [[asking(number) for number in range(start, start + 12)] for start in (0, 4, 8, 0)]
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(caller.ask_all, batches))
    assert plug.most_in_flight == 3
    assert len(plug.asked) == len({request.seed for request in plug.asked}) == 20
    assert [answer.key for answer in answers[0]] == [answer.key for answer in answers[3]]
    paid = [answer for batch in answers for answer in batch if not answer.from_journal]
    assert len(paid) == 20


def test_equal_affinities_follow_one_another(journal: Journal) -> None:
    plug = Plug(concurrency=1)
    calling(plug, journal).ask_all([asking(number, "abc"[number % 3]) for number in range(12)])
    assert "".join(request.affinity for request in plug.asked) == "aaaabbbbcccc"


def test_a_new_process_replays_the_journal_without_a_call(tmp_path: Path) -> None:
    requests = [asking(number) for number in range(20)]
    path = tmp_path / "journal.sqlite"
    with Journal(path) as journal:
        first = calling(Plug(), journal).ask_all(requests)
    plug = Plug()
    with Journal(path) as journal:
        second = calling(plug, journal).ask_all(requests)
    assert plug.asked == []
    assert second == [replace(answer, from_journal=True) for answer in first]


# Waiting


class Busy(Plug):
    """Asks twice for patience, then answers."""

    async def before(self, request: Request) -> None:
        if sum(one == request for one in self.asked) <= 2:
            raise BusyError("busy", cure="", kind="rate_limited", retry_after_s=0.1)


def test_retry_after_is_obeyed_and_costs_no_attempt(journal: Journal) -> None:
    plug = Busy()
    assert calling(plug, journal, attempts=1).ask_all([asking(1)])[0].reply
    assert len(plug.asked) == 3


def test_a_busy_endpoint_that_answers_others_costs_no_attempt(journal: Journal) -> None:
    class OneAtATime(Plug):
        async def before(self, request: Request) -> None:
            if self.in_flight > 1:
                raise BusyError("busy", cure="", kind="rate_limited", retry_after_s=0.0)
            await asyncio.sleep(0.02)

    answers = calling(OneAtATime(3), journal).ask_all([asking(number) for number in range(6)])
    assert all(answer.reply for answer in answers)


def test_an_endpoint_that_is_always_busy_is_given_up(journal: Journal) -> None:
    class Full(Plug):
        async def before(self, request: Request) -> None:
            raise BusyError("Too many requests.", cure="", kind="rate_limited")

    plug = Full()
    with pytest.raises(ModelError, match="Too many requests") as given_up:
        calling(plug, journal).ask_all([asking(number) for number in range(20)])
    assert given_up.value.retry
    assert len(plug.asked) < 200


def test_an_endpoint_without_patience_stops_the_build(journal: Journal) -> None:
    class OutOfQuota(Plug):
        async def before(self, request: Request) -> None:
            raise BusyError("come back", cure="", kind="rate_limited", retry_after_s=7200)

    with pytest.raises(ModelError, match="7200 s") as stopped:
        calling(OutOfQuota(), journal).ask_all([asking(1)])
    assert stopped.value.retry


# A bad world


def test_a_refused_key_stops_everything_at_once(journal: Journal) -> None:
    class Locked(Plug):
        async def before(self, request: Request) -> None:
            if request.seed == 5:
                raise ModelError("No such key.", cure="Check LAB_KEY.")
            await asyncio.sleep(0.005)

    plug = Locked()
    caller = calling(plug, journal)
    with pytest.raises(ModelError, match=r"No such key\. Check LAB_KEY\."):
        caller.ask_all([asking(number) for number in range(500)])
    assert len(plug.asked) < 20
    assert plug.in_flight == 0
    with pytest.raises(ModelError, match="No such key"):  # and so it stays
        caller.ask_all([asking(600)])


def test_an_endpoint_that_always_fails_is_given_up(journal: Journal) -> None:
    class Down(Plug):
        async def before(self, request: Request) -> None:
            raise EndpointError("Nobody is there.", cure="Start the server.", kind="connect")

    plug = Down(concurrency=8)
    with pytest.raises(ModelError, match=r"Nobody is there") as given_up:
        calling(plug, journal).ask_all([asking(number) for number in range(100)])
    assert given_up.value.retry
    assert len(plug.asked) <= 40
    with pytest.raises(ModelError, match="Nobody is there"):  # one row is no different
        calling(Down(name="other"), journal, attempts=1).ask_all([asking(1)])


def test_an_endpoint_that_refuses_every_request_is_given_up(journal: Journal) -> None:
    class Strict(Plug):
        async def before(self, request: Request) -> None:
            raise BadRowError("bad_request", "unknown parameter: top_p")

    with pytest.raises(ModelError, match="refuses every request: unknown parameter: top_p"):
        calling(Strict(), journal).ask_all([asking(number) for number in range(100)])
    answers = calling(Strict(), journal).ask_all([asking(number) for number in range(3)])
    assert {answer.reason for answer in answers} == {"bad_request"}


def test_a_journal_that_cannot_be_written_stops_everything(journal: Journal) -> None:
    plug = Plug()
    caller = calling(plug, journal)
    assert caller.ask_all([asking(0)])[0].reply
    long = [replace(asking(n), messages=(Message("user", f"{n} " * 9000),)) for n in range(1, 99)]
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, most))
    try:
        with pytest.raises(StorageError, match="full"):
            caller.ask_all(long)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    assert len(plug.asked) < 40
    intended, _ = journal.count()
    assert len(plug.asked) <= intended  # no call without its intent on disk


def test_an_error_of_who_takes_answers_is_raised_as_it_is(journal: Journal) -> None:
    def full(place: int, request: Request, answer: Answer) -> None:
        raise StorageError("The ledger is full.", cure="")

    plug = Plug()
    with pytest.raises(StorageError, match="ledger"):
        calling(plug, journal).ask_each([asking(number) for number in range(50)], full)
    assert plug.in_flight == 0


_INTERRUPTED = """
import asyncio, sys
from pathlib import Path
from indic_persona_hub.models.caller import Caller
from indic_persona_hub.models.journal import Journal
from indic_persona_hub.models.load.lanes import Lanes
from indic_persona_hub.models.scripted import ScriptedModel
from indic_persona_hub.models.settings import ScriptedSettings
from indic_persona_hub.models.socket import Message, Request

class Endless(ScriptedModel):
    ended = 0
    async def complete(self, request):
        print("asked", flush=True)
        try:
            await asyncio.sleep(3600)
        finally:
            Endless.ended += 1

with Journal(Path(sys.argv[1])) as journal:
    caller = Caller(Lanes([Endless()], ScriptedSettings()), journal, attempts=1)
    try:
        caller.ask_all([Request((Message("user", "x"),), 8, 1, 1, 0, (), 1)])
    except KeyboardInterrupt:
        journal.flush()
        print("interrupted", Endless.ended, [one.kind for one in journal.lost()], flush=True)
"""


def test_an_interrupt_leaves_no_call_behind(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _INTERRUPTED, str(tmp_path / "journal.sqlite")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "asked\n"
        os.kill(child.pid, signal.SIGINT)
        assert child.stdout.read() == "interrupted 1 ['cancelled']\n"
    assert child.returncode == 0


def test_all_callers_share_one_thread(tmp_path: Path) -> None:
    for number in range(3):
        with Journal(tmp_path / f"{number}.sqlite") as journal:
            caller = calling(Plug(), journal)
            caller.ask_all([asking(1)])
            caller.close()
    loops = [thread for thread in threading.enumerate() if thread.name.startswith("iph-models")]
    assert len(loops) == 1
