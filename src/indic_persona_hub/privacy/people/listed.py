"""Listed people in a batch of texts.

The words of all names become numbers; a text is looked at only where two words of one name stand
side by side, or a name of one word stands at all. Then the words around it are weighed: a name
alone is shared by many, and condemns nobody.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indic_persona_hub.privacy.people.context import Context, context_of, told
from indic_persona_hub.privacy.people.known import KnownPerson
from indic_persona_hub.privacy.people.name_keys import TITLES, sound, spoken
from indic_persona_hub.privacy.people.person_names import is_place
from indic_persona_hub.privacy.people.words import NO_NAMES
from indic_persona_hub.reference.chunks import Items, Remembered, Texts
from indic_persona_hub.reference.lexicon import Token, tokens

_WINDOW: Final = 12  # words on either side
_UNKNOWN: Final = -1
_FEWEST: Final = 2  # words of a longer name that must stand side by side
_TELLING: Final = 6  # letters of a name of one word that a place beside it makes telling


class Mention(NamedTuple):
    """A listed name in a text, and what beside it says that the listed person is meant.

    Attributes:
        start: First character.
        end: One past the last.
        person: Whom it fits best.
        context: Which of `role`, `party` and `place` stand near it.
        meant: Whether that is enough: a name with its first and last word and any of them, another
            part of a name with role or party, a name of one word with role or party, or with a
            place where it is long.
        full: Whether it is the whole name as the list has it, of two words or more.
    """

    start: int
    end: int
    person: KnownPerson
    context: tuple[str, ...]
    meant: bool
    full: bool


class _Hit(NamedTuple):
    """Words `first` to `last` (not included) that are a name; `whole` with its first and last,
    `full` with all of two or more.
    """

    first: int
    last: int
    name: int
    whole: bool
    full: bool


class _Name(NamedTuple):
    """A name, as numbers of its words, and the places in the list of all who have it."""

    words: tuple[int, ...]
    people: list[int]


class Gazetteer:
    """People of a list.

    Args:
        people: Whose names to look for; names without a letter are passed over.
    """

    def __init__(self, people: Iterable[KnownPerson]) -> None:
        self.people = tuple(people)
        self._numbers: dict[str, int] = {}
        self._initial_of: list[int] = []
        self._names = self._named()
        self._titles = frozenset(map(self._number, TITLES))
        self._codes, self._first, self._holders = self._index()
        self._words_of = Remembered(self._known_words)
        self._contexts: dict[tuple[str, ...], Context] = {}

    def _number(self, word: str) -> int:
        known = self._numbers.get(word)
        if known is None:
            known = self._numbers[word] = len(self._numbers)
            self._initial_of.append(known)
            if word.isascii():
                self._initial_of[known] = self._number(word[0])
        return known

    def _named(self) -> list[_Name]:
        """The different names."""
        found: dict[tuple[int, ...], _Name] = {}
        for number, person in enumerate(self.people):
            for words in spoken(person.name):
                name = tuple(map(self._number, words))
                found.setdefault(name, _Name(name, [])).people.append(number)
        return list(found.values())

    def _initials(self, name: _Name) -> set[int]:
        return {self._initial_of[word] for word in name.words}

    @cached_property
    def _letters(self) -> frozenset[int]:
        return frozenset(number for word, number in self._numbers.items() if len(word) == 1)

    def _index(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Codes of pairs of words, ascending, and the names that have each."""
        codes, holders = array("q"), array("q")
        for number, name in enumerate(self._names):
            for code in {one * self._span + other for one, other in self._pairs(name)}:
                codes.append(code)
                holders.append(number)
        order = np.argsort(np.array(codes, np.int64), kind="stable")
        ordered = np.array(codes, np.int64)[order]
        different, first = np.unique(ordered, return_index=True)
        return different, np.append(first, len(ordered)), np.array(holders, np.int64)[order]

    @property
    def _span(self) -> int:
        return len(self._numbers) + 1

    def _pairs(self, name: _Name) -> Iterator[tuple[int, int]]:
        words = name.words
        long = [word for word in words if word not in self._letters]
        if len(words) == 1:
            yield words[0], len(self._numbers)  # a name of one word pairs with any
            return
        first, second, last = words[0], words[1], words[-1]
        yield from ((first, second), (second, first), (first, last), (last, first))
        initials = self._initials(name)
        yield from ((initial, word) for initial in initials for word in long[:1] + long[-1:])
        yield from ((word, initial) for initial in initials for word in long[:1])

    def _known_words(self, chunk: str) -> tuple[int, ...]:
        return tuple(self._numbers.get(sound(one.text), _UNKNOWN) for one in tokens(chunk))

    def mentions(self, texts: Texts) -> list[list[Mention]]:
        """Listed names by text, by start, none overlapping."""
        spread = texts.spread(Items.of(texts.each(self._words_of)))
        words = np.array(spread.values or [_UNKNOWN], np.int64)[spread.places]
        found: list[list[Mention]] = [[] for _ in range(len(texts))]
        for row, hits in self._places(words, spread.starts).items():
            begin, end = spread.starts[row : row + 2]
            found[row] = self._weighed(texts.strings[row], words[begin:end].tolist(), hits)
        return found

    def _places(
        self, words: NDArray[np.int64], starts: NDArray[np.int64]
    ) -> dict[int, list[tuple[int, int]]]:
        """By text, the places of words where a name may stand, and the code that says so."""
        following = np.append(words[1:], _UNKNOWN)
        following[starts[1:-1] - 1] = _UNKNOWN  # pairs do not reach into the next text
        pair = np.where((words >= 0) & (following >= 0), words * self._span + following, _UNKNOWN)
        alone = np.where(words >= 0, words * self._span + len(self._numbers), _UNKNOWN)
        hits: dict[int, list[tuple[int, int]]] = {}
        if not len(self._codes):
            return hits
        for codes in (pair, alone):
            at = np.searchsorted(self._codes, codes)
            at[at == len(self._codes)] = 0
            places = np.flatnonzero(self._codes[at] == codes)
            rows = np.searchsorted(starts, places, side="right") - 1
            for place, row in zip(places.tolist(), rows.tolist(), strict=True):
                hits.setdefault(row, []).append((place - int(starts[row]), int(at[place])))
        return hits

    def _weighed(
        self, text: str, words: list[int], places: Sequence[tuple[int, int]]
    ) -> list[Mention]:
        written = tokens(text)
        cased = any(map(str.isupper, text))
        found = []
        for at, code in places:
            for number in self._holders[self._first[code] : self._first[code + 1]].tolist():
                hit = self._hit(words, written, at, number, cased)
                if hit:
                    found.append(self._mention(text, written, hit))
        return _best(found)

    def _hit(
        self, words: list[int], written: Sequence[Token], at: int, number: int, cased: bool
    ) -> _Hit | None:
        name = self._names[number]
        own = self._titles.union(name.words, self._initials(name))
        first, last = at, at + 1
        while first and words[first - 1] in own and _side_by_side(written[first]):
            first -= 1
        while last < len(words) and words[last] in own and _side_by_side(written[last]):
            last += 1
        while first < at and words[first] in self._titles - set(name.words):
            first += 1
        while last > at + 1 and words[last - 1] in self._titles - set(name.words):
            last -= 1
        few = last - first < min(len(name.words), _FEWEST)
        if few or not all(_may_stand(written, one, cased) for one in range(first, last)):
            return None
        alone = len(name.words) == 1 and written[first].text.isascii()
        if alone and (not cased or _goes_on(written, first, last)):
            return None  # one word without capitals is any word
        held = set(words[first:last]) - self._letters
        long = set(name.words) - self._letters
        ends = {name.words[0], name.words[-1]} - self._letters
        if not held:
            return None
        full = len(name.words) > 1 and set(words[first:last]) >= set(name.words)
        return _Hit(first, last, number, held >= long or len(ends & held) > 1, full)

    def _mention(self, text: str, written: Sequence[Token], hit: _Hit) -> Mention:
        name = self._names[hit.name]
        start, end = written[hit.first].start, written[hit.last - 1].end
        low, high = max(hit.first - _WINDOW, 0), min(hit.last + _WINDOW, len(written))
        around = [one.key for one in chain(written[low : hit.first], written[hit.last : high])]
        written_name = text[start:end]
        beside = text[written[low].start : start] + " " + text[end : written[high - 1].end]
        fits = [
            (told(self._context(traits), around, beside), person)
            for traits, person in self._different(name).items()
        ]
        context, person = max(
            fits, key=lambda one: (_meant(hit, one[0], written_name), len(one[0]))
        )
        meant = _meant(hit, context, written_name)
        return Mention(start, end, self.people[person], context, meant, hit.full)

    def _different(self, name: _Name) -> dict[tuple[str, ...], int]:
        """Of all who have a name, the first with each role, party and place."""
        found: dict[tuple[str, ...], int] = {}
        for person in name.people:
            found.setdefault(self.people[person][1:], person)
        return found

    def _context(self, traits: tuple[str, ...]) -> Context:
        known = self._contexts.get(traits)
        if known is None:
            known = self._contexts[traits] = context_of(KnownPerson("", *traits))
        return known


