"""Verdicts: one a persona, the best stay, cap and target hold, large domains are spread evenly."""

import importlib.util
import json
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import daft
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indic_persona_hub import records
from indic_persona_hub.run.build import build
from indic_persona_hub.select.in_daft import decide_in_daft
from indic_persona_hub.select.ordering import ordered, perhaps_crowded
from indic_persona_hub.select.settings import Selection
from indic_persona_hub.select.standing import Reason, Standing, reason_names
from indic_persona_hub.select.verdicts import best_of_documents, decide, statement
from indic_persona_hub.select.water import water_level, water_levels
from scripted_hub import corpus_texts, scripted_recipe, write_source

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
_spec = importlib.util.spec_from_file_location("reference", BENCHMARKS / "selection_reference.py")
assert _spec is not None and _spec.loader is not None
plain = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(plain)
Row = plain.Row

#: Few values, so that ties are many.
SCORES = [float(np.float32(one)) for one in (0.2, 0.5, 0.7, 0.9)]
WIDTHS = {
    "failed": np.int16,
    "confidence": np.float32,
    "document": np.int32,
    "domain": np.int32,
    "cluster": np.int32,
    "method": np.int8,
    "language": np.int16,
    "source": np.int16,
    "tie": np.uint64,
}
CHOICES = {
    "failed": st.sampled_from([0, 0, 0, 0, 1, 2]),
    "confidence": st.sampled_from(SCORES),
    "document": st.sampled_from([-1, -1, 0, 1, 2]),
    "domain": st.sampled_from([0, 0, 0, 1, 3]),
    "cluster": st.sampled_from([-1, -1, 0, 1]),
    "method": st.integers(0, 1),
    "language": st.integers(-1, 1),
    "source": st.sampled_from([0, 0, 7]),
    "tie": st.sampled_from([0, 1, 2**63, 2**64 - 1]),
}


def numbered(rows: list[dict[str, Any]]) -> list[Row]:
    return [Row(number, **row) for number, row in enumerate(rows)]


def rows_with(**fixed: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Row]]:
    return st.lists(st.fixed_dictionaries(CHOICES | fixed), max_size=40).map(numbered)


rows_of = rows_with()
#: All of them reach the cap, so that its own rule can be seen.
eligible_rows = rows_with(failed=st.just(0), document=st.just(-1))
selections = st.builds(
    Selection,
    per_document=st.integers(1, 3),
    minimum_confidence=st.sampled_from([0.0, 0.5, 0.6]),
    cap=st.integers(1, 9),
    target=st.none() | st.integers(1, 20),
)
many = settings(max_examples=60, deadline=None)
few = settings(max_examples=25, deadline=None)


def standing(rows: list[Row]) -> Standing:
    columns = {name: [getattr(row, name) for row in rows] for name in Standing._fields}
    return Standing(**{name: np.array(columns[name], WIDTHS[name]) for name in columns})


def codes(rows: list[Row], selection: Selection) -> list[int]:
    return decide(standing(rows), selection).codes.tolist()


def kept(rows: list[Row], selection: Selection) -> list[Row]:
    return [row for row, code in zip(rows, codes(rows, selection), strict=True) if code == 0]


def by(rows: list[Row], *names: str) -> dict[Any, list[Row]]:
    groups: defaultdict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(getattr(row, name) for name in names)].append(row)
    return groups


def stratum(row: Row) -> tuple[int, int, int, int]:
    return (row.domain, row.method, row.language, row.source)


def one(**changes: Any) -> Row:
    given_values = dict.fromkeys(CHOICES, 0) | {"document": -1, "cluster": -1, "confidence": 0.5}
    return Row(0, **(given_values | changes))


def together(*rows: Row) -> list[Row]:
    return [row._replace(number=number) for number, row in enumerate(rows)]


def minimum(selection: Selection) -> float:
    return float(np.float32(selection.minimum_confidence))


# The rule as a whole


@given(rows_of, selections)
@many
def test_kept_are_those_that_the_plain_rule_keeps(rows, selection) -> None:
    expected = plain.reference(rows, selection, minimum(selection))
    assert {row.number for row in kept(rows, selection)} == expected


