"""What codes are called in tables, sentences and reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from indic_persona_hub import reference

TITLES: Final[Mapping[str, str]] = {
    "state": "state",
    "residence": "residence",
    "sex": "sex",
    "age_band": "age",
    "language": "mother tongue",
    "religion": "religion",
    "community": "community",
    "education": "education",
    "literacy": "literacy",
    "occupation_division": "occupation division",
    "work_class": "class of work",
    "disability": "disability",
    "district": "district",
}
_NAMED: Final[Mapping[tuple[str, str], str]] = {
    ("language", "other"): "other languages",
    ("religion", "other"): "other religions",
    ("community", "scheduled_caste"): "Scheduled Castes",
    ("community", "scheduled_tribe"): "Scheduled Tribes",
    ("community", "other"): "neither Scheduled Caste nor Tribe",
    ("disability", "none"): "no disability",
    ("disability", "mental_illness"): "mental illness",
    ("disability", "multiple"): "multiple disabilities",
    ("disability", "other"): "other disabilities",
}
#: Name of a table of names, its column of codes, its column of names.
_TABLES: Final[Mapping[str, tuple[str, str, str]]] = {
    "state": ("states", "code", "name"),
    "language": ("languages", "code", "name"),
    "district": ("districts", "lgd_code", "name"),
    "occupation_division": ("nco", "code", "title"),
}


def title(dimensions: Sequence[str]) -> str:
    """The title of a table over these dimensions: "State x residence x age"."""
    words = " x ".join(TITLES.get(name, name) for name in dimensions)
    return words[:1].upper() + words[1:]


def weights_in_words(rows: int, effective_rows: int) -> str:
    """What a reader of the audit of a set with weights must know."""
    return (
        f"The rows have weights: in all tables the {rows:,} rows count by weight, and together as"
        f" {effective_rows:,} rows, as many as would say as much without weights (Kish's effective"
        " sample size)."
    )


def label(cell: Mapping[str, str]) -> str:
    """A cell in words: "Goa", or "Goa, rural, female, aged 60-74"."""
    return ", ".join(value_label(name, value) for name, value in cell.items())


@cache
def value_label(dimension: str, value: str) -> str:
    """One value of a dimension in words."""
    if (dimension, value) in _NAMED:
        return _NAMED[dimension, value]
    if dimension in _TABLES:
        return _names(dimension).get(value, value)
    if dimension == "age_band":
        return f"aged {value}"
    return value.replace("_", " ").capitalize() if dimension == "religion" else _plain(value)


def _plain(value: str) -> str:
    return value.replace("_", " ")


@cache
def _names(dimension: str) -> Mapping[str, str]:
    table, codes, names = _TABLES[dimension]
    loaded = reference.load(table)
    pairs = zip(loaded[codes].to_pylist(), loaded[names].to_pylist(), strict=True)
    return {str(code): name for code, name in pairs if code is not None}
