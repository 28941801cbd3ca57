"""The answer in the bytes of an HTTP/1.1 connection (RFC 9112), however they are cut."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

_MOST_HEAD_BYTES: Final = 64 << 10
_MOST_LINE_BYTES: Final = 8 << 10
#: Unpacked at once, so that nothing small becomes huge.
_PIECE_BYTES: Final = 1 << 18
_STATUS: Final = re.compile(rb"HTTP/1\.([01]) ([1-5]\d\d)(?: [^\r\n]*)?\r\n")
#: The headers that say how the body is sent, in lower case.
_FRAMING: Final = re.compile(
    rb"\r\n(content-length|transfer-encoding|content-encoding|connection):[ \t]*([^\r\n]*)"
)
_LENGTH: Final = re.compile(rb"\d{1,18}")
_CHUNK: Final = re.compile(rb"([0-9a-fA-F]{1,15})[ \t]*(?:;[^\r\n]*)?\r?\n")
_BLANK: Final = (b"\r\n", b"\n")
_WITHOUT_BODY: Final = frozenset({204, 304})
_GZIP: Final = 16 + zlib.MAX_WBITS


class Answer(NamedTuple):
    """What an address answered.

    Attributes:
        status: HTTP status.
        head: Status line and header lines, as they came.
        body: Decoded; empty where it went into a file.
    """

    status: int
    head: bytes
    body: bytes

    @property
    def headers(self) -> dict[str, str]:
        """Values by lower-case name; of a repeated header, joined by commas."""
        found: dict[str, str] = {}
        for line in self.head.decode("latin-1").split("\r\n")[1:]:
            name, colon, value = line.partition(":")
            if colon:
                name, value = name.strip().lower(), value.strip()
                found[name] = f"{found[name]}, {value}" if name in found else value
        return found


class UnreadableError(Exception):
    """What came is no answer, or not all of it.

    Args:
        kind: `reset`, `cut_answer`, `not_http` or `too_long`.
        what: Words that follow the name of who answered.
    """

    def __init__(self, kind: str, what: str) -> None:
        super().__init__(what)
        self.kind = kind
        self.what = what


class AnswerReader:
    """Reads one answer.

    Args:
        most_bytes: Longest body, decoded.
        sink: Takes the body of an answer with status 200, of any length, piece by piece; null
            collects it.
        tunnel: The answer is to CONNECT: what follows a good one is not HTTP.
    """

    def __init__(
        self,
        most_bytes: int,
        sink: Callable[[bytes], object] | None = None,
        *,
        tunnel: bool = False,
    ) -> None:
        self._most_bytes = most_bytes
        self._sink = sink
        self._tunnel = tunnel
        self._begun = b""
        self._head = b""
        self._status = 0
        self._framing: _Counted | _Chunked | _UntilEnd | None = None
        self._unpacker: _Unpacker | None = None
        self._pieces: list[bytes] = []
        self._size = 0
        #: All of the answer is here.
        self.whole = False
        #: The connection can serve another exchange.
        self.keeps = False

    @property
    def answer(self) -> Answer:
        """The answer, once it is whole."""
        body = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
        return Answer(self._status, self._head, body)

    def feed(self, data: bytes) -> bool:
        """Take the next bytes; true once the answer is whole.

        Raises:
            UnreadableError: It is no HTTP answer, or too long.
        """
        if self._framing is None:
            rest = self._read_head(data)
            if self._framing is None:
                return False
            data = rest
        if payload := self._framing.feed(data):
            self._take(payload)
        if self._framing.whole:
            self._finish(self._framing.extra)
        return self.whole

    def end(self) -> None:
        """The connection has ended, and with it the answer.

        Raises:
            UnreadableError: The answer is not whole.
        """
        if self._framing is None:
            raise UnreadableError("reset", "broke the connection without an answer")
        if not isinstance(self._framing, _UntilEnd):
            raise UnreadableError("cut_answer", "broke off in the middle of its answer")
        self._finish(extra=True)

    def _read_head(self, data: bytes) -> bytes:
        """What follows the head, once it is whole; interim answers (1xx) are read over."""
        data = self._begun + data
        while (end := data.find(b"\r\n\r\n")) >= 0:
            head, data = data[: end + 2], data[end + 4 :]
            status = _STATUS.match(head)
            if status is None or status[2] == b"101":
                raise UnreadableError("not_http", "answered something that is not HTTP/1.1")
            if not status[2].startswith(b"1"):
                self._head, self._status = head, int(status[2])
                self._frame(head.lower(), keeps=status[1] == b"1")
                return data
        if len(data) > _MOST_HEAD_BYTES:
            raise UnreadableError("not_http", "answered with a head that does not end")
        self._begun = data
        return b""

    def _frame(self, head: bytes, *, keeps: bool) -> None:
        chunked = False
        length: int | None = None
        for name, said in _FRAMING.findall(head):
            value = said.rstrip()
            if name == b"content-length":
                length = _agreed_length(length, value)
            elif name == b"connection":
                keeps = b"close" not in value and (keeps or b"keep-alive" in value)
            elif value == b"identity":
                continue
            elif name == b"transfer-encoding" and value == b"chunked":
                chunked = True
            elif name == b"content-encoding" and value in (b"gzip", b"x-gzip"):
                self._unpacker = _Unpacker()
            else:
                raise UnreadableError("not_http", "answered in a coding that was not asked for")
        self.keeps = keeps and not (chunked and length is not None)
        if self._status in _WITHOUT_BODY or (self._tunnel and self._status < 300):
            self._framing = _Counted(0)
        elif chunked:
            self._framing = _Chunked()
        else:
            self._framing = _UntilEnd() if length is None else _Counted(length)

    def _take(self, payload: bytes) -> None:
        pieces = (payload,) if self._unpacker is None else self._unpacker.feed(payload)
        for piece in pieces:
            if self._sink is not None and self._status == 200:
                self._sink(piece)
                continue
            self._size += len(piece)
            if self._size > self._most_bytes:
                raise UnreadableError("too_long", f"answered with over {self._most_bytes} bytes")
            self._pieces.append(piece)

    def _finish(self, extra: bool) -> None:
        if self._unpacker is not None:
            self._unpacker.end()
        self.keeps = self.keeps and not extra
        self.whole = True


def _agreed_length(known: int | None, said: bytes) -> int:
    """The one length that all Content-Length headers say."""
    lengths = {part.strip() for part in said.split(b",")}
    if len(lengths) != 1 or not _LENGTH.fullmatch(length := lengths.pop()):
        raise UnreadableError("not_http", "said a length that is none")
    if known not in (None, int(length)):
        raise UnreadableError("not_http", "said two lengths")
    return int(length)


class _Counted:
    """A body of so many bytes."""

    def __init__(self, length: int) -> None:
        self._left = length
        self.whole = length == 0
        self.extra = False

    def feed(self, data: bytes) -> bytes:
        if len(data) > self._left:
            self.extra = True
            data = data[: self._left]
        self._left -= len(data)
        self.whole = self._left == 0
        return data


class _UntilEnd:
    """A body that ends with its connection."""

    whole = False
    extra = True

    def feed(self, data: bytes) -> bytes:
        return data


class _Chunked:
    """A body in chunks, each after its size; the trailers behind them are read over."""

    def __init__(self) -> None:
        self._waiting = b""
        self._left = 0
        self._read_line = self._size
        self.whole = False
        self.extra = False

    def feed(self, data: bytes) -> bytes:
        data = self._waiting + data
        place, payload = 0, bytearray()
        while not self.whole and place < len(data):
            if self._left:
                piece = data[place : place + self._left]
                payload += piece
                place += len(piece)
                self._left -= len(piece)
                continue
            end = data.find(b"\n", place) + 1
            if not end:
                break
            self._read_line(data[place:end])
            place = end
        self._waiting = data[place:]
        self.extra = self.whole and bool(self._waiting)
        if not self.whole and len(self._waiting) > _MOST_LINE_BYTES:
            raise UnreadableError("not_http", "sent a chunk without its size")
        return bytes(payload)

    def _size(self, line: bytes) -> None:
        size = _CHUNK.fullmatch(line)
        if size is None:
            raise UnreadableError("not_http", "sent a chunk without its size")
        self._left = int(size[1], 16)
        self._read_line = self._after if self._left else self._trailer

    def _after(self, line: bytes) -> None:
        if line not in _BLANK:
            raise UnreadableError("not_http", "sent a chunk that is longer than it says")
        self._read_line = self._size

    def _trailer(self, line: bytes) -> None:
        self.whole = line in _BLANK


class _Unpacker:
    """Unpacks gzip, also of several members."""

    def __init__(self) -> None:
        self._gzip = zlib.decompressobj(_GZIP)
        self._begun = False

    def feed(self, data: bytes) -> Iterable[bytes]:
        self._begun = True
        return self._pieces(data)

    def end(self) -> None:
        if self._begun and not self._gzip.eof:
            raise UnreadableError("cut_answer", "broke off in the middle of its answer")

    def _pieces(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._gzip.eof:
                self._gzip = zlib.decompressobj(_GZIP)
            try:
                yield self._gzip.decompress(data, _PIECE_BYTES)
            except zlib.error:
                raise UnreadableError("not_http", "sent a body that is not gzip") from None
            data = self._gzip.unconsumed_tail or self._gzip.unused_data
