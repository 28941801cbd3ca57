"""The audit of pools drawn from the official joint tables: fair ones raise no alarm, planted skews
are found and stand first.
"""

import json
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

sys.path.append(str(Path(__file__).parents[1] / "benchmarks"))

from audit_pools import SKEWS, coded, fair_pool, skewed_pool

from indic_persona_hub.audit.audit import audit_coded
from indic_persona_hub.audit.coding.coded import Coded
from indic_persona_hub.audit.gaps import gaps
from indic_persona_hub.errors import HubError
from indic_persona_hub.reference.dimensions import DIMENSIONS

ROWS = 50_000


@cache
def audit_of(*skews: str) -> dict[str, Any]:
    pool = skewed_pool(ROWS, skews, np.random.default_rng(11))
    return audit_coded(coded(pool), "pool")


def table(found: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in found["tables"] if one["name"] == name)


def pair(found: dict[str, Any], *names: str) -> dict[str, Any]:
    return next(one for one in found["independence"] if set(one["pair"]) == set(names))


def first_alarm(found: dict[str, Any], where: str) -> str:
    return next(one["what"] for one in found["alarms"] if one["where"] == where)


def all_together(*skews: str) -> list[tuple[str, ...]]:
    return [skews, SKEWS]


@pytest.mark.parametrize("rows", [1_000, 20_000])
def test_fair_pools_raise_no_alarm(rows: int) -> None:
    for draw in range(10):
        pool = fair_pool(rows, np.random.default_rng([rows, draw]))
        found = audit_coded(coded(pool), "pool")
        assert found["alarms"] == []
        assert not any(one["flagged"] for one in (*found["tables"], *found["low_visibility"]))


@pytest.mark.parametrize("skews", all_together("no_goa"))
def test_a_missing_small_state_stands_first(skews: tuple[str, ...]) -> None:
    found = audit_of(*skews)
    worst = table(found, "state")["cells"][0]
    assert worst["cell"] == {"state": "IN-GA"}
    assert worst["label"] == "Goa"
    assert (worst["observed"], worst["flagged"]) == (0, True)
    assert first_alarm(found, "state") == "No persona of Goa: 60 of 50,000 expected."


@pytest.mark.parametrize("skews", all_together("none_over_60"))
def test_an_age_without_persons_stands_first(skews: tuple[str, ...]) -> None:
    found = audit_of(*skews)
    cells = table(found, "age_band")["cells"]
    assert [one["cell"]["age_band"] for one in cells[:2]] == ["60-74", "75+"]
    assert found["alarms"][0]["what"].startswith("Elderly persons (60 and over): none of 50,000")
    elderly = next(one for one in found["low_visibility"] if one["group"] == "elderly")
    assert (elderly["observed"], elderly["flagged"]) == (0, True)


@pytest.mark.parametrize("skews", all_together("twice_urban"))
def test_twice_the_urban_share_stands_first(skews: tuple[str, ...]) -> None:
    found = audit_of(*skews)
    worst = table(found, "residence")["cells"][0]
    assert worst["cell"] == {"residence": "urban"}
    assert worst["ratio"] == pytest.approx(2, abs=0.05)
    low, high = worst["interval"]
    assert low < worst["ratio"] < high
    assert "urban" in first_alarm(found, "residence")


def test_twice_the_urban_share_alone_leads_and_weakens_no_pair() -> None:
    found = audit_of("twice_urban")
    assert found["alarms"][0]["where"] == "residence"
    assert {one["verdict"] for one in found["independence"]} <= {"kept", "too few rows"}
    assert not any(one["where"] == "independence" for one in found["alarms"])


@pytest.mark.parametrize("skews", all_together("sex_apart_from_work"))
def test_sex_and_work_that_do_not_go_together_are_named(skews: tuple[str, ...]) -> None:
    found = audit_of(*skews)
    broken = pair(found, "sex", "work_class")
    assert broken["verdict"] == "independent"
    assert abs(broken["kept_share"]) < 0.1
    assert broken["association_observed"] < broken["association_official"] / 10
    assert first_alarm(found, "independence").startswith(
        "Occupation division and sex do not go together"
    )
    assert pair(found, "sex", "occupation_division")["verdict"] == "independent"
    assert pair(found, "state", "language")["verdict"] == "kept"


