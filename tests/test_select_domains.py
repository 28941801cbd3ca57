"""Domains: free labels to canonical buckets, and what holds for any labels at all."""

import unicodedata
from collections import Counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from indic_persona_hub.select.domains import MAPPING, UNLABELLED, canonical_domains

#: Labels as the seed shows them, as models write them, and as people may.
RAW_STYLE = {
    "computer_engineer": 9,
    "Computer Engineers": 2,
    "computer_science": 7,
    "data-science": 3,
    "Indian history": 5,
    "vedic": 4,
    "ancient": 4,
    "farmer": 6,
    "farmers": 8,
    "mathematics": 6,
    "Mathematic": 1,
    "applied mathematics": 1,
    "women's health": 3,
    "women’s health": 2,
    "health": 20,
    "rural public health": 1,
    "कृषि": 2,
    "Agriculture": 5,
    "मधुमक्खी पालन": 1,
    "headaches": 1,
    "headache": 1,
    "movies": 2,
    "movie": 2,
    "mangoes": 1,
    "mango": 1,
    "C++": 1,
    "": 1,
    "--": 1,
}


def domains(labels: dict[str, int]) -> dict[str, str]:
    rows = canonical_domains(labels).to_pylist()
    return {row["label"]: row["domain"] for row in rows}


def test_the_seeds_raw_labels() -> None:
    assert domains(RAW_STYLE) == {
        "computer_engineer": "computer engineer",
        "Computer Engineers": "computer engineer",
        "computer_science": "computer science",
        "data-science": "data science",
        "Indian history": "indian history",
        "vedic": "vedic",
        "ancient": "ancient",
        "farmer": "farmer",
        "farmers": "farmer",
        "mathematics": "mathematics",
        "Mathematic": "mathematic",
        "applied mathematics": "applied mathematics",
        "women's health": "women's health",
        "women’s health": "women's health",
        "health": "health",
        "rural public health": "health",
        "कृषि": "agriculture",
        "Agriculture": "agriculture",
        "मधुमक्खी पालन": "मधुमक्खी पालन",
        "headaches": "headache",
        "headache": "headache",
        "movies": "movie",
        "movie": "movie",
        "mangoes": "mango",
        "mango": "mango",
        "C++": "c++",
        "": UNLABELLED,
        "--": UNLABELLED,
    }


def test_the_mapping_says_by_which_rule() -> None:
    rules = {row["label"]: row["rule"] for row in canonical_domains(RAW_STYLE).to_pylist()}
    assert rules["vedic"] == "none"
    assert rules["Indian history"] == "case"
    assert rules["data-science"] == "separators"
    assert rules["कृषि"] == "script"
    assert rules["farmers"] == "plural"
    assert rules["rural public health"] == "head_word"


def test_a_plural_with_no_singular_stays() -> None:
    assert domains({"farmers": 3, "handicrafts": 1, "handicraft": 1}) == {
        "farmers": "farmers",
        "handicrafts": "handicrafts",
        "handicraft": "handicraft",
    }


def test_a_head_word_takes_only_what_is_no_larger() -> None:
    labels = {"small farmer welfare": 3, "farmer welfare": 2, "welfare": 3}
    assert domains(labels)["small farmer welfare"] == "welfare"
    assert domains(labels | {"farmer welfare": 3})["small farmer welfare"] == "farmer welfare"
    assert domains(labels | {"welfare": 2})["small farmer welfare"] == "small farmer welfare"
    assert domains(labels)["farmer welfare"] == "farmer welfare", "two words are a bucket"


@pytest.mark.parametrize(
    "label", ["", " ", "\t\n", "---", "_", "…", "।", "'", "’", "+", "#", "\u200d", "\u0301"]
)
def test_a_label_with_no_letter_and_no_digit_is_unlabelled(label: str) -> None:
    assert domains({label: 2, "nurse": 1}) == {label: UNLABELLED, "nurse": "nurse"}


words = st.sampled_from(
    "farmer farmers Farmer small women's health welfare public class classes कृषि किसान studies"
    " study lenses lens axes movie movies news boss".split()
)
phrases = st.builds(str.join, st.sampled_from([" ", "_", "-", " / "]), st.lists(words, max_size=4))
labels = st.dictionaries(phrases | st.text(max_size=8), st.integers(0, 9), max_size=12)


@given(labels)
@settings(max_examples=150, deadline=None)
def test_every_label_is_mapped_once_and_every_persona_is_counted(given_labels) -> None:
    mapping = canonical_domains(given_labels)
    assert mapping.schema.equals(MAPPING)
    label, _, _, personas = (column.to_pylist() for column in mapping.columns)
    assert list(zip(label, personas, strict=True)) == sorted(given_labels.items())
    assert set(mapping["rule"].to_pylist()) <= {
        "none", "case", "separators", "script", "plural", "head_word"
    }  # fmt: skip


@given(labels)
@example({"İ": 1, "\u0390": 1, "ŉ": 1, "\u0345\u0301": 1})
@example({"farmer '": 1, "o' clock' ": 1, "'": 1})
@settings(max_examples=150, deadline=None)
def test_a_domain_given_as_a_label_is_itself_and_moves_nothing(given_labels) -> None:
    before = domains(given_labels)
    with_domains = dict.fromkeys(before.values(), 0) | given_labels
    after = domains(with_domains)
    for domain in set(before.values()):
        assert after[domain] == domain
    assert {label: after[label] for label in given_labels} == before


@given(labels)
@settings(max_examples=100, deadline=None)
def test_a_domain_is_readable(given_labels) -> None:
    for domain in domains(given_labels).values():
        assert domain == " ".join(domain.split())
        assert domain == unicodedata.normalize("NFC", domain)
        assert any(unicodedata.category(one)[0] in "LN" for one in domain)


@given(labels, st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_the_order_of_labels_changes_nothing(given_labels, chance) -> None:
    items = list(given_labels.items())
    chance.shuffle(items)
    assert canonical_domains(dict(items)).equals(canonical_domains(given_labels))


@given(st.text(min_size=1, max_size=6), st.sampled_from(["_", "-", " ", "/", "  ", " · "]))
@settings(max_examples=100, deadline=None)
def test_case_and_separators_never_part_two_labels(word, separator) -> None:
    plain, other = f"rural {word}", f"RURAL{separator}{word}"
    found = domains(Counter([plain, other]))
    assert found[plain] == found[other]
