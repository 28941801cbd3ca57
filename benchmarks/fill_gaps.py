"""Audit a hub before and after its gaps are filled, by the scripted model or by a real one.

    python benchmarks/fill_gaps.py --target 1000
    python benchmarks/fill_gaps.py --target 200 --data ../shared/data --share 0.5 --out /tmp/gaps

With `--data` the texts are the sample of `first_run.py` and the model is the default local one.
"""

import argparse
import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import first_run

from indic_persona_hub.audit.audit import audit
from indic_persona_hub.run.build import build
from indic_persona_hub.run.hub import Hub, read_file
from indic_persona_hub.run.ledger import Ledger
from indic_persona_hub.run.recipe import Recipe, parse_recipe
from indic_persona_hub.run.starter import demo_recipe

_STEERED = {"state", "residence", "sex", "age_band"}


def plain_recipe(folder: Path, data: Path | None, share: float) -> dict[str, Any]:
    """The demo over its whole corpus, or the first run over a share of its sample."""
    if data is not None:
        return first_run.recipe_for(data, folder, seed=7, share=share).model_dump(mode="json")
    plain = demo_recipe(folder, local=False).model_dump(mode="json")
    plain["stages"][0]["ingest"]["languages"] = []
    return plain


def at(folder: Path, plain: dict[str, Any], target: int | None) -> Recipe:
    """The recipe with or without `fill_gaps`, over the same hub."""
    stages = list(plain["stages"])
    if target is not None:
        stages.insert(3, {"fill_gaps": {"target": target}})
    recipe = parse_recipe(Recipe.model_validate({**plain, "stages": stages}).to_yaml())
    return recipe.model_copy(update={"hub": str(folder / "hub")})


def main() -> None:
    """Build without the stage, audit, build with it, audit again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", type=int, default=1000)
    parser.add_argument("--data", type=Path, help="folder of data sets; the local model reads them")
    parser.add_argument("--share", type=float, default=1.0, help="of the sample of first_run.py")
    parser.add_argument("--out", type=Path, help="where the hub stays; else it is thrown away")
    asked = parser.parse_args()
    with TemporaryDirectory() as name:
        folder = asked.out or Path(name)
        plain = plain_recipe(folder, asked.data, asked.share)
        before = audit(build(at(folder, plain, None)).path)
        begun = time.monotonic()
        hub = build(at(folder, plain, asked.target))
        seconds = time.monotonic() - begun
        show(before, audit(hub.path))
        tell(hub, seconds)


def show(before: dict[str, Any], after: dict[str, Any]) -> None:
    """Total variation of the steered tables, and what share of the rows they are about."""
    tables = [{one["name"]: one for one in found["tables"]} for found in (before, after)]
    print(
        "| table | total variation before | by chance | after | by chance | rows before | after |"
    )
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, first in tables[0].items():
        if set(first["dimensions"]) <= _STEERED:
            second = tables[1][name]
            found = [_with_chance(one) for one in (first, second)]
            rows = f"{first['rows_known']:,} | {second['rows_known']:,}"
            print(f"| {name} | {' | '.join(found)} | {rows} |")


def _with_chance(table: dict[str, Any]) -> str:
    """Total variation, and what a faithful sample of so many rows shows of it."""
    return f"{table['total_variation']:.3f} | {table['noise_total_variation']:.3f}"


def tell(hub: Hub, seconds: float) -> None:
    """What was asked for, what came of it, and whether any cell was asked for that lacks nobody."""
    ledger = Ledger(hub.ledger_path, read_only=True)
    total = next(one for one in ledger.totals() if one.name == "fill_gaps")
    print(*(note for note in ledger.notes().values() if note), sep="\n")
    print(f"{total.rows_in:,} asks, {total.rows_out:,} personas, rejected: {total.rejected}")
    origins = Counter(
        "document" if one is not None else "parent"
        for path in hub.files("gaps")
        for one in read_file(path, ["document_id"])["document_id"].to_pylist()
    )
    print(f"asked about: {dict(origins)}; {seconds:.0f} s", file=sys.stdout)


if __name__ == "__main__":
    main()
