"""text-dedup's own command for MinHash, on one process, with the faster of its hash functions.

Its words are split where Python's `\\W` matches, which cuts Indic words at their vowel signs.
"""

from __future__ import annotations

import importlib
import os
import pickle
from importlib.metadata import version
from pathlib import Path

from peers_measured import batches, figures, folders, report


def command(words: Path, out: Path) -> list[str]:
    said = {
        "path": "parquet",
        "data_files": str(words / "*.parquet"),
        "split": "train",
        "cache_dir": str(out / "cache"),
        "output": str(out / "kept"),
        "column": "text",
        "ngram": "1",
        "min_length": "1",
        "num_perm": "128",
        "threshold": "0.9",
        "hash_func": "xxh3",
        "num_proc": "1",
    }
    return ["--debug", *(part for name, value in said.items() for part in (f"--{name}", value))]


def main() -> None:
    words, out = folders()
    os.environ |= {"HF_HUB_OFFLINE": "1", "HF_HOME": str(out / "home")}
    minhash = importlib.import_module("text_dedup.minhash")
    minhash.main(command(words, out), standalone_mode=False)
    measured = figures()
    rows = sum(len(batch) for batch in batches(words, ["id"]))
    report(out, measured, version("text-dedup"), clusters(out / "kept" / "uf.pkl", rows))


def clusters(saved: Path, rows: int) -> list[int]:
    with saved.open("rb") as file:
        links = pickle.load(file)
    parents = links.parent

    def root(row: int) -> int:
        while parents.get(row, row) != row:
            row = parents[row]
        return row

    return [root(row) for row in range(rows)]


main()
