"""Persona-to-Persona: one row an ask, no cycle, whatever the order of the parents."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import chain
from typing import Any

import daft
import pyarrow as pa
import pytest
from daft import DataFrame
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from indic_persona_hub import records
from indic_persona_hub.expand.persona_to_persona import PersonaToPersona
from indic_persona_hub.expand.relations import relations
from indic_persona_hub.prompts import Prompt
from indic_persona_hub.stage import REASON, REASON_DETAIL, Sampling

PRESETS = ("small_model", "structured")


def sentence(values: dict[str, str]) -> str:
    return f"{values['opening']} cousin counts the {len(values['relation'])} steps of the ghat."


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
        table, rows = frame.to_arrow(), frame.to_pylist()
        self.asked += rows
        added: dict[str, list[str | None]] = {
            name: [] for name in ("reply", REASON, REASON_DETAIL, "journal_key")
        }
        for row in rows:
            turns = prompt.messages({name: row[name] for name in prompt.placeholders})
            said = self.speak(row)
            if reply and said is not None and not said.startswith("{"):
                said = json.dumps({"persona": said, "domain_label": "ghats", "attributes": []})
            added["reply"].append(said)
            added[REASON].append(None if said is not None else "model_error")
            added[REASON_DETAIL].append("" if said is not None else "the model broke off")
            added["journal_key"].append(records.content_id([str(turns), str(row["draw"])]))
        for name, column in added.items():
            table = table.append_column(name, pa.array(column, pa.string()))
        return daft.from_arrow(table)


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
@given(TEXTS, st.sampled_from(PRESETS), st.integers(1, 4), st.integers(2, 5))
def test_asks_are_rows_out_plus_rejected(
    texts: list[str], preset: Any, children: int, every: int
) -> None:
    def speak(values: dict[str, str]) -> str | None:
        kind = len(values["relation"] + values["opening"]) % every
        return [sentence(values), None, "no."][kind % 3]

    stage = PersonaToPersona(preset=preset, children=children)
    rows = run(stage, parents(*texts), Bench(speak))

    assert len(rows) == stage.units(len(texts)) == len(texts) * children
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
    def speak(values: dict[str, str]) -> str:
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
