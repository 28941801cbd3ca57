"""Tokens that one accepted persona costs, by preset and by how the model is asked.

    python benchmarks/tokens_per_persona.py [--json]
    python benchmarks/tokens_per_persona.py --local --documents 20 \\
        --only "small_model, candidates 3" --only "small_model, choices 3"

Every setting is a build of its own over the shipped corpus, judged, with at most so many personas
of a document kept as its row says. The model is the scripted one, whose replies are as long as its
author made them and whose faults are its own: what it shows is how prompts are shared and paid for,
not what share of a real model's personas passes. With --local the model is the default local one,
on the English texts.

`fresh` are the prompt tokens that an endpoint with a prefix cache has to read: without the system
text and the examples, which all calls of a prompt repeat; with --local, what was really read.
"""

from __future__ import annotations

import argparse
import json
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from indic_persona_hub.prompts import Prompt
from indic_persona_hub.run.build import build
from indic_persona_hub.run.hub import Hub
from indic_persona_hub.run.recipe import Recipe, parse_recipe
from indic_persona_hub.run.starter import corpus_folder, demo_recipe
from indic_persona_hub.run.status import status
from indic_persona_hub.testing.provider.completions import tokens_in

TEXT, CHILD = "stages.text_to_persona", "stages.persona_to_persona"
STRUCTURED = f"{TEXT}.preset=structured"
CHILDREN = (STRUCTURED, f"{CHILD}.preset=structured", f"{CHILD}.rounds=1", f"{CHILD}.children=4")
#: By name: personas kept of a document, and changes of the demo's recipe.
SETTINGS: dict[str, tuple[int, tuple[str, ...]]] = {
    "small_model, candidates 3": (1, (f"{TEXT}.candidates=3",)),
    "small_model, choices 3": (1, (f"{TEXT}.candidates=1", f"{TEXT}.sampling.choices=3")),
    "structured, 1 a call": (4, (STRUCTURED, f"{TEXT}.per_document=4")),
    "structured, 4 a call": (
        4,
        (STRUCTURED, f"{TEXT}.per_document=4", f"{TEXT}.personas_per_call=4"),
    ),
    "structured, choices 3": (3, (STRUCTURED, f"{TEXT}.sampling.choices=3")),
    "structured children, 1 a call": (1, CHILDREN),
    "structured children, 4 a call": (1, (*CHILDREN, f"{CHILD}.children_per_call=4")),
}


def recipe_for(out: Path, name: str, *, local: bool, documents: int | None) -> Recipe:
    kept, changes = SETTINGS[name]
    recipe = demo_recipe(out, local=local)
    content = recipe.model_dump(mode="json")
    if "children" not in name:
        content["stages"] = [one for one in content["stages"] if CHILD.split(".")[1] not in one]
    if documents is not None:
        source = first_texts(out / "texts.jsonl", documents)
        content["sources"] = [content["sources"][0] | {"path": str(source)}]
    languages = "[eng]" if local else "[]"
    plain = ("candidates", "passage_max_tokens")
    given = (
        f"stages.ingest.languages={languages}",
        f"select.per_document={kept}",
        *(f"{TEXT}.{setting}=null" for setting in plain),
    )
    return parse_recipe(json.dumps(content), (*given, *changes))


def first_texts(path: Path, count: int) -> Path:
    """The first English texts of the shipped corpus."""
    files = sorted(corpus_folder().glob("*.jsonl"))
    rows = [line for file in files for line in file.read_text("utf-8").splitlines()]
    english = [line for line in rows if json.loads(line)["language"] in ("en", "eng")]
    path.write_text("".join(f"{line}\n" for line in english[:count]), encoding="utf-8")
    return path


def measured(hub: Hub, recipe: Recipe, name: str) -> dict[str, Any]:
    """What the stage that the setting is about spent, and how many of its personas are kept."""
    found = status(hub)
    method = (CHILD if "children" in name else TEXT).split(".")[1]
    made = next(one for one in found["stages"] if one["name"] == method)
    spent = [one for one in found["usage"] if one["stage"] == method]
    calls, prompt, cached, completion = (
        sum(one[count] for one in spent)
        for count in ("calls", "prompt_tokens", "cached_tokens", "completion_tokens")
    )
    stage = next(one for one in recipe.stages if one.name == method)
    fresh = prompt - (cached or repeated(stage.prompts(), calls, made["rows_read"]))
    accepted = accepted_of(hub, method)
    return {
        "setting": name,
        "kept_of_a_document": SETTINGS[name][0],
        "calls": calls,
        "asked_for": made["rows_in"],
        "accepted": accepted,
        "prompt_tokens": prompt / accepted,
        "fresh_tokens": fresh / accepted,
        "completion_tokens": completion / accepted,
        "tokens": (prompt + completion) / accepted,
        "rejected": made["rejected"],
    }


def accepted_of(hub: Hub, method: str) -> int:
    verdicts = hub.read("verdicts", ["id", "kept"]).to_pylist()
    kept = {one["id"] for one in verdicts if one["kept"]}
    personas = hub.read("personas", ["id", "synth_method"]).to_pylist()
    return sum(one["synth_method"] == method and one["id"] in kept for one in personas)


def repeated(prompts: tuple[Prompt, ...], calls: int, documents: int) -> int:
    """Tokens, as the scripted model counts them, of the turns that no row changes: in all calls of
    a prompt but its first. A second prompt is the sketch's, asked once a document.
    """
    sketches = documents if len(prompts) > 1 else 0
    counts = (calls - sketches, sketches)
    return sum(
        max(0, count - 1) * sum(map(tokens_in, (one.system, *chain(*one.examples))))
        for one, count in zip(prompts, counts, strict=False)
    )


COLUMNS = "| {:<29} | {:>5} | {:>5} | {:>8} | {:>8} | {:>6} | {:>6} | {:>10} | {:>6} |"
HEADS = "setting,kept,calls,asked for,accepted,prompt,fresh,completion,tokens".split(",")


def line(row: dict[str, Any]) -> str:
    whole = [row[name] for name in ("kept_of_a_document", "calls", "asked_for", "accepted")]
    each = ("prompt_tokens", "fresh_tokens", "completion_tokens", "tokens")
    return COLUMNS.format(row["setting"], *whole, *(f"{row[name]:,.0f}" for name in each))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--local", action="store_true", help="the default local model")
    parser.add_argument("--documents", type=int, help="English texts of the corpus; all texts else")
    parser.add_argument("--only", action="append", choices=SETTINGS, help="may be given again")
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args()
    rows = []
    for name in wanted.only or SETTINGS:
        with TemporaryDirectory(prefix="iph-tokens-") as folder:
            recipe = recipe_for(Path(folder), name, local=wanted.local, documents=wanted.documents)
            rows.append(measured(build(recipe), recipe, name))
    if wanted.json:
        print(json.dumps(rows))
        return
    print(COLUMNS.format(*HEADS), COLUMNS.format(*["---"] * len(HEADS)), *map(line, rows), sep="\n")


if __name__ == "__main__":
    main()
