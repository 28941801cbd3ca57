"""Texts as numbers: sentences drawn from the templates, word edits, exact similarity.

A text is a run of tokens; a token is a word with or without a comma or a full stop. Numbers make a
million texts in seconds, and the exact Jaccard similarity of two texts follows from them.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from workload_words import sentences, tail, words

from indic_persona_hub.judge.words import words_of

Numbers = NDArray[Any]

SCRIPTS = ("Latn", "Deva", "Taml")
LANGUAGES = ("eng", "hin", "tam")
_STOPS = (".", "।", ".")
_TAIL_WORDS = 20_000  # names, and as many terms, of each script
_SENTENCES = 20  # templates of each script
_MIN_CHARACTERS, _MAX_TARGET = 300, 1030  # a text ends with the sentence that reaches its target


class Vocabulary(NamedTuple):
    """All words, and all templates as runs of slots.

    Attributes:
        tokens: The written tokens: every word plain, then with a comma, then with a full stop.
        widths: Characters of each token and the space after it.
        meant: For each word the number of the word that the judges see (case and joiners aside).
        tails: For each script the first and the last + 1 of its tail's words.
        template_starts: Where each template's slots begin, with the end; 20 templates a script.
        first, size: Of each slot, its words. A slot of one word is not drawn.
        skewed: Of each slot, whether its words follow Zipf's law.
        mark: Of each slot, 0 for a plain word, 1 for a comma, 2 for a full stop.
    """

    tokens: pa.Array
    widths: Numbers
    meant: Numbers
    tails: Numbers
    template_starts: Numbers
    first: Numbers
    size: Numbers
    skewed: Numbers
    mark: Numbers


class Texts(NamedTuple):
    """Texts one after another: `ends` closes the tokens of each, `script` is its number."""

    tokens: Numbers
    ends: Numbers
    script: Numbers

    @property
    def lengths(self) -> Numbers:
        return np.diff(self.ends, prepend=0)

    @property
    def owners(self) -> Numbers:
        """For each token the number of its text."""
        return np.repeat(np.arange(len(self.ends)), self.lengths)

    def take(self, rows: Numbers) -> Texts:
        lengths = self.lengths[rows]
        return Texts(
            self.tokens[runs(self.ends[rows] - lengths, lengths)],
            np.cumsum(lengths),
            self.script[rows],
        )

    def written(self) -> pa.Array:
        """The texts as strings."""
        offsets = np.concatenate([[0], self.ends]).astype(np.int32)
        tokens = vocabulary().tokens.take(pa.array(self.tokens))
        return pc.binary_join(pa.ListArray.from_arrays(pa.array(offsets), tokens), " ")


def joined(parts: list[Texts]) -> Texts:
    lengths = np.concatenate([part.lengths for part in parts])
    tokens = np.concatenate([part.tokens for part in parts])
    return Texts(tokens, np.cumsum(lengths), np.concatenate([part.script for part in parts]))


def runs(starts: Numbers, lengths: Numbers) -> Numbers:
    """`starts[i], starts[i] + 1, ...` of `lengths[i]`, one after another."""
    ends = np.cumsum(lengths)
    return np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - (ends - lengths), lengths)


@cache
def vocabulary() -> Vocabulary:
    known: list[str] = []
    stops: list[str] = []
    tails, starts, slots = [], [0], []
    for script, stop in zip(SCRIPTS, _STOPS, strict=True):
        ranges = _ranges(script, known)
        tails.append((ranges["name"][0], sum(ranges["term"])))
        for sentence in sentences(script):
            slots += [_slot(token, ranges, known) for token in sentence]
            starts.append(len(slots))
        stops += [stop] * (len(known) - len(stops))
    with_stop = [word + stop for word, stop in zip(known, stops, strict=True)]
    tokens = pa.array([*known, *(word + "," for word in known), *with_stop])
    numbers: dict[str, int] = {}
    meant = [numbers.setdefault(_only(words_of(word)), len(numbers)) for word in known]
    first, size, skewed, mark = (np.array(part, np.int32) for part in zip(*slots, strict=True))
    return Vocabulary(
        tokens,
        np.asarray(pc.utf8_length(tokens)) + 1,
        np.array(meant, np.int64),
        np.array(tails),
        np.array(starts),
        first,
        size,
        skewed.astype(bool),
        mark,
    )


def _ranges(script: str, known: list[str]) -> dict[str, tuple[int, int]]:
    """Appends the lists of a script to `known`; where each begins and how long it is."""
    made = list(tail(script, 2 * _TAIL_WORDS))
    lists = words(script)
    lists["number"] = [str(number) for number in range(18, 81)]
    lists["year"] = [str(year) for year in range(1971, 2025)]
    lists["name"] = [word.capitalize() for word in made[:_TAIL_WORDS]]
    lists["term"] = made[_TAIL_WORDS:]
    ranges = {}
    for kind, listed in lists.items():
        ranges[kind] = (len(known), len(listed))
        known += listed
    return ranges


def _slot(
    token: str, ranges: dict[str, tuple[int, int]], known: list[str]
) -> tuple[int, int, bool, int]:
    """(first word, number of words, skewed, mark) of a template's token."""
    found = re.fullmatch(r"(?:\{(\w+)\}|(.+?))([,.।]?)", token)
    assert found, token
    kind, word, mark = found.groups()
    marked = 0 if not mark else 1 if mark == "," else 2
    if kind:
        return (*ranges[kind], kind in ("name", "term"), marked)
    known.append(word)
    return len(known) - 1, 1, False, marked


