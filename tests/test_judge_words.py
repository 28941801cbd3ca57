"""Words are the same in Python and in the engine, in every script."""

from __future__ import annotations

import unicodedata

import daft
from daft import col
from daft.functions import regexp_count
from hypothesis import given, settings
from hypothesis import strategies as st

from indic_persona_hub.judge.words import START, WORD, any_of, matches, spellings, words_of

INDIC = "ज़मीन पर, क्षेत्र! கிராமத்தில் வசிக்கும்; বাড়ি যাওয়া। ਪੜ੍ਹਾਈ ക്ഷേത്രം ଘର ౫౦ ಮನೆ x-ray شہر"


def test_words_keep_their_vowel_signs_and_digits() -> None:
    assert words_of("क्षेत्र की नदियाँ, ४२ गाँव।") == ["क्षेत्र", "की", "नदियाँ", "४२", "गाँव"]
    assert words_of("கிராமத்தில் வசிக்கும்!") == ["கிராமத்தில்", "வசிக்கும்"]
    assert words_of("A Fish-Vendor's") == ["a", "fish", "vendor", "s"]


def test_joiners_do_not_make_another_word() -> None:
    assert words_of("क्\u200dष ന്\u200d") == words_of("क्ष ന്")


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=20))
def test_the_engine_sees_as_many_words_as_python(texts: list[str]) -> None:
    texts = [*texts, INDIC]
    plain = [text.replace("\u200c", "").replace("\u200d", "") for text in texts]
    frame = daft.from_pydict({"text": plain})
    counted = frame.select(regexp_count(col("text"), WORD)).to_pydict()["text"]
    for text, count in zip(plain, counted, strict=True):
        assigned = all(unicodedata.category(one) != "Cn" for one in text)
        assert not assigned or count == len(unicodedata_words(text))


def unicodedata_words(text: str) -> list[str]:
    marked = ("x" if unicodedata.category(one)[0] in "LMN" else " " for one in text)
    return "".join(marked).split()


def test_a_phrase_is_found_in_every_spelling() -> None:
    written = {*spellings("बड़ा होगा"), *spellings("বড়ো"), "ब\u095cा होगा", "বড\u09bcো"}
    assert len(written) >= 5
    frame = daft.from_pydict({"text": [f"यह {one} है" for one in sorted(written)]})
    found = frame.select(matches(col("text"), START + any_of(["बड़ा होगा", "বড়ো"])))
    assert [len(one) for one in found.to_pydict()["text"]] == [1] * len(written)


def test_a_phrase_is_not_found_inside_a_word() -> None:
    frame = daft.from_pydict({"text": ["अशायद", "रस्त्यावरील"]})
    found = frame.select(matches(col("text"), START + any_of(["शायद", "वरील"])))
    assert found.to_pydict()["text"] == [[], []]
