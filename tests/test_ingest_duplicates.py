"""Exact duplicates, and source ids that stand for two texts."""

from collections import Counter
from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from indic_persona_hub.ingest.duplicates import rejected_duplicates

NAMES = ("id", "source", "source_id", "url", "row")
KEYS = pa.schema([(name, pa.string()) for name in NAMES])


def table(*rows: tuple[str | None, ...]) -> pa.Table:
    return pa.Table.from_pylist([dict(zip(NAMES, row, strict=True)) for row in rows], schema=KEYS)


def dropped(*rows: tuple[str | None, ...]) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in rejected_duplicates(table(*rows)).to_pylist()]


def test_of_equal_texts_the_smallest_place_stays() -> None:
    assert dropped(
        ("x", "b", None, None, "f:1"),
        ("x", "a", "7", None, "f:9"),
        ("x", "a", None, "u", "f:2"),
        ("x", "a", None, None, "f:3"),
        ("y", "a", None, None, "f:4"),
    ) == [
        ("x", "a", "f:2", "exact_duplicate"),
        ("x", "a", "f:9", "exact_duplicate"),
        ("x", "b", "f:1", "exact_duplicate"),
    ]


def test_a_source_id_stands_for_the_smallest_id_within_its_source() -> None:
    assert dropped(
        ("z", "a", "7", None, "f:1"),
        ("y", "a", "7", None, "f:2"),
        ("w", "b", "7", None, "f:3"),
        ("u", "a", None, None, "f:4"),
        ("v", "a", None, None, "f:5"),
    ) == [("z", "a", "f:1", "duplicate_source_id")]


def test_a_text_that_lost_its_source_id_stays_by_its_other_copy() -> None:
    rows = (
        ("z", "a", "7", None, "f:1"),
        ("y", "a", "7", None, "f:2"),
        ("z", "b", "8", None, "g:1"),
    )
    assert dropped(*rows) == [("z", "a", "f:1", "duplicate_source_id")]


def test_nothing_in_nothing_out() -> None:
    assert rejected_duplicates(table()).num_rows == 0


few = st.sampled_from(["a", "b", "c"])
some = st.one_of(st.none(), few)
many_rows = st.lists(st.tuples(few, few, some, some), max_size=25).map(
    lambda rows: [(*row, f"f:{number}") for number, row in enumerate(rows)]
)


@settings(deadline=None)
@given(many_rows, st.randoms())
def test_what_stays_is_unique_and_order_changes_nothing(rows: list[Any], chance: Any) -> None:
    found = rejected_duplicates(table(*rows))
    gone = {(one["id"], one["source"], one["row"]) for one in found.to_pylist()}
    assert len(gone) == found.num_rows
    stays = [row for row in rows if (row[0], row[1], row[4]) not in gone]
    assert len(stays) + len(gone) == len(rows)
    assert all(n == 1 for n in Counter(row[0] for row in stays).values())
    assert all(n == 1 for n in Counter(row[1:3] for row in stays if row[2]).values())

    chance.shuffle(rows)
    assert rejected_duplicates(table(*rows)).equals(found)
