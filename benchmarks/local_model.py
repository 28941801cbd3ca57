"""The local model's speed, as a share of llama.cpp's own batched benchmark, in one run.

    python benchmarks/local_model.py [--weights NAME] [--rounds 3] [--json]

The yardstick is llama.cpp's own tool llama-batched-bench on the same machine code; see
llama_yardstick.py. Each round runs it, then the plug in this process, then the same weights behind
llama.cpp's HTTP server through the OpenAI-compatible plug; each in a process of its own, with the
same threads, slots and context. A share is the time in which the benchmark would read and write the
same tokens, by the time taken: the median of the rounds, and the best round's time against the
benchmark's best. Other work on the machine slows both, but never evenly: where there is some, the
second says more.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any

from llama_yardstick import PROMPT, REPLY, Place, Speed, yardstick, yardstick_library

from indic_persona_hub.models.endpoint.openai_compatible import OpenAICompatibleModel
from indic_persona_hub.models.local.llama_cpp import LlamaCppModel
from indic_persona_hub.models.local.weights import locate
from indic_persona_hub.models.settings import LlamaCppSettings, OpenAICompatibleSettings
from indic_persona_hub.models.socket import LanguageModel, Message, Request

WORDS = "field river market school temple bus loom boat seed well road song cloth rice lamp drum"
_SERVE = """
import sys
from indic_persona_hub.models.local.llama_server import load_runtime
runtime = load_runtime()
params = runtime.CommonParams()
params.model.path, slots, context, threads = sys.argv[1], *map(int, sys.argv[2:])
params.n_parallel, params.n_ctx = slots, slots * context
params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
params.verbosity, params.fit_params, params.ui = -1, False, False
server = runtime.Server(params)
print(server.listening_address, flush=True)
sys.stdin.read()
"""


# Our side


def asked(user: str, seed: int, *, affinity: str = "", reply: int = REPLY) -> Request:
    drawn = " ".join(random.Random(1).choices(WORDS.split(), k=PROMPT - 60))
    system = f"You write long stories of village life, of at least two thousand words. Of: {drawn}"
    turns = (Message("system", system), Message("user", user))
    return Request(turns, reply, 0.9, 0.95, 0.08, (), seed, affinity=affinity)


#: What hardly any reply ends before its last token.
STORY = "Write the story of a loom, at its full length."


def writing() -> list[Request]:
    """One prompt, other seeds: nothing but writing."""
    return [asked(STORY, seed) for seed in range(8)]


def building() -> list[Request]:
    """As in a build: passages of some 100 tokens, three replies to each."""
    requests = []
    for document in range(4):
        words = random.Random(document).choices(WORDS.split(), k=24)
        sentences = zip(words[::3], words[1::3], words[2::3], strict=True)
        passage = " ".join(f"In its {a} there is a {b} by the {c}." for a, b, c in sentences)
        user = f"This is a village. {passage}\n{STORY}"
        requests += [asked(user, seed, affinity=f"{document}") for seed in range(1, 4)]
    return requests


def reading() -> list[Request]:
    """Prompts that share nothing, one token each."""
    requests = []
    for document in range(4):
        text = " ".join(random.Random(100 + document).choices(WORDS.split(), k=PROMPT // 2))
        requests.append(Request((Message("user", text),), 1, 0.9, 0.95, 0.08, (), 1))
    return requests


WORK: dict[str, Callable[[], list[Request]]] = {
    "writing": writing,
    "building": building,
    "reading": reading,
}


async def measure(model: LanguageModel, slots: int, cpu_s: Callable[[], float]) -> dict[str, Any]:
    """Tokens, seconds and CPU seconds of each kind of work, all slots at once."""
    first = [asked(STORY, seed, reply=1) for seed in range(slots)]
    await asyncio.gather(*map(model.complete, first))
    found = {}
    for name, work in WORK.items():
        requests = work()
        began, cpu = time.perf_counter(), cpu_s()
        replies = await asyncio.gather(*map(model.complete, requests))
        found[name] = {
            "read": sum(reply.prompt_tokens - reply.cached_tokens for reply in replies),
            "written": sum(reply.completion_tokens for reply in replies),
            "seconds": time.perf_counter() - began,
            "cpu_s": cpu_s() - cpu,
        }
    await model.close()
    return found


def in_process(place: Place) -> dict[str, Any]:
    settings = LlamaCppSettings(weights=str(place.weights), slots=place.slots)
    model = LlamaCppModel(settings, print, lambda done, whole: None)
    return asyncio.run(measure(model, place.slots, time.process_time))


def over_http(place: Place) -> dict[str, Any]:
    sizes = [place.slots, place.context_tokens, place.threads]
    command = [sys.executable, "-c", _SERVE, str(place.weights), *map(str, sizes)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        settings = OpenAICompatibleSettings(
            base_url=f"{server.stdout.readline().strip()}/v1",
            model=place.weights.stem,
            concurrency=4 * place.slots,
            timeout_s=600,
        )
        model = OpenAICompatibleModel(settings)
        found = asyncio.run(measure(model, place.slots, lambda: cpu_of(server.pid)))
        server.stdin.close()
    return found


def cpu_of(pid: int) -> float:
    """CPU seconds of this process and of another one."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK") + time.process_time()


