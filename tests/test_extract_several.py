"""Text-to-Persona with several personas a call and several choices a prompt: nobody is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from indic_persona_hub.extract.text_to_persona import TextToPersona
from indic_persona_hub.models.caller import Caller
from indic_persona_hub.models.journal import Journal
from indic_persona_hub.models.load.lanes import Lanes
from indic_persona_hub.models.scripted import ScriptedModel
from indic_persona_hub.models.settings import ScriptedSettings
from indic_persona_hub.models.workbench import HubWorkbench
from indic_persona_hub.stage import REASON, REASON_DETAIL, Sampling
from scripted_hub import corpus_texts
from text_to_persona_rows import (
    PRESETS,
    TEXTS,
    Bench,
    by_candidate,
    by_id,
    documents,
    run,
    sentence,
)


@st.composite
def settings_of_a_call(draw: st.DrawFn) -> dict[str, Any]:
    """Settings of the structured preset whose calls are full."""
    per_document, candidates = draw(st.integers(1, 3)), draw(st.integers(1, 4))
    asks = per_document * candidates
    per_call = draw(st.sampled_from([one for one in range(1, asks + 1) if asks % one == 0]))
    return {
        "preset": "structured",
        "per_document": per_document,
        "candidates": candidates,
        "personas_per_call": per_call,
        "sampling": {"choices": draw(st.integers(1, 3))},
    }


def answer_of_kind(values: dict[str, Any]) -> str | None:
    """A persona, none, too short a one, one that says the same at each choice, or a failed call."""
    kind = (len(values["passage"]) + 5 * int(values["draw"]) + 3 * values["choice"]) % 7
    same = f"{values['opening']} boatman rows to the same bank."
    return [sentence(values), sentence(values), "", "no.", same, same, None][kind]


@settings(max_examples=20, deadline=None)
@given(TEXTS, settings_of_a_call())
def test_however_asks_are_grouped_each_choice_of_each_is_one_row(
    texts: list[str], setting: dict[str, Any]
) -> None:
    stage, bench = TextToPersona(**setting), Bench(answer_of_kind)
    asks, choices = stage.asks_per_document, stage.drawn_by.choices

    rows = run(stage, documents(*texts), bench)

    assert len(rows) == stage.units(len(texts)) == len(texts) * asks * choices
    assert bench.calls == stage.calls(len(texts)) == len(texts) * asks // stage.personas_per_call
    for document in documents(*texts):
        own = [row for row in rows if row["document_id"] == document["id"]]
        assert sorted(row["candidate"] for row in own) == list(range(asks * choices))
    assert len({row["id"] for row in rows}) == len(rows)
    assert all((row["persona"] is None) == (row[REASON] is not None) for row in rows)
    said = [(row["document_id"], row["candidate"] // choices, row["persona"]) for row in rows]
    kept = [one for one in said if one[2] is not None]
    assert len(set(kept)) == len(kept)


@settings(max_examples=10, deadline=None)
@given(TEXTS, settings_of_a_call(), st.randoms(use_true_random=False))
def test_order_changes_nothing_of_grouped_asks(
    texts: list[str], setting: dict[str, Any], random: Any
) -> None:
    stage, rows = TextToPersona(**setting), documents(*texts)

    shuffled = run(stage, random.sample(rows, len(rows)), Bench(answer_of_kind))

    assert by_id(shuffled) == by_id(run(stage, rows, Bench(answer_of_kind)))


def test_a_call_for_several_reads_the_passage_once_and_lists_the_same_people() -> None:
    def asked(**more: Any) -> tuple[Bench, list[dict[str, Any]]]:
        bench = Bench()
        stage = TextToPersona(preset="structured", per_document=4, **more)
        return bench, run(stage, documents("The ferry leaves at six."), bench)

    one, single = asked()
    four, several = asked(personas_per_call=4)

    assert (one.calls, four.calls) == (4, 1)
    [turns] = four.prompts
    assert turns[-1][1].count("The ferry leaves at six.") == 1
    for number, (alone, together) in enumerate(zip(single, several, strict=True), 1):
        line = f"{number}. Someone who would {alone['stance']} this text; begin with: "
        assert line in turns[-1][1]
        for name in ("persona", "stance", "candidate", "passage_start", "document_id", "model"):
            assert together[name] == alone[name]
    assert len({row["journal_key"] for row in several}) == 1
    assert {row["prompt_hash"] for row in single}.isdisjoint(row["prompt_hash"] for row in several)


def test_people_whom_a_reply_leaves_out_are_rejected_and_the_others_stay() -> None:
    def speak(values: dict[str, Any]) -> str:
        return sentence(values) if values["draw"] < 2 else ""

    stage = TextToPersona(preset="structured", per_document=4, personas_per_call=4)
    rows = run(stage, documents("The ferry leaves at six."), Bench(speak))

    assert [row[REASON] for row in rows] == [None, None, "no_persona", "no_persona"]
    assert {row[REASON_DETAIL] for row in rows[2:]} == {"the reply holds 2 of 4"}


def test_a_failed_call_for_several_rejects_each_of_them() -> None:
    stage = TextToPersona(preset="structured", per_document=3, personas_per_call=3)
    rows = run(stage, documents("The ferry leaves at six."), Bench(lambda _: None))

    assert [(row[REASON], row[REASON_DETAIL]) for row in rows] == [
        ("model_error", "the model broke off")
    ] * 3


@pytest.mark.parametrize(
    ("per_document", "per_call", "asks"), [(1, 4, 4), (2, 4, 4), (6, 4, 12), (4, 4, 4), (3, 1, 3)]
)
def test_candidates_that_nobody_set_fill_the_calls(
    per_document: int, per_call: int, asks: int
) -> None:
    stage = TextToPersona(
        preset="structured", per_document=per_document, personas_per_call=per_call
    )

    assert stage.asks_per_document == asks
    assert stage.calls(10) == 10 * asks // per_call


@pytest.mark.parametrize(
    ("setting", "cure"),
    [
        ({"personas_per_call": 2}, "needs preset: structured"),
        ({"personas_per_call": 2, "language": "document"}, "needs preset: structured"),
        ({"preset": "structured", "candidates": 3, "personas_per_call": 2}, "set candidates: 2"),
        ({"preset": "structured", "personas_per_call": 17}, "less than or equal to 16"),
    ],
)
def test_calls_that_would_not_be_full_are_refused(setting: dict[str, Any], cure: str) -> None:
    with pytest.raises(ValidationError, match=cure):
        TextToPersona(**setting)


@pytest.mark.parametrize(
    "setting",
    [
        {},
        {"preset": "structured", "per_document": 2},
        {"preset": "structured", "per_document": 2, "personas_per_call": 4},
        {"preset": "structured", "personas_per_call": 3, "sampling": {"choices": 2}},
        {"sampling": {"choices": 3}, "candidates": 1},
    ],
)
def test_more_candidates_leave_those_before_as_they_were(setting: dict[str, Any]) -> None:
    stage, rows = TextToPersona(**setting), documents("The ferry leaves at six.", "A haat opens.")
    more = stage.with_more_candidates(1)

    before, after = run(stage, rows), run(more, rows)

    assert len(after) == more.units(2) > len(before)
    assert {row["id"]: row for row in after}.items() >= {row["id"]: row for row in before}.items()
    assert stage.with_more_candidates(2) == more.with_more_candidates(1)


@pytest.mark.parametrize("preset", PRESETS)
def test_each_choice_is_a_candidate_for_which_no_prompt_is_read_again(preset: Any) -> None:
    bench = Bench()
    stage = TextToPersona(preset=preset, candidates=2, sampling={"choices": 3})

    rows = run(stage, documents("The ferry leaves at six."), bench)

    assert len(bench.asked) == 2
    assert len(rows) == stage.units(1) == 6
    assert stage.calls(1) == TextToPersona(preset=preset, candidates=2).calls(1)
    assert stage.prompt_tokens(1) == TextToPersona(preset=preset, candidates=2).prompt_tokens(1)
    assert [row["candidate"] for row in by_candidate(rows)] == list(range(6))
    assert len({row["persona"] for row in rows}) == len({row["id"] for row in rows}) == 6
    assert [len({row["journal_key"] for row in part}) for part in (rows[:3], rows[3:])] == [1, 1]


def test_a_choice_that_says_the_same_again_is_rejected() -> None:
    bench = Bench(lambda _: "A boatman rows to the other bank.")
    stage = TextToPersona(candidates=2, sampling={"choices": 3})

    rows = by_candidate(run(stage, documents("The ferry leaves at six."), bench))

    # Another ask may say it again: that is for the judges of duplicates.
    again = "same_as_another_choice"
    assert [row[REASON] for row in rows] == [None, again, again] * 2
    assert {row[REASON_DETAIL] for row in rows[1:3]} == {"A boatman rows to the other bank."}


def test_choices_that_the_endpoint_leaves_out_are_rejected() -> None:
    stage = TextToPersona(candidates=2, sampling={"choices": 3})

    rows = by_candidate(run(stage, documents("The ferry leaves."), Bench(gives=2)))

    assert [row[REASON] for row in rows] == [None, None, "no_choice"] * 2
    assert rows[2][REASON_DETAIL] == "the endpoint gave 2 of 3"


@pytest.mark.parametrize(
    ("bench", "reason"),
    [(Bench(lambda _: None), "model_error"), (Bench(sketch=lambda _: "I see."), "no_role")],
)
def test_all_choices_of_a_call_that_failed_have_its_reason(bench: Bench, reason: str) -> None:
    rows = run(TextToPersona(candidates=2, sampling={"choices": 3}), documents("A ferry."), bench)

    assert [row[REASON] for row in rows] == [reason] * 6
    assert len({row["id"] for row in rows}) == 6


def test_what_a_sampling_leaves_out_is_the_presets_own() -> None:
    own = TextToPersona(preset="structured").drawn_by
    given = TextToPersona(preset="structured", sampling={"choices": 3})
    in_python = TextToPersona(preset="structured", sampling=Sampling(choices=3))
    several = TextToPersona(preset="structured", personas_per_call=4, sampling={"choices": 3})

    assert given.drawn_by == own.model_copy(update={"choices": 3})
    assert in_python == given == TextToPersona.model_validate(given.model_dump(mode="json"))
    assert several.drawn_by.max_tokens == 4 * own.max_tokens
    with pytest.raises(ValidationError, match=r"sampling\.choises"):
        TextToPersona.model_validate({"sampling": {"choises": 3}})


def test_a_call_for_several_has_tokens_for_all_of_them() -> None:
    bench = Bench()
    most = TextToPersona(preset="structured", personas_per_call=16)

    run(TextToPersona(preset="structured", personas_per_call=4), documents("A ferry."), bench)

    assert bench.sampling is not None
    assert bench.sampling.max_tokens == 4 * TextToPersona(preset="structured").drawn_by.max_tokens
    assert Sampling.model_validate(most.drawn_by.model_dump()).max_tokens == 8192


@pytest.mark.parametrize("mends", [False, True])
@pytest.mark.parametrize("preset", PRESETS)
def test_a_persona_says_that_its_reply_was_mended(preset: Any, mends: bool) -> None:
    rows = run(TextToPersona(preset=preset), documents("A ferry."), Bench(mends=mends))

    assert {row["repaired"] for row in rows} == {mends}


@pytest.mark.parametrize(
    ("setting", "script"),
    [
        ({}, "Latn"),
        ({"preset": "structured"}, "Latn"),
        ({"preset": "structured", "personas_per_call": 2}, "Latn"),
        ({"preset": "structured", "language": "document"}, "Deva"),
    ],
)
def test_the_reply_must_be_in_the_script_of_the_persona(
    setting: dict[str, Any], script: str
) -> None:
    bench = Bench()

    rows = run(TextToPersona(**setting), documents("नाव छह बजे चलती है।"), bench)

    assert (
        {ask["reply_script"] for ask in bench.asked} == {row["script"] for row in rows} == {script}
    )
    assert not any("reply_script" in sketch for sketch in bench.sketches)


def test_several_in_a_call_cost_fewer_tokens_of_prompt() -> None:
    one, four = (
        TextToPersona(preset="structured", per_document=4, personas_per_call=count)
        for count in (1, 4)
    )

    assert 3 < one.prompt_tokens(10) / four.prompt_tokens(10) < 4
    assert one.completion_tokens(10) == four.completion_tokens(10) > 0
    choices = TextToPersona(preset="structured", per_document=4, sampling={"choices": 2})
    assert choices.completion_tokens(10) == 2 * one.completion_tokens(10)


def test_a_real_workbench_pays_once_for_each_call(tmp_path: Path) -> None:
    texts = [row["text"] for row in corpus_texts()[:12]]
    with Journal(tmp_path / "journal.sqlite") as journal:
        lanes = Lanes([ScriptedModel()], ScriptedSettings())
        bench = HubWorkbench(7, {"default": Caller(lanes, journal, attempts=1)})
        for setting in (
            {"preset": "structured", "personas_per_call": 4, "sampling": {"choices": 2}},
            {"candidates": 2, "sampling": {"choices": 3}},
        ):
            stage, before = TextToPersona(**setting), journal.count()[1]
            rows = run(stage, documents(*texts), bench)

            assert len(rows) == stage.units(len(texts))
            unnamed = {
                row["document_id"] for row in rows if row["journal_key"] == row["sketch_key"]
            }
            asks = 2 * len(unnamed)
            assert journal.count()[1] - before == stage.calls(len(texts)) - asks
            kept = [row for row in rows if row[REASON] is None]
            assert len({row["persona"] for row in kept}) > 0.95 * len(kept) > 0.7 * len(rows)
