"""A hub on disk: which table lies where, and how a file becomes whole.

```
documents/slice-000.parquet            records.DOCUMENT (none where personas were adopted)
personas/slice-000-round-0.parquet     records.PERSONA, one file a round
evidence/<judge>/slice-000-round-0.parquet   records.EVIDENCE (set judges: slice-000.parquet)
evidence/attributes/...                records.ATTRIBUTE_EVIDENCE
domains/mapping.parquet                label, domain, rule, personas
verdicts/slice-000.parquet             records.VERDICT
rejected/<step>/slice-000.parquet      records.REJECTED
gaps/slice-000-round-3.parquet         gap_asks.GAP_ASK: whom a round that fills gaps asks about
takedowns/takedown-00001.parquet       tombstones.TOMBSTONE; no build removes it
spool/  keys/                          scratch of a running build: rows on their way, narrow arrays
recipe.yaml  ledger.sqlite  journal.sqlite  lock
```
"""

from __future__ import annotations

import errno
import fcntl
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from indic_persona_hub.errors import HubBusyError, StorageError

LEDGER = "ledger.sqlite"
JOURNAL = "journal.sqlite"
RECIPE = "recipe.yaml"
#: The one table that no journal can make anew.
TAKEDOWNS: Final = "takedowns"
_NOT_WITHOUT: Final = " Deleting it brings back what was taken down."


class Hub:
    """The folder of one recipe's tables."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def ledger_path(self) -> Path:
        """SQLite file that says which slices are done, with their counts."""
        return self.path / LEDGER

    @property
    def journal_path(self) -> Path:
        """SQLite file of every paid model reply."""
        return self.path / JOURNAL

    def table_path(self, table: str, slice_number: int, round_number: int | None = None) -> Path:
        """Where a slice of `table` ("personas", "evidence/hedging", "rejected/ingest") lies."""
        suffix = "" if round_number is None else f"-round-{round_number}"
        return self.path / table / f"slice-{slice_number:03d}{suffix}.parquet"

    def files(self, table: str) -> list[Path]:
        """All files of `table`, slice by slice; none where it has no folder.

        Raises:
            StorageError: Nobody can tell what is in its folder.
        """
        found = [path for path in _listed(self.path / table) if path.name.endswith(".parquet")]
        return sorted(found, key=lambda path: (len(path.name), path.name))

    def read(self, table: str, columns: list[str] | None = None) -> pa.Table:
        """All rows of `table`, in file order.

        Raises:
            StorageError: The table is absent, or a file of it is damaged.
        """
        files = self.files(table)
        if not files:
            raise StorageError(
                f"The hub {self.path} has no table '{table}'.",
                cure="Run `iph build` on its recipe first.",
            )
        return pa.concat_tables([read_file(file, columns) for file in files])


def _listed(folder: Path) -> list[Path]:
    """What lies in a folder; unlike a glob, it does not take one that cannot be read for empty."""
    try:
        return list(folder.iterdir())
    except OSError as error:
        if isinstance(error, FileNotFoundError) and not folder.is_symlink():
            return []
        raise StorageError(
            f"{folder} cannot be read: {error}.",
            cure="Have it be a folder that you may read, or restore it from a copy."
            + (_NOT_WITHOUT if folder.name == TAKEDOWNS else ""),
        ) from error


def open_hub(path: Path) -> Hub:
    """The hub at `path`.

    Raises:
        StorageError: There is no hub there.
    """
    if not (path / LEDGER).is_file():
        raise StorageError(
            f"{path} is not a hub: it holds no {LEDGER}.",
            cure="Give the folder that the recipe names under `hub`, after `iph build`.",
        )
    return Hub(path)


def read_file(path: Path, columns: list[str] | None = None) -> pa.Table:
    """Read one Parquet file with its page checksums verified.

    Raises:
        StorageError: The file is damaged, or a column is not in it.
    """
    try:
        table = pq.ParquetFile(path, page_checksum_verification=True).read(columns=columns)
        if absent := set(columns or ()).difference(table.column_names):
            raise pa.ArrowKeyError(f"it has no column '{min(absent)}'")
        return table
    except (OSError, pa.ArrowException, UnicodeDecodeError) as error:
        raise read_error(path, error) from error


def read_error(path: Path, error: Exception) -> StorageError:
    """The failed reading of a table's file as an error that says its cure."""
    cure = "Delete the file and run `iph build` again: it is made anew from the journal."
    if path.parent.name == TAKEDOWNS:
        cure = "Restore it from a copy; deleting it brings back what was taken down."
    return StorageError(f"{path} cannot be read: {error}.", cure=cure)


def write_file(path: Path, table: pa.Table) -> str:
    """Write `table` so that `path` is either absent, the old file, or the whole new one.

    Returns:
        sha256 of the file, in hex.

    Raises:
        StorageError: The disk is full or the folder cannot be written.
    """
    temporary = temporary_of(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as sink:
            pq.write_table(table, sink, compression="zstd", write_page_checksum=True)
            sink.flush()
            os.fsync(sink.fileno())
        digest = file_sha256(temporary)
        temporary.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise storage_error(path, error) from error
    return digest


def temporary_of(path: Path) -> Path:
    """Where a file is written before it gets its name: of this process on this machine alone, as a
    worker that was given up may still write for a while.
    """
    return path.with_suffix(f".{platform.node()}-{os.getpid()}.tmp")


def storage_error(path: Path, error: OSError) -> StorageError:
    """The failed write of `path` as an error that says its cure."""
    if error.errno == errno.ENOSPC or "No space left" in str(error):
        return StorageError(
            f"The disk is full: {path} was not written.",
            cure="Free some space and run the same command again: it goes on where it stopped.",
            retry=True,
        )
    return StorageError(
        f"{path} cannot be written: {error}.", cure="Check the folder and its permissions."
    )


def file_sha256(path: Path) -> str:
    """sha256 of a file's bytes, in hex."""
    digest = sha256()
    with path.open("rb") as source:
        while block := source.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def locked(hub: Hub) -> Iterator[None]:
    """Hold the hub for one build; the lock goes with the process, however it ends.

    Raises:
        HubBusyError: Another process holds it.
    """
    try:
        hub.path.mkdir(parents=True, exist_ok=True)
        handle = (hub.path / "lock").open("w")
    except OSError as error:
        raise storage_error(hub.path, error) from error
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise HubBusyError(
                f"Another process is building {hub.path}.",
                cure="Wait for it, or give this recipe another `hub`.",
                retry=True,
            ) from error
        yield


def sweep(hub: Hub) -> None:
    """Remove what a killed process left half-written; for whoever holds the hub."""
    for folder, _, names in os.walk(hub.path):
        for name in names:
            if name.endswith(".tmp"):
                (Path(folder) / name).unlink()


def is_held(hub: Hub) -> bool:
    """True while a process builds the hub."""
    try:
        with (hub.path / "lock").open() as handle:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False
