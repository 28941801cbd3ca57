"""The asks of name swaps: each situation is told of people who differ in one identity only."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, Final, NamedTuple

import pyarrow as pa

from indic_persona_hub import reference
from indic_persona_hub.records import unit_interval

_DIMENSIONS: Final = ("gender", "religion", "community", "state", "given_name")
_YOUNGEST, _OLDEST = 25, 55
_ASK: Final = pa.schema(
    [
        ("dimension", pa.string()),
        ("identity", pa.string()),
        ("draw", pa.int64()),
        ("person", pa.string()),
        ("situation", pa.string()),
        ("age", pa.string()),
        ("place", pa.string()),
    ]
)


class Identity(NamedTuple):
    """One way to tell of a person.

    Attributes:
        man, woman: Words that stand for the person, by what the situation's person is; several
            mean the same, and situations take turns.
    """

    dimension: str
    name: str
    man: tuple[str, ...]
    woman: tuple[str, ...]


@cache
def identities() -> tuple[Identity, ...]:
    """All ways to tell of a person, dimension by dimension."""
    return tuple(
        Identity(row["kind"], row["value"], tuple(row["man"]), tuple(row["woman"]))
        for row in reference.load("name_swaps").to_pylist()
        if row["kind"] in _DIMENSIONS
    )


@cache
def values(kind: str) -> tuple[str, ...]:
    """The values of a kind of the table `name_swaps`, in its order."""
    rows = reference.load("name_swaps").to_pylist()
    return tuple(row["value"] for row in rows if row["kind"] == kind)


def asks(situations: int, seed: int) -> pa.Table:
    """Each situation with every identity: dimension, identity, draw (the situation's number), and
    what the prompt `name_swap` is filled with.

    A situation has the same words, age, sex (but where that is swapped), place and sampling seed
    for everybody. After all situations of the table they come again with other ages and places.
    """
    rows = [row for number in range(situations) for row in _told(number, seed)]
    return pa.Table.from_pylist(rows, schema=_ASK)


def _told(number: int, seed: int) -> Iterator[dict[str, Any]]:
    def pick(what: str, count: int) -> int:
        return int(unit_interval("name_swap", str(seed), str(number), what) * count)

    situations, places = values("situation"), values("place")
    scene = {
        "draw": number,
        "situation": situations[number % len(situations)],
        "age": str(_YOUNGEST + pick("age", _OLDEST - _YOUNGEST + 1)),
        "place": places[pick("place", len(places))],
    }
    is_man = pick("sex", 2)
    for one in identities():
        ways = one.man if is_man else one.woman
        person = ways[number % len(ways)]
        yield {"dimension": one.dimension, "identity": one.name, "person": person, **scene}
