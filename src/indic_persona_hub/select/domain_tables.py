"""The tables of the taxonomy: plain CSV files beside this module, that a person can read and edit.

`domain_words.csv` (a label in an Indian language, its English), `domain_synonyms.csv` (a label, the
domain that means the same), `domain_occupations.csv` (an occupation, its field),
`domain_typos.csv` (a misspelt word, the word), `domain_spellings.csv` (a spelling, the form it is
compared in; a star ends a stem), `domain_lookalikes.csv` (words never taken for a typing error) and
`domain_areas.csv` (field, area, keywords).
"""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources


@cache
def pairs(name: str) -> dict[str, str]:
    """First column to second of the table `domain_<name>.csv`."""
    return {first: second for first, second, *_ in rows(name)}


@cache
def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of the table `domain_<name>.csv`, without its heading."""
    path = resources.files(__package__) / f"domain_{name}.csv"
    _, *found = csv.reader(path.read_text(encoding="utf-8").splitlines())
    return tuple(tuple(row) for row in found)
