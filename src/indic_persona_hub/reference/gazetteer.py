"""Names of places and what they can mean: states, districts and cities in one lexicon."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from indic_persona_hub import reference
from indic_persona_hub.reference import place_words as words
from indic_persona_hub.reference.lexicon import Lexicon, key, tokens

ABROAD: Final = "abroad"


class Place(NamedTuple):
    """One place that a name can mean: codes of state and, where it lies in one, district."""

    state: str
    district: str | None


class Name(NamedTuple):
    """What a name can mean.

    Attributes:
        places: All places of that name.
        plain: False where the name alone usually means something else.
        short: True for abbreviations, which count only in capitals.
        unique: True for a well-known city with no namesake.
        urban: True where the name means the city and nothing rural.
        whole: True for the name of a state.
    """

    places: frozenset[Place]
    plain: bool = True
    short: bool = False
    unique: bool = False
    urban: bool = False
    whole: bool = False


@cache
def gazetteer() -> Lexicon[Name]:
    """All names of states, districts and cities, in every script that the tables hold."""
    found: dict[str, Name] = {}

    def add(words_: str, name: Name) -> None:
        spelled = " ".join(token.key for token in tokens(words_))
        old = found.get(spelled)
        found[spelled] = _either(old, name) if old else name

    for words_, name in _states():
        add(words_, name)
    of_states = set(found)
    for words_, name in (*_districts(), *_cities()):
        if " ".join(token.key for token in tokens(words_)) not in of_states:
            add(words_, name)
    abroad = Name(frozenset({Place(ABROAD, None)}))
    return Lexicon([*((one, abroad) for one in words.ABROAD), *found.items()])


def _either(one: Name, other: Name) -> Name:
    return Name(
        one.places | other.places,
        one.plain or other.plain,
        one.short and other.short,
        one.unique or other.unique,
        one.urban or other.urban,
        one.whole or other.whole,
    )


def _states() -> Iterator[tuple[str, Name]]:
    for row in reference.load("states").to_pylist():
        yield row["name"], Name(frozenset({Place(row["code"], None)}), whole=True)
    for row in reference.load("state_variants").to_pylist():
        short = row["kind"] == "short" and row["variant"].isascii()
        yield row["variant"], Name(frozenset({Place(row["code"], None)}), short=short, whole=True)


def _districts() -> Iterator[tuple[str, Name]]:
    of_code = {row["lgd_code"]: row for row in reference.load("districts").to_pylist()}
    spelled = [(code, row["name"]) for code, row in of_code.items()]
    spelled += [
        (row["lgd_code"], row["variant"]) for row in reference.load("district_variants").to_pylist()
    ]
    for code, name in spelled:
        row = of_code[code]
        plain = row["plain"] or name != row["name"]
        yield name, Name(frozenset({Place(row["state"], str(code))}), plain)


def _cities() -> Iterator[tuple[str, Name]]:
    for row in reference.load("cities").to_pylist():
        district = None if row["district"] is None else str(row["district"])
        name = Name(
            frozenset({Place(row["state"], district)}), unique=row["unique"], urban=row["urban"]
        )
        for spelled in (row["name"], *row["variants"]):
            yield spelled, name


@cache
def _stems() -> tuple[dict[str, Name], frozenset[str]]:
    """Names of states of one word, and all case endings, as keys."""
    names = {
        found[0].key: name for spelled, name in _states() if len(found := tokens(spelled)) == 1
    }
    endings = reference.load("case_endings")["ending"].to_pylist()
    return names, frozenset(key(ending) for ending in endings)


@cache
def long_endings() -> tuple[str, ...]:
    """Case endings of two letters or more: with one, a listed name is no bare one."""
    return tuple(sorted(one for one in _stems()[1] if len(one) > 1))


def inflected(word: str) -> Name | None:
    """The state that `word` (a key) names with a case ending, as "কেরালার" is of Kerala."""
    names, endings = _stems()
    longest = max(map(len, endings))
    for cut in range(len(word) - 1, max(2, len(word) - longest - 1), -1):
        if word[cut:] in endings and word[:cut] in names:
            return names[word[:cut]]
    return None
