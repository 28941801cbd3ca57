"""The ledger: which slices are done under which fingerprint, and every loss with its reason."""

from __future__ import annotations

import json
import os
import sqlite3
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from indic_persona_hub.errors import StorageError

_SCHEMA = """
CREATE TABLE IF NOT EXISTS slices (
    step TEXT, slice INTEGER, fingerprint TEXT, stage TEXT, round INTEGER,
    rows_read INTEGER, rows_in INTEGER, rows_out INTEGER, rejected TEXT, fails INTEGER,
    files TEXT, seconds REAL, PRIMARY KEY (step, slice));
CREATE TABLE IF NOT EXISTS files (
    path TEXT PRIMARY KEY, bytes INTEGER, modified_ns INTEGER, sha256 TEXT);
CREATE TABLE IF NOT EXISTS notes (step TEXT PRIMARY KEY, note TEXT);
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT);
"""

#: The step under whose name the note stands that a build has begun and not ended.
UNFINISHED = "build"
#: The step under whose name the note stands that says what `limits` came to.
LIMITS = "limits"


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
    """The hub's ledger. Only the process that holds the hub writes it.

    Raises:
        StorageError: From any call: the disk is full, or the file is absent or damaged.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self._path = path
        mode = "mode=rwc"
        if read_only:
            # In a folder that cannot be written, WAL has nowhere to put its index.
            mode = "mode=ro" if os.access(path.parent, os.W_OK) else "immutable=1"
        with _storage_errors(path):
            self._database = sqlite3.connect(
                f"{path.absolute().as_uri()}?{mode}", uri=True, check_same_thread=False, timeout=30
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
        with self._writing():
            self._database.executemany(
                "INSERT OR REPLACE INTO slices VALUES (?,?,?,?,?,?,?,?,?,?,?,?)", rows
            )

    def done_slices(self, step: str, fingerprint: str) -> set[int]:
        """Slices of `step` that are done under `fingerprint`."""
        found = self._rows(
            "SELECT slice FROM slices WHERE step = ? AND fingerprint = ?", step, fingerprint
        )
        return {row[0] for row in found}

    def files_of(self, step: str, slice_number: int) -> dict[str, str]:
        """sha256 by file name of a finished slice."""
        rows = self._rows(
            "SELECT files FROM slices WHERE step = ? AND slice = ?", step, slice_number
        )
        return json.loads(rows[0][0]) if rows else {}

    def keep_only(self, steps: Mapping[str, int]) -> None:
        """Forget steps that the recipe no longer has, and of each the slices beyond its number."""
        known = {row[0] for row in self._rows("SELECT DISTINCT step FROM slices")}
        with self._writing():
            for step in known - steps.keys():
                self._database.execute("DELETE FROM slices WHERE step = ?", (step,))
                self._database.execute("DELETE FROM notes WHERE step = ?", (step,))
            for step, slices in steps.items():
                self._database.execute(
                    "DELETE FROM slices WHERE step = ? AND slice >= ?", (step, slices)
                )

    def reopen(self, step: str, slices: Iterable[int] | None = None) -> None:
        """Have `slices` of a step, or all, be done again; their files and counts stay till then."""
        query = "UPDATE slices SET fingerprint = '' WHERE step = ?"
        with self._writing():
            if slices is None:
                self._database.execute(query, (step,))
            else:
                rows = [(step, number) for number in slices]
                self._database.executemany(f"{query} AND slice = ?", rows)

    def done(self, step: str) -> list[Done]:
        """Its finished slices."""
        rows = self._rows("SELECT * FROM slices WHERE step = ? ORDER BY slice", step)
        return [
            Done(*(json.loads(value) if at in (8, 10) else value for at, value in enumerate(row)))
            for row in rows
        ]

    def files(self) -> set[str]:
        """Names of the files of all finished slices."""
        return {
            name for row in self._rows("SELECT files FROM slices") for name in json.loads(row[0])
        }

    def renew_digests(self, sha256_of: Callable[[str], str]) -> None:
        """Note the files of all finished slices as they are now.

        Args:
            sha256_of: Says it of a file by its name in the hub.
        """
        rows = self._rows("SELECT step, slice, files FROM slices")
        now = [({n: sha256_of(n) for n in json.loads(files)}, *of) for *of, files in rows]
        with self._writing():
            self._database.executemany(
                "UPDATE slices SET files = ? WHERE step = ? AND slice = ?",
                [(_canonical(files), *of) for files, *of in now],
            )

    def rows_out(self, step: str) -> dict[int, int]:
        """Rows that each finished slice of `step` gave."""
        return dict(self._rows("SELECT slice, rows_out FROM slices WHERE step = ?", step))

    def totals(self) -> list[StageTotal]:
        """Counts by stage, in the order in which stages first finished."""
        stages: dict[str, list[tuple[int, int, int, str, int, float]]] = {}
        for stage, *row in self._rows(
            "SELECT stage, rows_read, rows_in, rows_out, rejected, fails, seconds"
            " FROM slices ORDER BY rowid"
        ):
            stages.setdefault(stage, []).append(tuple(row))
        return [_total(stage, rows) for stage, rows in stages.items()]

    def note(self, step: str, note: str) -> None:
        """Keep a plain statement about a step (an infeasible target, say)."""
        with self._writing():
            self._database.execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", (step, note))

    def notes(self) -> dict[str, str]:
        """Statements by step."""
        return dict(self._rows("SELECT step, note FROM notes ORDER BY step"))

    def hub_id(self) -> str:
        """The hub's own name in a journal that it may share; made with the ledger."""
        with self._writing():
            self._database.execute(
                "INSERT OR IGNORE INTO facts VALUES ('hub_id', ?)", (uuid.uuid4().hex,)
            )
        return str(self._fact("hub_id"))

    def known_hub_id(self) -> str | None:
        """The hub's own name, or null where no build of it has asked a model yet."""
        return self._fact("hub_id")

    def hours_worked(self) -> float:
        """Hours that builds of this hub have worked."""
        return float(self._fact("hours_worked") or 0.0)

    def set_hours_worked(self, hours: float) -> None:
        """Keep the hours worked."""
        with self._writing():
            self._database.execute(
                "INSERT OR REPLACE INTO facts VALUES ('hours_worked', ?)", (str(hours),)
            )

    def _fact(self, name: str) -> str | None:
        rows = self._rows("SELECT value FROM facts WHERE name = ?", name)
        return rows[0][0] if rows else None

    def known_sha256(self, path: Path, size_bytes: int, modified_ns: int) -> str | None:
        """sha256 of a source file that has not changed since it was last read."""
        rows = self._rows(
            "SELECT sha256 FROM files WHERE path = ? AND bytes = ? AND modified_ns = ?",
            str(path),
            size_bytes,
            modified_ns,
        )
        return rows[0][0] if rows else None

    def remember_sha256(self, path: Path, size_bytes: int, modified_ns: int, digest: str) -> None:
        """Remember a source file's sha256."""
        with self._writing():
            self._database.execute(
                "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)",
                (str(path), size_bytes, modified_ns, digest),
            )

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction."""
        with _storage_errors(self._path), self._database:
            yield

    def _rows(self, query: str, *values: str | int) -> list[tuple[Any, ...]]:
        with _storage_errors(self._path):
            return self._database.execute(query, values).fetchall()


@contextmanager
def _storage_errors(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into `StorageError`."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if "full" in str(error) or "I/O" in str(error):
            raise StorageError(
                f"The disk is full or failing: {path} was not written ({error}).",
                cure="Free some space and run the same command again: it goes on where it stopped.",
                retry=True,
            ) from error
        raise StorageError(
            f"The ledger {path} cannot be used: {error}.",
            cure="Check the folder and its permissions; if the file is damaged, delete it and run"
            " `iph build` again: everything is made anew from the journal.",
        ) from error


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
