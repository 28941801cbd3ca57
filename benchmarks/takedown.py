"""Take a source down from a hub of a million personas: all its descendants go, nothing else does.

    python benchmarks/takedown.py --rows 1000000 [--folder DIR] [--release]

The hub is written first, three rounds deep, with a row number for every persona from which its
document follows by arithmetic alone; that, and not the lineage columns, says who must be gone.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from indic_persona_hub import records
from indic_persona_hub.id_arrays import id_texts
from indic_persona_hub.release.publish import publish
from indic_persona_hub.release.verify import verify
from indic_persona_hub.run.hub import RECIPE, Hub, read_file, write_file
from indic_persona_hub.run.ledger import Done, Ledger
from indic_persona_hub.run.settings import ReleaseSettings
from indic_persona_hub.run.steps import VERDICTS
from indic_persona_hub.run.takedown import take_down
from indic_persona_hub.run.takedown_request import Request

SLICES = 16
SITES = 1_000
#: Personas of the three rounds by document: two, one of the first, one of that.
FAMILY = 4
KEPT_OF_TEN = 7
RECIPE_TEXT = f"""
sources: [{{path: pages.jsonl}}]
stages: [ingest, text_to_persona]
engine: {{runner: native, workers: 1, slices: {SLICES}}}
"""


class Family(NamedTuple):
    """Ids by row of a slice's documents: of the documents, and of the personas of each place."""

    number: NDArray[np.int64]
    document: pa.Array
    personas: list[pa.Array]


def ids(chance: np.random.Generator, prefix: NDArray[np.uint64]) -> pa.Array:
    """Ids with the form of UUIDs; the highest 16 bits are those of `prefix`."""
    high = chance.integers(0, 2**48, len(prefix), dtype=np.uint64) | (prefix << np.uint64(48))
    low = chance.integers(0, 2**64, len(prefix), dtype=np.uint64)
    high = (high & ~np.uint64(0xF000)) | np.uint64(0x8000)
    low = (low & ~(np.uint64(3) << np.uint64(62))) | (np.uint64(2) << np.uint64(62))
    return id_texts(np.stack([high, low], axis=1)).combine_chunks()


def families(documents: int, seed: int) -> Iterator[Family]:
    """The documents of each slice with their personas."""
    chance = np.random.default_rng(seed)
    prefixes = chance.integers(0, 2**16, documents, dtype=np.uint64)
    for number in range(SLICES):
        mine = np.flatnonzero(prefixes * SLICES >> 16 == number)
        prefix = prefixes[mine]
        yield Family(mine, ids(chance, prefix), [ids(chance, prefix) for _ in range(FAMILY)])


def write_hub(hub: Hub, documents: int, seed: int) -> None:
    """Write the hub; persona `place` of a family is of round 0, 0, 1, 2."""
    done = []
    for number, one in enumerate(families(documents, seed)):
        write_file(hub.table_path("documents", number), document_rows(one).sort_by("id"))
        first, second, child, grandchild = one.personas
        for round_number, made in enumerate(
            (
                [(first, one.document, None), (second, one.document, None)],
                [(child, None, first)],
                [(grandchild, None, child)],
            )
        ):
            parts = [persona_rows(one, *each, round_number) for each in made]
            table = pa.concat_tables(parts).sort_by("id")
            write_file(hub.table_path("personas", number, round_number), table)
        verdicts = verdict_rows(one)
        write_file(hub.table_path("verdicts", number), verdicts)
        kept = pc.sum(verdicts["kept"]).as_py()
        rows = verdicts.num_rows
        done.append(
            Done(VERDICTS, number, "f", VERDICTS, None, rows, rows, kept, {"over_cap": rows - kept})
        )
    ledger = Ledger(hub.ledger_path)
    ledger.mark(done)
    ledger.close()
    (hub.path / RECIPE).write_text(RECIPE_TEXT, encoding="utf-8")


def filled(schema: pa.Schema, rows: int, **columns: Any) -> pa.Table:
    """A table with these columns (an array, or one value for all rows), null in all others."""
    made = []
    for field in schema:
        value = columns.get(field.name)
        if isinstance(value, pa.Array | pa.ChunkedArray):
            made.append(value.cast(field.type))
        else:
            made.append(pa.repeat(pa.scalar(value, field.type), rows))
    return pa.table(made, schema=schema)


def texts(head: str, numbers: NDArray[np.int64]) -> pa.Array:
    return pc.binary_join_element_wise(head, pa.array(numbers).cast(pa.string()), "")


