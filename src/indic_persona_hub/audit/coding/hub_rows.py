"""The attributes of the kept rows of a hub, slice by slice."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from indic_persona_hub.audit.coding.coded import Known
from indic_persona_hub.audit.coding.parts import Part, joined, named, part_of
from indic_persona_hub.audit.coding.pool_parts import attributes_of_texts
from indic_persona_hub.audit.stewardship.gathering import Gathered, gather
from indic_persona_hub.audit.stewardship.lists import Lists
from indic_persona_hub.errors import StorageError
from indic_persona_hub.records import ATTRIBUTE_EVIDENCE, WEIGHT
from indic_persona_hub.run.hub import RECIPE, Hub, read_file
from indic_persona_hub.run.recipe import load_recipe

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


def _dropped(path: Path) -> set[str]:
    """Attributes whose policy in the hub's recipe is `drop`: not even an audit counts them."""
    recipe = path / RECIPE
    return set(load_recipe(recipe).release.sensitive.under("drop")) if recipe.is_file() else set()


def part_of_slice(path: Path, verdicts: Path, lists: Lists | None) -> Part:
    """Codes of the kept rows of one slice, with their weights if it has any; rows that were ruled
    out, or have a weight of 0, are not of the set.

    Args:
        lists: What is looked for in the texts; None: nothing is gathered from them.

    Raises:
        StorageError: A file is damaged, or a kept row has no attributes.
    """
    kept = _kept(verdicts)
    judged = (path / _EVIDENCE).is_dir()
    files = sorted((path / (_EVIDENCE if judged else "personas")).glob(f"{verdicts.stem}-round-*"))
    gathered = None if lists is None else Gathered.nothing(lists)
    parts, dropped = [], _dropped(path)
    for file in files:
        table = _attributes(file, kept, judged)
        table = table.drop_columns(sorted(dropped.intersection(table.column_names)))
        part = part_of(named(table), table.num_rows)
        part.attributes |= {name: Known() for name in dropped}  # nor cells that mean no value
        part.weights = _weights(kept, table["id"])
        parts.append(part)
        if gathered is not None and lists is not None:
            ids = table["id"].to_pylist()
            gather(gathered, _texts(path / "personas" / file.name, ids), ids, named(table), lists)
    whole = joined(parts)
    whole.gathered = None if gathered is None else gathered.small()
    if whole.rows != kept.num_rows:
        raise StorageError(
            f"{kept.num_rows - whole.rows:,} kept rows of {verdicts} have no attributes.",
            cure="Run `iph build` on its recipe until it ends, then audit it.",
        )
    return whole


def _texts(file: Path, ids: list[str]) -> list[str]:
    """The texts of the personas with these ids, in their order."""
    table = read_file(file, ["id", "persona"])
    pairs = zip(table["id"].to_pylist(), table["persona"].to_pylist(), strict=True)
    texts = dict(pairs)
    return [texts.get(one) or "" for one in ids]


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


def _weights(kept: pa.Table, ids: pa.ChunkedArray) -> NDArray[np.float64] | None:
    """The weights of the kept rows with these ids, in their order; None where they have none."""
    if WEIGHT not in kept.column_names or kept[WEIGHT].null_count == kept.num_rows:
        return None
    places = pc.index_in(ids, value_set=kept["id"].combine_chunks())
    weights = pc.fill_null(kept[WEIGHT], 1.0).take(places).cast(pa.float64())
    found: NDArray[np.float64] = weights.to_numpy()
    return found


def _attributes(file: Path, kept: pa.Table, judged: bool) -> pa.Table:
    columns = None
    if judged:
        there = set(pq.read_schema(file).names)
        columns = [name for name in ATTRIBUTE_EVIDENCE.names if name in there]
    table = read_file(file, columns)
    table = table.filter(pc.is_in(table["id"], value_set=kept["id"].combine_chunks()))
    if not judged:
        table = attributes_of_texts(table)
    return table
