"""The set of sounds of each text, and which texts in different scripts have nearly the same.

Candidates share a band of MinHashes (Broder, On the resemblance and containment of documents, 1997)
over the sounds of three consonants and more: the shorter ones are words that all texts of a
language share. What counts is the exact Jaccard similarity of all sounds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any, Final, NamedTuple
from zlib import crc32

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from indic_persona_hub.judge.meaning.sounds import sound
from indic_persona_hub.judge.meaning.written_scripts import commonest, script_of_word
from indic_persona_hub.judge.words import written_words
from indic_persona_hub.stage import Keyed

Rows = NDArray[np.int64]

#: 99.6% of the pairs of similarity 0.6 share a band, and 92% of those of 0.5.
BANDS: Final = 40
_BAND_HASHES: Final = 4
#: Texts of fewer sounds are not compared.
FEWEST: Final = 5
#: How many neighbours of its band, in order, a row is compared with.
_WINDOW: Final = 32
#: Rows whose sets are held at once.
_HELD: Final = 1_000_000
_PAIRS: Final = 1 << 16
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)
_PARTS: Final = re.compile(r"\d+|\D+")
_SHIFT: Final = np.uint64(32)
_LOW: Final = np.uint64(2**32 - 1)


class Token(NamedTuple):
    """What is to be known of a token: hashes of its sounds, of its long ones, and its script."""

    sounds: tuple[int, ...]
    long: tuple[int, ...]
    script: int


def sound_keys(texts: pa.ChunkedArray) -> dict[str, NDArray[Any]]:
    """`sounds` (uint32, distinct, row after row), `sizes` (int32, how many each row has), `script`
    (uint8, that of most words; 0 is none), and `band_00` to `band_39` (uint32; 0 is none)."""
    split = pc.utf8_split_whitespace(texts.combine_chunks())
    tokens = split.flatten().dictionary_encode()
    known = [_token(token) for token in tokens.dictionary.to_pylist()]
    lengths = np.asarray(pc.list_value_length(split), np.int64)
    row, token = np.repeat(np.arange(len(texts)), lengths), np.asarray(tokens.indices, np.int64)
    values, sizes = _sets(row, token, [one.sounds for one in known], len(texts))
    long = _sets(row, token, [one.long for one in known], len(texts))
    bands = {f"band_{number:02}": _band(*long, number) for number in range(BANDS)}
    script = np.fromiter((one.script for one in known), np.int64, len(known))
    return {
        "sounds": values.astype(np.uint32),
        "sizes": sizes.astype(np.int32),
        "script": commonest(row, script[token], len(texts)),
        **bands,
    }


def _token(token: str) -> Token:
    parts = [part for word in written_words(token) for part in _PARTS.findall(word)]
    heard = [one for one in map(sound, parts) if len(one) > 1 or one.isdigit()]
    return Token(
        tuple(crc32(one.encode()) for one in heard),
        tuple(crc32(one.encode()) for one in heard if len(one) > 2),
        script_of_word(token),
    )


def _sets(
    row: Rows, token: Rows, sounds: list[tuple[int, ...]], rows: int
) -> tuple[NDArray[np.uint64], Rows]:
    """The distinct sounds of each row, and how many."""
    counts = np.fromiter(map(len, sounds), np.int64, len(sounds))
    flat = np.fromiter(chain.from_iterable(sounds), np.uint64, counts.sum())
    starts = np.cumsum(counts) - counts
    packed = [np.zeros(0, np.uint64)]
    for turn in range(int(counts.max(initial=0))):
        has = counts[token] > turn
        packed.append(row[has].astype(np.uint64) << _SHIFT | flat[starts[token[has]] + turn])
    distinct = _distinct(np.concatenate(packed))
    return distinct & _LOW, np.bincount((distinct >> _SHIFT).astype(np.int64), minlength=rows)


def _distinct(packed: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Sorted; `numpy.unique` hashes, which takes ten times as long."""
    packed.sort()
    first: NDArray[np.bool_] = np.append(True, packed[1:] != packed[:-1])[: len(packed)]
    return np.asarray(packed[first], np.uint64)


def _band(values: NDArray[np.uint64], sizes: Rows, number: int) -> NDArray[np.uint32]:
    """A key of each row from its least hashes under four permutations; 0 where it has no sound."""
    has = sizes > 0
    starts = (np.cumsum(sizes) - sizes)[has]
    key = np.zeros(len(starts), np.uint64)
    for turn in range(_BAND_HASHES) if len(starts) else ():
        odd = (2 * (number * _BAND_HASHES + turn) + 3) * int(_MIX) | 1
        factor = np.uint64(odd & (2**64 - 1))
        mixed = (values + np.uint64(turn + 1)) * factor
        mixed ^= mixed >> np.uint64(29)
        mixed *= _MIX
        key = (key ^ np.minimum.reduceat(mixed >> _SHIFT, starts)) * _MIX
        key ^= key >> np.uint64(31)
    keys = np.zeros(len(sizes), np.uint32)
    keys[has] = np.maximum(key >> _SHIFT, np.uint64(1)).astype(np.uint32)
    return keys


