"""No released combination of attributes is shared by fewer than k personas, whatever the rows."""

from __future__ import annotations

import json
from collections import Counter
from itertools import combinations_with_replacement
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub_factory import make_hub
from indic_persona_hub import records
from indic_persona_hub.audit.coding.hub_rows import hub_units, part_of_slice
from indic_persona_hub.audit.coding.parts import joined
from indic_persona_hub.release.anonymity import Plan, count_rows, plan_of
from indic_persona_hub.release.coarser import WIDE_BANDS
from indic_persona_hub.release.publish import publish
from indic_persona_hub.release.verify import verify
from indic_persona_hub.run.hub import RECIPE, Hub, read_file, write_file
from indic_persona_hub.run.recipe import parse_recipe
from indic_persona_hub.run.settings import Anonymity, ReleaseSettings, Sensitive
from indic_persona_hub.run.starter import demo_recipe
from test_release_verify import edit_lines, sealed

NAMES = records.ATTRIBUTES
SENSITIVE = {"religion", "community", "disability"}
VALUES: dict[str, list[str | None]] = {
    "state": [None, "IN-KA", "IN-BR"],
    "district": [None, "530", "203"],
    "residence": [None, "rural"],
    "age_band": [None, "25-34", "18-24", "75+"],
    "gender": [None, "female", "transgender"],
    "mother_tongue": [None, "kan"],
    "religion": [None, None, "hindu", "jain"],
    "community": [None, None, None, "scheduled_tribe"],
    "education": [None, "graduate"],
    "occupation": [None, "weaver"],
    "occupation_code": [None, "7318", "73", "6111"],
    "disability": [None, None, None, "seeing"],
}
people = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in VALUES.items()})
Person = dict[str, str | None]


def table_of(rows: list[Person]) -> pa.Table:
    def struct(value: str | None) -> dict[str, Any] | None:
        said = {"words": f"said {value}", "origin": "rule", "confidence": 0.5}
        return {"value": value, **said} if value else None

    columns = [pa.array([struct(row[name]) for row in rows], records.ATTRIBUTE) for name in NAMES]
    return pa.table(columns, names=list(NAMES))


def released(
    slices: list[list[Person]], rules: ReleaseSettings
) -> tuple[Plan, list[dict[str, Any]]]:
    tables = [table_of(rows) for rows in slices]
    counts = [count_rows(table, rules.sensitive, rules.anonymity.over) for table in tables]
    plan = plan_of(counts, rules.sensitive, rules.anonymity)
    return plan, [row for table in tables for row in plan.released(table).to_pylist()]


def in_scope(row: dict[str, Any], over: str) -> bool:
    """What the settings promise, told again without the code that keeps it."""
    told = {name: one["value"] for name, one in row.items() if one}
    if over == "all":
        return bool(told)
    return bool(SENSITIVE & set(told)) or told.get("gender") == "transgender"


def combinations(rows: list[dict[str, Any]], over: str) -> Counter[tuple[str | None, ...]]:
    return Counter(
        tuple(row[name] and row[name]["value"] for name in NAMES)
        for row in rows
        if in_scope(row, over)
    )


rules = st.builds(
    ReleaseSettings,
    anonymity=st.builds(Anonymity, k=st.integers(1, 6), over=st.sampled_from(["sensitive", "all"])),
    sensitive=st.builds(
        Sensitive,
        religion=st.sampled_from(["keep", "aggregate", "drop"]),
        disability=st.sampled_from(["keep", "audit_only"]),
    ),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(people, st.integers(1, 5)), max_size=25), rules)
def test_no_released_combination_is_under_k(
    drawn: list[tuple[Person, int]], rules: ReleaseSettings
) -> None:
    people = [person for person, times in drawn for _ in range(times)]
    _, rows = released([people], rules)
    counted = combinations(rows, rules.anonymity.over)
    assert all(count >= rules.anonymity.k for count in counted.values())


