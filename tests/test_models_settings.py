"""What a recipe says about its models."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError

from indic_persona_hub.models.endpoint.openai_compatible import OpenAICompatibleModel
from indic_persona_hub.models.prices import FREE
from indic_persona_hub.models.scripted import ScriptedModel
from indic_persona_hub.models.settings import (
    MODEL_KINDS,
    LlamaCppSettings,
    ModelSettings,
    OpenAICompatibleSettings,
    ScriptedSettings,
    identity,
    open_model,
)

READ: TypeAdapter[ModelSettings] = TypeAdapter(ModelSettings)
ENDPOINT = {"kind": "openai_compatible", "base_url": "http://gpu:8000/v1/", "model": "sarvam-m"}

BATCH = {"kind": "batch", "base_url": "https://hosted/v1", "model": "sarvam-m", "price": 0}


def test_kind_says_which_settings_they_are() -> None:
    assert READ.validate_python({"kind": "scripted"}) == ScriptedSettings()
    assert READ.validate_python({"kind": "llama_cpp"}) == LlamaCppSettings()
    read = READ.validate_python(ENDPOINT)
    assert isinstance(read, OpenAICompatibleSettings)
    assert read.base_url == "http://gpu:8000/v1"
    for kind, settings in MODEL_KINDS.items():
        assert settings.model_fields["kind"].default == kind


@pytest.mark.parametrize(
    "settings", [ScriptedSettings(), LlamaCppSettings(threads=3), ENDPOINT, BATCH]
)
def test_settings_come_back_from_what_they_write(settings: object) -> None:
    read = READ.validate_python(settings)
    assert READ.validate_json(READ.dump_json(read)) == read


@pytest.mark.parametrize(
    "change",
    [
        {"base_url": "gpu:8000/v1"},
        {"base_url": "ftp://gpu/v1"},
        {"base_url": "https://user:secret@gpu/v1"},
        {"base_url": "https://gpu/v1?key=secret"},
        {"api_key_env": "sk-7f3e a key, not a name"},
        {"api_key": "sk-7f3e"},
        {"concurrency": 0},
        {"model": ""},
    ],
)
def test_what_cannot_work_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        READ.validate_python(ENDPOINT | change)


def test_identity_is_what_can_change_a_reply() -> None:
    there = READ.validate_python(ENDPOINT)
    moved = ENDPOINT | {"base_url": "https://other/v1", "api_key_env": "KEY", "concurrency": 256}
    assert identity(READ.validate_python(moved)) == identity(there)
    for change in ({"model": "other"}, {"reply_format": "none"}, {"send_min_p": False}):
        assert identity(READ.validate_python(ENDPOINT | change)) != identity(there)
    local = LlamaCppSettings()
    assert identity(LlamaCppSettings(slots=8, threads=2)) == identity(local)
    assert identity(LlamaCppSettings(weights="other")) != identity(local)


def test_a_plug_is_opened_from_its_settings(tmp_path: Path) -> None:
    def silent(*_: object) -> None: ...

    (scripted,) = open_model(ScriptedSettings(), silent, silent, folder=tmp_path)
    assert isinstance(scripted, ScriptedModel)
    more = {"licence": "apache-2.0", "endpoints": [{"base_url": "http://gpu-2:8000/v1"}]}
    plugs = open_model(READ.validate_python(ENDPOINT | more), silent, silent, folder=tmp_path)
    assert len(plugs) == 2
    for there in plugs:
        assert isinstance(there, OpenAICompatibleModel)
        assert (there.name, there.licence, there.concurrency) == ("sarvam-m", "apache-2.0", 64)


def test_a_price_may_be_given_short() -> None:
    free = READ.validate_python(ENDPOINT | {"price": 0})
    assert isinstance(free, OpenAICompatibleSettings)
    assert free.price == FREE
    with pytest.raises(ValidationError):
        READ.validate_python(ENDPOINT | {"price": 1})


def test_settings_load_no_client_and_no_runtime() -> None:
    code = (
        "import sys, indic_persona_hub.models.settings;"
        "print([n for n in ('ssl', 'daft', 'xllamacpp', 'pyarrow') if n in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout == "[]\n"
