"""Hold the files of a folder to the manifest's list."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from indic_persona_hub.release.layout import MANIFEST
from indic_persona_hub.release.manifest import FileEntry, Manifest
from indic_persona_hub.run.hub import file_sha256


class Listing(NamedTuple):
    """What the folder holds. `intact` are the files whose bytes are those of the manifest."""

    intact: set[str]
    files: int
    problems: list[str]


def check_listing(path: Path, manifest: Manifest) -> Listing:
    """Every file by size and sha256; none may be missing, none added."""
    found = dict(_walk(path))
    expected = {entry.path for entry in manifest.files} | {MANIFEST}
    folders = {str(Path(name).parent) for name in expected}
    problems = [
        f"{_printable(name)} does not belong to the release"
        for name, is_file in sorted(found.items())
        if name not in (expected if is_file else folders)
    ]
    intact = set()
    for entry in manifest.files:
        if problem := _problem_of(path, entry):
            problems.append(f"{entry.path} {problem}")
        else:
            intact.add(entry.path)
    return Listing(intact, sum(found.values()), problems)


def _problem_of(path: Path, entry: FileEntry) -> str | None:
    try:
        state = (path / entry.path).stat()
        if not stat.S_ISREG(state.st_mode):
            return "is no file"
        if (size := state.st_size) != entry.bytes:
            return f"has {size} bytes, not {entry.bytes}"
        digest = file_sha256(path / entry.path)
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        return f"cannot be read: {error}"
    return None if digest == entry.sha256 else f"was changed: its sha256 is {digest}"


def _walk(path: Path) -> Iterator[tuple[str, bool]]:
    """Names below `path`, each with True where it is a file that can be read as one."""
    for folder, folders, files in os.walk(path):
        for name in (*folders, *files):
            place = Path(folder) / name
            yield str(place.relative_to(path)), place.is_file()


def _printable(name: str) -> str:
    return name.encode("utf-8", "backslashreplace").decode()
