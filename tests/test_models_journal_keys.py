"""Journal keys, and requests as the journal stores them."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indic_persona_hub.models.journal.keys import KeyMaker, journal_key, settings_text
from indic_persona_hub.models.journal.texts import Packer, unpack
from indic_persona_hub.models.socket import Message, Request

REQUEST = Request(
    messages=(Message("system", "You imagine people."), Message("user", "सब्ज़ी मंडी")),
    max_tokens=80,
    temperature=0.9,
    top_p=0.95,
    min_p=0.08,
    stop=("\n\n",),
    seed=7,
    json_schema={"type": "object", "properties": {"b": {}, "a": {}}},
)

roles = st.sampled_from(["system", "user", "assistant"])
any_text = st.text(st.characters(), max_size=40)  # half surrogate pairs, too
messages = st.lists(st.builds(Message, roles, any_text), max_size=5).map(tuple)
schemas = st.none() | st.dictionaries(any_text, st.integers() | any_text, max_size=3)
requests = st.builds(
    Request,
    messages=messages,
    max_tokens=st.integers(1, 8192),
    temperature=st.floats(0, 2),
    top_p=st.floats(0, 1),
    min_p=st.floats(0, 1),
    stop=st.lists(any_text, max_size=2).map(tuple),
    seed=st.integers(0, 2**64),
    json_schema=schemas,
    choices=st.integers(1, 8),
)


def key_of(request: Request) -> str:
    return journal_key("model", {}, request)


@given(st.lists(requests, min_size=1, max_size=6), st.data())
def test_any_request_is_stored_and_read_as_it_was(
    asked: list[Request], data: st.DataObject
) -> None:
    asked += data.draw(st.lists(st.sampled_from(asked), max_size=6))  # what comes again is shared
    packer, texts = Packer(), dict[str, str]()
    for request in asked:
        packed, shared = packer.pack(request)
        texts |= {text.digest.hex(): text.content for text in shared}
        "".join(texts.values()).encode()
        assert unpack(packed, texts.__getitem__) == request


@pytest.mark.parametrize(
    "change",
    [
        {"messages": (Message("user", "x"),)},
        {"messages": (Message("user", "You imagine people."), Message("user", "सब्ज़ी मंडी"))},
        {"messages": (Message("system", "You imagine people."), Message("user", "सब्जी मंडी"))},
        {"max_tokens": 81},
        {"temperature": 0.8},
        {"top_p": 0.9},
        {"min_p": 0.0},
        {"stop": ()},
        {"seed": 8},
        {"choices": 2},
        {"json_schema": None},
        {"json_schema": {"type": "object", "properties": {"a": {}, "b": {}}}},
    ],
)
def test_whatever_can_change_the_reply_changes_the_key(change: dict[str, object]) -> None:
    assert key_of(replace(REQUEST, **change)) != key_of(REQUEST)  # type: ignore[arg-type]


@given(requests, requests)
def test_requests_have_one_key_where_they_are_equal_and_two_where_not(
    one: Request, other: Request
) -> None:
    as_json = [json.dumps(request.json_schema) for request in (one, other)]
    equal = replace(one, affinity="") == replace(other, affinity="") and as_json[0] == as_json[1]
    assert (key_of(one) == key_of(other)) == equal
    for name, value in vars(other).items():
        changed = replace(one, **{name: value})
        same = name == "affinity" or json.dumps(value) == json.dumps(vars(one)[name])
        assert (key_of(changed) == key_of(one)) == same


def test_no_text_can_pass_for_several_turns() -> None:
    last = Message("user", "c")
    three = (Message("user", "a"), Message("user", "b"), last)
    two = (Message("user", "a4 userb"), last)
    assert len({key_of(replace(REQUEST, messages=turns)) for turns in (three, two)}) == 2
    other_roles = [(Message("user", "xa"),), (Message("userx", "a"),)]
    assert len({key_of(replace(REQUEST, messages=turns)) for turns in other_roles}) == 2


@given(messages)
def test_where_a_turn_ends_is_in_the_key(turns: tuple[Message, ...]) -> None:
    said = "".join(turn.role + turn.content for turn in turns)
    joined = replace(REQUEST, messages=(Message("user", said),))
    asked = replace(REQUEST, messages=turns)
    assert (key_of(asked) == key_of(joined)) == (turns == joined.messages)


def test_model_and_identity_are_in_the_key_and_affinity_is_not() -> None:
    assert key_of(replace(REQUEST, affinity="x")) == key_of(REQUEST)
    assert journal_key("other", {}, REQUEST) != key_of(REQUEST)
    assert journal_key("model", {"send_min_p": False}, REQUEST) != key_of(REQUEST)


def test_numbers_that_are_equal_have_one_key() -> None:
    keys = KeyMaker("model", {})
    whole = replace(REQUEST, temperature=1, min_p=0)
    assert keys.key(whole) == keys.key(replace(whole, temperature=1.0, min_p=0.0))
    first_met = replace(whole, max_tokens=4321)  # equal ones would find it in a cache
    assert '"temperature":1.0' in settings_text(first_met)


def test_a_schema_that_was_let_go_leaves_nothing_to_mistake() -> None:
    keys = KeyMaker("model", {})
    made = {keys.key(replace(REQUEST, json_schema={"title": str(n)})) for n in range(300)}
    assert len(made) == 300
