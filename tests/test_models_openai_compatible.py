"""Any OpenAI-compatible endpoint: what each answer means, and that the key stays a secret."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from indic_persona_hub.errors import HubError, ModelError
from indic_persona_hub.models.caller import Caller
from indic_persona_hub.models.endpoint_errors import failure_of, retry_after_s
from indic_persona_hub.models.failures import BadRowError, BusyError
from indic_persona_hub.models.journal import Journal
from indic_persona_hub.models.openai_compatible import (
    OpenAICompatibleModel,
    proxy_for,
    reply_in,
)
from indic_persona_hub.models.scripted import ScriptedModel
from indic_persona_hub.models.settings import OpenAICompatibleSettings
from indic_persona_hub.models.socket import Message, Reply, Request
from indic_persona_hub.testing.conformance import check_language_model
from indic_persona_hub.testing.fault_server import FaultServer

SECRET = "sk-lab-7d1f0c55e2"
REQUEST = Request(
    (Message("user", "Passage: बाज़ार में अदरक बिकता है।"),), 80, 0.9, 0.95, 0.08, ("\n\n",), seed=5
)


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("LAB_KEY", SECRET)
    return SECRET


def asked_of(server: FaultServer, **changes: object) -> OpenAICompatibleSettings:
    plain = {"base_url": server.base_url, "model": "scripted", "timeout_s": 5}
    return OpenAICompatibleSettings.model_validate(plain | changes)


def answer_of(settings: OpenAICompatibleSettings, request: Request = REQUEST) -> Reply:
    async def ask() -> Reply:
        model = OpenAICompatibleModel(settings)
        try:
            return await model.complete(request)
        finally:
            await model.close()

    return asyncio.run(ask())


def failing(settings: OpenAICompatibleSettings, request: Request = REQUEST) -> Exception:
    with pytest.raises((ModelError, BadRowError)) as failed:
        answer_of(settings, request)
    return failed.value


def test_it_passes_the_conformance_suite(key: str) -> None:
    with FaultServer(key=key) as server:
        model = OpenAICompatibleModel(asked_of(server, api_key_env="LAB_KEY"))
        check_language_model(model, deterministic=True)


def test_the_reply_and_its_counts_come_through() -> None:
    with FaultServer() as server:
        reply = answer_of(asked_of(server))
    alone = asyncio.run(ScriptedModel().complete(REQUEST))
    assert reply.latency_s > 0
    assert replace(reply, latency_s=0.0) == alone


def test_a_schema_is_sent_unless_the_settings_say_no() -> None:
    class Shape(BaseModel):
        persona: str

    request = replace(REQUEST, json_schema=Shape.model_json_schema(), max_tokens=200)
    with FaultServer(refuses=("response_format",)) as server:
        refused = failing(asked_of(server), request)
        assert isinstance(refused, ModelError)
        assert "json_schema: false" in refused.cure
        assert answer_of(asked_of(server, json_schema=False), request).text
    with FaultServer() as server:
        assert json.loads(answer_of(asked_of(server), request).text).keys() == {"persona"}


def test_an_endpoint_that_does_not_know_min_p_says_so_in_the_cure() -> None:
    with FaultServer(refuses=("min_p",)) as server:
        refused = failing(asked_of(server))
        assert isinstance(refused, ModelError)
        assert (refused.retry, "send_min_p: false" in refused.cure) == (False, True)
        assert answer_of(asked_of(server, send_min_p=False)).text


def test_a_prompt_that_is_too_long_is_a_bad_row() -> None:
    with FaultServer(context_characters=10) as server:
        refused = failing(asked_of(server))
    assert isinstance(refused, BadRowError)
    assert refused.reason == "bad_request"
    assert "maximum context length" in refused.detail


@pytest.mark.parametrize("fault", ["busy", "error", "reset", "stall", "page", "apology", "cut"])
def test_what_may_pass_is_worth_another_try(fault: str) -> None:
    with FaultServer(faults={fault: 1.0}, retry_after_s=2) as server:
        failed = failing(asked_of(server, timeout_s=0.3))
    assert isinstance(failed, ModelError)
    assert failed.retry
    if fault == "busy":
        assert isinstance(failed, BusyError)
        assert failed.retry_after_s == 2
    if fault == "page":
        assert "Bad gateway" in failed.message
        assert "<" not in failed.message


def test_nobody_at_the_address_is_worth_another_try() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    there = OpenAICompatibleSettings(base_url=f"http://127.0.0.1:{port}/v1", model="m")
    failed = failing(there)
    assert isinstance(failed, ModelError)
    assert failed.retry
    assert "base_url" in failed.cure


def test_a_wrong_model_is_final() -> None:
    with FaultServer() as server:
        failed = failing(asked_of(server, model="qwen-9000"))
    assert isinstance(failed, ModelError)
    assert not failed.retry
    assert "qwen-9000" in failed.cure


def test_a_missing_key_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_SUCH_KEY", raising=False)
    with pytest.raises(ModelError, match="NO_SUCH_KEY") as missing:
        OpenAICompatibleModel(
            OpenAICompatibleSettings(
                base_url="https://llm.example/v1", model="m", api_key_env="NO_SUCH_KEY"
            )
        )
    assert not missing.value.retry


def test_the_key_is_nowhere_but_in_the_header(
    key: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    path = tmp_path / "journal.sqlite"
    said: list[str] = []
    with FaultServer(key="another", refuses=()) as server, Journal(path) as journal:
        model = OpenAICompatibleModel(asked_of(server, api_key_env="LAB_KEY"))
        caller = Caller(model, journal, timeout_s=5, attempts=2)
        with pytest.raises(ModelError) as refused:  # the server repeats the key that it was given
            caller.ask_all([REQUEST])
        said += [repr(refused.value), str(refused.value), repr(model), repr(vars(refused.value))]
        assert "[key]" in refused.value.message
        assert "LAB_KEY" in refused.value.cure
        caller.close()
    with FaultServer(key=key, faults={"error": 0.3}) as server, Journal(path) as journal:
        settings = asked_of(server, api_key_env="LAB_KEY")
        caller = Caller(OpenAICompatibleModel(settings), journal, timeout_s=5, attempts=4)
        answers = caller.ask_all([replace(REQUEST, seed=seed) for seed in range(20)])
        said += [repr(answers), repr(settings), settings.model_dump_json()]
        caller.close()
        on_disk = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert len(on_disk) > 10_000
    assert SECRET.encode() not in on_disk
    assert SECRET not in "".join(said) + caplog.text


SETTINGS = OpenAICompatibleSettings(base_url="https://llm.example/v1", model="m")


@given(
    status=st.integers(200, 599),
    body=st.one_of(st.binary(), st.just(b"[" * 200_000), st.text().map(str.encode)),
    retry_after=st.one_of(st.text(), st.just("Wed, 21 Oct 2099 07:28:00 GMT"), st.just("7")),
)
def test_any_failed_answer_is_an_error_that_says_what_to_do(
    status: int, body: bytes, retry_after: str
) -> None:
    failed = failure_of(status, {"retry-after": retry_after}, body, SETTINGS, SECRET)
    if isinstance(failed, HubError):
        assert failed.cure
        assert failed.retry == (status in (200, 408, 409, 425, 429) or (status >= 500)), (
            "only what may pass is tried again"
        )
    else:
        assert status in (400, 413, 422)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"choices": []}',
        b'{"choices": [{"message": {"content": 7}}]}',
        b'{"choices": [{"message": {"content": "x"}}], "usage": {"prompt_tokens": "many"}}',
        b'{"choices": [{"message": {"content": "x"}}], "usage": 3}',
        b'{"error": {"message": "overloaded"}}',
        b"[" * 100_000,
        b'{"choices": [{"mess',
    ],
)
def test_what_is_no_chat_completion_is_no_reply(body: bytes) -> None:
    assert reply_in(body, 0.1) is None


def test_odd_but_usual_replies_are_understood() -> None:
    def body(content: object, finish: object, usage: object = None) -> bytes:
        choice = {"message": {"content": content}, "finish_reason": finish}
        return json.dumps({"choices": [choice], "usage": usage}).encode()

    assert reply_in(body(None, "stop"), 0.1) == Reply("", "stop", 0, 0, 0, 0.1)
    assert reply_in(body("x", None), 0.1) == Reply("x", "error", 0, 0, 0, 0.1)
    cached = {"prompt_tokens": 9, "prompt_tokens_details": None, "completion_tokens": 2}
    assert reply_in(body("x", "length", cached), 0.1) == Reply("x", "length", 9, 0, 2, 0.1)
    with pytest.raises(BadRowError, match="content filter"):
        reply_in(body("", "content_filter"), 0.1)


def test_retry_after_is_seconds_or_a_date() -> None:
    assert retry_after_s({"retry-after": "1.5"}) == 1.5
    assert retry_after_s({"retry-after": "-3"}) == 0
    assert (retry_after_s({"retry-after": "Wed, 21 Oct 2099 07:28:00 GMT"}) or 0) > 1e6
    assert retry_after_s({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}) == 0
    assert retry_after_s({"retry-after": "soon"}) is None
    assert retry_after_s({"retry-after": "nan"}) is None
    assert retry_after_s({}) is None


def test_the_proxy_of_the_environment_is_used_but_not_for_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.lab:3128")
    monkeypatch.setenv("http_proxy", "http://proxy.lab:3128")
    monkeypatch.setenv("no_proxy", "gpu.lab")
    assert proxy_for("https://llm.example/v1") == "http://proxy.lab:3128"
    assert proxy_for("http://gpu.lab:8000/v1") is None
    assert proxy_for("http://127.0.0.1:8000/v1") is None
    assert proxy_for("http://localhost:8000/v1") is None


@pytest.fixture(autouse=True)
def _no_session_left(recwarn: pytest.WarningsRecorder) -> Iterator[None]:
    yield
    assert not [one for one in recwarn if "Unclosed" in str(one.message)]
