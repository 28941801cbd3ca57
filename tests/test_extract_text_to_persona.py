"""Text-to-Persona: one row an ask, each with its lineage, whatever the order of the documents."""

from __future__ import annotations

import json
from typing import Any

import daft
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from indic_persona_hub import records
from indic_persona_hub.extract.sketching import sketch_prompt
from indic_persona_hub.extract.text_to_persona import TextToPersona
from indic_persona_hub.stage import REASON, REASON_DETAIL
from text_to_persona_rows import (
    PRESETS,
    ROLES,
    SKETCH,
    TEXTS,
    Bench,
    by_candidate,
    by_id,
    documents,
    run,
    sentence,
)


@pytest.mark.parametrize("preset", PRESETS)
def test_the_output_has_the_persona_schema_and_a_reason(preset: Any) -> None:
    frame = daft.from_arrow(pa.Table.from_pylist(documents("A ferry."), schema=records.DOCUMENT))

    table = TextToPersona(preset=preset).apply(frame, Bench()).to_arrow()

    assert table.column_names == [*records.PERSONA.names, REASON, REASON_DETAIL]
    assert table.cast(
        pa.schema([*records.PERSONA, (REASON, pa.string()), (REASON_DETAIL, pa.string())])
    )


@settings(max_examples=15, deadline=None)
@given(TEXTS, st.sampled_from(PRESETS), st.integers(1, 2), st.integers(1, 3), st.integers(2, 5))
def test_asks_are_rows_out_plus_rejected(
    texts: list[str], preset: Any, per_document: int, candidates: int, every: int
) -> None:
    def speak(values: dict[str, Any]) -> str | None:
        kind = len(values["passage"] + values["stance"]) + int(values["draw"])
        return [sentence(values), None, "no."][kind % every % 3]

    def sketch(values: dict[str, Any]) -> str | None:
        return [SKETCH, None, "Topic: ferries", SKETCH][len(values["passage"]) % every % 4]

    stage = TextToPersona(preset=preset, per_document=per_document, candidates=candidates)
    bench = Bench(speak, sketch)
    rows = run(stage, documents(*texts), bench)

    kept = [row for row in rows if row[REASON] is None]
    assert len(rows) == stage.units(len(texts)) == len(texts) * per_document * candidates
    assert bench.calls <= stage.calls(len(texts))
    assert {row[REASON] for row in rows} <= {None, "model_error", "no_persona", "no_role"}
    assert all(row["persona"] for row in kept)
    assert all(row["persona"] is None for row in rows if row[REASON])
    assert all(row["journal_key"] for row in rows)
    assert len({row["id"] for row in rows}) == len(rows)


@pytest.mark.parametrize(
    ("sketch", "reason", "detail"),
    [
        (None, "model_error", "the model broke off"),
        ("I see a river.", "no_role", "I see a river."),
        ("Topic: ferries\nReads: police\nWrites: none", "no_role", "Topic: ferries"),
        ("Reads: milk seller", "no_role", "Reads: milk seller"),
    ],
)
def test_a_sketch_without_a_subject_rejects_all_its_asks(
    sketch: str | None, reason: str, detail: str
) -> None:
    spoilt, whole = documents("The ferry leaves at six.", "A market opens.")
    bench = Bench(sketch=lambda row: sketch if row["affinity"] == spoilt["id"] else SKETCH)

    rows = run(TextToPersona(), [spoilt, whole], bench)

    lost = [row for row in rows if row["document_id"] == spoilt["id"]]
    assert [row["candidate"] for row in by_candidate(lost)] == [0, 1, 2]
    assert {row[REASON] for row in lost} == {reason}
    assert all(row[REASON_DETAIL].startswith(detail) for row in lost)
    assert all(row["journal_key"] == row["sketch_key"] is not None for row in lost)
    assert {ask["document_id"] for ask in bench.asked} == {whole["id"]}
    assert sum(row[REASON] is None for row in rows) == 3


def test_a_document_is_sketched_once_and_no_later_call_shows_the_passage() -> None:
    bench, stage = Bench(), TextToPersona(candidates=4)

    rows = run(stage, documents("The ferry leaves at six.", title="Timetable"), bench)

    [seen] = bench.sketches
    assert (seen["passage"], seen["title"]) == ("The ferry leaves at six.", "Timetable")
    assert bench.calls == stage.calls(1) == 1 + stage.units(1) == 5
    assert "passage" not in stage.prompt.placeholders
    assert len({row["journal_key"] for row in rows}) == 4
    assert len({row["sketch_key"] for row in rows}) == 1
    assert not {row["journal_key"] for row in rows} & {row["sketch_key"] for row in rows}


def test_each_candidate_takes_another_stance_and_its_role() -> None:
    bench = Bench()

    rows = run(TextToPersona(candidates=4), documents("The ferry leaves at six."), bench)

    assert {ask["stance"]: ask["role"] for ask in bench.asked} == ROLES
    assert {row["stance"] for row in rows} == set(ROLES)
    assert {row["domain_label"] for row in rows} == {"ferry times"}


def test_a_stance_without_a_role_is_not_drawn() -> None:
    bench = Bench(sketch=lambda _: "Topic: ferries\nReads: milk seller\nLikes: the police")

    run(TextToPersona(), documents("The ferry leaves at six."), bench)

    assert {(ask["stance"], ask["role"]) for ask in bench.asked} == {("read", "milk seller")}


def test_the_structured_preset_asks_once() -> None:
    bench, stage = Bench(), TextToPersona(preset="structured", candidates=2)

    rows = run(stage, documents("The ferry leaves at six."), bench)

    assert bench.sketches == []
    assert bench.calls == stage.calls(1) == stage.units(1) == 2
    assert {row["sketch_key"] for row in rows} == {None}


