"""The plug for llama.cpp in this process."""

from __future__ import annotations

import asyncio
import itertools
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from indic_persona_hub.errors import ModelError
from indic_persona_hub.models.local.llama_server import LlamaServer
from indic_persona_hub.models.local.slot_queue import SlotQueue
from indic_persona_hub.models.local.weights import licence_of, locate
from indic_persona_hub.models.socket import Choice, Message, Reply, Request

if TYPE_CHECKING:
    from indic_persona_hub.models.settings import LlamaCppSettings

#: Requests in flight for each slot, so that a slot that is done finds work that suits it.
_WAITING: Final = 4
_TEMPLATE_KEY: Final = b"tokenizer.chat_template"
_HEADER_BYTES: Final = 64 << 20
_SEEDS: Final = 1 << 31  # llama.cpp takes its highest seeds for chance
#: Stable parts that are kept for all slots, some 30 kB for each of their tokens; others are read
#: by each slot that needs them.
_MOST_SHARED: Final = 16

_Stable = tuple[Message, ...]
_Raw = dict[str, Any]


@dataclass
class _Task:
    request: Request
    answer: Future[_Raw] = field(default_factory=Future)


class LlamaCppModel:
    """A GGUF model on this machine's own cores. Threads and event loops may share it.

    Each slot answers one request at a time and keeps what it has read. Requests of equal affinity
    go to one slot, one after another, so that what they share is read once, unless another slot
    would stand idle; the messages before the last user message are read once for all slots.

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
        self._queue: SlotQueue[_Task] = SlotQueue(settings.slots)
        self._numbers = itertools.count()
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

        Several choices are drawn one after another, with the seeds that follow on the request's.

        Raises:
            BadRowError: The request is longer than a slot's context, or not in form.
            ModelError: The model was closed.
        """
        asked_at = time.monotonic()
        affinity = request.affinity
        if request.choices > 1 and not affinity:
            affinity = f"request {next(self._numbers)}"
        draws = [
            replace(request, choices=1, seed=(request.seed + place) % _SEEDS)
            for place in range(request.choices)
        ]
        answers = [asyncio.wrap_future(self._ask(draw, affinity)) for draw in draws]
        try:
            raw = await asyncio.gather(*answers)
        finally:
            for answer in answers:
                answer.cancel()
        return _reply(raw, time.monotonic() - asked_at)

    async def close(self) -> None:
        """Finish what is being answered, refuse what waits, and unload the model."""
        for task in self._queue.close():
            if task.answer.set_running_or_notify_cancel():
                task.answer.set_exception(_closed())
        await asyncio.to_thread(self._unload)

    def _ask(self, request: Request, affinity: str) -> Future[_Raw]:
        task = _Task(request)
        if not self._queue.put(task, affinity):
            raise _closed()
        return task.answer

    def _unload(self) -> None:
        for thread in self._threads:
            thread.join()
        self._server.close()

    def _work(self, slot: int) -> None:
        while task := self._queue.take(slot):
            if not task.answer.set_running_or_notify_cancel():
                continue
            try:
                task.answer.set_result(self._answer(task.request, slot))
            except Exception as error:  # noqa: BLE001 - goes to whoever asked
                task.answer.set_exception(error)

    def _answer(self, request: Request, slot: int) -> _Raw:
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
            body["grammar"] = self._server.grammar(request.json_schema)
        return self._post(request.messages, slot, body)

    def _post(self, messages: _Stable, slot: int, body: dict[str, Any]) -> _Raw:
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
        post: Callable[[_Stable, int, dict[str, Any]], _Raw],
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
        held, self._held[slot] = self._held[slot], stable
        if not stable or held == stable:
            return
        with self._lock:  # others wait for the first: reading takes longer than waiting
            name = self._saved.get(stable)
            if name is None and len(self._saved) < _MOST_SHARED:
                self._read(stable, slot)
        if name is not None:
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


def _reply(raw: Sequence[_Raw], latency_s: float) -> Reply:
    choices = [_choice(one["choices"][0]) for one in raw]
    usage = raw[0]["usage"]
    return Reply(
        *choices[0],
        prompt_tokens=usage["prompt_tokens"],
        cached_tokens=usage["prompt_tokens_details"]["cached_tokens"],
        completion_tokens=sum(one["usage"]["completion_tokens"] for one in raw),
        latency_s=latency_s,
        others=tuple(choices[1:]),
    )


def _choice(raw: _Raw) -> Choice:
    text = raw["text"] if "text" in raw else raw["message"].get("content")
    return Choice((text or "").strip(), "length" if raw["finish_reason"] == "length" else "stop")


def _closed() -> ModelError:
    return ModelError("The model was closed.", cure="Open it again.")
