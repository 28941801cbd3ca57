"""Words and their character n-grams, hashed: vectors for reworded texts, without any download.

It sees surface, not meaning: a text with other word forms, another order or some words replaced
stays close, a translation does not. Each distinct word has a vector, the sum of random signs drawn
from the hashes of its character n-grams and of itself (a signed random projection: Achlioptas,
Database-friendly random projections, 2003); a text is the weighted sum of its words.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from itertools import chain
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from indic_persona_hub.ingest.scripts import words
from indic_persona_hub.models.embedders.settings import HashedSettings

_SHORTEST, _LONGEST = 2, 5
#: A longer word is cut: what has no spaces is no word.
_MOST_CHARACTERS: Final = 64
#: What stands before and after a word, so that n-grams know its ends.
_EDGES: Final = "\x02", "\x03"
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX_2: Final = np.uint64(0xBF58476D1CE4E5B9)
_MIX_3: Final = np.uint64(0x94D049BB133111EB)
_FACTOR: Final = np.uint64(0x100000001B3)
_WORDS_AT_ONCE: Final = 512
_ROWS_AT_ONCE: Final = 32_768
_JOINERS: Final = {0x200C: None, 0x200D: None}

Hashes = NDArray[np.uint64]
Floats = NDArray[np.float32]


class HashedEmbedder:
    """An `Embedder` of numpy alone: about 20,000 texts of 700 characters a CPU-second.

    A word counts log(1 + times) x log(1 + its characters), so that short function words, which all
    texts of a language share, weigh less than those that say something.
    """

    def __init__(self, settings: HashedSettings) -> None:
        self._dimensions = settings.dimensions

    def __repr__(self) -> str:
        return f"HashedEmbedder({self._dimensions})"

    @property
    def identity(self) -> Mapping[str, Any]:
        """See `Embedder`."""
        return {"kind": "hashed", "dimensions": self._dimensions, "revision": 1}

    def embed(self, texts: Sequence[str]) -> Floats:
        """See `Embedder`."""
        parts = [
            self._embedded(texts[at : at + _ROWS_AT_ONCE])
            for at in range(0, len(texts), _ROWS_AT_ONCE)
        ]
        return np.concatenate([np.zeros((0, self._dimensions), np.float32), *parts])

    def close(self) -> None:
        """See `Embedder`."""

    def _embedded(self, texts: Sequence[str]) -> Floats:
        counted, vocabulary = _word_counts(texts)
        vectors = np.asarray(counted @ _word_vectors(vocabulary, self._dimensions), np.float32)
        lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors, dtype=np.float64))
        return np.asarray(vectors / lengths[:, None], np.float32)


def _word_counts(texts: Sequence[str]) -> tuple[csr_matrix, list[str]]:
    """Weights of the words of each text (texts, words), and the words."""
    split = pc.utf8_split_whitespace(pa.array(texts, pa.large_string()))
    tokens = split.flatten().dictionary_encode()
    found = [_words_of(token) for token in tokens.dictionary.to_pylist()]
    in_row, token = _positions(split), np.asarray(tokens.indices, np.int64)
    sizes = np.fromiter(map(len, found), np.int64, len(found))
    flat = list(chain.from_iterable(found))
    # Texts of no words are told apart by what they are.
    bare = np.setdiff1d(np.arange(len(texts)), in_row[sizes[token] > 0])
    flat += [texts[row].strip()[:_MOST_CHARACTERS] for row in bare.tolist()]
    numbers, vocabulary = _numbered(flat)
    within = np.arange(sizes[token].sum()) - np.repeat(
        np.cumsum(sizes[token]) - sizes[token], sizes[token]
    )
    starts = np.cumsum(sizes) - sizes
    column = numbers[np.repeat(starts[token], sizes[token]) + within]
    column = np.append(column, numbers[len(flat) - len(bare) :])
    row = np.append(np.repeat(in_row, sizes[token]), bare)
    shape = (len(texts), len(vocabulary))
    counted = csr_matrix((np.ones(len(row), np.float32), (row, column)), shape=shape)
    counted.sum_duplicates()
    length = np.log1p(np.fromiter(map(len, vocabulary), np.float32, len(vocabulary)))
    counted.data = np.log1p(counted.data) * np.maximum(length, np.float32(0.5))[counted.indices]
    return counted, vocabulary


def _positions(split: pa.Array) -> NDArray[np.int64]:
    """For each token the row that it stands in."""
    sizes = np.asarray(pc.list_value_length(split), np.int64)
    return np.repeat(np.arange(len(sizes)), sizes)


def _words_of(token: str) -> list[str]:
    """Words in NFKC, casefolded, without joiners, cut at `_MOST_CHARACTERS`."""
    plain = unicodedata.normalize("NFKC", token.casefold().translate(_JOINERS))
    return [
        word[at : at + _MOST_CHARACTERS]
        for word in words(plain)
        for at in range(0, len(word), _MOST_CHARACTERS)
    ]


def _numbered(flat: Sequence[str]) -> tuple[NDArray[np.int64], list[str]]:
    """The number of each word, and the distinct words in the order of their hashes.

    The order of a sum decides its last bits; this one does not depend on the other texts.
    """
    vocabulary = sorted(set(flat), key=lambda word: (_digest(word), word))
    number = {word: place for place, word in enumerate(vocabulary)}
    return np.fromiter((number[word] for word in flat), np.int64, len(flat)), vocabulary


def _digest(word: str) -> int:
    encoded = word.encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(encoded, digest_size=8).digest(), "big")


def _word_vectors(vocabulary: Sequence[str], dimensions: int) -> Floats:
    """(words, dimensions): half the random signs of a word, half those of its n-grams."""
    vectors = np.empty((len(vocabulary), dimensions), np.float32)
    by_length = np.argsort(np.fromiter(map(len, vocabulary), np.int64, len(vocabulary)))
    for at in range(0, len(vocabulary), _WORDS_AT_ONCE):
        rows = by_length[at : at + _WORDS_AT_ONCE]
        chosen = [vocabulary[row] for row in rows.tolist()]
        grams, owners = _grams(chosen)
        counts = np.bincount(owners, minlength=len(chosen))
        ends = np.append(0, np.cumsum(counts))
        owned = csr_matrix((np.ones(len(grams), np.float32), np.arange(len(grams)), ends))
        summed = owned @ _signs(grams, dimensions)
        own = _signs(np.fromiter(map(_digest, chosen), np.uint64, len(chosen)), dimensions)
        vectors[rows] = own + summed / np.sqrt(counts, dtype=np.float32)[:, None]
    return vectors


def _grams(chosen: Sequence[str]) -> tuple[Hashes, NDArray[np.int64]]:
    """Hashes of the character n-grams of each word with its edges, and whose they are, in order."""
    lengths = np.fromiter((len(word) + 2 for word in chosen), np.int64, len(chosen))
    width = int(lengths.max())
    left, right = _EDGES
    padded = "".join((left + word + right).ljust(width, "\0") for word in chosen)
    points = np.frombuffer(padded.encode("utf-32-le", "surrogatepass"), np.uint32)
    letters = points.reshape(len(chosen), width).astype(np.uint64)
    hashes, owners = [], []
    rolled = letters
    for size in range(_SHORTEST, _LONGEST + 1):
        rolled = rolled[:, : width - size + 1] * _FACTOR + letters[:, size - 1 :]
        owner, place = np.nonzero(np.arange(rolled.shape[1]) <= (lengths - size)[:, None])
        hashes.append(rolled[owner, place] + np.uint64(size << 40))
        owners.append(owner)
        if width == size:
            break
    owned = np.concatenate(owners)
    order = np.argsort(owned, kind="stable")
    return np.concatenate(hashes)[order], owned[order]


def _signs(hashes: Hashes, dimensions: int) -> Floats:
    """(hashes, dimensions) of +1 and -1, drawn from each hash."""
    steps = np.arange(1, dimensions // 64 + 1, dtype=np.uint64) * _MIX
    mixed = hashes[:, None] + steps
    mixed = (mixed ^ (mixed >> np.uint64(30))) * _MIX_2
    mixed = (mixed ^ (mixed >> np.uint64(27))) * _MIX_3
    mixed ^= mixed >> np.uint64(31)
    bits = np.unpackbits(mixed.astype("<u8").view(np.uint8), axis=1)
    return np.asarray(bits, np.float32) * 2 - 1
