"""OpenAI's JSON, both ways: what is sent for a request, and what is understood of an answer."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from indic_persona_hub.extract.passages import estimated_tokens as tokens_of_passage
from indic_persona_hub.models.endpoint.completion_replies import estimated_tokens, reply_in
from indic_persona_hub.models.endpoint.completion_requests import (
    RequestWriter,
    fits_strict,
    one_text,
)
from indic_persona_hub.models.failures import BadRowError
from indic_persona_hub.models.local.llama_cpp import _one_text as one_text_of_llama_cpp
from indic_persona_hub.models.settings import ReplyFormat
from indic_persona_hub.models.socket import Choice, Message, Reply, Request

REQUEST = Request(
    (Message("system", "One person."), Message("user", 'बाज़ार में "अदरक"\n😀')),
    80, 0.9, 0.95, 0.08, ("\n\n",), seed=5,
)  # fmt: skip
SCHEMA = {"type": "object", "properties": {"persona": {"type": "string"}}}

TEXTS = st.text(st.characters(codec="utf-8"), max_size=40)
MESSAGES = st.lists(
    st.builds(Message, st.sampled_from(["system", "user", "assistant"]), TEXTS), max_size=5
).map(tuple)
REQUESTS = st.builds(
    Request,
    messages=MESSAGES,
    max_tokens=st.integers(1, 9000),
    temperature=st.floats(0, 2),
    top_p=st.floats(0, 1),
    min_p=st.sampled_from([0, 0.0, 0.08]),
    stop=st.lists(TEXTS, max_size=2).map(tuple),
    seed=st.integers(0, 2**31 - 1),
    json_schema=st.sampled_from([None, SCHEMA]),
    choices=st.integers(1, 3),
    affinity=TEXTS,
)


def writer(
    api: Literal["chat", "completions"] = "chat",
    reply_format: ReplyFormat = "json_schema",
    send_min_p: bool = True,
) -> RequestWriter:
    return RequestWriter("m", api=api, reply_format=reply_format, send_min_p=send_min_p)


def sent(request: Request = REQUEST, **how: Any) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(writer(**how).body(request))
    return body


# Requests


@given(REQUESTS)
def test_a_chat_request_says_all_of_it(request: Request) -> None:
    expected: dict[str, Any] = {
        "model": "m",
        "messages": [{"role": role, "content": text} for role, text in request.messages],
        "max_tokens": request.max_tokens,
        "temperature": request.temperature,
        "top_p": request.top_p,
        "min_p": request.min_p,
        "seed": request.seed,
    }
    expected |= {"stop": list(request.stop)} if request.stop else {}
    expected |= {"n": request.choices} if request.choices > 1 else {}
    if request.json_schema is not None:
        named = {"name": "reply", "schema": SCHEMA}
        expected["response_format"] = {"type": "json_schema", "json_schema": named}
    assert sent(request) == expected


@given(REQUESTS, REQUESTS)
def test_equal_requests_are_sent_as_equal_bytes(request: Request, other: Request) -> None:
    write = writer()
    first = write.body(request)
    write.body(other)
    whole = replace(request, temperature=int(request.temperature), affinity="another")
    assert write.body(whole) == writer().body(whole)
    schema = None if request.json_schema is None else dict(request.json_schema)
    again = replace(request, json_schema=schema, affinity="another", min_p=float(request.min_p))
    assert write.body(again) == first


def test_what_an_endpoint_does_not_know_is_left_out() -> None:
    assert "min_p" not in sent(send_min_p=False)
    plain = replace(REQUEST, stop=())
    assert not {"stop", "n", "response_format"} & sent(plain).keys()


def test_a_schema_is_sent_as_the_endpoint_wants_it() -> None:
    request = replace(REQUEST, json_schema=SCHEMA)
    plain = sent(REQUEST).keys()

    def added(form: ReplyFormat) -> dict[str, Any]:
        body = sent(request, reply_format=form)
        return {name: body[name] for name in body.keys() - plain}

    named = {"name": "reply", "schema": SCHEMA}
    assert added("json_schema") == {
        "response_format": {"type": "json_schema", "json_schema": named}
    }
    assert added("json_object") == {"response_format": {"type": "json_object"}}
    assert added("guided_json") == {"guided_json": SCHEMA, "structured_outputs": {"json": SCHEMA}}
    assert added("none") == {}


class _Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")

    age: int | None


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid")

    persona: str
    inner: list[_Inner]


class _WithDefault(BaseModel):
    model_config = ConfigDict(extra="forbid")

    persona: str = ""


class _Open(BaseModel):
    persona: str


def test_strict_is_asked_for_where_openai_takes_the_schema() -> None:
    assert fits_strict(_Closed.model_json_schema())
    for model in (_WithDefault, _Open):
        assert not fits_strict(model.model_json_schema())
    assert not fits_strict({"anyOf": [_Closed.model_json_schema()]})
    request = replace(REQUEST, json_schema=_Closed.model_json_schema())
    assert sent(request)["response_format"]["json_schema"]["strict"] is True


def test_each_of_many_schemas_is_sent_with_its_own_request() -> None:
    write = writer()
    for name in map(str, range(100)):
        schema = {"type": "object", "properties": {name: {"type": "string"}}}
        body = json.loads(write.body(replace(REQUEST, json_schema=schema)))
        assert body["response_format"]["json_schema"]["schema"] == schema


def test_a_base_model_goes_on_with_the_turns_as_one_text_to_the_end_of_a_line() -> None:
    body = sent(api="completions")
    assert "messages" not in body
    assert body["prompt"] == 'One person.\n\nबाज़ार में "अदरक"\n😀\n'
    assert body["stop"] == ["\n\n", "\n"]
    structured = sent(replace(REQUEST, json_schema=SCHEMA), api="completions")
    assert structured["stop"] == ["\n\n"], "JSON may hold line ends"


@given(MESSAGES)
def test_one_text_is_that_of_the_runtime_in_this_process(messages: tuple[Message, ...]) -> None:
    assert one_text(messages) == one_text_of_llama_cpp(messages)


def test_half_a_surrogate_pair_is_sent_as_a_question_mark() -> None:
    request = replace(REQUEST, messages=(Message("user", "a\ud83d"),))
    assert sent(request)["messages"][0]["content"] == "a?"


# Replies


def chat(content: object, finish: object = "stop", **more: Any) -> bytes:
    usage = more.pop("usage", {"prompt_tokens": 9, "completion_tokens": 4})
    choice = {"message": {"role": "assistant", "content": content, **more}, "finish_reason": finish}
    return json.dumps({"choices": [choice], "usage": usage}).encode()


def reply(text: str, finish: Any = "stop", cached: int = 0, reasoning: int = 0) -> Reply:
    return Reply(text, finish, 9, cached, 4, 0.1, reasoning)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"choices": []}',
        b'{"choices": null}',
        b'{"choices": [null]}',
        b'{"choices": [{"message": {"content": 7}}]}',
        b'{"choices": [{"message": {"content": ["x"]}}]}',
        b'{"choices": [{"message": {"content": [{"type": "text"}]}}]}',
        b'{"choices": [{"message": "x"}]}',
        b'{"choices": [{"text": 7}]}',
        b'{"choices": [{"finish_reason": "stop"}]}',
        b'{"error": {"message": "overloaded"}}',
        b"[" * 100_000,
        b'{"choices": [{"mess',
        b'\xff{"choices": []}',
    ],
)
def test_what_is_no_completion_is_no_reply(body: bytes) -> None:
    assert reply_in(body, 0.1) is None


NAMES = (
    "choices message content text usage finish_reason refusal type prompt_tokens"
    " prompt_tokens_details".split()
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
ANY_JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(NAMES), inner),
    max_leaves=12,
)


@given(ANY_JSON)
def test_any_json_is_a_reply_or_none(value: Any) -> None:
    for answer in (
        value,
        {"choices": value},
        {"choices": [value]},
        {"choices": [{"message": value}]},
        {"choices": [{"text": "x"}], "usage": value},
    ):
        try:
            found = reply_in(json.dumps(answer).encode(), 0.1)
        except BadRowError:
            continue
        if found is not None:
            assert isinstance(found.text, str)
            assert 0 <= found.cached_tokens <= found.prompt_tokens
            assert 0 <= found.reasoning_tokens <= found.completion_tokens


def test_odd_but_usual_replies_are_understood() -> None:
    assert reply_in(chat("x"), 0.1) == reply("x")
    assert reply_in(chat(None), 0.1) == reply("")
    assert reply_in(chat("x", None), 0.1) == reply("x", "error")
    assert reply_in(chat("x", ["stop"]), 0.1) == reply("x", "error")
    assert reply_in(chat("x", "length"), 0.1) == reply("x", "length")
    calls = [{"type": "function", "function": {"name": "f", "arguments": "{}"}}]
    assert reply_in(chat(None, "tool_calls", tool_calls=calls), 0.1) == reply("", "error")
    parts = [
        {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]},
        {"type": "text", "text": "a "},
        {"type": "text", "text": "weaver"},
    ]
    assert reply_in(chat(parts), 0.1) == reply("a weaver")
    text = {"choices": [{"text": "a weaver", "finish_reason": "stop"}]}
    text["usage"] = {"prompt_tokens": 9, "completion_tokens": 4}  # type: ignore[assignment]
    assert reply_in(json.dumps(text).encode(), 0.1) == reply("a weaver")


@pytest.mark.parametrize("field", ["reasoning_content", "reasoning"])
def test_thinking_in_a_field_of_its_own_is_counted_and_no_part_of_the_text(field: str) -> None:
    thought: dict[str, Any] = {field: "a dozen letters."}
    assert reply_in(chat("x", **thought), 0.1) == reply("x", reasoning=4)
    stated = {
        "prompt_tokens": 9,
        "completion_tokens": 4,
        "completion_tokens_details": {"reasoning_tokens": 3},
    }
    assert reply_in(chat("x", usage=stated, **thought), 0.1) == reply("x", reasoning=3)
    cut = json.loads(chat("x", "length", **thought))
    del cut["choices"][0]["message"]["content"]
    assert reply_in(json.dumps(cut).encode(), 0.1) == reply("", "length", reasoning=4)


def test_a_refusal_by_the_filter_or_in_its_own_field_is_a_reply_that_says_so() -> None:
    for body, said in (
        (chat("", "content_filter"), "content filter"),
        (chat(None, refusal="I can't help."), "I can't help."),
        (chat([{"type": "refusal", "refusal": "No."}]), "No."),
    ):
        refused = reply_in(body, 0.1)
        assert refused is not None
        assert refused.finish_reason == "refusal"
        assert said in refused.text


def test_all_of_several_choices_are_kept_in_their_order() -> None:
    def body(*finishes: str) -> bytes:
        choices = [
            {"message": {"content": f"{place}"}, "finish_reason": finish}
            for place, finish in enumerate(finishes)
        ]
        usage = {"prompt_tokens": 9, "completion_tokens": 4}
        return json.dumps({"choices": choices, "usage": usage}).encode()

    three = reply_in(body("stop", "length", "stop"), 0.1)
    assert three == replace(reply("0"), others=(Choice("1", "length"), Choice("2", "stop")))
    filtered = reply_in(body("content_filter", "stop"), 0.1)
    assert filtered is not None
    assert (filtered.finish_reason, filtered.others) == ("refusal", (Choice("1", "stop"),))


def test_stated_tokens_are_taken_and_others_estimated() -> None:
    cached = {"prompt_tokens": 9, "completion_tokens": 4, "prompt_tokens_details": None}
    assert reply_in(chat("x", usage=cached), 0.1) == reply("x")
    cached["prompt_tokens_details"] = {"cached_tokens": 8}  # type: ignore[assignment]
    assert reply_in(chat("x", usage=cached), 0.1) == reply("x", cached=8)
    request = replace(REQUEST, messages=(Message("system", "a" * 40), Message("user", "अदरक" * 5)))
    odd = {"prompt_tokens": -1, "completion_tokens": True}
    for usage in (None, 3, {}, {"prompt_tokens": "many"}, odd):
        guessed = reply_in(chat("b" * 12, usage=usage), 0.1, request)
        assert guessed is not None
        assert (guessed.prompt_tokens, guessed.completion_tokens) == (30, 3)
    unasked = reply_in(chat("b" * 12, usage=None), 0.1)
    assert unasked is not None
    assert unasked.prompt_tokens == 0


@pytest.mark.parametrize(
    "text",
    [
        "A 52-year-old ginger trader who keeps the accounts of four villages in her head.",
        "कोरापुट के साप्ताहिक हाट में शाम तक अदरक और हल्दी बिकती है।",
        "கோராபுட் வாரச் சந்தையில் மாலை வரை இஞ்சியும் மஞ்சளும் விற்கப்படுகின்றன.",
    ],
)
def test_estimates_are_of_the_right_size_for_indic_text_too(text: str) -> None:
    assert 0.6 < estimated_tokens(text) / tokens_of_passage(text) < 1.4
    assert estimated_tokens("") == 0
    assert estimated_tokens("a") == 1
