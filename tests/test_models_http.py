"""The transport: what comes back, what each way to fail is called, and that nothing is left."""

from __future__ import annotations

import asyncio
import gzip
import io
import shutil
import socket
import ssl
import subprocess
import time
import tracemalloc
from collections.abc import Awaitable, Callable, Iterator
from http.client import HTTPResponse
from itertools import cycle, pairwise
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indic_persona_hub.errors import ModelError
from indic_persona_hub.models import loop
from indic_persona_hub.models.endpoint.http import Answer, HttpClient
from indic_persona_hub.models.endpoint.reading import AnswerReader, UnreadableError
from indic_persona_hub.models.endpoint.route import proxy_for
from indic_persona_hub.models.endpoint.secrets import Key
from indic_persona_hub.models.failures import EndpointError
from raw_server import RawServer, Step, answer

T = TypeVar("T")
SECRET = "sk-lab-7d1f0c55e2"


def client(base_url: str, **changes: Any) -> HttpClient:
    plain: dict[str, Any] = {
        "key": Key(""),
        "connect_timeout_s": 0.5,
        "first_byte_timeout_s": None,
        "timeout_s": 5.0,
        "connections": 64,
    }
    return HttpClient(base_url, **(plain | changes))


def with_client(use: Callable[[HttpClient], Awaitable[T]], base_url: str, **changes: Any) -> T:
    async def run() -> T:
        http = client(base_url, **changes)
        try:
            return await use(http)
        finally:
            await http.close()

    return asyncio.run(run())


def answers(*steps: Step) -> Callable[[bytes], Iterator[Step]]:
    return lambda request: iter(steps)


def failing(base_url: str, **changes: Any) -> EndpointError:
    with pytest.raises(EndpointError) as failed:
        with_client(lambda http: http.post_json("/x", b"{}"), base_url, **changes)
    return failed.value


# Reading


def framed(body: bytes, how: str, sizes: list[int]) -> bytes:
    """`body` as an answer; chunks are cut at `sizes`."""
    head = b"HTTP/1.1 200 OK\r\nX-One: a\r\n"
    if how == "gzip":
        packed = gzip.compress(body)
        return head + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%b" % (
            len(packed),
            packed,
        )
    if how == "length":
        return head + b"CONTENT-LENGTH:%d\r\n\r\n%b" % (len(body), body)
    if how == "end":
        return head + b"\r\n" + body
    chunks, rest = b"", body
    for size in sizes:
        piece, rest = rest[:size], rest[size:]
        chunks += b"%x;note=1\r\n%b\r\n" % (len(piece), piece) if piece else b""
    chunks += b"%X\r\n%b\r\n" % (len(rest), rest) if rest else b""
    return head + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\nTrailer: x\r\n\r\n"


