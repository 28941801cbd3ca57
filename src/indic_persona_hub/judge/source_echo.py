"""Source echo: a persona is inferred from its passage, not copied from it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar, Final

from daft import Expression, col
from pydantic import Field

from indic_persona_hub.judge.genericness import is_specific
from indic_persona_hub.judge.measure import Measured, by_row
from indic_persona_hub.judge.words import runs, words_of
from indic_persona_hub.stage import RowJudge

_GRAM: Final = 4
#: A run tells something with this many words outside the list of generic ones.
_TELLING: Final = 2
#: How many words longer a run may be where names cannot be told from other words.
_UNSEEN_NAMES: Final = 2

_AGE: Final = re.compile(r"\d+[- ]year|\d+ ?(?:वर्ष|साल)|aged \d+")
_FIGURE: Final = re.compile(r"\d[\d,]*")
_SMALLEST_FIGURE: Final = 10

#: Capitalised words with the small words between them: the name of a place, a scheme, a body.
_NAME: Final = re.compile(
    r"(?<!\w)[A-Z][\w'’.-]+(?:,? (?:(?:of|and|for|the|in|to|&) ){0,2}[A-Z(\d][\w'’.)-]*)*"
)


class SourceEcho(RowJudge):
    """Find what stands in the passage too: the longest run of words, 4-word runs, figures.

    Names of places, schemes and bodies do not count, as far as capital letters show them; in a
    script without capitals a run may be two words longer. `value` is the longest run in words that
    holds two specific ones; `score` falls from 1 (no run) to 0 (a run of twice `max_run` + 1, or
    every 4-word run shared); `detail` is the run, and the figures of two digits and more that are
    the passage's own (ages aside). Looks at text_to_persona only: see `RepeatsParent` for the
    others.
    """

    name: ClassVar[str] = "source_echo"

    max_run: int = Field(3, ge=1)
    max_share: float = Field(0.4, gt=0, le=1)
    max_figures: int = Field(1, ge=0)

    def evidence(self) -> Expression:
        """See `RowJudge`. Reads `persona`, `origin_text`, `synth_method`."""
        return by_row(self._measure, col("persona"), col("origin_text"), col("synth_method"))

    def _measure(self, persona: str, origin: str | None, method: str) -> Measured:
        if not origin or method != "text_to_persona":
            return Measured(0.0, 1.0, False)
        words, source = words_of(_without_names(persona)), words_of(_without_names(origin))
        run = longest_run(words, source, telling=_TELLING)
        share = shared_share(words, source)
        own = _figures(_AGE.sub(" ", persona))
        figures = sorted(own & _figures(origin)) if own else []
        max_run = self.max_run + (0 if _has_capitals(persona) else _UNSEEN_NAMES)
        score = min(max(0.0, 1 - len(run) / (2 * max_run + 2)), 1 - share)
        fails = len(run) > max_run or share > self.max_share or len(figures) > self.max_figures
        shown = filter(None, [" ".join(run), *map(str, figures)])
        return Measured(len(run), score, fails, "; ".join(shown))


def _without_names(text: str) -> str:
    if sum(map(str.isupper, text)) > sum(map(str.islower, text)):
        return text  # written in capitals throughout: names do not show
    return _NAME.sub(" \u2016 ", text[:1].lower() + text[1:])


def _has_capitals(text: str) -> bool:
    return any(map(str.islower, text))


def _figures(text: str) -> set[int]:
    found = (int(figure.replace(",", "")) for figure in _FIGURE.findall(text))
    return {figure for figure in found if figure >= _SMALLEST_FIGURE}


def longest_run(words: Sequence[str], source: Sequence[str], *, telling: int = 0) -> Sequence[str]:
    """The longest run of `words` that stands in `source` too; the first where several are.

    Only runs with at least `telling` specific words count: "in the middle of the" is nobody's.
    """
    haystack = f" {' '.join(source)} "
    best: Sequence[str] = ()
    for start in range(len(words)):
        end = start + len(best)
        while end < len(words) and f" {' '.join(words[start : end + 1])} " in haystack:
            end += 1
        if end - start > len(best) and sum(map(is_specific, words[start:end])) >= telling:
            best = words[start:end]
    return best


def shared_share(words: Sequence[str], source: Sequence[str]) -> float:
    """Share of the 4-word runs of `words` that stand in `source`, 0 where there are none."""
    own = runs(words, _GRAM)
    if not own:
        return 0.0
    theirs = set(runs(source, _GRAM))
    return sum(run in theirs for run in own) / len(own)
