"""Write `district_religion.tsv` from a table of districts of Census 2011.

    python scripts/reference/build_religion.py DISTRICTS.csv OUT.tsv

Only the columns of religion are read: they sum to the population of each district. Those of
education do not (they count up to 1.29 persons for each inhabitant), so they are not used.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

from raw_tables import write

COLUMNS = {
    "hindu": "Hindus",
    "muslim": "Muslims",
    "christian": "Christians",
    "sikh": "Sikhs",
    "buddhist": "Buddhists",
    "jain": "Jains",
    "other": "Others_Religions",
    "not_stated": "Religion_Not_Stated",
}


def main(raw: Path, out: Path) -> None:
    """Build the table.

    Raises:
        ValueError: Religions of a district do not sum to its population.
    """
    rows = []
    with raw.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            counts = [int(row[name]) for name in COLUMNS.values()]
            if sum(counts) != int(row["Population"]):
                raise ValueError(f"religions of {row['District name']} do not sum to its people")
            rows.append((int(row["District code"]), *counts))
    write(out, ("district", *COLUMNS), sorted(rows))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("raw", type=Path, help="districts of Census 2011 with religion, CSV")
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    main(arguments.raw, arguments.out)
