"""A plain client of the provider: the standard library's, one connection a call."""

from __future__ import annotations

import json
import socket
from http.client import HTTPConnection
from typing import Any, NamedTuple

from indic_persona_hub.testing.provider import Provider

CHAT = "/v1/chat/completions"
TEXT = "/v1/completions"


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


def chat(number: int = 0, **changes: Any) -> dict[str, Any]:
    content = f"{number} Passage: the weekly haat at Koraput sells ginger until dusk."
    turns = [
        {"role": "system", "content": "One person."},
        {"role": "user", "content": content},
    ]
    sampling = {"max_tokens": 96, "temperature": 0.9, "top_p": 0.95, "seed": number}
    return {"model": "scripted", "messages": turns, **sampling, **changes}


def address(provider: Provider) -> tuple[str, int]:
    return ("127.0.0.1", provider.port)


def ask(
    provider: Provider,
    body: object = None,
    *,
    path: str = CHAT,
    method: str = "POST",
    headers: dict[str, str] | None = None,
    timeout_s: float = 10,
) -> Answer:
    """One call; `body` is bytes, or what JSON holds."""
    raw = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
    connection = HTTPConnection(*address(provider), timeout=timeout_s)
    try:
        connection.request(method, path, raw, headers or {})
        answer = connection.getresponse()
        given = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, given, answer.read())
    finally:
        connection.close()


def get(provider: Provider, path: str) -> Answer:
    return ask(provider, method="GET", path=path)


def request_bytes(body: object, path: str = CHAT, *headers: str) -> bytes:
    """A whole HTTP request."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"POST {path} HTTP/1.1", "Host: here", f"Content-Length: {len(raw)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + raw


def until_closed(provider: Provider, sent: bytes, timeout_s: float = 5) -> bytes:
    """What comes back on a raw connection till the provider ends it."""
    with socket.create_connection(address(provider), timeout=timeout_s) as connection:
        connection.sendall(sent)
        received = b""
        while piece := connection.recv(1 << 16):
            received += piece
    return received
