"""Identifiers of letters and digits: PAN, TAN, GSTIN, IFSC, EPIC, passport, licence, number plate.

Sources: Income Tax Department (PAN: five letters, of which the fourth is the kind of holder, four
digits, a letter; TAN: four letters, five digits, a letter); GST Network (GSTIN: state code, PAN,
entity, mostly Z, check character); Reserve Bank of India (IFSC: four letters, 0, six characters);
Election Commission (EPIC: three letters, six digits and Luhn's check digit); Central Motor Vehicles
Rules 1989, rules 16, 50 and 51B (codes of states, and the BH series).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from indic_persona_hub.privacy.identifiers.candidates import (
    CHECKED,
    LABELLED,
    NAMED,
    SHAPED,
    Candidate,
)
from indic_persona_hub.privacy.identifiers.checksums import gstin_holds, luhn_holds
from indic_persona_hub.privacy.identifiers.labels import is_other, labels_before, names

#: For the engine: letters and digits that stand as these codes have them.
TRIGGER: Final = (
    r"[A-Za-z]-?\p{Nd}{4}|[A-Z][ .-]\p{Nd}{4}|\p{Nd} ?-?[A-Za-z]{1,3}[ -]?\p{Nd}{4}"
    r"|[A-Z](?:[ -]\p{Nd}){4}|[A-Za-z]{2}[ -]?\p{Nd}{2}[A-Za-z]?[ /-]?\p{Nd}{4}"
    r"|[A-Za-z]{4}[ -]?0[A-Za-z0-9]{6}|(?i:bh)[ -]?\p{Nd}{4}|[A-Za-z]/\p{Nd}{2}/\p{Nd}"
    r"|[A-Za-z][\x{2000}-\x{2015}\x{00AD}]\p{Nd}{3}|[A-Z] \p{Nd}{3} \p{Nd}{4}"
    r"|[A-Z]{2}[ .-]?\p{Nd}{1,2}[ .-]?[A-Z](?:[ .-]?[A-Z]){0,2}[ .-]?\p{Nd}"
)

#: Codes of states and union territories on plates and licences, former ones among them.
_STATES: Final = (
    "AN|AP|AR|AS|BR|CG|CH|DD|DL|DN|GA|GJ|HP|HR|JH|JK|KA|KL|LA|LD|MH|ML|MN|MP|MZ|NL|OD|OR|PB|PY|RJ|SK"
    "|TN|TR|TS|TG|UK|UA|UP|WB"
)
_MONTHS: Final = "JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC"


class _Code(NamedTuple):
    """A kind of code.

    Attributes:
        pattern: Its form, in capitals.
        holds: Whether what stands there, without spaces and hyphens, is sound.
        bare: Whether it is known without a word before it, when it is not sound.
        rank: How sure it is, when it is sound, without a word before it.
    """

    kind: str
    pattern: str
    holds: Callable[[str], bool]
    bare: bool
    rank: int


def _pan_holds(code: str) -> bool:
    return code[3] in "ABCFGHJLPTEK"


def _is_masked(code: str) -> bool:
    """Whether all its letters are X: "XXXXX1234X"."""
    return {sign for sign in code if sign.isalpha()} == {"X"}


def _gstin_holds(code: str) -> bool:
    return (1 <= int(code[:2]) <= 38 or code[:2] in ("97", "99")) and gstin_holds(code)


def _ifsc_holds(code: str) -> bool:
    return sum(sign.isdigit() for sign in code[5:]) >= 3


def _epic_holds(code: str) -> bool:
    return len(code) == 10 and luhn_holds(code[3:])


def _licence_holds(code: str) -> bool:
    year = re.search(r"(?:19[5-9]|20[0-4])\d(?=\d{7}$)", code)
    return code[:2] in _STATES.split("|") and year is not None


def _sound(_: str) -> bool:
    return True


def _spaced(code: str) -> str:
    """The form `code` (L a letter, N a digit) with a space or hyphen between all its signs."""
    signs = {"L": "[A-Z]", "N": "[0-9]"}
    return "(?P<gap>[ -])".join(signs[one] for one in code[:2]) + "".join(
        f"(?P=gap){signs[one]}" for one in code[2:]
    )


_PAN: Final = r"[A-Z]{5}[0-9]{4}[A-Z]|[A-Z]{5}(?P<cut>[ -])[0-9]{4}(?P=cut)?[A-Z]|" + _spaced(
    "LLLLLNNNNL"
)
_CODES: Final = (
    _Code(
        "gstin",
        r"[0-9]{2} ?-?[A-Z]{5} ?-?[0-9]{4} ?-?[A-Z] ?-?[0-9A-Z] ?-?[A-Z] ?-?[0-9A-Z]",
        _gstin_holds,
        True,
        CHECKED,
    ),
    _Code("pan", _PAN, _pan_holds, False, SHAPED),
    _Code("tan", r"[A-Z]{4}[0-9]{5}[A-Z]|[A-Z]{4}[ -][0-9]{5}[ -][A-Z]", _sound, True, SHAPED),
    _Code("ifsc", r"[A-Z]{4}[ -]?0[ -]?[A-Z0-9]{6}", _ifsc_holds, False, SHAPED),
    _Code(
        "epic",
        r"[A-Z]{3}[ -]?[0-9]{7}|[A-Z]{2}/[0-9]{2}/[0-9]{2,3}/[0-9]{6,7}",
        _epic_holds,
        True,
        CHECKED,
    ),
    _Code("passport", r"[A-Z][ -]?[1-9][0-9](?:[0-9]{5}|[0-9][ -][0-9]{4})", _sound, True, SHAPED),
    _Code(
        "driving_licence",
        rf"(?:{_STATES})[ -]?[0-9]{{2}}[A-Z]?[ /-]{{0,2}}(?:19|20)[0-9]{{2}}[ /-]?[0-9]{{7}}",
        _licence_holds,
        True,
        CHECKED,
    ),
    _Code(
        "vehicle",
        rf"(?:{_STATES})[ .-]{{0,2}}[0-9]{{1,2}}[ .-]{{0,2}}(?!(?:{_MONTHS})\b)"
        r"[A-HJ-NP-Z](?:[ .-]?[A-HJ-NP-Z]){0,2}[ .-]{0,2}[0-9]{1,4}"
        r"|[0-9]{2}[ -]?BH[ -]?[0-9]{4}[ -]?[A-HJ-NP-Z]{1,2}",
        _sound,
        True,
        SHAPED,
    ),
)
#: Kinds that are known in small letters too, where nothing stands between their signs.
_SMALL: Final = frozenset({"pan", "ifsc", "driving_licence", "vehicle"})
_SEPARATORS: Final = re.compile(r"[ ./-]")
_PATTERN: Final = {
    one.kind: re.compile(rf"(?<![A-Za-z0-9])(?:{one.pattern})(?![A-Za-z0-9])", re.I)
    for one in _CODES
}


def find(text: str) -> Iterator[Candidate]:
    """Candidates in the plain `text`."""
    for code in _CODES:
        for found in _PATTERN[code.kind].finditer(text):
            candidate = _candidate(text, code, found)
            if candidate:
                yield candidate


def _candidate(text: str, code: _Code, found: re.Match[str]) -> Candidate | None:
    written = found.group()
    signs = _SEPARATORS.sub("", written).upper()
    if code.kind in ("pan", "tan", "ifsc") and _is_masked(signs):
        return None
    holds = code.holds(signs)
    labels = labels_before(text, found.start())
    if names(labels, code.kind):
        rank = LABELLED if holds else NAMED
    elif code.kind == "gstin" and holds:  # "invoice 27AAPFU0939F1ZV": its check digit says more
        rank = CHECKED
    elif is_other(labels) or not (_is_plain(code, written) and (holds or code.bare)):
        return None
    else:
        rank = code.rank if holds else SHAPED
    return Candidate(rank, code.kind, *found.span(), holds)


def _is_plain(code: _Code, written: str) -> bool:
    """Whether nobody could take it for words and a number."""
    if code.kind == "gstin":
        return True
    if code.kind in _SMALL and written.islower() and written.isalnum():
        return code.kind != "ifsc" or written[4:].isdigit()
    if not written.isupper():
        return False
    if code.kind == "pan":
        return re.search(r"[ -](?:19|20)[0-9]{2}", written) is None
    if code.kind == "ifsc" and written[-7:].isdigit():
        return True
    if code.kind == "vehicle" and re.search(r"[A-Z][ .-]*[0-9]{1,3}$", written):
        return False
    if code.kind == "passport" and written[0] in "QXZ":  # rare, and common in numbers of models
        return False
    if code.kind in ("passport", "epic", "ifsc"):
        return " " not in written and "/" not in written
    return True
