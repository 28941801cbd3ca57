"""Runs of digits, with the spaces and hyphens that people put between them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

MOST_DIGITS: Final = 19
_LEAST_DIGITS: Final = 6

_RUN: Final = re.compile(r"(?:\+ ?)?\(?\+?[0-9](?:[ .()-]{0,3}[0-9]){5,}")
_GROUP: Final = re.compile(r"[0-9]+")
#: Between groups of one number there is no full stop with a space, and no long gap.
_JOINS: Final = re.compile(r"[ ]|[-.]|\) ?-? ?|-? ?\(| - |- | -|")
#: Letters that may stand right before a number: "Ph9876543210", "phone=9876543210".
_LABEL: Final = re.compile(
    r"(?:^|[^A-Za-z])(?:ph|mob|tel|no|cell|phone|mobile|call|aadhaa?r|adhaa?r|uid|vid|abha|uan|ac|card)=?$",
    re.I,
)
_UNIT: Final = re.compile(
    r" ?(?:rupees|rs\b|crores?|lakhs?|people|persons|votes|kms?\b|hectares?|tonnes?|units|users"
    r"|views|bytes|%|₹|रुपये|रुपए|करोड़)",
    re.I,
)


class Run(NamedTuple):
    """Digits that may be one number.

    Attributes:
        digits: The digits.
        shape: How many digits each group has.
        separators: What stands between the groups.
        start: Where it begins in the plain text, with its plus and bracket.
        end: One past its last digit.
        plus: Whether a plus stands before it.
        whole: Whether no other digits stand beside it.
    """

    digits: str
    shape: tuple[int, ...]
    separators: tuple[str, ...]
    start: int
    end: int
    plus: bool
    whole: bool


def runs(text: str) -> Iterator[Run]:
    """Every run of 6 to 19 digits that may be one number: a hyphen or stop is never cut."""
    for found in _RUN.finditer(text):
        if _is_of_a_word(text, found.start(), found.end()):
            continue
        groups = [one.span() for one in _GROUP.finditer(text, *found.span())]
        yield from _windows(text, found.start(), groups)


def _is_of_a_word(text: str, start: int, end: int) -> bool:
    """Whether letters or decimals make the run a code, an amount or a fraction."""
    before, after = text[max(0, start - 8) : start], text[end : end + 12]
    if before and ((before[-1].isascii() and before[-1].isalpha()) or before[-1] in "_#="):
        return not _LABEL.search(before)
    if re.search(r"[0-9][.,:/]$|[₹$£€] ?$|/[0-9]+-$", before) and not re.search(
        r"[0-9]{5}[,/]$", before
    ):
        return True
    return bool(re.match(r"[A-Za-z_=]|,[0-9]{2,3}(?![0-9])|\.[0-9]{1,3}(?![0-9])", after)) or bool(
        _UNIT.match(after)
    )


def _windows(text: str, first: int, groups: list[tuple[int, int]]) -> Iterator[Run]:
    gaps = [text[groups[n][1] : groups[n + 1][0]] for n in range(len(groups) - 1)]
    head = text[first : groups[0][0]]
    for left in range(len(groups)):
        if left and gaps[left - 1].strip() not in ("", "("):
            continue
        total = 0
        for right in range(left, len(groups)):
            total += groups[right][1] - groups[right][0]
            if total > MOST_DIGITS or (right > left and not _JOINS.fullmatch(gaps[right - 1])):
                break
            if total < _LEAST_DIGITS or (right + 1 < len(groups) and gaps[right].strip()):
                continue
            own = groups[left : right + 1]
            if "." in gaps[left:right] and len({*gaps[left:right]}) > 1:
                continue
            yield Run(
                "".join(text[start:end] for start, end in own),
                tuple(end - start for start, end in own),
                tuple(gaps[left:right]),
                first if left == 0 else own[0][0],
                own[-1][1],
                left == 0 and "+" in head,
                len(own) == len(groups),
            )
