"""Write `reference/districts.tsv` from a raw table of the Local Government Directory.

    python scripts/reference/build_districts.py RAW.parquet OUT.tsv

The raw table has the columns state_code, district_code (LGD codes as strings) and district_name.
It lists only districts that hold villages, so the five without any are added here by hand.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pyarrow.parquet as pq

from indic_persona_hub import reference

# Districts without a village in the directory: code, name, LGD code of the state.
WITHOUT_VILLAGES = (
    (44, "Chandigarh", 4),
    (315, "Kolkata", 19),
    (482, "Mumbai", 27),
    (599, "Mahe", 34),
    (601, "Yanam", 34),
)
# Spellings of the raw table that are slips, initials or doubled names.
CLEAN = {
    "MAUGANJ": "Mauganj",
    "Ntr": "NTR",
    "Manendragarh-Chirmiri-Bharatpur(M C B)": "Manendragarh-Chirmiri-Bharatpur",
    "Kaimur (Bhabua)": "Kaimur",
    "Khandwa (East Nimar)": "Khandwa",
    "Khargone (West Nimar)": "Khargone",
    "East Singhbum": "East Singhbhum",
    "Lakshadweep District": "Lakshadweep",
    "Y.S.R. Kadapa": "YSR Kadapa",
    "Leh Ladakh": "Leh",
    "Bara Banki": "Barabanki",
    "S.A.S Nagar": "Sahibzada Ajit Singh Nagar",
    "The Nilgiris": "Nilgiris",
    "Sri Potti Sriramulu Nellore": "Nellore",
    "Kabeerdham": "Kabirdham",
}
# Names that mean something else when no "district" or state stands beside them: directions,
# rivers, deities, a country, a language.
NEEDS_WORD = {
    *("Central", "East", "North", "North East", "North West", "South", "South East", "South West"),
    *("West", "New Delhi", "Old Delhi", "Outer North", "Central North", "Lakshadweep"),
    *("Krishna", "Narmada", "Tapi", "Gomati", "Lohit", "Siang", "Mon", "Korea", "Pali", "Nadia"),
    *("Vaishali", "NTR", "Annamayya", "Prakasam", "Sakti", "Saran", "Bhojpur", "Vijayanagara"),
    *("Nirmal", "Hassan", "Chandel", "Polavaram", "Kheri", "Sri Sathya Sai", "Samba"),
}


def rows(raw: Path) -> list[tuple[int, str, str, str]]:
    """(LGD code, name, ISO 3166-2 code of the state, `plain`), by LGD code."""
    states = reference.load("states").to_pylist()
    iso = {state["lgd_code"]: state["code"] for state in states}
    listed = [
        (int(row["district_code"]), row["district_name"], int(row["state_code"]))
        for row in pq.read_table(raw).to_pylist()
    ]
    cleaned = (
        (code, re.sub(r"\bAnd\b", "and", CLEAN.get(name, name)), state)
        for code, name, state in [*listed, *WITHOUT_VILLAGES]
    )
    return [
        (code, name, iso[state], "false" if name in NEEDS_WORD else "true")
        for code, name, state in sorted(cleaned)
    ]


def main(raw: str, out: str) -> None:
    """Build the table."""
    lines = ["lgd_code\tname\tstate\tplain"]
    lines += ["\t".join(map(str, row)) for row in rows(Path(raw))]
    Path(out).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
