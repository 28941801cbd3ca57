"""The JSONL files of a batch: requests as they are written, answers whatever they hold.

The format is that of OpenAI's batches, which `vllm run-batch` reads and writes too: a request is
`{custom_id, method, url, body}`, an answer `{custom_id, response: {status_code, body}, error}`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple

#: What every request of a batch asks for.
ENDPOINT: Final = "/v1/chat/completions"
#: Of an answer that has no HTTP status: the model was not asked, or nobody knows.
NO_STATUS: Final = 0
_MOST_BYTES: Final = 8 << 20
_MOST_FAILURE_BYTES: Final = 4_000
#: What replies and failures are read from; an endpoint's other words are not kept.
_READ: Final = ("choices", "usage", "error", "message", "detail")
#: JSON leaves these as they are, and some readers end a line at them.
_SEPARATORS: Final = {
    character.encode(): f"\\u{ord(character):04x}".encode()
    for character in ("\x85", "\u2028", "\u2029")
}


class AnswerRow(NamedTuple):
    """One line of an answer file.

    Attributes:
        status: HTTP status of this one request, or `NO_STATUS`.
        body: JSON of the response, or of `{"error": ...}` where there is none; of an object only
            the fields that replies and failures are read from.
    """

    custom_id: str
    status: int
    body: bytes

    def shortened(self) -> AnswerRow:
        """The row with no more of its body than an error message needs."""
        return self._replace(body=self.body[:_MOST_FAILURE_BYTES])


def request_line(custom_id: str, body: bytes) -> bytes:
    """One line of a requests file; its only line break is its last byte.

    Args:
        custom_id: Hex digits.
        body: What would be sent to `ENDPOINT`, as UTF-8 JSON without line breaks.
    """
    for separator, escape in _SEPARATORS.items():
        body = body.replace(separator, escape)
    return b'{"custom_id":"%b","method":"POST","url":"%b","body":%b}\n' % (
        custom_id.encode(),
        ENDPOINT.encode(),
        body,
    )


def answer_row(line: bytes) -> AnswerRow | None:
    """The answer in one line; null where it is none."""
    try:
        row = json.loads(line)
        custom_id, response = row["custom_id"], row.get("response")
        status = int(response.get("status_code", 200)) if response else NO_STATUS
        body = response.get("body") if response else None
        body = {"error": row.get("error")} if body is None else body
        if isinstance(body, dict):
            body = {name: body[name] for name in _READ if name in body}
        found = _encoded(body)
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError):
        return None
    if not isinstance(custom_id, str):
        return None
    return AnswerRow(custom_id, status if 100 <= status < 600 else NO_STATUS, found)


def answer_rows(path: Path) -> Iterator[AnswerRow | None]:
    """Every line of an answer file that is not blank; null where it holds no answer."""
    with path.open("rb") as file:
        whole = True
        while line := file.readline(_MOST_BYTES):
            if whole and line.strip():
                yield answer_row(line)
            whole = line.endswith(b"\n")  # else it is far longer than any answer: passed by


class GrowingAnswers:
    """The ids that a growing answer file holds so far; a last line without its end waits.

    Args:
        path: The file; it may not be there yet, and may begin anew.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read = 0

    def size(self) -> int:
        """Bytes; 0 where there is no file."""
        return self._path.stat().st_size if self._path.is_file() else 0

    def new_ids(self) -> Iterator[str]:
        """The ids of the lines that came since the last time."""
        if self.size() < self._read:
            self._read = 0
        if not self._path.is_file():
            return
        with self._path.open("rb") as file:
            file.seek(self._read)
            while line := file.readline(_MOST_BYTES):
                if not line.endswith(b"\n") and len(line) < _MOST_BYTES:
                    return
                self._read += len(line)
                if row := answer_row(line):
                    yield row.custom_id


class RequestFile:
    """The requests of one batch while they are gathered, under a name that nobody reads.

    Args:
        path: Must not exist.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        #: The `custom_id` of every line, in order.
        self.keys: list[str] = []
        #: Bytes so far.
        self.size = 0
        self._hash = sha256()
        self._file = path.open("xb", buffering=1 << 20)

    def add(self, key: str, line: bytes) -> None:
        """Append one line of `request_line`."""
        self._file.write(line)
        self._hash.update(line)
        self.keys.append(key)
        self.size += len(line)

    def finish(self) -> str:
        """Bring all to the disk; returns 64 hex digits, the sha256 of the file."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        return self._hash.hexdigest()

    def publish(self, path: Path) -> None:
        """Give the finished file the name by which it is known, at once and whole."""
        self.path.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def discard(self) -> None:
        """Let it vanish."""
        with suppress(OSError):  # where the disk is full, what is buffered cannot go there
            self._file.close()
        self.path.unlink(missing_ok=True)


def _encoded(value: Any) -> bytes:
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:  # half a surrogate pair, which only JSON's own escapes can hold
        return json.dumps(value, separators=(",", ":")).encode()
