"""The ledger: which slices are done under which fingerprint, and every loss with its reason."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS slices (
    step TEXT, slice INTEGER, fingerprint TEXT, stage TEXT, round INTEGER,
    rows_read INTEGER, rows_in INTEGER, rows_out INTEGER, rejected TEXT, fails INTEGER,
    files TEXT, seconds REAL, PRIMARY KEY (step, slice));
CREATE TABLE IF NOT EXISTS files (
    path TEXT PRIMARY KEY, bytes INTEGER, modified_ns INTEGER, sha256 TEXT);
CREATE TABLE IF NOT EXISTS notes (step TEXT PRIMARY KEY, note TEXT);
CREATE TABLE IF NOT EXISTS usage (
    stage TEXT, model TEXT, day TEXT, calls INTEGER, prompt_tokens INTEGER,
    completion_tokens INTEGER, PRIMARY KEY (stage, model, day));
"""

#: The step under whose name the note stands that a build has begun and not ended.
UNFINISHED = "build"


@dataclass(frozen=True)
class Done:
    """A finished slice of a step; `seconds` is the time that its work took.

    Attributes:
        step: Name of the step, unique in a build ("text_to_persona", "hedging/round-1").
        stage: Name of the stage that made it.
        rows_read: Rows of the table above that were read.
        rows_in: Units of work (asks for stages that call a model, else rows).
        rejected: Rows dropped, by reason. rows_in = rows_out + their sum.
        fails: Rows that a judge's threshold failed (they are evidence, not losses).
        files: sha256 by file name relative to the hub.
    """

    step: str
    slice_number: int
    fingerprint: str
    stage: str
    round_number: int | None
    rows_read: int
    rows_in: int
    rows_out: int
    rejected: dict[str, int] = field(default_factory=dict)
    fails: int = 0
    files: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0


@dataclass(frozen=True)
class StageTotal:
    """A stage's counts over all slices and rounds."""

    name: str
    rows_read: int
    rows_in: int
    rows_out: int
    rejected: dict[str, int]
    fails: int
    seconds: float


class Ledger:
    """The hub's ledger. Only the process that holds the hub writes it."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        mode = "ro" if read_only else "rwc"
        self._database = sqlite3.connect(
            f"file:{path}?mode={mode}", uri=True, check_same_thread=False, timeout=30
        )
        if not read_only:
            self._database.execute("PRAGMA journal_mode=WAL")
            self._database.execute("PRAGMA synchronous=FULL")
            self._database.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def mark(self, done: Iterable[Done]) -> None:
        """Record finished slices, all or none."""
        rows = [
            (
                one.step, one.slice_number, one.fingerprint, one.stage, one.round_number,
                one.rows_read, one.rows_in, one.rows_out, _canonical(one.rejected), one.fails,
                _canonical(one.files), one.seconds,
            )
            for one in done
        ]  # fmt: skip
        with self._database:
            self._database.executemany(
                "INSERT OR REPLACE INTO slices VALUES (?,?,?,?,?,?,?,?,?,?,?,?)", rows
            )

    def done_slices(self, step: str, fingerprint: str) -> set[int]:
        """Slices of `step` that are done under `fingerprint`."""
        found = self._database.execute(
            "SELECT slice FROM slices WHERE step = ? AND fingerprint = ?", (step, fingerprint)
        )
        return {row[0] for row in found}

    def files_of(self, step: str, slice_number: int) -> dict[str, str]:
        """sha256 by file name of a finished slice."""
        row = self._database.execute(
            "SELECT files FROM slices WHERE step = ? AND slice = ?", (step, slice_number)
        ).fetchone()
        return json.loads(row[0]) if row else {}

    def keep_only(self, steps: Iterable[str], slices: int) -> None:
        """Forget steps that the recipe no longer has, and slices beyond `slices`."""
        wanted = set(steps)
        known = {row[0] for row in self._database.execute("SELECT DISTINCT step FROM slices")}
        with self._database:
            for step in known - wanted:
                self._database.execute("DELETE FROM slices WHERE step = ?", (step,))
                self._database.execute("DELETE FROM notes WHERE step = ?", (step,))
            self._database.execute("DELETE FROM slices WHERE slice >= ?", (slices,))

    def totals(self) -> list[StageTotal]:
        """Counts by stage, in the order in which stages first finished."""
        stages: dict[str, list[tuple[int, int, int, str, int, float]]] = {}
        for stage, *row in self._database.execute(
            "SELECT stage, rows_read, rows_in, rows_out, rejected, fails, seconds"
            " FROM slices ORDER BY rowid"
        ):
            stages.setdefault(stage, []).append(tuple(row))
        return [_total(stage, rows) for stage, rows in stages.items()]

    def note(self, step: str, note: str) -> None:
        """Keep a plain statement about a step (an infeasible target, say)."""
        with self._database:
            self._database.execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", (step, note))

    def notes(self) -> dict[str, str]:
        """Statements by step."""
        return dict(self._database.execute("SELECT step, note FROM notes ORDER BY step").fetchall())

    def count_usage(
        self, stage: str, model: str, day: str, calls: int, prompt: int, completion: int
    ) -> None:
        """Add model calls and tokens to the stage's account of that day (UTC, ISO 8601)."""
        with self._database:
            self._database.execute(
                "INSERT INTO usage VALUES (?,?,?,?,?,?) ON CONFLICT DO UPDATE SET"
                " calls = calls + excluded.calls,"
                " prompt_tokens = prompt_tokens + excluded.prompt_tokens,"
                " completion_tokens = completion_tokens + excluded.completion_tokens",
                (stage, model, day, calls, prompt, completion),
            )

    def usage(self) -> list[dict[str, str | int]]:
        """Calls and tokens by stage, model and day."""
        names = ("stage", "model", "day", "calls", "prompt_tokens", "completion_tokens")
        rows = self._database.execute("SELECT * FROM usage ORDER BY day, stage, model")
        return [dict(zip(names, row, strict=True)) for row in rows]

    def known_sha256(self, path: Path, size_bytes: int, modified_ns: int) -> str | None:
        """sha256 of a source file that has not changed since it was last read."""
        row = self._database.execute(
            "SELECT sha256 FROM files WHERE path = ? AND bytes = ? AND modified_ns = ?",
            (str(path), size_bytes, modified_ns),
        ).fetchone()
        return row[0] if row else None

    def remember_sha256(self, path: Path, size_bytes: int, modified_ns: int, digest: str) -> None:
        """Remember a source file's sha256."""
        with self._database:
            self._database.execute(
                "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)",
                (str(path), size_bytes, modified_ns, digest),
            )


def _canonical(value: dict[str, int] | dict[str, str]) -> str:
    return json.dumps(value, sort_keys=True)


def _total(stage: str, rows: list[tuple[int, int, int, str, int, float]]) -> StageTotal:
    rejected: Counter[str] = Counter()
    for row in rows:
        rejected.update(json.loads(row[3]))
    read, units, out, _, fails, seconds = zip(*rows, strict=True)
    return StageTotal(
        stage, sum(read), sum(units), sum(out), dict(sorted(rejected.items())), sum(fails),
        round(sum(seconds), 3),
    )  # fmt: skip
