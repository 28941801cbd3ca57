"""Who answers batches: an endpoint, or somebody who looks into a folder."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple, Protocol

from indic_persona_hub.errors import ModelError
from indic_persona_hub.models.batch.state import Batch, Step


class Ending(NamedTuple):
    """How a batch ended.

    Attributes:
        files: Its answers, files that count more first.
        unanswered: What a request without an answer in them fails with.
    """

    files: tuple[Path, ...]
    unanswered: ModelError


class Answerer(Protocol):
    """Brings batches to their end."""

    @property
    def submitted(self) -> Step:
        """The step from which on somebody may be working on a batch."""
        ...

    @property
    def folder(self) -> Path:
        """Where requests files are."""
        ...

    def requests_path(self, batch: Batch) -> Path:
        """Where the requests of `batch` are, or will be."""
        ...

    async def finish(self, batch: Batch) -> Ending:
        """Bring a batch from whatever step it is at to its end.

        Raises:
            EndpointError: It is away for long; the batch goes on.
            ModelError: It refuses the batch, or does not know it any more.
            StorageError: A step cannot be recorded.
            OSError: A file cannot be read or written.
        """
        ...

    def tidy(self, under_way: list[Batch]) -> None:
        """Delete the files of batches that are not under way, unless they are the user's."""
        ...

    def standing(self, requests: int, batches: int) -> str:
        """What is said of batches that go on without this process."""
        ...

    async def close(self) -> None:
        """Let go of everything."""
        ...
