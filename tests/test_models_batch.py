"""Batches: every request is answered once, whatever happens to the process or to the rows."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from indic_persona_hub.errors import HubBusyError, ModelError, StorageError
from indic_persona_hub.models.batch.files import (
    GrowingAnswers,
    answer_row,
    answer_rows,
    request_line,
)
from indic_persona_hub.models.batch.plug import BatchModel
from indic_persona_hub.models.batch.state import BatchState, Step
from indic_persona_hub.models.caller import Caller
from indic_persona_hub.models.endpoint.completion_requests import RequestWriter
from indic_persona_hub.models.failures import BadRowError, BusyError, EndpointError
from indic_persona_hub.models.journal import Journal
from indic_persona_hub.models.load.lanes import Lanes
from indic_persona_hub.models.scripted import ScriptedModel
from indic_persona_hub.models.settings import BatchSettings, identity, open_model
from indic_persona_hub.models.socket import Message, Reply, Request
from indic_persona_hub.testing.conformance import check_language_model
from indic_persona_hub.testing.provider import Provider

KEY = "ab" * 32
SECRET = "sk-lab-7d1f0c55e2"
QUICK = {"model": "scripted", "poll_s": 0.02, "linger_s": 0.03}
Outcome = Reply | BaseException


def asked(count: int, first: int = 0) -> list[Request]:
    return [
        Request(
            (
                Message("system", "You imagine people."),
                Message("user", f"अनुच्छेद {number}: हाट में अदरक।"),
            ),
            *(64, 0.9, 0.95, 0.08, ("\n\n",), number),
        )
        for number in range(first, first + count)
    ]


def hosted(base_url: str, **changes: Any) -> BatchSettings:
    return BatchSettings.model_validate(QUICK | {"base_url": base_url} | changes)


def answers_of(
    settings: BatchSettings,
    folder: Path,
    requests: Sequence[Request],
    announce: Callable[[str], None] = lambda words: None,
) -> list[Outcome]:
    """One life of a process: ask all at once, take what comes, close."""

    async def live() -> list[Outcome]:
        model = BatchModel(settings, folder, announce)
        try:
            calls = (model.complete(request) for request in requests)
            return await asyncio.gather(*calls, return_exceptions=True)
        finally:
            await model.close()

    return asyncio.run(live())


def texts(outcomes: Sequence[Outcome]) -> list[str]:
    for outcome in outcomes:
        assert isinstance(outcome, Reply), repr(outcome)
    return [outcome.text for outcome in outcomes if isinstance(outcome, Reply)]


def scripted_texts(requests: Sequence[Request]) -> list[str]:
    return [asyncio.run(ScriptedModel().complete(request)).text for request in requests]


def calls_by_key(provider: Provider) -> list[int]:
    return [sums["calls"] for sums in provider.ledger()["keys"].values()]


# The whole life of batches, at the provider


def test_it_passes_the_conformance_suite(tmp_path: Path) -> None:
    with Provider(batch_latency_s=0.02) as provider:
        model = BatchModel(hosted(provider.base_url), tmp_path, lambda words: None)
        check_language_model(model, deterministic=True)


def test_requests_go_out_in_files_and_each_call_gets_its_own_reply(tmp_path: Path) -> None:
    said: list[str] = []
    requests = asked(25)
    with Provider() as provider:
        settings = hosted(provider.base_url, requests_per_file=10)
        outcomes = answers_of(settings, tmp_path, requests, said.append)
        assert calls_by_key(provider) == [1] * 25
    assert texts(outcomes) == scripted_texts(requests)  # though its rows came in another order
    alone = asyncio.run(ScriptedModel().complete(requests[0]))
    assert isinstance(outcomes[0], Reply)
    assert outcomes[0].latency_s > 0
    assert replace(outcomes[0], latency_s=0.0) == alone
    sizes = sorted(int(line.split()[0]) for line in said if " are in batch " in line)
    assert sizes == [5, 10, 10]  # files go out side by side, and are said as they arrive
    assert sum("10 of 10 requests answered" in line for line in said) == 2
    assert not list(tmp_path.rglob("*.jsonl*")), "files are left behind"


def test_a_file_is_closed_before_it_is_too_large(tmp_path: Path) -> None:
    said: list[str] = []
    long = replace(asked(1)[0], messages=(Message("user", "अ" * 500),))
    with Provider() as provider:
        settings = hosted(provider.base_url, bytes_per_file=1500)
        *good, refused = answers_of(settings, tmp_path, [*asked(9), long], said.append)
    assert texts(good) == scripted_texts(asked(9))
    assert isinstance(refused, BadRowError)
    assert refused.reason == "bad_request"
    assert sum(" are in batch " in line for line in said) > 2


def test_what_was_asked_is_not_asked_again(tmp_path: Path) -> None:
    with Provider() as provider:
        for _ in range(2):
            twice = asked(4) + asked(4)
            outcomes = answers_of(hosted(provider.base_url), tmp_path, twice)
            assert texts(outcomes) == scripted_texts(twice)
        assert calls_by_key(provider) == [1] * 4


def test_two_models_in_one_folder_keep_to_themselves(tmp_path: Path) -> None:
    async def live(first: BatchSettings, second: BatchSettings) -> list[Reply]:
        models = [BatchModel(one, tmp_path, lambda words: None) for one in (first, second)]
        with pytest.raises(HubBusyError):
            BatchModel(first, tmp_path, lambda words: None)
        calls = [model.complete(request) for model in models for request in asked(3)]
        try:
            return await asyncio.gather(*calls)
        finally:
            for model in models:
                await model.close()

    with Provider() as provider, Provider() as other:
        settings = [hosted(one.base_url) for one in (provider, other)]
        assert texts(asyncio.run(live(*settings))) == 2 * scripted_texts(asked(3))
        assert calls_by_key(provider) == calls_by_key(other) == [1] * 3


def test_a_batch_that_failed_its_validation_stops_with_the_endpoint_s_words(tmp_path: Path) -> None:
    with Provider(batch_fault="failed") as provider:
        outcomes = answers_of(hosted(provider.base_url), tmp_path, asked(3))
    for outcome in outcomes:
        assert isinstance(outcome, ModelError)
        assert "The batch failed." in outcome.message
        assert not outcome.retry


def test_rows_that_expired_are_asked_again_and_those_answered_are_not(tmp_path: Path) -> None:
    with Provider(batch_fault="expired") as provider:
        settings = hosted(provider.base_url)
        first = answers_of(settings, tmp_path, asked(8))
        expired = [one for one in first if isinstance(one, EndpointError)]
        assert [(one.kind, one.may_be_billed) for one in expired] == [("batch_expired", False)] * 4
        second = answers_of(settings, tmp_path, asked(8))
        assert sum(isinstance(one, Reply) for one in second) == 6
        assert calls_by_key(provider) == [1] * 6


def test_faults_of_rows_mean_what_they_mean_elsewhere(tmp_path: Path) -> None:
    with Provider(faults={"rate_limited": 0.5, "error_500": 0.5}) as provider:
        outcomes = answers_of(hosted(provider.base_url), tmp_path, asked(12))
    assert {getattr(one, "kind", None) for one in outcomes} == {"rate_limited", "500"}
    assert any(isinstance(one, BusyError) for one in outcomes)
    with Provider(context_characters=10) as provider:
        (refused,) = answers_of(hosted(provider.base_url), tmp_path, asked(1))
    assert isinstance(refused, BadRowError)
    assert refused.reason == "bad_request"
    with Provider(refuses=("min_p",)) as provider:
        (stopped,) = answers_of(hosted(provider.base_url), tmp_path, asked(1))
    assert isinstance(stopped, ModelError)
    assert "send_min_p: false" in stopped.cure


def test_a_wrong_key_stops_and_is_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAB_KEY", SECRET)
    with Provider(key="another") as provider:
        settings = hosted(provider.base_url, api_key_env="LAB_KEY")
        (outcome,) = answers_of(settings, tmp_path, asked(1))
    assert isinstance(outcome, ModelError)
    assert not outcome.retry
    assert "sk-lab" not in f"{outcome} {outcome!r}"
    assert b"sk-lab" not in b"".join(
        one.read_bytes() for one in tmp_path.rglob("*") if one.is_file()
    )


def test_what_goes_on_without_this_process_is_said_and_collected_later(tmp_path: Path) -> None:
    said: list[str] = []

    async def leave(settings: BatchSettings) -> None:
        model = BatchModel(settings, tmp_path, said.append)
        calls = [asyncio.ensure_future(model.complete(request)) for request in asked(6)]
        while not any(" are in batch " in line for line in said):
            await asyncio.sleep(0.01)
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)
        await model.close()

    with Provider(batch_latency_s=0.3) as provider:
        settings = hosted(provider.base_url)
        asyncio.run(leave(settings))
        assert said[-1] == (
            "6 requests in 1 batches go on at the endpoint; run the same command again to collect"
            " them."
        )
        # The next life asks for others; the first batch is collected beside them.
        assert len(texts(answers_of(settings, tmp_path, asked(2, first=6), said.append))) == 2
        assert any("6 of 6 requests answered" in line for line in said)
        assert texts(answers_of(settings, tmp_path, asked(6))) == scripted_texts(asked(6))
        assert set(calls_by_key(provider)) == {1}


def test_a_folder_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError):
        BatchModel(hosted("http://localhost:1/v1"), tmp_path / "file", lambda words: None)
    (tmp_path / "batches.sqlite").write_text("no database, and long enough to be seen as none")
    with pytest.raises(StorageError):
        BatchModel(hosted("http://localhost:1/v1"), tmp_path, lambda words: None)


def test_a_folder_that_vanishes_fails_the_calls_that_wait(tmp_path: Path) -> None:
    async def live() -> list[Outcome]:
        model = BatchModel(hosted("http://localhost:1/v1"), tmp_path, lambda words: None)
        calls = [asyncio.ensure_future(model.complete(request)) for request in asked(2)]
        await asyncio.sleep(0.01)
        shutil.rmtree(tmp_path / "batches")
        try:
            return await asyncio.gather(*calls, return_exceptions=True)
        finally:
            await model.close()

    assert [type(one) for one in asyncio.run(live())] == [StorageError] * 2


def test_a_caller_asks_what_expired_again_and_journals_the_rest(tmp_path: Path) -> None:
    with Provider(batch_fault="expired") as provider, Journal(tmp_path / "j.sqlite") as journal:
        settings = hosted(provider.base_url, requests_per_file=8, linger_s=1.0)
        plugs = open_model(settings, print, lambda done, size: None, folder=tmp_path)
        caller = Caller(
            Lanes(plugs, settings),
            journal,
            attempts=settings.attempts,
            identity=identity(settings),
        )
        answers = caller.ask_all(asked(8))
        caller.close()
        # Half of each batch expires: 4 of 8, 2 of 4, 1 of 2.
        assert [answer.reason for answer in answers].count(None) == 7
        assert dict(caller.tally.errors) == {"batch_expired": 7}
        assert len(journal.get_many([answer.key for answer in answers])) == 7
        assert calls_by_key(provider) == [1] * 7


# A kill at every step

_NURSERY = """
import asyncio, json, os, random, signal, sys, threading
from pathlib import Path
from indic_persona_hub.models.batch.plug import BatchModel
from indic_persona_hub.models.settings import BatchSettings
from indic_persona_hub.models.socket import Message, Request

