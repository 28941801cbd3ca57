"""Edits: a person's last word on the mapping, written, read back and applied again."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indic_persona_hub.errors import RecipeError
from indic_persona_hub.select.domains.edits import Edit, mapping_csv, read_edits
from indic_persona_hub.select.domains.mapping import canonical_domains

LABELS = {"Farmer": 5, "farmers": 3, "yoga": 4, "Yogic": 1, "public": 2, "zari karigar": 2}


def domains(labels: dict[str, int], text: str) -> dict[str, str]:
    rows = canonical_domains(labels, read_edits(text)).to_pylist()
    return {row["label"]: row["domain"] for row in rows}


def test_an_edit_moves_a_label_and_says_so() -> None:
    rows = canonical_domains(LABELS, read_edits("label,domain\nYogic,Yoga Teaching\n")).to_pylist()
    found = {row["label"]: row for row in rows}
    assert (found["Yogic"]["domain"], found["Yogic"]["rule"]) == ("yoga teaching", "edited")
    assert found["Yogic"]["attracted_by"] is None
    assert (found["yoga"]["domain"], found["yoga"]["rule"]) == ("yoga", "none")


def test_an_edit_of_a_bucket_moves_all_of_it() -> None:
    found = domains(LABELS, "label,domain\nagriculture,farm life\n")
    assert found["Farmer"] == found["farmers"] == "farm life"


def test_edits_may_follow_one_another() -> None:
    text = "label,domain\npublic,public life\npublic life,civics\n"
    assert domains(LABELS, text)["public"] == "civics"


def test_a_bucket_may_be_called_after_one_of_its_labels() -> None:
    labels = {"small farmer": 2, "small farmers": 9}
    assert set(domains(labels, "label,domain\n").values()) == {"small farmers"}
    named = domains(labels, "label,domain\nsmall farmers,small farmer\n")
    assert set(named.values()) == {"small farmer"}


def test_a_label_may_be_taken_out_of_its_bucket() -> None:
    labels = {"small farmer": 2, "small farmers": 9}
    found = domains(labels, "label,domain\nsmall farmer,small farmer\n")
    assert found == {"small farmer": "small farmer", "small farmers": "small farmers"}


def test_an_edit_may_give_a_known_area_or_a_new_one_with_its_field() -> None:
    text = (
        "label,domain,area,field\n"
        "public,public,museums and monuments,\n"
        "zari karigar,zari work,zari and gota,crafts and handloom\n"
    )
    rows = {row["label"]: row for row in canonical_domains(LABELS, read_edits(text)).to_pylist()}
    public, zari = rows["public"], rows["zari karigar"]
    assert (public["area"], public["field"]) == ("museums and monuments", "history and archaeology")
    assert (public["rule"], public["placed_by"]) == ("none", "edited")
    assert (zari["area"], zari["field"]) == ("zari and gota", "crafts and handloom")


def test_cells_left_over_from_the_old_bucket_are_read_over() -> None:
    mapping = mapping_csv(canonical_domains(LABELS))
    assert "public,public,public administration" in mapping
    edited = mapping.replace("public,public,", "public,yoga,")
    rows = {row["label"]: row for row in canonical_domains(LABELS, read_edits(edited)).to_pylist()}
    assert rows["public"]["area"] == rows["yoga"]["area"] == "yoga and meditation"


def test_a_spreadsheet_s_byte_order_mark_and_line_ends_do_no_harm() -> None:
    assert read_edits("\ufefflabel,domain\r\na,b\r\n\r\n") == (Edit("a", "b"),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no column 'label'"),
        ("label\na\n", "no column 'domain'"),
        ("label,domian\na,b\n", "No column is called 'domian'; did you mean 'domain'?"),
        ("label,domain,label\na,b,c\n", "Two columns are called 'label'"),
        ("label,domain\na\n", "Line 2 has fewer cells"),
        ("label,domain\na,b,c\n", "Line 2 has more cells"),
        ("label,domain\na,b\na,c\n", "'a' is edited twice, on line 2 and on line 3"),
        ("label,domain\na,--\n", "Line 2 has no domain for 'a'"),
        (f"label,domain\na,{'b' * 101}\n", "longer than 100"),
        ("label,domain\na,b\nb,c\nc,a\n", "circle: a -> b -> c -> a"),
        ("label,domain,field\na,b,law and justice\n", "Line 2 has a field and no area"),
        ('label,domain\n"a,b\n', "is not CSV"),
    ],
)
def test_a_file_that_is_wrong_is_refused_in_words(text: str, said: str) -> None:
    with pytest.raises(RecipeError, match="Correct the edits file") as caught:
        read_edits(text)
    assert said in caught.value.message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("label,domain,area\nyoga,yoga,asanas\n", "'asanas' of 'yoga' is new"),
        ("label,domain,area,field\nyoga,yoga,cricket,festivals\n", "stands in the field 'sports"),
        (
            "label,domain,area\nyoga,x1,cricket\npublic,x1,dentistry\n",
            "'x1' is given two areas, 'cricket' and 'dentistry'",
        ),
    ],
)
def test_places_that_contradict_are_refused(text: str, said: str) -> None:
    with pytest.raises(RecipeError) as caught:
        canonical_domains(LABELS, read_edits(text))
    assert said in caught.value.message


NAMES = st.sampled_from(
    ["farmer", "Farmers", "small farmer", "small farmers", "yoga", "yogic", "public", "music",
     "rural public health", "public health", "x y", 'a "quoted", name', "two\nlines", " ", ""]
)  # fmt: skip
LABEL_COUNTS = st.dictionaries(NAMES | st.text(max_size=4), st.integers(0, 9), max_size=9)
PLACES = st.sampled_from([("", ""), ("", ""), ("cricket", ""), ("new area", "music and more")])
EDITS = st.dictionaries(
    NAMES, st.tuples(st.sampled_from(["farmer", "small farmer", "yoga", "x y"]), PLACES), max_size=4
)


@given(LABEL_COUNTS, EDITS)
@settings(max_examples=300, deadline=None)
def test_a_written_mapping_read_back_gives_the_same_mapping(labels, wanted) -> None:
    edits = [Edit(label, domain, *place) for label, (domain, place) in wanted.items()]
    try:
        mapping = canonical_domains(labels, edits)
    except RecipeError:
        return
    again = canonical_domains(labels, read_edits(mapping_csv(mapping)))
    assert again.to_pylist() == mapping.to_pylist()
