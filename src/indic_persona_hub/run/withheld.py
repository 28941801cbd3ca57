"""Who of a hub is taken down: by their own row, by their document, by lineage over all rounds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from indic_persona_hub.run.hub import Hub, read_file
from indic_persona_hub.run.tombstones import Mask, Tombstones

_OF_DOCUMENT: Final = ("id", "source", "url")
_OF_PERSONA: Final = ("id", "document_id", "parent_id", "source", "source_url")
_GONE: Final = pa.schema(
    [
        ("id", pa.string()),
        ("follows", pa.string()),
        ("round", pa.int64()),
        ("persona", pa.string()),
    ]
)


#: No row of `Withheld.personas`.
NOBODY: Final = _GONE.empty_table()


class Withheld(NamedTuple):
    """What of one slice is taken down.

    Attributes:
        documents: Ids of documents.
        personas: `id`, `follows` (what it is made from, where that is taken down, else null),
            `round` (int64) and `persona` (the text).
    """

    documents: pa.Array
    personas: pa.Table


def withheld_ids(hub: Hub, taken: Tombstones, slice_number: int) -> pa.Array:
    """Ids of the personas of a slice that are taken down."""
    if not taken:
        return pa.array([], pa.string())
    return withheld(hub, taken, slice_number).personas["id"].combine_chunks()


def withheld(hub: Hub, taken: Tombstones, slice_number: int) -> Withheld:
    """What `taken` takes down of a slice; lineage never leaves it."""
    documents = _documents(hub, taken, slice_number)
    rounds = list(_rounds(hub, taken, slice_number, documents))
    return Withheld(documents, pa.concat_tables([NOBODY, *rounds]))


def without_taken_down(hub: Hub, rows: pa.Table, taken: Tombstones, slice_number: int) -> pa.Table:
    """Personas of a slice (any columns with `id`) but for those that are taken down."""
    if not taken:
        return rows
    gone = pc.is_in(rows["id"], value_set=withheld_ids(hub, taken, slice_number))
    return rows.filter(pc.invert(gone))


def slice_numbers(hub: Hub) -> list[int]:
    """Slices of which there are documents or personas."""
    files = [*hub.files("documents"), *hub.files("personas")]
    return sorted({int(file.stem.split("-")[1]) for file in files})


def _documents(hub: Hub, taken: Tombstones, slice_number: int) -> pa.Array:
    path = hub.table_path("documents", slice_number)
    if not path.is_file():
        return pa.array([], pa.string())
    rows = read_file(path, list(_OF_DOCUMENT))
    return rows["id"].filter(pa.array(taken.documents(rows))).combine_chunks()


def _rounds(
    hub: Hub, taken: Tombstones, slice_number: int, documents: pa.Array
) -> Iterator[pa.Table]:
    above = documents
    for round_number, path in rounds_of(hub, slice_number):
        columns = [*_OF_PERSONA, *(["persona"] if len(taken.text) else [])]
        rows = read_file(path, columns)
        origin = pc.coalesce(rows["document_id"], rows["parent_id"]).combine_chunks()
        made_of_it = _in(origin, above)
        gone = taken.personas(rows) | made_of_it
        if not gone.any():
            continue
        follows = pc.if_else(pa.array(made_of_it), origin, None).filter(pa.array(gone))
        texts = read_file(path, ["persona"])["persona"].filter(pa.array(gone))
        ids = rows["id"].filter(pa.array(gone)).combine_chunks()
        number = pa.array(np.full(len(ids), round_number, np.int64))
        above = pa.concat_arrays([above, ids])
        yield pa.table([ids, follows, number, texts], schema=_GONE)


def rounds_of(hub: Hub, slice_number: int) -> list[tuple[int, Path]]:
    """The files of a slice's personas by round, in order."""
    files = (hub.path / "personas").glob(f"slice-{slice_number:03d}-round-*.parquet")
    return sorted((int(path.stem.rpartition("-")[2]), path) for path in files)


def _in(column: pa.Array, ids: pa.Array) -> Mask:
    return np.asarray(pc.is_in(column, value_set=ids).to_numpy(zero_copy_only=False), bool)
