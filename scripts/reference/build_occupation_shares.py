"""Write `occupation_shares.tsv` from Table (25) of the PLFS Annual Report, July 2023 to June 2024.

    python scripts/reference/build_occupation_shares.py REPORT.txt OUT.tsv

The raw file is the text of the report (`pdftotext -layout AnnualReport_PLFS2023-24L2.pdf`), or as
much of it as reaches from the heading of Table (25) to that of Table (26). The table prints per
cent of the workers of each column: males, females and persons of rural, urban and all India.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from raw_tables import write

FIRST, NEXT = "Table (25): Percentage distribution of workers", "Table (26):"
ROW = re.compile(r"^(?:Sub-division |Division )?(\d{1,3})((?: +\d+\.\d\d){9}) *$", re.MULTILINE)
#: The columns as printed.
PRINTED = tuple(
    f"{residence}{sex}"
    for residence in ("rural_", "urban_", "")
    for sex in ("male", "female", "person")
)
#: A sum of figures with two decimals is off by so much at most.
ROUNDING = 0.025


def main(raw: Path, out: Path) -> None:
    """Build the table.

    Raises:
        ValueError: The groups of a sub-division, the sub-divisions of a division or the divisions
            do not sum to what is printed for it.
    """
    text = raw.read_text(encoding="utf-8")
    start = text.index(FIRST)
    table = text[start : text.index(NEXT, start)]
    rows = {code: [float(cell) for cell in cells.split()] for code, cells in ROW.findall(table)}
    _check(rows | {"": [100.0] * len(PRINTED)})
    write(
        out,
        ("code", *PRINTED),
        [(code, *(f"{cell:.2f}" for cell in rows[code])) for code in sorted(rows)],
    )


def _check(rows: dict[str, list[float]]) -> None:
    for code, cells in rows.items():
        parts = [row for part, row in rows.items() if part and part[:-1] == code]
        sums = [sum(column) for column in zip(*parts, strict=True)] if parts else cells
        if max(abs(one - other) for one, other in zip(sums, cells, strict=True)) > ROUNDING:
            raise ValueError(f"what lies within '{code}' does not sum to it")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("raw", type=Path, help="text of the report, with Table (25)")
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    main(arguments.raw, arguments.out)
