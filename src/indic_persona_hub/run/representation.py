"""Representative selection in a hub: codes of all rows, and the report beside the verdicts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from indic_persona_hub import records
from indic_persona_hub.judge.attributes import Attributes
from indic_persona_hub.reference.dimensions import DIMENSIONS, codes
from indic_persona_hub.reference.official import Official, official
from indic_persona_hub.run.hub import Hub, read_file, storage_error, temporary_of
from indic_persona_hub.run.keys import read_array
from indic_persona_hub.select.outcome import Outcome, report
from indic_persona_hub.select.settings import Represent

#: What was asked, achieved and lost, cell by cell; see `select.outcome.report`.
REPORT: Final = "verdicts/representation.json"


def tables_of(settings: Represent) -> tuple[Official, ...]:
    """The official tables that a recipe names.

    Raises:
        HubError: There are no figures for the year.
    """
    return tuple(official(name, settings.year) for name in settings.tables)


def figures_mark(settings: Represent) -> str:
    """A digest of the figures: others select other rows."""
    digest = sha256()
    for table in tables_of(settings):
        digest.update(repr((table.name, table.dimensions, table.persons.shape)).encode())
        digest.update(array_mark(table.persons).encode())
    return digest.hexdigest()


def array_mark(persons: NDArray[np.float64]) -> str:
    """A digest of the persons of a table."""
    return sha256(np.ascontiguousarray(persons).tobytes()).hexdigest()


def dimensions_of(tables: Iterable[Official]) -> tuple[str, ...]:
    """The dimensions of some tables, each once."""
    return tuple(dict.fromkeys(name for table in tables for name in table.dimensions))


def code_arrays(
    hub: Hub, slice_number: int, rounds: Iterable[int], ids: pa.ChunkedArray, settings: Represent
) -> dict[str, NDArray[Any]]:
    """`code-<dimension>` of each persona of a slice, in the order of `ids`: int8, or int16 where
    the dimension has more values; -1 where unknown.
    """
    paths = [hub.table_path(f"evidence/{Attributes.name}", slice_number, one) for one in rounds]
    evidence = pa.concat_tables([read_file(path) for path in paths]).sort_by("id")
    assert evidence["id"].equals(ids), "attributes are out of step"
    values = {
        name: pc.struct_field(evidence[name].combine_chunks(), "value")
        for name in records.ATTRIBUTES
    }
    return {
        f"code-{name}": _narrow(name, codes(name, values))
        for name in dimensions_of(tables_of(settings))
    }


def _narrow(name: str, row_codes: NDArray[np.int16]) -> NDArray[Any]:
    return row_codes.astype(np.int8) if len(DIMENSIONS[name].values) < 128 else row_codes


def codes_of_all(
    hub: Hub, table: str, slices: int, tables: Sequence[Official]
) -> Mapping[str, NDArray[Any]]:
    """Codes of all personas by dimension, slice after slice."""
    return {
        name: np.concatenate(
            [read_array(hub, table, f"code-{name}", number) for number in range(slices)]
        )
        for name in dimensions_of(tables)
    }


def write_report(hub: Hub, found: Outcome | None, year: int) -> dict[str, str]:
    """Write the report, whole or not at all; without an outcome, remove what an older recipe left.

    Returns:
        sha256 by file name in the hub.

    Raises:
        StorageError: The disk is full or the folder cannot be written.
    """
    path = hub.path / REPORT
    try:
        if found is None:
            path.unlink(missing_ok=True)
            return {}
        content = (json.dumps(report(found, year), indent=1) + "\n").encode()
        _replace(path, content)
        return {REPORT: sha256(content).hexdigest()}
    except OSError as error:
        raise storage_error(path, error) from error


def _replace(path: Path, content: bytes) -> None:
    temporary = temporary_of(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary.write_bytes(content)
    temporary.replace(path)
