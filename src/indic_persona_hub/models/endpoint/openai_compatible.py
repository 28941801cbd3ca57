"""Any endpoint with OpenAI's chat completions or completions: vLLM, SGLang, llama.cpp, Ollama."""

from __future__ import annotations

import time
from hashlib import blake2b

from indic_persona_hub.models.endpoint.completion_replies import reply_in
from indic_persona_hub.models.endpoint.completion_requests import RequestWriter
from indic_persona_hub.models.endpoint.errors import failure_of
from indic_persona_hub.models.endpoint.http import HttpClient
from indic_persona_hub.models.endpoint.secrets import key_of
from indic_persona_hub.models.settings import Endpoint, OpenAICompatibleSettings
from indic_persona_hub.models.socket import Reply, Request

_PATHS = {"chat": "/chat/completions", "completions": "/completions"}


class OpenAICompatibleModel:
    """A `LanguageModel` behind HTTP, at one address.

    Args:
        settings: How it is asked.
        endpoint: Where it is, and the key; null is the settings' own.

    Raises:
        ModelError: The key that should be there is not, or the address is none.
    """

    def __init__(
        self, settings: OpenAICompatibleSettings, endpoint: Endpoint | None = None
    ) -> None:
        place = endpoint or settings
        self._settings = settings
        self._base_url = place.base_url
        self._path = _PATHS[settings.api]
        self._key = key_of(place.api_key_env, place.api_key_file, place.base_url)
        self._write = RequestWriter(
            settings.model,
            api=settings.api,
            reply_format=settings.reply_format,
            send_min_p=settings.send_min_p,
        ).body
        self._client = HttpClient(
            place.base_url,
            key=self._key,
            connect_timeout_s=settings.connect_timeout_s,
            first_byte_timeout_s=settings.first_byte_timeout_s,
            timeout_s=settings.timeout_s,
            connections=settings.concurrency,
        )

    def __repr__(self) -> str:
        return f"OpenAICompatibleModel({self._base_url!r}, {self.name!r})"

    @property
    def name(self) -> str:
        """The endpoint's name of the model."""
        return self._settings.model

    @property
    def licence(self) -> str:
        """As the settings state it."""
        return self._settings.licence

    @property
    def concurrency(self) -> int:
        """Most requests in flight at this address."""
        return self._settings.concurrency

    async def complete(self, request: Request) -> Reply:
        """Ask once, without retries. A retry has the same Idempotency-Key.

        Raises:
            ModelError: The endpoint fails; `retry` says whether it may go through later.
            BadRowError: The endpoint refuses this one request.
        """
        begun_s = time.perf_counter()
        body = self._write(request)
        headers = {"Idempotency-Key": blake2b(body, digest_size=16).hexdigest()}
        answer = await self._client.post_json(self._path, body, headers)
        reply = None
        if answer.status == 200:
            latency_s = time.perf_counter() - begun_s
            reply = reply_in(answer.body, latency_s, request)
        if reply is None:
            raise failure_of(
                answer.status,
                answer.headers,
                answer.body,
                self._settings,
                self._key,
                self._base_url,
            )
        return reply

    async def close(self) -> None:
        """Close all connections."""
        await self._client.close()
