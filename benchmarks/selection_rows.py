"""Seeded narrow rows for selection: Zipf domains over 90,633 buckets, the top ones over-full."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indic_persona_hub.select.standing import Standing

DOMAINS = 90_633
#: Judges that fail 1% of the rows each.
JUDGES = 3
_METHODS = (0.6, 0.35, 0.05)


def cap_for(rows: int) -> int:
    """The cap that stands to `rows` as 100,000 stands to 20,000,000."""
    return max(1, rows // 200)


def write_rows(folder: Path, rows: int, seed: int) -> None:
    """Write `ids.npy` (uint64, ascending) and an array for each field of `Standing`.

    Half of the rows come from a document, of which there are half as many as rows. A twentieth are
    in near-duplicate clusters. Confidence has four decimals, so that ties are many.
    """
    chance = np.random.default_rng(seed)
    ids = np.sort(mixed(np.arange(rows, dtype=np.uint64) + np.uint64(seed)))
    save(folder, "ids", ids)
    save(folder, "tie", mixed(ids ^ np.uint64(0x9E3779B97F4A7C15)))
    failed = chance.integers(0, 100, rows, dtype=np.int16)
    save(folder, "failed", np.where(failed > JUDGES, 0, failed).astype(np.int16))
    save(folder, "confidence", chance.beta(8, 2, rows).round(4).astype(np.float32))
    document = chance.integers(0, rows // 2 + 1, rows, dtype=np.int32)
    save(folder, "document", np.where(chance.random(rows) < 0.5, document, np.int32(-1)))
    domain = zipf(chance, rows, DOMAINS)
    save(folder, "domain", domain)
    near = (domain.astype(np.int64) * 7919 + chance.integers(0, 1000, rows)) % rows
    near[chance.random(rows) >= 0.05] = -1
    save(folder, "cluster", near.astype(np.int32))
    method = np.searchsorted(np.cumsum(_METHODS)[:-1], chance.random(rows))
    save(folder, "method", method.astype(np.int8))
    save(folder, "language", zipf(chance, rows, 12).astype(np.int16))
    save(folder, "source", zipf(chance, rows, 8).astype(np.int16))


def read_ids(folder: Path) -> NDArray[np.uint64]:
    return np.load(folder / "ids.npy")


def read_standing(folder: Path) -> Standing:
    return Standing(*(np.load(folder / f"{name}.npy") for name in Standing._fields))


def save(folder: Path, name: str, array: NDArray) -> None:
    np.save(folder / f"{name}.npy", array)


def zipf(chance: np.random.Generator, rows: int, kinds: int) -> NDArray[np.int32]:
    """Codes 0 to `kinds` - 1 in shuffled order; the k-th most frequent is 1/k as frequent."""
    shares = np.cumsum(1 / np.arange(1, kinds + 1))
    drawn = np.searchsorted(shares / shares[-1], chance.random(rows), side="right")
    return chance.permutation(kinds).astype(np.int32)[np.minimum(drawn, kinds - 1)]


def mixed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """SplitMix64's finaliser: another 64-bit number for each, no two the same."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))
