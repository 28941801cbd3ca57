"""Reference tables: every table loads, says where it comes from, and fits the others."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indic_persona_hub import reference
from indic_persona_hub.errors import HubError
from indic_persona_hub.records import AGE_BANDS, GENDERS, RESIDENCES
from indic_persona_hub.reference.labels import place_name
from indic_persona_hub.reference.lexicon import Lexicon, key, tokens

ROOT = Path(__file__).parents[1]
RAW_DISTRICTS = ROOT.parent / "shared" / "data" / "lgd" / "lgd_districts.parquet"


def rows(name: str) -> list[dict]:
    return reference.load(name).to_pylist()


@pytest.mark.parametrize("name", reference.names())
def test_a_table_loads_and_names_source_year_and_licence(name: str) -> None:
    table, source = reference.load(name), reference.source(name)
    assert table.num_rows > 0
    assert table.column_names == list(source.columns)
    assert source.title and source.source and source.table and source.licence
    assert 2011 <= source.year <= 2030


def test_every_file_of_the_folder_is_in_the_index() -> None:
    folder = Path(reference.__file__).parent
    assert {path.stem for path in folder.glob("*.tsv")} == set(reference.names())


def test_a_table_is_read_once() -> None:
    assert reference.load("states") is reference.load("states")


def test_an_unknown_table_names_the_nearest() -> None:
    with pytest.raises(HubError, match="nearest is 'districts'"):
        reference.load("district")


def test_the_36_states_and_territories_of_today() -> None:
    states = rows("states")
    assert len(states) == 36
    assert Counter(state["kind"] for state in states) == {"state": 28, "union territory": 8}
    for column in ("code", "lgd_code", "name"):
        assert len({state[column] for state in states}) == 36
    assert all(state["code"].startswith("IN-") for state in states)


def test_state_variants_cover_every_state_in_hindi_and_many_scripts() -> None:
    variants = rows("state_variants")
    codes = {state["code"] for state in rows("states")}
    names = [row for row in variants if row["kind"] in ("current", "former", "short")]
    assert len(names) >= 300  # without regions, and stems before a case ending
    assert len({(row["code"], row["variant"]) for row in variants}) == len(variants)
    assert {row["code"] for row in variants if row["language"] == "hin"} == codes
    assert len({row["script"] for row in variants}) >= 13
    spelled = {row["variant"]: row["code"] for row in variants}
    assert spelled["Orissa"] == "IN-OD" and spelled["Pondicherry"] == "IN-PY"
    assert spelled["उत्तर प्रदेश"] == "IN-UP" and spelled["தமிழ்நாடு"] == "IN-TN"
    assert spelled["Jammu & Kashmir"] == "IN-JK" and spelled["लद्दाख"] == "IN-LA"
    merged = (
        "Daman and Diu",
        "Dadra and Nagar Haveli",
        "DNHDD",
        "Dadra Nagar Haveli and Daman Diu",
    )
    assert {spelled[name] for name in merged} == {"IN-DH"}
    assert spelled["Uttaranchal"] == "IN-UK" and spelled["Telengana"] == "IN-TS"


def test_no_variant_names_two_states() -> None:
    spelled: dict[str, set[str]] = {}
    for row in rows("state_variants"):
        words = " ".join(token.key for token in tokens(row["variant"]))
        spelled.setdefault(words, set()).add(row["code"])
    assert all(len(codes) == 1 for codes in spelled.values())


def test_districts_have_one_code_and_a_state() -> None:
    districts = rows("districts")
    states = {state["code"] for state in rows("states")}
    assert len({row["lgd_code"] for row in districts}) == len(districts) >= 780
    assert {row["state"] for row in districts} == states


@pytest.mark.skipif(not RAW_DISTRICTS.exists(), reason="the raw table is not here")
def test_the_table_of_districts_is_what_its_script_builds(tmp_path: Path) -> None:
    script = ROOT / "scripts" / "reference" / "build_districts.py"
    built = tmp_path / "districts.tsv"
    subprocess.run([sys.executable, str(script), str(RAW_DISTRICTS), str(built)], check=True)
    shipped = Path(reference.__file__).parent / "districts.tsv"
    assert built.read_bytes() == shipped.read_bytes()


def test_cities_and_other_names_lie_in_districts_of_their_state() -> None:
    states = {row["lgd_code"]: row["state"] for row in rows("districts")}
    assert len(rows("cities")) >= 150
    for city in rows("cities"):
        assert city["district"] is None or states[city["district"]] == city["state"], city
    assert all(row["lgd_code"] in states for row in rows("district_variants"))


def test_occupations_are_many_and_no_words_name_two() -> None:
    occupations = rows("occupations")
    assert len(occupations) >= 250
    assert sum(len(row["hindi"]) for row in occupations) >= 60
    assert {row["visibility"] for row in occupations} == {"low", "high"}
    spelled = Counter(
        words.casefold()
        for row in occupations
        for words in (row["title"], *row["synonyms"], *row["hindi"])
    )
    assert max(spelled.values()) == 1


def test_word_tables_state_only_known_values() -> None:
    assert {row["band"] for row in rows("age_words")} <= {None, *AGE_BANDS}
    assert all(row["least_age"] < row["most_age"] for row in rows("age_words"))
    assert {row["gender"] for row in rows("gender_words")} <= {None, *GENDERS}
    assert {row["residence"] for row in rows("residence_words")} <= {None, *RESIDENCES}


def test_a_place_has_a_name_and_an_unknown_code_names_itself() -> None:
    assert place_name("IN-BR") == "Bihar"
    assert place_name("196") == "Gaya"
    assert place_name("nowhere") == "nowhere"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("GAYA", "Gaya"),
        ("३४", "34"),
        ("ज़िला", "जिला"),
        ("गाँव", "गांव"),
        ("ൻ", "ന്\u200d"),
        ("केरल\u200c", "केरल"),
    ],
)
def test_spellings_of_one_word_have_one_key(one: str, other: str) -> None:
    assert key(one) == key(other)


def test_an_indic_word_is_not_cut_at_its_vowel_signs() -> None:
    assert [token.text for token in tokens("हिन्दी में தமிழ்நாடு, କଟକ")] == [
        "हिन्दी",
        "में",
        "தமிழ்நாடு",
        "କଟକ",
    ]


def test_the_longest_entry_is_found_and_not_across_a_comma() -> None:
    lexicon = Lexicon([("nurse", 1), ("staff nurse", 2)])
    assert [match.value for match in lexicon.find(tokens("a staff nurse, a staff, nurse"))] == [
        2,
        1,
    ]


@given(st.text())
def test_tokens_are_words_of_the_text_and_lose_no_letter(text: str) -> None:
    found = tokens(text)
    assert all(text[token.start : token.end] == token.text for token in found)
    between = "".join(token.gap for token in found)
    assert not any(unicodedata.category(letter)[0] in "LN" for letter in between)


@given(st.lists(st.text(min_size=1, max_size=8), max_size=6), st.text(max_size=60))
def test_a_match_spells_an_entry(entries: list[str], text: str) -> None:
    lexicon = Lexicon((entry, entry) for entry in entries)
    found = tokens(text)
    for match in lexicon.find(found):
        spelled = [token.key for token in tokens(match.value)]
        assert [token.key for token in found[match.first : match.last]] == spelled
