"""Which texts of a batch hold which of some phrases, by whole words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from scipy.sparse import coo_array, csr_array

from indic_persona_hub.reference.chunks import Spread

Words = tuple[str, ...]
_SHORTEST_PLURAL: Final = 4
#: Endings of Hindi nouns, of one and of many, and as they are before a postposition.
_HINDI_ENDINGS: Final = (
    ("ा", "े", "ों", "ाओं", "ाएं", "ाएँ"),
    ("ी", "ियों", "ियां", "ियाँ"),
    ("", "ों", "ें"),
)
_DEVANAGARI: Final = re.compile("[\u0900-\u097f]{3,}")


class Phrases:
    """Phrases, each of one or more casefolded words.

    Args:
        phrases: The spellings of each: a text holds the phrase where it holds any of them.
    """

    def __init__(self, phrases: Sequence[Sequence[Words]]) -> None:
        self._count = len(phrases)
        self._single: dict[str, list[int]] = {}
        self._longer: dict[str, list[tuple[Words, int]]] = {}
        for place, spellings in enumerate(phrases):
            for words in {form for one in spellings for form in forms(one)}:
                if len(words) == 1:
                    self._single.setdefault(words[0], []).append(place)
                elif words:
                    self._longer.setdefault(words[0], []).append((words, place))

    def held(self, spread: Spread[str], held: csr_array) -> csr_array:
        """Which texts (rows) hold which phrase (columns): 1 where they do."""
        pairs = [
            (word, place)
            for word, value in enumerate(spread.values)
            for place in self._single.get(value, ())
        ]
        found = held @ _ones(pairs, (len(spread.values), self._count))
        longer = _ones(self._walk(spread), (len(spread.sizes), self._count))
        return _at_least_once(found + longer)

    def _walk(self, spread: Spread[str]) -> list[tuple[int, int]]:
        """Text and phrase, where a phrase of several words stands."""
        begins = np.array([value in self._longer for value in spread.values], np.bool_)
        if not begins.any():
            return []
        at = np.flatnonzero(begins[spread.places])
        texts = np.searchsorted(spread.starts, at, side="right") - 1
        found = []
        for start, text in zip(at.tolist(), texts.tolist(), strict=True):
            end = int(spread.starts[text + 1])
            for words, place in self._longer[spread.values[spread.places[start]]]:
                there = spread.places[start : min(start + len(words), end)]
                if tuple(spread.values[one] for one in there) == words:
                    found.append((text, place))
        return found


def forms(words: Words) -> set[Words]:
    """The phrase, and its last word with and without the s of a plural or a Hindi ending."""
    if not words:
        return set()
    first, last = words[:-1], words[-1]
    written = {(*first, last)}
    if last.isascii() and len(last) >= _SHORTEST_PLURAL:
        if last.endswith("s") and not last.endswith("ss"):
            written.add((*first, last[:-1]))
        elif not last.endswith("s"):
            written.add((*first, f"{last}s"))
    elif _DEVANAGARI.fullmatch(last):
        written |= {(*first, form) for form in _hindi_forms(last)}
    return written


def _hindi_forms(word: str) -> Iterator[str]:
    """Of the longest ending that the word has, all others."""
    endings = [(end, like) for like in _HINDI_ENDINGS for end in like if word.endswith(end)]
    longest = max(len(end) for end, _ in endings)
    for end, like in endings:
        stem = word[: len(word) - len(end)]
        if len(end) == longest and len(stem) > 1:
            yield from (stem + other for other in like)


def _ones(pairs: Sequence[tuple[int, int]], shape: tuple[int, int]) -> csr_array:
    rows = np.array([row for row, _ in pairs], np.int64)
    columns = np.array([column for _, column in pairs], np.int64)
    made = coo_array((np.ones(len(pairs), np.int32), (rows, columns)), shape=shape)
    return csr_array(made)


def _at_least_once(counts: Any) -> csr_array:
    made = csr_array(counts)
    made.sum_duplicates()
    made.data = np.minimum(made.data, 1)
    return made
