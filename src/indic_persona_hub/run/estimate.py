"""From a pilot to the whole build: how much of everything, and how sure that is.

The whole is a chain: documents, what a document's own calls come to, how many of its personas may
be expanded, what a child's call comes to, how many children may be expanded, and so on by round.
Each link is a mean over the pilot's families or a ratio of two. The interval comes from drawing the
families anew (Efron's bootstrap, 1979), and with them the documents where sources were scaled up.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt
from typing import Final, NamedTuple

import numpy as np
from scipy.special import stdtrit

from indic_persona_hub.expand.persona_to_persona import PersonaToPersona
from indic_persona_hub.models.prices import Price, price_of
from indic_persona_hub.models.settings import (
    BatchSettings,
    LlamaCppSettings,
    ModelSettings,
    OpenAICompatibleSettings,
)
from indic_persona_hub.run.pilot import Count, Pilot
from indic_persona_hub.run.recipe import Recipe
from indic_persona_hub.run.source_sample import Numbers
from indic_persona_hub.run.steps import Line

_RESAMPLES: Final = 1_000
#: Both ends of the 90% interval, and Student's 95% point of a large sample.
_ENDS: Final = (0.05, 0.95)
_NORMAL: Final = 1.6449
#: Children of other rounds count for a round as so many of its own, where families are unseen.
_BORROWED: Final = 4
#: Enough for the rounding in a stage's own count of its calls to vanish.
_MANY: Final = 1_000_000
#: The waves of `limits.accepted` overshoot by about so much.
_WAVES: Final = 1.05
_COUNTED: Final = {
    "calls": Count.CALLS,
    "prompt_tokens": Count.PROMPT_TOKENS,
    "cached_tokens": Count.CACHED_TOKENS,
    "completion_tokens": Count.COMPLETION_TOKENS,
}


#: Of families that came to nothing, a few dozen calls may see none: half a one more is among those
#: that are drawn anew (Jeffreys' prior).
_LOST: Final = 0.5
#: Numbers by name: the estimate, then one for each resample.
Series = dict[str, Numbers]


class Interval(NamedTuple):
    """Where nine of ten such builds end."""

    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Whole:
    """A build as estimated (row 0), then as each of the resamples would have it.

    Attributes:
        documents: By row.
        rounds: By row, round and `Count`.
        widening: What an interval of resamples is multiplied by: Student's t for few families, and
            less than 1 where the pilot took many of all documents.
    """

    documents: Numbers
    rounds: Numbers
    widening: float

    def intervals(self, series: Series) -> dict[str, Interval]:
        """90% intervals of what was computed row by row; none where there is one row."""
        if len(self.documents) == 1:
            return {}
        return {name: self._interval(values) for name, values in series.items()}

    def _interval(self, values: Numbers) -> Interval:
        ends = (np.quantile(values[1:], _ENDS) - values[1:].mean()) * self.widening + values[0]
        return Interval(*(max(0.0, float(end)) for end in ends))


def whole_of(pilot: Pilot, second: PersonaToPersona | None, seed: int) -> Whole:
    """Estimate a build from its pilot; the same pilot and seed give the same numbers."""
    chance = np.random.default_rng(seed)
    families = pilot.families
    unseen = max(0.0, 1 - families / max(1, pilot.sample.count))
    drawn = pilot.sample.counts_drawn(chance, _RESAMPLES)
    documents = np.concatenate([[pilot.sample.count], drawn])
    chances = np.append(np.ones(families), _LOST) / (families + _LOST)
    again = chance.multinomial(families, chances, _RESAMPLES)
    times = np.vstack([np.append(np.ones(families), 0), again])
    sums = np.einsum("bf,frc->brc", times, np.concatenate([pilot.counts, _lost(pilot)]))
    sums[:, 0, Count.PROMPT_TOKENS] += _longer_prompts(pilot, times[:, :-1])
    rounds = np.empty_like(sums)
    rounds[:, 0] = (documents / families)[:, None] * sums[:, 0]
    if second is not None:
        _add_children(rounds, sums, second, _BORROWED * unseen)
    return Whole(documents, rounds, _widening(families, unseen))


def _lost(pilot: Pilot) -> Numbers:
    """A family that ended with its first prompt, in the form of one of `pilot.counts`."""
    found = np.zeros((1, *pilot.counts.shape[1:]))
    found[0, 0] = pilot.first.mean(axis=0)
    return found


def _longer_prompts(pilot: Pilot, times: Numbers) -> Numbers:
    """Prompt tokens that as many average documents have beyond the families', by regression on the
    first prompt's estimated tokens, which are known of every document.
    """
    counted = pilot.first[:, Count.PROMPT_TOKENS]
    spread = float(pilot.estimated.var())
    slope = np.cov(pilot.estimated, counted, bias=True)[0, 1] / spread if spread else 0.0
    gap: Numbers = times @ (pilot.mean_estimated - pilot.estimated)
    return slope * gap


def _add_children(
    rounds: Numbers, sums: Numbers, second: PersonaToPersona, borrowed: float
) -> None:
    """Fill `rounds` from the second on, each from the one before it."""
    asks_each = second.calls(_MANY) / _MANY
    children = sums[:, 1:].sum(axis=1)
    asks = children[:, Count.ASKS, None]
    of_texts = _as_texts(sums[:, 0], second)
    usual = np.where(asks > 0, children / np.maximum(asks, 1), of_texts)
    for number in range(1, sums.shape[1]):
        own = sums[:, number] + borrowed * usual
        each = own / np.maximum(sums[:, number, Count.ASKS, None] + borrowed, 1e-9)
        wanted = rounds[:, number - 1, Count.STANDING] * asks_each
        rounds[:, number] = wanted[:, None] * each


def _as_texts(first: Numbers, second: PersonaToPersona) -> Numbers:
    """What a child's ask would come to if it went as those about documents: for a pilot without
    children.
    """
    each = first / np.maximum(first[:, Count.ASKS, None], 1)
    each[:, Count.STANDING] = each[:, Count.PASSING]
    each[:, Count.PROMPT_TOKENS] = second.prompt_tokens(_MANY) / second.calls(_MANY)
    each[:, Count.CACHED_TOKENS] = 0
    return each


def with_gaps(whole: Whole, recipe: Recipe, line: Line) -> Whole:
    """The same with one round more, in which whom `fill_gaps` is to reach are all missing.

    Each is asked for as often as one of the other asks brings somebody; an ask comes to what those
    about personas do, or where there are none, about documents.
    """
    stage = line.fill_gaps
    if stage is None:
        return whole
    standing = whole.rounds[:, :, Count.STANDING].sum(axis=1)
    goal = stage.target or recipe.select.target
    wanted = standing if goal is None else np.full(len(standing), float(goal))
    each = _gap_ask(whole, stage.around)
    most = np.array([stage.asks_at_most(round(one)) for one in wanted])
    asks = np.minimum(wanted / np.maximum(each[:, Count.PASSING], 1e-9), most)
    return replace(whole, rounds=np.append(whole.rounds, (asks[:, None] * each)[:, None], axis=1))


def _gap_ask(whole: Whole, stage: PersonaToPersona) -> Numbers:
    """What an ask for somebody who is missing comes to, by row and `Count`."""
    texts, children = whole.rounds[:, 0], whole.rounds[:, 1:].sum(axis=1)
    if not texts[0, Count.ASKS]:
        texts = np.zeros_like(texts)
        texts[:, [Count.ASKS, Count.CALLS, Count.MADE, Count.PASSING]] = 1
        texts[:, Count.COMPLETION_TOKENS] = stage.completion_tokens(_MANY) / _MANY
    asks = children[:, Count.ASKS, None]
    each = np.where(asks > 0, children / np.maximum(asks, 1), _as_texts(texts, stage))
    each[:, Count.STANDING] = each[:, Count.PASSING]
    return each


def _widening(families: int, unseen: float) -> float:
    if families < 2 or not unseen:
        return 0.0
    few: float = stdtrit(families - 1, _ENDS[1]) / _NORMAL
    return float(few * sqrt(families / (families - 1) * unseen))


def ended_early(whole: Whole, recipe: Recipe) -> tuple[Whole, float]:
    """As much of the build as `limits.accepted` needs, and which share of it that is."""
    wanted = recipe.limits.accepted
    if wanted is None:
        return whole, 1.0
    found = np.maximum(whole.rounds[:, :, Count.STANDING].sum(axis=1), 1)
    share = np.minimum(1.0, _WAVES * wanted / found)
    return replace(whole, rounds=whole.rounds * share[:, None, None]), float(share[0])


def accepted_of(whole: Whole, recipe: Recipe) -> Numbers:
    """Personas that will be kept."""
    targets = (recipe.select.target, recipe.limits.accepted)
    most = min((one for one in targets if one is not None), default=np.inf)
    found: Numbers = np.minimum(whole.rounds[:, :, Count.STANDING].sum(axis=1), most)
    return found


def series_of(whole: Whole, recipe: Recipe, line: Line, *, timed: bool) -> list[Series]:
    """`calls`, `prompt_tokens`, `cached_tokens`, `completion_tokens`, `cost_usd`, and `seconds`
    where they can be told, of each stage that asks a model.
    """
    found = []
    for one in line.generations:
        settings = recipe.models[one.stage.model]
        counts = whole.rounds[:, one.rounds].sum(axis=1)
        series = {name: counts[:, what] for name, what in _COUNTED.items()}
        series["cost_usd"] = _cost_usd(counts, price_of(settings))
        seconds = _seconds(counts, settings) if timed else None
        found.append(series if seconds is None else series | {"seconds": seconds})
    return found


def summed(each: list[Series], accepted: Numbers, documents: Numbers) -> Series:
    """The totals of all stages that every stage has, with what is accepted."""
    nothing = {name: np.zeros(len(accepted)) for name in (*_COUNTED, "cost_usd")}
    names = [name for name in (each or [nothing])[0] if all(name in series for series in each)]
    total: Series = {
        name: np.sum([series[name] for series in each or [nothing]], axis=0) for name in names
    }
    per_accepted = total["cost_usd"] / np.maximum(accepted, 1)
    total |= {"documents": documents, "accepted": accepted, "cost_per_accepted_usd": per_accepted}
    return total


def _cost_usd(counts: Numbers, price: Price) -> Numbers:
    names = ("prompt_tokens", "cached_tokens", "completion_tokens")
    each = [price.cost_usd(*(float(name == one) for one in names)) for name in names]
    found: Numbers = counts[:, [_COUNTED[name] for name in names]] @ np.array(each)
    return found


def _seconds(counts: Numbers, settings: ModelSettings) -> Numbers | None:
    """Latencies over the calls in flight, or longer where a rate limit makes it so."""
    at_once = calls_at_once(settings)
    if at_once is None:
        return None
    calls = counts[:, Count.CALLS]
    found: Numbers = counts[:, Count.LATENCY_S] / np.clip(calls, 1, at_once)
    if isinstance(settings, OpenAICompatibleSettings):
        tokens = counts[:, Count.PROMPT_TOKENS] + counts[:, Count.COMPLETION_TOKENS]
        limits = ((calls, settings.requests_per_minute), (tokens, settings.tokens_per_minute))
        for amount, per_minute in limits:
            if per_minute is not None:
                addresses = 1 + len(settings.endpoints)
                found = np.maximum(found, amount / (per_minute * addresses) * 60)
    return found


def calls_at_once(settings: ModelSettings) -> int | None:
    """Calls in flight that the settings allow; null for batches, which take hours of their own."""
    match settings:
        case OpenAICompatibleSettings():
            return settings.concurrency * (1 + len(settings.endpoints))
        case LlamaCppSettings():
            return settings.slots
        case BatchSettings():
            return None
    return 1
