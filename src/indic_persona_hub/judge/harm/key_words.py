"""Key words of a regular expression: pieces of words that stand in every text that it matches.

They are read from the pattern itself, so that a text without them need not be searched: matching
takes a hundred times longer than asking for words, and few texts hold the words of a rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import product
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, Final

#: Any letters, or none; and the edge of a word, as `\b` sees it.
_GAP: Final = "\n"
EDGE: Final = "\x00"

#: A shorter piece, edges counted, says nothing.
LEAST: Final = 3
_MOST_LETTERS: Final = 8  # in a set
_MOST_STRINGS: Final = 400  # written out in a part
_MOST_WAYS: Final = 64  # where several parts have some

#: Strings of which one is matched here; what follows one another; and of those, one of several.
Part = frozenset[str]
Way = tuple[Part, ...]
Need = frozenset[str]

_NOTHING: Final[Way] = (frozenset({""}),)
_ANYTHING: Final[Way] = (frozenset({_GAP}),)

#: Python takes four more letters for "i", "s" and "k" where case counts for nothing.
_LIKE_ASCII: Final = str.maketrans({"\u0130": "i", "\u0131": "i", "\u017f": "s", "\u212a": "k"})


def edged(chunk: str) -> str:
    """`chunk` in lower case, each edge of a word marked."""
    return re.sub(r"\b", EDGE, chunk.translate(_LIKE_ASCII).lower())


def needs_of(pattern: re.Pattern[str]) -> list[frozenset[Need]]:
    """The ways in which `pattern` matches; of each, sets of pieces one of which its text holds.

    A piece stands in one chunk of the text as `edged` writes it, a chunk being what is between two
    spaces. A way without any needs may match any text.
    """
    ways = _in_order(parser.parse(pattern.pattern, pattern.flags))
    return list(
        dict.fromkeys(frozenset(need for part in way for need in _needs(part)) for way in ways)
    )


def _needs(part: Part) -> set[Need]:
    """Of one string all its pieces are needed; of several, the longest piece of any."""
    pieces = [_pieces(one) for one in part]
    if not all(pieces):
        return set()
    if len(pieces) == 1:
        return {frozenset({one}) for one in pieces[0]}
    return {frozenset(max(each, key=len) for each in pieces)}


def _pieces(string: str) -> list[str]:
    """What of `string` stands in one chunk, with its edges, as far as they are known."""
    found = []
    for known in string.lower().split(_GAP):
        inner = re.sub(r"(?<=[^\x00])\b(?=[^\x00])", EDGE, known)
        found += inner.split(" ")
    return [one for one in found if len(one) >= LEAST]


def _in_order(nodes: Iterable[Any]) -> list[Way]:
    """The ways of what follows one another."""
    ways = [_NOTHING]
    for node in nodes:
        more = _ways(node)
        if len(ways) > 1 and len(ways) * len(more) > _MOST_WAYS:
            more = [_as_one(more)]
        ways = [_joined(first, second) for first, second in product(ways, more)]
    return ways


def _ways(node: Any) -> list[Way]:
    kind, held = node
    if kind is sre.LITERAL:
        return [(frozenset({chr(held)}),)]
    if kind is sre.IN:
        return [(_letters(held),)]
    if kind is sre.SUBPATTERN:
        return _in_order(held[-1])
    if kind is sre.BRANCH:
        return _any_of([way for branch in held[1] for way in _in_order(branch)])
    if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT):
        return _repeated(*held)
    if kind is sre.AT:
        edge = held is sre.AT_BOUNDARY
        return [(frozenset({EDGE}),)] if edge else [_NOTHING]
    return [_NOTHING if kind in (sre.ASSERT, sre.ASSERT_NOT) else _ANYTHING]


def _letters(items: Sequence[Any]) -> Part:
    """The letters of a set, if they are few."""
    found: set[str] = set()
    for kind, held in items:
        if kind not in (sre.LITERAL, sre.RANGE):
            return _ANYTHING[0]
        first, last = held if kind is sre.RANGE else (held, held)
        found.update(map(chr, range(first, min(last, first + _MOST_LETTERS) + 1)))
    return frozenset(found) if len(found) <= _MOST_LETTERS else _ANYTHING[0]


def _repeated(least: int, most: int, nodes: Iterable[Any]) -> list[Way]:
    if least == 0:
        ways = _in_order(nodes) if most == 1 else [_ANYTHING]
        return _any_of([_NOTHING, *ways])
    once = _in_order(nodes)
    return once if most == 1 else [_joined(way, _ANYTHING) for way in once]


def _any_of(ways: list[Way]) -> list[Way]:
    """Ways of one part each are one way."""
    single = [way[0] for way in ways if len(way) == 1]
    longer = [way for way in ways if len(way) > 1]
    return [*([(frozenset().union(*single),)] if single else []), *longer]


def _as_one(ways: list[Way]) -> Way:
    """One way that says less: of each of `ways` its most telling part."""
    telling = [max(way, key=_least_letters) for way in ways]
    return (frozenset(f"{_GAP}{one}{_GAP}" for part in telling for one in part),)


def _least_letters(part: Part) -> int:
    """So many letters has what is known of any string of `part`."""
    return min(max(map(len, _pieces(one)), default=0) for one in part)


def _joined(first: Way, second: Way) -> Way:
    """One after the other; parts meet at a space, or where their strings would be too many."""
    *before, left = first
    right, *after = second
    if all(one.endswith(" ") for one in left) or all(one.startswith(" ") for one in right):
        met = _both_at_space(left, right)
    elif len(left) * len(right) <= _MOST_STRINGS:
        met = (frozenset(map("".join, product(left, right))),)
    else:
        met = (left, right)
    return (*before, *met, *after)


def _both_at_space(left: Part, right: Part) -> Way:
    left = frozenset(one if one.endswith(" ") else f"{one} " for one in left)
    return left, frozenset(one if one.startswith(" ") else f" {one}" for one in right)
