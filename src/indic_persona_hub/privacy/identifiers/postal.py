"""Postal addresses: a PIN code with its place, and numbers of houses.

The first two digits of PIN codes in use are those of the 155,570 places of GeoNames (CC-BY 4.0); 9
begins those of the Army Postal Service.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from typing import Final

from indic_persona_hub import reference
from indic_persona_hub.privacy.identifiers.candidates import LABELLED, NAMED, SHAPED, Candidate

_HOUSE_WORDS: Final = (
    r"h\.? ?no|house no|door no|flat no|plot no|d\.? ?no|quarter no|qtr\.? no|room no|shop no"
    r"|मकान नं|मकान नंबर|मकान संख्या|घर नं|फ्लैट नं|বাড়ি নং|ਮਕਾਨ ਨੰ|ઘર નં|ಮನೆ ನಂ|ఇంటి నం"
    r"|வீட்டு எண்|கதவு எண்|വീട്ടു നമ്പർ"
)
_INDIC_HOUSE: Final = "मकान|घर नं|फ्लैट नं|বাড়ি নং|ਮਕਾਨ ਨੰ|ઘર નં|ಮನೆ ನಂ|ఇంటి నం|வீட்டு எண்|கதவு எண்|വീട്ടു നമ്പർ"
#: For the engine: six digits, or a house number's label.
TRIGGER: Final = (
    r"\p{Nd}{3}[ \x{00A0}]?\p{Nd}{3}|(?i:\b[hd]\.? ?no\b|(?:house|door|flat|plot|room|shop) no)"
    rf"|(?i:quarter|qtr\.?) no|{_INDIC_HOUSE}"
)
_CODE: Final = (
    r"[1-9][0-9]{2} ?[0-9]{3}(?![0-9A-Za-z]|[.,][0-9]| ?-? ?[0-9]{2}"
    r"| (?:votes|voters|people|persons|students|famil|farmers|members|tonnes|units|rupees|copies))"
)
_LABEL: Final = re.compile(
    r"(?:(?<![A-Za-z])(?:pin ?-?(?:code)?(?: ?no\.?)?|postal code|zip(?: code)?)"
    r"|पिन ?(?:कोड)?|পিন ?(?:কোড)?"
    r"|ਪਿੰਨ ?(?:ਕੋਡ)?|ਪਿਨ ?(?:ਕੋਡ)?|પિન ?(?:કોડ)?|ପିନ ?(?:କୋଡ)?|பின் ?கோடு|அஞ்சல் குறியீடு|పిన్ ?(?:కోడ్)?"
    rf"|ಪಿನ್ ?(?:ಕೋಡ್)?|പിൻ ?(?:കോഡ്)?|പിന്‍ ?(?:കോഡ്)?|پن ?(?:کوڈ)?)"
    rf"(?: (?:is|no|है))?[ :.,()=-]{{0,4}}(?P<code>{_CODE})",
    re.I,
)
_AFTER_PLACE: Final = re.compile(
    rf"(?<![^\s0-9_,;:()/-])(?P<place>[^\s0-9_,;:()/-]{{2,60}})"
    rf"(?P<gap>\)? ?[,.]? ?- ?|\)?, |\)?\.? | ?\()(?P<code>{_CODE})"
)
_HOUSE: Final = re.compile(
    rf"(?:(?<![A-Za-z])(?:{_HOUSE_WORDS}))[ .:-]{{0,3}}[0-9]+(?:[/-]?[0-9A-Za-z]{{1,4}})*", re.I
)
#: How far before its PIN code an address may begin, in characters.
_REACH: Final = 140
_IN_USE: Final = frozenset(
    {
        *range(11, 29),
        *range(30, 35),
        *range(36, 54),
        *range(56, 65),
        *range(67, 86),
        *range(90, 100),
    }
)


def find(text: str) -> Iterator[Candidate]:
    """Candidates in the plain `text`."""
    houses = [found.span() for found in _HOUSE.finditer(text)]
    for found in _LABEL.finditer(text):
        start = _begin(text, found.start(), houses)
        valid = _in_use(found["code"])
        yield Candidate(LABELLED if valid else NAMED, "pin_address", start, found.end(), valid)
    for found in _AFTER_PLACE.finditer(text):
        if _in_use(found["code"]) and _is_place(text, found, houses):
            start = _begin(text, found.start(), houses)
            yield Candidate(SHAPED, "pin_address", start, found.end(), True)
    for start, end in houses:
        yield Candidate(SHAPED, "pin_address", start, end, False)


def _begin(text: str, start: int, houses: list[tuple[int, int]]) -> int:
    """Where the address that ends in a PIN code begins: at its house number, if it has one."""
    for first, last in houses[bisect_left(houses, (start - _REACH, 0)) :]:
        if first >= start:
            break
        if last <= start and "\n" not in text[first:start]:
            return first
    return start


def _in_use(code: str) -> bool:
    return int(code[:2]) in _IN_USE


def _is_place(text: str, found: re.Match[str], houses: list[tuple[int, int]]) -> bool:
    """Whether the word before the code is a place, by a hyphen, its name, or a house before it."""
    word = found["place"].strip("’'\"").replace(".", "").casefold()
    if _begin(text, found.start(), houses) < found.start() or word in _places():
        return True
    place = found["place"]
    is_model = found["gap"] == "-" and place.isupper() and len(place) < 5  # seeds: "LGG-407410"
    return "-" in found["gap"] and place[0] == place[0].upper() and len(word) > 2 and not is_model


@cache
def _places() -> frozenset[str]:
    """Last words of the names of states, districts and cities."""
    tables = (
        ("states", "name"),
        ("state_variants", "variant"),
        ("districts", "name"),
        ("district_variants", "variant"),
        ("cities", "name"),
    )
    written = {
        name for table, column in tables for name in reference.load(table)[column].to_pylist()
    }
    own = {"district", "dist", "taluk", "taluka", "tehsil", "post", "nagar", "road", "marg"}
    return frozenset(name.split()[-1].replace(".", "").casefold() for name in written if name) | own
