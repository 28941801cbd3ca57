"""The fault-injecting provider: what it says, how it fails, what it bills."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from http.client import IncompleteRead

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indic_persona_hub.errors import HubError, RecipeError
from indic_persona_hub.models.scripted import ScriptedModel
from indic_persona_hub.models.socket import Message, Reply, Request
from indic_persona_hub.prompts.replies import StructuredPersona
from indic_persona_hub.testing.provider import Provider
from indic_persona_hub.testing.provider.faults import FAULTS, Faults, parse_faults
from indic_persona_hub.testing.provider.rate import RateLimit
from provider_client import TEXT, Answer, address, ask, chat, get, request_bytes

#: The model worked for these, and so it costs money; written out here, as the contract says it.
COST_MONEY = {"slow_drip", "half_closed", "truncated_json", "invalid_json", "refusal", "empty"}
WHOLE = {"slow_drip", "refusal", "empty"}


def alone(body: dict, seed: int) -> Reply:
    turns = tuple(Message(turn["role"], turn["content"]) for turn in body["messages"])
    request = Request(turns, 96, 0.9, 0.95, 0.0, (), seed)
    return asyncio.run(ScriptedModel().complete(request))


# What it says


def test_it_answers_as_the_scripted_model_and_states_what_it_used() -> None:
    with Provider() as provider:
        for number in range(8):
            body = chat(number)
            answer = ask(provider, body).json()
            reply = alone(body, number)
            choice = answer["choices"][0]
            assert choice["message"] == {"role": "assistant", "content": reply.text}
            assert choice["finish_reason"] == reply.finish_reason
            usage = answer["usage"]
            assert usage["prompt_tokens"] == reply.prompt_tokens
            assert usage["completion_tokens"] == reply.completion_tokens
            assert usage["total_tokens"] == reply.prompt_tokens + reply.completion_tokens


def test_n_choices_are_the_replies_of_the_next_seeds_on_one_prompt() -> None:
    with Provider() as provider:
        answer = ask(provider, chat(5, n=3)).json()
    replies = [alone(chat(5), seed) for seed in (5, 6, 7)]
    said = [choice["message"]["content"] for choice in answer["choices"]]
    assert said == [reply.text for reply in replies]
    assert [choice["index"] for choice in answer["choices"]] == [0, 1, 2]
    assert answer["usage"]["prompt_tokens"] == replies[0].prompt_tokens
    assert answer["usage"]["completion_tokens"] == sum(r.completion_tokens for r in replies)


def test_a_text_completion_is_the_same_reply_as_text() -> None:
    prompt = chat(3)["messages"][1]["content"]
    said = [{"role": "user", "content": prompt}]
    with Provider() as provider:
        asked = {"model": "scripted", "prompt": prompt, "max_tokens": 96, "seed": 3}
        text = ask(provider, asked, path=TEXT).json()["choices"][0]["text"]
        turns = chat(3, messages=said, temperature=1, top_p=1)
        assert text == ask(provider, turns).json()["choices"][0]["message"]["content"]


@pytest.mark.parametrize("replies", ["scripted", "fixed"])
def test_a_schema_is_filled(replies: str) -> None:
    shape = {"name": "reply", "schema": StructuredPersona.model_json_schema()}
    asked = {"response_format": {"type": "json_schema", "json_schema": shape}, "max_tokens": 400}
    with Provider(replies=replies) as provider:
        for number in range(30):
            choice = ask(provider, chat(number, **asked)).json()["choices"][0]
            if choice["finish_reason"] == "stop" and choice["message"]["content"].startswith("{"):
                StructuredPersona.model_validate_json(choice["message"]["content"])
                break
        else:
            pytest.fail("no reply of thirty was JSON")


def test_fixed_replies_are_sentences_that_hang_on_the_body_alone() -> None:
    with Provider(replies="fixed") as provider:
        texts = Counter(
            ask(provider, chat(number)).json()["choices"][0]["message"]["content"]
            for number in range(120)
        )
        again = [ask(provider, chat(7)).json() for _ in range(2)]
    assert 12 < len(texts) <= 20
    assert all(text.endswith(".") and 18 <= len(text.split()) <= 35 for text in texts)
    assert again[0] == again[1]
    assert again[0]["usage"]["completion_tokens"] > 0


def test_the_answer_waits_for_the_latency_and_the_tokens() -> None:
    with Provider(latency_s=0.1, tokens_per_s=400) as provider:
        begun = time.monotonic()
        answer = ask(provider, chat(1)).json()
        took_s = time.monotonic() - begun
    assert took_s >= 0.1 + answer["usage"]["completion_tokens"] / 400


# How it fails


def fault_on_the_wire(fault: str, **settings: object) -> tuple[Provider, Answer]:
    with Provider(faults={fault: 1.0}, **settings) as provider:
        return provider, ask(provider, chat(1))


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ("rate_limited", 429),
        ("rate_limited_bare", 429),
        ("error_500", 500),
        ("unavailable", 503),
        ("overloaded", 529),
    ],
)
def test_faults_that_are_an_error_say_so_in_json(fault: str, status: int) -> None:
    _, answer = fault_on_the_wire(fault, retry_after_s=0.25)
    assert answer.status == status
    assert answer.json()["error"]["message"]
    expected = "0.250" if fault == "rate_limited" else None
    assert answer.headers.get("retry-after") == expected


@pytest.mark.parametrize(("fault", "status"), [("bad_gateway", 502), ("html_page", 200)])
def test_pages_are_html(fault: str, status: int) -> None:
    _, answer = fault_on_the_wire(fault)
    assert (answer.status, b"<html>" in answer.body) == (status, True)
    assert answer.headers["content-type"].startswith("text/html")


def test_an_error_may_come_with_status_200() -> None:
    _, answer = fault_on_the_wire("error_body")
    assert answer.status == 200
    assert answer.json().keys() == {"error"}


def test_a_reset_is_a_reset() -> None:
    with Provider(faults={"reset": 1.0}) as provider, pytest.raises(ConnectionResetError):
        ask(provider, chat(1))


def test_a_stall_is_silent_and_then_breaks() -> None:
    with Provider(faults={"stall": 1.0}, stall_s=0.6) as provider:
        with pytest.raises(TimeoutError):
            ask(provider, chat(1), timeout_s=0.2)
        with pytest.raises(ConnectionResetError):
            ask(provider, chat(1))


def test_a_slow_drip_is_the_whole_answer_in_small_pieces() -> None:
    pieces = []
    with (
        Provider(faults={"slow_drip": 1.0}) as provider,
        socket.create_connection(address(provider), timeout=5) as connection,
    ):
        begun = time.monotonic()
        connection.sendall(request_bytes(chat(1), "/v1/chat/completions", "Connection: close"))
        while piece := connection.recv(1 << 16):
            pieces.append(piece)
        took_s = time.monotonic() - begun
    assert 0.8 < took_s < 3
    assert len(pieces) > 8
    body = b"".join(pieces).partition(b"\r\n\r\n")[2]
    assert json.loads(body)["choices"][0]["message"]["content"] == alone(chat(1), 1).text


def test_a_half_closed_stream_ends_before_what_it_promised() -> None:
    with (
        Provider(faults={"half_closed": 1.0}) as provider,
        pytest.raises(IncompleteRead) as broken,
    ):
        ask(provider, chat(1))
    assert broken.value.expected is not None
    assert abs(len(broken.value.partial) - broken.value.expected) <= 1  # a half came, a half not


@pytest.mark.parametrize("fault", ["truncated_json", "invalid_json"])
def test_broken_json_comes_in_a_whole_http_answer(fault: str) -> None:
    whole = ask_plain()
    _, answer = fault_on_the_wire(fault)
    assert answer.status == 200
    assert int(answer.headers["content-length"]) == len(answer.body)
    with pytest.raises(json.JSONDecodeError) as error:
        answer.json()
    ends_early = error.value.pos >= len(answer.body) - 1 or "Unterminated" in str(error.value)
    assert ends_early == (fault == "truncated_json")
    assert abs(len(answer.body) - len(whole)) == (1 if fault == "invalid_json" else len(whole) // 2)


def ask_plain() -> bytes:
    with Provider() as provider:
        return ask(provider, chat(1)).body


def test_a_refusal_and_an_empty_reply_are_valid_answers() -> None:
    said = {}
    for fault in ("refusal", "empty"):
        _, answer = fault_on_the_wire(fault)
        said[fault] = answer.json()["choices"][0]
        assert said[fault]["finish_reason"] == "stop"
    assert said["refusal"]["message"]["content"]
    assert said["refusal"]["message"]["content"] != alone(chat(1), 1).text
    assert said["empty"]["message"]["content"] == ""


# Which calls fail


def test_the_same_calls_meet_the_same_faults_whatever_their_order() -> None:
    shares = parse_faults("error_500=0.3,error_body=0.3")
    met = []
    for order in (range(20), reversed(range(20))):
        with Provider(faults=shares, seed=4) as provider:
            for number in order:
                for _ in range(2):
                    ask(provider, chat(number))
            met.append(Counter((call.key, call.fault) for call in provider.calls))
    assert met[0] == met[1]
    assert {fault for _, fault in met[0]} == {"error_500", "error_body", ""}


@given(
    order=st.permutations([f"{key}" for key in range(6)] * 3),
    seed=st.integers(0, 2**32),
)
def test_a_fault_hangs_on_seed_key_and_try_alone(order: list[str], seed: int) -> None:
    shares = parse_faults("all=0.8")
    one, other = Faults(shares, seed), Faults(shares, seed)
    drawn: dict[str, list[str]] = {}
    for key in order:
        drawn.setdefault(key, []).append(one.next_of(key))
    for key, faults in drawn.items():
        assert faults == [other.next_of(key) for _ in faults]


def test_faults_come_in_their_shares() -> None:
    faults = Faults(parse_faults("all=0.32,stall=0.1"), seed=1)
    drawn = Counter(faults.next_of(str(key)) for key in range(20_000))
    for name in FAULTS:
        expected = 0.1 if name == "stall" else 0.02
        assert drawn[name] / 20_000 == pytest.approx(expected, rel=0.2)


@given(
    weights=st.dictionaries(st.sampled_from(FAULTS), st.floats(0, 1), max_size=len(FAULTS)),
    total=st.floats(0, 1),
)
def test_shares_are_read_as_they_are_written(weights: dict[str, float], total: float) -> None:
    scale = total / max(1.0, sum(weights.values()))
    shares = {name: weight * scale for name, weight in weights.items()}
    assert (
        parse_faults(", ".join(f"{name} = {share!r}" for name, share in shares.items())) == shares
    )


def test_all_is_spread_evenly_and_the_later_part_counts() -> None:
    assert parse_faults("all=0.16") == dict.fromkeys(FAULTS, 0.01)
    assert parse_faults("all=0.16,reset=0.5")["reset"] == 0.5
    assert parse_faults("") == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("stal=0.1", "did you mean 'stall'"),
        ("al=0.1", "did you mean 'all'"),
        ("reset", "'reset' is not a fault and its share"),
        ("reset=often", "'reset=often'"),
        ("reset=1.5", "not a share from 0 to 1"),
        ("reset=nan", "not a share from 0 to 1"),
        ("reset=-0.1", "not a share from 0 to 1"),
        ("reset=0.7,stall=0.7", "sum to 1.4"),
    ],
)
def test_words_that_are_no_faults_are_refused(text: str, said: str) -> None:
    with pytest.raises(RecipeError, match=said) as refused:
        parse_faults(text)
    assert "all=0.15" in refused.value.cure


# What it bills


@pytest.mark.parametrize("fault", ["", *FAULTS])
def test_what_the_model_worked_for_is_billed(fault: str) -> None:
    with Provider(faults={fault: 1.0} if fault else None, stall_s=0.05) as provider:
        try:
            answer = ask(provider, chat(1), headers={"Idempotency-Key": "row-1"})
        except (OSError, IncompleteRead):
            answer = None
        ledger = provider.ledger()
        assert get(provider, "/ledger").json() == ledger
    (call,) = provider.calls
    assert (call.key, call.fault) == ("row-1", fault)
    billed = fault == "" or fault in COST_MONEY
    assert call.billed == billed
    assert call.delivered == (fault == "" or fault in WHOLE)
    assert (call.prompt_tokens > 0) == billed
    if call.delivered and answer:
        usage = answer.json()["usage"]
        counts = (usage["prompt_tokens"], usage["completion_tokens"])
        assert (call.prompt_tokens, call.completion_tokens) == counts
    sums = {
        "calls": 1,
        "delivered": int(call.delivered),
        "billed_calls": int(billed),
        "prompt_tokens": call.prompt_tokens,
        "completion_tokens": call.completion_tokens,
    }
    assert ledger == {**sums, "by_fault": {fault: 1} if fault else {}, "keys": {"row-1": sums}}


def test_a_retry_has_the_key_of_its_body_and_is_billed_again() -> None:
    with Provider() as provider:
        for _ in range(2):
            ask(provider, chat(1))
        ask(provider, chat(2))
        keys = provider.ledger()["keys"]
    assert sorted(one["billed_calls"] for one in keys.values()) == [1, 2]
    assert all(len(key) == 64 for key in keys)


def hang_up_after(provider: Provider, wait_s: float) -> None:
    with socket.create_connection(address(provider)) as connection:
        connection.sendall(request_bytes(chat(1)))
        time.sleep(wait_s)


def eventually(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 5
    while not holds():
        assert time.monotonic() < until, "it never came to hold"
        time.sleep(0.01)


def test_who_hangs_up_before_the_answer_pays_nothing() -> None:
    with Provider(latency_s=0.3) as provider:
        hang_up_after(provider, 0.1)
        time.sleep(0.4)
    (call,) = provider.calls
    assert (call.billed, call.delivered) == (False, False)


def test_who_hangs_up_within_the_answer_pays_for_what_is_not_delivered() -> None:
    with Provider(faults={"slow_drip": 1.0}) as provider:
        hang_up_after(provider, 0.2)
        time.sleep(1.2)
    (call,) = provider.calls
    assert (call.billed, call.delivered) == (True, False)


# Whom it refuses


def test_a_wrong_key_is_refused_and_echoed() -> None:
    with Provider(key="sk-right") as provider:
        wrong = ask(provider, chat(1), headers={"Authorization": "Bearer sk-wrong"})
        assert (wrong.status, "sk-wrong" in wrong.json()["error"]["message"]) == (401, True)
        assert ask(provider, chat(1)).status == 401
        assert get(provider, "/v1/models").status == 401
        assert ask(provider, chat(1), headers={"Authorization": "Bearer sk-right"}).status == 200
        assert get(provider, "/ledger").json()["by_fault"] == {"401": 2}
    assert "sk-right" not in repr(provider)


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({"model": "qwen-9000"}, 404, "qwen-9000"),
        ({"min_p": 0.1}, 400, "Unknown parameter: min_p"),
        ({"top_k": 4}, 400, "Unknown parameter: top_k"),
        ({"messages": [{"role": "user", "content": "x" * 501}]}, 400, "maximum context length"),
        ({"messages": []}, 400, "messages"),
        ({"messages": None}, 400, "messages"),
        ({"messages": [{"role": "system", "content": "x"}]}, 400, "no user turn"),
        ({"stream": True}, 400, "stream"),
        ({"n": 0}, 400, "n: "),
        ({"max_tokens": "many"}, 400, "max_tokens"),
        ({"json_schema": {"$ref": "#/$defs/nobody"}}, 400, "cannot be filled"),
        ({"json_schema": {"$defs": {"a": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"}}, 400,
         "recursive"),
        ({"response_format": {"type": "json_schema"}}, 400, "response_format"),
    ],
)  # fmt: skip
def test_what_it_does_not_take_is_refused_and_free(changes: dict, status: int, said: str) -> None:
    with Provider(refuses=("min_p", "top_k"), context_characters=500) as provider:
        answer = ask(provider, chat(1, **changes))
        assert (answer.status, said in answer.json()["error"]["message"]) == (status, True)
        assert ask(provider, chat(1)).status == 200
    assert [(call.fault, call.billed) for call in provider.calls] == [
        (str(status), False),
        ("", True),
    ]


def test_it_lists_its_model() -> None:
    with Provider(model="lab-1") as provider:
        assert [one["id"] for one in get(provider, "/v1/models").json()["data"]] == ["lab-1"]
        assert ask(provider, chat(1, model="lab-1")).status == 200


# How many it lets through


@given(
    rate=st.floats(0.5, 5000),
    gaps_s=st.lists(st.floats(0, 0.5), min_size=1, max_size=60),
)
def test_no_more_than_the_rate_and_its_burst_go_through(rate: float, gaps_s: list[float]) -> None:
    limit = RateLimit(rate)
    now_s, passed = 1000.0, []
    for gap_s in gaps_s:
        now_s += gap_s
        wait_s = limit.wait_s(now_s)
        if wait_s == 0:
            passed.append(now_s)
        else:
            assert 0 < wait_s <= 1 / rate + 1e-9
    burst = max(1.0, 0.1 * rate)
    for first, begun in enumerate(passed):
        for last in range(first, len(passed)):
            assert last - first + 1 <= burst + rate * (passed[last] - begun) + 1e-6


@pytest.mark.parametrize("rate", [0.5, 7.0, 300.0, 5000.0])
def test_who_waits_as_told_gets_the_whole_rate(rate: float) -> None:
    limit = RateLimit(rate)
    now_s, passed = 0.0, 0
    while passed < 1000:
        wait_s = limit.wait_s(now_s)
        now_s += wait_s + (1e-9 if wait_s else 0.0)
        passed += wait_s == 0
    burst = max(1.0, 0.1 * rate)
    assert (1000 - burst) / now_s == pytest.approx(rate, rel=0.01)


def greedy(provider: Provider, for_s: float) -> int:
    """Completions that four clients get who ask again as soon as they are told to."""
    got: list[int] = []
    until = time.monotonic() + for_s

    def work() -> None:
        while (now := time.monotonic()) < until:
            answer = ask(provider, chat(1))
            if answer.status == 200:
                got.append(1)
            else:
                assert answer.status == 429
                wait_s = float(answer.headers["retry-after"])
                assert 0 < wait_s < 1
                time.sleep(min(wait_s, max(0.0, until - now)))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(got)


def test_the_rate_is_kept_and_can_be_changed_while_it_runs() -> None:
    with Provider(requests_per_s=60, replies="fixed") as provider:
        assert greedy(provider, 1.5) == pytest.approx(90 + 6, rel=0.1)
        assert "over_rate" in provider.ledger()["by_fault"]
        provider.allow(20)
        assert greedy(provider, 1.5) == pytest.approx(30 + 2, rel=0.1)
        asked = ask(provider, {"requests_per_s": None}, path="/control")
        assert asked.json() == {"requests_per_s": None}
        assert [ask(provider, chat(1)).status for _ in range(50)] == [200] * 50
        for wrong in (b"", {"requests_per_s": 0}, {"requests_per_s": "fast"}, {"rate": 3}):
            assert ask(provider, wrong, path="/control").status == 400
    with pytest.raises(RecipeError, match="requests_per_s"):
        Provider(requests_per_s=0)


def test_calls_over_the_rate_use_up_no_try() -> None:
    """Else the clock would decide which faults a call meets."""
    shares = {"error_500": 0.5}
    with Provider(faults=shares, requests_per_s=0.01) as provider:
        for _ in range(3):
            ask(provider, chat(1))
        limited = [call.fault for call in provider.calls]
        provider.allow(None)
        for _ in range(6):
            ask(provider, chat(1))
        met = [call.fault for call in provider.calls if call.fault != "over_rate"]
    assert limited.count("over_rate") == 2
    faults = Faults(shares, 0)
    assert met == [faults.next_of(provider.calls[0].key) for _ in met]


# As a process


_SERVED = """
from indic_persona_hub.testing.provider import Provider, serve
serve(Provider(), lambda url: print(url, flush=True))
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_told_to_stop(number: int) -> None:
    command = [sys.executable, "-c", _SERVED]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        url = child.stdout.readline().strip()
        there = Provider(port=int(url.removesuffix("/v1").rpartition(":")[2]))
        assert ask(there, chat(1)).status == 200
        os.kill(child.pid, number)
        assert (child.stdout.read(), child.stderr.read()) == ("", "")
    assert child.returncode == 0


def test_a_port_that_is_taken_is_said() -> None:
    with Provider() as provider:
        with pytest.raises(HubError, match=str(provider.port)), Provider(port=provider.port):
            pass
        assert ask(provider, chat(1)).status == 200


def test_open_connections_do_not_keep_it_up() -> None:
    begun = time.monotonic()
    with Provider(faults={"stall": 1.0}) as provider:
        idle = socket.create_connection(address(provider))
        waiting = socket.create_connection(address(provider))
        waiting.sendall(request_bytes(chat(1)))
        eventually(lambda: len(provider.calls) == 1)
    assert time.monotonic() - begun < 2
    for connection in (idle, waiting):
        with connection:
            connection.settimeout(2)
            assert connection.recv(1) == b""
