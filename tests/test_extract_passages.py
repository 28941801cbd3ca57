"""The passage that a model reads: whole signs, within its cap, the densest stretch."""

from __future__ import annotations

import unicodedata
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indic_persona_hub.extract.passages import estimated_tokens, may_cut, passage

WORDS = st.sampled_from(
    [
        "किसान",
        "क्षेत्र",
        "तमिऴ்",
        "ಕೃಷಿ",
        "ক্ষুদ্র",
        "ਪੰਜਾਬੀ",
        "ᱥᱟᱱᱛᱟᱲᱤ",
        "کسان",
        "farmer",
        "9876",
        "👩🏽‍🌾",
        "श्‍व",
    ]
)
PROSE = st.lists(
    st.tuples(
        st.lists(WORDS, min_size=1, max_size=12), st.sampled_from([". ", "। ", "\n", "\n\n", "? "])
    ),
    max_size=20,
).map(lambda parts: "".join(" ".join(words) + end for words, end in parts))
TEXTS = st.one_of(PROSE, st.text(max_size=300), st.text("\u0301क्ि\u200d\n .", max_size=200))


def longest_run_of_marks(text: str) -> int:
    runs = groupby(text, lambda one: unicodedata.category(one)[0] == "M" or one in "\u200c\u200d")
    return max((len(list(run)) for marks, run in runs if marks), default=0)


@given(TEXTS, st.integers(8, 120))
def test_a_passage_is_a_span_within_its_cap(text: str, max_tokens: int) -> None:
    start, end = passage(text, max_tokens=max_tokens)

    assert 0 <= start <= end <= len(text)
    assert (start == end) <= (not text.strip())
    assert estimated_tokens(text[start:end]) <= max_tokens


@given(TEXTS, st.integers(8, 120))
def test_no_letter_is_parted_from_its_signs(text: str, max_tokens: int) -> None:
    start, end = passage(text, max_tokens=max_tokens)

    # A run of marks longer than the cap is no writing; Unicode's stream-safe form ends at 30.
    if longest_run_of_marks(text) * 2.7 < max_tokens - 6:
        assert all(may_cut(text, cut) for cut in (start, end) if 0 < cut < len(text))


@given(TEXTS, st.integers(8, 120))
def test_the_same_text_gives_the_same_passage(text: str, max_tokens: int) -> None:
    assert passage(text, max_tokens=max_tokens) == passage(str(text), max_tokens=max_tokens)


@pytest.mark.parametrize("sign", ["ि", "्", "़", "\u200d", "\u200c", "ா", "്", "\u0301", "🏽"])
def test_no_cut_before_a_sign_of_the_letter_before_it(sign: str) -> None:
    assert not may_cut(f"क{sign}", 1)


def test_no_cut_inside_a_conjunct() -> None:
    assert not may_cut("क्ष", 2)
    assert may_cut("कल", 1)


def test_a_short_document_is_read_whole() -> None:
    text = "Q: when to sow mustard\nA: in the second half of October, after the last rain"

    assert passage(text, max_tokens=200) == (0, len(text))


def test_a_passage_ends_between_sentences_danda_included() -> None:
    text = "मीना खेत से लौटती है। फिर वह पानी भरती है। शाम को वह गिनती सीखती है।"

    start, end = passage(text, max_tokens=50)

    assert text[start:end] == "मीना खेत से लौटती है। फिर वह पानी भरती है।"


def test_an_abbreviation_ends_no_sentence() -> None:
    text = "Dr. Rao pays Rs. 500 to the loader. " + "The loader carries forty sacks a day. " * 3

    start, end = passage(text, max_tokens=22)

    assert text[start:end].endswith("a day.") or text[start:end].endswith("loader.")


def test_links_tables_and_page_furniture_are_passed_over() -> None:
    story = (
        "Every morning the boatman counts his passengers twice before he leaves the ghat. "
        "His daughter writes the number on a slate, because the last boat to cross was too full."
    )
    page = (
        "Home | News | States | Sports | Login\n"
        "Subscribe to our channel: https://example.org/channel\n"
        "|Pincode||591110|\n|Pincode||591248|\n|Pincode||591303|\n"
        f"{story}\n"
        "Also read: ten photographs of the river\nAll rights reserved.\n"
    )

    start, end = passage(page, max_tokens=80)

    assert page[start:end] == story


def test_indic_text_is_cut_shorter_than_english() -> None:
    english = "The weaver counts threads. " * 100
    odia = "ବୁଣାକାର ସୂତା ଗଣନ୍ତି। " * 100

    lengths = [end - start for start, end in (passage(t, max_tokens=200) for t in (english, odia))]

    assert lengths[0] > 4 * lengths[1]
    assert lengths[1] > 60


def test_a_page_of_furniture_alone_still_gives_a_passage() -> None:
    start, end = passage("Login | Home | News | Sports\nAll rights reserved", max_tokens=40)

    assert end > start
