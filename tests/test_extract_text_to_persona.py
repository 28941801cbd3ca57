"""Text-to-Persona: one row an ask, each with its lineage, whatever the order of the documents."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import daft
import pyarrow as pa
import pytest
from daft import DataFrame
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from indic_persona_hub import records
from indic_persona_hub.extract.text_to_persona import TextToPersona
from indic_persona_hub.prompts import Prompt
from indic_persona_hub.prompts.replies import (
    StatedAttribute,
    StructuredPersona,
    opening,
    read_sentence,
    read_structured,
)
from indic_persona_hub.stage import REASON, REASON_DETAIL, Sampling

PRESETS = ("small_model", "structured")


def sentence(values: dict[str, str]) -> str:
    return (
        f"{values['opening']} boatman on the river keeps a list of {len(values['passage'])} days."
    )


class Bench:
    """A workbench whose model is a function of the filled prompt's values."""

    seed = 7

    def __init__(self, speak: Callable[[dict[str, str]], str | None] = sentence) -> None:
        self.speak = speak
        self.asked: list[dict[str, Any]] = []

    def model_licence(self, model: str) -> tuple[str, str]:
        return f"{model}-1b", "apache-2.0"

    def ask(
        self,
        frame: DataFrame,
        *,
        prompt: Prompt,
        model: str,
        sampling: Sampling,
        reply: type[BaseModel] | None = None,
    ) -> DataFrame:
        rows = frame.to_pylist()
        self.asked += rows
        for row in rows:
            turns = prompt.messages({name: row[name] for name in prompt.placeholders})
            said = self.speak(row)
            if reply and said is not None and not said.startswith("{"):
                said = json.dumps({"persona": said, "domain_label": "ferries", "attributes": []})
            row["reply"] = said
            row["reason"] = None if said is not None else "model_error"
            row["reason_detail"] = "" if said is not None else "the model broke off"
            row["journal_key"] = records.content_id([str(turns), str(row["draw"])])
        added = {
            name: pa.array([row[name] for row in rows], pa.string())
            for name in ("reply", "reason", "reason_detail", "journal_key")
        }
        table = frame.to_arrow()
        for name, column in added.items():
            table = table.append_column(name, column)
        return daft.from_arrow(table)


def documents(*texts: str, **columns: Any) -> list[dict[str, Any]]:
    return [
        dict.fromkeys(records.DOCUMENT.names)
        | {"id": records.content_id([text]), "text": text, "language": "hin", "script": "Deva"}
        | {"romanised": False}
        | columns
        for text in texts
    ]


def run(
    stage: TextToPersona, rows: list[dict[str, Any]], bench: Bench | None = None
) -> list[dict[str, Any]]:
    frame = daft.from_arrow(pa.Table.from_pylist(rows, schema=records.DOCUMENT))
    return stage.apply(frame, bench or Bench()).to_pylist()


def by_id(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: str(row["id"]))


