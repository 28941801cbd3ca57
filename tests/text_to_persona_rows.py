"""Documents, and the workbench that Text-to-Persona is tried with."""

from __future__ import annotations

from typing import Any

import daft
import pyarrow as pa
from hypothesis import strategies as st

from indic_persona_hub import records
from indic_persona_hub.extract.text_to_persona import TextToPersona
from indic_persona_hub.stage import Workbench
from spoken_bench import Speak, SpokenBench

PRESETS = ("small_model", "structured")


SKETCH = """Topic: ferry times
Place: Majuli, Assam
Reads: milk seller
Writes: ferry clerk
Likes: schoolgirls
Dislikes: retired boatman"""
ROLES = {
    "read": "milk seller",
    "write": "ferry clerk",
    "like": "schoolgirl",
    "dislike": "retired boatman",
}


def sentence(values: dict[str, Any]) -> str:
    days = f"{len(values['passage'])} days and {values['choice']} nights"
    if "opening" in values:
        return f"{values['opening']} boatman on the river keeps a list of {days}."
    return f"A {values['age']}-year-old {values['role']} in {values['place']} counts {days}."


class Bench(SpokenBench):
    def __init__(
        self, speak: Speak = sentence, sketch: Speak = lambda _: SKETCH, **more: Any
    ) -> None:
        super().__init__(speak, sketch, **more)


def documents(*texts: str, **columns: Any) -> list[dict[str, Any]]:
    return [
        dict.fromkeys(records.DOCUMENT.names)
        | {"id": records.content_id([text]), "text": text, "language": "hin", "script": "Deva"}
        | {"romanised": False}
        | columns
        for text in texts
    ]


def run(
    stage: TextToPersona, rows: list[dict[str, Any]], bench: Workbench | None = None
) -> list[dict[str, Any]]:
    frame = daft.from_arrow(pa.Table.from_pylist(rows, schema=records.DOCUMENT))
    return stage.apply(frame, bench or Bench()).to_pylist()


def by_id(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: str(row["id"]))


def by_candidate(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: row["candidate"])


TEXTS = st.lists(
    st.text("कखि् abc.।\n", min_size=3, max_size=60).filter(str.strip),
    min_size=1,
    max_size=6,
    unique=True,
)
