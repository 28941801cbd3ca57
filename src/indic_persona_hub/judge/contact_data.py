"""Contact data: what would let a reader reach, or identify, a real person."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from daft import Expression, col
from pydantic import Field

from indic_persona_hub.judge.measure import Measures, by_texts
from indic_persona_hub.privacy.findings import Finding
from indic_persona_hub.privacy.identifiers import find
from indic_persona_hub.privacy.redaction import marks_of
from indic_persona_hub.reference.chunks import Texts
from indic_persona_hub.stage import RowJudge


def _shown(text: str, findings: list[Finding]) -> list[str]:
    """What was found, each stretch of the text once, and marks."""
    stretches = dict.fromkeys((one.start, one.end) for one in findings)
    return [*(text[start:end] for start, end in stretches), *marks_of(text)]


class ContactData(RowJudge):
    """Count telephone numbers, addresses and identity numbers: see `privacy.identifiers`.

    A mark that stands for one in the document ("[phone]") counts too. `value` is their number,
    `score` 1 / (1 + 3 value); `detail` shows them.
    """

    name: ClassVar[str] = "contact_data"
    revision: ClassVar[int] = 2

    max_found: int = Field(0, ge=0)

    def evidence(self) -> Expression:
        """See `RowJudge`. Reads `persona`."""
        return by_texts(self._measure, col("persona"))

    def _measure(self, batch: Texts) -> Measures:
        texts = batch.strings
        found = [_shown(*pair) for pair in zip(texts, find(texts), strict=True)]
        value = np.array([len(one) for one in found], np.float64)
        detail = ["; ".join(dict.fromkeys(one)) for one in found]
        return Measures(value, 1 / (1 + 3 * value), value > self.max_found, detail)