STEPS = {"add": "WRITING", "settle": "COLLECTED", "advance": None}

def watch(step, moment):
    # The state's own calls are watched from outside, as a debugger would.
    def die(*_):
        os.kill(os.getpid(), signal.SIGKILL)
    def trace(frame, event, argument):
        code = frame.f_code
        if code.co_filename.endswith("batch/state.py") and code.co_name in STEPS:
            if (STEPS[code.co_name] or frame.f_locals["step"].name) == step:
                if moment == "before":
                    die()
                return lambda frame, event, argument: die() if event == "return" else None
    threading.settrace(trace)

async def live(order):
    settings = BatchSettings(**order["settings"])
    model = BatchModel(settings, Path(order["folder"]), lambda words: None)
    requests = [
        Request((Message("user", f"Passage {n}"),), 64, 0.9, 0.95, 0.08, (), n) for n in range(12)
    ]
    random.Random(order["shuffle"]).shuffle(requests)
    replies = await asyncio.gather(*map(model.complete, requests))
    await model.close()
    return len(replies)

for line in sys.stdin:
    order = json.loads(line)
    child = os.fork()
    if child == 0:
        if order["step"]:
            watch(order["step"], order["moment"])
        os._exit(asyncio.run(live(order)))
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@pytest.fixture(scope="module")
def life() -> Iterator[Callable[..., int]]:
    """Lives of processes, forked from one that has loaded everything: (order) -> exit status."""
    command = [sys.executable, "-c", _NURSERY]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as nursery:
        assert nursery.stdin is not None
        assert nursery.stdout is not None

        def live(settings: BatchSettings, folder: Path, **order: Any) -> int:
            plain = {"settings": settings.model_dump(), "folder": str(folder), "step": None}
            assert nursery.stdin is not None
            assert nursery.stdout is not None
            print(json.dumps(plain | order), file=nursery.stdin, flush=True)
            return int(nursery.stdout.readline())

        yield live
        nursery.stdin.close()


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("step", [step.name for step in Step])
def test_a_kill_at_any_step_submits_nothing_twice_and_loses_nothing(
    step: str, moment: str, life: Callable[..., int], tmp_path: Path
) -> None:
    with Provider(batch_latency_s=0.05) as provider:
        settings = hosted(provider.base_url, requests_per_file=5)
        assert life(settings, tmp_path, step=step, moment=moment, shuffle=1) == -9
        assert life(settings, tmp_path, shuffle=2) == 12
        assert calls_by_key(provider) == [1] * 12


