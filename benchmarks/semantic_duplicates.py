"""Measure `semantic_duplicates`: what its lists find of what brute force finds, and the cost.

    python benchmarks/semantic_duplicates.py --rows 100000 [--slice-rows 100000] [--json]

Texts are drawn from words of the example corpus; a tenth are earlier texts with 2 to 20% of their
words replaced, one third of those also with their words in another order. Brute force compares each
with each up to 100,000 rows; above, recall is that of the planted pairs whose cosine reaches the
threshold. CPU-seconds are of all threads; set OPENBLAS_NUM_THREADS to 2 or less.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indic_persona_hub.judge.meaning.close_rows import FEW, links
from indic_persona_hub.judge.meaning.survivors import ranks, survivors
from indic_persona_hub.judge.meaning.whole_vectors import StoredVectors, paired_cosines, whole
from indic_persona_hub.models.embedders.hashed import HashedEmbedder
from indic_persona_hub.models.embedders.settings import HashedSettings

CORPUS = Path(__file__).parents[1] / "examples" / "corpus"
THRESHOLD = 0.9
BRUTE_ROWS = 100_000
PLANTED = 10  # one text in so many is an earlier one, reworded


class Parts:
    """Vectors by slice; see `stage.Keyed`."""

    def __init__(self, slices: list[NDArray[np.int8]]) -> None:
        self.slices = slices

    @property
    def rows_by_slice(self) -> list[int]:
        return list(map(len, self.slices))

    def part(self, name: str, slice_number: int) -> NDArray[Any]:
        return self.slices[slice_number].copy()  # as if read from the disk


def words_by_script() -> list[list[str]]:
    """Words of the corpus in Latin, Devanagari and Tamil script."""
    found: list[set[str]] = [set(), set(), set()]
    for file in sorted(CORPUS.rglob("*")):
        if file.is_file():
            for word in file.read_text("utf-8", "ignore").split():
                first = next((letter for letter in word if letter.isalpha()), "")
                if "a" <= first.lower() <= "z":
                    found[0].add(word)
                elif "\u0900" <= first <= "\u097f":
                    found[1].add(word)
                elif "\u0b80" <= first <= "\u0bff":
                    found[2].add(word)
    return [sorted(words) for words in found if len(words) > 500]


def texts(rows: int, seed: int = 5) -> Iterator[tuple[str, int]]:
    """(text, the row that it rewords, or -1)."""
    chance = random.Random(seed)
    vocabularies = words_by_script()
    # Word frequencies fall off as in real text.
    weights = [[1 / (place + 3) for place in range(len(words))] for words in vocabularies]
    for words in vocabularies:
        chance.shuffle(words)
    recent: list[tuple[int, list[str], int]] = []
    for row in range(rows):
        if row % PLANTED == PLANTED - 1:
            origin, words, script = recent[chance.randrange(len(recent))]
            changed = list(words)
            for _ in range(int(len(words) * chance.uniform(0.02, 0.2))):
                changed[chance.randrange(len(words))] = chance.choice(vocabularies[script])
            if chance.random() < 1 / 3:
                chance.shuffle(changed)
            yield " ".join(changed), origin
            continue
        script = chance.choices(range(len(vocabularies)), [6, 3, 1][: len(vocabularies)])[0]
        words = chance.choices(vocabularies[script], weights[script], k=chance.randrange(50, 180))
        recent.append((row, words, script))
        recent = recent[-5000:]
        yield " ".join(words), -1


def embedded(rows: int, slice_rows: int) -> tuple[list[NDArray[np.int8]], list[int], float]:
    """Vectors by slice, the row that each rewords, and the CPU-seconds of embedding."""
    embedder = HashedEmbedder(HashedSettings())
    slices, origins, spent_s = [], [], 0.0
    part: list[str] = []
    for text, origin in texts(rows):
        part.append(text)
        origins.append(origin)
        if len(part) == slice_rows or len(origins) == rows:
            begun_s = time.process_time()
            slices.append(whole(embedder.embed(part)))
            spent_s += time.process_time() - begun_s
            part = []
    return slices, origins, spent_s


def failing(vectors: StoredVectors, rows: int, few: int) -> tuple[NDArray[np.bool_], float]:
    """Rows that fail, and CPU-seconds."""
    begun_s = time.process_time()
    every = np.arange(rows)
    found = links(vectors, every, ranks(np.zeros(rows, np.float32), every), THRESHOLD, few=few)
    fails = survivors(found, rows).survivor != every
    return fails, time.process_time() - begun_s


def recall_of_planted(
    vectors: StoredVectors, fails: NDArray[np.bool_], origins: list[int]
) -> float:
    """Share of the planted rows as close to their origin as the threshold asks that fail."""
    planted = np.flatnonzero(np.array(origins) >= 0)
    found = []
    for at in range(0, len(planted), 50_000):
        rows = planted[at : at + 50_000]
        origin = np.array(origins)[rows]
        held, where = np.unique(origin, return_inverse=True)
        close = paired_cosines(vectors.take(rows), vectors.take(held)[where]) >= THRESHOLD
        found.append(fails[rows[close]])
    return float(np.concatenate(found).mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=BRUTE_ROWS)
    parser.add_argument("--slice-rows", type=int, default=100_000)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    slices, origins, embed_s = embedded(asked.rows, asked.slice_rows)
    vectors = StoredVectors(Parts(slices), "vectors")
    fails, search_s = failing(vectors, asked.rows, FEW)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    million = asked.rows / 1e6
    measured: dict[str, Any] = {
        "rows": asked.rows,
        "removed": int(fails.sum()),
        "recall_of_planted": round(recall_of_planted(vectors, fails, origins), 4),
        "embed_cpu_s_per_million": round(embed_s / million, 1),
        "search_cpu_s_per_million": round(search_s / million, 1),
        "rows_per_cpu_s": round(asked.rows / (embed_s + search_s)),
        "peak_mb": round(peak_mb),
    }
    if asked.rows <= BRUTE_ROWS:
        exact, brute_s = failing(vectors, asked.rows, asked.rows)
        measured["recall"] = round(float((fails & exact).sum() / max(1, exact.sum())), 4)
        measured["precision"] = round(float((fails & exact).sum() / max(1, fails.sum())), 4)
        measured["brute_force_cpu_s"] = round(brute_s, 1)
    if asked.json:
        print(json.dumps(measured))
    else:
        for name, value in measured.items():
            print(f"{name:26} {value:>12}")


if __name__ == "__main__":
    main()
