"""Any persona set as codes: a release or a hub of ours, or a set that others made.

Stretches of the set are read in several processes; each sends back codes and counts, and of its
texts no more than a sample of fixed size.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from indic_persona_hub.audit.coding.coded import Coded
from indic_persona_hub.audit.coding.hub_rows import hub_units, part_of_slice
from indic_persona_hub.audit.coding.parts import Part, as_coded, joined
from indic_persona_hub.audit.coding.pool_parts import part_of_unit, set_units
from indic_persona_hub.audit.coding.release_rows import part_of_lines, release_units
from indic_persona_hub.audit.stewardship.gathering import Gathered
from indic_persona_hub.audit.stewardship.lists import NO_LISTS, Lists
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
    lists: Lists | None = NO_LISTS,
) -> Coded:
    """The set at `path` as codes.

    A release is read for the attributes of its detailed lines, a hub for those of its kept rows;
    of any other set the attributes are read from its texts and columns.

    Args:
        path: A release or a hub of ours, or a Parquet or JSONL file, a folder of them, or a glob.
        fields: Our field -> their column; what is not named is looked for under its usual names.
        workers: Processes; by default as many as this one may use cores.
        lists: Published stereotypes that are looked for in the texts; None: nothing is gathered
            from texts, which is faster.

    Raises:
        RecipeError: There is no such field.
        SourceError: Nothing is there, a file is damaged, no column can hold the personas, or the
            folder holds releases or hubs.
        StorageError: A file of the hub is damaged, or the hub is unfinished.
    """
    told = progress or Silent()
    work = _work(path, fields or {}, lists)
    told.start(_STEP, "personas")
    told.expect(_STEP, sum(one.rows for one in work))
    parts: list[Part] = []
    gathered = None if lists is None else Gathered.nothing(lists)
    count = workers or len(os.sched_getaffinity(0))
    units = [(number, *one) for number, one in enumerate(work)]
    for part in _in_order(in_processes(count, run_unit, units)):
        if gathered is not None and part.gathered is not None:
            gathered.merge(part.gathered)
            part.gathered = None
        parts.append(part)
        told.advance(_STEP, part.rows + part.rejected.total())
    whole = joined(parts)
    whole.gathered = gathered
    told.finish(_STEP, f"{whole.rows:,} rows read, {whole.rejected.total():,} refused")
    return as_coded(whole)


def _in_order(numbered: Iterable[tuple[int, Part]]) -> Iterator[Part]:
    """The parts as they are numbered, whichever comes first."""
    waiting: dict[int, Part] = {}
    wanted = 0
    for number, part in numbered:
        waiting[number] = part
        while wanted in waiting:
            yield waiting.pop(wanted)
            wanted += 1


def run_unit(
    number: int, function: Callable[..., Part], arguments: tuple[Any, ...], rows: int
) -> tuple[int, Part]:
    """One stretch, with its number."""
    return number, function(*arguments)


def _work(path: Path, fields: Mapping[str, str], lists: Lists | None) -> list[Work]:
    if (path / LEDGER).is_file():
        return [Work(part_of_slice, (*one, lists), 0) for one in hub_units(path)]
    if is_release(path):
        return [Work(part_of_lines, (*one, lists), 0) for one in release_units(path)]
    _refuse_folder_of_hubs(path)
    units = set_units(path, fields)
    return [Work(part_of_unit, (*one, lists), one[1].rows or 0) for one in units]


def _refuse_folder_of_hubs(path: Path) -> None:
    """See that the folder holds no release and no hub, whose files would be read as one set.

    Raises:
        SourceError: It does; the cure names it.
    """
    inside = sorted(one for one in path.iterdir() if one.is_dir()) if path.is_dir() else []
    ours = [one for one in inside if is_release(one)]
    ours += [one for one in inside if (one / LEDGER).is_file()]
    if ours:
        names = " and ".join(one.name for one in ours[:3])
        raise SourceError(
            f"{path} is neither a release nor a hub, but holds {names}.",
            cure=f"Give {ours[0]}.",
        )


def is_release(path: Path) -> bool:
    """Whether the folder is a release of ours, by its manifest.

    Raises:
        SourceError: The manifest cannot be read.
    """
    manifest = path / _MANIFEST
    try:
        return manifest.is_file() and json.loads(manifest.read_bytes())["format"] == _RELEASE
    except (ValueError, KeyError, TypeError):
        return False
    except OSError as error:
        raise SourceError(
            f"{manifest} cannot be read: {error}.", cure="Check its permissions."
        ) from error
