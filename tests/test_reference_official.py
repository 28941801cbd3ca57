"""Official tables: their totals, one level only, today's states, interpolation, projection."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indic_persona_hub import reference
from indic_persona_hub.errors import HubError
from indic_persona_hub.records import RESIDENCES
from indic_persona_hub.reference import census, census_ages
from indic_persona_hub.reference.dimensions import DIMENSIONS, SEXES
from indic_persona_hub.reference.official import YEARS, Official, official, official_names

#: Columns of Table (25) of the survey of workers.
PRINTED = tuple(reference.source("occupation_shares").columns)
#: Census of India 2011, all published: persons, rural, urban, male.
INDIA, RURAL, URBAN, MALE = 1_210_854_977, 833_748_852, 377_106_125, 623_270_258
UNDER_7, LITERATE, WORKERS, DISABLED = 164_515_253, 763_638_812, 481_888_868, 26_814_994
ALL_PERSONS = tuple(name for name in official_names() if official(name).population == "all persons")


def rows(name: str) -> list[dict]:
    return reference.load(name).to_pylist()


def cell(table: Official, **values: str) -> float:
    """Persons of the cell with these values, summed over the other dimensions."""
    part = table.marginal(*values)
    places = [DIMENSIONS[name].values.index(value) for name, value in values.items()]
    return float(part.persons[tuple(places)])


# Totals, one level only


@pytest.mark.parametrize("name", ALL_PERSONS)
def test_a_table_of_all_persons_sums_to_india(name: str) -> None:
    assert official(name).persons.sum() == pytest.approx(INDIA, abs=0.01)


def test_residences_and_sexes_sum_to_the_published_totals() -> None:
    ages = official("state_residence_sex_age")
    assert cell(ages, residence="rural") == pytest.approx(RURAL, abs=0.01)
    assert cell(ages, residence="urban") == pytest.approx(URBAN, abs=0.01)
    assert cell(ages, sex="male") == pytest.approx(MALE, abs=0.01)


def test_parts_of_the_population_sum_to_their_published_totals() -> None:
    literacy = official("state_residence_sex_literacy")
    assert literacy.persons.sum() == INDIA - UNDER_7
    assert cell(literacy, literacy="literate") == LITERATE
    assert official("state_residence_sex_work_class").persons.sum() == WORKERS
    disability = official("state_residence_sex_disability")
    assert INDIA - cell(disability, disability="none") == DISABLED
    assert official("education_age_sex").persons.sum() == pytest.approx(INDIA - UNDER_7, abs=0.01)


@pytest.mark.parametrize("name", [name for name in official_names() if name.startswith("state_")])
def test_a_state_is_the_sum_of_its_cells_in_every_table(name: str) -> None:
    table, part = official(name), official(name).marginal("state").persons
    everybody = census.persons().sum(axis=(1, 2))
    assert np.all(part > 0)
    if table.population == "all persons":
        assert part == pytest.approx(everybody, abs=0.01)
    else:
        assert np.all(part < everybody)


def test_tables_of_states_sum_to_the_districts_of_the_primary_abstract() -> None:
    groups, silent = census_ages.five_year_groups()
    everybody = census.persons()  # from districts
    assert np.array_equal(groups.sum(axis=-1) + silent, everybody)
    assert np.array_equal(census.languages().sum(axis=1), everybody.sum(axis=(1, 2)))
    assert np.all(census.disabilities().sum(axis=-1) < everybody)


def test_communities_religions_and_languages_are_as_printed() -> None:
    community = official("state_residence_sex_community")
    assert cell(community, community="scheduled_caste") == 201_378_372
    assert cell(community, community="scheduled_tribe") == 104_545_716
    assert sum(row["muslim"] for row in rows("district_religion")) == 172_245_158
    assert sum(row["not_stated"] for row in rows("district_religion")) == 2_867_303
    language = official("state_language")
    assert cell(language, language="hin") == 528_347_193
    assert cell(language, language="tam") == 69_026_881
    assert cell(language, state="IN-KL", language="mal") / cell(language, state="IN-KL") > 0.95


# Today's states


def test_all_36_states_of_today_are_there() -> None:
    states = DIMENSIONS["state"].values
    assert len(states) == 36
    assert {row["state"] for row in rows("districts_2011")} == set(states)
    assert np.all(census.persons().sum(axis=(1, 2)) > 0)


def test_640_districts_have_one_code_a_state_and_a_district_of_today() -> None:
    districts = rows("districts_2011")
    assert [row["code"] for row in districts] == list(range(1, 641))
    today = {row["lgd_code"]: row["state"] for row in rows("districts")}
    matched = [row for row in districts if row["lgd_code"] is not None]
    assert all(today[row["lgd_code"]] == row["state"] for row in matched)
    assert len({row["lgd_code"] for row in matched}) == len(matched) == 640


@pytest.mark.parametrize(
    ("state", "districts"),
    [
        ("IN-TS", range(532, 542)),
        ("IN-AP", range(542, 555)),
        ("IN-LA", (3, 4)),
        ("IN-JK", (1, 2, *range(5, 23))),
        ("IN-DH", (494, 495, 496)),
    ],
)
def test_a_state_made_since_2011_is_the_sum_of_its_districts(state: str, districts) -> None:
    by_hand = sum(r["persons"] for r in rows("district_population") if r["district"] in districts)
    assert cell(official("state_residence_sex_age"), state=state) == pytest.approx(
        by_hand, abs=0.01
    )
    assert cell(official("state_language"), state=state) == by_hand
    assert cell(official("state_religion"), state=state) == pytest.approx(by_hand, abs=0.01)


def test_states_cut_out_of_others_have_their_published_totals() -> None:
    persons = official("state_residence_sex_community")
    assert cell(persons, state="IN-TS") == 35_193_978
    assert cell(persons, state="IN-TS") + cell(persons, state="IN-AP") == 84_580_777
    assert cell(persons, state="IN-LA") + cell(persons, state="IN-JK") == 12_541_302
    assert cell(persons, state="IN-DH") == 343_709 + 243_247


# Age


def test_interpolation_passes_through_the_children_under_7() -> None:
    groups, _ = census_ages.five_year_groups()
    below_5, below_10 = groups[..., 0], groups[..., :2].sum(axis=-1)
    under_7 = census.counts("under_7")
    assert np.all((below_5 < under_7) & (under_7 < below_10))
    bands = census_ages.age_bands()
    stated = bands.sum(axis=-1, keepdims=True) / (bands.sum(axis=-1, keepdims=True) - silent())
    below_6 = (bands / stated)[..., 0]
    assert np.all((below_5 < below_6) & (below_6 < under_7))


def silent() -> np.ndarray:
    return census_ages.five_year_groups()[1][..., None]


def test_bands_that_the_census_tells_are_exact() -> None:
    groups, missing = census_ages.five_year_groups()
    stated = groups.sum(axis=-1)
    grown = (stated + missing) / stated
    bands = census_ages.age_bands()
    for band, five_year in (("25-34", (5, 6)), ("45-59", (9, 10, 11)), ("75+", (15, 16))):
        place = DIMENSIONS["age_band"].values.index(band)
        expected = sum(groups[..., group] for group in five_year) * grown
        assert bands[..., place] == pytest.approx(expected, abs=1e-6)


def test_bands_of_india_that_single_years_tell_are_met() -> None:
    """C-8 prints each year from 7 to 19 for India; the states' cuts at 13 and 18 sum to them."""
    told = [r for r in rows("education") if r["age_group"] in ("13", "14", "15", "16", "17")]
    printed = sum(count for row in told for count in row.values() if isinstance(count, int))
    assert printed == 121_248_066
    groups, missing = census_ages.five_year_groups()
    grown = 1 + missing / groups.sum(axis=-1)
    place = DIMENSIONS["age_band"].values.index("13-17")
    assert (census_ages.age_bands()[..., place] / grown).sum() == pytest.approx(printed, abs=1)


