"""The workbench of a build: a model call is a column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import daft
import pyarrow as pa
from daft import DataFrame, DataType
from pydantic import BaseModel

from indic_persona_hub.errors import RecipeError, nearest
from indic_persona_hub.models.answers import Answer
from indic_persona_hub.models.caller import Caller
from indic_persona_hub.models.replies import Usable, reask, usable, worth_reasking
from indic_persona_hub.models.socket import Choice, Message, Reply, Request
from indic_persona_hub.prompts import Prompt
from indic_persona_hub.records import unit_interval
from indic_persona_hub.stage import Sampling

_ADDED = pa.schema(
    [
        ("reply", pa.string()),
        ("choice", pa.int32()),
        ("repaired", pa.bool_()),
        ("reason", pa.string()),
        ("reason_detail", pa.string()),
        ("journal_key", pa.string()),
        ("prompt_tokens", pa.int64()),
        ("completion_tokens", pa.int64()),
    ]
)


class _Row(NamedTuple):
    """What `_ADDED` holds of one reply."""

    reply: str | None
    choice: int
    repaired: bool
    reason: str | None
    reason_detail: str
    journal_key: str
    prompt_tokens: int
    completion_tokens: int


class HubWorkbench:
    """What stages use beside their table: see `stage.Workbench`. Threads may share it.

    Args:
        seed: The recipe's seed.
        callers: By the name that the recipe gives the model.
        stage: Who is charged for what is asked.
        on_reply: Told of every row that has its answer, from the loop's thread; must not block.
    """

    def __init__(
        self,
        seed: int,
        callers: Mapping[str, Caller],
        stage: str = "",
        on_reply: Callable[[], None] = lambda: None,
    ) -> None:
        self._seed = seed
        self._callers = callers
        self._stage = stage
        self._on_reply = on_reply

    @property
    def seed(self) -> int:
        """The recipe's seed."""
        return self._seed

    def model_licence(self, model: str) -> tuple[str, str]:
        """Name and licence of the model that the recipe calls `model`."""
        caller = self._caller(model)
        return caller.model, caller.licence

    def ask(
        self,
        frame: DataFrame,
        *,
        prompt: Prompt,
        model: str,
        sampling: Sampling,
        reply: type[BaseModel] | None = None,
    ) -> DataFrame:
        """See `stage.Workbench.ask`. Row order is kept.

        Raises:
            RecipeError: The recipe has no such model.
            ModelError: The endpoint refuses, is unreachable, or its key or quota is not valid.
            BudgetEndedError: A cap of the recipe is reached.
            StorageError: The journal cannot be written.
        """
        caller = self._caller(model)
        table = frame.to_arrow()
        schema = None if reply is None else reply.model_json_schema()
        scripts = _scripts(table)
        requests = self._requests(_values(table, prompt), prompt, sampling, schema)
        found = _Found(reply, scripts, self._on_reply)
        caller.ask_each(requests, found.take, stage=self._stage, count=table.num_rows)
        return daft.from_arrow(_with_columns(table, found.rows))

    def _caller(self, model: str) -> Caller:
        if model not in self._callers:
            raise RecipeError(
                f"The recipe has no model '{model}'{nearest(model, self._callers)}.",
                cure="Name one of its `models` in the stage.",
            )
        return self._callers[model]

    def _requests(
        self,
        rows: Iterable[Mapping[str, Any]],
        prompt: Prompt,
        sampling: Sampling,
        schema: Mapping[str, Any] | None,
    ) -> Iterator[Request]:
        # The same objects for all rows: what is worked out from them is worked out once.
        stable = tuple(Message(role, content) for role, content in prompt.stable)
        for row in rows:
            filled = prompt.filled(row)
            yield Request(
                messages=(*stable, Message("user", filled)),
                max_tokens=sampling.max_tokens,
                temperature=sampling.temperature,
                top_p=sampling.top_p,
                min_p=sampling.min_p,
                stop=sampling.stop,
                seed=sampling_seed(self._seed, row["draw"]),
                json_schema=schema,
                choices=sampling.choices,
                affinity=_text(row.get("affinity")),
            )


