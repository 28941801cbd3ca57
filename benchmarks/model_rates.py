"""How near a provider's allowed rate is reached, whatever was known before.

    python benchmarks/model_rates.py --json

A provider allows 300 requests a second, then 100, then 600. Lanes and the plug ask it as in a
build, from several start windows, for 30 s after each change. For each phase: the rate reached in
its last 10 s, the seconds until 90% of what is allowed was first reached over 3 s, and the share of
requests in those last 10 s that were answered 429.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time

from indic_persona_hub.models.endpoint.openai_compatible import OpenAICompatibleModel
from indic_persona_hub.models.failures import EndpointError
from indic_persona_hub.models.load.lanes import Lanes
from indic_persona_hub.models.settings import OpenAICompatibleSettings
from indic_persona_hub.models.socket import Message, Request
from indic_persona_hub.testing.provider import Provider

RATES = (300.0, 100.0, 600.0)
PHASE_S = 30
LOOKED_AT_S = 10
REACHED_OVER_S = 3


class Counted:
    """When requests were answered, and when they were answered 429."""

    def __init__(self) -> None:
        self.answered: list[float] = []
        self.refused: list[float] = []

    def per_s(self, begin: float, end: float) -> float:
        return sum(begin <= at < end for at in self.answered) / (end - begin)

    def wasted(self, begin: float, end: float) -> float:
        answered = sum(begin <= at < end for at in self.answered)
        refused = sum(begin <= at < end for at in self.refused)
        return refused / max(1, answered + refused)

    def first_reached_s(self, begin: float, allowed_per_s: float) -> float | None:
        for tenths in range(10 * (PHASE_S - REACHED_OVER_S)):
            at = begin + tenths / 10
            if self.per_s(at, at + REACHED_OVER_S) >= 0.9 * allowed_per_s:
                return round(at + REACHED_OVER_S - begin, 1)
        return None


async def keep_asking(lanes: Lanes, counted: Counted, number: int) -> None:
    while True:
        number += 10_000
        turns = (Message("user", f"Passage {number}: ginger at the haat."),)
        request = Request(turns, 40, 0.9, 0.95, 0.0, (), number)
        permit = await lanes.enter(60)
        begun = time.monotonic()
        try:
            reply = await permit.plug.complete(request)
        except EndpointError as error:
            permit.failed(error)
            if error.kind == "rate_limited":
                counted.refused.append(time.monotonic())
        else:
            permit.answered(time.monotonic() - begun, reply.completion_tokens)
            counted.answered.append(time.monotonic())


async def run_phases(server: Provider, start: int, most: int) -> list[dict[str, float | None]]:
    settings = OpenAICompatibleSettings(
        base_url=server.base_url, model="scripted", concurrency=most, price=0
    )
    lanes = Lanes([OpenAICompatibleModel(settings)], settings, start=start)
    counted = Counted()
    figures: list[dict[str, float | None]] = []
    tasks = [asyncio.create_task(keep_asking(lanes, counted, n)) for n in range(most)]
    try:
        for allowed in RATES:
            server.allow(allowed)
            begin = time.monotonic()
            done, _ = await asyncio.wait(
                tasks, timeout=PHASE_S, return_when=asyncio.FIRST_COMPLETED
            )
            for task in done:
                task.result()
            figures.append(figures_of(counted, start, allowed, begin))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await lanes.close()
    return figures


def figures_of(
    counted: Counted, start: int, allowed_per_s: float, begin: float
) -> dict[str, float | None]:
    looked_at = (begin + PHASE_S - LOOKED_AT_S, begin + PHASE_S)
    reached_per_s = counted.per_s(*looked_at)
    return {
        "start": start,
        "allowed_per_s": allowed_per_s,
        "reached_per_s": round(reached_per_s, 1),
        "share": round(reached_per_s / allowed_per_s, 3),
        "reached_after_s": counted.first_reached_s(begin, allowed_per_s),
        "wasted": round(counted.wasted(*looked_at), 4),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--starts", type=int, nargs="+", default=[1, 16, 256])
    parser.add_argument("--latency-ms", type=float, default=50)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    latency_s = options.latency_ms / 1000
    rows: list[dict[str, float | None]] = []
    for start in options.starts:
        most = min(4096, max(256, start, int(1.5 * max(RATES) * latency_s)))
        with Provider(requests_per_s=RATES[0], latency_s=latency_s, replies="fixed") as server:
            rows += asyncio.run(run_phases(server, start, most))
    if options.json:
        print(json.dumps(rows, indent=1))
        return
    for row in rows:
        print(
            f"start {row['start']:>4}  allowed {row['allowed_per_s']:>3.0f}/s"
            f"  reached {row['reached_per_s']:>5.1f}/s ({row['share']:>4.0%})"
            f"  after {row['reached_after_s']} s  wasted {row['wasted']:.1%}"
        )


if __name__ == "__main__":
    main()
