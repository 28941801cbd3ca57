"""The scripted model: answers from its input alone, for tests, docs and an instant demo.

A small, known share of its replies is bad on purpose, as a real model's are, so that every judge
and every reason of rejection is exercised.
"""

from __future__ import annotations

import json
import re
from typing import Final

from indic_persona_hub.models import scripted_words as words
from indic_persona_hub.models.scripted_json import filled
from indic_persona_hub.models.scripted_persona import Asked, Sentence, body, hedged, persona, sketch
from indic_persona_hub.models.socket import FinishReason, Reply, Request
from indic_persona_hub.records import unit_interval

#: Shares of bad replies, in this order; the rest is good.
HEDGED, BODY, CUT, EMPTY, REFUSED = 0.04, 0.03, 0.02, 0.01, 0.02

_BYTES_PER_TOKEN: Final = 4
_SKETCHED: Final = "Reads, Writes, Likes, Dislikes:"
_LABELLED: Final = re.compile(r"^(Field|Domain):", re.MULTILINE)


class ScriptedModel:
    """A `LanguageModel` without a model: same request, same reply, on every machine."""

    @property
    def name(self) -> str:
        """Its revision is part of its name: another script is another model."""
        return "scripted-2"

    @property
    def licence(self) -> str:
        """The project's own."""
        return "Apache-2.0"

    @property
    def concurrency(self) -> int:
        """Nothing waits, so this bounds memory only."""
        return 32

    async def complete(self, request: Request) -> Reply:
        """Answer at once."""
        text, finish = _within(*_said(request), request)
        prompt = sum(_tokens(turn.content) for turn in request.messages)
        return Reply(text, finish, prompt, 0, _tokens(text), 0.0)

    async def close(self) -> None:
        """Nothing to let go of."""


def _said(request: Request) -> tuple[str, FinishReason]:
    turns = [turn.content for turn in request.messages]
    message = next(turn.content for turn in reversed(request.messages) if turn.role == "user")
    asked = Asked(message, "\n".join(turns), ("scripted", str(request.seed), message))
    kind = unit_interval(*asked.chance, "kind")
    if kind < EMPTY:
        return "", "stop"
    if kind < EMPTY + REFUSED:
        return asked.pick("refusal", words.REFUSALS), "stop"
    if _SKETCHED in asked.context:
        return sketch(asked), "stop"
    kind -= EMPTY + REFUSED
    make = hedged if kind < HEDGED else body if kind < HEDGED + BODY else persona
    text = _written(make(asked), asked, request)
    if HEDGED + BODY <= kind < HEDGED + BODY + CUT:
        return text[: len(text) // 2], "length"
    return text, "stop"


def _written(sentence: Sentence, asked: Asked, request: Request) -> str:
    if request.json_schema is not None:
        return json.dumps(filled(request.json_schema, asked, sentence), ensure_ascii=False)
    label = _LABELLED.search(asked.context)
    return f"{sentence.persona}\n{label[1]}: {sentence.field}" if label else sentence.persona


def _within(text: str, finish: FinishReason, request: Request) -> tuple[str, FinishReason]:
    """The text up to its first stop word and its token limit."""
    for stop in request.stop:
        head, found, _ = text.partition(stop)
        text, finish = (head, "stop") if found else (text, finish)
    most = request.max_tokens * _BYTES_PER_TOKEN
    if len(text.encode()) > most:
        return text.encode()[:most].decode("utf-8", "ignore"), "length"
    return text, finish


def _tokens(text: str) -> int:
    return -(-len(text.encode()) // _BYTES_PER_TOKEN)
