"""Verify a release: any change since it was published is found."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from indic_persona_hub.release.contents import Contents
from indic_persona_hub.release.layout import MANIFEST
from indic_persona_hub.release.listing import check_listing
from indic_persona_hub.release.manifest import parse_manifest
from indic_persona_hub.run.hub import Hub
from indic_persona_hub.run.tombstones import Tombstones, read_tombstones


@dataclass(frozen=True)
class Report:
    """What was found. The release is whole where `problems` is empty.

    Attributes:
        problems: One line each, naming the file.
        rows: Personas that were read and are as they should be.
        files: Files that were found, the manifest included.
        taken_down: Tombstones that its rows were held to: its own and those of the hub.
        withdrawn: Personas in it that are taken down.
    """

    problems: list[str]
    rows: int
    files: int
    taken_down: int = 0
    withdrawn: int = 0


def verify(path: Path, hub: Hub | None = None) -> Report:
    """Check the release in the folder `path` against its manifest and against itself.

    Files are held to size and sha256, and none may be missing or added. Where those hold, what they
    say is checked: columns, checksums of pages, ids that ascend (so that each is there once),
    compact and detailed rows that agree, every line against the schema, the card's counts, and that
    nothing in it is taken down: neither by its own list of tombstones, which ends when it was made,
    nor by those of `hub`, which alone tell what was taken down since.
    Damage is a line of the report, never an exception.

    Raises:
        StorageError: A table of `hub` is damaged.
    """
    try:
        manifest = parse_manifest((path / MANIFEST).read_bytes())
    except FileNotFoundError:
        return Report([f"{path} has no {MANIFEST}: it is no release, or not a whole one"], 0, 0)
    except OSError as error:
        return Report([f"{MANIFEST} cannot be read: {error}"], 0, 0)
    except ValueError as error:
        return Report([f"{MANIFEST} is damaged: {error}"], 0, 0)
    listing = check_listing(path, manifest)
    contents = Contents(path, read_tombstones(hub) if hub else Tombstones())
    contents.check(manifest, listing.intact)
    problems = listing.problems + contents.problems
    return Report(
        problems, contents.rows, listing.files, len(contents.taken_down), contents.withdrawn
    )
