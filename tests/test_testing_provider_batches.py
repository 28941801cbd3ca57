"""The provider's batches, driven by hand and by the official client."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openai import OpenAI

from indic_persona_hub.testing.provider import Provider
from indic_persona_hub.testing.provider.files import Files
from provider_client import CHAT, Answer, ask, chat, get

ENDED = ("completed", "failed", "expired", "cancelled")
ROUTE = ["validating", "in_progress", "finalizing", "completed"]


def rows(count: int, **changes: Any) -> list[dict[str, Any]]:
    return [
        {"custom_id": f"row-{n}", "method": "POST", "url": CHAT, "body": chat(n, **changes)}
        for n in range(count)
    ]


def as_lines(values: list[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values).encode()


def form(content: bytes, purpose: str = "batch", boundary: str = "b0undary") -> tuple[bytes, str]:
    parts = [
        f'Content-Disposition: form-data; name="purpose"\r\n\r\n{purpose}'.encode(),
        b'Content-Disposition: form-data; name="file"; filename="in.jsonl"\r\n'
        b"Content-Type: application/jsonl\r\n\r\n" + content,
    ]
    mark = f"--{boundary}".encode()
    body = b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts) + mark + b"--\r\n"
    return body, f"multipart/form-data; boundary={boundary}"


def upload(provider: Provider, content: bytes, purpose: str = "batch") -> Answer:
    body, kind = form(content, purpose)
    return ask(provider, body, path="/v1/files", headers={"Content-Type": kind})


def submit(provider: Provider, content: bytes, **changes: Any) -> dict[str, Any]:
    file = upload(provider, content).json()["id"]
    order = {"input_file_id": file, "endpoint": CHAT, "completion_window": "24h", **changes}
    answer = ask(provider, order, path="/v1/batches")
    assert answer.status == 200, answer.body
    return answer.json()


def ended(provider: Provider, batch: dict[str, Any]) -> dict[str, Any]:
    until = time.monotonic() + 10
    while batch["status"] not in ENDED:
        assert time.monotonic() < until
        time.sleep(0.01)
        batch = get(provider, f"/v1/batches/{batch['id']}").json()
    return batch


def lines_of(provider: Provider, file_id: str | None) -> list[dict[str, Any]]:
    if file_id is None:
        return []
    content = get(provider, f"/v1/files/{file_id}/content").body.decode()
    return [json.loads(line) for line in content.splitlines()]


def test_a_batch_walks_to_its_end_and_every_row_is_answered_in_another_order() -> None:
    with Provider(batch_latency_s=0.8) as provider:
        batch = submit(provider, as_lines(rows(9)), metadata={"step": "7"})
        assert (batch["status"], batch["metadata"]) == ("validating", {"step": "7"})
        seen = [batch["status"]]
        while seen[-1] not in ENDED:
            time.sleep(0.01)
            batch = get(provider, f"/v1/batches/{batch['id']}").json()
            seen += [batch["status"]] if batch["status"] != seen[-1] else []
        assert seen == ROUTE
        assert batch["request_counts"] == {"total": 9, "completed": 9, "failed": 0}
        assert batch["error_file_id"] is None
        answered = lines_of(provider, batch["output_file_id"])
        ids = [line["custom_id"] for line in answered]
        given = [row["custom_id"] for row in rows(9)]
        assert sorted(ids) == given
        assert ids != given
        for line in answered:
            plain = ask(provider, chat(int(line["custom_id"][4:]))).json()
            assert line["error"] is None
            assert line["response"]["status_code"] == 200
            assert line["response"]["request_id"]
            assert line["response"]["body"]["choices"] == plain["choices"]
            assert line["response"]["body"]["usage"] == plain["usage"]


def test_the_official_client_can_drive_it() -> None:
    with Provider(batch_latency_s=0.1, key="sk-lab") as provider:
        client = OpenAI(base_url=provider.base_url, api_key="sk-lab", max_retries=0)
        file = client.files.create(file=("in.jsonl", as_lines(rows(3))), purpose="batch")
        batch = client.batches.create(
            input_file_id=file.id, endpoint=CHAT, completion_window="24h", metadata={"a": "b"}
        )
        while batch.status != "completed":
            time.sleep(0.02)
            batch = client.batches.retrieve(batch.id)
        assert batch.request_counts is not None
        assert batch.request_counts.completed == 3
        assert batch.output_file_id is not None
        assert len(client.files.content(batch.output_file_id).text.splitlines()) == 3
        assert [one.id for one in client.batches.list(limit=5)] == [batch.id]
        reply = client.chat.completions.create(
            model="scripted", messages=[{"role": "user", "content": "Who?"}], n=2
        )
        assert [choice.index for choice in reply.choices] == [0, 1]
        assert [model.id for model in client.models.list()] == ["scripted"]
        client.close()


def test_rows_that_fail_stand_in_the_error_file_and_cost_nothing() -> None:
    mixed = rows(40)
    mixed[3]["body"]["model"] = "qwen-9000"
    with Provider(faults={"error_500": 0.3, "refusal": 0.3, "reset": 0.3}, seed=2) as provider:
        batch = ended(provider, submit(provider, as_lines(mixed)))
        good = lines_of(provider, batch["output_file_id"])
        bad = lines_of(provider, batch["error_file_id"])
        ledger = provider.ledger()
    assert batch["status"] == "completed"
    assert len(good) + len(bad) == 40
    assert {line["response"]["status_code"] for line in bad} == {404, 500}
    assert all(line["response"]["body"]["error"]["message"] for line in bad)
    assert batch["request_counts"] == {"total": 40, "completed": len(good), "failed": len(bad)}
    assert ledger["by_fault"].keys() == {"404", "error_500", "refusal"}  # no connection to reset
    paid = {key for key, sums in ledger["keys"].items() if sums["billed_calls"]}
    assert paid == {line["custom_id"] for line in good}
    tokens = [line["response"]["body"]["usage"]["completion_tokens"] for line in good]
    assert ledger["completion_tokens"] == sum(tokens)


def test_the_same_input_twice_is_billed_twice() -> None:
    with Provider(batch_latency_s=0.05) as provider:
        first, second = (submit(provider, as_lines(rows(2))) for _ in range(2))
        assert first["id"] != second["id"]
        for batch in (first, second):
            ended(provider, batch)
        keys = provider.ledger()["keys"]
    assert {key: sums["billed_calls"] for key, sums in keys.items()} == {"row-0": 2, "row-1": 2}


def test_an_expired_batch_answers_half_of_its_rows() -> None:
    with Provider(batch_latency_s=0.05, batch_fault="expired") as provider:
        batch = ended(provider, submit(provider, as_lines(rows(6))))
        good = lines_of(provider, batch["output_file_id"])
        late = lines_of(provider, batch["error_file_id"])
        assert provider.ledger()["billed_calls"] == 3
    assert batch["status"] == "expired"
    assert len(good) == 3
    assert [line["error"]["code"] for line in late] == ["batch_expired"] * 3
    assert [line["response"] for line in late] == [None] * 3


def test_a_failed_batch_answers_and_bills_nothing() -> None:
    with Provider(batch_latency_s=0.05, batch_fault="failed") as provider:
        batch = ended(provider, submit(provider, as_lines(rows(2))))
        assert provider.calls == []
    assert (batch["status"], batch["output_file_id"]) == ("failed", None)
    assert batch["errors"]["data"][0]["message"]


def test_a_cancelled_batch_keeps_what_was_answered() -> None:
    with Provider(batch_latency_s=0.8, replies="fixed") as provider:
        batch = submit(provider, as_lines(rows(4)))
        while batch["request_counts"]["completed"] < 4:
            time.sleep(0.01)
            batch = get(provider, f"/v1/batches/{batch['id']}").json()
        path = f"/v1/batches/{batch['id']}/cancel"
        assert ask(provider, b"", path=path).json()["status"] == "cancelling"
        assert ask(provider, b"", path=path).json()["status"] == "cancelling"
        batch = ended(provider, batch)
        assert batch["status"] == "cancelled"
        assert len(lines_of(provider, batch["output_file_id"])) == 4
        assert ask(provider, b"", path=path).status == 400
        at_once = submit(provider, as_lines(rows(4)))
        ask(provider, b"", path=f"/v1/batches/{at_once['id']}/cancel")
        assert ended(provider, at_once)["output_file_id"] is None
        assert provider.ledger()["billed_calls"] == 4


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"{not json\n", "invalid_json_line"),
        (as_lines([*rows(1), *rows(1)]), "duplicate_custom_id"),
        (as_lines([row | {"url": "/v1/completions"} for row in rows(1)]), "mismatched_url"),
        (as_lines([{"custom_id": "a"}]), "invalid_json_line"),
    ],
)
def test_a_file_that_is_no_batch_fails_and_says_where(content: bytes, code: str) -> None:
    with Provider(batch_latency_s=0.02) as provider:
        batch = ended(provider, submit(provider, content))
        assert provider.calls == []
    assert batch["status"] == "failed"
    assert [problem["code"] for problem in batch["errors"]["data"]] == [code]


def test_batches_are_listed_newest_first_page_by_page() -> None:
    with Provider(batch_latency_s=0.02) as provider:
        made = [submit(provider, as_lines(rows(1)))["id"] for _ in range(5)]
        found, after, more = [], "", True
        while more:
            page = get(provider, f"/v1/batches?limit=2{after}").json()
            found += [batch["id"] for batch in page["data"]]
            after, more = f"&after={page['last_id']}", page["has_more"]
    assert found == made[::-1]


def test_what_cannot_be_ordered_is_refused() -> None:
    with Provider() as provider:
        assert upload(provider, b"x", purpose="fine-tune").status == 400
        order = {"input_file_id": "file-0", "endpoint": CHAT, "completion_window": "24h"}
        assert ask(provider, order, path="/v1/batches").status == 404
        assert ask(provider, order | {"endpoint": "/v1/x"}, path="/v1/batches").status == 400


@settings(deadline=None)
@given(content=st.binary(max_size=500))
def test_a_file_comes_back_as_it_was_sent(content: bytes) -> None:
    files = Files()
    body, kind = form(content, boundary="no-such-0f1e2d3c4b")
    kept = files.add_upload(kind, body)
    assert files.get(kept.id).content == content
    assert (kept.name, kept.purpose) == ("in.jsonl", "batch")
