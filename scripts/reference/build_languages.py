"""Write `languages.tsv`, `mother_tongues.tsv` and `language_speakers.tsv` from census table C-16.

    python scripts/reference/build_languages.py C16.parquet OUT_FOLDER

The raw table stacks India, states, districts and sub-districts, and a sub-district may bear the
name of its district; only the first block of a district is read, and its sum is the population of
the district. Speakers are then summed by today's states.

Codes are those of ISO 639-3, given where one code means what the census name means and left out
where the census name covers several languages (Bhotia, Kuki, Rai) or the code is contested. They
were checked against the code tables of pycountry 26.2.16 and, where the names differ (Lakher: Mara,
Lalung: Tiwa, Parji: Duruwa, Sema: Sumi, Tangsa: Tase, Tripuri: Kok Borok, Lushai/Mizo: Lushai),
against Ethnologue 15 and Wikipedia. Scripts are those of CLDR 48 (`languageData`, primary use in
India; Ethnologue for Mizo and Garo), and empty where it names none.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from raw_tables import rows_of, state_order, states_of_districts, whole, write

#: Census code, ISO 639-3 code, scripts (ISO 15924), further codes within the census language.
CODES = """
1 asm Beng
2 ben Beng
3 brx Deva
4 doi Deva dgo
5 guj Gujr
6 hin Deva
7 kan Knda
8 kas Arab|Deva
9 kok Deva|Latn gom|knn
10 mai Deva
11 mal Mlym
12 mni Beng|Mtei
13 mar Deva
14 npi Deva nep
15 ori Orya ory
16 pan Guru
17 san Deva
18 sat Olck|Beng|Deva|Latn|Orya
19 snd Arab|Deva
20 tam Taml
21 tel Telu
22 urd Arab
23 adi
24 pus Arab
25 anm
26 njm
27 njo Latn
28 ara Arab
29 bft Arab
30 bhb Deva
33 bpy Beng
35 nri
36 nbc
37 kfa
38 der
39 dis
40 eng Latn
42 gnb
43 grt Latn
44 gon Deva|Telu gno
45 hlb
47 hmr
48 hoc Deva
50 jun
52 mjw
53 khn Deva
54 khr
55 kha Latn
56 nkh
57 kix
59 kfk
60 xis
61 kdq
62 cdz
64 kmm
65 kfc
66 nbe
67 kfq
68 kfp
69 kff
70 uki
72 kru Deva
73 lbj
75 lah Arab
76 mrh
77 lax
78 lep Lepc
79 njn
80 lif Deva|Limb
81 njh
82 lus Latn
84 nbi
85 nma
86 nng
87 mrg
91 unx Beng|Deva
92 unr Beng|Deva
94 njz
95 njb
96 pck
97 pci
100 nph
101 npo
102 rah
105 nsa
106 srb Latn
107 nsm
108 xsr Deva
109 scl
112 nmf
113 nst
114 tcz
115 bod Tibt
116 trp
117 tcy Knda
118 vap
119 nnp
120 yim
122 nzm
123 zom
"""
#: ISO 639-3 codes of mother tongues that the census counts under another language.
MOTHER_TONGUES = {
    "Ahirani": "ahr",
    "Awadhi": "awa",
    "Badaga": "bfq",
    "Bagheli/Baghel Khandi": "bfy",
    "Bharmauri/Gaddi": "gbk",
    "Bhatri": "bgw",
    "Bhilali": "bhi",
    "Bhojpuri": "bho",
    "Brajbhasha": "bra",
    "Bundeli/Bundel khandi": "bns",
    "Chakma": "ccp",
    "Chhattisgarhi": "hne",
    "Dhundhari": "dhd",
    "Garhwali": "gbm",
    "Gojri/Gujjari/Gujar": "gju",
    "Hara/Harauti": "hoj",
    "Haryanvi": "bgc",
    "Kachchhi": "kfr",
    "Kangri": "xnr",
    "Kokna/Kokni/Kukna": "kex",
    "Kumauni": "kfy",
    "Lamani/Lambadi": "lmn",
    "Magadhi/Magahi": "mag",
    "Malvi": "mup",
    "Mandeali": "mjl",
    "Marwari": "mwr",
    "Mewari": "mtr",
    "Mewati": "wtm",
    "Nimadi": "noe",
    "Panch Pargania": "tdb",
    "Rajasthani": "raj",
    "Sadan/Sadri": "sck",
    "Sambalpuri": "spv",
    "Saurashtra/Saurashtri": "saz",
    "Surgujia": "sgj",
    "Surjapuri": "sjp",
    "Vasava": "vas",
    "Wagdi": "wbr",
}
SCHEDULED = 22  # codes 1 to 22 are the languages of the Eighth Schedule
OTHERS = 124  # persons whose language is none of the 121


def district_rows(raw: Path) -> Iterator[dict[str, Any]]:
    """Rows of districts, without the sub-districts that follow each."""
    area: dict[str, str] = {}
    last: dict[str, str] = {}
    closed: set[str] = set()
    columns = ("district_code", "area_name", "language_code", "language_name")
    for row in rows_of(raw, [*columns, "rural_persons", "urban_persons"]):
        district, code = row["district_code"], row["language_code"]
        if district == "000" or district in closed:
            continue
        if area.setdefault(district, row["area_name"]) != row["area_name"] or (
            code <= last.get(district, "")
        ):
            closed.add(district)
            continue
        last[district] = code
        yield row


def main(raw: Path, out: Path) -> None:
    """Build the three tables."""
    states = states_of_districts()
    speakers: Counter[tuple[str, int, str]] = Counter()
    tongues: Counter[tuple[int, str]] = Counter()
    names: dict[int, str] = {}
    for row in district_rows(raw):
        language, tongue = int(row["language_code"][:3]), int(row["language_code"][3:])
        rural, urban = whole(row["rural_persons"]), whole(row["urban_persons"])
        if tongue == 0:
            names[language] = row["language_name"].split(" ", 1)[1].strip().title()
            state = states[int(row["district_code"])]
            speakers[state, language, "rural"] += rural
            speakers[state, language, "urban"] += urban
        elif tongue != 999:
            tongues[language, row["language_name"].strip()] += rural + urban
    _write_languages(out, names, speakers)
    write(
        out / "mother_tongues.tsv",
        ("name", "code", "census_code", "speakers"),
        [
            (name, _code(name, names[language], language), language, count)
            for (language, name), count in sorted(tongues.items())
        ],
    )
    write(
        out / "language_speakers.tsv",
        ("state", "census_code", "rural", "urban"),
        [
            (state, language, *counts)
            for state in state_order()
            for language in sorted(names)
            if any(counts := [speakers[state, language, kind] for kind in ("rural", "urban")])
        ],
    )


def _codes() -> dict[int, list[str]]:
    """Code, scripts and further codes of a language by its census code, as far as given."""
    return {int(line.split()[0]): line.split()[1:] for line in CODES.strip().splitlines()}


def _code(tongue: str, language: str, census_code: int) -> str | None:
    """The code of a mother tongue: its own, or that of the language if it bears its name."""
    of_language = _codes().get(census_code, [None])[0] if tongue.title() == language else None
    return MOTHER_TONGUES.get(tongue, of_language)


def _write_languages(
    out: Path, names: dict[int, str], speakers: Counter[tuple[str, int, str]]
) -> None:
    totals: Counter[int] = Counter()
    for (_, language, _), count in speakers.items():
        totals[language] += count
    codes = _codes()
    rows = []
    for language in sorted(set(names) - {OTHERS}, key=lambda one: -totals[one]):
        code, scripts, also, *_ = [*codes.get(language, []), None, None, None]
        scheduled = "true" if language <= SCHEDULED else "false"
        name = names[language]
        rows.append((code, language, name, scripts, scheduled, also, totals[language]))
    header = ("code", "census_code", "name", "scripts", "scheduled", "also", "speakers")
    write(out / "languages.tsv", header, rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("raw", type=Path, help="census table C-16 with all levels, Parquet")
    parser.add_argument("out", type=Path, help="folder to write the three tables to")
    arguments = parser.parse_args()
    main(arguments.raw, arguments.out)