@settings(max_examples=10, deadline=None)
@given(TEXTS, st.sampled_from(PRESETS), st.randoms(use_true_random=False), st.integers(0, 6))
def test_order_and_split_of_the_documents_change_nothing(
    texts: list[str], preset: Any, random: Any, cut: int
) -> None:
    def sketch(values: dict[str, Any]) -> str | None:
        return [SKETCH, None, "Topic: ferries"][len(values["passage"]) % 3]

    def made(part: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return run(stage, part, Bench(sketch=sketch))

    stage, rows = TextToPersona(preset=preset), documents(*texts)
    shuffled = random.sample(rows, len(rows))

    parts = [part for part in (shuffled[:cut], shuffled[cut:]) if part]

    assert by_id(made(rows)) == by_id([row for part in parts for row in made(part)])


@pytest.mark.parametrize("preset", PRESETS)
def test_every_persona_says_where_it_comes_from(preset: Any) -> None:
    text = "The ferry leaves at six. It carries milk and schoolchildren. " * 40
    bench, stage = Bench(), TextToPersona(model="tiny", preset=preset, candidates=3)
    [document] = documents(text)

    rows = run(stage, [document], bench)

    assert {row["candidate"] for row in rows} == {0, 1, 2}
    for row, ask in zip(rows, bench.asked, strict=True):
        assert row["id"][:4] == document["id"][:4]
        assert text[row["passage_start"] : row["passage_end"]] == ask["passage"]
        assert (row["stance"], row["document_id"]) == (ask["stance"], ask["affinity"])
        assert row["prompt_hash"] == stage.prompt.content_hash
        assert (row["model"], row["model_licence"]) == ("tiny-1b", "apache-2.0")
        assert (row["synth_method"], row["round"], row["seed"]) == ("text_to_persona", 0, 7)
        assert row["parent_id"] is None
        assert row["relation"] is None


def test_all_stances_and_all_ages_of_life_occur() -> None:
    bench = Bench()
    stage = TextToPersona(preset="structured", candidates=3)

    run(stage, documents(*(f"Ferry number {n}." for n in range(80))), bench)

    ages = sorted(int(ask["opening"].split()[1].split("-")[0]) for ask in bench.asked)
    assert {ask["stance"] for ask in bench.asked} == {"read", "write", "like", "dislike"}
    assert ages[0] < 13
    assert ages[-1] >= 75
    assert 25 < ages[len(ages) // 2] < 45


@pytest.mark.parametrize("preset", PRESETS)
def test_only_the_stances_of_the_recipe_are_drawn(preset: Any) -> None:
    bench = Bench()

    run(TextToPersona(preset=preset, stances=("dislike",)), documents("One.", "Two."), bench)

    assert {ask["stance"] for ask in bench.asked} == {"dislike"}


def test_a_persona_of_one_more_candidate_leaves_the_others_as_they_were() -> None:
    rows = documents("The ferry leaves at six.")

    three, four = (run(TextToPersona(candidates=count), rows) for count in (3, 4))

    assert by_candidate(four)[:3] == by_candidate(three)


@pytest.mark.parametrize(
    ("language", "expected"), [("english", ("eng", "Latn")), ("document", ("hin", "Deva"))]
)
def test_the_language_of_the_persona_is_a_setting(language: Any, expected: tuple[str, str]) -> None:
    stage = TextToPersona(preset="structured", language=language)

    [row] = run(stage, documents("नाव छह बजे चलती है।"))

    assert (row["language"], row["script"]) == expected


def test_stated_attributes_are_kept_where_the_passage_has_their_words() -> None:
    def speak(values: dict[str, Any]) -> str:
        stated = [
            {"name": "district", "value": "Majuli", "words": "near  Majuli"},
            {"name": "gender", "value": "male", "words": "man"},
            {"name": "occupation", "value": "boatman", "words": "boatman"},
        ]
        persona = "A boatman crosses twice a day."
        return json.dumps({"persona": persona, "domain_label": "ferries", "attributes": stated})

    [row] = run(
        TextToPersona(preset="structured"), documents("A boatman rows near\nMajuli."), Bench(speak)
    )

    assert [one["name"] for one in row["stated"]] == ["district", "occupation"]


def test_no_documents_give_no_personas() -> None:
    assert run(TextToPersona(), []) == []


@pytest.mark.parametrize("setting", [{"language": "document"}, {"granularity": "coarse"}])
def test_what_the_small_prompt_cannot_say_is_refused(setting: dict[str, Any]) -> None:
    assert TextToPersona(preset="structured", **setting)
    with pytest.raises(ValidationError, match="needs preset: structured"):
        TextToPersona(**setting)


@pytest.mark.parametrize("setting", [{"stances": ()}, {"per_document": 0}, {"passage": 3}])
def test_settings_that_make_no_sense_are_refused(setting: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        TextToPersona(**setting)


def test_a_plan_counts_the_prompts_with_their_passages() -> None:
    structured = TextToPersona(preset="structured", passage_max_tokens=900)
    small, more = TextToPersona(), TextToPersona(candidates=4)

    assert structured.prompt_tokens(10) > 10 * (900 + 500)
    assert structured.prompts() == (structured.prompt,)
    assert small.prompts() == (small.prompt, sketch_prompt())
    # A passage is read once, whatever the number of asks.
    each = more.prompt_tokens(10) - small.prompt_tokens(10)
    assert small.prompt_tokens(10) - 3 * each > 10 * small.passage_tokens
    assert small.prompt_tokens(20) == 2 * small.prompt_tokens(10)
