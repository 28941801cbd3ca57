"""Which words of a persona speak of the persona, and which of somebody or something else.

A persona opens with what the person is ("A 34-year-old nurse in Gaya, ..."), goes on with what the
person does ("who walks to ..."), and mentions others on the way ("her brother in Surat"). Each word
gets one of three roles; the noun phrases that name the person are marked. English and Hindi are
read; of other languages only the first sentence counts, as one opening.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache
from operator import itemgetter
from typing import Any, Final, Literal, NamedTuple, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from indic_persona_hub.judge.reading import text_words as gaps
from indic_persona_hub.judge.reading.clause_phrases import phrases_of
from indic_persona_hub.judge.reading.clause_roles import Clauses
from indic_persona_hub.judge.reading.text_words import TextWords, pieces
from indic_persona_hub.reference.chunks import Texts
from indic_persona_hub.reference.lexicon import Lexicon, Match

Role = Literal["opening", "own", "other"]
Language = Literal["english", "hindi", "other"]
Value = TypeVar("Value")

_ROLES: Final[tuple[Role, ...]] = ("opening", "own", "other")
_LANGUAGES: Final[tuple[Language, ...]] = ("english", "hindi", "other")


class Span(NamedTuple):
    """Words `first` to `last` (not included)."""

    first: int
    last: int


class _Columns:
    """Columns over the words of some texts, and where words of a kind stand."""

    def __init__(self, words: TextWords) -> None:
        clauses = Clauses(words)
        self.words = words
        self.starts = words.starts.tolist()
        self.roles = clauses.roles.astype(np.int8).tobytes()
        self.breaks = (words.gap_bits & gaps.BREAKS > 0).tobytes()
        self.joins = (words.gap_bits & gaps.JOINS > 0).tobytes()
        self.languages = clauses.languages.tolist()
        self.phrases = phrases_of(clauses)
        self.kinds = _kinds(words).tolist()
        self._sentences = clauses.starts_sentence
        self._of_kind: dict[int, tuple[list[int], list[int]]] = {}

    def of_kind(self, bits: int, text: int) -> list[int]:
        """Where in a text words stand that have one of `bits`, from its first word on."""
        if not self.kinds[text] & bits:
            return []
        if bits not in self._of_kind:
            self._of_kind[bits] = self._located(self.words.bits & bits)
        places, starts = self._of_kind[bits]
        return places[starts[text] : starts[text + 1]]

    def sentences(self, text: int) -> list[int]:
        """Where the sentences of a text start."""
        if 0 not in self._of_kind:
            self._of_kind[0] = self._located(self._sentences)
        places, starts = self._of_kind[0]
        return places[starts[text] : starts[text + 1]]

    def _located(self, found: NDArray[Any]) -> tuple[list[int], list[int]]:
        words, places = self.words, np.flatnonzero(found)
        within = places - words.starts[words.text[places]]
        return within.tolist(), np.searchsorted(places, words.starts).tolist()


def _kinds(words: TextWords) -> NDArray[np.int64]:
    """All bits that words of a text have."""
    kinds = np.zeros(len(words.texts), np.int64)
    some = np.diff(words.starts) > 0
    if some.any():
        kinds[some] = np.bitwise_or.reduceat(words.bits, words.starts[:-1][some])
    return kinds


class Reading:
    """A persona's text as the rules read it.

    Attributes:
        text: The text.
        keys: Its words, as they are compared.
        language: Which rules read it.
        roles: One role a word: `opening` (what the person is), `own` (what the person does),
            `other` (somebody or something else).
    """

    def __init__(self, columns: _Columns, number: int) -> None:
        self._columns = columns
        self._number = number
        self._first, self._last = columns.starts[number : number + 2]
        self.keys = columns.words.keys[self._first : self._last]
        self.language = _LANGUAGES[columns.languages[number]]
        self._told: dict[Any, Any] = {}

    def __len__(self) -> int:
        """How many words the text has."""
        return len(self.keys)

    @cached_property
    def phrases(self) -> list[Span]:
        """The noun phrases that say what the person is."""
        phrases = self._columns.phrases
        told = slice(*phrases.starts[self._number : self._number + 2])
        return list(map(Span, phrases.first[told], phrases.last[told]))

    def once(self, rule: Callable[[Reading], Value]) -> Value:
        """What `rule` finds, looked for only once."""
        if rule not in self._told:
            self._told[rule] = rule(self)
        found: Value = self._told[rule]
        return found

    @property
    def text(self) -> str:
        """The text."""
        return self._columns.words.texts.strings[self._number]

    def role(self, place: int) -> Role:
        """The role of the word at `place`."""
        number: int = self._columns.roles[self._first + place]
        return _ROLES[number]

    def word(self, place: int) -> str:
        """The word at `place` as it is written."""
        return self.words(Span(place, place + 1))

    def words(self, span: Span) -> str:
        """The text's own words of `span`."""
        words = self._columns.words
        start, end = words.start[self._first + span.first], words.end[self._first + span.last - 1]
        return self.text[start:end]

    def gap(self, place: int) -> str:
        """What stands before the word at `place`, after the one before it."""
        words, at = self._columns.words, self._first + place
        before = words.end[at - 1] if place else 0
        return self.text[before : words.start[at]]

    def key(self, place: int) -> str:
        """The key of the word at `place`, empty beyond the text."""
        return self.keys[place] if 0 <= place < len(self.keys) else ""

    def breaks(self, place: int) -> bool:
        """Whether punctuation, or the text's end, stands before the word at `place`."""
        return place >= len(self.keys) or bool(self._columns.breaks[self._first + place])

    def sentence_of(self, place: int) -> Span:
        """The sentence that holds the word at `place`."""
        starts = self._sentences
        at = bisect_right(starts, place)
        return Span(starts[at - 1], starts[at] if at < len(starts) else len(self.keys))

    @property
    def opening(self) -> int:
        """Where the first phrase that says what the person is ends, 0 where there is none."""
        return self.phrases[0].last if self.phrases else 0

    def in_phrase(self, place: int) -> bool:
        """Whether the word at `place` stands in a phrase that says what the person is."""
        at = bisect_right(self.phrases, place, key=itemgetter(0)) - 1
        return at >= 0 and place < self.phrases[at].last

    def has(self, place: int, bits: int) -> bool:
        """Whether the word at `place` has one of the `bits` of `word_facts`."""
        return bool(self._columns.words.bits[self._first + place] & bits)

    def of_kind(self, bits: int) -> list[int]:
        """Where words stand that have one of the `bits` of `word_facts`."""
        return self._columns.of_kind(bits, self._number)

    def find(
        self, table: Lexicon[Value], bit: int, first: int = 0, last: int | None = None
    ) -> list[Match[Value]]:
        """Entries of `table` among the words `first` to `last` (not included).

        `bit` is what `word_facts` gives the words that its entries start with.
        """
        places = self.of_kind(bit)
        if not places:
            return []
        span = (first, len(self.keys) if last is None else min(last, len(self.keys)))
        return list(table.among(self.keys, self._joins, places, span))

    @cached_property
    def _sentences(self) -> list[int]:
        return self._columns.sentences(self._number)

    @cached_property
    def _joins(self) -> bytes:
        return self._columns.joins[self._first : self._last]


def readings(texts: Texts) -> Iterator[Reading]:
    """Read the texts of a batch, in order."""
    for words in pieces(texts):
        columns = _Columns(words)
        for number in range(len(words.texts)):
            yield Reading(columns, number)


@lru_cache(maxsize=64)
def read(text: str) -> Reading:
    """Read one text."""
    return next(readings(Texts(pa.array([text], pa.large_string()))))
