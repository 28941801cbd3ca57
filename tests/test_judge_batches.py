"""Texts judged by the batch are judged as each by itself, and cut without losing a character."""

from __future__ import annotations

import re
from typing import Any

import daft
import numpy as np
import pyarrow as pa
import pytest
from daft import col
from hypothesis import example, given, settings
from hypothesis import strategies as st

from indic_persona_hub.judge.attributes import by_rules
from indic_persona_hub.judge.contradictions import Contradictions
from indic_persona_hub.judge.form import Form
from indic_persona_hub.judge.genericness import Genericness, is_specific
from indic_persona_hub.judge.india_centric import IndiaCentric, is_of_india
from indic_persona_hub.judge.india_words import ELSEWHERE
from indic_persona_hub.judge.letters import letters_of
from indic_persona_hub.judge.loops import may_loop
from indic_persona_hub.judge.reading.clauses import readings
from indic_persona_hub.judge.reading.text_words import pieces
from indic_persona_hub.judge.words import matches, words_of, written_words
from indic_persona_hub.reference.chunks import Items, Remembered, Texts, texts_of
from indic_persona_hub.reference.lexicon import tokens
from judge_rows import evidence_on, judged, row

WORDS = (
    "A An 34-year-old retired nurse woman who lives in Patna , Bihar. her his brother ( । क्षेत्र की "
    "किसान जो है हैं गाँव कோயில் கிராமத்தில் x\u200dy \u200d — … “ ” £5 UK dollar is interested in "
    "person always the the the ½ ² 12 \n \t \u00a0 \u2028 🙂 Ж née NASA O'Neil co-op e\u0301 "
    "\ufb01n"
).split(" ")
TEXTS = st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join) | st.text(max_size=40)
BATCHES = st.lists(TEXTS, max_size=8)
JUDGES = (Form(), Genericness(), IndiaCentric(), Contradictions())


def batch_of(texts: list[str]) -> Texts:
    return Texts(pa.array(texts, pa.large_string()))


@settings(max_examples=25, deadline=None)
@given(st.lists(TEXTS, min_size=2, max_size=6))
def test_neighbours_change_no_evidence(texts: list[str]) -> None:
    together = evidence_on(map(row, texts), JUDGES)
    alone = [evidence_on([row(text)], JUDGES)[0] for text in texts]
    assert together == alone


@given(BATCHES)
def test_a_text_is_its_chunks_with_spaces_between(texts: list[str]) -> None:
    batch = batch_of([*texts, ""])
    pairs = zip(batch.starts[:-1], batch.starts[1:], strict=True)
    parts = [[batch.chunks[code] for code in batch.codes[first:last]] for first, last in pairs]
    assert [" ".join(one) for one in parts] == [*texts, ""] == batch.strings
    piece = batch.piece(1, 99)
    assert piece.strings == batch.strings[1:]
    assert len(piece.codes) == piece.starts[-1]


@given(BATCHES)
def test_words_of_a_batch_are_the_words_of_its_texts_in_order(texts: list[str]) -> None:
    batch = batch_of(texts)
    spread = batch.spread(Items.of(batch.each(Remembered(lambda one: tuple(words_of(one))))))
    once = spread.once()
    for number, text in enumerate(texts):
        words = words_of(text)
        for one, expected in ((spread, words), (once, list(dict.fromkeys(words)))):
            places = one.places[one.starts[number] : one.starts[number + 1]]
            assert [one.values[place] for place in places] == expected
    assert once.joined("; ").to_pylist() == ["; ".join(dict.fromkeys(words_of(t))) for t in texts]


@given(BATCHES)
def test_words_of_the_rules_are_the_tokens_of_each_text(texts: list[str]) -> None:
    for words in pieces(batch_of(texts)):
        for number, text in enumerate(words.texts.strings):
            own = slice(words.starts[number], words.starts[number + 1])
            read = zip(words.keys[own], words.start[own], words.end[own], strict=True)
            assert list(read) == [(one.key, one.start, one.end) for one in tokens(text)]


@given(BATCHES)
def test_a_reading_has_the_words_and_gaps_of_its_text(texts: list[str]) -> None:
    for text, reading in zip(texts, readings(batch_of(texts)), strict=True):
        written = "".join(reading.gap(place) + reading.word(place) for place in range(len(reading)))
        assert text.startswith(written) and reading.text == text
        for phrase in reading.phrases:
            assert 0 <= phrase.first <= phrase.last <= len(reading)


def test_the_same_memory_is_read_once() -> None:
    array = pa.array(["a b", "b"], pa.large_string())
    assert texts_of(array) is texts_of(array)
    assert texts_of(array[1:]).strings == ["b"]
    assert texts_of(pa.array(["a b", None], pa.large_string())).strings == ["a b", ""]


