"""Rows as row judges see them, for the tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import daft
import pyarrow as pa

from indic_persona_hub.judge.contact_data import ContactData
from indic_persona_hub.judge.copied_text import CopiedText
from indic_persona_hub.judge.form import Form
from indic_persona_hub.judge.genericness import Genericness
from indic_persona_hub.judge.harm.toxicity import Toxicity
from indic_persona_hub.judge.hedging import Hedging
from indic_persona_hub.judge.india_centric import IndiaCentric
from indic_persona_hub.judge.not_a_person import NotAPerson
from indic_persona_hub.judge.personal_name import PersonalName
from indic_persona_hub.judge.prompt_leakage import PromptLeakage
from indic_persona_hub.judge.repeats_parent import RepeatsParent
from indic_persona_hub.judge.source_echo import SourceEcho
from indic_persona_hub.judge.source_leakage import SourceLeakage
from indic_persona_hub.stage import RowJudge

ROW_JUDGES: tuple[RowJudge, ...] = (
    Hedging(),
    SourceLeakage(),
    SourceEcho(),
    RepeatsParent(),
    CopiedText(),
    PromptLeakage(),
    Genericness(),
    NotAPerson(),
    Form(),
    ContactData(),
    PersonalName(),
    IndiaCentric(),
    Toxicity(),
)

_SCHEMA = pa.schema(
    [
        ("persona", pa.string()),
        ("language", pa.string()),
        ("script", pa.string()),
        ("synth_method", pa.string()),
        ("origin_text", pa.string()),
        ("shots", pa.list_(pa.string())),
    ]
)


def row(
    persona: str,
    *,
    language: str = "eng",
    script: str = "Latn",
    method: str = "text_to_persona",
    origin: str | None = None,
    shots: Sequence[str] = (),
) -> dict[str, Any]:
    """A row with the columns that judges read."""
    return {
        "persona": persona,
        "language": language,
        "script": script,
        "synth_method": method,
        "origin_text": origin,
        "shots": list(shots),
    }


def evidence_on(
    rows: Iterable[Mapping[str, Any]], judges: Sequence[RowJudge] = ROW_JUDGES
) -> list[dict[str, dict[str, Any]]]:
    """The evidence of all `judges` by name, for each row, from one scan."""
    frame = daft.from_arrow(pa.Table.from_pylist([dict(one) for one in rows], _SCHEMA))
    return frame.select(*(judge.evidence().alias(judge.name) for judge in judges)).to_pylist()


def judged(judge: RowJudge, persona: str, **columns: Any) -> dict[str, Any]:
    """The evidence of one judge on one persona."""
    return evidence_on([row(persona, **columns)], [judge])[0][judge.name]
