"""What is erased is in no file of the hub, and a build neither does it again nor brings it back."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from indic_persona_hub.errors import HubBusyError, HubError, StorageError
from indic_persona_hub.models.journal import JournalReader, retain_only
from indic_persona_hub.release.publish import publish
from indic_persona_hub.release.verify import verify
from indic_persona_hub.run.erasure import erase
from indic_persona_hub.run.hub import TAKEDOWNS, Hub, file_sha256, locked, read_file, write_file
from indic_persona_hub.run.ledger import Ledger
from indic_persona_hub.run.settings import ReleaseSettings
from indic_persona_hub.run.status import status
from scripted_hub import file_digests
from takedown_rows import build_of_sites, family, kept_of, rebuilt, rows_of, taken

SITE = "https://example.org/3"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_of_sites(tmp_path_factory.mktemp("built"))


@pytest.fixture
def hub(built: Path, tmp_path: Path) -> Hub:
    return Hub(Path(shutil.copytree(built / "hub", tmp_path / "hub")))


def everything(hub: Hub) -> str:
    """All that any file of a hub says, but what was asked for: tables as they read, all else as its
    bytes.
    """
    said = []
    places = [path for path in hub.path.rglob("*") if path.parent.name != TAKEDOWNS]
    for path in sorted(places):
        if path.suffix == ".parquet":
            said += [str(row) for row in pq.read_table(path).to_pylist()]
        elif path.is_file():
            said.append(path.read_bytes().decode("utf-8", "replace"))
    return "\n".join(said)


def marks(texts: Iterable[str]) -> list[str]:
    """A stretch of each text by which it would be known, in one line and without escapes."""
    lines = [
        max(text.replace('"', "\n").replace("'", "\n").splitlines(), key=len) for text in texts
    ]
    return [line[:40] for line in lines if len(line) >= 20]


def words_of(hub: Hub) -> list[str]:
    """What documents of `SITE`, and the personas made from them, say and no other does."""
    rows, personas = rows_of(hub, "documents"), rows_of(hub, "personas")
    of_them = {one for one, row in rows.items() if f"{SITE}/" in row["url"]}
    below = family(hub, of_them)
    mine = [rows[one]["text"] for one in of_them] + [personas[one]["persona"] for one in below]
    others = [row["text"] for one, row in rows.items() if one not in of_them]
    others += [row["persona"] for one, row in personas.items() if one not in below]
    everyone_else = "\n".join(others)
    return [one for one in marks(mine) if one not in everyone_else]


def test_no_file_of_the_hub_holds_what_was_erased_and_all_else_stays(hub: Hub) -> None:
    words, before = words_of(hub), rows_of(hub, "personas")
    said = everything(hub)
    assert len(words) > 10
    assert all(one in said for one in words), "the marks are there before"
    done = taken(hub, "source", SITE)
    gone = set(done.found.personas["id"].to_pylist())
    erased = erase(hub)
    said = everything(hub)
    assert not [one for one in words if one in said]
    assert SITE not in said
    assert erased.files
    assert erased.requests
    after = rows_of(hub, "personas")
    assert {one: row for one, row in after.items() if one not in gone} == {
        one: row for one, row in before.items() if one not in gone
    }
    assert {after[one]["persona"] for one in gone} == {""}
    verdicts = rows_of(hub, "verdicts")
    assert {verdicts[one]["domain"] for one in gone} == {None}
    labels = {row["label"] for row in hub.read("domains").to_pylist()}
    assert labels == {before[one]["domain_label"] for one in before.keys() - gone} - {None}


def test_a_build_after_it_does_nothing_again_and_a_release_passes(hub: Hub, tmp_path: Path) -> None:
    taken(hub, "source", SITE)
    rebuilt(hub)
    kept = kept_of(hub)
    erase(hub)
    before = file_digests(hub.path)
    assert erase(hub).files == 0, "twice is once"
    rebuilt(hub)
    assert file_digests(hub.path) == before
    assert kept_of(hub) == kept
    release = publish(hub, tmp_path / "out", settings=ReleaseSettings()).path
    assert verify(release, hub).problems == []


def test_what_is_made_anew_does_not_bring_it_back(hub: Hub) -> None:
    words = words_of(hub)
    taken(hub, "source", SITE)
    erase(hub)
    calls = sum(one["calls"] for one in status(hub)["usage"])
    rebuilt(hub, "stages.text_to_persona.candidates=3", "stages.hedging.max_per_100_words=3")
    said = everything(hub)
    assert not [one for one in words if one in said]
    assert sum(one["calls"] for one in status(hub)["usage"]) > calls > 0, "what was spent is kept"


def test_the_calls_of_those_who_stay_are_kept(hub: Hub) -> None:
    one = sorted(kept_of(hub))[0]
    personas = rows_of(hub, "personas")
    key = personas[one]["journal_key"]
    gone = set(taken(hub, "persona", one).found.personas["id"].to_pylist())
    lost = {personas[name]["journal_key"] for name in gone}
    erase(hub)
    with JournalReader(hub.journal_path) as journal:
        assert journal.request_of(key) is None
        for row in personas.values():
            entry = journal.request_of(row["journal_key"])
            assert (entry is None) == (row["journal_key"] in lost)
            assert entry is None or entry.request.messages[-1].content


def test_the_ledger_knows_the_files_as_they_are(hub: Hub) -> None:
    taken(hub, "source", SITE)
    erase(hub)
    ledger = Ledger(hub.ledger_path, read_only=True)
    try:
        known = {**ledger.files_of("ingest", 0), **ledger.files_of("text_to_persona", 0)}
    finally:
        ledger.close()
    assert known == {name: file_sha256(hub.path / name) for name in known}


def test_an_erasure_cut_short_is_ended_by_the_same_again(hub: Hub, tmp_path: Path) -> None:
    taken(hub, "source", SITE)
    half = Hub(Path(shutil.copytree(hub.path, tmp_path / "half")))
    erase(hub)
    # All but the journal was blanked when it was killed, or the other way round.
    shutil.copytree(hub.path / "personas", half.path / "personas", dirs_exist_ok=True)
    erase(half)
    assert file_digests(half.path) == file_digests(hub.path)
    with JournalReader(half.journal_path) as one, JournalReader(hub.journal_path) as other:
        assert one.count() == other.count()


def test_a_journal_of_several_hubs_is_left_alone_and_said(hub: Hub, tmp_path: Path) -> None:
    shared = tmp_path / "shared.sqlite"
    hub.journal_path.rename(shared)
    hub.journal_path.symlink_to(shared)
    before = shared.read_bytes()
    taken(hub, "source", SITE)
    assert erase(hub).shared_journal == shared
    assert shared.read_bytes() == before


def test_a_journal_that_another_hub_paid_into_is_left_alone_and_said(hub: Hub) -> None:
    """Of a hub whose recipe names this one's journal the link lies over there."""
    with closing(sqlite3.connect(hub.journal_path)) as journal, journal:
        journal.execute("INSERT INTO accounts (hub, stage, model, day) VALUES ('a', 's', 'm', 'd')")
    count = journal_count(hub)
    taken(hub, "source", SITE)
    assert erase(hub).shared_journal == hub.journal_path
    assert journal_count(hub) == count


