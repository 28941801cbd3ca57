"""The keywords of the areas, and which of them a label holds.

`areas.csv` has a row an area: field, area, keywords parted by semicolons. A keyword is one
word or several; `stem*` stands for every word that begins so, `~word` counts only where no other
keyword is found (`education` in `music education`), and `=words` is the whole name of a bucket.
"""

from __future__ import annotations

from functools import cache
from typing import Final, NamedTuple

from indic_persona_hub.select.domains.forms import compared, head_last, spelled_word
from indic_persona_hub.select.domains.tables import rows

_LONGEST: Final = 4
_SHORTEST_STEM: Final = 3
_WEAK, _STRONG = 0, 1


class Place(NamedTuple):
    """Where a bucket stands in the tree, and the keyword that put it there ("" for none)."""

    field: str
    area: str
    keyword: str


class Found(NamedTuple):
    """A keyword in a label; of two the greater one decides."""

    strength: int
    words: int
    last: int
    place: Place


class _Keyword(NamedTuple):
    strength: int
    place: Place


class _Index(NamedTuple):
    phrases: dict[str, _Keyword]
    stems: dict[str, _Keyword]
    wholes: dict[str, _Keyword]


def form_of(label: str) -> list[str]:
    """The words of `label` as keywords are compared: one spelling, singular, the head word last."""
    return head_last(compared(label).split())


def whole(words: list[str]) -> Place | None:
    """The place of a keyword that is the whole name of a bucket."""
    keyword = _index().wholes.get(" ".join(words))
    return keyword.place if keyword else None


def found_in(words: list[str]) -> list[Found]:
    """All keywords among `words` (of `form_of`)."""
    found = []
    for first in range(len(words)):
        for last in range(first + 1, min(first + _LONGEST, len(words)) + 1):
            keyword = _phrase(words[first:last])
            if keyword is not None:
                found.append(Found(keyword.strength, last - first, last, keyword.place))
        stem = _stem(words[first])
        if stem is not None:
            found.append(Found(stem.strength, 1, first + 1, stem.place))
    return found


def is_topic(label: str) -> bool:
    """Whether `label` is a keyword as a whole, or each of its words is one."""
    words = form_of(label)
    return _phrase(words) is not None or all(_phrase([one]) or _stem(one) for one in words)


def _phrase(words: list[str]) -> _Keyword | None:
    phrases = _index().phrases
    keyword = phrases.get(" ".join(words))
    return phrases.get("".join(words)) if keyword is None and len(words) == 2 else keyword


def _stem(word: str) -> _Keyword | None:
    stems = _index().stems
    lengths = range(len(word), _SHORTEST_STEM - 1, -1)
    return next((stems[word[:one]] for one in lengths if word[:one] in stems), None)


@cache
def _index() -> _Index:
    index = _Index({}, {}, {})
    for field, area, keywords in rows("areas"):
        for written in keywords.split(";"):
            place = Place(field, area, written.strip("~=*"))
            strength = _WEAK if written.startswith("~") else _STRONG
            kind, form = _kind(written, index)
            kind[form] = _Keyword(strength, place)
    for form, keyword in list(index.phrases.items()):
        if form.count(" ") == 1:
            index.phrases.setdefault(form.replace(" ", ""), keyword)
    return index


def _kind(keyword: str, index: _Index) -> tuple[dict[str, _Keyword], str]:
    if keyword.startswith("="):
        return index.wholes, " ".join(form_of(keyword[1:]))
    if keyword.endswith("*"):
        return index.stems, spelled_word(keyword.strip("~*"))
    return index.phrases, " ".join(form_of(keyword.lstrip("~")))
