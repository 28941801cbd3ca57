"""Persona-to-Persona: one row an ask, no cycle, whatever the order of the parents."""

from __future__ import annotations

import json
from itertools import chain
from typing import Any

import daft
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from indic_persona_hub import records
from indic_persona_hub.expand.persona_to_persona import PersonaToPersona
from indic_persona_hub.expand.relations import relations
from indic_persona_hub.stage import REASON, REASON_DETAIL
from spoken_bench import Speak, SpokenBench

PRESETS = ("small_model", "structured")


def sentence(values: dict[str, Any]) -> str:
    steps = f"{len(values['relation'])} steps and {values['choice']} boats"
    return f"{values['opening']} cousin counts the {steps} of the ghat."


class Bench(SpokenBench):
    def __init__(self, speak: Speak = sentence, **more: Any) -> None:
        super().__init__(speak, **more)


def parents(*texts: str, **columns: Any) -> list[dict[str, Any]]:
    return [
        dict.fromkeys(records.PERSONA.names)
        | {"id": records.content_id([text]), "persona": text, "language": "eng", "script": "Latn"}
        | {"round": 0}
        | columns
        for text in texts
    ]


def run(
    stage: PersonaToPersona, rows: list[dict[str, Any]], bench: Bench | None = None
) -> list[dict[str, Any]]:
    frame = daft.from_arrow(pa.Table.from_pylist(rows, schema=records.PERSONA))
    return stage.apply(frame, bench or Bench()).to_pylist()


def by_id(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: str(row["id"]))


TEXTS = st.lists(
    st.sampled_from(
        ["A farmer", "A 9-year-old", "A clerk", "A 70-year-old weaver", "एक नाविक"]
    ).flatmap(lambda who: st.integers(0, 999).map(lambda number: f"{who} of house {number}.")),
    min_size=1,
    max_size=6,
    unique=True,
)


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("rows", [[], parents("A clerk in Pune.")])
def test_the_output_has_the_persona_schema_and_a_reason(
    preset: Any, rows: list[dict[str, Any]]
) -> None:
    frame = daft.from_arrow(pa.Table.from_pylist(rows, schema=records.PERSONA))

    table = PersonaToPersona(preset=preset).apply(frame, Bench()).to_arrow()

    expected = [*records.PERSONA, (REASON, pa.string()), (REASON_DETAIL, pa.string())]
    assert table.num_rows == len(rows)
    assert table.cast(pa.schema(expected)).schema.names == table.column_names


@settings(max_examples=15, deadline=None)
@given(TEXTS, st.sampled_from(PRESETS), st.integers(1, 4), st.integers(2, 5), st.integers(1, 3))
def test_asks_are_rows_out_plus_rejected(
    texts: list[str], preset: Any, children: int, every: int, choices: int
) -> None:
    def speak(values: dict[str, Any]) -> str | None:
        kind = len(values["relation"] + values["opening"]) % every
        return [sentence(values), None, "no."][kind % 3]

    stage = PersonaToPersona(preset=preset, children=children, sampling={"choices": choices})
    bench = Bench(speak)
    rows = run(stage, parents(*texts), bench)

    assert len(rows) == stage.units(len(texts)) == len(texts) * children * choices
    assert bench.calls == stage.calls(len(texts)) == len(texts) * children
    assert {row[REASON] for row in rows} <= {None, "model_error", "no_persona"}
    assert all((row["persona"] is None) == (row[REASON] is not None) for row in rows)
    assert len({row["id"] for row in rows}) == len(rows)


@settings(max_examples=10, deadline=None)
@given(TEXTS, st.randoms(use_true_random=False), st.integers(0, 6), st.sampled_from([1.0, 0.5]))
def test_order_and_split_of_the_parents_change_nothing(
    texts: list[str], random: Any, cut: int, share: float
) -> None:
    stage, rows = PersonaToPersona(children=2, parents_share=share), parents(*texts)
    shuffled = random.sample(rows, len(rows))

    split = [row for part in (shuffled[:cut], shuffled[cut:]) for row in run(stage, part)]

    assert by_id(run(stage, rows)) == by_id(split)


def test_no_parent_has_one_relation_twice() -> None:
    rows = run(PersonaToPersona(children=4), parents("A clerk in Pune.", "A loader in Unjha."))

    assert len({(row["parent_id"], row["relation"]) for row in rows}) == 8


