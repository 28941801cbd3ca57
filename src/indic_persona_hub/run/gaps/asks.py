"""Whom to ask about to fill gaps: a document or a persona for each person who is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from indic_persona_hub import records
from indic_persona_hub.expand.fill_gaps import STEERED, FillGaps
from indic_persona_hub.id_arrays import id_texts
from indic_persona_hub.reference.dimensions import DIMENSIONS
from indic_persona_hub.reference.missing import Counts
from indic_persona_hub.run.gaps.present import Cells, Present

#: Asks of a round, one a row: `document_id` or `parent_id` is null; then the cell of the person who
#: is wanted. `number` tells asks about one of them apart, over all rounds.
GAP_ASK: Final = pa.schema(
    [
        ("document_id", pa.string()),
        ("parent_id", pa.string()),
        ("number", pa.int64()),
        *((name, pa.string()) for name in STEERED),
    ]
)
#: Asks of one parent in a round, before people elsewhere are asked about.
_MOST_OF_ONE: Final = 4
#: Numbers of a round's asks begin at so many times the round; those of ordinary asks are below.
_ROUND: Final = 10_000_000
#: Bands that are asked of documents: who reads, writes, likes or dislikes a text is grown up.
_GROWN: Final = tuple(range(records.AGE_BANDS.index("18-24"), records.AGE_BANDS.index("75+")))


def cells_to_ask(settings: FillGaps, lacking: Counts, wanted: int, seed: int) -> Cells:
    """`wanted` cells of `STEERED`, (rows, 4), as the missing are spread over the steered cells.

    Dimensions that are not steered are drawn as the population of the cell has them.

    Args:
        lacking: Persons missing by steered cell.
    """
    if not lacking.any() or not wanted:
        return np.zeros((0, len(STEERED)), np.int16)
    reached = np.cumsum(lacking.ravel())
    upto = np.floor(reached / reached[-1] * wanted + 0.5).astype(np.int64)
    asks = np.diff(upto, prepend=np.int64(0))
    table = settings.table
    order = [table.dimensions.index(name) for name in STEERED]
    within = table.persons.reshape(len(asks), -1)
    found = []
    for cell in np.flatnonzero(asks):
        places = _spread(within[cell], int(asks[cell]), str(seed), str(cell))
        flat = cell * within.shape[1] + places
        found.append(np.stack(np.unravel_index(flat, table.persons.shape), axis=1)[:, order])
    return np.concatenate(found).astype(np.int16)


def _spread(weights: NDArray[np.float64], count: int, *chance: str) -> NDArray[np.int64]:
    """`count` places spread over weights as evenly as can be, from a point of seeded chance."""
    upto = np.cumsum(weights)
    points = (np.arange(count) + records.unit_interval("cell", *chance)) / count * upto[-1]
    found: NDArray[np.int64] = np.searchsorted(upto, points, side="right")
    return np.minimum(found, len(weights) - 1)


def asks_table(
    cells: Cells,
    there: Present,
    documents: Mapping[int, Sequence[str]],
    *,
    seed: int,
    round_number: int,
) -> pa.Table:
    """`GAP_ASK`: an origin for each cell, ordered by origin and number.

    Args:
        documents: Ids of those that name a state, by its code, in the order of their turn.
    """
    origins = _Origins(there, documents, f"{seed} {round_number}")
    counted: Counter[str] = Counter()
    rows = []
    for codes in cells.tolist():
        document, parent = origins.of(*codes)
        origin = document or parent
        if origin is None:
            continue
        number = round_number * _ROUND + counted[origin]
        counted[origin] += 1
        values = [DIMENSIONS[name].values[code] for name, code in zip(STEERED, codes, strict=True)]
        rows.append((document, parent, number, *values))
    rows.sort(key=lambda row: (row[0] or row[1], row[2]))
    columns = zip(*rows, strict=True) if rows else [()] * len(GAP_ASK)
    arrays = [pa.array(one, field.type) for one, field in zip(columns, GAP_ASK, strict=True)]
    return pa.table(arrays, schema=GAP_ASK)


class _Origins:
    """Whom or what to ask about next, each as seldom as can be."""

    def __init__(self, there: Present, documents: Mapping[int, Sequence[str]], chance: str) -> None:
        self._there = there
        self._documents = {state: iter(ids) for state, ids in documents.items()}
        mark = np.uint64(int(records.unit_interval("parents", chance) * 2**53) * 2 + 1)
        # The low half of an id is chance; the high half is shared in a family.
        turn = (there.ids[:, 1] << np.uint64(2)) * mark
        self._order = np.lexsort((there.ids[:, 1], there.ids[:, 0], turn))
        self._groups: dict[tuple[int, ...], Iterator[int]] = {}

    def of(
        self, state: int, residence: int, sex: int, age_band: int
    ) -> tuple[str | None, str | None]:
        """A document or a parent; neither where nobody is there to be asked about."""
        if age_band in _GROWN and state in self._documents:
            document = next(self._documents[state], None)
            if document is not None:
                return document, None
        for group in ((state, residence), (state,), ()):
            row = next(self._of(group), None)
            if row is not None:
                return None, id_texts(self._there.ids[[row]])[0].as_py()
        return None, None

    def _of(self, group: tuple[int, ...]) -> Iterator[int]:
        if group not in self._groups:
            self._groups[group] = self._turns(group)
        return self._groups[group]

    def _turns(self, group: tuple[int, ...]) -> Iterator[int]:
        """Rows of a group in their turn, again and again; without end where all are meant."""
        cells = self._there.cells[self._order]
        rows = self._order[(cells[:, : len(group)] == np.array(group, np.int16)).all(axis=1)]
        times = 0
        while len(rows) and (not group or times < _MOST_OF_ONE):
            yield from rows.tolist()
            times += 1
