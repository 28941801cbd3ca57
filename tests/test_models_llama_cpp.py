"""llama.cpp in this process, and the same weights behind its HTTP server.

The tiny model is always there; the weights of the catalogue are tested where they were fetched.
"""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from indic_persona_hub.errors import ModelError
from indic_persona_hub.models.endpoint.openai_compatible import OpenAICompatibleModel
from indic_persona_hub.models.failures import BadRowError
from indic_persona_hub.models.local.llama_cpp import LlamaCppModel
from indic_persona_hub.models.local.weights import CATALOGUE, cache_folder
from indic_persona_hub.models.settings import LlamaCppSettings, OpenAICompatibleSettings
from indic_persona_hub.models.socket import Message, Reply, Request
from indic_persona_hub.testing.conformance import check_language_model
from tiny_gguf import write_tiny_gguf

pytest.importorskip("xllamacpp")

SCHEMA = {
    "type": "object",
    "properties": {"persona": {"type": "string"}, "age": {"type": "integer"}},
    "required": ["persona", "age"],
    "additionalProperties": False,
}
REQUEST = Request(
    (Message("system", "You imagine people. " * 8), Message("user", "A person of Koraput?")),
    max_tokens=24,
    temperature=0.9,
    top_p=0.95,
    min_p=0.0,
    stop=(),
    seed=3,
)
SERVE = """
import sys, xllamacpp
params = xllamacpp.CommonParams()
params.model.path = sys.argv[1]
params.n_parallel, params.n_ctx = 4, 4 * 1024
params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
params.verbosity, params.fit_params, params.ui = -1, False, False
server = xllamacpp.Server(params)
print(server.listening_address, flush=True)
sys.stdin.read()
"""
OPEN = """
import sys
from indic_persona_hub.models.local.llama_cpp import LlamaCppModel
from indic_persona_hub.models.settings import LlamaCppSettings
settings = LlamaCppSettings(weights=sys.argv[1], threads=1)
model = LlamaCppModel(settings, print, lambda done, whole: None)
print("open", flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_gguf(tmp_path_factory.mktemp("weights") / "tiny.gguf")


@pytest.fixture(scope="module")
def tiny_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_gguf(tmp_path_factory.mktemp("weights") / "tiny-base.gguf", chats=False)


def opened(weights: Path | str, slots: int = 4) -> LlamaCppModel:
    settings = LlamaCppSettings(weights=str(weights), slots=slots, threads=1, context_tokens=512)
    return LlamaCppModel(settings, print, lambda done, whole: None)


def answers_of(weights: Path, *requests: Request, slots: int = 4) -> list[Reply]:
    async def ask() -> list[Reply]:
        model = opened(weights, slots)
        try:
            return await asyncio.gather(*map(model.complete, requests))
        finally:
            await model.close()

    return asyncio.run(ask())


@contextmanager
def served(weights: Path, api: Literal["chat", "completions"]) -> Iterator[OpenAICompatibleModel]:
    """The weights behind llama.cpp's own HTTP server, in a process that ends with this block."""
    command = [sys.executable, "-c", SERVE, str(weights)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        address = server.stdout.readline().strip()
        yield OpenAICompatibleModel(
            OpenAICompatibleSettings(
                base_url=f"{address}/v1", model=weights.stem, concurrency=4, api=api, licence="MIT"
            )
        )
        server.stdin.close()


def test_it_passes_the_conformance_suite(tiny: Path) -> None:
    check_language_model(opened(tiny), deterministic=False)


def test_a_base_model_passes_the_conformance_suite(tiny_base: Path) -> None:
    check_language_model(opened(tiny_base), deterministic=False)


def test_behind_its_http_server_it_passes_the_conformance_suite(tiny: Path) -> None:
    # For a schema, that server takes noise that fits it for a fault of its own and answers 500.
    with served(tiny, "chat") as model:
        check_language_model(model, deterministic=False, follows_schema=False)


def test_a_base_model_behind_its_http_server_passes_too(tiny_base: Path) -> None:
    # Its /completions pays no heed to a schema in OpenAI's form.
    with served(tiny_base, "completions") as model:
        check_language_model(model, deterministic=False, follows_schema=False)


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_real_weights_answer_in_process_and_over_http(name: str) -> None:
    weights = cache_folder() / f"{name}.gguf"
    if not weights.is_file():
        pytest.skip("these weights were not fetched")
    asked = [
        replace(REQUEST, max_tokens=6, min_p=0.08),
        replace(REQUEST, max_tokens=48, min_p=0.08, json_schema=SCHEMA),
    ]
    replies = answers_of(weights, *asked)
    with served(weights, "chat") as model:
        replies += asyncio.run(gathered(model, asked))
    for sentence, fields in (replies[:2], replies[2:]):
        assert sentence.completion_tokens <= 6
        assert fields.text.lstrip().startswith("{")
        if fields.finish_reason == "stop":
            assert json.loads(fields.text).keys() == {"persona", "age"}


async def gathered(model: OpenAICompatibleModel, requests: list[Request]) -> list[Reply]:
    try:
        return await asyncio.gather(*map(model.complete, requests))
    finally:
        await model.close()


def test_choices_of_one_request_are_replies_of_their_own(tiny: Path) -> None:
    (reply,) = answers_of(tiny, replace(REQUEST, choices=5))
    texts = {reply.text, *(choice.text for choice in reply.others)}
    assert len(reply.others) == 4
    assert len(texts) == 5
    alone = answers_of(tiny, REQUEST)[0]
    assert reply.prompt_tokens == alone.prompt_tokens
    assert reply.completion_tokens > 2 * REQUEST.max_tokens


def test_the_shared_part_of_prompts_is_read_once_for_all_slots(tiny: Path) -> None:
    shared = sum(len(turn.content) for turn in REQUEST.messages[:-1])
    users = [Message("user", f"Person {number}?") for number in range(8)]
    requests = [replace(REQUEST, messages=(REQUEST.messages[0], user)) for user in users]
    for reply in answers_of(tiny, *requests):
        assert reply.cached_tokens >= shared
        assert reply.prompt_tokens - reply.cached_tokens < 40


def test_a_prompt_without_a_shared_part_in_between_costs_no_second_reading(tiny: Path) -> None:
    async def ask() -> list[Reply]:
        model = opened(tiny, slots=1)
        bare = replace(REQUEST, messages=(Message("user", "Who?"),))
        try:
            return [await model.complete(one) for one in (REQUEST, bare, REQUEST)]
        finally:
            await model.close()

    first, bare, again = asyncio.run(ask())
    assert bare.prompt_tokens < 40
    assert again.cached_tokens >= first.cached_tokens > 100


def test_more_shared_parts_than_are_kept_are_answered_all_the_same(tiny: Path) -> None:
    systems = [Message("system", f"Rule {number}.") for number in range(40)]
    requests = [replace(REQUEST, messages=(one, REQUEST.messages[1])) for one in systems]
    assert len(answers_of(tiny, *requests)) == 40


@pytest.mark.parametrize("most", [1, 3, 9, 30])
def test_a_cut_reply_with_a_schema_says_that_it_was_cut(tiny: Path, most: int) -> None:
    cut = [replace(REQUEST, json_schema=SCHEMA, max_tokens=most, seed=seed) for seed in range(8)]
    for reply in answers_of(tiny, *cut):
        assert reply.finish_reason == "length" or json.loads(reply.text)


def test_json_comes_on_one_line(tiny: Path) -> None:
    asked = [replace(REQUEST, json_schema=SCHEMA, max_tokens=300, seed=seed) for seed in range(8)]
    for reply in answers_of(tiny, *asked):
        assert reply.text.startswith('{"persona": "')
        assert "\n" not in reply.text


def test_a_prompt_longer_than_the_context_is_a_bad_row(tiny: Path) -> None:
    long = replace(REQUEST, messages=(Message("user", "word " * 400),))
    with pytest.raises(BadRowError) as refused:
        answers_of(tiny, long)
    assert refused.value.reason == "bad_request"


def test_a_closed_model_answers_nothing(tiny: Path) -> None:
    async def ask() -> None:
        model = opened(tiny)
        await model.close()
        await model.complete(REQUEST)

    with pytest.raises(ModelError, match="closed"):
        asyncio.run(ask())


def test_a_cancelled_request_leaves_its_slot_free(tiny: Path) -> None:
    async def ask() -> Reply:
        model = opened(tiny, slots=1)
        try:
            calls = [asyncio.create_task(model.complete(REQUEST)) for _ in range(6)]
            await asyncio.sleep(0.01)
            for call in calls:
                call.cancel()
            await asyncio.gather(*calls, return_exceptions=True)
            return await model.complete(REQUEST)
        finally:
            await model.close()

    assert asyncio.run(ask()).completion_tokens > 0


def test_a_file_that_is_no_model_says_so(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.gguf"
    wrong.write_bytes(b"GGUF, but not really")
    with pytest.raises(ModelError) as failed:
        opened(wrong)
    assert "whole GGUF file" in failed.value.cure


def test_the_folder_of_a_killed_process_is_removed_by_the_next_model(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "t"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    process = subprocess.Popen(
        [sys.executable, "-c", OPEN, str(tiny)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        process.send_signal(signal.SIGKILL)
    assert len(list(temporary.glob("iph-*"))) == 1
    subprocess.run([sys.executable, "-c", OPEN, str(tiny)], input="", check=True, text=True)
    assert list(temporary.glob("iph-*")) == []
