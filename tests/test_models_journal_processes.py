"""Processes that share a journal, and that are killed: what is paid is kept and listed."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from indic_persona_hub.models.journal import Journal, JournalReader
from indic_persona_hub.models.journal.accounts import PICO, Lost
from journal_books import ACCOUNT, ACCOUNTS, KEY, PRICE, REPLY, asking, key_of, of_replies, tokens


def test_the_second_of_two_replies_is_paid_and_listed_but_not_used(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    mine, theirs = REPLY, replace(REPLY, text="Another.", completion_tokens=50)
    with Journal(path) as one, Journal(path) as other:  # two hubs that share a journal
        assert one.intend(KEY, "small", asking()).result() is None
        assert other.intend(KEY, "small", asking()).result() is None
        assert one.record(KEY, mine, ACCOUNTS[0], PRICE).result() == mine
        assert other.record(KEY, theirs, ACCOUNTS[2], PRICE).result() == mine
        assert other.get(KEY) == mine
        assert one.spent("hub-1") == of_replies(mine)
        assert one.spent("hub-2") == of_replies(theirs)
        assert [(lost.key, lost.kind) for lost in one.lost()] == [(KEY, "doubled")]
        assert one.count() == (1, 1)


def test_a_reply_of_another_process_needs_no_call(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    with Journal(path) as one, Journal(path) as other:
        one.record(KEY, REPLY, ACCOUNT, PRICE).result()
        assert other.intend(KEY, "small", asking()).result() == REPLY
        assert other.get(KEY) == REPLY


_ASKER = """
import json, sys
from pathlib import Path
from indic_persona_hub.models.journal.accounts import Account
from indic_persona_hub.models.journal import Journal
from indic_persona_hub.models.prices import Price
from indic_persona_hub.models.socket import Message, Reply, Request
path, name, last, at_once, held = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:])
account, price = Account(name, "stage", "model"), Price(**json.loads(sys.stdin.readline()))
journal = Journal(Path(path))
def key_of(number): return f"{number:064x}"
def request(number): return Request((Message("user", str(number)),), 80, 0.9, 0.95, 0.0, (), 7)
known = journal.get_many(map(key_of, range(last)))
todo = [number for number in range(last) if key_of(number) not in known]
print("open", flush=True)
for start in range(0, len(todo), at_once):
    group = todo[start : start + at_once]
    done = [journal.intend(key_of(number), "model", request(number)) for number in group]
    group = [number for number, one in zip(group, done) if one.result() is None]
    print("intended", *group, flush=True)
    if start == held * at_once:
        sys.stdin.readline()  # till the end
    for number in group[::5]:
        journal.failed(key_of(number), account, "reset", True)
    replies = [Reply(name, "stop", 100 + number, number % 90, 10, 0.1) for number in group]
    done = [
        journal.record(key_of(number), reply, account, price)
        for number, reply in zip(group, replies)
    ]
    print("stand", *(one.result().prompt_tokens - 100 for one in done), flush=True)
