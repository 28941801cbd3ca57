"""A request as the journal stores it: texts that many requests share are stored once."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final, NamedTuple

from indic_persona_hub.models.journal.keys import digest_of, schema_text, settings_text
from indic_persona_hub.models.socket import Message, Request

#: Runs of turns that are remembered; beyond it all are met as if for the first time.
_KNOWN: Final = 4096

_as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class SharedText(NamedTuple):
    """A text that requests refer to by its digest."""

    digest: bytes
    content: str


class Packer:
    """Packs requests into text: a line of JSON and, after it, texts that no other request has.

    The turns before the last one are mostly the prompt's own: what comes a second time is stored
    once and referred to from then on. In the JSON a turn is `[role, characters]` where its text
    follows the line, and a string refers to shared turns.
    """

    def __init__(self) -> None:
        # None: met once. A string: the reference, a JSON string of 32 hex digits.
        self._known: dict[tuple[Message, ...] | str, str | None] = {}

    def pack(self, request: Request) -> tuple[bytes, list[SharedText]]:
        """The request in UTF-8, and the shared texts that it is the first to refer to."""
        shared: list[SharedText] = []
        turns, schema = request.messages, request.json_schema
        shape = "null" if schema is None else self._schema(schema_text(schema), shared)
        line = f'{settings_text(request)},"seed":{request.seed:d},"json_schema":{shape},"messages":'
        try:
            before = self._known.get(turns[:-1])
            if before is None:
                own: list[str] = []
                pieces = ",".join(self._run(turns[:-1], shared, own) + _own(turns[-1:], own))
                return f"{line}[{pieces}]}}\n{''.join(own)}".encode(), shared
            role, last = turns[-1]
            return f"{line}[{before},[{_role(role)},{len(last)}]]}}\n{last}".encode(), shared
        except UnicodeEncodeError:  # half a surrogate pair can only be stored as its escape
            return f"{line}{json.dumps([turn._asdict() for turn in turns])}}}".encode(), shared

    def _run(
        self, turns: tuple[Message, ...], shared: list[SharedText], own: list[str]
    ) -> list[str]:
        if not turns:
            return []
        known = self._known.get(turns, turns)
        if isinstance(known, str):
            return [known]
        if known is None:
            return [self._refer(turns, _as_json(turns), shared)]
        if len(self._known) >= _KNOWN:
            self._known.clear()
        self._known[turns] = None
        if len(turns) == 1:
            return _own(turns, own)
        return [piece for turn in turns for piece in self._run((turn,), shared, own)]

    def _schema(self, text: str, shared: list[SharedText]) -> str:
        return self._known.get(text) or self._refer(text, text, shared)

    def _refer(
        self, known_as: tuple[Message, ...] | str, content: str, shared: list[SharedText]
    ) -> str:
        content.encode()
        digest = digest_of(content)
        shared.append(SharedText(digest, content))
        self._known[known_as] = reference = f'"{digest.hex()}"'
        return reference


def unpack(packed: bytes | str, text_of: Callable[[str], str]) -> Request:
    """The request that was packed; `text_of` finds a shared text by the hex of its digest."""
    whole_text = packed if isinstance(packed, str) else packed.decode()
    line, _, own = whole_text.partition("\n")
    whole: dict[str, Any] = json.loads(line)
    turns: list[Message] = []
    for piece in whole["messages"]:
        if isinstance(piece, str):
            turns += [Message(*turn) for turn in json.loads(text_of(piece))]
        elif isinstance(piece, dict):
            turns.append(Message(**piece))
        elif isinstance(piece[1], str):  # as journals of version 0 have them: text by text
            turns.append(Message(piece[0], text_of(piece[1])))
        else:
            turns.append(Message(piece[0], own[: piece[1]]))
            own = own[piece[1] :]
    schema = whole["json_schema"]
    whole["json_schema"] = None if schema is None else json.loads(text_of(schema))
    return Request(**whole | {"messages": tuple(turns), "stop": tuple(whole["stop"])})


def _own(turns: tuple[Message, ...], own: list[str]) -> list[str]:
    own += [turn.content for turn in turns]
    return [f"[{_role(turn.role)},{len(turn.content)}]" for turn in turns]


@lru_cache(maxsize=64)
def _role(role: str) -> str:
    return json.dumps(role)
