"""The two workbenches of a pilot: one asks and takes notes, one only measures prompts."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import Final, NamedTuple

import daft
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from daft import DataFrame
from pydantic import BaseModel

from indic_persona_hub.extract.passages import estimated_tokens
from indic_persona_hub.extract.text_to_persona import TextToPersona
from indic_persona_hub.prompts import Prompt
from indic_persona_hub.run.source_sample import Numbers
from indic_persona_hub.stage import Sampling, Workbench

_UNASKED: Final = pa.schema(
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
_NOT_ASKED: Final = (None, 0, False, "not_asked", "", "", 0, 0)


class Asked(NamedTuple):
    """One row that was asked.

    Attributes:
        origin: Id of the document or parent that it is about.
        prompt: Name of the prompt.
        key: Of its last call in the journal.
        prompt_tokens: Of all its calls.
        completion_tokens: Likewise.
        reason: Why there is no reply to use; null where there is one.
    """

    origin: str
    round_number: int
    prompt: str
    key: str
    prompt_tokens: int
    completion_tokens: int
    reason: str | None


class Recording:
    """A workbench that asks as another one does, and notes every row in `asked`."""

    def __init__(self, bench: Workbench, round_number: int, asked: list[Asked]) -> None:
        self._bench = bench
        self._round = round_number
        self._asked = asked

    @property
    def seed(self) -> int:
        """See `stage.Workbench`."""
        return self._bench.seed

    def model_licence(self, model: str) -> tuple[str, str]:
        """See `stage.Workbench`."""
        return self._bench.model_licence(model)

    def ask(
        self,
        frame: DataFrame,
        *,
        prompt: Prompt,
        model: str,
        sampling: Sampling,
        reply: type[BaseModel] | None = None,
    ) -> DataFrame:
        """See `stage.Workbench`."""
        made = self._bench.ask(frame, prompt=prompt, model=model, sampling=sampling, reply=reply)
        table = made.to_arrow()
        noted = table.filter(pc.equal(table["choice"], 0))
        names = ["affinity", "journal_key", "prompt_tokens", "completion_tokens", "reason"]
        for row in noted.select(names).to_pylist():
            origin, *found = (row[name] for name in names)
            self._asked.append(Asked(origin, self._round, prompt.name, *found))
        return daft.from_arrow(table)


class _Measuring:
    """A workbench that asks nothing and adds up the estimated tokens of prompts by affinity."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.tokens: Counter[str] = Counter()
        self.prompt = ""

    def model_licence(self, model: str) -> tuple[str, str]:
        """Nothing is made with it."""
        return model, "unknown"

    def ask(
        self,
        frame: DataFrame,
        *,
        prompt: Prompt,
        model: str,
        sampling: Sampling,
        reply: type[BaseModel] | None = None,
    ) -> DataFrame:
        """Every row comes back with the reason `not_asked`."""
        table = frame.to_arrow()
        self.prompt = self.prompt or prompt.name
        for row in table.select(sorted({*prompt.placeholders, "affinity"})).to_pylist():
            filled = {name: str(row[name] or "") for name in prompt.placeholders}
            turns = prompt.messages(filled)
            self.tokens[row["affinity"]] += sum(_tokens(content) for _, content in turns)
        for field, value in zip(_UNASKED, _NOT_ASKED, strict=True):
            column = pa.array([value] * table.num_rows, field.type)
            table = table.append_column(field, column)
        return daft.from_arrow(table)


@lru_cache(maxsize=256)  # the stable turns come again with every row
def _tokens(text: str) -> int:
    return estimated_tokens(text)


def first_prompts(stage: TextToPersona, documents: pa.Table, seed: int) -> tuple[str, Numbers]:
    """What the first call of every document will be asked, with no call made.

    Returns:
        The prompt's name, and its estimated tokens by document, in the order of `documents`.
    """
    bench = _Measuring(seed)
    once = stage.model_copy(update={"per_document": 1, "candidates": 1})
    once.apply(daft.from_arrow(documents), bench).collect()
    tokens = [bench.tokens[one] for one in documents["id"].to_pylist()]
    return bench.prompt, np.array(tokens, np.float64)