@given(rows_of, selections)
@many
def test_every_reason_is_the_first_that_applies(rows, selection) -> None:
    """Each step is run alone by the plain rule: who falls at it has that reason."""
    given_codes = codes(rows, selection)
    steps = {
        Reason.NOT_BEST_OF_DOCUMENT: {"cap": 10**6, "target": None},
        Reason.OVER_CAP: {"target": None},
        Reason.OVER_TARGET: {},
    }
    left = [row.number for row in rows if row.failed == 0 and row.confidence >= minimum(selection)]
    for row in rows:
        weak = not row.failed and row.number not in left
        assert (given_codes[row.number] == row.failed) or not row.failed
        assert (given_codes[row.number] == Reason.BELOW_CONFIDENCE) == weak
    for reason, changes in steps.items():
        part = selection.model_copy(update=changes)
        stays = plain.reference(rows, part, minimum(selection))
        fallen = {number for number, code in enumerate(given_codes) if code == reason}
        assert fallen == set(left) - stays
        left = sorted(stays)


@given(rows_of, selections, st.randoms(use_true_random=False))
@few
def test_which_code_a_value_has_is_no_matter(rows, selection, chance) -> None:
    def renamed(name: str, wide: bool) -> dict[int, int]:
        known = sorted({getattr(row, name) for row in rows} - {-1})
        others = chance.sample(range(10**12 if wide else 50), len(known))
        return dict(zip(known, others, strict=True)) | {-1: -1}

    fields = {"document": True, "cluster": True, "domain": False, "source": False}
    new = {name: renamed(name, wide) for name, wide in fields.items()}
    arrays = standing(rows)._asdict()
    for name, names in new.items():
        arrays[name] = np.array([names[getattr(row, name)] for row in rows], np.int64)
    assert decide(Standing(**arrays), selection).codes.tolist() == codes(rows, selection)


@given(rows_of, selections, st.randoms(use_true_random=False))
@few
def test_the_order_of_rows_breaks_full_ties_only(rows, selection, chance) -> None:
    """With ties all different, and so documents' scores, no numbering of the rows matters."""
    rows = [
        row._replace(tie=2**60 + 7 * row.number, confidence=(row.confidence + row.number) / 99)
        for row in rows
    ]
    shuffled = together(*chance.sample(rows, len(rows)))
    ties = {row.tie for row in kept(shuffled, selection)}
    assert ties == {row.tie for row in kept(rows, selection)}


@given(eligible_rows, selections, st.randoms(use_true_random=False))
@few
def test_other_ties_keep_others_of_equal_confidence(rows, selection, chance) -> None:
    alone = [row._replace(cluster=-1) for row in rows]
    redrawn = [row._replace(tie=chance.getrandbits(64)) for row in alone]
    scores = [sorted(row.confidence for row in kept(each, selection)) for each in (alone, redrawn)]
    assert scores[0] == scores[1]


# Inside a domain


@given(eligible_rows, st.integers(1, 9))
@many
def test_every_domain_keeps_the_cap_or_all_that_it_has(rows, cap) -> None:
    stays = Counter(row.domain for row in kept(rows, Selection(cap=cap)))
    sizes = Counter(row.domain for row in rows)
    assert stays == {domain: min(cap, size) for domain, size in sizes.items()}


@given(eligible_rows, st.integers(1, 9))
@many
def test_strata_share_a_domain_evenly_until_they_are_used_up(rows, cap) -> None:
    """No stratum has two more than another one of its domain that has more to give."""
    selection = Selection(cap=cap)
    stays = Counter(map(stratum, kept(rows, selection)))
    sizes = Counter(map(stratum, rows))
    for domain in {row.domain for row in rows}:
        here = [key for key in sizes if key[0] == domain]
        even = cap // len(here)
        for key in here:
            assert stays[key] == sizes[key] or stays[key] >= max(stays[k] for k in here) - 1
            assert stays[key] == sizes[key] if sizes[key] <= even else stays[key] >= even


