"""The words of a batch of texts as columns: numpy carries them, rules look at few of them.

Words are those of `reference.lexicon.tokens`; a gap is what stands between a word and the one
before it in its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indic_persona_hub.judge.reading.word_facts import facts_of
from indic_persona_hub.reference.chunks import Items, Remembered, Texts
from indic_persona_hub.reference.lexicon import joins, tokens

_PIECE: Final = 2048  # texts: their columns fit the processor's cache

_SENTENCE_END: Final = re.compile(r"[!?।॥؟۔\n]|[.;:](?=[\s\"”’)])")
_PHRASE_END: Final = re.compile(r"[,!?।॥؟۔()\[\]\"“”\n—،]|[.;:](?=\s)| [–-] ")

#: Facts of a gap: it ends a sentence, starts with a full stop, ends a phrase, holds a comma, is a
#: hyphen, may stand within an entry of a lexicon.
ENDS_SENTENCE, STARTS_WITH_STOP, BREAKS, COMMA, HYPHEN, JOINS = (1 << bit for bit in range(6))


def _gap_bits(gap: str) -> int:
    return (
        (ENDS_SENTENCE if _SENTENCE_END.search(gap) else 0)
        | (STARTS_WITH_STOP if gap.startswith(".") else 0)
        | (BREAKS if _PHRASE_END.search(gap) else 0)
        | (COMMA if "," in gap else 0)
        | (HYPHEN if gap in ("-", "\u2011") else 0)
        | (JOINS if joins(gap) else 0)
    )


_GAP_BITS: Final = Remembered(_gap_bits)
_FACTS: Final = Remembered(facts_of)
_WORDS_AT: Final = Remembered(
    lambda chunk: tuple((token.text, token.start, token.end) for token in tokens(chunk))
)


class Vocabulary(NamedTuple):
    """The words of all chunks of a batch.

    Attributes:
        items: Text, start and end of the words of each different chunk.
        word: For each of the different items the word that it is, as a place in `keys`.
        start: Where in the chunk the item starts.
        length: How many characters it has.
        keys: The different words as they are compared.
        bits: What `word_facts` says of each.
    """

    items: Items[tuple[str, int, int]]
    word: NDArray[np.int64]
    start: NDArray[np.int64]
    length: NDArray[np.int64]
    keys: NDArray[Any]
    bits: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Texts) -> Vocabulary:
        """The words of `texts`."""
        items = Items.of(texts.each(_WORDS_AT))
        numbers: dict[str, int] = {}
        word = [numbers.setdefault(text, len(numbers)) for text, _, _ in items.values]
        facts = list(map(_FACTS.__getitem__, numbers))
        start = np.array([start for _, start, _ in items.values], np.int64)
        return cls(
            items,
            np.array(word, np.int64),
            start,
            np.array([end for _, _, end in items.values], np.int64) - start,
            np.array([one.key for one in facts], object),
            np.array([one.bits for one in facts], np.int64),
        )


class TextWords:
    """The words of some texts of a batch, text after text.

    Attributes:
        texts: The texts.
        bits: What `word_facts` says of each word.
        start: Where each stands in its text, in characters.
        end: Where it ends.
        gap_bits: What is known of the gap before it.
        starts: Where each text's words begin, and the end.
        text: The text that holds each word.
    """

    def __init__(self, texts: Texts, vocabulary: Vocabulary) -> None:
        spread = texts.spread(vocabulary.items)
        self.texts = texts
        self.starts = spread.starts
        self.text = np.repeat(np.arange(len(texts)), np.diff(spread.starts))
        self._word = vocabulary.word[spread.places]
        self._keys = vocabulary.keys
        self.bits = vocabulary.bits[self._word]
        self.start = _chunk_starts(texts)[spread.holders] + vocabulary.start[spread.places]
        self.end = self.start + vocabulary.length[spread.places]
        self.gap_bits = self._read_gaps(spread.holders)

    def __len__(self) -> int:
        """How many words there are."""
        return len(self.bits)

    @cached_property
    def keys(self) -> list[str]:
        """The key of each word."""
        keys: list[str] = self._keys[self._word].tolist()
        return keys

    @cached_property
    def is_first(self) -> NDArray[np.bool_]:
        """Whether a word is the first of its text."""
        first = np.zeros(len(self), np.bool_)
        first[self.starts[:-1][np.diff(self.starts) > 0]] = True
        return first

    def _read_gaps(self, holders: NDArray[np.int64]) -> NDArray[np.int64]:
        """Bits of the gaps: most are the one space between two chunks."""
        before = np.concatenate([[0], self.end[:-1]])
        before[self.is_first] = 0
        after_space = np.concatenate([[False], holders[1:] > holders[:-1]])
        plain = after_space & (self.start - before == 1) & ~self.is_first
        bits = np.full(len(self), _GAP_BITS[" "], np.int64)
        other = np.flatnonzero(~plain)
        strings = self.texts.strings
        places = (self.text[other].tolist(), before[other].tolist(), self.start[other].tolist())
        bits[other] = [
            _GAP_BITS[strings[text][first:last]] for text, first, last in zip(*places, strict=True)
        ]
        return bits


def _chunk_starts(texts: Texts) -> NDArray[np.int64]:
    """Where each chunk starts in its text, in characters."""
    lengths = np.fromiter(map(len, texts.chunks), np.int64, len(texts.chunks))
    ends = np.cumsum(lengths[texts.codes] + 1)
    starts = np.concatenate([[0], ends])
    of_text = np.repeat(starts[texts.starts[:-1]], np.diff(texts.starts))
    within: NDArray[np.int64] = starts[:-1] - of_text
    return within


def pieces(texts: Texts) -> Iterator[TextWords]:
    """The words of the texts, some thousand texts at a time."""
    vocabulary = Vocabulary.of(texts)
    return (TextWords(piece, vocabulary) for piece in texts.pieces(_PIECE))
