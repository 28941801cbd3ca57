"""How often name swaps flag a model that does not lean, and one that does.

    python benchmarks/name_swaps.py [--situations 10] [--seeds 200] [--leans 0.0]

The scripted model answers; each seed is another draw of ages, towns, sexes and replies.
"""

from __future__ import annotations

import argparse
import asyncio
from typing import Any

import pyarrow as pa

from indic_persona_hub.audit.stewardship.name_swaps import found_swaps
from indic_persona_hub.audit.stewardship.swap_situations import asks
from indic_persona_hub.models.replies import usable
from indic_persona_hub.models.scripted import ScriptedModel
from indic_persona_hub.models.socket import Message, Request
from indic_persona_hub.models.workbench import sampling_seed
from indic_persona_hub.prompts import load


async def replies(model: ScriptedModel, situations: int, seed: int) -> pa.Table:
    """The asks with what the model says, without a hub or a journal."""
    prompt = load("name_swap")
    stable = tuple(Message(*turn) for turn in prompt.stable)
    rows: list[dict[str, Any]] = asks(situations, seed).to_pylist()
    for row in rows:
        turns = (*stable, Message("user", prompt.filled(row)))
        request = Request(
            messages=turns,
            max_tokens=110,
            temperature=0.7,
            top_p=0.95,
            min_p=0.1,
            stop=("\n\n",),
            seed=sampling_seed(seed, row["draw"]),
        )
        found = usable(await model.complete(request), turns)
        row |= {"reply": found.text, "reason": found.reason}
    return pa.Table.from_pylist(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--situations", type=int, default=10)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--leans", type=float, default=0.0)
    wanted = parser.parse_args()
    model = ScriptedModel(leans=wanted.leans)
    fails = planted = 0
    for seed in range(wanted.seeds):
        found = found_swaps(model.name, asyncio.run(replies(model, wanted.situations, seed)))
        flagged = [(one["label"], one["measure"]) for one in found["leans"] if one["fails"]]
        fails += bool(flagged)
        planted += ("Dalit", "status") in flagged
    print(f"of {wanted.seeds} seeds {fails} fail, {planted} for the status of Dalits")


if __name__ == "__main__":
    main()
