"""datasketch as its documentation shows it: query the LSH index, insert what it does not know."""

from __future__ import annotations

import datasketch
import numpy as np
from datasketch import MinHash, MinHashLSH
from peers_measured import batches, figures, folders, joined, report, write_kept


def main() -> None:
    words, out = folders()
    index = MinHashLSH(threshold=0.9, num_perm=128)
    edges: list[tuple[int, int]] = []
    kept: list[bool] = []
    for batch in batches(words, ["text"]):
        for text in batch["text"].to_pylist():
            sketch = MinHash(num_perm=128)
            sketch.update_batch([word.encode() for word in set(text.split())])
            found = index.query(sketch)
            edges += [(len(kept), other) for other in found]
            index.insert(len(kept), sketch)
            kept.append(not found)
    write_kept(words, out, np.array(kept))
    measured = figures()
    report(out, measured, datasketch.__version__, joined(len(kept), edges))


main()
