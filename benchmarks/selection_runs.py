"""Measure capped selection: `indic_persona_hub.select` on seeded narrow rows, and its peers.

    python benchmarks/select.py --rows 20000000 [--json]

The rows (see `selection_rows.py`) are written to a temporary folder, and every run reads them in a
process of its own, so that its CPU time (user and system, interpreter and imports included) and its
peak memory (`VmHWM`) are its own. The cap is to the rows as 100,000 is to 20,000,000.

`recall` and `precision` compare the rows that we keep with those that a slow reference in plain
Python keeps (`selection_reference.py`), in 30 random domains and the 3 smallest over-full ones.
`digest` is the SHA-256 of the kept ids; `digest_shuffled` that of a run which is given the rows in
random order and numbers them by id first; `with_target` is a run that keeps exactly 80% of them.
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
import selection_peers
from numpy.typing import NDArray
from selection_reference import Row, reference
from selection_rows import DOMAINS, cap_for, read_ids, read_standing, write_rows

from indic_persona_hub.select.ordering import ordered
from indic_persona_hub.select.settings import Selection
from indic_persona_hub.select.standing import Standing
from indic_persona_hub.select.verdicts import decide

PEERS = ("polars_same_rule", "polars_plain_cap", "pandas_plain_cap", "in_daft")
SEED = 1
TIMEOUT_S = 1800
SAMPLED = 30
SAMPLED_OVER_FULL = 3


def ours(folder: Path, selection: Selection) -> NDArray[np.int64]:
    return np.flatnonzero(decide(read_standing(folder), selection).codes == 0)


def shuffled(folder: Path, selection: Selection) -> NDArray[np.int64]:
    """Ours, given the rows in random order; back to the numbers of the files at the end."""
    order = np.random.default_rng(SEED + 1).permutation(len(read_ids(folder)))
    ids = read_ids(folder)[order]
    by_id = ordered(ids)
    standing = Standing(*(column[order][by_id] for column in read_standing(folder)))
    kept = np.flatnonzero(decide(standing, selection).codes == 0)
    return np.sort(order[by_id[kept]])


def against_reference(folder: Path, selection: Selection) -> dict[str, Any]:
    """Recall and precision in some domains, whose rows and their documents' rows are enough."""
    standing = read_standing(folder)
    ours_kept = decide(standing, selection)
    over_full = np.flatnonzero(ours_kept.sizes > selection.cap)
    over_full = over_full[np.argsort(ours_kept.sizes[over_full])][:SAMPLED_OVER_FULL]
    others = np.random.default_rng(SEED).choice(np.flatnonzero(ours_kept.sizes), SAMPLED)
    looked_at = np.isin(standing.domain, np.union1d(over_full, others))
    documents = np.unique(standing.document[looked_at])
    sisters = np.isin(standing.document, documents[documents >= 0])
    numbers = np.flatnonzero(looked_at | sisters)
    columns = [column[numbers].tolist() for column in standing]
    rows = [Row(*each) for each in zip(numbers.tolist(), *columns, strict=True)]
    minimum = float(np.float32(selection.minimum_confidence))
    expected = {one for one in reference(rows, selection, minimum) if looked_at[one]}
    found = set(np.flatnonzero(looked_at & (ours_kept.codes == 0)).tolist())
    right = len(expected & found)
    return {
        "recall": right / max(1, len(expected)),
        "precision": right / max(1, len(found)),
        "sampled_rows": int(looked_at.sum()),
        "sampled_over_full": len(over_full),
    }


def one_run(name: str, folder: Path, selection: Selection) -> dict[str, Any]:
    """What one fresh process measures of itself."""
    if name == "against_reference":
        return against_reference(folder, selection)
    run = {"ours": ours, "with_target": ours, "shuffled": shuffled}
    kept = (run.get(name) or getattr(selection_peers, name))(folder, selection)
    measured = {"cpu_s": round(time.process_time(), 2), "peak_mb": peak_mb()}
    domain = np.load(folder / "domain.npy")
    return measured | {
        "kept": len(kept),
        "largest_domain": int(np.bincount(domain[kept]).max()),
        "digest": sha256(read_ids(folder)[kept].tobytes()).hexdigest(),
    }


def peak_mb() -> float:
    """The most memory that this process ever had, in 10^6 bytes."""
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    kib = next(line.split()[1] for line in lines if line.startswith("VmHWM"))
    return round(int(kib) * 1024 / 1e6, 1)


def in_fresh_process(name: str, folder: Path, selection: Selection) -> dict[str, Any]:
    """The measurements of `name`, or why there are none."""
    here = str(Path(__file__).parent / "select.py")
    words = [sys.executable, here, "--run", name, str(folder), selection.model_dump_json()]
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=TIMEOUT_S)
    except subprocess.TimeoutExpired:
        return {"died": f"not done after {TIMEOUT_S} s"}
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or [f"exit status {done.returncode}"]
        return {"died": last[0]}
    return json.loads(done.stdout)


def measure(rows: int, peers: tuple[str, ...] = PEERS) -> dict[str, Any]:
    selection = Selection(minimum_confidence=0.4, cap=cap_for(rows))
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_rows(folder, rows, SEED)
        own = in_fresh_process("ours", folder, selection)
        other_order = in_fresh_process("shuffled", folder, selection)
        exact = selection.model_copy(update={"target": max(1, own["kept"] * 4 // 5)})
        with_target = in_fresh_process("with_target", folder, exact)
        judged = in_fresh_process("against_reference", folder, selection)
        others = {peer: in_fresh_process(peer, folder, selection) for peer in peers}
    for peer in others.values():
        if "cpu_s" in peer:
            peer["times_our_cpu"] = round(peer["cpu_s"] / own["cpu_s"], 1)
            peer["same_rows"] = peer.pop("digest") == own["digest"]
    return {
        "rows": rows,
        "domains": DOMAINS,
        "cap": selection.cap,
        "rows_per_cpu_s": round(rows / own["cpu_s"]),
        **own,
        "digest_shuffled": other_order.get("digest"),
        "shuffled": other_order,
        "with_target": {"target": exact.target} | with_target,
        **judged,
        "peers": others,
    }


def show(found: dict[str, Any]) -> None:
    print(f"{found['rows']:,} rows, {found['domains']:,} domains, cap {found['cap']:,}")
    print("| run | CPU s | peak MB | kept | largest domain |\n|---|---:|---:|---:|---:|")
    runs = {"ours": found, "ours, shuffled": found["shuffled"]}
    runs |= {"ours, with a target": found["with_target"], **found["peers"]}
    for name, run in runs.items():
        if "died" in run:
            print(f"| {name} | {run['died']} | | | |")
        else:
            print(
                f"| {name} | {run['cpu_s']} | {run['peak_mb']:,.0f} | {run['kept']:,}"
                f" | {run['largest_domain']:,} |"
            )
    print(
        f"recall {found['recall']:.4f}, precision {found['precision']:.4f} on"
        f" {found['sampled_rows']:,} rows; shuffled rows give"
        f" {'the same' if found['digest'] == found['digest_shuffled'] else 'ANOTHER'} digest"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--json", action="store_true", help="print one object, no table")
    parser.add_argument("--run", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        name, folder, selection = options.run
        chosen = Selection.model_validate_json(selection)
        print(json.dumps(one_run(name, Path(folder), chosen)))
        return
    found = measure(options.rows)
    if options.json:
        print(json.dumps(found, indent=2))
    else:
        show(found)


if __name__ == "__main__":
    main()
