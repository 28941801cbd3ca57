"""What is copied from the passage or the parent is measured in tokens of any script."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indic_persona_hub.judge.copied_text import CopiedText, overlapping, tokens_of
from judge_rows import judged

WORDS = "नदी ज़मीन মাছ நெசவு మగ్గం weaver loom indigo river yarn घर କୂଅ ਖੇਤ ಬಾವಿ".split()
stretches = st.lists(st.sampled_from(WORDS), min_size=13, max_size=40)
ORIGIN = " ".join(f"{word}{number}" for number in range(30) for word in WORDS[:4])

#: What a copy may change and stay one.
CHANGES = {
    "case": str.upper,
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "composed": lambda text: unicodedata.normalize("NFC", text),
    "compatible": lambda text: unicodedata.normalize("NFKD", text),
    "wide": lambda text: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text),
    "white space": lambda text: text.replace(" ", "\u00a0\n\t"),
    "selectors": lambda text: "\ufe0f".join(text).replace("\ufe0f ", " \u034f"),
    "commas": lambda text: text.replace(" ", ", "),
    "joiners": lambda text: text.replace("ि", "ि\u200d").replace("e", "e\u00ad"),
    "zero width": lambda text: text.replace(" ", "\u200b "),
    "direction": lambda text: f"\u202e{text}\u202c",
    "digits": lambda text: text.translate({ord("0") + at: chr(0xBE6 + at) for at in range(10)}),
}


@settings(max_examples=20, deadline=None)
@given(stretches, st.sampled_from(sorted(CHANGES)))
def test_a_copy_is_found_whatever_it_changes_on_the_surface(words: list[str], change: str) -> None:
    stretch = " ".join(f"{word}{number}" for number, word in enumerate(words))
    persona = f"A clerk who notes: {CHANGES[change](stretch)} and sighs."
    evidence = judged(CopiedText(), persona, origin=f"Long ago {stretch}. So it was.")
    assert evidence["fails"]
    assert evidence["value"] >= len(words)


@pytest.mark.parametrize("method", ["text_to_persona", "persona_to_persona"])
def test_thirteen_tokens_are_copied_and_twelve_are_not(method: str) -> None:
    words = ORIGIN.split()
    for length, fails in ((12, False), (13, True)):
        persona = f"A clerk who writes {' '.join(words[7 : 7 + length])} on a slate."
        evidence = judged(CopiedText(), persona, origin=ORIGIN, method=method)
        assert evidence["value"] == length and evidence["fails"] == fails
        assert ("13-grams" in evidence["detail"]) == fails


def test_a_span_is_one_in_both_texts_and_not_a_sum_of_pieces() -> None:
    words = ORIGIN.split()
    persona = " ".join(f"{' '.join(words[at : at + 6])} then" for at in range(0, 60, 6))
    assert judged(CopiedText(), persona, origin=ORIGIN)["value"] == 6


def test_nothing_is_copied_from_nothing() -> None:
    for origin in (None, "", "  ", "।"):
        evidence = judged(CopiedText(), "A weaver in Mau who sings.", origin=origin)
        assert (evidence["value"], evidence["score"], evidence["fails"]) == (0, 1, False)


@given(st.text(max_size=60))
def test_tokens_hold_no_space_no_punctuation_and_nothing_invisible(text: str) -> None:
    for token in tokens_of(text):
        assert token and not any(unicodedata.category(one)[0] in "ZPCS" for one in token)


@given(stretches)
def test_a_text_overlaps_with_itself_wholly(words: list[str]) -> None:
    assert overlapping(words, words) == 1
    assert overlapping(words, words[:5]) == 0