def document_rows(one: Family) -> pa.Table:
    site = texts("https://site-", one.number % SITES)
    url = pc.binary_join_element_wise(site, texts("page-", one.number), ".example.in/news/")
    text = texts(
        "A page of a few hundred characters about a trade, a place and a season. " * 6, one.number
    )
    return filled(
        records.DOCUMENT, len(one.number), id=one.document, text=text, url=url, source="pages"
    )  # fmt: skip


def persona_rows(
    one: Family,
    own: pa.Array,
    document: pa.Array | None,
    parent: pa.Array | None,
    round_number: int,
) -> pa.Table:
    head = "A weaver of a town in Telangana who keeps the books of a small cooperative and "
    method = "text_to_persona" if parent is None else "persona_to_persona"
    return filled(
        records.PERSONA, len(own), id=own, document_id=document, parent_id=parent,
        persona=texts(f"{head} teaches in the evening, {round_number}, ", one.number),
        domain_label="textiles", language="eng", script="Latn", synth_method=method,
        model="scripted", model_licence="Apache-2.0", round=round_number,
    )  # fmt: skip


def verdict_rows(one: Family) -> pa.Table:
    own = pa.chunked_array(one.personas)
    kept = np.concatenate([kept_of(one.number, place) for place in range(FAMILY)])
    reason = pc.if_else(pa.array(kept), pa.scalar(None, pa.string()), "over_cap")
    return filled(
        records.VERDICT, len(own), id=own, kept=pa.array(kept), reason=reason,
        confidence_score=0.5, domain="textiles",
    ).sort_by("id")  # fmt: skip


def kept_of(number: NDArray[np.int64], place: int) -> NDArray[np.bool_]:
    return (number * FAMILY + place) % 10 < KEPT_OF_TEN


def expected(documents: int, seed: int, gone: Callable[[NDArray[np.int64]], Any]) -> set[str]:
    """Ids that must be kept when the documents are gone for whose number `gone` says so."""
    left: set[str] = set()
    for one in families(documents, seed):
        for place, own in enumerate(one.personas):
            stays = kept_of(one.number, place) & ~gone(one.number)
            left.update(own.filter(pa.array(stays)).to_pylist())
    return left


def kept_in(hub: Hub) -> set[str]:
    tables = [read_file(path, ["id", "kept"]) for path in hub.files("verdicts")]
    return {one for table in tables for one in table.filter(table["kept"])["id"].to_pylist()}


def timed(name: str, work: Callable[[], Any]) -> Any:
    begun = time.perf_counter(), time.process_time()
    result = work()
    wall_s, cpu_s = time.perf_counter() - begun[0], time.process_time() - begun[1]
    print(f"{name}: {wall_s:.1f} s ({cpu_s:.1f} CPU seconds)", flush=True)
    return result


def check(title: str, hub: Hub, source: str, left: set[str]) -> None:
    """Take `source` down; nothing but `left` must be kept then."""
    done = timed(title, lambda: take_down(hub, Request("source", source)))
    assert done is not None
    right = kept_in(hub) == left
    print(
        f"  {len(done.found.documents):,} documents, {len(done.found.personas):,} personas,"
        f" {done.ruled_out:,} of them kept before; exactly these are gone: {right}"
    )
    assert right


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--release", action="store_true", help="Also publish and verify.")
    given = parser.parse_args()
    folder = given.folder or Path(tempfile.mkdtemp())
    hub, documents = Hub(folder / "hub"), given.rows // FAMILY
    timed(f"write {documents * FAMILY:,} personas", lambda: write_hub(hub, documents, given.seed))
    for title, source, gone in (
        ("one page", "https://site-7.example.in/news/page-7", lambda number: number == 7),
        ("one site", "https://site-5.example.in", lambda number: number % SITES == 5),
    ):
        left = expected(documents, given.seed, gone) & kept_in(hub)
        check(title, hub, source, left)
    if given.release:
        summary = timed("publish", lambda: publish(hub, folder / "out", settings=ReleaseSettings()))
        print(f"  {summary.rows:,} personas")
        report = timed("verify", lambda: verify(summary.path, hub))
        print(f"  {report.rows:,} personas, problems: {report.problems}")
    check("the whole source", hub, "pages", set())
    print(f"memory at most: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    shutil.rmtree(hub.path if given.folder else folder)


if __name__ == "__main__":
    main()
