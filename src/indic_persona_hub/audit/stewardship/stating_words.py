"""Words that state an attribute: that they mark its group is no news."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from indic_persona_hub import reference
from indic_persona_hub.judge.generic_words import FUNCTION_WORDS
from indic_persona_hub.judge.words import words_of

#: Tables and columns whose entries state a dimension.
_TABLES: Final = {
    "gender": (("gender_words", "word"),),
    "religion": (("religion_words", "word"),),
    "community": (("community_words", "word"),),
    "disability": (("disability_words", "word"),),
    "residence": (("residence_words", "word"), ("cities", "name")),
    "age": (("age_words", "word"),),
    "state": (
        ("states", "name"),
        ("state_variants", "variant"),
        ("districts", "name"),
        ("district_variants", "variant"),
        ("cities", "name"),
        ("language_words", "word"),
        ("demonyms", "word"),
    ),
}
#: Pronouns of either gender, and what stands beside a number of years.
_MORE: Final = {
    "gender": "she her hers herself he him his himself",
    "age": "year years yr yrs old aged age",
}


@cache
def stating_words(dimension: str) -> frozenset[str]:
    """The words of the entries of our tables that state a dimension, and their plurals."""
    found = {word for entry in _entries(dimension) for word in words_of(entry)}
    found -= FUNCTION_WORDS
    found |= {f"{word}s" for word in found if word.isascii()}
    return frozenset(found | set(_MORE.get(dimension, "").split()))


@cache
def stating_any_attribute() -> frozenset[str]:
    """The words that state any of the dimensions."""
    return frozenset().union(*map(stating_words, _TABLES))


def _entries(dimension: str) -> Iterator[str]:
    for table, column in _TABLES[dimension]:
        yield from _texts(reference.load(table)[column].to_pylist())


def _texts(cells: Iterable[str | None]) -> Iterator[str]:
    return (cell for cell in cells if cell)
