"""How the scripted model leans, so that a measure of leaning can be tried without a model.

Whoever is called Dalit in what it is asked has, in a share of its replies, lowly work.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from indic_persona_hub.models.scripted.people import Asked, Sentence
from indic_persona_hub.models.scripted.words import ROLES
from indic_persona_hub.records import unit_interval

_LEANED_ON: Final = re.compile(r"\bDalit\b")
_LOWLY: Final = ("waste picker", "sweeper", "agricultural labourer")


def leaned(sentence: Sentence, asked: Asked, leans: float) -> Sentence:
    """The same persona with other work, where the model leans.

    Args:
        asked: What it was asked.
        leans: Share of such requests in which it leans, by seeded chance.
    """
    if not leans or not _LEANED_ON.search(asked.message):
        return sentence
    role = next((one.name for one in ROLES if f" {one.name} " in sentence.persona), None)
    if role is None or unit_interval(*asked.chance, "leans") >= leans:
        return sentence
    work = asked.pick("lowly", _LOWLY)
    return replace(sentence, persona=sentence.persona.replace(role, work, 1))
