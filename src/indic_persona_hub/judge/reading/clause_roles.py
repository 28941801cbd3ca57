"""Sentences, languages and roles of the words of many texts at once.

Each word gets one of three roles: `OPENING` (what the person is), `OWN` (what the person does) or
`OTHER` (somebody or something else). A role holds until a word changes it; numpy finds those words,
and one walk over them tells the roles.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from indic_persona_hub.judge.reading import text_words as gaps
from indic_persona_hub.judge.reading import word_facts as facts
from indic_persona_hub.judge.reading.text_words import TextWords

OPENING, OWN, OTHER = range(3)
ENGLISH, HINDI, ANY_OTHER = range(3)

Bits = NDArray[np.int64]
Flags = NDArray[np.bool_]

#: What a word does to the role, as bits: `_START` and `_FIRST` begin a sentence, and the first of
#: its text; `_RELATIVE` is "who", `_WHOSE` "whose" with `_OWN_THING` after it.
_START, _FIRST, _TO_OTHER, _TO_OWN, _ENDS_OPENING = (1 << bit for bit in range(5))
_RELATIVE, _WHOSE, _OWN_THING, _RESUMES, _COMMA = (1 << bit for bit in range(5, 10))

_LATIN_SHARE: Final = 2


class Clauses:
    """Columns over the words of `words`.

    Attributes:
        words: The words.
    """

    def __init__(self, words: TextWords) -> None:
        self.words = words
        self.bits = words.bits
        self.gaps = words.gap_bits

    @cached_property
    def before(self) -> Bits:
        """Bits of the word before, 0 at the start of a text."""
        before: Bits = np.concatenate([[0], self.bits[:-1]])
        return np.where(self.words.is_first, 0, before)

    @cached_property
    def after(self) -> Bits:
        """Bits of the word after, 0 at the end of a text."""
        return _before_next(self.bits, self.words.is_first)

    @cached_property
    def starts_sentence(self) -> Flags:
        """Whether a word is the first of its sentence."""
        abbreviated = (self.gaps & gaps.STARTS_WITH_STOP > 0) & (self.before & facts.INITIAL > 0)
        ends = (self.gaps & gaps.ENDS_SENTENCE > 0) & ~abbreviated
        return self.words.is_first | ends

    @cached_property
    def in_first_sentence(self) -> Flags:
        """Whether a word stands in the first sentence of its text."""
        number = np.cumsum(self.starts_sentence)
        first: Flags = number == np.repeat(number[self.words.is_first], self._sizes)
        return first

    @cached_property
    def _sizes(self) -> NDArray[np.int64]:
        sizes = np.diff(self.words.starts)
        return sizes[sizes > 0]

    @cached_property
    def languages(self) -> NDArray[np.int64]:
        """Which rules read each text."""
        latin, devanagari, hindi = (
            np.bincount(self.words.text[self.bits & bit > 0], minlength=len(self.words.texts))
            for bit in (facts.LATIN, facts.DEVANAGARI, facts.HINDI_ONLY)
        )
        size = np.diff(self.words.starts)
        other = np.where((hindi > 0) & (devanagari * 2 > size), HINDI, ANY_OTHER)
        return np.where(latin * _LATIN_SHARE >= size, ENGLISH, other)

    @cached_property
    def follows_noun(self) -> Flags:
        """Whether the word before may be a noun that this word is the verb of."""
        follows: Flags = (self.before & facts.NOUN > 0) & (self.gaps & gaps.HYPHEN == 0)
        return follows

    def verbs(self, after: Bits) -> Flags:
        """Whether a word is a verb, by the bits of the word before it and of that `after` it."""
        third = (self.bits & facts.THIRD_PERSON > 0) & (after & facts.AFTER_VERB > 0)
        formed = (self.bits & facts.ING > 0) | third
        return (self.bits & facts.VERB > 0) | (formed & self.follows_noun)

    @cached_property
    def stops(self) -> Flags:
        """Whether a noun phrase ends before a word."""
        participle = self.bits & facts.PARTICIPLE > 0
        stop = (self.bits & (facts.STOP | facts.COPULA) > 0) | self.verbs(self.after)
        breaks = self.gaps & gaps.BREAKS > 0
        return breaks | np.where(participle, self.follows_noun, stop)

    @cached_property
    def roles(self) -> NDArray[np.int64]:
        """The role of each word."""
        hindi = (self.languages == HINDI)[self.words.text]
        changes = np.where(hindi, self._hindi_changes(), self._english_changes())
        changes |= _marked(self.starts_sentence, _START)
        changes |= _marked(self.words.is_first, _FIRST)
        changes &= np.where(self.in_first_sentence, -1, ~_ENDS_OPENING)
        places = np.flatnonzero(changes)
        roles = np.fromiter(_roles(changes[places].tolist()), np.int64, len(places))
        return np.repeat(roles, np.diff(np.append(places, len(changes))))

    def _english_changes(self) -> Bits:
        within = self.starts_sentence
        before = np.where(within, 0, self.before)
        after = _before_next(self.bits, within)
        relative = self.bits & facts.WHO > 0
        whose = self.bits & facts.WHOSE > 0
        verb = ~within & self.verbs(after) & (self.bits & facts.COPULA == 0)
        copula = (self.bits & facts.COPULA > 0) & (after & facts.ARTICLE == 0)
        return (
            _marked(relative, _RELATIVE)
            | _marked(whose, _WHOSE)
            | _marked(whose & (after & facts.OWN_THING > 0), _OWN_THING)
            | _marked(relative & (before & facts.RESUMES > 0), _RESUMES)
            | _marked(relative & (self.gaps & gaps.COMMA > 0), _COMMA)
            | _marked(~relative & self._speaks_of_other(before, after), _TO_OTHER)
            | _marked(~relative & (verb | copula), _ENDS_OPENING)
        )

    def _speaks_of_other(self, before: Bits, after: Bits) -> Flags:
        """Whether from here on somebody or something else is spoken of."""
        bits = self.bits
        # "daughter of a carpenter", but not "mother of two".
        owner = after & (facts.ARTICLE | facts.POSSESSIVE | facts.CAPITAL) > 0
        kin_of = (bits & facts.OF > 0) & (before & facts.KIN > 0) & owner
        gone = (bits & facts.USED > 0) & (after & facts.TO > 0)
        theirs = (before & facts.POSSESSIVE > 0) & self._names_other(after)
        before_that = np.where(self.starts_sentence, 0, np.concatenate([[0], before[:-1]]))
        accompanied = before_that & facts.WITH > 0
        return kin_of | gone | (bits & facts.OTHERWISE > 0) | (theirs & ~accompanied)

    def _names_other(self, after: Bits) -> Flags:
        """ "her two sons"; not "her uncle's stall", which is where she is herself."""
        one = (self.bits & facts.OTHERS > 0) & (after & facts.S == 0)
        two = _before_next(one, self.starts_sentence)
        three = _before_next(two, self.starts_sentence)
        named: Flags = one | two | three
        return named

    def _hindi_changes(self) -> Bits:
        within = self.starts_sentence
        before = np.where(within, 0, self.before)
        after = _before_next(self.bits, within)
        whose = self.bits & facts.HINDI_WHOSE > 0
        aged = whose & (after & facts.HINDI_AGE > 0)
        away = (whose | (self.bits & facts.HINDI_THAT > 0)) & ~aged
        who = aged | (~away & (self.bits & facts.HINDI_WHO > 0))
        theirs = (before & facts.HINDI_POSSESSIVE > 0) & (self.bits & facts.HINDI_OTHERS > 0)
        to_other = away | (~who & theirs)
        return _marked(to_other, _TO_OTHER) | _marked(who, _TO_OWN)


def _marked(flags: Flags, bit: int) -> Bits:
    """`bit` where the flag is set, else 0."""
    marked: Bits = np.where(flags, bit, 0)
    return marked


def _before_next(values: NDArray[Any], starts: Flags) -> NDArray[Any]:
    """For each word the value of the word after it, 0 where that `starts` another text."""
    after = np.zeros_like(values)
    after[:-1] = np.where(starts[1:], 0, values[1:])
    return after


def _roles(changes: list[int]) -> Iterator[int]:
    """Roles from the words that may change them."""
    role, relatives = OPENING, 0
    for change in changes:
        if change & _START:
            role, relatives = OPENING if change & _FIRST else OWN, 0
        if change & _RELATIVE:
            role = _after_who(role, relatives, change)
            relatives += 1
        elif change & _TO_OTHER:
            role = OTHER
        elif change & _TO_OWN:
            role = OWN if role != OTHER else OTHER
        elif change & _ENDS_OPENING and role == OPENING:
            role = OWN
        yield role


def _after_who(role: int, relatives: int, change: int) -> int:
    if change & _WHOSE:
        return OWN if change & _OWN_THING and role != OTHER else OTHER
    resumes = change & (_RESUMES if relatives else _COMMA)
    return OWN if resumes or role == OPENING else OTHER
