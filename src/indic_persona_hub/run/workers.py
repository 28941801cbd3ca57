"""Row work on slices: in this process, or in as many as the recipe's `engine.workers` asks."""

from __future__ import annotations

import ctypes
import multiprocessing
import signal
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace
from pathlib import Path
from typing import cast

from indic_persona_hub.run.hub import Hub
from indic_persona_hub.run.ledger import Done
from indic_persona_hub.run.recipe import Recipe
from indic_persona_hub.run.scan import scan_slice
from indic_persona_hub.run.steps import Step, line_of
from indic_persona_hub.stage import Workbench

#: One unit: the row judges to run, and the slice.
Unit = tuple[tuple[Step, ...], int]
_PR_SET_PDEATHSIG = 1


def scan_slices(hub: Hub, recipe: Recipe, units: Sequence[Unit]) -> Iterator[list[Done]]:
    """Scan every unit; results come as they finish.

    Raises:
        StorageError: A slice cannot be read or written.
    """
    workers = min(recipe.engine.workers, len(units))
    if workers <= 1:
        for steps, slice_number in units:
            yield _scan(str(hub.path), recipe, steps, slice_number)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, initializer=_die_with_parent) as pool:
        futures = [pool.submit(_scan, str(hub.path), recipe, *unit) for unit in units]
        for future in as_completed(futures):
            yield future.result()


def _scan(hub: str, recipe: Recipe, steps: tuple[Step, ...], slice_number: int) -> list[Done]:
    bench = cast(Workbench, None)  # row judges ask no model
    begun = time.monotonic()
    done = scan_slice(Hub(Path(hub)), line_of(recipe), steps, slice_number, bench)
    # One scan serves all judges: each is charged its share.
    share = (time.monotonic() - begun) / len(done)
    return [replace(one, seconds=share) for one in done]


def _die_with_parent() -> None:
    """A build that is killed must leave no worker behind that still writes into the hub (Linux)."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
