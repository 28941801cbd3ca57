"""How a plug says that a call failed, beside `errors.ModelError` for a bad world."""

from __future__ import annotations

from indic_persona_hub.errors import ModelError


class BusyError(ModelError):
    """The endpoint asks for patience (429, 503).

    Args:
        message: What happened, in one sentence.
        cure: What to do about it.
        retry: Always worth it.
        retry_after_s: How long the endpoint asked to wait; null where it did not say.
    """

    def __init__(
        self, message: str, *, cure: str, retry: bool = True, retry_after_s: float | None = None
    ) -> None:
        super().__init__(message, cure=cure, retry=retry)
        self.retry_after_s = retry_after_s


class BadRowError(Exception):
    """This one request will never be answered; the next one may be.

    Args:
        reason: Reason of the `Rejected` row (`bad_request`, `refusal`).
        detail: The endpoint's own words.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
