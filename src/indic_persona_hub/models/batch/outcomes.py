"""What the end of a batch, and each row of its answers, means for the calls that wait."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from indic_persona_hub.errors import ModelError
from indic_persona_hub.models.batch.answerer import Ending
from indic_persona_hub.models.batch.files import NO_STATUS, AnswerRow
from indic_persona_hub.models.endpoint.completion_replies import reply_in
from indic_persona_hub.models.endpoint.errors import failure_of
from indic_persona_hub.models.endpoint.secrets import Key
from indic_persona_hub.models.failures import BadRowError, EndpointError
from indic_persona_hub.models.settings import BatchSettings
from indic_persona_hub.models.socket import Reply, Request

_KIND: Final = re.compile(r"batch_[a-z_]{1,40}")
_MOST_WORDS: Final = 300


def kept_reply(body: bytes, latency_s: float = 0.0, request: Request | None = None) -> Reply | None:
    """The reply in an answer's body; null where it is none that is worth keeping.

    Args:
        latency_s: How long the call waited.
        request: What was asked, to estimate tokens that are not stated.
    """
    reply = reply_in(body, latency_s, request)
    if reply is not None and reply.finish_reason == "error" and not reply.text:
        return None
    return reply


def is_reply(row: AnswerRow) -> bool:
    """Whether the row holds a reply that is worth keeping."""
    return row.status == 200 and kept_reply(row.body) is not None


def failure_of_row(
    row: AnswerRow, ending: Ending, settings: BatchSettings, key: Key
) -> ModelError | BadRowError:
    """Why the request of a row has no reply.

    Args:
        row: A row that is no reply, or stands for a request without one.
        ending: Of its batch.
        settings: Of the model.
        key: The endpoint's key, which no error may quote.
    """
    if row.status == NO_STATUS:
        return _not_asked(row.body, settings, key) if row.body else ending.unanswered
    return failure_of(row.status, {}, row.body, settings, key)


def _not_asked(body: bytes, settings: BatchSettings, key: Key) -> EndpointError:
    """The failure of a request that has no HTTP status: it did not come to the model."""
    error = _error_in(body)
    code = str(error.get("code")) if isinstance(error, dict) else ""
    said = error.get("message") if isinstance(error, dict) else error
    words = key.taken_out_of(str(said or code or "no reason was given"))[:_MOST_WORDS]
    return EndpointError(
        f"A row of a batch for '{settings.model}' failed: {words}",
        cure="Run the same command again: it goes into another batch.",
        kind=code if _KIND.fullmatch(code) else "batch_error",
    )


def _error_in(body: bytes) -> Any:
    try:
        return json.loads(body)["error"]
    except (ValueError, LookupError, TypeError):  # longer than what is kept of a failure
        return body.decode("utf-8", "replace")
