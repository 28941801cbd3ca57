"""Families of duplicates: an original, copies written differently, copies with words changed.

A group of families follows from its number alone, so that a block of the workload can hold members
of a group whose other members stand in blocks far away.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from workload_texts import Numbers, Texts, draw, edited, joined, shared_words
from workload_words import LABELS

#: What a stream of chance is for.
FRESH, HOME, AWAY, ROWS = range(4)
#: Blocks that share a group of the stream `AWAY`.
PLACES = 4

_SCRIPT_BOUNDS = (0.6, 0.9)  # shares 60, 30, 10
_SIZES, _SIZE_SHARES = (2, 3, 4, 5, 6), (0.5, 0.2, 0.15, 0.1, 0.05)
MEAN_SIZE = 3
_EXACT_SHARE = 0.35  # of the copies
_TARGETS = (0.80, 0.995)  # similarity to its parent that a near copy aims at
_REWRITTEN_SHARE = 0.3  # of the near copies are written differently too
_KINDS = ("original", "exact", "near")


class Families(NamedTuple):
    """The members of some families, family by family.

    Attributes:
        family: Number of each member's family.
        kind: 0 original, 1 exact, 2 near.
        change: How the text is written differently: see `rewritten`.
        label: Number of the domain label.
        place: Which of the blocks that share the group holds the member.
        unit: A number that no other row of the workload has; ids follow from it.
    """

    texts: Texts
    family: Numbers
    kind: Numbers
    change: Numbers
    label: Numbers
    place: Numbers
    unit: Numbers


@lru_cache(8)  # a block's families are wanted for its rows and for the truth
def families(seed: int, stream: int, group: int, count: int) -> Families:
    """So many families, told by nothing but the arguments."""
    chance = np.random.default_rng([seed, stream, group])
    sizes = chance.choice(_SIZES, count, p=_SIZE_SHARES)
    texts = draw(chance, scripts(chance, count))
    grid = np.full((count, max(_SIZES)), -1)
    grid[:, 0] = np.arange(count)
    kind = np.zeros(count, np.int64)
    for generation in range(1, max(_SIZES)):
        grown = np.flatnonzero(sizes > generation)
        parents = texts.take(grid[grown, chance.integers(0, generation, len(grown))])
        exact = chance.random(len(grown)) < _EXACT_SHARE
        target = chance.uniform(*_TARGETS, len(grown))
        words = 0.85 * parents.lengths * (1 - target) / (1 + target)
        edits = np.where(exact, 0, np.maximum(1, np.rint(words))).astype(np.int64)
        grid[grown, generation] = len(texts.ends) + np.arange(len(grown))
        texts = joined([texts, edited(chance, parents, edits)])
        kind = np.concatenate([kind, np.where(exact, 1, 2)])
    order = grid[grid >= 0]
    kind = kind[order]
    members = len(order)
    often = np.array([0, 1, _REWRITTEN_SHARE])[kind]
    change = np.where(chance.random(members) < often, chance.integers(0, _CHANGES, members), 0)
    place = np.where(kind == 0, 0, chance.integers(0, PLACES, members))
    family = np.repeat(np.arange(count), sizes)
    label = label_numbers(chance, count)[family]
    unit = units(stream, group, members)
    return Families(texts.take(order), family, kind, change, label, place, unit)


def scripts(chance: np.random.Generator, rows: int) -> Numbers:
    return np.searchsorted(_SCRIPT_BOUNDS, chance.random(rows), side="right")


def label_numbers(chance: np.random.Generator, rows: int) -> Numbers:
    """Label k with a probability of about 1 / k."""
    return (np.exp(chance.random(rows) * np.log(LABELS + 1)) - 1).astype(np.int64) % LABELS


def units(stream: int, group: int, rows: int) -> Numbers:
    return np.arange(rows, dtype=np.uint64) + np.uint64((stream << 56) + (group << 24))


#: Ways of writing the same words differently; 0 leaves a text as it is.
_CHANGES = 7


def rewritten(texts: pa.Array, change: Numbers) -> pa.Array:
    """Each text in its way: 1 upper case, 2 lower case, 3 wide spaces, 4 other punctuation, 5 NFD,
    6 joiners and letters of one code point where Unicode composes them of two."""
    parts, order = [], []
    for number in range(_CHANGES):
        rows = np.flatnonzero(change == number)
        parts.append(_rewritten(texts.take(pa.array(rows)), number))
        order.append(rows)
    return pa.concat_arrays(parts).take(pa.array(np.argsort(np.concatenate(order))))


def _rewritten(texts: pa.Array, number: int) -> pa.Array:
    if number == 1:
        return pc.utf8_upper(texts)
    if number == 2:
        return pc.utf8_lower(texts)
    if number == 5:
        return pc.utf8_normalize(texts, "NFD")
    for old, new in _REPLACEMENTS.get(number, ()):
        texts = pc.replace_substring(texts, old, new)
    return texts


_REPLACEMENTS = {
    3: ((" ", "  "), (".", " .\n"), ("।", " ।\n")),
    4: ((",", " –"), (".", "!"), ("।", "…")),
    6: (
        ("्", "्\u200d"),
        ("்", "்\u200c"),
        ("sh", "s\u200ch"),
        ("ड\u093c", "\u095c"),
        ("ढ\u093c", "\u095d"),
        ("ज\u093c", "\u095b"),
    ),
}


def ids(seed: int, units: Numbers) -> pa.Array:
    """32 hex digits for each unit; different units have different ids."""
    high = _mixed(units ^ np.uint64(seed * 0x9E3779B97F4A7C15 % 2**64))
    raw = np.stack([high, _mixed(high)], axis=1).astype(">u8").view(np.uint8)
    digits = np.frombuffer(b"0123456789abcdef", np.uint8)
    text = np.stack([digits[raw >> 4], digits[raw & 15]], axis=2)
    offsets = np.arange(len(units) + 1, dtype=np.int32) * 32
    return pa.StringArray.from_buffers(len(units), pa.py_buffer(offsets), pa.py_buffer(text))


def _mixed(numbers: Numbers) -> Numbers:
    """A permutation of the 64-bit numbers (the finaliser of MurmurHash3)."""
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        numbers = (numbers ^ (numbers >> np.uint64(33))) * np.uint64(factor)
    return numbers ^ (numbers >> np.uint64(33))


class Truth(NamedTuple):
    """`rows` and `pairs` as they are written."""

    rows: pa.Table
    pairs: pa.Table

    def counts(self) -> dict[str, int]:
        near = int((self.pairs["jaccard"].to_numpy() >= 0.9).sum())
        return {"family_rows": len(self.rows), "pairs": len(self.pairs), "near_pairs": near}


def truth(seed: int, stream: int, group: int, made: Families) -> Truth:
    """What is a duplicate of what in a group of families."""
    one, other = _pairs_within(made.family)
    both, either = shared_words(made.texts, one, other)
    near = 10 * both >= 9 * either
    members = len(made.family)
    edges = coo_matrix((np.ones(near.sum(), bool), (one[near], other[near])), (members, members))
    _, component = connected_components(edges, directed=False)
    name = ids(seed, made.unit)
    first = (stream << 56) + (group << 24)
    rows = {
        "id": name,
        "family": made.family + first,
        "component": component.astype(np.int64) + first,
        "kind": pa.array(_KINDS).take(pa.array(made.kind)),
    }
    pairs = {"one": name.take(pa.array(one)), "other": name.take(pa.array(other))}
    return Truth(pa.table(rows), pa.table({**pairs, "jaccard": both / either}))


def _pairs_within(family: Numbers) -> tuple[Numbers, Numbers]:
    """All pairs of rows of one family; its rows stand side by side."""
    ones, others = [], []
    for apart in range(1, max(_SIZES)):
        same = np.flatnonzero(family[apart:] == family[:-apart])
        ones.append(same)
        others.append(same + apart)
    return np.concatenate(ones), np.concatenate(others)
