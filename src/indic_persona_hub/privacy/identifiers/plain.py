"""Texts as the patterns read them: digits 0-9, plain hyphens and spaces, nothing hidden."""

from __future__ import annotations

import re
import unicodedata
from array import array
from typing import Final, NamedTuple

SPACES: Final = "\u00a0\u2000-\u200a\u202f\u205f\u3000\t"
DASHES: Final = "\u2010-\u2015\u2212\ufe58\ufe63"
#: Signs that take no room, and hide an identifier from a pattern. Joiners belong to Indic words.
HIDDEN: Final = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
_WIDE: Final = "\uff01-\uff5e"

_DIGITS: Final = "".join(
    chr(point) for point in range(128, 0x20000) if unicodedata.category(chr(point)) == "Nd"
)
_FOREIGN: Final = re.compile(f"[{_DIGITS}{SPACES}{DASHES}{_WIDE}]")
_READ_AS: Final = {sign: str(unicodedata.decimal(sign)) for sign in _DIGITS}
_CODE: Final = r"0-9A-Za-z@.+ \-"
_HIDDEN_INSIDE: Final = re.compile(f"(?<=[{_CODE}])[{HIDDEN}]+(?=[{HIDDEN}{_CODE}])")


#: Signs that some put between the groups of a number, and that stand between two numbers as well:
#: read as a hyphen between groups of five and five, or of four, four and four. A stroke only
#: between the latter: "62832/20000" is a fraction.
_OTHER_GAPS: Final = "_|~\u00b7\u2022\u2026"
_GAPPED: Final = re.compile(
    rf"(?<![0-9/_.,-])(?:[6-9][0-9]{{4}}[{_OTHER_GAPS}][0-9]{{5}}"
    rf"|[2-9][0-9]{{3}}(?P<gap>[/{_OTHER_GAPS}])[0-9]{{4}}(?P=gap)[0-9]{{4}})(?![0-9/_,-])"
)
#: For the engine: such groups.
GAPPED: Final = rf"\p{{Nd}}{{4}}[/{_OTHER_GAPS}]\p{{Nd}}{{4}}"

#: For the engine: something hidden between the signs of a code, or a word in wide letters.
TRIGGER: Final = (
    r"[0-9A-Za-z@.\p{Nd}][\x{AD}\x{34F}\x{61C}\x{180E}\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2060}-"
    r"\x{206F}\x{FE00}-\x{FE0F}\x{FEFF}]+[0-9A-Za-z@.\p{Nd}]"
    r"|[\x{FF10}-\x{FF19}\x{FF21}-\x{FF3A}\x{FF41}-\x{FF5A}]{3}"
)


class Plain(NamedTuple):
    """A text as it is read.

    Attributes:
        text: With digits of any script as 0-9, and one kind of hyphen and space.
        starts: Where each character of `text` begins in the text as given; null where the two run
            side by side.
        ends: One past where it ends there.
    """

    text: str
    starts: array[int] | None = None
    ends: array[int] | None = None

    def place(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the text as given that `start` to `end` of `text` stands for."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


def plain_of(text: str) -> Plain:
    """`text` as it is read."""
    if text.isascii():
        return Plain(_hyphenated(text.replace("\t", " ")))
    plain = Plain(_hyphenated(_FOREIGN.sub(_read, text)))
    cuts: list[tuple[int, int, Pieces]] = [
        (*found.span(), []) for found in _HIDDEN_INSIDE.finditer(plain.text)
    ]
    return replaced(plain, cuts) if cuts else plain


def _hyphenated(text: str) -> str:
    return _GAPPED.sub(lambda found: re.sub(f"[/{_OTHER_GAPS}]", "-", found.group()), text)


def _read(found: re.Match[str]) -> str:
    sign = found.group()
    if known := _READ_AS.get(sign):
        return known
    if 0xFF01 <= ord(sign) <= 0xFF5E:
        return chr(ord(sign) - 0xFEE0)
    return "-" if unicodedata.category(sign)[0] in "PS" else " "


#: New characters, each with the stretch of the old text that it stands for.
Pieces = list[tuple[str, int, int]]


def replaced(plain: Plain, cuts: list[tuple[int, int, Pieces]]) -> Plain:
    """`plain` with each stretch (first, last, not included) replaced; stretches are in order."""
    signs: list[str] = []
    starts, ends = array("l"), array("l")
    at = 0
    for first, last, pieces in [*cuts, (len(plain.text), len(plain.text), [])]:
        signs.append(plain.text[at:first])
        starts.extend(range(at, first))
        ends.extend(range(at + 1, first + 1))
        for sign, start, end in pieces:
            signs.append(sign)
            starts.append(start)
            ends.append(end)
        at = last
    if plain.starts is not None and plain.ends is not None:
        starts = array("l", [plain.starts[place] for place in starts])
        ends = array("l", [plain.ends[place - 1] for place in ends])
    return Plain("".join(signs), starts, ends)
