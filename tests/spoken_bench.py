"""A workbench whose model is a function of the filled prompt's values."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import daft
import pyarrow as pa
from daft import DataFrame
from pydantic import BaseModel

from indic_persona_hub import records
from indic_persona_hub.extract.sketching import sketch_prompt
from indic_persona_hub.prompts import Prompt
from indic_persona_hub.prompts.replies import StructuredPersonas
from indic_persona_hub.stage import REASON, REASON_DETAIL, Sampling

Speak = Callable[[dict[str, Any]], str | None]

_ADDED = {
    "reply": pa.string(),
    "choice": pa.int32(),
    "repaired": pa.bool_(),
    REASON: pa.string(),
    REASON_DETAIL: pa.string(),
    "journal_key": pa.string(),
    "prompt_tokens": pa.int64(),
    "completion_tokens": pa.int64(),
}


class SpokenBench:
    """`sketch` answers the calls that ask for a sketch, `speak` those that ask for a persona.

    Each is given the row's values and the number of the `choice`. A text is set into the form that
    was asked for; one that begins with "{" is the reply as it stands; null is a call that failed.
    Where several people are asked for, `speak` is asked about each, and "" leaves one out.
    """

    seed = 7

    def __init__(
        self, speak: Speak, sketch: Speak = lambda _: None, *, gives: int = 64, mends: bool = False
    ) -> None:
        self.speak = speak
        self.sketch = sketch
        self.gives = gives
        self.mends = mends
        self.asked: list[dict[str, Any]] = []
        self.sketches: list[dict[str, Any]] = []
        self.prompts: list[tuple[tuple[str, str], ...]] = []
        self.sampling: Sampling | None = None

    @property
    def calls(self) -> int:
        return len(self.asked) + len(self.sketches)

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
        of_sketch = prompt == sketch_prompt()
        rows = frame.to_pylist()
        (self.sketches if of_sketch else self.asked).extend(rows)
        if not of_sketch:
            self.sampling = sampling
        found = []
        for place, row in enumerate(rows):
            turns = prompt.messages({name: str(row[name]) for name in prompt.placeholders})
            self.prompts.append(turns)
            key = records.content_id([str(turns), str(row["draw"])])
            for choice in range(min(sampling.choices, self.gives)):
                values = row | {"choice": choice}
                said = self.sketch(values) if of_sketch else self._said(values, reply)
                found.append((place, choice, said, key))
                if said is None:
                    break  # a call that failed has no choices
        return self._answered(frame.to_arrow(), found)

    def _said(self, row: dict[str, Any], form: type[BaseModel] | None) -> str | None:
        if form is StructuredPersonas:
            people = row.get("persons") or row["asked_for"]
            each = [self.speak(row | one) for one in people]
            return (
                None
                if None in each
                else json.dumps({"personas": [*map(_whole, filter(None, each))]})
            )
        said = self.speak(row)
        return said if form is None or said is None else json.dumps(_whole(said))

    def _answered(
        self, table: pa.Table, found: list[tuple[int, int, str | None, str]]
    ) -> DataFrame:
        table = table.take(pa.array([place for place, *_ in found], pa.int64()))
        rows = [
            (
                *(said, choice, self.mends and said is not None),
                *((None, "") if said is not None else ("model_error", "the model broke off")),
                *(key, 9 if said and not choice else 0, 3 if said and not choice else 0),
            )
            for _, choice, said, key in found
        ]
        columns = zip(*rows, strict=True) if rows else [()] * len(_ADDED)
        for (name, kind), column in zip(_ADDED.items(), columns, strict=True):
            table = table.append_column(name, pa.array(column, kind))
        return daft.from_arrow(table)


def _whole(said: str) -> dict[str, Any]:
    if said.startswith("{"):
        return dict(json.loads(said))
    return {"persona": said, "domain_label": "ferries", "attributes": []}
