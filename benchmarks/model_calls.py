"""How fast models are asked: the whole path against a bare client and the official one.

The provider runs on one core, each client on the other, one after another:

    python benchmarks/model_calls.py --requests 50000 --connections 256 --latency-ms 50 --json

Ours renders prompts from a table, asks through the journal, reads and
judges the replies and writes a table. `aiohttp` sends the same bodies and reads the text, with
nothing else; `openai` is the official client without its retries. With `--faults all=0.15` only
ours runs, and the provider's bill is held against the journal's accounts.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

ROWS_PER_SLICE = 4096
SLICES_AT_ONCE = 4
TIMEOUT_S = 10.0
NEVER_READ = ("reset", "timeout", "first_byte_timeout")
MODEL = "scripted"
STANCES = ("reads it", "writes about it", "likes it", "dislikes it")


@dataclass(frozen=True)
class Job:
    base_url: str
    requests: int
    connections: int
    folder: Path


def rows(first: int, last: int) -> list[dict[str, Any]]:
    """What the prompt's placeholders are filled with."""
    from indic_persona_hub.records import unit_interval

    towns = ("Koraput, Odisha", "Sivakasi, Tamil Nadu", "Nashik, Maharashtra", "Leh, Ladakh")
    work = ("ginger at the weekly haat", "matchbox labels", "grape pruning", "apricot drying")
    made = []
    for number in range(first, last):
        chance = unit_interval("row", str(number))
        place = int(chance * 4)
        made.append(
            {
                "id": f"{number:08d}",
                "draw": number,
                "topic": work[place],
                "role": f"worker {number} who lives by {work[place]}",
                "stance_phrase": ("reads it", "writes about it", "likes it", "dislikes it")[
                    number % 4
                ],
                "opening": f"A {22 + number % 50}-year-old",
                "place": towns[place],
                "age": str(22 + number % 50),
                "gender": ("woman", "man")[number % 2],
            }
        )
    return made