def test_in_its_joint_table_the_broken_pair_leads_with_the_women_who_work_elsewhere() -> None:
    worst = table(audit_of("sex_apart_from_work"), "residence_sex_work_class")["cells"][0]
    assert (worst["cell"]["sex"], worst["flagged"]) == ("female", True)


def test_numbers_of_a_table_belong_together() -> None:
    for one in audit_of(*SKEWS)["tables"]:
        observed = sum(cell["observed"] for cell in one["cells"])
        expected = sum(cell["expected"] for cell in one["cells"])
        assert observed == one["rows_known"]
        assert expected == pytest.approx(one["rows_known"], rel=1e-4)
        assert one["unknown_share"] == pytest.approx(1 - observed / ROWS, abs=1e-6)
        assert one["flagged"] == sum(cell["flagged"] for cell in one["cells"])
        apart = sum(abs(cell["observed"] - cell["expected"]) for cell in one["cells"]) / 2
        assert one["total_variation"] == pytest.approx(apart / observed, rel=1e-3)
        assert 0 <= one["js_divergence"] <= one["total_variation"] <= 1
        flags = [cell["flagged"] for cell in one["cells"]]
        assert flags == sorted(flags, reverse=True)


def test_the_same_set_gives_the_same_bytes() -> None:
    pool = skewed_pool(5_000, SKEWS, np.random.default_rng(2))
    texts = [json.dumps(audit_coded(coded(pool), "pool")) for _ in range(2)]
    assert texts[0] == texts[1]


def test_unknown_rows_are_left_out_and_said() -> None:
    pool = fair_pool(4_000, np.random.default_rng(3))
    more = {name: np.append(codes, np.full(6_000, -1, np.int16)) for name, codes in pool.items()}
    one, other = (audit_coded(coded(codes), "pool") for codes in (pool, more))
    for before, after in zip(one["tables"], other["tables"], strict=True):
        assert after["cells"] == before["cells"]
        assert after["unknown_share"] >= 0.6


def test_a_set_that_states_nothing_says_so_in_one_sentence() -> None:
    nothing = {name: np.full(100, -1, np.int16) for name in DIMENSIONS}
    found = audit_coded(Coded(100, nothing), "pool")
    (alarm,) = found["alarms"]
    assert alarm["where"] == "set"
    assert "nothing can be compared" in alarm["what"]
    assert {one["unknown_share"] for one in found["tables"]} == {1.0}
    assert all(one["total_variation"] is None for one in found["tables"])
    json.dumps(found, allow_nan=False)


def test_an_empty_set_is_audited_too() -> None:
    found = audit_coded(Coded(0, {}), "pool")
    assert len(found["alarms"]) == 1
    json.dumps(found, allow_nan=False)


def test_a_later_year_is_that_of_the_projection() -> None:
    pool = coded(fair_pool(20_000, np.random.default_rng(4)))
    found = audit_coded(pool, "pool", year=2026)
    assert found["reference"]["year"] == 2026
    now = {cell["label"]: cell["expected"] for cell in table(found, "state")["cells"]}
    then = audit_coded(pool, "pool")
    before = {cell["label"]: cell["expected"] for cell in table(then, "state")["cells"]}
    assert now["Bihar"] > before["Bihar"]
    assert now["Kerala"] < before["Kerala"]
    with pytest.raises(HubError, match="1999"):
        audit_coded(pool, "pool", year=1999)


def test_gaps_name_who_is_missing_and_how_many() -> None:
    pool = coded(skewed_pool(ROWS, ("none_over_60",), np.random.default_rng(5)))
    found = gaps(pool)
    deficits = [one["deficit"] for one in found]
    assert deficits == sorted(deficits, reverse=True)
    assert min(deficits) >= 1
    for one in found:
        assert one["deficit"] == one["wanted"] - one["observed"]
        assert abs(one["wanted"] - one["expected"]) < 1
    ages = [one for one in found if one["table"] == "state_residence_sex_age"]
    assert {one["cell"]["age_band"] for one in ages[:20]} == {"60-74"}


