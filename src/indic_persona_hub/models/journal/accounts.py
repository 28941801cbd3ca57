"""Who is charged for model calls, and what each of them spent."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

#: Costs are kept as whole numbers of this many to the USD, so that sums are exact in any order.
PICO: Final = 10**12


class Account(NamedTuple):
    """Who is charged: a stage of a hub, for one model."""

    hub: str
    stage: str
    model: str


@dataclass(frozen=True)
class Spent:
    """Sums of an account, or of several.

    Attributes:
        calls: Answered.
        failed: Attempts that failed (429, 5xx, resets, ...).
        lost: Attempts that may have been billed without a reply: of the failed ones, and of those
            that a kill cut off, once their request was asked again and answered.
        prompt_tokens: Of answered calls, as are the next three.
        lost_prompt_tokens: A lost attempt is charged like the reply that came in the end.
        cost_usd: Of answered calls and lost attempts.
    """

    calls: int = 0
    failed: int = 0
    lost: int = 0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    reasoning_tokens: int = 0
    lost_prompt_tokens: int = 0
    lost_completion_tokens: int = 0
    cost_usd: float = 0.0


class Lost(NamedTuple):
    """One attempt that may have been paid for, or was, without its reply being used.

    Attributes:
        key: The journal key of its request.
        kind: How it failed; `killed` where its process was; `doubled` where another process had
            its reply to the same request first (this one is charged as a call).
        at: When, UTC, ISO 8601; of `killed` when it was intended.
    """

    key: str
    kind: str
    at: str


_SUMS: Final = (
    "calls, failed, lost, prompt_tokens, cached_tokens, completion_tokens, reasoning_tokens,"
    " lost_prompt_tokens, lost_completion_tokens, cost_pico_usd"
)
_TOTALS: Final = ", ".join(f"coalesce(sum({name}), 0)" for name in _SUMS.split(", "))


def read_accounts(
    database: sqlite3.Connection, hub: str | None
) -> list[tuple[Account, str, Spent]]:
    """Every account with its day (UTC, ISO 8601) and sums, in order of days."""
    rows = database.execute(
        f"SELECT hub, stage, model, day, {_SUMS} FROM accounts WHERE ?1 IS NULL OR hub = ?1"
        " ORDER BY day, hub, stage, model",
        (hub,),
    ).fetchall()
    return [(Account(*row[:3]), row[3], _spent(row[4:])) for row in rows]


def read_spent(database: sqlite3.Connection, hub: str) -> Spent:
    """The sums of a hub's accounts."""
    row = database.execute(f"SELECT {_TOTALS} FROM accounts WHERE hub = ?", (hub,)).fetchone()
    return _spent(row)


def read_errors(database: sqlite3.Connection, hub: str) -> dict[str, int]:
    """Failed attempts of a hub by kind, most first."""
    rows = database.execute(
        "SELECT kind, sum(attempts) AS attempts FROM failures JOIN accounts ON accounts.id ="
        " account WHERE hub = ? GROUP BY kind ORDER BY attempts DESC, kind",
        (hub,),
    ).fetchall()
    return dict(rows)


def _spent(sums: tuple[Any, ...]) -> Spent:
    *counts, cost_pico_usd = sums
    return Spent(*(*counts, cost_pico_usd / PICO))
