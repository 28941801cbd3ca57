"""The journal: every paid reply and every cent of it, kept across crashes, shared by hubs."""

from indic_persona_hub.models.journal.accounts import Account, Lost, Spent
from indic_persona_hub.models.journal.journal import Journal
from indic_persona_hub.models.journal.reading import Entry, JournalReader, Registered
from indic_persona_hub.models.journal.retaining import retain_only

__all__ = [
    "Account",
    "Entry",
    "Journal",
    "JournalReader",
    "Lost",
    "Registered",
    "Spent",
    "retain_only",
]
