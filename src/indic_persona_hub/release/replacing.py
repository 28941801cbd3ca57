"""A folder that takes the place of another in one step, once it is whole."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indic_persona_hub.errors import ReleaseError
from indic_persona_hub.release.layout import FORMAT, MANIFEST
from indic_persona_hub.run.hub import storage_error


def refuse_foreign(out: Path) -> None:
    """Raise where `out` holds anything but an earlier release.

    Raises:
        ReleaseError: It does.
    """
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return
    manifest = out / MANIFEST
    # A damaged release of ours is still ours, so its manifest need not parse.
    if manifest.is_file() and FORMAT.encode() in manifest.read_bytes():
        return
    raise ReleaseError(
        f"{out} exists and is not a release, so it is not replaced.",
        cure="Give a new folder, or remove that one first.",
    )


@contextmanager
def replacing(out: Path) -> Iterator[Path]:
    """A new folder beside `out` that takes its place when the block ends well.

    Where it does not, or where the process is killed, `out` is as it was; what a killed process
    left beside it is removed by the next one.

    Raises:
        StorageError: The block, or the renaming, failed for the disk.
    """
    fresh = out.with_name(f".{out.name}.unfinished")
    former = out.with_name(f".{out.name}.former")
    try:
        _restore(out, former)
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        yield fresh
        _sync_folders(fresh)
        if out.exists():
            out.rename(former)
        fresh.rename(out)
        _sync_folder(out.parent)
    except OSError as error:
        raise storage_error(out, error) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        _restore(out, former)


def _restore(out: Path, former: Path) -> None:
    """Put the former folder back where nothing took its place, else remove it."""
    if former.exists():
        if out.exists():
            shutil.rmtree(former, ignore_errors=True)
        else:
            former.rename(out)


def _sync_folders(top: Path) -> None:
    for folder, _, _ in os.walk(top):
        _sync_folder(Path(folder))


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
