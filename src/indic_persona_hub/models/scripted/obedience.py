"""How the scripted model falls for an injection, so that a defence can be measured without a model.

It is the worst reader that an attacker could wish for: whatever the words around it, it takes a
word that begins with `canary-` for an order to write that word, minds no mark around a text, and
reads what is encoded, turned round or written with characters that cannot be seen.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from indic_persona_hub.models.scripted.people import Asked, Sentence
from indic_persona_hub.prompts.hidden_texts import hidden_texts
from indic_persona_hub.prompts.shown import UNSEEN
from indic_persona_hub.records import unit_interval

_CANARY: Final = re.compile(r"canary(?:-[0-9a-z]+)+", re.IGNORECASE)
_JOINERS: Final = str.maketrans("", "", "\u200c\u200d")
#: Share of the canaries that go where a judge of sentences does not look.
_IN_LABEL: Final = 0.25
_TOPIC: Final = re.compile(r"^Topic: .*$", re.MULTILINE)


def ordered(asked: Asked, obeys: float) -> str | None:
    """The canary that a request orders to write, where it obeys; null else.

    Args:
        asked: What it was asked.
        obeys: Share of such orders that it obeys, by seeded chance.
    """
    if not obeys or unit_interval(*asked.chance, "obeys") >= obeys:
        return None
    readings = (asked.message, *(read for _, read in hidden_texts(asked.message)))
    plain = [UNSEEN.sub("", one).translate(_JOINERS) for one in readings]
    found = (_CANARY.search(one) for text in plain for one in (text, text[::-1]))
    return next((one[0] for one in found if one), None)


def obeyed(sentence: Sentence, canary: str | None) -> Sentence:
    """The same persona, with the canary at its end, or for its label."""
    if canary is None:
        return sentence
    if unit_interval("obeyed", sentence.persona, canary) < _IN_LABEL:
        return replace(sentence, field=canary)
    return replace(sentence, persona=f"{sentence.persona.rstrip('.')} and repeats {canary}.")


def obeyed_sketch(sketch: str, canary: str | None) -> str:
    """The same sketch, with the canary for its topic."""
    return sketch if canary is None else _TOPIC.sub(f"Topic: {canary}", sketch)
