"""A build keeps out what was taken down, however it is made again, and asks nobody about it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from indic_persona_hub.errors import StorageError
from indic_persona_hub.run.build import build
from indic_persona_hub.run.hub import TAKEDOWNS, Hub
from indic_persona_hub.run.recipe import load_recipe
from indic_persona_hub.run.status import status
from indic_persona_hub.run.tombstones import TAKEN_DOWN, read_tombstones
from scripted_hub import file_digests
from takedown_rows import build_of_sites, family, kept_of, rebuilt, rows_of, taken


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_of_sites(tmp_path_factory.mktemp("built"))


@pytest.fixture
def real(built: Path, tmp_path: Path) -> Hub:
    return Hub(Path(shutil.copytree(built / "hub", tmp_path / "hub")))


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


def test_a_taken_down_persona_that_is_made_again_is_rejected_without_a_word_of_it(
    real: Hub,
) -> None:
    personas, kept = rows_of(real, "personas"), kept_of(real)
    one = next(row["parent_id"] for row in personas.values() if row["parent_id"] in kept)
    below = family(real, [one])
    taken(real, "persona", one)
    rebuilt(real, "stages.text_to_persona.candidates=3", "stages.hedging.max_per_100_words=3")
    again = rows_of(real, "personas")
    assert one not in again
    [lost] = [row for row in real.read("rejected/text_to_persona").to_pylist() if row["row"] == one]
    assert (lost["reason"], lost["detail"], lost["payload"]) == (TAKEN_DOWN, None, None)
    assert not kept_of(real) & below
    assert not [row for row in again.values() if row["parent_id"] == one]
    for stage in status(real)["stages"]:
        assert stage["rows_in"] == stage["rows_out"] + sum(stage["rejected"].values()), stage
    taken(real, "persona", one)  # it is known, though the tables have it no more


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


@pytest.mark.parametrize("table", ["personas", "documents"])
def test_a_damaged_file_is_made_anew_after_a_takedown(real: Hub, table: str) -> None:
    """Deleted, as the cure says: what is made anew lacks who was taken down, and so does all that
    was made of it.
    """
    asked = sum(one["calls"] for one in status(real)["usage"])
    below = of_site(real, "https://example.org/2")
    taken(real, "source", "https://example.org/2")
    rebuilt(real)
    kept = kept_of(real)
    for file in real.files(table):
        if table == "documents" or "-round-0" in file.name:
            file.unlink()
    rebuilt(real)
    assert not below & rows_of(real, "personas").keys()
    assert kept_of(real) == kept
    assert sum(one["calls"] for one in status(real)["usage"]) == asked, "all from the journal"
    rebuilt(real, "stages.hedging.max_per_100_words=3")  # reads the origins of everyone again


@pytest.mark.parametrize("build_between", [True, False])
def test_a_takedown_is_undone_by_removing_its_file_and_a_build(
    real: Hub, build_between: bool
) -> None:
    before = kept_of(real)
    done = taken(real, "source", "https://example.org/2")
    assert done.ruled_out
    if build_between:
        rebuilt(real)
    shutil.rmtree(real.path / TAKEDOWNS)
    assert kept_of(rebuilt(real)) == before


def test_a_build_refuses_where_nobody_can_tell_what_was_taken_down(
    real: Hub, tmp_path: Path
) -> None:
    taken(real, "source", "https://example.org/2")
    kept = kept_of(real)
    shutil.move(real.path / TAKEDOWNS, tmp_path / "kept")
    (real.path / TAKEDOWNS).write_text("")
    with pytest.raises(StorageError, match="brings back what was taken down"):
        rebuilt(real, "stages.hedging.max_per_100_words=3")
    assert kept_of(real) == kept


def test_a_rejected_page_stays_out_whatever_a_later_build_asks_for(real: Hub) -> None:
    """By its words or by where it came from: one setting rejects it, the next would take it in."""
    documents = rows_of(real, "documents")
    [one] = [one for one, row in documents.items() if row["url"].endswith("/2/7")]
    other = next(one for one, row in documents.items() if row["url"].endswith("/3/8"))
    words = max(documents[one]["text"].split(". "), key=len).strip()
    shares = "stages.ingest.min_characters"
    rebuilt(real, f"{shares}={max(len(row['text']) for row in documents.values())}")
    assert not {one, other} & rows_of(real, "documents").keys()
    assert taken(real, "match", words).found.rejected.to_pylist() == [one]
    assert not taken(real, "source", "https://example.org/3/8").found
    rebuilt(real, f"{shares}=200")
    assert rows_of(real, "documents").keys() == documents.keys() - {one, other}
