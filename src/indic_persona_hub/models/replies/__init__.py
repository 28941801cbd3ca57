"""From what a model said to a text that a stage can use, or the reason why there is none."""

from indic_persona_hub.models.replies.usable import Usable, reask, usable, worth_reasking

__all__ = ["Usable", "reask", "usable", "worth_reasking"]
