"""Codes of attribute values: each dimension reads what it can, and nothing else."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indic_persona_hub import reference
from indic_persona_hub.errors import HubError
from indic_persona_hub.records import (
    AGE_BANDS,
    COMMUNITIES,
    EDUCATION_LEVELS,
    GENDERS,
    RELIGIONS,
)
from indic_persona_hub.reference import dimensions
from indic_persona_hub.reference.dimensions import DIMENSIONS, codes

SAME = ("state", "residence", "age_band", "religion", "disability", "district")


def values_of(dimension: str, attribute: str, *values: str | None) -> list[str | None]:
    """What the dimension makes of the values, by name; None where it cannot tell."""
    found = codes(dimension, {attribute: pa.array(values, pa.string())})
    known = DIMENSIONS[dimension].values
    return [known[code] if code >= 0 else None for code in found]


def test_the_dimensions_of_the_official_tables() -> None:
    sizes = {name: len(dimension.values) for name, dimension in DIMENSIONS.items()}
    assert sizes | {"language": 0, "district": 0} == {
        **{"state": 36, "residence": 2, "sex": 2, "age_band": 9, "language": 0, "religion": 7},
        **{"community": 3, "education": 8, "literacy": 2, "occupation_division": 9},
        **{"work_class": 3, "disability": 9, "district": 0},
    }
    assert all(len(set(one.values)) == len(one.values) for one in DIMENSIONS.values())
    assert all(name == dimension.name for name, dimension in DIMENSIONS.items())


@pytest.mark.parametrize("name", SAME)
def test_values_of_a_dimension_code_to_their_places(name: str) -> None:
    values = DIMENSIONS[name].values
    found = codes(name, {name: pa.array(values, pa.string())})
    assert found.dtype == np.int16
    assert found.tolist() == list(range(len(values)))


@given(
    st.lists(
        st.one_of(
            st.none(),
            st.text(max_size=5),
            st.sampled_from([*AGE_BANDS, *RELIGIONS, "IN-GA", "hin"]),
        )
    ),
    st.sampled_from(sorted(DIMENSIONS)),
)
def test_any_text_is_a_code_or_unknown(values: list[str | None], name: str) -> None:
    everywhere = pa.array(values, pa.string())
    attributes = dict.fromkeys(
        (*SAME, "gender", "mother_tongue", "community", "education", "occupation_code"), everywhere
    )
    found = codes(name, attributes)
    assert len(found) == len(values)
    assert np.all((found >= -1) & (found < len(DIMENSIONS[name].values)))
    assert all(code == -1 for code, value in zip(found, values, strict=True) if value is None)


def test_chunks_and_dictionaries_code_as_plain_arrays_do() -> None:
    values = ["rural", None, "urban", "rural"]
    plain = pa.array(values, pa.string())
    chunked = pa.chunked_array([plain[:1], plain[1:]])
    for column in (plain, chunked, plain.dictionary_encode(), chunked.dictionary_encode()):
        assert codes("residence", {"residence": column}).tolist() == [0, -1, 1, 0]


def test_a_transgender_person_has_no_census_sex() -> None:
    assert values_of("sex", "gender", *GENDERS, None) == ["female", "male", None, None]


def test_communities_other_than_the_scheduled_are_one() -> None:
    assert values_of("community", "community", *COMMUNITIES) == [
        *("scheduled_caste", "scheduled_tribe", "other", "other"),
    ]


def test_education_and_literacy() -> None:
    assert values_of("education", "education", *EDUCATION_LEVELS)[-2:] == ["graduate", "graduate"]
    literacy = values_of("literacy", "education", *EDUCATION_LEVELS, "PhD")
    assert literacy == ["illiterate", *["literate"] * 8, None]


def test_a_language_is_its_own_or_the_one_that_it_is_counted_under() -> None:
    spoken = ("hin", "bho", "ory", "nep", "gom", "xyz", "Hindi")
    counted = values_of("language", "mother_tongue", *spoken)
    assert counted == ["hin", "hin", "ori", "npi", "kok", None, None]


def test_divisions_of_occupations() -> None:
    codes_ = ("6", "92", "2310", "0110", "X", "")
    assert values_of("occupation_division", "occupation_code", *codes_) == [
        *("6", "9", "2", None, None, None),
    ]


@pytest.mark.parametrize(
    ("code", "work_class"),
    [
        ("6111", "cultivator"),
        ("611", "cultivator"),
        ("6310", "cultivator"),
        ("6112", None),  # orchards are cultivation, plantations are not
        ("6", None),
        ("61", None),
        ("9211", "agricultural_labourer"),
        ("92", None),
        ("9215", "other_worker"),
        ("6121", "other_worker"),
        ("7318", "other_worker"),
        ("2", "other_worker"),
        ("0", None),
    ],
)
def test_the_census_class_of_an_occupation(code: str, work_class: str | None) -> None:
    assert values_of("work_class", "occupation_code", code) == [work_class]


@pytest.mark.parametrize(
    ("title", "code", "work_class"),
    [
        ("farmer", "6", "cultivator"),
        ("agricultural labourer", "921", "agricultural_labourer"),
        ("fisher", "6", "other_worker"),
        ("nurse", None, "other_worker"),
        ("daily wage labourer", "9", None),
        ("homemaker", None, None),
        (None, "2310", "other_worker"),
        ("Field Crop and Vegetable Growers", "6111", "cultivator"),
    ],
)
def test_a_title_says_more_than_its_code(
    title: str | None, code: str | None, work_class: str | None
) -> None:
    attributes = {
        "occupation_code": pa.array([code], pa.string()),
        "occupation": pa.array([title], pa.string()),
    }
    names = [*DIMENSIONS["work_class"].values, None]
    assert names[codes("work_class", attributes)[0]] == work_class


def test_titles_that_tell_no_class_of_work_are_in_the_table() -> None:
    titles = set(reference.load("occupations")["title"].to_pylist())
    assert titles >= dimensions._UNTOLD | set(dimensions._TITLES)


def test_errors_name_the_nearest_dimension_and_the_missing_attribute() -> None:
    with pytest.raises(HubError, match="'religion'"):
        codes("religions", {})
    with pytest.raises(HubError, match="'mother_tongue', which is not given"):
        codes("language", {})
