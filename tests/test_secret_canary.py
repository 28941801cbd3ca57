"""A key planted in the environment or in a file is found in nothing that a build leaves or says."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from indic_persona_hub.run.recipe import parse_recipe
from indic_persona_hub.testing.provider import Provider
from scripted_hub import corpus_texts, scripted_recipe, write_source

IPH = str(Path(sys.executable).with_name("iph"))
CANARY = "sk-canary-7f3e9b21c4d5"
FAULTS = {"error_500": 0.1, "bad_gateway": 0.1, "error_body": 0.1, "html_page": 0.1, "reset": 0.1}


def build_with_key(folder: Path, server: Provider, *, by_file: bool) -> tuple[int, str]:
    """Exit status and all output of `iph build` against `server`."""
    source = write_source(folder / "texts.jsonl", corpus_texts()[:6])
    (folder / "key").write_text(CANARY + "\n")
    key = "api_key_file: key" if by_file else "api_key_env: LAB_KEY"
    model = (
        f"models.default={{kind: openai_compatible, base_url: '{server.base_url}',"
        f" model: scripted, price: 0, timeout_s: 5, {key}}}"
    )
    small = ("stages.persona_to_persona.rounds=1", "engine.slices=2")
    recipe = parse_recipe(scripted_recipe(folder / "hub", source, *small).to_yaml(), (model,))
    (folder / "recipe.yaml").write_text(recipe.to_yaml())
    done = subprocess.run(
        [IPH, "build", str(folder / "recipe.yaml")],
        env=os.environ | {"LAB_KEY": CANARY},
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


def holds_canary(folder: Path) -> list[str]:
    return [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and path.name != "key" and CANARY.encode() in path.read_bytes()
    ]


@pytest.mark.parametrize("by_file", [False, True])
def test_a_build_leaves_the_key_nowhere(tmp_path, by_file) -> None:
    with Provider(key=CANARY, faults=FAULTS, seed=5) as server:
        status, said = build_with_key(tmp_path, server, by_file=by_file)
        assert any(call.fault for call in server.calls)
    assert status == 0, said
    assert CANARY not in said
    assert holds_canary(tmp_path) == []
    shown = subprocess.run([IPH, "status", str(tmp_path / "hub")], capture_output=True, text=True)
    assert CANARY not in shown.stdout + shown.stderr


def test_an_endpoint_that_quotes_the_key_is_not_quoted(tmp_path) -> None:
    with Provider(key="another") as server:
        status, said = build_with_key(tmp_path, server, by_file=False)
    assert status == 4
    assert "LAB_KEY" in said
    assert CANARY not in said
    assert holds_canary(tmp_path) == []
