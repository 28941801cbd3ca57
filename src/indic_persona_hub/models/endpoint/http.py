"""HTTP/1.1 to one address over connections that are kept: what plugs send, and what comes back.

One exchange a call: no redirects, no cookies, no retries.
"""

# Of our own, because "was it sent?", "is it over the moment its task is?" and 0.05 ms of CPU a
# call have no answer in a client library: the fast ones go on with a cancelled call in a thread of
# theirs and now and then abort the process at its end, the others cost two to three times as much.

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Final
from urllib.parse import quote

from indic_persona_hub import __version__
from indic_persona_hub.errors import ModelError
from indic_persona_hub.models.endpoint.connection import BrokenError, Connection
from indic_persona_hub.models.endpoint.reading import Answer, AnswerReader
from indic_persona_hub.models.endpoint.route import Route, UnreachableError
from indic_persona_hub.models.endpoint.secrets import Key
from indic_persona_hub.models.failures import EndpointError

__all__ = ["Answer", "HttpClient"]

_MOST_BYTES: Final = 8 << 20
_PIECE_BYTES: Final = 1 << 18
#: Servers close idle connections after 5 s and more; a call on one that is being closed is lost.
_IDLE_S: Final = 4.0
_SWEEP_S: Final = 0.25
_CURE: Final = "Check base_url, that the server is up, and its load (concurrency, timeout_s)."
_NONE: Final[Mapping[str, str]] = {}


