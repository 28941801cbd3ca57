"""The gate refuses what its thresholds do not allow, or the card tells why it was published."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub_factory import make_hub
from indic_persona_hub import records
from indic_persona_hub.release.gate import MEASURES, GateError, outcome_of
from indic_persona_hub.release.proofs import GateProof, Outcome
from indic_persona_hub.release.publish import publish
from indic_persona_hub.release.verify import verify
from indic_persona_hub.run.catalogue import stages
from indic_persona_hub.run.hub import Hub, read_file, write_file
from indic_persona_hub.run.settings import Gate, ReleaseSettings
from indic_persona_hub.run.starter import demo_recipe

REASON = "A lab's own test | of *names*."


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    return make_hub(tmp_path / "hub")


def kept_of(hub: Hub) -> list[str]:
    verdicts = hub.read("verdicts")
    return sorted(verdicts.filter(verdicts["kept"])["id"].to_pylist())


def judged(hub: Hub, judge: str, values: dict[str, float], *, fails: bool = False) -> None:
    """Evidence of a judge on every persona: these values, 0 for all others."""
    for path in hub.files("personas"):
        rows = [
            {
                "id": one,
                "value": values.get(one, 0.0),
                "score": 1 / (1 + values.get(one, 0.0)),
                "fails": fails and one in values,
                "detail": "",
            }
            for one in read_file(path, ["id"])["id"].to_pylist()
        ]
        table = pa.Table.from_pylist(rows, records.EVIDENCE)
        write_file(hub.path / "evidence" / judge / path.name, table)


def gated(**limits: Any) -> ReleaseSettings:
    return ReleaseSettings(gate=Gate(**limits))


def card_of(release: Path) -> str:
    return (release / "README.md").read_text("utf-8")


def proof_of(release: Path) -> dict[str, Any]:
    return dict(json.loads((release / "manifest.json").read_bytes())["gate"])


def test_what_was_not_measured_is_said_and_refuses_nothing_unless_asked(
    hub: Hub, tmp_path: Path
) -> None:
    release = publish(hub, tmp_path / "out", settings=gated()).path
    assert {one["measure"]: one["found"] for one in proof_of(release)["outcomes"]} == {
        **{measure.name: None for measure in MEASURES},
        "below_k": 0,
    }
    assert "not measured" in card_of(release)
    with pytest.raises(GateError, match="toxicity not measured"):
        publish(hub, tmp_path / "out", settings=gated(unmeasured="refuse"))


def test_one_identifier_too_many_is_refused_whatever_the_judge_allows(
    hub: Hub, tmp_path: Path
) -> None:
    first, second, *_ = kept_of(hub)
    judged(hub, "contact_data", {first: 1.0, second: 4.0})
    with pytest.raises(GateError, match="identifiers 2") as refusal:
        publish(hub, tmp_path / "out", settings=gated())
    assert not (tmp_path / "out").exists()
    report = refusal.value.report
    assert report is not None
    assert report.worst["identifiers"] == [second, first], "the worst first"


def test_the_refusal_names_what_to_change(hub: Hub, tmp_path: Path) -> None:
    judged(hub, "personal_name", {kept_of(hub)[0]: 1.0})
    with pytest.raises(GateError, match=r"Tighten stages\.personal_name\.max_names"):
        publish(hub, tmp_path / "out", settings=gated())
    settings = gated(unmeasured="refuse", personal_names=None)
    with pytest.raises(GateError, match=r"Add contact_data, copied_text, .* to `stages`"):
        publish(hub, tmp_path / "out", settings=settings)


def test_a_judge_that_the_recipe_has_no_more_measures_nothing(hub: Hub, tmp_path: Path) -> None:
    (hub.path / "evidence" / "toxicity").mkdir()  # a build leaves the folder, without its files
    release = publish(hub, tmp_path / "out", settings=gated()).path
    assert {one["measure"]: one["found"] for one in proof_of(release)["outcomes"]}[
        "toxicity"
    ] is None


@given(
    found=st.none() | st.integers(0, 17), limit=st.none() | st.floats(0, 1), passed=st.booleans()
)
def test_an_outcome_that_its_numbers_do_not_bear_out_is_told(
    found: int | None, limit: float | None, passed: bool
) -> None:
    outcome = Outcome(measure="identifiers", found=found, limit=limit, passed=passed)
    proof = GateProof(outcomes=[outcome], override=None if passed else REASON)
    right = outcome_of("identifiers", found, 17, Gate(identifiers=limit)).passed
    measured = found is not None or limit is None  # else the recipe says whether it passes
    expected = ["identifiers"] if measured and passed != right else []
    assert proof.contradictions(17) == expected
    hidden = GateProof(outcomes=[outcome], override=REASON if passed else None)
    assert hidden.contradictions(17) == [*expected, "override"]


def test_only_kept_personas_count(hub: Hub, tmp_path: Path) -> None:
    kept = set(kept_of(hub))
    others = [one for one in hub.read("personas")["id"].to_pylist() if one not in kept]
    judged(hub, "contact_data", dict.fromkeys(others, 1.0))
    assert others
    assert publish(hub, tmp_path / "out", settings=gated()).rows == len(kept)


def test_a_share_is_allowed_up_to_the_limit_itself(hub: Hub, tmp_path: Path) -> None:
    kept = kept_of(hub)
    judged(hub, "personal_name", dict.fromkeys(kept[:2], 1.0))
    exact = 2 / len(kept)
    publish(hub, tmp_path / "out", settings=gated(personal_names=exact))
    publish(hub, tmp_path / "out", settings=gated(personal_names=None))
    with pytest.raises(GateError):
        publish(hub, tmp_path / "out", settings=gated(personal_names=exact * 0.99))


def test_evidence_of_a_set_judge_counts_each_persona_once(hub: Hub, tmp_path: Path) -> None:
    kept = kept_of(hub)
    for number in range(2):
        rows = [
            {"id": one, "value": 0.95, "score": 0.05, "fails": False, "detail": ""}
            for one in kept
            if records.slice_of(one, 2) == number
        ]
        table = pa.Table.from_pylist(rows, records.EVIDENCE)
        for judge in ("exact_duplicates", "near_duplicates"):
            write_file(hub.table_path(f"evidence/{judge}", number), table)
    with pytest.raises(GateError, match=f"duplicates {len(kept)}"):
        publish(hub, tmp_path / "out", settings=gated())


def test_an_override_is_told_on_the_card_and_in_the_manifest(hub: Hub, tmp_path: Path) -> None:
    judged(hub, "personal_name", {kept_of(hub)[0]: 1.0})
    release = publish(hub, tmp_path / "out", settings=gated(), override=REASON).path
    assert proof_of(release)["override"] == REASON
    assert "Published although it did not pass" in card_of(release)
    assert r"A lab's own test \| of \*names\*." in card_of(release)
    assert verify(release).problems == []


def test_an_override_that_was_not_needed_is_not_told(hub: Hub, tmp_path: Path) -> None:
    release = publish(hub, tmp_path / "out", settings=gated(), override=REASON).path
    assert proof_of(release)["override"] is None
    assert "although" not in card_of(release)


def test_a_refusal_leaves_the_earlier_release_as_it_was(hub: Hub, tmp_path: Path) -> None:
    release = publish(hub, tmp_path / "out", settings=gated()).path
    before = {path: path.read_bytes() for path in release.rglob("*") if path.is_file()}
    judged(hub, "personal_name", {kept_of(hub)[0]: 1.0})
    with pytest.raises(GateError):
        publish(hub, release, settings=gated())
    assert {path: path.read_bytes() for path in release.rglob("*") if path.is_file()} == before


def test_every_measure_has_a_threshold_and_every_threshold_a_measure() -> None:
    limits = Gate.model_fields.keys() - {"unmeasured"}
    assert {measure.name for measure in MEASURES} == limits


def test_the_judges_of_the_measures_are_in_the_catalogue() -> None:
    named = {judge for measure in MEASURES for judge in measure.judges}
    assert named <= stages().keys()


@given(found=st.integers(0, 17), limit=st.floats(0, 1))
def test_more_than_the_share_never_passes(found: int, limit: float) -> None:
    outcome = outcome_of("identifiers", found, 17, Gate(identifiers=limit))
    assert outcome.passed == (found / 17 <= limit)


def test_the_cure_names_what_lets_it_through_and_that_a_build_comes_first(
    hub: Hub, tmp_path: Path
) -> None:
    """A release reads the recipe of the hub, which a build puts there."""
    with pytest.raises(GateError) as unmeasured:
        publish(hub, tmp_path / "out", settings=gated(unmeasured="refuse"))
    cure = unmeasured.value.cure
    assert "set `release.gate.unmeasured` to `allow` in the recipe and build again" in cure
    assert "raise the limit" not in cure
    judged(hub, "contact_data", {kept_of(hub)[0]: 2.0})
    with pytest.raises(GateError) as measured:
        publish(hub, tmp_path / "out", settings=gated())
    assert "raise the limit of `release.gate` in the recipe and build again" in measured.value.cure
    assert "unmeasured" not in measured.value.cure


def test_the_command_refuses_with_a_table_and_a_code_of_its_own(hub: Hub, tmp_path: Path) -> None:
    worst = kept_of(hub)[0]
    judged(hub, "contact_data", {worst: 2.0})
    recipe = demo_recipe(tmp_path, local=False)
    engine = recipe.engine.model_copy(update={"slices": 2})
    text = recipe.model_copy(update={"engine": engine}).to_yaml()
    (hub.path / "recipe.yaml").write_text(text, encoding="utf-8")
    command = [
        sys.executable, "-c", "from indic_persona_hub.cli import main; main()",
        "release", str(hub.path), "--out", str(tmp_path / "out"),
    ]  # fmt: skip
    refused = subprocess.run(command, capture_output=True, text=True, check=False)
    assert refused.returncode == 8
    assert worst in refused.stdout
    assert "--override REASON" in refused.stderr
    done = subprocess.run(
        [*command, "--override", "Seen and accepted."], capture_output=True, text=True, check=True
    )
    assert "Release:" in done.stdout
    assert "Seen and accepted." in card_of(tmp_path / "out")
