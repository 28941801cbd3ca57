"""Write `population_age_sex_residence.tsv` from census table C-14.

    python scripts/reference/build_population.py C14.parquet OUT.tsv

The raw table stacks India, states (twice) and districts; only districts are read, and summed by
today's states.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from raw_tables import rows_of, state_order, states_of_districts, write

COLUMNS = ("rural_female", "rural_male", "urban_female", "urban_male")
RAW = ("Rural Females", "Rural Males", "Urban Females", "Urban Males")


def main(raw: Path, out: Path) -> None:
    """Build the table."""
    states = states_of_districts()
    persons: Counter[tuple[str, str, str]] = Counter()
    groups: dict[str, None] = {}
    for row in rows_of(raw):
        group = row["Age Group"].strip()
        if int(row["District Code"]) == 0 or group == "All ages":
            continue
        group = "not stated" if group == "Age not stated" else group
        groups[group] = None
        for column, name in zip(COLUMNS, RAW, strict=True):
            persons[states[int(row["District Code"])], group, column] += int(row[name])
    write(
        out,
        ("state", "age_group", *COLUMNS),
        [
            (state, group, *(persons[state, group, column] for column in COLUMNS))
            for state in state_order()
            for group in groups
        ],
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("raw", type=Path, help="census table C-14 with districts, Parquet")
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    main(arguments.raw, arguments.out)
