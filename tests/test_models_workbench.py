"""The workbench: a model call is a column."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import daft
import pyarrow as pa
import pytest
from daft import col
from pydantic import BaseModel, ConfigDict

from indic_persona_hub.errors import RecipeError
from indic_persona_hub.models.caller import Caller
from indic_persona_hub.models.journal import Journal
from indic_persona_hub.models.load.lanes import Lanes
from indic_persona_hub.models.scripted import ScriptedModel
from indic_persona_hub.models.settings import ScriptedSettings
from indic_persona_hub.models.socket import Choice, Reply, Request
from indic_persona_hub.models.workbench import HubWorkbench, sampling_seed
from indic_persona_hub.prompts import Prompt, parse
from indic_persona_hub.stage import Sampling, Workbench

SAMPLING = Sampling(max_tokens=120)
PROMPT = parse(
    "test",
    b"# system\nOne person.\n# example user\nPassage: x\n# example assistant\nA person.\n"
    b"# user\nPassage: {{passage}}\nStance: {{stance}}\n",
)


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")

    persona: str
    domain_label: str


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal(tmp_path / "journal.sqlite") as opened:
        yield opened


@pytest.fixture
def bench(journal: Journal) -> Workbench:
    caller = Caller(Lanes([ScriptedModel()], ScriptedSettings()), journal, attempts=1)
    return HubWorkbench(17, {"default": caller})


def asks(rows: int, passages: int = 1000) -> pa.Table:
    return pa.table(
        {
            "id": [f"row-{number}" for number in range(rows)],
            "passage": [f"The haat of week {number % passages}." for number in range(rows)],
            "stance": ["read" if number % 3 else None for number in range(rows)],
            "draw": pa.array([number // passages for number in range(rows)], pa.int64()),
            "affinity": [f"document-{number % passages}" for number in range(rows)],
        }
    )


def ask(bench: Workbench, table: pa.Table, prompt: Prompt = PROMPT, **more: object) -> pa.Table:
    frame = daft.from_arrow(table)
    arguments: dict[str, object] = {"model": "default", "sampling": SAMPLING} | more
    return bench.ask(frame, prompt=prompt, **arguments).to_arrow()  # type: ignore[arg-type]


def test_every_row_comes_back_in_order_with_a_reply_or_a_reason(bench: Workbench) -> None:
    answered = ask(bench, asks(300))
    given = asks(300)
    assert answered.select(given.column_names).to_pylist() == given.to_pylist()
    for row in answered.to_pylist():
        assert (row["reply"] is None) == (row["reason"] is not None)
    reasons = {row["reason"] for row in answered.to_pylist()}
    assert {None, "truncated", "refusal"} <= reasons


def test_the_journal_holds_the_prompt_of_every_row(bench: Workbench, journal: Journal) -> None:
    answered = ask(bench, asks(20)).to_pylist()
    for row in answered:
        entry = journal.request_of(row["journal_key"])
        assert entry is not None
        assert entry.reply is not None
        assert entry.request.messages == PROMPT.messages(
            {"passage": row["passage"], "stance": row["stance"] or ""}
        )
        assert entry.request.seed == sampling_seed(17, row["draw"])
        tokens = (entry.reply.prompt_tokens, entry.reply.completion_tokens)
        assert tokens == (row["prompt_tokens"], row["completion_tokens"])


def test_draws_of_one_prompt_differ(bench: Workbench) -> None:
    answered = ask(bench, asks(40, passages=4)).to_pylist()
    assert len({row["journal_key"] for row in answered}) == 40


def test_sampling_seeds_are_31_bits_and_hang_on_seed_and_draw() -> None:
    seeds = [sampling_seed(seed, draw) for seed in range(40) for draw in range(40)]
    assert len(set(seeds)) == len(seeds)
    assert 0 <= min(seeds) < max(seeds) < 2**31


def test_a_reply_model_gives_valid_json(bench: Workbench) -> None:
    answered = ask(bench, asks(60), reply=Shape, sampling=Sampling(max_tokens=300)).to_pylist()
    replies = [row["reply"] for row in answered if row["reply"]]
    assert len(replies) > 45
    for reply in replies:
        assert Shape.model_validate_json(reply).model_dump_json() == reply
    assert {row["reason"] for row in answered} <= {None, "truncated", "refusal", "empty_reply"}


def test_lazy_frames_and_columns_of_an_earlier_ask_are_no_trouble(bench: Workbench) -> None:
    frame = daft.from_arrow(asks(12)).where(col("draw") == 0).with_column("reply", col("id"))
    answered = bench.ask(frame, prompt=PROMPT, model="default", sampling=SAMPLING)
    assert answered.column_names.count("reply") == 1
    assert answered.count_rows() == 12


def test_no_rows_are_no_calls(bench: Workbench) -> None:
    answered = ask(bench, asks(3).slice(0, 0))
    assert answered.num_rows == 0
    types = {name: answered.schema.field(name).type for name in ("prompt_tokens", "reason")}
    assert types["prompt_tokens"] == pa.int64()
    assert pa.types.is_large_string(types["reason"]) or pa.types.is_string(types["reason"])


def test_affinity_is_optional(bench: Workbench) -> None:
    table = asks(5)
    with_affinity = ask(bench, table).column("reply")
    assert ask(bench, table.drop_columns(["affinity"])).column("reply").equals(with_affinity)


def test_slices_may_be_asked_at_once(bench: Workbench) -> None:
    whole = ask(bench, asks(80))
    with ThreadPoolExecutor(4) as threads:
        parts = list(
            threads.map(lambda start: ask(bench, asks(80).slice(start, 20)), range(0, 80, 20))
        )
    assert pa.concat_tables(parts).equals(whole)


def test_models_go_by_the_name_that_the_recipe_gives(bench: Workbench) -> None:
    assert bench.seed == 17
    assert bench.model_licence("default") == ("scripted-2", "Apache-2.0")
    with pytest.raises(RecipeError, match="did you mean 'default'"):
        bench.model_licence("defualt")


# Replies that need more than one look


class Saying:
    """A plug in this process that says what it is given, in turn."""

    licence = "Apache-2.0"
    name = "saying"
    concurrency = 1

    def __init__(self, *texts: str, others: tuple[Choice, ...] = ()) -> None:
        self._texts = list(texts)
        self._others = others
        self.asked: list[Request] = []

    async def complete(self, request: Request) -> Reply:
        self.asked.append(request)
        return Reply(self._texts.pop(0), "stop", 10, 0, 5, 0.0, others=self._others)

    async def close(self) -> None:
        pass


def ask_once(
    journal: Journal, plug: Saying, reply: type[BaseModel] | None = Shape, **columns: str
) -> list[dict[str, object]]:
    caller = Caller(Lanes([plug], ScriptedSettings()), journal, attempts=1)
    bench = HubWorkbench(17, {"default": caller}, "stage")
    table = asks(1)
    for name, value in columns.items():
        table = table.append_column(name, pa.array([value]))
    sampling = Sampling(max_tokens=120, choices=1 + len(plug._others))
    frame = bench.ask(
        daft.from_arrow(table), prompt=PROMPT, model="default", sampling=sampling, reply=reply
    )
    return frame.to_pylist()


GOOD = '{"persona": "A tea picker of Munnar sings.", "domain_label": "tea"}'


def test_a_reply_that_is_no_json_is_asked_for_once_more_with_the_error(journal: Journal) -> None:
    plug = Saying("Here is your persona, a tea picker.", GOOD)
    (row,) = ask_once(journal, plug)
    assert row["reason"] is None
    assert "Munnar" in str(row["reply"])
    assert (row["prompt_tokens"], row["completion_tokens"]) == (20, 10)
    first, second = plug.asked
    assert second.messages[: len(first.messages)] == first.messages
    assert "a tea picker" in second.messages[-2].content


def test_a_second_reply_that_is_no_json_is_rejected(journal: Journal) -> None:
    plug = Saying("No JSON here.", "Nor is there any here.")
    (row,) = ask_once(journal, plug)
    assert (row["reply"], row["reason"]) == (None, "not_json")
    assert len(plug.asked) == 2


def test_a_second_ask_comes_from_the_journal_too(journal: Journal) -> None:
    first = ask_once(journal, Saying("No JSON here.", GOOD))
    again = Saying()
    assert ask_once(journal, again) == first
    assert again.asked == []


def test_a_mended_reply_says_so(journal: Journal) -> None:
    (row,) = ask_once(journal, Saying(GOOD.replace("}", ",}")))
    assert (row["repaired"], row["reason"]) == (True, None)


def test_a_refusal_is_not_asked_again(journal: Journal) -> None:
    plug = Saying("I'm sorry, but I cannot help with that.")
    (row,) = ask_once(journal, plug)
    assert row["reason"] == "refusal"
    assert len(plug.asked) == 1


def test_a_reply_in_another_script_is_in_the_wrong_language(journal: Journal) -> None:
    plug = Saying("मुन्नार की एक चाय मज़दूर जो सुबह गाती है।")
    (row,) = ask_once(journal, plug, None, reply_script="Latn")
    assert row["reason"] == "wrong_language"


def test_each_choice_is_a_row_and_the_prompt_is_paid_once(journal: Journal) -> None:
    others = (Choice("A tea taster of Coonoor spits.", "stop"), Choice("A tea", "length"))
    rows = ask_once(journal, Saying("A tea picker of Munnar sings.", others=others), None)
    assert [row["choice"] for row in rows] == [0, 1, 2]
    assert [row["reason"] for row in rows] == [None, None, "truncated"]
    assert [row["prompt_tokens"] for row in rows] == [10, 0, 0]
    assert {row["id"] for row in rows} == {"row-0"}
