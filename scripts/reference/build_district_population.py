"""Write `district_population.tsv` from the Primary Census Abstract of 2011.

    python scripts/reference/build_district_population.py PCA.parquet OUT.tsv

The raw table stacks total, rural and urban; only rural and urban are read. A class of workers is
main plus marginal workers. Literates are among those aged 7 and over.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from raw_tables import RESIDENCES, SEXES, rows_of, write

#: Our column and the raw columns whose sum it is, less the sex.
COLUMNS = {
    "persons": ("TOT",),
    "under_7": ("{}_06",),
    "scheduled_caste": ("{}_SC",),
    "scheduled_tribe": ("{}_ST",),
    "literate": ("{}_LIT",),
    "cultivator": ("MAIN_CL", "MARG_CL"),
    "agricultural_labourer": ("MAIN_AL", "MARG_AL"),
    "household_industry": ("MAIN_HH", "MARG_HH"),
    "other_worker": ("MAIN_OT", "MARG_OT"),
    "non_worker": ("NON_WORK",),
}


def raw_name(name: str, sex: str) -> str:
    """The raw column: the sex stands before `_SC`, and behind `MAIN_CL`."""
    letter = sex[0].upper()
    return name.format(letter) if "{}" in name else f"{name}_{letter}"


def main(raw: Path, out: Path) -> None:
    """Build the table."""
    read = {(int(row["District"]), row["TRU"].lower()): row for row in rows_of(raw)}
    write(
        out,
        ("district", "residence", "sex", *COLUMNS),
        [
            (
                district,
                residence,
                sex,
                *(
                    sum(int(read[district, residence][raw_name(name, sex)]) for name in names)
                    for names in COLUMNS.values()
                ),
            )
            for district in sorted({district for district, _ in read})
            for residence in RESIDENCES
            for sex in SEXES
        ],
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("raw", type=Path, help="Primary Census Abstract by district, Parquet")
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    main(arguments.raw, arguments.out)
