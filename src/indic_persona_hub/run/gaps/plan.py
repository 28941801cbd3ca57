"""The rounds that fill gaps: whom each asks about, and how far they came."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from indic_persona_hub import records
from indic_persona_hub.expand.fill_gaps import MOST_FOR_ONE, FillGaps
from indic_persona_hub.reference.dimensions import DIMENSIONS
from indic_persona_hub.reference.missing import Counts, missing
from indic_persona_hub.run.gaps.asks import asks_table, cells_to_ask
from indic_persona_hub.run.gaps.named_states import named_states
from indic_persona_hub.run.gaps.present import Present, present
from indic_persona_hub.run.hub import Hub, read_file, write_file
from indic_persona_hub.run.ledger import Done
from indic_persona_hub.run.recipe import Recipe
from indic_persona_hub.run.steps import Line, Step
from indic_persona_hub.run.tombstones import read_tombstones

TABLE: Final = "gaps"
_SHOWN_CELLS: Final = 5


def plan_gaps(hub: Hub, line: Line, recipe: Recipe, step: Step) -> list[Done]:
    """Write whom a round asks about, slice by slice (`gap_asks.GAP_ASK`): for each person who is
    missing one, and as many more as failed so far.
    """
    assert step.round_number is not None
    gaps = Gaps(hub, line, recipe, step.round_number)
    cells = cells_to_ask(gaps.settings, gaps.lacking, gaps.to_ask(), recipe.seed)
    documents = {}
    if line.text_to_persona and len(cells):
        documents = _documents(hub, recipe, step.round_number, np.unique(cells[:, 0]))
    seed, number = recipe.seed, step.round_number
    asks = asks_table(cells, gaps.there, documents, seed=seed, round_number=number)
    return list(_write(hub, step, asks, recipe.engine.slices))


class Gaps:
    """How the set stands against the official figures after some rounds."""

    def __init__(self, hub: Hub, line: Line, recipe: Recipe, rounds: int) -> None:
        assert line.fill_gaps is not None
        self.settings: FillGaps = line.fill_gaps
        self.there = present(hub, line, recipe.select, recipe.engine.slices, rounds)
        self._first = line.rounds + 1
        before = self.there.before(self._first)
        self.target = self.settings.target or recipe.select.target or len(before.ids)
        self.lacked = self._lacking(before)
        self.lacking = self._lacking(self.there)
        #: Asks of each round that filled gaps.
        self.asked = [_asks(hub, recipe.engine.slices, one) for one in range(self._first, rounds)]

    def _lacking(self, there: Present) -> Counts:
        names = self.settings.dimensions
        return missing(self.settings.table.marginal(*names), there.counted(names), self.target)

    @cached_property
    def made(self) -> int:
        """Personas that the rounds brought."""
        return int((self.there.rounds >= self._first).sum())

    @property
    def stalled(self) -> bool:
        """Whether the last round brought nobody."""
        last = self._first + len(self.asked) - 1
        return bool(self.asked) and not (self.there.rounds == last).any()

    def to_ask(self) -> int:
        """Asks of the next round; none after a round that brought nobody."""
        if self.stalled:
            return 0
        asked, most = sum(self.asked), self.settings.most_asks
        factor = min(MOST_FOR_ONE, asked / self.made) if self.made else 1.0
        wanted = int(np.ceil(self.lacking.sum() * factor))
        return wanted if most is None else min(wanted, most - asked)

    def statement(self) -> str:
        """What came of all rounds, in words."""
        lacked, lacking, asked = int(self.lacked.sum()), int(self.lacking.sum()), sum(self.asked)
        said = (
            f"fill_gaps: of {self.target:,} personas {lacked:,} were missing in"
            f" {np.count_nonzero(self.lacked):,} cells; {asked:,} asks brought"
            f" {self.made:,} who stand in their cells."
        )
        if not lacking:
            return f"{said} Nobody is missing any more."
        return f"{said} {lacking:,} are still missing, {self._ended(asked)}: {self._worst()}."

    def _ended(self, asked: int) -> str:
        if not len(self.there.ids):
            return "as there is nobody to ask about"
        if asked == self.settings.most_asks:
            return "after most_asks"
        if self.stalled:
            return "as the last round brought nobody"
        return f"after {len(self.asked)} rounds"

    def _worst(self) -> str:
        flat = self.lacking.ravel()
        worst = np.argsort(-flat, kind="stable")[:_SHOWN_CELLS]
        cells = [f"{self._label(int(cell))} ({flat[cell]:,})" for cell in worst if flat[cell]]
        more = int(np.count_nonzero(flat)) - len(cells)
        return ", ".join(cells) + (f" and {more:,} more" if more else "")

    def _label(self, cell: int) -> str:
        codes = np.unravel_index(cell, self.lacking.shape)
        names = self.settings.dimensions
        return " ".join(
            DIMENSIONS[name].values[int(code)] for name, code in zip(names, codes, strict=True)
        )


def _asks(hub: Hub, slices: int, round_number: int) -> int:
    paths = [hub.table_path(TABLE, number, round_number) for number in range(slices)]
    return sum(read_file(path, ["number"]).num_rows for path in paths)


def _documents(
    hub: Hub, recipe: Recipe, round_number: int, states: NDArray[np.int16]
) -> dict[int, list[str]]:
    """Ids of the documents that name a state, by its code, in an order that each round draws."""
    found: dict[int, list[str]] = defaultdict(list)
    taken = read_tombstones(hub)
    for number in range(recipe.engine.slices):
        columns = ["id", "text", "source", "url"]
        table = read_file(hub.table_path("documents", number), columns)
        table = table.filter(pa.array(~taken.documents(table)))
        named = named_states(table["text"])
        for row in np.flatnonzero(np.isin(named, states)).tolist():
            found[int(named[row])].append(table["id"][row].as_py())
    chance = f"{recipe.seed} {round_number}"
    for ids in found.values():
        ids.sort(key=lambda one: (records.unit_interval("gap document", chance, one), one))
    return found


def _write(hub: Hub, step: Step, asks: pa.Table, slices: int) -> Iterator[Done]:
    origins = pc.coalesce(asks["document_id"], asks["parent_id"]).to_pylist()
    mine = np.array([records.slice_of(one, slices) for one in origins], np.int64)
    for number in range(slices):
        path: Path = hub.table_path(TABLE, number, step.round_number)
        digest = write_file(path, asks.filter(pa.array(mine == number)))
        yield Done(
            step.name, number, step.fingerprint, step.stage, step.round_number, 0, 0, 0,
            files={str(path.relative_to(hub.path)): digest},
        )  # fmt: skip