class Alike(NamedTuple):
    """Pairs of rows in different scripts, and the exact similarity of their sounds."""

    one: Rows
    other: Rows
    similarity: NDArray[np.float32]


def alike(keys: Keyed, rows: Rows, threshold: float) -> Alike:
    """The pairs among `rows` (ascending) in different scripts of at least `threshold`."""
    script = _whole(keys, "script")[rows]
    enough = (_whole(keys, "sizes")[rows] >= FEWEST) & (script > 0)
    rows, script = rows[enough], script[enough]
    pairs = np.zeros(0, np.uint64)
    for number in range(BANDS):
        band = _whole(keys, f"band_{number:02}")[rows]
        pairs = _distinct(np.concatenate([pairs, _meeting(band, script)]))
    one, other = rows[(pairs >> _SHIFT).astype(np.int64)], rows[(pairs & _LOW).astype(np.int64)]
    similarity = similarities(keys, one, other)
    near = similarity >= threshold
    return Alike(one[near], other[near], similarity[near])


def _whole(keys: Keyed, name: str) -> NDArray[Any]:
    return np.concatenate([keys.part(name, number) for number in range(len(keys.rows_by_slice))])


def _meeting(band: NDArray[np.uint32], script: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """place << 32 | place of pairs in one band but different scripts."""
    order = np.argsort(band, kind="stable")
    order = order[np.searchsorted(band[order], 1) :]
    key, written = band[order], script[order]
    found = [np.zeros(0, np.uint64)]
    for apart in range(1, min(_WINDOW, len(order) - 1) + 1):
        same = key[apart:] == key[:-apart]
        if not same.any():
            break
        mixed = np.flatnonzero(same & (written[apart:] != written[:-apart]))
        found.append(
            order[mixed].astype(np.uint64) << _SHIFT | order[mixed + apart].astype(np.uint64)
        )
    return np.concatenate(found)


def similarities(keys: Keyed, one: Rows, other: Rows) -> NDArray[np.float32]:
    """Exact Jaccard similarity of the sounds of each pair of rows."""
    found = np.zeros(len(one), np.float32)
    for begin in range(0, len(one), _HELD // 2):
        part = slice(begin, begin + _HELD // 2)
        held, where = np.unique(np.concatenate([one[part], other[part]]), return_inverse=True)
        values, starts = _held_sets(keys, held)
        left, right = np.split(where, 2)
        found[part] = _jaccard(values, starts, left, right)
    return found


def _held_sets(keys: Keyed, held: Rows) -> tuple[NDArray[np.uint32], Rows]:
    """The sounds of the rows `held` (ascending), and where each begins, and the end."""
    slices = np.append(0, np.cumsum(np.asarray(keys.rows_by_slice, np.int64)))
    edges = np.searchsorted(held, slices)
    values, counts = [np.zeros(0, np.uint32)], [np.zeros(0, np.int64)]
    for number in np.flatnonzero(np.diff(edges)).tolist():
        sizes = keys.part("sizes", number).astype(np.int64)
        rows = held[edges[number] : edges[number + 1]] - slices[number]
        places = _places((np.cumsum(sizes) - sizes)[rows], sizes[rows])
        values.append(keys.part("sounds", number)[places])
        counts.append(sizes[rows])
    return np.concatenate(values), np.append(0, np.cumsum(np.concatenate(counts)))


def _places(starts: Rows, sizes: Rows) -> Rows:
    """starts[i], starts[i] + 1, ... of each i, `sizes[i]` of them."""
    within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return np.asarray(within + np.repeat(starts, sizes), np.int64)


def _jaccard(
    values: NDArray[np.uint32], starts: Rows, left: Rows, right: Rows
) -> NDArray[np.float32]:
    parts = [np.zeros(0, np.float32)]
    for one, other in _chunks(left, right):
        sizes = np.diff(starts)
        owner = np.arange(len(one), dtype=np.uint64) << _SHIFT
        packed = np.concatenate(
            [
                np.repeat(owner, sizes[row]) | values[_places(starts[row], sizes[row])]
                for row in (one, other)
            ]
        )
        packed.sort()
        shared = (packed[1:][packed[1:] == packed[:-1]] >> _SHIFT).astype(np.int64)
        common = np.bincount(shared, minlength=len(one))
        parts.append((common / (sizes[one] + sizes[other] - common)).astype(np.float32))
    return np.concatenate(parts)


def _chunks(left: Rows, right: Rows) -> Iterator[tuple[Rows, Rows]]:
    for at in range(0, len(left), _PAIRS):
        yield left[at : at + _PAIRS], right[at : at + _PAIRS]
