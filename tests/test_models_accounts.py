"""The accounts: they equal the replies and the losses, however they come."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from indic_persona_hub.models.journal import Journal, JournalReader
from indic_persona_hub.models.journal.accounts import PICO, Account, Spent
from indic_persona_hub.models.socket import Reply
from journal_books import ACCOUNT, ACCOUNTS, KEY, PRICE, REPLY, asking, key_of, of_replies


def test_a_reply_is_charged_to_its_hub_stage_model_and_day(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal.sqlite") as journal:
        days = {datetime.now(UTC).date().isoformat()}
        for number, account in enumerate(ACCOUNTS):
            journal.record(key_of(number), REPLY, account, PRICE).result()
        days.add(datetime.now(UTC).date().isoformat())
        one = of_replies(REPLY)
        assert [(account, spent) for account, _, spent in journal.accounts("hub-1")] == [
            (ACCOUNTS[1], one),
            (ACCOUNTS[0], one),
        ]
        assert {day for _, day, _ in journal.accounts()} <= days
        assert len(journal.accounts()) == 3
        assert journal.spent("hub-1") == of_replies(REPLY, REPLY)
        assert journal.spent("nobody") == Spent()


def test_an_attempt_that_was_not_sent_is_only_counted(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal.sqlite") as journal:
        for kind in ("rate_limited", "connect", "rate_limited"):
            journal.failed(KEY, ACCOUNT, kind, False)
        journal.record(KEY, REPLY, ACCOUNT, PRICE).result()
        assert journal.spent("hub-1") == of_replies(REPLY, failed=3)
        assert journal.errors("hub-1") == {"rate_limited": 2, "connect": 1}
        assert (journal.lost(), journal.errors("hub-2")) == ([], {})


def test_an_attempt_that_may_be_billed_costs_what_the_reply_does(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal.sqlite") as journal:
        journal.intend(KEY, "small", asking()).result()
        journal.failed(KEY, ACCOUNT, "timeout", True)
        journal.failed(KEY, ACCOUNT, "reset", True)
        journal.flush()
        assert journal.spent("hub-1") == Spent(failed=2, lost=2)  # nobody knows yet how much
        journal.record(KEY, REPLY, ACCOUNT, PRICE).result()
        assert journal.spent("hub-1") == of_replies(REPLY, failed=2, each_lost=2)
        assert [(one.key, one.kind) for one in journal.lost()] == [(KEY, "timeout"), (KEY, "reset")]


def test_who_lost_an_attempt_is_charged_whoever_answers(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal.sqlite") as journal:
        journal.failed(KEY, ACCOUNTS[2], "timeout", True)
        journal.record(KEY, REPLY, ACCOUNTS[0], PRICE).result()
        journal.failed(KEY, ACCOUNTS[2], "reset", True)  # said late
        journal.flush()
        assert journal.spent("hub-1") == of_replies(REPLY)
        whole = of_replies(REPLY, failed=2, each_lost=2)
        assert journal.spent("hub-2").lost_prompt_tokens == whole.lost_prompt_tokens
        assert journal.spent("hub-2").cost_usd == of_replies(REPLY, REPLY).cost_usd


@dataclass
class Books:
    """The accounts as they must be, kept one by one."""

    standing: dict[int, Reply] = field(default_factory=dict)
    paid: list[tuple[Account, Reply]] = field(default_factory=list)
    doubled: int = 0
    failures: list[tuple[int, Account, str, bool]] = field(default_factory=list)

    def of(self, hub: str) -> Spent:
        calls = [reply for account, reply in self.paid if account.hub == hub]
        failed = [one for one in self.failures if one[1].hub == hub]
        lost = [one for one in failed if one[3]]
        charged = [self.standing[one[0]] for one in lost if one[0] in self.standing]
        spent, extra = of_replies(*calls), of_replies(*charged)
        return replace(
            spent,
            failed=len(failed),
            lost=len(lost),
            lost_prompt_tokens=extra.prompt_tokens,
            lost_completion_tokens=extra.completion_tokens,
            cost_usd=(round(spent.cost_usd * PICO) + round(extra.cost_usd * PICO)) / PICO,
        )


accounts = st.sampled_from(ACCOUNTS)
numbers = st.integers(0, 4)
counts = st.integers(0, 5000)
events = st.one_of(
    st.tuples(st.just("intend"), numbers),
    st.tuples(st.just("left"), numbers),
    st.tuples(st.just("flush")),
    st.tuples(
        st.just("failed"), numbers, accounts, st.sampled_from(["reset", "500"]), st.booleans()
    ),
    st.tuples(st.just("record"), numbers, accounts, counts, counts, counts, counts),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(events, max_size=30))
def test_accounts_equal_what_happened_however_it_is_grouped(happened: list[Any]) -> None:
    books = Books()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "journal.sqlite"
        with Journal(path) as journal:
            for what, *values in happened:
                enter(journal, books, what, values)
        with JournalReader(path) as reader:
            for hub in ("hub-1", "hub-2", "none"):
                assert reader.spent(hub) == books.of(hub)
            kinds = Counter(one.kind for one in reader.lost())
            lost = Counter(kind for _, _, kind, billed in books.failures if billed)
            assert kinds == lost + Counter({"doubled": books.doubled})
            found = reader.get_many(map(key_of, range(5)))
            assert found == {key_of(number): reply for number, reply in books.standing.items()}
            assert reader.count()[1] == len(books.standing)


def enter(journal: Journal, books: Books, what: str, values: list[Any]) -> None:
    if what == "flush":
        journal.flush()
    elif what == "intend":
        journal.intend(key_of(values[0]), "small", asking(values[0]))
    elif what == "left":
        journal.left(key_of(values[0]))
    elif what == "failed":
        number, account, kind, billed = values
        books.failures.append((number, account, kind, billed))
        journal.failed(key_of(number), account, kind, billed)
    else:
        number, account, prompt, cached, completion, reasoning = values
        cached = min(cached, prompt)
        reply = Reply(str(len(books.paid)), "stop", prompt, cached, completion, 0.1, reasoning)
        books.paid.append((account, reply))
        books.doubled += number in books.standing
        books.standing.setdefault(number, reply)
        journal.record(key_of(number), reply, account, PRICE)
