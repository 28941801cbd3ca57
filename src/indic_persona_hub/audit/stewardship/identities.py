"""Of whom a list says something: one of our groups, a caste, or what somebody is called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Final, NamedTuple

from indic_persona_hub import reference
from indic_persona_hub.audit.stewardship.groups import PLACES, STAGES, Group
from indic_persona_hub.audit.stewardship.list_formats import EMPTY_OF_MEANING
from indic_persona_hub.audit.stewardship.terms import Words, forms
from indic_persona_hub.judge.words import words_of
from indic_persona_hub.records import AGE_BANDS

#: Identities of these are taken from what a persona states of itself, not from any word of its
#: text: "her", "old" and "child" stand in texts about everybody.
_STATED_ONLY: Final = frozenset({"gender", "age", "disability"})
#: A shorter name of a group stands in texts for something else: the SC of a BSc.
_SHORTEST: Final = 3  # characters
#: Castes that lists speak of and that are no group of their own here, with other spellings.
_CASTES: Final[Mapping[str, tuple[str, ...]]] = {
    "brahmin": ("brahman", "ब्राह्मण", "ब्राम्हण"),
    "kshatriya": ("क्षत्रिय",),
    "vaishya": ("वैश्य",),
    "shudra": ("शूद्र",),
    "bania": ("baniya", "बनिया"),
    "rajput": ("राजपूत",),
    "upper caste": ("ऊंची जाति", "ऊँची जाति", "सवर्ण"),
}
#: Words of lists for people of a group, beyond those by which a persona states that it is of it.
_OF_GROUPS: Final[Mapping[Group, str]] = {
    Group("gender", "female"): "women ladies wives housewives females महिला औरत लड़की",
    Group("gender", "male"): "men gentlemen guys males पुरुष आदमी मर्द लड़का",
    Group("gender", "transgender"): "transgender trans hijra ट्रांस ट्रांसजेंडर किन्नर हिजड़ा",
    Group("age", "0-17"): "child children kid kids teenager बच्चा किशोर",
    Group("age", "18-34"): "young youth युवा नौजवान",
    Group("age", "60+"): "old elderly aged बूढ़ा बूढ़ी बुजुर्ग वृद्ध",
    Group("disability", "any"): "disabled handicapped विकलांग दिव्यांग",
    Group("religion", "muslim"): "इस्लाम",
}


class Identity(NamedTuple):
    """Of whom something is said.

    Attributes:
        group: Its column, where it is one of `groups.GROUPS`.
        words: What a text calls it; empty where only the attribute counts.
    """

    name: str
    group: int | None
    words: tuple[Words, ...]


def identity_of(candidates: Iterable[str]) -> Identity | None:
    """The first candidate that our tables know as a group or caste, or else a single word that says
    what somebody is. Any other word with a capital is taken for a name, which is nobody's identity.
    """
    named = [one for one in candidates if words_of(one)]
    for one in named:
        for form in sorted(forms(tuple(words_of(one)))):
            if form in _groups():
                return _known(_groups()[form])
            if form in _castes():
                return _castes()[form]
    if len(named) != 1 or not (named[0].isascii() and named[0].islower()):
        return None
    words = tuple(words_of(named[0]))
    empty = EMPTY_OF_MEANING.issuperset(words)
    return None if empty else Identity(" ".join(words), None, (words,))


@cache
def _castes() -> dict[Words, Identity]:
    found: dict[Words, Identity] = {}
    for name, others in _CASTES.items():
        spelt = tuple(tuple(words_of(one)) for one in (name, *others))
        found |= dict.fromkeys(spelt, Identity(name, None, spelt))
    return found


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
    for group, words in _OF_GROUPS.items():
        found |= {tuple(words_of(word)): group for word in words.split()}
    for word, group in _of_tables():
        found.setdefault(tuple(words_of(word)), group)
    return found


def _of_tables() -> Iterator[tuple[str, Group]]:
    for table, dimension in (
        ("religion_words", "religion"), ("community_words", "community"), ("gender_words", "gender")
    ):  # fmt: skip
        for row in reference.load(table).to_pylist():
            if row[dimension]:
                yield row["word"], Group(dimension, row[dimension])
    for row in reference.load("disability_words").to_pylist():
        if row["disability"]:
            yield row["word"], Group("disability", "any")
    for row in reference.load("age_words").to_pylist():
        if row["band"] in AGE_BANDS:
            yield row["word"], Group("age", _stage(row["band"]))
    for row in reference.load("demonyms").to_pylist():
        yield row["word"], Group("state", row["state"])


def _stage(band: str) -> str:
    return next(stage for stage, bands in STAGES.items() if band in bands)
