"""What is taken down is gone with all that was made from it, and stays gone; nothing else goes."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub_factory import HandMade, make_hub
from indic_persona_hub import records
from indic_persona_hub.errors import HubBusyError, HubError, ReleaseError, StorageError
from indic_persona_hub.release.publish import publish
from indic_persona_hub.release.verify import verify
from indic_persona_hub.run.hub import TAKEDOWNS, Hub, locked, write_file
from indic_persona_hub.run.said_words import pattern_of, says
from indic_persona_hub.run.settings import ReleaseSettings
from indic_persona_hub.run.source_addresses import source_id
from indic_persona_hub.run.status import status
from indic_persona_hub.run.takedown import take_down
from indic_persona_hub.run.takedown_request import Request
from indic_persona_hub.run.tombstones import (
    TAKEN_DOWN,
    Tombstones,
    read_tombstones,
    text_id,
)
from scripted_hub import file_digests
from takedown_rows import family, kept_of, rows_of, taken

STYLE = ReleaseSettings(rows_per_file=9)


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    return make_hub(tmp_path / "hub", HandMade(documents=12, children=9, ruled_out=3, slices=2))


def a_parent(hub: Hub) -> str:
    """A kept persona that has a grandchild."""
    personas, kept = rows_of(hub, "personas"), kept_of(hub)
    above = [row["parent_id"] for row in personas.values() if row["round"] == 2]
    return next(personas[one]["parent_id"] for one in above if one in kept)


def test_a_persona_goes_with_all_who_are_derived_from_it_and_nobody_else(hub: Hub) -> None:
    one = a_parent(hub)
    before, below = kept_of(hub), family(hub, [one])
    assert len(below) > 2
    done = taken(hub, "persona", one)
    assert set(done.found.personas["id"].to_pylist()) == below
    assert kept_of(hub) == before - below
    assert done.ruled_out == len(before & below)
    verdicts = rows_of(hub, "verdicts")
    assert {verdicts[one]["reason"] for one in below} == {TAKEN_DOWN}


@pytest.mark.parametrize("address", ["https://example.org/1", "http://www.EXAMPLE.org/1/#top"])
def test_a_source_goes_with_all_its_descendants_and_nothing_else(hub: Hub, address: str) -> None:
    documents = rows_of(hub, "documents")
    mine = [one for one, row in documents.items() if row["url"] == "https://example.org/1"]
    before, below = kept_of(hub), family(hub, mine)
    taken(hub, "source", address)
    assert kept_of(hub) == before - below  # pages /10 and /11 of the same site stay


def test_a_site_and_a_named_source_go_as_a_whole(hub: Hub) -> None:
    documents = rows_of(hub, "documents")
    named = [one for one, row in documents.items() if row["source"] == "source-2"]
    before = kept_of(hub)
    taken(hub, "source", "source-2")
    assert kept_of(hub) == before - family(hub, named)
    taken(hub, "source", "https://example.org/")
    assert not kept_of(hub)


def test_words_take_down_personas_and_whatever_a_document_with_them_led_to(hub: Hub) -> None:
    documents, personas, before = rows_of(hub, "documents"), rows_of(hub, "personas"), kept_of(hub)
    origins = [one for one, row in documents.items() if "document 7 says" in row["text"]]
    taken(hub, "match", "DOCUMENT  7 says")
    assert kept_of(hub) == before - family(hub, origins)
    nurses = [one for one, row in personas.items() if "Dharwad" in row["persona"]]
    taken(hub, "match", "dharwad")
    assert kept_of(hub) == before - family(hub, [*origins, *nurses])


def test_the_words_of_a_match_are_kept_nowhere(hub: Hub) -> None:
    taken(hub, "match", "Dharwad")
    rows = hub.read(TAKEDOWNS).to_pylist()
    assert {row["asked"] for row in rows} == {"match"}
    assert not any("dharwad" in str(row).lower() for row in rows)
    assert {row["reason"] for row in rows} == {"asked by mail"}


@pytest.mark.parametrize(
    ("words", "text", "hit"),
    [
        ("Ram", "Ram, who", True),
        ("Ram", "Ramesh", False),
        ("Ram", "program", False),
        ("asha devi", "by Asha\n Devi.", True),
        ("राम", "रामू", False),
        ("राम", "कि राम।", True),
        ("क़लम", "क़लम", True),
        ("a.b", "axb", False),
    ],
)
def test_words_are_whole_words_in_any_script(words: str, text: str, hit: bool) -> None:
    assert says(pa.chunked_array([[text]]), pattern_of(words))[0].as_py() is hit


def test_what_is_not_there_or_asked_in_no_words_is_an_error_and_leaves_nothing(hub: Hub) -> None:
    stranger = records.content_id(["nobody"])
    for kind, value in (
        ("persona", stranger), ("persona", "7"), ("source", " "), ("match", "zzz"),
        ("match", " ... "),
    ):  # fmt: skip
        with pytest.raises(HubError):
            take_down(hub, Request(kind, value))
    assert not hub.files(TAKEDOWNS)


def test_a_source_is_barred_before_anything_of_it_is_seen(hub: Hub) -> None:
    before = kept_of(hub)
    done = taken(hub, "source", "https://example.com/1")
    assert not done.found
    assert (done.new, done.ruled_out) == (1, 0)
    assert kept_of(hub) == before
    assert read_tombstones(hub).source.to_pylist() == [source_id("https://example.com/1")]


def test_a_page_that_was_rejected_and_has_the_words_is_barred_by_its_text(hub: Hub) -> None:
    """What could not be read as a page has no text yet, and no id."""
    text = "A page about Asha Devi that one setting keeps out, and another does not."
    rows = [
        {"stage": stage, "row": f"{stage}:1", "reason": reason, "detail": None, "payload": said}
        for stage, reason, said in (
            ("ingest", "over_site_share", text),
            ("ingest", "injection", "A page about somebody else."),
            ("ingest", TAKEN_DOWN, None),
            ("read", "missing_text", '{"author": "Asha Devi"}'),
        )
    ]
    write_file(hub.table_path("rejected/ingest", 0), pa.Table.from_pylist(rows, records.REJECTED))
    done = taken(hub, "match", "asha devi")
    page = records.content_id([text])
    assert done.found.rejected.to_pylist() == [page]
    assert read_tombstones(hub).document.to_pylist() == [page]
    assert taken(hub, "match", "asha devi").new == 0


# Damage: what was taken down must never come back because nobody can read that it was


def damaged(hub: Hub, tmp_path: Path, how: str) -> None:
    folder = hub.path / TAKEDOWNS
    [file] = hub.files(TAKEDOWNS)
    match how:
        case "cut":
            file.write_bytes(file.read_bytes()[:100])
        case "a file that is a link to nowhere":
            file.rename(tmp_path / "kept.parquet")
            file.symlink_to(tmp_path / "nowhere")
        case "a folder that is a file":
            shutil.move(folder, tmp_path / "kept")
            folder.write_text("")
        case "a folder that is a link to nowhere":
            shutil.move(folder, tmp_path / "kept")
            folder.symlink_to(tmp_path / "nowhere")
        case "a folder that is a link to itself":
            shutil.move(folder, tmp_path / "kept")
            folder.symlink_to(folder)


@pytest.mark.parametrize(
    "how",
    [
        "cut",
        "a file that is a link to nowhere",
        "a folder that is a file",
        "a folder that is a link to nowhere",
        "a folder that is a link to itself",
    ],
)
def test_tombstones_that_cannot_be_read_are_no_empty_list_and_are_not_to_be_deleted(
    hub: Hub, tmp_path: Path, how: str
) -> None:
    old = publish(hub, tmp_path / "old", settings=STYLE).path
    taken(hub, "source", "source-2")
    damaged(hub, tmp_path, how)
    for tried in (
        lambda: read_tombstones(hub),
        lambda: verify(old, hub),
        lambda: publish(hub, tmp_path / "out", settings=STYLE),
        lambda: take_down(hub, Request("source", "source-1")),
    ):
        with pytest.raises(StorageError, match=r"(?i)deleting it brings back what was") as raised:
            tried()
        assert "estore it from a copy" in raised.value.cure
        assert "Delete" not in raised.value.cure.replace("Deleting", "")


def test_a_file_of_tombstones_that_is_missing_below_the_last_is_noticed(hub: Hub) -> None:
    for number in range(3):
        taken(hub, "source", f"source-{number}")
    first, second, third = hub.files(TAKEDOWNS)
    second.rename(second.with_name("of-another-hub.parquet"))
    with pytest.raises(StorageError, match=r"takedown-00002\.parquet is missing"):
        read_tombstones(hub)
    third.rename(second)  # the cure, where the second is to be undone
    assert len(read_tombstones(hub).source) == 3
    taken(hub, "source", "source-4")
    names = {first.name, second.name, third.name, "of-another-hub.parquet"}
    assert {one.name for one in hub.files(TAKEDOWNS)} == names


def test_without_agreement_nothing_is_done(hub: Hub) -> None:
    before = file_digests(hub.path)
    assert take_down(hub, Request("source", "source-2"), agreed=lambda found: False) is None
    assert file_digests(hub.path) == before
    assert not read_tombstones(hub)


def test_the_same_again_sets_no_tombstone_twice(hub: Hub) -> None:
    first = taken(hub, "source", "source-2")
    again = taken(hub, "source", "source-2")
    assert (again.new, again.ruled_out) == (0, 0)
    assert again.tombstones.digest == first.tombstones.digest
    assert len(hub.files(TAKEDOWNS)) == 1


def test_a_tombstone_says_what_asked_for_it_what_it_follows_and_when(hub: Hub) -> None:
    one = a_parent(hub)
    taken(hub, "persona", one)
    rows = {(row["kind"], row["id"]): row for row in hub.read(TAKEDOWNS).to_pylist()}
    personas = rows_of(hub, "personas")
    assert rows["persona", one]["follows"] is None
    assert rows["text", text_id(personas[one]["persona"])]["asked"] == f"persona {one}"
    for (kind, name), row in rows.items():
        assert abs(row["taken_at"].timestamp() - time.time()) < 60
        if kind == "persona" and name != one:
            assert row["follows"] == personas[name]["parent_id"]


def test_status_counts_those_who_were_taken_down(hub: Hub) -> None:
    done = taken(hub, "source", "source-2")
    [select] = [stage for stage in status(hub)["stages"] if stage["name"] == "select"]
    assert select["rejected"]  # of slice 0 alone the hand-made ledger has a line
    assert select["rows_in"] == select["rows_out"] + sum(select["rejected"].values())
    assert done.ruled_out


def test_a_hub_that_is_held_is_not_touched(hub: Hub) -> None:
    with locked(hub), pytest.raises(HubBusyError):
        take_down(hub, Request("source", "source-2"))


# Releases


def test_the_next_release_lacks_it_and_carries_the_proof(hub: Hub, tmp_path: Path) -> None:
    before = publish(hub, tmp_path / "out", settings=STYLE)
    assert "Nothing was taken down" in (before.path / "README.md").read_text("utf-8")
    done = taken(hub, "source", "source-2")
    assert any("taken down" in one for one in verify(before.path, hub).problems)
    after = publish(hub, tmp_path / "out", settings=STYLE)
    assert after.rows == before.rows - done.ruled_out
    assert verify(after.path, hub).problems == []
    assert (
        Tombstones.parse((after.path / "tombstones.csv").read_bytes()) == done.tombstones.released
    )
    assert done.tombstones.released.digest in (after.path / "README.md").read_text("utf-8")
    manifest = (after.path / "manifest.json").read_text("utf-8")
    assert done.tombstones.released.digest in manifest
    everything = b"".join(path.read_bytes() for path in after.path.rglob("*") if path.is_file())
    assert b"asked by mail" not in everything


def test_a_takedown_that_was_cut_short_still_counts_in_a_release(hub: Hub, tmp_path: Path) -> None:
    whole = Hub(Path(shutil.copytree(hub.path, tmp_path / "whole")))
    taken(whole, "source", "source-2")
    shutil.copytree(whole.path / TAKEDOWNS, hub.path / TAKEDOWNS)  # verdicts were not written yet
    cut = publish(hub, tmp_path / "cut", settings=STYLE).path
    assert verify(cut, hub).problems == []
    full = publish(whole, tmp_path / "full", settings=STYLE).path
    for name in ("data", "detailed"):
        for path in (cut / name).iterdir():
            assert path.read_bytes() == (full / name / path.name).read_bytes()


def test_verdicts_older_than_a_tombstone_from_elsewhere_are_refused(
    hub: Hub, tmp_path: Path
) -> None:
    other = make_hub(tmp_path / "other", HandMade(documents=12, children=0, slices=2))
    taken(other, "source", "source-2")
    shutil.copytree(other.path / TAKEDOWNS, hub.path / TAKEDOWNS)
    with pytest.raises(ReleaseError, match="older than what was taken down"):
        publish(hub, tmp_path / "out", settings=STYLE)


# Killed

#: Takes a source down in a process of its own, hub after hub, and kills that process once so many
#: files of verdicts were written.
_KILL = """
import os, signal, sys, time
from pathlib import Path
from indic_persona_hub.run.hub import Hub
from indic_persona_hub.run.takedown import take_down
from indic_persona_hub.run.takedown_request import Request

