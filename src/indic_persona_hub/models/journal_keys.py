"""A request as the journal knows it: its key, and its long texts stored once."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from hashlib import blake2b, sha256
from typing import Any

from indic_persona_hub.models.socket import Message, Request


def journal_key(model: str, identity: Mapping[str, Any], request: Request) -> str:
    """64 hex digits that change whenever the reply could.

    Args:
        model: The plug's own name.
        identity: Settings of the plug that can change a reply; see `settings.identity`.
        request: All of it counts but `affinity`.
    """
    parts = {"model": model, "identity": dict(identity), "request": _plain(request)}
    return sha256(canonical(parts, ascii_only=True).encode()).hexdigest()


def _plain(request: Request) -> dict[str, Any]:
    """The fields that can change the reply, as JSON values."""
    fields = dict(vars(request))
    del fields["affinity"]
    if request.json_schema is not None:
        # The order of properties is the order in which a guided model writes them.
        fields["json_schema"] = json.dumps(request.json_schema)
    return fields


def pack(request: Request) -> tuple[dict[str, Any], dict[bytes, str]]:
    """The request with its long texts replaced by their hashes, and the texts by hash."""
    texts: dict[bytes, str] = {}

    def stored(text: str) -> str:
        digest = blake2b(text.encode("utf-8"), digest_size=16).digest()
        texts[digest] = text
        return digest.hex()

    packed = _plain(request)
    packed["messages"] = [[turn.role, stored(turn.content)] for turn in request.messages]
    if request.json_schema is not None:
        packed["json_schema"] = stored(packed["json_schema"])
    return packed, texts


def unpack(packed: dict[str, Any], text_of: Callable[[str], str]) -> Request:
    """The request that `pack` took apart; `text_of` finds a text by the hex of its hash."""
    turns = tuple(Message(role, text_of(digest)) for role, digest in packed["messages"])
    schema = packed["json_schema"]
    whole = packed | {
        "messages": turns,
        "stop": tuple(packed["stop"]),
        "json_schema": None if schema is None else json.loads(text_of(schema)),
    }
    return Request(**whole)


def canonical(value: Any, *, ascii_only: bool = False) -> str:
    """JSON with sorted keys and no spaces."""
    return json.dumps(value, sort_keys=True, ensure_ascii=ascii_only, separators=(",", ":"))
