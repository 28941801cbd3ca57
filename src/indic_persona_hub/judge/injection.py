"""Injection: a persona that carries out an order which its source held, or may have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
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
#: Zero-width, right-to-left override, tags; marks of direction and soft hyphens are left alone.
_UNDRAWN: Final = re.compile("[\u200b\u202d\u202e\u2060-\u2064\ufeff\U000e0000-\U000e0fff]")
_SHORTEST_CODE: Final = 6
_MOST_SWITCHES: Final = 1  # COVID-19, PM2
_SHORTEST_COPIED_CODE: Final = 10
_FEWEST_DIGITS: Final = 3
_MOST_SHARED_WORDS: Final = 3


class Injection(RowJudge):
    """Count codes and characters that cannot be seen in the persona, its label and the words of its
    attributes, and signs of an order to a model in them and where the persona comes from.

    A code is a run of letters and digits that change more than once ("7f3a9c21"); where it stands
    in the passage or the parent too, once is enough, or three digits in a longer one. A label may
    share no more than three words in a row with the passage. `value` is the number of what was
    found; `score` is 1 / (1 + value); `detail` shows it. Ingest has rejected documents with enough
    signs before: here one is enough.
    """

    name: ClassVar[str] = "injection"

    max_signs: int = Field(0, ge=0)

    def evidence(self) -> Expression:
        """See `RowJudge`. Reads `persona`, `origin_text`, `domain_label`, `stated`."""
        columns = ("persona", "origin_text", "domain_label", "stated")
        return by_row(self._measure, *map(col, columns))

    def _measure(
        self,
        persona: str,
        origin: str | None,
        label: str | None,
        stated: Sequence[Mapping[str, str | None]] | None,
    ) -> Measured:
        beside = [label, *(one[part] for one in stated or () for part in ("value", "words"))]
        written = "\n".join([persona, *filter(None, beside)])
        found = [f"code: {one}" for one in _codes(written, origin or "")]
        found += [f"unseen: U+{ord(one):04X}" for one in _UNDRAWN.findall(written)[:1]]
        if label and origin and _is_copied(label, origin):
            found.append(f"label: {label}")
        for place, text in (("persona", written), ("source", origin)):
            found += [
                f"{place}, {sign.kind}: {sign.words}"
                for sign in (signs(text) if text else ())
                if sign.kind in _TELLING
            ]
        return Measured(
            len(found), 1 / (1 + len(found)), len(found) > self.max_signs, "; ".join(found)
        )


def _is_copied(label: str, origin: str) -> bool:
    words = re.split(r"[\s_-]+", label.casefold())
    return len(words) > _MOST_SHARED_WORDS and label.casefold() in origin.casefold()


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
