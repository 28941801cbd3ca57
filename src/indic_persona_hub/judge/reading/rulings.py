"""What the rules find in the texts of a batch, read once for all who ask."""

from __future__ import annotations

from typing import NamedTuple

from indic_persona_hub.judge.reading.attribute_rules import Value, by_rules_in
from indic_persona_hub.judge.reading.clashes import clashes_in
from indic_persona_hub.judge.reading.clauses import readings
from indic_persona_hub.reference.chunks import Texts


class Rulings(NamedTuple):
    """An entry a text: what cannot be true of one person, and the attributes by name."""

    clashes: list[tuple[str, ...]]
    attributes: list[dict[str, Value]]


def rulings(texts: Texts) -> Rulings:
    """Read the texts."""
    found = Rulings([], [])
    for reading in readings(texts):
        found.clashes.append(tuple(clashes_in(reading)))
        found.attributes.append(by_rules_in(reading))
    return found
