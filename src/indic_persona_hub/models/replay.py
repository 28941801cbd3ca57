"""A recorded journal as a model: a run is repeated with no model at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from indic_persona_hub.errors import ModelError
from indic_persona_hub.models.failures import BadRowError
from indic_persona_hub.models.journal import JournalReader, Registered
from indic_persona_hub.models.journal.keys import KeyMaker
from indic_persona_hub.models.settings import ReplaySettings
from indic_persona_hub.models.socket import Reply, Request

_CONCURRENCY: Final = 256


class ReplayModel:
    """A `LanguageModel` that says what another one said, for as long as it is asked the same.

    Args:
        settings: Which journal, and which of its models.

    Raises:
        StorageError: The journal is absent, not a journal, or of a later version.
        ModelError: It holds no such model, or several and none is named.
    """

    def __init__(self, settings: ReplaySettings) -> None:
        self._journal = JournalReader(Path(settings.journal))
        try:
            recorded = _recorded(self._journal, settings.model)
        except BaseException:
            self._journal.close()
            raise
        self.name = recorded[0].name
        self.licence = recorded[0].licence
        self.concurrency = _CONCURRENCY
        #: The settings that could change a reply, as they were last recorded: with them the keys of
        #: a repeated run are those of the recorded one.
        self.identity: dict[str, Any] = recorded[0].identity
        self._keys = [KeyMaker(one.name, one.identity) for one in recorded]

    async def complete(self, request: Request) -> Reply:
        """The recorded reply, at once.

        Raises:
            BadRowError: There is none (`not_recorded`).
        """
        for maker in self._keys:
            if reply := self._journal.get(maker.key(request)):
                return replace(reply, latency_s=0.0)
        raise BadRowError(
            "not_recorded", f"{self._journal.path} holds no reply of {self.name} to this request"
        )

    async def close(self) -> None:
        """Close the journal."""
        self._journal.close()


def _recorded(journal: JournalReader, wanted: str | None) -> list[Registered]:
    """The model to replay under each identity that it was recorded with, the latest first."""
    models = journal.models()
    names = sorted({one.name for one in models})
    if not models:
        raise ModelError(
            f"{journal.path} names no model whose replies it holds.",
            cure="Build once with this version and that journal, which is then named, or replay"
            " another one.",
        )
    if wanted is None and len(names) > 1:
        raise ModelError(
            f"{journal.path} holds replies of {len(names)} models: {', '.join(names)}.",
            cure="Name one of them in the replay's `model`.",
        )
    found = [one for one in models if wanted in (None, one.name)]
    if not found:
        raise ModelError(
            f"{journal.path} holds no replies of {wanted}.",
            cure=f"Name one of these in the replay's `model`: {', '.join(names)}.",
        )
    return found
