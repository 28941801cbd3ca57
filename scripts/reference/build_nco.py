"""Write `reference/nco.tsv`: divisions, sub-divisions, groups and families of NCO-2015.

    python scripts/reference/build_nco.py ISCO_LABELS.txt NCO_VOL1.parquet NCO_VOL2.parquet OUT.tsv

NCO-2015 takes its first four digits from ISCO-08 and has no division 0 (armed forces). The labels
are lines of `CODE "TITLE"` with codes filled up to four digits with zeros, as in
`_cwfcn_labels_isco08.sthlp` of the Stata package `crosswalk` (Ben Jann), which took them from the
ILO's file of 2021 "ISCO-08 EN Structure and definitions.xlsx". The two volumes of NCO-2015 are read
for the families that ISCO-08 does not have; they are two-column pages read across, so that only the
code and what stands around it can be told, and their two titles are given here by hand.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from raw_tables import rows_of, write

# Slips of the source, as they should be.
CLEAN = {
    "Shop Aalespersons": "Shop Salespersons",
    "Systems Aministrators": "Systems Administrators",
    "Clearing and Forwarding Aents": "Clearing and Forwarding Agents",
    "Government Regulatory AssociatePprofessionals Not Elsewhere Classified": (
        "Government Regulatory Associate Professionals Not Elsewhere Classified"
    ),
    "Financial and Insurance Services Branch managers": (
        "Financial and Insurance Services Branch Managers"
    ),
    "Geologists and geophysicists": "Geologists and Geophysicists",
    "Mining and metallurgical technicians": "Mining and Metallurgical Technicians",
    "Employment agents and contractors": "Employment Agents and Contractors",
    "Crane, hoist and related plant operators": "Crane, Hoist and Related Plant Operators",
    "Craft and Related Workers not Elsewhere Classified": (
        "Craft and Related Workers Not Elsewhere Classified"
    ),
    "Secretaries (general)": "Secretaries (General)",
    "Receptionists (general)": "Receptionists (General)",
}
# Families of NCO-2015 alone, beside "Family 6115", "Family 6116" of volume II B.
OF_INDIA = {
    "6115": "Medicinal and Aromatic Plant Cultivators",
    "6116": "Agriculture Information Management",
}
LEVELS = {1: "division", 2: "sub_division", 3: "group", 4: "family"}


def isco_titles(labels: Path) -> dict[str, str]:
    """Titles by code of 1 to 4 digits, without division 0."""
    found = dict(re.findall(r'^(\d{4}) "(.*)"$', labels.read_text("utf-8"), re.MULTILINE))
    titles: dict[str, str] = {}
    for padded, raw in found.items():
        title = CLEAN.get(raw, " ".join(raw.split()))
        code = padded.rstrip("0")
        if not code:
            continue
        titles[code] = title
        if len(code) < 3:
            continue
        group = padded[:3]
        if len(code) == 3 and not any(one[:3] == group and one[3] != "0" for one in found):
            titles[padded] = title  # the only unit group of its group
    return titles


def families_of_india(volumes: list[Path]) -> dict[str, str]:
    """Families that the volumes name and ISCO-08 does not have."""
    text = " ".join(str(row["text"]) for path in volumes for row in rows_of(path, ["text"]))
    return {code: title for code, title in OF_INDIA.items() if f"Family {code}" in text}


def main(labels: Path, volumes: list[Path], out: Path) -> None:
    """Build the table."""
    titles = isco_titles(labels) | families_of_india(volumes)
    rows = [(code, LEVELS[len(code)], titles[code]) for code in sorted(titles)]
    write(out, ("code", "level", "title"), rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("labels", type=Path, help="labels of ISCO-08")
    parser.add_argument("volumes", type=Path, nargs=2, help="the two volumes of NCO-2015, Parquet")
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    main(arguments.labels, arguments.volumes, arguments.out)
