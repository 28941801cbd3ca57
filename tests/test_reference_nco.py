"""NCO-2015: every code has those above it, and our titles have codes that are in it."""

from __future__ import annotations

from collections import Counter

from indic_persona_hub import reference


def rows() -> dict[str, tuple[str, str]]:
    table = reference.load("nco").to_pylist()
    return {row["code"]: (row["level"], row["title"]) for row in table}


def test_every_code_lies_in_one_that_is_there() -> None:
    codes = rows()
    assert all(code[:-1] in codes for code in codes if len(code) > 1)
    assert not any(code.startswith("0") for code in codes)  # no armed forces


def test_levels_are_as_many_as_those_of_isco_08_and_two_families_of_indias_own() -> None:
    counted = Counter(level for level, _ in rows().values())
    assert counted == {"division": 9, "sub_division": 40, "group": 127, "family": 433 + 2}
    assert all(len(code) == 4 for code, (level, _) in rows().items() if level == "family")


def test_titles_are_clean() -> None:
    for level, title in rows().values():
        assert title == " ".join(title.split()) and title[0].isupper(), (level, title)
        assert not any(slip in title for slip in ("Aalesp", "Aents", "Aminist", "Pprof"))


def test_codes_of_our_titles_are_in_the_classification() -> None:
    table = reference.load("occupations").to_pylist()
    coded = {row["title"]: row["nco"] for row in table if row["nco"]}
    assert len(coded) >= 180
    assert set(coded.values()) <= set(rows())
    assert coded["farmer"] == "6" and coded["cook"] == "5120"
    assert "soldier" not in coded and "student" not in coded
