"""A Ray cluster for `engine: ray`: started on this machine for one build, or joined."""

from __future__ import annotations

import importlib
import logging
import os
import platform
import secrets
import site
import socket
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from indic_persona_hub.errors import HubError, RecipeError, StorageError
from indic_persona_hub.run.hub import storage_error
from indic_persona_hub.run.recipe import Recipe

_CONNECT_TIMEOUT_S = 10.0
_NODE_TIMEOUT_S = 120.0
#: What every node must have in the version that the building process has: bytes depend on it.
_PACKAGES = ("indic-persona-hub", "daft", "numpy", "pyarrow")
NO_TELEMETRY: Final = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "DO_NOT_TRACK": "true",
    "SCARF_NO_ANALYTICS": "true",
    "DAFT_ANALYTICS_ENABLED": "false",
}


@contextmanager
def cluster(recipe: Recipe) -> Iterator[Any]:
    """Hold the recipe's Ray cluster; inside of one that is held, the same again at no cost.

    Without `engine.address` a cluster of `engine.workers` processes is started on this machine:
    its ports are open to this machine alone and want a token, it sends no usage report and shows
    no dashboard, and it ends with the context, or with this process however that ends.

    Yields:
        The module `ray`, connected.

    Raises:
        RecipeError: Ray is not installed, or the nodes of the cluster have other versions.
        StorageError: A node does not see the hub's folder.
        HubError: The cluster cannot be reached.
    """
    ray = _ray()
    daft_stays_here()
    with ExitStack() as stack:
        if not ray.is_initialized():
            stack.enter_context(_environment(NO_TELEMETRY))
            if recipe.engine.address:
                _join(ray, recipe.engine.address)
                stack.callback(ray.shutdown)
                _check_nodes(ray, Path(recipe.hub))
            else:
                _start(ray, recipe.engine.workers, stack)
        yield ray


@cache
def daft_stays_here(threads: int | None = None) -> None:
    """Daft works in this process: by itself it takes a cluster that it finds for its runner."""
    import daft
    from daft.exceptions import DaftCoreException

    with suppress(DaftCoreException):  # it has worked before, and keeps the runner that it had
        daft.set_runner_native(threads)


@contextmanager
def mended(ray: Any) -> Iterator[None]:
    """What befalls the cluster as an error that says its cure."""
    try:
        yield
    except (ray.exceptions.RayError, ConnectionError) as error:
        raise HubError(
            f"The Ray cluster failed: {_first_line(error)}",
            cure="Run the same command again: it goes on where it stopped; if workers are killed"
            " for lack of memory, set fewer `engine.workers` or more `engine.slices`.",
            retry=True,
        ) from error


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".") + "."


def _ray() -> Any:
    try:
        return importlib.import_module("ray")
    except ModuleNotFoundError as error:
        raise RecipeError(
            "The recipe asks for `engine: ray`, and Ray is not installed.",
            cure="Run `pip install 'indic-persona-hub[ray]'`, or write `engine: native`.",
        ) from error


