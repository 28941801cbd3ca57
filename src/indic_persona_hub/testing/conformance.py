"""What every language model plug must do. `check_language_model` raises `AssertionError` if not.

The functions know no test framework: call them from pytest, unittest or a script.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from indic_persona_hub.models.socket import LanguageModel, Message, Reply, Request

_STOP: Final = " and "


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")

    persona: str
    domain_label: str


_REQUEST: Final = Request(
    messages=(
        Message("system", "You imagine people of India. Reply with one sentence about one person."),
        Message(
            "user",
            "Passage: The weekly haat at Koraput sells ginger and turmeric until dusk."
            "\nWhere nothing speaks against it, begin with: A 52-year-old",
        ),
    ),
    max_tokens=64,
    temperature=0.9,
    top_p=0.95,
    min_p=0.08,
    stop=(),
    seed=11,
)


def check_language_model(
    model: LanguageModel, *, deterministic: bool, follows_schema: bool = True
) -> None:
    """Run every check on `model`, then close it.

    Args:
        model: A fresh plug that no other event loop has used.
        deterministic: The same request gets the same reply.
        follows_schema: Replies fit the request's JSON schema.

    Raises:
        AssertionError: With what the plug does wrong.
    """
    asyncio.run(_check(model, deterministic, follows_schema))


async def _check(model: LanguageModel, deterministic: bool, follows_schema: bool) -> None:
    try:
        check_description(model)
        await check_reply(model)
        await check_max_tokens(model)
        await check_stop(model)
        await check_concurrency(model, deterministic=deterministic)
        if deterministic:
            await check_repeats(model)
        if follows_schema:
            await check_schema(model)
    finally:
        await model.close()
    await model.close()  # closing twice is no error


def check_description(model: LanguageModel) -> None:
    """The plug has a name and a licence, and can do at least one thing at a time."""
    assert model.name.strip(), "name is empty"
    assert model.licence.strip(), "licence is empty; say 'unknown'"
    assert model.concurrency >= 1, f"concurrency is {model.concurrency}"


async def check_reply(model: LanguageModel) -> None:
    """Replies have a text, a known finish reason and plausible counts."""
    for seed in range(4):
        reply = await model.complete(replace(_REQUEST, seed=seed))
        _check_form(reply)
    assert reply.prompt_tokens > 0, "prompt_tokens is not counted"


async def check_max_tokens(model: LanguageModel) -> None:
    """No reply is longer than asked for, and a cut one says so."""
    replies = [
        await model.complete(replace(_REQUEST, seed=seed, max_tokens=6)) for seed in range(4)
    ]
    for reply in replies:
        _check_form(reply)
        assert reply.completion_tokens <= 6, f"{reply.completion_tokens} tokens of at most 6"
    cut = [reply.finish_reason == "length" for reply in replies]
    assert any(cut), "no reply of 6 tokens says that it was cut"


async def check_stop(model: LanguageModel) -> None:
    """A stop word ends the reply and is no part of it."""
    for seed in range(4):
        reply = await model.complete(replace(_REQUEST, seed=seed, stop=(_STOP,)))
        assert _STOP not in reply.text, f"the stop word is in {reply.text!r}"


async def check_repeats(model: LanguageModel) -> None:
    """The same request gets the same text; `affinity` changes nothing."""
    first = await model.complete(_REQUEST)
    again = await model.complete(replace(_REQUEST, affinity="another"))
    assert again.text == first.text, "the same request got another reply"


async def check_concurrency(model: LanguageModel, *, deterministic: bool) -> None:
    """More requests at once than `concurrency` are all answered, each with its own reply."""
    requests = [replace(_REQUEST, seed=seed) for seed in range(min(model.concurrency, 16) + 3)]
    replies = await asyncio.gather(*map(model.complete, requests))
    for reply in replies:
        _check_form(reply)
    if deterministic:
        alone = await model.complete(requests[-1])
        assert alone.text == replies[-1].text, "requests at once got each other's replies"


async def check_schema(model: LanguageModel) -> None:
    """Most replies that end by themselves fit the JSON schema that was asked for."""
    schema = _Shape.model_json_schema()
    asked = replace(_REQUEST, json_schema=schema, max_tokens=256)
    replies = [await model.complete(replace(asked, seed=seed)) for seed in range(8)]
    bad = [reply.text for reply in replies if reply.finish_reason == "stop" and not _fits(reply)]
    assert len(bad) < len(replies) / 2, f"replies do not fit the schema: {bad[0]!r}"


def _fits(reply: Reply) -> bool:
    try:
        _Shape.model_validate(json.loads(reply.text))
    except (json.JSONDecodeError, ValidationError):
        return False
    return True


def _check_form(reply: Reply) -> None:
    assert isinstance(reply.text, str), f"text is {type(reply.text)}"
    assert reply.finish_reason in ("stop", "length", "refusal", "error"), f"{reply.finish_reason!r}"
    counts = (reply.prompt_tokens, reply.cached_tokens, reply.completion_tokens)
    assert all(isinstance(count, int) and count >= 0 for count in counts), f"counts {counts}"
    assert reply.cached_tokens <= reply.prompt_tokens, "more tokens cached than read"
    assert reply.latency_s >= 0, f"latency_s is {reply.latency_s}"
