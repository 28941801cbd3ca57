"""What a plan says beside its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from indic_persona_hub.models.prices import old_price
from indic_persona_hub.run.estimate import Series, calls_at_once
from indic_persona_hub.run.recipe import Recipe
from indic_persona_hub.run.steps import Line


def notes_on(recipe: Recipe, line: Line, total: Series, *, timed: bool) -> list[str]:
    """Sentences on old prices, caps that end the build, and what time and yield rest on."""
    return [
        *_old_prices(recipe, line),
        *_caps(recipe, total),
        *_gaps(recipe, line),
        *(_time(recipe, line) if timed else ()),
        *(_duplicates(line) if timed else ()),
    ]


def _models(line: Line) -> list[str]:
    return list(dict.fromkeys(one.stage.model for one in line.generations))


def _old_prices(recipe: Recipe, line: Line) -> Iterator[str]:
    today = datetime.now(UTC).date()
    for model in _models(line):
        if said := old_price(recipe.models[model], today):
            yield said


def _caps(recipe: Recipe, total: Series) -> Iterator[str]:
    limits = recipe.limits
    tokens = total["prompt_tokens"] + total["completion_tokens"]
    caps = [("cost_usd", total["cost_usd"]), ("requests", total["calls"]), ("tokens", tokens)]
    if "seconds" in total:
        caps.append(("hours", total["seconds"] / 3600))
    for name, needed in caps:
        cap = getattr(limits, name)
        if cap is not None and cap < needed[0]:
            yield f"limits.{name} is {cap:g}: the build ends there, at {cap / needed[0]:.0%} of it."
    if limits.accepted is not None and total["accepted"][0] < limits.accepted:
        yield (
            f"limits.accepted is {limits.accepted:,}, and all documents together give about"
            f" {total['accepted'][0]:,.0f}."
        )


def _gaps(recipe: Recipe, line: Line) -> Iterator[str]:
    stage = line.fill_gaps
    if stage is not None:
        target = stage.target or recipe.select.target
        whom = f"all {target:,} of its target" if target else "as many as stand before it"
        yield (
            f"fill_gaps is counted as if {whom} were missing: who stands in which cell is not known"
            " yet. It asks for less where some do, and again for those who come out elsewhere."
        )


def _time(recipe: Recipe, line: Line) -> Iterator[str]:
    for model in _models(line):
        at_once = calls_at_once(recipe.models[model])
        if at_once is None:
            yield f"How long the batches of '{model}' take is not known."
        else:
            yield (
                f"The time of '{model}' is its calls at the pilot's mean latency, {at_once:,} at"
                " once as the recipe allows, or what its rate limits make of it."
            )


def _duplicates(line: Line) -> Iterator[str]:
    if line.set_judges:
        yield "Duplicates between documents are not seen in a pilot: fewer may be accepted."
