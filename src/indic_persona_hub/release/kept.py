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
        path = hub.table_path("verdicts", number)
        if not path.is_file():
            raise unfinished(hub, "not every slice has its verdicts")
        verdicts = read_file(path, ["kept", "reason"])
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
        ReleaseError: A kept id has no persona, no attributes or no document: the verdicts are
            older than the tables.
    """
    at = 0
    for number, rows in enumerate(kept):
        begin, end = max(first - at, 0), min(last - at, rows)
        at += rows
        if begin >= end:
            continue
        verdicts = _verdicts(hub.table_path("verdicts", number))
        verdicts = verdicts.filter(verdicts["kept"]).drop_columns(["kept"])
        yield _described(hub, number, verdicts.sort_by("id").slice(begin, end - begin))


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


def _verdicts(path: Path) -> pa.Table:
    """Verdicts with a weight, null where the selection gave none."""
    columns = ["id", "kept", "confidence_score", "domain"]
    verdicts = read_file(path, columns)
    if records.WEIGHT in pq.read_schema(path).names:
        return read_file(path, [*columns, records.WEIGHT])
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
