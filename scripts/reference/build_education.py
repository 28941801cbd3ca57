"""Write `education.tsv` and `state_education.tsv` from census table C-8 (all population).

    python scripts/reference/build_education.py DDW-0000C-08.csv OUT_FOLDER

The raw table is the official sheet DDW-0000C-08 as CSV. Its rows stack India and states; total,
rural and urban; all ages and ages. Only rural and urban are read: each age of India, and all ages
of each state of 2011.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator
from pathlib import Path

from raw_tables import write

#: Columns of the sheet in order, each with persons, males, females.
COLUMNS = (
    *("persons", "illiterate", "literate", "no_level", "below_primary", "primary", "middle"),
    *("secondary", "higher_secondary", "diploma_non_technical", "diploma_technical"),
    *("graduate", "unclassified"),
)
#: Sums of others.
DERIVED = ("persons", "literate")
KEPT = tuple(name for name in COLUMNS if name not in DERIVED)
INDIA, ALL_AGES = 0, "All ages"


def main(raw: Path, out: Path) -> None:
    """Build the two tables.

    Raises:
        ValueError: Levels of a row do not sum to its literates, or these and illiterates to all.
    """
    ages, states = [], []
    with raw.open(encoding="utf-8", newline="") as lines:
        for line in csv.reader(lines):
            if line[0] != "C2308" or line[4] == "Total":
                continue
            state, residence, age = int(line[1]), line[4].lower(), line[5]
            if state == INDIA and age != ALL_AGES:
                age_group = "not stated" if age == "Age not stated" else age
                ages += [(residence, age_group, *counts) for counts in _of_sexes(line)]
            elif state != INDIA and age == ALL_AGES:
                states += [(state, residence, *counts) for counts in _of_sexes(line)]
    write(out / "education.tsv", ("residence", "age_group", "sex", *KEPT), ages)
    write(out / "state_education.tsv", ("state_2011", "residence", "sex", *KEPT), states)


def _of_sexes(line: list[str]) -> Iterator[tuple[object, ...]]:
    """Sex and counts of the two sexes of a row of the sheet."""
    for offset, sex in ((2, "female"), (1, "male")):
        counts = {name: int(line[6 + 3 * place + offset]) for place, name in enumerate(COLUMNS)}
        _check(counts, " ".join([*line[3:6], sex]))
        yield (sex, *(counts[name] for name in KEPT))


def _check(counts: dict[str, int], where: str) -> None:
    levels = sum(counts[name] for name in COLUMNS[3:])
    if counts["persons"] != counts["illiterate"] + counts["literate"] or (
        counts["literate"] != levels
    ):
        raise ValueError(f"levels do not sum: {where}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("raw", type=Path, help="sheet DDW-0000C-08, CSV")
    parser.add_argument("out", type=Path, help="folder to write the two tables to")
    arguments = parser.parse_args()
    main(arguments.raw, arguments.out)