def test_ages_of_education_agree_with_ages_of_population() -> None:
    """Two tables of the census, read from two places, count the same people."""
    groups, _ = census_ages.five_year_groups()
    india = groups.sum(axis=0)  # residence x sex x group
    for row in rows("education"):
        if "-" not in row["age_group"] or row["age_group"] == "0-6":
            continue
        place = int(row["age_group"].split("-")[0]) // 5
        residence = DIMENSIONS["residence"].values.index(row["residence"])
        sex = DIMENSIONS["sex"].values.index(row["sex"])
        same = [
            sum(count for count in other.values() if isinstance(count, int))
            for other in rows("education")
            if [other[name] for name in ("age_group", "residence", "sex")]
            == [row[name] for name in ("age_group", "residence", "sex")]
        ]
        assert same == [india[residence, sex, place]]


def test_children_have_no_degree() -> None:
    education = official("education_age_sex")
    assert cell(education, education="graduate", age_band="13-17") == pytest.approx(0)
    assert cell(education, education="secondary", age_band="6-12") == pytest.approx(0)
    assert official("education_residence_sex").marginal("education").persons == pytest.approx(
        education.marginal("education").persons
    )


def test_states_of_2011_sum_to_india_at_every_level_of_education() -> None:
    ages, states = rows("education"), rows("state_education")
    levels = list(states[0])[3:]
    for residence in RESIDENCES:
        for sex in SEXES:
            of_states, of_ages = (
                [row for row in table if (row["residence"], row["sex"]) == (residence, sex)]
                for table in (states, ages)
            )
            assert len(of_states) == 35
            for level in levels:
                assert sum(row[level] for row in of_states) == sum(row[level] for row in of_ages)