class HttpClient:
    """Sends requests below one base URL. One event loop's own.

    Args:
        base_url: An http or https address; proxies of the environment are used.
        key: Goes into the Authorization header, and nowhere else.
        connect_timeout_s: Longest that a connection may take to open.
        first_byte_timeout_s: Longest silence after a request was sent; null is `timeout_s`.
        timeout_s: Longest that one exchange may take; for files, longest that nothing moves.
        connections: Most exchanges at once; more wait for one another.

    Raises:
        ModelError: `base_url` or its proxy is no address.
    """

    def __init__(
        self,
        base_url: str,
        *,
        key: Key,
        connect_timeout_s: float,
        first_byte_timeout_s: float | None,
        timeout_s: float,
        connections: int,
    ) -> None:
        self._base_url = base_url
        self._key = key
        self._route = Route(base_url)
        self._connect_timeout_s = min(connect_timeout_s, timeout_s)
        self._first_byte_timeout_s = first_byte_timeout_s
        self._timeout_s = timeout_s
        self._slots = asyncio.Semaphore(connections)
        self._idle: list[Connection] = []
        self._open: set[Connection] = set()
        self._sweeping: asyncio.TimerHandle | None = None
        self._closed = False
        self._json_heads: dict[str, bytes] = {}

    def __repr__(self) -> str:
        return f"HttpClient({self._base_url!r})"

    async def post_json(self, path: str, body: bytes, headers: Mapping[str, str] = _NONE) -> Answer:
        """POST a JSON text.

        Args:
            path: Below the base URL, like `/chat/completions`.
            headers: More of them; names and values as they go onto the wire.

        Raises:
            EndpointError: No whole answer came; see `EndpointError.kind` and `may_be_billed`.
            ModelError: The client was closed.
        """
        head = self._json_heads.get(path)
        if head is None:
            head = self._head("POST", path) + b"Content-Type: application/json\r\n"
            self._json_heads[path] = head
        more = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
        length = f"Content-Length: {len(body)}\r\n\r\n"
        request = b"".join((head, more.encode("latin-1"), length.encode(), body))
        return await self._ask(request, AnswerReader(_MOST_BYTES))

    async def get(self, path: str) -> Answer:
        """GET a path, whose answer is short. Raises what `post_json` raises."""
        return await self._ask(self._head("GET", path) + b"\r\n", AnswerReader(_MOST_BYTES))

    async def post_file(
        self, path: str, file: Path, *, field: str, fields: Mapping[str, str]
    ) -> Answer:
        """POST a form (multipart/form-data) with a file that is read as it is sent.

        Args:
            file: Sent under its own name.
            field: The form's field that holds it.
            fields: The fields before it.

        Raises:
            EndpointError: No whole answer came.
            ModelError: The client was closed.
            OSError: The file cannot be read.
        """
        boundary = secrets.token_hex(16)
        parts = [_part(boundary, f'name="{name}"') + value for name, value in fields.items()]
        said = f'name="{field}"; filename="{quote(file.name)}"'
        parts.append(_part(boundary, said, "Content-Type: application/octet-stream\r\n"))
        before = "\r\n".join(parts).encode()
        after = f"\r\n--{boundary}--\r\n".encode()
        with file.open("rb") as opened:
            length = len(before) + os.fstat(opened.fileno()).st_size + len(after)
            lines = f"Content-Type: multipart/form-data; boundary={boundary}\r\n"
            lines += f"Content-Length: {length}\r\n\r\n"
            request = self._head("POST", path) + lines.encode() + before
            pieces = chain(iter(lambda: opened.read(_PIECE_BYTES), b""), (after,))
            return await self._ask(request, AnswerReader(_MOST_BYTES), upload=pieces)

    async def download(self, path: str, target: Path) -> Answer:
        """GET a path of any length into a file, which is there whole or not at all.

        Args:
            target: Written where the status is 200, and then the answer's body is empty.

        Raises:
            EndpointError: No whole answer came.
            ModelError: The client was closed.
            OSError: The file cannot be written.
        """
        begun = target.with_name(f"{target.name}.part")
        try:
            with begun.open("wb") as file:
                reader = AnswerReader(_MOST_BYTES, sink=file.write)
                request = self._head("GET", path) + b"\r\n"
                answer = await self._ask(request, reader, patient=True)
            if answer.status == 200:
                begun.replace(target)
            return answer
        finally:
            begun.unlink(missing_ok=True)

    async def close(self) -> None:
        """Close all connections; exchanges under way fail. Closing twice is no error."""
        self._closed = True
        if self._sweeping is not None:
            self._sweeping.cancel()
        leaving = [connection.gone for connection in self._open]
        for connection in self._open:
            connection.transport.abort()
        await asyncio.gather(*leaving)

    async def _ask(
        self,
        request: bytes,
        reader: AnswerReader,
        upload: Iterator[bytes] | None = None,
        *,
        patient: bool = False,
    ) -> Answer:
        async with self._slots:
            begun_s = asyncio.get_running_loop().time()
            connection = await self._connection()
            try:
                await connection.exchange(
                    request,
                    reader,
                    begun_s=begun_s,
                    timeout_s=self._timeout_s,
                    first_byte_timeout_s=self._first_byte_timeout_s,
                    upload=upload,
                    while_it_moves=patient or upload is not None,
                )
            except BrokenError as error:
                raise self._failed(error.kind, error.what, error.sent) from None
            finally:
                self._put_back(connection, reader)
        return reader.answer

    async def _connection(self) -> Connection:
        while self._idle:
            connection = self._idle.pop()
            if connection.is_usable():
                return connection
            connection.transport.abort()
        if self._closed:
            raise ModelError("The model was closed.", cure="Open it again.")
        try:
            connection = await self._route.open(self._connect_timeout_s)
        except UnreachableError as error:
            raise self._failed(error.kind, error.what, sent=False) from None
        self._open.add(connection)
        connection.gone.add_done_callback(lambda _: self._open.discard(connection))
        if self._closed:
            connection.transport.abort()
        return connection

    def _put_back(self, connection: Connection, reader: AnswerReader) -> None:
        if not reader.keeps or not reader.whole or self._closed:
            connection.transport.abort()
            return
        self._idle.append(connection)
        if self._sweeping is None:
            self._sweeping = asyncio.get_running_loop().call_later(_IDLE_S, self._sweep)

    def _sweep(self) -> None:
        """Close what was idle for long; the longest idle stand first."""
        loop = asyncio.get_running_loop()
        while self._idle and self._idle[0].idle_since_s + _IDLE_S <= loop.time():
            self._idle.pop(0).transport.abort()
        self._sweeping = loop.call_later(_SWEEP_S, self._sweep) if self._idle else None

    def _head(self, method: str, path: str) -> bytes:
        """Request line and the headers that every request has."""
        target = self._route.target(quote(path, safe="/?=&%"))
        headers = {
            "Host": self._route.host,
            "User-Agent": f"indic-persona-hub/{__version__}",
            "Accept": "*/*",
            "Accept-Encoding": "gzip",
            **self._route.headers,
        }
        if self._key:
            headers["Authorization"] = self._key.authorization
        lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {headers[name]}" for name in headers)]
        return "".join(f"{line}\r\n" for line in lines).encode("latin-1")

    def _failed(self, kind: str, what: str, sent: bool) -> EndpointError:
        message = f"{self._base_url} {what}."
        return EndpointError(message, cure=_CURE, kind=kind, may_be_billed=sent)


def _part(boundary: str, said: str, lines: str = "") -> str:
    return f"--{boundary}\r\nContent-Disposition: form-data; {said}\r\n{lines}\r\n"
