"""Where a persona of a small model lives: the sketch's place, checked against the gazetteer."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from functools import cache
from itertools import accumulate
from typing import Final

from indic_persona_hub import reference
from indic_persona_hub.records import unit_interval
from indic_persona_hub.reference.gazetteer import ABROAD, Name, gazetteer
from indic_persona_hub.reference.lexicon import Match, Token, tokens

#: States where a scheduled language is at home (ISO 3166-2); others may be set anywhere.
_HOMES: Final = {
    "asm": ("IN-AS",),
    "ben": ("IN-WB", "IN-TR", "IN-AS"),
    "guj": ("IN-GJ",),
    "kan": ("IN-KA",),
    "kok": ("IN-GA", "IN-KA"),
    "mai": ("IN-BR", "IN-JH"),
    "mal": ("IN-KL", "IN-LD"),
    "mar": ("IN-MH",),
    "mni": ("IN-MN",),
    "npi": ("IN-SK", "IN-WB"),
    "ori": ("IN-OD",),
    "pan": ("IN-PB",),
    "tam": ("IN-TN", "IN-PY"),
    "tel": ("IN-AP", "IN-TS"),
    "kas": ("IN-JK",),
    "hin": ("IN-UP", "IN-BR", "IN-MP", "IN-RJ", "IN-HR", "IN-JH", "IN-CG", "IN-UK", "IN-DL"),
}

#: Words of a district's name that say otherwise than a village or a town in it.
_OTHERWISE: Final = {"rural": {"Metro", "Urban"}, "urban": {"Rural"}}
#: A line of so many words is a place line, not a sentence.
_LINE_WORDS: Final = 6


def settled_place(stated: str, *, language: str, chance: str) -> str:
    """Town and state as English words.

    A town that the gazetteer knows gets its right state; a state stays as it is. Where the sketch
    names no place of India, one is drawn by seeded chance from the towns where `language` is at
    home, for a small model otherwise sets half of India in Delhi.
    """
    words = tokens(stated)
    names = [found for found in gazetteer().find(words) if _is_meant(found, words)]
    states = [found.value for found in names if found.value.whole]
    state = next(iter(states[0].places)).state if states else None
    for found in names:
        town = _town(found, state, chance)
        if town is not None:
            written = " ".join(token.text for token in words[found.first : found.last])
            return f"{written}, {_state_name(town)}"
    return _state_name(state) if state else _drawn(language, chance)


def _is_meant(found: Match[Name], words: Sequence[Token]) -> bool:
    """Whether a place of India is meant: a plain name, or in a line that holds little else; an
    abbreviation only in capitals.
    """
    name = found.value
    if any(place.state == ABROAD for place in name.places):
        return False
    if name.short:
        return all(token.text.isupper() for token in words[found.first : found.last])
    return name.plain or len(words) <= _LINE_WORDS


def _town(found: Match[Name], state: str | None, chance: str) -> str | None:
    """The state of a town: the one stated beside it, else one that it can be in."""
    if found.value.whole:
        return None
    of_states = sorted({place.state for place in found.value.places})
    if state in of_states:
        return state
    return of_states[int(unit_interval("namesake", chance) * len(of_states))]


def home_in(state: str, residence: str, *, chance: str) -> str:
    """A village, a town or a city of a state (ISO 3166-2) in English words, by seeded chance: "a
    village in Gaya district, Bihar".

    Districts are drawn by how many people live so in them (Census 2011). A city is named where it
    has the name of its district.
    """
    districts, upto = _districts_of(state, residence)
    name = _state_name(state)
    if not districts:
        return f"a {'village' if residence == 'rural' else 'town'} in {name}"
    point = unit_interval("district", chance) * upto[-1]
    code, district = districts[min(bisect_right(upto, point), len(districts) - 1)]
    if residence == "rural":
        return f"a village in {district} district, {name}"
    if (district.removesuffix(" Urban"), code) in _cities():
        return f"the city of {district.removesuffix(' Urban')}, {name}"
    return f"a town in {district} district, {name}"


@cache
def _districts_of(state: str, residence: str) -> tuple[list[tuple[int, str]], list[int]]:
    """LGD codes and names of the districts of a state, and the running sum of their people."""
    persons = Counter[int]()
    today = {row["code"]: row["lgd_code"] for row in reference.load("districts_2011").to_pylist()}
    for row in reference.load("district_population").to_pylist():
        if row["residence"] == residence:
            persons[today[row["district"]]] += row["persons"]
    rows = [row for row in reference.load("districts").to_pylist() if row["state"] == state]
    found = [
        (row["lgd_code"], row["name"])
        for row in rows
        if persons[row["lgd_code"]] and not _OTHERWISE[residence] & set(row["name"].split())
    ]
    return found, list(accumulate(persons[code] for code, _ in found))


@cache
def _cities() -> frozenset[tuple[str, int]]:
    """Names of cities and LGD codes of their districts."""
    rows = reference.load("cities").to_pylist()
    return frozenset((row["name"], row["district"]) for row in rows if row["urban"])


def _drawn(language: str, chance: str) -> str:
    towns = _towns_of(language)
    name, state = towns[int(unit_interval("place", chance) * len(towns)) % len(towns)]
    return f"{name}, {_state_name(state)}"


@cache
def _towns_of(language: str) -> list[tuple[str, str]]:
    homes = _HOMES.get(language)
    rows = [row for row in reference.load("cities").to_pylist() if row["settlement"]]
    return [(row["name"], row["state"]) for row in rows if not homes or row["state"] in homes]


@cache
def _names_of_states() -> dict[str, str]:
    return {row["code"]: row["name"] for row in reference.load("states").to_pylist()}


def _state_name(code: str) -> str:
    return _names_of_states()[code]
