"""The first run: real documents, the local model, and what came of them, as docs/first_run.md.

    python benchmarks/first_run.py ../shared/data --out /tmp/first-run

Reads four public data sets in the project's common form (Parquet with id, text, title, lang,
licence), draws a seeded sample of each, builds and releases, and writes OUT/first_run.md: yields by
stage and reason, calls, tokens, seconds, and released personas drawn by a stated seed.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from indic_persona_hub.cli.screen import Screen
from indic_persona_hub.release.publish import publish
from indic_persona_hub.run.build import build
from indic_persona_hub.run.hub import Hub
from indic_persona_hub.run.recipe import Recipe, parse_recipe
from indic_persona_hub.run.starter import demo_recipe
from indic_persona_hub.run.status import status

#: Rows drawn of each data set, by language.
SAMPLE: dict[str, dict[str, int]] = {
    "government_schemes": {"en": 112},
    "storyweaver_pratham": {
        "en": 30,
        "hi": 10,
        "mr": 4,
        "te": 4,
        "kn": 4,
        "gu": 3,
        "bn": 3,
        "ta": 2,
    },
    "setu_web_pages": {"en": 130},
    "kisan_call_centre": {"en": 92},
}
CHANGES = (
    "stages.ingest.languages=[]",
    "stages.text_to_persona.passage_max_tokens=null",
    "stages.ingest.min_characters=60",
    "stages.text_to_persona.candidates=1",
    "stages.persona_to_persona.rounds=1",
    "stages.persona_to_persona.parents_share=0.15",
)
SHOWN = 50


def draw(shared: Path, name: str, seed: int, share: float) -> list[dict[str, Any]]:
    """A seeded sample of a data set, in the order of its ids; `share` of the first run's."""
    rows = [row for file in sorted((shared / name).glob("*.parquet")) for row in read(file)]
    drawn = []
    for language, wanted in SAMPLE[name].items():
        of_language = sorted(
            (row for row in rows if row["lang"] == language), key=lambda r: r["id"]
        )
        chance = random.Random(f"{seed} {name} {language}")
        drawn += chance.sample(of_language, round(wanted * share))
    return drawn


def read(file: Path) -> list[dict[str, Any]]:
    return pq.read_table(file, columns=["id", "text", "title", "lang", "licence"]).to_pylist()


def recipe_for(shared: Path, out: Path, seed: int, share: float = 1.0) -> Recipe:
    """The demo's recipe over the sample, or a share of it."""
    content = demo_recipe(out, local=True).model_dump(mode="json")
    content["sources"] = []
    for name in SAMPLE:
        path = out / "texts" / f"{name}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = [
            json.dumps(row, ensure_ascii=False) + "\n" for row in draw(shared, name, seed, share)
        ]
        path.write_text("".join(lines), encoding="utf-8")
        fields = {"text": "text", "title": "title", "id": "id", "language": "lang"}
        fields["licence"] = "licence"
        content["sources"].append(
            {"kind": "jsonl", "path": str(path), "name": name, "fields": fields}
        )
    content["seed"] = seed
    recipe = parse_recipe(json.dumps(content), CHANGES)
    (out / "recipe.yaml").write_text(recipe.to_yaml(), encoding="utf-8")
    return recipe


def report(hub: Hub, seed: int) -> str:
    """Yields, usage and the drawn personas as Markdown."""
    found = status(hub)
    lines = ["| stage | in | out | rejected | fails | seconds |", "|---|---:|---:|---|---:|---:|"]
    for one in found["stages"]:
        lost = ", ".join(f"{reason} {n}" for reason, n in one["rejected"].items()) or "0"
        counts = f"{one['rows_in']} | {one['rows_out']} | {lost} | {one['fails']}"
        lines.append(f"| {one['name']} | {counts} | {one['seconds']:.1f} |")
    lines += [
        "",
        "| stage | model | calls | prompt tokens | reply tokens |",
        "|---|---|---:|---:|---:|",
    ]
    for one in found["usage"]:
        tokens = f"{one['prompt_tokens']} | {one['completion_tokens']}"
        lines.append(f"| {one['stage']} | {one['model']} | {one['calls']} | {tokens} |")
    lines += ["", *drawn_personas(hub, seed)]
    return "\n".join(lines) + "\n"


def drawn_personas(hub: Hub, seed: int) -> list[str]:
    verdicts = hub.read("verdicts")
    kept = sorted(verdicts.filter(verdicts["kept"])["id"].to_pylist())
    wanted = set(random.Random(seed).sample(kept, min(SHOWN, len(kept))))
    documents = {row["id"]: row for row in hub.read("documents").to_pylist()}
    shown = []
    for row in sorted(hub.read("personas").to_pylist(), key=lambda row: row["id"]):
        if row["id"] in wanted:
            origin = documents.get(row["document_id"])
            said = f"{origin['source']}, {origin['language']}" if origin else row["relation"]
            shown.append(f"{len(shown) + 1}. {row['persona']} ({said}; {row['domain_label']})")
    return shown


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("shared", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    recipe = recipe_for(options.shared, options.out, options.seed)
    screen = Screen()
    with screen.live():
        hub = build(recipe, screen)
    publish(hub, options.out / "release", settings=recipe.release)
    (options.out / "first_run.md").write_text(report(hub, options.seed), encoding="utf-8")
    print(f"Wrote {options.out / 'first_run.md'}")


if __name__ == "__main__":
    main()
