"""Measure the whole of `iph curate` on the seeded workload: time, memory and disk, step by step.

    python benchmarks/curation.py --rows N --out DIR [--cap N] [--target N] [--kills N] [--json]

The workload is made in DIR/workload unless it is there. Memory is the proportional set size of the
command and all its workers, sampled twice a second; disk is what DIR/curated and the workload hold,
sampled every five seconds. With --kills the command is killed so many times on its way, at seeded
random moments, and started again: the digest must then be that of an undisturbed run.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from indic_persona_hub.run.hub import Hub
from indic_persona_hub.run.ledger import Ledger

IPH = str(Path(sys.executable).with_name("iph"))


def family(process: int) -> Iterator[int]:
    """The process and all that it begot."""
    yield process
    for task in Path("/proc", str(process), "task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:
            continue
        for child in children:
            yield from family(int(child))


def memory_mb(process: int) -> float:
    total = 0
    for one in family(process):
        try:
            lines = Path("/proc", str(one), "smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total * 1024 / 1e6


def disk_gb(folder: Path) -> float:
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                total += Path(place, name).stat().st_size
            except OSError:
                continue
    return total / 1e9


class Sampler:
    """The most memory of each step and of all, and the most disk."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.peaks_mb: dict[str, float] = {}
        self.peak_gb = 0.0
        self._looked_at = 0.0

    def look(self, process: int, step: str) -> None:
        self.peaks_mb[step] = max(self.peaks_mb.get(step, 0.0), memory_mb(process))
        if time.monotonic() - self._looked_at > 5:
            self._looked_at = time.monotonic()
            self.peak_gb = max(self.peak_gb, disk_gb(self.out))


def run(command: list[str], sampler: Sampler, log: Path, ends_after_s: float | None) -> int:
    """Run the command to its end, or kill it; its exit code."""
    begun = time.monotonic()
    with log.open("a") as sink:
        child = subprocess.Popen(command, stdout=sink, stderr=sink)
        while child.poll() is None:
            sampler.look(child.pid, step_of(log))
            if ends_after_s is not None and time.monotonic() - begun > ends_after_s:
                os.kill(child.pid, signal.SIGKILL)
                child.wait()
            time.sleep(0.5)
    return child.returncode


def step_of(log: Path) -> str:
    """The step that the command spoke of last."""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 400))
        lines = file.read().decode("utf-8", "replace").splitlines()
    return lines[-1].partition(":")[0].split(" ")[0] if lines else ""


def digest_of(folder: Path) -> str:
    """sha256 of all tables and of the release."""
    whole = sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in {".parquet", ".jsonl", ".json", ".md"}:
            whole.update(f"{path.relative_to(folder)}\n".encode())
            with path.open("rb") as file:
                while block := file.read(1 << 20):
                    whole.update(block)
    return whole.hexdigest()


def stages(hub: Hub) -> list[dict[str, Any]]:
    ledger = Ledger(hub.ledger_path, read_only=True)
    try:
        return [
            {
                "stage": one.name,
                "rows_in": one.rows_in,
                "rows_out": one.rows_out,
                "fails": one.fails,
                "worked_s": round(one.seconds, 1),
                "rejected": one.rejected,
            }
            for one in ledger.totals()
        ]
    finally:
        ledger.close()


def measure(arguments: argparse.Namespace) -> dict[str, Any]:
    out, rows = Path(arguments.out), arguments.rows
    workload = out / "workload"
    if not (workload / "workload.json").is_file():
        make = [sys.executable, str(Path(__file__).with_name("workload.py"))]
        subprocess.run([*make, "--rows", str(rows), "--out", str(workload)], check=True)
    command = [IPH, "curate", str(workload / "personas"), "--out", str(out / "curated")]
    command += ["--map", "persona=text,domain=label,synth_method=method"]
    for name in ("cap", "target"):
        if getattr(arguments, name) is not None:
            command += [f"--{name}", str(getattr(arguments, name))]
    log, sampler = out / "curate.log", Sampler(out)
    log.write_text("")
    chance, kills, code = random.Random(rows), 0, 1
    begun = time.monotonic()
    while code != 0:
        ends_after_s = chance.uniform(5, 60) if kills < arguments.kills else None
        code = run(command, sampler, log, ends_after_s)
        kills += code == -signal.SIGKILL
        if code not in (0, -signal.SIGKILL):
            raise SystemExit(f"it ended with {code}: see {log}")
    wall_s = time.monotonic() - begun
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    sampler.peak_gb = max(sampler.peak_gb, disk_gb(out))
    release = sorted((out / "curated" / "release" / "data").glob("*.parquet"))
    return {
        "rows": rows,
        "kept": sum(pq.read_metadata(file).num_rows for file in release),
        "wall_s": round(wall_s, 1),
        "cpu_s": round(used.ru_utime + used.ru_stime, 1),
        "cpu_us_per_row": round((used.ru_utime + used.ru_stime) / rows * 1e6, 1),
        "peak_mb": round(max(sampler.peaks_mb.values())),
        "peak_disk_gb": round(sampler.peak_gb, 2),
        "workload_gb": round(disk_gb(workload), 2),
        "hub_gb": round(disk_gb(out / "curated" / "hub"), 2),
        "release_gb": round(disk_gb(out / "curated" / "release"), 2),
        "kills": kills,
        "digest": digest_of(out / "curated"),
        "peaks_mb": {name: round(one) for name, one in sampler.peaks_mb.items()},
        "stages": stages(Hub(out / "curated" / "hub")),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--out", required=True)
    parser.add_argument("--cap", type=int)
    parser.add_argument("--target", type=int)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    found = measure(parser.parse_args())
    if parser.parse_args().json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        if name != "stages":
            print(f"{name}: {value}")
    print(
        "\n| stage | in | out | fails | seconds of work | rejected |\n|---|---:|---:|---:|---:|---|"
    )
    for one in found["stages"]:
        lost = ", ".join(f"{reason} {count:,}" for reason, count in one["rejected"].items())
        print(
            f"| {one['stage']} | {one['rows_in']:,} | {one['rows_out']:,} | {one['fails']:,}"
            f" | {one['worked_s']} | {lost} |"
        )


if __name__ == "__main__":
    main()
