"""Where a persona lives or works, as its text states it.

A name counts where the persona's own words place the person there ("in Gaya district, Bihar"; "a
Kolkata rickshaw puller"; "पटना की शिक्षिका"); it does not count as a topic, a product, a body or the
place of somebody else ("Bihar politics", "Kashmiri shawls", "Punjab National Bank", "her brother in
Surat"). A district or city implies its state. A name that two states share gives neither, unless a
state stands beside it. Of several states the one with the stronger tie wins; equals give none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from indic_persona_hub.judge.reading import word_facts as facts
from indic_persona_hub.judge.reading.clauses import Reading, Span
from indic_persona_hub.judge.reading.place_ties import Tie, tie
from indic_persona_hub.reference import place_words as words
from indic_persona_hub.reference.gazetteer import ABROAD, Name, Place, gazetteer, inflected
from indic_persona_hub.reference.lexicon import Match

_DISTRICT: Final = frozenset(("district", "जिले", "जिला", "जनपद"))
_BETWEEN: Final = words.NOUNS | frozenset(("of", "in", "s", "the", "state", "के", "की", "का", "में"))
_NEAR_ONLY: Final = frozenset(("IN-DL", "IN-CH"))
_ABROAD: Final = frozenset({Place(ABROAD, None)})


class Mention(NamedTuple):
    """A place that the text names.

    Attributes:
        span: Its words.
        name: What the name can mean.
        place: What it means here, null where that cannot be told.
        tie: How it is tied to the persona.
    """

    span: Span
    name: Name
    place: Place | None
    tie: Tie


class Stated(NamedTuple):
    """A value and the words that state it."""

    value: str
    span: Span


def is_abroad(one: Mention) -> bool:
    """Whether the name means a place outside India."""
    return one.name.places == _ABROAD


def mentions(reading: Reading) -> list[Mention]:
    """All places that the text names, in order."""
    matches = [one for one in reading.find(gazetteer(), facts.PLACE) if _is_name(reading, one)]
    if reading.language == "other":
        matches += _inflected(reading, matches)
    spans = tuple(Span(match.first, match.last) for match in matches)
    return [
        Mention(spans[at], match.value, _place(reading, matches, at), tie(reading, spans, at))
        for at, match in enumerate(matches)
    ]


def home(found: list[Mention]) -> tuple[Stated | None, Stated | None]:
    """The state and the district that the mentions place the persona in."""
    strongest = max((one.tie.strength for one in found), default=0)
    tied = [one for one in found if one.place and one.tie.strength == strongest > 0]
    states = {one.place.state for one in tied if one.place}
    if len(states) != 1 or ABROAD in states:
        return None, None
    certain = [one for one in tied if one.tie.inside or not states & _NEAR_ONLY]
    certain.sort(key=lambda one: not one.name.whole)
    state = Stated(states.pop(), certain[0].span) if certain else None
    districts = {
        one.place.district: one.span
        for one in tied
        if one.place and one.place.district and one.tie.inside
    }
    district = next((Stated(code, span) for code, span in districts.items()), None)
    return state, district if len(districts) == 1 else None


def _inflected(reading: Reading, found: list[Match[Name]]) -> list[Match[Name]]:
    taken = {place for match in found for place in range(match.first, match.last)}
    return [
        Match(place, place + 1, name)
        for place in reading.of_kind(facts.INFLECTED)
        if place not in taken
        and not reading.key(place).endswith(words.FROM_ENDINGS)
        and (name := inflected(reading.key(place)))
    ]


def _is_name(reading: Reading, match: Match[Name]) -> bool:
    """Whether the words are written as a name and are not part of a longer one."""
    span = range(match.first, match.last)
    if not reading.word(match.first)[0].isascii():
        return True
    if match.value.short and not _is_short(reading, match):
        return False
    small = any(
        reading.word(place)[0].islower()
        for place in span
        if reading.key(place) not in ("and", "of")
    )
    before = _joins(reading, match.first - 1, match.first)
    after = match.last < len(reading) and _joins(reading, match.last, match.last)
    return not (small or before or after)


def _is_short(reading: Reading, match: Match[Name]) -> bool:
    """Whether an abbreviation is written as one, and not after a town that we do not know:
    "Nashville, TN" lies in Tennessee.
    """
    first, last = match.first, match.last
    if not all(reading.word(place).isupper() for place in range(first, last)):
        return False
    comma = first > 0 and reading.gap(first).strip() == ","
    if not comma or not reading.word(first - 1)[0].isupper():
        return True
    towns = reading.find(gazetteer(), facts.PLACE, max(0, first - 3), first)
    return any(one.last == first for one in towns)


def _joins(reading: Reading, at: int, second: int) -> bool:
    """Whether the word at `at` makes a longer name with the place; `second` is the later one."""
    if at < 0 or (gap := reading.gap(second)) not in (" ", "-", ". "):
        return False
    word = reading.word(at)
    starts = reading.sentence_of(at).first == at
    if starts or not word[0].isupper() or reading.key(at) in words.BESIDE:
        return False
    if gap == ". ":
        return len(word) < 3
    return gazetteer().whole(word) is None


def _place(reading: Reading, matches: list[Match[Name]], at: int) -> Place | None:
    """What the name means here: the state beside it decides, then the tables."""
    match = matches[at]
    name, says_district = match.value, _says_district(reading, match)
    if name.whole or name.places == _ABROAD:
        return next(iter(name.places)) if len(name.places) == 1 else None
    states = {place.state for place in name.places}
    beside = set(_states_beside(reading, matches, at))
    if not beside:
        sure = len(states) == 1 and (name.plain or says_district)
        return _of_state(states.pop(), name.places, says_district) if sure else None
    return _of_state(beside.pop(), name.places, says_district) if len(beside) == 1 else None


def _of_state(state: str, places: frozenset[Place], says_district: bool) -> Place:
    districts = {place.district for place in places if place.state == state}
    if says_district:
        districts.discard(None)
    return Place(state, districts.pop() if len(districts) == 1 else None)


def _says_district(reading: Reading, match: Match[Name]) -> bool:
    return reading.key(match.last) in _DISTRICT


def _states_beside(reading: Reading, matches: list[Match[Name]], at: int) -> Iterator[str]:
    """States that stand right beside: "Aurangabad, Bihar"; "Bihar's Aurangabad district"."""
    for one, other in ((at - 1, at), (at, at + 1)):
        if one < 0 or other >= len(matches):
            continue
        state = matches[one if other == at else other].value
        if state.whole and is_beside(reading, matches[one].last, matches[other].first):
            yield from (place.state for place in state.places)


def is_beside(reading: Reading, last: int, first: int) -> bool:
    """Whether a name that ends before token `last` and one that starts at `first` are one place."""
    if reading.sentence_of(last - 1) != reading.sentence_of(first) or first - last > 3:
        return False
    if first == last and reading.gap(first) in ("-", "\u2013"):
        return False  # "the Delhi-Jaipur highway"
    return all(reading.key(place) in _BETWEEN for place in range(last, first))
