"""Which request goes where."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import parse_qs

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from indic_persona_hub.testing.provider.batches import Batches
from indic_persona_hub.testing.provider.bill import Bill
from indic_persona_hub.testing.provider.bodies import RefusedError, first_problem
from indic_persona_hub.testing.provider.calls import CompletionRoute, write_refusal
from indic_persona_hub.testing.provider.completions import CHAT, TEXT
from indic_persona_hub.testing.provider.files import Files
from indic_persona_hub.testing.provider.http import Connection, Incoming
from indic_persona_hub.testing.provider.rate import RateLimit

_FILES: Final = "/v1/files"
_BATCHES: Final = "/v1/batches"
_MOST_FILE_BYTES: Final = 256 << 20
_MOST_BODY_BYTES: Final = 16 << 20
_MOST_LISTED: Final = 100


def most_bytes(path: str) -> int:
    """The longest body that `path` takes."""
    return _MOST_FILE_BYTES if path == _FILES else _MOST_BODY_BYTES


class _Control(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)

    requests_per_s: float | None = Field(gt=0)


class Routes:
    """Everything that the provider answers.

    Args:
        key: What the Authorization header must hold as Bearer; null lets everyone in.
    """

    def __init__(
        self,
        route: CompletionRoute,
        files: Files,
        batches: Batches,
        rate: RateLimit,
        bill: Bill,
        *,
        model: str,
        key: str | None,
    ) -> None:
        self._route = route
        self._files = files
        self._batches = batches
        self._rate = rate
        self._model = model
        self._authorization = None if key is None else f"Bearer {key}"
        self._plain: dict[tuple[str, str], Callable[[Incoming], Any]] = {
            ("GET", "/v1/models"): self._models,
            ("GET", "/ledger"): lambda _: bill.ledger(),
            ("POST", "/control"): self._control,
            ("POST", _FILES): self._upload,
            ("POST", _BATCHES): lambda incoming: batches.order(incoming.body),
            ("GET", _BATCHES): self._list,
        }
        self._paths = {CHAT, TEXT, *(path for _, path in self._plain)}

    def take(self, incoming: Incoming, connection: Connection) -> None:
        """Answer `incoming`, now or later."""
        denied = self._denied(incoming)
        if incoming.method == "POST" and incoming.path in (CHAT, TEXT):
            self._route.take(incoming, connection, denied)
            return
        try:
            if denied is not None:
                raise denied
            content = self._answer(incoming)
        except RefusedError as refused:
            write_refusal(connection, refused)
            return
        if isinstance(content, bytes):
            connection.answer(200, content, "application/octet-stream")
        else:
            connection.answer(200, json.dumps(content, ensure_ascii=False).encode())

    def _denied(self, incoming: Incoming) -> RefusedError | None:
        given = incoming.headers.get("authorization", "")
        if self._authorization in (None, given) or not incoming.path.startswith("/v1/"):
            return None
        message = f"Incorrect API key provided: {given.removeprefix('Bearer ')}."
        return RefusedError(401, message, "invalid_api_key")

    def _answer(self, incoming: Incoming) -> Any:
        """The answer's body: bytes as they are, anything else as JSON."""
        if answer := self._plain.get((incoming.method, incoming.path)):
            return answer(incoming)
        if incoming.path in self._paths:
            raise RefusedError(405, f"{incoming.path} does not take {incoming.method}.")
        match (incoming.method, *incoming.path.split("/")[1:]):
            case ("GET", "v1", "files", file_id, "content"):
                return self._files.get(file_id).content
            case ("GET", "v1", "batches", batch_id):
                return self._batches.get(batch_id)
            case ("POST", "v1", "batches", batch_id, "cancel"):
                return self._batches.cancel(batch_id)
        raise RefusedError(404, f"Unknown request: {incoming.method} {incoming.path}")

    def _models(self, _: Incoming) -> dict[str, Any]:
        model = {"id": self._model, "object": "model", "created": 0, "owned_by": "provider"}
        return {"object": "list", "data": [model]}

    def _control(self, incoming: Incoming) -> dict[str, Any]:
        try:
            asked = _Control.model_validate_json(incoming.body)
        except ValidationError as error:
            raise RefusedError(400, first_problem(error)) from None
        self._rate.allow(asked.requests_per_s)
        return asked.model_dump()

    def _upload(self, incoming: Incoming) -> dict[str, Any]:
        content_type = incoming.headers.get("content-type", "")
        return self._files.add_upload(content_type, incoming.body).shown()

    def _list(self, incoming: Incoming) -> dict[str, Any]:
        asked = {name: values[-1] for name, values in parse_qs(incoming.query).items()}
        limit = asked.get("limit", "20")
        if not (limit.isascii() and limit.isdigit() and 1 <= int(limit) <= _MOST_LISTED):
            raise RefusedError(400, f"limit is a number from 1 to {_MOST_LISTED}.")
        return self._batches.listed(int(limit), asked.get("after"))
