"""datatrove's four MinHash steps on one worker: 1-grams of words between spaces, 8 x 16 hashes.

Its text normalising is off, since the words come normalised.
"""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from datatrove.executor.local import LocalPipelineExecutor
from datatrove.pipeline.dedup import (
    MinhashConfig,
    MinhashDedupBuckets,
    MinhashDedupCluster,
    MinhashDedupFilter,
    MinhashDedupSignature,
)
from datatrove.pipeline.readers import ParquetReader
from datatrove.pipeline.writers.parquet import ParquetWriter
from datatrove.utils.logging import logger
from datatrove.utils.text import TextNormConfig
from datatrove.utils.word_tokenizers import WordTokenizer
from peers_measured import figures, folders, report

PLAIN = TextNormConfig(
    lowercase=False,
    norm_whitespace=False,
    remove_punctuation=False,
    norm_unicode_diacritics=False,
    norm_numbers=False,
)


class Spaces(WordTokenizer):
    """Words are what stands between spaces."""

    def word_tokenize(self, text: str) -> list[str]:
        return text.split()

    def sent_tokenize(self, text: str) -> list[str]:
        return [text]

    def span_tokenize(self, text: str) -> list[tuple[int, int]]:
        return [(0, len(text))]


def steps(words: Path, work: Path, out: Path) -> list[tuple[list[object], int]]:
    """Each step's pipeline and number of tasks."""
    config = MinhashConfig(n_grams=1, num_buckets=8, hashes_per_bucket=16, norm_config=PLAIN)
    signatures, buckets, removed = (str(work / name) for name in ("sigs", "buckets", "removed"))
    reader = ParquetReader(str(words), read_metadata=False, glob_pattern="*.parquet")
    clustering = MinhashDedupCluster(buckets, removed, config=config, save_cluster_id=True)
    return [
        ([reader, MinhashDedupSignature(signatures, config=config, language=Spaces())], 1),
        ([MinhashDedupBuckets(signatures, buckets, config=config)], config.num_buckets),
        ([clustering], 1),
        ([reader, MinhashDedupFilter(removed), ParquetWriter(str(out / "kept"))], 1),
    ]


def main() -> None:
    words, out = folders()
    logger.remove()
    work = out / "work"
    for number, (pipeline, tasks) in enumerate(steps(words, work, out)):
        logs = str(work / f"logs-{number}")
        LocalPipelineExecutor(pipeline, tasks=tasks, workers=1, logging_dir=logs).run()
    measured = figures()
    report(out, measured, version("datatrove"), clusters(words, work / "removed"))


def clusters(words: Path, removed: Path) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """For each row the first row of its cluster."""
    rows = sum(pq.ParquetFile(file).metadata.num_rows for file in words.glob("*.parquet"))
    first = np.arange(rows)
    saved = sorted(removed.glob("*.clusters"))
    found = [np.fromfile(file, "<u4").reshape(-1, 2) for file in saved]
    row, number = np.concatenate([np.zeros((0, 2), np.uint32), *found]).astype(np.int64).T
    lowest: dict[int, int] = {}
    for one, cluster in zip(row.tolist(), number.tolist(), strict=True):
        first[one] = lowest.setdefault(cluster, one)
    return first


if __name__ == "__main__":
    main()
