"""What became of requests, one by one and in sum."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from indic_persona_hub.models.socket import Reply, Request

#: Told of (place, request, answer); a request that it returns is asked next, in the same place.
Taken = Callable[[int, Request, "Answer"], Request | None]


@dataclass(frozen=True)
class Answer:
    """What became of one request.

    Attributes:
        reply: Null where rejected.
        reason: Null where answered, else `model_error`, `bad_request`, `refusal`, `not_recorded` or
            `budget_reached`.
        detail: What was said about it.
        key: Its journal key.
        from_journal: The reply was paid for earlier.
    """

    reply: Reply | None
    reason: str | None
    detail: str
    key: str
    from_journal: bool = False


@dataclass
class Tally:
    """What a caller did since it was opened, for whoever watches.

    Attributes:
        errors: Failed attempts by kind.
        in_flight: Sent and not yet answered.
        longest_s: The longest attempt.
    """

    answered: int = 0
    from_journal: int = 0
    rejected: int = 0
    in_flight: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float = 0.0
    longest_s: float = 0.0
    errors: Counter[str] = field(default_factory=Counter)
