"""Measure the audit: false alarms on fair pools, planted skews, time and memory.

python benchmarks/audit.py alarms --draws 200 --rows 1000 10000 100000
python benchmarks/audit.py skews --draws 20 --rows 50000
python benchmarks/audit.py size --rows 20000000
python benchmarks/audit.py file --rows 1000000
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from audit_pools import SKEWS, coded, fair_pool, skewed_pool, write_columns

from indic_persona_hub.audit.audit import audit_coded
from indic_persona_hub.audit.coding.coded import Coded


def false_alarms(rows: int, draws: int) -> dict[str, Any]:
    """How many of the fair pools of a size raise any alarm, and what their total variation is."""
    wrong, kinds = 0, Counter[str]()
    ratios: dict[str, list[float]] = {}
    for draw in range(draws):
        found = audit_coded(coded(fair_pool(rows, np.random.default_rng([rows, draw]))), "pool")
        wrong += bool(found["alarms"])
        kinds.update(one["where"] for one in found["alarms"])
        for table in found["tables"]:
            if table["rows_known"]:
                ratio = table["total_variation"] / table["noise_total_variation"]
                ratios.setdefault(table["name"], []).append(ratio)
    means = {name: round(float(np.mean(found)), 3) for name, found in ratios.items()}
    return {
        "rows": rows,
        "draws": draws,
        "draws_with_alarm": wrong,
        "alarms": dict(kinds),
        "total_variation_to_expected_noise": means,
    }


def planted(rows: int, draws: int, skews: tuple[str, ...]) -> dict[str, Any]:
    """How often each planted skew stands first in its table."""
    first: Counter[str] = Counter()
    for draw in range(draws):
        pool = skewed_pool(rows, skews, np.random.default_rng([rows, draw, 1]))
        found = audit_coded(coded(pool), "pool")
        tables = {one["name"]: one for one in found["tables"]}
        first["twice_urban"] += _leads(tables["residence"], {"residence": "urban"})
        first["no_goa"] += _leads(tables["state"], {"state": "IN-GA"})
        first["none_over_60"] += _leads(tables["age_band"], {"age_band": "60-74"})
        verdicts = {tuple(sorted(one["pair"])): one["verdict"] for one in found["independence"]}
        apart = {verdicts["sex", "work_class"], verdicts["occupation_division", "sex"]}
        first["sex_apart_from_work"] += apart == {"independent"}
    return {"rows": rows, "draws": draws, "planted": skews, "first": dict(first)}


def _leads(table: dict[str, Any], cell: dict[str, str]) -> bool:
    return table["cells"][0]["cell"] == cell and table["cells"][0]["flagged"]


def size(rows: int) -> dict[str, Any]:
    """Seconds and memory of the tables of an audit of so many rows in codes."""
    chance = np.random.default_rng(0)
    block = fair_pool(1_000_000, chance)
    pool = {name: np.resize(codes, rows) for name, codes in block.items()}
    begun = time.perf_counter()
    audit_coded(Coded(rows, pool), "pool")
    seconds = time.perf_counter() - begun
    held = sum(codes.nbytes for codes in pool.values())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {
        "rows": rows,
        "seconds": round(seconds, 1),
        "codes_gb": held / 1e9,
        "peak_gb": peak / 1e9,
    }


def file(rows: int) -> dict[str, Any]:
    """Seconds and memory of `iph audit` of a Parquet file: a short text and seven columns a row."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "set.parquet"
        write_columns(fair_pool(rows, np.random.default_rng(0)), path)
        main = "from indic_persona_hub.cli import main; main()"
        words = ["audit", str(path), "--out", f"{folder}/out"]
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", main, *words], check=True, stdout=subprocess.DEVNULL)
        seconds = time.perf_counter() - begun
        found = json.loads((Path(folder) / "out" / "audit.json").read_text("utf-8"))
        sizes = {one.name: one.stat().st_size / 1e6 for one in (Path(folder) / "out").iterdir()}
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "rows": rows,
        "seconds": round(seconds, 1),
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 1),
        "peak_gb_of_a_process": used.ru_maxrss * 1024 / 1e9,
        "megabytes": sizes,
        "known": {name: one["known"] for name, one in found["attributes"].items()},
        "alarms": [one["what"] for one in found["alarms"]],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("alarms", "skews", "size", "file"))
    parser.add_argument("--rows", type=int, nargs="+", default=[50_000])
    parser.add_argument("--draws", type=int, default=200)
    given = parser.parse_args()
    for rows in given.rows:
        if given.what == "alarms":
            print(json.dumps(false_alarms(rows, given.draws)), flush=True)
        elif given.what in ("size", "file"):
            print(json.dumps((size if given.what == "size" else file)(rows)), flush=True)
        else:
            for skews in (*((one,) for one in SKEWS), SKEWS):
                print(json.dumps(planted(rows, given.draws, skews)), flush=True)


if __name__ == "__main__":
    main()
