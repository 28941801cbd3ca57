"""Batches in OpenAI's shape: a file of requests in, a file of answers out, some time later."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from indic_persona_hub.testing.provider.bodies import RefusedError, first_problem
from indic_persona_hub.testing.provider.files import Files

BatchFault = Literal["expired", "failed"]
Endpoint = Literal["/v1/chat/completions", "/v1/completions"]

_WINDOW_S: Final = 24 * 3600
#: Rows that are answered before others get their turn.
_ROWS_AT_ONCE: Final = 20
_MOST_ROWS: Final = 50_000
_MOST_PROBLEMS: Final = 20
_ENDED: Final = frozenset(("completed", "failed", "expired", "cancelled"))
_EXPIRED: Final = {
    "code": "batch_expired",
    "message": "This request could not be executed before the completion window expired.",
}


class RowAnswer(NamedTuple):
    """What became of a row: an HTTP status and a JSON object."""

    status: int
    body: dict[str, Any]


class _Row(BaseModel):
    model_config = ConfigDict(strict=True)

    custom_id: str = Field(min_length=1)
    method: Literal["POST"]
    url: Endpoint
    body: dict[str, Any]


class _Order(BaseModel):
    """What a batch is asked for with."""

    model_config = ConfigDict(strict=True)

    input_file_id: str
    endpoint: Endpoint
    completion_window: str
    metadata: dict[str, str] | None = None


@dataclass
class _Batch:
    id: str
    order: _Order
    created_at: int
    status: str = "validating"
    times: dict[str, int] = field(default_factory=dict)
    problems: list[dict[str, Any]] = field(default_factory=list)
    rows: list[_Row] = field(default_factory=list)
    answers: list[RowAnswer] = field(default_factory=list)
    output_file_id: str | None = None
    error_file_id: str | None = None

    def turn(self, status: str) -> None:
        self.status = status
        self.times[f"{status}_at"] = int(time.time())

    def shown(self) -> dict[str, Any]:
        """As OpenAI's API shows it."""
        failed = sum(answer.status != 200 for answer in self.answers)
        counts = {"total": len(self.rows), "completed": len(self.answers) - failed}
        return {
            "id": self.id,
            "object": "batch",
            **self.order.model_dump(),
            "status": self.status,
            "errors": {"object": "list", "data": self.problems} if self.problems else None,
            "output_file_id": self.output_file_id,
            "error_file_id": self.error_file_id,
            "created_at": self.created_at,
            "expires_at": self.created_at + _WINDOW_S,
            **self.times,
            "request_counts": {**counts, "failed": failed},
        }


