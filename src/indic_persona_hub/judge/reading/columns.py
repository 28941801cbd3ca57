"""Cells of structured columns as our codes: "Orissa", "34", "F", "Graduate & above", "Cultivator".

A cell counts where it is known as a whole. An age of 150, a misspelt state or a band of ages across
two of ours is not recognised, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Final

from indic_persona_hub import reference
from indic_persona_hub.judge.reading.age_numbers import numbers_among
from indic_persona_hub.judge.reading.ages import OLDEST, band_of
from indic_persona_hub.judge.reading.lexicons import (
    disability_words,
    gender_words,
    language_words,
    residence_words,
)
from indic_persona_hub.judge.reading.occupation_titles import work_of
from indic_persona_hub.records import AGE_BANDS, STATED_COLUMNS
from indic_persona_hub.reference.gazetteer import ABROAD, Place, gazetteer
from indic_persona_hub.reference.lexicon import Lexicon, tokens

#: The attribute that a column of each name states; `occupation` states its code too, `country` only
#: whether there is a state.
ATTRIBUTE_OF: Final = {
    name: {"age": "age_band", "country": "state"}.get(name, name) for name in STATED_COLUMNS
}
#: Cells that say nothing.
_SILENT: Final = frozenset(
    "|none|null|nan|na|n/a|nil|-|--|?|unknown|not stated|not specified|unspecified|no|"
    "prefer not to say|not applicable|no disability".split("|")
)
_INDIA: Final = frozenset(("", "india", "in", "ind", "bharat", "republic of india", "भारत"))
_YEARS: Final = re.compile(r"\d{1,3}(?:\.\d+)?")
_RANGE: Final = re.compile(r"(\d{1,3})\s*(?:-|–|—|to)\s*(\d{1,3})(?:\s*(?:years?|yrs?))?")
#: Letters of abbreviations, which other countries use as well: TN is Tennessee, RJ Rio de Janeiro.
_SHORT: Final = 2
#: Letters of a state that are written so in India and nowhere else.
_DOTTED: Final[Mapping[str, str]] = {"U.P": "IN-UP", "M.P": "IN-MP", "H.P": "IN-HP"}
#: What stands around the name of a state: "State of Kerala", "Kerala State", "Kerala, India".
_AROUND_STATE: Final = re.compile(
    r"^(?:the\s+)?state\s+of\s+|\s+state$|(?:\s*,\s*|\s+)\(?india\)?$", re.IGNORECASE
)
_AGED: Final = frozenset(("years", "year", "yrs", "yr", "old", "साल", "वर्ष"))
_REMEMBERED: Final = 1 << 16  # cells


@lru_cache(maxsize=_REMEMBERED)
def is_abroad(name: str, cell: str) -> bool:
    """Whether a cell of the column `name`, a country or state, says that it is not in India."""
    if name == "state":
        return {place.state for place in _places(cell)} == {ABROAD}
    return not is_silent(cell) and cell.strip().casefold() not in _INDIA


def is_silent(cell: str) -> bool:
    """Whether the cell says nothing, so that there is nothing to recognise."""
    return cell.strip().casefold() in _SILENT


@lru_cache(maxsize=_REMEMBERED)
def code_of_cell(name: str, cell: str, state: str | None = None) -> str | None:
    """The value that a cell of the column `name` means; None where it is not recognised.

    Args:
        name: One of `records.STATED_COLUMNS`.
        state: The row's state where it is known: its district must lie in it.
    """
    cell = cell.strip()
    if name == "state":
        return _state(cell)
    if name == "district":
        return _district(cell, state)
    if name == "age":
        return _age_band(cell)
    if name == "occupation":
        work = work_of(cell)
        return work.title if work else None
    return _cells(name).whole(cell) or _by_words(name, cell)


def state_of_cells(cells: Mapping[str, str]) -> str | None:
    """The state of a row with these cells by column; an abbreviation counts where the district lies
    in its state ("TN" beside Salem).
    """
    cell = cells.get("state", "")
    if state := code_of_cell("state", cell):
        return state
    meant = {place.state for place in _places(cell) if place.district is None} - {ABROAD}
    district = cells.get("district")
    inside = len(cell) <= _SHORT and len(meant) == 1 and district is not None
    return meant.pop() if inside and code_of_cell("district", district, *meant) else None


@lru_cache(maxsize=_REMEMBERED)
def occupation_code_of_cell(cell: str) -> str | None:
    """The NCO-2015 code that a cell of an occupation column means, None where there is none."""
    work = work_of(cell.strip())
    return work.code if work else None


@cache
def _cells(name: str) -> Lexicon[str]:
    rows = reference.load("column_cells").to_pylist()
    return Lexicon((row["cell"], row["value"]) for row in rows if row["attribute"] == name)


def _by_words(name: str, cell: str) -> str | None:
    """What the cell means by the words that the rules read in texts."""
    if name == "gender":
        word = gender_words().whole(cell)
        return (word.gender or None) if word and word.kind == "noun" else None
    if name == "residence":
        return residence_words().whole(cell) or None
    if name == "mother_tongue":
        return language_words().whole(cell) or _tongues().get(cell.casefold())
    if name == "disability":
        said = disability_words().whole(cell)
        return (said[0] or None) if said else None
    return None


@cache
def _tongues() -> Mapping[str, str]:
    """Languages (ISO 639-3) by code, and by the names of the census, of which many are peoples or
    places too: in a column of tongues they can be nothing else.
    """
    named: dict[str, set[str]] = {}
    for table in ("language_words", "languages", "mother_tongues"):
        for row in reference.load(table).to_pylist():
            name = row.get("name") or ""
            for one in (row["code"], name, *name.split("/")) if row["code"] else ():
                named.setdefault(one.strip().casefold(), set()).add(row["code"])
    return {name: codes.pop() for name, codes in named.items() if name and len(codes) == 1}


@cache
def _states() -> frozenset[str]:
    return frozenset(reference.load("states")["code"].to_pylist())


def _places(cell: str) -> frozenset[Place]:
    name = gazetteer().whole(cell)
    return name.places if name else frozenset()


def _state(cell: str) -> str | None:
    if cell.upper() in _states():
        return cell.upper()
    if dotted := _DOTTED.get(cell.upper().replace(" ", "").removesuffix(".")):
        return dotted
    cell = _AROUND_STATE.sub("", _AROUND_STATE.sub("", cell))  # "Kerala State, India"
    name = gazetteer().whole(cell)
    if name is None or not name.whole or len(cell) <= _SHORT:
        return None
    states = {place.state for place in name.places if place.district is None} - {ABROAD}
    return states.pop() if len(states) == 1 else None


def _district(cell: str, state: str | None) -> str | None:
    named = re.sub(r"\s+(?:district|zila|जिला)$", "", cell, flags=re.IGNORECASE)
    places = {one for one in _places(named) if one.district and state in (None, one.state)}
    return places.pop().district if len(places) == 1 else None


def _age_band(cell: str) -> str | None:
    if cell in AGE_BANDS:
        return cell
    if _YEARS.fullmatch(cell):
        years = float(cell)
        return band_of(int(years)) if years <= OLDEST else None
    if span := _RANGE.fullmatch(cell):
        low, high = int(span[1]), int(span[2])
        same = low <= high <= OLDEST and band_of(low) == band_of(high)
        return band_of(low) if same else None
    return _age_in_words(cell)


def _age_in_words(cell: str) -> str | None:
    """ "thirty four", "34 years old"."""
    if cell[:1] in "-+" or "." in cell:
        return None
    keys = [token.key for token in tokens(cell.removesuffix("+"))]
    found = list(numbers_among(keys, range(len(keys))))
    if len(found) != 1 or found[0][1] != 0 or found[0][0] > OLDEST:
        return None
    band = band_of(found[0][0]) if set(keys[found[0][2] :]) <= _AGED else None
    return band if band == AGE_BANDS[-1] or not cell.endswith("+") else None
