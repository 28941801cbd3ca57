"""Texts of a batch, cut at spaces into chunks, of which equal ones are looked at once.

A batch of a hundred thousand texts has ten million chunks and a few hundred thousand different
ones. What a judge wants to know of a chunk it asks once of each different one; numpy carries the
answers back to the texts. A text is its chunks with one space between them, whatever it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import copy
from functools import cached_property
from itertools import chain
from threading import Lock
from typing import Any, Final, Generic, NamedTuple, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy.sparse import csr_array

Value = TypeVar("Value")

_MOST_REMEMBERED: Final = 1 << 17
_LONGEST_REMEMBERED: Final = 64  # characters


class Remembered(dict[str, Value]):
    """What `look`, a pure function, says of each string; all is forgotten when memory is full."""

    def __init__(self, look: Callable[[str], Value]) -> None:
        super().__init__()
        self._look = look

    def __missing__(self, chunk: str) -> Value:
        seen = self._look(chunk)
        if len(chunk) <= _LONGEST_REMEMBERED:
            if len(self) >= _MOST_REMEMBERED:
                self.clear()
            self[chunk] = seen
        return seen


_MIX: Final = np.uint64(0x9E3779B97F4A7C15)  # 2^64 / golden ratio: spreads numbers over 64 bits


class Items(NamedTuple, Generic[Value]):
    """Items of the different chunks of a batch.

    Attributes:
        values: The different items.
        places: The items of all chunks, chunk after chunk, as places in `values`.
        sizes: How many items each chunk has.
        first: Where in `places` the items of each chunk begin.
    """

    values: list[Value]
    places: NDArray[np.int64]
    sizes: NDArray[np.int64]
    first: NDArray[np.int64]

    @classmethod
    def of(cls, items: Sequence[tuple[Value, ...]]) -> Items[Value]:
        """The `items` of each chunk."""
        numbers: dict[Value, int] = {}
        places = [numbers.setdefault(item, len(numbers)) for item in chain.from_iterable(items)]
        sizes = np.fromiter(map(len, items), np.int64, len(items))
        return cls(list(numbers), np.array(places, np.int64), sizes, np.cumsum(sizes) - sizes)


class Spread(NamedTuple, Generic[Value]):
    """Items of the chunks, strung together text after text.

    Attributes:
        values: The different items.
        places: Which of `values` stand in the texts, in order.
        starts: Where each text's `places` begin, and the end.
        holders: Which chunk, counted through all texts, holds each.
    """

    values: list[Value]
    places: NDArray[np.int64]
    starts: NDArray[np.int64]
    holders: NDArray[np.int64]

    @property
    def sizes(self) -> NDArray[np.int64]:
        """How many items each text has."""
        return np.diff(self.starts)

    def once(self) -> Spread[Value]:
        """Each item where it stands first in its text."""
        text = np.repeat(np.arange(len(self.sizes)), self.sizes)
        first = _first_of_each(text * len(self.values) + self.places)
        sizes = np.bincount(text[first], minlength=len(self.sizes))
        starts = np.concatenate([[0], np.cumsum(sizes)])
        return Spread(self.values, self.places[first], starts, self.holders[first])

    def head(self, most: int) -> Spread[Value]:
        """The first items of each text, at most so many."""
        at = np.arange(len(self.places)) - np.repeat(self.starts[:-1], self.sizes)
        starts = np.concatenate([[0], np.cumsum(np.minimum(self.sizes, most))])
        return Spread(self.values, self.places[at < most], starts, self.holders[at < most])

    def joined(self, between: str) -> pa.Array:
        """The items, strings, of each text in one."""
        items = pa.array(self.values, pa.large_string()).take(pa.array(self.places))
        lists = pa.ListArray.from_arrays(self.starts.astype(np.int32), items)
        return pc.binary_join(lists, pa.scalar(between, items.type))


def _first_of_each(numbers: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether a number stands here first. Numbers meet in a table; who finds another one in its
    place waits for the next round.
    """
    bits = max(1, int(2 * len(numbers)).bit_length())
    slots = (numbers.astype(np.uint64) * _MIX >> np.uint64(64 - bits)).astype(np.int64)
    table = np.empty(1 << bits, np.int64)
    first = np.zeros(len(numbers), np.bool_)
    waiting = np.arange(len(numbers))
    while len(waiting):
        table[slots[waiting[::-1]]] = waiting[::-1]
        there = table[slots[waiting]]
        first[there] = True
        waiting = waiting[numbers[there] != numbers[waiting]]
    return first