for number, folder in enumerate(sys.argv[1:]):
    hub = Hub(Path(folder))
    files = sorted((hub.path / "verdicts").iterdir())
    before = [file.stat().st_mtime_ns for file in files]
    child = os.fork()
    if not child:
        take_down(hub, Request("source", "https://example.org/"))
        os._exit(0)
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        now = [file.stat().st_mtime_ns for file in files]
        changed = sum(a != b for a, b in zip(now, before))
        begun = number or any((hub.path / "takedowns").glob("*"))
        if begun and changed >= 2 * number:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            break
        time.sleep(0.0005)
"""


def test_a_takedown_that_is_killed_is_there_as_a_whole_or_not_at_all(tmp_path: Path) -> None:
    original = make_hub(tmp_path / "original", HandMade(60, 60, 0, 8)).path
    hubs = [Hub(Path(shutil.copytree(original, tmp_path / str(number)))) for number in range(4)]
    whole, kept = Hub(Path(shutil.copytree(original, tmp_path / "whole"))), kept_of(hubs[0])
    tombstones = taken(whole, "source", "https://example.org/").tombstones
    folders = [str(hub.path) for hub in hubs]
    subprocess.run([sys.executable, "-c", _KILL, *folders], check=True, timeout=120)
    seen: set[str] = set()
    for hub in hubs:
        found, left = read_tombstones(hub), kept_of(hub)
        assert found in (Tombstones(), tombstones), "half of a takedown"
        seen.add("nothing" if left == kept else "between" if left else "all")
        if found:
            with pytest.raises(ReleaseError, match="keeps none"):
                publish(hub, tmp_path / "out", settings=STYLE)
        taken(hub, "source", "https://example.org/")
        assert not kept_of(hub)
        assert read_tombstones(hub) == tombstones
        assert file_digests(hub.path) == file_digests(whole.path)
        assert status(hub)["stages"] == status(whole)["stages"]
    assert "between" in seen, seen


# Tombstones

addresses = st.lists(st.text("abz09", min_size=1, max_size=3), min_size=1, max_size=4)


@given(folder=addresses, page=addresses)
def test_an_address_takes_what_is_below_it_and_nothing_beside_it(
    folder: list[str], page: list[str]
) -> None:
    above, below = "/".join(folder), "/".join(page)
    taken_down = Tombstones(source=pa.array([source_id(f"https://{above}")]))
    url = f"http://www.{below}?x=1"
    rows = pa.table(
        {
            "id": ["a"],
            "source": pa.array([None], pa.string()),
            "url": [url],
        }
    )
    assert taken_down.documents(rows)[0] == (page[: len(folder)] == folder)


ids = st.sampled_from([records.content_id([str(number)]) for number in range(6)])
some = st.lists(ids, unique=True, max_size=3).map(
    lambda found: pa.array(sorted(found), pa.string())
)
sources = st.none() | st.sampled_from(
    ["a", "https://b.in/c", "https://b.in/c/d", "https://b.in/cd"]
)
texts = st.sampled_from(["One.", "one. ", "Two."])


@given(
    tombstones=st.builds(
        Tombstones,
        document=some,
        persona=some,
        source=st.lists(st.sampled_from(["a", "http://b.in/c"]).map(source_id), unique=True).map(
            lambda found: pa.array(sorted(found), pa.string())
        ),
        text=st.lists(texts.map(text_id), unique=True).map(
            lambda found: pa.array(sorted(found), pa.string())
        ),
    ),
    rows=st.lists(
        st.fixed_dictionaries(
            {
                "id": ids,
                "persona": texts,
                "document_id": st.none() | ids,
                "parent_id": st.none() | ids,
                "source": sources,
                "source_url": sources,
            }
        ),
        min_size=1,
    ),
)
def test_rows_and_tables_are_judged_alike_and_a_list_reads_back(
    tombstones: Tombstones, rows: list[dict[str, Any]]
) -> None:
    schema = pa.schema([(name, pa.string()) for name in rows[0]])
    judged = tombstones.personas(pa.Table.from_pylist(rows, schema))
    assert judged.tolist() == [tombstones.holds(row) for row in rows]
    assert Tombstones.parse(tombstones.to_bytes()) == tombstones


@given(content=st.binary() | st.text().map(str.encode))
def test_no_other_bytes_are_a_list_of_tombstones(content: bytes) -> None:
    if content != Tombstones().to_bytes():
        with pytest.raises(ValueError):
            Tombstones.parse(content)
