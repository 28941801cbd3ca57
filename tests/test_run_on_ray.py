"""`engine: ray` gives the bytes of `engine: native`; what befalls a cluster has a cure."""

import importlib.util
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import daft
import numpy as np
import pytest

from indic_persona_hub.errors import HubError, RecipeError, StorageError
from indic_persona_hub.run.build import build
from indic_persona_hub.run.on_ray import decide_on_ray
from indic_persona_hub.run.ray_cluster import cluster
from indic_persona_hub.run.workers import run_units
from indic_persona_hub.select.settings import Selection
from indic_persona_hub.select.standing import Standing
from indic_persona_hub.select.verdicts import decide
from scripted_hub import corpus_texts, file_digests, scripted_recipe, write_source

HAS_RAY = importlib.util.find_spec("ray") is not None
needs_ray = pytest.mark.skipif(not HAS_RAY, reason="the extra `ray` is not installed")
ON_RAY = ("engine.runner=ray", "engine.workers=2")


@pytest.fixture(scope="module")
def source(tmp_path_factory) -> Path:
    return write_source(tmp_path_factory.mktemp("source") / "texts.jsonl", corpus_texts()[:12])


@pytest.fixture(scope="module")
def recipe(source, tmp_path_factory):
    """A recipe whose local cluster of two workers is held for all tests of this file."""
    recipe = scripted_recipe(tmp_path_factory.mktemp("ray") / "hub", source, *ON_RAY)
    with cluster(recipe):
        yield recipe


def die_once(folder: str, number: int) -> int:
    """The first call of each number kills its process."""
    try:
        Path(folder, str(number)).touch(exist_ok=False)
    except FileExistsError:
        return number * number
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def fill_the_disk(number: int) -> int:
    raise StorageError(f"Unit {number} found the disk full.", cure="Free some.", retry=True)


def telemetry_switches() -> dict[str, str | None]:
    names = ("RAY_USAGE_STATS_ENABLED", "DO_NOT_TRACK", "DAFT_ANALYTICS_ENABLED")
    return {name: os.environ.get(name) for name in names}


def listening_addresses(above: int) -> set[str]:
    """Local addresses, in the kernel's hex, that descendants of process `above` listen on."""
    sockets = {
        f"socket:[{fields[9]}]": fields[1].partition(":")[0]
        for table in ("tcp", "tcp6")
        for fields in map(str.split, Path("/proc/net", table).read_text().splitlines()[1:])
        if fields[3] == "0A"
    }
    found, waiting = set(), [above]
    while waiting:
        process = Path("/proc", str(waiting.pop()))
        waiting += map(int, (process / "task" / process.name / "children").read_text().split())
        links = [handle.readlink() for handle in (process / "fd").iterdir() if handle.is_symlink()]
        found |= {sockets[str(link)] for link in links if str(link) in sockets}
    return found


@needs_ray
def test_a_local_cluster_builds_the_same_bytes(recipe, source, tmp_path) -> None:
    native = build(scripted_recipe(tmp_path / "hub", source))
    digests = file_digests(build(recipe).path)
    assert digests == file_digests(native.path)
    assert len(digests) > 50


@needs_ray
def test_daft_stays_in_the_building_process(recipe) -> None:
    with cluster(recipe):
        assert daft.runners.get_or_infer_runner_type() == "native"
    assert list(run_units(recipe, daft.runners.get_or_infer_runner_type, [()])) == ["native"]


@needs_ray
def test_the_selection_in_daft_on_the_cluster_is_the_selection(recipe) -> None:
    draw, rows = np.random.default_rng(4), 3000
    standing = Standing(
        failed=draw.choice([0, 0, 0, 1, 2], rows).astype(np.int16),
        confidence=draw.random(rows).astype(np.float32),
        document=draw.integers(-1, 900, rows, np.int32),
        domain=np.minimum(draw.zipf(1.5, rows), 200).astype(np.int32),
        cluster=draw.integers(-1, 900, rows, np.int32),
        method=draw.integers(0, 2, rows, np.int8),
        language=draw.integers(0, 5, rows, np.int16),
        source=draw.integers(0, 3, rows, np.int16),
        tie=draw.integers(0, 2**63, rows, np.uint64),
    )
    selection = Selection(cap=30, target=300)
    here, there = decide(standing, selection), decide_on_ray(recipe, standing, selection)
    assert (here.codes == there.codes).all()
    assert (here.sizes == there.sizes).all()
    assert np.count_nonzero(there.codes == 0) == 300


@needs_ray
def test_a_unit_whose_worker_is_killed_is_called_again(recipe, tmp_path) -> None:
    units = [(str(tmp_path), number) for number in range(2)]
    assert sorted(run_units(recipe, die_once, units)) == [0, 1]


@needs_ray
def test_what_a_unit_raises_is_raised(recipe) -> None:
    with pytest.raises(StorageError, match="found the disk full") as caught:
        list(run_units(recipe, fill_the_disk, [(7,)]))
    assert (caught.value.cure, caught.value.retry) == ("Free some.", True)


@needs_ray
def test_a_cluster_of_ours_is_closed_to_the_network_and_sends_no_report(recipe) -> None:
    (switches,) = run_units(recipe, telemetry_switches, [()])
    assert list(switches.values()) == ["0", "true", "false"]
    addresses = listening_addresses(os.getpid())
    assert addresses
    assert addresses <= {"0100007F", "0000000000000000FFFF00000100007F"}  # 127.0.0.1


@needs_ray
def test_a_cluster_that_cannot_be_reached_is_named_at_once(source, tmp_path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    away = scripted_recipe(tmp_path / "hub", source, *ON_RAY, f"engine.address=127.0.0.1:{port}")
    script = "import sys; from scripted_hub import *; from indic_persona_hub.run.build import build"
    script += "\nbuild(parse_recipe(sys.stdin.read()))"
    done = subprocess.run(
        [sys.executable, "-c", script], input=away.to_yaml(), cwd=Path(__file__).parent,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert "HubError: The Ray cluster at 127.0.0.1" in done.stderr
    assert "Connection refused. Check `engine.address`" in done.stderr


@pytest.mark.skipif(HAS_RAY, reason="Ray is installed")
def test_without_ray_the_recipe_is_refused_with_the_line_to_install_it(source, tmp_path) -> None:
    refused = scripted_recipe(tmp_path / "hub", source, *ON_RAY)
    with pytest.raises(RecipeError, match="not installed") as caught:
        list(run_units(refused, len, [("four",)]))
    assert "pip install 'indic-persona-hub[ray]'" in caught.value.cure


def test_a_worker_process_that_is_killed_stops_the_build_with_a_cure(source, tmp_path) -> None:
    native = scripted_recipe(tmp_path / "hub", source, "engine.workers=2")
    units = [(str(tmp_path), number) for number in range(5)]
    with pytest.raises(HubError, match="killed") as caught:
        list(run_units(native, die_once, units))
    assert caught.value.retry


def test_worker_processes_are_replaced_and_every_unit_is_done_once(source, tmp_path) -> None:
    native = scripted_recipe(tmp_path / "hub", source, "engine.workers=2")
    answers = list(run_units(native, square_here, [(number,) for number in range(50)]))
    assert sorted(number for number, _ in answers) == [number**2 for number in range(50)]
    processes = [process for _, process in answers]
    assert os.getpid() not in processes
    assert all(processes.count(one) <= 16 for one in processes)


def square_here(number: int) -> tuple[int, int]:
    return number**2, os.getpid()