class Texts:
    """A batch of texts.

    Attributes:
        chunks: The different chunks.
        codes: The chunks of all texts in order, as places in `chunks`.
        starts: Where each text's `codes` begin, and the end: one more than there are texts.
    """

    def __init__(self, texts: pa.Array) -> None:
        self._texts = pc.fill_null(texts, "")
        cut = pc.split_pattern(self._texts, " ")
        coded = cut.flatten().dictionary_encode()
        self._chunks = coded.dictionary
        self.chunks: list[str] = coded.dictionary.to_pylist()
        self.codes: NDArray[np.int32] = coded.indices.to_numpy(zero_copy_only=False)
        lengths = pc.list_value_length(cut).to_numpy(zero_copy_only=False)
        self.starts = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
        self._seen: dict[Any, Any] = {}

    def __len__(self) -> int:
        """How many texts there are."""
        return len(self._texts)

    @cached_property
    def strings(self) -> list[str]:
        """The texts themselves, empty where null."""
        written: list[str] = self._texts.to_pylist()
        return written

    @cached_property
    def _counts(self) -> Any:
        """How often each chunk (column) stands in each text (row)."""
        ones = np.ones(len(self.codes), np.int32)
        shape = (len(self), len(self.chunks))
        return csr_array((ones, self.codes, self.starts), shape=shape)

    def once(self, look: Callable[[Texts], Value]) -> Value:
        """What `look` says of the batch, asked only once."""
        if look not in self._seen:
            self._seen[look] = look(self)
        seen: Value = self._seen[look]
        return seen

    def pieces(self, size: int) -> Iterator[Texts]:
        """The texts, `size` at a time: columns over the words of few texts stay small."""
        return (self.piece(first, first + size) for first in range(0, len(self), size))

    def piece(self, first: int, last: int) -> Texts:
        """The texts from `first` to `last` (not included), with the chunks of the whole batch."""
        last = min(last, len(self))
        piece = copy(self)
        piece._texts = self._texts[first:last]
        piece.codes = self.codes[self.starts[first] : self.starts[last]]
        piece.starts = self.starts[first : last + 1] - self.starts[first]
        piece._seen = {}
        piece.__dict__["strings"] = self.strings[first:last]
        piece.__dict__.pop("_counts", None)
        return piece

    def each(self, remembered: Remembered[Value]) -> list[Value]:
        """What `remembered` says of each different chunk."""
        return list(map(remembered.__getitem__, self.chunks))

    def matching(self, pattern: str) -> NDArray[np.bool_]:
        """Whether each different chunk holds a match of `pattern`, in the dialect of RE2."""
        matched = pc.match_substring_regex(self._chunks, pattern)
        found: NDArray[np.bool_] = matched.to_numpy(zero_copy_only=False)
        return found

    def holding(self, pattern: str) -> NDArray[np.bool_]:
        """Whether each text has a chunk that holds a match of `pattern`."""
        held: NDArray[np.bool_] = self.totals(self.matching(pattern).astype(np.int32)) > 0
        return held

    def totals(self, values: NDArray[Any]) -> NDArray[Any]:
        """Sums by text of what each different chunk has (rows of `values`)."""
        summed: NDArray[Any] = self._counts @ values
        return summed

    def spread(self, items: Items[Value]) -> Spread[Value]:
        """The `items` of each different chunk, strung together text after text."""
        counts = items.sizes[self.codes]
        ends = np.cumsum(counts)
        strung = np.repeat(items.first[self.codes] - ends + counts, counts) + np.arange(
            counts.sum()
        )
        holders = np.repeat(np.arange(len(counts)), counts)
        starts = np.concatenate([[0], ends])[self.starts]
        return Spread(items.values, items.places[strung], starts, holders)


class _Last(NamedTuple):
    """The array that was read, kept so that nothing else comes to stand at its address."""

    array: pa.Array
    texts: Texts


_last: list[_Last] = []
_lock: Final = Lock()


def texts_of(array: pa.Array) -> Texts:
    """`Texts` of `array`; the same one for the same memory, so that judges of one scan share it."""
    with _lock:
        if _last and _place(_last[0].array) == _place(array):
            return _last[0].texts
        _last.clear()
    texts = Texts(array)
    with _lock:
        _last[:] = [_Last(array, texts)]
    return texts


def _place(array: pa.Array) -> tuple[Any, ...]:
    addresses = (buffer.address if buffer else None for buffer in array.buffers())
    return (str(array.type), len(array), array.offset, *addresses)
