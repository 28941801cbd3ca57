"""What a model stated, as our codes: the value normalised, its words held against a text."""

from __future__ import annotations

from functools import cache

from indic_persona_hub import reference
from indic_persona_hub.judge.reading.age_numbers import numbers_among
from indic_persona_hub.judge.reading.ages import OLDEST, band_of
from indic_persona_hub.judge.reading.columns import ATTRIBUTE_OF, code_of_cell
from indic_persona_hub.judge.reading.lexicons import gender_words, residence_words, title_of
from indic_persona_hub.records import AGE_BANDS, GENDERS, RESIDENCES
from indic_persona_hub.reference.gazetteer import ABROAD, Place, gazetteer
from indic_persona_hub.reference.lexicon import tokens


def as_written(words: str, text: str) -> str | None:
    """The part of `text` that says `words` (case, spacing and spelling of one word may differ)."""
    wanted = [token.key for token in tokens(words)]
    if not wanted:
        return None
    found = tokens(text)
    for first in range(len(found) - len(wanted) + 1):
        run = found[first : first + len(wanted)]
        if [token.key for token in run] == wanted:
            return text[run[0].start : run[-1].end]
    return None


def normalised(name: str, value: str, words: str, state: str | None) -> str | None:
    """The code that `value` of the attribute `name` means.

    Args:
        name: An attribute of `records.ATTRIBUTES`.
        value: The value as the model wrote it.
        words: The words that support it.
        state: The persona's state where it is known: a district must lie in it.

    Returns:
        None where the value is no known code, or where `words` say otherwise.
    """
    if name == "state":
        return _state(value, words)
    if name == "district":
        return _district(value, words, state)
    if name == "age_band":
        return _age_band(value, words)
    if name == "gender":
        return _agreed(_gender(value), {_gender(token.text) for token in tokens(words)})
    if name == "residence":
        said = {match.value for match in residence_words().find(tokens(words))}
        return _agreed(_residence(value), {one or None for one in said})
    return title_of(value) if name == "occupation" else _of_belonging(name, value, words)


def _of_belonging(name: str, value: str, words: str) -> str | None:
    """Religion, community and the like: the words must name what the value means."""
    meant = code_of_cell(name, value) if name in ATTRIBUTE_OF else None
    said = {code_of_cell(name, word) for word in (words, *words.split())}
    return meant if meant in said else None


@cache
def _states_of_districts() -> dict[str, str]:
    rows = reference.load("districts").to_pylist()
    return {str(row["lgd_code"]): row["state"] for row in rows}


def state_of_district(code: str) -> str:
    """ISO 3166-2 code of the state that holds the district with this LGD code."""
    return _states_of_districts()[code]


def _agreed(value: str | None, said: set[str | None]) -> str | None:
    """`value`, unless the words say only something else."""
    said = said - {None}
    return None if said and value not in said else value


def _named(value: str) -> frozenset[Place]:
    name = gazetteer().whole(value.removesuffix(" district").removesuffix(" District"))
    return name.places if name else frozenset()


def _places_in(words: str) -> set[Place]:
    return {place for match in gazetteer().find(tokens(words)) for place in match.value.places}


def _state(value: str, words: str) -> str | None:
    states = {place.state for place in _named(value) if place.district is None} - {ABROAD}
    states |= {value} & set(reference.load("states")["code"].to_pylist())
    said = {place.state for place in _places_in(words)}
    return states.pop() if len(states) == 1 and (not said or states & said) else None


def _district(value: str, words: str, state: str | None) -> str | None:
    places = {place for place in _named(value) if place.district and state in (None, place.state)}
    if len(places) != 1:
        return None
    place = places.pop()
    said = {one for one in _places_in(words) if one.state != place.state or one.district}
    return place.district if not said or place in said else None


def _age_band(value: str, words: str) -> str | None:
    band = value if value in AGE_BANDS else _band_of_number(value)
    said = _band_of_number(words)
    return band if said in (None, band) else None


def _band_of_number(text: str) -> str | None:
    """The band of the only number in `text`, None where there is none or several."""
    keys = [token.key for token in tokens(text)]
    ages = [number for number, _, _ in numbers_among(keys, range(len(keys))) if number <= OLDEST]
    return band_of(ages[0]) if len(ages) == 1 else None


def _gender(value: str) -> str | None:
    if value.lower() in GENDERS:
        return value.lower()
    word = gender_words().whole(value)
    return (word.gender or None) if word else None


def _residence(value: str) -> str | None:
    return value.lower() if value.lower() in RESIDENCES else residence_words().whole(value) or None
