"""What an endpoint's failed answer means: a bad row, a busy hour, or a bad world."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from indic_persona_hub.errors import ModelError
from indic_persona_hub.models.endpoint.secrets import Key
from indic_persona_hub.models.failures import BadRowError, BusyError, EndpointError
from indic_persona_hub.models.settings import BatchSettings, OpenAICompatibleSettings

_MOST_CHARACTERS: Final = 300
_LOOKED_AT: Final = 100 * _MOST_CHARACTERS
_TAG: Final = re.compile(
    r"<(?:script|style)\b.*?</(?:script|style)>|<[^>]*>", re.DOTALL | re.IGNORECASE
)
_QUOTA: Final = re.compile(
    r"insufficient[_ ]quota|billing|exceeded your current quota|out of credit", re.I
)
_FORMATS: Final = re.compile(r"response_format|json_schema|guided_json|structured_outputs")
_FILTERED: Final = re.compile(r"\b(?:content_filter|content_policy_violation)\b")
_BAD_ROW: Final = frozenset({400, 413, 422})
_BUSY: Final = {429: "rate_limited", 503: "overloaded", 529: "overloaded"}
_PASSING: Final = frozenset({408, 409, 425})
_SECONDS: Final = re.compile(r"-?\d{1,9}(?:\.\d{1,9})?")
#: A span as Go writes it: 1s, 6m0s, 20ms, 1h2m3.5s.
_SPAN: Final = re.compile(r"(?:\d{1,9}(?:\.\d{1,9})?(?:h|ms|m|s))+")
_SPAN_PART: Final = re.compile(r"([\d.]+)(h|ms|m|s)")
_UNITS_S: Final = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}


def failure_of(
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    settings: OpenAICompatibleSettings | BatchSettings,
    key: Key,
    base_url: str | None = None,
) -> ModelError | BadRowError:
    """The error that stands for an answer which is no reply.

    Args:
        status: HTTP status; 200 where the body is not a completion.
        headers: By lower-case name.
        body: As it came; its words are quoted with the key taken out.
        settings: Of the model that was asked.
        key: What the endpoint was given.
        base_url: Who answered; null is the settings' own.

    Returns:
        `BusyError` or `EndpointError` where it may pass, with `may_be_billed` where a reply may
        have been lost; any other `ModelError` is final; `BadRowError` is about this request.
    """
    answer = _parsed(body)
    said = _said(answer, body, key)
    what = "200 without a completion" if status == 200 else str(status)
    asked = base_url or settings.base_url or settings.model
    where = f"{asked} answered {what}: {said}"
    if status in (401, 403):
        return ModelError(where, cure=key.cure)
    if status == 402 or (status == 429 and _QUOTA.search(said)):
        return ModelError(where, cure="Fill up the account's quota, then run again.")
    if status in _BAD_ROW:
        return _refused(said, settings, where)
    if kind := _BUSY.get(status):
        wait_s = retry_after_s(headers)
        return BusyError(where, cure="Lower concurrency.", kind=kind, retry_after_s=wait_s)
    cure = "See the endpoint's own log."
    if status == 200:
        kind, lost = _no_completion(answer, body)
        return EndpointError(where, cure=cure, kind=kind, may_be_billed=lost)
    if status >= 500 or status in _PASSING:
        return EndpointError(where, cure=cure, kind=str(status))
    return ModelError(
        where, cure=f"Check base_url ({asked}) and that it serves '{settings.model}'."
    )


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Seconds that an endpoint asks to wait, or null.

    Read are `Retry-After-Ms`, `Retry-After` (RFC 9110, 10.2.3; decimals too), and where both are
    absent `X-RateLimit-Reset-Requests` in seconds or as a span like 6m0s.
    """
    exact = headers.get("retry-after-ms", "").strip()
    if _SECONDS.fullmatch(exact):
        return max(0.0, float(exact) / 1000)
    if "retry-after" not in headers:
        return _span_s(headers.get("x-ratelimit-reset-requests", "").strip())
    value = headers["retry-after"].strip()
    if _SECONDS.fullmatch(value):
        return max(0.0, float(value))
    try:
        until = parsedate_to_datetime(value)
        until = until.replace(tzinfo=UTC) if until.tzinfo is None else until
        return max(0.0, (until - datetime.now(UTC)).total_seconds())
    except (ValueError, OverflowError):
        return None


def _span_s(value: str) -> float | None:
    if _SECONDS.fullmatch(value):
        return max(0.0, float(value))
    if not _SPAN.fullmatch(value):
        return None
    return sum(float(count) * _UNITS_S[unit] for count, unit in _SPAN_PART.findall(value))


def _no_completion(answer: Any, body: bytes) -> tuple[str, bool]:
    """Kind of a 200 that is no completion, and whether a reply may have been in it."""
    if answer is None:
        text = body.strip()
        if text.startswith(b"<"):
            return "html_page", False
        cut = not text or (text.startswith(b"{") and not text.endswith(b"}"))
        return ("cut_answer" if cut else "not_json"), True
    if isinstance(answer, dict) and answer.get("error"):
        return "error_body", False
    return "no_completion", True


def _refused(
    said: str, settings: OpenAICompatibleSettings | BatchSettings, where: str
) -> ModelError | BadRowError:
    if settings.send_min_p and "min_p" in said:
        return ModelError(where, cure="Set send_min_p: false on this model.")
    if settings.reply_format != "none" and _FORMATS.search(said):
        return ModelError(where, cure="Set reply_format: json_object or none on this model.")
    return BadRowError("refusal" if _FILTERED.search(said) else "bad_request", said)


def _parsed(body: bytes) -> Any:
    """The JSON in `body`; null where there is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _said(answer: Any, body: bytes, key: Key) -> str:
    text = _message(answer)
    if not text:
        text = body[:_LOOKED_AT].decode("utf-8", "replace")
        text = _TAG.sub(" ", text) if answer is None else text
    words = " ".join(key.taken_out_of(text[:_LOOKED_AT]).split())
    return words[:_MOST_CHARACTERS] or "nothing"


def _message(answer: Any) -> str:
    """The message in the usual shapes: {error: {message, code}}, {error}, {message}, {detail}."""
    if not isinstance(answer, dict):
        return ""
    error = answer.get("error")
    if isinstance(error, dict):
        return " ".join(str(error[name]) for name in ("message", "code") if error.get(name))
    return str(error or answer.get("message") or answer.get("detail") or "")
