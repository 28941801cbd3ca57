"""The journal: what was acknowledged is kept, whatever happens to the process."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indic_persona_hub.errors import StorageError
from indic_persona_hub.models.journal import Journal, JournalReader
from indic_persona_hub.models.journal_keys import journal_key
from indic_persona_hub.models.socket import Message, Reply, Request

REQUEST = Request(
    messages=(Message("system", "You imagine people."), Message("user", "सब्ज़ी मंडी")),
    max_tokens=80,
    temperature=0.9,
    top_p=0.95,
    min_p=0.08,
    stop=("\n\n",),
    seed=7,
    json_schema={"type": "object", "properties": {"b": {}, "a": {}}},
)
REPLY = Reply("A 40-year-old porter.", "stop", 120, 90, 12, 0.25)


def key_of(request: Request) -> str:
    return journal_key("model", {}, request)


def test_a_recorded_reply_comes_back_whole(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal.sqlite") as journal:
        key = key_of(REQUEST)
        assert journal.get(key) is None
        journal.intend(key, "model", REQUEST).result()
        journal.record(key, REPLY).result()
        assert journal.get(key) == REPLY


def test_trace_reads_the_request_as_it_was_sent(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    with Journal(path) as journal:
        asked = replace(REQUEST, affinity="document 1")
        journal.intend(key_of(asked), "model", asked).result()
        with JournalReader(path) as reader:  # while a build is writing
            entry = reader.request_of(key_of(REQUEST))
    assert entry is not None
    assert entry.request == REQUEST
    assert list((entry.request.json_schema or {})["properties"]) == ["b", "a"]
    assert (entry.model, entry.reply, entry.answered_at) == ("model", None, None)


def test_a_finished_journal_can_be_read_where_nothing_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / "hub" / "journal.sqlite"
    path.parent.mkdir()
    with Journal(path) as journal:
        journal.record(key_of(REQUEST), REPLY).result()
    path.parent.chmod(0o555)
    try:
        with JournalReader(path) as reader:
            assert reader.get(key_of(REQUEST)) == REPLY
            assert reader.request_of(key_of(REQUEST)) is None
            assert reader.count() == (0, 1)
    finally:
        path.parent.chmod(0o755)


def test_the_first_reply_stays(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal.sqlite") as journal:
        journal.record("ab" * 32, REPLY).result()
        journal.record("ab" * 32, replace(REPLY, text="Another.")).result()
        assert journal.get("ab" * 32) == REPLY


def test_texts_that_requests_share_are_stored_once(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    shared = Message("system", "Imagine one person. " * 500)
    with Journal(path) as journal:
        requests = [
            replace(REQUEST, messages=(shared, Message("user", f"passage {number}")))
            for number in range(200)
        ]
        for done in [journal.intend(key_of(one), "model", one) for one in requests]:
            done.result()
        assert all(
            (entry := journal.request_of(key_of(one))) and entry.request == one for one in requests
        )
    assert path.stat().st_size < 400_000  # 200 copies of the system text are two million


@pytest.mark.parametrize(
    "change",
    [
        {"messages": (Message("user", "x"),)},
        {"messages": (Message("user", "You imagine people."), Message("user", "सब्ज़ी मंडी"))},
        {"max_tokens": 81},
        {"temperature": 0.8},
        {"top_p": 0.9},
        {"min_p": 0.0},
        {"stop": ()},
        {"seed": 8},
        {"json_schema": None},
        {"json_schema": {"type": "object", "properties": {"a": {}, "b": {}}}},
    ],
)
def test_whatever_can_change_the_reply_changes_the_key(change: dict[str, object]) -> None:
    assert key_of(replace(REQUEST, **change)) != key_of(REQUEST)  # type: ignore[arg-type]


def test_model_and_identity_are_in_the_key_and_affinity_is_not() -> None:
    assert key_of(replace(REQUEST, affinity="x")) == key_of(REQUEST)
    assert journal_key("other", {}, REQUEST) != key_of(REQUEST)
    assert journal_key("model", {"send_min_p": False}, REQUEST) != key_of(REQUEST)


@given(st.lists(st.tuples(st.sampled_from(["system", "user"]), st.text()), max_size=4))
def test_any_text_has_a_key(turns: list[tuple[str, str]]) -> None:
    request = replace(REQUEST, messages=tuple(Message(*turn) for turn in turns))
    assert len(bytes.fromhex(key_of(request))) == 32


def test_many_threads_write_at_once(tmp_path: Path) -> None:
    keys = [f"{number:064x}" for number in range(400)]
    with Journal(tmp_path / "journal.sqlite") as journal:

        def write(own: list[str]) -> None:
            for done in [journal.record(key, REPLY) for key in own]:
                done.result()

        threads = [Thread(target=write, args=(keys[start::4],)) for start in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(journal.get_many(keys)) == 400
        assert journal.count() == (0, 400)


_WRITER = """
import sys
from pathlib import Path
from indic_persona_hub.models.journal import Journal
from indic_persona_hub.models.socket import Reply
journal = Journal(Path(sys.argv[1]))
number = 0
while True:
    keys = [f"{number + step:064x}" for step in range(50)]
    for key, done in [(key, journal.record(key, Reply(key, "stop", 1, 0, 1, 0.0))) for key in keys]:
        done.result()
        print(key, flush=True)
    number += 50
