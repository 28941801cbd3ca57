"""Our near-duplicate judge on Parquet texts, as the runner uses it, in a process of its own.

    python benchmarks/near_duplicates_ours.py IN OUT

Text is read slice by slice into keys on the disk, keys are compared, text is read again and the
rows that stay are written: see `peers_measured.py` for IN and OUT.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, cast

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from peers_measured import batches, figures, folders, report, write_kept

from indic_persona_hub import __version__
from indic_persona_hub.judge.duplicates.near_duplicates import NearDuplicates

_BATCHES_A_SLICE = 4  # of 25,000 rows


class Keys:
    """Arrays in a folder, one file a slice: see `stage.Keyed`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.rows_by_slice: list[int] = []

    def add(self, arrays: dict[str, NDArray[Any]], rows: int) -> None:
        for name, array in arrays.items():
            np.save(self._folder / f"{name}-{len(self.rows_by_slice)}.npy", array)
        self.rows_by_slice.append(rows)

    def part(self, name: str, slice_number: int) -> NDArray[Any]:
        return cast(NDArray[Any], np.load(self._folder / f"{name}-{slice_number}.npy"))


def slices(folder: Path) -> Iterator[pa.Table]:
    read = batches(folder, ["text", "confidence"])
    while found := list(islice(read, _BATCHES_A_SLICE)):
        yield pa.Table.from_batches(found)


def main() -> None:
    texts, out = folders()
    judge = NearDuplicates()
    confidence = []
    with tempfile.TemporaryDirectory(dir=out) as folder:
        keys = Keys(Path(folder))
        for table in slices(texts):
            keys.add(judge.keys(table["text"], cast(Any, None)), len(table))
            confidence.append(table["confidence"].to_numpy())
        everyone = np.ones(sum(keys.rows_by_slice), bool)
        found = judge.clusters(keys, np.concatenate(confidence), everyone)
    write_kept(texts, out, found.survivor == np.arange(len(everyone)))
    report(out, figures(), __version__, found.cluster)


main()
