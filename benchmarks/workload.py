"""A seeded workload for curation: persona-like texts with planted duplicates and known truth.

    python benchmarks/workload.py --rows 1000000 --out /tmp/workload

Texts of 300 to 1,200 characters: 60% Latin, 30% Devanagari, 10% Tamil script. Every fifth row or so
belongs to a family of 2 to 6: copies that differ in case, spaces, punctuation, NFC/NFD and joiners
only, and copies with words changed, so that their exact Jaccard similarity (sets of words as
`judge.words.words_of` gives them) lies on both sides of 0.9. Some families stay in their block of
25,000 rows; those of the others are strewn over blocks far apart. Domain labels follow Zipf's law
over 90,633 labels. The same rows and seed give the same bytes; blocks are made one at a time.

OUT/personas/*.parquet: id, text, label, language, script, method, source, source_id, confidence.
OUT/truth/rows.parquet: id, family, component (of pairs of at least 0.9), kind, for family members.
OUT/truth/pairs.parquet: one, other (ids), jaccard, for all pairs within each family. Unrelated
texts are no duplicates: among 25 million pairs of one script the most similar had 0.59.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from workload_families import (
    AWAY,
    FRESH,
    HOME,
    MEAN_SIZE,
    ROWS,
    Families,
    Truth,
    families,
    ids,
    label_numbers,
    rewritten,
    scripts,
    truth,
    units,
)
from workload_texts import LANGUAGES, SCRIPTS, Numbers, draw, joined
from workload_words import labels

from indic_persona_hub.records import METHODS

BLOCK_ROWS = 25_000
_HOME_SHARE, _AWAY_SHARE = 0.14, 0.06  # rows in families within one block, over several
_SOURCES = ("web", "schemes", "stories", "helpline", "news", "wiki", "forum", "courts", "health")


class Workload(NamedTuple):
    """How many rows, in how many blocks."""

    rows: int
    seed: int

    @property
    def blocks(self) -> int:
        return -(-self.rows // BLOCK_ROWS)

    def size(self, block: int) -> int:
        return self.rows * (block + 1) // self.blocks - self.rows * block // self.blocks

    def group(self, stream: int, block: int) -> Families:
        share = _HOME_SHARE if stream == HOME else _AWAY_SHARE
        return families(self.seed, stream, block, int(self.rows / self.blocks * share / MEAN_SIZE))

    def planted(self, block: int) -> list[Families]:
        """The family members that stand in a block, its own groups' and those from afar."""
        parts = [self.group(HOME, block)]
        for place, shift in enumerate((0, 1, self.blocks // 3, self.blocks // 2)):
            away = self.group(AWAY, (block - shift) % self.blocks)
            here = np.flatnonzero(away.place == place)
            parts.append(Families(away.texts.take(here), *(part[here] for part in away[1:])))
        return parts

    def truths(self, block: int) -> list[Truth]:
        """Of the families whose groups are the block's, wherever their members stand."""
        groups = ((stream, self.group(stream, block)) for stream in (HOME, AWAY))
        return [truth(self.seed, stream, block, made) for stream, made in groups]

    def block(self, block: int) -> pa.Table:
        """The rows of one block, families and others shuffled."""
        planted = self.planted(block)
        count = self.size(block) - sum(len(part.unit) for part in planted)
        chance = np.random.default_rng([self.seed, FRESH, block])
        texts = joined([draw(chance, scripts(chance, count)), *(part.texts for part in planted)])
        change = np.concatenate([np.zeros(count, np.int64), *(part.change for part in planted)])
        label = np.concatenate([label_numbers(chance, count), *(part.label for part in planted)])
        unit = np.concatenate([units(FRESH, block, count), *(part.unit for part in planted)])
        columns = {"id": ids(self.seed, unit), "text": rewritten(texts.written(), change)}
        columns["label"] = pa.array(labels()).take(pa.array(label))
        columns |= _drawn_columns(np.random.default_rng([self.seed, ROWS, block]), texts.script)
        order = chance.permutation(len(unit))
        return pa.table(columns).take(pa.array(order))


def _drawn_columns(chance: np.random.Generator, script: Numbers) -> dict[str, Any]:
    rows = len(script)
    method = np.searchsorted((0.6, 0.9), chance.random(rows))
    document = pa.array(chance.integers(0, 10**9, rows)).cast(pa.string())
    return {
        "language": pa.array(LANGUAGES).take(pa.array(script)),
        "script": pa.array(SCRIPTS).take(pa.array(script)),
        "method": pa.array(METHODS).take(pa.array(method)),
        "source": pa.array(_SOURCES).take(pa.array(chance.integers(0, len(_SOURCES), rows))),
        "source_id": pc.binary_join_element_wise("doc", document, "-"),
        "confidence": chance.uniform(0.2, 1, rows).astype(np.float32),
    }


def write(folder: Path, rows: int, seed: int, rows_per_file: int = 250_000) -> dict[str, int]:
    """Writes the workload; returns its counts, which OUT/workload.json holds too.

    Files end with a whole block, so that `rows_per_file` is met to 25,000 rows.
    """
    load = Workload(rows, seed)
    (folder / "personas").mkdir(parents=True)
    (folder / "truth").mkdir()
    counts = Counter(rows=rows, seed=seed)
    per_file = max(1, rows_per_file // BLOCK_ROWS)
    row_truth, pair_truth = (
        _Growing(folder / "truth" / f"{it}.parquet") for it in ("rows", "pairs")
    )
    with row_truth, pair_truth:
        for number, first in enumerate(range(0, load.blocks, per_file)):
            with _Growing(folder / "personas" / f"part-{number:05}.parquet") as personas:
                for block in range(first, min(first + per_file, load.blocks)):
                    personas.add(load.block(block))
                    for found in load.truths(block):
                        row_truth.add(found.rows)
                        pair_truth.add(found.pairs)
                        counts.update(found.counts())
    (folder / "workload.json").write_text(json.dumps(counts), encoding="utf-8")
    return counts


class _Growing:
    """A Parquet file that grows by row groups."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: pq.ParquetWriter | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._writer is not None:
            self._writer.close()

    def add(self, table: pa.Table) -> None:
        if self._writer is None:
            narrow = [name for name in table.schema.names if name in _REPEATING]
            options = {"compression": "zstd", "compression_level": 1, "use_dictionary": narrow}
            self._writer = pq.ParquetWriter(self._path, table.schema, **options)
        self._writer.write_table(table)


_REPEATING = {"label", "language", "script", "method", "source", "kind"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--rows-per-file", type=int, default=250_000)
    options = parser.parse_args()
    print(json.dumps(write(options.out, options.rows, options.seed, options.rows_per_file)))


if __name__ == "__main__":
    main()
