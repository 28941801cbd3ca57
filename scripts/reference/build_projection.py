"""Write `population_projection.tsv` from the official projection for states, 2011 to 2036.

    python scripts/reference/build_projection.py PROJECTION.parquet OUT.tsv

The raw table holds persons, rounded to thousands, with India as a row of its own; that row is left
out. Dadra and Nagar Haveli and Daman and Diu are summed.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from raw_tables import rows_of, state_order, whole, write

from indic_persona_hub import reference

MERGED = {"Dadra & Nagar Haveli": "IN-DH", "Daman & Diu": "IN-DH"}


def main(raw: Path, out: Path) -> None:
    """Build the table."""
    named = reference.load("states").to_pylist()
    states = {row["name"].replace(" and ", " & "): row["code"] for row in named} | MERGED
    persons: Counter[tuple[str, int, str]] = Counter()
    rows = [row for row in rows_of(raw) if row["state_name_harmonized"] != "India"]
    for row in rows:
        state = states[row["state_name_harmonized"]]
        persons[state, row["year"], "females"] += whole(row["females"])
        persons[state, row["year"], "males"] += whole(row["males"])
    years = sorted({row["year"] for row in rows})
    write(
        out,
        ("state", "year", "female", "male"),
        [
            (state, year, persons[state, year, "females"], persons[state, year, "males"])
            for state in state_order()
            for year in years
        ],
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("raw", type=Path, help="projection by state, year and sex, Parquet")
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    main(arguments.raw, arguments.out)
