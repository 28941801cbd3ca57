"""Any persona set as codes: a release or a hub of ours, or a set that others made.

Stretches of the set are read in several processes; each sends back codes and counts, never text.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from indic_persona_hub.audit.coding.coded import Coded
from indic_persona_hub.audit.coding.hub_rows import hub_units, part_of_slice
from indic_persona_hub.audit.coding.parts import Part, as_coded, joined
from indic_persona_hub.audit.coding.pool_parts import part_of_unit, set_units
from indic_persona_hub.audit.coding.release_rows import part_of_lines, release_units
from indic_persona_hub.errors import SourceError
from indic_persona_hub.run.hub import LEDGER
from indic_persona_hub.run.progress import Progress, Silent
from indic_persona_hub.run.workers import in_processes

_STEP: Final = "attributes"
_MANIFEST: Final = "manifest.json"
_RELEASE: Final = "indic-persona-hub-release"


class Work(NamedTuple):
    """A stretch of a set: a function of a module with its arguments.

    Attributes:
        rows: How many it holds, where that is known beforehand.
    """

    function: Callable[..., Part]
    arguments: tuple[Any, ...]
    rows: int


def read_coded(
    path: Path,
    *,
    fields: Mapping[str, str] | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Coded:
    """The set at `path` as codes.

    A release is read for the attributes of its detailed lines, a hub for those of its kept rows;
    of any other set the attributes are read from its texts and columns.

    Args:
        path: A release or a hub of ours, or a Parquet or JSONL file, a folder of them, or a glob.
        fields: Our field -> their column; what is not named is looked for under its usual names.
        workers: Processes; by default as many as this one may use cores.

    Raises:
        RecipeError: There is no such field.
        SourceError: Nothing is there, a file is damaged, no column can hold the personas, or the
            folder holds releases or hubs.
        StorageError: A file of the hub is damaged, or the hub is unfinished.
    """
    told = progress or Silent()
    work = _work(path, fields or {})
    told.start(_STEP, "personas")
    told.expect(_STEP, sum(one.rows for one in work))
    parts: dict[int, Part] = {}
    count = workers or len(os.sched_getaffinity(0))
    units = [(number, *one) for number, one in enumerate(work)]
    for number, part in in_processes(count, run_unit, units):
        parts[number] = part
        told.advance(_STEP, part.rows + part.rejected.total())
    whole = joined(parts.pop(number) for number in sorted(parts))
    told.finish(_STEP, f"{whole.rows:,} rows read, {whole.rejected.total():,} refused")
    return as_coded(whole)


def run_unit(
    number: int, function: Callable[..., Part], arguments: tuple[Any, ...], rows: int
) -> tuple[int, Part]:
    """One stretch, with its number."""
    return number, function(*arguments)


def _work(path: Path, fields: Mapping[str, str]) -> list[Work]:
    if (path / LEDGER).is_file():
        return [Work(part_of_slice, one, 0) for one in hub_units(path)]
    if _is_release(path):
        return [Work(part_of_lines, one, 0) for one in release_units(path)]
    _refuse_folder_of_hubs(path)
    return [Work(part_of_unit, one, one[1].rows or 0) for one in set_units(path, fields)]


def _refuse_folder_of_hubs(path: Path) -> None:
    """See that the folder holds no release and no hub, whose files would be read as one set.

    Raises:
        SourceError: It does; the cure names it.
    """
    inside = sorted(one for one in path.iterdir() if one.is_dir()) if path.is_dir() else []
    ours = [one for one in inside if _is_release(one)]
    ours += [one for one in inside if (one / LEDGER).is_file()]
    if ours:
        names = " and ".join(one.name for one in ours[:3])
        raise SourceError(
            f"{path} is neither a release nor a hub, but holds {names}.",
            cure=f"Give {ours[0]}.",
        )


def _is_release(path: Path) -> bool:
    manifest = path / _MANIFEST
    try:
        return manifest.is_file() and json.loads(manifest.read_bytes())["format"] == _RELEASE
    except (ValueError, KeyError, TypeError):
        return False
    except OSError as error:
        raise SourceError(
            f"{manifest} cannot be read: {error}.", cure="Check its permissions."
        ) from error