@given(eligible_rows, st.integers(1, 9))
@many
def test_the_best_of_every_cluster_come_before_seconds(rows, cap) -> None:
    chosen = {row.number for row in kept(rows, Selection(cap=cap))}
    rank = {}
    for (cluster, _), group in by(rows, "cluster", "domain").items():
        for place, row in enumerate(sorted(group, key=plain.merit)):
            rank[row.number] = place if cluster >= 0 else 0
    for group in by(rows, "domain", "method", "language", "source").values():
        order = sorted((rank[row.number], -row.confidence) for row in group)
        stays = [row for row in group if row.number in chosen]
        best = sorted((rank[row.number], -row.confidence) for row in stays)
        assert best == order[: len(stays)]


def test_a_large_kind_does_not_crowd_out_a_small_one() -> None:
    crowd = [one(confidence=0.9, tie=n) for n in range(20)]
    rows = together(*crowd, one(language=1, confidence=0.2), one(method=1, confidence=0.3))
    assert codes(rows, Selection(cap=5))[-2:] == [0, 0]


def test_one_of_every_cluster_stays_before_better_ones_of_the_same() -> None:
    rows = together(
        *(one(cluster=4, confidence=0.9, tie=n) for n in range(3)),
        one(confidence=0.3),
        one(cluster=5, confidence=0.2),
    )
    assert codes(rows, Selection(cap=3)) == [0, Reason.OVER_CAP, Reason.OVER_CAP, 0, 0]


# The target


@given(rows_of, selections)
@many
def test_exactly_the_target_or_all_that_fit_and_a_statement(rows, selection) -> None:
    fitting = kept(rows, selection.model_copy(update={"target": None}))
    chosen = kept(rows, selection)
    said = statement(decide(standing(rows), selection), selection)
    if selection.target is None or len(fitting) >= selection.target:
        assert len(chosen) == (selection.target or len(fitting))
        assert said is None
    else:
        assert chosen == fitting
        assert said is not None


@given(eligible_rows, st.integers(1, 9), st.integers(1, 20))
@many
def test_large_domains_give_way_to_the_target_and_small_ones_stay_whole(rows, cap, target) -> None:
    fits = Counter(row.domain for row in kept(rows, Selection(cap=cap)))
    stays = Counter(row.domain for row in kept(rows, Selection(cap=cap, target=target)))
    assert all(fits[d] == stays[d] or stays[d] >= max(stays.values()) - 1 for d in fits)


@given(rows_of, selections)
@few
def test_what_the_target_strikes_fits_under_the_cap(rows, selection) -> None:
    without = codes(rows, selection.model_copy(update={"target": None}))
    for before, after in zip(without, codes(rows, selection), strict=True):
        assert after == before or (before, after) == (0, Reason.OVER_TARGET)


@given(eligible_rows, st.integers(1, 5), st.integers(1, 60))
@many
def test_the_cap_that_a_statement_names_is_the_least_that_reaches_the_target(
    rows, cap, target
) -> None:
    selection = Selection(cap=cap, target=target)
    said = statement(decide(standing(rows), selection), selection)
    if said is None:
        return
    if len(rows) < target:
        assert f"No cap would reach the target: {target - len(rows)} more" in said
        return
    named = int(said.split("A cap of ")[1].split()[0].replace(",", ""))
    assert named > cap
    assert len(kept(rows, Selection(cap=named))) >= target
    assert len(kept(rows, Selection(cap=named - 1))) < target


def test_a_statement_counts_what_there_is() -> None:
    rows = together(
        *(one(tie=n) for n in range(1_500)),
        *(one(domain=1) for _ in range(10)),
        *(one(failed=1) for _ in range(7)),
        *(one(confidence=0.1) for _ in range(5)),
        *(one(document=3, domain=1) for _ in range(4)),
    )
    selection = Selection(cap=1_000, target=1_200, minimum_confidence=0.25)
    assert statement(decide(standing(rows), selection), selection) == (
        "The target of 1,200 personas is out of reach: 1,011 fit under the cap of 1,000 a domain."
        " Of 1,526 personas, 1,519 pass every judge, 1,514 of these have a confidence of at least"
        " 0.25, and 1,511 are left with at most 1 of a document. Over-full domains: 1, which hold"
        " 1,500 of these. A cap of 1,189 would reach it."
    )


# Thresholds, documents and words