def test_every_child_says_where_it_comes_from() -> None:
    bench, stage = Bench(), PersonaToPersona(model="tiny", children=2)
    [parent] = parents("A clerk in Pune keeps bees.", language="mar", script="Deva", round=1)
    phrases = {relation.name: relation.phrase for relation in relations()}

    rows = run(stage, [parent], bench)

    assert len(rows) == 2
    for row, ask in zip(rows, bench.asked, strict=True):
        assert row["id"][:4] == parent["id"][:4]
        assert (row["parent_id"], row["round"]) == (parent["id"], 2)
        assert phrases[row["relation"]].replace("this person", "a clerk") == ask["relation"]
        assert (row["language"], row["script"]) == ("eng", "Latn"), "the small prompt is English"
        assert (row["model"], row["model_licence"]) == ("tiny-1b", "apache-2.0")
        assert (row["synth_method"], row["seed"]) == ("persona_to_persona", 7)
        assert row["prompt_hash"] == stage.prompt.content_hash
        assert row["document_id"] is None
        assert row["stance"] is None
        assert row["journal_key"]
        assert row["sketch_key"] is None


def test_the_small_prompt_names_the_parent_in_few_words_and_the_place() -> None:
    bench = Bench()
    [parent] = parents("A 45-year-old clerk in Pune keeps bees.")

    run(PersonaToPersona(children=4), [parent], bench)

    for ask in bench.asked:
        assert ask["place"] == "Pune, Maharashtra"
        assert "this person" not in ask["relation"]
        assert ask["opening"].endswith(f" {ask['age']}-year-old")
        young = int(ask["age"]) < 18
        assert ask["gender"] in (("girl", "boy") if young else ("woman", "man"))


def test_the_structured_prompt_keeps_the_language_of_the_parent() -> None:
    [parent] = parents("A clerk in Pune keeps bees.", language="mar", script="Deva")

    [row] = run(PersonaToPersona(preset="structured"), [parent])

    assert (row["language"], row["script"]) == ("mar", "Deva")


def test_the_structured_prompt_speaks_of_this_person() -> None:
    bench = Bench()

    run(PersonaToPersona(preset="structured"), parents("A clerk in Pune."), bench)

    assert all("this person" in ask["relation"] for ask in bench.asked)


def test_lineage_has_no_cycle() -> None:
    stage = PersonaToPersona(children=2, rounds=3)
    rounds = [parents("A clerk in Pune.", "A loader in Unjha.", round=None)]
    for _ in range(stage.rounds):
        rounds.append(
            [{key: row[key] for key in records.PERSONA.names} for row in run(stage, rounds[-1])]
        )
    born = {row["id"]: row["round"] or 0 for row in chain(*rounds)}

    children = list(chain(*rounds[1:]))
    assert len(born) == 2 + 4 + 8 + 16
    assert [len(one) for one in rounds[1:]] == [stage.units(len(one)) for one in rounds[:-1]]
    assert all(row["round"] == born[row["parent_id"]] + 1 for row in children)


def test_children_and_the_old_come_out() -> None:
    bench = Bench()

    run(PersonaToPersona(), parents(*(f"A clerk of ward {n}." for n in range(150))), bench)

    ages = [int(ask["opening"].split()[1].split("-")[0]) for ask in bench.asked]
    assert sum(age < 18 for age in ages) > 5
    assert sum(age >= 60 for age in ages) > 10


@pytest.mark.parametrize(
    ("preset", "least", "most"), [("small_model", 300, 800), ("structured", 700, 1500)]
)
def test_a_plan_counts_the_prompt_with_its_parent(preset: Any, least: int, most: int) -> None:
    stage = PersonaToPersona(preset=preset, children=2)

    assert stage.calls(10) == stage.units(10) == 20
    assert least < stage.prompt_tokens(10) / stage.calls(10) < most
    assert stage.prompts() == (stage.prompt,)


def test_only_the_families_of_the_recipe_are_drawn() -> None:
    rows = run(
        PersonaToPersona(families=("health",), children=3), parents("A clerk.", "A 9-year-old.")
    )

    family = {relation.name: relation.family for relation in relations()}
    assert {family[row["relation"]] for row in rows} == {"health"}


def test_a_share_of_the_parents_is_asked_about() -> None:
    rows = parents(*(f"A clerk of ward {n}." for n in range(200)))

    asked = {row["parent_id"] for row in run(PersonaToPersona(parents_share=0.3), rows)}

    assert 40 <= len(asked) <= 80


def test_stated_attributes_are_kept_where_the_parent_has_their_words() -> None:
    def speak(values: dict[str, Any]) -> str:
        stated = [
            {"name": "state", "value": "Assam", "words": "in Assam"},
            {"name": "residence", "value": "rural", "words": "village"},
        ]
        persona = "A boatman crosses twice a day."
        return json.dumps({"persona": persona, "domain_label": "ferries", "attributes": stated})

    [row] = run(PersonaToPersona(preset="structured"), parents("A clerk in Assam."), Bench(speak))

    assert row["stated"] == [{"name": "state", "value": "Assam", "words": "in Assam"}]


