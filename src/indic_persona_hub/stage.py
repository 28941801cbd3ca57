"""The one way to write a stage.

A stage is a frozen value whose fields are all of its settings. It maps a table to a table and sees
no path, no clock, no environment and no unseeded chance. Its fingerprint is its name, its revision,
all of its fields and the contents of its prompts: what changes a row changes the fingerprint.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from daft import DataFrame, Expression
    from numpy.typing import NDArray

    from indic_persona_hub.prompts import Prompt

#: The column that a row stage adds: null where the row goes on, else why it was dropped.
REASON = "reason"
#: Free words beside the reason.
REASON_DETAIL = "reason_detail"


class Sampling(BaseModel):
    """How a model draws its reply. Every field changes the reply, so every field is in its key.

    Attributes:
        choices: Replies drawn for one prompt (`n`); the endpoint reads the prompt once.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    temperature: float = Field(0.9, ge=0, le=2)
    top_p: float = Field(0.95, gt=0, le=1)
    min_p: float = Field(0.08, ge=0, lt=1)
    max_tokens: int = Field(96, ge=1, le=8192)
    stop: tuple[str, ...] = ()
    choices: int = Field(1, ge=1, le=64)


class Workbench(Protocol):
    """What a stage may use beside its table."""

    @property
    def seed(self) -> int:
        """The recipe's seed."""
        ...

    def model_licence(self, model: str) -> tuple[str, str]:
        """Name and licence of the model that the recipe calls `model`."""
        ...

    def ask(
        self,
        frame: DataFrame,
        *,
        prompt: Prompt,
        model: str,
        sampling: Sampling,
        reply: type[BaseModel] | None = None,
    ) -> DataFrame:
        """Ask `model` once per row.

        The columns that the prompt's placeholders name are filled into it; the int64 column `draw`
        tells several asks of one prompt apart (it goes into the sampling seed); rows with an equal
        string column `affinity` share most of their prompt; a string column `reply_script` (ISO
        15924) says which script the reply must be in.

        A reply that is not JSON, or not of the schema, is mended where that changes no word of it
        (`repaired`), else asked for once more with the error.

        Returns:
            `frame`, each row once for each choice that came, at least once, with `reply` (the text,
            or the JSON text where `reply` is a model class that it was validated against; null
            where rejected), `choice` (int32, from 0), `repaired` (bool), `reason`, `reason_detail`,
            `journal_key`, `prompt_tokens` and `completion_tokens` (int64; those of a call stand on
            its first choice) added.
        """
        ...


class Stage(BaseModel, ABC):
    """A frozen value that maps a table to a table."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: ClassVar[str]
    revision: ClassVar[int] = 1

    def prompts(self) -> tuple[Prompt, ...]:
        """The prompts whose contents count in the fingerprint."""
        return ()

    def settings(self) -> dict[str, Any]:
        """All fields as JSON values."""
        return self.model_dump(mode="json")

    def fingerprint(self, *upstream: str) -> str:
        """64 hex digits that change whenever a row of this stage could."""
        parts = {
            "name": self.name,
            "revision": self.revision,
            "settings": self.settings(),
            "prompts": [prompt.content_hash for prompt in self.prompts()],
            "upstream": list(upstream),
        }
        return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


class RowStage(Stage):
    """Maps each row on its own: rows in = rows with a null `reason` + rows with one."""

    @abstractmethod
    def apply(self, frame: DataFrame, bench: Workbench) -> DataFrame:
        """Returns one row per unit of work, with `reason` and `reason_detail` added."""


class RowJudge(Stage):
    """Evidence on one persona, from its own row. All row judges run in one scan.

    The row has every column of `records.PERSONA` and `origin_text` (the passage that the model
    read, or the parent's persona text) and `shots` (list of strings: the prompt's example replies).
    """

    @abstractmethod
    def evidence(self) -> Expression:
        """A struct expression with the fields of `records.EVIDENCE` but `id`."""


class EmbeddingBench(Protocol):
    """What a set judge may use beside the texts."""

    def embed(self, texts: Sequence[str], *, embedder: str) -> NDArray[np.float32]:
        """One vector of length 1 for each text from what the recipe's `embedders` call
        `embedder`: (texts, dimensions).
        """
        ...


class Keyed(Protocol):
    """Keys of the personas that stand, one row a persona; rows are numbered by ascending id, slice
    after slice.
    """

    @property
    def rows_by_slice(self) -> Sequence[int]:
        """Rows of each slice."""
        ...

    def part(self, name: str, slice_number: int) -> NDArray[Any]:
        """The array that `SetJudge.keys` called `name`, of one slice, read anew from the disk."""
        ...


class Clusters(NamedTuple):
    """Which rows are one persona told again; arrays of one entry a row.

    Attributes:
        survivor: int64, the row that stands for this one: itself where it is kept.
        cluster: int64, the lowest row of its cluster.
        similarity: float32, to the survivor; 1 for itself.
    """

    survivor: NDArray[np.int64]
    cluster: NDArray[np.int64]
    similarity: NDArray[np.float32]


class SetJudge(Stage):
    """Evidence that needs to see the whole set: exact, near, semantic duplicates.

    Text is scanned slice by slice into narrow keys; only the keys of all slices meet, and only as
    many of them at a time as memory holds.
    """

    @property
    def merges(self) -> bool:
        """Whether a row that another one stands for fails; else it is linked only."""
        return True

    @abstractmethod
    def keys(self, personas: pa.ChunkedArray, bench: EmbeddingBench) -> dict[str, NDArray[Any]]:
        """Arrays by name from the texts of one slice (strings, never null), in their order."""

    @abstractmethod
    def clusters(
        self, keys: Keyed, confidence: NDArray[np.float32], among: NDArray[np.bool_]
    ) -> Clusters:
        """Compare the rows where `among` is true; the others are clusters of their own.

        The survivor of a cluster has the best `confidence`, then the lowest row.
        """
