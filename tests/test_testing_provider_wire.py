"""The provider's HTTP: what it reads, what it says to the rest, and that nothing stops it."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indic_persona_hub.testing.provider import Provider
from provider_client import CHAT, address, ask, chat, get, request_bytes, until_closed


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with Provider(replies="fixed") as serving:
        yield serving


GOOD = request_bytes(chat(1))
LAST = request_bytes(chat(2), CHAT, "Connection: close")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\n\r\n", 411),
        (b"POST /v1/chat/completions HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
        (b"POST /v1/chat/completions HTTP/1.1\r\nContent-Length: many\r\n\r\n", 400),
        (b"POST /v1/chat/completions HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST /v1/x HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx", 400),
        (b"POST /v1/chat/completions HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", 413),
        (b"GET / HTTP/1.1\r\nCookie: " + b"x" * 70_000, 431),
        (b"GET / HTTP/1.1\r\nno header\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nA: b\r\n folded\r\n\r\n", 400),
        (b"GET / HTTP/2\r\n\r\n", 400),
        (b"\x16\x03\x01 client hello\r\n\r\n", 400),
    ],
)
def test_what_it_cannot_read_is_told_and_the_connection_ends(
    provider: Provider, sent: bytes, status: int
) -> None:
    head, _, body = until_closed(provider, sent).partition(b"\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status} ".encode())
    assert json.loads(body)["error"]["message"]
    assert ask(provider, chat(1)).status == 200


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", CHAT, b"{not json", 400),
        ("POST", CHAT, b"", 400),
        ("POST", CHAT, b"null", 400),
        ("POST", CHAT, b"[" * 100_000, 400),
        (
            "POST",
            CHAT,
            b'{"model":"scripted","messages":[{"role":"user","content":"\\ud800"}]}',
            400,
        ),
        ("POST", CHAT, b"\xff\xfe", 400),
        ("GET", CHAT, None, 405),
        ("POST", "/v1/models", b"{}", 405),
        ("DELETE", "/v1/files", None, 405),
        ("POST", "/v1/embeddings", b"{}", 404),
        ("GET", "/", None, 404),
        ("GET", "/v1/files/nobody/content", None, 404),
        ("GET", "/v1/batches/nobody", None, 404),
        ("POST", "/v1/batches/nobody/cancel", b"", 404),
        ("POST", "/v1/batches", b"{}", 400),
        ("GET", "/v1/batches?limit=0", None, 400),
        ("POST", "/v1/files", b"not a form", 400),
    ],
)
def test_a_wrong_request_gets_a_clear_error(
    provider: Provider, method: str, path: str, body: bytes | None, status: int
) -> None:
    answer = ask(provider, body, method=method, path=path)
    assert answer.status == status
    assert answer.json()["error"]["message"]
    assert get(provider, "/v1/models").status == 200


def test_a_body_over_16_mib_is_refused_unread(provider: Provider) -> None:
    sent = b"POST /v1/chat/completions HTTP/1.1\r\nContent-Length: 16777217\r\n\r\n"
    assert b" 413 " in until_closed(provider, sent)


def test_one_connection_serves_many_requests(provider: Provider) -> None:
    received = until_closed(provider, GOOD + GOOD + LAST)
    assert received.count(b"HTTP/1.1 200 OK") == 3
    bodies = [part.partition(b"\r\n\r\n")[2] for part in received.split(b"HTTP/1.1 200 OK")[1:]]
    texts = [json.loads(body)["choices"][0]["message"]["content"] for body in bodies]
    alone = [ask(provider, chat(number)).json() for number in (1, 1, 2)]
    assert texts == [answer["choices"][0]["message"]["content"] for answer in alone]


def test_requests_that_come_while_one_is_answered_wait_their_turn() -> None:
    with Provider(replies="fixed", latency_s=0.05) as slow:
        many = b"".join(request_bytes(chat(n) | {"pad": "x" * 100_000}) for n in range(15))
        assert until_closed(slow, many + LAST, 20).count(b"HTTP/1.1 200 OK") == 16
    assert [call.delivered for call in slow.calls] == [True] * 16


def test_a_request_may_come_byte_by_byte(provider: Provider) -> None:
    with socket.create_connection(address(provider), timeout=5) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for place in range(len(LAST)):
            connection.sendall(LAST[place : place + 1])
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 200 OK")


def test_http_1_0_is_answered_once(provider: Provider) -> None:
    sent = GOOD.replace(b"HTTP/1.1", b"HTTP/1.0")
    assert until_closed(provider, sent + sent).count(b" 200 OK") == 1


def test_who_expects_100_continue_gets_it(provider: Provider) -> None:
    head, _, body = request_bytes(chat(1), CHAT, "Expect: 100-continue").partition(b"\r\n\r\n")
    with socket.create_connection(address(provider), timeout=5) as connection:
        connection.sendall(head + b"\r\n\r\n")
        assert connection.recv(1 << 16) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(body)
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 200 OK")


def changed(place: int, piece: bytes) -> bytes:
    return GOOD[:place] + piece + GOOD[place + len(piece) :]


ANYTHING = st.one_of(
    st.binary(max_size=2000),
    st.builds(changed, st.integers(0, len(GOOD)), st.binary(min_size=1, max_size=20)),
    st.builds(lambda end: GOOD[:end], st.integers(0, len(GOOD))),
    st.builds(
        request_bytes, st.binary(max_size=300), st.sampled_from([CHAT, "/v1/files", "/ledger"])
    ),
    st.builds(
        lambda target: b"GET " + target + b" HTTP/1.1\r\n\r\n",
        st.binary(max_size=60).map(lambda raw: raw.replace(b"\r\n\r\n", b"")),
    ),
)


@settings(max_examples=150, deadline=None)
@given(sent=ANYTHING)
def test_nothing_that_is_sent_stops_it(provider: Provider, sent: bytes) -> None:
    with socket.create_connection(address(provider), timeout=5) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        received = b""
        while piece := connection.recv(1 << 16):
            received += piece
    assert not received or received.startswith(b"HTTP/1.1 ")
    assert b" 500 " not in received[:20]
    assert ask(provider, chat(1)).status == 200
