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


@pytest.mark.parametrize("shown", ["Zubindra Quellikar", "Quellikar Zubindra"])
def test_a_full_name_of_the_list_is_a_personal_name_whoever_is_meant(
    tmp_path: Path, shown: str
) -> None:
    listed = tmp_path / "people.txt"
    listed.write_text("Zubindra Quellikar\nMononym\n", "utf-8")
    persona = f"A trader who sells lamps to {shown} and two shops in Salem."
    strict = PersonalName(people=str(listed))
    assert judged(strict, persona)["detail"] == shown
    assert not judged(PersonalName(), persona)["fails"]
    assert not judged(PersonalName(people=str(listed), forbid="real_people"), persona)["fails"]
    for other in ("the Zubindra Quellikar Hospital", "Mononym", "a cousin of Zubindra"):
        assert not judged(strict, f"A trader who sells lamps to {other} in Salem.")["fails"]


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
        "The sitting chief minister of Bihar, who reviews flood relief.",
        "Bihar's chief minister, a veteran leader in his seventies.",
        "The CM of Kerala, who reviews dam levels.",
        "Nitish Anand, Bihar CM, who meets petitioners.",
        "Pinarayi Anandan, Chief Minister of Kerala, reads files at dawn.",
        "मुख्यमंत्री योगानंद शरणनाथ, जो रोज़ जनता से मिलते हैं।",
        "बिहार के मुख्यमंत्री नीतेश आनंद",
        "Bihar ke mukhyamantri, jo janata darbar lagate hain",
        "Maharashtra ke CM, jo kisanon se milte hain",
        "The present chief justice of India weighing a petition.",
        "An MLA from Dharavi constituency worried about drains.",
        "The Member of Parliament for Wayanad.",
        "The captain of the Indian cricket team preparing for a final.",
        "The mayor of Indore, who is proud of it.",
        "The CEO of Infosys who started as a clerk.",
        "The RBI governor worried about inflation.",
        "West Bengal's Governor, a retired lawyer.",
        "You are the Prime Minister of India.",
        "बिहार के वर्तमान मुख्यमंत्री जो बाढ़ राहत की समीक्षा करते हैं।",
        "भारत के मुख्य न्यायाधीश।",
        "अमेठी से सांसद जो सड़कें बनवाती हैं।",
        "இந்தியாவின் பிரதமர் விவசாயிகளிடம் உரையாற்றுகிறார்.",
        "পশ্চিমবঙ্গের মুখ্যমন্ত্রী যিনি কবিতা লেখেন।",
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
        "A citizen who writes letters to the chief minister of Bihar about roads.",
        "A clerk in the Chief Minister's office in Patna.",
        "A teacher of a CM Rise school in Bhopal.",
        "A farmer of Nashik who is paid by the PM Kisan scheme.",
        "मुख्यमंत्री कन्या विवाह योजना से शादी करने वाली लड़की",
        "प्रधानमंत्री बनने का सपना देखने वाली छात्रा",
        "राज्य के मुख्यमंत्री की सुरक्षा में तैनात सिपाही",
        "Pradhan Mantri Awas Yojana ka labharthi",
        "Ek kisan jo Bihar ke CM ko chitthi likhta hai",
        "A sarpanch of a village in Jodhpur district.",
        "A school captain of the cricket team in Meerut.",
        "A student who wants to become the Prime Minister of India.",
        "A farmer who met the MP from Amethi once.",
        "The founder of a self-help group in Dharwad.",
        "मुख्यमंत्री कार्यालय में काम करने वाला एक लिपिक।",
        "प्रधानमंत्री आवास योजना की लाभार्थी महिला।",
        "முதலமைச்சர் மருத்துவக் காப்பீட்டுத் திட்டத்தின் பயனாளி.",
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
