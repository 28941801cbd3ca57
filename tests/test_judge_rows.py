"""What each row judge takes for a fault, and what it does not."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indic_persona_hub.judge.contact_data import ContactData
from indic_persona_hub.judge.form import Form
from indic_persona_hub.judge.genericness import Genericness
from indic_persona_hub.judge.hedging import Hedging
from indic_persona_hub.judge.india_centric import IndiaCentric
from indic_persona_hub.judge.not_a_person import NotAPerson
from indic_persona_hub.judge.personal_name import PersonalName
from indic_persona_hub.judge.source_leakage import SourceLeakage
from judge_rows import evidence_on, judged, row

SEED = Path(__file__).parents[2] / "shared" / "seed.md"
PERSONA = "A 34-year-old fish vendor in Kochi who keeps her daughter's fees in a biscuit tin."

pieces = st.sampled_from(
    "A farmer in Nashik|who might|is likely to|sell|onions|this article|named Sita|98640 12345|"
    'Apply|the scheme|एक किसान|शायद|நெசவாளர்|₹500|(|"|।|.|?|,|- |\n|\u200d|ज़|染|🙂|Persona:'.split(
        "|"
    )
)
texts = st.one_of(st.text(max_size=60), st.lists(pieces, max_size=14).map(" ".join))


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(texts, texts, st.lists(texts, max_size=2)), min_size=9, max_size=30))
def test_evidence_is_in_form_whatever_the_text(rows: list[tuple[str, str, list[str]]]) -> None:
    found = evidence_on(
        row(persona, origin=origin, shots=shots, method=method)
        for persona, origin, shots in rows
        for method in ("text_to_persona", "persona_to_persona")
    )
    for judges in found:
        for evidence in judges.values():
            assert 0 <= evidence["score"] <= 1
            assert evidence["value"] is not None
            assert evidence["fails"] in (True, False)
            assert evidence["detail"] is not None


@pytest.mark.skipif(not SEED.exists(), reason="../shared is not here")
def test_the_example_of_the_seed_hedges_and_leaks_its_source() -> None:
    match = re.search(r'"persona": "(.*?)",\n', SEED.read_text("utf-8"))
    assert match
    evidence = evidence_on([row(match.group(1))])[0]
    assert evidence["hedging"]["fails"]
    assert evidence["hedging"]["value"] > 2
    assert evidence["source_leakage"]["fails"]
    assert "the course readings" in evidence["source_leakage"]["detail"]


@pytest.mark.parametrize(
    "persona",
    [
        "A shepherd in Kinnaur who wonders whether his son might come back from Chandigarh.",
        "A mother in Gaya who borrows in May so that her twins may sit for the entrance test.",
        "A mason in Dhule who mends walls that could be washed away by the next flood.",
    ],
)
def test_the_personas_own_doubts_are_no_hedge(persona: str) -> None:
    assert judged(Hedging(), persona)["value"] == 0


def test_hedges_are_counted_per_hundred_words() -> None:
    evidence = judged(Hedging(), "A clerk who might sing and perhaps dance " + "la " * 12)
    assert evidence["value"] == pytest.approx(10)
    assert evidence["detail"] == "might; perhaps"
    assert not judged(Hedging(max_per_100_words=10), "She might " + "la " * 18)["fails"]


@pytest.mark.parametrize(
    "persona",
    [
        "A grandmother who tells the story of the crow to children in Puri.",
        "A notary in Satna who proofreads the text of wedding cards for a printer.",
        "The author of three Odia novels, she runs a pharmacy in Balangir.",
        "A farmer in Karnal who sows according to the almanac of his grandfather.",
    ],
)
def test_ones_own_stories_and_papers_are_no_leak(persona: str) -> None:
    assert judged(SourceLeakage(), persona)["value"] == 0


@pytest.mark.parametrize(
    "persona",
    [
        "A farmer group leader in Latur.",
        "A bank manager of a small branch in Rewa.",
        "A family doctor who cycles through Hajo.",
        "A school bus driver working in Panaji.",
        "The head of the department of botany at a college in Ooty.",
        "A city-based designer who misses the hills.",
        "Retired schoolteacher in Guna who grows roses.",
        "Amina's mother, who rolls papads at home.",
        "This 60-year-old mask maker in Majuli.",
        "In a village near Patna, a widow sells lamps.",
        "A law student awarded a scholarship by a trust.",
        "Call centre worker in Gurugram who sleeps by day.",
        "The only woman in a village council of nine men.",
        "एक सरकारी स्कूल की रसोइया जो सबको खिलाती है।",
    ],
)
def test_persons_are_recognised(persona: str) -> None:
    assert not judged(NotAPerson(), persona)["fails"]


@pytest.mark.parametrize(
    "persona",
    [
        "A farmers' cooperative in Anand that collects milk twice a day.",
        "Students of class ten in Kota who live in hostels.",
        "Two brothers who drive the same rickshaw in Patna.",
        "The office of the district collector receives petitions.",
        "Women in Barmer who walk for water.",
        "There is a weaver in Mau who sings.",
        "My name is hidden and I work at a dyeing unit.",
        "Please apply at the block office.",
        "You are a helpful farmer from Punjab.",
        "आवेदन कैसे करें और किसे मिलेगा?",
    ],
)
def test_what_is_no_person_is_seen(persona: str) -> None:
    assert judged(NotAPerson(), persona)["fails"]


@pytest.mark.parametrize(
    ("persona", "words"),
    [
        ("Call 98640-12345 for milk.", "98640-12345"),
        ("+91 98640 12345 is on the board.", "+91 98640 12345"),
        ("फ़ोन ९८६४०१२३४५ पर है।", "९८६४०१२३४५"),
        ("எண் ௯௮௭௬௫௪௩௨௧௦ அழைக்கவும்.", "௯௮௭௬௫௪௩௨௧௦"),
        ("She tells all to call [phone].", "[phone]"),
        ("She writes to a.b@mail.example daily.", "a.b@mail.example"),
        ("See www.example.org/x for rates.", "www.example.org/x"),
        ("Card 4321 8765 2109 was lost.", "4321 8765 2109"),
        ("Pay to didi@okicici today.", "didi@okicici"),
        ("Lives at Almora - 263601 now.", "263601"),
        ("House No. 12 is his.", "House No. 12"),
    ],
)
def test_contact_data_is_found_in_every_script_of_digits(persona: str, words: str) -> None:
    evidence = judged(ContactData(), persona)
    assert evidence["fails"]
    assert words in evidence["detail"]


@pytest.mark.parametrize(
    "persona",
    [
        "A trader who earned Rs 250000 in 2019-2020 and owes 1,50,000 rupees.",
        "A clerk in Class 10 section B who scored 98.6 per cent in 2021.",
        "A driver on NH 44 who carries 12000 eggs from Namakkal twice a week.",
        "A worker who takes Rs.500 a day, i.e. 15000 a month.",
    ],
)
def test_other_numbers_are_no_contact_data(persona: str) -> None:
    assert not judged(ContactData(), persona)["fails"]


@pytest.mark.parametrize(
    "persona",
    [
        "A nurse at Rajiv Gandhi Hospital in Raichur.",
        "A pilgrim who walks to Sri Venkateswara temple in Tirupati.",
        "A widow who applied to the Pradhan Mantri Awas Yojana in Satara.",
        "A clerk who reads Dr. Ambedkar to his daughters.",
        "A girl from a hamlet called Rampura in Bundi.",
        "A herder with a cow named Gauri and no land.",
        "A voter in Bhiwani who wrote to the chief minister about a culvert.",
        "An Oraon woman in Gumla who brews rice beer.",
        "Class 12 student in Kota who misses home.",
        "ಶ್ರೀ ಕೃಷ್ಣ ದೇವಸ್ಥಾನದ ಬಳಿ ಹೂವು ಮಾರುವ ಹುಡುಗಿ.",
    ],
)
def test_places_schemes_and_gods_are_no_personal_names(persona: str) -> None:
    assert not judged(PersonalName(), persona)["fails"]


def test_a_character_of_the_passage_is_a_name_and_its_places_are_not() -> None:
    story = "Bekku sleeps. Bekku drinks milk near Vinchur. Everyone in Vinchur knows Bekku."
    persona = "A girl in Mumbai eats ice cream, and Bekku also likes to sit by her."
    evidence = judged(PersonalName(), persona, origin=story)
    assert evidence["fails"] and evidence["detail"] == "Bekku"
    assert not judged(PersonalName(), persona)["fails"]
    trader = "A trader who thinks Vinchur is the best yard and sleeps in his truck."
    assert not judged(PersonalName(), trader, origin=story)["fails"]


@pytest.mark.parametrize(
    ("persona", "language", "script", "breach"),
    [
        ("A weaver in Mau who sings and dyes yarn in a yard at dusk", "eng", "Latn", "stop"),
        ("Here is a weaver in Mau who sings and dyes yarn in a yard.", "eng", "Latn", "label"),
        ("**A weaver** in Mau who sings and dyes yarn in a small yard.", "eng", "Latn", "markup"),
        ("A weaver in Mau who sings 🙂 and dyes yarn in a small yard.", "eng", "Latn", "stray"),
        ("एक बुनकर जो मऊ में रहता है এবং সুতো রাঙিয়ে বাজারে বিক্রি করে থাকেন।", "hin", "Deva", "script"),
    ],
)  # fmt: skip
def test_breaches_of_form_are_named(persona: str, language: str, script: str, breach: str) -> None:
    evidence = judged(Form(), persona, language=language, script=script)
    assert evidence["fails"]
    assert breach in evidence["detail"]


@pytest.mark.parametrize("stop", [".", "।", "॥", "۔", "!", '."', ".)"])
def test_every_scripts_full_stop_ends_a_persona(stop: str) -> None:
    extra = {'."': ' who says "no', ".)": " (in Kerala"}.get(stop, "")
    assert not judged(Form(), PERSONA[:-1] + extra + stop)["fails"]


def test_a_long_persona_may_come_back_to_its_subject() -> None:
    long = " ".join(f"Of cotton seed prices he notes number {at} in blue." for at in range(3))
    filler = " ".join(f"word{at}" for at in range(60))
    assert not judged(Form(), f"{long} {filler}.")["fails"]


def test_india_is_known_by_places_script_and_life() -> None:
    def value(persona: str, **columns: Any) -> float:
        return float(judged(IndiaCentric(), persona, **columns)["value"])

    assert value("A vendor at the mandi in Nashik who owes two lakh rupees.") >= 4
    assert value("சேலத்தில் வாழும் நெசவாளர்.") == 1
    assert value("A baker who sings.") == 0
    assert value("A baker in Ohio who sings for dollars.") == -2
    assert value("A nurse from Kottayam who works in London.") == 1
    assert not judged(IndiaCentric(), "A baker who sings.")["fails"]
    assert judged(IndiaCentric(min_evidence=1), "A baker who sings.")["fails"]


def test_specific_words_are_counted_once() -> None:
    evidence = judged(Genericness(), "A weaver, a weaver, aged 40, who works in Mau.")
    assert evidence["detail"] == "weaver; 40"
    assert evidence["value"] == 2
