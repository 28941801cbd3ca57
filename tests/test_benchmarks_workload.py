"""The benchmark's workload: what it plants is there, its truth is true, and it never changes."""

import sys
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any
from unicodedata import normalize

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from indic_persona_hub.judge.words import words_of

sys.path.append(str(Path(__file__).parents[1] / "benchmarks"))

from near_duplicates import measure, plain_words
from near_duplicates_quality import quality, truth
from peers_measured import joined
from workload import write
from workload_families import families
from workload_words import labels

ROWS = 30_000  # two blocks, so that families reach over both


@pytest.fixture(scope="module")
def load(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("load") / "out"
    write(folder, ROWS, 3, rows_per_file=25_000)
    return folder


@pytest.fixture(scope="module")
def personas(load: Path) -> pa.Table:
    return pq.read_table(load / "personas")


@pytest.fixture(scope="module")
def alone(personas: pa.Table, load: Path) -> pa.Table:
    """The rows that no other row repeats."""
    members = pq.read_table(load / "truth" / "rows.parquet")["id"]
    return personas.filter(pc.invert(pc.is_in(personas["id"], members)))


@pytest.fixture(scope="module")
def words(personas: pa.Table, load: Path) -> dict[str, frozenset[str]]:
    """The words of every member of a family."""
    members = pq.read_table(load / "truth" / "rows.parquet")["id"]
    rows = personas.filter(pc.is_in(personas["id"], members))
    pairs = zip(rows["id"].to_pylist(), rows["text"].to_pylist(), strict=True)
    return {name: frozenset(words_of(text)) for name, text in pairs}


@pytest.fixture(scope="module")
def pairs(load: Path) -> list[dict[str, Any]]:
    return pq.read_table(load / "truth" / "pairs.parquet").to_pylist()


def test_has_the_rows_asked_for_with_different_ids_in_files_of_whole_blocks(
    load: Path, personas: pa.Table
) -> None:
    assert len(set(personas["id"].to_pylist())) == len(personas) == ROWS
    assert len(list((load / "personas").glob("*.parquet"))) == 2


def test_texts_are_300_to_1200_characters_in_three_scripts(
    personas: pa.Table, alone: pa.Table
) -> None:
    lengths = pc.utf8_length(alone["text"]).to_numpy()
    assert lengths.min() >= 300
    assert lengths.max() <= 1_200
    shares = {one: n / ROWS for one, n in Counter(personas["script"].to_pylist()).items()}
    assert shares == pytest.approx({"Latn": 0.6, "Deva": 0.3, "Taml": 0.1}, abs=0.02)


def test_texts_have_about_90_different_words(words: dict[str, frozenset[str]]) -> None:
    assert 85 < np.mean([len(one) for one in words.values()]) < 110


def test_the_same_seed_gives_the_same_bytes_and_another_one_others(tmp_path: Path) -> None:
    for name, seed in (("one", 5), ("again", 5), ("other", 6)):
        write(tmp_path / name, 1_000, seed)
    found = {
        name: [file.read_bytes() for file in sorted((tmp_path / name).rglob("*.parquet"))]
        for name in ("one", "again", "other")
    }
    assert found["one"] == found["again"]
    assert all(a != b for a, b in zip(found["one"], found["other"], strict=True))


def test_the_stated_similarity_is_that_of_the_written_words(
    pairs: list[dict[str, Any]], words: dict[str, frozenset[str]]
) -> None:
    for pair in pairs:
        one, other = words[pair["one"]], words[pair["other"]]
        assert pair["jaccard"] == len(one & other) / len(one | other)


def test_every_pair_of_a_family_is_stated(load: Path, pairs: list[dict[str, Any]]) -> None:
    rows = pq.read_table(load / "truth" / "rows.parquet").to_pylist()
    by_family: dict[int, list[str]] = {}
    for row in rows:
        by_family.setdefault(row["family"], []).append(row["id"])
    expected = {frozenset(p) for ids in by_family.values() for p in combinations(ids, 2)}
    assert {frozenset((pair["one"], pair["other"])) for pair in pairs} == expected
    assert {len(ids) for ids in by_family.values()} == {2, 3, 4, 5, 6}


def test_components_are_chains_of_pairs_of_at_least_nine_tenths(
    load: Path, pairs: list[dict[str, Any]]
) -> None:
    rows = pq.read_table(load / "truth" / "rows.parquet").to_pylist()
    number = {row["id"]: at for at, row in enumerate(rows)}
    near = [pair for pair in pairs if pair["jaccard"] >= 0.9]
    first = joined(len(rows), [(number[pair["one"]], number[pair["other"]]) for pair in near])
    stated = {(row["component"], first[at]) for at, row in enumerate(rows)}
    assert len(stated) == len({one for one, _ in stated}) == len({other for _, other in stated})


def test_near_copies_lie_on_both_sides_of_nine_tenths(pairs: list[dict[str, Any]]) -> None:
    near = [pair["jaccard"] for pair in pairs if pair["jaccard"] < 1]
    below = sum(0.8 <= one < 0.9 for one in near) / len(near)
    above = sum(one >= 0.9 for one in near) / len(near)
    assert below > 0.3
    assert above > 0.3


def test_exact_copies_are_written_in_every_way_with_the_same_words(
    personas: pa.Table, load: Path, words: dict[str, frozenset[str]], pairs: list[dict[str, Any]]
) -> None:
    text = dict(zip(personas["id"].to_pylist(), personas["text"].to_pylist(), strict=True))
    seen = "".join(
        text[pair["other"]]
        for pair in pairs
        if pair["jaccard"] == 1 and text[pair["one"]] != text[pair["other"]]
    )
    for mark in ("  ", " .\n", " ।\n", " –", "!", "…", "्\u200d", "்\u200c", "s\u200ch", "\u095c"):
        assert mark in seen, mark
    assert "e\u0301" in seen  # NFD
    assert "É" in seen  # upper case


def test_families_reach_over_blocks_far_apart(load: Path) -> None:
    block = {
        name: number
        for number, file in enumerate(sorted((load / "personas").glob("*.parquet")))
        for name in pq.read_table(file, columns=["id"])["id"].to_pylist()
    }
    places: dict[int, set[int]] = {}
    for row in pq.read_table(load / "truth" / "rows.parquet").to_pylist():
        places.setdefault(row["family"], set()).add(block[row["id"]])
    reaching = sum(len(one) == 2 for one in places.values())
    assert 0.1 < reaching / len(places) < 0.4


def test_unrelated_texts_are_far_from_alike(alone: pa.Table) -> None:
    for script in ("Latn", "Deva", "Taml"):
        texts = alone.filter(pc.equal(alone["script"], script))["text"].slice(0, 200).to_pylist()
        sets = [frozenset(words_of(text)) for text in texts]
        assert max(len(a & b) / len(a | b) for a, b in combinations(sets, 2)) < 0.7


def test_a_group_of_families_does_not_depend_on_where_it_is_asked_for() -> None:
    one = families(3, 2, 7, 20)
    families.cache_clear()
    assert all(
        np.array_equal(a, b) for a, b in zip(one.texts, families(3, 2, 7, 20).texts, strict=True)
    )


def test_labels_follow_zipf_over_90633_names(personas: pa.Table) -> None:
    assert len(set(labels())) == len(labels()) == 90_633
    counts = Counter(personas["label"].to_pylist())
    assert counts[labels()[0]] / ROWS == pytest.approx(np.log(2) / np.log(90_634), rel=0.15)
    assert len(counts) > 5_000


def test_peers_read_the_words_that_ours_sees(personas: pa.Table) -> None:
    some = personas["text"].combine_chunks().slice(0, 3_000)
    expected = [normalize("NFD", " ".join(words_of(text))) for text in some.to_pylist()]
    assert plain_words(some).to_pylist() == expected


def test_quality_of_perfect_split_and_merged_clusters(load: Path) -> None:
    known = truth(load)
    perfect = quality(known, known.component)
    assert perfect["recall"] == perfect["precision"] == perfect["pair_recall"] == 1
    assert quality(known, np.arange(ROWS)) == {
        "recall": 0,
        "precision": 1,
        "pair_recall": 0,
        "pair_precision": 1,
    }
    merged = quality(known, known.component // 2)
    assert merged["recall"] == 1
    assert merged["precision"] < 0.95


def test_ours_finds_nearly_all_near_duplicates_and_hardly_anything_else() -> None:
    found = measure(20_000, 20_000, None)
    assert found["recall"] >= 0.98
    assert found["precision"] >= 0.98
    assert found["pair_recall"] >= 0.98
