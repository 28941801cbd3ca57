"""Injection: a persona that carries out an order which its source held, or may have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar, Final

from daft import Expression, col
from pydantic import Field

from indic_persona_hub.judge.measure import Measured, by_row
from indic_persona_hub.prompts.injection import signs
from indic_persona_hub.stage import RowJudge

#: What condemns a persona in which it stands, and one whose passage or parent holds it. Forms that
#: say what to write, and models that are spoken of, stand in honest texts.
_TELLING: Final = frozenset(
    ("turn_token", "ignore_previous", "hidden", "override", "turn", "closing")
)
_WORD: Final = re.compile(r"[^\W_]+(?:[-_][^\W_]+)*")
#: "34-year-old" and "10th-standard" are words.
_COUNTED: Final = re.compile(r"\d+(?:st|nd|rd|th)?-[^\W\d_]+(?:-[^\W\d_]+)*")
_SWITCH: Final = re.compile(r"(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")
_SHORTEST_CODE: Final = 6
_MOST_SWITCHES: Final = 1  # COVID-19, PM2
_SHORTEST_COPIED_CODE: Final = 10
_FEWEST_DIGITS: Final = 3


class Injection(RowJudge):
    """Count codes in the persona, and signs of an order to a model in it and where it comes from.

    A code is a run of letters and digits that change more than once ("7f3a9c21"); where it stands
    in the passage or the parent too, once is enough, or three digits in a longer one. `value` is
    the number of codes and signs; `score` is 1 / (1 + value); `detail` shows what was found. Ingest
    has rejected documents with enough signs before: here one is enough.
    """

    name: ClassVar[str] = "injection"

    max_signs: int = Field(0, ge=0)

    def evidence(self) -> Expression:
        """See `RowJudge`. Reads `persona`, `origin_text`."""
        return by_row(self._measure, col("persona"), col("origin_text"))

    def _measure(self, persona: str, origin: str | None) -> Measured:
        found = [f"code: {one}" for one in _codes(persona, origin or "")]
        for place, text in (("persona", persona), ("source", origin)):
            found += [
                f"{place}, {sign.kind}: {sign.words}"
                for sign in (signs(text) if text else ())
                if sign.kind in _TELLING
            ]
        return Measured(
            len(found), 1 / (1 + len(found)), len(found) > self.max_signs, "; ".join(found)
        )


def _codes(persona: str, origin: str) -> Iterator[str]:
    for word in _WORD.findall(persona):
        if _COUNTED.fullmatch(word) or not any(map(str.isdigit, word)):
            continue
        parts = [one for one in re.split("[-_]", word) if len(one) >= _SHORTEST_CODE]
        switches = max((len(_SWITCH.findall(part)) for part in parts), default=0)
        digits = sum(map(str.isdigit, word))
        long = len(word) >= _SHORTEST_COPIED_CODE and _FEWEST_DIGITS <= digits < len(word)
        if switches > _MOST_SWITCHES or ((switches or long) and word in origin):
            yield word
