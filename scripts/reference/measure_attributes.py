"""Precision and recall of the rules for attributes, on hand-labelled persona texts.

    python scripts/reference/measure_attributes.py tests/attributes_labelled.tsv [PERSONAS.parquet]

The table has the columns part (`earlier` and `tuned`: the rules were improved on them; `held_out`:
they were not), text and labels ("state=Bihar; age_band=25-34"). What is not labelled is not stated;
a label `?` leaves the attribute of that text out. A text "sha256:..." is the row of PERSONAS whose
column `persona` has that digest; without PERSONAS such rows are left out. A code of NCO-2015 is
right where it is the beginning of the label. Prints one line an attribute and part, how often each
kind of evidence is right, then every disagreement of the parts named with --show.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import pyarrow.parquet as pq

from indic_persona_hub.judge.reading.attribute_rules import found_in
from indic_persona_hub.judge.reading.clauses import read
from indic_persona_hub.records import ATTRIBUTES
from indic_persona_hub.reference.labels import place_name

DIGEST = "sha256:"
PARTS = ("earlier", "tuned", "held_out")


class Labelled(NamedTuple):
    """A text and what it states, by attribute, as readable values."""

    part: str
    text: str
    labels: dict[str, str]


class Judged(NamedTuple):
    """One attribute of one text: what was read, what is labelled, and the kind of evidence."""

    row: Labelled
    name: str
    value: str
    label: str
    kind: str

    @property
    def right(self) -> bool:
        """Whether what was read is so; a code may be coarser than its label."""
        if self.name == "occupation_code" and self.value:
            return self.label.startswith(self.value)
        return self.value == self.label


def labelled(path: Path, personas: Path | None = None) -> Iterator[Labelled]:
    """The rows of the table; those named by digest where `personas` holds them."""
    texts = _by_digest(personas) if personas else {}
    for line in path.read_text("utf-8").splitlines()[1:]:
        part, text, labels = line.split("\t")
        if text.startswith(DIGEST):
            if (digest := text.removeprefix(DIGEST)) not in texts:
                continue
            text = texts[digest]
        yield Labelled(part, text, dict(one.split("=", 1) for one in labels.split("; ") if one))


def _by_digest(personas: Path) -> dict[str, str]:
    texts = pq.read_table(personas, columns=["persona"])["persona"].to_pylist()
    return {sha256(text.encode()).hexdigest()[:12]: text for text in texts if text}


def judged(rows: Iterator[Labelled]) -> Iterator[Judged]:
    """Every attribute of every row that is labelled or read."""
    for row in rows:
        found = {name: (_shown(name, one[0]), kind) for name, one, kind in found_in(read(row.text))}
        for name in ATTRIBUTES:
            value, kind = found.get(name, ("", ""))
            label = row.labels.get(name, "")
            if label != "?" and (value or label):
                yield Judged(row, name, value, label, kind)


def _shown(name: str, value: str) -> str:
    return place_name(value) if name in ("state", "district") else value


def _lines(seen: list[Judged]) -> Iterator[str]:
    for name in ATTRIBUTES:
        for part in PARTS:
            mine = [one for one in seen if one.name == name and one.row.part == part]
            stated, read_ = [o for o in mine if o.label], [o for o in mine if o.value]
            precision = sum(one.right for one in read_) / max(len(read_), 1)
            recall = sum(one.right for one in stated) / max(len(stated), 1)
            yield (
                f"{name:15} {part:8} stated {len(stated):3}  read {len(read_):3}"
                f"  precision {precision:.3f}  recall {recall:.3f}"
            )


def reliability(seen: list[Judged]) -> dict[tuple[str, str], tuple[int, int]]:
    """How often (right, read) each kind of evidence of each attribute is right."""
    read_, right = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for one in seen:
        if one.value:
            read_[one.name, one.kind] += 1
            right[one.name, one.kind] += one.right
    return {key: (right[key], read_[key]) for key in sorted(read_)}


def main() -> None:
    """Measure the table that the command line names."""
    parser = argparse.ArgumentParser()
    parser.add_argument("table", type=Path)
    parser.add_argument("personas", type=Path, nargs="?")
    parser.add_argument("--show", nargs="*", default=[], choices=PARTS)
    given = parser.parse_args()
    rows = list(labelled(given.table, given.personas))
    seen = list(judged(iter(rows)))
    print(f"{len(rows)} texts: {dict(Counter(row.part for row in rows))}")
    print("\n".join(_lines(seen)))
    for (name, kind), (right, read_) in reliability(seen).items():
        print(f"{name:15} {kind:8} {right}/{read_}  {(right + 1) / (read_ + 2):.2f}")
    for one in seen:
        if one.row.part in given.show and not one.right:
            print(f"{one.name}: read '{one.value}', labelled '{one.label}': {one.row.text[:140]}")


if __name__ == "__main__":
    main()
