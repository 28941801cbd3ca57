"""What failed answers mean, for whom they are final, and that their words do not tell the key."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indic_persona_hub.errors import HubError, ModelError
from indic_persona_hub.models.endpoint.errors import failure_of, retry_after_s
from indic_persona_hub.models.endpoint.secrets import Key
from indic_persona_hub.models.failures import BadRowError, BusyError, EndpointError
from indic_persona_hub.models.settings import OpenAICompatibleSettings, ReplyFormat

SECRET = "sk-lab-7d1f0c55e2"
KEY = Key(SECRET, "the environment variable LAB_KEY")
SETTINGS = OpenAICompatibleSettings(base_url="https://llm.example/v1", model="m")


def failure(
    status: int, body: bytes | str | dict[str, object], **headers: str
) -> ModelError | BadRowError:
    raw = json.dumps(body) if isinstance(body, dict) else body
    raw = raw.encode() if isinstance(raw, str) else raw
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return failure_of(status, named, raw, SETTINGS, KEY)


@given(
    status=st.integers(200, 599),
    body=st.one_of(st.binary(), st.just(b"[" * 200_000), st.text().map(str.encode)),
    retry_after=st.one_of(st.text(), st.just("Wed, 21 Oct 2099 07:28:00 GMT"), st.just("7")),
)
def test_any_failed_answer_is_an_error_that_says_what_to_do(
    status: int, body: bytes, retry_after: str
) -> None:
    failed = failure_of(status, {"retry-after": retry_after}, body, SETTINGS, KEY)
    if isinstance(failed, HubError):
        assert failed.cure
        assert failed.retry == (status in (200, 408, 409, 425, 429) or (status >= 500)), (
            "only what may pass is tried again"
        )
        assert failed.retry == isinstance(failed, EndpointError)
    else:
        assert status in (400, 413, 422)


@pytest.mark.parametrize(
    ("status", "body", "kind", "may_be_billed"),
    [
        (429, '{"error": "slow down"}', "rate_limited", False),
        (503, "", "overloaded", False),
        (529, "", "overloaded", False),
        (500, '{"error": {"message": "out of memory"}}', "500", False),
        (502, "<html>Bad gateway</html>", "502", False),
        (408, "", "408", False),
        (200, "<!doctype html><p>Sign in</p>", "html_page", False),
        (200, '{"error": {"message": "overloaded", "code": 503}}', "error_body", False),
        (200, '{"choices": [{"mess', "cut_answer", True),
        (200, "", "cut_answer", True),
        (200, '{"choices": [,]}', "not_json", True),
        (200, "data: {}", "not_json", True),
        (200, '{"choices": []}', "no_completion", True),
        (200, "[]", "no_completion", True),
    ],
)
def test_what_may_pass_has_a_kind(status: int, body: str, kind: str, may_be_billed: bool) -> None:
    failed = failure(status, body)
    assert isinstance(failed, EndpointError)
    assert (failed.kind, failed.may_be_billed) == (kind, may_be_billed)
    assert isinstance(failed, BusyError) == (status in (429, 503, 529))


@pytest.mark.parametrize(
    ("status", "body", "cure"),
    [
        (401, "", "LAB_KEY"),
        (403, "", "LAB_KEY"),
        (402, "", "quota"),
        (429, '{"error": {"message": "You exceeded your current quota"}}', "quota"),
        (404, '{"error": {"message": "The model m does not exist"}}', "serves 'm'"),
        (301, "", "base_url (https://llm.example/v1)"),
        (400, '{"error": {"message": "Unknown parameter: min_p"}}', "send_min_p: false"),
        (
            400,
            '{"message": "response_format is not supported"}',
            "reply_format: json_object or none",
        ),
        (
            422,
            '{"detail": "extra fields: structured_outputs"}',
            "reply_format: json_object or none",
        ),
    ],
)
def test_what_no_row_can_help_is_final_and_has_a_cure(status: int, body: str, cure: str) -> None:
    failed = failure(status, body)
    assert isinstance(failed, ModelError)
    assert not failed.retry
    assert cure in failed.cure
    assert "https://llm.example/v1" in failed.message


def test_what_is_about_one_request_is_a_bad_row() -> None:
    long = failure(400, {"error": {"message": "longer than the maximum context length"}})
    assert isinstance(long, BadRowError)
    assert (long.reason, long.detail) == ("bad_request", "longer than the maximum context length")
    filtered = failure(400, {"error": {"message": "Blocked.", "code": "content_filter"}})
    assert isinstance(filtered, BadRowError)
    assert filtered.reason == "refusal"


@pytest.mark.parametrize("form", ["json_schema", "json_object", "guided_json", "none"])
def test_a_schema_is_not_blamed_where_none_was_sent(form: ReplyFormat) -> None:
    settings = SETTINGS.model_copy(update={"reply_format": form, "send_min_p": False})
    failed = failure_of(400, {}, b"min_p or json_schema", settings, KEY)
    assert isinstance(failed, BadRowError) == (form == "none")


def test_who_answered_is_named() -> None:
    failed = failure_of(404, {}, b"", SETTINGS, KEY, "http://gpu-2:8000/v1")
    assert isinstance(failed, ModelError)
    assert "http://gpu-2:8000/v1" in failed.message
    assert "http://gpu-2:8000/v1" in failed.cure


@pytest.mark.parametrize(
    "echo",
    [
        SECRET,
        f"Bearer {SECRET}",
        base64.b64encode(f"user:{SECRET}".encode()).decode(),
        "".join(f"%{ord(letter):X}" for letter in SECRET),
        "".join(f"\\u{ord(letter):04x}" for letter in SECRET),
        f"{SECRET[:9]}****{SECRET[-8:]}",
    ],
)
@pytest.mark.parametrize("status", [200, 400, 401, 404, 429, 500])
def test_the_key_is_taken_out_of_every_quoted_word(status: int, echo: str) -> None:
    plain = f"<html><p>Wrong key {echo} was given</p></html>"
    nested = json.dumps({"error": {"message": f"Wrong key {echo} was given", "code": echo}})
    long = json.dumps({"detail": "x" * (299 - len("[key]")) + echo})
    for body in (plain, nested, long, f'{{"error": "{echo}"}}', echo * 50):
        failed = failure(status, body)
        shown = f"{failed}{failed!r}{vars(failed)}"
        assert SECRET[:8] not in shown
        assert SECRET[-8:] not in shown
        assert echo not in shown


def test_words_are_quoted_short_and_without_markup() -> None:
    page = "<html><script>var a = 1;</script><h1>Bad\n gateway</h1></html>" + "x" * 1000
    failed = failure(502, page)
    assert isinstance(failed, ModelError)
    assert "Bad gateway x" in failed.message
    assert "var a" not in failed.message
    assert len(failed.message) < 400
    assert "answered 500: nothing" in str(failure(500, ""))


DATE = "Wed, 21 Oct 2099 07:28:00 GMT"


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after": "-3"}, 0),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "1e9"}, None),
        ({"retry-after": ""}, None),
        ({}, None),
        ({"retry-after-ms": "250", "retry-after": "1"}, 0.25),
        ({"retry-after-ms": "soon", "retry-after": "1"}, 1),
        ({"x-ratelimit-reset-requests": "1s"}, 1),
        ({"x-ratelimit-reset-requests": "6m0s"}, 360),
        ({"x-ratelimit-reset-requests": "20ms"}, 0.02),
        ({"x-ratelimit-reset-requests": "1h2m3.5s"}, 3723.5),
        ({"x-ratelimit-reset-requests": "7"}, 7),
        ({"x-ratelimit-reset-requests": "6m nonsense"}, None),
        ({"x-ratelimit-reset-requests": "9s", "retry-after": "2"}, 2),
        ({"x-ratelimit-reset-requests": "9s", "retry-after": "soon"}, None),
    ],
)
def test_how_long_to_wait_is_read_in_all_its_forms(
    headers: dict[str, str], wait_s: float | None
) -> None:
    assert retry_after_s(headers) == wait_s


def test_a_date_is_waited_for() -> None:
    assert (retry_after_s({"retry-after": DATE}) or 0) > 1e6
    assert (retry_after_s({"retry-after": DATE.replace("GMT", "-0000")}) or 0) > 1e6
    busy = failure(429, "", retry_after="3")
    assert isinstance(busy, BusyError)
    assert busy.retry_after_s == 3


WAITS = st.sampled_from(["retry-after", "retry-after-ms", "x-ratelimit-reset-requests"])


@given(st.text(max_size=20), WAITS)
def test_any_header_is_a_time_or_none(value: str, name: str) -> None:
    wait_s = retry_after_s({name: value})
    assert wait_s is None or wait_s >= 0
