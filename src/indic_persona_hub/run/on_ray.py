"""`engine: ray`: units of work, and the selection in Daft, on a Ray cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from indic_persona_hub.run.orphans import end_with_parent
from indic_persona_hub.run.ray_cluster import NO_TELEMETRY, cluster, daft_stays_here, mended
from indic_persona_hub.run.recipe import Recipe
from indic_persona_hub.select.in_daft import decide_in_daft
from indic_persona_hub.select.settings import Selection
from indic_persona_hub.select.standing import Reason, Reasons, Standing
from indic_persona_hub.select.verdicts import decide

T = TypeVar("T")
#: A worker process of Ray ends after so many units, and gives its memory back.
_UNITS_PER_PROCESS = 16
#: Calls more for a unit whose worker died.
_RETRIES = 3
#: Of a query in Daft. A node holds about 1.5 GB; in one partition 1,000,000 rows took 3.8 GB.
_ROWS_PER_PARTITION = 250_000


def run_on_ray(
    recipe: Recipe, function: Callable[..., T], units: Sequence[tuple[Any, ...]]
) -> Iterator[T]:
    """Call `function(*unit)` for every unit as Ray tasks; see `workers.run_units`."""
    with cluster(recipe) as ray, mended(ray):
        task = ray.remote(num_cpus=1, max_retries=_RETRIES, max_calls=_UNITS_PER_PROCESS)(_unit)
        local = recipe.engine.address is None
        waiting = iter(units)
        begun = [
            task.remote(function, unit, local) for unit in islice(waiting, recipe.engine.workers)
        ]
        try:
            while begun:
                done, begun = ray.wait(begun)
                result = _result(ray, done[0])
                begun += [task.remote(function, unit, local) for unit in islice(waiting, 1)]
                yield result
        finally:
            for one in begun:
                ray.cancel(one, force=True)


def decide_on_ray(recipe: Recipe, standing: Standing, selection: Selection) -> Reasons:
    """`select.verdicts.decide`, worked out in Daft on the recipe's cluster.

    Raises:
        HubError: See `ray_cluster.cluster`.
    """
    if not len(standing.failed):
        return decide(standing, selection)
    columns = {"id": np.arange(len(standing.failed)), **standing._asdict()}
    partitions = max(recipe.engine.workers, len(standing.failed) // _ROWS_PER_PARTITION)
    codes = daft_on_ray(recipe, _decide, pa.table(columns), selection, partitions)
    domains = int(standing.domain.max()) + 1
    eligible = np.isin(codes, (Reason.KEPT, Reason.OVER_CAP, Reason.OVER_TARGET))
    return Reasons(codes, np.bincount(standing.domain[eligible], minlength=domains))


def _decide(standing: pa.Table, selection: Selection, partitions: int) -> NDArray[np.int16]:
    import daft

    # A selection counts a few thousand domains: by default each count is shuffled once more.
    daft.set_execution_config(shuffle_aggregation_default_partitions=1)
    frame = daft.from_arrow(standing).into_partitions(partitions)
    decided = decide_in_daft(frame, selection).to_arrow()
    codes = np.empty(standing.num_rows, np.int16)
    codes[decided["id"].to_numpy()] = decided["reason"].to_numpy()
    return codes


def daft_on_ray(recipe: Recipe, function: Callable[..., T], *arguments: Any) -> T:
    """Call `function(*arguments)` where Daft works on the cluster.

    A process runs Daft on one runner for good, so the call is made in a process of its own.

    Args:
        recipe: Its `engine` says which cluster.
        function: A function of a module. Arguments and result can be pickled; Arrow tables and
            numpy arrays travel without a copy on one machine.
        *arguments: Of the call.

    Raises:
        HubError: See `cluster`; or what the function raises.
    """
    with cluster(recipe) as ray, mended(ray):
        # Its own environment: a process that has worked on units cannot be given to it.
        own = {"env_vars": {"DAFT_RUNNER": "ray", "DAFT_PROGRESS_BAR": "0", **NO_TELEMETRY}}
        task = ray.remote(num_cpus=0, max_retries=_RETRIES, max_calls=1, runtime_env=own)(function)
        result: T = _result(ray, task.remote(*arguments))
        return result


def _unit(function: Callable[..., T], unit: tuple[Any, ...], local: bool) -> T:
    _ready(local)
    return function(*unit)


@cache
def _ready(local: bool) -> None:
    """Done once in each worker process, before its first unit."""
    if local:
        # Ray's node ends with the build; left to itself a worker would write on for seconds.
        end_with_parent()
    daft_stays_here(threads=1)  # the one core that Ray gives a unit


def _result(ray: Any, reference: Any) -> Any:
    try:
        return ray.get(reference)
    except ray.exceptions.RayTaskError as error:
        raise error.cause from error