@pytest.mark.parametrize("threshold", [0.1, 0.5, 0.7, 0.9, 1.0])
def test_a_confidence_that_equals_the_minimum_is_enough(threshold: float) -> None:
    """Confidence is kept in 32 bits, where 0.7 is less than the recipe's 0.7 in 64."""
    selection = Selection(minimum_confidence=threshold)
    assert codes([one(confidence=threshold)], selection) == [0]
    assert codes([one(confidence=threshold - 1e-6)], selection) == [Reason.BELOW_CONFIDENCE]


def test_what_is_not_a_number_is_below_every_minimum() -> None:
    assert codes([one(confidence=float("nan"))], Selection()) == [Reason.BELOW_CONFIDENCE]


def test_personas_of_personas_are_not_counted_by_document() -> None:
    rows = together(*[one(document=5)] * 4, *[one()] * 4)
    assert codes(rows, Selection()) == [0, *[Reason.NOT_BEST_OF_DOCUMENT] * 3, 0, 0, 0, 0]


def test_nothing_in_nothing_out() -> None:
    assert codes([], Selection(target=3)) == []


def test_the_draw_is_the_same_on_every_machine() -> None:
    """A release is made again from its seed: another release of numpy must draw the same."""
    rows = together(*(one(tie=n * 0x9E3779B97F4A7C15 % 2**64, source=n % 2) for n in range(9)))
    assert [row.number for row in kept(rows, Selection(cap=6, target=3))] == [0, 2, 5]


@given(rows_of, st.integers(1, 3))
@few
def test_parents_are_chosen_as_verdicts_choose(rows, per_document) -> None:
    """With no cap and no target, the personas that are expanded are those that are kept."""
    selection = Selection(per_document=per_document, minimum_confidence=0.5)
    table = pa.table(
        {
            "id": pa.array([f"{row.number:04}" for row in rows], pa.string()),
            "document_id": pa.array(
                [None if row.document < 0 else f"d{row.document}" for row in rows], pa.string()
            ),
            "confidence_score": pa.array([row.confidence for row in rows], pa.float32()),
            "judge": pa.array(["form" if row.failed else None for row in rows], pa.string()),
        }
    )
    parents = best_of_documents(table.take(np.arange(len(rows))[::-1]), selection)
    assert parents.to_pylist() == [f"{row.number:04}" for row in kept(rows, selection)]


def test_reasons_are_spelled_as_verdicts_spell_them() -> None:
    numbers = np.array([0, 2, 1, *range(-4, 0)], np.int16)
    names = reason_names(numbers, ["form", "near_duplicates"])
    assert names.type == records.VERDICT.field("reason").type
    assert names.to_pylist() == [
        None,
        "judge:near_duplicates",
        "judge:form",
        "over_target",
        "over_cap",
        "not_best_of_document",
        "below_confidence",
    ]
    assert reason_names(np.zeros(0, np.int16), []).to_pylist() == []


# Parts


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 9)), max_size=20), st.data())
@many
def test_water_is_poured_as_one_place_after_another(groups, data) -> None:
    limits = data.draw(st.lists(st.integers(0, 40), min_size=4, max_size=4))
    bucket, sizes = (np.array([g[i] for g in groups], np.int64) for i in (0, 1))
    levels = water_levels(bucket, sizes, np.array(limits))
    for number, limit in enumerate(limits):
        here = sizes[bucket == number]
        highest = max(here, default=0)
        within = [n for n in range(highest + 1) if np.minimum(here, n).sum() <= limit]
        assert min(levels[number], highest) == within[-1]
        assert water_level(here, limit) == levels[number]


@given(st.integers(0, 60).flatmap(lambda n: st.lists(
    st.lists(st.integers(-2**63, 2**63 - 1) | st.integers(0, 2), min_size=n, max_size=n),
    min_size=1, max_size=4,
)))  # fmt: skip
@many
def test_rows_are_ordered_as_a_stable_sort_orders_them(columns) -> None:
    keys = [np.array(column, np.int64) for column in columns]
    assert ordered(*keys).tolist() == np.lexsort(keys[::-1]).tolist()
    wide = [key.view(np.uint64) for key in keys]
    assert ordered(*wide).tolist() == np.lexsort(wide[::-1]).tolist()


