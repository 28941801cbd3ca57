"""Names of real people: found by their shape, and by lists that the user gives."""

from __future__ import annotations

from indic_persona_hub.privacy.people.detector import find, find_with
from indic_persona_hub.privacy.people.known import KnownPerson
from indic_persona_hub.privacy.people.listed import Gazetteer, Mention
from indic_persona_hub.privacy.people.lists import gazetteer_of, list_digest, read_people

__all__ = [
    "Gazetteer", "KnownPerson", "Mention", "find", "find_with", "gazetteer_of", "list_digest",
    "read_people",
]  # fmt: skip
