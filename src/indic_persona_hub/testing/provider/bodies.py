"""What a completion request holds, and when it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from indic_persona_hub.models.socket import Message, Request

#: Hosted endpoints end a reply near here where the request names no limit.
_MOST_TOKENS: Final = 4096
_ANY_OBJECT: Final[Mapping[str, Any]] = {
    "type": "object",
    "properties": {"persona": {"type": "string"}, "domain_label": {"type": "string"}},
}


class RefusedError(Exception):
    """The provider refuses a request; `status` is the HTTP status, `code` is OpenAI's."""

    def __init__(self, status: int, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code


class _Part(BaseModel):
    text: str = ""


class _Turn(BaseModel):
    model_config = ConfigDict(strict=True)

    role: str
    content: str | list[_Part] | None = None

    def text(self) -> str:
        if isinstance(self.content, list):
            return "".join(part.text for part in self.content)
        return self.content or ""


class Body(BaseModel):
    """The fields of a completion request that change the answer; others are let through."""

    model_config = ConfigDict(strict=True, extra="allow")

    model: str
    messages: Annotated[list[_Turn], Field(min_length=1)] | None = None
    prompt: str | None = None
    max_tokens: int | None = Field(None, ge=1)
    max_completion_tokens: int | None = Field(None, ge=1)
    temperature: float | None = Field(None, ge=0, le=2)
    top_p: float | None = Field(None, ge=0, le=1)
    min_p: float | None = Field(None, ge=0, le=1)
    n: int | None = Field(None, ge=1, le=128)
    seed: int | None = Field(None, ge=-(2**63), lt=2**63)
    stop: str | list[str] | None = None
    stream: Literal[False] | None = None
    response_format: dict[str, Any] | None = None
    json_schema: dict[str, Any] | None = None

    def turns(self) -> tuple[Message, ...]:
        """What is asked, the prompt of a text completion as a user's turn."""
        if self.messages is None:
            return (Message("user", self.prompt or ""),)
        return tuple(Message(turn.role, turn.text()) for turn in self.messages)

    def schema_asked_for(self) -> Mapping[str, Any] | None:
        """The JSON schema that the reply must fit, or null."""
        shape = self.response_format or {}
        if self.json_schema is not None:
            return self.json_schema
        if shape.get("type") == "json_schema":
            named = shape.get("json_schema")
            schema = named.get("schema") if isinstance(named, dict) else None
            if not isinstance(schema, dict):
                raise RefusedError(400, "response_format.json_schema.schema is no object.")
            return schema
        return _ANY_OBJECT if shape.get("type") == "json_object" else None


def first_problem(error: ValidationError) -> str:
    """What is wrong with a request, in one line that repeats nothing of it."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    where = ".".join(map(str, first["loc"]))
    return f"{where}: {first['msg']}" if where else first["msg"]


def request_of(body: Body, schema: Mapping[str, Any] | None) -> Request:
    """`body` as the scripted model is asked.

    Raises:
        RefusedError: Nobody asks anything, or `schema` leads back into itself.
    """
    turns = body.turns()
    if not any(turn.role == "user" for turn in turns):
        raise RefusedError(400, "messages: there is no user turn.")
    stop = [body.stop] if isinstance(body.stop, str) else body.stop or []
    return Request(
        messages=turns,
        max_tokens=body.max_completion_tokens or body.max_tokens or _MOST_TOKENS,
        temperature=1.0 if body.temperature is None else body.temperature,
        top_p=1.0 if body.top_p is None else body.top_p,
        min_p=body.min_p or 0.0,
        stop=tuple(filter(None, stop)),
        seed=body.seed or 0,
        json_schema=None if schema is None else _straight(schema),
    )


def _straight(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """`schema`, which may not lead back into itself: filling it would never end."""
    definitions = schema.get("$defs", {})
    if not isinstance(definitions, dict):
        raise RefusedError(400, "The schema's $defs is no object.")
    graph = {name: _named_in(part) for name, part in definitions.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        raise RefusedError(400, "The schema is recursive.") from error
    return schema


def _named_in(schema: object) -> set[str]:
    """Names of the definitions that a part of a schema leads to."""
    found: set[str] = set()
    left = [schema]
    while left:
        part = left.pop()
        if isinstance(part, list):
            left.extend(part)
        elif isinstance(part, dict):
            left.extend(part.values())
            if isinstance(part.get("$ref"), str):
                found.add(part["$ref"].rsplit("/", 1)[-1])
    return found
