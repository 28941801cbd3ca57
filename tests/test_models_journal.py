"""The journal: what was acknowledged is kept, whatever happens to the process."""

from __future__ import annotations

import asyncio
import json
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest

from indic_persona_hub.errors import StorageError
from indic_persona_hub.models.journal import Journal, JournalReader
from indic_persona_hub.models.journal.accounts import Account
from indic_persona_hub.models.journal.commits import Commit
from indic_persona_hub.models.journal.keys import journal_key
from indic_persona_hub.models.journal.texts import Packer
from indic_persona_hub.models.prices import FREE
from indic_persona_hub.models.socket import Choice, Message, Reply, Request

ACCOUNT = Account("hub", "text_to_persona", "model")
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
REPLY = Reply(
    "A 40-year-old porter.", "stop", 120, 90, 31, 0.25, 7, (Choice("Another 'one'\n.", "length"),)
)


def key_of(request: Request) -> str:
    return journal_key("model", {}, request)


def record(journal: Journal, key: str, reply: Reply = REPLY) -> Commit[Reply]:
    return journal.record(key, reply, ACCOUNT, FREE)


def test_a_recorded_reply_comes_back_whole(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal.sqlite") as journal:
        key = key_of(REQUEST)
        assert journal.get(key) is None
        assert journal.intend(key, "model", REQUEST).result() is None
        assert record(journal, key).result() == REPLY
        assert journal.get(key) == REPLY
        assert journal.intend(key, "model", REQUEST).result() == REPLY  # and needs no call


def test_a_task_waits_without_holding_up_its_loop(tmp_path: Path) -> None:
    async def ask(journal: Journal, number: int) -> Reply:
        asked = replace(REQUEST, seed=number)
        assert await journal.intend(key_of(asked), "model", asked) is None
        return await record(journal, key_of(asked), replace(REPLY, text=str(number)))

    async def ask_all() -> list[Reply]:
        with Journal(tmp_path / "journal.sqlite") as journal:
            return await asyncio.gather(*(ask(journal, number) for number in range(300)))

    assert [reply.text for reply in asyncio.run(ask_all())] == [str(n) for n in range(300)]


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
        record(journal, key_of(REQUEST)).result()
    assert list(path.parent.iterdir()) == [path]
    path.parent.chmod(0o555)
    try:
        with JournalReader(path) as reader:
            assert reader.get(key_of(REQUEST)) == REPLY
            assert reader.request_of(key_of(REQUEST)) is None
            assert reader.count() == (1, 1)
            assert reader.lost() == []
    finally:
        path.parent.chmod(0o755)


def test_the_first_reply_stays(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal.sqlite") as journal:
        first = record(journal, "ab" * 32)
        second = record(journal, "ab" * 32, replace(REPLY, text="Another."))
        assert [first.result(), second.result(), journal.get("ab" * 32)] == [REPLY] * 3


def test_texts_that_requests_share_are_stored_once(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    shared = Message("system", "Imagine one person. " * 500)
    with Journal(path) as journal:
        asked = [
            replace(REQUEST, messages=(shared, Message("user", f"passage {number}")))
            for number in range(200)
        ]
        for done in [journal.intend(key_of(one), "model", one) for one in asked]:
            done.result()
        assert all(
            (entry := journal.request_of(key_of(one))) and entry.request == one for one in asked
        )
    packer = Packer()
    assert [len(packer.pack(one)[1]) for one in asked[:4]] == [1, 1, 0, 0]  # the schema, the turns
    assert path.stat().st_size < 400_000  # 200 copies of the system text are two million


def test_half_a_surrogate_pair_is_stored_as_a_question_mark(tmp_path: Path) -> None:
    broken = replace(REPLY, text="cut \ud83d", others=(Choice("too \ud83d", "length"),))
    with Journal(tmp_path / "journal.sqlite") as journal:
        stands = record(journal, "ab" * 32, broken).result()
        assert (stands.text, stands.others) == ("cut ?", (Choice("too ?", "length"),))
        assert journal.get("ab" * 32) == stands


def test_many_threads_write_at_once(tmp_path: Path) -> None:
    keys = [f"{number:064x}" for number in range(1200)]
    with Journal(tmp_path / "journal.sqlite") as journal:

        def write(own: list[str]) -> None:
            for done in [record(journal, key) for key in own]:
                done.result()

        threads = [Thread(target=write, args=(keys[start::4],)) for start in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(journal.get_many(keys)) == 1200
        assert journal.count() == (1200, 1200)


_WRITER = """
import sys
from pathlib import Path
from indic_persona_hub.models.journal.accounts import Account
from indic_persona_hub.models.journal import Journal
from indic_persona_hub.models.prices import FREE
from indic_persona_hub.models.socket import Reply
journal = Journal(Path(sys.argv[1]))
account = Account("hub", "stage", "model")
number = 0
while True:
    keys = [f"{number + step:064x}" for step in range(50)]
    replies = [Reply(key, "stop", 1, 0, 1, 0.0) for key in keys]
    for key, done in [(one.text, journal.record(one.text, one, account, FREE)) for one in replies]:
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
from indic_persona_hub.models.journal.accounts import Account
from indic_persona_hub.models.journal import Journal
from indic_persona_hub.models.prices import FREE
from indic_persona_hub.models.socket import Message, Reply, Request
journal = Journal(Path(sys.argv[1]))
first, second = Account("hub", "first", "model"), Account("hub", "second", "model")
def record(key, text, account=first):
    journal.record(key * 32, Reply(text, "stop", 1, 0, 1, 0.0), account, FREE).result()
def intend(key, text="passage"):
    turns = (Message("system", "shared"), Message("user", text))
    journal.intend(key * 32, "model", Request(turns, 80, 0.9, 0.95, 0.08, (), 7)).result()
def refused(ask):
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))
    try:
        ask()
    except StorageError as error:
        print(error.retry, error.cure)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
record("aa", "kept")
intend("01")
journal.failed("bb" * 32, first, "reset", True)
refused(lambda: record("bb", "x" * 400_000, second))
refused(lambda: intend("02", "x" * 400_000))  # the first to refer to the shared turn
intend("03")
record("02", "of 02")
record("cc", "kept", second)
record("01", "of 01")
"""


def test_a_full_disk_says_so_and_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    ended = subprocess.run(
        [sys.executable, "-c", _FILLER, str(path)], capture_output=True, text=True, check=True
    )
    assert [line[:20] for line in ended.stdout.splitlines()] == ["True Free some space"] * 2
    with JournalReader(path) as reader:
        found = reader.get_many([key * 32 for key in ("aa", "bb", "cc", "01", "02", "03")])
        said = {key[:2]: reply.text for key, reply in found.items()}
        assert said == {"aa": "kept", "cc": "kept", "01": "of 01", "02": "of 02"}
        last = reader.request_of("03" * 32)
        assert last and last.request.messages[0].content == "shared"
        assert reader.errors("hub") == {"reset": 1}
        # It ended without closing the journal, while one request was under way.
        lost = [("bb" * 32, "reset"), ("03" * 32, "killed")]
        assert [(one.key, one.kind) for one in reader.lost()] == lost
        calls = {account.stage: spent.calls for account, _, spent in reader.accounts("hub")}
        assert calls == {"first": 3, "second": 1}


_OLD = """
CREATE TABLE texts (id INTEGER PRIMARY KEY, hash BLOB UNIQUE, content TEXT);
CREATE TABLE intents (
    id INTEGER PRIMARY KEY, key BLOB UNIQUE, model TEXT, request TEXT, created_at TEXT);
CREATE TABLE replies (
    id INTEGER PRIMARY KEY, key BLOB UNIQUE, reply TEXT, answered_at TEXT);
"""


def old_journal(path: Path, key: str) -> None:
    """As version 0 wrote it."""
    digests = [bytes([number]) * 16 for number in range(3)]
    packed = {
        "json_schema": digests[2].hex(),
        "max_tokens": 80,
        "messages": [["system", digests[0].hex()], ["user", digests[1].hex()]],
        "min_p": 0.08,
        "seed": 7,
        "stop": ["\n\n"],
        "temperature": 0.9,
        "top_p": 0.95,
    }
    contents = [turn.content for turn in REQUEST.messages] + [json.dumps(REQUEST.json_schema)]
    reply = {name: vars(REPLY)[name] for name in vars(REPLY) if name not in ("others",)}
    del reply["reasoning_tokens"]
    with closing(sqlite3.connect(path)) as database, database:
        database.executescript(_OLD)
        rows = list(zip(digests, contents, strict=True))
        database.executemany("INSERT INTO texts (hash, content) VALUES (?, ?)", rows)
        intent = (bytes.fromhex(key), "model", json.dumps(packed), "2026-01-01T00:00:00.000+00:00")
        database.execute("INSERT INTO intents VALUES (1, ?, ?, ?, ?)", intent)
        answer = (bytes.fromhex(key), json.dumps(reply), "2026-01-01T00:00:01.000+00:00")
        database.execute("INSERT INTO replies VALUES (1, ?, ?, ?)", answer)


@pytest.mark.parametrize("opened", [JournalReader, Journal])
def test_what_an_older_journal_holds_is_paid_and_read(
    tmp_path: Path, opened: type[JournalReader]
) -> None:
    path, key = tmp_path / "journal.sqlite", "ab" * 32
    old_journal(path, key)
    with opened(path) as journal:
        assert journal.get(key) == replace(REPLY, reasoning_tokens=0, others=())
        entry = journal.request_of(key)
        assert entry and entry.request == REQUEST and entry.reply == journal.get(key)
        assert entry.answered_at == "2026-01-01T00:00:01.000+00:00"
        assert (journal.count(), journal.lost(), journal.accounts()) == ((1, 1), [], [])
    with Journal(path) as journal:
        journal.intend(key_of(REQUEST), "model", REQUEST).result()
        record(journal, key_of(REQUEST)).result()
        assert journal.count() == (2, 2)


def test_a_journal_from_the_future_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    Journal(path).close()
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version = 99")
    for opened in (Journal, JournalReader):
        with pytest.raises(StorageError, match="later version"):
            opened(path)


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
        record(journal, "ab" * 32)
    with pytest.raises(StorageError):
        journal.get("ab" * 32)


def test_odd_paths_are_no_query(tmp_path: Path) -> None:
    folder = tmp_path / "hub?mode=memory & 100% #1"
    folder.mkdir()
    with Journal(folder / "journal.sqlite") as journal:
        record(journal, "ab" * 32).result()
    with closing(sqlite3.connect(folder / "journal.sqlite")) as database:
        assert database.execute("SELECT count(*) FROM answers").fetchone() == (1,)
