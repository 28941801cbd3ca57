"""What the provider saw, and what it would ask to be paid for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

_COUNTS: Final = ("calls", "delivered", "billed_calls", "prompt_tokens", "completion_tokens")


@dataclass(slots=True)
class Call:
    """One completion that was asked for, over HTTP or as a row of a batch.

    Attributes:
        key: The header Idempotency-Key, else sha256 of the body, the same for a retry; a batch
            row's `custom_id`.
        fault: One of `FAULTS`, `over_rate`, the HTTP status of a refusal, or "".
        billed: The provider would ask for money.
        delivered: A whole, valid completion was written before the client hung up.
        prompt_tokens: That are billed.
        completion_tokens: That are billed.
    """

    key: str
    fault: str = ""
    billed: bool = False
    delivered: bool = False
    prompt_tokens: int = 0
    completion_tokens: int = 0

    def charge(self, prompt_tokens: int, completion_tokens: int) -> None:
        """The model worked and the answer is begun."""
        self.billed = True
        self.prompt_tokens = prompt_tokens
        self.completion_tokens = completion_tokens


class Bill:
    """Every call in order of arrival, about 0.3 KB each."""

    def __init__(self) -> None:
        self.calls: list[Call] = []

    def opened(self, key: str, fault: str = "") -> Call:
        """A new call."""
        call = Call(key, fault)
        self.calls.append(call)
        return call

    def ledger(self) -> dict[str, Any]:
        """Sums over all calls, as JSON values.

        Returns:
            `calls`, `delivered`, `billed_calls`, `prompt_tokens`, `completion_tokens`; `by_fault`:
            calls by `Call.fault`, without the plain ones; `keys`: the same five sums by key.
        """
        keys: dict[str, list[int]] = {}
        faults: Counter[str] = Counter()
        for call in list(self.calls):  # another thread may add to it
            sums = keys.setdefault(call.key, [0] * len(_COUNTS))
            sums[0] += 1
            sums[1] += call.delivered
            sums[2] += call.billed
            sums[3] += call.prompt_tokens
            sums[4] += call.completion_tokens
            faults[call.fault] += 1
        totals = [sum(column) for column in zip(*keys.values(), strict=True)] or [0] * len(_COUNTS)
        return {
            **dict(zip(_COUNTS, totals, strict=True)),
            "by_fault": {name: faults[name] for name in sorted(faults) if name},
            "keys": {key: dict(zip(_COUNTS, sums, strict=True)) for key, sums in keys.items()},
        }