def test_gaps_with_k_want_so_many_wherever_anybody_lives() -> None:
    pool = coded(fair_pool(2_000, np.random.default_rng(6)))
    found = [one for one in gaps(pool, k=20) if one["table"] == "state_religion"]
    assert all(one["wanted"] >= 20 for one in found)
    lacking = {one["label"] for one in found}
    assert "Lakshadweep, Hindu" in lacking


def group(found: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in found["low_visibility"] if one["group"] == name)


def test_silence_about_a_disability_is_not_none() -> None:
    """A text says who is blind; of all others it is silent. What it says is a bound."""
    pool = fair_pool(20_000, np.random.default_rng(7))
    told = np.where(pool["disability"] == 0, -1, pool["disability"])
    found = audit_coded(coded({**pool, "disability": told}), "pool")
    kinds = table(found, "disability")
    assert kinds["population"] == "persons with a disability"
    assert kinds["rows_known"] == int((told > 0).sum())
    stated = group(found, "disability")
    assert (stated["at_least"], stated["rows"], stated["flagged"]) == (True, 20_000, False)
    assert stated["observed_share"] == pytest.approx(0.022, abs=0.004)
    assert stated["unknown_share"] > 0.97
    assert found["alarms"] == []


def test_a_group_of_which_nothing_is_said_is_unknown_and_not_missing() -> None:
    pool = fair_pool(5_000, np.random.default_rng(8))
    found = audit_coded(coded({**pool, "community": np.full(5_000, -1, np.int16)}), "pool")
    tribes = group(found, "scheduled_tribes")
    assert (tribes["observed_share"], tribes["ratio"], tribes["flagged"]) == (None, None, False)
    assert found["alarms"] == []


def test_a_group_that_columns_leave_out_is_too_small_for_sure() -> None:
    """Where every row says its community, silence is no excuse; where half do, they speak."""
    pool = fair_pool(20_000, np.random.default_rng(9))
    without = np.where(pool["community"] == 1, 2, pool["community"]).astype(np.int16)
    for told in (without, np.where(np.arange(20_000) % 2, without, -1)):
        found = audit_coded(coded({**pool, "community": told}), "pool")
        tribes = group(found, "scheduled_tribes")
        assert (tribes["observed"], tribes["flagged"]) == (0, True)
        assert first_alarm(found, "community").startswith("No persona of community Scheduled Trib")
        assert "low_visibility" not in {one["where"] for one in found["alarms"]}


def test_a_group_that_texts_name_alone_is_not_called_too_large() -> None:
    """A text names a caste or tribe and is silent about all others."""
    pool = fair_pool(20_000, np.random.default_rng(10))
    told = np.where(pool["community"] == 2, -1, pool["community"]).astype(np.int16)
    found = audit_coded(coded({**pool, "community": told}), "pool")
    tribes = group(found, "scheduled_tribes")
    assert (tribes["at_least"], tribes["flagged"]) == (True, False)
    assert tribes["observed_share"] == pytest.approx(0.086, abs=0.01)
    assert table(found, "community")["flagged"] == 0
    assert found["alarms"] == []
    lacking = gaps(coded({**pool, "community": told}))
    assert not any(one["cell"].get("community") == "other" for one in lacking)


def test_a_group_that_texts_name_too_often_is_found_all_the_same() -> None:
    pool = fair_pool(20_000, np.random.default_rng(10))
    told = np.where(np.arange(20_000) % 3, -1, np.arange(20_000) % 2).astype(np.int16)
    found = audit_coded(coded({**pool, "community": told}), "pool")
    assert first_alarm(found, "community").startswith("Too many personas of community Scheduled T")
    flagged = [one["cell"] for one in table(found, "community")["cells"] if one["flagged"]]
    assert flagged == [{"community": "scheduled_tribe"}]


def test_the_audit_remembers_how_columns_were_mapped() -> None:
    pool = coded(fair_pool(100, np.random.default_rng(12)))
    found = audit_coded(pool, "pool", fields={"state": "home", "persona": "words"})
    assert found["set"]["fields"] == {"persona": "words", "state": "home"}
