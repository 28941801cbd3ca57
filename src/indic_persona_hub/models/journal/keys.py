"""The key of a request: what can change its reply, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Final

from indic_persona_hub.models.socket import Message, Request

_DIGEST_BYTES: Final = 16
_KEPT_SCHEMAS: Final = 64
# By identity, for one schema goes with all requests of a stage; the schema is kept with its text,
# so that no other one can come to have its identity.
_schemas: dict[int, tuple[Mapping[str, Any], str]] = {}


class KeyMaker:
    """Makes the journal keys of one model. Threads may share it.

    Args:
        model: The plug's own name.
        identity: Settings of the plug that can change a reply; see `settings.identity`.
    """

    def __init__(self, model: str, identity: Mapping[str, Any]) -> None:
        known = canonical({"model": model, "identity": dict(identity)}, ascii_only=True)
        self._head = blake2b(known.encode(), digest_size=32)

    def key(self, request: Request) -> str:
        """64 hex digits that change whenever the reply could: all counts but `affinity`."""
        schema = request.json_schema
        parts = [
            settings_text(request).encode("utf-8", "surrogatepass"),
            b"%d;" % request.seed,
            b"-" if schema is None else b"+" + digest_of(schema_text(schema)),
        ]
        if request.messages:
            # All but the last turn are mostly the prompt's own: their digest is remembered.
            parts += (_digest_of_turns(request.messages[:-1]), _told_apart(request.messages[-1]))
        digest = self._head.copy()
        digest.update(b"".join(parts))
        return digest.hexdigest()


def journal_key(model: str, identity: Mapping[str, Any], request: Request) -> str:
    """The key of one request; see `KeyMaker`, which is quicker for many."""
    return KeyMaker(model, identity).key(request)


def settings_text(request: Request) -> str:
    """How the reply is drawn, without the seed, as the beginning of a JSON object."""
    return _settings_text(
        request.max_tokens,
        request.temperature,
        request.top_p,
        request.min_p,
        request.stop,
        request.choices,
    )


@lru_cache(maxsize=256)
def _settings_text(
    max_tokens: int,
    temperature: float,
    top_p: float,
    min_p: float,
    stop: tuple[str, ...],
    choices: int,
) -> str:
    # Numbers that are equal find one another in the cache, so 1 and 1.0 must read the same.
    values = {
        "max_tokens": int(max_tokens),
        "temperature": float(temperature),
        "top_p": float(top_p),
        "min_p": float(min_p),
        "stop": list(stop),
        "choices": int(choices),
    }
    return json.dumps(values, separators=(",", ":")).removesuffix("}")


def schema_text(schema: Mapping[str, Any]) -> str:
    """As JSON. The order of properties counts: a guided model writes them in that order."""
    if (known := _schemas.get(id(schema))) is not None:
        return known[1]
    if len(_schemas) >= _KEPT_SCHEMAS:
        _schemas.clear()
    text = json.dumps(schema)
    _schemas[id(schema)] = (schema, text)
    return text


@lru_cache(maxsize=1024)
def _digest_of_turns(turns: tuple[Message, ...]) -> bytes:
    digest = blake2b(digest_size=_DIGEST_BYTES)
    for turn in turns:
        raw = _told_apart(turn)
        digest.update(b"%d " % len(raw) + raw)
    return digest.digest()


def _told_apart(turn: Message) -> bytes:
    """Other bytes for any other role or content."""
    return f"{len(turn.role)} {turn.role}{turn.content}".encode("utf-8", "surrogatepass")


def digest_of(text: str) -> bytes:
    """16 bytes."""
    raw = text.encode("utf-8", "surrogatepass")
    return blake2b(raw, digest_size=_DIGEST_BYTES).digest()


def canonical(value: Any, *, ascii_only: bool = False) -> str:
    """JSON with sorted keys and no spaces."""
    return json.dumps(value, sort_keys=True, ensure_ascii=ascii_only, separators=(",", ":"))
