"""The noun phrases that say what each person is, of many texts at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indic_persona_hub.judge.reading import text_words as gaps
from indic_persona_hub.judge.reading import word_facts as facts
from indic_persona_hub.judge.reading.clause_roles import HINDI, OPENING, OTHER, OWN, Clauses, Flags
from indic_persona_hub.judge.reading.text_words import TextWords

_FARTHEST_IS = 8
_IS = ("है", "हैं")


class Phrases(NamedTuple):
    """Phrases of many texts, text after text.

    Attributes:
        first: The first word of each, counted from the start of the text.
        last: Where each ends (not included).
        starts: Where each text's phrases begin, and the end.
    """

    first: list[int]
    last: list[int]
    starts: list[int]


def phrases_of(clauses: Clauses) -> Phrases:
    """The phrases of each text, in order."""
    words = clauses.words
    found = np.array([*_english(clauses), *_hindi(clauses)], np.int64).reshape(-1, 2)
    text = words.text[found[:, 0]]
    found, text = found[np.argsort(text, kind="stable")], np.sort(text)
    first, last = (found - words.starts[text][:, None]).T.tolist()
    starts = np.searchsorted(text, np.arange(len(words.texts) + 1))
    return Phrases(first, last, starts.tolist())


def _starts(clauses: Clauses) -> NDArray[np.int64]:
    """Words that may start a phrase in English."""
    words, bits, before = clauses.words, clauses.bits, clauses.before
    article = bits & facts.ARTICLE > 0
    breaks = clauses.gaps & gaps.BREAKS > 0
    apposed = breaks & (clauses.roles == OPENING) & article
    works = ~breaks & (before & facts.AS > 0)
    named = ~breaks & (before & facts.COPULA > 0) & article
    starts = apposed | works | named | (before & facts.AND > 0)
    starts &= bits & (facts.POSSESSIVE | facts.STOP) == 0
    spoken = (clauses.roles != OTHER) & (clauses.languages != HINDI)[words.text]
    return np.flatnonzero((starts | words.is_first) & spoken)


def _english(clauses: Clauses) -> Iterator[tuple[int, int]]:
    """First and last (not included) word of the phrases in English, counted through all texts."""
    words, starts = clauses.words, _starts(clauses)
    ends = _ends(words, clauses.stops, starts)
    verbs = clauses.verbs(clauses.after)[starts]
    breaks = clauses.gaps[starts] & gaps.BREAKS > 0
    apposed = breaks & (clauses.bits[starts] & facts.ARTICLE > 0)
    apposed &= clauses.roles[starts] == OPENING
    columns = (
        starts, ends, words.is_first[starts], clauses.before[starts], verbs, breaks, apposed,
    )  # fmt: skip
    end = 0
    for place, last, first, before, verb, broken, article in zip(
        *(column.tolist() for column in columns), strict=True
    ):
        if first:
            begins = True
        elif place < end:
            continue
        elif before & facts.AND and place - 1 == end:
            begins = not verb
        elif broken:
            begins = article
        else:
            begins = _is_told(clauses, place, before)
        if begins:
            end = last
            yield place, last


def _ends(words: TextWords, stops: Flags, starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where phrases end that begin at `starts`: at the first stop after, or with the text."""
    stopping = np.flatnonzero(stops)
    nearest = np.append(stopping, len(stops))[np.searchsorted(stopping, starts, side="right")]
    ends: NDArray[np.int64] = np.minimum(nearest, words.starts[1:][words.text[starts]])
    return ends


def _is_told(clauses: Clauses, place: int, before: int) -> bool:
    """Whether "works as" or "is" stands before, the latter with the person as its subject."""
    words = clauses.words
    if before & facts.AS:
        first = max(place - 4, int(words.starts[words.text[place]]))
        return bool((clauses.bits[first : place - 1] & facts.WORKS).any())
    article = bool(clauses.bits[place] & facts.ARTICLE)
    return bool(before & facts.COPULA) and article and _is_subject(clauses, place - 1)


def _is_subject(clauses: Clauses, copula: int) -> bool:
    """Whether what stands before "is" is the person: a name or pronoun, or "who"."""
    starts = clauses.starts_sentence
    first = copula
    while not starts[first]:
        first -= 1
    if first == copula:
        return False
    words = clauses.words
    if words.keys[copula - 1] == "who":
        return True
    before = clauses.bits[first:copula]
    named = (before & (facts.CAPITAL | facts.DIGITS) > 0).all()
    return bool(named) and not before[0] & (facts.ARTICLE | facts.POSSESSIVE)


def _hindi(clauses: Clauses) -> Iterator[tuple[int, int]]:
    """The opening up to its first "who", and short clauses "who ... is"."""
    words = clauses.words
    hindi = (clauses.languages == HINDI)[words.text]
    first = np.flatnonzero(words.is_first & hindi)
    yield from zip(
        first.tolist(), _ends(words, clauses.roles != OPENING, first).tolist(), strict=True
    )
    told = hindi & (clauses.roles == OWN) & (clauses.bits & facts.HINDI_JO > 0)
    for place in np.flatnonzero(told).tolist():
        end = int(words.starts[words.text[place] + 1])
        if (last := _is_after(words.keys, place, end)) is not None:
            yield place + 1, last


def _is_after(keys: Sequence[str], who: int, end: int) -> int | None:
    """Where the "is" stands that ends a short clause, None where the clause is long."""
    ends = range(who + 2, min(who + _FARTHEST_IS, end))
    return next((place for place in ends if keys[place] in _IS), None)
