"""Precision and recall of the rules for attributes, on hand-labelled persona texts.

    python scripts/reference/measure_attributes.py tests/judge_attributes_labelled.tsv

An empty label means that the text does not state the attribute. Prints one line an attribute, then
every disagreement.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from indic_persona_hub.judge.attributes import by_rules
from indic_persona_hub.records import ATTRIBUTES
from indic_persona_hub.reference.labels import place_name


def main(path: str) -> None:
    """Measure the table at `path`: text and one label an attribute, between tabs."""
    rows = [line.split("\t") for line in Path(path).read_text("utf-8").splitlines()[1:]]
    counts: Counter[tuple[str, str]] = Counter()
    wrong = []
    for text, *labels in rows:
        found = by_rules(text)
        for name, label in zip(ATTRIBUTES, labels, strict=True):
            value = place_name(found[name].value) if name in found else ""
            right = value == label
            counts[name, "stated"] += bool(label)
            counts[name, "found"] += bool(value)
            counts[name, "right"] += right and bool(value)
            if not right:
                wrong.append(f"{name}: read '{value}', labelled '{label}': {text}")
    print(f"{len(rows)} texts")
    for name in ATTRIBUTES:
        stated, found_, right_ = (counts[name, one] for one in ("stated", "found", "right"))
        precision, recall = right_ / max(found_, 1), right_ / max(stated, 1)
        print(f"{name:10} stated {stated:3}  precision {precision:.3f}  recall {recall:.3f}")
    print("\n".join(wrong))


if __name__ == "__main__":
    main(*sys.argv[1:])
