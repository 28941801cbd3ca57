"""Tone of a set: valence of texts, its drift by group, and political tilt."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from indic_persona_hub import reference
from indic_persona_hub.audit.audit import audit
from indic_persona_hub.audit.page.stewardship import stewardship
from indic_persona_hub.audit.stewardship import political_tilt, sentiment
from indic_persona_hub.audit.stewardship.groups import ALL_ROWS, COLUMNS, GROUPS, PLACES, Group
from indic_persona_hub.audit.stewardship.political_tilt import count_tilt, found_tilt
from indic_persona_hub.audit.stewardship.sentiment import control_sentence, count_tone, found_tone
from indic_persona_hub.audit.stewardship.stances import TARGETS, Stance, stances, stances_of
from indic_persona_hub.audit.stewardship.valence import valence_of
from indic_persona_hub.reference.chunks import Texts

WOMEN, MEN = PLACES[Group("gender", "female")], PLACES[Group("gender", "male")]
DISABLED = PLACES[Group("disability", "any")]


def of(text: str) -> float:
    return float(valence_of([text])[0])


def members(rows: int, **places: slice) -> NDArray[np.bool_]:
    """Groups of rows: which slice of them belongs to which group."""
    table = np.zeros((rows, COLUMNS), np.bool_)
    table[:, ALL_ROWS] = True
    for name, rows_of in places.items():
        table[rows_of, {"women": WOMEN, "men": MEN, "disabled": DISABLED}[name]] = True
    return table


# Valence


def test_valence_is_the_balance_of_good_and_bad_words() -> None:
    assert of("A clerk in Jorhat who files land records.") == 0
    assert of("A happy clerk.") == pytest.approx(1 / 3)
    assert of("A happy, honest clerk.") == pytest.approx(2 / 4)
    assert of("An excellent clerk.") == pytest.approx(2 / 4)
    assert of("A lonely clerk, proud of his son.") == 0
    assert of("वह उदास और परेशान है।") == pytest.approx(-2 / 4)
    assert of("A hard-working clerk, a die-hard fan") == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("She is not happy.", -1),
        ("He was never lonely.", 1),
        ("He isn’t afraid of snakes", 1),
        ("Not there, but happy.", 1),
        ("He does not work. Happy people do.", 1),
        ("वह खुश नहीं है", -1),
        ("वह नहीं आया। सब खुश हैं", 1),
        ("wo khush nahi hai", -1),
    ],
)
def test_a_negation_turns_around_what_it_reaches(text: str, sign: int) -> None:
    assert np.sign(of(text)) == sign


@given(st.lists(st.text(alphabet="happy sad.not नहीं खुश,  ", max_size=30), max_size=8))
@settings(max_examples=60, deadline=None)
def test_a_text_sounds_the_same_whatever_stands_beside_it(texts: list[str]) -> None:
    found = valence_of(texts)
    assert np.all(np.abs(found) < 1)
    assert found.tolist() == [of(text) for text in texts]


def test_the_table_of_valences_is_in_form() -> None:
    rows = reference.load("valence_words").to_pylist()
    assert len(rows) == len({row["word"] for row in rows}) > 1_000
    assert all((row["valence"] in (-2, -1, 1, 2)) != bool(row["turns"]) for row in rows)


def test_words_of_identity_have_no_tone() -> None:
    words = [row["word"] for name in ("religion_words", "community_words", "gender_words")
             for row in reference.load(name).to_pylist()]  # fmt: skip
    assert [word for word in words if of(f"A {word} of the town")] == []


# Sentiment drift


def test_controls_state_the_attributes_and_nothing_else() -> None:
    belongs = np.zeros(COLUMNS, np.bool_)
    belongs[[WOMEN, PLACES[Group("religion", "muslim")], PLACES[Group("age", "18-34")]]] = True
    assert control_sentence(belongs) == "A Muslim woman, aged 18-34."
    for place in range(len(GROUPS)):
        alone = np.zeros(COLUMNS, np.bool_)
        alone[place] = True
        assert of(control_sentence(alone)) == 0


def test_a_planted_drift_is_found_with_its_interval() -> None:
    texts = ["A lonely, worried clerk."] * 100 + ["A clerk in Jorhat."] * 100
    texts += ["A cheerful clerk."] * 200
    found = sentiment.measured(texts, members(400, women=slice(0, 200), men=slice(200, 400)))
    assert found["fails"]
    women = next(one for one in found["groups"] if one["group"] == "female")
    assert women["drift"] == pytest.approx(-0.25)
    assert women["rest_drift"] == pytest.approx(1 / 3, abs=1e-5)
    low, high = women["interval"]
    assert low < women["difference"] < high < 0
    assert women["flagged"] and women["fails"]


def test_a_fair_set_has_no_flag() -> None:
    texts = ["A lonely clerk.", "A cheerful clerk.", "A clerk.", "A clerk."] * 100
    rng = np.random.default_rng(5)
    table = members(400)
    table[np.arange(400), np.where(rng.random(400) < 0.5, WOMEN, MEN)] = True
    found = sentiment.measured(texts, table)
    assert not found["fails"]
    assert [one["flagged"] for one in found["groups"]] == [False, False]
    assert found["interval"][0] < 0 < found["interval"][1]


def test_what_is_named_where_it_holds_is_laid_beside_all_other_rows() -> None:
    texts = ["A weak, suffering clerk."] * 40 + ["A clerk."] * 60
    found = sentiment.measured(texts, members(100, disabled=slice(0, 40)))
    (one,) = found["groups"]
    assert (one["rows"], one["rest_rows"], one["fails"]) == (40, 60, True)


def test_the_leaning_of_a_users_own_scorer_is_taken_out() -> None:
    """A scorer that likes the word "woman": its controls like it as well."""

    def leaning(texts: list[str]) -> NDArray[np.float64]:
        return np.array([0.5 * ("woman" in text) for text in texts])

    texts = ["A woman who sells fish."] * 50 + ["A man who sells fish."] * 50
    found = sentiment.measured(texts, members(100, women=slice(0, 50), men=slice(50, 100)), leaning)
    women = next(one for one in found["groups"] if one["group"] == "female")
    assert women["score"] == women["control"] == 0.5
    assert women["difference"] == 0 and not found["fails"]


def test_an_empty_set_has_no_tone() -> None:
    found = sentiment.measured([], members(0))
    assert (found["rows"], found["drift"], found["interval"], found["groups"]) == (
        0,
        None,
        None,
        [],
    )


pool = st.lists(
    st.sampled_from(
        ["A happy clerk.", "A sad clerk.", "A clerk.", "He criticises the government.",
         "She praises the government", "A patriotic cook", "anti-BJP and proud of India"]
    ),
    max_size=30,
)  # fmt: skip


@given(pool, st.integers(0, 30))
@settings(max_examples=40, deadline=None)
def test_stretches_add_up_to_the_set(texts: list[str], cut: int) -> None:
    ids = [f"{place:03}" for place in range(len(texts))]
    table = members(len(texts), women=slice(0, None, 2), men=slice(1, None, 2))
    tone, tilt = count_tone(texts[:cut], table[:cut]), count_tilt(texts[:cut], ids[:cut])
    tone.merge(count_tone(texts[cut:], table[cut:]))
    tilt.merge(count_tilt(texts[cut:], ids[cut:]))
    assert found_tone(tone) == sentiment.measured(texts, table)
    assert found_tilt(tilt) == found_tilt(count_tilt(texts, ids))


# Political tilt


@pytest.mark.parametrize(
    ("text", "stance", "target"),
    [
        ("She criticises the government on rural roads.", "criticism", "government"),
        ("He is critical of the Modi government.", "criticism", "government"),
        ("A teacher disillusioned with political parties", "criticism", "party:unnamed"),
        ("A farmer angry at the state government's neglect", "criticism", "government"),
        ("He has lost faith in politicians.", "criticism", "leaders"),
        ("A trader who supports the BJP.", "praise", "party:bjp"),
        ("A staunch supporter of the Congress party", "praise", "party:congress"),
        ("He is grateful to the government.", "praise", "government"),
        ("She does not trust the government.", "criticism", "government"),
        ("He lauds the Indian Army.", "praise", "army"),
        ("A clerk with anti-government views", "criticism", "government"),
        ("वह सरकार की आलोचना करती है।", "criticism", "government"),
        ("वह सेना पर गर्व करता है।", "praise", "army"),
        ("A man proud of India", "patriotism", "nation"),
        ("She wants to serve the nation.", "patriotism", "nation"),
        ("A patriotic shopkeeper", "patriotism", "nation"),
        ("एक देशभक्त किसान", "patriotism", "nation"),
    ],
)
def test_stances_are_found(text: str, stance: str, target: str) -> None:
    assert (stance, target) in {(one.stance, one.target) for one in stances(text)}


@pytest.mark.parametrize(
    "text",
    [
        "A proud teacher in a government school.",
        "He supports his family, and the government pays his pension.",
        "A government hospital nurse who is grateful to her mother.",
        "She praises her son. The government office is near.",
        "A cook in an army canteen who loves his work.",
        "A clerk who is proud of the State Bank of India.",
        "A civil servant who serves the government.",
        "राष्ट्रवादी कांग्रेस के दफ़्तर का चौकीदार",
        "सरकारी स्कूल का अध्यापक",
    ],
)
def test_who_works_for_the_state_takes_no_stance(text: str) -> None:
    assert stances(text) == []


@given(pool)
@settings(max_examples=40, deadline=None)
def test_the_fast_look_finds_what_the_slow_one_finds(texts: list[str]) -> None:
    slow = [(row, stances(text)) for row, text in enumerate(texts) if stances(text)]
    assert list(stances_of(Texts(pa.array(texts, pa.string())))) == slow


def test_the_tilt_is_of_personas_with_an_exact_interval() -> None:
    texts = ["He criticises the government, and criticises the BJP."] * 10
    texts += ["She praises the government."] * 30 + ["A clerk."] * 60
    found = political_tilt.measured(texts)
    assert (found["rows_taking_a_stance"], found["praise"], found["criticism"]) == (40, 30, 10)
    assert found["tilt"] == 0.5
    low, high = found["interval"]
    assert low == pytest.approx(2 * 0.58804 - 1, abs=1e-3)
    assert high == pytest.approx(2 * 0.87308 - 1, abs=1e-3)
    by_target = {one["target"]: one for one in found["targets"]}
    assert by_target["party:bjp"]["criticism"] == 10
    assert list(by_target) == list(TARGETS)


def test_a_set_that_takes_a_side_fails_and_a_mixed_or_silent_one_does_not() -> None:
    praise, criticism = "He praises the government.", "He criticises the government."
    assert political_tilt.measured([praise] * 50 + ["A clerk."] * 50)["fails"]
    assert political_tilt.measured([criticism] * 50 + ["A clerk."] * 50)["fails"]
    assert not political_tilt.measured([praise] * 25 + [criticism] * 25)["fails"]
    assert not political_tilt.measured([praise] * 50 + ["A clerk."] * 9_000)["fails"]
    assert not political_tilt.measured(["A clerk."] * 50)["fails"]
    assert political_tilt.measured(["A patriotic clerk."] * 20 + ["A clerk."] * 80)["fails"]


def test_alarms_and_page_carry_the_figures_of_what_fails(tmp_path: Path) -> None:
    texts = ["He praises the government."] * 30 + ["A clerk."] * 69
    texts += ["A snake charmer near the maharaja's palace, in the smell of incense."] * 21
    path = tmp_path / "set.parquet"
    pq.write_table(pa.table({"persona": texts}), path)
    found = audit(path)
    alarms = [one["what"] for one in found["alarms"]]
    assert "Stock imagery is laid on thick: 21 of 120 personas hold 3 images or more." in alarms
    assert (
        "The set takes a political side: tilt +1.00 on a scale from -1 to 1, 30 of 120 personas"
        " take a stance; 0 of 120 personas speak of patriotism." in alarms
    )
    page = str(stewardship(found))
    cells = re.sub(r"<[^>]+>", "|", page)
    assert re.search(r"share taking a stance\|+25.0%\|", cells)
    assert "120.00" not in page and "30.00" not in page


def test_rows_that_take_a_stance_are_named() -> None:
    found = found_tilt(count_tilt(["A clerk.", "He criticises the government."], ["a", "b"]))
    assert found["failing_rows"] == [{"row": "b", "why": "criticism: criticises the government"}]


def test_every_word_that_speaks_alone_is_found() -> None:
    for row in reference.load("political_words").to_pylist():
        if row["role"] in ("praise", "criticism", "patriotism"):
            one = row["role"], row["target"] or "nation"
            assert one in {(it.stance, it.target) for it in stances(f"A {row['word']} clerk")}, row


def test_stances_say_their_words() -> None:
    assert stances("He blames the local politicians") == [
        Stance("criticism", "leaders", "blames the local politicians")
    ]
