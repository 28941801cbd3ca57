"""The catalogue of relations: whom it brings to light, and whom it fits."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indic_persona_hub.errors import RecipeError
from indic_persona_hub.expand.relations import (
    FITTING_ANYONE,
    NEEDS,
    REVEALS,
    draw,
    facets,
    parse,
    relations,
)

HEAD = "name,family,reveals,weight,needs,ages,phrase\n"
FAMILY = "".join(
    f"neighbour_{letter},lane,other,1,,20-40,the neighbour {letter} of this person\n"
    for letter in "abcd"
)
PERSONAS = st.one_of(
    st.text(max_size=80),
    st.sampled_from(
        [
            "A 9-year-old girl in Barmer walks to school.",
            "A 70-year-old weaver in Chennai sells saris.",
            "A farmer in a village near Wardha, aged 45, waits for the rain.",
            "मुर्शिदाबाद की एक बीड़ी मज़दूर",
        ]
    ),
)


def test_the_catalogue_is_broad_enough() -> None:
    families = Counter(relation.family for relation in relations())

    assert len(relations()) >= 72
    assert len(families) >= 8
    assert min(families.values()) >= 5


def test_people_of_low_visibility_have_the_larger_share_of_the_weight() -> None:
    weights: Counter[str] = Counter()
    for relation in relations():
        weights[relation.reveals] += relation.weight

    assert set(weights) == set(REVEALS)
    assert weights["other"] < 0.2 * weights.total()


def test_no_child_is_drawn_for_paid_work() -> None:
    young = [relation for relation in relations() if relation.ages[0] < 18]

    assert young
    assert {relation.reveals for relation in young} == {"child"}


def test_every_relation_fits_somebody() -> None:
    fitting = {need for relation in relations() for need in relation.needs}
    reachable = frozenset().union(
        *map(
            facets,
            [
                "A 9-year-old schoolboy in a village.",
                "A 17-year-old student in Pune.",
                "A 30-year-old mother, patient of a clinic.",
                "A 64-year-old landlord and shop owner in a bank office.",
                "A 40-year-old farmer and mason.",
            ],
        )
    )

    assert fitting <= reachable
    assert reachable <= NEEDS


@pytest.mark.parametrize(
    ("persona", "shown", "hidden"),
    [
        ("A 9-year-old girl in a fishing village draws boats.", "child rural", "adult elder"),
        ("A 16-year-old student in Kota works at a stall.", "child student", "adult trader"),
        ("A 34-year-old schoolteacher of small children in Pune.", "adult midlife urban", "child"),
        ("A 71-year-old retired clerk in a bank.", "elder adult office", "midlife child"),
        ("A mother of two who farms near Hisar.", "parent farmer adult", "child"),
        ("A clerk, 64 years of age, whose mother is a nurse.", "elder", "parent midlife"),
        ("एक किसान", "adult", "child"),
    ],
)
def test_facets_are_read_off_the_words(persona: str, shown: str, hidden: str) -> None:
    assert frozenset(shown.split()) <= facets(persona)
    assert not frozenset(hidden.split()) & facets(persona)


@given(PERSONAS, st.text(max_size=8), st.integers(1, FITTING_ANYONE))
def test_relations_that_are_drawn_differ_and_fit(persona: str, chance: str, count: int) -> None:
    drawn = draw(persona, chance=chance, count=count)

    assert len({relation.name for relation in drawn}) == count
    assert all(relation.fits(facets(persona)) for relation in drawn)
    assert drawn == draw(persona, chance=chance, count=count)
    assert drawn[:1] == draw(persona, chance=chance, count=1)


@given(PERSONAS, st.sampled_from(sorted({relation.family for relation in relations()})))
def test_every_family_has_someone_for_anyone(persona: str, family: str) -> None:
    drawn = draw(persona, chance="", count=FITTING_ANYONE, families=(family,))

    assert {relation.family for relation in drawn} == {family}
    assert len(drawn) == FITTING_ANYONE


def test_weight_is_how_often_a_relation_is_drawn() -> None:
    persona = "A 40-year-old farmer in a village."
    fitting = [relation for relation in relations() if relation.fits(facets(persona))]
    expected: Counter[str] = Counter()
    for relation in fitting:
        expected[relation.reveals] += relation.weight

    found = Counter(draw(persona, chance=str(n), count=1)[0].reveals for n in range(600))

    for reveals, weight in expected.items():
        assert found[reveals] / 600 == pytest.approx(weight / expected.total(), abs=0.06)


@given(st.text(max_size=8))
def test_ages_stand_within_the_relation(chance: str) -> None:
    for relation in relations()[::7]:
        assert relation.ages[0] <= relation.age(chance) <= relation.ages[1]


def test_a_catalogue_in_form_is_read() -> None:
    assert [relation.name for relation in parse(HEAD + FAMILY)] == [
        f"neighbour_{letter}" for letter in "abcd"
    ]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("neighbour_a,lane,other,1,,20-40,the friend of this person", "stands twice"),
        ("Neighbour,lane,other,1,,20-40,the friend of this person", "slug"),
        ("friend,lane,hidden,1,,20-40,the friend of this person", "reveals"),
        ("friend,lane,other,0,,20-40,the friend of this person", "weight"),
        ("friend,lane,other,1,rich,20-40,the friend of this person", "needs"),
        ("friend,lane,other,1,,12-40,the friend of this person", "ages"),
        ("friend,lane,child,1,,12-40,the friend of this person", "ages"),
        ("friend,lane,other,1,,20,the friend of this person", "friend"),
        ("friend,lane,other,1,,20-40,the friend", "this person"),
        ("friend,lane,other,1", "friend"),
        ("friend,farm,other,1,,20-40,the friend of this person", "fit anyone"),
    ],
)
def test_a_catalogue_that_is_not_in_form_is_refused(line: str, problem: str) -> None:
    with pytest.raises(RecipeError, match=problem):
        parse(HEAD + FAMILY + line + "\n")


def test_the_page_about_generation_counts_the_families_rightly() -> None:
    page = (Path(__file__).parents[1] / "docs" / "generation.md").read_text(encoding="utf-8")
    families = Counter(relation.family for relation in relations())

    stated = dict(re.findall(r"^\| `(\w+)` \| (\d+) \|", page, re.MULTILINE))

    assert {family: int(count) for family, count in stated.items()} == families
    assert f"{len(relations())} relations in {len(families)} families" in page