@given(st.lists(st.integers(0, 3) | st.integers(0, 2**62), max_size=40), st.integers(1, 3))
@few
def test_no_crowded_row_is_missed(values, most) -> None:
    found = perhaps_crowded(np.array(values, np.int64), most).tolist()
    crowd = [Counter(values)[value] > most for value in values]
    assert all(flag or not truly for flag, truly in zip(found, crowd, strict=True))
    if max(values, default=0) < len(values):
        assert found == crowd


# The second definition


def in_daft(rows: list[Row], selection: Selection) -> list[int]:
    """With text for ids and names, as tables on a cluster have them."""
    columns = standing(rows)._asdict()
    table = pa.table({"id": [f"{row.number:08}" for row in rows], **columns})
    named = pa.array([f"domain {row.domain}" for row in rows], pa.string())
    table = table.set_column(table.column_names.index("domain"), "domain", named)
    shuffled = table.take(np.random.default_rng(len(rows)).permutation(len(rows)))
    made = decide_in_daft(daft.from_arrow(shuffled), selection).to_arrow().sort_by("id")
    assert made.schema.field("reason").type == pa.int16()
    return made["reason"].to_pylist()


@given(rows_of.filter(bool), selections)
@few
def test_the_engine_decides_the_same(rows, selection) -> None:
    assert in_daft(rows, selection) == codes(rows, selection)


@pytest.mark.parametrize("target", [None, 1, 20, 900])
def test_the_engine_decides_the_same_of_many(target: int | None) -> None:
    chance = np.random.default_rng(7)
    drawn = {
        "failed": chance.integers(0, 6, 4_000) // 4,
        "confidence": chance.integers(0, 20, 4_000) / 20,
        "document": chance.integers(-1, 3_000, 4_000),
        "domain": (90 * chance.random(4_000) ** 3).astype(int),
        "cluster": chance.integers(-900, 300, 4_000).clip(-1),
        "method": chance.integers(0, 3, 4_000),
        "language": chance.geometric(0.5, 4_000),
        "source": chance.geometric(0.4, 4_000),
        "tie": chance.integers(0, 2**64, 4_000, np.uint64),
    }
    columns = [column.tolist() for column in drawn.values()]
    rows = [Row(number, *each) for number, each in enumerate(zip(*columns, strict=True))]
    selection = Selection(per_document=2, minimum_confidence=0.15, cap=60, target=target)
    given_codes = codes(rows, selection)
    assert in_daft(rows, selection) == given_codes
    assert Reason.OVER_CAP in given_codes


# From end to end


def test_set_judges_see_whoever_may_be_kept(tmp_path) -> None:
    """The same minimum before the set judges and in the verdicts, to the last bit."""
    source = write_source(tmp_path / "texts.jsonl", corpus_texts()[:5])
    first = build(scripted_recipe(tmp_path / "hub", source)).read("verdicts")
    first = first.filter(first["kept"])
    shown = {str(np.float32(one)) for one in first["confidence_score"].to_pylist()}
    minimum = next(one for one in sorted(shown) if float(one) > float(np.float32(one)))
    hub = build(scripted_recipe(tmp_path / "hub", source, f"select.minimum_confidence={minimum}"))
    after = hub.read("verdicts").to_pylist()
    chosen = {one["id"] for one in after if one["kept"]}
    seen = set(hub.read("evidence/near_duplicates")["id"].to_pylist())
    assert min(one["confidence_score"] for one in after if one["kept"]) < float(minimum)
    assert chosen <= seen


def test_the_benchmark_finds_what_the_plain_rule_finds() -> None:
    code = "import json, selection_runs as s; print(json.dumps(s.measure(20_000, peers=())))"
    words = [sys.executable, "-c", code]
    done = subprocess.run(words, cwd=BENCHMARKS, check=True, capture_output=True)
    found = json.loads(done.stdout)
    assert (found["recall"], found["precision"]) == (1.0, 1.0)
    assert found["digest"] == found["digest_shuffled"]
    assert found["largest_domain"] == found["cap"]
    assert found["sampled_over_full"] == 3
