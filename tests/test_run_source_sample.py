"""The beginning of every source: how many documents there are, without a build."""

import csv
import gzip
import json
import random
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from indic_persona_hub.errors import SourceError
from indic_persona_hub.ingest.documents import Ingest
from indic_persona_hub.ingest.persona_sets import PersonaSource
from indic_persona_hub.ingest.sources import Source
from indic_persona_hub.run.build import build
from indic_persona_hub.run.source_sample import SAMPLE_ROWS, pool_rows, read_sample
from indic_persona_hub.run.status import status
from scripted_hub import corpus_texts, scripted_recipe, write_source

#: More than is read.
ROWS = 5_000
LONG = "The weekly haat at Koraput sells ginger and turmeric until dusk, and Mangal weighs it. "


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    """One in ten is long enough to be a document, at seeded places, all of unlike lengths."""
    chance = random.Random(5)
    kept = [chance.random() < 0.1 for _ in range(ROWS)]
    return [
        {
            "id": str(number),
            "text": f"{number}. " + LONG * (chance.randint(3, 9) if long else 0),
            "other": "x" * chance.randint(0, 200),
        }
        for number, long in enumerate(kept)
    ]


def write_jsonl(path: Path, rows) -> None:
    write_source(path, rows)


def write_packed(path: Path, rows) -> None:
    """Two gzip members, one behind the other, as `cat` makes them."""
    lines = [json.dumps(row) + "\n" for row in rows]
    halves = (lines[: ROWS // 3], lines[ROWS // 3 :])
    path.write_bytes(b"".join(gzip.compress("".join(half).encode()) for half in halves))


def write_csv(path: Path, rows) -> None:
    """Texts stand on several lines each."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ["id", "text", "other"])
        writer.writeheader()
        writer.writerows(row | {"text": row["text"].replace(", ", ",\n")} for row in rows)


def write_parquet(path: Path, rows) -> None:
    pq.write_table(pa.Table.from_pylist(rows), path)


@pytest.mark.parametrize(
    ("kind", "name", "write"),
    [
        ("jsonl", "a.jsonl", write_jsonl),
        ("jsonl", "a.jsonl.gz", write_packed),
        ("csv", "a.csv", write_csv),
        ("parquet", "a.parquet", write_parquet),
    ],
)
def test_a_long_source_is_scaled_up_to_about_what_it_holds(kind, name, write, rows, tmp_path):
    write(tmp_path / name, rows)
    sample = read_sample([Source(kind=kind, path=str(tmp_path / name))], Ingest())
    documents = sum(len(row["text"]) > 200 for row in rows)
    assert not sample.exact
    assert sample.rows == pytest.approx(ROWS, rel=0.1)
    assert sample.count == pytest.approx(documents, rel=0.15)
    drawn = sample.counts_drawn(np.random.default_rng(1), 500)
    low, high = np.quantile(drawn, [0.01, 0.99])
    assert low < sample.count < high
    assert low < documents < high
    assert sample.documents["weight"].to_numpy().sum() == pytest.approx(sample.count, abs=1)
    if kind == "parquet":
        assert sample.rows == ROWS, "its footer says so"


def test_a_limit_within_a_long_source_is_the_number_of_its_rows(rows, tmp_path) -> None:
    write_jsonl(tmp_path / "a.jsonl", rows)
    source = Source(kind="jsonl", path=str(tmp_path / "a.jsonl"), limit=SAMPLE_ROWS + 700)
    assert read_sample([source], Ingest()).rows == SAMPLE_ROWS + 700
    few = read_sample([source.model_copy(update={"limit": 300})], Ingest())
    assert (few.rows, few.exact) == (300, True)


def test_a_short_source_is_counted_as_ingest_counts_it(tmp_path) -> None:
    """Duplicates within and between sources too, and texts under one id."""
    texts = corpus_texts()[:12]
    again = [texts[0], texts[1] | {"id": "another"}, texts[2] | {"text": texts[3]["text"]}]
    one = write_source(tmp_path / "one.jsonl", [*texts, *again, {"text": "Too short."}])
    two = write_source(tmp_path / "two.jsonl", [texts[4], texts[5] | {"id": "more"}])
    base = scripted_recipe(tmp_path / "hub", one)
    both = tuple(
        base.sources[0].model_copy(update={"path": str(path), "name": path.stem})
        for path in (one, two)
    )
    stages = tuple(stage for stage in base.stages if stage.name in ("ingest", "text_to_persona"))
    recipe = base.model_copy(update={"sources": both, "stages": stages})
    sample = read_sample(recipe.sources, Ingest())
    hub = build(recipe)
    ingested = next(one for one in status(hub)["stages"] if one["name"] == "ingest")
    assert sample.exact
    assert (sample.rows, sample.count) == (ingested["rows_in"], ingested["rows_out"])
    kept = hub.read("documents")
    assert sorted(sample.documents["id"].to_pylist()) == sorted(kept["id"].to_pylist())
    by_id = {row["id"]: row for row in kept.to_pylist()}
    for row in sample.documents.drop_columns(["weight"]).to_pylist():
        assert row == by_id[row["id"]]
    assert set(sample.counts_drawn(np.random.default_rng(1), 9)) == {float(sample.count)}


def test_a_source_that_is_not_there_is_an_error(tmp_path) -> None:
    with pytest.raises(SourceError):
        read_sample([Source(kind="jsonl", path=str(tmp_path / "absent.jsonl"))], Ingest())


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_the_rows_of_a_jsonl_persona_set_are_scaled_from_its_lines(
    tmp_path: Path, packed: bool
) -> None:
    """A packed file's lines are those of its text, not those of its bytes."""
    lines = [json.dumps({"persona": f"a nurse, number {one * 7919}"}) for one in range(20_000)]
    text = "\n".join(lines).encode()
    path = tmp_path / ("set.jsonl.gz" if packed else "set.jsonl")
    path.write_bytes(gzip.compress(text) if packed else text)
    rows, exact = pool_rows([PersonaSource(path=str(path))])
    assert not exact
    assert rows == pytest.approx(20_000, rel=0.05)
