"""The event loop that all model calls of a process share, on one daemon thread."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine, Iterable, Iterator
from concurrent.futures import Future, wait
from functools import cache
from threading import Lock, Thread
from typing import Any, TypeVar

from indic_persona_hub.errors import HubError

T = TypeVar("T")

_starting = Lock()


@cache
def _loop_of(process: int) -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    Thread(target=loop.run_forever, name=f"iph-models-{process}", daemon=True).start()
    return loop


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run `work` on the shared loop; whatever ends this wait ends `work` first."""
    with _starting:
        loop = _loop_of(os.getpid())
    finished: Future[T] = Future()
    tasks: list[asyncio.Task[T]] = []

    def start() -> None:
        task = loop.create_task(work)
        tasks.append(task)
        task.add_done_callback(lambda done: _hand_over(done, finished))

    loop.call_soon_threadsafe(start)
    try:
        return finished.result()
    except BaseException:
        loop.call_soon_threadsafe(lambda: tasks[0].cancel())
        wait([finished])
        raise


def _hand_over(task: asyncio.Task[T], finished: Future[T]) -> None:
    if task.cancelled():
        finished.cancel()
        finished.set_running_or_notify_cancel()
    elif error := task.exception():
        finished.set_exception(error)
    else:
        finished.set_result(task.result())


async def together(work: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Run all, leaving no task behind; the first error ends the others and is raised as it is."""
    try:
        async with asyncio.TaskGroup() as group:
            for one in work:
                group.create_task(one)
    except BaseExceptionGroup as failed:
        errors = list(_leaves(failed))
        raise next((one for one in errors if isinstance(one, HubError)), errors[0]) from None


def _leaves(group: BaseExceptionGroup[BaseException]) -> Iterator[BaseException]:
    for error in group.exceptions:
        if isinstance(error, BaseExceptionGroup):
            yield from _leaves(error)
        else:
            yield error
