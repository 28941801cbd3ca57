"""What a thread or a task waits for until another thread has written it to the disk."""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Iterable
from contextlib import suppress
from threading import Event, Lock
from typing import Any, Generic, TypeVar

T = TypeVar("T")

_finishing = Lock()


class Commit(Generic[T]):
    """A value that comes when it is on disk: `await` it in a loop, or `result()` it in a thread.

    It costs a tenth of a `concurrent.futures.Future`, and all that come on disk together wake a
    loop once.
    """

    __slots__ = ("_done", "_error", "_waiters", "value")

    def __init__(self, value: T) -> None:
        #: What will have been committed; whoever commits may still change it.
        self.value = value
        self._error: Exception | None = None
        self._done = False
        self._waiters: tuple[asyncio.Future[None] | Event, ...] = ()

    def result(self) -> T:
        """The value; blocks until it is on disk.

        Raises:
            StorageError: It could not be written.
        """
        if not self._done:
            event = Event()
            if self._waits(event):
                event.wait()
        if self._error is not None:
            raise self._error
        return self.value

    def __await__(self) -> Generator[Any, None, T]:
        if not self._done:
            waiter = asyncio.get_running_loop().create_future()
            if self._waits(waiter):
                yield from waiter
        if self._error is not None:
            raise self._error
        return self.value

    def _waits(self, waiter: asyncio.Future[None] | Event) -> bool:
        with _finishing:
            self._waiters = (*self._waiters, waiter)
            return not self._done


def finish(commits: Iterable[Commit[Any]], error: Exception | None = None) -> None:
    """Wake whoever waits for `commits`, with their values or with `error`."""
    waiting = []
    with _finishing:
        for commit in commits:
            commit._error = error
            commit._done = True
            if commit._waiters:
                waiting.append(commit)
    loops: dict[asyncio.AbstractEventLoop, list[asyncio.Future[None]]] = {}
    for commit in waiting:
        for waiter in commit._waiters:
            if isinstance(waiter, asyncio.Future):
                loops.setdefault(waiter.get_loop(), []).append(waiter)
            else:
                waiter.set()
    for loop, waiters in loops.items():
        with suppress(RuntimeError):  # a loop that was closed waits for nothing
            loop.call_soon_threadsafe(_wake, waiters)


def _wake(waiters: list[asyncio.Future[None]]) -> None:
    for waiter in waiters:
        if not waiter.done():
            waiter.set_result(None)
