"""What a text says of one person and cannot all be true.

Only plain contradictions count. What is sad but true does not: a child who works at a tea stall, a
child bride, an old woman who learns to read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from indic_persona_hub.judge.reading import word_facts as facts
from indic_persona_hub.judge.reading.ages import Age, ages
from indic_persona_hub.judge.reading.clauses import Reading, Span
from indic_persona_hub.judge.reading.lexicons import least_ages
from indic_persona_hub.judge.reading.places import Mention, is_beside, mentions
from indic_persona_hub.judge.reading.roles import (
    RETIRED,
    gendered_nouns,
    occupations,
    possessed,
    pronouns,
)

#: Below this age (years) nobody has children, below the next nobody has a spouse.
_PARENT_FROM: Final = 13
_SPOUSE_FROM: Final = 10
_CHILDREN: Final = frozenset(
    "son sons daughter daughters child children grandson grandsons granddaughter grandchildren "
    "granddaughters grandchild".split()
)
_SPOUSES: Final = frozenset(("husband", "wife", "wives"))
_EXAMS: Final = ("class", "standard", "board", "matric", "sslc")


#: States whose cities are still, or loosely, named with the other: the capital region, and states
#: that were one in living memory.
_NEAR: Final = tuple(
    {f"IN-{code}" for code in pair.split()}
    for pair in "DL UP|DL HR|CH PB|CH HR|JH BR|CG MP|UK UP|TS AP|LA JK|GA DH|GJ DH|TN PY".split("|")
)


def clashes_in(reading: Reading) -> list[str]:
    """What cannot be true of one person: one line a clash, in the text's words."""
    stated = reading.once(ages)
    clashes = [
        *_between_ages(reading, stated),
        *_age_and_work(reading, stated),
        *_age_and_family(reading, stated),
        *_retired_pupil(reading, stated),
        *_places(reading),
        *_genders(reading),
    ]
    return list(dict.fromkeys(clashes))


def _clash(reading: Reading, one: Span, other: Span) -> str:
    return f"{reading.words(one)} / {reading.words(other)}"


def _between_ages(reading: Reading, stated: list[Age]) -> Iterator[str]:
    """Two ages, or an age and a stage of life, that no one has at once."""
    late = bool(reading.of_kind(facts.LATE_LEARNING))
    for position, one in enumerate(stated):
        for other in stated[position + 1 :]:
            apart = one.least > other.most or other.least > one.most
            if apart and not (late and max(one.least, other.least) >= 15):
                yield _clash(reading, one.span, other.span)


def _age_and_work(reading: Reading, stated: list[Age]) -> Iterator[str]:
    """Work that nobody of the stated age holds."""
    for title in reading.once(occupations):
        least = least_ages()[title.value]
        for age in stated:
            if age.exact and age.most < least:
                yield _clash(reading, age.span, title.span)


def _age_and_family(reading: Reading, stated: list[Age]) -> Iterator[str]:
    """A small child with children of its own, or a spouse."""
    exact = [age for age in stated if age.exact]
    for person in possessed(reading) if exact else ():
        kin = reading.key(person.last - 1)
        least = _PARENT_FROM if kin in _CHILDREN else _SPOUSE_FROM if kin in _SPOUSES else 0
        for age in exact:
            if age.most < least:
                yield _clash(reading, age.span, person)


def _retired_pupil(reading: Reading, stated: list[Age]) -> Iterator[str]:
    """Retired, yet preparing for a school examination."""
    if reading.of_kind(facts.LATE_LEARNING):
        return
    retired = [title.span for title in reading.once(occupations) if title.value == RETIRED]
    for place in reading.of_kind(facts.PREPARING) if retired else ():
        if reading.role(place) == "other":
            continue
        step = place + 1 + (reading.key(place + 2) in ("his", "her", "their", "the", "a"))
        if reading.key(place + 1) == "for" and reading.key(step + 1) in _EXAMS:
            yield _clash(reading, retired[0], Span(place, step + 2))


def _places(reading: Reading) -> Iterator[str]:
    """A well-known city beside a state that it does not lie in: "in Patna, Kerala"."""
    found = reading.once(mentions)
    for at in range(len(found) - 1):
        city, state = found[at], found[at + 1]
        if _is_pair(reading, found, at) and not _lies_in(city, state):
            yield reading.words(Span(city.span.first, state.span.last))


def _is_pair(reading: Reading, found: list[Mention], at: int) -> bool:
    """Whether the names at `at` and after it stand as city and state, and not in a list."""
    city, state = found[at], found[at + 1]
    if not city.name.unique or not is_beside(reading, city.span.last, state.span.first):
        return False
    following = reading.key(state.span.last)
    lists = following in ("and", "or") or (
        at + 2 < len(found) and is_beside(reading, state.span.last, found[at + 2].span.first)
    )
    listed = at > 0 and is_beside(reading, found[at - 1].span.last, city.span.first)
    between = reading.gap(state.span.first).strip() == ","
    return between and city.span.last == state.span.first and not lists and not listed


def _lies_in(city: Mention, state: Mention) -> bool:
    states = {place.state for place in state.name.places}
    is_state = all(place.district is None for place in state.name.places)
    lies = {place.state for place in city.name.places}
    near = any({one, other} in _NEAR for one in lies for other in states)
    return not is_state or bool(lies & states) or near


def _genders(reading: Reading) -> Iterator[str]:
    """Two gendered words for the person, or one and a pronoun that can mean nobody else."""
    nouns = [one for one in reading.once(gendered_nouns) if one.value != "transgender"]
    if not nouns or len(nouns) != len(reading.once(gendered_nouns)):
        return
    said = reading.once(pronouns)
    agrees = any(one.value == nouns[0].value for one in said)
    for other in [*nouns[1:], *(() if agrees else said)]:
        if other.value != nouns[0].value:
            yield _clash(reading, nouns[0].span, other.span)
