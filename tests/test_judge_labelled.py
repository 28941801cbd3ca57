"""Personas labelled by hand (judge_labelled.jsonl): every bad one is failed by the judge that it
was written for, and no good one by any."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from judge_rows import ROW_JUDGES, evidence_on, row

SHOTS = (
    "A 17-year-old in Kota who took a drop year after missing the medical entrance by nine marks.",
    "A 52-year-old toddy tapper in Palakkad who climbs forty palms before breakfast and hides his "
    "knee pain from the cooperative.\nField: toddy tapping",
    '{"persona": "A retired postmaster in Almora writes pension letters for widows and keeps their '
    'envelopes in a trunk.", "domain_label": "post office", "attributes": []}',
)

ORIGINS = {
    "passage": (
        "The Kerala Fishermen's Welfare Fund Board invites applications for housing assistance "
        "from active fishermen who have been members of the fund for at least three years and who "
        "do not own a house in their own name. Applicants must attach a caste certificate, an "
        "income certificate and two photographs, and submit them to the Regional Executive before "
        "the last working day of the month. Women who dry and sell fish may apply through their "
        "own cooperative societies."
    ),
    "parent": (
        "A 34-year-old fish vendor in Kochi who carries sardines from the harbour to three housing "
        "colonies and keeps her daughter's school fees in a biscuit tin."
    ),
}

LABELLED: list[dict[str, Any]] = [
    json.loads(line)
    for line in Path(__file__).with_name("judge_labelled.jsonl").read_text("utf-8").splitlines()
]
BAD = [one for one in LABELLED if one["judge"]]
GOOD = [one for one in LABELLED if not one["judge"]]


def judged(labelled: list[dict[str, Any]]) -> list[dict[str, dict[str, Any]]]:
    return evidence_on(
        row(
            one["persona"],
            language=one.get("language", "eng"),
            script=one.get("script", "Latn"),
            origin=ORIGINS.get(one.get("origin", "")),
            method="persona_to_persona" if one.get("origin") == "parent" else "text_to_persona",
            shots=SHOTS,
        )
        for one in labelled
    )


@pytest.fixture(scope="module")
def evidence() -> dict[str, dict[str, dict[str, Any]]]:
    return dict(zip((one["persona"] for one in LABELLED), judged(LABELLED), strict=True))


def test_the_list_is_long_and_covers_every_judge() -> None:
    assert len(GOOD) >= 40 and len(BAD) >= 40
    assert {one["judge"] for one in BAD} == {judge.name for judge in ROW_JUDGES}
    assert len({one.get("script", "Latn") for one in GOOD}) >= 10


@pytest.mark.parametrize("one", BAD, ids=lambda one: f"{one['judge']}: {one['persona'][:40]}")
def test_a_bad_persona_is_failed_by_its_judge(
    one: dict[str, Any], evidence: dict[str, dict[str, dict[str, Any]]]
) -> None:
    found = evidence[one["persona"]][one["judge"]]
    assert found["fails"]
    assert found["detail"] or one["judge"] == "genericness"
    assert found["score"] < 0.7


@pytest.mark.parametrize("one", GOOD, ids=lambda one: one["persona"][:50])
def test_a_good_persona_is_failed_by_no_judge(
    one: dict[str, Any], evidence: dict[str, dict[str, dict[str, Any]]]
) -> None:
    fails = {name: found for name, found in evidence[one["persona"]].items() if found["fails"]}
    assert not fails


def test_evidence_on_a_row_does_not_depend_on_its_neighbours(
    evidence: dict[str, dict[str, dict[str, Any]]],
) -> None:
    some = LABELLED[::-3]
    assert judged(some) == [evidence[one["persona"]] for one in some]
