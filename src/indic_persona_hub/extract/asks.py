"""What the `structured` preset asks of a document: its passage, and whom to write about."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
from daft import col
from daft.functions import unnest

from indic_persona_hub import records
from indic_persona_hub.extract.passages import passage
from indic_persona_hub.frames import by_row
from indic_persona_hub.prompts.replies import numbered, opening
from indic_persona_hub.prompts.wanted import OLDEST, YOUNGEST, Wanted, wanted_of

if TYPE_CHECKING:
    from daft import DataFrame

#: Youngest and oldest age, and how many in a hundred: India's ages, with the smallest children
#: left out and the old, whom the web hides, raised a little.
_AGES: Final = (
    ((7, 12), 10),
    ((13, 17), 11),
    ((18, 24), 15),
    ((25, 34), 18),
    ((35, 44), 15),
    ((45, 59), 16),
    ((60, 74), 11),
    ((75, 86), 4),
)
_ANY_AGE: Final = (YOUNGEST, OLDEST)
_PERSON: Final = [("draw", pa.int64()), ("stance", pa.string()), ("opening", pa.string())]
_CALL: Final = pa.struct(
    [
        *_PERSON,
        ("passage", pa.string()),
        ("passage_start", pa.int32()),
        ("passage_end", pa.int32()),
        ("people", pa.string()),
        ("persons", pa.list_(pa.struct(_PERSON))),
    ]
)


@dataclass(frozen=True)
class Asks:
    """Who is asked for.

    Attributes:
        stances: One is drawn for each person.
        passage_tokens: Bound on `estimated_tokens` of the passage that the model reads.
        persons: Of one document.
        per_call: Of them, those that one call is asked for.
    """

    seed: int
    stances: Sequence[str]
    passage_tokens: int
    persons: int
    per_call: int

    def of(self, frame: DataFrame) -> DataFrame:
        """One row a call.

        Args:
            frame: `records.DOCUMENT`; where it has a column `wanted` (`prompts.wanted.WANTED`), a
                document is asked for those people.

        Returns:
            document_id, passage, its span, draw (number of the call), persons (list of {draw,
            stance, opening}), the first one's stance and opening, and people (all, one a line).
        """
        names = [name for name in ("id", "text", "wanted") if name in frame.column_names]
        calls = by_row(self._calls_of, pa.list_(_CALL), names)
        opened = frame.select(
            col("id").alias("document_id"),
            *(col(name).alias(f"document_{name}") for name in ("language", "script")),
            calls.alias("call"),
        ).explode("call")
        kept = [col(name) for name in opened.column_names if name != "call"]
        return opened.select(*kept, unnest(col("call")))

    def _calls_of(self, document: dict[str, Any]) -> list[dict[str, Any]]:
        text = document["text"]
        start, end = passage(text, max_tokens=self.passage_tokens)
        shared = {"passage": text[start:end], "passage_start": start, "passage_end": end}
        persons = self._persons(document["id"], wanted_of(document))
        groups = [persons[at : at + self.per_call] for at in range(0, len(persons), self.per_call)]
        return [
            shared | group[0] | {"draw": number, "people": _listed(group), "persons": group}
            for number, group in enumerate(groups)
        ]

    def _persons(self, document_id: str, wanted: list[Wanted] | None) -> list[dict[str, Any]]:
        if wanted is None:
            return [self._person(document_id, draw) for draw in range(self.persons)]
        chance = (str(self.seed), document_id)
        return [
            self._person(document_id, one.number)
            | {"opening": one.told(_ANY_AGE, *chance)["opening"]}
            for one in wanted
        ]

    def _person(self, document_id: str, draw: int) -> dict[str, Any]:
        chance = (str(self.seed), document_id, str(draw))
        at = int(records.unit_interval("stance", *chance) * len(self.stances))
        return {"draw": draw, "stance": self.stances[at], "opening": opening(_age(*chance))}


def _listed(group: Sequence[dict[str, Any]]) -> str:
    return numbered(
        f"Someone who would {one['stance']} this text; begin with: {one['opening']}"
        for one in group
    )


def _age(*chance: str) -> int:
    """An age in years, by seeded chance."""
    upto = list(accumulate(share for _, share in _AGES))
    point = records.unit_interval("age", *chance) * upto[-1]
    place = min(bisect_right(upto, point), len(_AGES) - 1)
    (low, high), share = _AGES[place]
    return min(high, low + int((point - upto[place] + share) / share * (high - low + 1)))
