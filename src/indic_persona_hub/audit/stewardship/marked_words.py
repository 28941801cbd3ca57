"""Words that mark a group: they stand in its personas more often than in those of the rest.

The log-odds ratio with an informative Dirichlet prior (Monroe, Colaresi and Quinn 2008, "Fightin'
Words"), as Cheng, Durmus and Jurafsky 2023 ("Marked Personas") use it on personas. Here a persona
counts once for a word, so that the other outcome is a persona without it; the prior is the share
of the word in the whole set.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from indic_persona_hub.audit.binomial import holm
from indic_persona_hub.audit.stewardship.counting import Counts, WordCounts
from indic_persona_hub.audit.stewardship.groups import (
    ALL_ROWS,
    DIMENSIONS,
    GROUPS,
    NAMED_WHERE_THEY_HOLD,
    places_of,
)
from indic_persona_hub.audit.stewardship.stating_words import stating_words
from indic_persona_hub.judge.generic_words import FUNCTION_WORDS

#: The prior weighs as much as so many personas of the set as a whole.
PRIOR_PERSONAS: Final = 100
#: Chance that a set in which words and groups have nothing to do with each other marks any word.
CHANCE: Final = 0.01
#: Fewer personas than that on either side, and nothing is tested; a word must stand in so many.
LEAST_ROWS: Final = 30
LEAST_HOLDING: Final = 5
#: How many times as often a marked word stands in the group as in the rest, at least.
LEAST_RATIO: Final = 1.5
Numbers = NDArray[np.float64]


class Marked(NamedTuple):
    """A word that marks a group.

    Attributes:
        group: Its column.
        rows, rest_rows: Personas of the group, and of the rest, that hold the word.
    """

    group: int
    word: str
    rows: int
    rest_rows: int
    log_odds: float
    z: float


class Found(NamedTuple):
    """Marked words of all groups, by group, the highest z first; `tested` pairs were looked at."""

    words: list[Marked]
    tested: int


def rest_of(counts: Counts, place: int) -> Counts:
    """The column of the rest of a group: those of other groups of its dimension, or, where only
    those are named whom it holds of, all other rows.
    """
    dimension = GROUPS[place].dimension
    if dimension in NAMED_WHERE_THEY_HOLD:
        rest: Counts = counts[..., ALL_ROWS] - counts[..., place]
    else:
        rest = counts[..., places_of(dimension)].sum(axis=-1) - counts[..., place]
    return rest


def log_odds(
    held: Numbers, rows: float, rest_held: Numbers, rest_rows: float, share: Numbers
) -> tuple[Numbers, Numbers]:
    """Log-odds ratio of holding a word, in the group to the rest, and its z.

    Args:
        held, rest_held: Personas that hold each word, of `rows` and of `rest_rows`.
        share: Of each word in the whole set, in (0, 1): the prior.
    """
    prior = PRIOR_PERSONAS * share
    ours, theirs = held + prior, rest_held + prior
    without = np.maximum(rows + PRIOR_PERSONAS - ours, 1e-9)
    rest_without = np.maximum(rest_rows + PRIOR_PERSONAS - theirs, 1e-9)
    ratio = np.log(ours / without) - np.log(theirs / rest_without)
    return ratio, ratio / np.sqrt(1 / ours + 1 / theirs)


def marked_words(counted: WordCounts, rows: Counts) -> Found:
    """The words that mark each group.

    Args:
        rows: Personas with a text, by column.
    """
    tested = list(_tested(counted, rows))
    if not tested:
        return Found([], 0)
    z = np.concatenate([one.z for one in tested])
    sure = np.split(holm(special.ndtr(-z), CHANCE), np.cumsum([len(one.z) for one in tested])[:-1])
    names = list(counted.words)
    found = []
    for one, certain in zip(tested, sure, strict=True):
        often = one.held / rows[one.group] >= LEAST_RATIO * one.rest_held / one.rest_rows
        kept = np.flatnonzero(certain & often & (one.held >= LEAST_HOLDING))
        for place in kept[np.argsort(-one.z[kept], kind="stable")].tolist():
            counts = int(one.held[place]), int(one.rest_held[place])
            ratio, score = float(one.ratio[place]), float(one.z[place])
            found.append(Marked(one.group, names[one.words[place]], *counts, ratio, score))
    return Found(found, len(z))


class _Tested(NamedTuple):
    group: int
    words: Counts
    held: Counts
    rest_held: Counts
    rest_rows: int
    ratio: Numbers
    z: Numbers


def _tested(counted: WordCounts, rows: Counts) -> Iterator[_Tested]:
    counts = counted.counts[: len(counted.words)]
    share = counts[:, ALL_ROWS] / max(int(rows[ALL_ROWS]), 1)
    names = list(counted.words)
    for dimension in DIMENSIONS:
        stating = stating_words(dimension) | FUNCTION_WORDS
        free = np.array([name not in stating for name in names], np.bool_)
        for group in places_of(dimension):
            rest_rows = int(rest_of(rows, group))
            if min(int(rows[group]), rest_rows) < LEAST_ROWS:
                continue
            held, rest = counts[:, group], rest_of(counts, group)
            words = np.flatnonzero(free & (held + rest >= LEAST_HOLDING))
            ratio, z = log_odds(
                held[words].astype(np.float64), float(rows[group]),
                rest[words].astype(np.float64), float(rest_rows), share[words],
            )  # fmt: skip
            yield _Tested(group, words, held[words], rest[words], rest_rows, ratio, z)
