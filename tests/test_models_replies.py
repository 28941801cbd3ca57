"""From what a model said to a usable text, or the reason why there is none."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from indic_persona_hub.models.replies import Usable, reask, usable, worth_reasking
from indic_persona_hub.models.replies.refusals import is_refusal
from indic_persona_hub.models.replies.thinking import without_thinking
from indic_persona_hub.models.socket import FinishReason, Message, Reply
from indic_persona_hub.prompts.shown import shown

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
    assert usable(said(f"  {PERSONA}\n"), MESSAGES) == Usable(PERSONA)
    assert usable(said(f"\ufeff{PERSONA}"), MESSAGES) == Usable(PERSONA)


@pytest.mark.parametrize("model", [None, Shape])
def test_a_reply_that_did_not_end_by_itself_is_never_a_persona(
    model: type[BaseModel] | None,
) -> None:
    whole = Shape(persona=PERSONA, domain_label="x").model_dump_json() if model else PERSONA
    cut, broken = said(whole, "length"), said(whole, "error")
    assert usable(cut, MESSAGES, model).reason == "truncated"
    assert usable(broken, MESSAGES, model).reason == "model_error"
    assert usable(broken, MESSAGES, model).detail.startswith("the model broke off")


THOUGHT = "Who might it be? A loader, perhaps."


@pytest.mark.parametrize(
    "text",
    [
        f"<think>{THOUGHT}</think>\n{PERSONA}",
        f"<think>\n{THOUGHT}\n</think>{PERSONA}<think>done</think>",
        f"<think>one <think>{THOUGHT}</think> three</think>{PERSONA}",
        f"{THOUGHT}\n</think>\n\n{PERSONA}",
        f"<Thinking>{THOUGHT}</Thinking> {PERSONA}",
        f"<thought>{THOUGHT}</thought>\n{PERSONA}",
        f'<reasoning effort="low">{THOUGHT}</reasoning>{PERSONA}',
        f"<seed:think>{THOUGHT}</seed:think>{PERSONA}",
        f"[THINK]{THOUGHT}[/THINK]{PERSONA}",
        f"{THOUGHT}[/THINK] {PERSONA}",
        f"◁think▷{THOUGHT}◁/think▷{PERSONA}",
        f"<|START_THINKING|>{THOUGHT}<|END_THINKING|>{PERSONA}",
        f"<|channel|>analysis<|message|>{THOUGHT}<|end|><|start|>assistant"
        f"<|channel|>final<|message|>{PERSONA}<|return|>",
        f"<|channel|>analysis {THOUGHT} <|channel|>final {PERSONA}",
        f"analysis{THOUGHT}assistantfinal{PERSONA}",
    ],
)
def test_thinking_is_taken_out_and_counted(text: str) -> None:
    found = usable(said(text), MESSAGES)
    assert found.text == PERSONA
    assert len(THOUGHT) < found.thinking_characters <= len(text) - len(PERSONA)


@pytest.mark.parametrize(
    "text",
    [
        f"<think>{THOUGHT}",
        f"{PERSONA} <think>{THOUGHT}",
        f"<|channel|>analysis<|message|>{THOUGHT}",
        f"analysis{THOUGHT}",
    ],
)
def test_a_thought_without_end_leaves_nothing(text: str) -> None:
    assert usable(said(text), MESSAGES) == Usable(
        None, "empty_reply", thinking_characters=len(text)
    )


def test_thinking_of_rejected_replies_is_counted_too() -> None:
    cut = usable(said(f"<think>{THOUGHT}", "length"), MESSAGES)
    assert (cut.reason, cut.thinking_characters) == ("truncated", len(THOUGHT) + 7)
    refused = usable(said(f"<think>{THOUGHT}</think>I cannot do that."), MESSAGES)
    assert (refused.reason, refused.thinking_characters) == ("refusal", len(THOUGHT) + 15)


@pytest.mark.parametrize("text", ["", " \n ", "\ufeff\n"])
def test_nothing_is_an_empty_reply(text: str) -> None:
    assert usable(said(text), MESSAGES) == Usable(None, "empty_reply")


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry, but I cannot help with that.",
        "I’m sorry, I can't do this.",
        "I cannot write about this person.",
        "Sorry, that is not possible.",
        "Sorry but this is against the rules.",
        "As an AI language model, I have no opinions.",
        "As an AI, I cannot imagine people.",
        "I am just an AI, so no.",
        "Unfortunately, I am unable to do so.",
        "Thank you, but I must respectfully decline.",
        "I don't feel comfortable with this.",
        "It's not possible to name a person here.",
        "The passage does not contain enough information.",
        "There is not enough information to write a persona.",
        "No persona can be inferred.",
        "Please provide the passage.",
        '"I am really sorry, but no."',
        "क्षमा करें, मैं इसमें सहायता नहीं कर सकता।",
        "मुझे खेद है, यह संभव नहीं है।",
        "माफ़ कीजिएगा, मुझसे नहीं होगा।",
        "मैं इस अनुरोध को पूरा नहीं कर सकती।",
        "एक एआई भाषा मॉडल के रूप में मेरी कोई राय नहीं है।",
        "माफ करा, हे शक्य नाही.",
        "মাফ করবেন, আমি পারব না।",
        "দুঃখিত, এটা সম্ভব নয়।",
        "மன்னிக்கவும், என்னால் முடியாது.",
        "క్షమించండి, నేను చేయలేను.",
        "ಕ್ಷಮಿಸಿ, ಇದು ಸಾಧ್ಯವಿಲ್ಲ.",
        "ക്ഷമിക്കണം, എനിക്ക് കഴിയില്ല.",
        "માફ કરશો, હું મદદ કરી શકતો નથી.",
        "ਮਾਫ਼ ਕਰਨਾ, ਮੈਂ ਇਹ ਨਹੀਂ ਕਰ ਸਕਦਾ।",
        "କ୍ଷମା କରନ୍ତୁ, ଏହା ସମ୍ଭବ ନୁହେଁ।",
        "معذرت، میں یہ نہیں کر سکتا۔",
        "Maaf kijiye, yeh mujhse nahi hoga.",
        "Mujhe khed hai, main madad nahi kar sakta.",
        "Kshama karein, yeh sambhav nahin hai.",
        "Main is request ko poora nahi kar sakta.",
        "Main ek AI model hoon, meri koi raay nahi.",
    ],
)
def test_a_refusal_is_told(text: str) -> None:
    assert reason_of(text) == "refusal"
    assert reason_of(text, Shape) == "refusal"


@pytest.mark.parametrize(
    "text",
    [
        "As an AI researcher in Pune, she labels Marathi speech all day.",
        "A clerk who says I cannot sign this without the tehsildar.",
        "A sorry-looking umbrella repairer in Kochi.",
        "Sorry is a word that this 40-year-old conductor in Kollam never says.",
        "I am an AI engineer in Bengaluru who grows chillies.",
        "The passage through the ghats is what this 50-year-old driver knows best.",
        "There is data entry work in Indore for this 23-year-old graduate.",
        "I apologize for the earlier error. A 52-year-old loader in Niphad.",
        "I canvass votes in Guntur.",
        "क्षमा नाम की एक नर्स जो रात में काम करती है।",
        "एक एआई इंजीनियर जो पुणे में मिर्च उगाती है।",
        "माफ़ी माँगना न जानने वाला एक कंडक्टर।",
        "மன்னார்குடியில் வசிக்கும் நெசவாளர்.",
        "Maafi nahi maangne wala ek conductor, Kanpur mein.",
        "Main sadak par chai bechta hoon, school nahi ja sakta tha.",
        "52",
        "…",
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
        "Passage: the ferry stops at three.",
    ],
)
def test_an_echo_of_the_prompt_is_told(text: str) -> None:
    assert reason_of(text) == "echo_of_prompt"


def test_a_short_reply_may_stand_in_the_prompt_by_chance() -> None:
    assert reason_of("Lasalgaon") is None


def test_a_reply_may_use_the_words_of_the_prompt() -> None:
    assert (
        reason_of("On Tuesday the Lasalgaon yard rose to arrivals at about 640 tractors.") is None
    )


HINDI = "लासलगाँव मंडी में मंगलवार को प्याज़ की आवक बढ़कर लगभग 640 ट्रैक्टर हो गई।"


@pytest.mark.parametrize("text", [HINDI, HINDI[10:50], HINDI.replace(" ", "\n")])
def test_an_echo_is_told_in_any_script(text: str) -> None:
    for messages in (
        (*MESSAGES, Message("user", f"Passage: {HINDI}")),
        (Message("user", f"Passage: {HINDI}"), *MESSAGES),
    ):
        assert usable(said(text), messages).reason == "echo_of_prompt"


def slow_echo(text: str) -> bool:
    """The same, word for word."""
    plain = " ".join(text.split()).lower()
    turns = [(turn.role, " ".join(turn.content.split()).lower()) for turn in MESSAGES]
    return len(plain) >= 24 and any(
        plain in asked
        or (role != "assistant" and len(asked) >= 48 and plain.startswith(asked[:48]))
        for role, asked in turns
    )


@given(
    st.sampled_from(MESSAGES),
    st.integers(0, 80),
    st.integers(0, 80),
    st.sampled_from(["", "x", " in Nashik", " "]),
)
def test_echoes_are_told_as_by_a_plain_search(
    turn: Message, begin: int, length: int, behind: str
) -> None:
    text = turn.content[begin : begin + length] + behind
    assert (reason_of(f"{text}\n") == "echo_of_prompt") == slow_echo(text)


@pytest.mark.parametrize(
    ("text", "script", "reason"),
    [
        (PERSONA, "Latn", None),
        (PERSONA, "Deva", "wrong_language"),
        ("निफाड़ का 52 वर्षीय हमाल जो बोरियाँ ढोता है।", "Deva", None),
        ("निफाड़ का 52 वर्षीय हमाल जो बोरियाँ ढोता है।", "Latn", "wrong_language"),
        ("निफाड़ का 52 वर्षीय हमाल जो बोरियाँ ढोता है।", "Taml", "wrong_language"),
        ("निफाड़ की 30 वर्षीय software tester जो Python सीखती है।", "Deva", None),
        ("A 52-year-old loader (हमाल) in Niphad.", "Deva", "wrong_language"),
        ("ஈரோட்டைச் சேர்ந்த 44 வயது நெசவாளர்.", "Taml", None),
        ("Erode-ai serntha nesavalar, tharioda pesuvaar.", "Taml", "wrong_language"),
        ("一位来自纳西克的装卸工，他希望女儿上学。", "Deva", "wrong_language"),
        ("640", "Deva", None),
        (PERSONA, None, None),
    ],
)
def test_a_reply_in_another_script_is_told(
    text: str, script: str | None, reason: str | None
) -> None:
    assert usable(said(text), MESSAGES, script=script).reason == reason
    filled = said(json.dumps({"persona": text, "domain_label": "x"}))
    assert usable(filled, MESSAGES, Shape, script=script).reason == reason


def test_a_script_that_nobody_knows_is_an_error() -> None:
    with pytest.raises(ValueError, match="'Hindi'"):
        usable(said(PERSONA), MESSAGES, script="Hindi")


def test_json_comes_back_in_one_form() -> None:
    body = {"domain_label": "loading", "persona": PERSONA}
    ways = [json.dumps(body), json.dumps(body, indent=2), f"```json\n{json.dumps(body)}\n```"]
    found = {usable(said(way), MESSAGES, Shape) for way in ways}
    assert found == {Usable(Shape(persona=PERSONA, domain_label="loading").model_dump_json())}


def test_mended_json_comes_back_in_the_same_form_with_a_mark() -> None:
    found = usable(
        said(f"So: {{'domain_label': 'loading', 'persona': '{PERSONA}'}}"), MESSAGES, Shape
    )
    assert found == Usable(
        Shape(persona=PERSONA, domain_label="loading").model_dump_json(),
        None,
        "mended: text around the JSON, single quotes",
        True,
    )


class Counted(BaseModel):
    households: int
    share: float = 0.5


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ('{"households": "5"}', "households: Input should be a valid integer"),
        ('{"households": 5.0}', "households: Input should be a valid integer"),
        ("{'households': '5'}", "households: Input should be a valid integer"),
        ('{"households": 5, "share": NaN}', "NaN is no number"),
        ('{"households": 5, "share": 1e999}', "1e999 is no number"),
        ('{"households": 5, "households": 6}', "households: the key stands twice"),
        ('{"households": 5, "share": "a", "share": {}}', "share: the key stands twice"),
        ('{"share": []}', "households: Field required; share: Input should be a valid number"),
    ],
)
def test_values_are_never_bent_to_the_schema(text: str, detail: str) -> None:
    found = usable(said(text), MESSAGES, Counted)
    assert (found.text, found.reason) == (None, "not_in_schema")
    assert detail in found.detail


def test_only_replies_of_the_wrong_form_are_asked_again() -> None:
    asked = {
        reason: worth_reasking(usable(said(text, finish), MESSAGES, Shape))
        for reason, text, finish in (
            ("not_json", "A persona, not JSON.", "stop"),
            ("not_in_schema", '{"persona": "x"}', "stop"),
            ("truncated", '{"persona": "x"', "stop"),
            ("length", "{}", "length"),
            ("model_error", "{}", "error"),
            ("refusal", "I cannot do that.", "stop"),
            ("echo_of_prompt", PASSAGE, "stop"),
            ("empty_reply", "", "stop"),
            ("good", '{"persona": "x", "domain_label": "y"}', "stop"),
        )
    }
    assert {reason for reason, again in asked.items() if again} == {"not_json", "not_in_schema"}


def test_the_second_ask_states_what_was_wrong_behind_the_same_turns() -> None:
    bad = '{"persona": "x"}'
    found = usable(said(bad), MESSAGES, Shape)
    turns = reask(MESSAGES, f"<think>{THOUGHT}</think>{bad}", found.detail)
    assert turns[: len(MESSAGES)] == MESSAGES
    assert turns[len(MESSAGES)] == Message("assistant", bad)
    assert turns[-1].role == "user"
    assert "domain_label: Field required" in turns[-1].content
    assert len(turns) == len(MESSAGES) + 2


@given(st.text(max_size=300), st.text(max_size=50))
def test_the_second_ask_is_bounded_and_never_empty(text: str, detail: str) -> None:
    turns = reask(MESSAGES, text * 20, detail)
    assert all(turn.content for turn in turns)
    assert len(turns[-2].content) <= 2004
    assert shown(detail) in turns[-1].content


@given(st.text(max_size=300), st.sampled_from([None, Shape]))
def test_any_reply_is_usable_or_has_a_reason(text: str, model: type[BaseModel] | None) -> None:
    found = usable(said(text), MESSAGES, model)
    assert (found.text is None) == (found.reason is not None)
    assert found.text != ""


@given(st.text())
def test_a_reply_without_thinking_is_only_trimmed(text: str) -> None:
    if not any(mark in text for mark in ("<", "◁", "THINK]")) and text[:8] != "analysis":
        assert without_thinking(text) == (text.strip(), 0)


def test_a_plain_reply_costs_little() -> None:
    """Thousands of replies a second pass here, on one core beside all else."""
    stable = tuple(
        Message("assistant" if turn % 2 else "user", f"{turn}: {PASSAGE} " * 14)
        for turn in range(9)
    )
    asked = [(*stable, Message("user", f"{row}: {PASSAGE} " * 28)) for row in range(200)]
    best = float("inf")
    for _ in range(5):
        begun = time.process_time()
        for messages in asked:
            usable(said(PERSONA), messages)
        best = min(best, time.process_time() - begun)
    assert best / len(asked) < 40e-6  # 7 to 12 on the machine where this was written
