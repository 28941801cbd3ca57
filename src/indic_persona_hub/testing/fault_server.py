"""A small OpenAI-compatible endpoint on 127.0.0.1 that answers as the scripted model, with faults.

Faults are seeded: the same server settings and the same calls meet the same faults.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from threading import Event, Thread
from types import TracebackType
from typing import Any, Final, Self

from aiohttp import web

from indic_persona_hub.models.scripted import ScriptedModel
from indic_persona_hub.models.socket import Message, Reply, Request
from indic_persona_hub.records import unit_interval

#: `busy` is 429 with Retry-After, `error` 500, `reset` a broken connection, `stall` silence, `page`
#: an HTML page with status 200, `apology` a 200 with an error in its body, `cut` half a reply.
FAULTS: Final = ("busy", "error", "reset", "stall", "page", "apology", "cut")
#: The model worked for these, so a provider would ask for money.
_BILLED: Final = ("", "cut", "reset")


@dataclass(frozen=True)
class Call:
    """One call that the server saw.

    Attributes:
        digest: sha256 of the request body; the same for a retry.
        fault: One of `FAULTS`, a refusal's HTTP status, or "" where it was answered.
        billed: A provider would have charged for it.
    """

    digest: str
    fault: str
    billed: bool


class FaultServer:
    """A server in a thread of its own, for as long as the `with` block lasts.

    Args:
        model: The one model that it serves; others get 404.
        faults: Share of calls by name of `FAULTS`.
        seed: Draws the faults.
        latency_s: Before every answer.
        retry_after_s: What `busy` asks for.
        key: What the Authorization header must hold; null lets everyone in.
        refuses: Fields of the body that it refuses with 400.
        context_characters: Longer prompts are refused with 400; null is no limit.
    """

    def __init__(
        self,
        *,
        model: str = "scripted",
        faults: Mapping[str, float] | None = None,
        seed: int = 0,
        latency_s: float = 0.0,
        retry_after_s: float = 0.05,
        key: str | None = None,
        refuses: tuple[str, ...] = (),
        context_characters: int | None = None,
    ) -> None:
        self._model = model
        self._faults = dict(faults or {})
        self._seed = str(seed)
        self._latency_s = latency_s
        self._retry_after_s = retry_after_s
        self._key = key
        self._refuses = refuses
        self._context_characters = context_characters
        self._scripted = ScriptedModel()
        self._tries: Counter[str] = Counter()
        self._loop = asyncio.new_event_loop()
        self._up = Event()
        self._port = 0
        self._thread = Thread(target=self._serve, name="fault-server", daemon=True)
        #: Every call in order of arrival.
        self.calls: list[Call] = []

    @property
    def base_url(self) -> str:
        """What goes into a model's `base_url`."""
        return f"http://127.0.0.1:{self._port}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        self._up.wait()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _serve(self) -> None:
        self._loop.run_until_complete(self._start())
        self._up.set()
        self._loop.run_forever()
        self._loop.run_until_complete(self._runner.cleanup())
        self._loop.close()

    async def _start(self) -> None:
        app = web.Application(client_max_size=64 << 20)
        app.router.add_post("/v1/chat/completions", self._complete)
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self._port = self._runner.addresses[0][1]

    async def _complete(self, call: web.Request) -> web.StreamResponse:
        raw = await call.read()
        digest = sha256(raw).hexdigest()
        body = json.loads(raw)
        if refusal := self._refusal(call, body):
            status, message = refusal
            self.calls.append(Call(digest, str(status), False))
            return web.json_response({"error": {"message": message}}, status=status)
        fault = self._fault(digest)
        self.calls.append(Call(digest, fault, fault in _BILLED))
        await asyncio.sleep(3600 if fault == "stall" else self._latency_s)
        reply = await self._scripted.complete(_request(body))
        return self._answer(call, fault, json.dumps(_completion(self._model, reply)))

    def _refusal(self, call: web.Request, body: dict[str, Any]) -> tuple[int, str] | None:
        given = call.headers.get("Authorization", "")
        if self._key is not None and given != f"Bearer {self._key}":
            return 401, f"Incorrect API key provided: {given.removeprefix('Bearer ')}"
        if body["model"] != self._model:
            return 404, f"The model {body['model']} does not exist."
        for field in self._refuses:
            if field in body:
                return 400, f"Unknown parameter: {field}"
        length = sum(len(turn["content"]) for turn in body["messages"])
        if self._context_characters is not None and length > self._context_characters:
            return 400, "The prompt is longer than the maximum context length."
        return None

    def _fault(self, digest: str) -> str:
        self._tries[digest] += 1
        left = unit_interval("fault", self._seed, digest, str(self._tries[digest]))
        for name in FAULTS:
            left -= self._faults.get(name, 0.0)
            if left < 0:
                return name
        return ""

    def _answer(self, call: web.Request, fault: str, completion: str) -> web.StreamResponse:
        json_type = "application/json"
        match fault:
            case "busy":
                wait = {"Retry-After": str(self._retry_after_s)}
                return web.json_response({"error": "slow down"}, status=429, headers=wait)
            case "error":
                return web.json_response({"error": {"message": "out of memory"}}, status=500)
            case "page":
                page = "<html><head><title>502</title></head><body>Bad gateway</body></html>"
                return web.Response(text=page, content_type="text/html")
            case "apology":
                return web.json_response({"error": {"message": "overloaded", "code": 503}})
            case "cut":
                return web.Response(text=completion[: len(completion) // 2], content_type=json_type)
            case "reset":
                if call.transport is not None:
                    call.transport.abort()
        return web.Response(text=completion, content_type=json_type)


def _request(body: Mapping[str, Any]) -> Request:
    shape = body.get("response_format") or {}
    return Request(
        messages=tuple(Message(turn["role"], turn["content"]) for turn in body["messages"]),
        max_tokens=body["max_tokens"],
        temperature=body["temperature"],
        top_p=body["top_p"],
        min_p=body.get("min_p", 0.0),
        stop=tuple(body.get("stop", ())),
        seed=body["seed"],
        json_schema=shape["json_schema"]["schema"] if shape else None,
    )


def _completion(model: str, reply: Reply) -> dict[str, Any]:
    message = {"role": "assistant", "content": reply.text}
    return {
        "object": "chat.completion",
        "model": model,
        "choices": [{"index": 0, "message": message, "finish_reason": reply.finish_reason}],
        "usage": {
            "prompt_tokens": reply.prompt_tokens,
            "completion_tokens": reply.completion_tokens,
            "prompt_tokens_details": {"cached_tokens": reply.cached_tokens},
        },
    }
