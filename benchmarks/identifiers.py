"""Measure `privacy.identifiers.find`: planted identifiers, and what it finds in real texts.

    python benchmarks/identifiers.py planted [--seed 0] [--each 500] [--misses 5]
    python benchmarks/identifiers.py scan FOLDER_OR_FILE... [--most 60000] [--show 40] [--only url]

`planted` writes so many identifiers of each of the twenty kinds into sentences of twelve scripts,
in the forms that people write them in, and counts those that are found where they stand, as their
kind or as any kind, and what else is found. `scan` cuts the texts (column `text` or `persona`) of
Parquet files into sentences (of each folder at most so many, from its beginning), counts what is
found in them, prints it with its surroundings to be read, and says how many texts a second of CPU
are looked through.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pyarrow.parquet as pq
from identifiers_planted import planted

from indic_persona_hub.privacy.findings import Finding
from indic_persona_hub.privacy.identifiers import KINDS, find

_SENTENCE_END = re.compile(r"(?<=[.!?।॥])\s+|\n+")
_SHORTEST = 16  # characters


def recall(seed: int, each: int, misses: int) -> None:
    """Print a table of recall by kind, and some of those that were missed."""
    plants = planted(seed, each)
    begun = time.process_time()
    found = find([one.text for one in plants])
    spent = time.process_time() - begun
    right: Counter[str] = Counter()
    covered: Counter[str] = Counter()
    forms: defaultdict[tuple[str, str], list[bool]] = defaultdict(list)
    beside = 0
    missed: defaultdict[str, list[str]] = defaultdict(list)
    for plant, findings in zip(plants, found, strict=True):
        over = [one for one in findings if _covers(one, plant.start, plant.end)]
        hit = any(one.kind == plant.kind for one in over)
        right[plant.kind] += hit
        covered[plant.kind] += bool(over)
        beside += sum(one.end <= plant.start or one.start >= plant.end for one in findings)
        forms[plant.kind, plant.form].append(hit)
        if not hit:
            missed[plant.kind].append(f"{plant.form}: {plant.text} -> {findings}")
    print("| kind | planted | recall | found as any kind | weakest form |\n|---|---|---|---|---|")
    for kind in KINDS:
        shares = {form: sum(hits) / len(hits) for (k, form), hits in forms.items() if k == kind}
        weak = min(shares, key=lambda form: (shares[form], form))
        print(
            f"| {kind} | {each} | {right[kind] / each:.3f} | {covered[kind] / each:.3f}"
            f" | {weak} {shares[weak]:.2f} |"
        )
    speed = len(plants) / spent
    print(f"\n{beside} other findings in {len(plants):,} texts; {speed:,.0f} texts/CPU-s")
    for kind, texts in missed.items():
        print(f"\n{kind}", *texts[:misses], sep="\n  ")


def _covers(one: Finding, start: int, end: int) -> bool:
    """At least nine tenths of what was planted, and little more than it."""
    shared = min(one.end, end) - max(one.start, start)
    return shared >= 0.9 * (end - start)


def sentences(path: Path) -> Iterator[tuple[str, str]]:
    """(name of the file's folder, sentence)."""
    for file in [path] if path.is_file() else sorted(path.rglob("*.parquet")):
        columns = {"text", "persona"} & set(pq.read_schema(file).names)
        for column in sorted(columns)[:1]:
            for text in pq.read_table(file, columns=[column])[column].to_pylist():
                for sentence in _SENTENCE_END.split(text or ""):
                    if len(sentence.strip()) >= _SHORTEST:
                        yield file.parent.name, sentence.strip()


def scan(paths: list[str], most: int, show: int, only: str | None) -> None:
    """Print what is found in real texts, by kind, with up to `show` of each to be read."""
    rows = [row for path in paths for row in islice(sentences(Path(path)), most)]
    texts = [sentence for _, sentence in rows]
    find(texts[:64])  # patterns are compiled
    begun = time.process_time()
    found = find(texts)
    spent = time.process_time() - begun
    hits: defaultdict[tuple[str, bool], list[str]] = defaultdict(list)
    for (name, text), findings in zip(rows, found, strict=True):
        for one in findings:
            before, after = text[max(0, one.start - 50) : one.start], text[one.end : one.end + 30]
            around = f"{before}<<{text[one.start : one.end]}>>{after}"
            hits[one.kind, one.valid].append(f"{name}: {around}")
    mean = sum(map(len, texts)) / max(1, len(texts))
    print(
        f"{len(texts):,} sentences of {mean:.0f} characters; {len(texts) / spent:,.0f} texts/CPU-s"
    )
    for (kind, valid), lines in sorted(hits.items()):
        print(f"\n{kind} {'valid' if valid else 'not valid'}: {len(lines)}")
        if only in (None, kind):
            shown = random.Random(0).sample(lines, min(show, len(lines)))
            print(*(f"  {line}" for line in shown), sep="\n")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("planted")
    one.add_argument("--seed", type=int, default=0)
    one.add_argument("--each", type=int, default=500)
    one.add_argument("--misses", type=int, default=5)
    other = commands.add_parser("scan")
    other.add_argument("paths", nargs="+")
    other.add_argument("--most", type=int, default=60_000)
    other.add_argument("--show", type=int, default=40)
    other.add_argument("--only")
    given = parser.parse_args()
    if given.command == "planted":
        recall(given.seed, given.each, given.misses)
    else:
        scan(given.paths, given.most, given.show, given.only)


if __name__ == "__main__":
    main()
