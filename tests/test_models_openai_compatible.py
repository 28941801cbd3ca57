"""Any OpenAI-compatible endpoint as a model: against a provider that answers well and badly."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import traceback
from collections.abc import Iterator
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path

import pytest
from pydantic import BaseModel

from indic_persona_hub.errors import ModelError
from indic_persona_hub.models.endpoint.openai_compatible import OpenAICompatibleModel
from indic_persona_hub.models.failures import BadRowError, BusyError, EndpointError
from indic_persona_hub.models.scripted import ScriptedModel
from indic_persona_hub.models.settings import Endpoint, OpenAICompatibleSettings, open_model
from indic_persona_hub.models.socket import Message, Reply, Request
from indic_persona_hub.testing.conformance import check_language_model
from indic_persona_hub.testing.provider import Provider
from indic_persona_hub.testing.provider.faults import FAULTS
from raw_server import RawServer, Says, answer

SECRET = "sk-lab-7d1f0c55e2"
REQUEST = Request(
    (Message("user", "Passage: बाज़ार में अदरक बिकता है।"),), 80, 0.9, 0.95, 0.08, ("\n\n",), seed=5
)


class Shape(BaseModel):
    persona: str


STRUCTURED = replace(REQUEST, json_schema=Shape.model_json_schema(), max_tokens=200)


def says(whole: bytes) -> Says:
    return lambda request: [whole]


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("LAB_KEY", SECRET)
    return SECRET


def asked_of(server: Provider | RawServer, **changes: object) -> OpenAICompatibleSettings:
    plain = {"base_url": server.base_url, "model": "scripted", "timeout_s": 5}
    return OpenAICompatibleSettings.model_validate(plain | changes)


def answer_of(
    settings: OpenAICompatibleSettings,
    request: Request = REQUEST,
    endpoint: Endpoint | None = None,
) -> Reply:
    async def ask() -> Reply:
        model = OpenAICompatibleModel(settings, endpoint)
        try:
            return await model.complete(request)
        finally:
            await model.close()

    return asyncio.run(ask())


def failing(
    settings: OpenAICompatibleSettings, request: Request = REQUEST
) -> ModelError | BadRowError:
    with pytest.raises((ModelError, BadRowError)) as failed:
        answer_of(settings, request)
    assert isinstance(failed.value, ModelError | BadRowError)
    return failed.value


@pytest.mark.parametrize("api", ["chat", "completions"])
@pytest.mark.parametrize("named", [{}, {"api_key_env": "LAB_KEY"}])
def test_it_passes_the_conformance_suite(key: str, api: str, named: dict[str, str]) -> None:
    with Provider(key=key if named else None) as server:
        model = OpenAICompatibleModel(asked_of(server, api=api, **named))
        check_language_model(model, deterministic=True)


def test_the_reply_and_its_counts_come_through() -> None:
    with Provider() as server:
        reply = answer_of(asked_of(server))
    alone = asyncio.run(ScriptedModel().complete(REQUEST))
    assert reply.latency_s > 0
    assert replace(reply, latency_s=0.0) == alone


def test_several_choices_cost_one_prompt() -> None:
    with Provider() as server:
        one = answer_of(asked_of(server))
        three = answer_of(asked_of(server), replace(REQUEST, choices=3))
        ledger = server.ledger()
    assert three.text == one.text
    assert len(three.others) == 2
    assert three.prompt_tokens == one.prompt_tokens
    assert ledger["prompt_tokens"] == 2 * one.prompt_tokens
    assert ledger["completion_tokens"] == one.completion_tokens + three.completion_tokens


def test_a_call_is_known_by_a_key_that_depends_on_the_request_alone() -> None:
    with Provider() as server:
        for seed in (5, 6):
            for affinity in ("", "another"):
                asked = replace(REQUEST, seed=seed, affinity=affinity)
                answer_of(asked_of(server, timeout_s=3 + seed, concurrency=seed), asked)
        keys = [call.key for call in server.calls]
    assert keys[0] == keys[1] != keys[2] == keys[3]
    with RawServer(says(answer(b"{}"))) as raw:
        failing(asked_of(raw))
        head, body = raw.requests[0].split(b"\r\n\r\n")
    assert f"Idempotency-Key: {blake2b(body, digest_size=16).hexdigest()}".encode() in head


def test_each_endpoint_has_its_own_address_and_key(
    key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTHER_KEY", "sk-other-000111222")
    file = tmp_path / "key"
    file.write_text("sk-file-333444555\n")
    with (
        Provider(key=key) as own,
        Provider(key="sk-other-000111222") as other,
        Provider(key="sk-file-333444555") as third,
    ):
        settings = asked_of(
            own,
            api_key_env="LAB_KEY",
            endpoints=[
                {"base_url": other.base_url, "api_key_env": "OTHER_KEY"},
                {"base_url": third.base_url, "api_key_file": str(file)},
            ],
        )
        models = open_model(settings, print, lambda done, of: None, folder=tmp_path)
        assert [model.name for model in models] == ["scripted"] * 3

        async def use() -> list[Reply]:
            replies = [await model.complete(REQUEST) for model in models]
            for model in models:
                await model.close()
            return replies

        assert len({reply.text for reply in asyncio.run(use())}) == 1
        assert [len(server.calls) for server in (own, other, third)] == [1, 1, 1]


def test_a_schema_is_sent_unless_the_settings_say_no() -> None:
    with Provider(refuses=("response_format",)) as server:
        refused = failing(asked_of(server), STRUCTURED)
        assert isinstance(refused, ModelError)
        assert "reply_format: json_object or none" in refused.cure
        assert answer_of(asked_of(server, reply_format="none"), STRUCTURED).text
        assert answer_of(asked_of(server, reply_format="guided_json"), STRUCTURED).text
    with Provider() as server:
        reply = answer_of(asked_of(server), STRUCTURED)
        assert json.loads(reply.text).keys() == {"persona"}
        any_json = answer_of(asked_of(server, reply_format="json_object"), STRUCTURED)
        assert isinstance(json.loads(any_json.text), dict)


def test_an_endpoint_that_does_not_know_min_p_says_so_in_the_cure() -> None:
    with Provider(refuses=("min_p",)) as server:
        refused = failing(asked_of(server))
        assert isinstance(refused, ModelError)
        assert (refused.retry, "send_min_p: false" in refused.cure) == (False, True)
        assert answer_of(asked_of(server, send_min_p=False)).text


def test_a_prompt_that_is_too_long_is_a_bad_row() -> None:
    with Provider(context_characters=10) as server:
        refused = failing(asked_of(server))
    assert isinstance(refused, BadRowError)
    assert refused.reason == "bad_request"
    assert "maximum context length" in refused.detail


def test_a_refusal_in_its_own_field_is_a_reply_that_is_paid_for() -> None:
    message = {"role": "assistant", "content": None, "refusal": "I can't help with that."}
    body = json.dumps({"choices": [{"message": message, "finish_reason": "stop"}]}).encode()
    with RawServer(says(answer(body))) as server:
        refused = answer_of(asked_of(server))
    assert (refused.finish_reason, refused.text) == ("refusal", "I can't help with that.")


#: Kind and `may_be_billed` of each fault; null where the answer is whole.
MEANINGS = {
    "rate_limited": ("rate_limited", False),
    "rate_limited_bare": ("rate_limited", False),
    "error_500": ("500", False),
    "bad_gateway": ("502", False),
    "unavailable": ("overloaded", False),
    "overloaded": ("overloaded", False),
    "reset": ("reset", True),
    "stall": ("timeout", True),
    "slow_drip": None,
    "half_closed": ("cut_answer", True),
    "html_page": ("html_page", False),
    "error_body": ("error_body", False),
    "truncated_json": ("cut_answer", True),
    "invalid_json": ("not_json", True),
    "refusal": None,
    "empty": None,
}


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_has_its_meaning(fault: str) -> None:
    meaning = MEANINGS[fault]
    with Provider(faults={fault: 1.0}, retry_after_s=2) as server:
        if meaning is None:
            assert answer_of(asked_of(server)).finish_reason == "stop"
            return
        failed = failing(asked_of(server, timeout_s=0.3 if fault == "stall" else 5))
        billed = server.ledger()["billed_calls"]
    assert isinstance(failed, EndpointError)
    assert failed.retry
    assert (failed.kind, failed.may_be_billed) == meaning
    assert failed.may_be_billed or not billed, "what is billed is never thought to be free"
    if isinstance(failed, BusyError):
        assert failed.retry_after_s == (2 if fault == "rate_limited" else None)
    if fault == "html_page":
        assert "Sign in" in failed.message
        assert "<" not in failed.message


def test_a_slow_drip_that_is_too_slow_is_cut() -> None:
    with Provider(faults={"slow_drip": 1.0}) as server:
        failed = failing(asked_of(server, timeout_s=0.4))
        assert isinstance(failed, EndpointError)
        assert (failed.kind, failed.may_be_billed) == ("timeout", True)
        assert answer_of(asked_of(server, first_byte_timeout_s=0.4)).text


def test_silence_has_a_timeout_of_its_own() -> None:
    with Provider(latency_s=0.5) as server:
        failed = failing(asked_of(server, first_byte_timeout_s=0.1))
    assert isinstance(failed, EndpointError)
    assert failed.kind == "first_byte_timeout"


def test_a_cancelled_call_is_not_billed() -> None:
    async def ask(server: Provider) -> None:
        model = OpenAICompatibleModel(asked_of(server))
        calls = [asyncio.create_task(model.complete(replace(REQUEST, seed=n))) for n in range(8)]
        while len(server.calls) < 8:
            await asyncio.sleep(0.01)
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)
        await asyncio.sleep(0.7)
        await model.close()

    with Provider(latency_s=0.5) as server:
        asyncio.run(ask(server))
        assert server.ledger()["billed_calls"] == 0


def test_nobody_at_the_address_is_worth_another_try() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    there = OpenAICompatibleSettings(base_url=f"http://127.0.0.1:{port}/v1", model="m")
    failed = failing(there)
    assert isinstance(failed, EndpointError)
    assert (failed.kind, failed.retry, failed.may_be_billed) == ("connect", True, False)
    assert "base_url" in failed.cure


def test_a_wrong_model_is_final() -> None:
    with Provider() as server:
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


@pytest.mark.parametrize("source", ["env", "file"])
def test_the_key_is_nowhere_but_in_the_header(
    source: str, key: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    (tmp_path / "key").write_text(key)
    file = str(tmp_path / "key")
    named = {"api_key_env": "LAB_KEY"} if source == "env" else {"api_key_file": file}
    said: list[str] = []

    def note(failed: BaseException) -> None:
        said.extend(traceback.format_exception(failed))
        said.extend([repr(failed), str(failed), repr(failed.__dict__)])
        said.extend(repr(one) for one in (failed.__cause__, failed.__context__))

    with Provider(key="another") as server:  # it repeats the key that it was given
        refused = failing(asked_of(server, **named))
        assert isinstance(refused, ModelError)
        assert "[key]" in refused.message
        assert named[f"api_key_{source}"] in refused.cure
        note(refused)
    for fault in FAULTS:
        if MEANINGS[fault] is not None:
            with Provider(key=key, faults={fault: 1.0}) as server:
                note(failing(asked_of(server, timeout_s=0.2, **named)))
    for body in (key.encode(), f'{{"error": "{key}"}}'.encode(), f"<p>{key}".encode(), b"\0" * 9):
        for status in ("200 OK", "400 Bad", "500 Down"):
            with RawServer(says(answer(body, status))) as raw:
                note(failing(asked_of(raw, **named)))
    with Provider(key=key) as server:
        settings = asked_of(server, **named)
        model = OpenAICompatibleModel(settings)
        check_language_model(model, deterministic=True)
        said += [repr(model), repr(vars(model)), repr(settings), settings.model_dump_json()]
    assert len(said) > 100
    assert not any(key in text or key[:8] in text for text in said)
    assert key not in caplog.text


@pytest.fixture(autouse=True)
def _nothing_is_left_open(recwarn: pytest.WarningsRecorder) -> Iterator[None]:
    yield
    assert not [str(one.message) for one in recwarn if one.category is ResourceWarning]