@given(
    body=st.binary(max_size=300),
    how=st.sampled_from(["length", "chunked", "gzip", "end"]),
    sizes=st.lists(st.integers(1, 40), max_size=8),
    cuts=st.lists(st.integers(0, 700), max_size=12),
    interim=st.sampled_from(
        [b"", b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Early\r\nA: b\r\n\r\n"]
    ),
)
def test_an_answer_is_the_same_however_it_is_cut(
    body: bytes, how: str, sizes: list[int], cuts: list[int], interim: bytes
) -> None:
    raw = interim + framed(body, how, sizes)
    places = [0, *sorted(cut for cut in cuts if cut < len(raw)), len(raw)]
    reader = AnswerReader(1 << 20)
    for begin, end in pairwise(places):
        whole = reader.feed(raw[begin:end])
        assert whole == (end == len(raw) and how != "end")
    if how == "end":
        reader.end()
    assert reader.answer.body == body
    assert reader.answer.status == 200
    assert reader.answer.headers["x-one"] == "a"
    assert reader.keeps == (how != "end")


class _Recorded:
    """A socket as the standard library's reader wants it."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw

    def makefile(self, mode: str) -> io.BytesIO:
        return io.BytesIO(self._raw)


@given(
    body=st.binary(max_size=300),
    how=st.sampled_from(["length", "chunked"]),
    size=st.integers(1, 40),
)
def test_it_reads_what_the_standard_library_reads(body: bytes, how: str, size: int) -> None:
    raw = framed(body, how, [size])
    other = HTTPResponse(_Recorded(raw))  # type: ignore[arg-type]
    other.begin()
    reader = AnswerReader(1 << 20)
    assert reader.feed(raw)
    assert (reader.answer.status, reader.answer.body) == (other.status, other.read())


@given(
    st.binary(max_size=200),
    st.sampled_from(
        [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"]
    ),
)
def test_whatever_comes_is_an_answer_or_an_error(noise: bytes, begin: bytes) -> None:
    reader = AnswerReader(100)
    try:
        if not reader.feed(begin + noise):
            reader.end()
    except UnreadableError as error:
        assert error.kind in ("reset", "cut_answer", "not_http", "too_long")
    else:
        assert len(reader.answer.body) <= 100


@pytest.mark.parametrize(
    "raw",
    [
        b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
        b"HTTP/2 200\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nnot gzip",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno size\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * (1 << 17),
    ],
)
def test_what_is_not_http_is_said_to_be_none(raw: bytes) -> None:
    with pytest.raises(UnreadableError) as failed:
        AnswerReader(1 << 20).feed(raw)
    assert failed.value.kind == "not_http"


def test_a_small_answer_that_unpacks_to_a_huge_one_is_too_long_and_never_held() -> None:
    bomb = gzip.compress(bytes(40 << 20))
    raw = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + bomb
    tracemalloc.start()
    with pytest.raises(UnreadableError) as failed:
        AnswerReader(1 << 20).feed(raw)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert failed.value.kind == "too_long"
    assert peak < 8 << 20


def test_answers_without_a_body_need_none() -> None:
    for status in ("204 No Content", "304 Not Modified"):
        reader = AnswerReader(10)
        assert reader.feed(f"HTTP/1.1 {status}\r\nContent-Length: 5\r\n\r\n".encode())
        assert reader.keeps


# Ways to fail

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"


@pytest.mark.parametrize(
    ("steps", "kind"),
    [
        (["close"], "reset"),
        (["reset"], "reset"),
        ([b"HTTP/1.1 200 OK\r\nContent-Le", "close"], "reset"),
        ([HEAD, b"half", "close"], "cut_answer"),
        ([HEAD, b"half", 0.05, "reset"], "cut_answer"),
        ([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", "close"], "cut_answer"),
        ([b"\x16\x03\x01\x02\r\n\r\n"], "not_http"),
        ([answer(b"a" * (9 << 20))], "too_long"),
        ([], "timeout"),
        ([b"HTTP/1.1 200 OK\r\n"], "timeout"),
        ([HEAD, b"half"], "timeout"),
    ],
)
def test_a_lost_answer_has_a_kind_and_may_be_billed(steps: list[Step], kind: str) -> None:
    with RawServer(answers(*steps)) as server:
        failed = failing(server.base_url, timeout_s=0.3)
        assert (failed.kind, failed.may_be_billed, failed.retry) == (kind, True, True)
        assert server.base_url in failed.message
        assert server.settles_at(0), "the connection is not used again"


def test_a_call_that_was_never_sent_is_not_billed() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        refused = failing(f"http://127.0.0.1:{taken.getsockname()[1]}/v1")
        taken.listen(0)
        with socket.create_connection(taken.getsockname()):  # fills the queue
            silent = failing(f"http://127.0.0.1:{taken.getsockname()[1]}/v1", timeout_s=0.4)
    unknown = failing("http://no-such-host.invalid/v1", connect_timeout_s=5)
    kinds = [error.kind for error in (refused, silent, unknown)]
    assert kinds == ["connect", "connect_timeout", "connect"]
    assert not any(error.may_be_billed for error in (refused, silent, unknown))
    assert "within 0.4 s" in silent.message


def test_who_hangs_up_on_every_caller_is_not_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def hang_up() -> None:
            for _ in range(5):
                listening.accept()[0].close()

        Thread(target=hang_up, daemon=True).start()
        begun = time.monotonic()
        for _ in range(5):
            failed = failing(f"http://127.0.0.1:{listening.getsockname()[1]}", timeout_s=30)
            assert failed.kind == "reset"
        assert time.monotonic() - begun < 5


def test_the_total_timeout_counts_from_before_the_connection() -> None:
    async def run() -> float:
        with socket.socket() as slow:
            slow.bind(("127.0.0.1", 0))
            slow.listen(0)
            with socket.create_connection(slow.getsockname()):  # fills the queue for a while
                http = client(
                    f"http://127.0.0.1:{slow.getsockname()[1]}", connect_timeout_s=9, timeout_s=1.5
                )
                begun = time.monotonic()
                call = asyncio.create_task(http.get("/x"))
                await asyncio.sleep(0.3)
                slow.accept()[0].close()
                with pytest.raises(EndpointError) as failed:
                    await call
                await http.close()
                assert failed.value.kind in ("timeout", "connect_timeout")
                return time.monotonic() - begun

    assert 1.2 < asyncio.run(run()) < 1.9


def test_a_slow_drip_is_cut_at_the_total_timeout() -> None:
    drip: list[Step] = [HEAD, *(step for _ in range(100) for step in (b"a", 0.02))]
    with RawServer(answers(*drip)) as server:
        begun = time.monotonic()
        failed = failing(server.base_url, timeout_s=0.4)
        assert failed.kind == "timeout"
        assert 0.35 < time.monotonic() - begun < 0.9


def test_silence_before_the_answer_has_a_timeout_of_its_own() -> None:
    with RawServer(answers()) as server:
        failed = failing(server.base_url, first_byte_timeout_s=0.1)
        assert (failed.kind, failed.may_be_billed) == ("first_byte_timeout", True)
    late = (answer(b"0123456789")[:-5], 0.3, b"56789")
    with RawServer(answers(*late)) as server:
        got = with_client(lambda http: http.get("/x"), server.base_url, first_byte_timeout_s=0.2)
        assert got.body == b"0123456789"


# Nothing is left


def test_a_cancelled_call_drops_its_connection_at_once() -> None:
    async def run(server: RawServer) -> tuple[float, int]:
        http = client(server.base_url, timeout_s=60)
        calls = [asyncio.create_task(http.post_json("/x", b"{}")) for _ in range(20)]
        while len(server.requests) < 20:
            await asyncio.sleep(0.01)
        begun = time.monotonic()
        for call in calls:
            call.cancel()
        ended = await asyncio.gather(*calls, return_exceptions=True)
        assert all(isinstance(one, asyncio.CancelledError) for one in ended)
        assert await asyncio.to_thread(server.settles_at, 0)
        took_s = time.monotonic() - begun
        left = len(asyncio.all_tasks()) - 1
        await http.close()
        return took_s, left

    for steps in ((), (HEAD, b"half")):
        with RawServer(answers(*steps)) as server:
            took_s, left = asyncio.run(run(server))
            assert took_s < 0.5
            assert left == 0


def test_a_call_that_is_cancelled_while_it_connects_leaves_nothing() -> None:
    async def run() -> int:
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen(0)
            with socket.create_connection(silent.getsockname()):
                http = client(f"http://127.0.0.1:{silent.getsockname()[1]}", connect_timeout_s=60)
                call = asyncio.create_task(http.get("/x"))
                await asyncio.sleep(0.05)
                call.cancel()
                await asyncio.gather(call, return_exceptions=True)
                await http.close()
                await asyncio.sleep(0.01)  # asyncio's own tasks for several addresses end now
                return len(asyncio.all_tasks()) - 1

    assert asyncio.run(run()) == 0


def test_connections_are_kept_and_closed_with_the_client() -> None:
    async def use(http: HttpClient) -> None:
        for _ in range(5):
            await http.post_json("/x", b"{}")

    with RawServer(answers(answer())) as server:
        with_client(use, server.base_url)
        assert (server.opened, len(server.requests)) == (1, 5)
        assert server.settles_at(0)


def test_at_most_so_many_are_asked_at_once() -> None:
    async def use(http: HttpClient) -> None:
        got = await asyncio.gather(*(http.get(f"/{place}") for place in range(12)))
        assert [one.status for one in got] == [200] * 12

    with RawServer(answers(0.02, answer())) as server:
        with_client(use, server.base_url, connections=3)
        assert server.opened == 3


def test_a_server_that_closes_an_idle_connection_costs_nothing() -> None:
    async def use(http: HttpClient) -> None:
        for wait_s in (0.0, 0.1, 0.0, 0.1):
            await http.post_json("/x", b"{}")
            time.sleep(wait_s)  # the loop sees nothing of what happens meanwhile

    steps: list[list[Step]] = [[answer()], [answer(), 0.03, "close"]]
    every_second = cycle(steps)
    with RawServer(lambda request: next(every_second)) as server:
        with_client(use, server.base_url)
        assert (len(server.requests), server.opened) == (4, 2)


def test_idle_connections_are_closed_before_a_server_would() -> None:
    async def use(http: HttpClient) -> None:
        await asyncio.gather(*(http.get("/x") for _ in range(4)))
        assert server.open == 4
        await asyncio.sleep(4.9)  # uvicorn, under vLLM and SGLang, closes after 5
        assert server.open == 0
        await http.get("/x")

    with RawServer(answers(0.02, answer())) as server:
        with_client(use, server.base_url)


def test_words_that_nobody_asked_for_are_not_the_next_answer() -> None:
    async def use(http: HttpClient) -> list[bytes]:
        first = await http.get("/x")
        await asyncio.sleep(0.05)
        return [first.body, (await http.get("/x")).body]

    numbers = iter(range(10))
    with RawServer(lambda _: [answer(b"%d" % next(numbers)) + answer(b"stray")]) as server:
        assert with_client(use, server.base_url) == [b"0", b"1"]
        assert server.opened == 2


def test_it_works_on_the_loop_that_all_models_share_and_refuses_when_closed() -> None:
    with RawServer(answers(answer(b"[1]"))) as server:
        http = client(server.base_url)
        assert loop.run(http.post_json("/x", b"{}")).body == b"[1]"
        loop.run(http.close())
        loop.run(http.close())
        with pytest.raises(ModelError, match="closed"):
            loop.run(http.get("/x"))


def test_close_ends_the_calls_under_way() -> None:
    async def run(server: RawServer) -> None:
        http = client(server.base_url)
        call = asyncio.create_task(http.get("/x"))
        while not server.requests:
            await asyncio.sleep(0.01)
        await http.close()
        with pytest.raises(EndpointError):
            await call

    with RawServer(answers()) as server:
        asyncio.run(run(server))
        assert server.settles_at(0)


# What is sent


def test_a_request_holds_what_it_must_and_the_key_once() -> None:
    async def use(http: HttpClient) -> Answer:
        await http.post_json("/chat", '{"a":"अ"}'.encode(), {"Idempotency-Key": "0f"})
        return await http.get("/files/a b\r\nX: y/content?limit=2")

    said = answer(b"", "302 Found", "Location: http://127.0.0.1:1/", "Set-Cookie: a=b")
    with RawServer(answers(said)) as server:
        got = with_client(use, server.base_url + "/", key=Key(SECRET))
        post, get = server.requests
    assert (got.status, got.headers["set-cookie"]) == (302, "a=b")
    head, body = post.split(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0] == "POST /v1/chat HTTP/1.1"
    assert {
        f"Host: 127.0.0.1:{server.port}",
        f"Authorization: Bearer {SECRET}",
        "Content-Type: application/json",
        "Content-Length: 11",
        "Idempotency-Key: 0f",
    } <= set(lines)
    assert body.decode() == '{"a":"अ"}'
    assert post.count(SECRET.encode()) == get.count(SECRET.encode()) == 1
    assert get.startswith(b"GET /v1/files/a%20b%0D%0AX%3A%20y/content?limit=2 HTTP/1.1\r\n")
    assert b"ookie" not in get
    assert server.opened == 1


def test_a_file_is_sent_from_disk_and_fetched_to_disk(tmp_path: Path) -> None:
    sent, fetched = tmp_path / 're"quests.jsonl', tmp_path / "answers.jsonl"
    content = b"".join(b'{"row": %d}\n' % row for row in range(600_000))
    sent.write_bytes(content)
    packed = gzip.compress(content, 1)

    def says(request: bytes) -> Iterator[Step]:
        if request.startswith(b"POST"):
            yield answer(b'{"id": "file-1"}')
        else:
            yield answer(packed, "200 OK", "Content-Encoding: gzip")

    async def use(http: HttpClient) -> tuple[Answer, Answer, int]:
        tracemalloc.start()
        up = await http.post_file("/files", sent, field="file", fields={"purpose": "batch"})
        down = await http.download("/files/file-1/content", fetched)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return up, down, peak

    with RawServer(says) as server:
        up, down, peak = with_client(use, server.base_url)
        form = server.requests[0]
    assert (up.status, down.status, down.body) == (200, 200, b"")
    assert fetched.read_bytes() == content
    assert peak < len(content) + len(form) + (4 << 20), "the server holds it, the client does not"
    assert form.count(content) == 1
    assert b'name="purpose"\r\n\r\nbatch\r\n' in form
    assert b'name="file"; filename="re%22quests.jsonl"\r\n' in form
    assert sorted(path.name for path in tmp_path.iterdir()) == [fetched.name, sent.name]


def test_a_download_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "answers.jsonl"
    with RawServer(answers(HEAD, b"half", "close")) as server:
        with pytest.raises(EndpointError) as failed:
            with_client(lambda http: http.download("/x", target), server.base_url)
        assert failed.value.kind == "cut_answer"
    with RawServer(answers(answer(b'{"error": 1}', "404 Not Found"))) as server:
        missing = with_client(lambda http: http.download("/x", target), server.base_url)
        assert (missing.status, missing.body) == (404, b'{"error": 1}')
    assert not list(tmp_path.iterdir())
    with RawServer(answers(answer(b"rows"))) as server, pytest.raises(OSError):
        with_client(lambda http: http.download("/x", Path("/dev/full/no")), server.base_url)


def test_a_transfer_may_take_long_while_it_moves(tmp_path: Path) -> None:
    target = tmp_path / "answers.jsonl"
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n"
    drip: list[Step] = [head, *(step for _ in range(8) for step in (0.06, b"a"))]
    with RawServer(answers(*drip)) as server:
        with_client(lambda http: http.download("/x", target), server.base_url, timeout_s=0.3)
    assert target.read_bytes() == b"a" * 8
    with RawServer(answers(head, b"a")) as server:
        begun = time.monotonic()
        with pytest.raises(EndpointError, match=r"within 0\.2 s"):
            with_client(lambda http: http.download("/x", target), server.base_url, timeout_s=0.2)
        assert time.monotonic() - begun < 1


# Proxies and certificates


def test_the_proxy_of_the_environment_is_used_but_not_for_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.lab:3128")
    monkeypatch.setenv("http_proxy", "http://proxy.lab:3128")
    monkeypatch.setenv("no_proxy", "gpu.lab")
    assert proxy_for("https://llm.example/v1") == "http://proxy.lab:3128"
    assert proxy_for("http://gpu.lab:8000/v1") is None
    assert proxy_for("http://127.0.0.1:8000/v1") is None
    assert proxy_for("http://[::1]:8000/v1") is None
    assert proxy_for("http://localhost:8000/v1") is None


def test_a_proxy_forwards_http_and_its_password_is_not_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with RawServer(answers(answer(b"[2]"))) as proxy:
        monkeypatch.setenv("http_proxy", f"http://me:pa%40ss@127.0.0.1:{proxy.port}")
        monkeypatch.setenv("https_proxy", f"http://me:pa%40ss@127.0.0.1:{proxy.port}")
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        got = with_client(lambda http: http.get("/x"), "http://llm.example/v1", key=Key(SECRET))
        asked = proxy.requests[0].decode()
        proxy.requests.clear()
    assert got.body == b"[2]"
    assert asked.startswith("GET http://llm.example/v1/x HTTP/1.1\r\nHost: llm.example\r\n")
    assert "Proxy-Authorization: Basic bWU6cGFAc3M=" in asked
    with RawServer(answers(answer(b"", "403 Forbidden"))) as proxy:
        monkeypatch.setenv("https_proxy", f"http://me:pa%40ss@127.0.0.1:{proxy.port}")
        failed = failing("https://llm.example/v1", key=Key(SECRET))
        tunnel = proxy.requests[0].decode()
        assert proxy.settles_at(0)
    assert (failed.kind, failed.may_be_billed) == ("connect", False)
    assert "its proxy answered 403" in failed.message
    assert tunnel.startswith("CONNECT llm.example:443 HTTP/1.1\r\n")
    assert SECRET not in tunnel, "the key is for the endpoint, not for its proxy"
    assert "pa@ss" not in failed.message
    assert "pa%40ss" not in failed.message


@pytest.mark.parametrize("url", ["http://[bad/v1", "ftp://llm.example", "http://a b/v1"])
def test_an_address_that_is_none_is_said_to_be(url: str) -> None:
    with pytest.raises(ModelError, match="no address") as failed:
        client(url)
    assert not failed.value.retry


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate and its private key in one file, for 127.0.0.1 and llm.example."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not at hand")
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    names = "subjectAltName=IP:127.0.0.1,DNS:llm.example"
    command = [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += ["-nodes", "-days", "2", "-subj", "/CN=here", "-addext", names]
    subprocess.run(
        [*command, "-keyout", str(path), "-out", f"{path}.crt"], check=True, capture_output=True
    )
    path.write_text(path.read_text() + Path(f"{path}.crt").read_text())
    return path


def test_https_is_spoken_to_who_has_a_trusted_certificate(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)
    with RawServer(answers(answer(b"[3]")), tls) as server:
        failed = failing(server.base_url)
        assert (failed.kind, failed.may_be_billed) == ("connect", False)
        assert "certificate" in failed.message.lower()
        monkeypatch.setenv("SSL_CERT_FILE", f"{certificate}.crt")

        async def use(http: HttpClient) -> list[bytes]:
            return [(await http.get("/x")).body for _ in range(3)]

        assert with_client(use, server.base_url) == [b"[3]"] * 3
        assert server.opened == 2
        assert server.settles_at(0)


def test_https_goes_through_a_proxy_as_a_tunnel(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)
    monkeypatch.setenv("SSL_CERT_FILE", f"{certificate}.crt")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{listening.getsockname()[1]}")

        def proxy() -> bytes:
            plain, _ = listening.accept()
            asked = plain.recv(1 << 16)
            plain.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            with tls.wrap_socket(plain, server_side=True) as secure:
                for _ in range(2):
                    asked += secure.recv(1 << 16)
                    secure.sendall(answer(b"[4]"))
            return asked

        async def run() -> tuple[list[bytes], bytes]:
            serving = asyncio.create_task(asyncio.to_thread(proxy))
            http = client("https://llm.example/v1", key=Key(SECRET))
            got = [(await http.get("/x")).body for _ in range(2)]
            await http.close()
            return got, await serving

        got, asked = asyncio.run(run())
    assert got == [b"[4]"] * 2
    assert asked.count(b"GET /v1/x HTTP/1.1\r\nHost: llm.example\r\n") == 2


@pytest.fixture(autouse=True)
def _nothing_is_left_open(recwarn: pytest.WarningsRecorder) -> Iterator[None]:
    yield
    assert not [str(one.message) for one in recwarn if one.category is ResourceWarning]
