"""`personal_name` with a list of real people, names of the source that reappear, and offices."""

from __future__ import annotations

from pathlib import Path

import pytest

from indic_persona_hub.errors import SourceError
from indic_persona_hub.judge.personal_name import PersonalName
from indic_persona_hub.run.recipe import parse_recipe
from judge_rows import judged

LIST = "name,role,party,place\nMeera Josekutty,Lok Sabha candidate,CPI(M),Alappuzha\n"
NEWS = (
    "The bridge was opened by MP Netaram Dhurve on Friday. Netaram Dhurve said that Betul had "
    "waited long. Dr. Mrinal Barua of the district hospital thanked Tata Motors."
)


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(LIST, "utf-8")
    return path


def test_a_person_of_the_list_fails_with_a_context_and_not_without(people: Path) -> None:
    judge = PersonalName(people=str(people), forbid="real_people")
    evidence = judged(judge, "A spinner who carries tea to Meera Josekutty of the CPI(M).")
    assert evidence["fails"] and evidence["detail"] == "Meera Josekutty"
    assert not judged(judge, "A spinner who carries tea to Meera Josekutty, a baker.")["fails"]


def test_invented_names_stand_where_only_real_people_are_forbidden() -> None:
    persona = "Sunita Devi, a 34-year-old spinner in Alappuzha."
    assert judged(PersonalName(), persona)["fails"]
    assert not judged(PersonalName(forbid="real_people"), persona)["fails"]


@pytest.mark.parametrize(
    ("persona", "name"),
    [
        ("A mason from the bank who waits for Dhurve to pay for the sand.", "Dhurve"),
        ("A nurse who fetches films for Mrinal, her superior, at night.", "Mrinal"),
    ],
)
def test_a_name_of_the_source_reappears(persona: str, name: str) -> None:
    for forbid in ("names", "real_people"):
        judge = PersonalName(forbid=forbid)
        assert judged(judge, persona, origin=NEWS)["detail"] == name
        assert not judged(judge, persona)["fails"]


@pytest.mark.parametrize(
    "persona",
    [
        "A mason in Betul who waits for the member of parliament.",
        "A fitter at Tata Motors who eats lunch on Friday with his son.",
        "A mason who waits for the bridge to be opened by an MP.",
    ],
)
def test_places_days_and_bodies_of_the_source_may_reappear(persona: str) -> None:
    assert not judged(PersonalName(), persona, origin=NEWS)["fails"]


def test_a_name_of_a_source_in_hindi_reappears() -> None:
    origin = "कल डॉ. कावेरी ने नए भवन का उद्घाटन किया।"
    persona = "एक नर्स जो कावेरी के साथ रात में काम करती है।"
    assert judged(PersonalName(), persona, origin=origin)["detail"] == "कावेरी"
    assert not judged(PersonalName(), persona)["fails"]


@pytest.mark.parametrize(
    "persona",
    [
        "The chief minister of Tamil Nadu, who inspects a flooded tank.",
        "A 68-year-old party man who serves as the chief minister of Tamil Nadu.",
        "A lawyer and chief minister of Kerala who opens bridges.",
        "एक वकील जो राज्य के मुख्यमंत्री के रूप में काम करता है।",
    ],
)
def test_who_holds_an_office_that_one_living_person_holds_is_real(persona: str) -> None:
    assert judged(PersonalName(forbid="real_people"), persona)["fails"]


@pytest.mark.parametrize(
    "persona",
    [
        "A voter who wrote to the chief minister about a culvert.",
        "A widow helped by the chief minister's relief fund in Salem.",
        "A clerk who was trained under the Prime Minister scheme in Salem.",
    ],
)
def test_who_has_to_do_with_such_an_office_is_not(persona: str) -> None:
    assert not judged(PersonalName(), persona)["fails"]


def test_what_the_list_says_counts_and_where_it_lies_does_not(people: Path) -> None:
    other = people.with_name("moved.csv")
    other.write_text(LIST, "utf-8")
    first = PersonalName(people=str(people)).fingerprint("up")
    assert first == PersonalName(people=str(other)).fingerprint("up")
    assert first != PersonalName().fingerprint("up")
    other.write_text(LIST + "Ravi Tamhane,,,\n", "utf-8")
    assert first != PersonalName(people=str(other)).fingerprint("up")
    with pytest.raises(SourceError):
        PersonalName(people=str(people / "nowhere")).fingerprint("up")


def test_a_recipe_finds_the_list_beside_it(people: Path) -> None:
    text = (
        "sources: [{kind: personas, path: set.jsonl, licence: unknown, name: set}]\n"
        "stages: [{personal_name: {people: people.csv}}]\n"
    )
    recipe = parse_recipe(text).placed_at(people.parent)
    [stage] = [one for one in recipe.stages if isinstance(one, PersonalName)]
    assert stage.people == str(people)
