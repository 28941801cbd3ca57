"""A reply in the JSON of OpenAI's chat completions and completions, as endpoints really send it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from indic_persona_hub.models.socket import Choice, FinishReason, Reply, Request

_FINISHES: Final[Mapping[object, FinishReason]] = {"stop": "stop", "length": "length"}
_MOST_TOKENS: Final = 1 << 40
_ASCII_CHARACTERS_A_TOKEN: Final = 4
#: Kinds of content parts that are text of the reply; `thinking` and the like are not.
_TEXT_PARTS: Final = ("text", "output_text")


class _Said(NamedTuple):
    """One choice, and the thinking beside it."""

    choice: Choice
    thought: str


def reply_in(body: bytes, latency_s: float, request: Request | None = None) -> Reply | None:
    """The reply in a completion; null where `body` is not one.

    Thinking in a field of its own is no part of the text. What the endpoint's filter took away, or
    the model refused in the field for it, ends by `refusal`. Tokens that are not stated are
    estimated: see `estimated_tokens`.

    Args:
        latency_s: How long the call took.
        request: What was asked, to estimate the prompt's tokens; null makes them 0 where unstated.
    """
    try:
        answer = json.loads(body.decode("utf-8"))
        said = [_said(choice) for choice in answer["choices"]]
        stated = answer.get("usage")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None
    if not said:
        return None
    prompt, cached, completion, reasoning = _tokens(stated, said, request)
    first, *others = (one.choice for one in said)
    return Reply(*first, prompt, cached, completion, latency_s, reasoning, tuple(others))


def estimated_tokens(text: str) -> int:
    """Tokens of a text whose endpoint states none: four ASCII characters or one other make one.

    Near to the Qwen2.5 vocabulary on English (4 characters a token) and Devanagari (0.9); too few
    for Odia (0.4), too many for newer vocabularies with more Indic pieces (2 and more).
    """
    others = 0 if text.isascii() else len(text) - len(text.encode("ascii", "ignore"))
    return others - (others - len(text)) // _ASCII_CHARACTERS_A_TOKEN


def _said(choice: Mapping[str, Any]) -> _Said:
    """Raises `LookupError`, `TypeError` or `AttributeError` where it is no choice."""
    finish = choice.get("finish_reason")
    ended = _FINISHES.get(finish, "error") if isinstance(finish, str) else "error"
    message = choice.get("message")
    if message is None:
        said, thought, refusal = choice["text"], "", None
    else:
        said = message.get("content")
        thought = message.get("reasoning_content") or message.get("reasoning") or ""
        refusal = message.get("refusal") or None
    if isinstance(said, list):
        refusal = refusal or "".join(part.get("refusal") or "" for part in said) or None
        said = "".join(part["text"] for part in said if part.get("type") in _TEXT_PARTS)
    if finish == "content_filter":
        refusal = "the endpoint's content filter"
    text = ("" if said is None else said) if refusal is None else refusal
    if not isinstance(text, str):
        raise TypeError("no text")
    choice_made = Choice(text, ended if refusal is None else "refusal")
    return _Said(choice_made, thought if isinstance(thought, str) else "")


def _tokens(
    stated: Any, said: Sequence[_Said], request: Request | None
) -> tuple[int, int, int, int]:
    """Tokens of the prompt, of it those cached, of the completion, of it those only thought."""
    usage = stated if isinstance(stated, dict) else {}
    prompt = _count(usage, "prompt_tokens")
    if prompt is None:
        turns = () if request is None else request.messages
        prompt = sum(estimated_tokens(turn.content) for turn in turns)
    completion = _count(usage, "completion_tokens")
    if completion is None:
        completion = sum(estimated_tokens(one.choice.text + one.thought) for one in said)
    cached = _count(usage.get("prompt_tokens_details"), "cached_tokens")
    reasoning = _count(usage.get("completion_tokens_details"), "reasoning_tokens")
    if reasoning is None:
        reasoning = sum(estimated_tokens(one.thought) for one in said if one.thought)
    return prompt, min(cached or 0, prompt), completion, min(reasoning, completion)


def _count(usage: Any, name: str) -> int | None:
    count = usage.get(name) if isinstance(usage, dict) else None
    if not isinstance(count, int) or isinstance(count, bool):
        return None
    return count if 0 <= count < _MOST_TOKENS else None
