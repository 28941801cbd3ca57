"""One connection to an endpoint: one exchange at a time, each cut at its deadlines."""

from __future__ import annotations

import asyncio
import select
from collections.abc import Iterator

from indic_persona_hub.models.endpoint.reading import AnswerReader, UnreadableError


class BrokenError(Exception):
    """An exchange that came to nothing.

    Args:
        kind: `first_byte_timeout`, `timeout`, `reset`, `cut_answer`, `not_http` or `too_long`.
        what: Words that follow the name of who answered.
        sent: All of the request had been handed to the system.
    """

    def __init__(self, kind: str, what: str, *, sent: bool) -> None:
        super().__init__(what)
        self.kind = kind
        self.what = what
        self.sent = sent


class Connection(asyncio.Protocol):
    """A connection that is kept between exchanges. One loop's own."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._reader: AnswerReader | None = None
        self._answered: asyncio.Future[None] | None = None
        self._room: asyncio.Future[None] | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._silence: asyncio.TimerHandle | None = None
        self._sent = False
        self._moved_s = 0.0
        self._arrived = select.poll()
        #: Done once the connection is gone.
        self.gone: asyncio.Future[None] = self._loop.create_future()
        #: When its last exchange ended, on the loop's clock.
        self.idle_since_s = 0.0

    async def exchange(
        self,
        request: bytes,
        reader: AnswerReader,
        *,
        begun_s: float,
        timeout_s: float,
        first_byte_timeout_s: float | None = None,
        upload: Iterator[bytes] | None = None,
        while_it_moves: bool = False,
    ) -> None:
        """Send a request and read its answer; whatever ends the wait earlier ends the connection.

        Args:
            request: All of it, or all that comes before `upload`.
            reader: Takes the answer.
            begun_s: When the call began, on the loop's clock.
            timeout_s: From then to the last byte of the answer.
            first_byte_timeout_s: From the last byte sent to the first byte of the answer.
            upload: The rest of the request; read when there is room for it.
            while_it_moves: `timeout_s` begins anew with every piece.

        Raises:
            BrokenError: No whole answer came.
            OSError: `upload` or the reader's sink failed.
        """
        if self.transport.is_closing():  # closed as soon as it was opened
            raise BrokenError("reset", "broke the connection without an answer", sent=False)
        self._reader, self._sent, self._moved_s = reader, False, begun_s
        self._answered = answered = self._loop.create_future()
        self._set_deadline(begun_s + timeout_s, timeout_s, while_it_moves)
        try:
            self.transport.write(request)
            if upload is not None:
                await self._upload(upload, answered)
            self._sent = True
            if first_byte_timeout_s is not None:
                self._silence = self._loop.call_later(
                    first_byte_timeout_s, self._silent, first_byte_timeout_s
                )
            await answered
        except BaseException:
            self.transport.abort()
            raise
        finally:
            self._end(answered)

    def is_usable(self) -> bool:
        """False where the other side has closed it, even if the loop has not seen that yet."""
        if self.transport.is_closing():
            return False
        return not self._arrived.poll(0)

    # What asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._arrived.register(transport.get_extra_info("socket").fileno(), select.POLLIN)

    def data_received(self, data: bytes) -> None:
        """Hand on what came."""
        if self._reader is None or self._answered is None or self._answered.done():
            self.transport.abort()  # nobody asked: no later answer could be trusted
            return
        if self._silence is not None:
            self._silence.cancel()
            self._silence = None
        self._moved_s = self._loop.time()
        try:
            if self._reader.feed(data):
                self._done()
        except UnreadableError as error:
            self._fail(error.kind, error.what)
        except OSError as error:  # what came could not be written down
            self._answered.set_exception(error)
            self.transport.abort()

    def connection_lost(self, error: Exception | None) -> None:
        """The other side hung up, or was hung up on."""
        if not self.gone.done():
            self.gone.set_result(None)
        self.resume_writing()
        if self._reader is None or self._reader.whole:
            return
        try:
            self._reader.end()
            self._done()
        except UnreadableError as unreadable:
            self._fail(unreadable.kind, unreadable.what)

    def pause_writing(self) -> None:
        """No room for more."""
        self._room = self._loop.create_future()

    def resume_writing(self) -> None:
        """Room again."""
        if self._room is not None and not self._room.done():
            self._room.set_result(None)
        self._room = None

    # How an exchange goes on and ends

    async def _upload(self, pieces: Iterator[bytes], answered: asyncio.Future[None]) -> None:
        for piece in pieces:
            if answered.done() or self.transport.is_closing():
                return  # an answer before the end of the request is a refusal
            self._moved_s = self._loop.time()
            self.transport.write(piece)
            if self._room is not None:
                await self._room

    def _set_deadline(self, at_s: float, timeout_s: float, while_it_moves: bool) -> None:
        self._deadline = self._loop.call_at(at_s, self._late, timeout_s, while_it_moves)

    def _late(self, timeout_s: float, while_it_moves: bool) -> None:
        until_s = self._moved_s + timeout_s
        if while_it_moves and until_s > self._loop.time():
            self._set_deadline(until_s, timeout_s, while_it_moves)
        else:
            self._fail("timeout", f"gave no whole answer within {timeout_s:g} s")

    def _silent(self, timeout_s: float) -> None:
        self._fail("first_byte_timeout", f"did not begin to answer within {timeout_s:g} s")

    def _done(self) -> None:
        if self._answered is not None and not self._answered.done():
            self._answered.set_result(None)

    def _fail(self, kind: str, what: str) -> None:
        if self._answered is not None and not self._answered.done():
            sent = self._sent and not self.transport.get_write_buffer_size()
            self._answered.set_exception(BrokenError(kind, what, sent=sent))
        self.transport.abort()

    def _end(self, answered: asyncio.Future[None]) -> None:
        for timer in (self._deadline, self._silence):
            if timer is not None:
                timer.cancel()
        self._reader = self._answered = self._deadline = self._silence = None
        self.idle_since_s = self._loop.time()
        if answered.done() and not answered.cancelled():
            answered.exception()  # seen, so that asyncio does not report it as lost
