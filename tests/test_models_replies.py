"""From what a model said to a usable text, or the reason why there is none."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from indic_persona_hub.models.replies import is_refusal, usable, without_thinking
from indic_persona_hub.models.socket import FinishReason, Message, Reply

PASSAGE = "Arrivals at the Lasalgaon yard rose to about 640 tractors on Tuesday."
MESSAGES = (
    Message("system", "You imagine people of India. Write one persona: a person who is invented."),
    Message("user", "Passage: the ferry stops at three."),
    Message("assistant", "A 41-year-old mask maker in Jorhat who stores pieces on the far bank."),
    Message("user", f"Passage: {PASSAGE}"),
)
PERSONA = "A 52-year-old loader in Niphad carries sacks and wants his daughter to study."


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")

    persona: str
    domain_label: str


def said(text: str, finish: FinishReason = "stop") -> Reply:
    return Reply(text, finish, 1, 0, 1, 0.0)


def reason_of(text: str, model: type[BaseModel] | None = None) -> str | None:
    return usable(said(text), MESSAGES, model).reason


def test_a_good_reply_is_usable_as_it_is() -> None:
    assert usable(said(f"  {PERSONA}\n"), MESSAGES) == (PERSONA, None, "")


def test_a_cut_reply_is_never_a_persona() -> None:
    assert usable(said(PERSONA, "length"), MESSAGES).reason == "truncated"


@pytest.mark.parametrize(
    "text",
    [
        f"<think>Who might it be?</think>\n{PERSONA}",
        f"<think>\nfirst\n</think>{PERSONA}<think>done</think>",
        f"The user wants a persona.\n</think>\n\n{PERSONA}",
        f"<Thinking>hm</Thinking> {PERSONA}",
    ],
)
def test_thinking_is_no_part_of_the_reply(text: str) -> None:
    assert usable(said(text), MESSAGES).text == PERSONA


def test_a_thought_without_end_leaves_nothing() -> None:
    assert reason_of("<think>Let me see. A farmer, perhaps") == "empty_reply"
    assert reason_of(" \n ") == "empty_reply"


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry, but I cannot help with that.",
        "I’m sorry, I can't do this.",
        "I cannot write about this person.",
        "Sorry, that is not possible.",
        "As an AI language model, I have no opinions.",
        "As an AI, I cannot imagine people.",
        "Unfortunately, I am unable to do so.",
        "क्षमा करें, मैं इसमें सहायता नहीं कर सकता।",
        "मुझे खेद है, यह संभव नहीं है।",
        "மன்னிக்கவும், என்னால் முடியாது.",
        '"I am really sorry, but no."',
    ],
)
def test_a_refusal_is_told(text: str) -> None:
    assert reason_of(text) == "refusal"


@pytest.mark.parametrize(
    "text",
    [
        "As an AI researcher in Pune, she labels Marathi speech all day.",
        "A clerk who says I cannot sign this without the tehsildar.",
        "A sorry-looking umbrella repairer in Kochi.",
        "क्षमा नाम की एक नर्स जो रात में काम करती है।",
        "I canvass votes in Guntur.",
    ],
)
def test_a_persona_is_not_taken_for_a_refusal(text: str) -> None:
    assert not is_refusal(text)


@pytest.mark.parametrize(
    "text",
    [
        PASSAGE,
        PASSAGE.upper(),
        "arrivals at the  Lasalgaon yard\nrose to about",
        "A 41-year-old mask maker in Jorhat who stores pieces on the far bank.",
        "You imagine people of India. Write one persona: a person in Nashik.",
    ],
)
def test_an_echo_of_the_prompt_is_told(text: str) -> None:
    assert reason_of(text) == "echo_of_prompt"


def test_a_short_reply_may_stand_in_the_prompt_by_chance() -> None:
    assert reason_of("Lasalgaon") is None


def test_json_comes_back_in_one_form() -> None:
    body = {"domain_label": "loading", "persona": PERSONA}
    ways = [json.dumps(body), json.dumps(body, indent=2), f"```json\n{json.dumps(body)}\n```"]
    texts = {usable(said(way), MESSAGES, Shape).text for way in ways}
    assert texts == {Shape(persona=PERSONA, domain_label="loading").model_dump_json()}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("A persona, not JSON.", "not_json"),
        ('{"persona": "x", "domain_label": "y"', "not_json"),
        ('Here it is: {"persona": "x", "domain_label": "y"}', "not_json"),
        ("{'persona': 'x'}", "not_json"),
        ("[" * 50_000, "not_json"),
        ('{"a":' * 10_000, "not_json"),
        ('"' + "x" * 100_000 + '"', "not_json"),
        ('{"persona": "x"}', "not_in_schema"),
        ('{"persona": "x", "domain_label": "y", "z": 1}', "not_in_schema"),
        ('{"persona": ["x"], "domain_label": "y"}', "not_in_schema"),
        ("[]", "not_in_schema"),
        ("null", "not_in_schema"),
        ('{"persona": "I\'m sorry, but I cannot.", "domain_label": "none"}', "refusal"),
    ],
)
def test_nothing_is_repaired(text: str, reason: str) -> None:
    found = usable(said(text), MESSAGES, Shape)
    assert (found.text, found.reason) == (None, reason)
    assert found.detail


@given(st.text(max_size=300), st.sampled_from([None, Shape]))
def test_any_reply_is_usable_or_has_a_reason(text: str, model: type[BaseModel] | None) -> None:
    found = usable(said(text), MESSAGES, model)
    assert (found.text is None) == (found.reason is not None)
    assert found.text != ""


@given(st.text())
def test_a_reply_without_thinking_is_only_trimmed(text: str) -> None:
    if "<think" not in text.lower() and "</think" not in text.lower():
        assert without_thinking(text) == text.strip()
