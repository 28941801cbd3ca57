"""Any endpoint that speaks OpenAI's chat completions: vLLM, SGLang, llama.cpp, Ollama, hosted."""

from __future__ import annotations

import ipaddress
import json
import os
import time
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp

from indic_persona_hub.errors import ModelError
from indic_persona_hub.models.endpoint_errors import failure_of
from indic_persona_hub.models.failures import BadRowError
from indic_persona_hub.models.settings import OpenAICompatibleSettings
from indic_persona_hub.models.socket import FinishReason, Reply, Request

_CONNECT_S = 15.0
_MOST_BYTES = 8 << 20


class OpenAICompatibleModel:
    """A `LanguageModel` behind HTTP.

    Args:
        settings: Where it is and how it is asked.

    Raises:
        ModelError: The environment variable that should hold the key is not set.
    """

    def __init__(self, settings: OpenAICompatibleSettings) -> None:
        self._settings = settings
        self._key = _key_of(settings)
        self._url = f"{settings.base_url}/chat/completions"
        self._session: aiohttp.ClientSession | None = None

    def __repr__(self) -> str:
        return f"OpenAICompatibleModel({self._url!r}, {self.name!r})"

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
        """Connections in the pool."""
        return self._settings.concurrency

    async def complete(self, request: Request) -> Reply:
        """Ask once, without retries.

        Raises:
            ModelError: The endpoint fails; `retry` says whether it may go through later.
            BadRowError: The endpoint refuses this one request.
        """
        start = time.perf_counter()
        status, headers, body = await self._post(self._body(request))
        latency_s = time.perf_counter() - start
        reply = reply_in(body, latency_s) if status == 200 else None
        if reply is None:
            raise failure_of(status, headers, body, self._settings, self._key)
        return reply

    async def close(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()

    async def _post(self, body: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        try:
            data = json.dumps(body, ensure_ascii=False).encode()
            async with self._open().post(self._url, data=data, allow_redirects=False) as response:
                content = await _read(response)
                return response.status, {k.lower(): v for k, v in response.headers.items()}, content
        except TimeoutError as error:
            raise self._failed(f"gave no answer within {self._settings.timeout_s} s") from error
        except aiohttp.ClientConnectorError as error:
            raise self._failed(f"cannot be reached ({type(error).__name__})") from error
        except (aiohttp.ClientError, OSError) as error:
            raise self._failed(f"broke the connection ({type(error).__name__})") from error

    def _failed(self, what: str) -> ModelError:
        return ModelError(
            f"{self._url} {what}.",
            cure="Check base_url, that the server is up, and its load (concurrency, timeout_s).",
            retry=True,
        )

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            headers = {"Content-Type": "application/json"}
            if self._key:
                headers["Authorization"] = f"Bearer {self._key}"
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self.concurrency),
                timeout=aiohttp.ClientTimeout(
                    total=self._settings.timeout_s, sock_connect=_CONNECT_S
                ),
                headers=headers,
                proxy=proxy_for(self._url),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session

    def _body(self, request: Request) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self.name,
            "messages": [{"role": role, "content": text} for role, text in request.messages],
            "max_tokens": request.max_tokens,
            "temperature": request.temperature,
            "top_p": request.top_p,
            "seed": request.seed,
        }
        if request.stop:
            body["stop"] = list(request.stop)
        if self._settings.send_min_p:
            body["min_p"] = request.min_p
        if request.json_schema is not None and self._settings.json_schema:
            schema = {"name": "reply", "schema": dict(request.json_schema)}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        return body


async def _read(response: aiohttp.ClientResponse) -> bytes:
    content = bytearray()
    async for chunk in response.content.iter_chunked(1 << 16):
        content += chunk
        if len(content) > _MOST_BYTES:
            raise aiohttp.ClientPayloadError("the answer is far longer than any reply")
    return bytes(content)


def reply_in(body: bytes, latency_s: float) -> Reply | None:
    """The reply in a chat completion; None where `body` is not one."""
    try:
        answer = json.loads(body)
        choice = answer["choices"][0]
        text = choice["message"]["content"] or ""
        usage = answer.get("usage") or {}
        cached = (usage.get("prompt_tokens_details") or {}).get("cached_tokens") or 0
        tokens = (usage.get("prompt_tokens") or 0, cached, usage.get("completion_tokens") or 0)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None
    if not isinstance(text, str) or not all(isinstance(count, int) for count in tokens):
        return None
    return Reply(text, _finish(choice.get("finish_reason")), *tokens, latency_s)


def _finish(reason: object) -> FinishReason:
    if reason == "content_filter":
        raise BadRowError("refusal", "the endpoint's content filter")
    return "stop" if reason == "stop" else "length" if reason == "length" else "error"


def _key_of(settings: OpenAICompatibleSettings) -> str:
    if settings.api_key_env is None:
        return ""
    key = os.environ.get(settings.api_key_env, "").strip()
    if not key:
        raise ModelError(
            f"The environment variable {settings.api_key_env} is not set.",
            cure=f"Put the key of {settings.base_url} into it, or leave api_key_env out.",
        )
    return key


def proxy_for(url: str) -> str | None:
    """The proxy that the environment names; never for this machine itself."""
    # Not aiohttp's trust_env: it reads ~/.netrc before every call.
    parts = urlsplit(url)
    host = parts.hostname or ""
    if _is_loopback(host) or proxy_bypass(host):
        return None
    return getproxies().get(parts.scheme)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