def is_coarser(name: str, before: str | None, after: str | None) -> bool:
    if after is None or after == before:
        return True
    if name == "age_band":
        return WIDE_BANDS.get(str(before)) == after
    return name == "occupation_code" and str(before).startswith(after)


@settings(max_examples=25, deadline=None)
@given(st.lists(people, min_size=1, max_size=40), rules)
def test_values_only_ever_become_coarser_and_rows_out_of_scope_stay(
    people: list[Person], rules: ReleaseSettings
) -> None:
    withheld = rules.sensitive.under("aggregate", "audit_only", "drop")
    _, rows = released([people], rules)
    for person, row in zip(people, rows, strict=True):
        told = {name: row[name]["value"] if row[name] else None for name in NAMES}
        assert not any(told[name] for name in withheld)
        assert all(is_coarser(name, person[name], told[name]) for name in NAMES)
        left = {name: value for name, value in person.items() if name not in withheld}
        stated = table_of([{**dict.fromkeys(NAMES), **left}]).to_pylist()[0]
        whole = table_of([person]).to_pylist()[0]
        if withheld and in_scope(whole, rules.anonymity.over):
            assert not any(one["words"] for one in row.values() if one)
        if not in_scope(stated, rules.anonymity.over):
            assert [one and one["value"] for one in row.values()] == [
                one and one["value"] for one in stated.values()
            ]
            if not withheld or not in_scope(whole, rules.anonymity.over):
                assert row == stated
        elif rules.anonymity.k > 1:
            assert not any(one["words"] for one in row.values() if one)


#: Two that agree but for the district, two that say something sensitive of one place, and two that
#: say nothing sensitive, one of them nothing at all.
FEW: list[Person] = [
    {**dict.fromkeys(NAMES), **stated}
    for stated in (
        {"state": "IN-KA", "district": "530", "religion": "jain"},
        {"state": "IN-KA", "district": "203", "religion": "jain"},
        {"state": "IN-KA", "gender": "transgender"},
        {"state": "IN-BR", "age_band": "75+", "community": "scheduled_tribe"},
        {"state": "IN-KA", "occupation_code": "7318"},
        {},
    )
]


@pytest.mark.parametrize("over", ["sensitive", "all"])
@pytest.mark.parametrize("k", [2, 3])
def test_every_small_set_keeps_the_promise_and_what_enough_share_as_stated(
    k: int, over: Any
) -> None:
    """All sets of up to three of `FEW`, the same one several times too: none is left out."""
    rules = ReleaseSettings(anonymity=Anonymity(k=k, over=over))
    for size in range(4):
        for people in combinations_with_replacement(FEW, size):
            plan, rows = released([list(people)], rules)
            assert all(count >= k for count in combinations(rows, over).values())
            shared = Counter(tuple(one.values()) for one in people)
            for person, row in zip(people, rows, strict=True):
                if shared[tuple(person.values())] >= k:
                    assert [one and one["value"] for one in row.values()] == [*person.values()]
            stated = [row for row in table_of(list(people)).to_pylist() if in_scope(row, over)]
            assert sum(plan.personas) == len(stated)


@settings(max_examples=15, deadline=None)
@given(st.lists(people, min_size=2, max_size=40), st.integers(1, 39), rules)
def test_slices_and_their_order_change_nothing(
    people: list[Person], cut: int, rules: ReleaseSettings
) -> None:
    plan, whole = released([people], rules)
    cut_plan, first = released([people[:cut], people[cut:]], rules)
    _, turned = released([people[cut:], people[:cut]], rules)
    assert whole == first
    assert [*turned[len(people[cut:]) :], *turned[: len(people[cut:])]] == whole
    assert (plan.personas, plan.totals) == (cut_plan.personas, cut_plan.totals)


def person(**stated: str) -> Person:
    return {**dict.fromkeys(NAMES), **stated}


