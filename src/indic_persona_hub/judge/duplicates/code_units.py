"""What a UTF-16 code unit is to a word, for all units at once.

`words.words_of` says what a word is: casefold, compose (NFC), drop the joiners, split at what is no
letter, mark or digit. A text takes part in that one code unit at a time unless it holds a unit, or
two side by side, that casefolding or NFC would change in another way than unit for unit.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

Units = npt.NDArray[np.uint16]
Kinds = npt.NDArray[np.uint8]

#: A letter, mark or digit.
WORD: Final = 1
# Three that a unit is to the one after it, each with the one that it meets there, twice as large:
# any unit meets one that casefolding and NFC do not make one unit of; one that may compose with a
# unit after it, itself or a part of it, meets one that may compose with a unit before it; a mark,
# which has a combining class, meets another one.
_ANY: Final = 2
_UNSETTLED: Final = 4
_FIRST: Final = 8
_SECOND: Final = 16
_MARK: Final = 32
_NEXT_MARK: Final = 64
#: Casefolding makes another single unit of it; where it is no `WORD`, it is a joiner, deleted.
CASED: Final = 128
JOINER: Final = CASED

_JOINERS: Final = (0x200C, 0x200D)
_HIGH: Final = 0xD800
_LOW: Final = 0xDC00
_BEYOND: Final = 0xE000
_PLANE: Final = 0x10000
#: Ranges of which every unit is of the kind of the first one and folds to itself: ideographs (two
#: blocks), Hangul syllables, private use. Looking at each of these 45,000 took most of a second.
_ALIKE: Final = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xE000, 0xF8FF))


class CodeUnits(NamedTuple):
    """Tables over all code units.

    Attributes:
        kinds: Of what kind it is, casefolded.
        folded: What casefolding makes of it.
        classes: Its canonical combining class, casefolded.
    """

    kinds: Kinds
    folded: Units
    classes: Kinds


@cache
def code_units() -> CodeUnits:
    """The tables, from the Unicode database of this Python."""
    kinds, classes, folded = bytearray(_PLANE), bytearray(_PLANE), [*range(_PLANE)]
    firsts, seconds = map(frozenset, zip(*_composable(), strict=True))
    for unit in _different():
        settled = unicodedata.normalize("NFC", chr(unit).casefold())
        if len(settled) != 1 or (point := ord(settled)) >= _PLANE:
            kinds[unit] = WORD | _ANY | _UNSETTLED
            continue
        classes[unit], folded[unit] = unicodedata.combining(settled), point
        composes = settled in firsts or unicodedata.normalize("NFD", settled) != settled
        kind = _kind(settled) | _FIRST * composes | _SECOND * (settled in seconds)
        kinds[unit] = kind | CASED * (point != unit and bool(kind & WORD))
    for first, last in _ALIKE:
        kinds[first : last + 1] = bytes([kinds[first]]) * (last + 1 - first)
    return CodeUnits(
        np.frombuffer(kinds, np.uint8),
        np.array(folded, np.uint16),
        np.frombuffer(classes, np.uint8),
    )


def _different() -> Iterator[int]:
    """All units that are characters, of those that are alike only the first."""
    start = 0
    for first, last in (*_ALIKE[:3], (_HIGH - 1, _BEYOND - 1), _ALIKE[3]):
        yield from range(start, first + 1)
        start = last + 1
    yield from range(start, _PLANE)


def kinds_of(units: Units) -> Kinds:
    """The kind of each unit. Both units of a pair have that of their character: no word, or one
    that is unsettled."""
    kinds = code_units().kinds.take(units)
    if units.size and units.max() >= _HIGH:
        high = np.flatnonzero((units >= _HIGH) & (units < _LOW))
        points = (units[high].astype(np.int64) - _HIGH) * 1024 + units[high + 1] - _LOW + _PLANE
        found, at = np.unique(points, return_inverse=True)
        of_pair = np.array([_kind_of_pair(int(point)) for point in found], np.uint8)[at]
        kinds[high], kinds[high + 1] = of_pair, of_pair
    return kinds


def unsettled(units: Units, kinds: Kinds) -> npt.NDArray[np.int64]:
    """Where casefolding and NFC may change a unit in another way than unit for unit.

    NFC also orders marks by their class, and composes two units that stand side by side, or that
    only marks of a lower class keep apart.
    """
    meets = np.empty_like(kinds)
    meets[:1] = _UNSETTLED
    np.add(kinds[:-1], kinds[:-1], out=meets[1:])
    meets &= kinds
    found = np.flatnonzero(meets & (_UNSETTLED | _SECOND | _NEXT_MARK) != 0)
    classes = code_units().classes
    lower, upper = classes[units[found - 1]], classes[units[found]]
    composes = (lower < upper) & (kinds[found] & _SECOND != 0)
    settled = (meets[found] & (_UNSETTLED | _SECOND) == 0) & (lower <= upper) & ~composes
    return np.asarray(found[~settled])


def _kind(character: str) -> int:
    if ord(character) in _JOINERS:
        return JOINER | _ANY
    word = unicodedata.category(character)[0] in "LMN"
    mark = bool(unicodedata.combining(character))
    return WORD * word | _ANY | (_MARK | _NEXT_MARK) * mark


@cache
def _kind_of_pair(point: int) -> int:
    character = chr(point)
    word = _kind(character) & WORD
    moves = word or unicodedata.normalize("NFC", character) != character
    return word | _ANY | _UNSETTLED * bool(moves)


def _composable() -> Iterator[tuple[str, str]]:
    """All pairs of characters that NFC makes one of; Hangul as the two ends of its ranges."""
    for point in _different():
        character = chr(point)
        parts = unicodedata.decomposition(character).split()
        composed = unicodedata.normalize("NFC", character) == character
        if composed and len(parts) == 2 and parts[0][0] != "<":
            yield chr(int(parts[0], 16)), chr(int(parts[1], 16))
    syllables = range(0xAC00, 0xD7A4)
    yield from ((chr(first), chr(0x1161)) for first in range(0x1100, 0x1113))
    yield from ((chr(0x1100), chr(second)) for second in range(0x1161, 0x1176))
    yield from ((chr(syllable), chr(0x11A8)) for syllable in syllables[::28])
    yield from ((chr(0xAC00), chr(second)) for second in range(0x11A8, 0x11C3))
