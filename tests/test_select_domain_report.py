"""What a mapping amounts to, held against numbers worked out by hand."""

import math
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indic_persona_hub.select.domains.mapping import canonical_domains
from indic_persona_hub.select.domains.plot import rank_size_svg
from indic_persona_hub.select.domains.report import report, report_lines

LABELS = {"yoga": 8, "cricket": 4, "Cricket": 0, "zzq": 2, "weaving": 1, "dentistry": 1}


def test_the_numbers_of_a_small_mapping() -> None:
    found = report(canonical_domains(LABELS), cap=3)
    assert (found["labels"], found["buckets"], found["personas"]) == (6, 5, 16)
    assert (found["areas"], found["fields"]) == (5, 5)
    assert found["entropy_bits"] == pytest.approx(0.5 * 1 + 0.25 * 2 + 0.125 * 3 + 2 * 0.0625 * 4)
    assert found["effective_buckets"] == pytest.approx(2**1.875)
    assert found["entropy_normalised"] == pytest.approx(1.875 / math.log2(5))
    # Half the mean difference of two buckets, over the mean: 3.2 buckets of 16 personas.
    differences = sum(abs(a - b) for a in (8, 4, 2, 1, 1) for b in (8, 4, 2, 1, 1))
    assert found["gini"] == pytest.approx(differences / (2 * 5 * 16))
    assert found["top_shares"] == {"10": 1.0, "100": 1.0, "1000": 1.0}
    assert found["tail"] == {
        "1": {"buckets": 2, "personas": 2},
        "2-5": {"buckets": 2, "personas": 6},
        "6-20": {"buckets": 1, "personas": 8},
    }
    assert found["other"] == {"buckets": 1, "personas": 2, "share": 0.125}
    assert found["merges"]["case"] == {"labels": 1, "personas": 0}
    assert found["largest"][0]["domain"] == "yoga"
    assert found["cap"] == {
        "cap": 3,
        "buckets_over": 2,
        "personas_over": 6,
        "which": [
            {"domain": "yoga", "personas": 8, "over": 5},
            {"domain": "cricket", "personas": 4, "over": 1},
        ],
    }


@pytest.mark.parametrize("labels", [{}, {"yoga": 0}, {"yoga": 5}])
def test_hardly_anything_is_reported_too(labels: dict[str, int]) -> None:
    mapping = canonical_domains(labels)
    found = report(mapping, cap=9)
    assert found["entropy_bits"] == found["entropy_normalised"] == found["gini"] == 0
    assert found["cap"]["which"] == []
    assert report_lines(found)[0].startswith(f"{sum(labels.values())} personas")
    ElementTree.fromstring(rank_size_svg(mapping))


@given(st.dictionaries(st.text(max_size=5), st.integers(0, 10**6), max_size=30))
@settings(max_examples=60, deadline=None)
def test_measures_of_evenness_stay_in_their_range(labels: dict[str, int]) -> None:
    found = report(canonical_domains(labels))
    assert 0 <= found["entropy_normalised"] <= 1 + 1e-9
    assert -1e-9 <= found["gini"] < 1
    assert found["effective_buckets"] <= found["buckets"] + 1e-6
    assert sum(rule["personas"] for rule in found["merges"].values()) == found["personas"]


def test_the_lines_are_markdown_that_no_label_breaks() -> None:
    lines = report_lines(report(canonical_domains({"a|b": 3, "yoga": 2}), cap=2))
    assert "Over the cap of 2 stand 1 buckets with 1 personas too many: a b (3)." in lines
    tables = [line for line in lines if line.startswith("|")]
    assert {line.count("|") for line in tables} == {4, 5}


def test_the_picture_falls_from_the_largest_bucket_to_the_smallest() -> None:
    labels = {f"craft {number}": 10_000 // number for number in range(1, 900)}
    tree = ElementTree.fromstring(rank_size_svg(canonical_domains(labels), cap=1000))
    space = "{http://www.w3.org/2000/svg}"
    points = tree.find(f"{space}polyline").get("points").split()
    places = [tuple(map(float, point.split(","))) for point in points]
    assert [x for x, _ in places] == sorted(x for x, _ in places)
    assert [y for _, y in places] == sorted(y for _, y in places)
    assert len(tree.findall(f"{space}line[@class='cap']")) == 1