"""


def test_nothing_acknowledged_is_lost_under_sigkill(tmp_path: Path) -> None:
    for trial in range(3):
        path = tmp_path / f"journal-{trial}.sqlite"
        command = [sys.executable, "-c", _WRITER, str(path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            acknowledged = [child.stdout.readline().strip()]
            time.sleep(0.05 + 0.07 * trial)
            child.send_signal(signal.SIGKILL)
            acknowledged += [line.strip() for line in child.stdout if line.endswith("\n")]
        with Journal(path) as journal:
            kept = journal.get_many(acknowledged)
        assert len(acknowledged) > 10
        assert [kept[key].text for key in acknowledged] == acknowledged


_FILLER = """
import resource, sys
from pathlib import Path
from indic_persona_hub.errors import StorageError
from indic_persona_hub.models.journal import Journal
from indic_persona_hub.models.socket import Reply
journal = Journal(Path(sys.argv[1]))
journal.record("aa" * 32, Reply("kept", "stop", 1, 0, 1, 0.0)).result()
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
try:
    journal.record("bb" * 32, Reply("x" * 400_000, "stop", 1, 0, 1, 0.0)).result()
except StorageError as error:
    print(error.retry, error.cure)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
journal.record("cc" * 32, Reply("kept", "stop", 1, 0, 1, 0.0)).result()
"""


def test_a_full_disk_says_so_and_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    ended = subprocess.run(
        [sys.executable, "-c", _FILLER, str(path)], capture_output=True, text=True, check=True
    )
    assert ended.stdout.startswith("True Free some space")
    with JournalReader(path) as reader:
        assert set(reader.get_many(["aa" * 32, "bb" * 32, "cc" * 32])) == {"aa" * 32, "cc" * 32}


def test_a_missing_or_foreign_file_is_no_journal(tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        JournalReader(tmp_path / "absent.sqlite")
    foreign = tmp_path / "journal.sqlite"
    foreign.write_bytes(b"PAR1" * 2000)
    with pytest.raises(StorageError, match="cannot be used as a journal"):
        Journal(foreign)
    with pytest.raises(StorageError):
        Journal(tmp_path / "no" / "folder" / "journal.sqlite")


def test_a_closed_journal_takes_nothing(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite")
    journal.close()
    journal.close()
    with pytest.raises(StorageError):
        journal.record("ab" * 32, REPLY)
    with pytest.raises(StorageError):
        journal.get("ab" * 32)


def test_odd_paths_are_no_query(tmp_path: Path) -> None:
    folder = tmp_path / "hub?mode=memory & 100% #1"
    folder.mkdir()
    with Journal(folder / "journal.sqlite") as journal:
        journal.record("ab" * 32, REPLY).result()
    assert sqlite3.connect(folder / "journal.sqlite").execute(
        "SELECT count(*) FROM replies"
    ).fetchone() == (1,)