# An endpoint that does what it is told


@dataclass
class OddEndpoint:
    """Files and batches in OpenAI's shape, with answers that a test makes up.

    Attributes:
        rows: The lines of the output file, from the requests' custom_ids.
        shows: What every batch shows beside its id and files, by number of the order.
        cut: Orders whose answer is lost on the way.
        foreign: How many batches of others are listed before its own.
    """

    rows: Callable[[list[str]], list[str]] = lambda keys: [good(key) for key in keys]
    shows: Callable[[int], dict[str, Any]] = lambda number: {"status": "completed"}
    cut: int = 0
    foreign: int = 0
    refuses: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    orders: list[dict[str, Any]] = field(default_factory=list)
    pages: int = 0

    async def upload(self, call: web.Request) -> web.Response:
        form = await call.post()
        assert form["purpose"] == "batch"
        name = f"file-{len(self.files)}"
        self.files[name] = form["file"].file.read()  # type: ignore[union-attr]
        return web.json_response({"id": name})

    async def content(self, call: web.Request) -> web.Response:
        lines = self.files[call.match_info["name"].removesuffix("-output")].splitlines()
        return web.Response(
            text="\n".join(self.rows([json.loads(one)["custom_id"] for one in lines]))
        )

    async def order(self, call: web.Request) -> web.Response:
        if self.refuses:
            return web.json_response({"error": {"message": self.refuses}}, status=400)
        self.orders.append(await call.json())
        if len(self.orders) <= self.cut:
            assert call.transport is not None
            call.transport.abort()
        return web.json_response(self.shown(len(self.orders) - 1))

    async def list(self, call: web.Request) -> web.Response:
        self.pages += 1
        others = [{"id": f"batch_other_{number}"} for number in range(self.foreign)]
        listed = others + [self.shown(number) for number in range(len(self.orders))]
        names = [one["id"] for one in listed]
        start = names.index(call.query["after"]) + 1 if "after" in call.query else 0
        page = listed[start : start + int(call.query["limit"])]
        return web.json_response({"data": page, "has_more": page[-1:] != listed[-1:]})

    async def batch(self, call: web.Request) -> web.Response:
        return web.json_response(self.shown(int(call.match_info["number"])))

    def shown(self, number: int) -> dict[str, Any]:
        output = {"output_file_id": f"{self.orders[number]['input_file_id']}-output"}
        return {"id": f"batch_{number}", **self.orders[number], **output, **self.shows(number)}

    @contextmanager
    def serving(self) -> Iterator[str]:
        loop, up = asyncio.new_event_loop(), Event()
        app = web.Application()
        app.router.add_post("/v1/files", self.upload)
        app.router.add_get("/v1/files/{name}/content", self.content)
        app.router.add_post("/v1/batches", self.order)
        app.router.add_get("/v1/batches", self.list)
        app.router.add_get(r"/v1/batches/batch_{number:\d+}", self.batch)
        runner = web.AppRunner(app)

        async def start() -> None:
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            loop.call_soon(up.set)

        def serve() -> None:
            loop.run_until_complete(start())
            loop.run_forever()
            loop.run_until_complete(runner.cleanup())
            loop.close()

        thread = Thread(target=serve, daemon=True)
        thread.start()
        up.wait()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


