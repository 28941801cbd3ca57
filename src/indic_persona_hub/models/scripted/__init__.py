"""The scripted model: answers from its input alone, for tests, docs and an instant demo."""

from indic_persona_hub.models.scripted.scripted import ScriptedModel

__all__ = ["ScriptedModel"]
