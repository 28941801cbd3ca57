"""What `iph takedown` and `iph verify` say of a takedown, in words and as data."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hub_factory import HandMade, make_hub
from indic_persona_hub.cli.withdrawing import app
from indic_persona_hub.release.publish import publish
from indic_persona_hub.run.hub import Hub
from indic_persona_hub.run.settings import ReleaseSettings
from indic_persona_hub.run.tombstones import read_tombstones


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    return make_hub(tmp_path / "hub", HandMade(documents=12, children=9, ruled_out=3, slices=2))


def iph(*words: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code == code, done.output
    return done.stdout


def test_what_is_found_is_said_in_one_plain_line(hub: Hub) -> None:
    said = iph("takedown", str(hub.path), "--source", "https://example.org/11", "--dry-run")
    assert said.splitlines() == [
        "1 document and 1 persona made from it; the persona is kept.",
        "Nothing was done.",
    ]
    first = iph("takedown", str(hub.path), "--source", "https://example.org/1").splitlines()[0]
    assert first == "1 document and 3 personas made from it; 2 of the 3 personas are kept."


def test_a_source_of_which_nothing_is_there_stays_out(hub: Hub) -> None:
    lines = iph("takedown", str(hub.path), "--source", "https://site.example/p/0").splitlines()
    assert lines[:2] == ["Nothing of it is in the hub.", "It stays out from now on."]
    assert len(read_tombstones(hub).source) == 1


def test_the_digest_is_said_of_the_tombstones_that_it_is_of(hub: Hub) -> None:
    said = iph("takedown", str(hub.path), "--source", "https://example.org/11")
    taken = read_tombstones(hub)
    assert (len(taken), len(taken.released)) == (3, 2)
    assert "The hub has 3 tombstones; a release lists 2 of them, all but sources, sha256 " in said
    assert taken.released.digest in said


def test_an_erasure_is_told_as_data(hub: Hub) -> None:
    both = json.loads(
        iph("takedown", str(hub.path), "--source", "source-2", "--erase", "--yes", "--json")
    )
    assert both["erased"]["files"] > 0
    alone = json.loads(iph("takedown", str(hub.path), "--erase", "--yes", "--json"))
    assert alone == {"files": 0, "requests": 0, "shared_journal": None}


def test_a_release_that_holds_what_was_taken_down_is_not_called_damaged(
    hub: Hub, tmp_path: Path
) -> None:
    release = publish(hub, tmp_path / "out", settings=ReleaseSettings()).path
    iph("takedown", str(hub.path), "--source", "https://example.org/11")
    said = iph("verify", str(release), "--hub", str(hub.path), code=1)
    assert "may not be used: it holds 1 persona that is taken down" in said
    assert "not whole" not in said