def test_few_personas_keep_what_is_not_sensitive() -> None:
    """A small hub, such as that of the demo, loses the sensitive values and nothing else."""
    people = [person(state="IN-KA", district="530", religion="jain") for _ in range(5)]
    people += [person(state="IN-BR", occupation="weaver")]
    plan, rows = released([people], ReleaseSettings())
    assert plan.personas == (0, 0, 0, 0, 5)
    assert [sorted(name for name in NAMES if row[name]) for row in rows] == [
        *[["district", "state"]] * 5, ["occupation", "state"],
    ]  # fmt: skip


def test_districts_and_titles_go_before_states_and_ages() -> None:
    rules = ReleaseSettings(anonymity=Anonymity(k=2))
    people = [
        person(state="IN-KA", district=code, occupation_code=work, religion="jain")
        for code, work in (("530", "7318"), ("531", "7314"))
    ]
    plan, rows = released([people], rules)
    assert plan.personas == (0, 2, 0, 0, 0)
    for row in rows:
        told = {name: one["value"] for name, one in row.items() if one}
        assert told == {"state": "IN-KA", "occupation_code": "7", "religion": "jain"}


def test_totals_are_told_of_k_and_more_only() -> None:
    rules = ReleaseSettings(sensitive=Sensitive(religion="aggregate"), anonymity=Anonymity(k=3))
    people = [person(religion="hindu")] * 3 + [person(religion="jain")] * 2
    plan, rows = released([people], rules)
    assert plan.totals == {"religion": {"hindu": 3}}
    assert not any(row["religion"] for row in rows)


def test_many_combinations_are_held_apart_and_together() -> None:
    """20,000 rows over every attribute, counted again by hand."""
    chance = np.random.default_rng(7)
    columns = []
    for name in NAMES:
        drawn = pa.array(VALUES[name], pa.string()).take(
            pa.array(chance.integers(0, len(VALUES[name]), 20_000))
        )
        words = pa.array(np.full(20_000, "x"), pa.string())
        parts = [drawn, words, words, pa.array(np.ones(20_000, np.float32))]
        fields = list(records.ATTRIBUTE)
        columns.append(pa.StructArray.from_arrays(parts, fields=fields, mask=pc.is_null(drawn)))
    table = pa.table(columns, names=list(NAMES))
    for over in ("sensitive", "all"):
        rules = ReleaseSettings(anonymity=Anonymity(over=over))
        plan = plan_of([count_rows(table, rules.sensitive, over)], rules.sensitive, rules.anonymity)
        counted = combinations(plan.released(table).to_pylist(), over)
        assert min(counted.values()) >= 20
        assert all(plan.personas[1:3])


# In a whole release.

RULES = ReleaseSettings(rows_per_file=9, anonymity=Anonymity(k=3))


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    """Its personas state religions: half are hindu, one is jain."""
    hub = make_hub(tmp_path / "hub")
    said = {"words": "of faith", "origin": "rule", "confidence": 0.5}
    number = 0
    for path in sorted((hub.path / "evidence" / "attributes").glob("*.parquet")):
        table = read_file(path)
        faiths = [
            {"value": "jain" if at == 1 else "hindu", **said} if at % 2 else None
            for at in range(number, number + table.num_rows)
        ]
        number += table.num_rows
        place = table.schema.get_field_index("religion")
        write_file(path, table.set_column(place, "religion", pa.array(faiths, records.ATTRIBUTE)))
    return hub


def lines_of(release: Path) -> list[dict[str, Any]]:
    files = sorted((release / "detailed").iterdir())
    return [json.loads(line) for file in files for line in file.open(encoding="utf-8")]


def test_a_release_holds_its_promise_and_its_card_says_so(hub: Hub, tmp_path: Path) -> None:
    out = publish(hub, tmp_path / "out", settings=RULES).path
    faiths = Counter(line["attributes"].get("religion", {}).get("value") for line in lines_of(out))
    assert faiths["hindu"] >= 3
    assert "jain" not in faiths
    assert verify(out).problems == []
    card = (out / "README.md").read_text("utf-8")
    assert f"k-anonymity of at least 3: of {faiths['hindu']} personas" in card
    assert "| sensitive values left out, the others as stated" in card


