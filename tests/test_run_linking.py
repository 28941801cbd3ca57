"""Semantic duplicates, other scripts and translations in a whole build."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from indic_persona_hub.errors import RecipeError
from indic_persona_hub.run.build import build
from indic_persona_hub.run.recipe import parse_recipe
from indic_persona_hub.run.status import status

NATIVE = "मैं बनारस के घाट पर नाव चलाता हूँ और सुबह की आरती के समय विदेशी यात्रियों को गंगा पार ले जाता हूँ।"
ROMAN = (
    "Main Banaras ke ghat par naav chalata hoon aur subah ki aarti ke samay videshi yatriyon ko"
    " Ganga paar le jata hoon."
)
OTHER = "A toddy tapper from Palakkad who climbs forty palms before the first bus."
AGAIN = "A toddy tapper from Palakkad, who climbs forty palms before the first morning bus."


@pytest.fixture
def pool(tmp_path: Path) -> Path:
    table = pa.table({"persona": [NATIVE, ROMAN, OTHER, AGAIN], "id": ["n", "r", "o", "a"]})
    pq.write_table(table, tmp_path / "set.parquet")
    return tmp_path


def recipe_text(folder: Path, stages: str) -> str:
    return f"""
hub: {folder}/hub
sources: [{{kind: personas, path: {folder}/set.parquet, fields: {{id: id}}}}]
stages: {stages}
engine: {{slices: 2}}
"""


def reasons(folder: Path, stages: str) -> dict[str, str | None]:
    hub = build(parse_recipe(recipe_text(folder, stages)))
    own = {row["id"]: row["source_id"] for row in hub.read("personas").to_pylist()}
    return {own[row["id"]]: row["reason"] for row in hub.read("verdicts").to_pylist()}


def test_the_same_words_in_another_script_are_linked_and_people_counted(pool: Path) -> None:
    assert set(reasons(pool, "[other_script]").values()) == {None}
    hub = build(parse_recipe(recipe_text(pool, "[other_script]")))
    assert status(hub)["notes"]["other_script"].endswith(
        "1 of 4 personas tell of one who is told of already: 3 people."
    )
    evidence = hub.read("evidence/other_script")
    assert len(set(evidence["cluster"].to_pylist())) == 3
    assert not any(evidence["fails"].to_pylist())


def test_they_are_merged_when_asked(pool: Path) -> None:
    found = reasons(pool, "[other_script: {merge: true}]")
    assert {found["n"], found["r"]} == {None, "judge:other_script"}


def test_rewordings_are_semantic_duplicates(pool: Path) -> None:
    found = reasons(pool, "[semantic_duplicates: {threshold: 0.7}]")
    assert {found["o"], found["a"]} == {None, "judge:semantic_duplicates"}
    assert found["n"] is found["r"] is None


def test_a_changed_embedder_judges_again(pool: Path) -> None:
    text = recipe_text(pool, "[semantic_duplicates: {threshold: 0.7}]")
    first = build(parse_recipe(text))
    file = first.files("evidence/semantic_duplicates")[0]
    before = file.stat().st_mtime_ns
    build(parse_recipe(text))
    assert file.stat().st_mtime_ns == before
    build(parse_recipe(text, ("embedders.default.kind=hashed", "embedders.default.dimensions=128")))
    assert file.stat().st_mtime_ns != before


def test_an_embedder_that_is_not_there_is_named(pool: Path) -> None:
    with pytest.raises(RecipeError, match=r"uses the embedder 'multilingual'.*default"):
        parse_recipe(recipe_text(pool, "[semantic_duplicates: {embedder: multilingual}]"))