class Batches:
    """All batches of one provider; they last as long as it does.

    Args:
        files: Where their input is and their output goes.
        answer: Answers one row, (custom_id, url, body as JSON text).
        latency_s: From the order to the end.
        fault: `failed` ends every batch before a row is answered; `expired` after half of them.
    """

    def __init__(
        self,
        files: Files,
        answer: Callable[[str, str, bytes], RowAnswer],
        latency_s: float,
        fault: BatchFault | None,
    ) -> None:
        self._files = files
        self._answer = answer
        self._quarter_s = latency_s / 4
        self._fault = fault
        self._batches: dict[str, _Batch] = {}
        self._work: dict[str, asyncio.Task[None]] = {}

    def order(self, raw: bytes) -> dict[str, Any]:
        """Begin a batch; must be called on the event loop.

        Raises:
            RefusedError: The order is not valid, or there is no such file.
        """
        try:
            order = _Order.model_validate_json(raw)
        except ValidationError as error:
            raise RefusedError(400, first_problem(error)) from None
        content = self._files.get(order.input_file_id).content
        digest = sha256(f"{len(self._batches)}\n{order.input_file_id}".encode()).hexdigest()
        batch = _Batch(f"batch_{digest[:24]}", order, int(time.time()))
        self._batches[batch.id] = batch
        self._work[batch.id] = asyncio.get_running_loop().create_task(self._run(batch, content))
        return batch.shown()

    def get(self, batch_id: str) -> dict[str, Any]:
        """The batch as it stands.

        Raises:
            RefusedError: There is none.
        """
        return self._known(batch_id).shown()

    def listed(self, limit: int, after: str | None) -> dict[str, Any]:
        """The newest `limit` batches, or those that follow `after`.

        Raises:
            RefusedError: There is no batch `after`.
        """
        newest = list(reversed(self._batches))
        start = 0 if after is None else newest.index(self._known(after).id) + 1
        page = [self._batches[one].shown() for one in newest[start : start + limit]]
        return {
            "object": "list",
            "data": page,
            "first_id": page[0]["id"] if page else None,
            "last_id": page[-1]["id"] if page else None,
            "has_more": start + limit < len(newest),
        }

    def cancel(self, batch_id: str) -> dict[str, Any]:
        """Stop after the rows that are answered.

        Raises:
            RefusedError: There is no such batch, or it has ended.
        """
        batch = self._known(batch_id)
        if batch.status in _ENDED:
            raise RefusedError(400, f"Cannot cancel a batch with status '{batch.status}'.")
        if batch.status != "cancelling":
            self._work[batch.id].cancel()
            batch.turn("cancelling")
            ending = self._end(batch, "cancelled")
            self._work[batch.id] = asyncio.get_running_loop().create_task(ending)
        return batch.shown()

    def _known(self, batch_id: str) -> _Batch:
        if batch_id not in self._batches:
            raise RefusedError(404, f"No batch found with id '{batch_id}'.")
        return self._batches[batch_id]

    async def _run(self, batch: _Batch, content: bytes) -> None:
        await asyncio.sleep(self._quarter_s)
        batch.rows, batch.problems = _read(content, batch.order.endpoint)
        if self._fault == "failed":
            batch.problems = [_problem("internal_error", "The batch failed.", None)]
        if batch.problems:
            batch.rows = []
            batch.turn("failed")
            return
        batch.turn("in_progress")
        done = len(batch.rows) // 2 if self._fault == "expired" else len(batch.rows)
        for place, row in enumerate(batch.rows[:done]):
            if place % _ROWS_AT_ONCE == 0:
                await asyncio.sleep(0)
            body = json.dumps(row.body).encode()
            batch.answers.append(self._answer(row.custom_id, row.url, body))
        await asyncio.sleep(2 * self._quarter_s)
        batch.turn("finalizing")
        await self._end(batch, self._fault or "completed")

    async def _end(self, batch: _Batch, status: str) -> None:
        await asyncio.sleep(self._quarter_s)
        good: list[str] = []
        bad: list[str] = []
        for row, answer in _another_order(list(zip(batch.rows, batch.answers, strict=False))):
            (good if answer.status == 200 else bad).append(_line(batch, row, answer))
        if status == "expired":
            bad += [_line(batch, row, None) for row in batch.rows[len(batch.answers) :]]
        if good:
            batch.output_file_id = self._write(f"{batch.id}_output.jsonl", good)
        if bad:
            batch.error_file_id = self._write(f"{batch.id}_error.jsonl", bad)
        batch.turn(status)

    def _write(self, name: str, lines: Iterable[str]) -> str:
        return self._files.add(name, "batch_output", "".join(lines).encode()).id


def _read(content: bytes, endpoint: str) -> tuple[list[_Row], list[dict[str, Any]]]:
    """The rows of an input file, and what is wrong with it."""
    rows: list[_Row] = []
    problems = []
    seen: set[str] = set()
    for number, line in enumerate(content.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = _Row.model_validate_json(line)
        except ValidationError as error:
            problems.append(_problem("invalid_json_line", first_problem(error), number))
            continue
        if row.url != endpoint:
            problems.append(_problem("mismatched_url", f"url is not {endpoint}", number))
        if row.custom_id in seen:
            said = f"custom_id '{row.custom_id}' stands twice"
            problems.append(_problem("duplicate_custom_id", said, number))
        seen.add(row.custom_id)
        rows.append(row)
    if not rows and not problems:
        problems.append(_problem("empty_file", "The file holds no request.", None))
    if len(rows) > _MOST_ROWS:
        said = f"{len(rows)} requests; {_MOST_ROWS} is the most."
        problems.append(_problem("too_many_requests", said, None))
    return rows, problems[:_MOST_PROBLEMS]


def _problem(code: str, message: str, line: int | None) -> dict[str, Any]:
    return {"code": code, "message": message, "param": None, "line": line}


def _another_order(answered: list[tuple[_Row, RowAnswer]]) -> list[tuple[_Row, RowAnswer]]:
    """Any but that of the input, as the real ones do."""
    return answered[1::2] + answered[::2]


def _line(batch: _Batch, row: _Row, answer: RowAnswer | None) -> str:
    digest = sha256(f"{batch.id}\n{row.custom_id}".encode()).hexdigest()[:24]
    response = None
    if answer is not None:
        response = {"status_code": answer.status, "request_id": f"req_{digest}"}
        response["body"] = answer.body
    line = {
        "id": f"batch_req_{digest}",
        "custom_id": row.custom_id,
        "response": response,
        "error": _EXPIRED if answer is None else None,
    }
    return json.dumps(line, ensure_ascii=False) + "\n"
