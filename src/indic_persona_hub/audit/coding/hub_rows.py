"""The attributes of the kept rows of a hub, slice by slice."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from indic_persona_hub.audit.coding.parts import Part, joined, named, part_of
from indic_persona_hub.audit.coding.pool_parts import attributes_of_texts
from indic_persona_hub.errors import StorageError
from indic_persona_hub.records import ATTRIBUTE_EVIDENCE, WEIGHT
from indic_persona_hub.run.hub import Hub, read_file

_EVIDENCE = "evidence/attributes"


def hub_units(path: Path) -> list[tuple[Path, Path]]:
    """The hub with each of its files of verdicts.

    Raises:
        StorageError: Nothing is selected yet.
    """
    files = Hub(path).files("verdicts")
    if not files:
        raise StorageError(
            f"The hub {path} is unfinished: it has no verdicts.",
            cure="Run `iph build` on its recipe until it ends, then audit it.",
        )
    return [(path, file) for file in files]


def part_of_slice(path: Path, verdicts: Path) -> Part:
    """Codes of the kept rows of one slice, with their weights if it has any; rows that were ruled
    out, or have a weight of 0, are not of the set.

    Raises:
        StorageError: A file is damaged, or a kept row has no attributes.
    """
    kept = _kept(verdicts)
    judged = (path / _EVIDENCE).is_dir()
    files = sorted((path / (_EVIDENCE if judged else "personas")).glob(f"{verdicts.stem}-round-*"))
    whole = joined(_part(file, kept, judged) for file in files)
    if whole.rows != kept.num_rows:
        raise StorageError(
            f"{kept.num_rows - whole.rows:,} kept rows of {verdicts} have no attributes.",
            cure="Run `iph build` on its recipe until it ends, then audit it.",
        )
    return whole


def _kept(verdicts: Path) -> pa.Table:
    """`id` of the kept rows, and their `weight` where the selection gave weights."""
    names = ["id", "kept"]
    if WEIGHT in pq.read_schema(verdicts).names:
        names.append(WEIGHT)
    ruled = read_file(verdicts, names)
    kept = ruled.filter(ruled["kept"]).drop_columns("kept").combine_chunks()
    if WEIGHT in names:
        kept = kept.filter(pc.not_equal(pc.fill_null(kept[WEIGHT], 1.0), 0.0))
    return kept


def _part(file: Path, kept: pa.Table, judged: bool) -> Part:
    columns = None
    if judged:
        there = set(pq.read_schema(file).names)
        columns = [name for name in ATTRIBUTE_EVIDENCE.names if name in there]
    table = read_file(file, columns)
    ids = kept["id"].combine_chunks()
    table = table.filter(pc.is_in(table["id"], value_set=ids))
    places = pc.index_in(table["id"], value_set=ids)
    if not judged:
        table = attributes_of_texts(table)
    part = part_of(named(table), table.num_rows)
    if WEIGHT in kept.column_names and kept[WEIGHT].null_count < kept.num_rows:
        weights = pc.fill_null(kept[WEIGHT], 1.0).take(places).cast(pa.float64())
        part.weights = weights.to_numpy()
    return part
