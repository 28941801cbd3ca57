"""Steps that see the whole set, over narrow columns: set judges and domains."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from indic_persona_hub import records
from indic_persona_hub.id_arrays import Ids, id_texts, ids_of
from indic_persona_hub.models.embedders.bench import RecipeEmbedders
from indic_persona_hub.run.hub import Hub, read_file, write_file
from indic_persona_hub.run.keys import KeyStore, read_array, write_arrays
from indic_persona_hub.run.ledger import Done
from indic_persona_hub.run.recipe import Recipe
from indic_persona_hub.run.slice_work import SliceWork, by_slice
from indic_persona_hub.run.standing import TABLE, stand_slice
from indic_persona_hub.run.steps import KEYS, Line, Step, line_of
from indic_persona_hub.select.domains.edits import Edit
from indic_persona_hub.select.domains.mapping import canonical_domains
from indic_persona_hub.stage import Clusters, SetJudge

#: Of a set judge: how it groups the rows, beside `records.EVIDENCE`.
CLUSTERED = pa.schema(
    [
        *records.EVIDENCE,
        ("survivor", pa.string()),
        ("cluster", pa.string()),
        ("similarity", pa.float32()),
    ]
)


def prepare(
    work: SliceWork,
    recipe: Recipe,
    stand: Step,
    keys: Mapping[str, Step],
    whole_set: Sequence[Step],
    rows: Mapping[int, int],
) -> None:
    """Bring forth the narrow columns that the open ones of the `whole_set` steps work on.

    Args:
        recipe: With the selection that is in force.
        stand: The step that writes where the rows stand; `keys` are those of set judges by name.
        rows: Personas by slice.
    """
    judges = [keys[step.name] for step in whole_set if step.name in keys and work.open_slices(step)]
    if not judges and not any(work.open_slices(step, 1) for step in whole_set):
        return
    folder = str(work.hub.path)
    slices = work.open_slices(stand)
    units: list[tuple[Any, ...]] = [(folder, recipe, stand, number) for number in slices]
    work.run(stand.name, stand_slice, units, sum(rows[number] for number in slices))
    wanted = by_slice(work, judges)
    units = [(folder, recipe, steps, number) for number, steps in wanted.items()]
    work.run(KEYS, keys_of_slice, units, sum(rows[number] for number in wanted))


def keys_of_slice(
    folder: str, recipe: Recipe, steps: Sequence[Step], slice_number: int
) -> list[Done]:
    """Read the texts of a slice once and write the keys of the set judges of `steps`."""
    begun = time.monotonic()
    hub, line = Hub(Path(folder)), line_of(recipe)
    bench = RecipeEmbedders(recipe.embedders)
    texts = _standing_texts(hub, line, slice_number)
    done = []
    for step in steps:
        arrays = _judge_of(line, step).keys(texts, bench)
        rows = len(texts)
        done.append(
            Done(
                step.name, slice_number, step.fingerprint, step.stage, None, rows, rows, rows,
                files=write_arrays(hub, step.table, slice_number, arrays),
            )
        )  # fmt: skip
    share = (time.monotonic() - begun) / max(1, len(done))
    return [replace(one, seconds=share) for one in done]


def _judge_of(line: Line, step: Step) -> SetJudge:
    name = step.table.rpartition("/")[2]
    return next(judge for judge in line.set_judges if judge.name == name)


def _standing_texts(hub: Hub, line: Line, slice_number: int) -> pa.ChunkedArray:
    """The texts of the personas that pass the row judges, ids ascending."""
    wanted = read_array(hub, TABLE, "ids", slice_number)
    wanted = wanted[read_array(hub, TABLE, "passes", slice_number)]
    rounds = [
        read_file(hub.table_path("personas", slice_number, one), ["id", "persona"])
        for one in range(line.last_round + 1)
    ]
    texts = pa.concat_tables(rounds)
    places = _places(wanted, ids_of(texts["id"]))
    return texts["persona"].cast(pa.large_string()).take(pa.array(places))


def _places(wanted: Ids, present: Ids) -> NDArray[np.int64]:
    """Where the rows of `wanted` (ascending, all present) stand in `present`."""
    order = np.lexsort((present[:, 1], present[:, 0]))
    key = np.ascontiguousarray(present[order].astype(">u8")).view("V16")[:, 0]
    seek = np.ascontiguousarray(wanted.astype(">u8")).view("V16")[:, 0]
    return np.asarray(order[np.flatnonzero(np.isin(key, seek))], np.int64)


class Passing(NamedTuple):
    """The personas that pass the row judges, ids ascending over all slices."""

    ids: Ids
    confidence: NDArray[np.float32]
    rows_by_slice: list[int]


def passing(hub: Hub, slices: int) -> Passing:
    """Read them from where the slices' standing was written."""
    ids, confidence, sizes = [], [], []
    for number in range(slices):
        kept = read_array(hub, TABLE, "passes", number)
        ids.append(read_array(hub, TABLE, "ids", number)[kept])
        confidence.append(read_array(hub, TABLE, "confidence", number)[kept])
        sizes.append(int(kept.sum()))
    return Passing(np.concatenate(ids), np.concatenate(confidence), sizes)