TEXTS = st.lists(
    st.text("कखि् abc.।\n", min_size=3, max_size=60).filter(str.strip),
    min_size=1,
    max_size=6,
    unique=True,
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
    def speak(values: dict[str, str]) -> str | None:
        kind = len(values["passage"] + values["opening"] + values["stance"]) % every
        return [sentence(values), None, "no."][kind % 3]

    stage = TextToPersona(preset=preset, per_document=per_document, candidates=candidates)
    rows = run(stage, documents(*texts), Bench(speak))

    kept = [row for row in rows if row[REASON] is None]
    assert len(rows) == stage.units(len(texts)) == len(texts) * per_document * candidates
    assert {row[REASON] for row in rows} <= {None, "model_error", "no_persona"}
    assert all(row["persona"] for row in kept)
    assert all(row["persona"] is None for row in rows if row[REASON])
    assert len({row["id"] for row in rows}) == len(rows)


@settings(max_examples=10, deadline=None)
@given(TEXTS, st.randoms(use_true_random=False), st.integers(0, 6))
def test_order_and_split_of_the_documents_change_nothing(
    texts: list[str], random: Any, cut: int
) -> None:
    stage, rows = TextToPersona(), documents(*texts)
    shuffled = random.sample(rows, len(rows))

    parts = [part for part in (shuffled[:cut], shuffled[cut:]) if part]

    assert by_id(run(stage, rows)) == by_id([row for part in parts for row in run(stage, part)])


def test_every_persona_says_where_it_comes_from() -> None:
    text = "The ferry leaves at six. It carries milk and schoolchildren. " * 40
    bench, stage = Bench(), TextToPersona(model="tiny")
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

    run(TextToPersona(), documents(*(f"Ferry number {n}." for n in range(80))), bench)

    ages = sorted(int(ask["opening"].split()[1].split("-")[0]) for ask in bench.asked)
    assert {ask["stance"] for ask in bench.asked} == {"read", "write", "like", "dislike"}
    assert ages[0] < 13
    assert ages[-1] >= 75
    assert 25 < ages[len(ages) // 2] < 45


def test_only_the_stances_of_the_recipe_are_drawn() -> None:
    bench = Bench()

    run(TextToPersona(stances=("dislike",)), documents("One.", "Two."), bench)

    assert {ask["stance"] for ask in bench.asked} == {"dislike"}


def test_a_persona_of_one_more_candidate_leaves_the_others_as_they_were() -> None:
    rows = documents("The ferry leaves at six.")

    three, four = (run(TextToPersona(candidates=count), rows) for count in (3, 4))

    assert four[:3] == three


@pytest.mark.parametrize(
    ("language", "expected"), [("english", ("eng", "Latn")), ("document", ("hin", "Deva"))]
)
def test_the_language_of_the_persona_is_a_setting(language: Any, expected: tuple[str, str]) -> None:
    stage = TextToPersona(preset="structured", language=language)

    [row] = run(stage, documents("नाव छह बजे चलती है।"))

    assert (row["language"], row["script"]) == expected


def test_stated_attributes_are_kept_where_the_passage_has_their_words() -> None:
    def speak(values: dict[str, str]) -> str:
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


def test_the_attributes_that_a_model_may_state_are_those_of_the_records() -> None:
    schema = StatedAttribute.model_json_schema()

    assert tuple(schema["properties"]["name"]["enum"]) == records.ATTRIBUTES
    assert set(StructuredPersona.model_json_schema()["required"]) == set(
        StructuredPersona.model_fields
    )


@pytest.mark.parametrize("setting", [{"language": "document"}, {"granularity": "coarse"}])
def test_what_the_small_prompt_cannot_say_is_refused(setting: dict[str, Any]) -> None:
    assert TextToPersona(preset="structured", **setting)
    with pytest.raises(ValidationError, match="needs preset: structured"):
        TextToPersona(**setting)


@pytest.mark.parametrize("setting", [{"stances": ()}, {"per_document": 0}, {"passage": 3}])
def test_settings_that_make_no_sense_are_refused(setting: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        TextToPersona(**setting)


def test_a_plan_counts_the_prompt_with_its_passage() -> None:
    stage = TextToPersona(preset="structured", passage_max_tokens=900)

    assert stage.prompt_tokens_per_ask() > 900 + 500
    assert stage.prompts()[0].content_hash == stage.prompt.content_hash


@pytest.mark.parametrize(
    ("reply", "persona", "label"),
    [
        ("A cook in Puri feeds forty.", "A cook in Puri feeds forty.", None),
        (
            "A cook in Puri feeds forty.\nField: temple  kitchen.",
            "A cook in Puri feeds forty.",
            "temple kitchen",
        ),
        ("A cook in Puri feeds forty. **Domain:** food", "A cook in Puri feeds forty.", "food"),
        ("\n1. “A cook in Puri feeds forty.”\n2. Another", "A cook in Puri feeds forty.", None),
        ("- Persona: A cook in Puri feeds forty.\nField:", "A cook in Puri feeds forty.", None),
        (
            "पुरी की एक रसोइया चालीस लोगों को खिलाती है।",
            "पुरी की एक रसोइया चालीस लोगों को खिलाती है।",
            None,
        ),
    ],
)
def test_a_sentence_and_its_field_are_read(reply: str, persona: str, label: str | None) -> None:
    assert read_sentence(reply) == (persona, label, [])


@pytest.mark.parametrize("reply", ["", "\n\n", "Field: cooking", "A cook.", "…"])
def test_a_reply_without_a_sentence_holds_no_persona(reply: str) -> None:
    assert read_sentence(reply) is None


@given(st.text(max_size=200))
def test_any_reply_can_be_read(reply: str) -> None:
    answer = read_sentence(reply)

    assert answer is None or (answer.persona.strip() and "\n" not in answer.persona)


def test_an_empty_persona_in_a_whole_reply_is_none() -> None:
    assert read_structured('{"persona": " ", "domain_label": "", "attributes": []}', "") is None


def test_the_article_fits_the_age() -> None:
    assert [opening(age).split("-")[0] for age in (7, 8, 11, 18, 21, 81)] == [
        "A 7",
        "An 8",
        "An 11",
        "An 18",
        "A 21",
        "An 81",
    ]
