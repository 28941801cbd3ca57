"""The plug for llama.cpp in this process."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from indic_persona_hub.errors import ModelError
from indic_persona_hub.models.llama_server import LlamaServer
from indic_persona_hub.models.socket import Message, Reply, Request
from indic_persona_hub.models.weights import licence_of, locate

if TYPE_CHECKING:
    from indic_persona_hub.models.settings import LlamaCppSettings

#: Requests in flight for each slot, so that a slot that is done finds work that suits it.
_WAITING: Final = 4
_TEMPLATE_KEY: Final = b"tokenizer.chat_template"
_HEADER_BYTES: Final = 64 << 20

_Stable = tuple[Message, ...]


@dataclass
class _Task:
    request: Request
    asked_at: float = field(default_factory=time.monotonic)
    answer: Future[Reply] = field(default_factory=Future)


class LlamaCppModel:
    """A GGUF model on this machine's own cores. Threads and event loops may share it.

    Each slot answers one request at a time and keeps what it has read. Requests of equal affinity
    go to one slot, one after another, so that what they share is read once; the messages before the
    last user message are read once for all slots.

    Args:
        settings: Weights, slots, threads and context, from the recipe.
        announce: Told what will be fetched, its size and licence, before anything is.
        progress: Told (bytes done, bytes in all) while weights are fetched.

    Raises:
        WeightsError: The weights are missing, cannot be fetched, or fail their checksum.
        ModelError: xllamacpp is not installed, or the weights cannot be loaded.
    """

    def __init__(
        self,
        settings: LlamaCppSettings,
        announce: Callable[[str], None],
        progress: Callable[[int, int], None],
    ) -> None:
        weights = locate(settings.weights, announce=announce, progress=progress)
        self._name = weights.stem
        self._licence = licence_of(settings.weights)
        with weights.open("rb") as file:
            self._chats = _TEMPLATE_KEY in file.read(_HEADER_BYTES)
        self._server = LlamaServer(
            weights,
            slots=settings.slots,
            threads=settings.threads,
            context_tokens=settings.context_tokens,
        )
        self._waiting: list[_Task] = []
        self._changed = threading.Condition()
        self._closed = False
        self._affinities = [""] * settings.slots
        self._shared = _Shared(self._server, settings.slots, self._post)
        self._threads = [
            threading.Thread(target=self._work, args=(slot,), name=f"llama-{slot}", daemon=True)
            for slot in range(settings.slots)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def name(self) -> str:
        """The weights' file name without `.gguf`."""
        return self._name

    @property
    def licence(self) -> str:
        """Licence of the weights, or `unknown` for a file of the user's own."""
        return self._licence

    @property
    def concurrency(self) -> int:
        """How many requests may be in flight: more than slots, so that no slot waits for work."""
        return _WAITING * len(self._threads)

    async def complete(self, request: Request) -> Reply:
        """Ask once. Base models, which have no chat template, continue the turns as one text.

        Raises:
            BadRowError: The request is longer than a slot's context, or not in form.
            ModelError: The model was closed.
        """
        task = _Task(request)
        with self._changed:
            if self._closed:
                raise _closed()
            self._waiting.append(task)
            self._changed.notify_all()
        return await asyncio.wrap_future(task.answer)

    async def close(self) -> None:
        """Finish what is being answered, refuse what waits, and unload the model."""
        with self._changed:
            if self._closed:
                return
            self._closed = True
            refused, self._waiting = self._waiting, []
            self._changed.notify_all()
        for task in refused:
            if task.answer.set_running_or_notify_cancel():
                task.answer.set_exception(_closed())
        await asyncio.to_thread(self._unload)

    def _unload(self) -> None:
        for thread in self._threads:
            thread.join()
        self._server.close()

    def _work(self, slot: int) -> None:
        while task := self._next(slot):
            if not task.answer.set_running_or_notify_cancel():
                continue
            try:
                task.answer.set_result(self._answer(task, slot))
            except Exception as error:  # noqa: BLE001 - goes to whoever asked
                task.answer.set_exception(error)

    def _next(self, slot: int) -> _Task | None:
        with self._changed:
            while not self._closed:
                if task := self._fitting(slot):
                    self._waiting.remove(task)
                    self._affinities[slot] = task.request.affinity
                    self._changed.notify_all()
                    return task
                self._changed.wait()
        return None

    def _fitting(self, slot: int) -> _Task | None:
        """Work on what this slot has read, else on what no other slot has."""
        own = self._affinities[slot]
        others = {one for one in self._affinities if one and one != own}
        free = [task for task in self._waiting if task.request.affinity not in others]
        same = (task for task in free if own and task.request.affinity == own)
        return next(same, free[0] if free else None)

    def _answer(self, task: _Task, slot: int) -> Reply:
        request = task.request
        self._shared.prepare(request.messages, slot)
        body = {
            "max_tokens": request.max_tokens,
            "temperature": request.temperature,
            "top_p": request.top_p,
            "min_p": request.min_p,
            "stop": list(request.stop),
            "seed": request.seed,
        }
        if request.json_schema is not None:
            body["json_schema"] = dict(request.json_schema)
        return _reply(self._post(request.messages, slot, body), task.asked_at)

    def _post(self, messages: _Stable, slot: int, body: dict[str, Any]) -> dict[str, Any]:
        if not self._chats:
            stop = [*body.pop("stop", ()), "\n"]
            body |= {"prompt": _one_text(messages), "stop": stop}
            return self._server.complete(body, slot=slot)
        turns = [message._asdict() for message in messages]
        return self._server.chat({**body, "messages": turns}, slot=slot)


