"""How far a hub is, and where its rows went."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from indic_persona_hub.run.hub import Hub
from indic_persona_hub.run.ledger import Ledger


def status(hub: Hub) -> dict[str, Any]:
    """The ledger's counts.

    Returns:
        `hub`; `stages`, each with `name`, `rows_read`, `rows_in`, `rows_out`, `rejected` (rows by
        reason), `fails` (rows that a judge's threshold fails) and `seconds`; `usage` (model calls
        and tokens by stage, model and day); `notes` (what was infeasible, by step).
    """
    ledger = Ledger(hub.ledger_path, read_only=True)
    try:
        return {
            "hub": str(hub.path),
            "stages": [asdict(total) for total in ledger.totals()],
            "usage": ledger.usage(),
            "notes": {step: note for step, note in ledger.notes().items() if note},
        }
    finally:
        ledger.close()
