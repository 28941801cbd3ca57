"""A release, or hub, whose rows have weights: every count of the audit is by weight."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indic_persona_hub.audit.audit import audit, audit_coded
from indic_persona_hub.audit.coding.coded import Coded, counted
from indic_persona_hub.audit.coding.reading import read_coded
from indic_persona_hub.audit.gaps import gaps
from indic_persona_hub.audit.report import report
from indic_persona_hub.cli.audit_tables import print_audit
from indic_persona_hub.release.layout import FORMAT
from indic_persona_hub.release.publish import publish
from indic_persona_hub.run.build import build
from indic_persona_hub.run.curation import curation_recipe
from indic_persona_hub.run.recipe import load_recipe


def release(folder: Path, lines: Sequence[tuple[str, float | None]]) -> Path:
    """A release of persons of whom the sex is stated, each with its weight."""
    (folder / "detailed").mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps({"format": FORMAT}))
    told = [
        {
            "persona": "Somebody.",
            "weight": weight,
            "attributes": {"gender": {"value": sex, "words": sex, "origin": "rule"}},
        }
        for sex, weight in lines
    ]
    text = "".join(json.dumps(line) + "\n" for line in told)
    (folder / "detailed" / "personas-00000-of-00001.jsonl").write_text(text)
    return folder


def sexes(found: dict[str, Any]) -> dict[str, int]:
    [table] = [one for one in found["tables"] if one["name"] == "sex"]
    return {one["cell"]["sex"]: one["observed"] for one in table["cells"]}


def test_a_release_with_weights_is_counted_by_weight(tmp_path: Path) -> None:
    """100 women at 1.5 and 300 men at 0.5: as many of either, and (300)^2 / 300 = 300 rows."""
    lines = [("female", 1.5)] * 100 + [("male", 0.5)] * 300
    found = audit(release(tmp_path / "release", lines))
    assert sexes(found) == {"female": 150, "male": 150}
    assert found["set"]["rows"] == 400
    assert (found["set"]["weighted"], found["set"]["effective_rows"]) == (True, 300)
    assert not any(one["where"] == "sex" for one in found["alarms"])


def test_the_same_rows_without_weights_are_counted_once_each(tmp_path: Path) -> None:
    lines = [("female", None)] * 100 + [("male", None)] * 300
    found = audit(release(tmp_path / "release", lines))
    assert sexes(found) == {"female": 100, "male": 300}
    assert "weighted" not in found["set"]
    assert any("Too few personas with sex female" in one["what"] for one in found["alarms"])


def test_a_row_of_weight_0_is_as_if_it_were_not_there(tmp_path: Path) -> None:
    lines = [("female", 2.0)] * 10 + [("male", 2.0)] * 10
    some = audit(release(tmp_path / "some", lines))
    more = audit(release(tmp_path / "more", [*lines, *[("male", 0.0)] * 50]))
    assert more["set"]["rows"] == 20
    assert more["set"]["rejected"] == {}
    assert more["tables"] == some["tables"]


@pytest.mark.parametrize("weight", [-1.0, "much", True, float("inf"), float("nan")])
def test_a_weight_that_is_none_is_a_reason_on_its_row(tmp_path: Path, weight: Any) -> None:
    coded = read_coded(release(tmp_path / "release", [("male", 1.0), ("female", weight)]))
    assert (coded.rows, coded.rejected) == (1, {"bad_weight": 1})


def test_page_and_terminal_say_that_rows_have_weights(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [("female", 1.5)] * 100 + [("male", 0.5)] * 300
    found = audit(release(tmp_path / "release", lines))
    print_audit(found)
    for said in (capsys.readouterr().out, report(found)):
        assert "the 400 rows count by weight" in said
        assert "as 300 rows" in said


def test_gaps_are_of_the_rows_by_weight(tmp_path: Path) -> None:
    """1,000 men of weight 0.01 are no crowd beside 100 women."""
    lines = [("female", 1.0)] * 100 + [("male", 0.01)] * 1_000
    [lacking] = gaps(read_coded(release(tmp_path / "release", lines)))
    assert lacking["cell"] == {"sex": "male"}


weights = st.lists(st.floats(0.001, 100), min_size=1, max_size=200)


@given(weights, st.integers(0, 2**32 - 1))
def test_weighted_counts_come_to_kish_and_are_off_by_one_at_most(
    drawn: list[float], seed: int
) -> None:
    chance = np.random.default_rng(seed)
    given_weights = np.array(drawn)
    codes = chance.integers(-1, 9, len(drawn)).astype(np.int16)
    sex = chance.integers(0, 2, len(drawn)).astype(np.int16)
    coded = Coded(len(drawn), {"age_band": codes, "sex": sex}, weights=given_weights)
    kish = given_weights.sum() ** 2 / np.square(given_weights).sum()
    assert abs(coded.counted_rows - kish) <= 0.5 + 1e-6
    cells = counted(coded, ("age_band", "sex"))
    for age in range(9):
        for one in range(2):
            share = given_weights[(codes == age) & (sex == one)].sum() / given_weights.sum()
            assert abs(cells[age, one] - share * kish) < 1 + 1e-6
    known = given_weights[codes >= 0].sum() / given_weights.sum()
    assert abs(cells.sum() - known * kish) <= 0.5 + 1e-6


@given(st.lists(st.integers(-1, 1), min_size=1, max_size=60), st.floats(0.01, 50))
def test_equal_weights_of_any_size_change_no_count(drawn: list[int], weight: float) -> None:
    codes = np.array(drawn, np.int16)
    plain = Coded(len(codes), {"sex": codes})
    weighted = Coded(len(codes), {"sex": codes}, weights=np.full(len(codes), weight))
    assert weighted.counted_rows == plain.counted_rows
    np.testing.assert_array_equal(counted(weighted, ("sex",)), counted(plain, ("sex",)))


def test_weights_that_set_a_skew_right_raise_no_alarm() -> None:
    """Twice the urban share with half the weight is the country; without weights it is not."""
    chance = np.random.default_rng(5)
    urban = (chance.random(20_000) < 0.62).astype(np.int16)
    country = np.where(urban == 1, 0.3114 / 0.62, 0.6886 / 0.38)
    codes = {"residence": urban}
    assert audit_coded(Coded(20_000, codes), "set")["alarms"]
    assert audit_coded(Coded(20_000, codes, weights=country), "set")["alarms"] == []


def test_a_hub_with_weights_and_its_release_say_the_same(tmp_path: Path) -> None:
    who = ("man", "woman", "woman")
    told = [
        f"A {20 + n % 50}-year-old {who[n % 3]} farmer from a village in Bihar, with {n} looms."
        for n in range(40)
    ]
    pq.write_table(pa.table({"persona": told}), tmp_path / "set.parquet")
    build(curation_recipe(tmp_path / "set.parquet", tmp_path))
    changes = ("select.represent={tables: [state_residence_sex_age], release: weights}",)
    recipe = load_recipe(tmp_path / "hub" / "recipe.yaml", changes)
    publish(build(recipe), tmp_path / "release", settings=recipe.release)
    hub, released = (read_coded(tmp_path / name) for name in ("hub", "release"))
    assert hub.weights is not None and released.weights is not None
    assert len(set(hub.weights.tolist())) > 1
    np.testing.assert_allclose(np.sort(hub.weights), np.sort(released.weights), atol=1e-6)
    assert hub.counted_rows == pytest.approx(released.counted_rows, abs=1)
