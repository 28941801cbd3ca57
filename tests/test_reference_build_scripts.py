"""The shipped official tables are what the scripts of scripts/reference build from raw tables."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from indic_persona_hub import reference

ROOT = Path(__file__).parents[1]
SCRIPTS = ROOT / "scripts" / "reference"
RAW = ROOT.parent / "shared" / "data"
SHIPPED = Path(reference.__file__).parent


@pytest.mark.skipif(not RAW.exists(), reason="the raw tables are not here")
@pytest.mark.parametrize(
    ("script", "raw", "built"),
    [
        ("districts_2011", "census2011_pca/pca-full.parquet", "districts_2011"),
        (
            "population",
            "census2011_age_disability/census_age.parquet",
            "population_age_sex_residence",
        ),
        ("district_population", "census2011_pca/pca-full.parquet", "district_population"),
        ("religion", "census2011_districts/india-districts-census-2011.csv", "district_religion"),
        ("disability", "census2011_age_disability/census_disability.parquet", "disability"),
        (
            "projection",
            "censusindia_r/population_projections_state.parquet",
            "population_projection",
        ),
    ],
)
def test_a_table_is_what_its_script_builds(
    script: str, raw: str, built: str, tmp_path: Path
) -> None:
    out = tmp_path / f"{built}.tsv"
    command = [sys.executable, SCRIPTS / f"build_{script}.py", RAW / raw, out]
    subprocess.run(command, check=True)
    assert out.read_bytes() == (SHIPPED / out.name).read_bytes()


@pytest.mark.skipif(not RAW.exists(), reason="the raw tables are not here")
def test_tables_of_languages_are_what_their_script_builds(tmp_path: Path) -> None:
    raw = RAW / "censusindia_r" / "census_2011_mother_tongue.parquet"
    subprocess.run([sys.executable, SCRIPTS / "build_languages.py", raw, tmp_path], check=True)
    built = sorted(tmp_path.iterdir())
    assert len(built) == 3
    for path in built:
        assert path.read_bytes() == (SHIPPED / path.name).read_bytes()


def test_the_script_of_education_reads_one_level_of_the_official_sheet(tmp_path: Path) -> None:
    """The sheet is rebuilt from the shipped figures, with the levels that the script must skip."""
    ages = reference.load("education").to_pylist()
    states = reference.load("state_education").to_pylist()
    lines = []
    for residence in ("Total", "Rural", "Urban"):
        everybody = [row | {"age_group": "All ages"} for row in ages]
        for age in ("All ages", *dict.fromkeys(row["age_group"] for row in ages)):
            of_age = _sums(everybody if age == "All ages" else ages, residence, age_group=age)
            printed = "Age not stated" if age == "not stated" else age
            lines.append(f"C2308,00,000,INDIA,{residence},{printed},{of_age},")
    for state in dict.fromkeys(row["state_2011"] for row in states):
        for residence in ("Total", "Rural", "Urban"):
            place = f"C2308,{state:02},000,State - {state},{residence}"
            lines.append(f"{place},All ages,{_sums(states, residence, state_2011=state)},")
            lines.append(f"{place},30-34,{_sums(states, residence, state_2011=state)},")
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("\n".join(lines), encoding="utf-8")
    subprocess.run([sys.executable, SCRIPTS / "build_education.py", sheet, tmp_path], check=True)
    for name in ("education.tsv", "state_education.tsv"):
        assert (tmp_path / name).read_bytes() == (SHIPPED / name).read_bytes()


def _sums(rows: list[dict], residence: str, **only: object) -> str:
    """Cells of a row of the sheet: persons, males, females of each column."""
    kept = [row for row in rows if all(row[name] == value for name, value in only.items())]
    kept = [row for row in kept if residence.lower() in (row["residence"], "total")]
    levels = list(rows[0])[list(rows[0]).index("illiterate") :]
    cells = []
    for column in ("persons", "illiterate", "literate", *levels[1:]):
        summed = {"persons": levels, "literate": levels[1:]}.get(column, [column])
        male, female = (
            sum(row[name] for row in kept if row["sex"] == sex for name in summed)
            for sex in ("male", "female")
        )
        cells.append(f"{male + female},{male},{female}")
    return ",".join(cells)


def test_the_script_of_occupation_shares_reads_one_table_of_the_report(tmp_path: Path) -> None:
    """The pages are laid out again from the shipped figures, between those of two other tables."""
    shipped = reference.load("occupation_shares").to_pylist()
    printed = sorted(shipped, key=lambda row: row["code"].ljust(4, "~"))  # parts before the whole
    levels = {1: "Division ", 2: "Sub-division ", 3: ""}
    lines = ["Table (24): Unemployment Rate", "999   " + "   ".join(["1.00"] * 9)]
    lines.append("Table (25): Percentage distribution of workers in usual status (ps+ss)")
    for row in printed:
        code, *cells = row.values()
        figures = "      ".join(f"{cell:.2f}" for cell in cells)
        lines += [
            f"{levels[len(code)]}{code}      {figures}",
            "A-147   Annual Report, PLFS, 2023-24",
        ]
    lines += [
        "total   " + "   ".join(["100.00"] * 9),
        "Table (26): Percentage distribution",
        lines[1],
    ]
    report, out = tmp_path / "report.txt", tmp_path / "occupation_shares.tsv"
    report.write_text("\n".join(lines), encoding="utf-8")
    command = [sys.executable, SCRIPTS / "build_occupation_shares.py", report, out]
    subprocess.run(command, check=True)
    assert out.read_bytes() == (SHIPPED / out.name).read_bytes()

    report.write_text("\n".join(lines).replace("1.96", "2.96", 1), encoding="utf-8")
    failed = subprocess.run(command, capture_output=True, text=True, check=False)
    assert failed.returncode != 0 and "does not sum to it" in failed.stderr


@pytest.mark.skipif(not RAW.exists(), reason="the raw tables are not here")
def test_the_script_of_the_classification_takes_isco_titles_and_two_families_of_india(
    tmp_path: Path,
) -> None:
    """Labels as the source has them: padded with zeros, a group of one family only once."""
    shipped = reference.load("nco").to_pylist()
    lines = [
        f'{row["code"]:0<4} "{row["title"]}"'
        for row in shipped
        if row["code"] not in ("6115", "6116") and not re.fullmatch(r"\d{3}0", row["code"])
    ]
    labels, out = tmp_path / "labels.txt", tmp_path / "nco.tsv"
    labels.write_text("\n".join(['0000 "Armed Forces"', *lines]), encoding="utf-8")
    volumes = [RAW / "nco2015" / f"nco2015_vol{number}.parquet" for number in (1, 2)]
    command = [sys.executable, SCRIPTS / "build_nco.py", labels, *volumes, out]
    subprocess.run(command, check=True)
    assert out.read_bytes() == (SHIPPED / out.name).read_bytes()
