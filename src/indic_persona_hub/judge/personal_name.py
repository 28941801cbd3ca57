"""Personal names: personas carry none, and no persona is a real person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np
from daft import Expression, col
from pydantic import Field

from indic_persona_hub.judge.measure import Measures, by_texts
from indic_persona_hub.judge.source_names import reappearing
from indic_persona_hub.judge.words import listed
from indic_persona_hub.privacy.people import Gazetteer, Mention, gazetteer_of, list_digest
from indic_persona_hub.privacy.people.detector import merged, names_person, shaped
from indic_persona_hub.privacy.people.offices import offices
from indic_persona_hub.privacy.people.person_names import Span
from indic_persona_hub.reference.chunks import Texts
from indic_persona_hub.stage import RowJudge


class PersonalName(RowJudge):
    """Count personal names, and offices that only one living person holds.

    Found are names by their shape (see `privacy.people.find`), names of the source or the parent
    that reappear, people of the user's own list `people` whose full name stands there or whose
    role, party or place stands beside it, and subjects such as "the chief minister of". `value` is
    their number, `score` 1 / (1 + 3 value); `detail` shows them.

    Attributes:
        max_names: Above this it fails.
        people: A list of real people (CSV, TSV, JSONL, JSON, Parquet, or a name a line; see
            `privacy.people.read_people`); relative to the recipe's file.
        forbid: `names`: personas carry no personal name, and the full name of a listed person is
            one whoever is meant. `real_people`: an invented name may stand, and a name that only
            looks like one or is shared counts no more; what counts is who is on the list with a
            context, who is named in the source, and offices.
    """

    name: ClassVar[str] = "personal_name"
    revision: ClassVar[int] = 3

    max_names: int = Field(0, ge=0)
    people: str | None = None
    forbid: Literal["names", "real_people"] = "names"

    def fingerprint(self, *upstream: str) -> str:
        """See `Stage.fingerprint`; of `people` the content counts, not the place.

        Raises:
            SourceError: The list cannot be read.
        """
        if self.people is None:
            return super().fingerprint(*upstream)
        moved = self.model_copy(update={"people": None})
        return moved.fingerprint(*upstream, list_digest(Path(self.people)))

    def evidence(self) -> Expression:
        """See `RowJudge`. Reads `persona`, `origin_text`."""
        return by_texts(self._measure, col("persona"), col("origin_text"))

    def _measure(self, texts: Texts, origins: Sequence[str | None]) -> Measures:
        known = gazetteer_of(Path(self.people)) if self.people else None
        again = reappearing(texts.strings, origins, known)
        rows = zip(texts.strings, self._spans(texts, known), again, strict=True)
        found = [_shown(text, spans, names) for text, spans, names in rows]
        value = np.fromiter(map(len, found), np.int64, len(found))
        score, fails = 1 / (1 + 3 * value), value > self.max_names
        return Measures(value, score, fails, list(map(listed, found)))

    def _spans(self, texts: Texts, known: Gazetteer | None) -> list[list[Span]]:
        """Names, people of the list, and offices, by text."""
        names: list[list[Span]] = [[] for _ in range(len(texts))]
        if self.forbid == "names":
            names = shaped(texts)
        people: list[list[Mention]] = known.mentions(texts) if known else [[] for _ in names]
        rows = zip(texts.strings, names, people, offices(texts), strict=True)
        return [
            merged([*shape, *held, *self._listed(text, mentions)])
            for text, shape, mentions, held in rows
        ]

    def _listed(self, text: str, mentions: Sequence[Mention]) -> Iterator[Span]:
        for one in mentions:
            span = Span(one.start, one.end)
            named = self.forbid == "names" and one.full and names_person(text, span)
            if one.meant or named:
                yield span


def _shown(text: str, spans: Sequence[Span], again: Sequence[str]) -> list[str]:
    """What was found, each once; a word of the source that stands in a name found is no other."""
    found = [text[span.start : span.end] for span in spans]
    return found + [word for word in again if not any(word in one for one in found)]
