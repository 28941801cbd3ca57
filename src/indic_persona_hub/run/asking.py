"""The models of one build: opened when first asked, within the budget, charged to their stage."""

from __future__ import annotations

import os
import time
from pathlib import Path

from indic_persona_hub.errors import RecipeError, StorageError
from indic_persona_hub.models.answers import Tally
from indic_persona_hub.models.budget import Budget, Caps
from indic_persona_hub.models.caller import Caller
from indic_persona_hub.models.journal import Journal
from indic_persona_hub.models.load.lanes import Lanes, LaneStanding
from indic_persona_hub.models.prices import price_of
from indic_persona_hub.models.settings import identity, open_model
from indic_persona_hub.models.workbench import HubWorkbench
from indic_persona_hub.run.hub import Hub
from indic_persona_hub.run.ledger import Ledger
from indic_persona_hub.run.progress import Progress
from indic_persona_hub.run.recipe import Recipe
from indic_persona_hub.run.settings import Limits


class Asking:
    """Opens models on first use and holds what they may spend together."""

    def __init__(self, recipe: Recipe, hub: Hub, ledger: Ledger, progress: Progress) -> None:
        self._recipe = recipe
        self._hub = hub
        self._ledger = ledger
        self._progress = progress
        self._hub_id = ledger.hub_id()
        _point_journal(hub, recipe.journal)
        self._journal = Journal(hub.journal_path)
        self._budget = self._open_budget(recipe.limits)
        self._begun_s = time.monotonic()
        self._hours_before = ledger.hours_worked()
        self._callers: dict[str, Caller] = {}
        self._recorded_only = ""

    def bench(self, model: str, step: str, stage: str) -> HubWorkbench:
        """A workbench that can ask `model`: its replies advance `step` and are charged to `stage`.

        Raises:
            RecipeError: The model's price is not known.
        """
        if model not in self._callers:
            self._callers[model] = self._open(model)
        return HubWorkbench(
            self._recipe.seed, self._callers, stage, lambda: self._progress.advance(step)
        )

    def only_recorded(self, reason: str) -> None:
        """From now on ask nothing: what the journal does not hold is rejected for `reason`."""
        self._recorded_only = reason
        for caller in self._callers.values():
            caller.only_recorded(reason)

    def answered(self) -> int:
        """Replies in the journal."""
        return self._journal.count()[1]

    def standing(self) -> dict[str, tuple[Tally, list[LaneStanding]]]:
        """What each open model did so far, and how its addresses stand."""
        return {
            name: (caller.tally, caller.lanes.standing()) for name, caller in self._callers.items()
        }

    def settle(self) -> None:
        """Write the hours worked so far into the ledger."""
        worked_s = time.monotonic() - self._begun_s
        self._ledger.set_hours_worked(self._hours_before + worked_s / 3600)

    def close(self) -> None:
        """Let go of the models and the journal."""
        for caller in self._callers.values():
            caller.close()
        self._journal.close()

    def _open_budget(self, limits: Limits) -> Budget | None:
        caps = Caps(limits.cost_usd, limits.requests, limits.tokens, limits.hours)
        if caps == Caps():
            return None
        spent = self._journal.spent(self._hub_id)
        return Budget(
            caps,
            requests=spent.calls + spent.failed,
            tokens=spent.prompt_tokens
            + spent.completion_tokens
            + spent.lost_prompt_tokens
            + spent.lost_completion_tokens,
            cost_usd=spent.cost_usd,
            hours=self._ledger.hours_worked(),
        )

    def _open(self, model: str) -> Caller:
        settings = self._recipe.models[model]
        price = price_of(settings)
        plugs = open_model(
            settings, self._progress.say, self._progress.download, folder=self._hub.path
        )
        caller = Caller(
            Lanes(plugs, settings),
            self._journal,
            attempts=settings.attempts,
            identity=getattr(plugs[0], "identity", None) or identity(settings),
            hub=self._hub_id,
            price=price,
            budget=self._budget,
        )
        if self._recorded_only:
            caller.only_recorded(self._recorded_only)
        return caller


def _point_journal(hub: Hub, shared: str | None) -> None:
    """Have the hub's journal be the shared one, through a link, or its own."""
    own = hub.journal_path
    if shared is None:
        if own.is_symlink():
            own.unlink()
        return
    target = Path(shared).resolve()
    if own.is_symlink() and own.resolve() == target:
        return
    if own.exists() and not own.is_symlink():
        raise RecipeError(
            f"The hub has a journal of its own, {own}, and the recipe names {target}.",
            cure=f"Move the hub's journal there, or leave `journal` out: mv {own} {target}",
        )
    own.unlink(missing_ok=True)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        os.symlink(target, own)  # noqa: PTH211 - the link's text is the absolute path
    except OSError as error:
        raise StorageError(
            f"{own} cannot be made a link to {target}: {error}.",
            cure="Check both folders and their permissions.",
        ) from error