def _only(found: list[str]) -> str:
    (word,) = found
    return word


def draw(chance: np.random.Generator, script: Numbers) -> Texts:
    """A text of 300 to 1,200 characters for each entry of `script`, no sentence twice."""
    known = vocabulary()
    target = chance.integers(_MIN_CHARACTERS, _MAX_TARGET, len(script))
    wanted = np.minimum(_SENTENCES, target // 75 + 3)
    order = np.argsort(chance.random((len(script), _SENTENCES), np.float32), axis=1)
    order += script[:, None] * _SENTENCES
    present = np.arange(_SENTENCES) < wanted[:, None]
    template = order[present]
    lengths = np.diff(known.template_starts)[template]
    slot = runs(known.template_starts[template], lengths)
    tokens = _filled(chance, slot)
    widths = np.zeros(present.shape, np.int64)
    widths[present] = np.add.reduceat(known.widths[tokens], np.cumsum(lengths) - lengths)
    before = np.cumsum(widths, axis=1) - widths
    kept = present & (before < target[:, None])
    kept_tokens = np.zeros(present.shape, np.int64)
    kept_tokens[present] = lengths
    ends = np.cumsum(np.where(kept, kept_tokens, 0).sum(axis=1))
    return Texts(tokens[np.repeat(kept[present], lengths)], ends, script)


def _filled(chance: np.random.Generator, slot: Numbers) -> Numbers:
    known = vocabulary()
    size = known.size[slot]
    share = chance.random(len(slot), np.float32)
    skewed = np.exp(share * np.log(size + 1, dtype=np.float32)) - 1
    at = np.where(known.skewed[slot], skewed, share * size).astype(np.int32)
    word = known.first[slot] + np.minimum(at, size - 1)
    return word + known.mark[slot] * np.int32(len(known.meant))


def edited(chance: np.random.Generator, texts: Texts, edits: Numbers) -> Texts:
    """Texts with so many words changed: 7 of 10 replaced, the others taken out or put in.

    New words come from the tail of the text's script. Any word may be hit.
    """
    known = vocabulary()
    owners, lengths = texts.owners, texts.lengths
    lot = np.argsort(owners + chance.random(len(owners)))
    rank = np.empty(len(owners), np.int64)
    rank[lot] = np.arange(len(owners)) - np.repeat(texts.ends - lengths, lengths)
    touched = np.flatnonzero(rank < edits[owners])
    what = chance.random(len(touched))
    low, high = known.tails[texts.script[owners[touched]]].T
    fresh = chance.integers(low, high)
    kept_mark = texts.tokens[touched] // len(known.meant) * len(known.meant)
    tokens, copies = texts.tokens.copy(), np.ones(len(owners), np.int64)
    replaced, added = what < 0.7, what >= 0.85
    tokens[touched[replaced]] = (fresh + kept_mark)[replaced]
    copies[touched[~replaced & ~added]] = 0
    copies[touched[added]] = 2
    again = np.repeat(np.arange(len(owners)), copies)
    tokens = tokens[again]
    second = np.flatnonzero(again[1:] == again[:-1])  # of each doubled token, the first copy
    tokens[second] = fresh[added]
    ends = np.cumsum(copies)[texts.ends - 1]
    return Texts(tokens, ends, texts.script)


def shared_words(texts: Texts, one: Numbers, other: Numbers) -> tuple[Numbers, Numbers]:
    """Of each pair of texts, how many different words both have, and how many either has."""
    known = vocabulary()
    meant = known.meant[texts.tokens % len(known.meant)]
    keys = np.unique(texts.owners << 32 | meant)
    sizes = np.bincount(keys >> 32, minlength=len(texts.ends))
    starts = np.cumsum(sizes) - sizes
    pair = np.repeat(np.arange(len(one)), sizes[one])
    wanted = keys[runs(starts[one], sizes[one])] & 0xFFFFFFFF | other[pair] << 32
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    both = np.bincount(pair[keys[at] == wanted], minlength=len(one))
    return both, sizes[one] + sizes[other] - both
