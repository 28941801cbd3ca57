"""What becomes of a call for a completion: who may ask, how it fails, when it is answered."""

from __future__ import annotations

import asyncio
import json
from hashlib import sha256

from indic_persona_hub.testing.provider.answers import (
    ERRORS,
    write_busy,
    write_completion,
    write_without_model,
)
from indic_persona_hub.testing.provider.batches import RowAnswer
from indic_persona_hub.testing.provider.bill import Bill, Call
from indic_persona_hub.testing.provider.bodies import RefusedError
from indic_persona_hub.testing.provider.completions import Completion, Completions, refusal_text
from indic_persona_hub.testing.provider.faults import BILLED, Faults
from indic_persona_hub.testing.provider.http import Connection, Incoming, error_body
from indic_persona_hub.testing.provider.rate import RateLimit


class CompletionRoute:
    """Answers calls, and rows of batches, and puts them on the bill.

    Args:
        stall_s: How long a stalled call is left in silence.
        retry_after_s: What the fault `rate_limited` asks for.
    """

    def __init__(
        self,
        completions: Completions,
        faults: Faults,
        rate: RateLimit,
        bill: Bill,
        *,
        latency_s: float,
        tokens_per_s: float | None,
        stall_s: float,
        retry_after_s: float,
    ) -> None:
        self._completions = completions
        self._faults = faults
        self._rate = rate
        self._bill = bill
        self._latency_s = latency_s
        self._tokens_per_s = tokens_per_s
        self._stall_s = stall_s
        self._retry_after_s = retry_after_s

    def take(self, incoming: Incoming, connection: Connection, denied: RefusedError | None) -> None:
        """Answer now or later.

        Args:
            denied: What is wrong with the key, or null.
        """
        key = incoming.headers.get("idempotency-key") or sha256(incoming.body).hexdigest()
        call = self._bill.opened(key)
        try:
            if denied is not None:
                raise denied
            if wait_s := self._rate.wait_s(asyncio.get_running_loop().time()):
                call.fault = "over_rate"
                write_busy(connection, wait_s)
                return
            body = self._completions.read(incoming.path, incoming.body)
            call.fault = self._faults.next_of(key)
            if call.fault not in BILLED:
                delay_s = self._stall_s if call.fault == "stall" else self._latency_s
                connection.later(
                    delay_s, write_without_model, call.fault, connection, self._retry_after_s
                )
                return
            completion = self._completions.complete(body, incoming.body)
        except RefusedError as refused:
            call.fault = str(refused.status)
            write_refusal(connection, refused)
            return
        said = _as_faulty(completion, call)
        connection.later(self._delay_s(said), self._write, incoming.path, connection, call, said)

    def row(self, custom_id: str, path: str, raw: bytes) -> RowAnswer:
        """Answer a row of a batch; faults of the connection cannot befall it."""
        call = self._bill.opened(custom_id)
        try:
            body = self._completions.read(path, raw)
            call.fault = self._faults.next_of(custom_id)
            if call.fault in ERRORS:
                status, kind, message = ERRORS[call.fault]
                return RowAnswer(status, json.loads(error_body(message, kind)))
            completion = _as_faulty(self._completions.complete(body, raw), call)
        except RefusedError as refused:
            call.fault = str(refused.status)
            return RowAnswer(refused.status, json.loads(_refusal_body(refused)))
        if call.fault not in ("refusal", "empty"):
            call.fault = ""
        call.charge(completion.prompt_tokens, completion.completion_tokens)
        call.delivered = True
        return RowAnswer(200, json.loads(self._completions.encoded(path, custom_id, completion)))

    def _delay_s(self, completion: Completion) -> float:
        if self._tokens_per_s is None:
            return self._latency_s
        return self._latency_s + completion.completion_tokens / self._tokens_per_s

    def _write(self, path: str, connection: Connection, call: Call, said: Completion) -> None:
        call.charge(said.prompt_tokens, said.completion_tokens)
        body = self._completions.encoded(path, call.key, said)
        write_completion(call.fault, connection, body, call)


def write_refusal(connection: Connection, refused: RefusedError) -> None:
    """Answer with an error in OpenAI's shape."""
    connection.answer(refused.status, _refusal_body(refused))


def _refusal_body(refused: RefusedError) -> bytes:
    return error_body(refused.message, code=refused.code)


def _as_faulty(completion: Completion, call: Call) -> Completion:
    """`completion`, or what the model says instead."""
    if call.fault == "refusal":
        return completion.saying(refusal_text(call.key))
    return completion.saying("") if call.fault == "empty" else completion
