"""How near a forecast from a pilot comes to what the build then costs.

    python benchmarks/pilot_forecast.py [--shared ../shared/data] [--runs 10] [--calls 50] [--json]

Every run has its own seed: it makes a pilot, forecasts, builds the same hub to its end and compares
the forecast with the cost that the hub's journal then shows. The model is the scripted one behind
the shipped provider, at a list price. Texts are the shipped corpus and, with --shared, rows of the
four public data sets of `first_run.py`, drawn anew for each seed.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from first_run import SAMPLE, draw

from indic_persona_hub.run.build import build
from indic_persona_hub.run.forecast import forecast
from indic_persona_hub.run.pilot import pilot
from indic_persona_hub.run.recipe import Recipe, parse_recipe
from indic_persona_hub.run.starter import demo_recipe
from indic_persona_hub.run.status import status
from indic_persona_hub.testing.provider import Provider

NEAR = 0.15
PRICE = {"prompt_usd_per_million": 0.4, "completion_usd_per_million": 1.6}
#: The demo's recipe, two rounds of Persona-to-Persona in it, with each preset's own settings.
CHANGES = (
    "stages.ingest.languages=[]",
    "stages.ingest.min_characters=60",
    "stages.text_to_persona.candidates=null",
    "stages.text_to_persona.passage_max_tokens=null",
)
PRESETS = {
    "small_model": (),
    "structured": (
        "stages.text_to_persona.preset=structured",
        "stages.persona_to_persona.preset=structured",
    ),
}


def recipe_for(out: Path, preset: str, seed: int, base_url: str, shared: Path | None) -> Recipe:
    content = demo_recipe(out, local=False).model_dump(mode="json")
    model = {"kind": "openai_compatible", "base_url": base_url, "model": "scripted"}
    content |= {"seed": seed, "models": {"default": model | {"price": PRICE}}}
    if shared is not None:
        content["sources"] = [sampled(shared, name, out, seed) for name in SAMPLE]
    return parse_recipe(json.dumps(content), (*CHANGES, *PRESETS[preset]))


def sampled(shared: Path, name: str, out: Path, seed: int) -> dict[str, Any]:
    """A source of seeded rows of one data set."""
    path = out / f"{name}.jsonl"
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in draw(shared, name, seed)]
    path.write_text("".join(lines), encoding="utf-8")
    fields = {"text": "text", "title": "title", "id": "id", "language": "lang"}
    return {"kind": "jsonl", "path": str(path), "name": name, "fields": fields}


def run(preset: str, seed: int, calls: int, shared: Path | None) -> dict[str, Any]:
    """One pilot, its forecast, the build, and how far the one was from the other."""
    with TemporaryDirectory() as folder, Provider() as provider:
        recipe = recipe_for(Path(folder), preset, seed, provider.base_url, shared)
        begun = time.process_time()
        measured = pilot(recipe, calls)
        plan = forecast(recipe, measured)
        cpu_s = time.process_time() - begun
        asked = len(provider.calls)
        hub = build(recipe)
        keys = [call.key for call in provider.calls]
        usage = status(hub)["usage"]
    real = sum(one["cost_usd"] for one in usage)
    low, high = plan.intervals["cost_usd"]
    return {
        "texts": "corpus" if shared is None else "shared",
        "preset": preset,
        "seed": seed,
        "documents": plan.documents,
        "pilot_documents": measured.families,
        "pilot_calls": asked,
        "pilot_cpu_s": round(cpu_s, 2),
        "calls": len(keys),
        "asked_twice": len(keys) - len(set(keys)),
        "forecast_usd": round(plan.cost_usd, 6),
        "low_usd": round(low, 6),
        "high_usd": round(high, 6),
        "real_usd": round(real, 6),
        "off": round(plan.cost_usd / real - 1, 4),
        "in_interval": low <= real <= high,
    }


def summary(runs: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "runs": len(runs),
        "within_15_percent": sum(abs(one["off"]) <= NEAR for one in runs),
        "in_interval": sum(one["in_interval"] for one in runs),
        "worst": max(abs(one["off"]) for one in runs),
        "asked_twice": sum(one["asked_twice"] for one in runs),
    }


def show(one: dict[str, Any]) -> None:
    print(
        f"{one['texts']:<7} {one['preset']:<11} seed {one['seed']:>2}:"
        f" {one['documents']:>4} documents, {one['pilot_calls']:>3} of {one['calls']:>5} calls,"
        f" forecast {one['forecast_usd']:.4f} [{one['low_usd']:.4f}, {one['high_usd']:.4f}],"
        f" real {one['real_usd']:.4f} USD, {one['off']:+.1%}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--calls", type=int, default=50)
    parser.add_argument("--json", action="store_true", help="print one object, no lines")
    options = parser.parse_args()
    found: dict[str, Any] = {}
    for shared in (None, options.shared) if options.shared else (None,):
        for preset in PRESETS:
            runs = []
            for seed in range(1, options.runs + 1):
                runs.append(run(preset, seed, options.calls, shared))
                if not options.json:
                    show(runs[-1])
            found[f"{runs[0]['texts']}/{preset}"] = summary(runs) | {"each": runs}
    if options.json:
        print(json.dumps(found, indent=2))
    else:
        for name, one in found.items():
            print(
                f"{name}: within 15% in {one['within_15_percent']} of {one['runs']}, inside the"
                f" interval in {one['in_interval']}, worst {one['worst']:.1%},"
                f" asked twice {one['asked_twice']}"
            )


if __name__ == "__main__":
    main()
