"""The attributes of the kept rows of a hub, slice by slice."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from indic_persona_hub.audit.coding.parts import Part, joined, named, part_of
from indic_persona_hub.audit.coding.pool_parts import attributes_of_texts
from indic_persona_hub.errors import StorageError
from indic_persona_hub.records import ATTRIBUTE_EVIDENCE
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
    """Codes of the kept rows of one slice; rows that were ruled out are not of the set.

    Raises:
        StorageError: A file is damaged, or a kept row has no attributes.
    """
    ruled = read_file(verdicts, ["id", "kept"])
    kept = ruled.filter(ruled["kept"])["id"].combine_chunks()
    judged = (path / _EVIDENCE).is_dir()
    files = sorted((path / (_EVIDENCE if judged else "personas")).glob(f"{verdicts.stem}-round-*"))
    whole = joined(_part(file, kept, judged) for file in files)
    if whole.rows != len(kept):
        raise StorageError(
            f"{len(kept) - whole.rows:,} kept rows of {verdicts} have no attributes.",
            cure="Run `iph build` on its recipe until it ends, then audit it.",
        )
    return whole


def _part(file: Path, kept: pa.Array, judged: bool) -> Part:
    columns = None
    if judged:
        there = set(pq.read_schema(file).names)
        columns = [name for name in ATTRIBUTE_EVIDENCE.names if name in there]
    table = read_file(file, columns)
    table = table.filter(pc.is_in(table["id"], value_set=kept))
    if not judged:
        table = attributes_of_texts(table)
    return part_of(named(table), table.num_rows)
