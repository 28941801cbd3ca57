"""How a plug says that a call failed, beside `errors.ModelError` for a bad world."""

from __future__ import annotations

from typing import Final

from indic_persona_hub.errors import ModelError


class EndpointError(ModelError):
    """One attempt failed in a way that may pass.

    Args:
        message: What happened, in one sentence, with no secret in it.
        cure: What to do about it.
        kind: Short name for counting: `timeout`, `connect`, `reset`, `500`, `html_page`, ...
        may_be_billed: The model may have worked for it.
    """

    def __init__(self, message: str, *, cure: str, kind: str, may_be_billed: bool = False) -> None:
        super().__init__(message, cure=cure, retry=True)
        self.kind = kind
        self.may_be_billed = may_be_billed

    def __reduce__(self) -> tuple[object, ...]:
        return (_failed_again, (type(self), self.message, self.cure, dict(vars(self))))


class BusyError(EndpointError):
    """The endpoint asks for patience: `rate_limited` (429) or `overloaded` (503, 529).

    Args:
        message: What happened, in one sentence.
        cure: What to do about it.
        kind: `rate_limited` or `overloaded`.
        retry_after_s: How long the endpoint asked to wait; null where it did not say.
    """

    def __init__(
        self, message: str, *, cure: str, kind: str, retry_after_s: float | None = None
    ) -> None:
        super().__init__(message, cure=cure, kind=kind)
        self.retry_after_s = retry_after_s


def _failed_again(
    kind: type[EndpointError], message: str, cure: str, fields: dict[str, object]
) -> EndpointError:
    error = kind(message, cure=cure, kind="")
    vars(error).update(fields)
    return error


#: The kind of a reply that the model did not end.
BROKEN_OFF: Final = "broken_off"


def broken_off(model: str) -> EndpointError:
    """The endpoint answered with a reply that ended by an error."""
    return EndpointError(
        f"{model} broke off.",
        cure="See the endpoint's own log.",
        kind=BROKEN_OFF,
        may_be_billed=True,
    )


class BadRowError(Exception):
    """This one request will never be answered; the next one may be.

    Args:
        reason: Reason of the `Rejected` row (`bad_request`, `refusal`, `not_recorded`).
        detail: The endpoint's own words.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
