"""HTTP/1.1 on the raw transport: as much as the provider needs, so that it can also break it."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final, NamedTuple

#: Of one request's head; longer ones are answered with 431.
MOST_HEAD_BYTES: Final = 64 << 10
#: Of what may wait behind a request in service.
_MOST_WAITING_BYTES: Final = 1 << 20
#: What a client that is told to go may still need to read the answer.
_LINGER_S: Final = 2.0
_OVERLOADED: Final = 529  # not registered, but in wide use
JSON: Final = "application/json"


class Incoming(NamedTuple):
    """One request. `headers` are by lower-case name; `query` is what follows the `?`."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


class _Head(NamedTuple):
    method: str
    target: str
    headers: dict[str, str]
    keep_alive: bool


class _UnreadableError(Exception):
    """What came is not HTTP that this endpoint reads."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def error_body(message: str, kind: str = "invalid_request_error", code: str | None = None) -> bytes:
    """An error in the shape that OpenAI gives it."""
    error = {"message": message, "type": kind, "param": None, "code": code}
    return json.dumps({"error": error}).encode()


def head_of(status: int, length: int, headers: Mapping[str, str]) -> bytes:
    """Status line and headers of an answer with `length` bytes of body."""
    lines = [f"HTTP/1.1 {status} {_phrase(status)}", f"Content-Length: {length}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _phrase(status: int) -> str:
    return "Overloaded" if status == _OVERLOADED else HTTPStatus(status).phrase


class Connection(asyncio.Protocol):
    """One client. Requests are answered one at a time, in their order.

    Args:
        route: Told of every request; must answer it, now or later.
        most_bytes: The longest body that a path takes.
        open_connections: Holds this connection for as long as it is open.
    """

    def __init__(
        self,
        route: Callable[[Incoming, Connection], None],
        most_bytes: Callable[[str], int],
        open_connections: set[Connection],
    ) -> None:
        self._route = route
        self._most_bytes = most_bytes
        self._open_connections = open_connections
        self._loop = asyncio.get_running_loop()
        self._buffer = bytearray()
        self._head: _Head | None = None
        self._length = 0
        self._keep_alive = True
        self._busy = False
        self._reading = False
        self._deaf = False
        self._due: asyncio.TimerHandle | None = None

    # What asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._open_connections.add(self)

    def data_received(self, data: bytes) -> None:
        """Take in what came, and serve what is whole."""
        if self._deaf:
            return
        self._buffer += data
        if not self._busy:
            self._serve()
        elif len(self._buffer) > _MOST_WAITING_BYTES:
            self._transport.pause_reading()

    def connection_lost(self, error: Exception | None) -> None:
        """The client hung up, or was hung up on: what was to be written is not."""
        self._open_connections.discard(self)
        if self._due is not None:
            self._due.cancel()

    # What an answer is made of

    def later(self, delay_s: float, act: Callable[..., None], *parts: Any) -> None:
        """Call `act` after `delay_s`, unless the client hangs up first."""
        if delay_s > 0:
            self._due = self._loop.call_later(delay_s, self._act, act, parts)
        else:
            act(*parts)

    def _act(self, act: Callable[..., None], parts: tuple[Any, ...]) -> None:
        if not self._transport.is_closing():
            act(*parts)

    def write(self, data: bytes) -> bool:
        """Hand `data` to the client; false where it has hung up."""
        self._transport.write(data)
        return not self._transport.is_closing()

    def answer(self, status: int, body: bytes, content_type: str = JSON, **headers: str) -> bool:
        """Write a whole answer and go on to the next request.

        Args:
            headers: More of them, with `_` for `-` in their names.

        Returns:
            False where the client has hung up.
        """
        more = {"Content-Type": content_type}
        more |= {name.replace("_", "-"): value for name, value in headers.items()}
        if not self._keep_alive:
            more["Connection"] = "close"
        written = self.write(head_of(status, len(body), more) + body)
        self.finish()
        return written

    def finish(self) -> None:
        """The answer is whole."""
        self._busy = False
        if not self._keep_alive:
            self.half_close()
        elif not self._reading:
            self._transport.resume_reading()
            self._serve()

    def half_close(self) -> None:
        """Say that nothing more comes, then listen no more; hang up soon."""
        self._deaf = True
        self._buffer.clear()
        if not self._transport.is_closing():
            self._transport.resume_reading()
            self._transport.write_eof()
            self._due = self._loop.call_later(_LINGER_S, self._transport.abort)

    def hang_up(self) -> None:
        """Close at once, whatever is left to say."""
        self._transport.abort()

    def reset(self) -> None:
        """Break the connection: the client sees a reset, and no end."""
        sock = self._transport.get_extra_info("socket")
        if sock is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()

    # Reading

    def _serve(self) -> None:
        self._reading = True
        try:
            while not self._busy and not self._deaf and (incoming := self._next()):
                self._busy = True
                self._route(incoming, self)
        except _UnreadableError as error:
            self._keep_alive = False
            self.answer(error.status, error_body(error.message))
        finally:
            self._reading = False

    def _next(self) -> Incoming | None:
        if self._head is None and not self._read_head():
            return None
        if self._head is None or len(self._buffer) < self._length:
            return None
        head, self._head = self._head, None
        body = bytes(self._buffer[: self._length])
        del self._buffer[: self._length]
        self._keep_alive = head.keep_alive
        path, _, query = head.target.partition("?")
        return Incoming(head.method, path, query, head.headers, body)

    def _read_head(self) -> bool:
        while self._buffer.startswith(b"\r\n"):  # an empty line before a request is no harm
            del self._buffer[:2]
        end = self._buffer.find(b"\r\n\r\n", 0, MOST_HEAD_BYTES + 4)
        if end < 0:
            if len(self._buffer) > MOST_HEAD_BYTES:
                raise _UnreadableError(431, f"The head is over {MOST_HEAD_BYTES} bytes.")
            return False
        head = _parsed(bytes(self._buffer[:end]))
        del self._buffer[: end + 4]
        self._length = _length(head)
        most = self._most_bytes(head.target.partition("?")[0])
        if self._length > most:
            raise _UnreadableError(413, f"The body has {self._length} bytes; {most} is the most.")
        if head.headers.get("expect", "").lower() == "100-continue":
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        self._head = head
        return True


def _parsed(raw: bytes) -> _Head:
    first, *lines = raw.decode("latin-1").split("\r\n")
    words = first.split(" ")
    if len(words) != 3 or not words[1] or words[2] not in ("HTTP/1.1", "HTTP/1.0"):
        raise _UnreadableError(400, "This endpoint reads HTTP/1.1.")
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not name or name[0] in " \t" or name[-1] in " \t":
            raise _UnreadableError(400, "A header is no 'name: value'.")
        name, value = name.lower(), value.strip()
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    said = headers.get("connection", "").lower()
    keep_alive = "close" not in said if words[2] == "HTTP/1.1" else "keep-alive" in said
    keep_alive = keep_alive and words[0] != "HEAD"  # it would take the body for the next answer
    return _Head(words[0], words[1], headers, keep_alive)


def _length(head: _Head) -> int:
    if "transfer-encoding" in head.headers:
        raise _UnreadableError(411, "Send Content-Length; chunks are not read here.")
    said = head.headers.get("content-length")
    if said is None:
        if head.method in ("POST", "PUT", "PATCH"):
            raise _UnreadableError(411, "Send Content-Length.")
        return 0
    if not (said.isascii() and said.isdigit() and len(said) < 19):
        raise _UnreadableError(400, "Content-Length is no number of bytes.")
    return int(said)