def test_what_is_remembered_is_forgotten_when_memory_is_full() -> None:
    asked: list[str] = []
    remembered = Remembered(lambda one: asked.append(one) or len(one))  # type: ignore[func-returns-value]
    assert [remembered[one] for one in ("ab", "ab", "c" * 100, "c" * 100)] == [2, 2, 100, 100]
    assert asked == ["ab", "c" * 100, "c" * 100], "long strings are not kept"


@given(BATCHES)
@example(["34-year-old retired nurse Patna brother ² 12 NASA O'Neil"])  # nine specific words
def test_lists_of_a_batch_are_what_python_finds_word_for_word(texts: list[str]) -> None:
    specific = [evidence["genericness"]["detail"] for evidence in on(Genericness(), texts)]
    found = [list(dict.fromkeys(filter(is_specific, words_of(text)))) for text in texts]
    assert specific == ["; ".join(words[:8]) for words in found], "the first eight"
    india = [evidence["india_centric"]["detail"] for evidence in on(IndiaCentric(), texts)]
    for text, detail in zip(texts, india, strict=True):
        assert detail.startswith("; ".join(dict.fromkeys(filter(is_of_india, written_words(text)))))


def on(judge: Any, texts: list[str]) -> list[dict[str, dict[str, Any]]]:
    return evidence_on(map(row, texts), [judge])


@given(BATCHES)
def test_letters_are_counted_character_by_character(texts: list[str]) -> None:
    letters = letters_of(batch_of(texts))
    assert letters.characters.tolist() == [len(text) for text in texts]
    assert letters.visible.tolist() == [len("".join(text.split())) for text in texts]
    assert (letters.scripts.sum(axis=1) <= letters.letters).all()


@given(st.lists(st.lists(st.sampled_from("ab"), max_size=40).map(" ".join), min_size=1))
def test_no_loop_is_missed(texts: list[str]) -> None:
    batch = batch_of(texts)
    for least in (3, 5):
        suspected = may_loop(batch, np.full(len(texts), least))
        for text, suspect in zip(texts, suspected, strict=True):
            words = text.split()
            runs = [" ".join(words[at : at + 3]) for at in range(len(words) - 2)]
            assert suspect or all(runs.count(run) < least for run in runs)


@pytest.mark.parametrize("name", ELSEWHERE)
def test_every_name_of_elsewhere_is_found_among_punctuation(name: str) -> None:
    for text in (f"A clerk ({name}) at sea.", f"x{name}", f"{name}x"):
        found = re.findall(rf"(?<!\w){re.escape(name)}(?!\w)", text)
        assert (name in judged(IndiaCentric(), text)["detail"].split("; ")) == bool(found)


@pytest.mark.parametrize(
    ("opening", "label"),
    [
        ("Persona: a nurse.", "label 'Persona:'"),
        ("«NAME 2 : a nurse.", "label '«NAME 2 :'"),
        ("... Sure, a nurse.", "label '... Sure,'"),
        ("De\u017fcription: a nurse.", "label 'De\u017fcription:'"),
        ("व्यक्ति: एक नर्स।", "label 'व्यक्ति:'"),
        ("1. a nurse.", "markup '1. '"),
        ("\u00a0- a nurse.", "markup '\\xa0- '"),
        ("A nurse.\n", "markup '\\n'"),
    ],
)
def test_labels_and_bullets_are_found_behind_any_sign(opening: str, label: str) -> None:
    assert label in judged(Form(), opening)["detail"].split("; ")


@pytest.mark.parametrize("text", ["A nurse in Gaya.”) ", "A nurse in Gaya. \n", "नर्स।\u00a0"])
def test_spaces_behind_the_final_stop_do_no_harm(text: str) -> None:
    assert "no final stop" not in judged(Form(), text)["detail"].split("; ")


@given(st.lists(st.text("ab \x01\x02,", max_size=12), min_size=1, max_size=5))
def test_matches_are_those_of_python(texts: list[str]) -> None:
    frame = daft.from_pydict({"text": texts})
    found = frame.select(matches(col("text"), "a+b?|,")).to_pydict()["text"]
    assert found == [re.findall("a+b?|,", text) for text in texts]


def test_a_raised_digit_is_no_age_and_does_no_harm() -> None:
    assert "age_band" not in by_rules("² वर्षीय किसान जो गाँव में है।")


@pytest.mark.parametrize(
    "text", ["A 34-year-old nurse in Gaya who walks home. " * 12_000, "क" * 500_000]
)
@pytest.mark.timeout(30)
def test_a_very_long_text_takes_no_more_time_a_word(text: str) -> None:
    assert set(by_rules(text)) <= {"state", "district", "residence", "age_band", "occupation"}
