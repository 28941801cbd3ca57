"""The audit's numbers on arrays: exact tests, distances, false alarms, association."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from indic_persona_hub.audit import binomial
from indic_persona_hub.audit.binomial import mean_total_variation, share_interval
from indic_persona_hub.audit.compare import Comparison, compared, flag, holm, worth_saying
from indic_persona_hub.audit.coverage import coverage
from indic_persona_hub.audit.independence import judged, paired
from indic_persona_hub.audit.scaling import scaled
from indic_persona_hub.reference.official import Official

PERSONS = st.lists(st.integers(0, 10**6), min_size=2, max_size=30).filter(lambda one: sum(one) > 0)


def table(persons: list[float] | NDArray[np.float64]) -> Official:
    array = np.asarray(persons, np.float64)
    return Official("ages", ("age_band",), array, "all persons", "states", "")


def against(observed: list[int], persons: list[float], all_rows: int | None = None) -> Comparison:
    rows = np.array(observed)
    return compared(rows, all_rows or int(rows.sum()), table(persons))


@given(st.integers(1, 5_000), st.data())
def test_p_values_are_those_of_the_binomial_distribution(rows: int, data: st.DataObject) -> None:
    observed = data.draw(st.integers(0, rows))
    share = data.draw(st.floats(1e-6, 1 - 1e-6))
    found = binomial.tested(np.array([float(observed)]), rows, np.array([share]))
    tails = stats.binom.cdf(observed, rows, share), stats.binom.sf(observed - 1, rows, share)
    assert found.p_value[0] == pytest.approx(min(1, 2 * min(tails)), rel=1e-6, abs=1e-290)
    if found.p_value[0] < 0.9:
        assert (found.z[0] > 0) == (observed > rows * share)


def test_z_goes_on_where_the_tail_is_too_small_for_a_number() -> None:
    """At the seam between tail and deviance z neither jumps nor turns back."""
    observed = np.arange(4_000.0, 12_000, 10)
    z = binomial.tested(observed, 1_000_000, np.full(len(observed), 0.002)).z
    assert np.isfinite(z).all()
    assert (np.diff(z) > 0).all()
    assert np.diff(z).max() < 0.5


@given(st.integers(1, 3_000), st.data())
def test_intervals_are_those_of_clopper_and_pearson(rows: int, data: st.DataObject) -> None:
    observed = data.draw(st.integers(0, rows))
    low, high = share_interval(np.array([float(observed)]), rows, 0.025)
    exact = stats.binomtest(observed, rows).proportion_ci(0.95, "exact")
    assert (low[0], high[0]) == pytest.approx((exact.low, exact.high), rel=1e-6, abs=1e-12)


@pytest.mark.parametrize("rows", [50, 1_000, 40_000])
def test_the_total_variation_of_a_fair_draw_is_as_foretold(rows: int) -> None:
    chance = np.random.default_rng(3)
    share = chance.dirichlet(np.full(500, 0.3))
    draws = chance.multinomial(rows, share, 200) / rows
    mean = np.abs(draws - share).sum(1).mean() / 2
    assert mean_total_variation(rows, share) == pytest.approx(mean, rel=0.02)
    by_normal_curve = np.sqrt(2 * share * (1 - share) / np.pi / rows).sum() / 2
    assert mean_total_variation(rows, share) <= by_normal_curve * 1.01


@given(PERSONS, st.data())
def test_distances_lie_between_0_and_1(persons: list[int], data: st.DataObject) -> None:
    size = len(persons)
    rows = data.draw(st.lists(st.integers(0, 1_000), min_size=size, max_size=size))
    found = against(rows, list(persons))
    if not sum(rows):
        assert found.total_variation is None
        assert found.js_divergence is None
        return
    assert 0 <= found.total_variation <= 1
    assert 0 <= found.js_divergence <= 1
    assert found.js_divergence <= found.total_variation + 1e-12


@given(PERSONS, st.integers(1, 50))
def test_exact_proportions_have_no_distance_and_no_flag(persons: list[int], times: int) -> None:
    (found,) = flag([against([one * times for one in persons], list(persons))])
    assert found.total_variation == pytest.approx(0, abs=1e-12)
    assert found.js_divergence == pytest.approx(0, abs=1e-12)
    assert not found.flagged.any()


@given(PERSONS, st.data())
@settings(max_examples=50)
def test_the_order_of_the_values_means_nothing(persons: list[int], data: st.DataObject) -> None:
    size = len(persons)
    rows = data.draw(st.lists(st.integers(0, 500), min_size=size, max_size=size).filter(any))
    order = data.draw(st.permutations(range(size)))
    (one,) = flag([against(rows, list(persons))])
    (other,) = flag([against([rows[n] for n in order], [persons[n] for n in order])])
    assert other.total_variation == pytest.approx(one.total_variation)
    assert other.js_divergence == pytest.approx(one.js_divergence)
    for name in ("ratio", "low", "high", "z", "flagged"):
        assert getattr(other, name) == pytest.approx(getattr(one, name)[order], nan_ok=True)


@given(PERSONS, st.data(), st.integers(0, 10**6))
@settings(max_examples=50)
def test_unknown_rows_change_nothing_but_their_share(
    persons: list[int], data: st.DataObject, unknown: int
) -> None:
    size = len(persons)
    rows = data.draw(st.lists(st.integers(0, 500), min_size=size, max_size=size).filter(any))
    without = against(rows, list(persons))
    with_them = against(rows, list(persons), sum(rows) + unknown)
    assert with_them.unknown_share == pytest.approx(unknown / (sum(rows) + unknown))
    for name in ("ratio", "low", "high", "z", "p_value", "expected"):
        np.testing.assert_array_equal(getattr(with_them, name), getattr(without, name))


def test_where_nobody_lives_there_is_no_ratio_and_one_stray_row_is_no_alarm() -> None:
    (one,) = flag([against([1, *[100] * 99], [0, *[10**7] * 99])])
    assert np.isnan(one.ratio[0])
    assert np.isnan(one.high[0])
    assert not one.flagged[0]
    (many,) = flag([against([9, *[100] * 99], [0, *[10**7] * 99])])
    assert many.flagged[0]


def test_a_set_without_a_known_row_is_compared_with_nothing() -> None:
    (found,) = flag([against([0, 0], [3, 4], 100)])
    assert found.unknown_share == 1
    assert found.total_variation is None
    assert not found.flagged.any()
    assert np.isfinite(found.z).all()


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60))
def test_holm_rejects_no_more_than_single_tests_and_no_less_than_bonferroni(
    p_values: list[float],
) -> None:
    found = holm(np.array(p_values), 0.01)
    assert not found[np.array(p_values) > 0.01].any()
    assert found[np.array(p_values) <= 0.01 / len(p_values)].all()


def test_twenty_million_rows_do_not_flag_a_tenth_of_a_percent() -> None:
    shares = np.array([0.311, 0.689])
    rows = np.rint(20_000_000 * (shares + np.array([0.001, -0.001]))).astype(np.int64)
    found = compared(rows, int(rows.sum()), table(shares * 1e9))
    assert found.p_value.max() < 1e-20
    assert not flag([found])[0].flagged.any()
    assert worth_saying(np.array([32_200.0]), 100_000, np.array([0.311])).all()


def test_a_missing_small_cell_stands_before_large_ones_that_are_a_little_off() -> None:
    """By z alone the large cells would be first."""
    persons = [1_200, 300_000, 300_000, 398_800]
    (found,) = flag([against([0, 20_000, 12_000, 18_000], persons)])
    assert np.abs(found.z[1:]).min() > abs(found.z[0])
    assert found.worst_first()[0] == 0


def test_a_few_stray_rows_do_not_stand_before_a_missing_cell() -> None:
    """Three rows where 0.01 are expected are three hundred times too many, and no news."""
    persons = [10, 60_000, 49_939_990]
    (found,) = flag([against([3, 0, 49_997], persons)])
    assert found.ratio[0] > 100
    assert found.worst_first()[0] == 1


def test_coverage_counts_cells_and_the_people_who_live_in_them() -> None:
    found = coverage(against([19, 20, 500, 0, 7], [200, 300, 400, 100, 0]), 20)
    assert (found.cells, found.covered) == (4, 2)
    assert found.population_share == pytest.approx(0.7)
    assert found.uncovered.tolist() == [0, 3]


@given(
    st.lists(st.lists(st.floats(0.1, 100), min_size=3, max_size=3), min_size=2, max_size=5),
    st.lists(st.integers(1, 50), min_size=3, max_size=3),
)
def test_scaling_reaches_the_sums_and_keeps_the_odds(
    cells: list[list[float]], columns: list[int]
) -> None:
    before = np.array(cells)
    rows = np.full(len(cells), sum(columns) / len(cells))
    after = scaled(before, [rows, np.array(columns, np.float64)])
    assert after.sum(1) == pytest.approx(rows, rel=1e-4)  # lopsided tables come there slowly
    assert after.sum(0) == pytest.approx(columns, rel=1e-4)
    odds = [one[0, 0] * one[1, 1] / (one[0, 1] * one[1, 0]) for one in (before, after)]
    assert odds[1] == pytest.approx(odds[0], rel=1e-6)


#: Men and women by four kinds of work, as different as they are in life.
WORK = np.array([[96, 86, 18, 450], [36, 49, 15, 120]], np.float64) * 1e6


@pytest.mark.parametrize(
    ("kept", "verdict"),
    [(1.5, "stronger"), (1.0, "kept"), (0.9, "kept"), (0.5, "weakened"), (0.0, "independent")],
)
def test_the_kept_share_is_the_share_of_rows_drawn_from_the_country(
    kept: float, verdict: str
) -> None:
    share = WORK / WORK.sum()
    apart = np.outer(share.sum(1), share.sum(0))
    mixed = kept * share + (1 - kept) * apart
    rows = np.random.default_rng(5).multinomial(200_000, mixed.ravel()).reshape(WORK.shape)
    (found,) = judged([paired(("sex", "work_class"), rows, WORK)])
    assert found.kept_share == pytest.approx(kept, abs=0.05)
    assert found.verdict == verdict


def test_a_wrong_margin_alone_weakens_no_pair() -> None:
    share = WORK / WORK.sum() * np.array([[1.0], [4.0]])
    rows = np.random.default_rng(6).multinomial(200_000, (share / share.sum()).ravel())
    (found,) = judged([paired(("sex", "work_class"), rows.reshape(WORK.shape), WORK)])
    assert found.kept_share == pytest.approx(1, abs=0.1)
    assert found.verdict == "kept"


@pytest.mark.parametrize("rows", [0, 1, 40])
def test_too_few_rows_give_no_verdict(rows: int) -> None:
    drawn = np.random.default_rng(7).multinomial(rows, (WORK / WORK.sum()).ravel())
    (found,) = judged([paired(("sex", "work_class"), drawn.reshape(WORK.shape), WORK)])
    assert found.verdict == "too few rows"
