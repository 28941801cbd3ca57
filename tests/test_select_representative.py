"""Representative selection: exactly N, caps hold, tables are met, and what is lost is said."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from indic_persona_hub.errors import RecipeError
from indic_persona_hub.reference.official import Official, official
from indic_persona_hub.run.recipe import parse_recipe
from indic_persona_hub.select.outcome import in_words, report
from indic_persona_hub.select.race import race
from indic_persona_hub.select.representative import Drawn, represent
from indic_persona_hub.select.settings import Represent, Selection
from indic_persona_hub.select.standing import Reason, Standing, reason_names
from indic_persona_hub.select.verdicts import statement

many = settings(max_examples=50, deadline=None)
few = settings(max_examples=20, deadline=None)

#: Where the names in a recipe are no matter: the tables are given beside it.
NAMES = ("state_religion",)


def table(dimensions: tuple[str, ...], persons: Any, whom: str = "all persons") -> Official:
    return Official("_".join(dimensions), dimensions, np.array(persons, float), whom, "own", "")


def selection(**given: Any) -> Selection:
    ways = {name: given.pop(name) for name in ("unknown", "release") if name in given}
    return Selection(**given, represent=Represent(tables=NAMES, **ways))


def ties(rows: int) -> NDArray[np.uint64]:
    return (np.arange(rows, dtype=np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)


def standing(rows: int, **columns: Any) -> Standing:
    same = np.zeros(rows, np.int16)
    given = {
        "failed": same,
        "confidence": np.full(rows, 0.5, np.float32),
        "document": same - 1,
        "domain": same.astype(np.int32),
        "cluster": same - 1,
        "method": same,
        "language": same,
        "source": same,
        "tie": ties(rows),
    }
    return Standing(**(given | {name: np.array(one) for name, one in columns.items()}))


pools = st.lists(
    st.fixed_dictionaries(
        {
            "failed": st.sampled_from([0, 0, 0, 0, 0, 1]),
            "domain": st.sampled_from([0, 0, 0, 1, 2]),
            "cluster": st.sampled_from([-1, -1, -1, 4, 5]),
            "confidence": st.sampled_from([0.2, 0.5, 0.9]),
            "residence": st.integers(-1, 1),
            "sex": st.integers(-1, 1),
            "religion": st.sampled_from([-1, 0, 0, 1, 2]),
        }
    ),
    min_size=1,
    max_size=60,
)
figures = st.tuples(
    st.lists(st.integers(0, 9), min_size=4, max_size=4).filter(any),
    st.lists(st.integers(0, 9), min_size=7, max_size=7).filter(any),
)


def drawn(pool: list[dict[str, Any]], tables: Any, chosen: Selection) -> Drawn:
    columns = {name: [row[name] for row in pool] for name in pool[0]}
    codes = {
        name: np.array(columns.pop(name), np.int8) for name in ("residence", "sex", "religion")
    }
    columns["confidence"] = np.array(columns["confidence"], np.float32)
    tie = [row.get("tie", int(one)) for row, one in zip(pool, ties(len(pool)), strict=True)]
    rows = standing(len(pool), **columns)._replace(tie=np.array(tie, np.uint64))
    return represent(rows, chosen, codes, both(tables))


def both(tables: Any) -> list[Official]:
    return [
        table(("residence", "sex"), np.reshape(tables[0], (2, 2))),
        table(("residence", "religion"), np.outer([3, 1], tables[1])),
    ]


# What always holds


@given(pools, figures, st.integers(1, 12), st.integers(1, 40))
@many
def test_exactly_the_target_or_all_that_fit_and_no_bucket_over_its_cap(
    pool, tables, cap, target
) -> None:
    codes = drawn(pool, tables, selection(cap=cap, target=target)).reasons.codes
    fit = Counter(row["domain"] for row in pool if not row["failed"])
    kept = Counter(row["domain"] for row, code in zip(pool, codes, strict=True) if code == 0)
    assert kept.total() == min(target, sum(min(cap, size) for size in fit.values()))
    assert max(kept.values(), default=0) <= cap
    for row, code in zip(pool, codes, strict=True):
        assert code == (row["failed"] or code) and code in (0, 1, Reason.NOT_DRAWN)


@given(pools, figures, st.integers(1, 12), st.integers(1, 40), st.randoms(use_true_random=False))
@many
def test_no_numbering_of_rows_or_domains_matters(pool, tables, cap, target, chance) -> None:
    pool = [row | {"tie": int(tie)} for row, tie in zip(pool, ties(len(pool)), strict=True)]
    new = chance.sample(range(9), 3)
    shuffled = [row | {"domain": new[row["domain"]]} for row in chance.sample(pool, len(pool))]
    chosen = []
    for rows in (pool, shuffled):
        one = drawn([dict(row) for row in rows], tables, selection(cap=cap, target=target))
        kept = np.flatnonzero(one.reasons.codes == 0)
        chosen.append(({rows[n]["tie"] for n in kept}, in_words(one.outcome)))
    assert chosen[0] == chosen[1]


@given(pools, figures, st.integers(1, 12), st.integers(1, 40), st.sampled_from(["keep", "exclude"]))
@many
def test_what_is_short_is_stated_cell_by_cell(pool, tables, cap, target, unknown) -> None:
    one = drawn(pool, tables, selection(cap=cap, target=target, unknown=unknown))
    rows = [row for row, code in zip(pool, one.reasons.codes, strict=True) if code == 0]
    said = json.loads(json.dumps(report(one.outcome, 2011)))
    assert said["rows_kept"] == len(rows)
    for found in said["tables"]:
        names = found["dimensions"]
        known = [row for row in rows if all(row[name] >= 0 for name in names)]
        assert (found["known"], found["unknown"]) == (len(known), len(rows) - len(known))
        short = 0.0
        for cell in found["cells"]:
            parts = cell["short"]
            assert cell["achieved"] <= cell["in_pool"]
            lacking = max(0.0, cell["wanted"] - cell["achieved"])
            assert parts["all"] == pytest.approx(lacking, abs=1e-5)
            assert parts["pool"] + parts["caps"] + parts["others"] == pytest.approx(
                parts["all"], abs=1e-5
            )
            short += lacking
        assert sum(cell["achieved"] for cell in found["cells"]) == len(known)
        assert found["short"]["all"] == pytest.approx(short, abs=1e-3)


@given(pools, figures, st.integers(1, 12))
@many
def test_weights_are_one_on_average_and_none_where_not_kept(pool, tables, cap) -> None:
    one = drawn(pool, tables, selection(cap=cap, release="weights"))
    kept = one.reasons.codes == 0
    assert one.weights is not None and one.weights.dtype == np.float32
    assert (one.weights[~kept] == 0).all() and (one.weights >= 0).all()
    assert not kept.any() or one.weights[kept].mean() == pytest.approx(1, abs=1e-4)
    sizes = Counter(row["domain"] for row in pool if not row["failed"])
    assert kept.sum() == sum(min(cap, size) for size in sizes.values())


# Feasible tables are met


def skewed(rows: int, seed: int) -> tuple[Standing, dict[str, NDArray], list[Official]]:
    """A pool over official tables in which towns, men and the old are too many."""
    chance = np.random.default_rng(seed)
    age = official("state_residence_sex_age")
    faith = official("state_religion")
    states = np.sort(np.argsort(-age.persons.sum((1, 2, 3)))[:4])
    shares = age.persons[states] * chance.uniform(0.4, 2.5, age.persons[states].shape)
    place = chance.choice(shares.size, rows, p=shares.ravel() / shares.sum())
    state, residence, sex, band = np.unravel_index(place, shares.shape)
    of_faith = np.sqrt(faith.persons[states])
    ranks = np.cumsum(of_faith, 1)[state] / of_faith.sum(1)[state][:, None]
    religion = (chance.random(rows)[:, None] > ranks).sum(1)
    religion[chance.random(rows) < 0.2] = -1
    codes = {"state": states[state], "residence": residence, "sex": sex, "age_band": band}
    codes = {name: one.astype(np.int8) for name, one in (codes | {"religion": religion}).items()}
    domain = (40 * chance.random(rows) ** 3).astype(np.int32)
    few_states = [np.where(np.isin(np.arange(36), states), 1.0, 0.0)] * 2
    tables = [
        table(age.dimensions, age.persons * few_states[0][:, None, None, None]),
        table(faith.dimensions, faith.persons * few_states[1][:, None]),
    ]
    confidence = chance.beta(8, 2, rows).astype(np.float32)
    return standing(rows, domain=domain, confidence=confidence), codes, tables


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_cell_of_a_feasible_pool_is_within_half_a_percent_or_a_row(seed: int) -> None:
    rows, codes, tables = skewed(40_000, seed)
    one = represent(rows, selection(cap=1_500, target=6_000), codes, tables)
    kept = np.flatnonzero(one.reasons.codes == 0)
    assert len(kept) == 6_000
    assert np.bincount(rows.domain[kept]).max() <= 1_500 < np.bincount(rows.domain).max()
    assert one.outcome.fit.converged
    for target in tables:
        place = [codes[name][kept] for name in target.dimensions]
        known = np.all([codes >= 0 for codes in place], 0)
        found = np.zeros(target.persons.shape)
        np.add.at(found, tuple(codes[known] for codes in place), 1)
        wanted = target.persons / target.persons.sum() * known.sum()
        assert (np.abs(found - wanted) <= np.maximum(1, 0.005 * wanted)).all()


def test_the_tables_move_no_row_that_they_do_not_have_to() -> None:
    """A pool that matches already is thinned evenly: the joint is kept, not only the margins."""
    codes = {"residence": np.repeat([0, 0, 1, 1], [400, 100, 100, 400]).astype(np.int8)}
    codes["sex"] = np.repeat([0, 1, 0, 1], [400, 100, 100, 400]).astype(np.int8)
    tables = [table(("residence",), [1, 1]), table(("sex",), [1, 1])]
    one = represent(standing(1000), selection(target=100), codes, tables)
    kept = one.reasons.codes == 0
    assert Counter(zip(codes["residence"][kept], codes["sex"][kept], strict=True)) == {
        (0, 0): 40, (0, 1): 10, (1, 0): 10, (1, 1): 40,
    }  # fmt: skip


def test_the_draw_is_the_same_on_every_machine() -> None:
    """A release is made again from its recipe: another release of numpy must draw the same."""
    hashed = ties(3_000) ^ (ties(3_000) >> np.uint64(31))
    sizes = {"residence": 3, "sex": 2, "religion": 8}
    parts = {name: hashed >> np.uint64(5 * n) for n, name in enumerate(sizes)}
    codes = {name: (parts[name] % sizes[name]).astype(np.int8) - 1 for name in ("residence",)}
    codes |= {name: (parts[name] % sizes[name]).astype(np.int8) for name in ("sex",)}
    codes |= {"religion": (parts["religion"] % 8).astype(np.int8) - 1}
    domain = (hashed >> np.uint64(40)) % 7 * (hashed >> np.uint64(50)) % 5
    confidence = ((hashed >> np.uint64(20)) % 9).astype(np.float32) / 8
    rows = standing(3_000, domain=domain.astype(np.int32), confidence=confidence)
    chosen = selection(cap=200, target=700)
    one = represent(rows, chosen, codes, both(([4, 3, 2, 1], [9, 8, 5, 3, 2, 1, 1])))
    kept = np.flatnonzero(one.reasons.codes == 0).astype("<u4")
    assert (len(kept), np.bincount(rows.domain[kept]).max()) == (700, 200)
    assert sha256(kept.tobytes()).hexdigest()[:16] == "0f39dba2ab45645c"


# What cannot be had


def two_sexes(women: int, men: int) -> dict[str, NDArray]:
    return {"sex": np.repeat([0, 1], [women, men]).astype(np.int8)}


def test_a_cell_that_the_pool_lacks_is_named_with_its_number() -> None:
    tables = [table(("sex",), [60, 40])]
    one = represent(standing(130), selection(target=100), two_sexes(30, 100), tables)
    (found,) = report(one.outcome, 2011)["tables"]
    assert found["cells"][0] == {
        "cell": {"sex": "female"},
        "in_pool": 30,
        "wanted": 60,
        "achieved": 30,
        "short": {"all": 30, "pool": 30, "caps": 0, "others": 0},
    }
    assert in_words(one.outcome) == (
        "Representative selection: 100 of 130 rows were drawn after 2 sweeps of raking."
        " sex: 0.0% of the rows are in no cell; 1 cell is short by 30 rows (the pool lacks 30),"
        " most in female: 30 of 60."
    )


def test_what_many_small_cells_lack_adds_up() -> None:
    """Each state but two lacks less than a row, and all of them together most of the draw."""
    persons = np.ones(36)
    codes = {"state": np.repeat([0, 1], 50).astype(np.int8)}
    one = represent(standing(100), selection(target=20), codes, [table(("state",), persons)])
    said = in_words(one.outcome)
    assert "34 cells are short by 19 rows (the pool lacks 19), most in" in said
    assert said.endswith("0 of 0.56.")


def test_a_cell_that_a_cap_keeps_out_is_named_with_its_number() -> None:
    """All women are in one domain, which may keep 20."""
    domain = np.repeat([0, 1], [100, 100]).astype(np.int32)
    domain[100:] += np.arange(100) % 10
    rows = standing(200, domain=domain)
    tables = [table(("sex",), [1, 1])]
    one = represent(rows, selection(cap=20, target=100), two_sexes(100, 100), tables)
    (found,) = report(one.outcome, 2011)["tables"]
    women = found["cells"][0]
    assert women["cell"] == {"sex": "female"} and women["achieved"] == 20
    assert women["short"] == {"all": 30, "pool": 0, "caps": 30, "others": 0}
    assert "full domains keep out 30" in in_words(one.outcome)


def test_what_another_table_keeps_out_is_said_to_be_so() -> None:
    """All women are rural; the first table wants half of the rows urban, the second 80% women."""
    codes = two_sexes(100, 100) | {"residence": np.repeat([0, 1], 100).astype(np.int8)}
    tables = [table(("residence",), [1, 1]), table(("sex",), [80, 20])]
    one = represent(standing(200), selection(target=100), codes, tables)
    first, second = report(one.outcome, 2011)["tables"]
    assert first["short"]["all"] == 0
    assert second["cells"][0]["short"] == {"all": 30, "pool": 0, "caps": 0, "others": 30}


def test_a_table_that_contradicts_one_before_it_is_bent_and_it_says_so() -> None:
    codes = two_sexes(100, 100) | {"residence": np.arange(200).astype(np.int8) % 2}
    tables = [table(("residence", "sex"), [[1, 1], [1, 1]]), table(("sex",), [80, 20])]
    one = represent(standing(200), selection(target=100), codes, tables)
    assert (codes["sex"][one.reasons.codes == 0] == 0).sum() == 50
    assert "sex (of which the tables before it moved 30.0%): 0.0%" in in_words(one.outcome)


def test_a_table_that_no_row_has_a_cell_of_is_not_matched() -> None:
    codes = {"sex": np.full(10, -1, np.int8)}
    one = represent(standing(10), selection(target=4), codes, [table(("sex",), [1, 1])])
    assert (one.reasons.codes == 0).sum() == 4
    assert "sex: 100.0% of the rows are in no cell, so it was not matched." in in_words(one.outcome)


def test_nothing_in_nothing_out() -> None:
    none = {"sex": np.zeros(0, np.int8)}
    for release in ("sample", "weights"):
        one = represent(
            standing(0), selection(target=3, release=release), none, [table(("sex",), [1, 1])]
        )
        assert not len(one.reasons.codes)
        assert report(one.outcome, 2011)["rows_kept"] == 0
        assert in_words(one.outcome)


# Unknown


def test_rows_in_no_cell_are_kept_in_the_pool_or_ruled_out() -> None:
    codes = {"sex": np.array([0] * 30 + [1] * 30 + [-1] * 40, np.int8)}
    tables = [table(("sex",), [1, 1])]
    kept = represent(standing(100), selection(target=50), codes, tables)
    assert kept.outcome.tables[0].unknown == 20
    out = represent(standing(100), selection(target=50, unknown="exclude"), codes, tables)
    assert (out.reasons.codes == Reason.UNKNOWN_ATTRIBUTE).sum() == 40
    assert (out.reasons.codes == 0).sum() == 50
    assert reason_names(out.reasons.codes, []).to_pylist().count("unknown_attribute") == 40


def test_where_nobody_is_known_and_the_unknown_are_ruled_out_it_says_so() -> None:
    codes = {"sex": np.full(20, -1, np.int8)}
    chosen = selection(target=5, unknown="exclude")
    one = represent(standing(20), chosen, codes, [table(("sex",), [1, 1])])
    said = statement(one.reasons, chosen)
    assert (one.reasons.codes == Reason.UNKNOWN_ATTRIBUTE).all()
    assert said and "20 pass every judge, 0 of these have all attributes that the tables" in said
    assert "sex: no row is left to match it." in in_words(one.outcome)


@pytest.mark.parametrize("release", ["sample", "weights"])
def test_whoever_is_ruled_out_as_unknown_is_no_rival_in_a_document(release: str) -> None:
    """The best of the document has no known sex; the next best has one, and stays."""
    rows = standing(2, document=[3, 3], confidence=np.array([0.9, 0.5], np.float32))
    chosen = selection(target=1, unknown="exclude", release=release)
    one = represent(rows, chosen, {"sex": np.array([-1, 0], np.int8)}, [table(("sex",), [1, 1])])
    assert one.reasons.codes.tolist() == [Reason.UNKNOWN_ATTRIBUTE, Reason.KEPT]


def test_what_is_off_is_said_in_shares_and_in_rows() -> None:
    codes = two_sexes(700, 300) | {"residence": np.arange(1_000).astype(np.int8) % 2}
    tables = [table(("sex",), [1, 1]), table(("residence",), [50, 50])]
    few_rows = represent(standing(1_000), selection(target=100), codes, tables)
    many_rows = represent(standing(1_000), selection(target=500), codes, tables)
    assert (
        "sex: 0.0% of the rows are in no cell; among the others no cell is off by more than 0 rows"
        in in_words(few_rows.outcome)
    )
    assert "more than 0.00%, or where it is to have under 200 rows by 0 rows" in in_words(
        many_rows.outcome
    )


def test_a_table_of_part_of_the_people_rules_nobody_out() -> None:
    """A child has no class of work, which is not unknown in the way that its sex would be."""
    codes = {"sex": np.array([0, 1] * 50, np.int8)}
    codes["work_class"] = np.where(np.arange(100) < 60, np.arange(100) % 3, -1).astype(np.int8)
    tables = [table(("sex",), [50, 50]), table(("work_class",), [20, 10, 10], "workers")]
    one = represent(standing(100), selection(target=40, unknown="exclude"), codes, tables)
    assert Reason.UNKNOWN_ATTRIBUTE not in one.reasons.codes
    workers = codes["work_class"][one.reasons.codes == 0]
    share = np.bincount(workers[workers >= 0], minlength=3) / (workers >= 0).sum()
    assert share == pytest.approx([0.5, 0.25, 0.25], abs=0.03)


# Weights


def test_the_design_effect_is_that_of_kish() -> None:
    """75 women and 25 men, weighed half and half: weights 2/3 and 2, and 1 + cv^2 is 4/3."""
    one = represent(
        standing(100), selection(release="weights"), two_sexes(75, 25), [table(("sex",), [1, 1])]
    )
    assert one.weights is not None
    assert one.weights[:75] == pytest.approx(2 / 3, rel=2e-4)
    assert one.weights[75:] == pytest.approx(2, rel=2e-4)
    said = report(one.outcome, 2011)["weights"]
    assert said["design_effect"] == pytest.approx(4 / 3, rel=3e-4)
    assert 1 + np.var(one.weights) == pytest.approx(4 / 3, rel=3e-4)
    assert "a design effect of 1.333" in in_words(one.outcome)


@pytest.mark.parametrize("seed", [1, 2])
def test_weights_meet_the_tables_without_a_bound_of_one(seed: int) -> None:
    rows, codes, tables = skewed(20_000, seed)
    one = represent(rows, selection(cap=1_000, release="weights"), codes, tables)
    assert one.outcome.fit.converged
    assert all(found.worst_share < 0.005 for found in one.outcome.tables)


# Who of a group


def test_the_more_confident_of_two_runs_ahead_twice_as_often() -> None:
    lots = [np.full(4_000, confidence, np.float32) for confidence in (1.0, 0.5)]
    tie = ties(8_000)
    first, second = race(tie[:4_000], lots[0]), race(tie[4_000:], lots[1])
    assert (first < second).mean() == pytest.approx(2 / 3, abs=0.02)


def test_second_tellings_come_last() -> None:
    codes = {"sex": np.zeros(9, np.int8)}
    rows = standing(9, cluster=[1, 1, 1, 1, 1, -1, -1, 2, 2])
    one = represent(rows, selection(target=4), codes, [table(("sex",), [1, 0])])
    kept = np.flatnonzero(one.reasons.codes == 0)
    assert Counter(rows.cluster[kept].tolist()) == {-1: 2, 1: 1, 2: 1}


# The recipe

RECIPE = """
sources: [{kind: personas, path: set}]
stages: [adopt, attributes]
select: {target: 10, represent: {tables: [state_religion]}}
"""


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("select.represent.tables=[state_religions]", "did you mean 'state_religion'?"),
        ("select.represent.tables=[state_religion, state_religion]", "is named twice"),
        ("select.represent.tables=[]", "at least 1 item"),
        ("select.represent.tabels=[state_religion]", "did you mean 'tables'?"),
        ("select.represent.release=sampel", "'sample' or 'weights'"),
        ("select.represent.year=1999", "greater than or equal to 2011"),
        ("select.target=null", "give a target, or weights"),
        ("stages=[adopt]", "needs the stage attributes"),
    ],
)
def test_what_a_recipe_gets_wrong_is_said(change: str, problem: str) -> None:
    with pytest.raises(RecipeError, match="select") as raised:
        parse_recipe(RECIPE, (change,))
    assert problem in str(raised.value)


def test_a_recipe_keeps_what_it_says_of_representation() -> None:
    recipe = parse_recipe(RECIPE, ("select.represent.unknown=exclude",))
    assert parse_recipe(recipe.to_yaml()) == recipe
    assert recipe.select.represent == Represent(tables=("state_religion",), unknown="exclude")


def test_the_benchmark_draws_the_same_rows_in_any_order() -> None:
    script = Path(__file__).parents[1] / "benchmarks" / "raking.py"
    words = [sys.executable, str(script), "--rows", "20000", "--json"]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    sample = found["runs"]["sample"]
    assert sample["kept"] == found["target"] == 4_000
    assert sample["largest_domain"] <= found["cap"]
    assert sample["digest"] == found["runs"]["shuffled"]["digest"]
    assert all(one["worst_share"] < 0.005 for one in sample["tables"].values())
    assert found["runs"]["weights"]["design_effect"] > 1
