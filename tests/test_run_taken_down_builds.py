"""A build keeps out what was taken down, however it is made again, and asks nobody about it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from indic_persona_hub.run.build import build
from indic_persona_hub.run.hub import Hub
from indic_persona_hub.run.recipe import load_recipe
from indic_persona_hub.run.status import status
from indic_persona_hub.run.tombstones import TAKEDOWNS, TAKEN_DOWN, read_tombstones
from scripted_hub import corpus_texts, file_digests, scripted_recipe, write_source
from takedown_rows import family, kept_of, rows_of, taken


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real hub whose pages have addresses."""
    folder = tmp_path_factory.mktemp("built")
    texts = [
        row | {"url": f"https://example.org/{number % 5}/{number}"}
        for number, row in enumerate(corpus_texts())
    ]
    source = write_source(folder / "texts.jsonl", texts)
    recipe = scripted_recipe(folder / "hub", source)
    first = recipe.sources[0]
    fields = {**first.fields, "url": "url"}
    recipe = recipe.model_copy(update={"sources": (first.model_copy(update={"fields": fields}),)})
    build(recipe)
    return folder


@pytest.fixture
def real(built: Path, tmp_path: Path) -> Hub:
    return Hub(Path(shutil.copytree(built / "hub", tmp_path / "hub")))


def rebuilt(hub: Hub, *changes: str) -> Hub:
    recipe = load_recipe(hub.path / "recipe.yaml", changes)
    return build(recipe.model_copy(update={"hub": str(hub.path)}))


def of_site(hub: Hub, site: str) -> set[str]:
    documents = rows_of(hub, "documents").items()
    mine = [one for one, row in documents if row["url"].startswith(f"{site}/")]
    assert mine
    return family(hub, mine)


def test_a_build_after_a_takedown_keeps_it_out_and_keeps_the_tombstones(real: Hub) -> None:
    below = of_site(real, "https://example.org/2")
    done = taken(real, "source", "https://example.org/2")
    rebuilt(real)
    assert not kept_of(real) & below
    verdicts = rows_of(real, "verdicts")
    assert {verdicts[one]["reason"] for one in below} == {TAKEN_DOWN}
    assert read_tombstones(real).digest == done.tombstones.digest
    before = file_digests(real.path)
    rebuilt(real)
    assert file_digests(real.path) == before


def test_a_taken_down_persona_that_is_made_again_stays_out(real: Hub) -> None:
    personas, kept = rows_of(real, "personas"), kept_of(real)
    one = next(row["parent_id"] for row in personas.values() if row["parent_id"] in kept)
    below = family(real, [one])
    taken(real, "persona", one)
    rebuilt(real, "stages.text_to_persona.candidates=3", "stages.hedging.max_per_100_words=3")
    again = rows_of(real, "personas")
    assert again[one]["persona"] == personas[one]["persona"], "it was made again"
    assert not kept_of(real) & below
    assert not [row for row in again.values() if row["parent_id"] == one and row["id"] not in below]


def test_the_same_words_under_another_id_stay_out(real: Hub) -> None:
    one = sorted(kept_of(real))[0]
    said = rows_of(real, "personas")[one]["persona"]
    taken(real, "persona", one)
    rebuilt(real, "stages.text_to_persona.sampling.temperature=0.5", "seed=8")
    told = [row["id"] for row in rows_of(real, "personas").values() if row["persona"] == said]
    assert not kept_of(real) & set(told)


def test_nothing_is_made_of_a_taken_down_document_again(real: Hub) -> None:
    gone = {one for one, row in rows_of(real, "documents").items() if "/3/" in row["url"]}
    asked = sum(one["calls"] for one in status(real)["usage"])
    taken(real, "source", "https://example.org/3")
    rebuilt(real, "stages.text_to_persona.candidates=3")
    made = rows_of(real, "personas").values()
    assert not gone & {row["document_id"] for row in made}
    assert sum(one["calls"] for one in status(real)["usage"]) > asked
    for stage in status(real)["stages"]:
        assert stage["rows_in"] == stage["rows_out"] + sum(stage["rejected"].values()), stage
    [first] = [one for one in status(real)["stages"] if one["name"] == "text_to_persona"]
    assert first["rejected"][TAKEN_DOWN] == len(gone)


def test_a_hub_made_anew_beside_its_tombstones_holds_no_word_of_it(
    built: Path, tmp_path: Path
) -> None:
    """How to purge: keep the tombstones alone and build again."""
    old = Hub(Path(shutil.copytree(built / "hub", tmp_path / "old")))
    texts = [row["text"] for row in rows_of(old, "documents").values() if "/3/" in row["url"]]
    done = taken(old, "source", "https://example.org/3")
    new = Hub(tmp_path / "new")
    shutil.copytree(old.path / TAKEDOWNS, new.path / TAKEDOWNS)
    recipe = load_recipe(old.path / "recipe.yaml")
    build(recipe.model_copy(update={"hub": str(new.path)}))
    assert read_tombstones(new).digest == done.tombstones.digest
    assert not any("/3/" in row["url"] for row in rows_of(new, "documents").values())
    rejected = new.read("rejected/ingest").to_pylist()
    withheld = [row for row in rejected if row["reason"] == TAKEN_DOWN]
    assert len(withheld) >= len(texts)
    assert {row["payload"] for row in withheld} == {None}
    [ingest] = [stage for stage in status(new)["stages"] if stage["name"] == "ingest"]
    assert ingest["rows_in"] == ingest["rows_out"] + sum(ingest["rejected"].values())
