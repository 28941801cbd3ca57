"""Structured columns: cells become codes where they are certain, and win over the text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attribute_codes import CODES
from indic_persona_hub.judge.attributes import told_of
from indic_persona_hub.judge.reading.columns import ATTRIBUTE_OF, code_of_cell
from indic_persona_hub.judge.reading.occupation_titles import work_of
from indic_persona_hub.records import STATED_COLUMNS


def cell(name: str, value: str) -> dict[str, str | None]:
    return {"name": name, "value": value, "words": None}


@pytest.mark.parametrize(
    ("name", "written", "code"),
    [
        ("state", "Karnataka", "IN-KA"),
        ("state", "Orissa", "IN-OD"),
        ("state", "pondicherry", "IN-PY"),
        ("state", "उत्तर प्रदेश", "IN-UP"),
        ("state", "IN-XX", None),
        ("state", "Uttarakhnad", None),
        ("state", "उत्तर Pradesh", None),
        ("state", "Texas", None),
        ("state", "Patna", None),
        ("state", "TN", None),  # Tennessee too
        ("state", "Kerala, India", "IN-KL"),
        ("state", "Tamil Nadu (India)", "IN-TN"),
        ("state", "State of Kerala", "IN-KL"),
        ("state", "KERALA STATE", "IN-KL"),
        ("state", "Kerala State, India", "IN-KL"),
        ("state", "U.P.", "IN-UP"),
        ("state", "M. P.", "IN-MP"),
        ("state", "A.P.", None),  # Andhra or Arunachal
        ("state", "Delhi NCR", None),  # Noida and Gurugram too
        ("state", "Bombay", None),
        ("state", "India", None),
        ("state", "State of Georgia", None),
        ("state", "Georgia, India", None),
        ("country", "India", None),
        ("residence", "Rural", "rural"),
        ("residence", "Urban", "urban"),
        ("residence", "Semi-Urban", None),
        ("age", "34", "25-34"),
        ("age", "34.0", "25-34"),
        ("age", "३४", "25-34"),
        ("age", "thirty four", "25-34"),
        ("age", "34 years", "25-34"),
        ("age", "75+", "75+"),
        ("age", "60+", None),
        ("age", "7 to 12", "6-12"),
        ("age", "26-30", "25-34"),
        ("age", "30-39", None),
        ("age", "150", None),
        ("age", "-5", None),
        ("age", "young", None),
        ("age", "34 or 35", None),
        ("gender", "F", "female"),
        ("gender", "Male", "male"),
        ("gender", "महिला", "female"),
        ("gender", "Other", None),
        ("mother_tongue", "Hindi", "hin"),
        ("mother_tongue", "Bhojpuri", "hin"),
        ("mother_tongue", "tam", "tam"),
        ("mother_tongue", "Klingon", None),
        ("religion", "Islam", "muslim"),
        ("religion", "Hinduism", "hindu"),
        ("religion", "spiritual", None),
        ("community", "SC", "scheduled_caste"),
        ("community", "OBC-NCL", "other_backward_class"),
        ("community", "Brahmin", None),
        ("education", "Graduate & above", "graduate"),
        ("education", "Higher Secondary/Intermediate", "higher_secondary"),
        ("education", "Graduate (pursuing)", "higher_secondary"),
        ("education", "PhD", "postgraduate"),
        ("education", "school of life", None),
        ("disability", "Locomotor disability", "movement"),
        ("disability", "disabled", None),
    ],
)
def test_a_cell_is_a_code_where_it_is_certain(name: str, written: str, code: str | None) -> None:
    assert code_of_cell(name, written) == code


def test_a_district_lies_in_the_state_of_its_row() -> None:
    assert code_of_cell("district", "Aurangabad", "IN-BR") == "189"
    assert code_of_cell("district", "Aurangabad", "IN-MH") == "469"
    assert code_of_cell("district", "Aurangabad") is None
    assert code_of_cell("district", "Gaya district", "IN-KL") is None


@pytest.mark.parametrize(
    ("title", "ours", "code"),
    [
        ("Cultivator", "farmer", "6"),
        ("Farmer", "farmer", "6"),
        ("Primary school teacher", "teacher", "2341"),
        ("Software developers", "software engineer", "2512"),
        ("Cooks", "cook", "5120"),
        ("Senior Software Engineer", "software engineer", "251"),
        ("Carpenter", "carpenter", "7115"),
        ("Field Crop and Vegetable Growers", "Field Crop and Vegetable Growers", "6111"),
        ("Field Crop and Vegetable Grower", "Field Crop and Vegetable Growers", "6111"),
        ("Clerical Support Workers", None, "4"),
        ("Chemist", "pharmacist", "2262"),
        ("Homemaker", "homemaker", None),
    ],
)
def test_titles_of_work_have_codes(title: str, ours: str | None, code: str | None) -> None:
    found = work_of(title)
    assert found is not None and (found.title, found.code) == (ours, code)


@pytest.mark.parametrize("title", ["Astronaut", "Professional", "Machine operator", "", "the"])
def test_titles_that_are_not_known_stay_unknown(title: str) -> None:
    assert work_of(title) is None


def test_a_column_wins_and_what_the_text_says_otherwise_is_kept() -> None:
    told = told_of(
        "A 33-year-old nurse in Kochi.", [cell("age", "40"), cell("state", "Tamil Nadu")]
    )
    assert (told.found["age_band"].value, told.found["age_band"].words) == ("35-44", "40")
    assert told.found["age_band"].origin == "column"
    assert told.found["state"].value == "IN-TN"
    assert "district" not in told.found  # Ernakulam lies in Kerala
    assert told.found["occupation"].origin == "rule"
    assert set(told.contradicted) == {
        ("state", "IN-KL", "Kochi"),
        ("age_band", "25-34", "33-year-old"),
    }


def test_a_cell_that_means_nothing_of_ours_is_kept_and_the_text_stands() -> None:
    told = told_of("A 33-year-old nurse.", [cell("age", "150"), cell("religion", "n/a")])
    assert told.found["age_band"].value == "25-34"
    assert list(told.unrecognised) == [("age", "150")]
    assert not told.contradicted


@pytest.mark.parametrize(
    "abroad", [cell("country", "USA"), cell("state", "Oregon"), cell("country", "Pakistan")]
)
def test_who_lives_abroad_has_no_state(abroad: dict[str, str | None]) -> None:
    told = told_of("A 33-year-old nurse in Salem.", [abroad, cell("district", "Salem")])
    assert not {"state", "district"} & told.found.keys()
    assert list(told.unrecognised) == [(abroad["name"], abroad["value"])]
    assert told.found["age_band"].value == "25-34"


@pytest.mark.parametrize(
    ("state", "district", "code"),
    [("TN", "Salem", "IN-TN"), ("OR", "Salem", None), ("UP", "Gaya", None)],
)
def test_an_abbreviation_is_a_state_beside_a_district_of_it(
    state: str, district: str, code: str | None
) -> None:
    told = told_of("A nurse.", [cell("state", state), cell("district", district)])
    found = told.found.get("state")
    assert (found.value if found else None) == code
    assert ("district" in told.found) == (code is not None)
    assert list(told.unrecognised) == ([] if code else [("state", state), ("district", district)])


@pytest.mark.parametrize("country", ["India", "IN", "भारत", "unknown"])
def test_who_lives_in_india_has_the_state_that_is_stated(country: str) -> None:
    told = told_of("A nurse in Salem.", [cell("country", country)])
    assert told.found["state"].value == "IN-TN"
    assert not told.unrecognised


def test_a_coarser_code_contradicts_nothing() -> None:
    told = told_of("A civil engineer.", [cell("occupation", "Engineer")])
    assert told.found["occupation_code"].value == "21"
    assert not told.contradicted
    other = told_of("A civil engineer.", [cell("occupation", "Cook")])
    assert [name for name, _, _ in other.contradicted] == ["occupation_code"]


CELLS = st.text(max_size=20) | st.sampled_from(
    "Orissa 34 F M SC OBC Muslim Hindi Urban village Graduate blind Gaya Cook 1e9 ९९९ -0 + . "
    "nan".split()
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(STATED_COLUMNS), CELLS)
def test_whatever_a_cell_holds_its_value_is_one_of_ours(name: str, written: str) -> None:
    code = code_of_cell(name, written)
    assert code is None or code in CODES[ATTRIBUTE_OF[name]]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(STATED_COLUMNS), CELLS), max_size=6))
def test_every_cell_that_speaks_is_a_value_or_is_kept_as_unrecognised(
    cells: list[tuple[str, str]],
) -> None:
    told = told_of("A nurse.", [cell(*one) for one in cells])
    for name, one in told.found.items():
        assert one.origin in ("column", "rule")
        assert name == "occupation_code" or one.value in CODES[name]
    last = dict(cells)
    assert all(last[name] == written for name, written in told.unrecognised)
