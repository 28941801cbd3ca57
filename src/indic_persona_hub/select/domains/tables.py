"""The tables of the taxonomy: plain CSV files beside this module, that a person can read and edit.

`words.csv` (a label in an Indian language, its English), `synonyms.csv` (a label, the
domain that means the same), `occupations.csv` (an occupation, its field),
`typos.csv` (a misspelt word, the word), `spellings.csv` (a spelling, the form it is
compared in; a star ends a stem), `lookalikes.csv` (words never taken for a typing error) and
`areas.csv` (field, area, keywords).
"""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources


@cache
def pairs(name: str) -> dict[str, str]:
    """First column to second of the table `<name>.csv`."""
    return {first: second for first, second, *_ in rows(name)}


@cache
def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of the table `<name>.csv`, without its heading."""
    path = resources.files(__package__) / f"{name}.csv"
    _, *found = csv.reader(path.read_text(encoding="utf-8").splitlines())
    return tuple(tuple(row) for row in found)
