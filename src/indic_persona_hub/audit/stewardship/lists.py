"""Published lists of stereotypes, from any file, as one table of what is said of whom."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from indic_persona_hub import reference
from indic_persona_hub.audit.stewardship.groups import PLACES, STAGES, Group
from indic_persona_hub.audit.stewardship.list_formats import (
    EMPTY_OF_MEANING,
    Claim,
    claims_of,
    holds_no_claims,
)
from indic_persona_hub.audit.stewardship.list_rows import ENDINGS, list_files, list_rows
from indic_persona_hub.audit.stewardship.terms import Words, forms
from indic_persona_hub.errors import SourceError
from indic_persona_hub.judge.words import words_of
from indic_persona_hub.records import AGE_BANDS

#: Of the words of a sentence so large a share must stand in a text that repeats it.
_REPEATED: Final = 0.75
#: Identities of these are taken from what a persona states of itself, not from any word of its
#: text: "her", "old" and "child" stand in texts about everybody.
_STATED_ONLY: Final = frozenset({"gender", "age", "disability"})
#: A shorter name of a group stands in texts for something else: the SC of a BSc.
_SHORTEST: Final = 3  # characters
#: Castes that lists speak of and that are no group of their own here.
_CASTES: Final = frozenset(
    form
    for name in ("brahmin", "kshatriya", "vaishya", "shudra", "bania", "rajput", "upper caste")
    for form in forms(tuple(name.split()))
)


class Identity(NamedTuple):
    """Of whom something is said.

    Attributes:
        group: Its column, where it is one of `groups.GROUPS`.
        words: What a text calls it; empty where only the attribute counts.
    """

    name: str
    group: int | None
    words: tuple[Words, ...]


class Said(NamedTuple):
    """What is said: `least` of the phrases must stand in a text."""

    phrases: tuple[Words, ...]
    least: int

    @property
    def name(self) -> str:
        """As a table shows it."""
        return " + ".join(" ".join(one) for one in self.phrases)


class Source(NamedTuple):
    """A file that was read: `claims` were made of its rows, `left_out` named no identity."""

    name: str
    format: str
    claims: int
    left_out: int


@dataclass(frozen=True)
class Lists:
    """All claims of all files: (place in `identities`, place in `said`), each once; `path` is where
    they were read from.
    """

    identities: tuple[Identity, ...] = ()
    said: tuple[Said, ...] = ()
    claims: tuple[tuple[int, int], ...] = ()
    sources: tuple[Source, ...] = ()
    path: str = ""


NO_LISTS: Final = Lists()


def read_lists(path: Path) -> Lists:
    """The list at `path`, or all lists of a folder.

    Raises:
        SourceError: Nothing is there, a file cannot be read, or no file is a list that we know.
    """
    table, sources = _Table(), list[Source]()
    for file in list_files(path):
        rows = list_rows(file)
        found = claims_of(rows)
        if found is None:
            if rows and not holds_no_claims(rows[0]):
                raise _unknown(file, rows[0])
            continue
        name, claims = found
        kept = sum(table.add(claim) for claim in claims)
        sources.append(Source(file.name, name, kept, len(claims) - kept))
    if not table.claims:
        raise SourceError(
            f"No file of {path} says what is said of whom.",
            cure="Give a list of stereotypes; docs/stereotypes.md names the formats.",
        )
    return table.lists(sources, str(path))


def _unknown(file: Path, row: Any) -> SourceError:
    return SourceError(
        f"{file} is no list of stereotypes that we know: its columns are {', '.join(row)}.",
        cure="Name two columns `identity` and `attribute`, one pair a row"
        f" ({', '.join(ENDINGS)}); docs/stereotypes.md names the other formats.",
    )


class _Table:
    """Claims with identities and sayings numbered."""

    def __init__(self) -> None:
        self.identities: dict[Identity, int] = {}
        self.said: dict[Said, int] = {}
        self.claims: dict[tuple[int, int], None] = {}

    def add(self, claim: Claim) -> bool:
        """Whether an identity is named, and something is said of it that is not the identity."""
        identity = identity_of(claim.identities)
        if identity is None:
            return False
        named = {word for words in identity.words for word in words}
        phrases = [tuple(words_of(one)) for one in claim.said]
        told = tuple(one for one in phrases if one and not named.issuperset(one))
        if not told:
            return False
        said = Said(told, math.ceil(_REPEATED * len(told)))
        pair = (
            self.identities.setdefault(identity, len(self.identities)),
            self.said.setdefault(said, len(self.said)),
        )
        self.claims[pair] = None
        return True

    def lists(self, sources: Sequence[Source], path: str) -> Lists:
        """All of it."""
        return Lists(
            tuple(self.identities), tuple(self.said), tuple(self.claims), tuple(sources), path
        )


def identity_of(candidates: Iterable[str]) -> Identity | None:
    """The first candidate that our tables know as a group, or else a single word that says what
    somebody is. Any other word with a capital is taken for a name, which is nobody's identity.
    """
    named = [one for one in candidates if words_of(one)]
    for one in named:
        for form in sorted(forms(tuple(words_of(one)))):
            if form in _groups():
                return _known(_groups()[form])
    if len(named) != 1 or not named[0].isascii():
        return None
    words = tuple(words_of(named[0]))
    says = words in _CASTES or (named[0].islower() and not EMPTY_OF_MEANING.issuperset(words))
    return Identity(" ".join(words), None, (words,)) if says else None


@cache
def _known(group: Group) -> Identity:
    named = (words for words, one in _groups().items() if one == group)
    called = sorted(words for words in named if len("".join(words)) >= _SHORTEST)
    words = () if group.dimension in _STATED_ONLY else tuple(called)
    return Identity(group.label, PLACES[group], words)


@cache
def _groups() -> dict[Words, Group]:
    """The groups that words stand for, from our tables."""
    found: dict[Words, Group] = {}
    for table, dimension in (
        ("religion_words", "religion"), ("community_words", "community"), ("gender_words", "gender")
    ):  # fmt: skip
        for row in reference.load(table).to_pylist():
            if row[dimension]:
                found.setdefault(tuple(words_of(row["word"])), Group(dimension, row[dimension]))
    for row in reference.load("disability_words").to_pylist():
        if row["disability"]:
            found.setdefault(tuple(words_of(row["word"])), Group("disability", "any"))
    for row in reference.load("age_words").to_pylist():
        if row["band"] in AGE_BANDS:
            found.setdefault(tuple(words_of(row["word"])), Group("age", _stage(row["band"])))
    for row in reference.load("demonyms").to_pylist():
        found.setdefault(tuple(words_of(row["word"])), Group("state", row["state"]))
    return found


def _stage(band: str) -> str:
    return next(stage for stage, bands in STAGES.items() if band in bands)
