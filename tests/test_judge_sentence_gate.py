"""The gate before slow rules keeps back no sentence that a rule matches, and most of the others."""

from __future__ import annotations

import re
from functools import cache
from types import ModuleType

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from example_strings import example_strings
from indic_persona_hub.judge.harm import (
    child_safety,
    child_safety_words,
    crisis,
    crisis_words,
    sensitive_claims,
    sensitive_claims_words,
)
from indic_persona_hub.judge.harm.sentence_gate import Sentence, SentenceGate
from indic_persona_hub.judge.harm.sentences import sentences
from indic_persona_hub.reference.chunks import Texts
from test_judge_labelled import LABELLED as ORDINARY
from test_judge_sensitive import LABELLED

GATES = {judge: judge.GATE for judge in (crisis, child_safety, sensitive_claims)}
each_judge = pytest.mark.parametrize("judge", GATES, ids=("crisis", "child", "claims"))
#: Each judge with each pattern that it looks for.
PATTERNS = [
    pytest.param(judge, getattr(words, name), id=f"{words.__name__.split('.')[-1]}.{name}")
    for judge, words, names in (
        (crisis, crisis_words, "ENGLISH HINDI ROMAN OTHER_SCRIPTS"),
        (
            child_safety,
            child_safety_words,
            "SEXUAL VIOLENT HARMS HINDI_FRAMED HINDI_HARMS ROMAN_FRAMED ROMAN_HARMS TAMIL_FRAMED",
        ),
        (
            sensitive_claims,
            sensitive_claims_words,
            "FOR_MONEY SAID_OF ALWAYS HINDI_FOR_MONEY HINDI_SAID_OF ROMAN_FOR_MONEY"
            " ROMAN_SAID_OF TAMIL_FOR_MONEY",
        ),
    )
    for name in names.split()
]


def passed(gate: SentenceGate, texts: list[str]) -> dict[int, list[Sentence]]:
    return dict(gate.sentences(Texts(pa.array(texts, pa.large_string()))))


def findings(
    judge: ModuleType, texts: list[str], parts: dict[int, list[Sentence]]
) -> dict[int, list[str]]:
    if judge is child_safety:
        found = child_safety.unsafe_phrases(texts, parts)
    elif judge is crisis:
        found = {row: crisis.crisis_phrases(texts[row], some) for row, some in parts.items()}
    else:
        found = {row: sensitive_claims.sensitive_claims(some) for row, some in parts.items()}
    return {row: phrases for row, phrases in found.items() if phrases}


def keeps_back_nothing(judge: ModuleType, texts: list[str]) -> None:
    gate = GATES[judge]
    whole = findings(judge, texts, {row: gate.all_of(text) for row, text in enumerate(texts)})
    assert findings(judge, texts, passed(gate, texts)) == whole


@pytest.mark.parametrize(("judge", "pattern"), PATTERNS)
def test_all_that_a_pattern_matches_comes_through(
    judge: ModuleType, pattern: re.Pattern[str]
) -> None:
    drawn = (f"Ab {one} cd" for one in example_strings(pattern, 1200))
    texts = [one for one in drawn if any(map(pattern.search, sentences(one)))]
    assert len(texts) > 100
    through = passed(GATES[judge], [*texts, *map(str.upper, texts)])
    for row, text in enumerate([*texts, *map(str.upper, texts)]):
        held = {one.text for one in through.get(row, []) if any(one.finditer(pattern))}
        assert held == {one for one in sentences(text) if pattern.search(one)}


@each_judge
def test_labelled_personas_are_judged_as_without_the_gate(judge: ModuleType) -> None:
    texts = [one["persona"] for one in (*LABELLED, *ORDINARY)]
    keeps_back_nothing(judge, texts)
    keeps_back_nothing(judge, [" ".join(texts[at : at + 4]) for at in range(0, len(texts), 4)])


@cache
def words_of_rules(judge: ModuleType) -> list[str]:
    drawn = {
        word
        for one in PATTERNS
        if one.values[0] is judge
        for text in example_strings(one.values[1], 40)
        for word in re.split(r"(?<=[a-z]) ", text)
    }
    return sorted(drawn)


GLUE = [
    " ",
    " ",
    " ",
    " ",
    ". ",
    ".\n",
    "  ",
    "\u00a0",
    "\u200b",
    "-",
    ", ",
    "। ",
    ". a ",
    ".\u2003B ",
]


@each_judge
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_mixture_of_words_is_judged_as_without_the_gate(
    judge: ModuleType, data: st.DataObject
) -> None:
    word = st.sampled_from(words_of_rules(judge)) | st.sampled_from(
        ["A 12-year-old girl who", "himself", "K\u0130LLS \u212aids", "ſhe", "life", "muslim", "is"]
    )
    text = st.lists(st.tuples(word, st.sampled_from(GLUE)), max_size=12).map(
        lambda pairs: "".join(map("".join, pairs))
    )
    keeps_back_nothing(judge, data.draw(st.lists(text, max_size=5)))


@each_judge
def test_few_ordinary_personas_are_searched(judge: ModuleType) -> None:
    through = passed(GATES[judge], [one["persona"] for one in ORDINARY])
    assert len(through) < len(ORDINARY) / 10


def test_a_sentence_comes_through_by_itself_with_what_it_may_match() -> None:
    sells, kids = re.compile(r"(?i)\bsells? kids\b"), re.compile("kids|goats")
    text = "She sells milk. He SELLS kids! They keep goats. He sells\u00a0goods. The kids."
    assert passed(SentenceGate(sells, kids), ["", text, "sells"]) == {
        1: [
            Sentence("He SELLS kids!", (sells, kids)),
            Sentence("They keep goats.", (kids,)),
            Sentence("The kids.", (kids,)),
        ]
    }
