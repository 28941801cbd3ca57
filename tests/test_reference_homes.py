"""A place of India comes out right, whatever state was written beside it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indic_persona_hub import reference
from indic_persona_hub.reference.homes import settled_place

STATES = {row["name"] for row in reference.load("states").to_pylist()}
CITIES = reference.load("cities").to_pylist()
TOWNS = {row["name"] for row in CITIES}
QUARTERS = {row["name"] for row in CITIES if not row["settlement"]}


def settled(stated: str, language: str = "eng", chance: str = "7 x") -> str:
    return settled_place(stated, language=language, chance=chance)


@pytest.mark.parametrize(
    ("stated", "place"),
    [
        ("Dimapur, Haryana", "Dimapur, Nagaland"),
        ("Kavaratti, Kerala", "Kavaratti, Lakshadweep"),
        ("Pune", "Pune, Maharashtra"),
        ("Aurangabad, Bihar", "Aurangabad, Bihar"),
        ("a lane in Patna", "Patna, Bihar"),
        ("Odisha", "Odisha"),
        ("London, Kerala", "Kerala"),
        ("लखनऊ, उत्तर प्रदेश", "लखनऊ, Uttar Pradesh"),
    ],
)
def test_a_town_gets_its_right_state(stated: str, place: str) -> None:
    assert settled(stated) == place


@pytest.mark.parametrize("stated", ["none", "", "Dubai", "London", "somewhere"])
@pytest.mark.parametrize(
    ("language", "states"),
    [
        ("tam", {"Tamil Nadu", "Puducherry"}),
        ("asm", {"Assam"}),
        ("mal", {"Kerala", "Lakshadweep"}),
        ("mni", {"Manipur"}),
    ],
)
def test_without_a_place_of_india_it_is_a_town_where_the_language_is_at_home(
    stated: str, language: str, states: set[str]
) -> None:
    drawn = [settled(stated, language, str(n)).rsplit(", ", 1) for n in range(30)]

    assert {state for _, state in drawn} <= states
    assert {town for town, _ in drawn} <= TOWNS


@pytest.mark.parametrize("language", ["ben", "mar", "guj", "eng"])
def test_nobody_is_sent_to_a_quarter_or_a_region(language: str) -> None:
    drawn = {settled("", language, str(n)).rsplit(", ", 1)[0] for n in range(1_000)}

    assert {"Sonagachi", "Dharavi", "Kutch"} <= QUARTERS
    assert drawn & TOWNS and not drawn & QUARTERS


def test_a_language_of_no_one_state_is_set_anywhere() -> None:
    drawn = {settled("", "eng", str(n)).rsplit(", ", 1)[1] for n in range(300)}

    assert len(drawn) > 20


TEXTS = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from([*sorted(TOWNS | STATES), "Dubai", "UP", "in"]), max_size=5).map(
        ", ".join
    ),
)
LANGUAGES = "asm ben guj kan kok mai mal mar mni npi ori pan tam tel kas hin urd eng und".split()


@given(TEXTS, st.sampled_from(LANGUAGES), st.text(max_size=5))
def test_any_text_settles_in_a_state_of_india_and_the_same_one_again(
    text: str, language: str, chance: str
) -> None:
    place = settled(text, language, chance)

    assert place.rsplit(", ", 1)[-1] in STATES
    assert place == settled(text, language, chance)


def test_a_namesake_with_no_state_beside_it_is_set_in_one_of_its_own_states() -> None:
    chances = [str(number) for number in range(40)]
    drawn = {settled_place("Aurangabad", language="tam", chance=one) for one in chances}
    assert drawn == {"Aurangabad, Bihar", "Aurangabad, Maharashtra"}


def test_a_sentence_is_not_taken_for_a_place_line() -> None:
    home = settled_place(
        "A boatman wakes up at four and goes north with hassan nets", language="mal", chance="1"
    )
    assert home.endswith(("Kerala", "Lakshadweep"))
