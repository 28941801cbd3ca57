"""What beside a name says that a listed person is meant: their role, their party, their place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final, NamedTuple

from indic_persona_hub import reference
from indic_persona_hub.privacy.people.known import KnownPerson
from indic_persona_hub.privacy.people.words import PARTIES
from indic_persona_hub.reference.gazetteer import gazetteer
from indic_persona_hub.reference.lexicon import key, tokens

#: Words of one walk of life: a role with one of them is told by all of them.
_WALKS: Final = tuple(
    frozenset(words.split())
    for words in (
        "mp mps mla mlas mlc minister minister's politician politicians candidate candidates "
        "parliament parliamentarian legislator lawmaker lok rajya vidhan sabha assembly election "
        "elections electoral constituency contest contested contesting contests nominee polls "
        "campaign campaigned incumbent सांसद विधायक मंत्री नेता उम्मीदवार चुनाव लोकसभा राज्यसभा "
        "সাংসদ বিধায়ক মন্ত্রী প্রার্থী எம்பி அமைச்சர் మంత్రి ಸಚಿವ ಸಂಸದ മന്ത്രി ધારાસભ્ય સાંસદ",
        "actor actress film films movie movies bollywood tollywood kollywood cinema star heroine",
        "cricketer cricket batsman batter bowler captain ipl footballer hockey wrestler athlete",
        "singer musician playback composer album",
        "author writer novelist poet novel",
        "businessman businesswoman industrialist entrepreneur founder ceo chairman",
    )
)
_NO_ROLES: Final = frozenset("of the and in for a an at member former ex".split())
#: Parts of a constituency's name that speech leaves out.
_SIDES: Final = re.compile(
    r"\b(?:north|south|east|west|central|urban|rural|uttar|dakshin|purba|paschim|purvi|paschimi"
    r"|sc|st|gen|northeast|northwest|city)\b|[()-]",
    re.IGNORECASE,
)
_ABBREVIATION: Final = 5  # letters; so short a party counts in capitals only


class Context(NamedTuple):
    """What tells of one person.

    Attributes:
        role: Keys of single words.
        party: Forms of the name as keys with spaces around, and whether capitals are asked for.
        place: The same for places.
    """

    role: frozenset[str]
    party: tuple[tuple[str, bool], ...]
    place: tuple[tuple[str, bool], ...]


def context_of(person: KnownPerson) -> Context:
    """The words that tell of `person`."""
    return Context(
        _role_words(person.role),
        tuple((_keyed(form), len(form) < _ABBREVIATION) for form in _parties(person.party)),
        tuple((_keyed(form), False) for form in _places(person.place)),
    )


def told(context: Context, words: Sequence[str], written: str) -> tuple[str, ...]:
    """Which of role, party and place `words` (keys) tell; `written` is the same as in the text."""
    joined = f" {' '.join(words)} "
    found = []
    if not context.role.isdisjoint(words):
        found.append("role")
    if _any_of(context.party, joined, written):
        found.append("party")
    if _any_of(context.place, joined, written):
        found.append("place")
    return tuple(found)


def _any_of(forms: Sequence[tuple[str, bool]], joined: str, written: str) -> bool:
    return any(
        form in joined and (not capitals or _in_capitals(form, written)) for form, capitals in forms
    )


def _in_capitals(form: str, written: str) -> bool:
    pattern = r"\W*".join(form.upper().split())
    return re.search(rf"(?<!\w){pattern}(?!\w)", written) is not None


def _keyed(words: str) -> str:
    return f" {' '.join(token.key for token in tokens(words))} "


@cache
def _role_words(role: str) -> frozenset[str]:
    own = {token.key for token in tokens(role) if not token.key.isdigit()} - _NO_ROLES
    walks = [walk for walk in _WALKS if walk & own]
    return frozenset(own).union(*walks)


@cache
def _parties(party: str) -> tuple[str, ...]:
    wanted = key(party.strip())
    if not wanted or wanted in ("ind", "independent"):
        return ()
    line = next((names for names in PARTIES if wanted in map(key, names)), (party,))
    return tuple(line)


@cache
def _places(place: str) -> tuple[str, ...]:
    forms: dict[str, None] = {}
    for one in filter(None, (part.strip() for part in place.split(";"))):
        plain = " ".join(_SIDES.sub(" ", one).split()) or one
        forms |= dict.fromkeys((one, plain))
        forms |= dict.fromkeys(_other_names(plain))
    return tuple(forms)


def _other_names(place: str) -> tuple[str, ...]:
    """Other names of a district or city that has this name alone."""
    name = gazetteer().whole(place)
    if name is None or len(name.places) != 1:
        return ()
    [only] = name.places
    return () if only.district is None else _names_of_districts().get(only.district, ())


@cache
def _names_of_districts() -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for table, column in (("districts", "name"), ("district_variants", "variant")):
        for row in reference.load(table).to_pylist():
            found.setdefault(str(row["lgd_code"]), {})[row[column]] = None
    return {code: tuple(names) for code, names in found.items()}
