"""What an endpoint's failed answer means: a bad row, a busy hour, or a bad world."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from indic_persona_hub.errors import ModelError
from indic_persona_hub.models.failures import BadRowError, BusyError
from indic_persona_hub.models.settings import OpenAICompatibleSettings

_MOST_CHARACTERS = 300
_TAG = re.compile(r"<(?:script|style)\b.*?</(?:script|style)>|<[^>]*>", re.DOTALL | re.IGNORECASE)
_QUOTA = re.compile(
    r"insufficient[_ ]quota|billing|exceeded your current quota|out of credit", re.I
)
_BAD_ROW = frozenset({400, 413, 422})
_BUSY = frozenset({429, 503, 529})
_PASSING = frozenset({408, 409, 425})


def failure_of(
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    settings: OpenAICompatibleSettings,
    key: str,
) -> ModelError | BadRowError:
    """The error that stands for an answer which is no reply.

    Args:
        status: HTTP status; 200 where the body is not a chat completion.
        headers: By lower-case name.
        body: As it came; its words are quoted with `key` taken out.
        settings: Of the endpoint that answered.
        key: The API key, or "".
    """
    said = _said(body, key)
    what = "200 without a chat completion" if status == 200 else str(status)
    where = f"{settings.base_url} answered {what}"
    if status in (401, 403):
        return ModelError(f"{where}: {said}", cure=_key_cure(settings))
    if status == 402 or (status == 429 and _QUOTA.search(said)):
        return ModelError(f"{where}: {said}", cure="Fill up the account's quota, then run again.")
    if status in _BAD_ROW:
        return _refused(said, settings, where)
    if status in _BUSY:
        wait_s = retry_after_s(headers)
        return BusyError(f"{where}: {said}", cure="Lower concurrency.", retry_after_s=wait_s)
    if status == 200 or status >= 500 or status in _PASSING:
        return ModelError(f"{where}: {said}", cure="See the endpoint's own log.", retry=True)
    cure = f"Check base_url ({settings.base_url}) and that it serves '{settings.model}'."
    return ModelError(f"{where}: {said}", cure=cure)


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Seconds that `Retry-After` asks for (RFC 9110, 10.2.3), or null."""
    value = headers.get("retry-after", "").strip()
    if re.fullmatch(r"-?\d+(?:\.\d+)?", value):
        return max(0.0, float(value))
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (until.astimezone(UTC) - datetime.now(UTC)).total_seconds())


def _refused(said: str, settings: OpenAICompatibleSettings, where: str) -> ModelError | BadRowError:
    if settings.send_min_p and "min_p" in said:
        return ModelError(f"{where}: {said}", cure="Set send_min_p: false on this model.")
    if settings.json_schema and re.search(r"response_format|json_schema", said):
        return ModelError(f"{where}: {said}", cure="Set json_schema: false on this model.")
    return BadRowError("bad_request", said)


def _key_cure(settings: OpenAICompatibleSettings) -> str:
    if settings.api_key_env is None:
        return "Name the environment variable that holds the key in api_key_env."
    return f"Check the key in the environment variable {settings.api_key_env}."


def _said(body: bytes, key: str) -> str:
    text = body.decode("utf-8", "replace")
    try:
        text = _message(json.loads(text)) or text
    except (ValueError, RecursionError):
        text = _TAG.sub(" ", text[: 100 * _MOST_CHARACTERS])
    text = " ".join(text.replace(key, "[key]").split()) if key else " ".join(text.split())
    return text[:_MOST_CHARACTERS] or "nothing"


def _message(answer: object) -> str:
    """The message in the usual shapes: {error: {message, code}}, {error}, {message}, {detail}."""
    if not isinstance(answer, dict):
        return ""
    error = answer.get("error")
    if isinstance(error, dict):
        return " ".join(str(error[name]) for name in ("message", "code") if error.get(name))
    return str(error or answer.get("message") or answer.get("detail") or "")