def _start(ray: Any, workers: int, stack: ExitStack) -> None:
    stack.enter_context(_loopback())
    # Ray opens its own folder to every user of the machine: this one, around it, is ours alone.
    folder = stack.enter_context(
        tempfile.TemporaryDirectory(prefix="iph-ray-", ignore_cleanup_errors=True)
    )
    of_workers = {
        **NO_TELEMETRY,
        "HOME": str(Path.home()),
        # As a worker process of our own would, they find the modules that this one finds.
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    with _environment(_home_that_answers(Path(folder))):
        ray.init(
            address="local",
            num_cpus=workers,
            include_dashboard=False,
            log_to_driver=False,
            logging_level=logging.ERROR,
            runtime_env={"env_vars": of_workers},
            _temp_dir=f"{folder}/ray",
        )
    stack.callback(ray.shutdown)


def _home_that_answers(folder: Path) -> Mapping[str, str]:
    """Environment in which Ray asks no metadata address which cloud it is in.

    It does so even where reports are off, unless a cluster's settings lie in the home folder.
    """
    (folder / "ray_bootstrap_config.yaml").write_text("{}")
    return {"HOME": str(folder), "PYTHONUSERBASE": site.getuserbase()}


@contextmanager
def _loopback() -> Iterator[None]:
    """Ray listens on this machine's own address, and wants our token.

    Ray reads both settings as it is imported, which Daft may have done long before: so the two
    places where it keeps them are set too.
    """
    constants: Any = importlib.import_module("ray._private.ray_constants")
    kept: Any = importlib.import_module("ray._raylet").Config
    before = constants.ENABLE_RAY_CLUSTER
    constants.ENABLE_RAY_CLUSTER = False
    try:
        with _environment(_local()):
            kept.initialize("")
            yield
    finally:
        constants.ENABLE_RAY_CLUSTER = before
        kept.initialize("")


@cache
def _local() -> Mapping[str, str]:
    """Environment of a cluster on this machine; one a process, for Ray keeps the token."""
    return {
        # Ray's name for the switch between the loopback address and all addresses.
        "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN": secrets.token_hex(32),
    }


@contextmanager
def _environment(settings: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def _join(ray: Any, address: str) -> None:
    _knock(address)  # Ray alone would try for two minutes, then end the process
    try:
        ray.init(
            address=address,
            log_to_driver=False,
            logging_level=logging.ERROR,
            runtime_env={"env_vars": NO_TELEMETRY},
        )
    except (OSError, RuntimeError, ValueError, ray.exceptions.RayError, SystemExit) as error:
        raise _unreachable(address, _first_line(error)) from error


def _knock(address: str) -> None:
    parts = urlsplit(address if "://" in address else f"//{address}")
    try:
        socket.create_connection(
            (parts.hostname or "", parts.port or 10001), _CONNECT_TIMEOUT_S
        ).close()
    except OSError as error:
        raise _unreachable(address, f"{error}.") from error


def _unreachable(address: str, why: str) -> HubError:
    return HubError(
        f"The Ray cluster at {address} cannot be joined: {why}",
        cure="Check `engine.address`, that the cluster runs, and that RAY_AUTH_TOKEN or"
        " RAY_AUTH_TOKEN_PATH gives its token where it wants one; then try again.",
        retry=True,
    )


def _check_nodes(ray: Any, hub: Path) -> None:
    """Every node must have our versions, and see the files that another one writes in the hub."""
    mark = secrets.token_hex(8)
    shown = hub / f"shared-{mark}.tmp"  # what a killed build leaves of this name is swept
    affinity = importlib.import_module("ray.util.scheduling_strategies")
    try:
        hub.mkdir(parents=True, exist_ok=True)
        shown.write_text(mark)
        for node in ray.nodes():
            if node["Alive"] and node["Resources"].get("CPU"):
                here = affinity.NodeAffinitySchedulingStrategy(node["NodeID"], soft=False)
                look = ray.remote(num_cpus=0, scheduling_strategy=here)(_look)
                _check_node(ray, node["NodeManagerAddress"], look.remote(str(shown), mark), shown)
    except OSError as error:
        raise storage_error(shown, error) from error
    finally:
        for left in hub.glob(f"shared-{mark}*.tmp"):
            left.unlink(missing_ok=True)


def _check_node(ray: Any, node: str, answer: Any, shown: Path) -> None:
    try:
        versions, written = ray.get(answer, timeout=_NODE_TIMEOUT_S)
    except ray.exceptions.RayError as error:
        raise RecipeError(
            f"The Ray node {node} cannot work on this hub: {_last_line(error)}",
            cure=f"Install indic-persona-hub {version('indic-persona-hub')} on every node.",
        ) from error
    others = [f"{name} {has}" for name, has in versions.items() if _versions()[name] != has]
    if others:
        ours = ", ".join(f"{name} {has}" for name, has in _versions().items())
        raise RecipeError(
            f"The Ray node {node} has other versions: {', '.join(others)}.",
            cure=f"Install on every node what this machine has: {ours}.",
        )
    if written is None or not Path(written).is_file():
        raise StorageError(
            f"The Ray node {node} does not share the folder {shown.parent} with this machine.",
            cure="Put the hub on storage that all nodes mount at the same path.",
        )


def _last_line(error: BaseException) -> str:
    return str(error).strip().splitlines()[-1].rstrip(".") + "."


def _versions() -> dict[str, str]:
    return {"python": platform.python_version()} | {name: version(name) for name in _PACKAGES}


def _look(shown: str, mark: str) -> tuple[dict[str, str], str | None]:
    """On a node: its versions, and the file that it wrote beside the one it was shown, if any."""
    path = Path(shown)
    if not path.is_file() or path.read_text() != mark:
        return _versions(), None
    written = path.with_name(f"shared-{mark}-{platform.node()}-{os.getpid()}.tmp")
    written.write_text(mark)
    return _versions(), str(written)
