"""Copied text: how long a stretch of the source, or of the parent, stands in a persona as it is."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import ClassVar, Final

from daft import Expression, col
from pydantic import Field

from indic_persona_hub.judge.measure import Measured, by_row
from indic_persona_hub.judge.source_echo import longest_run
from indic_persona_hub.judge.words import runs
from indic_persona_hub.reference.lexicon import key
from indic_persona_hub.stage import RowJudge

#: Runs of 13 tokens are what contamination checks of language models count.
_GRAM: Final = 13
_SHOWN: Final = 16  # tokens
#: Marks and letters that show nothing.
_UNSEEN: Final = frozenset(
    (0x34F, 0x115F, 0x1160, 0x3164, 0xFFA0, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10),
     *range(0xE0100, 0xE01F0))
)  # fmt: skip


class _Written(dict[int, str | None]):
    """A table for `str.translate`: letters, marks and digits as `reference.lexicon.key` compares
    them; what shows nothing (joiners, zero-width spaces, soft hyphens, marks of direction) goes;
    anything else becomes a space.
    """

    def __missing__(self, point: int) -> str | None:
        letter = chr(point)
        kind = unicodedata.category(letter)
        unseen = kind == "Cf" or point in _UNSEEN
        kept = None if unseen else key(letter) if kind[0] in "LMN" else " "
        self[point] = kept
        return kept


_WRITTEN: Final = _Written()


def tokens_of(text: str) -> list[str]:
    """The tokens of a text in any script, in order: words without punctuation and invisible
    characters, compared whatever their case, composition, width, nukta and the script of their
    digits.
    """
    return unicodedata.normalize("NFKC", text).casefold().translate(_WRITTEN).split()


class CopiedText(RowJudge):
    """Measure what is copied word for word from the passage that was read, or from the parent.

    `value` is the longest common span in tokens; `score` is the smaller of 1 - value / (2
    `max_span` + 2), at least 0, and 1 - the share of the persona's 13-token runs that stand in the
    origin; `detail` is the span (its first 16 tokens) and that share. Unlike `source_echo`, which
    looks for phrases of a few words in a short persona, it counts every token, names too, and
    looks at persona_to_persona as well.
    """

    name: ClassVar[str] = "copied_text"

    max_span: int = Field(12, ge=1)
    max_overlap: float = Field(0.0, ge=0, lt=1)

    def evidence(self) -> Expression:
        """See `RowJudge`. Reads `persona`, `origin_text`."""
        return by_row(self._measure, col("persona"), col("origin_text"))

    def _measure(self, persona: str, origin: str | None) -> Measured:
        if not origin:
            return Measured(0.0, 1.0, False)
        own, theirs = tokens_of(persona), tokens_of(origin)
        span = longest_run(own, theirs)
        # Runs of 13 can only be shared where a span is as long.
        overlap = overlapping(own, theirs) if len(span) >= _GRAM else 0.0
        score = min(max(0.0, 1 - len(span) / (2 * self.max_span + 2)), 1 - overlap)
        fails = len(span) > self.max_span or overlap > self.max_overlap
        return Measured(len(span), score, fails, _shown(span, overlap))


def overlapping(own: Sequence[str], theirs: Sequence[str]) -> float:
    """Share of the 13-token runs of `own` that stand in `theirs`; 0 where there are none."""
    grams = runs(own, _GRAM)
    known = set(runs(theirs, _GRAM))
    return sum(gram in known for gram in grams) / len(grams) if grams else 0.0


def _shown(span: Sequence[str], overlap: float) -> str:
    if not span:
        return ""
    text = " ".join(span[:_SHOWN]) + (" …" if len(span) > _SHOWN else "")
    return f"{text}; 13-grams {overlap:.0%}" if overlap else text