def _may_stand(written: Sequence[Token], at: int, cased: bool) -> bool:
    """Whether a word is written as names are: with a capital, and "A" and "I" with a stop."""
    word = written[at].text
    if not cased or not word[0].isascii():
        return True
    opens = at == 0 or not _side_by_side(written[at])
    article = word in ("A", "I") and opens and written[at + 1 :] and written[at + 1].gap == " "
    return word[0].isupper() and not article


def _goes_on(written: Sequence[Token], first: int, last: int) -> bool:
    """Whether another word of a name stands right beside: then it is somebody else's."""
    beside = []
    if first and _side_by_side(written[first]):
        beside.append(written[first - 1].text)
    if last < len(written) and _side_by_side(written[last]):
        beside.append(written[last].text)
    return any(
        word[0].isupper() and word not in NO_NAMES and word.casefold() not in TITLES
        for word in beside
    )


def _side_by_side(token: Token) -> bool:
    return token.gap.strip(" .-'’") == ""


def _meant(hit: _Hit, context: tuple[str, ...], written: str) -> bool:
    if not context:
        return False
    sure = "role" in context or "party" in context
    if hit.last - hit.first == 1:
        return sure or (len(written) >= _TELLING and not is_place(written))
    return sure or hit.whole


def _best(mentions: list[Mention]) -> list[Mention]:
    """Those that do not overlap: the meant ones first, then the longest."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=_rank):
        if all(mention.end <= one.start or mention.start >= one.end for one in kept):
            kept.append(mention)
    return sorted(kept, key=lambda one: one.start)


def _rank(mention: Mention) -> tuple[bool, int, int, int]:
    length = mention.end - mention.start
    return not mention.meant, -length, -len(mention.context), mention.start
