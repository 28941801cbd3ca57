"""How a preset draws its replies, and what a recipe changes of that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from indic_persona_hub.stage import Sampling


def with_own(settings: Any, own: Mapping[str, Sampling], preset: str) -> Any:
    """A stage's settings whose `sampling`, where it is given, says all: what it leaves out is the
    preset's own.

    Args:
        settings: As a recipe or Python code gives them; anything but a mapping is passed on.
        own: By preset.
        preset: The preset of settings that name none.
    """
    if not isinstance(settings, Mapping):
        return settings
    given, of_preset = settings.get("sampling"), own.get(settings.get("preset", preset))
    if isinstance(given, Sampling):
        given = given.model_dump(exclude_unset=True)
    if of_preset is None or not isinstance(given, Mapping):
        return settings
    return {**settings, "sampling": {**of_preset.model_dump(), **given}}
