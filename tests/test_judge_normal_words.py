"""Words by table, many texts at once, are the words that Python finds in each text alone."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import chain

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indic_persona_hub.judge.duplicates.normal_words import Words, words_by_batch
from indic_persona_hub.judge.duplicates.word_hashes import gram_hashes, word_hashes
from indic_persona_hub.judge.words import words_of

#: Scripts of India, Latin, Greek, Arabic, Hangul, marks, punctuation, emoji, and letters that
#: UTF-16 writes as two units.
BLOCKS = (
    *(range(first, first + 0x80) for first in range(0x900, 0xE00, 0x80)),
    range(0x20, 0x7F),
    range(0xA0, 0x180),
    range(0x300, 0x400),
    range(0x600, 0x700),
    range(0x1100, 0x1200),
    range(0x1E00, 0x2070),
    range(0xAC00, 0xAC40),
    range(0x10400, 0x10450),
    range(0x11080, 0x110C8),
    range(0x1D15E, 0x1D166),
    range(0x1F600, 0x1F640),
)
#: Where spellings meet: joiners, nukta and virama, parts of vowels, case that grows.
PITFALLS = (
    "\u200d\u200c\u093c\u094d\u0928\u0921\u095c\u09c7\u09be\u0bc6\u0bbe\u0345\u0338=ßİΣ\0 .  "
)

POOL = [*map(chr, chain(*BLOCKS)), *PITFALLS * 20]

raw = st.lists(st.sampled_from(POOL), max_size=12).map("".join)
written = st.builds(unicodedata.normalize, st.sampled_from(("NFC", "NFD", "NFKC")), raw)


def found(texts: Sequence[str], cut: int = 0) -> list[list[str]]:
    strings = [pa.array(texts[:cut], pa.string()), pa.array(texts[cut:], pa.string())]
    lists = []
    for words in words_by_batch(pa.chunked_array(strings)):
        spans = zip(words.starts.tolist(), words.ends.tolist(), strict=True)
        each = iter([words.units[start:end].tobytes().decode("utf-16-le") for start, end in spans])
        lists += [[next(each) for _ in range(count)] for count in words.counts.tolist()]
    return lists


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(written, raw), max_size=6), st.integers(0, 6))
def test_words_are_those_of_python(texts: list[str], cut: int) -> None:
    assert found(texts, cut) == [words_of(text) for text in texts]


def test_no_letter_is_taken_for_another() -> None:
    """Each character of the first plane and some beyond, alone and inside a word."""
    points = map(chr, [*range(0xD800), *range(0xE000, 0x11200)])
    texts = [f"{point} x{point}\u0bbe" for point in points]
    assert found(texts) == [words_of(text) for text in texts]


@pytest.mark.parametrize("one", ["ज़्यादा पढ़ाई", "বড়ো কেউ", "கொண்டு போய்", "ക്ഷേത്രം ന്‍", "Éclair"])
def test_all_spellings_of_a_word_have_one_hash(one: str) -> None:
    forms = [one, *(unicodedata.normalize(form, one) for form in ("NFC", "NFD")), one.upper()]
    hashed = hashes([*forms, f"{one}x", one.replace(" ", "")])
    assert [hashed[0]] * 4 == hashed[:4]
    assert hashed[0] != hashed[4]


def hashes(texts: Sequence[str]) -> list[list[int]]:
    lists = []
    for words in words_by_batch(pa.chunked_array([pa.array(texts, pa.string())])):
        each = iter(word_hashes(words).tolist())
        lists += [[next(each) for _ in range(count)] for count in words.counts.tolist()]
    return lists


def test_different_words_have_different_hashes() -> None:
    words = [f"{'x' * size}{tail}" for size in range(1, 40) for tail in ("", "a", "b", "ab", "ba")]
    words += [word[::-1] for word in words]
    hashed = hashes([" ".join(words)])[0]
    assert len(set(hashed)) == len(set(words))
    assert dict(zip(words, hashed, strict=True)) == {word: hashes([word])[0][0] for word in words}


def test_grams_are_runs_of_words_and_a_short_text_is_one() -> None:
    batch = next(
        iter(words_by_batch(pa.chunked_array([["a b c d", "b c d", "c d", "", "d", "d c"]])))
    )
    grams, sizes = gram_hashes(word_hashes(batch), batch.counts, 3)
    assert sizes.tolist() == [2, 1, 1, 0, 1, 1]
    abc, bcd, bcd_alone, cd, d, dc = grams.tolist()
    assert bcd == bcd_alone
    assert len({abc, bcd, cd, d, dc}) == 5


def test_a_long_text_without_a_space_takes_no_longer_than_its_length() -> None:
    """A million letters, every one with a mark that another order or letter could replace."""
    text = "न\u093ca\u0301\u0323" * 250_000
    (words,) = found([text])
    assert "".join(words) == "".join(words_of(text))


def test_a_batch_may_hold_the_character_that_parts_its_texts() -> None:
    assert found(["a\0b", "\0", "", "c"]) == [["a", "b"], [], [], ["c"]]


def test_words_of_no_text_are_an_empty_batch() -> None:
    (empty,) = words_by_batch(pa.chunked_array([], pa.string()))
    assert isinstance(empty, Words)
    assert not len(empty.starts) and not len(empty.counts) and not len(word_hashes(empty))
    assert np.array_equal(empty.starts, empty.ends)
