"""How near a provider's allowed rate is reached, whatever was known before.

    python benchmarks/model_rates.py --json

A provider allows 300 requests a second, then 100, then 600. Lanes and the plug ask it as in a
build, from several start windows. For each phase: the rate reached in its last seconds before 30 s
after the change, and the share of requests that were answered 429 in that time.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections import deque

from indic_persona_hub.models.endpoint.openai_compatible import OpenAICompatibleModel
from indic_persona_hub.models.failures import EndpointError
from indic_persona_hub.models.lanes import Lanes
from indic_persona_hub.models.settings import OpenAICompatibleSettings
from indic_persona_hub.models.socket import Message, Request
from indic_persona_hub.testing.provider import Provider

RATES = (300.0, 100.0, 600.0)
PHASE_S = 30.0
LOOKED_AT_S = 10.0
LATENCY_S = 0.05


class Counted:
    """When requests were answered and refused."""

    def __init__(self) -> None:
        self.answered: deque[float] = deque()
        self.refused: deque[float] = deque()

    def since(self, moment_s: float) -> tuple[int, int]:
        """Answered and refused from then on."""
        return tuple(sum(at >= moment_s for at in one) for one in (self.answered, self.refused))  # type: ignore[return-value]


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
            counted.refused.append(time.monotonic())
        else:
            permit.answered(time.monotonic() - begun, reply.completion_tokens)
            counted.answered.append(time.monotonic())


async def phases(server: Provider, start: int) -> list[dict[str, float]]:
    most = max(256, start)
    settings = OpenAICompatibleSettings(
        base_url=server.base_url, model="scripted", concurrency=most, price=0
    )
    lanes = Lanes([OpenAICompatibleModel(settings)], settings, start=start)
    counted = Counted()
    tasks = [asyncio.create_task(keep_asking(lanes, counted, n)) for n in range(most)]
    figures = []
    for allowed in RATES:
        server.allow(allowed)
        await asyncio.sleep(PHASE_S)
        answered, refused = counted.since(time.monotonic() - LOOKED_AT_S)
        reached = answered / LOOKED_AT_S
        figures.append(
            {
                "start": start,
                "allowed_per_s": allowed,
                "reached_per_s": round(reached, 1),
                "share": round(reached / allowed, 3),
                "wasted": round(refused / max(1, answered + refused), 4),
            }
        )
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await lanes.close()
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--starts", type=int, nargs="+", default=[1, 16, 256])
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rows = []
    for start in options.starts:
        with Provider(requests_per_s=RATES[0], latency_s=LATENCY_S, replies="fixed") as server:
            rows += asyncio.run(phases(server, start))
    if options.json:
        print(json.dumps(rows, indent=1))
        return
    for row in rows:
        print(
            f"start {row['start']:>4}  allowed {row['allowed_per_s']:>5.0f}/s"
            f"  reached {row['reached_per_s']:>6.1f}/s ({row['share']:.0%})"
            f"  wasted {row['wasted']:.1%}"
        )


if __name__ == "__main__":
    main()
