"""Replies are read as they come, and what they may state is what the records hold."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indic_persona_hub import records
from indic_persona_hub.prompts.replies import (
    StatedAttribute,
    StructuredPersona,
    StructuredPersonas,
    opening,
    read_each,
    read_sentence,
    read_structured,
)


def test_the_attributes_that_a_model_may_state_are_of_the_records() -> None:
    schema = StatedAttribute.model_json_schema()

    assert set(schema["properties"]["name"]["enum"]) < set(records.ATTRIBUTES)
    assert set(StructuredPersona.model_json_schema()["required"]) == set(
        StructuredPersona.model_fields
    )


@pytest.mark.parametrize(
    ("reply", "persona", "label"),
    [
        ("A cook in Puri feeds forty.", "A cook in Puri feeds forty.", None),
        (
            "A cook in Puri feeds forty.\nField: temple  kitchen.",
            "A cook in Puri feeds forty.",
            "temple kitchen",
        ),
        ("A cook in Puri feeds forty. **Domain:** food", "A cook in Puri feeds forty.", "food"),
        ("\n1. “A cook in Puri feeds forty.”\n2. Another", "A cook in Puri feeds forty.", None),
        ("- Persona: A cook in Puri feeds forty.\nField:", "A cook in Puri feeds forty.", None),
        (
            "पुरी की एक रसोइया चालीस लोगों को खिलाती है।",
            "पुरी की एक रसोइया चालीस लोगों को खिलाती है।",
            None,
        ),
    ],
)
def test_a_sentence_and_its_field_are_read(reply: str, persona: str, label: str | None) -> None:
    assert read_sentence(reply) == (persona, label, [])


@pytest.mark.parametrize("reply", ["", "\n\n", "Field: cooking", "A cook.", "…"])
def test_a_reply_without_a_sentence_holds_no_persona(reply: str) -> None:
    assert read_sentence(reply) is None


@given(st.text(max_size=200))
def test_any_reply_can_be_read(reply: str) -> None:
    answer = read_sentence(reply)

    assert answer is None or (answer.persona.strip() and "\n" not in answer.persona)


def test_an_empty_persona_in_a_whole_reply_is_none() -> None:
    assert read_structured('{"persona": " ", "domain_label": "", "attributes": []}', "") is None


def test_what_is_too_long_for_a_label_or_for_the_words_of_an_attribute_is_left_out() -> None:
    words = "in the lanes of Kochi " * 5
    stated = {"name": "state", "value": "Kerala", "words": words}
    reply = {"persona": "A vendor sells fish in Kochi.", "domain_label": words}

    found = read_structured(json.dumps(reply | {"attributes": [stated]}), words)

    assert found == ("A vendor sells fish in Kochi.", None, [])
    assert read_sentence(f"A vendor sells fish in Kochi.\nField: {words}") == found


def test_the_article_fits_the_age() -> None:
    assert [opening(age).split("-")[0] for age in (7, 8, 11, 18, 21, 81)] == [
        "A 7",
        "An 8",
        "An 11",
        "An 18",
        "A 21",
        "An 81",
    ]


def whole(persona: str) -> StructuredPersona:
    words = StatedAttribute(name="state", value="Odisha", words="Odisha")
    return StructuredPersona(persona=persona, domain_label="food", attributes=[words])


COOK, BOATMAN = "A cook in Puri feeds forty.", "A boatman rows to the far bank."


@given(st.lists(st.sampled_from([COOK, BOATMAN, "", "A cook."]), max_size=6), st.integers(1, 6))
def test_each_person_asked_for_is_read_or_said_to_be_missing(said: list[str], wanted: int) -> None:
    reply = StructuredPersonas(personas=[whole(one) for one in said]).model_dump_json()

    read = read_each(reply, "A village of Odisha.", StructuredPersonas, wanted)

    assert len(read) == wanted
    for number, (answer, lost) in enumerate(read):
        if number >= len(said):
            assert (answer, lost) == (None, f"the reply holds {len(said)} of {wanted}")
        elif said[number] in (COOK, BOATMAN):
            alone = read_structured(whole(said[number]).model_dump_json(), "A village of Odisha.")
            assert (answer, lost) == (alone, "")
        else:
            assert (answer, lost) == (None, reply[:300])


@pytest.mark.parametrize(
    ("reply", "form"),
    [(COOK, None), (whole(COOK).model_dump_json(), StructuredPersona)],
)
def test_a_reply_about_one_is_read_alone(reply: str, form: type[StructuredPersona] | None) -> None:
    [(answer, lost)] = read_each(reply, "Odisha", form)

    assert answer is not None
    assert (answer.persona, lost) == (COOK, "")
    assert read_each(None, "Odisha", form, 3) == [(None, "")] * 3