# Both


def alone(function: Callable[..., Any], *arguments: object) -> Any:
    """The result of a function, called in a new process."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()


def one_round(library: Path, place: Place) -> dict[str, Any]:
    speed: Speed = alone(yardstick, library, place)
    return {
        "yardstick": vars(speed),
        "in process": alone(in_process, place),
        "over HTTP": alone(over_http, place),
    }


def summary(rounds: list[dict[str, Any]]) -> dict[str, Any]:
    """Of the yardstick, and of each side and kind of work: medians, and shares of the yardstick."""
    speeds = [one["yardstick"] for one in rounds]
    found: dict[str, Any] = {
        "reads_per_s": 1 / median(speed["read_s"] for speed in speeds),
        "writes_per_s": 1 / median(speed["write_s"] for speed in speeds),
    }
    for side in ("in process", "over HTTP"):
        for work in WORK:
            found[f"{side}, {work}"] = shares([one[side][work] for one in rounds], speeds)
    return found


def shares(rows: list[dict[str, float]], speeds: list[dict[str, float]]) -> dict[str, float]:
    pairs = list(zip(rows, speeds, strict=True))
    best = {name: min(speed[name] for speed in speeds) for name in speeds[0]}
    names = ("read", "written", "seconds")
    return {
        **{name: median(row[name] for row in rows) for name in names},
        "tokens_per_s": median((row["read"] + row["written"]) / row["seconds"] for row in rows),
        "share": median(known_s(row, speed) / row["seconds"] for row, speed in pairs),
        "best_share": max(known_s(row, best) / row["seconds"] for row in rows),
        "cpu_share": median(known_s(row, speed, "cpu_s") / row["cpu_s"] for row, speed in pairs),
    }


def known_s(row: dict[str, float], speed: dict[str, float], unit: str = "s") -> float:
    """What the yardstick takes for the tokens of a row."""
    return row["read"] * speed[f"read_{unit}"] + row["written"] * speed[f"write_{unit}"]


def table(found: dict[str, Any]) -> str:
    known = found["summary"]
    lines = [
        f"{found['weights']}, {found['slots']} slots, {found['threads']} threads, xllamacpp "
        f"{found['runtime']}, {len(found['rounds'])} rounds",
        f"llama-batched-bench reads {known['reads_per_s']:.1f} tokens/s "
        f"and writes {known['writes_per_s']:.1f}",
        f"{'':24}{'read':>6}{'written':>9}{'s':>7}{'tokens/s':>10}{'share':>8}{'best':>8}{'CPU':>8}",
    ]
    for side in ("in process", "over HTTP"):
        for work in WORK:
            row = known[f"{side}, {work}"]
            lines.append(
                f"{f'{side}, {work}':24}{row['read']:6.0f}{row['written']:9.0f}"
                f"{row['seconds']:7.1f}{row['tokens_per_s']:10.1f}{row['share']:8.0%}"
                f"{row['best_share']:8.0%}{row['cpu_share']:8.0%}"
            )
    return "\n".join([*lines, f"Most memory of a process: {found['peak_mb']} MB"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weights", default=LlamaCppSettings().weights)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    plain = LlamaCppSettings()
    weights = locate(options.weights, announce=print, progress=lambda done, whole: None)
    threads = len(os.sched_getaffinity(0))
    place = Place(weights, plain.slots, threads, plain.context_tokens)
    library = yardstick_library()
    rounds = [one_round(library, place) for _ in range(options.rounds)]
    found = {
        "runtime": version("xllamacpp"),
        "weights": weights.stem,
        "slots": place.slots,
        "threads": threads,
        "summary": summary(rounds),
        "rounds": rounds,
        "peak_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
    }
    print(json.dumps(found, indent=1) if options.json else table(found))


if __name__ == "__main__":
    main()
