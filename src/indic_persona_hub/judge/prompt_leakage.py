"""Prompt leakage: a persona made of words of the prompt's examples."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import ClassVar, Final, NamedTuple

from daft import Expression, col
from pydantic import Field

from indic_persona_hub.judge.generic_words import FUNCTION_WORDS
from indic_persona_hub.judge.genericness import is_specific
from indic_persona_hub.judge.measure import Measured, by_row
from indic_persona_hub.judge.words import runs, words_of
from indic_persona_hub.stage import RowJudge

_PERSONA_LINE: Final = re.compile(r"^Persona?:(.*)$", re.MULTILINE)
_FIELD_LINE: Final = re.compile(r"^[A-Z][a-z]+:.*$", re.MULTILINE)
#: A shared pair of neighbouring words ("drop year") tells more than two words apart.
_PAIR_WEIGHT: Final = 2
_PAIR_LETTERS: Final = 3


class _Shots(NamedTuple):
    words: frozenset[str]
    pairs: frozenset[tuple[str, ...]]


class PromptLeakage(RowJudge):
    """Count distinctive words shared with the prompt's examples and not with the passage.

    A word is distinctive where it is not on our list of generic words. `value` is the number of
    such words, plus 2 for each pair of neighbouring words that an example holds too; `score` is
    1 / (1 + value / max_shared); `detail` lists what is shared.
    """

    name: ClassVar[str] = "prompt_leakage"

    max_shared: int = Field(3, ge=1)

    def evidence(self) -> Expression:
        """See `RowJudge`. Reads `persona`, `shots`, `origin_text`."""
        return by_row(self._measure, col("persona"), col("shots"), col("origin_text"))

    def _measure(self, persona: str, shots: list[str] | None, origin: str | None) -> Measured:
        if not shots:
            return Measured(0.0, 1.0, False)
        examples = _read(tuple(shots))
        words, source = words_of(persona), words_of(origin or "")
        alone = [word for word in dict.fromkeys(words) if word in examples.words]
        alone = [word for word in alone if word not in set(source)]
        known = set(runs(source, 2))
        pairs = [
            pair
            for pair in dict.fromkeys(_telling_pairs(words))
            if pair in examples.pairs and pair not in known
        ]
        value = len(alone) + _PAIR_WEIGHT * len(pairs)
        detail = "; ".join([*map(" ".join, pairs), *alone])
        return Measured(value, 1 / (1 + value / self.max_shared), value > self.max_shared, detail)


@lru_cache(maxsize=16)
def _read(shots: tuple[str, ...]) -> _Shots:
    texts = [words_of(_persona_of(shot)) for shot in shots]
    return _Shots(
        frozenset(word for text in texts for word in text if _distinctive(word)),
        frozenset(pair for text in texts for pair in _telling_pairs(text)),
    )


def _persona_of(shot: str) -> str:
    """The persona in an example reply: JSON, or text with lines such as "Field: ..."."""
    try:
        return str(json.loads(shot)["persona"])
    except (ValueError, KeyError, TypeError):
        persona = _PERSONA_LINE.search(shot)
        return persona.group(1) if persona else _FIELD_LINE.sub("", shot)


def _telling_pairs(words: Sequence[str]) -> list[tuple[str, ...]]:
    """Neighbours of which neither is a function word and at least one is distinctive."""
    return [
        pair
        for pair in runs(words, 2)
        if any(map(_distinctive, pair))
        and not any(word in FUNCTION_WORDS or len(word) < _PAIR_LETTERS for word in pair)
    ]


def _distinctive(word: str) -> bool:
    return is_specific(word) and not word.isdigit()
