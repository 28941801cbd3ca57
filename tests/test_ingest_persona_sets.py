"""Persona sets: every row is a persona or refused with its reason, whatever the file holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from indic_persona_hub.errors import RecipeError, SourceError
from indic_persona_hub.ingest.persona_sets import PersonaSource, pool_units, read_pool
from indic_persona_hub.ingest.pool_rows import MAX_CHARACTERS, POOL
from indic_persona_hub.run.recipe import parse_recipe

WEAVER = "A weaver in Chanderi who counts her threads by lamplight."


def pool(source: PersonaSource) -> list[dict[str, Any]]:
    tables = [table for unit in pool_units(source) for table in read_pool(source, unit)]
    assert all(table.schema.equals(POOL) for table in tables)
    return pa.concat_tables([POOL.empty_table(), *tables]).to_pylist()


def parquet(path: Path, columns: dict[str, Any], **options: Any) -> Path:
    pq.write_table(pa.table(columns), path, **options)
    return path


def test_columns_are_mapped_and_ids_kept(tmp_path: Path) -> None:
    file = parquet(
        tmp_path / "set.parquet",
        {"text": [WEAVER], "label": ["handloom"], "uid": [7], "how": ["text_to_persona"]},
    )
    fields = {"persona": "text", "domain": "label", "id": "uid", "synth_method": "how"}
    [row] = pool(PersonaSource(path=str(file), fields=fields, licence="cc0-1.0"))
    assert row["persona"] == WEAVER
    assert row["domain_label"] == "handloom"
    assert row["source_id"] == "7"
    assert row["source"] == "set"
    assert row["source_licence"] == "cc0-1.0"
    assert row["synth_method"] == "text_to_persona"
    assert row["model"] == "unknown"
    assert row["place"] == "set.parquet:1"
    assert row["reason"] is None


def test_what_is_not_usable_is_refused_with_its_reason(tmp_path: Path) -> None:
    long = "a" * 5_000_000
    file = parquet(tmp_path / "set.parquet", {"persona": [None, "", " \n", long, WEAVER]})
    rows = pool(PersonaSource(path=str(file)))
    reasons = [row["reason"] for row in rows]
    assert reasons == ["missing_text", "empty_text", "empty_text", "too_long", None]
    assert rows[3]["reason_detail"] == "5,000,000 characters"
    assert len(rows[3]["persona"]) < 10_000  # the payload is the beginning


def test_bytes_that_are_not_utf8_are_refused_and_their_neighbours_kept(tmp_path: Path) -> None:
    bad = pa.Array.from_buffers(
        pa.string(), 2, [None, pa.py_buffer(bytes([0, 0, 0, 0, 2, 0, 0, 0, 5, 0, 0, 0])),
                         pa.py_buffer(b"\xff\xfeabc")],
    )  # fmt: skip
    file = parquet(tmp_path / "set.parquet", {"persona": bad})
    assert [row["reason"] for row in pool(PersonaSource(path=str(file)))] == ["invalid_utf8", None]


def test_a_column_may_change_its_type_between_shards(tmp_path: Path) -> None:
    parquet(tmp_path / "a.parquet", {"persona": [WEAVER], "id": [12]})
    parquet(tmp_path / "b.parquet", {"persona": [WEAVER], "id": ["12x"]})
    parquet(tmp_path / "c.parquet", {"persona": [3.5], "id": [None]})
    parquet(
        tmp_path / "d.parquet",
        {"persona": pa.array([WEAVER]).dictionary_encode(), "id": [{"a": 1}]},
    )
    source = PersonaSource(path=str(tmp_path), fields={"id": "id"})
    rows = pool(source)
    assert [row["source_id"] for row in rows] == ["12", "12x", None, '{"a": 1}']
    assert [row["reason"] for row in rows] == [None, None, "missing_text", None]
    assert rows[2]["reason_detail"] == "is of type double"


def test_jsonl_lines_are_rows_too(tmp_path: Path) -> None:
    lines = [
        json.dumps({"text": WEAVER, "meta": {"topic": "handloom"}}),
        "{",
        json.dumps({"text": 3}),
        json.dumps({"text": "\ud800"}),
        json.dumps({"other": WEAVER}),
    ]
    file = tmp_path / "set.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    rows = pool(PersonaSource(path=str(file), fields={"persona": "text", "domain": "meta.topic"}))
    assert rows[0]["domain_label"] == "handloom"
    assert [row["reason"] for row in rows] == [
        None, "not_json", "missing_text", "invalid_utf8", "missing_text",
    ]  # fmt: skip


def test_an_id_comes_from_the_sets_own_id_else_from_the_text(tmp_path: Path) -> None:
    one = pool(PersonaSource(path=str(parquet(tmp_path / "s.parquet", {"persona": ["a", "b"]}))))
    other = pool(PersonaSource(path=str(parquet(tmp_path / "s.parquet", {"persona": ["b", "a"]}))))
    assert [row["id"] for row in one] == [row["id"] for row in reversed(other)]
    named = {"persona": ["a", "b"], "id": ["x", "x"]}
    file = parquet(tmp_path / "s.parquet", named)
    first, second = pool(PersonaSource(path=str(file), fields={"id": "id"}))
    assert first["id"] == second["id"] != one[0]["id"]


def test_limit_ends_within_a_file(tmp_path: Path) -> None:
    for name in ("a", "b"):
        texts = [f"{name} {number}" for number in range(100)]
        parquet(tmp_path / f"{name}.parquet", {"persona": texts}, row_group_size=30)
    rows = pool(PersonaSource(path=str(tmp_path), limit=130))
    assert len(rows) == 130
    assert rows[-1]["persona"] == "b 29"


def test_a_missing_column_is_named_with_the_nearest(tmp_path: Path) -> None:
    file = parquet(tmp_path / "set.parquet", {"personas": [WEAVER]})
    with pytest.raises(SourceError, match="no column 'persona'; the nearest are: personas"):
        pool_units(PersonaSource(path=str(file)))


def test_a_folder_of_both_forms_is_refused(tmp_path: Path) -> None:
    """As a release is: each persona would be there twice."""
    parquet(tmp_path / "set.parquet", {"persona": [WEAVER]})
    (tmp_path / "set.jsonl").write_text(json.dumps({"persona": WEAVER}) + "\n", "utf-8")
    with pytest.raises(SourceError, match="same personas twice"):
        pool(PersonaSource(path=str(tmp_path)))
    assert len(pool(PersonaSource(path=str(tmp_path / "*.parquet")))) == 1


def test_a_cut_off_file_is_an_error(tmp_path: Path) -> None:
    file = parquet(tmp_path / "set.parquet", {"persona": [WEAVER] * 1000})
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(SourceError, match="not a whole Parquet file"):
        pool_units(PersonaSource(path=str(file)))


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(ValidationError, match="domain"):
        PersonaSource.model_validate({"path": "x", "fields": {"domian": "label"}})


def test_a_field_may_go_by_a_usual_name_of_its_columns() -> None:
    source = PersonaSource.model_validate({"path": "x", "fields": {"sex": "sx", "text": "told"}})
    assert source.fields == {"persona": "told", "gender": "sx"}


def test_a_recipe_says_in_words_which_field_is_not_known() -> None:
    text = "{hub: x, sources: [{kind: personas, path: y, fields: {sexx: z}}], stages: [adopt]}"
    with pytest.raises(RecipeError) as raised:
        parse_recipe(text)
    said = raised.value.message
    assert said == "sources.0.personas: there is no field 'sexx'; did you mean 'sex'?"


def stated(row: dict[str, Any]) -> dict[str, str]:
    assert all(one["words"] is None for one in row["stated"] or [])
    return {one["name"]: one["value"] for one in row["stated"] or []}


def test_columns_that_state_an_attribute_go_along_as_they_are(tmp_path: Path) -> None:
    file = parquet(
        tmp_path / "set.parquet",
        {
            "persona": [WEAVER, WEAVER + " Twice.", WEAVER + " Thrice."],
            "sex": ["Female", None, ""],
            "age": [34, 150, None],
            "education_level": ["Graduate & above", "", None],
            "marital_status": ["Never Married"] * 3,
            "first_language": ["Bundeli", "Hindi", None],
            "State": ["Madhya Pradesh", "Uttarakhnad", None],
        },
    )
    first, second, third = pool(PersonaSource(path=str(file)))
    assert stated(first) == {
        "state": "Madhya Pradesh", "age": "34", "gender": "Female", "mother_tongue": "Bundeli",
        "education": "Graduate & above",
    }  # fmt: skip
    assert stated(second) == {"state": "Uttarakhnad", "age": "150", "mother_tongue": "Hindi"}
    assert stated(third) == {}


def test_what_the_recipe_maps_goes_before_the_usual_names(tmp_path: Path) -> None:
    file = parquet(
        tmp_path / "set.parquet",
        {"persona": [WEAVER], "state": ["alive"], "home": ["Goa"], "occupation": ["weaver"]},
    )
    fields = {"state": "home", "domain": "occupation"}
    [row] = pool(PersonaSource(path=str(file), fields=fields))
    assert stated(row) == {"state": "Goa"}
    assert row["domain_label"] == "weaver"


def test_a_set_without_such_columns_states_nothing(tmp_path: Path) -> None:
    file = parquet(tmp_path / "set.parquet", {"persona": [WEAVER], "mood": ["calm"]})
    [row] = pool(PersonaSource(path=str(file)))
    assert row["stated"] is None


def test_keys_of_jsonl_state_attributes_too(tmp_path: Path) -> None:
    lines = [
        json.dumps({"persona": WEAVER, "age": 34, "state": "Bihar"}),
        json.dumps({"persona": WEAVER + " Twice.", "age": {"years": 3}}),
    ]
    file = tmp_path / "set.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    first, second = pool(PersonaSource(path=str(file)))
    assert stated(first) == {"state": "Bihar", "age": "34"}
    assert stated(second) == {"age": '{"years": 3}'}


def test_a_key_that_the_first_line_lacks_states_an_attribute(tmp_path: Path) -> None:
    lines = [json.dumps({"persona": WEAVER}), json.dumps({"persona": WEAVER + " 2.", "age": 34})]
    file = tmp_path / "set.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    first, second = pool(PersonaSource(path=str(file)))
    assert (stated(first), stated(second)) == ({}, {"age": "34"})


cells = st.one_of(st.none(), st.text(max_size=30), st.just(" "), st.just(WEAVER))


@given(st.lists(cells, max_size=40), st.integers(1, 50))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_row_is_there_once(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str | None], group: int
) -> None:
    folder = tmp_path_factory.mktemp("set")
    texts = [one and one.encode("utf-8", "replace").decode() for one in texts]
    column = pa.array(texts, pa.string())
    file = parquet(folder / "set.parquet", {"persona": column}, row_group_size=group)
    rows = pool(PersonaSource(path=str(file)))
    assert [row["place"] for row in rows] == [f"set.parquet:{n + 1}" for n in range(len(texts))]
    for row, text in zip(rows, texts, strict=True):
        good = text is not None and bool(text.strip()) and len(text) <= MAX_CHARACTERS
        assert (row["reason"] is None) == good
        if good:
            assert row["persona"] == text
