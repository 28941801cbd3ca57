"""Near duplicates: speed, memory, recall and precision, ours and the peers' in one run.

    python benchmarks/near_duplicates.py --rows 1000000 --json --peers-python /tmp/peers/bin/python

Makes the workload (see `workload.py`), then measures each deduplicator in a fresh process: CPU
seconds (user and system, with its start, of it and its children) and peak memory of reading the
texts from Parquet, judging, and writing the rows that stay to Parquet.

The peers are no dependencies of the project; this makes an interpreter that has them:

    python -m venv /tmp/peers
    /tmp/peers/bin/pip install pyarrow datasketch rensa "datatrove[io,processing]" text-dedup

They are set as ours is: word 1-grams, 128 hash functions, threshold 0.9. They read the words that
ours sees, joined by spaces: lower case, NFD, without punctuation and joiners. That this costs them
nothing favours them: ours reads the texts as they are. `speed_ratio` is ours to theirs as measured;
`speed_ratio_with_words` adds what making those words with pyarrow took (`words_cpu_s`), as whoever
wants the same result would have to. The slow ones get `--peer-rows` rows, and ours is measured on
as many for the ratios. `--truth-only` measures ours alone.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from near_duplicates_quality import Truth, quality, truth
from peers_measured import batches
from workload import write

_HERE = Path(__file__).parent
_SEED = 7
_SLOW = ("datasketch", "datatrove", "text_dedup")


class Bench:
    """Workloads by number of rows in a folder of ours, and what was measured on them."""

    def __init__(self, folder: Path, peers_python: str) -> None:
        self._folder = folder
        self._peers_python = peers_python
        self._truths: dict[int, Truth] = {}
        self._ours: dict[int, dict[str, Any]] = {}
        self._words_cpu_s: dict[int, float] = {}

    def ours(self, rows: int) -> dict[str, Any]:
        if rows not in self._ours:
            texts = self._workload(rows) / "personas"
            self._ours[rows] = self._measured(sys.executable, "near_duplicates_ours", texts, rows)
        return self._ours[rows]

    def peer(self, name: str, rows: int) -> dict[str, Any]:
        """Figures of a peer and the ratios of ours to them, or why there are none."""
        asked = [self._peers_python, "-c", f"import {name}, pyarrow, numpy"]
        if subprocess.run(asked, capture_output=True).returncode:
            package = "datatrove[io,processing]" if name == "datatrove" else name.replace("_", "-")
            cure = f'{self._peers_python} -m pip install pyarrow "{package}"'
            return {"name": name, "status": f"not installed: {cure}"}
        ours = self.ours(rows)
        try:
            found = self._measured(self._peers_python, f"peers_{name}", self._words(rows), rows)
        except subprocess.CalledProcessError as error:
            return {"name": name, "rows": rows, "status": f"failed: {error.stderr[-300:].strip()}"}
        words_cpu_s = self._words_cpu_s[rows]
        return {
            "name": name,
            "status": "ran",
            **found,
            "words_cpu_s": round(words_cpu_s, 1),
            "ours_rows_per_cpu_s": ours["rows_per_cpu_s"],
            "ours_peak_mb": ours["peak_mb"],
            "speed_ratio": round(found["cpu_s"] / ours["cpu_s"], 2),
            "speed_ratio_with_words": round((found["cpu_s"] + words_cpu_s) / ours["cpu_s"], 2),
            "memory_ratio": round(ours["peak_mb"] / found["peak_mb"], 2),
        }

    def _measured(self, python: str, script: str, texts: Path, rows: int) -> dict[str, Any]:
        with tempfile.TemporaryDirectory(dir=self._folder) as out:
            command = [python, str(_HERE / f"{script}.py"), str(texts), out]
            subprocess.run(command, check=True, capture_output=True, text=True)
            found = json.loads(Path(out, "figures.json").read_text())
            clusters = np.load(Path(out, "clusters.npy"))
        agreed = quality(self._truth(rows), clusters)
        return {
            "version": found["version"],
            "rows": rows,
            "rows_per_cpu_s": round(rows / found["cpu_s"]),
            "cpu_s": round(found["cpu_s"], 1),
            "wall_s": round(found["wall_s"], 1),
            "peak_mb": round(found["peak_mb"]),
            **{name: round(share, 4) for name, share in agreed.items()},
        }

    def _workload(self, rows: int) -> Path:
        folder = self._folder / f"workload-{rows}"
        if not folder.exists():
            write(folder, rows, _SEED)
        return folder

    def _truth(self, rows: int) -> Truth:
        if rows not in self._truths:
            self._truths[rows] = truth(self._workload(rows))
        return self._truths[rows]

    def _words(self, rows: int) -> Path:
        """The texts as the words that ours sees."""
        folder = self._folder / f"words-{rows}"
        if not folder.exists():
            folder.mkdir()
            schema = pa.schema([("id", pa.string()), ("text", pa.string())])
            with pq.ParquetWriter(folder / "part-00000.parquet", schema) as sink:
                spent_s = 0.0
                for batch in batches(self._workload(rows) / "personas", ["id", "text"]):
                    began_s = time.process_time()
                    columns = [batch["id"], plain_words(batch["text"])]
                    spent_s += time.process_time() - began_s
                    sink.write_batch(pa.record_batch(columns, schema=schema))
            self._words_cpu_s[rows] = spent_s
        return folder


def plain_words(texts: pa.Array) -> pa.Array:
    """The words of each text, as `judge.words.words_of` gives them but in NFD, joined by spaces."""
    apart = pc.utf8_normalize(pc.utf8_lower(texts), "NFD")
    whole = pc.replace_substring_regex(apart, "[\u200c\u200d]", "")
    return pc.utf8_trim_whitespace(pc.replace_substring_regex(whole, r"[^\p{L}\p{M}\p{N}]+", " "))


def measure(rows: int, peer_rows: int, peers_python: str | None) -> dict[str, Any]:
    """The object that `--json` prints; no peers without an interpreter for them."""
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), peers_python or sys.executable)
        found = {"name": "indic_persona_hub", **bench.ours(rows)}
        wanted = {name: min(peer_rows, rows) for name in _SLOW} | {"rensa": rows}
        peers = [bench.peer(*one) for one in wanted.items()] if peers_python else []
        return {**found, "peers": peers}


_COLUMNS = ("name", "version", "rows", "rows_per_cpu_s", "peak_mb", "recall", "precision")
_RATIOS = ("speed_ratio", "speed_ratio_with_words", "memory_ratio")


def table(found: dict[str, Any]) -> str:
    """The figures as a Markdown table; ratios are ours to the peer's."""
    lines = ["| " + " | ".join((*_COLUMNS, *_RATIOS)) + " |", "|---" * 10 + "|"]
    for one in [found, *found["peers"]]:
        if one.get("status", "ran") == "ran":
            cells = [str(one.get(name, "")) for name in (*_COLUMNS, *_RATIOS)]
        else:
            cells = [one["name"], one["status"]] + [""] * 8
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--peer-rows", type=int, default=100_000)
    parser.add_argument("--peers-python", default=sys.executable)
    parser.add_argument("--truth-only", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    python = None if options.truth_only else options.peers_python
    try:
        found = measure(options.rows, options.peer_rows, python)
    except subprocess.CalledProcessError as error:
        sys.exit(error.stderr)
    print(json.dumps(found) if options.json else table(found))


if __name__ == "__main__":
    main()
