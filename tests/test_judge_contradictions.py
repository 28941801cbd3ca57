"""A persona contradicts itself only where no person could be all that it says."""

from __future__ import annotations

import daft
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indic_persona_hub.judge.contradictions import Contradictions, contradictions, judge

CONTRADICT = [
    "A 7-year-old retired clerk who feeds pigeons outside the post office.",
    "A 15-year-old professor of Sanskrit in Ujjain.",
    "A 70-year-old class 5 student who loves mathematics.",
    "A 34-year-old nurse, aged 45, in Gaya.",
    "A weaver in Patna, Kerala, who sings at weddings.",
    "A 16-year-old doctor who treats villagers in Chennai, Rajasthan.",
    "A fisherwoman who mends his nets at dawn.",
    "A fisherman and mother of three who lives in Kochi.",
    "A 9-year-old girl who lives with her husband and her three children.",
    "A 7-year-old mother of two.",
    "A retired bank clerk preparing for the class 10 exam.",
    "A 23-year-old grandmother who sells flowers.",
    "A 40-year-old toddler in Nagpur.",
    "A 12-year-old judge in Delhi.",
    "A 19-year-old waiter in his forties.",
    "A 55-year-old schoolgirl from Nagpur.",
    "8 वर्षीय सेवानिवृत्त शिक्षक जो चिड़ियों को दाना डालते हैं।",
]

AGREE = [
    "A 12-year-old boy who helps at the tea stall.",
    "A 14-year-old bride who wants to go back to school.",
    "A 13-year-old domestic worker who sends her wages home.",
    "A 16-year-old farm labourer who has not been to school since class 5.",
    "A 70-year-old woman who joined the adult literacy class and now reads in class 5.",
    "A 72-year-old class 5 student at the night school.",
    "A nurse in Patna, Bihar.",
    "A bus conductor who knows the road through Patna, Kerala and Delhi by heart.",
    "A shopkeeper in Rampur, Bihar.",
    "A software engineer in Noida, Delhi.",
    "An old pensioner in Ranchi, Bihar, who never accepted the new state.",
    "A fisherwoman whose husband lost his boat.",
    "A woman who cleans houses for an old doctor and irons his shirts.",
    "A grandmother who cooks for the temple priest on his fasting days.",
    "A 35-year-old widow who tells each student to bring his own plate.",
    "A nurse's aide, a woman who nursed Gandhi's follower and kept his letters.",
    "An elderly farmer's 17-year-old grandson who repairs phones.",
    "A 34-year-old mother of a 7-year-old girl.",
    "A 60-year-old potter whose 12-year-old grandson is a class 6 student.",
    "A 45-year-old weaver whose 40-year-old loom was his father's.",
    "A 30-year-old man who lives with his mother, a retired nurse.",
    "A 9-year-old who lives with his grandmother and her husband.",
    "A 10-year-old whose mother has three children and a husband in Dubai.",
    "A retired teacher preparing class 10 students for their exam.",
    "A retired soldier, 38, who is studying for the bank exam.",
    "A transgender woman who was raised as a boy in Thane.",
    "A 10-year-old wrestler from Sonipat who trains before school.",
    "A 22-year-old college student with 20 years of his father's debt to repay.",
    "42 वर्षीय शिक्षिका, जिसकी 12 वर्षीय बेटी कक्षा 7 की छात्रा है।",
    "",
]


@pytest.mark.parametrize("text", CONTRADICT)
def test_a_contradiction_fails_and_shows_its_words(text: str) -> None:
    evidence = judge(text)
    assert evidence.fails and evidence.score == 0 and evidence.value >= 1
    clash = evidence.detail.split("; ")[0]
    assert all(words in text for words in clash.split(" / "))


@pytest.mark.parametrize("text", AGREE)
def test_what_can_be_true_does_not_fail(text: str) -> None:
    assert contradictions(text) == []


def test_the_judge_gives_evidence_in_the_engine() -> None:
    frame = daft.from_pydict({"persona": [CONTRADICT[0], AGREE[0], None]})
    found = frame.select(Contradictions().evidence().alias("evidence")).to_pydict()["evidence"]
    assert [one["fails"] for one in found] == [True, False, False]
    assert found[0]["detail"] == "7-year-old / retired; 7-year-old / retired clerk"


WORDS = (
    "A 34-year-old 7 aged woman man fisherwoman his her husband mother retired clerk professor in "
    "Patna Kerala , . who class 5 student preparing for exam his daughter forties व 8 वर्षीय"
).split()


@given(st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join) | st.text(max_size=80))
def test_any_text_is_judged_and_clashes_are_its_own_words(text: str) -> None:
    evidence = judge(text)
    assert evidence.fails == bool(evidence.value) == (evidence.score == 0)
    for clash in contradictions(text):
        assert clash in text or all(words in text for words in clash.split(" / "))
