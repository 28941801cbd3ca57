"""Who is there: the cells of the personas that stand, over all slices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from indic_persona_hub.expand.fill_gaps import STEERED
from indic_persona_hub.id_arrays import Ids, ids_of
from indic_persona_hub.judge.attributes import Attributes
from indic_persona_hub.reference.dimensions import DIMENSIONS, codes
from indic_persona_hub.reference.missing import Counts
from indic_persona_hub.run.hub import Hub, read_file
from indic_persona_hub.run.standing import standing
from indic_persona_hub.run.steps import Line
from indic_persona_hub.run.tombstones import read_tombstones
from indic_persona_hub.run.withheld import without_taken_down
from indic_persona_hub.select.settings import Selection
from indic_persona_hub.select.verdicts import best_of_documents

Cells = NDArray[np.int16]
#: The attribute that each dimension is read from.
_READ_FROM: Final = {"state": "state", "residence": "residence", "sex": "gender",
                     "age_band": "age_band"}  # fmt: skip


class Present(NamedTuple):
    """Personas that no row judge rules out, that are among the best of their document and that are
    not taken down.

    Attributes:
        ids: One row a persona, slice after slice.
        cells: Codes by the dimensions of `STEERED`, (rows, 4); -1 where unknown.
        rounds: int16, the round that made each.
    """

    ids: Ids
    cells: Cells
    rounds: NDArray[np.int16]

    def before(self, round_number: int) -> Present:
        """Those of earlier rounds."""
        kept = self.rounds < round_number
        return Present(self.ids[kept], self.cells[kept], self.rounds[kept])

    def counted(self, dimensions: Sequence[str]) -> Counts:
        """Personas by cell; one of whom a dimension is unknown is in none."""
        columns = self.cells[:, [STEERED.index(name) for name in dimensions]].astype(np.int64)
        known = columns[(columns >= 0).all(axis=1)]
        shape = tuple(len(DIMENSIONS[name].values) for name in dimensions)
        flat = np.ravel_multi_index(tuple(known.T), shape)
        return np.bincount(flat, minlength=int(np.prod(shape))).astype(np.int64).reshape(shape)


def present(hub: Hub, line: Line, selection: Selection, slices: int, rounds: int) -> Present:
    """Read the first `rounds` rounds of all slices."""
    parts = [
        part for number in range(slices) for part in _slice(hub, line, selection, number, rounds)
    ]
    return Present(*map(np.concatenate, zip(*parts, strict=True)))


def _slice(
    hub: Hub, line: Line, selection: Selection, slice_number: int, rounds: int
) -> Iterator[Present]:
    rows = standing(hub, line, slice_number, range(rounds))
    rows = without_taken_down(hub, rows, read_tombstones(hub), slice_number)
    stand = best_of_documents(rows, selection)
    for round_number in range(rounds):
        table = f"evidence/{Attributes.name}"
        path = hub.table_path(table, slice_number, round_number)
        evidence = read_file(path, ["id", *_READ_FROM.values()])
        evidence = evidence.filter(pc.is_in(evidence["id"], value_set=stand.combine_chunks()))
        made_in = np.full(evidence.num_rows, round_number, np.int16)
        yield Present(ids_of(evidence["id"]), cells_of(evidence), made_in)


def cells_of(evidence: pa.Table) -> Cells:
    """Codes by the dimensions of `STEERED`, (rows, 4), from `records.ATTRIBUTE_EVIDENCE`."""
    values = {
        name: pc.struct_field(evidence[name].combine_chunks(), "value")
        for name in _READ_FROM.values()
    }
    return np.stack([codes(name, values) for name in STEERED], axis=1)
