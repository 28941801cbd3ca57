"""What an endpoint's `/files` and `/batches` are asked, and what their answers mean."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any, Final

from indic_persona_hub.errors import ModelError
from indic_persona_hub.models.batch.files import ENDPOINT
from indic_persona_hub.models.endpoint.errors import failure_of
from indic_persona_hub.models.endpoint.http import Answer, HttpClient
from indic_persona_hub.models.endpoint.secrets import Key
from indic_persona_hub.models.failures import BadRowError, EndpointError
from indic_persona_hub.models.settings import BatchSettings

_CONNECT_TIMEOUT_S: Final = 15.0
_TIMEOUT_S: Final = 300.0
_CONNECTIONS: Final = 4
_PAGE: Final = 100


class BatchApi:
    """OpenAI's batches over HTTP, one call a method, without retries.

    Every method raises `EndpointError` where it may go through later, another `ModelError` where
    it will not.

    Args:
        settings: With `base_url`.
        key: The endpoint's key, or none.

    Raises:
        ModelError: `base_url` or its proxy is no address.
    """

    def __init__(self, settings: BatchSettings, key: Key) -> None:
        self._settings = settings
        self._key = key
        #: The endpoint.
        self.url = settings.base_url or ""
        self._client = HttpClient(
            self.url,
            key=key,
            connect_timeout_s=_CONNECT_TIMEOUT_S,
            first_byte_timeout_s=None,
            timeout_s=_TIMEOUT_S,
            connections=_CONNECTIONS,
        )

    async def upload(self, path: Path) -> str:
        """Send a requests file; returns its id there."""
        form = {"purpose": "batch"}
        answer = await self._client.post_file("/files", path, field="file", fields=form)
        return self._id_in(answer)

    async def order(self, file_id: str | None, metadata: Mapping[str, str]) -> str:
        """Create the batch of a requests file; returns its id."""
        order = {
            "input_file_id": file_id,
            "endpoint": ENDPOINT,
            "completion_window": self._settings.completion_window,
            "metadata": dict(metadata),
        }
        return self._id_in(await self._client.post_json("/batches", json.dumps(order).encode()))

    async def batch(self, batch_id: str | None) -> dict[str, Any] | None:
        """A batch as it stands; null where there is none."""
        answer = await self._client.get(f"/batches/{batch_id}")
        return None if answer.status == 404 else self._object_in(answer)

    async def batches(self) -> AsyncIterator[dict[str, Any]]:
        """All batches, page by page."""
        after, seen = "", {""}
        while True:
            page = self._object_in(await self._client.get(f"/batches?limit={_PAGE}{after}"))
            listed = page.get("data")
            rows = [one for one in listed if isinstance(one, dict)] if listed else []
            for one in rows:
                yield one
            after = f"&after={rows[-1].get('id')}" if rows and page.get("has_more") else ""
            if after in seen:
                return
            seen.add(after)

    async def download(self, file_id: str, path: Path) -> bool:
        """Fetch a file, which is then there whole; false where the endpoint has none."""
        answer = await self._client.download(f"/files/{file_id}/content", path)
        if answer.status not in (200, 404):
            raise self._failure(answer)
        return answer.status == 200

    async def close(self) -> None:
        """Close all connections."""
        await self._client.close()

    def _id_in(self, answer: Answer) -> str:
        found = self._object_in(answer).get("id")
        if not isinstance(found, str) or not found:
            raise self._unreadable()
        return found

    def _object_in(self, answer: Answer) -> dict[str, Any]:
        if not 200 <= answer.status < 300:
            raise self._failure(answer)
        try:
            found = json.loads(answer.body)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise self._unreadable()
        return found

    def _failure(self, answer: Answer) -> ModelError:
        error = failure_of(answer.status, answer.headers, answer.body, self._settings, self._key)
        if isinstance(error, BadRowError):
            return ModelError(
                f"{self.url} answered {answer.status}: {error.detail}",
                cure="Check completion_window, requests_per_file and bytes_per_file, and that the"
                " endpoint has /files and /batches.",
            )
        return error

    def _unreadable(self) -> EndpointError:
        return EndpointError(
            f"{self.url} answered with something that is not what /files and /batches answer.",
            cure="Check base_url, and the endpoint's own log.",
            kind="not_json",
        )