def test_states_of_2011_have_the_persons_and_literates_of_their_districts() -> None:
    """Two tables of the census, read from two places, count the same people."""
    states = {row["code"]: row["state_2011"] for row in rows("districts_2011")}
    by_hand: Counter[tuple] = Counter()
    for row in rows("district_population"):
        where = (states[row["district"]], row["residence"], row["sex"])
        by_hand[*where, "persons"] += row["persons"]
        by_hand[*where, "literate"] += row["literate"]
    for row in rows("state_education"):
        where = (row["state_2011"], row["residence"], row["sex"])
        literate = sum(list(row.values())[4:])
        assert literate == by_hand[*where, "literate"]
        assert literate + row["illiterate"] == by_hand[*where, "persons"]


def test_education_of_todays_states_keeps_their_literates_and_the_states_they_were_in() -> None:
    table = official("state_residence_sex_education")
    able = table.persons[..., 1:].sum(axis=-1)
    assert able == pytest.approx(census.counts("literate"))
    assert table.persons.sum() == pytest.approx(INDIA - UNDER_7)
    telangana, andhra = (DIMENSIONS["state"].values.index(code) for code in ("IN-TS", "IN-AP"))
    undivided = [row for row in rows("state_education") if row["state_2011"] == 28]
    degree = sum(row["graduate"] for row in undivided)
    unknown = sum(row["unclassified"] for row in undivided)
    literate = sum(sum(list(row.values())[4:]) for row in undivided)
    both = table.marginal("state", "education").persons[[telangana, andhra], -1].sum()
    assert both == pytest.approx(degree * literate / (literate - unknown), rel=0.001)


def test_education_by_age_and_by_state_differ_by_what_was_not_stated() -> None:
    by_age = official("education_residence_sex").persons
    by_state = official("state_residence_sex_education")
    told = by_state.marginal("education", "residence", "sex").persons
    assert told == pytest.approx(by_age, rel=0.0015)


# Later years


@pytest.mark.parametrize("year", [2012, 2026, 2036])
@pytest.mark.parametrize("name", ALL_PERSONS)
def test_a_later_year_has_the_projected_persons_of_each_state(name: str, year: int) -> None:
    table = official(name, year)
    projected = census.projected(year).sum(axis=1)
    assert table.marginal("state").persons == pytest.approx(projected)
    assert str(year) in table.note and "population_projection" in table.source
    assert table.persons.shape == official(name).persons.shape


def test_the_projection_starts_at_the_census_and_ends_where_its_report_says() -> None:
    first, last = census.projected(YEARS[0]), census.projected(YEARS[-1])
    assert first.sum() == pytest.approx(INDIA, abs=3000)
    by_state = census.persons().sum(axis=1)
    assert first == pytest.approx(by_state, rel=0.012)  # thousands; mandals moved in 2014
    assert last.sum() == pytest.approx(1_522_288_000, abs=3000)
    assert last.sum() / first.sum() - 1 == pytest.approx(0.257, abs=0.0005)


def test_structure_within_a_state_and_sex_stays() -> None:
    now, later = official("state_residence_sex_age"), official("state_residence_sex_age", 2026)
    shares = [
        table.persons / table.persons.sum(axis=(1, 3), keepdims=True) for table in (now, later)
    ]
    assert shares[0] == pytest.approx(shares[1])


# Official


@pytest.mark.parametrize("name", official_names())
def test_a_table_says_whom_it_counts_where_it_is_from_and_how_it_was_made(name: str) -> None:
    table = official(name)
    assert table.name == name and table.population and table.note
    assert table.persons.shape == tuple(len(DIMENSIONS[one].values) for one in table.dimensions)
    assert np.all(table.persons >= 0)
    assert set(table.source.split(", ")) <= set(reference.names())


@given(st.permutations(("state", "residence", "sex", "age_band")), st.integers(1, 4))
def test_a_marginal_sums_the_rest_in_the_order_asked_for(order: list[str], kept: int) -> None:
    table = official("state_residence_sex_age")
    names = tuple(order[:kept])
    part = table.marginal(*names)
    letters = dict(zip(table.dimensions, "abcd", strict=True))
    expected = np.einsum(f"abcd->{''.join(letters[name] for name in names)}", table.persons)
    assert part.dimensions == names
    assert part.persons == pytest.approx(expected)


def test_figures_cannot_be_changed_by_accident() -> None:
    with pytest.raises(ValueError, match="read-only"):
        official("state_religion").persons[0, 0] = 0


