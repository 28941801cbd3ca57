"""How many rows came through each stage, and why the others did not."""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any, Final

from indic_persona_hub.errors import StorageError
from indic_persona_hub.release.kept import unfinished
from indic_persona_hub.run.hub import Hub
from indic_persona_hub.run.ledger import UNFINISHED, Ledger, StageTotal
from indic_persona_hub.run.steps import KEYS, READ

#: The ledger's names for the steps that follow the recipe's own stages.
_AFTER_STAGES: Final = ("domains", "select")


@dataclass(frozen=True)
class Yields:
    """Counts by stage in the order of the recipe, and plain statements that the build made."""

    stages: tuple[StageTotal, ...]
    notes: tuple[str, ...]


def stage_yields(hub: Hub, recipe: dict[str, Any], kept: int, ruled_out: Counter[str]) -> Yields:
    """Read the ledger; the line of the verdicts is counted anew from `kept` and `ruled_out`.

    Raises:
        ReleaseError: The hub has no ledger, or its last build did not end.
        StorageError: The ledger cannot be read.
    """
    totals, notes = _read(hub)
    if notes.get(UNFINISHED):
        raise unfinished(hub, "its last build was stopped before its end")
    order = _order(recipe)
    # The ledger lists stages as they finished, which a rebuild changes.
    totals.sort(key=lambda total: (order.get(total.name, len(order)), total.name))
    stages = [
        _recounted(total, kept, ruled_out) for total in totals if total.name not in (READ, KEYS)
    ]
    return Yields(tuple(stages), tuple(note for _, note in sorted(notes.items()) if note))


def _read(hub: Hub) -> tuple[list[StageTotal], dict[str, str]]:
    if not hub.ledger_path.is_file():
        raise unfinished(hub, "it has no ledger")
    try:
        ledger = Ledger(hub.ledger_path, read_only=True)
        try:
            return ledger.totals(), ledger.notes()
        finally:
            ledger.close()
    except sqlite3.Error as error:
        # SQLite needs room for an index beside the ledger even to read it.
        raise StorageError(
            f"{hub.ledger_path} cannot be read: {error}.",
            cure="Free some space, see that the hub's folder can be written, and run again.",
            retry=True,
        ) from error


def _recounted(total: StageTotal, kept: int, ruled_out: Counter[str]) -> StageTotal:
    if total.name != _AFTER_STAGES[-1]:
        return total
    rows = kept + ruled_out.total()
    return replace(
        total, rows_read=rows, rows_in=rows, rows_out=kept, rejected=dict(sorted(ruled_out.items()))
    )


def _order(recipe: dict[str, Any]) -> dict[str, int]:
    stages = recipe.get("stages") or ()
    names = [one if isinstance(one, str) else next(iter(one), "") for one in stages]
    return {name: place for place, name in enumerate([*names, *_AFTER_STAGES])}
