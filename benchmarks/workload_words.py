"""The words that the workload's texts and domain labels are made of; lists in the TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

LABELS = 90_633


@cache
def _lists() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def sentences(script: str) -> list[list[str]]:
    """The templates of a script, as words and slots."""
    return [line.split() for line in _lists()[script]["sentences"].strip().splitlines()]


def words(script: str) -> dict[str, list[str]]:
    """The words that may stand in each slot."""
    return {kind: listed.split() for kind, listed in _lists()[script]["words"].items()}


def tail(script: str, count: int) -> Iterator[str]:
    """Made-up words of three syllables, each once, in an order without a pattern to the eye."""
    syllables = _lists()[script]["syllables"].split()
    size = len(syllables)
    seen: set[str] = set()
    number = 0
    while len(seen) < count:
        number = (number + 48_611) % size**3  # a prime, so every number comes up
        one, two, three = number // size**2, number // size % size, number % size
        word = syllables[one] + syllables[two] + syllables[three]
        if word not in seen:
            seen.add(word)
            yield word


@cache
def labels() -> list[str]:
    """90,633 different raw domain labels, the most frequent first, in the styles of a real set:
    `vedic`, `indian history`, `applied_physics_engineer`."""
    fields, kinds, topics = (listed.split() for listed in _lists()["labels"].values())
    made = [*fields, *kinds, *(f"{kind} {field}" for kind in kinds for field in fields)]
    whole = [(kind, field, topic) for topic in topics for kind in kinds for field in fields]
    for number, parts in enumerate(whole):
        made.append(("_" if number % 3 == 0 else " ").join(parts))
    made += [f"{field.capitalize()} {topic}" for field in fields for topic in topics]
    return list(dict.fromkeys(made))[:LABELS]
