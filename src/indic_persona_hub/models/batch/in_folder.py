"""Batches that are answered by hand: requests files for `vllm run-batch`, and its answers."""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Final

from indic_persona_hub.models.batch.answerer import Ending
from indic_persona_hub.models.batch.files import GrowingAnswers
from indic_persona_hub.models.batch.state import Batch, BatchState, Step
from indic_persona_hub.models.failures import EndpointError
from indic_persona_hub.models.settings import BatchSettings

#: An answer file that has not grown for so many polls will not grow any more.
_STILL_POLLS: Final = 10


class BatchFolder:
    """Leaves requests files in a folder and waits for their answer files.

    Args:
        settings: With `folder`.
        state: Where each step is recorded.
        announce: Told the command that answers a file.
    """

    #: Steps from which on somebody may be working on a batch.
    submitted: Final = Step.WRITTEN

    def __init__(
        self, settings: BatchSettings, state: BatchState, announce: Callable[[str], None]
    ) -> None:
        self._model = settings.model
        self._poll_s = settings.poll_s
        self._state = state
        self._announce = announce
        #: Where requests files are.
        self.folder = Path(settings.folder or "").expanduser().absolute()

    def requests_path(self, batch: Batch) -> Path:
        """Where the requests of `batch` are."""
        return self.folder / f"requests-{batch.digest[:12]}.jsonl"

    async def finish(self, batch: Batch) -> Ending:
        """Say how `batch` is answered, and wait until it is."""
        requests = self.requests_path(batch)
        answers = self.folder / f"answers-{batch.digest[:12]}.jsonl"
        command = ["vllm", "run-batch", "-i", str(requests), "-o", str(answers)]
        self._announce(
            f"{batch.requests:,} requests are in {requests}; answer them with: "
            f"{shlex.join([*command, '--model', self._model])}"
        )
        left = set(await asyncio.to_thread(self._state.keys_of, batch.number))
        growing = GrowingAnswers(answers)
        still = size = 0
        while left and still < _STILL_POLLS:
            size, before = growing.size(), size
            still = still + 1 if size and size == before else 0
            if not still:
                left.difference_update(await asyncio.to_thread(list, growing.new_ids()))
            if left:
                await asyncio.sleep(self._poll_s)
        error = EndpointError(
            f"{answers} holds no answer to this request.",
            cure="See what `vllm run-batch` said, and run it on the new requests file.",
            kind="batch_missing",
        )
        return Ending((answers,) if answers.exists() else (), error)

    def tidy(self, under_way: list[Batch]) -> None:
        """The files are the user's: they stay."""

    def standing(self, requests: int, batches: int) -> str:
        """What is said of what goes on without this process."""
        return (
            f"{requests:,} requests in {batches:,} files wait in {self.folder} for"
            " `vllm run-batch`; run the same command again to collect them."
        )

    async def close(self) -> None:
        """Nothing to let go of."""
