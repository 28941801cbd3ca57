"""A sketch names a topic and people; what it cannot mean is left out, and nothing in it raises."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indic_persona_hub.extract.sketches import STANCES, Subject, subject

GOOD = """Topic: kerosene ration
Place: Firozabad, Uttar Pradesh
Reads: widow who cooks on kerosene
Writes: ration depot clerk
Likes: tea stall keeper
Dislikes: bangle worker in rented rooms"""


def found(reply: str, *stances: str, draw: int = 0, chance: str = "7 x") -> Subject | None:
    return subject(
        reply, language="hin", stances=stances or tuple(STANCES), draw=draw, chance=chance
    )


def of(role: str, chance: str = "7 x") -> Subject | None:
    return found(f"Topic: rain\nReads: {role}", "read", chance=chance)


def test_a_good_sketch_gives_one_person_a_stance() -> None:
    people = [found(GOOD, draw=draw) for draw in range(4)]

    assert {one and (one.stance, one.role) for one in people} == {
        ("read", "widow who cooks on kerosene"),
        ("write", "ration depot clerk"),
        ("like", "tea stall keeper"),
        ("dislike", "bangle worker in rented rooms"),
    }
    for one in people:
        assert one is not None
        assert (one.topic, one.place) == ("kerosene ration", "Firozabad, Uttar Pradesh")
        assert one.stance_phrase == STANCES[one.stance]


def test_stances_come_round_when_there_are_more_asks_than_roles() -> None:
    assert {(one := found(GOOD, "read", draw=draw)) and one.stance for draw in range(3)} == {"read"}


@pytest.mark.parametrize(
    "reply",
    [
        "**Topic:** kerosene ration.\n- **Reads:** Ration depot clerk",
        "topic: kerosene ration\nREADS: the ration depot clerk (55 years)",
        "Topic : kerosene ration\nReads : a ration depot clerk, shopkeeper",
        "Sure!\nTopic: kerosene ration\nReads: ration depot clerks\nThat is all.",
        "Topic: kerosene ration\r\nReads: ration depot clerk\r\n",
    ],
)
def test_a_loose_or_partial_sketch_is_read(reply: str) -> None:
    one = found(reply)

    assert one is not None
    assert (one.topic, one.stance, one.role) == ("kerosene ration", "read", "ration depot clerk")


def test_a_sketch_may_hold_words_of_another_script() -> None:
    one = found("Topic: मूँग का रोग\nPlace: हिसार\nReads: किसान")

    assert one is not None
    assert (one.topic, one.role) == ("मूँग का रोग", "किसान")
    assert one.place.endswith(", Haryana")


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "I cannot help with that.",
        "Topic: kerosene",
        "Reads: depot clerk",
        "Topic: one two three four five six seven\nReads: depot clerk",
        "Topic: kerosene\nReads: a man who once had a very long story",
        "विषय: राशन\nपाठक: क्लर्क",
    ],
)
def test_a_sketch_without_topic_or_role_has_no_subject(reply: str) -> None:
    assert found(reply) is None


def test_only_the_wanted_stances_count() -> None:
    assert found("Topic: rain\nReads: farmer", "write", "like") is None


@pytest.mark.parametrize(
    ("plural", "one"),
    [
        ("farmers", "farmer"),
        ("the tea stall keepers", "tea stall keeper"),
        ("fairies' aunties", "fairies' aunty"),
        ("boss", "boss"),
        ("widow of three wars", "widow of three wars"),
    ],
)
def test_a_plural_becomes_one_person(plural: str, one: str) -> None:
    made = of(plural)
    assert made is not None
    assert made.role == one


@pytest.mark.parametrize(
    "role",
    "farmers' association|Ministry|the local police|village school|families|stray dogs|cats"
    "|toys|nobody|none|N/A|prime minister|fairy|worker 12|clerk/typist".split("|"),
)
def test_bodies_animals_and_nobody_are_no_roles(role: str) -> None:
    assert of(role) is None


@pytest.mark.parametrize(
    ("role", "low", "high"),
    [
        ("fisherman's little daughter", 7, 14),
        ("schoolboy", 7, 14),
        ("retired postman", 60, 79),
        ("grandmother who cooks", 60, 79),
        ("widow who cooks on kerosene", 60, 79),
        ("college student", 17, 24),
        ("apprentice tailor", 17, 24),
        ("tenant farmer", 22, 63),
    ],
)
def test_the_age_fits_the_role(role: str, low: int, high: int) -> None:
    ages = [int(one.age) for n in range(60) if (one := of(role, str(n)))]

    assert len(ages) == 60
    assert low <= min(ages) < max(ages) <= high


@pytest.mark.parametrize(
    ("role", "genders"),
    [
        ("housewife", {"woman"}),
        ("boatman", {"man"}),
        ("girl who sells flowers", {"girl"}),
        ("fisherman's son", {"boy"}),
        ("school child", {"girl", "boy"}),
        ("tea seller", {"woman", "man"}),
    ],
)
def test_the_gender_is_the_roles_or_a_fair_chance(role: str, genders: set[str]) -> None:
    assert {one.gender for n in range(40) if (one := of(role, str(n)))} == genders


LINES = st.sampled_from(
    ["Topic", "Place", "Reads", "Writes", "Likes", "Dislikes", "Notes"]
).flatmap(lambda name: st.text(max_size=40).map(lambda value: f"{name}: {value}"))
REPLIES = st.one_of(st.text(max_size=200), st.lists(LINES, max_size=8).map("\n".join))
WANTED = st.lists(st.sampled_from(sorted(STANCES)), min_size=1, unique=True)


@given(REPLIES, WANTED, st.integers(0, 99), st.sampled_from(["hin", "tam", "und", "eng"]))
def test_any_reply_can_be_read(reply: str, wanted: list[str], draw: int, language: str) -> None:
    def ask() -> Subject | None:
        return subject(reply, language=language, stances=wanted, draw=draw, chance="7 x")

    one = ask()

    assert one == ask()
    if one is not None:
        assert one.stance in wanted
        assert 7 <= int(one.age) <= 79
        assert one.gender in ("woman", "man", "girl", "boy")
        assert all(one)
