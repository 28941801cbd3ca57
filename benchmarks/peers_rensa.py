"""rensa's in-memory deduplicator as its README shows it: pairs of a key and a text's words.

It tells whether a row is kept, and keeps no word on which row it repeats; after the measured part
each row that it dropped is asked for its duplicates among the kept ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import numpy as np
from peers_measured import batches, figures, folders, joined, report, write_kept
from rensa import RMinHashDeduplicator


def texts(folder: Path) -> Iterator[str]:
    for batch in batches(folder, ["text"]):
        yield from batch["text"].to_pylist()


def main() -> None:
    words, out = folders()
    known = RMinHashDeduplicator(threshold=0.9, num_perm=128, use_lsh=True)
    kept: list[bool] = []
    for batch in batches(words, ["text"]):
        listed = batch["text"].to_pylist()
        kept += known.add_pairs(
            (str(row), text.split()) for row, text in enumerate(listed, len(kept))
        )
    write_kept(words, out, np.array(kept))
    measured = figures()
    edges = []
    for row, text in enumerate(texts(words)):
        if not kept[row]:
            (found,) = known.get_duplicate_sets([text.split()])
            edges += [(row, int(other)) for other in found]
    report(out, measured, version("rensa"), joined(len(kept), edges))


main()