def good(key: str, text: str = "A 40-year-old porter.") -> str:
    message = {"role": "assistant", "content": text}
    body = {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
    return row(key, 200, body)


def row(key: str, status: int, body: Any, error: Any = None) -> str:
    response = {"status_code": status, "request_id": "r", "body": body}
    return json.dumps({"custom_id": key, "response": response, "error": error})


def test_strange_lines_are_counted_and_harm_nobody(tmp_path: Path) -> None:
    said: list[str] = []

    def rows(keys: list[str]) -> list[str]:
        unknown = [good("12" * 32), good("not hex"), good("")]
        bad = ["not JSON", "[]", "null", '{"custom_id": 3}', "[" * 50_000, "", '{"custom_id"']
        return [
            *unknown,
            *map(good, keys[1:]),
            *bad,
            good(keys[1], "Another."),
            row(keys[2], 500, {}),
        ]

    with OddEndpoint(rows).serving() as url:
        first, *others = answers_of(hosted(url), tmp_path, asked(4), said.append)
    assert texts(others) == ["A 40-year-old porter."] * 3
    assert isinstance(first, EndpointError)
    assert (first.kind, first.may_be_billed) == ("batch_missing", True)
    assert said[-1].endswith(
        ": 3 of 4 requests answered, 1 missing, 6 lines unreadable, 2 lines repeated,"
        " 3 lines unknown."
    )


def test_rows_fail_as_calls_do_in_either_shape(tmp_path: Path) -> None:
    expired = {"code": "batch_expired", "message": "too late"}
    vllm_error = {"error": {"message": "longer than the maximum context length", "code": 400}}
    filtered = {"choices": [{"message": {"content": None}, "finish_reason": "content_filter"}]}
    bodies = [
        lambda key: row(key, 429, {"error": {"message": "slow down"}}),
        lambda key: row(key, 400, None, vllm_error),
        lambda key: row(key, 400, None, "a plain text"),
        lambda key: row(key, 200, filtered),
        lambda key: row(key, 200, {"no": "choices"}),
        lambda key: json.dumps({"custom_id": key, "response": None, "error": expired}),
        lambda key: json.dumps({"custom_id": key, "error": "broken"}),
    ]

    def rows(keys: list[str]) -> list[str]:
        return [body(key) for body, key in zip(bodies, keys, strict=True)]

    with OddEndpoint(rows).serving() as url:
        outcomes = answers_of(hosted(url), tmp_path, asked(len(bodies)))
    names = ("kind", "reason", "finish_reason")
    kinds = [next(filter(None, (getattr(one, name, None) for name in names))) for one in outcomes]
    assert kinds == [
        "rate_limited",
        "bad_request",
        "bad_request",
        "refusal",
        "no_completion",
        "batch_expired",
        "batch_error",
    ]
    assert "maximum context length" in str(outcomes[1])
    assert "too late" in str(outcomes[5])


def test_no_words_of_an_endpoint_show_its_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAB_KEY", SECRET)
    quoting = {"error": {"message": f"you sent {SECRET}", "code": "batch_expired"}}
    shown = {"status": "failed", "errors": {"data": [{"message": f"you sent {SECRET}"}]}}
    bodies = [
        lambda key: row(key, 400, quoting),
        lambda key: row(key, 500, quoting | {"id": SECRET}),
        lambda key: json.dumps({"custom_id": key, **quoting}),
    ]

    def rows(keys: list[str]) -> list[str]:
        return [body(key) for body, key in zip(bodies, keys, strict=True)]

    said: list[str] = []
    outcomes: list[Outcome] = []
    shows = {1: shown}
    endpoint = OddEndpoint(rows, shows=lambda number: shows.get(number, {"status": "completed"}))
    with endpoint.serving() as url:
        settings = hosted(url, api_key_env="LAB_KEY")
        for _ in range(2):
            outcomes += answers_of(settings, tmp_path, asked(3), said.append)
    assert all("you sent" in str(outcome) for outcome in outcomes)
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert SECRET not in f"{said} {outcomes!r} {[str(one) for one in outcomes]} {written!r}"


def test_an_order_whose_answer_was_lost_is_found_among_all_batches(tmp_path: Path) -> None:
    endpoint = OddEndpoint(cut=1, foreign=250)
    with endpoint.serving() as url:
        assert len(texts(answers_of(hosted(url), tmp_path, asked(2)))) == 2
    assert (len(endpoint.orders), endpoint.pages) == (1, 3)


def test_too_many_enqueued_tokens_wait_for_another_batch(tmp_path: Path) -> None:
    failed = {"code": "token_limit_exceeded", "message": "Enqueued token limit reached"}
    polls = iter(range(1000))

    def shows(number: int) -> dict[str, Any]:
        if number == 1:
            return {"status": "failed", "errors": {"data": [failed]}}
        return {"status": "completed" if number or next(polls) > 8 else "in_progress"}

    endpoint = OddEndpoint(shows=shows)
    with endpoint.serving() as url:
        outcomes = answers_of(hosted(url, requests_per_file=2), tmp_path, asked(4))
    assert len(texts(outcomes)) == 4
    assert len(endpoint.orders) == 3


def test_a_file_that_is_too_large_on_its_own_is_given_up(tmp_path: Path) -> None:
    failed = {"code": "token_limit_exceeded", "message": "Enqueued token limit reached"}
    shown = {"status": "failed", "errors": {"data": [failed]}}
    endpoint = OddEndpoint(shows=lambda number: shown if number == 0 else {"status": "completed"})
    with endpoint.serving() as url:
        outcomes = answers_of(hosted(url), tmp_path, asked(2))
        assert all("requests_per_file" in getattr(one, "cure", "") for one in outcomes)
        assert len(texts(answers_of(hosted(url, requests_per_file=1), tmp_path, asked(2)))) == 2


def test_an_order_that_is_refused_is_no_batch(tmp_path: Path) -> None:
    endpoint = OddEndpoint(refuses="Invalid completion_window")
    with endpoint.serving() as url:
        (outcome,) = answers_of(hosted(url), tmp_path, asked(1))
        assert isinstance(outcome, ModelError)
        assert not outcome.retry
        assert "Invalid completion_window" in outcome.message
        endpoint.refuses = ""
        assert len(texts(answers_of(hosted(url), tmp_path, asked(1)))) == 1
    assert endpoint.pages == 0


def test_a_cancelled_batch_stops_and_keeps_its_answers(tmp_path: Path) -> None:
    half = lambda keys: [good(key) for key in keys[::2]]  # noqa: E731
    endpoint = OddEndpoint(half, shows=lambda number: {"status": "cancelled"})
    with endpoint.serving() as url:
        outcomes = answers_of(hosted(url), tmp_path, asked(4))
    assert [isinstance(one, Reply) for one in outcomes] == [True, False, True, False]
    assert isinstance(outcomes[1], ModelError)
    assert not isinstance(outcomes[1], EndpointError)


def test_an_endpoint_that_is_away_for_long_costs_the_batch_nothing(tmp_path: Path) -> None:
    away = EventfulAway()
    endpoint = OddEndpoint(shows=away.shows)
    with endpoint.serving() as url:
        settings = hosted(url, poll_s=0.005)
        (outcome,) = answers_of(settings, tmp_path, asked(1))
        assert isinstance(outcome, EndpointError)
        assert (outcome.kind, outcome.may_be_billed) == ("500", False)
        away.back = True
        assert len(texts(answers_of(settings, tmp_path, asked(1)))) == 1
    assert len(endpoint.orders) == 1


@dataclass
class EventfulAway:
    """Orders are taken; after that every answer is a 500 until it is back."""

    back: bool = False
    seen: int = 0

    def shows(self, number: int) -> dict[str, Any]:
        self.seen += 1
        if not self.back and self.seen > 1:
            raise web.HTTPInternalServerError(text="out of memory")
        return {"status": "completed"}


# Files for `vllm run-batch`

_RUN_BATCH = """
import asyncio, json, sys, time
from indic_persona_hub.models.scripted import ScriptedModel
from indic_persona_hub.models.socket import Message, Request

source, target, model = sys.argv[1:]
with open(source, encoding="utf-8") as requests, open(target, "w", encoding="utf-8") as answers:
    for line in requests:
        row = json.loads(line)
        body = row["body"]
        assert (row["method"], row["url"], body["model"]) == ("POST", "/v1/chat/completions", model)
        turns = tuple(Message(turn["role"], turn["content"]) for turn in body["messages"])
        sampling = 64, 0.9, 0.95, 0.08, ("\\n\\n",)
        asked = Request(turns, *sampling, body["seed"])
        reply = asyncio.run(ScriptedModel().complete(asked))
        message = {"role": "assistant", "content": reply.text}
        choice = {"index": 0, "message": message, "finish_reason": reply.finish_reason}
        response = {"status_code": 200, "request_id": "r", "body": {"choices": [choice]}}
        out = json.dumps({"custom_id": row["custom_id"], "response": response, "error": None})
        answers.write(out[:40])
        answers.flush()
        time.sleep(0.005)
        answers.write(out[40:] + "\\n")
"""


def left_in(folder: Path, **changes: Any) -> BatchSettings:
    plain = {"model": "scripted", "folder": str(folder), "poll_s": 0.02, "linger_s": 0.05}
    return BatchSettings.model_validate(plain | changes)


def test_files_for_run_batch_are_answered_while_they_grow(tmp_path: Path) -> None:
    runs: list[subprocess.Popen[bytes]] = []

    def announce(words: str) -> None:
        if " vllm run-batch -i " in words:
            _, command = words.split(": vllm run-batch -i ")
            source, _, target, _, model = command.split()
            runs.append(subprocess.Popen([sys.executable, "-c", _RUN_BATCH, source, target, model]))

    settings = left_in(tmp_path / "to answer".replace(" ", "-"), requests_per_file=20)
    outcomes = answers_of(settings, tmp_path / "state", asked(30), announce)
    assert [run.wait() for run in runs] == [0, 0]
    assert texts(outcomes) == scripted_texts(asked(30))
    names = sorted(path.name.partition("-")[0] for path in (tmp_path / "to-answer").iterdir())
    assert names == ["answers", "answers", "requests", "requests"]


@contextmanager
def answering(folder: Path) -> Iterator[None]:
    """Somebody who answers every requests file in `folder` once."""
    over = Event()

    def work() -> None:
        while not over.wait(0.02):
            for source in folder.glob("requests-*.jsonl"):
                target = folder / source.name.replace("requests", "answers")
                if not target.exists():
                    target.write_text("".join(f"{good(key)}\n" for key in keys_in(source)))

    thread = Thread(target=work, daemon=True)
    thread.start()
    yield
    over.set()
    thread.join()


def keys_in(source: Path) -> list[str]:
    return [json.loads(line)["custom_id"] for line in source.read_bytes().splitlines()]


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("step", ["WRITING", "WRITTEN", "COLLECTED"])
def test_a_kill_puts_no_request_into_two_files(
    step: str, moment: str, life: Callable[..., int], tmp_path: Path
) -> None:
    folder = tmp_path / "left"
    folder.mkdir()
    settings = left_in(folder, requests_per_file=5)
    with answering(folder):
        assert life(settings, tmp_path, step=step, moment=moment, shuffle=1) == -9
        assert life(settings, tmp_path, shuffle=2) == 12
    keys = [key for source in folder.glob("requests-*.jsonl") for key in keys_in(source)]
    assert len(keys) == len(set(keys)) == 12


def test_what_an_answer_file_leaves_out_goes_into_a_new_file(tmp_path: Path) -> None:
    settings = left_in(tmp_path)
    said: list[str] = []

    def half(words: str) -> None:
        said.append(words)
        if source := next(tmp_path.glob("requests-*.jsonl"), None):
            target = tmp_path / source.name.replace("requests", "answers")
            lines = [good(key) for key in keys_in(source)[:2]]
            target.write_text("\n".join([*lines, '{"custom_id": "cut']))

    outcomes = answers_of(settings, tmp_path / "state", asked(4), half)
    assert len(texts(outcomes[:2])) == 2
    assert [getattr(one, "kind", None) for one in outcomes[2:]] == ["batch_missing"] * 2
    assert "2 of 4 requests answered, 2 missing, 1 lines unreadable." in said[-1]
    old = set(tmp_path.glob("requests-*.jsonl"))
    with answering(tmp_path):
        assert len(texts(answers_of(settings, tmp_path / "state", asked(4)))) == 4
    (new,) = set(tmp_path.glob("requests-*.jsonl")) - old
    assert len(keys_in(new)) == 2


def test_the_same_requests_again_are_another_file(tmp_path: Path) -> None:
    """Else the answers of the first, which left them out, would be taken for theirs."""
    state = BatchState(tmp_path / "batches.sqlite", "here")
    first = state.add("00" * 32, [KEY])
    assert state.lookup(KEY) == (first.number, None)
    failures = state.settle(first.number, [], lambda row: True).failures
    assert (list(failures), state.lookup(KEY)) == ([KEY], None)
    second = state.add("00" * 32, [KEY])
    assert first.digest == "00" * 32 != second.digest
    state.close()


# The files themselves


@given(st.lists(st.tuples(st.sampled_from(["system", "user"]), st.text()), min_size=1, max_size=3))
def test_a_request_of_any_text_is_one_line_that_says_the_same(turns: list[tuple[str, str]]) -> None:
    write = RequestWriter("m", api="chat", reply_format="none", send_min_p=True).body
    body = write(replace(asked(1)[0], messages=tuple(Message(*turn) for turn in turns)))
    line = request_line(KEY, body)
    assert [line.decode()] == line.decode().splitlines(keepends=True)
    read = json.loads(line)
    assert read.pop("body") == json.loads(body)
    assert read == {"custom_id": KEY, "method": "POST", "url": "/v1/chat/completions"}


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(st.integers(100, 599), st.text(), _JSON)
def test_an_answer_of_any_text_comes_back_as_it_was_sent(status: int, key: str, said: Any) -> None:
    body = {"id": "not kept", "choices": said, "error": said}
    found = answer_row(row(key, status, body).encode())
    assert found is not None
    assert found[:2] == (key, status)
    assert json.dumps(json.loads(found.body)) == json.dumps({"choices": said, "error": said})


@given(
    st.binary(max_size=40)
    | st.fixed_dictionaries(
        {}, optional=dict.fromkeys(("custom_id", "response", "error"), _JSON)
    ).map(lambda value: json.dumps(value).encode())
    | _JSON.map(lambda value: json.dumps({"custom_id": KEY, "response": {"body": value}}).encode())
)
def test_no_line_is_bad_enough_to_crash(line: bytes) -> None:
    found = answer_row(line)
    assert found is None or (isinstance(found.custom_id, str) and isinstance(found.body, bytes))


def test_a_line_far_longer_than_any_answer_is_passed_by(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    with path.open("wb") as file:
        file.write(b'{"custom_id":"' + b"x" * (17 << 20) + b'"}\n' + good(KEY).encode() + b"\n\n")
    found = list(answer_rows(path))
    assert found[0] is None
    assert [one and one.custom_id for one in found[1:]] == [KEY]


def test_a_growing_file_is_read_on_and_from_its_beginning_where_it_begins_anew(
    tmp_path: Path,
) -> None:
    path = tmp_path / "answers.jsonl"
    growing = GrowingAnswers(path)
    assert (growing.size(), list(growing.new_ids())) == (0, [])
    whole = f"{good('a')}\n{good('b')}\n"
    path.write_text(whole[:-5])
    assert list(growing.new_ids()) == ["a"]
    path.write_text(whole)
    assert list(growing.new_ids()) == ["b"]
    path.write_text(f"{good('c')}\n")
    assert list(growing.new_ids()) == ["c"]
