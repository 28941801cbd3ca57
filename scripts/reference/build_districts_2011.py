"""Write `districts_2011.tsv`: the 640 districts of Census 2011 and where they lie today.

    python scripts/reference/build_districts_2011.py PCA.parquet OUT.tsv

The raw table is the Primary Census Abstract by district. A district keeps its people and is put
into one state of today. `lgd_code` is today's district of the same name or, where it was renamed or
split, the one that kept its code in the Local Government Directory.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from raw_tables import rows_of, state_today, write

from indic_persona_hub import reference

#: Census code to LGD code where today's name, and every other name that we know, differs.
RENAMED = {
    8: 3,  # Baramula: Baramulla
    9: 623,  # Bandipore: Bandipora
    13: 625,  # Shupiyan: Shopian
    25: 21,  # Lahul & Spiti: Lahaul and Spiti
    61: 52,  # Garhwal: Pauri Garhwal
    198: 179,  # Sant Ravidas Nagar (Bhadohi): Bhadohi
    204: 213,  # Purba Champaran: Purbi Champaran
    233: 200,  # Kaimur (Bhabua): Kaimur
    241: 226,  # North District: Mangan
    242: 228,  # West District: Gyalshing
    243: 227,  # South District: Namchi
    244: 225,  # East District: Gangtok
    299: 275,  # Jaintia Hills: West Jaintia Hills
    329: 308,  # Koch Bihar: Cooch Behar
    335: 306,  # Barddhaman: Purba Bardhaman
    337: 303,  # North Twenty Four Parganas: North 24 Parganas
    348: 334,  # Kodarma: Koderma
    368: 343,  # Pashchimi Singhbhum: West Singhbhum
    391: 349,  # Baudh: Boudh
    440: 414,  # Khargone (West Nimar): Khargone
    466: 405,  # Khandwa (East Nimar): Khandwa
    474: 438,  # Ahmadabad: Ahmedabad
    523: 470,  # Bid: Beed
    550: 515,  # Sri Potti Sriramulu Nellore: Nellore
    551: 504,  # Y.S.R.: YSR Kadapa
    572: 525,  # Bangalore: Bengaluru Urban
}


def _key(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.casefold().replace("&", "and"))


def today() -> dict[tuple[str, str], int]:
    """LGD code of a district of today by its state and any of its names."""
    districts = reference.load("districts").to_pylist()
    states = {row["lgd_code"]: row["state"] for row in districts}
    found = {(row["state"], _key(row["name"])): row["lgd_code"] for row in districts}
    for row in reference.load("district_variants").to_pylist():
        found.setdefault((states[row["lgd_code"]], _key(row["variant"])), row["lgd_code"])
    return found


def main(raw: Path, out: Path) -> None:
    """Build the table."""
    codes = today()
    rows = []
    for row in rows_of(raw, ["State", "District", "Name", "TRU"]):
        if row["TRU"] != "Total":
            continue
        code, state_2011 = int(row["District"]), int(row["State"])
        state, name = state_today(state_2011, code), " ".join(row["Name"].split())
        lgd = RENAMED.get(code, codes.get((state, _key(name))))
        rows.append((code, name, state_2011, state, lgd))
    write(out, ("code", "name", "state_2011", "state", "lgd_code"), sorted(rows))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("raw", type=Path, help="Primary Census Abstract by district, Parquet")
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    main(arguments.raw, arguments.out)
