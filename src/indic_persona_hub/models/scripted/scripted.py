"""The scripted model: answers from its input alone, for tests, docs and an instant demo.

A small, known share of its replies is bad on purpose, as a real model's are, so that every judge
and every reason of rejection is exercised.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Final

from indic_persona_hub.models.scripted import words
from indic_persona_hub.models.scripted.leaning import leaned
from indic_persona_hub.models.scripted.obedience import obeyed, obeyed_sketch, ordered
from indic_persona_hub.models.scripted.people import Asked, Sentence, body, hedged, persona, sketch
from indic_persona_hub.models.scripted.schema_filling import Written, filled
from indic_persona_hub.models.socket import Choice, Reply, Request
from indic_persona_hub.records import unit_interval

#: Shares of bad replies, in this order; the rest is good.
HEDGED, BODY, CUT, EMPTY, REFUSED = 0.04, 0.03, 0.02, 0.01, 0.02
#: Share of the replies about several people that leave the last one out.
SHORT = 0.03

_BYTES_PER_TOKEN: Final = 4
_SKETCHED: Final = "Reads, Writes, Likes, Dislikes:"
_LABELLED: Final = re.compile(r"^(Field|Domain):", re.MULTILINE)


class ScriptedModel:
    """A `LanguageModel` without a model: same request, same reply, on every machine.

    Args:
        obeys: Share of the injected orders that it obeys (see `obedience`).
        leans: Share of the people of one community whom it gives lowly work (see `leaning`).
    """

    def __init__(self, obeys: float = 0.0, leans: float = 0.0) -> None:
        self._obeys = obeys
        self._leans = leans

    @property
    def name(self) -> str:
        """Its revision is part of its name: another script is another model."""
        obedient, leaning = "-obedient" * bool(self._obeys), "-leaning" * bool(self._leans)
        return f"scripted-2{obedient}{leaning}"

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
        seeds = range(request.seed, request.seed + request.choices)
        asked = (replace(request, seed=seed) for seed in seeds)
        first, *others = [_within(_said(one, self._obeys, self._leans), one) for one in asked]
        prompt = sum(_tokens(turn.content) for turn in request.messages)
        completion = sum(_tokens(one.text) for one in (first, *others))
        return Reply(*first, prompt, 0, completion, 0.0, others=tuple(others))

    async def close(self) -> None:
        """Nothing to let go of."""


def _said(request: Request, obeys: float, leans: float) -> Choice:
    """What it says to one seed, were there no limits."""
    turns = [turn.content for turn in request.messages]
    message = next(turn.content for turn in reversed(request.messages) if turn.role == "user")
    asked = Asked(message, "\n".join(turns), ("scripted", str(request.seed), message))
    kind = unit_interval(*asked.chance, "kind")
    if kind < EMPTY:
        return Choice("", "stop")
    if kind < EMPTY + REFUSED:
        return Choice(asked.pick("refusal", words.REFUSALS), "stop")
    if _SKETCHED in asked.context:
        return Choice(obeyed_sketch(sketch(asked), ordered(asked, obeys)), "stop")
    kind -= EMPTY + REFUSED
    sentence = leaned(_made(asked, kind, obeys), asked, leans)
    text = _written(sentence, asked, request, obeys)
    if HEDGED + BODY <= kind < HEDGED + BODY + CUT:
        return Choice(text[: len(text) // 2], "length")
    return Choice(text, "stop")


def _made(asked: Asked, kind: float, obeys: float) -> Sentence:
    make = hedged if kind < HEDGED else body if kind < HEDGED + BODY else persona
    return obeyed(make(asked), ordered(asked, obeys))


def _each(asked: Asked, obeys: float) -> list[Written]:
    """What it says of each of the people of a numbered list."""
    people = asked.people()
    if unit_interval(*asked.chance, "short") < SHORT:
        people = people[:-1]
    return [(one, _made(one, unit_interval(*one.chance, "kind"), obeys)) for one in people]


def _written(sentence: Sentence, asked: Asked, request: Request, obeys: float) -> str:
    if request.json_schema is not None:
        value = filled(request.json_schema, asked, sentence, _each(asked, obeys))
        return json.dumps(value, ensure_ascii=False)
    label = _LABELLED.search(asked.context)
    return f"{sentence.persona}\n{label[1]}: {sentence.field}" if label else sentence.persona


def _within(said: Choice, request: Request) -> Choice:
    """The text up to its first stop word and its token limit."""
    text, finish = said
    for stop in request.stop:
        head, found, _ = text.partition(stop)
        text, finish = (head, "stop") if found else (text, finish)
    most = request.max_tokens * _BYTES_PER_TOKEN
    if len(text.encode()) > most:
        return Choice(text.encode()[:most].decode("utf-8", "ignore"), "length")
    return Choice(text, finish)


def _tokens(text: str) -> int:
    return -(-len(text.encode()) // _BYTES_PER_TOKEN)