journal.close()
print("closed", flush=True)
"""


def asker(path: Path, name: str, last: int, at_once: int, held: int = -1) -> subprocess.Popen[str]:
    """Asks so many requests, some at once; where the group `held` is under way it waits."""
    command = [sys.executable, "-c", _ASKER, str(path), name, *map(str, (last, at_once, held))]
    pipe = subprocess.PIPE
    child = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
    assert child.stdin is not None
    child.stdin.write(PRICE.model_dump_json() + "\n")
    child.stdin.flush()
    return child


def lines_of(child: subprocess.Popen[str]) -> list[list[str]]:
    assert child.stdout is not None
    return [line.split() for line in child.stdout if line.endswith("\n")]


def stated(lines: list[list[str]], what: str) -> set[int]:
    return {int(word) for line in lines if line[0] == what for word in line[1:]}


def check_books(journal: JournalReader, keys: list[str]) -> None:
    """The accounts are the sums of the replies that stand and of the attempts that were lost."""
    replies = journal.get_many(keys)
    lost = Counter(one.key for one in journal.lost() if one.key in replies)
    spent = journal.spent("hub")
    assert spent.calls == len(replies) == journal.count()[1]
    assert spent.prompt_tokens == sum(reply.prompt_tokens for reply in replies.values())
    assert spent.completion_tokens == sum(reply.completion_tokens for reply in replies.values())
    assert spent.lost_prompt_tokens == sum(
        times * replies[key].prompt_tokens for key, times in lost.items()
    )
    assert round(spent.cost_usd * PICO) == sum(
        (1 + lost[key]) * round(PRICE.cost_usd(*tokens(reply)) * PICO)
        for key, reply in replies.items()
    )


@dataclass
class Life:
    """What a child said before it was killed, and what the journal held then."""

    said: list[list[str]]
    answered: set[int]
    killed: Counter[str]


def live_and_die(path: Path, numbers: range, held: int, after_s: float) -> Life:
    child = asker(path, "hub", numbers.stop, 40, held)
    assert child.stdout is not None and child.stdout.readline() == "open\n"
    said: list[list[str]] = []
    while held >= 0 and len(stated(said, "intended")) < 40 * (held + 1):
        said.append(child.stdout.readline().split())
    time.sleep(after_s)
    child.send_signal(signal.SIGKILL)
    said += lines_of(child)
    child.wait()
    with JournalReader(path) as reader:
        answered = {int(key, 16) for key in reader.get_many(map(key_of, numbers))}
        killed = Counter(one.key for one in reader.lost() if one.kind == "killed")
    return Life(said, answered, killed)


def test_after_any_kill_accounts_equal_replies_and_what_was_under_way_is_listed(
    tmp_path: Path,
) -> None:
    path, numbers, chance = tmp_path / "journal.sqlite", range(6000), random.Random(3)
    keys = [key_of(number) for number in numbers]
    expected: Counter[str] = Counter()
    for held, after_s in [(2, 0.0), (-1, chance.uniform(0, 0.1)), (0, 0.0)]:
        life = live_and_die(path, numbers, held, after_s)
        assert stated(life.said, "stand") <= life.answered
        # What was said to be intended and has no reply was under way, and so may be what was on
        # disk before the child could say so.
        newly = life.killed - expected
        under_way = {key_of(number) for number in stated(life.said, "intended") - life.answered}
        assert under_way <= set(newly) and set(newly.values()) <= {1} and len(newly) <= 40
        assert held < 0 or len(newly) == len(under_way) == 40
        expected = life.killed
        with Journal(path) as journal:  # settles them
            assert Counter(one.key for one in journal.lost() if one.kind == "killed") == expected
            check_books(journal, keys)
    assert ["closed"] in lines_of(asker(path, "hub", numbers.stop, 40))
    with JournalReader(path) as reader:
        assert len(reader.get_many(keys)) == len(keys)
        assert Counter(one.key for one in reader.lost() if one.kind == "killed") == expected
        check_books(reader, keys)


def test_processes_that_ask_the_same_at_the_same_moment_agree(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    children = [asker(path, f"hub-{number}", 1500, 25) for number in range(3)]
    ended = [lines_of(child) for child in children]
    assert all(["closed"] in lines for lines in ended)
    with JournalReader(path) as reader:
        keys = [key_of(number) for number in range(1500)]
        assert len(reader.get_many(keys)) == 1500 == reader.count()[1]
        spent = [reader.spent(f"hub-{number}") for number in range(3)]
        doubled = [one for one in reader.lost() if one.kind == "doubled"]
        assert sum(one.calls for one in spent) == 1500 + len(doubled)
        assert {one.kind for one in reader.lost()} <= {"doubled", "reset"}
        assert sum(one.lost for one in spent) == len(reader.lost()) - len(doubled)


def test_what_a_killed_process_had_under_way_is_listed_once_and_a_live_ones_is_not(
    tmp_path: Path,
) -> None:
    path = tmp_path / "journal.sqlite"
    with Journal(path) as journal:
        journal.intend(key_of(9_999), "model", asking(9_999)).result()
        for kill in range(2):
            intend_and_die(path)
            listed = [one[:2] for one in journal.lost()]
            assert listed == [(KEY, "killed")] * (kill + 1)
        assert journal.intend(KEY, "model", asking()).result() is None
        journal.record(KEY, REPLY, ACCOUNT, PRICE).result()
        assert [one[:2] for one in journal.lost()] == [(KEY, "killed")] * 2
        assert journal.spent("hub-1") == of_replies(REPLY, each_lost=2)
    with JournalReader(path) as reader:  # what ended in order lost nothing but what it said
        assert len(reader.lost()) == 2
        assert isinstance(reader.lost()[0], Lost)


def test_a_kill_after_another_process_answered_is_charged_too(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    with Journal(path) as journal:
        journal.record(KEY, REPLY, ACCOUNT, PRICE).result()
    with closing(sqlite3.connect(path)) as database, database:  # as a process would leave it
        database.execute("INSERT INTO sessions VALUES (99, '')")
        database.execute("INSERT INTO under_way VALUES (99, 1, '2026-01-01T00:00:00.000+00:00')")
    with Journal(path) as journal:
        assert journal.lost() == [Lost(KEY, "killed", "2026-01-01T00:00:00.000+00:00")]
        assert journal.spent("hub-1") == of_replies(REPLY, each_lost=1)


_DIES = """
import os, signal, sys
from pathlib import Path
from indic_persona_hub.models.journal import Journal
from indic_persona_hub.models.socket import Message, Request
request = Request((Message("user", "passage"),), 80, 0.9, 0.95, 0.0, (), 7)
journal = Journal(Path(sys.argv[1]))
for key in sys.argv[2:]: journal.intend(key, "model", request).result()
for key in sys.argv[2:]: journal.left(key)
journal.intend(sys.argv[2], "model", request).result()
os.kill(os.getpid(), signal.SIGKILL)
"""


def intend_and_die(path: Path) -> None:
    """Two requests are intended and given up, and the first is asked again before the kill."""
    command = [sys.executable, "-c", _DIES, str(path), KEY, "cd" * 32]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL


def test_a_writer_waits_for_another_process_with_patience(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    with Journal(path) as journal:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        done = journal.record(KEY, REPLY, ACCOUNT, PRICE)
        time.sleep(0.3)
        assert journal.get(KEY) is None  # reading waits for nobody
        other.execute("COMMIT")
        assert done.result() == REPLY
        other.close()


def test_a_journal_on_another_disk_is_found_through_its_link(tmp_path: Path) -> None:
    shared, link = tmp_path / "shared" / "journal.sqlite", tmp_path / "hub" / "journal.sqlite"
    for path in (shared, link):
        path.parent.mkdir()
    link.symlink_to(shared)
    with Journal(link) as one:
        one.intend(KEY, "model", asking()).result()
        with Journal(shared) as other:
            assert other.lost() == []  # the process that asks through the link lives
            one.record(KEY, REPLY, ACCOUNT, PRICE).result()
            assert other.get(KEY) == REPLY
    assert [path.name for path in shared.parent.iterdir()] == ["journal.sqlite"]
