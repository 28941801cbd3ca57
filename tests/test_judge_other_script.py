"""The same words in another script: found by how they sound; people are counted once."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from held_keys import judged
from indic_persona_hub.judge.meaning.other_script import OtherScript
from indic_persona_hub.judge.meaning.people import linked, people
from indic_persona_hub.judge.meaning.sounds import sound
from indic_persona_hub.judge.meaning.survivors import alone
from indic_persona_hub.judge.meaning.written_scripts import script_of_word

HERE = Path(__file__).parent
INDICQUEST = HERE.parents[1] / "shared" / "data" / "indicquest_qa" / "dev.parquet"


def read(name: str) -> list[tuple[str, str, str]]:
    """(language, in its own script, in Latin letters)."""
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return [(row[0], row[1], row[2]) for row in csv.reader(file, delimiter="\t")]


#: Sentences and how people type them, and sentences of the same build about someone else.
PAIRS = read("cross_script_pairs.tsv")
OTHERS = read("cross_script_others.tsv")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("हल्दी", "huldee"),
        ("ख़रीदती", "kharidti"),
        ("அரிசி", "arisi"),
        ("ایک", "ek"),
        ("अच्छा", "acha"),
        ("महाराष्ट्र", "maharashtra"),
        ("సాయంత్రం", "saayantram"),
        ("વર્ષ", "varsh"),
        ("ক্ষমতা", "khomota"),
        ("କୃଷକ", "krushaka"),
        ("വയനാട്", "wayanad"),
        ("ಗಣಿತ", "ganita"),
        ("ਲੁਧਿਆਣਾ", "ludhiana"),
        ("நெல்", "nel"),
        ("१२", "12"),
        ("ज्ञान", "gyaan"),
        ("स्टेशन", "station"),
        ("स्कूल", "school"),
    ],
)
def test_a_word_sounds_the_same_in_both_scripts(one: str, other: str) -> None:
    assert sound(one) == sound(other) != ""


@pytest.mark.parametrize(
    ("one", "other"), [("किसान", "मज़दूर"), ("nurse", "doctor"), ("पटना", "राँची")]
)
def test_other_words_sound_different(one: str, other: str) -> None:
    assert sound(one) != sound(other)


@given(st.text(max_size=30))
def test_any_text_has_a_sound_of_ascii(text: str) -> None:
    assert sound(text).isascii()
    assert all(one.isupper() or one.isdigit() for one in sound(text))


def test_pairs_are_found_and_other_people_are_not() -> None:
    assert len(PAIRS) >= 60
    texts = [text for _, one, other in PAIRS for text in (one, other)]
    texts += [romanised for _, _, romanised in OTHERS]
    found = judged(OtherScript(), texts)
    paired = 2 * len(PAIRS)
    together = found.cluster[0:paired:2] == found.cluster[1:paired:2]
    assert together.mean() >= 0.95, [PAIRS[row] for row in np.flatnonzero(~together)]
    assert max(Counter(found.cluster.tolist()).values()) == 2
    assert (found.survivor[paired:] == np.arange(paired, len(texts))).all()
    assert people(found, among=np.ones(len(texts), bool)) == len(texts) - together.sum()


def test_what_is_linked_does_not_fail_unless_asked() -> None:
    assert not OtherScript().merges
    assert OtherScript(merge=True).merges


def test_two_spellings_meet_in_the_text_that_both_spell() -> None:
    _, own, romanised = PAIRS[2]
    again = romanised.replace("sarkari", "sarkaree").replace("mein", "me")
    found = judged(OtherScript(), [romanised, own, again], confidence=[0.2, 0.4, 0.9])
    assert found.survivor.tolist() == [2, 2, 2]
    assert found.cluster.tolist() == [0, 0, 0]
    same_script = judged(OtherScript(), [romanised, again])
    assert same_script.survivor.tolist() == [0, 1], "near duplicates are another judge's"


@settings(deadline=None, max_examples=10)
@given(st.lists(st.integers(0, 2 * len(PAIRS)), max_size=5))
def test_slices_change_nothing(cuts: list[int]) -> None:
    texts = [one for _, one, _ in PAIRS] + [other for _, _, other in PAIRS]
    for one, other in zip(
        judged(OtherScript(), texts), judged(OtherScript(), texts, cuts=cuts), strict=True
    ):
        assert (one == other).all()


@pytest.mark.parametrize("texts", [[], [""], ["", "", "।"], ["a"] * 3, [PAIRS[0][1]]])
def test_texts_with_nothing_to_compare(texts: list[str]) -> None:
    found = judged(OtherScript(), texts, cuts=(0,))
    assert found.survivor.tolist() == list(range(len(texts)))


def test_rows_that_do_not_count_are_not_linked() -> None:
    _, own, romanised = PAIRS[0]
    found = judged(OtherScript(), [own, romanised], among=[True, False])
    assert found.survivor.tolist() == [0, 1]


def test_people_are_counted_over_all_judges() -> None:
    rows = np.ones(5, bool)
    first, second = alone(5), alone(5)
    first.survivor[1] = 0
    second.survivor[2] = 1
    assert people(among=rows) == 5
    assert people(first, among=rows) == 4
    assert people(first, second, among=rows) == 3
    rows[0] = False
    assert people(first, second, among=rows) == 3, "1 and 2 are linked without 0"


@settings(max_examples=50)
@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=15),
    st.permutations(range(10)),
)
def test_components_are_led_by_the_best(pairs: list[tuple[int, int]], rank: list[int]) -> None:
    one, other = (np.array([pair[side] for pair in pairs], np.int64) for side in (0, 1))
    leader, cluster = linked(one, other, np.array(rank))
    for a, b in pairs:
        assert leader[a] == leader[b]
    for row in range(10):
        members = np.flatnonzero(leader == leader[row])
        assert leader[row] == min(members, key=lambda member: rank[member])
        assert cluster[row] == members[0]


def test_scripts_of_words() -> None:
    own = {script_of_word(one) for _, one, _ in PAIRS}
    assert {script_of_word(other) for _, _, other in PAIRS} == {1}
    assert 1 not in own
    assert len(own) == 10  # nine Brahmic scripts and the Arabic one
    assert script_of_word("42।") == 0


@pytest.mark.skipif(not INDICQUEST.exists(), reason="../shared is not here")
def test_real_parallel_text_of_twenty_languages_is_never_linked_wrongly() -> None:
    """Questions and answers: what sounds alike in sister languages says the same."""
    table = pq.read_table(INDICQUEST)
    found = judged(OtherScript(), table["text"].to_pylist())
    group = np.array(table["group"].to_pylist())
    follows = found.survivor != np.arange(len(group))
    assert follows.sum() >= 100
    assert (group[follows] == group[found.survivor[follows]]).all()
