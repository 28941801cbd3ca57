"""The fault-injecting provider: an OpenAI-compatible endpoint on 127.0.0.1 for tests and dry runs.

It answers as the scripted model, as slowly and as badly as it is told to, and keeps the bill.
The same settings and the same calls meet the same faults, whatever their order.
"""

from __future__ import annotations

import asyncio
import math
import signal
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Event, Thread
from types import TracebackType
from typing import Any, Final, Self

from indic_persona_hub.errors import HubError, RecipeError
from indic_persona_hub.testing.provider.batches import Batches, BatchFault
from indic_persona_hub.testing.provider.bill import Bill, Call
from indic_persona_hub.testing.provider.calls import CompletionRoute
from indic_persona_hub.testing.provider.completions import Completions, Replies
from indic_persona_hub.testing.provider.faults import Faults
from indic_persona_hub.testing.provider.files import Files
from indic_persona_hub.testing.provider.http import Connection
from indic_persona_hub.testing.provider.rate import RateLimit
from indic_persona_hub.testing.provider.routes import Routes, most_bytes

_HOST: Final = "127.0.0.1"
_BACKLOG: Final = 1024


@dataclass(kw_only=True, eq=False, repr=False)
class Provider:
    """A provider, in a thread of its own for as long as a `with` block lasts.

    Beside completions it serves `GET /v1/models`, OpenAI's files and batches, `GET /ledger` (see
    `ledger`) and `POST /control` with `{"requests_per_s": x}` (see `allow`).

    Args:
        model: The one model that it serves; others get 404.
        faults: Share of calls by name of `provider_faults.FAULTS`; see `parse_faults`.
        seed: Draws the faults, from the call's key and the number of its try.
        latency_s: Before every answer.
        tokens_per_s: Adds completion_tokens / tokens_per_s to it; null adds nothing.
        requests_per_s: Above it calls get 429 with Retry-After; null is no limit.
        key: What the Authorization header must hold as Bearer; null lets everyone in.
        refuses: Fields of the body that it refuses with 400.
        context_characters: Longer prompts are refused with 400; null is no limit.
        retry_after_s: What the fault `rate_limited` asks for.
        stall_s: How long the fault `stall` is silent before it breaks the connection.
        batch_latency_s: From a batch's order to its end.
        batch_fault: `failed` or `expired` (half of the rows answered) is how every batch ends.
        replies: `scripted`, at about 1 ms of CPU each, or `fixed`: one of twenty sentences.
        port: 0 takes a free one.

    Raises:
        RecipeError: No such fault, shares that are none, or a rate that is not above 0.
    """

    model: str = "scripted"
    faults: Mapping[str, float] | None = None
    seed: int = 0
    latency_s: float = 0.0
    tokens_per_s: float | None = None
    requests_per_s: float | None = None
    key: str | None = None
    refuses: tuple[str, ...] = ()
    context_characters: int | None = None
    retry_after_s: float = 0.05
    stall_s: float = 3600.0
    batch_latency_s: float = 0.2
    batch_fault: BatchFault | None = None
    replies: Replies = "scripted"
    port: int = 0

    def __post_init__(self) -> None:
        _check_above_0("requests_per_s", self.requests_per_s)
        _check_above_0("tokens_per_s", self.tokens_per_s)
        self._bill = Bill()
        self._rate = RateLimit(self.requests_per_s)
        route = CompletionRoute(
            Completions(self.model, self.replies, self.refuses, self.context_characters),
            Faults(self.faults or {}, self.seed),
            self._rate,
            self._bill,
            latency_s=self.latency_s,
            tokens_per_s=self.tokens_per_s,
            stall_s=self.stall_s,
            retry_after_s=self.retry_after_s,
        )
        files = Files()
        batches = Batches(files, route.row, self.batch_latency_s, self.batch_fault)
        self._routes = Routes(
            route, files, batches, self._rate, self._bill, model=self.model, key=self.key
        )
        self._up = Event()

    @property
    def base_url(self) -> str:
        """What goes into a model's `base_url`."""
        return f"http://{_HOST}:{self.port}/v1"

    @property
    def calls(self) -> list[Call]:
        """Every completion asked for, in order of arrival."""
        return list(self._bill.calls)

    def ledger(self) -> dict[str, Any]:
        """What was asked, delivered and billed; see `Bill.ledger`."""
        return self._bill.ledger()

    def allow(self, requests_per_s: float | None) -> None:
        """Let so many requests a second through from now on, while it serves; null is no limit.

        Raises:
            RecipeError: The rate is not above 0.
        """
        _check_above_0("requests_per_s", requests_per_s)
        self._loop.call_soon_threadsafe(self._rate.allow, requests_per_s)

    def __enter__(self) -> Self:
        listening = self._listen()
        self._thread = Thread(
            target=lambda: asyncio.run(self._serve(listening, self._up.set)),
            name="provider",
            daemon=True,
        )
        self._thread.start()
        self._up.wait()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _serve_here(self, announce: Callable[[str], None]) -> None:
        listening = self._listen()
        asyncio.run(self._serve(listening, lambda: self._begin(announce)))

    def _begin(self, announce: Callable[[str], None]) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            self._loop.add_signal_handler(number, self._stop.set)
        announce(self.base_url)

    def _listen(self) -> socket.socket:
        try:
            listening = socket.create_server((_HOST, self.port), backlog=_BACKLOG)
        except OSError as error:
            raise HubError(
                f"Nothing can listen on port {self.port}: {error.strerror}.",
                cure="Take another port; 0 takes a free one.",
            ) from error
        self.port = listening.getsockname()[1]
        return listening

    async def _serve(self, listening: socket.socket, up: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        connections: set[Connection] = set()
        server = await self._loop.create_server(
            lambda: Connection(self._routes.take, most_bytes, connections),
            sock=listening,
            backlog=_BACKLOG,
        )
        up()
        await self._stop.wait()
        server.close()
        for connection in list(connections):
            connection.hang_up()


def _check_above_0(name: str, value: float | None) -> None:
    if value is not None and not 0 < value < math.inf:
        raise RecipeError(f"{name} is {value}, not above 0.", cure="Leave it out for no limit.")


def serve(provider: Provider, announce: Callable[[str], None]) -> None:
    """Serve until Ctrl-C or SIGTERM, in the main thread.

    Args:
        provider: With its settings; not yet entered.
        announce: Told the base URL as soon as calls are answered.

    Raises:
        HubError: The port is taken.
    """
    provider._serve_here(announce)