@pytest.mark.parametrize(
    "setting", [{"rounds": 7}, {"rounds": 0}, {"children": 5}, {"parents_share": 0}, {"depth": 2}]
)
def test_settings_that_make_no_sense_are_refused(setting: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        PersonaToPersona(**setting)


def test_an_unknown_family_is_refused_and_the_nearest_named() -> None:
    with pytest.raises(ValidationError, match="did you mean 'health'"):
        PersonaToPersona(families=("heath",))


@settings(max_examples=15, deadline=None)
@given(TEXTS, st.integers(1, 4), st.integers(1, 4), st.integers(1, 3), st.booleans())
def test_however_children_are_grouped_each_choice_of_each_is_one_row(
    texts: list[str], children: int, per_call: int, choices: int, mends: bool
) -> None:
    def speak(values: dict[str, Any]) -> str:
        kind = (len(values["persona"]) + 3 * values["choice"] + int(values["draw"])) % 4
        return [sentence(values), "", "no.", "A cousin rows to the same bank."][kind]

    stage = PersonaToPersona(
        preset="structured",
        children=children,
        children_per_call=per_call,
        sampling={"choices": choices},
    )
    bench = Bench(speak, mends=mends)
    rows = run(stage, parents(*texts), bench)

    assert len(rows) == stage.units(len(texts)) == len(texts) * children * choices
    assert bench.calls == stage.calls(len(texts)) == len(texts) * -(-children // per_call)
    for parent in parents(*texts):
        own = [row for row in rows if row["parent_id"] == parent["id"]]
        assert sorted(row["candidate"] for row in own) == list(range(children * choices))
        assert len({row["relation"] for row in own}) == children
    assert len({row["id"] for row in rows}) == len(rows)
    assert {row[REASON] for row in rows} <= {None, "no_persona", "same_as_another_choice"}
    assert {row["repaired"] for row in rows} == {mends}


def test_a_call_for_several_names_the_parent_once_and_lists_the_same_people() -> None:
    def asked(per_call: int) -> tuple[Bench, list[dict[str, Any]]]:
        bench = Bench()
        stage = PersonaToPersona(preset="structured", children=3, children_per_call=per_call)
        return bench, run(stage, parents("A clerk in Pune keeps bees."), bench)

    (one, single), (three, several) = asked(1), asked(3)

    assert (one.calls, three.calls) == (3, 1)
    [turns] = three.prompts
    assert turns[-1][1].count("A clerk in Pune keeps bees.") == 1
    for number, (ask, alone, together) in enumerate(zip(one.asked, single, several, strict=True)):
        line = f"{number + 1}. {ask['relation']}; begin with: {ask['opening']}"
        assert line in turns[-1][1].splitlines()
        for name in ("persona", "relation", "candidate", "round", "parent_id", "language"):
            assert together[name] == alone[name]


def test_children_whom_a_reply_leaves_out_are_rejected_and_the_others_stay() -> None:
    def speak(values: dict[str, Any]) -> str:
        return sentence(values) if values["draw"] == 0 else ""

    stage = PersonaToPersona(preset="structured", children=3, children_per_call=3)
    rows = run(stage, parents("A clerk."), Bench(speak))

    assert [row[REASON] for row in rows] == [None, "no_persona", "no_persona"]
    assert rows[1][REASON_DETAIL] == "the reply holds 1 of 3"


@pytest.mark.parametrize(("preset", "script"), [("small_model", "Latn"), ("structured", "Deva")])
def test_the_reply_must_be_in_the_script_of_the_persona(preset: Any, script: str) -> None:
    bench = Bench()

    rows = run(PersonaToPersona(preset=preset), parents("नाशिक की एक किसान।", script="Deva"), bench)

    assert {ask["reply_script"] for ask in bench.asked} == {row["script"] for row in rows}
    assert {row["script"] for row in rows} == {script}


def test_several_in_a_call_cost_fewer_tokens_of_prompt_and_have_tokens_for_all() -> None:
    one, four = (
        PersonaToPersona(preset="structured", children=4, children_per_call=count)
        for count in (1, 4)
    )

    assert 3 < one.prompt_tokens(10) / four.prompt_tokens(10) < 4
    assert one.completion_tokens(10) == four.completion_tokens(10) > 0
    assert four.drawn_by.max_tokens == 4 * one.drawn_by.max_tokens


def test_what_a_sampling_leaves_out_is_the_presets_own() -> None:
    own = PersonaToPersona(preset="structured").drawn_by
    given = PersonaToPersona(preset="structured", sampling={"choices": 3})

    assert given.drawn_by == own.model_copy(update={"choices": 3})
    assert PersonaToPersona.model_validate(given.model_dump(mode="json")) == given


def test_only_the_structured_preset_asks_for_several_at_once() -> None:
    with pytest.raises(ValidationError, match="children_per_call needs preset: structured"):
        PersonaToPersona(children=2, children_per_call=2)
