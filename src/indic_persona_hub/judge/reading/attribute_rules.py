"""Attributes that a text itself states, by rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from indic_persona_hub.judge.reading.ages import age_band
from indic_persona_hub.judge.reading.belonging import LOOSE, community, religion
from indic_persona_hub.judge.reading.clauses import Reading, Span
from indic_persona_hub.judge.reading.disability import disability
from indic_persona_hub.judge.reading.education import education
from indic_persona_hub.judge.reading.mother_tongue import mother_tongue
from indic_persona_hub.judge.reading.occupation_titles import code_of
from indic_persona_hub.judge.reading.place_ties import COMES_FROM
from indic_persona_hub.judge.reading.places import Mention, Stated, home, mentions
from indic_persona_hub.judge.reading.reliability import CONFIDENCE
from indic_persona_hub.judge.reading.residence import residence
from indic_persona_hub.judge.reading.roles import gender, gendered_nouns, occupation


class Value(NamedTuple):
    """An attribute with its evidence; see `records.ATTRIBUTE`."""

    value: str
    words: str
    origin: str
    confidence: float


class Evidence(NamedTuple):
    """What a text states of one attribute.

    Attributes:
        name: The attribute.
        found: Its value and the words that state it.
        kind: A kind of evidence of `reliability.CONFIDENCE`.
    """

    name: str
    found: tuple[str, Span]
    kind: str


#: Attributes that one rule reads and one kind of evidence states.
_STATED: Final[tuple[tuple[str, Callable[[Reading], tuple[str, Span] | None]], ...]] = (
    ("mother_tongue", mother_tongue),
    ("religion", religion),
    ("education", education),
    ("disability", disability),
)


def by_rules_in(reading: Reading) -> dict[str, Value]:
    """The attributes that the text states, by name; see `records.ATTRIBUTES`."""
    return {name: _ruled(reading, name, one, kind) for name, one, kind in found_in(reading)}


def found_in(reading: Reading) -> Iterator[Evidence]:
    """What the text states of each attribute, and the kind of evidence."""
    yield from _placed(reading)
    if age := age_band(reading):
        yield Evidence("age_band", age, _kind_of_age(reading, age))
    if sex := gender(reading):
        noun = sex in reading.once(gendered_nouns)
        yield Evidence("gender", sex, "word" if noun else "pronoun")
    if group := community(reading):
        yield Evidence("community", group, _kind_of_community(reading, group))
    if work := occupation(reading):
        yield Evidence("occupation", work, "title")
        if code := code_of(work.value, reading.words(work.span)):
            yield Evidence("occupation_code", (code, work.span), "title")
    for name, rule in _STATED:
        if found := rule(reading):
            yield Evidence(name, found, "stated")


def _placed(reading: Reading) -> Iterator[Evidence]:
    places = reading.once(mentions)
    state, district = home(places)
    if state:
        yield Evidence("state", state, _tie_of(reading, places, state))
    if district:
        yield Evidence("district", district, _tie_of(reading, places, district))
    if living := residence(reading, places):
        yield Evidence("residence", living, _kind_of_living(places, living))


def _ruled(reading: Reading, name: str, found: tuple[str, Span], kind: str) -> Value:
    return Value(found[0], reading.words(found[1]), "rule", CONFIDENCE[name][kind])


def _tie_of(reading: Reading, places: list[Mention], found: Stated) -> str:
    if reading.language == "other":
        return "script"
    tie = next(one.tie for one in places if one.span == found[1])
    return "from" if tie == COMES_FROM else "lives"


def _kind_of_living(places: list[Mention], found: tuple[str, Span]) -> str:
    return "city" if any(one.span == found[1] for one in places) else "word"


def _kind_of_age(reading: Reading, found: tuple[str, Span]) -> str:
    return "years" if any(map(str.isdigit, reading.words(found[1]))) else "stage"


def _kind_of_community(reading: Reading, found: tuple[str, Span]) -> str:
    loose = any(reading.key(place) in LOOSE for place in range(*found[1]))
    return "loose" if loose else "stated"
