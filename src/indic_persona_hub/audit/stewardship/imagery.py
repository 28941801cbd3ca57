"""Stock imagery: how many personas of each group mention it, and which are made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from indic_persona_hub import reference
from indic_persona_hub.audit.stewardship.counting import Counts
from indic_persona_hub.audit.stewardship.groups import COLUMNS
from indic_persona_hub.audit.stewardship.terms import Phrases, Words
from indic_persona_hub.judge.words import words_of
from indic_persona_hub.reference.chunks import Spread

#: So many different images make a caricature.
CARICATURE: Final = 3
_MOST_ROWS: Final = 100


@cache
def stock_images() -> dict[str, tuple[Words, ...]]:
    """The phrases of each image of the table `stock_imagery`."""
    found: dict[str, list[Words]] = {}
    for row in reference.load("stock_imagery").to_pylist():
        found.setdefault(row["image"], []).append(tuple(words_of(row["phrase"])))
    return {image: tuple(phrases) for image, phrases in found.items()}


@dataclass
class ImageryCounts:
    """Personas with stock imagery.

    Attributes:
        any_image: Personas that mention any, by `groups.COLUMNS`.
        images: Personas that mention each image (rows, in the order of `stock_images`), by column.
        caricatures: Personas with at least `CARICATURE` different images, by column.
        examples: Ids of the first of those.
    """

    any_image: Counts = field(default_factory=lambda: np.zeros(COLUMNS, np.int64))
    images: Counts = field(
        default_factory=lambda: np.zeros((len(stock_images()), COLUMNS), np.int64)
    )
    caricatures: Counts = field(default_factory=lambda: np.zeros(COLUMNS, np.int64))
    examples: list[str] = field(default_factory=list)

    def merge(self, other: ImageryCounts) -> None:
        """Add another stretch of the set, one that comes later."""
        self.any_image = self.any_image + other.any_image
        self.images = self.images + other.images
        self.caricatures = self.caricatures + other.caricatures
        self.examples.extend(other.examples[: _MOST_ROWS - len(self.examples)])


@cache
def _phrases() -> Phrases:
    return Phrases(list(stock_images().values()))


def count_imagery(
    spread: Spread[str], held: csr_array, belongs: NDArray[np.bool_], ids: Sequence[str]
) -> ImageryCounts:
    """The texts of a batch; see `counting.count_words`."""
    found = _phrases().held(spread, held)
    different = np.diff(found.indptr)
    many = different >= CARICATURE
    return ImageryCounts(
        belongs[different > 0].sum(axis=0, dtype=np.int64),
        (found.T @ belongs.astype(np.int64)).astype(np.int64),
        belongs[many].sum(axis=0, dtype=np.int64),
        [ids[row] for row in np.flatnonzero(many)[:_MOST_ROWS]],
    )
