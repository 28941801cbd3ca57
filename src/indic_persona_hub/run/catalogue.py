"""The catalogue of stages: one line each, in the order the data walks."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import ValidationError

from indic_persona_hub.errors import nearest
from indic_persona_hub.stage import Stage


@cache
def stages() -> dict[str, type[Stage]]:
    """Stage classes by the name that recipes use."""
    return {stage.name: stage for stage in (*_makers(), *_row_judges(), *_set_judges())}


def _makers() -> list[type[Stage]]:
    """Stages that make documents and personas."""
    from indic_persona_hub.expand.fill_gaps import FillGaps
    from indic_persona_hub.expand.persona_to_persona import PersonaToPersona
    from indic_persona_hub.extract.text_to_persona import TextToPersona
    from indic_persona_hub.ingest.adopt import Adopt
    from indic_persona_hub.ingest.documents import Ingest

    return [
        Ingest,
        Adopt,
        TextToPersona,
        PersonaToPersona,
        FillGaps,
    ]


def _row_judges() -> list[type[Stage]]:
    """Judges of one persona at a time."""
    from indic_persona_hub.judge.attributes import Attributes
    from indic_persona_hub.judge.contact_data import ContactData
    from indic_persona_hub.judge.contradictions import Contradictions
    from indic_persona_hub.judge.copied_text import CopiedText
    from indic_persona_hub.judge.form import Form
    from indic_persona_hub.judge.genericness import Genericness
    from indic_persona_hub.judge.harm.child_safety import ChildSafety
    from indic_persona_hub.judge.harm.crisis import Crisis
    from indic_persona_hub.judge.harm.sensitive_claims import SensitiveClaims
    from indic_persona_hub.judge.harm.toxicity import Toxicity
    from indic_persona_hub.judge.hedging import Hedging
    from indic_persona_hub.judge.india_centric import IndiaCentric
    from indic_persona_hub.judge.injection import Injection
    from indic_persona_hub.judge.not_a_person import NotAPerson
    from indic_persona_hub.judge.personal_name import PersonalName
    from indic_persona_hub.judge.prompt_leakage import PromptLeakage
    from indic_persona_hub.judge.repeats_parent import RepeatsParent
    from indic_persona_hub.judge.source_echo import SourceEcho
    from indic_persona_hub.judge.source_leakage import SourceLeakage

    return [
        Form,
        NotAPerson,
        Hedging,
        SourceLeakage,
        SourceEcho,
        RepeatsParent,
        CopiedText,
        PromptLeakage,
        Injection,
        Genericness,
        PersonalName,
        ContactData,
        Crisis,
        ChildSafety,
        SensitiveClaims,
        Toxicity,
        IndiaCentric,
        Contradictions,
        Attributes,
    ]


def _set_judges() -> list[type[Stage]]:
    """Judges that see the whole set."""
    from indic_persona_hub.judge.duplicates.exact_duplicates import ExactDuplicates
    from indic_persona_hub.judge.duplicates.near_duplicates import NearDuplicates
    from indic_persona_hub.judge.meaning.other_script import OtherScript
    from indic_persona_hub.judge.meaning.semantic_duplicates import SemanticDuplicates
    from indic_persona_hub.judge.meaning.translations import Translations

    return [
        ExactDuplicates,
        NearDuplicates,
        SemanticDuplicates,
        OtherScript,
        Translations,
    ]


def parse_stage(entry: Any) -> Stage:
    """A stage from a recipe's entry: its name, or a mapping of its name to its settings.

    Raises:
        ValueError: The name or a setting is unknown (the nearest is named), or does not fit.
    """
    if isinstance(entry, Stage):
        return entry
    if isinstance(entry, str):
        entry = {entry: {}}
    if not isinstance(entry, dict) or len(entry) != 1:
        raise ValueError("a stage is its name, or a mapping of its name to its settings")
    [(name, settings)] = entry.items()
    if name not in stages():
        raise ValueError(f"unknown stage '{name}'{nearest(str(name), stages())}")
    kind = stages()[name]
    try:
        return kind.model_validate(settings or {})
    except ValidationError as error:
        raise ValueError(_explain(name, kind, error)) from error


def stage_entry(stage: Stage) -> dict[str, Any]:
    """The entry that `parse_stage` reads back."""
    return {stage.name: stage.settings()}


def _explain(name: str, kind: type[Stage], error: ValidationError) -> str:
    problems = []
    for problem in error.errors():
        key = str(problem["loc"][-1]) if problem["loc"] else ""
        if problem["type"] == "extra_forbidden":
            problems.append(f"unknown key '{key}' of {name}{nearest(key, kind.model_fields)}")
        else:
            problems.append(f"{name}.{key}: {str(problem['msg']).removeprefix('Value error, ')}")
    return "; ".join(problems)
