"""Measure representative selection: a skewed pool raked to four official tables under a cap.

    python benchmarks/raking.py --rows 1000000 [--json]

The pool (see `raking_pool.py`) is written to a temporary folder, and each run reads it in a process
of its own, so that its CPU time (user and system, interpreter and imports included) and its peak
memory (`VmHWM`) are its own. A fifth of the rows is drawn; the cap is to the rows as 100,000 is to
20,000,000.

Of each table: `worst_share` is the largest deviation of a cell that is to have 200 rows or more, as
a share of it; `worst_rows` is the largest one, in rows, of the others, where a row more or less is
over 0.5%; `cells_off` counts cells that are off by more than 0.5% and by more than a row; `clipped`
is what the pool lacks, in rows. The run `shuffled` is given the rows in random order and numbers
them by id first; its digest of the kept ids is that of `sample`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from raking_pool import TABLES, read_codes, write_pool
from selection_rows import cap_for, read_ids, read_standing

from indic_persona_hub.reference.official import official
from indic_persona_hub.select.ordering import ordered
from indic_persona_hub.select.outcome import TableOutcome
from indic_persona_hub.select.representative import represent
from indic_persona_hub.select.settings import Represent, Selection
from indic_persona_hub.select.standing import Standing

SEED = 1
RUNS = ("sample", "weights", "shuffled")


def one_run(name: str, folder: Path, rows: int) -> dict[str, Any]:
    """What one fresh process measures of itself."""
    settings = Represent(tables=TABLES, release="weights" if name == "weights" else "sample")
    selection = Selection(
        minimum_confidence=0.4, cap=cap_for(rows), target=rows // 5, represent=settings
    )
    standing, codes, ids = read_standing(folder), read_codes(folder), read_ids(folder)
    if name == "shuffled":
        order = np.random.default_rng(SEED + 1).permutation(rows)
        order = order[ordered(ids[order])]
        standing = Standing(*(column[order] for column in standing))
        codes = {dimension: column[order] for dimension, column in codes.items()}
        ids = ids[order]
    tables = [official(table) for table in TABLES]
    found = represent(standing, selection, codes, tables)
    measured = {"cpu_s": round(time.process_time(), 2), "peak_mb": peak_mb()}
    kept = np.flatnonzero(found.reasons.codes == 0)
    fit = found.outcome.fit
    effect = found.outcome.weights[2] if found.outcome.weights else None
    return measured | {
        "eligible": found.outcome.in_pool,
        "kept": len(kept),
        "largest_domain": int(np.bincount(standing.domain[kept]).max()),
        "combinations": found.outcome.groups,
        "sweeps": fit.sweeps,
        "converged": fit.converged,
        "rows_of_whole_combinations": found.outcome.whole_rows,
        "design_effect": effect,
        "tables": {one.target.official.name: of_table(one) for one in found.outcome.tables},
        "digest": sha256(ids[kept].tobytes()).hexdigest(),
    }


def of_table(one: TableOutcome) -> dict[str, Any]:
    off = np.abs(one.achieved - one.wanted)
    return {
        "cells": int(np.count_nonzero(one.wanted)),
        "worst_share": round(one.worst_share, 6),
        "worst_rows": round(one.worst_rows, 3),
        "cells_off": int(np.count_nonzero(off > np.maximum(1, 0.005 * one.wanted))),
        "clipped": round(float(one.pool.sum()), 2),
        "unknown_share": round(one.unknown / (one.unknown + float(one.achieved.sum())), 4),
    }


def peak_mb() -> float:
    """The most memory that this process ever had, in 10^6 bytes."""
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    kib = next(line.split()[1] for line in lines if line.startswith("VmHWM"))
    return round(int(kib) * 1024 / 1e6, 1)


def measure(rows: int, runs: tuple[str, ...] = RUNS) -> dict[str, Any]:
    with TemporaryDirectory() as name:
        # In a process of its own, so that what it holds is not passed on to the runs.
        in_fresh_process("write", Path(name), rows)
        found = {run: in_fresh_process(run, Path(name), rows) for run in runs}
    return {"rows": rows, "cap": cap_for(rows), "target": rows // 5, "runs": found}


def in_fresh_process(name: str, folder: Path, rows: int) -> dict[str, Any]:
    words = [sys.executable, __file__, "--run", name, str(folder), "--rows", str(rows)]
    done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout or "{}")


def show(found: dict[str, Any]) -> None:
    print(f"{found['rows']:,} rows, target {found['target']:,}, cap {found['cap']:,}")
    print("| run | CPU s | peak MB | kept | sweeps | combinations | digest |")
    print("|---|--:|--:|--:|--:|--:|---|")
    for name, run in found["runs"].items():
        print(
            f"| {name} | {run['cpu_s']} | {run['peak_mb']:,.0f} | {run['kept']:,}"
            f" | {run['sweeps']} | {run['combinations']:,} | {run['digest'][:12]} |"
        )
    for name, run in found["runs"].items():
        for table, one in run["tables"].items():
            print(f"{name}, {table}: {one}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--json", action="store_true", help="print one object, no table")
    parser.add_argument("--only", choices=RUNS, help="one run alone")
    parser.add_argument("--run", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run and options.run[0] == "write":
        write_pool(Path(options.run[1]), options.rows, SEED)
    elif options.run:
        print(json.dumps(one_run(options.run[0], Path(options.run[1]), options.rows)))
    else:
        found = measure(options.rows, (options.only,) if options.only else RUNS)
        print(json.dumps(found, indent=2)) if options.json else show(found)


if __name__ == "__main__":
    main()
