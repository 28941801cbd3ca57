"""Raking: margins are met, no group is taken past its rows, what cannot be met is left plainly."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from indic_persona_hub.reference.official import Official, official
from indic_persona_hub.select.raking import Ceiling, Fit, Margin, attainable, rake
from indic_persona_hub.select.targets import Target, places, targets_of, within_reach

many = settings(max_examples=80, deadline=None)


def by_rows_and_columns(start: NDArray, rows: list[float], columns: list[float], **more) -> Fit:
    """A two-way table raked to the sums of its rows and columns."""
    down, across = np.indices(start.shape)
    margins = [
        Margin(index.ravel().astype(np.int32), np.array(sums) / sum(sums))
        for index, sums in ((down, rows), (across, columns))
    ]
    most = more.pop("most", np.full(start.size, np.inf))
    return rake(start.ravel().astype(float), most, margins, float(sum(rows)), **more)


def table(name: str, dimensions: tuple[str, ...], persons: NDArray, whom: str = "all") -> Official:
    return Official(name, dimensions, np.array(persons, float), whom, "own", "")


# What raking is


def test_the_worked_example_of_modeling_with_data() -> None:
    """[[7, 9], [12, 7]] to rows of 5 and 15 and columns of 10 and 10.

    The figures are those of the blog Modeling with Data, "IPF and raking", 19 November 2012.
    Raking keeps the cross-product ratio t = 49/108, so the first cell solves
    a (5 + a) = t (5 - a) (10 - a), a quadratic.
    """
    fit = by_rows_and_columns(np.array([[7, 9], [12, 7]]), [5, 15], [10, 10])
    t = 49 / 108
    quadratic = np.array([1 - t, 5 + 15 * t, -50 * t])
    first = (-quadratic[1] + math.sqrt(quadratic[1] ** 2 - 4 * quadratic[0] * quadratic[2])) / (
        2 * quadratic[0]
    )
    expected = [first, 5 - first, 10 - first, 5 + first]
    assert fit.converged
    assert fit.mass == pytest.approx(expected, abs=0.02)


cells = st.lists(st.floats(0.5, 20), min_size=4, max_size=4)
sums = st.tuples(st.floats(100, 900), st.floats(100, 900))


@given(cells, sums, st.floats(0.2, 0.8))
@many
def test_margins_are_met_and_cross_product_ratios_kept(start, rows, share) -> None:
    total = sum(rows)
    columns = [share * total, (1 - share) * total]
    fit = by_rows_and_columns(np.array(start).reshape(2, 2), list(rows), columns)
    a, b, c, d = fit.mass
    assert fit.converged
    assert [a + b, c + d] == pytest.approx(rows, rel=3e-4)
    assert [a + c, b + d] == pytest.approx(columns, rel=3e-4)
    assert a * d / (b * c) == pytest.approx(start[0] * start[3] / (start[1] * start[2]))


def test_tables_that_contradict_one_another_are_met_in_their_order() -> None:
    one_cell = np.zeros(2, np.int32)
    first = Margin(np.array([0, 1], np.int32), np.array([0.5, 0.5]))
    second = Margin(np.array([0, 1], np.int32), np.array([0.9, 0.1]))
    for order, wanted in (((first, second), 0.5), ((second, first), 0.9)):
        fit = rake(np.ones(2), np.full(2, np.inf), [*order, Margin(one_cell, np.ones(1))], 1000.0)
        assert not fit.converged and fit.worst > 0.1
        assert fit.mass[0] == pytest.approx(1000 * wanted, rel=1e-6)


def test_groups_in_no_cell_of_a_table_stay_as_they_are() -> None:
    margin = Margin(np.array([0, 1, 2], np.int32), np.array([0.25, 0.75]))
    fit = rake(np.array([30.0, 30, 40]), np.full(3, np.inf), [margin], 1000.0)
    assert fit.mass == pytest.approx([150, 450, 400], rel=1e-3)


# Bounds


def test_a_group_is_taken_whole_and_its_cell_goes_on_without_it() -> None:
    """10 of each cell are wanted; of the first, one group of two has 3 rows only."""
    cell = Margin(np.array([0, 0, 1], np.int32), np.array([0.5, 0.5]))
    fit = rake(np.array([50.0, 50, 100]), np.array([3.0, 100, 100]), [cell], 20.0)
    assert fit.converged
    assert fit.mass == pytest.approx([3, 7, 10], abs=0.02)


def test_a_bucket_gives_way_to_its_ceiling() -> None:
    cell = Margin(np.array([0, 0, 1, 1], np.int32), np.array([0.5, 0.5]))
    ceiling = Ceiling(np.array([1, 0, 1, 0], np.int32), np.array([np.inf, 20.0]))
    fit = rake(np.full(4, 50.0), np.full(4, 50.0), [cell], 80.0, ceiling)
    assert fit.converged
    assert fit.mass == pytest.approx([10, 30, 10, 30], abs=0.05)


bounded = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 2), st.integers(0, 3), st.integers(0, 2)),
    min_size=1,
    max_size=30,
)


@given(bounded, st.integers(1, 60), st.lists(st.integers(0, 9), min_size=3, max_size=3))
@many
def test_no_group_is_past_its_rows_whatever_is_asked(groups, cap, asked) -> None:
    most, first, second, bucket = (np.array(column) for column in zip(*groups, strict=True))
    shares = np.array(asked) / max(1, sum(asked))
    margins = [
        Margin(first.astype(np.int32), shares[:2] / max(1e-9, shares[:2].sum())),
        Margin(second.astype(np.int32), shares),
    ]
    ceiling = Ceiling(bucket.astype(np.int32), np.array([np.inf, cap, cap]))
    fit = rake(most.astype(float), most.astype(float), margins, float(most.sum()) / 2, ceiling)
    assert np.isfinite(fit.mass).all()
    assert ((fit.mass >= 0) & (fit.mass <= most)).all()


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 50)), min_size=1, max_size=12),
    st.integers(0, 200),
)
@many
def test_what_full_cells_leave_is_shared_in_proportion(cells, total) -> None:
    weights, room = (np.array(column, float) for column in zip(*cells, strict=True))
    if not weights.sum():
        return
    wanted = attainable(weights / weights.sum(), float(total), room)
    assert (wanted <= room + 1e-9).all()
    assert wanted.sum() == pytest.approx(min(total, room[weights > 0].sum()))
    open_cells = (wanted < room - 1e-9) & (weights > 0)
    levels = wanted[open_cells] / weights[open_cells]
    assert not len(levels) or levels.max() == pytest.approx(levels.min())
    full = (weights > 0) & ~open_cells
    if len(levels):
        assert (room[full] <= weights[full] * levels.max() + 1e-6).all()


# Targets


def test_a_later_table_takes_shared_margins_from_an_earlier_one() -> None:
    first = table("a", ("residence", "sex"), [[30, 30], [20, 20]])
    later = table("b", ("residence", "religion"), [[50, *[0] * 6], [25, 25, *[0] * 5]])
    others = table("c", ("residence",), [1, 9], "workers")
    targets = targets_of([first, later, others])
    shares = targets[1].shares.reshape(2, 7)
    assert shares.sum(1) == pytest.approx([0.6, 0.4], rel=1e-4)
    assert shares[1, 0] == pytest.approx(shares[1, 1])
    assert targets[0].adjusted == 0
    assert targets[1].adjusted == pytest.approx(0.1, rel=1e-3)
    assert targets[2].shares == pytest.approx([0.1, 0.9]), "other people are asked for as they are"


def test_official_tables_of_one_census_agree() -> None:
    names = "state_residence_sex_age", "state_religion", "state_language"
    for target in targets_of([official(name) for name in names]):
        assert target.adjusted < 1e-6
        assert target.shares.sum() == pytest.approx(1)


def test_places_are_those_of_the_smaller_table() -> None:
    persons = np.arange(36 * 2 * 2 * 9).reshape(36, 2, 2, 9)
    whole = table("a", ("state", "residence", "sex", "age_band"), persons)
    found = np.bincount(places(whole, ["sex", "state"]), whole.persons.ravel())
    assert found.tolist() == whole.persons.sum((1, 3)).T.ravel().tolist()


def test_what_a_cell_lacks_is_taken_from_its_neighbours_in_other_tables() -> None:
    """No urban woman is there: urban men take their places, and urban India keeps its share."""
    sexes = table("a", ("residence", "sex"), [[25, 25], [25, 25]])
    faiths = table("b", ("residence", "religion"), [[50, *[0] * 6], [50, *[0] * 6]])
    targets: tuple[Target, ...] = targets_of([sexes, faiths])
    room = np.array([500.0, 500, 0, 500])
    shares = within_reach(targets, [100, 100], [room, np.full(14, 500.0)])
    assert shares[0] == pytest.approx([0.25, 0.25, 0, 0.5], abs=1e-3)
    assert shares[1] == pytest.approx(targets[1].shares)


def test_neighbours_share_the_first_dimensions_as_long_as_there_is_room() -> None:
    """Of one table alone: urban India keeps its share until there are too few urban men."""
    targets = targets_of([table("a", ("residence", "sex"), [[25, 25], [25, 25]])])
    for urban_men, expected in ((500, [25, 25, 0, 50]), (30, [35, 35, 0, 30]), (0, [50, 50, 0, 0])):
        shares = within_reach(targets, [100], [np.array([500.0, 500, 0, urban_men])])
        assert shares[0] * 100 == pytest.approx(expected)