def judge_set(hub: Hub, line: Line, step: Step, slices: int) -> tuple[list[Done], str]:
    """Run one set judge over the personas that still stand, and write its evidence by slice.

    Returns:
        What was done, and of a judge that links and does not merge, how many people there are.
    """
    judge = next(judge for judge in line.set_judges if judge.name == step.stage)
    rows = passing(hub, slices)
    earlier = line.set_judges[: line.set_judges.index(judge)]
    among = np.ones(len(rows.ids), np.bool_)
    for one in earlier:
        among[np.flatnonzero(among)] = ~_fails(hub, one, slices)
    keys = KeyStore(hub, judge.name, rows.rows_by_slice)
    found = judge.clusters(keys, rows.confidence, among)
    note = "" if judge.merges else _people(found, among)
    return list(_write_clusters(hub, step, judge, rows, found, among)), note


def _people(found: Clusters, among: NDArray[np.bool_]) -> str:
    told_again = int(np.count_nonzero(found.survivor != np.arange(len(among))))
    rows = int(np.count_nonzero(among))
    return (
        f"{told_again:,} of {rows:,} personas tell of one who is told of already:"
        f" {rows - told_again:,} people."
    )


def _fails(hub: Hub, judge: SetJudge, slices: int) -> NDArray[np.bool_]:
    """Of the rows that the judge saw, ids ascending."""
    parts = [
        read_file(hub.table_path(f"evidence/{judge.name}", number), ["fails"])["fails"].to_numpy()
        for number in range(slices)
    ]
    return np.concatenate(parts)


def _write_clusters(
    hub: Hub,
    step: Step,
    judge: SetJudge,
    rows: Passing,
    found: Clusters,
    among: NDArray[np.bool_],
) -> Iterator[Done]:
    first = 0
    for number, size in enumerate(rows.rows_by_slice):
        places = first + np.flatnonzero(among[first : first + size])
        first += size
        table = _evidence(judge, rows.ids, found, places)
        path = hub.table_path(step.table, number)
        fails = int(np.count_nonzero(found.survivor[places] != places)) if judge.merges else 0
        yield Done(
            step.name, number, step.fingerprint, step.stage, None, len(places), len(places),
            len(places), fails=fails,
            files={str(path.relative_to(hub.path)): write_file(path, table)},
        )  # fmt: skip


def _evidence(judge: SetJudge, ids: Ids, found: Clusters, places: NDArray[np.int64]) -> pa.Table:
    survivor = found.survivor[places]
    repeated = survivor != places
    survivors = id_texts(ids[survivor])
    similarity = found.similarity[places].astype(np.float32)
    value = np.where(repeated, similarity, np.float32(0))
    columns = [
        id_texts(ids[places]),
        pa.array(value),
        pa.array(1 - value),
        pa.array(repeated & judge.merges),
        pc.if_else(pa.array(repeated), survivors, ""),
        survivors,
        id_texts(ids[found.cluster[places]]),
        pa.array(similarity),
    ]
    return pa.table(columns, schema=CLUSTERED)


def map_domains(hub: Hub, line: Line, step: Step, slices: int, edits: Sequence[Edit]) -> list[Done]:
    """Write the mapping of every raw domain label to its canonical domain."""
    labels: Counter[str] = Counter()
    for slice_number in range(slices):
        for one in range(line.last_round + 1):
            path = hub.table_path("personas", slice_number, one)
            for pair in pc.value_counts(read_file(path, ["domain_label"])["domain_label"]):
                labels[pair["values"].as_py()] += pair["counts"].as_py()
    labels.pop(None, None)  # type: ignore[call-overload]
    mapping = canonical_domains(labels, edits)
    path = hub.path / "domains" / "mapping.parquet"
    files = {str(path.relative_to(hub.path)): write_file(path, mapping)}
    rows = mapping.num_rows
    return [Done(step.name, 0, step.fingerprint, step.stage, None, rows, rows, rows, files=files)]
