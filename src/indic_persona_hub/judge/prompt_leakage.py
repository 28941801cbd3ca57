"""Prompt leakage: a persona made of words of the prompt's examples."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import ClassVar, Final

from daft import Expression, col
from pydantic import Field

from indic_persona_hub.judge.generic_words import FUNCTION_WORDS
from indic_persona_hub.judge.genericness import is_specific
from indic_persona_hub.judge.measure import Measured, by_row
from indic_persona_hub.judge.words import runs, words_of
from indic_persona_hub.stage import RowJudge

_PERSONA_LINE: Final = re.compile(r"^Persona?:(.*)$", re.MULTILINE)
_FIELD_LINE: Final = re.compile(r"^[A-Z][a-z]+:.*$", re.MULTILINE)
#: "A 41-year-old" is asked for, and tells nothing.
_AGE: Final = re.compile(r"\d+[- ]years?[- ]old")
_PAIR_LETTERS: Final = 3


class PromptLeakage(RowJudge):
    """Count distinctive words shared with the prompt's examples and not with the passage.

    A word is distinctive where it is not on our list of generic words. `value` is the number of
    such words, plus 1 or 2 for each pair or run of three that an example holds too; `score` is
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
        words, passage = words_of(_AGE.sub(" ", persona)), f" {' '.join(words_of(origin or ''))} "
        own = dict.fromkeys([*_telling_runs(words), *((word,) for word in words)])
        leaked = [run for run in own if run in examples and f" {' '.join(run)} " not in passage]
        value = sum(map(_weight, leaked))
        detail = "; ".join(map(" ".join, leaked))
        return Measured(value, 1 / (1 + value / self.max_shared), value > self.max_shared, detail)


@lru_cache(maxsize=16)
def _read(shots: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    """The distinctive words, pairs and runs of the examples."""
    texts = [words_of(_AGE.sub(" ", _persona_of(shot))) for shot in shots]
    alone = {(word,) for text in texts for word in text if _distinctive(word)}
    return frozenset(alone.union(*map(_telling_runs, texts)))


def _persona_of(shot: str) -> str:
    """The personas in an example reply: JSON, or text with lines such as "Field: ..."."""
    try:
        filled = json.loads(shot)
        return "\n".join(str(one["persona"]) for one in filled.get("personas", [filled]))
    except (ValueError, KeyError, TypeError, AttributeError):
        persona = _PERSONA_LINE.search(shot)
        return persona.group(1) if persona else _FIELD_LINE.sub("", shot)


def _telling_runs(words: Sequence[str]) -> list[tuple[str, ...]]:
    """Pairs of which neither is a function word, and runs of three, with a distinctive word."""
    pairs = (
        pair
        for pair in runs(words, 2)
        if not any(word in FUNCTION_WORDS or len(word) < _PAIR_LETTERS for word in pair)
    )
    return [run for run in (*pairs, *runs(words, 3)) if any(map(_distinctive, run))]


def _weight(run: tuple[str, ...]) -> int:
    """2 for words of meaning side by side ("drop year"), 1 for one among small words."""
    return 2 if sum(word not in FUNCTION_WORDS for word in run) > 1 else 1


def _distinctive(word: str) -> bool:
    return is_specific(word) and not word.isdigit()
