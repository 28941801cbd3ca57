"""Units of work: in this process, or in as many as the recipe's `engine.workers` asks."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

from indic_persona_hub.errors import HubError
from indic_persona_hub.run.orphans import end_with_parent
from indic_persona_hub.run.recipe import Recipe

T = TypeVar("T")
#: A process is replaced after so many units: what its allocators hold back goes with it.
_UNITS_PER_PROCESS = 16


def run_units(
    recipe: Recipe, function: Callable[..., T], units: Sequence[tuple[Any, ...]]
) -> Iterator[T]:
    """Call `function(*unit)` for every unit; results come as they finish.

    Args:
        recipe: Its `engine` says where: in this process, in worker processes, or on Ray.
        function: A function of a module, whose arguments and result can be pickled. It may be
            called again for a unit whose worker died, so it must write the same bytes twice.
        units: The arguments of each call.

    Raises:
        HubError: A worker process died, or what the function raises.
    """
    if recipe.engine.runner == "ray":
        from indic_persona_hub.run.on_ray import run_on_ray

        yield from run_on_ray(recipe, function, units)
    else:
        yield from in_processes(recipe.engine.workers, function, units)


def in_processes(
    workers: int, function: Callable[..., T], units: Sequence[tuple[Any, ...]]
) -> Iterator[T]:
    """The same on this machine, in so many processes; one is this process itself."""
    if min(workers, len(units)) > 1:
        yield from _in_lanes(min(workers, len(units)), function, units)
    else:
        for unit in units:
            yield function(*unit)


def _in_lanes(
    workers: int, function: Callable[..., T], units: Sequence[tuple[Any, ...]]
) -> Iterator[T]:
    """Each worker is a pool of one process.

    One pool of all with `max_tasks_per_child` stands still for good in Python 3.11 and
    3.12 (python/cpython issue 115634).
    """
    waiting = iter(units)
    lanes: dict[Future[T], _Lane] = {}

    def give(lane: _Lane) -> None:
        for unit in waiting:
            lanes[lane.submit(function, unit)] = lane
            return
        lane.close()

    try:
        for _ in range(workers):
            give(_Lane())
        while lanes:
            done, _ = wait(lanes, return_when=FIRST_COMPLETED)
            for future in done:
                result = _result(future)
                give(lanes.pop(future))
                yield result
    finally:
        for lane in lanes.values():
            lane.close()


class _Lane:
    """One worker process at a time, replaced after `_UNITS_PER_PROCESS` units."""

    def __init__(self) -> None:
        self._begun = 0
        self._pool = _process()

    def submit(self, function: Callable[..., T], unit: tuple[Any, ...]) -> Future[T]:
        if self._begun == _UNITS_PER_PROCESS:
            self.close()
            self._begun = 0
            self._pool = _process()
        self._begun += 1
        return self._pool.submit(function, *unit)

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)


def _process() -> ProcessPoolExecutor:
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(1, context, initializer=end_with_parent, initargs=(os.getpid(),))


def _result(future: Future[T]) -> T:
    try:
        return future.result()
    except BrokenProcessPool as error:
        raise HubError(
            "A worker process was killed, most likely for lack of memory.",
            cure="Run the same command again: it goes on where it stopped; if it happens again,"
            " set fewer `engine.workers` or more `engine.slices`.",
            retry=True,
        ) from error
