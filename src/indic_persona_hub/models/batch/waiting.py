"""The calls that wait for batches."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Waiting:
    """Calls by the key of their request; several may wait for one. One loop's own."""

    def __init__(self) -> None:
        self._futures: dict[str, list[asyncio.Future[bytes]]] = {}

    def __contains__(self, key: str) -> bool:
        return key in self._futures

    def keys(self) -> list[str]:
        """What is waited for, longest first."""
        return list(self._futures)

    @contextmanager
    def call(self, key: str) -> Iterator[asyncio.Future[bytes]]:
        """One call's place; it is given up when the block ends, however it does."""
        future: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._futures.setdefault(key, []).append(future)
        try:
            yield future
        finally:
            self._futures[key].remove(future)
            if not self._futures[key]:
                del self._futures[key]

    def answer(self, key: str, answer: bytes) -> None:
        """Give all calls for `key` their answer."""
        for future in self._undone(key):
            future.set_result(answer)

    def fail(self, key: str, error: BaseException) -> None:
        """Let all calls for `key` raise `error`."""
        for future in self._undone(key):
            future.set_exception(error)

    def cancel(self) -> None:
        """Cancel every call."""
        for key in self.keys():
            for future in self._undone(key):
                future.cancel()

    def _undone(self, key: str) -> list[asyncio.Future[bytes]]:
        return [future for future in self._futures.get(key, ()) if not future.done()]
