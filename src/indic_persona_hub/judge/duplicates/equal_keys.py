"""Rows with equal keys among many, by sorting narrow numbers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from indic_persona_hub.judge.duplicates.normal_words import Rows
from indic_persona_hub.stage import Keyed


def rows_by_slice(keys: Keyed, rows: Rows) -> Iterator[tuple[int, slice, Rows]]:
    """For each slice that holds some of `rows`, which ascend: its number, where those stand in
    `rows`, and their numbers in the slice."""
    bounds = np.append(0, np.cumsum(np.asarray(keys.rows_by_slice, np.int64)))
    places = np.searchsorted(rows, bounds)
    for number in range(len(bounds) - 1):
        place = slice(int(places[number]), int(places[number + 1]))
        if place.stop > place.start:
            yield number, place, rows[place] - bounds[number]


def picked(keys: Keyed, name: str, rows: Rows) -> npt.NDArray[np.uint64]:
    """The keys called `name` of `rows`, which ascend: one or two numbers a row, (rows, numbers)."""
    found: npt.NDArray[np.uint64] | None = None
    for number, place, inside in rows_by_slice(keys, rows):
        part = keys.part(name, number)
        part = part.reshape(len(part), -1)
        if found is None:
            found = np.empty((len(rows), part.shape[1]), np.uint64)
        found[place] = part[inside]
    return np.empty((0, 1), np.uint64) if found is None else found


def first_equal(keys: Keyed, name: str, rows: Rows) -> Rows:
    """For each of `rows`, which ascend, the first of them whose key called `name` is equal.

    The upper bits of the first number of the key and the place in `rows` sort as one number; only
    the rows that share those bits with another are compared in full.
    """
    first = np.arange(len(rows))
    shared = np.flatnonzero(_shares(keys, name, rows))
    if not len(shared):
        return rows.copy()
    full = picked(keys, name, rows[shared])
    order = np.lexsort(full.T[::-1])
    ordered = full[order]
    heads = np.append(True, (ordered[1:] != ordered[:-1]).any(axis=1))
    at = np.flatnonzero(heads)
    first[shared[order]] = np.repeat(shared[order[at]], np.diff(np.append(at, len(order))))
    return rows[first]


def _shares(keys: Keyed, name: str, rows: Rows) -> npt.NDArray[np.bool_]:
    """For each of `rows` whether the upper bits of its key are those of another one too."""
    bits = np.uint64(max(1, len(rows).bit_length()))
    packed = np.empty(len(rows), np.uint64)
    for number, place, inside in rows_by_slice(keys, rows):
        part = keys.part(name, number)
        packed[place] = part.reshape(len(part), -1)[inside, 0]
    packed >>= bits
    packed <<= bits
    packed |= np.arange(len(rows), dtype=np.uint64)
    packed.sort()
    same = packed[1:] >> bits == packed[:-1] >> bits
    place_of = (packed & (np.uint64(1) << bits) - np.uint64(1)).astype(np.int64)
    shares = np.zeros(len(rows), bool)
    shares[place_of[1:][same]] = True
    shares[place_of[:-1][same]] = True
    return shares
