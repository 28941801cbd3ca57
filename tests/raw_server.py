"""A server on 127.0.0.1 that says what a test tells it to, byte by byte, and counts connections."""

from __future__ import annotations

import re
import socket
import ssl
import struct
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from threading import Lock, Thread
from types import TracebackType
from typing import Literal, Self

#: Bytes to send, seconds to wait, or how to break off. What ends without breaking off stays open.
Step = bytes | float | Literal["close", "reset"]
Says = Callable[[bytes], Iterable[Step]]

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


def answer(body: bytes = b"{}", status: str = "200 OK", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class RawServer:
    """For as long as the `with` block lasts; `tls` makes it an https server."""

    def __init__(self, says: Says, tls: ssl.SSLContext | None = None) -> None:
        self._says = says
        self._tls = tls
        self._lock = Lock()
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port = self._listening.getsockname()[1]
        self.base_url = f"http{'s' if tls else ''}://127.0.0.1:{self.port}/v1"
        #: Whole requests in order of arrival.
        self.requests: list[bytes] = []
        #: Connections open now, and ever.
        self.open = self.opened = 0

    def __enter__(self) -> Self:
        Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._listening.close()

    def settles_at(self, connections: int, within_s: float = 0.5) -> bool:
        """Whether as many connections are open soon."""
        until = time.monotonic() + within_s
        while self.open != connections and time.monotonic() < until:
            time.sleep(0.005)
        return self.open == connections

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with self._lock:
            self.open, self.opened = self.open + 1, self.opened + 1
        try:
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
            while (request := _request(connection)) is not None:
                self.requests.append(request)
                for step in self._says(request):
                    if not self._take(step, connection):
                        return
        except OSError:
            pass  # the client has hung up
        finally:
            connection.close()
            with self._lock:
                self.open -= 1

    @staticmethod
    def _take(step: Step, connection: socket.socket) -> bool:
        if isinstance(step, bytes):
            connection.sendall(step)
        elif isinstance(step, float):
            time.sleep(step)
        elif step == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return step not in ("close", "reset")


def _request(connection: socket.socket) -> bytes | None:
    read = b""
    while b"\r\n\r\n" not in read:
        if not (piece := connection.recv(1 << 16)):
            return None
        read += piece
    end = read.index(b"\r\n\r\n") + 4
    found = _LENGTH.search(read[:end])
    length = int(found[1]) if found else 0
    while len(read) < end + length:
        if not (piece := connection.recv(1 << 16)):
            return None
        read += piece
    return read
