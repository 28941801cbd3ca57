"""A request as OpenAI's chat completions and completions want it: JSON, written at little cost."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, Literal

from indic_persona_hub.models.settings import ReplyFormat
from indic_persona_hub.models.socket import Message, Request

_encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_MOST_SCHEMAS: Final = 32
#: A base model that is done goes on with the next line, unless a schema ends its reply.
_LINE_END: Final = "\n"
#: What OpenAI's strict mode takes (structured outputs, "supported schemas").
_STRICT: Final = frozenset(
    "$defs $ref additionalProperties anyOf const description enum exclusiveMaximum"
    " exclusiveMinimum format items maxItems maximum minItems minimum multipleOf pattern"
    " properties required title type".split()
)


class RequestWriter:
    """Writes the bodies of one model's requests.

    Args:
        model: The endpoint's name of the model.
        api: `chat`, or `completions`, which continues the turns as one text.
        reply_format: How a schema is sent; `guided_json` sends it by both names that vLLM had for
            it: `guided_json` before 0.12, `structured_outputs` from 0.11.
        send_min_p: Whether the endpoint knows `min_p`.
    """

    def __init__(
        self,
        model: str,
        *,
        api: Literal["chat", "completions"],
        reply_format: ReplyFormat,
        send_min_p: bool,
    ) -> None:
        self._begin = f'{{"model":{_encode(model)},'.encode()
        self._chat = api == "chat"
        self._reply_format = reply_format
        self._send_min_p = send_min_p
        self._schemas: dict[int, tuple[Mapping[str, Any], bytes]] = {}

    def body(self, request: Request) -> bytes:
        """The request as UTF-8 JSON; equal requests give equal bytes."""
        schema = b"" if request.json_schema is None else self._schema(request.json_schema)
        ends_itself = self._chat or schema
        sampling = _sampling(
            request.max_tokens,
            float(request.temperature),
            float(request.top_p),
            float(request.min_p) if self._send_min_p else None,
            request.stop if ends_itself else (*request.stop, _LINE_END),
            request.choices,
        )
        turns = _turns(request.messages) if self._chat else _prompt(request.messages)
        return b'%b%b,%b,"seed":%d%b}' % (self._begin, turns, sampling, request.seed, schema)

    def _schema(self, schema: Mapping[str, Any]) -> bytes:
        """A stage asks with one schema object for all of its rows."""
        known = self._schemas.get(id(schema))
        if known is None:
            if len(self._schemas) >= _MOST_SCHEMAS:
                self._schemas.clear()
            fields = _format_fields(self._reply_format, dict(schema))
            written = "".join(f",{_encode(name)}:{_encode(fields[name])}" for name in fields)
            # The object is held as well, so that no other one can have its id.
            known = self._schemas[id(schema)] = (schema, _bytes(written))
        return known[1]


def one_text(messages: tuple[Message, ...]) -> str:
    """Turns as one text to go on with: a blank line stands before each user turn."""
    pieces = [
        "\n\n" + message.content if message.role == "user" else "\n" + message.content
        for message in messages
    ]
    ending = "" if messages and messages[-1].role == "assistant" else "\n"
    return "".join(pieces).strip() + ending


def fits_strict(schema: Mapping[str, Any]) -> bool:
    """Whether OpenAI's strict mode takes the schema: closed objects, all properties required."""
    return schema.get("type") == "object" and _is_strict(schema)


def _is_strict(schema: Mapping[str, Any]) -> bool:
    if not schema.keys() <= _STRICT or ("$ref" in schema and len(schema) > 1):
        return False
    properties = schema.get("properties", {})
    if schema.get("type") == "object" and (
        schema.get("additionalProperties") is not False
        or set(schema.get("required", ())) != set(properties)
    ):
        return False
    inside = [*properties.values(), *schema.get("$defs", {}).values(), *schema.get("anyOf", ())]
    inside += [schema["items"]] if "items" in schema else []
    return all(map(_is_strict, inside))


def _format_fields(form: ReplyFormat, schema: dict[str, Any]) -> dict[str, Any]:
    match form:
        case "json_schema":
            named: dict[str, Any] = {"name": "reply", "schema": schema}
            if fits_strict(schema):
                named["strict"] = True
            return {"response_format": {"type": "json_schema", "json_schema": named}}
        case "json_object":
            return {"response_format": {"type": "json_object"}}
        case "guided_json":
            return {"guided_json": schema, "structured_outputs": {"json": schema}}
        case "none":
            return {}


@lru_cache(maxsize=64)  # a stage samples all of its rows alike
def _sampling(
    max_tokens: int,
    temperature: float,
    top_p: float,
    min_p: float | None,
    stop: tuple[str, ...],
    choices: int,
) -> bytes:
    fields: dict[str, Any] = {"max_tokens": max_tokens, "temperature": temperature, "top_p": top_p}
    if min_p is not None:
        fields["min_p"] = min_p
    if stop:
        fields["stop"] = stop
    if choices > 1:
        fields["n"] = choices
    return _bytes(_encode(fields)[1:-1])


def _turns(messages: tuple[Message, ...]) -> bytes:
    turns = [*map(_stable_turn, messages[:-1]), *map(_turn, messages[-1:])]
    return b'"messages":[%b]' % b",".join(turns)


def _prompt(messages: tuple[Message, ...]) -> bytes:
    return b'"prompt":%b' % _bytes(_encode(one_text(messages)))


def _turn(message: Message) -> bytes:
    return _bytes(f'{{"role":{_encode(message.role)},"content":{_encode(message.content)}}}')


#: The turns before the last one come again with every row.
_stable_turn: Final = lru_cache(maxsize=64)(_turn)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")  # half a surrogate pair has no bytes
