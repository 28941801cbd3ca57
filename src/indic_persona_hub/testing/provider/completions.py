"""What the provider says to a completion request."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, NamedTuple
from zlib import crc32

from pydantic import ValidationError

from indic_persona_hub.models.scripted import ScriptedModel
from indic_persona_hub.models.scripted.words import REFUSALS
from indic_persona_hub.models.socket import Reply, Request
from indic_persona_hub.testing.provider.bodies import Body, RefusedError, first_problem, request_of

CHAT: Final = "/v1/chat/completions"
TEXT: Final = "/v1/completions"

Replies = Literal["scripted", "fixed"]

_BYTES_PER_TOKEN: Final = 4
_FIXED_ROLES: Final = (
    "handloom weaver in Chanderi", "sericulture worker in Ramanagara", "tea plucker near Jorhat",
    "salt-pan worker near Kharaghoda", "midday meal cook in Koraput", "lorry driver in Namakkal",
    "brass polisher in Moradabad", "beekeeper near Kullu", "ferry hand on Majuli",
    "ASHA worker in Dhule", "e-rickshaw driver in Patna", "phone repairer in Karol Bagh",
    "millet grower near Dharwad", "potter in Khurja", "borewell driller in Anantapur",
    "postal carrier in Lahaul", "cashew sheller in Kollam", "tailor in Ludhiana",
    "goat rearer near Barmer", "panchayat secretary in Wayanad",
)  # fmt: skip


class Choice(NamedTuple):
    """One of the `n` replies."""

    text: str
    finish_reason: str


@dataclass(frozen=True)
class Completion:
    """What the model says to one request, and what it costs."""

    choices: tuple[Choice, ...]
    prompt_tokens: int
    completion_tokens: int

    def saying(self, text: str) -> Completion:
        """The same with another text in every choice."""
        choices = tuple(Choice(text, "stop") for _ in self.choices)
        return replace(self, choices=choices, completion_tokens=len(choices) * tokens_in(text))


class Completions:
    """Reads requests and answers them.

    Args:
        model: The one model that it serves; others get 404.
        replies: `scripted` asks the scripted model, at about 1 ms each; `fixed` says one of twenty
            sentences and counts a token per four bytes of the body, `max_tokens` and `stop` left
            aside; where JSON is asked for, both are the scripted model's.
        refuses: Fields of the body that it refuses with 400.
        context_characters: Longer prompts are refused with 400; null is no limit.
    """

    def __init__(
        self,
        model: str,
        replies: Replies,
        refuses: tuple[str, ...],
        context_characters: int | None,
    ) -> None:
        self.model = model
        self._fixed = replies == "fixed"
        self._refuses = frozenset(refuses)
        self._context_characters = context_characters

    def read(self, path: str, raw: bytes) -> Body:
        """The request in the JSON text `raw`, sent to `path` (`CHAT` or `TEXT`).

        Raises:
            RefusedError: It is not one, or not one that this provider takes.
        """
        try:
            body = Body.model_validate_json(raw)
        except ValidationError as error:
            raise RefusedError(400, first_problem(error)) from None
        if body.model != self.model:
            message = f"The model {body.model} does not exist."
            raise RefusedError(404, message, "model_not_found")
        if unknown := self._refuses & body.model_fields_set:
            raise RefusedError(400, f"Unknown parameter: {min(unknown)}")
        needed, given = ("messages", body.messages) if path == CHAT else ("prompt", body.prompt)
        if given is None:
            raise RefusedError(400, f"Missing required parameter: {needed}")
        if self._context_characters is not None:
            length = sum(len(turn.content) for turn in body.turns())
            if length > self._context_characters:
                message = "The prompt is longer than the maximum context length."
                raise RefusedError(400, message, "context_length_exceeded")
        return body

    def complete(self, body: Body, raw: bytes) -> Completion:
        """What the model says; the same request gets the same.

        Raises:
            RefusedError: The schema is not one that the scripted model can fill.
        """
        schema = body.schema_asked_for()
        count = body.n or 1
        if self._fixed and schema is None:
            first = crc32(raw)
            choices = [_FIXED[(first + place) % len(_FIXED)] for place in range(count)]
            completion_tokens = sum(tokens for _, tokens in choices)
            said = tuple(choice for choice, _ in choices)
            return Completion(said, -(-len(raw) // _BYTES_PER_TOKEN), completion_tokens)
        request = request_of(body, schema)
        replies = [_scripted(replace(request, seed=request.seed + i)) for i in range(count)]
        return Completion(
            tuple(Choice(reply.text, reply.finish_reason) for reply in replies),
            replies[0].prompt_tokens,
            sum(reply.completion_tokens for reply in replies),
        )

    def encoded(self, path: str, key: str, completion: Completion) -> bytes:
        """`completion` as the JSON text that OpenAI's API sends."""
        chat = path == CHAT
        answer = {
            "id": f"{'chatcmpl' if chat else 'cmpl'}-{key[:24]}",
            "object": "chat.completion" if chat else "text_completion",
            "created": 0,
            "model": self.model,
            "choices": [
                _choice_of(place, choice, chat) for place, choice in enumerate(completion.choices)
            ],
            "usage": {
                "prompt_tokens": completion.prompt_tokens,
                "completion_tokens": completion.completion_tokens,
                "total_tokens": completion.prompt_tokens + completion.completion_tokens,
                "prompt_tokens_details": {"cached_tokens": 0},
            },
        }
        return json.dumps(answer, ensure_ascii=False).encode()


def refusal_text(key: str) -> str:
    """How the model refuses to answer the call with this key."""
    return REFUSALS[crc32(key.encode()) % len(REFUSALS)]


def tokens_in(text: str) -> int:
    """As the scripted model counts them: four bytes each."""
    return -(-len(text.encode()) // _BYTES_PER_TOKEN)


def _fixed_choice(place: int, role: str) -> tuple[Choice, int]:
    text = (
        f"A {24 + 2 * place}-year-old {role} who keeps the day's accounts in a school notebook and"
        " wants the next training camp to be held closer to home."
    )
    return Choice(text, "stop"), tokens_in(text)


_FIXED: Final = tuple(_fixed_choice(place, role) for place, role in enumerate(_FIXED_ROLES))


def _choice_of(place: int, choice: Choice, chat: bool) -> dict[str, Any]:
    said = (
        {"message": {"role": "assistant", "content": choice.text}}
        if chat
        else {"text": choice.text}
    )
    return {"index": place, **said, "logprobs": None, "finish_reason": choice.finish_reason}


def _scripted(request: Request) -> Reply:
    """The scripted model's reply; it never waits, so no event loop is needed."""
    answering = ScriptedModel().complete(request)
    try:
        answering.send(None)
    except StopIteration as done:
        reply: Reply = done.value
        return reply
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        message = f"The schema cannot be filled: {type(error).__name__}."
        raise RefusedError(400, message) from error
    raise RuntimeError("the scripted model waits for something")