class _Found:
    """Judges the form of replies as they come, and asks once more where that may help.

    Args:
        model: What a reply's JSON must fit; null where plain text was asked for.
        scripts: The script of each row's reply; null where any will do.
        on_reply: Told of every row that has its answer.
    """

    def __init__(
        self,
        model: type[BaseModel] | None,
        scripts: Sequence[str | None] | None,
        on_reply: Callable[[], None],
    ) -> None:
        self._model = model
        self._scripts = scripts
        self._on_reply = on_reply
        self._first: dict[int, _Row] = {}
        #: By place of the request: one row a choice.
        self.rows: dict[int, list[_Row]] = {}

    def take(self, place: int, request: Request, answer: Answer) -> Request | None:
        """See `answers.Taken`."""
        rows = self._rows(place, request, answer)
        earlier = self._first.pop(place, None)
        if earlier is not None:
            # A second ask that went wrong leaves the first reply's reason standing.
            rows = [earlier if answer.reply is None else _after(earlier, rows[0])]
        elif len(rows) == 1 and _may_be_mended(rows[0]):
            assert answer.reply is not None
            self._first[place] = rows[0]
            turns = reask(request.messages, answer.reply.text, rows[0].reason_detail)
            return replace(request, messages=turns)
        self.rows[place] = rows
        self._on_reply()
        return None

    def _rows(self, place: int, request: Request, answer: Answer) -> list[_Row]:
        if answer.reply is None:
            return [_Row(None, 0, False, answer.reason, answer.detail, answer.key, 0, 0)]
        choices = (Choice(answer.reply.text, answer.reply.finish_reason), *answer.reply.others)
        return [self._row(place, request, answer, *each) for each in enumerate(choices)]

    def _row(
        self, place: int, request: Request, answer: Answer, number: int, choice: Choice
    ) -> _Row:
        assert answer.reply is not None
        script = self._scripts[place] if self._scripts else None
        reply = _of_choice(answer.reply, choice)
        found = usable(reply, request.messages, self._model, script=script)
        # The tokens of one call stand on its first choice.
        prompt = answer.reply.prompt_tokens if number == 0 else 0
        completion = answer.reply.completion_tokens if number == 0 else 0
        return _Row(
            found.text, number, found.repaired, found.reason, found.detail, answer.key, prompt,
            completion,
        )  # fmt: skip


def _of_choice(reply: Reply, choice: Choice) -> Reply:
    if not reply.others:
        return reply
    return replace(reply, text=choice.text, finish_reason=choice.finish_reason, others=())


def _may_be_mended(row: _Row) -> bool:
    return worth_reasking(Usable(row.reply, row.reason, row.reason_detail))


def _after(first: _Row, second: _Row) -> _Row:
    """The row of the second ask, with the tokens of both."""
    return second._replace(
        prompt_tokens=first.prompt_tokens + second.prompt_tokens,
        completion_tokens=first.completion_tokens + second.completion_tokens,
    )


def sampling_seed(seed: int, draw: int) -> int:
    """The 31-bit seed of one ask."""
    return int(unit_interval("sampling", str(seed), str(draw)) * 2**31)


def _values(table: pa.Table, prompt: Prompt) -> Iterator[dict[str, Any]]:
    """The rows, with what the placeholders name as text."""
    needed = {*prompt.placeholders, "draw", *({"affinity"} & set(table.column_names))}
    names = prompt.placeholders
    for batch in table.select(sorted(needed)).to_batches(max_chunksize=1024):
        for row in batch.to_pylist():
            for name in names:
                if not isinstance(row[name], str):
                    row[name] = _text(row[name])
            yield row


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _scripts(table: pa.Table) -> Sequence[str | None] | None:
    if "reply_script" not in table.column_names:
        return None
    scripts: list[str | None] = table["reply_script"].to_pylist()
    return scripts


def _with_columns(table: pa.Table, found: Mapping[int, Sequence[_Row]]) -> pa.Table:
    kept = table.drop_columns([name for name in _ADDED.names if name in table.column_names])
    places = range(table.num_rows)
    rows: Iterator[_Row] = (row for place in places for row in found[place])
    columns = list(zip(*rows, strict=True)) or [()] * len(_ADDED)
    if any(len(found[place]) > 1 for place in places):
        repeated = [place for place in places for _ in found[place]]
        kept = kept.take(_array(repeated, pa.int64()))
    for field, column in zip(_ADDED, columns, strict=True):
        kept = kept.append_column(field, _array(column, field.type))
    return kept


def _array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    # Not `pa.array`: it loads pandas where that is installed, one second and 50 MB.
    made = daft.Series.from_pylist(list(values), dtype=DataType.from_arrow_type(kind))
    return made.to_arrow().cast(kind)
