"""Kills a process that asks a model at random moments, and holds the journal against the bill.

    python benchmarks/model_kills.py --kills 200 --json

A child process asks through the caller, the HTTP plug and the journal; the provider lives on here.
Each life of the child is ended by SIGKILL at a seeded moment, from its opening of the journal on,
and the next one goes on where it stopped; the last one ends by itself. Then every request must have
one reply, the accounts must be the sums of the replies, and what the provider billed beyond one
answer a request must be listed by the journal, request by request.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path
from typing import Any

from indic_persona_hub.models.caller import Caller
from indic_persona_hub.models.endpoint.completion_requests import RequestWriter
from indic_persona_hub.models.journal import Journal, JournalReader
from indic_persona_hub.models.journal.keys import KeyMaker
from indic_persona_hub.models.load.lanes import Lanes
from indic_persona_hub.models.prices import Price
from indic_persona_hub.models.settings import OpenAICompatibleSettings, identity, open_model
from indic_persona_hub.models.socket import Message, Request
from indic_persona_hub.testing.provider import Provider

HUB = "hub"
CONNECTIONS = 64
LATENCY_S = 0.02
#: New requests of each life; it also asks those of the three lives before that have no reply.
NEW_REQUESTS = 150
WINDOW = 4
#: The longest life, from the child's opening of the journal.
LONGEST_S = 0.3
PRICE = Price(prompt_usd_per_million=0.15, completion_usd_per_million=0.6)


def asking(number: int) -> Request:
    turns = (
        Message("system", "You imagine people of India. Reply with one sentence."),
        Message("user", f"Passage {number}: the weekly haat sells ginger and turmeric."),
    )
    return Request(turns, 64, 0.9, 0.95, 0.08, (), seed=number)


def settings_for(base_url: str) -> OpenAICompatibleSettings:
    return OpenAICompatibleSettings(
        base_url=base_url, model="scripted", concurrency=CONNECTIONS, price=PRICE
    )


def live(base_url: str, path: Path, first: int, last: int) -> None:
    """One life: ask the requests from `first` to `last`."""
    settings = settings_for(base_url)
    print("born", flush=True)
    with Journal(path) as journal:
        plugs = open_model(settings, print, lambda done, whole: None, folder=path.parent)
        caller = Caller(
            Lanes(plugs, settings),
            journal,
            attempts=settings.attempts,
            identity=identity(settings),
            hub=HUB,
            price=PRICE,
        )
        answers = caller.ask_all([asking(number) for number in range(first, last)], stage="kills")
        assert all(answer.reply for answer in answers), "a request has no reply"
        caller.close()


def start(provider: Provider, path: Path, first: int, last: int) -> subprocess.Popen[str]:
    """A child that is about to open the journal."""
    command = [sys.executable, __file__, "--live", provider.base_url, str(path)]
    child = subprocess.Popen(
        [*command, str(first), str(last)], stdout=subprocess.PIPE, text=True, bufsize=1
    )
    assert child.stdout is not None and child.stdout.readline() == "born\n"
    return child


def kill_often(provider: Provider, path: Path, kills: int, seed: int) -> list[int]:
    """Returns how many requests were under way at each kill."""
    chance = random.Random(seed)
    listed = [0]
    for life in range(kills):
        first, last = max(0, life - WINDOW + 1) * NEW_REQUESTS, (life + 1) * NEW_REQUESTS
        child = start(provider, path, first, last)
        time.sleep(chance.uniform(0, LONGEST_S))
        child.send_signal(signal.SIGKILL)
        child.wait()
        listed.append(len(lost_in(path)) if path.exists() else 0)
        if sys.stderr.isatty():
            print(f"\r{life + 1} of {kills} kills", end="", file=sys.stderr, flush=True)
    assert start(provider, path, 0, kills * NEW_REQUESTS).wait() == 0, "the last life failed"
    return [after - before for before, after in pairwise(listed)]


def lost_in(path: Path) -> list[str]:
    with JournalReader(path) as journal:
        return [one.key for one in journal.lost() if one.kind == "killed"]


def compare(provider: Provider, path: Path, requests: int, at_kills: list[int]) -> dict[str, Any]:
    """The journal against itself and against the provider's bill."""
    settings = settings_for(provider.base_url)
    maker = KeyMaker(settings.model, identity(settings))
    body_of = RequestWriter(
        settings.model, api="chat", reply_format="json_schema", send_min_p=True
    ).body
    asked = [asking(number) for number in range(requests)]
    keys = [maker.key(request) for request in asked]
    billed_as = [blake2b(body_of(request), digest_size=16).hexdigest() for request in asked]
    bill = provider.ledger()
    with JournalReader(path) as journal:
        replies = journal.get_many(keys)
        lost = journal.lost()
        spent = journal.spent(HUB)
        answered = journal.count()[1]
    listed = Counter(one.key for one in lost if one.kind == "killed")
    beyond = beyond_one(bill["keys"], dict(zip(keys, billed_as, strict=True)))
    sums = sum(reply.prompt_tokens for reply in replies.values())
    return {
        "kills": len(at_kills),
        "requests": requests,
        "lost": requests - len(replies),
        "doubled": answered - len(replies) + sum(one.kind == "doubled" for one in lost),
        "calls": bill["calls"],
        "billed_twice": sum(beyond.values()),
        "billed_twice_and_not_listed": sum((beyond - listed).values()),
        "listed": sum(listed.values()),
        "most_listed_of_one_kill": max(at_kills, default=0),
        "accounts_differ_from_replies": spent.calls - len(replies) + spent.prompt_tokens - sums,
        "billed_tokens": bill["prompt_tokens"] + bill["completion_tokens"],
        "accounted_tokens": spent.prompt_tokens
        + spent.completion_tokens
        + spent.lost_prompt_tokens
        + spent.lost_completion_tokens,
    }


def beyond_one(bill: Mapping[str, Mapping[str, int]], names: Mapping[str, str]) -> Counter[str]:
    """Answers billed beyond one, by journal key."""
    counted = Counter[str]()
    for key, name in names.items():
        counted[key] = max(bill[name]["billed_calls"] - 1, 0) if name in bill else 0
    return counted


def is_bad(found: Mapping[str, Any]) -> bool:
    # The caller prepares twice as many requests as may be on their way.
    return bool(
        found["lost"]
        or found["doubled"]
        or found["billed_twice_and_not_listed"]
        or found["accounts_differ_from_replies"]
        or found["most_listed_of_one_kill"] > 2 * CONNECTIONS
        or found["billed_tokens"] > found["accounted_tokens"]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--live", nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.live:
        base_url, path, first, last = options.live
        live(base_url, Path(path), int(first), int(last))
        return
    begun_s = time.monotonic()
    with (
        tempfile.TemporaryDirectory() as folder,
        Provider(latency_s=LATENCY_S, replies="fixed") as provider,
    ):
        path = Path(folder) / "journal.sqlite"
        at_kills = kill_often(provider, path, options.kills, options.seed)
        found = compare(provider, path, options.kills * NEW_REQUESTS, at_kills)
    found["seconds"] = round(time.monotonic() - begun_s, 1)
    if options.json:
        print(json.dumps(found))
    else:
        for name, value in found.items():
            print(f"{name:>30}  {value}")
    sys.exit(int(is_bad(found)))


if __name__ == "__main__":
    main()
