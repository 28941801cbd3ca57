"""The kept rows of a hub, one slice at a time, with all that a release says of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from indic_persona_hub import records
from indic_persona_hub.errors import ReleaseError
from indic_persona_hub.run.hub import Hub, read_file
from indic_persona_hub.run.tombstones import TAKEN_DOWN, read_tombstones

_OF_PERSONA: Final = (
    "id", "persona", "domain_label", "language", "script", "synth_method", "model",
    "model_licence", "prompt_hash", "seed", "document_id", "stance", "parent_id", "relation",
    "round", "candidate",
)  # fmt: skip
_NEVER_NULL: Final = (
    "id", "persona", "domain", "language", "synth_method", "confidence_score", "model",
    "model_licence", "round",
)  # fmt: skip
#: Where a release takes what it says of the origin from: the persona's own columns, or the root's.
_OF_SET: Final = ("source", "source_licence", "source_url", "source_id")
_OF_DOCUMENT: Final = ("source", "licence", "url", "source_id")


def count_verdicts(hub: Hub, slices: int) -> tuple[list[int], Counter[str]]:
    """Rows kept by slice, and rows ruled out by reason.

    Raises:
        ReleaseError: A slice has no verdicts yet.
    """
    kept, ruled_out = list[int](), Counter[str]()
    for number in range(slices):
        if not hub.table_path("verdicts", number).is_file():
            raise unfinished(hub, "not every slice has its verdicts")
        verdicts = verdicts_of(hub, number, ["reason"])
        kept.append(pc.sum(verdicts["kept"], min_count=0).as_py())
        lost = verdicts.filter(pc.invert(verdicts["kept"]))["reason"]
        for pair in pc.value_counts(lost):
            ruled_out[pair["values"].as_py()] += pair["counts"].as_py()
    return kept, ruled_out


def kept_rows(hub: Hub, kept: Sequence[int], first: int, last: int) -> Iterator[pa.Table]:
    """The kept rows from number `first` up to `last`, ids ascending, a table a slice.

    Columns are those of a detailed line, the attributes as one struct column each
    (`records.ATTRIBUTE`); `persona` is a large string, as a slice may hold over 2 GiB of text.

    Args:
        kept: Rows kept by slice, as `count_verdicts` found them.

    Raises:
        ReleaseError: A kept id has no persona, no attributes or no document, or is made of what was
            taken down: the verdicts are older than the tables.
    """
    taken, at = read_tombstones(hub), 0
    for number, rows in enumerate(kept):
        begin, end = max(first - at, 0), min(last - at, rows)
        at += rows
        if begin >= end:
            continue
        verdicts = _verdicts(hub, number)
        verdicts = verdicts.filter(verdicts["kept"]).drop_columns(["kept"])
        table = _described(hub, number, verdicts.sort_by("id").slice(begin, end - begin))
        if taken.personas(table).any():
            raise unfinished(hub, "its verdicts are older than what was taken down from it")
        yield table


def kept_attributes(hub: Hub, number: int) -> pa.Table:
    """`records.ATTRIBUTE_EVIDENCE` of the kept rows of a slice.

    Raises:
        ReleaseError: A kept id has no attributes.
        StorageError: A file is damaged.
    """
    verdicts = verdicts_of(hub, number)
    ids = verdicts.filter(verdicts["kept"])["id"].combine_chunks()
    attributes = _attributes(hub, number, ids)
    if attributes.num_rows != len(ids):
        raise unfinished(hub, f"a kept id of slice {number} has no attributes of its own")
    return attributes


def unfinished(hub: Hub, why: str) -> ReleaseError:
    """The error for a hub whose build has not gone through."""
    return ReleaseError(
        f"The hub {hub.path} is unfinished: {why}.",
        cure="Run `iph build` on its recipe until it ends, then release.",
    )


def _described(hub: Hub, number: int, verdicts: pa.Table) -> pa.Table:
    ids = verdicts["id"].combine_chunks()
    personas = pa.concat_tables(_personas(hub, number, ids)).sort_by("id")
    attributes = _attributes(hub, number, ids)
    for name, table in (("persona", personas), ("attributes", attributes)):
        if table["id"].combine_chunks() != ids:
            raise unfinished(hub, f"a kept id of slice {number} has no {name} of its own")
    table = personas.drop_columns(["root", *_OF_SET])
    for source in (verdicts, attributes, _origins(hub, number, personas)):
        for name in source.column_names:
            if name != "id":
                table = table.append_column(name, source[name])
    empty = [name for name in _NEVER_NULL if table[name].null_count]
    if empty:
        raise unfinished(hub, f"rows of slice {number} have no {', '.join(empty)}")
    return table


def verdicts_of(hub: Hub, number: int, columns: Sequence[str] = ()) -> pa.Table:
    """`id`, `kept` and `columns` of the verdicts of a slice. A persona that was taken down is not
    kept, even where the takedown was stopped before its verdict was written.

    Raises:
        StorageError: A file is damaged.
    """
    rows = read_file(hub.table_path("verdicts", number), ["id", "kept", *columns])
    gone = pc.is_in(rows["id"], value_set=read_tombstones(hub).persona)
    kept = pc.and_(rows["kept"], pc.invert(gone))
    rows = rows.set_column(1, "kept", kept)
    if "reason" not in columns:
        return rows
    place = rows.schema.get_field_index("reason")
    return rows.set_column(place, "reason", pc.if_else(gone, TAKEN_DOWN, rows["reason"]))


def _verdicts(hub: Hub, number: int) -> pa.Table:
    """Verdicts with a weight, null where the selection gave none."""
    columns = ["confidence_score", "domain"]
    if records.WEIGHT in pq.read_schema(hub.table_path("verdicts", number)).names:
        return verdicts_of(hub, number, [*columns, records.WEIGHT])
    verdicts = verdicts_of(hub, number, columns)
    return verdicts.append_column(records.WEIGHT, pa.nulls(verdicts.num_rows, pa.float32()))


def _personas(hub: Hub, number: int, kept: pa.Array) -> Iterator[pa.Table]:
    """Kept rows by round, with `root`: the id of the document, or of the adopted persona, at the
    root of the lineage.
    """
    above_ids, above_roots = pa.array([], pa.string()), pa.array([], pa.string())
    for path in _rounds(hub, "personas", number):
        table = read_file(path, [*_OF_PERSONA, *_OF_SET])
        parents = pc.index_in(table["parent_id"], value_set=above_ids)
        own = pc.if_else(pc.is_null(table["parent_id"]), table["id"], None)
        roots = pc.coalesce(table["document_id"], above_roots.take(parents), own).combine_chunks()
        above_ids = pa.concat_arrays([above_ids, table["id"].combine_chunks()])
        above_roots = pa.concat_arrays([above_roots, roots])
        table = table.append_column("root", roots).filter(pc.is_in(table["id"], value_set=kept))
        place = table.schema.get_field_index("persona")
        yield table.set_column(place, "persona", table["persona"].cast(pa.large_string()))


def _attributes(hub: Hub, number: int, kept: pa.Array) -> pa.Table:
    if not (hub.path / "evidence" / "attributes").is_dir():  # no such stage in the recipe
        fields = [field for field in records.ATTRIBUTE_EVIDENCE if field.name != "id"]
        nothing = [pa.nulls(len(kept), field.type) for field in fields]
        return pa.table([kept, *nothing], schema=records.ATTRIBUTE_EVIDENCE)
    tables = [records.ATTRIBUTE_EVIDENCE.empty_table()]
    for path in _rounds(hub, "evidence/attributes", number):
        table = read_file(path)
        tables.append(table.filter(pc.is_in(table["id"], value_set=kept)))
    rows = pa.concat_tables(tables)
    return rows.take(pc.sort_indices(rows["id"]))


def _origins(hub: Hub, number: int, personas: pa.Table) -> pa.Table:
    """`_OF_SET` of the document, or of the adopted persona, at the root of each lineage."""
    path = hub.table_path("documents", number)
    if path.is_file():
        roots = read_file(path, ["id", *_OF_DOCUMENT])
    else:
        roots = read_file(hub.table_path("personas", number, 0), ["id", *_OF_SET])
    places = pc.index_in(personas["root"], value_set=roots["id"].combine_chunks())
    if places.null_count:
        raise unfinished(hub, f"a kept persona of slice {number} has no document at its root")
    return roots.drop_columns(["id"]).rename_columns(list(_OF_SET)).take(places)


def _rounds(hub: Hub, table: str, number: int) -> list[Path]:
    """The files of a slice, one a round, in the order of rounds."""
    files = (hub.path / table).glob(f"slice-{number:03d}-round-*.parquet")
    found = sorted(files, key=lambda path: int(path.stem.rpartition("-")[2]))
    if not found:
        raise unfinished(hub, f"slice {number} has no file of {table}")
    return found
