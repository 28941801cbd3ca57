"""How a call ends: whole, with a fault, and with what on the bill."""

from __future__ import annotations

import json
import math
from typing import Final

from indic_persona_hub.testing.provider.bill import Call
from indic_persona_hub.testing.provider.http import JSON, Connection, error_body, head_of

_HTML: Final = "text/html; charset=utf-8"
_BAD_GATEWAY: Final = (
    b"<html><head><title>502</title></head><body><h1>Bad gateway</h1></body></html>"
)
_SIGN_IN: Final = (
    b"<!doctype html><html><head><title>Sign in</title></head>"
    b"<body>Sign in to this network to go on.</body></html>"
)
_DRIPS: Final = 20
_DRIP_S: Final = 0.05

#: Status, type and message of the faults that are an error and nothing else.
ERRORS: Final = {
    "rate_limited": (429, "requests", "Rate limit reached for requests."),
    "rate_limited_bare": (429, "requests", "Rate limit reached for requests."),
    "error_500": (500, "server_error", "The server had an error: out of memory."),
    "unavailable": (503, "server_error", "The engine is currently unavailable."),
    "overloaded": (529, "overloaded_error", "Overloaded"),
    "bad_gateway": (502, "server_error", "Bad gateway"),
}


def write_without_model(fault: str, connection: Connection, retry_after_s: float) -> None:
    """End a call whose fault came before the model worked. Nothing is billed.

    Args:
        fault: One of `FAULTS` that is not in `BILLED`.
        retry_after_s: What `rate_limited` asks for.
    """
    match fault:
        case "reset" | "stall":
            connection.reset()
        case "bad_gateway":
            connection.answer(502, _BAD_GATEWAY, _HTML)
        case "html_page":
            connection.answer(200, _SIGN_IN, _HTML)
        case "error_body":
            error = {"message": "The model is overloaded, try later.", "code": 503}
            connection.answer(200, json.dumps({"error": error}).encode())
        case "rate_limited":
            write_busy(connection, retry_after_s)
        case _:
            status, kind, message = ERRORS[fault]
            connection.answer(status, error_body(message, kind))


def write_busy(connection: Connection, retry_after_s: float) -> None:
    """429 that says when to come back, in decimal seconds."""
    status, kind, message = ERRORS["rate_limited"]
    body = error_body(message, kind, "rate_limit_exceeded")
    milliseconds = math.ceil(round(1000 * retry_after_s, 3))  # rounded up: to be early is no use
    connection.answer(status, body, Retry_After=f"{milliseconds / 1000:.3f}")


def write_completion(fault: str, connection: Connection, body: bytes, call: Call) -> None:
    """End a call that the model worked for, as far as `fault` lets it.

    Args:
        fault: One of `BILLED`.
        body: The whole answer.
        call: Marked as delivered where the client got all of it.
    """
    match fault:
        case "slow_drip":
            connection.write(head_of(200, len(body), {"Content-Type": JSON}))
            _drip(connection, body, -(-len(body) // _DRIPS), call)
        case "half_closed":
            head = head_of(200, len(body), {"Content-Type": JSON})
            connection.write(head + body[: len(body) // 2])
            connection.half_close()
        case "truncated_json":
            connection.answer(200, body[: len(body) // 2])
        case "invalid_json":
            connection.answer(200, body.replace(b'"choices": [', b'"choices": [,', 1))
        case _:
            # Marked first: who has the answer may read the ledger at once.
            call.delivered = True
            call.delivered = connection.answer(200, body)


def _drip(connection: Connection, left: bytes, size: int, call: Call) -> None:
    piece, left = left[:size], left[size:]
    call.delivered = not left
    written = connection.write(piece)
    if left:
        connection.later(_DRIP_S, _drip, connection, left, size, call)
    else:
        call.delivered = written
        connection.finish()
