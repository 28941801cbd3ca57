"""Finding the entries of a table in a text of any script: by whole words, the longest first.

A word is a run of letters, marks, digits and joiners, so that Indic words are never cut at a vowel
sign. Words are compared by a key: case-folded, composed, without nukta and joiners, with digits of
any script as ASCII digits, so that common ways to spell one word meet.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import Generic, NamedTuple, TypeVar

Value = TypeVar("Value")

#: What may stand between the words of one entry.
_JOINS = frozenset(" -\u00a0\u2010\u2011\u2013'\u2019&/.\n\t")
_JOINERS = (0x200C, 0x200D)
_NUKTAS = (0x93C, 0x9BC, 0xA3C, 0xABC, 0xB3C)
_SPELLINGS: dict[int, str | None] = {0x901: "\u0902"}
_SPELLINGS |= dict.fromkeys((*_JOINERS, *_NUKTAS))
# Malayalam letters that old text writes as a consonant, a virama and a joiner.
_SPELLINGS |= {
    0xD7A + place: letter + "\u0d4d"
    for place, letter in enumerate(("\u0d23", "\u0d28", "\u0d30", "\u0d32", "\u0d33", "\u0d15"))
}


class Token(NamedTuple):
    """A word of a text.

    Attributes:
        text: The word as it is written.
        key: The word as it is compared.
        start: Where it starts in the text, in characters.
        end: Where it ends.
        gap: What stands between the word before and this one.
    """

    text: str
    key: str
    start: int
    end: int
    gap: str


class Match(NamedTuple, Generic[Value]):
    """An entry found: tokens `first` to `last` (not included) and what the table says of them."""

    first: int
    last: int
    value: Value


@lru_cache(maxsize=65536)
def key(word: str) -> str:
    """The form in which words are compared."""
    folded = unicodedata.normalize("NFC", word).casefold().translate(_SPELLINGS)
    if folded.isascii() or not any(letter.isdecimal() for letter in folded):
        return folded
    return "".join(
        str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in folded
    )


def tokens(text: str) -> tuple[Token, ...]:
    """The words of `text` in order; those that have no key (a lone joiner) are left out."""
    found = []
    before = 0
    for match in _word().finditer(text):
        if written := key(match.group()):
            start, end = match.span()
            found.append(Token(match.group(), written, start, end, text[before:start]))
            before = end
    return tuple(found)


@cache
def _word() -> re.Pattern[str]:
    """One word. `\\w` holds letters and digits; marks are added from the Unicode tables."""
    marks = "".join(
        chr(point) for point in range(0x300, 0x1FFFF) if unicodedata.category(chr(point))[0] == "M"
    )
    return re.compile(rf"(?:[^\W_]|[{re.escape(marks)}\u200c\u200d])+")


class Lexicon(Generic[Value]):
    """Entries by their words.

    Args:
        entries: (words, value) pairs; of two entries with the same words the later one stays.
    """

    def __init__(self, entries: Iterable[tuple[str, Value]]) -> None:
        self._whole = {
            tuple(token.key for token in tokens(words)): value for words, value in entries
        }
        self._whole.pop((), None)
        self._lengths: dict[str, list[int]] = {}
        for words in self._whole:
            lengths = self._lengths.setdefault(words[0], [])
            if len(words) not in lengths:
                lengths.append(len(words))
                lengths.sort(reverse=True)

    def whole(self, text: str) -> Value | None:
        """What the table says of `text` as one entry, or None."""
        return self._whole.get(tuple(token.key for token in tokens(text)))

    def single(self, key: str) -> Value | None:
        """What the table says of one word, given by its key, or None."""
        return self._whole.get((key,))

    @property
    def first_words(self) -> Collection[str]:
        """The keys that an entry starts with."""
        return self._lengths.keys()

    def find(self, words: Sequence[Token]) -> list[Match[Value]]:
        """All entries among `words`, from left to right, the longest at each place, none twice."""
        return list(self._walk(words))

    def _walk(self, words: Sequence[Token]) -> Iterator[Match[Value]]:
        keys = [token.key for token in words]
        joined = [joins(token.gap) for token in words]
        places = [place for place, one in enumerate(keys) if one in self._lengths]
        return self.among(keys, joined, places, (0, len(keys)))

    def among(
        self,
        keys: Sequence[str],
        joined: Sequence[int],
        places: Iterable[int],
        span: tuple[int, int],
    ) -> Iterator[Match[Value]]:
        """The same as `find` for words given as columns.

        Args:
            keys: Keys of the words.
            joined: Whether what stands before a word may stand within an entry; see `joins`.
            places: Where a key of `first_words` stands, ascending.
            span: First and last (not included) place to look at.
        """
        free, last = span
        for first in places:
            if free <= first < last:
                end = self._end(keys, joined, first, last)
                if end > first:
                    yield Match(first, end, self._whole[tuple(keys[first:end])])
                    free = end

    def _end(self, keys: Sequence[str], joined: Sequence[int], first: int, last: int) -> int:
        """Where the longest entry ends that starts at `first`; there where none does."""
        for length in self._lengths[keys[first]]:
            end = first + length
            known = end <= last and tuple(keys[first:end]) in self._whole
            if known and all(joined[first + 1 : end]):
                return end
        return first


def joins(gap: str) -> bool:
    """Whether the words of one entry may have `gap` between them."""
    return _JOINS.issuperset(gap)
