"""Write `disability.tsv` from census table C-20.

    python scripts/reference/build_disability.py C20.parquet OUT.tsv

The raw table stacks India, states (twice), districts, residences and ages; only rural and urban
persons of all ages in districts are read, and summed by today's states.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from raw_tables import RESIDENCES, SEXES, rows_of, state_order, states_of_districts, write

KINDS = {
    "seeing": "In Seeing",
    "hearing": "In Hearing",
    "speech": "In Speech",
    "movement": "In Movement",
    "intellectual": "In Mental Retardation",
    "mental_illness": "In Mental Illness",
    "multiple": "In Multiple Disability",
    "other": "In Any Other",
}


def main(raw: Path, out: Path) -> None:
    """Build the table.

    Raises:
        ValueError: Kinds of a row do not sum to its disabled persons.
    """
    states = states_of_districts()
    persons: Counter[tuple[str, str, str, str]] = Counter()
    for row in rows_of(raw):
        residence = row["Residence"].lower()
        if int(row["District Code"]) == 0 or row["Age Group"] != "Total" or residence == "total":
            continue
        state = states[int(row["District Code"])]
        for sex in SEXES:
            plural = f"{sex.title()}s"
            counts = {kind: int(row[f"{name} {plural}"]) for kind, name in KINDS.items()}
            if sum(counts.values()) != int(row[f"Disabled {plural}"]):
                raise ValueError(f"kinds do not sum to all in {row['Area Name']}")
            for kind, count in counts.items():
                persons[state, residence, sex, kind] += count
    write(
        out,
        ("state", "residence", "sex", *KINDS),
        [
            (state, residence, sex, *(persons[state, residence, sex, kind] for kind in KINDS))
            for state in state_order()
            for residence in RESIDENCES
            for sex in SEXES
        ],
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("raw", type=Path, help="census table C-20 with districts, Parquet")
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    main(arguments.raw, arguments.out)