def write_rows(folder: Path, requests: int) -> None:
    """What ours reads, as a build reads its slices."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    for low in range(0, requests, ROWS_PER_SLICE):
        table = pa.Table.from_pylist(rows(low, min(low + ROWS_PER_SLICE, requests)))
        pq.write_table(table, folder / f"rows-{low // ROWS_PER_SLICE:03d}.parquet")


def bodies(job: Job) -> Iterator[bytes]:
    """The same requests for the bare client."""
    from indic_persona_hub.prompts import load

    prompt = load("text_to_persona_small")
    for row in rows(0, job.requests):
        values = {name: str(row.get(name, "")) for name in prompt.placeholders}
        turns = [{"role": role, "content": text} for role, text in prompt.messages(values)]
        body = {
            "model": MODEL,
            "messages": turns,
            "max_tokens": 80,
            "temperature": 0.8,
            "top_p": 0.95,
            "seed": row["draw"],
        }
        yield json.dumps(body, ensure_ascii=False).encode()


def ours(job: Job) -> dict[str, Any]:
    import daft

    from indic_persona_hub.models.caller import Caller
    from indic_persona_hub.models.journal import Journal
    from indic_persona_hub.models.load.lanes import Lanes
    from indic_persona_hub.models.prices import Price
    from indic_persona_hub.models.settings import OpenAICompatibleSettings, identity, open_model
    from indic_persona_hub.models.workbench import HubWorkbench
    from indic_persona_hub.prompts import load
    from indic_persona_hub.run.hub import read_file, write_file
    from indic_persona_hub.stage import Sampling

    price = Price(prompt_usd_per_million=0.15, completion_usd_per_million=0.6)
    settings = OpenAICompatibleSettings(
        base_url=job.base_url,
        model=MODEL,
        concurrency=job.connections,
        timeout_s=TIMEOUT_S,
        price=price,
    )
    prompt = load("text_to_persona_small")
    sampling = Sampling(temperature=0.8, max_tokens=80)
    journal = Journal(job.folder / "journal.sqlite")
    plugs = open_model(settings, print, lambda done, whole: None, folder=job.folder)
    caller = Caller(
        Lanes(plugs, settings),
        journal,
        attempts=settings.attempts,
        identity=identity(settings),
        hub="benchmark",
        price=price,
    )
    first: list[float] = []
    begun = time.perf_counter()

    def replied() -> None:
        if not first:
            first.append(time.perf_counter() - begun)

    bench = HubWorkbench(7, {"default": caller}, "text_to_persona", replied)

    def work(number: int) -> None:
        table = read_file(job.folder / f"rows-{number:03d}.parquet")
        frame = daft.from_arrow(table)
        out = bench.ask(frame, prompt=prompt, model="default", sampling=sampling).to_arrow()
        write_file(job.folder / f"slice-{number:03d}.parquet", out)

    with measured(job.requests) as figures, ThreadPoolExecutor(SLICES_AT_ONCE) as threads:
        begun = time.perf_counter()
        list(threads.map(work, range(-(-job.requests // ROWS_PER_SLICE))))
    journal.flush()
    spent = journal.spent("benchmark")
    lost = Counter(one.kind for one in journal.lost())
    journal_errors = journal.errors("benchmark")
    caller.close()
    journal.close()
    out = rejected = lost_rows = 0
    for path in sorted(job.folder.glob("slice-*.parquet")):
        reasons = read_file(path, ["reason"])["reason"].to_pylist()
        out += len(reasons)
        rejected += sum(reason is not None for reason in reasons)
        lost_rows += reasons.count("model_error")
    return figures | {
        "lost": job.requests - out + lost_rows,
        "rows_out": out,
        "rejected": rejected,
        "first_reply_s": round(first[0], 3),
        "longest_attempt_s": round(caller.tally.longest_s, 2),
        "hung": int(caller.tally.longest_s > TIMEOUT_S + 5),
        "prompt_tokens": spent.prompt_tokens + spent.lost_prompt_tokens,
        "completion_tokens": spent.completion_tokens + spent.lost_completion_tokens,
        "cost_usd": round(spent.cost_usd, 4),
        "failed_attempts": journal_errors,
        "may_be_billed": dict(lost),
        "answered": spent.calls,
    }


def bare(job: Job) -> dict[str, Any]:
    import aiohttp

    async def main() -> dict[str, Any]:
        connector = aiohttp.TCPConnector(limit=job.connections)
        headers = {"Content-Type": "application/json"}
        async with aiohttp.ClientSession(connector=connector, headers=headers) as session:

            async def one(body: bytes) -> bool:
                url = f"{job.base_url}/chat/completions"
                async with session.post(url, data=body) as response:
                    answer = json.loads(await response.read())
                return bool(answer["choices"])

            return await drawn(job, bodies(job), one)

    return asyncio.run(main())


def official(job: Job) -> dict[str, Any]:
    import openai

    async def main() -> dict[str, Any]:
        client = openai.AsyncOpenAI(base_url=job.base_url, api_key="none", max_retries=0)

        async def one(body: bytes) -> bool:
            answer = await client.chat.completions.create(**json.loads(body))
            return bool(answer.choices)

        try:
            return await drawn(job, bodies(job), one)
        finally:
            await client.close()

    return asyncio.run(main())


async def drawn(
    job: Job, work: Iterator[bytes], one: Callable[[bytes], Awaitable[bool]]
) -> dict[str, Any]:
    """Ask everything with as many tasks as connections."""
    answered = 0

    async def worker() -> None:
        nonlocal answered
        for body in work:
            found = await one(body)
            answered += found

    with measured(job.requests) as figures:
        await asyncio.gather(*(worker() for _ in range(job.connections)))
    return figures | {"lost": job.requests - answered}


class measured:  # noqa: N801 - reads as a statement
    """Wall time, CPU time and peak memory of this process inside the block."""

    def __init__(self, requests: int) -> None:
        self._requests = requests
        self._figures: dict[str, Any] = {}

    def __enter__(self) -> dict[str, Any]:
        self._begun = time.perf_counter()
        self._cpu_s = cpu_s()
        return self._figures

    def __exit__(self, *raised: object) -> None:
        wall_s = time.perf_counter() - self._begun
        used_s = cpu_s() - self._cpu_s
        self._figures |= {
            "requests_per_s": round(self._requests / wall_s),
            "cpu_ms_per_request": round(1000 * used_s / self._requests, 3),
            "peak_mb": peak_mb(),
        }


def peak_mb() -> int:
    """Of this program alone: `ru_maxrss` begins with what the parent had."""
    status = Path("/proc/self/status").read_text()
    return round(int(status.split("VmHWM:")[1].split()[0]) / 1024)


def cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


CLIENTS = {"ours": ours, "aiohttp": bare, "openai": official}


def run_client(name: str, options: argparse.Namespace, requests: int) -> dict[str, Any]:
    """One client in a process of its own, against a provider of its own."""
    with (
        tempfile.TemporaryDirectory(dir=options.folder) as folder,
        provider(options) as base_url,
    ):
        if name == "ours":
            write_rows(Path(folder), requests)
        command = [
            *pinned(0), sys.executable, __file__, "--client", name, "--base-url", base_url,
            "--requests", str(requests), "--connections", str(options.connections),
            "--folder", folder,
        ]  # fmt: skip
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
        figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        with urlopen(base_url.removesuffix("/v1") + "/ledger") as answer:
            ledger = json.load(answer)
    keys = ledger.pop("keys")
    figures["doubled"] = sum(one["delivered"] > 1 for one in keys.values())
    figures["provider"] = ledger
    if name == "ours":
        # A connection that broke or fell silent may have been billed; this provider bills neither.
        unread = figures["may_be_billed"]
        whole = sum(count for kind, count in unread.items() if kind not in NEVER_READ)
        figures["bill_is_ledger"] = figures["answered"] + whole == ledger["billed_calls"]
    figures["calls_per_row"] = round(ledger["calls"] / requests, 4)
    return figures


class provider:  # noqa: N801 - reads as a statement
    """`iph provider` on the other core."""

    def __init__(self, options: argparse.Namespace) -> None:
        command = [
            *pinned(1),
            str(Path(sys.executable).with_name("iph")),
            "provider",
            "--port",
            "0",
        ]
        command += ["--latency-ms", str(options.latency_ms), "--replies", options.replies]
        if options.faults:
            command += ["--faults", options.faults, "--seed", str(options.seed)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    def __enter__(self) -> str:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if "http://" in line:
                return line[line.index("http://") :].split()[0].rstrip(".,")
        raise SystemExit("iph provider did not start")

    def __exit__(self, *raised: object) -> None:
        self._process.terminate()
        self._process.wait()


def pinned(core: int) -> list[str]:
    cores = sorted(os.sched_getaffinity(0))
    return ["taskset", "-c", str(cores[core % len(cores)])] if len(cores) > 1 else []


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=50_000)
    parser.add_argument("--connections", type=int, default=256)
    parser.add_argument("--latency-ms", type=float, default=50)
    parser.add_argument("--faults", default="", help='"all=0.15": ours alone, bill against ledger')
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--replies", default="fixed", help="fixed or scripted")
    parser.add_argument("--openai-requests", type=int, default=4_000, help="it is slow")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--client", choices=CLIENTS, help=argparse.SUPPRESS)
    parser.add_argument("--base-url", default="", help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> None:
    options = parsed()
    if options.client:
        job = Job(options.base_url, options.requests, options.connections, options.folder)
        print(json.dumps(CLIENTS[options.client](job)))
        return
    figures = run_client("ours", options, options.requests)
    peers = {}
    if not options.faults:
        peers["aiohttp"] = run_client("aiohttp", options, options.requests)
        few = min(options.requests, options.openai_requests)
        peers["openai"] = run_client("openai", options, few)
    figures["peers"] = peers
    if options.json:
        print(json.dumps(figures, indent=1))
        return
    for name, one in (("ours", figures), *peers.items()):
        print(
            f"{name:8} {one['requests_per_s']:>7,}/s {one['cpu_ms_per_request']:>7} ms CPU"
            f" {one['peak_mb']:>5} MB  lost {one['lost']}  doubled {one['doubled']}"
        )


if __name__ == "__main__":
    main()
