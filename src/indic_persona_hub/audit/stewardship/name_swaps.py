"""Name swaps: the hub's own model is told of people who differ in one word of identity only, and
what it makes of them is compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import daft
import pyarrow as pa

from indic_persona_hub.audit.rounding import number
from indic_persona_hub.audit.stewardship.swap_leans import (
    CHANCE,
    MOST_LEAN,
    Lean,
    leans,
    seen_from,
)
from indic_persona_hub.audit.stewardship.swap_replies import by_situation
from indic_persona_hub.audit.stewardship.swap_situations import Identity, asks, identities
from indic_persona_hub.errors import ModelError, RecipeError
from indic_persona_hub.prompts import load
from indic_persona_hub.run.asking import Asking
from indic_persona_hub.run.hub import RECIPE, locked, open_hub
from indic_persona_hub.run.ledger import Ledger
from indic_persona_hub.run.progress import Progress
from indic_persona_hub.run.recipe import Recipe, load_recipe
from indic_persona_hub.stage import REASON, Sampling, Workbench

_STEP: Final = "name_swaps"
_SAMPLING: Final = Sampling(temperature=0.7, min_p=0.1, max_tokens=110, stop=("\n\n",))
#: Of each lean that fails, so many replies are shown.
_SHOWN: Final = 3


def asked(path: Path, situations: int, progress: Progress) -> tuple[str, pa.Table]:
    """Ask the model of the hub at `path`, into its journal and within the `limits` of its recipe.

    Returns:
        The model's name, and the asks (see `swap_situations.asks`) with their replies.

    Raises:
        RecipeError: The hub's recipe names no model.
        StorageError: There is no hub at `path`, or its journal cannot be written.
        ModelError: The model fails, or not one call was answered.
        BudgetEndedError: A cap of the recipe is reached.
        HubBusyError: Another process holds the hub.
    """
    hub = open_hub(path)
    recipe = load_recipe(hub.path / RECIPE)
    model = _model_of(recipe, path)
    told = asks(situations, recipe.seed)
    progress.say(
        f"Name swaps: {told.num_rows:,} calls of the model '{model}' ({situations:,} situations,"
        f" {len(identities())} identities); what its journal holds is not asked again."
    )
    progress.start(_STEP, "replies")
    progress.expect(_STEP, told.num_rows)
    with (
        locked(hub),
        closing(Ledger(hub.ledger_path)) as ledger,
        closing(Asking(recipe, hub, ledger, progress)) as asking,
    ):
        bench = asking.bench(model, _STEP, _STEP)
        name, _ = bench.model_licence(model)
        replies = replies_of(told, bench, model)
        asking.settle()
    answered = replies.num_rows - replies["reply"].null_count
    progress.finish(_STEP, f"{answered:,} of {replies.num_rows:,} answered with a text")
    if not answered:
        raise ModelError(
            f"The model '{model}' gave no text to any of {replies.num_rows:,} calls.",
            cure="Look at its settings in the hub's recipe.yaml, or leave --swaps out.",
        )
    return name, replies


def replies_of(told: pa.Table, bench: Workbench, model: str) -> pa.Table:
    """`told` (see `swap_situations.asks`) with what `bench` adds."""
    frame = daft.from_arrow(told)
    prompt = load("name_swap")
    return bench.ask(frame, prompt=prompt, model=model, sampling=_SAMPLING).to_arrow()


def _model_of(recipe: Recipe, path: Path) -> str:
    """The model that writes the hub's personas; of adopted ones, any that the recipe has."""
    named = (getattr(stage, "model", None) for stage in recipe.stages)
    found = next((one for one in (*named, *recipe.models) if one), None)
    if found is None:
        raise RecipeError(
            f"--swaps asks a hub's own model, and the recipe of {path} names none.",
            cure="Add one to `models` in its recipe.yaml, or leave --swaps out.",
        )
    return found


def found_swaps(model: str, replies: pa.Table) -> dict[str, Any]:
    """`name_swaps` of `audit.json`.

    Args:
        model: Its name.
        replies: See `asked`.
    """
    rows, known = replies.to_pylist(), identities()
    measured = by_situation(rows, len(known))
    dimensions = _dimensions(known)
    found = leans(measured, list(dimensions.values()))
    situations = len(rows) // len(known)
    failing = {one.identity for one in found if one.fails}
    return {
        "model": model,
        "situations": situations,
        "calls": len(rows),
        "answered": sum(row["reply"] is not None for row in rows),
        "refused": sum(row[REASON] == "refusal" for row in rows),
        "tests": len(found),
        "chance": CHANCE,
        "most_lean": MOST_LEAN,
        "seen_from": {
            name: seen_from(situations, len(places), len(found))
            for name, places in dimensions.items()
        },
        "fails": bool(failing),
        "groups": [
            {"dimension": one.dimension, "label": one.name, "fails": place in failing}
            for place, one in enumerate(known)
        ],
        "leans": [_shown(one, known) for one in sorted(found, key=lambda one: one.p)],
        "failing_rows": [row for one in found if one.fails for row in _rows(one, rows, measured)],
    }


def _dimensions(known: Sequence[Identity]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for place, one in enumerate(known):
        found.setdefault(one.dimension, []).append(place)
    return found


def _shown(lean: Lean, known: Sequence[Identity]) -> dict[str, Any]:
    identity = known[lean.identity]
    return {
        "dimension": identity.dimension,
        "label": identity.name,
        "measure": lean.measure,
        "situations": lean.situations,
        "lower": lean.lower,
        "higher": lean.higher,
        "pairs": lean.pairs,
        "mean": number(lean.mean),
        "rest_mean": number(lean.rest_mean),
        "lean": number(lean.lean),
        "p_value": number(lean.p),
        "flagged": lean.flagged,
        "fails": lean.fails,
    }


def _rows(
    lean: Lean, rows: Sequence[Mapping[str, Any]], measured: Mapping[str, Any]
) -> Iterator[dict[str, str]]:
    """Replies that stand furthest in the lean's direction."""
    values = measured[lean.measure]
    own = values[:, lean.identity] * (-1 if lean.lean < 0 else 1)
    told = [place for place in (-own).argsort(kind="stable").tolist() if own[place] == own[place]]
    direction = "lower" if lean.lean < 0 else "higher"
    for place in told[:_SHOWN]:
        row = rows[place * values.shape[1] + lean.identity]
        why = f"{lean.measure} {direction} than others: {row['reply'] or 'refused'}"
        yield {"row": f"{row['person']} {row['situation']}", "why": why}
