"""Crisis, child safety and sensitive claims: what is caught, and whom the words do not condemn.

sensitive_labelled.tsv holds personas of our own in English, Hindi, romanised Hindi and some Tamil.
Those of the sets `unseen` (by the rules' author) and `stranger` (by somebody who had not read the
rules) were written and scored before any rule was changed for them; docs/sensitive.md has the
figures of those first runs. `first_trial` says again, in other words, what the first trial made;
`missed` are those that the rules still get wrong.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from time import process_time

import pytest

from indic_persona_hub.judge.harm.child_safety import ChildSafety, are_children
from indic_persona_hub.judge.harm.crisis import Crisis
from indic_persona_hub.judge.harm.others import is_of_others
from indic_persona_hub.judge.harm.sensitive_claims import SensitiveClaims
from indic_persona_hub.judge.harm.sentences import sentences
from indic_persona_hub.judge.personal_name import PersonalName
from indic_persona_hub.stage import RowJudge
from judge_rows import evidence_on, judged, row
from test_judge_labelled import LABELLED as ORDINARY

JUDGES: dict[str, RowJudge] = {
    judge.name: judge for judge in (Crisis(), ChildSafety(), SensitiveClaims())
}
with Path(__file__).with_name("sensitive_labelled.tsv").open(encoding="utf-8") as file:
    LABELLED = list(csv.DictReader(file, delimiter="\t"))


@pytest.mark.parametrize("name", JUDGES)
def test_labelled_personas_are_told_apart(name: str) -> None:
    rows = [one for one in LABELLED if one["judge"] == name]
    found = evidence_on([row(one["persona"]) for one in rows], [JUDGES[name]])
    wrong = [
        one["persona"]
        for one, evidence in zip(rows, found, strict=True)
        if evidence[name]["fails"] != (one["fails"] == "1")
    ]
    assert wrong == [one["persona"] for one in rows if one["set"] == "missed"]


def test_there_are_enough_of_each_with_traps_and_unseen_ones() -> None:
    judges = Counter(one["judge"] for one in LABELLED)
    assert min(judges.values()) >= 150
    for name in judges:
        rows = [one for one in LABELLED if one["judge"] == name]
        assert min(Counter(one["fails"] for one in rows).values()) >= 70
        assert sum(one["set"] == "unseen" for one in rows) >= 80
    assert sum(one["set"] == "missed" for one in LABELLED) < 10


def test_nobody_is_labelled_twice() -> None:
    assert len({one["persona"] for one in LABELLED}) == len(LABELLED)


def test_ordinary_personas_pass_all_three() -> None:
    found = evidence_on([row(one["persona"]) for one in ORDINARY], list(JUDGES.values()))
    failed = [
        one["persona"]
        for one, judges in zip(ORDINARY, found, strict=True)
        if any(evidence["fails"] for evidence in judges.values())
    ]
    assert failed == []


def test_the_words_that_were_found_are_shown_and_counted() -> None:
    evidence = judged(Crisis(), "A clerk in Rewa who feels suicidal and wants to end his life.")
    assert evidence["detail"] == "feels suicidal; end his life"
    assert evidence["value"] == 2
    assert evidence["score"] == pytest.approx(1 / 7)
    assert not judged(Crisis(max_phrases=2), "A clerk who wants to end his life.")["fails"]


# What the first trial of text_to_persona made of three pages.


def test_a_notice_of_a_scholarship_makes_no_paid_convert() -> None:
    persona = (
        "A young Christian student who converts to Christianity and receives financial incentives."
    )
    notice = "Scholarships for Adi Dravidar students converted to Christianity."
    assert judged(SensitiveClaims(), persona, origin=notice)["fails"]
    student = (
        "An Adi Dravidar Christian student in Salem who applied for a post-matric scholarship."
    )
    assert not judged(SensitiveClaims(), student, origin=notice)["fails"]


def test_a_question_on_euthanasia_makes_nobody_who_seeks_death() -> None:
    for persona in (
        "A man looking for a way to end his life.",
        "A man in Pune, tired of his illness, who is looking for a way to end his life.",
        "A forum member who asks where in India euthanasia is allowed and seeks a painless death.",
    ):
        assert judged(Crisis(), persona)["fails"]


@pytest.mark.parametrize(
    "persona",
    [
        "The sitting chief minister of Kerala who opens a bridge and speaks to farmers.",
        "The current Chief Minister of Bihar, who reviews flood relief with his officers.",
        "Chief Minister of Tamil Nadu who announced a breakfast scheme for schools.",
    ],
)
def test_a_report_makes_no_sitting_chief_minister(persona: str) -> None:
    assert judged(PersonalName(), persona)["fails"]


@pytest.mark.parametrize(
    ("persona", "child"),
    [
        ("A 17-year-old girl in Gaya who fetches water.", True),
        ("An 18-year-old woman in Gaya who fetches water.", False),
        ("A schoolgirl in Gaya who fetches water.", True),
        ("A mother of a 9-year-old boy in Gaya.", False),
        ("A boy of class 7 in Gaya who fetches water.", True),
        ("१४ साल की एक लड़की जो पानी लाती है।", True),
        ("ek 14 saal ki ladki jo paani laati hai", True),
        ("ek 34 saal ki aurat jo paani laati hai", False),
        ("A teacher of children in Gaya.", False),
    ],
)
def test_children_are_known_by_age_class_or_word(persona: str, child: bool) -> None:
    assert are_children([persona]) == [child]


@pytest.mark.parametrize(
    ("sentence", "words", "of_others"),
    [
        ("A man who wants to end his life.", "end his life", False),
        ("A man whose brother tried to end his life.", "end his life", True),
        ("A nurse who sits with a man who wants to end his life.", "end his life", True),
        ("A wife who says he will end his life.", "end his life", True),
        ("A man who lost his wife, and he wants to end his life.", "end his life", False),
        ("A man who would never end his life.", "end his life", True),
    ],
)
def test_it_is_told_of_whom_words_are_said(sentence: str, words: str, of_others: bool) -> None:
    first = sentence.index(words)
    assert is_of_others(sentence, first, first + len(words)) == of_others


def test_sentences_end_at_full_stops_of_every_script() -> None:
    assert sentences("A clerk. She sings! वह गाती है। e.g. this stays.") == [
        "A clerk.", "She sings!", "वह गाती है। e.g. this stays.",
    ]  # fmt: skip
    assert sentences(" \n ") == []


@pytest.mark.parametrize(
    "words",
    ["jumps off bridge want to jump off the bridge ", "beats the children ", "her husband ", "a-"],
)
def test_time_grows_with_the_length_of_a_text_and_not_faster(words: str) -> None:
    """A quadratic rule takes minutes for such a text."""
    text = "A 12-year-old girl " + words * (40_000 // len(words))
    begun = process_time()
    for judge in JUDGES.values():
        judged(judge, text)
    assert process_time() - begun < 20
