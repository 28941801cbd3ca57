"""What is gathered from the texts of a stretch of a set, and added up over stretches.

Counts and ids are kept, and the texts of a sample of fixed size: those whose ids come first in an
order drawn by chance, so that it does not matter how a set is cut into stretches.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from indic_persona_hub.audit.stewardship.claim_counts import ClaimCounts, count_claims
from indic_persona_hub.audit.stewardship.counting import (
    MOST_WORDS,
    Counts,
    WordCounts,
    count_words,
    holding,
    spread_of,
)
from indic_persona_hub.audit.stewardship.groups import COLUMNS, belonging
from indic_persona_hub.audit.stewardship.imagery import ImageryCounts, count_imagery
from indic_persona_hub.audit.stewardship.lists import NO_LISTS, Lists
from indic_persona_hub.audit.stewardship.political_tilt import TiltCounts, count_tilt
from indic_persona_hub.audit.stewardship.sentiment import ToneCounts, count_tone
from indic_persona_hub.records import unit_interval
from indic_persona_hub.reference.chunks import Texts

#: Personas whose texts are kept until the audit is written.
SAMPLE: Final = 5_000
_SAMPLE_CHARACTERS: Final = 4_000
_BATCH: Final = 20_000


class Sampled(NamedTuple):
    """A persona of the sample; samples sort by `order`, a number in [0, 1).

    Attributes:
        belongs: Its columns of `groups.COLUMNS`.
    """

    order: float
    id: str
    text: str
    belongs: tuple[int, ...]


@dataclass
class Gathered:
    """What the texts of a stretch hold. `rows` are personas with a text, by column."""

    claims: ClaimCounts
    rows: Counts = field(default_factory=lambda: np.zeros(COLUMNS, np.int64))
    words: WordCounts = field(default_factory=WordCounts)
    imagery: ImageryCounts = field(default_factory=ImageryCounts)
    tone: ToneCounts = field(default_factory=ToneCounts)
    tilt: TiltCounts = field(default_factory=TiltCounts)
    sample: list[Sampled] = field(default_factory=list)

    @classmethod
    def nothing(cls, lists: Lists = NO_LISTS) -> Gathered:
        """Of no text yet."""
        return cls(ClaimCounts.none(len(lists.claims)))

    def merge(self, other: Gathered) -> None:
        """Add a stretch that comes later."""
        self.rows = self.rows + other.rows
        self.words.merge(other.words)
        self.claims.merge(other.claims)
        self.imagery.merge(other.imagery)
        self.tone.merge(other.tone)
        self.tilt.merge(other.tilt)
        self.sample = heapq.nsmallest(SAMPLE, [*self.sample, *other.sample])

    def small(self) -> Gathered:
        """The same with rare words forgotten, to be sent to another process."""
        self.words.keep(MOST_WORDS)
        return self


def gather(
    into: Gathered,
    texts: Sequence[str],
    ids: Sequence[str],
    found: Mapping[str, pa.Array | pa.ChunkedArray],
    lists: Lists,
) -> None:
    """Add the personas of a table, in batches; one without a text is left out.

    Args:
        found: See `groups.belonging`.
    """
    belongs = belonging(found, len(texts))
    there = [row for row, text in enumerate(texts) if text and not text.isspace()]
    for first in range(0, len(there), _BATCH):
        rows = there[first : first + _BATCH]
        into.merge(
            _batch([texts[row] for row in rows], [ids[row] for row in rows], belongs[rows], lists)
        )


def _batch(texts: list[str], ids: list[str], belongs: NDArray[np.bool_], lists: Lists) -> Gathered:
    spread = spread_of(Texts(pa.array(texts, pa.large_string())))
    held = holding(spread)
    found = Gathered.nothing(lists)
    found.rows = belongs.sum(axis=0, dtype=np.int64)
    count_words(found.words, spread, held, belongs)
    found.imagery = count_imagery(spread, held, belongs, ids)
    found.tone = count_tone(texts, belongs)
    found.tilt = count_tilt(texts, ids)
    if lists.claims:
        found.claims = count_claims(lists, spread, held, belongs, ids)
    drawn = [(unit_interval("audit sample", one), row) for row, one in enumerate(ids)]
    found.sample = [
        Sampled(
            order,
            ids[row],
            texts[row][:_SAMPLE_CHARACTERS],
            tuple(np.flatnonzero(belongs[row]).tolist()),
        )
        for order, row in heapq.nsmallest(SAMPLE, drawn)
    ]
    return found
