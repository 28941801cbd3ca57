"""The accounts as they are written: in the transaction of what they count."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any, Final

from indic_persona_hub.models.journal.accounts import Account
from indic_persona_hub.models.journal.rows import execute_in, insert_rows

_OPEN: Final = (
    "INSERT INTO accounts (hub, stage, model, day) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (hub, stage, model, day) DO NOTHING"
)
_FIND: Final = "SELECT id FROM accounts WHERE hub = ? AND stage = ? AND model = ? AND day = ?"
_ADD_ANSWERED: Final = (
    "UPDATE accounts SET calls = calls + ?, prompt_tokens = prompt_tokens + ?,"
    " cached_tokens = cached_tokens + ?, completion_tokens = completion_tokens + ?,"
    " reasoning_tokens = reasoning_tokens + ?, cost_pico_usd = cost_pico_usd + ? WHERE id = ?"
)
_ADD_FAILED: Final = "UPDATE accounts SET failed = failed + ?, lost = lost + ? WHERE id = ?"
_ADD_FAILURE: Final = (
    "INSERT INTO failures VALUES (?, ?, ?)"
    " ON CONFLICT (account, kind) DO UPDATE SET attempts = attempts + excluded.attempts"
)
_UNCHARGED: Final = "SELECT EXISTS (SELECT 1 FROM lost WHERE charged = 0)"
_TO_CHARGE: Final = (
    "SELECT sum(lost.account IS NULL), sum(prompt_tokens), sum(completion_tokens),"
    " sum(cost_pico_usd), coalesce(lost.account, answers.account) AS charged_to"
    " FROM lost JOIN answers ON answers.id = intent WHERE charged = 0 AND intent IN"
)
_CHARGE: Final = (
    "UPDATE accounts SET lost = lost + ?, lost_prompt_tokens = lost_prompt_tokens + ?,"
    " lost_completion_tokens = lost_completion_tokens + ?, cost_pico_usd = cost_pico_usd + ?"
    " WHERE id = ?"
)
_CHARGED: Final = (
    "UPDATE lost SET charged = 1, account = coalesce(lost.account, answers.account)"
    " FROM answers WHERE answers.id = intent AND charged = 0 AND intent IN"
)
_LOSE: Final = "INSERT INTO lost (intent, kind, at, account, charged)"


class AccountBook:
    """Writes the accounts of one journal; every call is within a transaction of its caller."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._ids: dict[tuple[str, ...], int] = {}

    def forget(self) -> None:
        """The transaction was rolled back, and with it perhaps a new account."""
        self._ids.clear()

    def id_of(self, account: Account, day: str) -> int:
        """The id of an account on a day; it is opened where it is new."""
        wanted = (*account, day)
        found = self._ids.get(wanted)
        if found is None:
            self._database.execute(_OPEN, wanted)
            found = int(self._database.execute(_FIND, wanted).fetchone()[0])
            self._ids[wanted] = found
        return found

    def count_answered(self, account: int, replies: Sequence[tuple[Any, ...]]) -> None:
        """Count replies, given as the columns of `answers` from `text` to `cost_pico_usd`."""
        columns = list(zip(*replies, strict=True))
        prompt, cached, completion = (sum(column) for column in columns[2:5])
        sums = (len(replies), prompt, cached, completion, sum(columns[6]), sum(columns[8]))
        self._database.execute(_ADD_ANSWERED, (*sums, account))

    def count_failed(self, account: int, kinds: Sequence[tuple[str, bool]]) -> None:
        """Count failed attempts, given as their kinds and whether they may be billed."""
        lost = sum(may_be_billed for _, may_be_billed in kinds)
        self._database.execute(_ADD_FAILED, (len(kinds), lost, account))
        for kind in sorted({kind for kind, _ in kinds}):
            attempts = sum(kind == one for one, _ in kinds)
            self._database.execute(_ADD_FAILURE, (account, kind, attempts))

    def lose(self, rows: Sequence[tuple[int, str, str, int, bool]]) -> None:
        """List attempts as (intent, kind, at, account, already charged)."""
        insert_rows(self._database, _LOSE, rows)

    def charge(self, intents: Sequence[int]) -> None:
        """Charge the lost attempts of those `intents` that are answered, each like its answer.

        One that a kill cut off is counted as lost, too, in the account of its answer: until then
        nobody knows whose it was.
        """
        if not intents or not self._database.execute(_UNCHARGED).fetchone()[0]:
            return
        by_account = execute_in(self._database, _TO_CHARGE, intents, after="GROUP BY charged_to")
        for sums in by_account:
            self._database.execute(_CHARGE, sums)
        if by_account:
            execute_in(self._database, _CHARGED, intents)