def test_unknown_names_point_to_the_nearest() -> None:
    with pytest.raises(HubError, match="'state_religion'"):
        official("state_religions")
    with pytest.raises(HubError, match="2011 to 2036"):
        official("state_religion", 2050)
    with pytest.raises(HubError, match="'religion'"):
        official("state_religion").marginal("religions")


# Occupations


@pytest.mark.parametrize("name", ["occupation_sex_residence", "occupation_division"])
def test_occupations_are_per_cent_of_workers_and_the_same_for_every_year(name: str) -> None:
    table = official(name, 2030)
    assert table.persons.sum() == pytest.approx(100)
    assert np.array_equal(table.persons, official(name).persons)
    assert "per cent" in table.population and "2023-24" in table.note


def test_codes_of_occupation_shares_are_the_classification_down_to_its_groups() -> None:
    families = {row["code"] for row in rows("nco") if row["level"] == "family"}
    codes = {row["code"] for row in rows("occupation_shares")}
    assert codes == {row["code"] for row in rows("nco")} - families
    assert len(codes) == 9 + 40 + 127


@pytest.mark.parametrize("column", [one for one in PRINTED if one != "code"])
def test_shares_of_occupations_sum_to_the_level_above_and_to_all_workers(column: str) -> None:
    shares = {row["code"]: row[column] for row in rows("occupation_shares")}
    for above in ("", *(code for code in shares if len(code) < 3)):
        within = sum(part for code, part in shares.items() if code and code[:-1] == above)
        assert within == pytest.approx(shares.get(above, 100), abs=0.025), above


@pytest.mark.parametrize("column", [one for one in PRINTED if one != "code"])
def test_the_joint_of_occupations_gives_back_every_column_that_is_printed(column: str) -> None:
    """Two decimals are printed, and three columns of persons are not of one sex or residence."""
    table = official("occupation_sex_residence")
    sexes = [sex for sex in SEXES if sex in column.split("_")] or SEXES
    residences = [one for one in RESIDENCES if one in column.split("_")] or RESIDENCES
    cells = [cell_of(table, sex, residence) for sex in sexes for residence in residences]
    told = np.sum(cells, axis=0)
    printed = [row[column] for row in rows("occupation_shares") if len(row["code"]) == 1]
    assert told / told.sum() * 100 == pytest.approx(printed, abs=0.02)


def cell_of(table: Official, sex: str, residence: str) -> np.ndarray:
    """Workers of one sex and residence, by division."""
    return table.persons[:, SEXES.index(sex), RESIDENCES.index(residence)]


def test_workers_of_each_sex_and_residence_agree_with_the_worker_population_ratios() -> None:
    """Table (17) of the same report, all India, all ages: 56.3 per cent of rural males work, 34.8
    of rural females, 45.6 of rural persons; 56.4, 20.7 and 38.9 in towns; 43.7 of all.
    """
    workers = official("occupation_sex_residence").marginal("residence", "sex").persons
    female, male = workers[0] / workers[0].sum()
    rural_persons = 45.6 * np.array([female / 34.8, male / 56.3])
    assert rural_persons.sum() == pytest.approx(1, abs=0.005)
    female, male = workers[1] / workers[1].sum()
    urban_persons = 38.9 * np.array([female / 20.7, male / 56.4])
    assert urban_persons.sum() == pytest.approx(1, abs=0.005)
    rural, urban = workers.sum(axis=1) / workers.sum()
    assert 43.7 * (rural / 45.6 + urban / 38.9) == pytest.approx(1, abs=0.005)


# Languages


def test_121_languages_of_which_22_are_scheduled() -> None:
    languages = rows("languages")
    assert len(languages) == 121
    assert sum(row["scheduled"] for row in languages) == 22
    assert all(row["code"] for row in languages if row["scheduled"])
    codes = [code for row in languages for code in (row["code"], *row["also"]) if code]
    assert len(codes) == len(set(codes)) and all(len(code) == 3 for code in codes)
    assert DIMENSIONS["language"].values[:3] == ("hin", "ben", "mar")
    assert DIMENSIONS["language"].values[-1] == "other"
    scripts = {script for row in languages for script in row["scripts"]}
    assert all(len(script) == 4 and script.istitle() for script in scripts)


def test_a_mother_tongue_lies_within_its_language() -> None:
    languages = {row["census_code"]: row for row in rows("languages")}
    tongues = {row["name"]: row for row in rows("mother_tongues")}
    assert languages[tongues["Bhojpuri"]["census_code"]]["code"] == "hin"
    assert tongues["Bhojpuri"]["code"] == "bho"
    for code, language in languages.items():
        within = sum(row["speakers"] for row in tongues.values() if row["census_code"] == code)
        assert within <= language["speakers"]


def test_places_of_a_table_need_every_value_known() -> None:
    with pytest.raises(KeyError):
        census.places(pa.chunked_array([["rural", "moon"]]), ("rural", "urban"))
