"""Batches at an endpoint with OpenAI's `/files` and `/batches`, each submitted once.

A batch goes from step to step (see `batch_state.Step`); what a step needs is on disk before it is
taken, so that a process that comes after a kill takes up at the same step.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from indic_persona_hub.errors import ModelError
from indic_persona_hub.models.batch.answerer import Ending
from indic_persona_hub.models.batch.api import BatchApi
from indic_persona_hub.models.batch.state import Batch, BatchState, Step
from indic_persona_hub.models.endpoint.secrets import Key
from indic_persona_hub.models.failures import BusyError, EndpointError
from indic_persona_hub.models.settings import BatchSettings

#: Failures in a row, a poll apart, before a batch is given up for now.
_MOST_FAILURES: Final = 20
#: How often a batch whose order was cut off is looked for, a poll apart, before it is ordered anew.
_LOOKS: Final = 2
_ENDS: Final = frozenset({"completed", "failed", "expired", "cancelled"})
_TOO_MANY_TOKENS: Final = "token_limit_exceeded"
_MOST_WORDS: Final = 300
#: Digits of the digest in the names of a batch's files.
_MARK: Final = 12


class BatchEndpoint:
    """Uploads requests, orders batches, and fetches their answers.

    Args:
        settings: With `base_url`.
        key: The endpoint's key, or none.
        folder: Where requests files are, and answers between their download and their end.
        state: Where each step is recorded.
        announce: Told of each batch that is ordered.

    Raises:
        ModelError: `base_url` or its proxy is no address.
    """

    #: The step from which on the endpoint may be working on a batch.
    submitted: Final = Step.CREATING

    def __init__(
        self,
        settings: BatchSettings,
        key: Key,
        folder: Path,
        state: BatchState,
        announce: Callable[[str], None],
    ) -> None:
        self._poll_s = settings.poll_s
        self._key = key
        self._api = BatchApi(settings, key)
        #: Where requests files are.
        self.folder = folder
        self._state = state
        self._announce = announce
        #: Batches that count against the endpoint's limits, and what is set when one has ended.
        self._at_work: set[int] = set()
        self._one_ended = asyncio.Event()

    def requests_path(self, batch: Batch) -> Path:
        """Where the requests of `batch` are until it has ended."""
        return self.folder / f"requests-{batch.digest[:_MARK]}.jsonl"

    async def finish(self, batch: Batch) -> Ending:
        """Bring a batch from whatever step it is at to its end; see `Answerer.finish`."""
        try:
            return await self._through_all_steps(batch)
        finally:
            self._leaves(batch)

    def tidy(self, under_way: list[Batch]) -> None:
        """Delete the files of no batch under way."""
        marks = {batch.digest[:_MARK] for batch in under_way}
        for path in self.folder.glob("[!.]*-*"):
            if path.name.partition("-")[2][:_MARK] not in marks:
                path.unlink(missing_ok=True)

    def standing(self, requests: int, batches: int) -> str:
        """What is said of batches that go on without this process."""
        return (
            f"{requests:,} requests in {batches:,} batches go on at the endpoint; run the same"
            " command again to collect them."
        )

    async def close(self) -> None:
        """Close all connections."""
        await self._api.close()

    async def _through_all_steps(self, batch: Batch) -> Ending:
        failures = 0
        while True:
            try:
                if (ending := await self._step(batch)) is not None:
                    return ending
                failures = 0
            except EndpointError as error:
                failures += 1
                if failures >= _MOST_FAILURES:
                    # Not the requests were lost but the way to them: none of them is billed twice.
                    raise EndpointError(error.message, cure=error.cure, kind=error.kind) from error
                asked_s = error.retry_after_s if isinstance(error, BusyError) else None
                await asyncio.sleep(max(self._poll_s, asked_s or 0))
            batch = await asyncio.to_thread(self._state.batch, batch.number)

    def _leaves(self, batch: Batch) -> None:
        self._at_work.discard(batch.number)
        self._one_ended.set()
        self._one_ended = asyncio.Event()

    async def _step(self, batch: Batch) -> Ending | None:
        match batch.step:
            case Step.UPLOADED:
                await self._advance(batch, Step.CREATING)
                await self._order(batch)
            case Step.CREATING:
                await self._find_or_order(batch)
            case Step.CREATED:
                await self._poll(batch)
            case Step.DONE:
                return await self._end(batch)
            case _:
                await self._upload(batch)
        return None

    async def _upload(self, batch: Batch) -> None:
        await self._advance(batch, Step.UPLOADING)
        file_id = await self._api.upload(self.requests_path(batch))
        await self._advance(batch, Step.UPLOADED, file_id=file_id)

    async def _find_or_order(self, batch: Batch) -> None:
        """Take up a batch whose order may or may not have arrived."""
        for _ in range(_LOOKS):
            await asyncio.sleep(self._poll_s)
            async for one in self._api.batches():
                if _is_order_of(one, batch):
                    await self._ordered(batch, str(one["id"]))
                    return
        await self._order(batch)

    async def _order(self, batch: Batch) -> None:
        try:
            batch_id = await self._api.order(batch.file_id, {"iph": batch.digest})
        except EndpointError:
            raise
        except ModelError:
            await self._advance(batch, Step.UPLOADED)  # it was refused, so there is none
            raise
        await self._ordered(batch, batch_id)

    async def _ordered(self, batch: Batch, batch_id: str) -> None:
        self._at_work.add(batch.number)
        await self._advance(batch, Step.CREATED, batch_id=batch_id)
        self._announce(
            f"{batch.requests:,} requests are in batch {batch_id} at {self._api.url}, which is"
            f" asked every {self._poll_s:g} s."
        )

    async def _poll(self, batch: Batch) -> None:
        self._at_work.add(batch.number)
        found = await self._api.batch(batch.batch_id)
        if found is None:
            raise self._gone(f"batch {batch.batch_id}")
        status = str(found.get("status")).lower()
        if status not in _ENDS:
            await asyncio.sleep(self._poll_s)
            return
        words = self._key.taken_out_of(_words(found.get("errors")))
        output, errors = (found.get(f"{name}_file_id") for name in ("output", "error"))
        files = {"output_id": output and str(output), "errors_id": errors and str(errors)}
        await self._advance(batch, Step.DONE, **files, status=status, words=words)

    async def _end(self, batch: Batch) -> Ending | None:
        if batch.status == "failed" and _TOO_MANY_TOKENS in (batch.words or ""):
            self._at_work.discard(batch.number)
            if not self._at_work:
                return Ending((), self._too_large(batch))
            await self._one_ended.wait()
            await self._advance(batch, Step.UPLOADED)
            return None
        files = {"output": batch.output_id, "errors": batch.errors_id}
        paths = [await self._fetched(batch, name, file) for name, file in files.items() if file]
        return Ending(tuple(paths), self._unanswered(batch))

    async def _fetched(self, batch: Batch, name: str, file_id: str) -> Path:
        path = self.folder / f"{name}-{batch.digest[:_MARK]}.jsonl"
        # A download is there whole or not at all.
        if not path.exists() and not await self._api.download(file_id, path):
            raise self._gone(f"file {file_id}, the {name} of batch {batch.batch_id}")
        return path

    async def _advance(self, batch: Batch, step: Step, **values: str | None) -> None:
        await asyncio.to_thread(self._state.advance, batch.number, step, **values)

    def _gone(self, what: str) -> ModelError:
        return ModelError(
            f"{self._api.url} does not know {what}.",
            cure="Check that the key is that of the same project. Where it is gone for good, delete"
            f" {self._state.path}: what it did not answer is then asked, and paid, again.",
        )

    def _too_large(self, batch: Batch) -> ModelError:
        return ModelError(
            f"Batch {batch.batch_id} failed: {batch.words}",
            cure="Lower requests_per_file or bytes_per_file, or wait until other batches have"
            " ended; then run the same command again.",
        )

    def _unanswered(self, batch: Batch) -> ModelError:
        """What a request that the answers leave out fails with."""
        what = f"Batch {batch.batch_id}"
        if batch.status == "failed":
            cure = "Change the model's settings as these words say, then run again."
            return ModelError(f"{what} failed: {batch.words or 'no reason was given'}", cure=cure)
        if batch.status == "cancelled":
            return ModelError(
                f"{what} was cancelled at the endpoint.",
                cure="Run the same command again to ask the rest; what was answered is kept.",
            )
        expired = batch.status == "expired"
        return EndpointError(
            f"{what} {'expired before' if expired else 'ended without'} an answer to this request.",
            cure="Run the same command again: it goes into another batch.",
            kind="batch_expired" if expired else "batch_missing",
            may_be_billed=not expired,
        )


def _is_order_of(found: dict[str, Any], batch: Batch) -> bool:
    """Whether a batch of the endpoint is this one; one that failed before is none."""
    metadata = found.get("metadata")
    marked = isinstance(metadata, dict) and metadata.get("iph") == batch.digest
    same_file = batch.file_id is not None and found.get("input_file_id") == batch.file_id
    failed = str(found.get("status")).lower() == "failed"
    return (marked or same_file) and not failed and isinstance(found.get("id"), str)


def _words(errors: object) -> str:
    """Why a batch failed, in a line."""
    listed = errors.get("data") if isinstance(errors, dict) else None
    if not isinstance(listed, list):
        return str(errors or "")[:_MOST_WORDS]
    said = [one for one in listed if isinstance(one, dict)]
    return "; ".join(f"{one.get('code')}: {one.get('message')}" for one in said)[:_MOST_WORDS]
