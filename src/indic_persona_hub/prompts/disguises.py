"""The order to ignore what was said before, in letters that a reader must put right first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import unquote

_REACH: Final = 200  # characters that are put right around the word that shows the disguise
_APART: Final = r"[ ._*|-]"
_ROT13: Final = str.maketrans("abcdefghijklmnopqrstuvwxyz", "nopqrstuvwxyzabcdefghijklm")
_DIGITS: Final = str.maketrans("013457@$!", "oieastasi")

#: What shows a disguise, and how it is read.
_DISGUISES: Final[tuple[tuple[re.Pattern[str], Callable[[str], str]], ...]] = (
    (re.compile(r"\b(?:vtaber|qvfertneq|sbetrg)\b"), lambda text: text.translate(_ROT13)),
    (re.compile(r"\bs?(?:noitcurtsni|tpmorp)\b"), lambda text: text[::-1]),
    (
        re.compile(rf"\b(?:i{_APART}g{_APART}n|d{_APART}i{_APART}s|f{_APART}o{_APART}r){_APART}"),
        lambda text: text,
    ),
    (
        re.compile(
            r"\b(?:[1!]gn|ign0|f0rg|forg3|d[1!]sr|disr3)|\b(?:1nstr|instruct[1!]|instructi0)"
        ),
        lambda text: text.translate(_DIGITS),
    ),
    (re.compile(r"%20"), lambda text: unquote(text).lower()),
)
_BETWEEN: Final = re.compile(r"[\W_]+")
_ORDER: Final = re.compile(
    r"(?:ignore|disregard|forget)(?:all|any|every|the|of|your|these|those){0,4}"
    r"(?:previous|prior|above|earlier|preceding|foregoing)"
    r"\w{0,12}?(?:instruction|prompt|direction|directive|command)"
)


def disguised_orders(plain: str) -> Iterator[tuple[int, str]]:
    """Where a text of small letters holds the order in rot13, backwards, with letters set apart,
    with digits for letters or with percent codes, and how it reads.
    """
    for shows, read in _DISGUISES:
        for found in shows.finditer(plain):
            near = plain[max(0, found.start() - _REACH) : found.end() + _REACH]
            if order := _ORDER.search(_BETWEEN.sub("", read(near))):
                yield found.start(), order[0]
                break