def test_by_default_a_small_hub_tells_no_sensitive_value(hub: Hub, tmp_path: Path) -> None:
    out = publish(hub, tmp_path / "out", settings=ReleaseSettings()).path
    assert not any("religion" in line["attributes"] for line in lines_of(out))
    assert any("district" in line["attributes"] for line in lines_of(out))
    assert "k-anonymity of at least 20: of 0 personas" in (out / "README.md").read_text("utf-8")
    assert verify(out).problems == []


def test_verify_counts_the_combinations_again(hub: Hub, tmp_path: Path) -> None:
    out = publish(hub, tmp_path / "out", settings=RULES).path
    path = sorted((out / "detailed").iterdir())[0]
    rare = {"value": "jain", "words": None, "origin": "rule", "confidence": 0.5}
    edit_lines(path, lambda lines: lines[0]["attributes"].update(religion=rare))
    problems = verify(sealed(out)).problems
    assert any("shared by fewer than 3 personas, one of them by 1" in one for one in problems)
    assert "README.md counts other combinations of attributes than the data" in problems


@pytest.mark.parametrize("policy", ["aggregate", "audit_only", "drop"])
def test_verify_refuses_what_the_policy_withholds(hub: Hub, tmp_path: Path, policy: Any) -> None:
    rules = RULES.model_copy(update={"sensitive": Sensitive(religion=policy)})
    out = publish(hub, tmp_path / "out", settings=rules).path
    assert not any("religion" in line["attributes"] for line in lines_of(out))
    assert ("Totals of religion" in (out / "README.md").read_text("utf-8")) == (
        policy == "aggregate"
    )
    path = sorted((out / "detailed").iterdir())[0]
    told = {"value": "hindu", "words": None, "origin": "rule", "confidence": 0.5}
    edit_lines(path, lambda lines: lines[0]["attributes"].update(religion=told))
    assert "against the policy" in verify(sealed(out)).problems[0]


def religion_of_audit(hub: Hub) -> tuple[int, dict[str, int]]:
    """Personas whose religion an audit of the hub counts, and cells that it does not recognise."""
    parts = [part_of_slice(*unit, lists=None) for unit in hub_units(hub.path)]
    known = joined(parts).attributes["religion"]
    return known.rows, dict(known.unrecognised)


@pytest.mark.parametrize("policy", ["keep", "aggregate", "audit_only", "drop"])
def test_an_audit_of_the_hub_counts_all_but_what_is_dropped(hub: Hub, policy: str) -> None:
    for path in (hub.path / "evidence" / "attributes").glob("*.parquet"):
        table = read_file(path)
        cells = pa.array([[{"name": "religion", "cell": "Sarnaism"}]] * table.num_rows)
        place = table.schema.get_field_index("unrecognised")
        cells = cells.cast(table.schema.field("unrecognised").type)
        write_file(path, table.set_column(place, "unrecognised", cells))
    recipe = demo_recipe(hub.path.parent, local=False).to_yaml()
    changed = parse_recipe(recipe, (f"release.sensitive.religion={policy}",))
    (hub.path / RECIPE).write_text(changed.to_yaml(), "utf-8")
    stated, cells = religion_of_audit(hub)
    if policy == "drop":
        assert (stated, cells) == (0, {})
    else:
        assert stated > 0
        assert cells["Sarnaism"] > stated


def test_words_of_other_attributes_do_not_tell_what_is_withheld() -> None:
    rules = ReleaseSettings(sensitive=Sensitive(religion="drop"))
    people = [person(religion="sikh", occupation="weaver"), person(occupation="weaver")]
    _, (sikh, weaver) = released([people], rules)
    assert (sikh["religion"], sikh["occupation"]["words"]) == (None, None)
    assert sikh["occupation"]["value"] == "weaver"
    assert weaver["occupation"]["words"] == "said weaver"
