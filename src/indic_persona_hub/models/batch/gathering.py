"""Requests gathered into files: a file is closed when it is full, or when no more came."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import count
from pathlib import Path

from indic_persona_hub.models.batch.files import RequestFile


class Gathering:
    """Writes requests to disk as they come, so that only their keys are held. One loop's own.

    Args:
        folder: Where files are gathered; what an earlier process left under `mark` is deleted.
        mark: Begins the names of the files, so that several may share a folder.
        most_requests: A file with as many is full.
        most_bytes: A file that one more request would make larger is full.
        linger_s: How long more requests are waited for.
        closed: Told of each file that is closed, from the loop's thread.
    """

    def __init__(
        self,
        folder: Path,
        mark: str,
        *,
        most_requests: int,
        most_bytes: int,
        linger_s: float,
        closed: Callable[[RequestFile], None],
    ) -> None:
        self._folder = folder
        self._prefix = f".gathering-{mark}-"
        self._most_requests = most_requests
        self._most_bytes = most_bytes
        self._linger_s = linger_s
        self._closed = closed
        self._numbers = count()
        self._file: RequestFile | None = None
        self._last_s = 0.0
        self._timer: asyncio.TimerHandle | None = None
        for left in folder.glob(f"{self._prefix}*"):
            left.unlink()

    def add(self, key: str, line: bytes) -> None:
        """Take one request.

        Raises:
            OSError: It cannot be written.
        """
        if self._file is not None and self._file.size + len(line) > self._most_bytes:
            self._close()
        if self._file is None:
            self._file = RequestFile(self._folder / f"{self._prefix}{next(self._numbers)}.jsonl")
        self._file.add(key, line)
        if len(self._file.keys) >= self._most_requests:
            self._close()
            return
        loop = asyncio.get_running_loop()
        self._last_s = loop.time()
        if self._timer is None:
            self._timer = loop.call_later(self._linger_s, self._linger)

    def take(self) -> RequestFile | None:
        """The open file, if any, which is no longer this gathering's."""
        taken, self._file = self._file, None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        return taken

    def _linger(self) -> None:
        loop = asyncio.get_running_loop()
        rest_s = self._last_s + self._linger_s - loop.time()
        if rest_s > 0:
            self._timer = loop.call_later(rest_s, self._linger)
        else:
            self._close()

    def _close(self) -> None:
        if (file := self.take()) is not None:
            self._closed(file)