class _Shared:
    """Has the stable part of prompts read by one slot, for all of them."""

    def __init__(
        self,
        server: LlamaServer,
        slots: int,
        post: Callable[[_Stable, int, dict[str, Any]], dict[str, Any]],
    ) -> None:
        self._server = server
        self._post = post
        self._held: list[_Stable] = [()] * slots
        self._saved: dict[_Stable, str] = {}
        self._lock = threading.Lock()

    def prepare(self, messages: _Stable, slot: int) -> None:
        """Have the slot hold the messages before the last user message."""
        users = [place for place, message in enumerate(messages) if message.role == "user"]
        stable = messages[: users[-1]] if users else ()
        if not stable or self._held[slot] == stable:
            return
        self._held[slot] = stable
        with self._lock:  # others wait for the first: reading takes longer than waiting
            name = self._saved.get(stable)
            if name is None:
                self._read(stable, slot)
                return
        self._server.restore(slot, name)

    def _read(self, stable: _Stable, slot: int) -> None:
        self._post((*stable, Message("user", "")), slot, {"max_tokens": 1})
        name = f"{len(self._saved)}.bin"
        if self._server.save(slot, name):
            self._saved[stable] = name


def _one_text(messages: _Stable) -> str:
    """Turns as one text to go on with: a blank line stands before each user turn."""
    pieces = [
        "\n\n" + message.content if message.role == "user" else "\n" + message.content
        for message in messages
    ]
    ending = "" if messages and messages[-1].role == "assistant" else "\n"
    return "".join(pieces).strip() + ending


def _reply(raw: dict[str, Any], asked_at: float) -> Reply:
    choice, usage = raw["choices"][0], raw["usage"]
    text = choice["text"] if "text" in choice else choice["message"].get("content")
    cut = choice["finish_reason"] == "length"
    return Reply(
        text=(text or "").strip(),
        finish_reason="length" if cut else "stop",
        prompt_tokens=usage["prompt_tokens"],
        cached_tokens=usage["prompt_tokens_details"]["cached_tokens"],
        completion_tokens=usage["completion_tokens"],
        latency_s=time.monotonic() - asked_at,
    )


def _closed() -> ModelError:
    return ModelError("The model was closed.", cure="Open it again.")
