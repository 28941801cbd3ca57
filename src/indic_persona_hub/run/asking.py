"""The models of one build: opened when first asked, capped, and counted in the ledger."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, datetime

from indic_persona_hub.errors import ModelError
from indic_persona_hub.models.caller import Answer, Caller
from indic_persona_hub.models.journal import Journal
from indic_persona_hub.models.settings import identity, open_model
from indic_persona_hub.models.socket import LanguageModel, Reply, Request
from indic_persona_hub.models.workbench import HubWorkbench
from indic_persona_hub.run.hub import Hub
from indic_persona_hub.run.ledger import Ledger
from indic_persona_hub.run.progress import Progress
from indic_persona_hub.run.recipe import Recipe


class CappedModel:
    """A plug that stops the build when `limits.requests` is reached."""

    def __init__(self, plug: LanguageModel, allowed: int) -> None:
        self._plug = plug
        self._allowed = allowed
        self.name = plug.name
        self.licence = plug.licence
        self.concurrency = plug.concurrency

    async def complete(self, request: Request) -> Reply:
        """Ask the plug, while calls are left.

        Raises:
            ModelError: The cap is reached.
        """
        if self._allowed <= 0:
            raise ModelError(
                "The cap of model calls, `limits.requests`, is reached.",
                cure="Raise it in the recipe and run the same command again: it goes on from here.",
            )
        self._allowed -= 1
        return await self._plug.complete(request)

    async def close(self) -> None:
        """Close the plug."""
        await self._plug.close()


class Asking:
    """Opens models on first use and keeps the account of what they were asked."""

    def __init__(self, recipe: Recipe, hub: Hub, ledger: Ledger, progress: Progress) -> None:
        self._recipe = recipe
        self._ledger = ledger
        self._progress = progress
        self._journal = Journal(hub.journal_path)
        self._callers: dict[str, Caller] = {}
        self._counted: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()
        self._step = ""

    def bench(self, model: str, step: str) -> HubWorkbench:
        """A workbench that can ask `model`; its answers are counted for `step`."""
        self._step = step
        if model not in self._callers:
            self._callers[model] = self._open(model)
        return HubWorkbench(self._recipe.seed, self._callers)

    def _open(self, model: str) -> Caller:
        settings = self._recipe.models[model]
        plug = open_model(settings, self._progress.say, self._progress.download)
        limit = self._recipe.limits.requests
        if limit is not None:
            plug = CappedModel(plug, limit - self._journal.count()[0])
        return Caller(
            plug,
            self._journal,
            timeout_s=settings.timeout_s,
            attempts=settings.attempts,
            on_answer=lambda answer: self._answered(model, answer),
            identity=identity(settings),
        )

    def _answered(self, model: str, answer: Answer) -> None:
        self._progress.advance(self._step)
        if answer.from_journal or answer.reply is None:
            return
        with self._lock:
            self._counted[model, "calls"] += 1
            self._counted[model, "prompt"] += answer.reply.prompt_tokens
            self._counted[model, "completion"] += answer.reply.completion_tokens

    def settle(self, stage: str) -> None:
        """Write what was asked since the last time into the ledger."""
        with self._lock:
            counted, self._counted = self._counted, Counter()
        day = datetime.now(UTC).date().isoformat()
        for model in {model for model, _ in counted}:
            calls, prompt, completion = (
                counted[model, what] for what in ("calls", "prompt", "completion")
            )
            name = self._callers[model].model
            self._ledger.count_usage(stage, name, day, calls, prompt, completion)

    def close(self) -> None:
        """Let go of the models and the journal."""
        for caller in self._callers.values():
            caller.close()
        self._journal.close()
