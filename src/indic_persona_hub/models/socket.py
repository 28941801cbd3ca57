"""The socket for language models: what a plug takes and gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Protocol

#: `refusal` is that of the endpoint's filter, or of the model in the field for it.
FinishReason = Literal["stop", "length", "refusal", "error"]


class Choice(NamedTuple):
    """One of several replies to one request."""

    text: str
    finish_reason: FinishReason


class Message(NamedTuple):
    """One turn. `role` is system, user or assistant."""

    role: str
    content: str


@dataclass(frozen=True)
class Request:
    """One question to a model. Every field but `affinity` can change the reply.

    Attributes:
        messages: The turns, stable part first.
        json_schema: The reply must be JSON of this schema, where the plug can enforce it.
        choices: Replies wanted of this one prompt (`n`); the endpoint reads the prompt once.
        affinity: Requests with an equal value share most of their prompt.
    """

    messages: tuple[Message, ...]
    max_tokens: int
    temperature: float
    top_p: float
    min_p: float
    stop: tuple[str, ...]
    seed: int
    json_schema: Mapping[str, Any] | None = None
    choices: int = 1
    affinity: str = ""


@dataclass(frozen=True)
class Reply:
    """What came back. Anything but `stop` is never a persona.

    Attributes:
        cached_tokens: Of the prompt tokens, those that the endpoint had read before.
        completion_tokens: Of all choices.
        reasoning_tokens: Of the completion tokens, those that the model only thought.
        others: The second choice and those after it, where more than one was asked for.
    """

    text: str
    finish_reason: FinishReason
    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int
    latency_s: float
    reasoning_tokens: int = 0
    others: tuple[Choice, ...] = ()


class LanguageModel(Protocol):
    """A plug. `complete` raises `errors.ModelError` for a bad world (`retry` says which kind)."""

    @property
    def name(self) -> str:
        """The model's own name, as it goes into records and journal keys."""
        ...

    @property
    def licence(self) -> str:
        """Licence of the weights, or `unknown`."""
        ...

    @property
    def concurrency(self) -> int:
        """How many requests may be in flight."""
        ...

    async def complete(self, request: Request) -> Reply:
        """Ask once, without retries, and within the plug's own timeout."""
        ...

    async def close(self) -> None:
        """Let go of everything."""
        ...
