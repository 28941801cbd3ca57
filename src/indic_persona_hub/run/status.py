"""How far a hub is, and where its rows went."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from indic_persona_hub.models.journal import JournalReader
from indic_persona_hub.run.hub import Hub, is_held
from indic_persona_hub.run.ledger import Ledger, StageTotal
from indic_persona_hub.run.steps import VERDICTS


def status(hub: Hub) -> dict[str, Any]:
    """The ledger's counts.

    Returns:
        `hub`; `stages`, each with `name`, `rows_read`, `rows_in`, `rows_out`, `rejected` (rows by
        reason), `fails` (rows that a judge's threshold fails) and `seconds`; `usage` (model calls,
        tokens and cost by stage, model and day); `errors` (failed attempts by kind); `accepted`
        (personas kept; null before they are selected), with `cost_usd` and `tokens` of all calls in
        sum and for each of them; `hours` (that builds worked); `running` (a build holds the hub);
        `notes` (what was infeasible, by step).
    """
    ledger = Ledger(hub.ledger_path, read_only=True)
    try:
        hub_id = ledger.known_hub_id()
        usage, errors = _asked(hub, hub_id)
        totals = ledger.totals()
        return {
            "hub": str(hub.path),
            "running": is_held(hub),
            "stages": [asdict(total) for total in totals],
            **_per_accepted(usage, totals),
            "usage": usage,
            "errors": errors,
            "hours": round(ledger.hours_worked(), 4),
            "notes": {step: note for step, note in ledger.notes().items() if note},
        }
    finally:
        ledger.close()


def _asked(hub: Hub, hub_id: str | None) -> tuple[list[dict[str, Any]], dict[str, int]]:
    if hub_id is None or not hub.journal_path.is_file():
        return [], {}
    with JournalReader(hub.journal_path) as journal:
        usage = [
            {"stage": account.stage, "model": account.model, "day": day, **asdict(spent)}
            for account, day, spent in journal.accounts(hub_id)
        ]
        return usage, journal.errors(hub_id)


def _per_accepted(usage: list[dict[str, Any]], totals: list[StageTotal]) -> dict[str, Any]:
    """What all calls cost, and what each accepted persona cost."""
    counted = ("prompt_tokens", "completion_tokens", "lost_prompt_tokens", "lost_completion_tokens")
    cost_usd = sum(one["cost_usd"] for one in usage)
    tokens = sum(one[name] for one in usage for name in counted)
    accepted = next((total.rows_out for total in totals if total.name == VERDICTS), None)
    return {
        "accepted": accepted,
        "cost_usd": cost_usd,
        "cost_per_accepted_usd": cost_usd / accepted if accepted else None,
        "tokens": tokens,
        "tokens_per_accepted": tokens / accepted if accepted else None,
    }
