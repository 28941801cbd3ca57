"""What every measured deduplicator does the same way: reading, writing, and its own figures.

Runs in the interpreter of the deduplicator that is measured, so it needs numpy and pyarrow only.
Each run is a process of its own, `python FILE IN OUT`: IN holds Parquet files with `id` and `text`;
OUT gets `kept.parquet` (id and text of the rows that stay), `clusters.npy` (int64, for each row in
reading order the first row of its cluster) and `figures.json`.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

_BEGAN_S = time.monotonic()
_BATCH_ROWS = 25_000


def folders() -> tuple[Path, Path]:
    """IN and OUT, as the command line names them."""
    return Path(sys.argv[1]), Path(sys.argv[2])


def batches(folder: Path, columns: list[str]) -> Iterator[pa.RecordBatch]:
    """The rows of the Parquet files, in the order of their names."""
    for file in sorted(folder.glob("*.parquet")):
        with pq.ParquetFile(file) as opened:
            yield from opened.iter_batches(_BATCH_ROWS, columns=columns, use_threads=False)


def write_kept(folder: Path, out: Path, kept: np.ndarray[Any, Any]) -> None:
    """Reads the texts once more and writes those where `kept` is true."""
    schema = pa.schema([("id", pa.string()), ("text", pa.string())])
    at = 0
    with pq.ParquetWriter(
        out / "kept.parquet", schema, compression="zstd", compression_level=1, use_dictionary=False
    ) as sink:
        for batch in batches(folder, ["id", "text"]):
            sink.write_batch(batch.filter(pa.array(kept[at : at + len(batch)])))
            at += len(batch)


def figures() -> dict[str, float]:
    """CPU time and peak memory of this process and its children until now."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
    status = Path("/proc/self/status").read_text().splitlines()
    peak_kib = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    return {
        "cpu_s": used,
        "wall_s": time.monotonic() - _BEGAN_S,
        "peak_mb": max(peak_kib, children.ru_maxrss) * 1024 / 1e6,
    }


def report(out: Path, measured: dict[str, float], version: str, clusters: Any) -> None:
    np.save(out / "clusters.npy", np.asarray(clusters, np.int64))
    (out / "figures.json").write_text(json.dumps({**measured, "version": version}))


def joined(rows: int, edges: list[tuple[int, int]]) -> list[int]:
    """For each row the first row that it is linked to."""
    first = list(range(rows))

    def root(row: int) -> int:
        while first[row] != row:
            first[row] = first[first[row]]
            row = first[row]
        return row

    for one, other in edges:
        low, high = sorted((root(one), root(other)))
        first[high] = low
    return [root(row) for row in range(rows)]
