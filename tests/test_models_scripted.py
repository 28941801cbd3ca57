"""The scripted model: plausible, varied, the same everywhere, and bad in a known share."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from dataclasses import replace
from typing import Literal

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from indic_persona_hub.extract.sketches import subject
from indic_persona_hub.models.replies import usable
from indic_persona_hub.models.scripted import ScriptedModel, scripted
from indic_persona_hub.models.scripted import words as scripted_words
from indic_persona_hub.models.socket import Message, Reply, Request
from indic_persona_hub.prompts import load
from indic_persona_hub.prompts.replies import StructuredPersonas
from indic_persona_hub.testing.conformance import check_language_model

PASSAGE = (
    "Arrivals at the yard rose to 640 tractors on Tuesday, most of it red onion of the growers."
    " Auctions stopped when a deduction was asked for the mud. Labour for grading is short."
)
SHOT = "A 41-year-old bidi roller in Canning, West Bengal, plays carrom on Sundays."
RELATION = "the cook who comes to this person's home before sunrise"


class Stated(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Literal["state", "district", "occupation"]
    value: str
    words: str


class Structured(BaseModel):
    model_config = ConfigDict(extra="forbid")

    persona: str
    domain_label: str
    attributes: list[Stated]


def request(user: str, seed: int = 0, **changes: object) -> Request:
    roles = ("system", "user", "assistant", "user")
    turns = tuple(map(Message, roles, ("One person.", "Passage: x", SHOT, user)))
    plain = Request(turns, 120, 0.9, 0.95, 0.08, (), seed)
    return replace(plain, **changes)  # type: ignore[arg-type]


def answer(asked: Request) -> Reply:
    return asyncio.run(ScriptedModel().complete(asked))


def about(passage: str, age: int = 34) -> str:
    return f"Passage:\n{passage}\n\nWhere nothing speaks against it, begin with: A {age}-year-old"


def replies(count: int = 1500, **changes: object) -> list[Reply]:
    async def ask() -> list[Reply]:
        model = ScriptedModel()
        asked = [
            request(about(f"{PASSAGE} Lot {n}.", 8 + n % 75), n, **changes) for n in range(count)
        ]
        return [await model.complete(one) for one in asked]

    return asyncio.run(ask())


def is_good(text: str) -> bool:
    starts = (text.split("{")[0] for text in (*scripted_words.HEDGED, *scripted_words.BODIES))
    hedges = any(word in text for word in ("likely", "may ", "might", "probably"))
    return not hedges and not text.startswith(tuple(start for start in starts if start))


def test_it_passes_the_conformance_suite() -> None:
    check_language_model(ScriptedModel(), deterministic=True)


def test_a_known_share_is_bad_on_purpose() -> None:
    made = replies()
    kinds = Counter(
        usable(reply, request(about("")).messages).reason
        or ("good" if is_good(reply.text) else "for a judge")
        for reply in made
    )
    shares = {kind: count / len(made) for kind, count in kinds.items()}
    assert shares["good"] == pytest.approx(0.88, abs=0.02)
    bad = scripted.HEDGED + scripted.BODY
    assert shares["for a judge"] == pytest.approx(bad, abs=0.02)
    assert shares["truncated"] == pytest.approx(scripted.CUT, abs=0.01)
    assert shares["empty_reply"] == pytest.approx(scripted.EMPTY, abs=0.01)
    assert shares["refusal"] == pytest.approx(scripted.REFUSED, abs=0.01)


def test_good_replies_are_one_sentence_that_follows_the_prompt() -> None:
    made = replies()
    good = [
        (number, reply.text)
        for number, reply in enumerate(made)
        if usable(reply, request(about("")).messages).text and is_good(reply.text)
    ]
    source = PASSAGE.lower().split()
    runs = {tuple(source[start : start + 4]) for start in range(len(source) - 3)}
    lengths = Counter(len(text.split()) for _, text in good)
    assert sum(18 <= length <= 35 for length in lengths.elements()) > 0.95 * len(good)
    assert max(lengths) <= 42
    for number, text in good:
        assert text.startswith(f"A {8 + number % 75}-year-old ")
        assert text.endswith(".")
        assert text.count(".") == 1
        words = text.lower().split()
        assert not runs & {tuple(words[start : start + 4]) for start in range(len(words) - 3)}
    assert len({text for _, text in good}) > 0.99 * len(good)


def test_a_sentence_takes_up_a_word_of_the_passage() -> None:
    texts = [reply.text for reply in replies(200)]
    assert sum("tractors" in text or "growers" in text for text in texts) > 60


def test_a_state_of_the_passage_is_kept_and_stated() -> None:
    schema = Structured.model_json_schema()
    passage = "Potters of Odisha asked the weekly market for a shed before the rains."
    asked = [
        request(about(passage), seed, json_schema=schema, max_tokens=300) for seed in range(40)
    ]
    found = [usable(answer(one), one.messages, Structured).text for one in asked]
    read = [Structured.model_validate_json(text) for text in found if text]
    good = [one for one in read if is_good(one.persona)]
    assert len(good) > 25
    for one in good:
        assert "Odisha" in one.persona
        assert one.attributes == [Stated(name="state", value="Odisha", words="Odisha")]


def test_the_other_person_is_who_the_relation_says() -> None:
    parent = "A 50-year-old potter in Erode, Tamil Nadu, saves ten rupees a day in a clay pot."
    user = (
        f"Given persona: {parent}\n\nThe other person: {RELATION}\n"
        "Where nothing speaks against it, begin with: A 29-year-old"
    )
    texts = [answer(request(user, seed)).text for seed in range(40)]
    good = [text for text in texts if text.endswith(".") and is_good(text)]
    said = [text for text in good if text.startswith("A 29-year-old cook ")]
    assert len(said) > 30
    for text in said:
        assert "potter" not in text
        assert "clay pot" not in text


def filled(name: str, seed: int, **values: str) -> Request:
    turns = tuple(Message(*turn) for turn in load(name).messages(values))
    return replace(request("", seed), messages=turns)


def test_a_sketch_names_people_whom_the_second_call_is_about() -> None:
    said = [
        answer(filled("text_to_persona_sketch", seed, title="", passage=PASSAGE)).text
        for seed in range(60)
    ]
    people = [
        subject(text, language="mar", stances=("read",), draw=0, chance=str(number))
        for number, text in enumerate(said)
    ]
    named = [one for one in people if one]
    assert len(named) > 50
    made = [
        (one, answer(filled("text_to_persona_small", seed, **one._asdict())).text)
        for seed, one in enumerate(named)
    ]
    followed = [
        (one, text)
        for one, text in made
        if text.endswith(".") and is_good(text) and text not in scripted_words.REFUSALS
    ]
    assert len(followed) > 35
    for one, text in followed:
        assert f"{one.age}-year-old {one.role} " in text
        assert one.place.split(", ")[0] in text


LISTS = {
    "text_to_persona_structured_several": {
        "granularity": "one particular person in two or three sentences",
        "language": "English",
        "passage": PASSAGE,
        "people": "1. Someone who would like this text; begin with: A 67-year-old\n"
        "2. Someone who would write this text; begin with: An 11-year-old\n"
        "3. Someone who would read this text; begin with: A 34-year-old",
    },
    "persona_to_persona_structured_several": {
        "persona": "A 50-year-old potter in Erode, Tamil Nadu, saves ten rupees a day.",
        "people": f"1. {RELATION}; begin with: A 67-year-old\n"
        "2. the boy who stacks crates for this person; begin with: An 11-year-old\n"
        "3. the person who drives a tempo; begin with: A 34-year-old",
    },
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_people_gets_one_entry_each_and_a_few_lists_too_few(name: str) -> None:
    schema = StructuredPersonas.model_json_schema()
    asked = [
        replace(filled(name, seed, **LISTS[name]), json_schema=schema, max_tokens=2000)
        for seed in range(300)
    ]
    found = [usable(answer(one), one.messages, StructuredPersonas).text for one in asked]
    read = [StructuredPersonas.model_validate_json(text).personas for text in found if text]

    assert 0.88 < len(read) / len(asked) < 1
    lengths = Counter(map(len, read))
    assert set(lengths) == {2, 3}
    assert lengths[2] / len(read) == pytest.approx(scripted.SHORT, abs=0.03)
    good = [[is_good(one.persona) for one in people] for people in read]
    assert 0.8 < sum(map(sum, good)) / sum(map(len, good)) < 1
    openings = ("A 67-year-old ", "An 11-year-old ", "A 34-year-old ")
    for people, fine in zip(read, good, strict=True):
        assert len({one.persona for one in people}) == len(people)
        for one, is_fine, opened in zip(people, fine, openings, strict=False):
            assert one.persona.startswith(opened) or not is_fine
    if name.startswith("persona"):
        cooks = [people[0].persona.startswith("A 67-year-old cook ") for people in read]
        assert sum(cooks) > 0.8 * len(cooks)


@given(st.text(max_size=80), st.integers(0, 2**31 - 1), st.integers(2, 5))
def test_several_choices_are_what_the_seeds_after_the_first_would_say(
    text: str, seed: int, choices: int
) -> None:
    asked = request(about(text), seed, choices=choices)

    reply = answer(asked)

    alone = [answer(replace(asked, seed=seed + number, choices=1)) for number in range(choices)]
    assert [(reply.text, reply.finish_reason), *reply.others] == [
        (one.text, one.finish_reason) for one in alone
    ]
    assert reply.completion_tokens == sum(one.completion_tokens for one in alone)
    assert reply.prompt_tokens == alone[0].prompt_tokens


def test_words_of_the_examples_are_not_said_again() -> None:
    for reply in replies(300):
        assert "bidi roller" not in reply.text
        assert "plays carrom" not in reply.text


def test_a_prompt_that_asks_for_a_field_gets_one() -> None:
    shot = Message("assistant", "A 41-year-old weaver.\nField: hand weaving")
    asked = request(about(PASSAGE), 4)
    asked = replace(asked, messages=(*asked.messages[:2], shot, asked.messages[3]))
    sentence, field = answer(asked).text.split("\nField: ")
    assert sentence.endswith(".")
    assert field in {role.field for role in scripted_words.ROLES}
    assert answer(replace(asked, stop=("\n",))).text == sentence


@given(st.text(max_size=200), st.integers(0, 2**31 - 1), st.integers(1, 60))
def test_any_passage_has_the_same_reply_twice(text: str, seed: int, most: int) -> None:
    asked = request(text, seed, max_tokens=most)
    reply = answer(asked)
    assert reply == answer(asked)
    assert reply.completion_tokens <= most


class Nested(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: Literal["a", "b"]
    fixed: Literal["only"]
    yes: bool
    count: int
    share: float | None
    rows: list[Stated]
    inner: Structured


def test_json_is_valid_for_the_schema() -> None:
    for model in (Structured, Nested):
        schema = model.model_json_schema()
        validator = jsonschema.Draft202012Validator(schema)
        made = replies(120, json_schema=schema, max_tokens=600)
        whole = [reply for reply in made if reply.text.startswith("{")]
        for reply in whole:
            if reply.finish_reason == "stop":
                validator.validate(json.loads(reply.text))
        assert len(whole) > 100


@pytest.mark.parametrize(
    "asked",
    [
        "The person: the night watchman. Age 67, woman. Place: a village in Gaya district, Bihar.",
        "Given persona: A clerk of Patna.\n\nThe other person: the night watchman at a gate\nWhere"
        " nothing speaks against it, begin with: A 67-year-old woman in a village in Gaya district,"
        " Bihar",
    ],
)
def test_somebody_wanted_in_a_cell_is_written_there_nine_times_in_ten(asked: str) -> None:
    texts = [answer(request(asked, seed)).text for seed in range(300)]
    there = sum(text.startswith("A 67-year-old woman in a") for text in texts)
    home = sum("in a village in Gaya district, Bihar," in text for text in texts)

    assert 0.7 * 300 < there < 0.95 * 300
    assert 0.7 * 300 < home < 0.95 * 300
