"""The workbench of a build: a model call is a column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import daft
import pyarrow as pa
from daft import DataFrame
from pydantic import BaseModel

from indic_persona_hub.errors import RecipeError, nearest
from indic_persona_hub.models.caller import Answer, Caller
from indic_persona_hub.models.replies import Usable, usable
from indic_persona_hub.models.socket import Message, Request
from indic_persona_hub.prompts import Prompt
from indic_persona_hub.records import unit_interval
from indic_persona_hub.stage import Sampling

_ADDED = pa.schema(
    [
        ("reply", pa.string()),
        ("reason", pa.string()),
        ("reason_detail", pa.string()),
        ("journal_key", pa.string()),
        ("prompt_tokens", pa.int64()),
        ("completion_tokens", pa.int64()),
    ]
)


class _Row(NamedTuple):
    """What `_ADDED` holds of one row."""

    reply: str | None
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
    """

    def __init__(self, seed: int, callers: Mapping[str, Caller]) -> None:
        self._seed = seed
        self._callers = callers

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
            StorageError: The journal cannot be written.
        """
        caller = self._caller(model)
        table = frame.to_arrow()
        schema = None if reply is None else reply.model_json_schema()
        requests = [
            self._request(values, prompt, sampling, schema) for values in _values(table, prompt)
        ]
        answers = caller.ask_all(requests)
        rows = [
            _row(answer, request.messages, reply)
            for answer, request in zip(answers, requests, strict=True)
        ]
        return daft.from_arrow(_with_columns(table, rows))

    def _caller(self, model: str) -> Caller:
        if model not in self._callers:
            raise RecipeError(
                f"The recipe has no model '{model}'{nearest(model, self._callers)}.",
                cure="Name one of its `models` in the stage.",
            )
        return self._callers[model]

    def _request(
        self,
        values: Mapping[str, Any],
        prompt: Prompt,
        sampling: Sampling,
        schema: Mapping[str, Any] | None,
    ) -> Request:
        filled = prompt.messages({name: _text(values[name]) for name in prompt.placeholders})
        return Request(
            messages=tuple(Message(role, content) for role, content in filled),
            max_tokens=sampling.max_tokens,
            temperature=sampling.temperature,
            top_p=sampling.top_p,
            min_p=sampling.min_p,
            stop=sampling.stop,
            seed=sampling_seed(self._seed, values["draw"]),
            json_schema=schema,
            affinity=_text(values.get("affinity")),
        )


def sampling_seed(seed: int, draw: int) -> int:
    """The 31-bit seed of one ask."""
    return int(unit_interval("sampling", str(seed), str(draw)) * 2**31)


def _values(table: pa.Table, prompt: Prompt) -> Iterable[dict[str, Any]]:
    needed = {*prompt.placeholders, "draw", *({"affinity"} & set(table.column_names))}
    return (
        row
        for batch in table.select(sorted(needed)).to_batches(max_chunksize=1024)
        for row in batch.to_pylist()
    )


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _row(answer: Answer, messages: tuple[Message, ...], model: type[BaseModel] | None) -> _Row:
    if answer.reply is None:
        return _Row(None, answer.reason, answer.detail, answer.key, 0, 0)
    found: Usable = usable(answer.reply, messages, model)
    tokens = (answer.reply.prompt_tokens, answer.reply.completion_tokens)
    return _Row(found.text, found.reason, found.detail, answer.key, *tokens)


def _with_columns(table: pa.Table, rows: list[_Row]) -> pa.Table:
    kept = table.drop_columns([name for name in _ADDED.names if name in table.column_names])
    columns = list(zip(*rows, strict=True)) or [()] * len(_ADDED)
    for field, column in zip(_ADDED, columns, strict=True):
        kept = kept.append_column(field, pa.array(column, field.type))
    return kept
