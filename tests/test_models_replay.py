"""Replay: a recorded journal answers as the model did, and holds for nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from indic_persona_hub.errors import ModelError, StorageError
from indic_persona_hub.models.failures import BadRowError
from indic_persona_hub.models.journal import Journal
from indic_persona_hub.models.journal.accounts import Account
from indic_persona_hub.models.journal.keys import journal_key
from indic_persona_hub.models.prices import FREE
from indic_persona_hub.models.replay import ReplayModel
from indic_persona_hub.models.scripted import ScriptedModel
from indic_persona_hub.models.settings import ReplaySettings, open_model
from indic_persona_hub.models.socket import Message, Reply, Request
from indic_persona_hub.testing.conformance import check_language_model

IDENTITY = {"kind": "scripted"}


class Recording:
    """The scripted model, which keeps all that it says in a journal."""

    concurrency = 32

    def __init__(
        self, journal: Journal, name: str = "recorded", identity: Mapping[str, Any] = IDENTITY
    ) -> None:
        self.name = name
        self.licence = f"licence of {name}"
        self._journal = journal
        self._identity = identity
        self._scripted = ScriptedModel()
        journal.register(self.name, identity, self.licence)

    async def complete(self, request: Request) -> Reply:
        reply = await self._scripted.complete(request)
        key = journal_key(self.name, self._identity, request)
        return await self._journal.record(key, reply, Account("hub", "stage", self.name), FREE)

    async def close(self) -> None:
        """The journal stays open."""


def asking(number: int) -> Request:
    turns = (Message("system", "One person."), Message("user", f"Passage: the haat of {number}"))
    return Request(turns, 80, 0.9, 0.95, 0.08, (), seed=number)


def said_by(model: Recording | ReplayModel, request: Request) -> Reply:
    return asyncio.run(model.complete(request))


def replaying(path: Path, model: str | None = None) -> ReplayModel:
    return ReplayModel(ReplaySettings(journal=str(path), model=model))


def test_what_was_recorded_passes_for_the_model(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    with Journal(path) as journal:
        check_language_model(Recording(journal), deterministic=True)
    check_language_model(replaying(path), deterministic=True)


def test_a_replay_has_the_recorded_name_licence_identity_and_words(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    with Journal(path) as journal:
        recording = Recording(journal)
        said = said_by(recording, asking(1))
        settings = ReplaySettings(journal=str(path))
        (model,) = open_model(settings, print, lambda done, whole: None, folder=tmp_path)
    assert isinstance(model, ReplayModel)
    assert (model.name, model.licence) == (recording.name, recording.licence)
    assert model.identity == IDENTITY
    assert said_by(model, asking(1)) == replace(said, latency_s=0.0)
    asyncio.run(model.close())


def test_what_was_not_recorded_is_a_bad_row(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    with Journal(path) as journal:
        said_by(Recording(journal), asking(1))
    with pytest.raises(BadRowError) as refused:
        said_by(replaying(path), asking(2))
    assert refused.value.reason == "not_recorded"


def test_one_of_several_models_must_be_named(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    with Journal(path) as journal:
        for name in ("large", "small"):
            said_by(Recording(journal, name), asking(1))
    with pytest.raises(ModelError, match="large, small"):
        replaying(path)
    with pytest.raises(ModelError, match="large, small"):
        replaying(path, "medium")
    assert replaying(path, "small").licence == "licence of small"


def test_a_model_recorded_under_other_settings_before_is_replayed_whole(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    with Journal(path) as journal:
        before = said_by(Recording(journal, identity={"send_min_p": True}), asking(1))
        said_by(Recording(journal, identity={"send_min_p": False}), asking(2))
    model = replaying(path)
    assert model.identity == {"send_min_p": False}
    assert said_by(model, asking(1)).text == before.text


def test_a_journal_that_names_no_model_cannot_be_replayed(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    with pytest.raises(StorageError):
        replaying(path)
    Journal(path).close()
    with pytest.raises(ModelError, match="names no model"):
        replaying(path)