def test_a_journal_that_somebody_reads_is_not_called_erased(hub: Hub) -> None:
    words = words_of(hub)
    taken(hub, "source", SITE)
    with closing(sqlite3.connect(hub.journal_path)) as reader:
        reader.execute("BEGIN").execute("SELECT count(*) FROM intents").fetchone()
        with pytest.raises(StorageError, match="Another process reads"):
            erase(hub)
    erase(hub)
    said = everything(hub)
    assert not [one for one in words if one in said]


def test_tombstones_of_another_hub_erase_what_follows_from_them_here(hub: Hub) -> None:
    words, before = words_of(hub), kept_of(hub)
    whole = Hub(Path(shutil.copytree(hub.path, hub.path.parent / "whole")))
    gone = set(taken(whole, "source", SITE).found.personas["id"].to_pylist())
    [file] = whole.files(TAKEDOWNS)
    rows = read_file(file)
    write_file(hub.path / TAKEDOWNS / file.name, rows.filter(pc.equal(rows["kind"], "source")))
    erase(hub)
    said = everything(hub)
    assert not [one for one in words if one in said]
    assert kept_of(hub) == before - gone
    assert kept_of(rebuilt(hub)) == kept_of(rebuilt(whole))


def test_where_nothing_was_taken_down_nothing_is_erased(hub: Hub) -> None:
    with pytest.raises(HubError, match="Nothing was taken down"):
        erase(hub)
    taken(hub, "source", SITE)
    with locked(hub), pytest.raises(HubBusyError):
        erase(hub)


def test_a_journal_that_retains_nothing_keeps_what_was_spent(hub: Hub) -> None:
    spent = status(hub)["usage"]
    keys = {row["journal_key"] for row in rows_of(hub, "personas").values()}
    assert retain_only(hub.journal_path, []) >= len(keys)
    assert status(hub)["usage"] == spent
    with JournalReader(hub.journal_path) as journal:
        assert not [one for one in keys if journal.request_of(one)]


def journal_count(hub: Hub) -> int:
    with closing(sqlite3.connect(hub.journal_path)) as journal:
        return int(journal.execute("SELECT count(*) FROM answers").fetchone()[0])
