"""Toxicity: slurs, abuse and obscene words are found, disguised or not, and names never are."""

from __future__ import annotations

import ast
import json
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indic_persona_hub import reference
from indic_persona_hub.errors import RecipeError, SourceError
from indic_persona_hub.judge.harm.disguises import Disguises
from indic_persona_hub.judge.harm.toxic_lists import read_toxic_words
from indic_persona_hub.judge.harm.toxic_words import (
    KINDS,
    Found,
    ToxicWord,
    ToxicWords,
    shipped_words,
)
from indic_persona_hub.judge.harm.toxicity import Toxicity, toxic_rows
from indic_persona_hub.judge.harm.toxicity_classifiers import (
    ClassifierSettings,
    classified,
    open_classifier,
)
from indic_persona_hub.reference.chunks import Remembered, Texts
from judge_rows import evidence_on, judged, row

HERE = Path(__file__).parent
SHARED = HERE.parents[1] / "shared" / "data" / "names_india"
WORDS = tuple(shipped_words())
KNOWN = ToxicWords(WORDS)
MAY_START = Remembered(KNOWN.may_start)

#: A name, as a person, a community and a place.
FRAMES = (
    "{}",
    "{} sells vegetables near the old bus stand and saves for a daughter's wedding.",
    "A 42-year-old weaver of the {} community who repairs looms in Barabanki.",
    "A postman who cycles from {} to the river every morning, and sings on the way.",
    "श्रीमती {} बाराबंकी में सिलाई सिखाती हैं।",
)


def found(text: str) -> list[Found]:
    return KNOWN.find(text)


def flagged(texts: Iterable[str]) -> dict[str, list[Found]]:
    rows = list(texts)
    hits = toxic_rows(Texts(pa.array(rows, pa.string())), KNOWN, MAY_START)
    return {rows[place]: some for place, some in hits}


@pytest.mark.parametrize(
    ("text", "kind", "severity"),
    [
        ("A clerk who calls his neighbours retards.", "disability", 3),
        ("tu chutiya hai kya", "abuse", 2),
        ("Wo bhosdike phir aa gaya", "obscene", 3),
        ("saale chamar yahan kya kar raha hai", "caste", 3),
        ("bhangi kahin ka", "caste", 3),
        ("chamar ki aulad", "caste", 3),
        ("ये मादरचोद कौन है", "obscene", 3),
        ("वह हरामज़ादा फिर आया", "abuse", 2),
        ("साले भंगी को बुलाओ", "caste", 3),
        ("these filthy Muslims", "religion", 3),
        ("go back you pajeet", "region", 3),
        ("sab katue ek jaise", "religion", 3),
        ("She is a slut", "gender", 3),
        ("what an idiot", "abuse", 1),
    ],
)
def test_toxic_words_are_found_with_their_kind(text: str, kind: str, severity: int) -> None:
    assert (kind, severity) in {(one.kind, one.severity) for one in found(text)}


@pytest.mark.parametrize(
    "text",
    ["chuuutiyaaa", "ch*tiya", "chut1ya", "chut!ya", "c.h.u.t.i.y.a", "CHUUUTIYA hai",
     "f*ck", "fuuuuck", "b1tch", "b!tch", "m@darchod", "madarch0d", "bh0sdike", "(f**king)",
     "fu\u200bck", "a$$hole", "मादरचोददद", "r@ndi ka"],
)  # fmt: skip
def test_mild_disguises_are_undone(text: str) -> None:
    assert found(f"he said {text}, and left")


@pytest.mark.parametrize(
    "text",
    ["abe chootiye", "CHUTIYYA saala", "xutiya", "madrchod", "bhenchd", "bhenchodd",
     "bhosdiwaale", "bhosadiwale uncle", "haraamzaadi", "bhadwey", "terimaaki", "makichut",
     "G@ndu", "मा*रचोद"],
)  # fmt: skip
def test_romanised_hindi_is_found_as_people_spell_it(text: str) -> None:
    assert text not in {one.word for one in WORDS}
    assert flagged([f"kya {text} hai"])


@pytest.mark.parametrize(
    "text", ["f u c k you", "you are a f u c k", "c h u t i y a hai", "M A D A R C H O D!"]
)
def test_letters_set_apart_are_put_together(text: str) -> None:
    assert flagged([text])


@pytest.mark.parametrize(
    "text",
    ["vitamins A B C D and E", "a s h a worker", "Plot B C D F", "batched and botched",
     "a chaprasi of the court", "S C U N T H", "Randika of Colombo", "Chotiyan village"],
)  # fmt: skip
def test_what_only_sounds_like_a_toxic_word_is_left(text: str) -> None:
    assert flagged([text, text.lower()]) == {}


@pytest.mark.parametrize(
    "text",
    [
        "A sexual-health counsellor who teaches menstrual hygiene in Beed schools.",
        "A nurse who examines the breast, the anus and the rectum in a cancer ward.",
        "A counsellor for HIV-positive sex workers in Sonagachi.",
        "A sex education teacher who draws the penis and vagina on a blackboard.",
        "A Khatik butcher who slaughters goats at dawn; a wrestler from Rohtak who pins rivals.",
        "A lesbian couple in Pune, a gay clerk, a queer poet, a hijra elder in Bhopal.",
        "A Dalit poet, a Harijan Sevak Sangh worker, a Chamar cobbler proud of being Chamar.",
        "A vet who treats bitches in whelp, a jackass penguin and a bastard file.",
        "At the fag end of his career he ties faggots of firewood in Bhadwa month.",
        "The Dom caretakers of Manikarnika ghat; a dirty drain in the Chamar tola.",
        "मासिक धर्म, स्तन कैंसर और एचआईवी की परामर्शदाता; कसाई; पहलवान",
    ],
)
def test_health_work_trades_and_words_of_identity_are_not_toxic(text: str) -> None:
    assert flagged([text]) == {}


@pytest.mark.parametrize(
    "text",
    [
        "A scheme for mentally retarded persons and their carers.",
        "She studied physics at Lund University.",
        "A Chutia woman from Sivasagar who weaves mekhela chador.",
        "He reads of the chutia kingdom in Assam.",
        "A driver cum cook who keeps a cock and two hens.",
        "A Chamar leather worker from Agra who leads the shoemakers' union.",
        "A sweeper of the Bhangi community, who cleans drains and sends her son to school.",
        "Farmers called a chakka jam on the highway.",
        "He feeds every kutta of the lane.",
        "Her saala drives a bus in Bihar, and he is a Bihari.",
        "Langda and Dasheri mangoes ripen in June.",
        "लंगड़ा आम और दशहरी",
        "A dog breeder with a badass motorcycle.",
        "B.C. candidates, SC/ST and BC students may apply; the BC Welfare office is open.",
        "A covid19 warrior with 5h of sleep, a B4 form and 3 A55 sheets.",
        "A coat of fire-retard\u00adant paint.",
        "An *emphasised* word, a footnote* and 4*4 = 16.",
    ],
)
def test_harmless_texts_hold_nothing_that_fails(text: str) -> None:
    assert [one for one in found(text) if one.severity > 1] == []


def never_toxic() -> list[str]:
    lines = (HERE / "names_never_toxic.txt").read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize("frame", FRAMES)
def test_our_list_of_names_castes_and_places_is_never_flagged(frame: str) -> None:
    assert len(never_toxic()) > 500
    assert flagged(frame.format(name) for name in never_toxic()) == {}


def test_nothing_that_the_reference_tables_name_is_flagged() -> None:
    """Districts, cities, states, languages, communities, names: all tables but those of tone."""
    tables = [*tomllib.loads((Path(reference.__file__).parent / "index.toml").read_text("utf-8"))]
    names = {
        value
        for table in tables
        if table not in ("toxic_words", "valence_words", "political_words")
        for column in reference.load(table).columns
        for cell in column.to_pylist()
        for value in (cell if isinstance(cell, list) else [cell])
        if isinstance(value, str)
    }
    assert len(names) > 5_000
    assert flagged(names) == {}


def names_of_india() -> Iterator[str]:
    """All names of the lists, as they are written there."""

    def strings(value: Any) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        inside = value.values() if isinstance(value, dict) else value
        for one in inside if isinstance(inside, list | type({}.values())) else ():
            yield from strings(one)

    for path in sorted(SHARED.iterdir()):
        text = path.read_text("utf-8-sig")
        if path.suffix == ".json":
            yield from strings(json.loads(text))
        elif path.name.endswith(".py.txt"):
            nodes = ast.walk(ast.parse(text))
            yield from (str(one.value) for one in nodes if isinstance(one, ast.Constant))
        else:
            yield from text.splitlines()


@pytest.mark.skipif(not SHARED.is_dir(), reason="the name lists are not here")
@pytest.mark.parametrize("frame", FRAMES[:3])
def test_no_name_of_the_lists_of_indian_names_is_flagged(frame: str) -> None:
    names = {name.strip() for name in names_of_india()}
    assert len(names) > 10_000
    assert flagged(frame.format(name) for name in names) == {}


def test_the_table_is_in_form() -> None:
    for one in WORDS:
        counts = one.sense in ("always", "lower", "framed")
        assert (one.kind in KINDS) == counts, one
        assert (one.severity > 0) == counts, one
    written = [one.word for one in WORDS]
    assert len(written) == len(set(written)) > 1_000
    assert {one.language for one in WORDS} == {"eng", "hin"}


@pytest.mark.parametrize("sense", ["always", "lower"])
def test_every_word_of_the_table_is_found(sense: str) -> None:
    for one in WORDS:
        if one.sense == sense:
            assert flagged([f"and {one.word} again"]), one


def test_a_word_that_is_a_name_counts_in_lower_case_or_beside_abuse() -> None:
    for one in (one for one in WORDS if one.sense == "lower" and one.word[0].isascii()):
        name = one.word.capitalize()
        assert flagged([f"Mr {name} of Jorhat"]) == {}
        assert flagged([f"saale {name}"])


plain = st.sampled_from(
    sorted(
        one.word
        for one in WORDS
        if one.sense == "always" and len(one.word) > 4 and one.word.isalpha()
    )
)
around = st.sampled_from(["", "and ", "He said: ", '"', "वह "])


@given(plain, st.integers(0, 30), st.integers(3, 6), around)
@settings(max_examples=80, deadline=None)
def test_a_repeated_letter_hides_no_word(word: str, place: int, times: int, before: str) -> None:
    place %= len(word)
    if word[place].isalpha():
        assert flagged([before + word[:place] + word[place] * times + word[place + 1 :]])


@given(plain.filter(str.isascii), st.integers(0, 30), around)
@settings(max_examples=80, deadline=None)
def test_a_star_hides_no_word(word: str, place: int, before: str) -> None:
    place = 1 + place % (len(word) - 2)
    assert flagged([f"{before}{word[:place]}*{word[place + 1 :]}."])


@given(st.lists(st.text(alphabet="fuckshitज़ा़*@1.- ँं\u200d", max_size=25), max_size=8))
@settings(max_examples=80, deadline=None)
def test_the_fast_look_finds_what_the_slow_one_finds(texts: list[str]) -> None:
    hits = toxic_rows(Texts(pa.array(texts, pa.string())), KNOWN, MAY_START)
    assert hits == [(place, found(text)) for place, text in enumerate(texts) if found(text)]


def test_a_chunk_without_a_disguise_is_left_as_it_is() -> None:
    undone = Disguises(["fuck", "chutiya"]).undone
    harmless = "school! 34-year-old a*b Rs.500/- A.P.J. f* *** सड़क http://x.y/z?a=1 B2B"
    for chunk in harmless.split():
        assert undone(chunk) == chunk
    assert undone("(F*ck!)") == "(fuck!)"
    assert undone("Fuuuck") == "Fuck"


def test_evidence_is_the_worst_word_and_lists_them() -> None:
    bad = judged(Toxicity(), "A clerk who mutters bastard and shit at the counter.")
    assert (bad["value"], bad["fails"]) == (2, True)
    assert bad["detail"] == "bastard (abuse); shit (obscene)"
    assert bad["score"] == pytest.approx(1 / 3)
    coarse = judged(Toxicity(), "A clerk who says shit when the server is down.")
    assert (coarse["value"], coarse["fails"]) == (1, False)
    assert judged(Toxicity(max_severity=0), "A clerk who says shit.")["fails"]
    good = judged(Toxicity(), "A clerk in Jorhat.")
    assert (good["value"], good["score"], good["fails"], good["detail"]) == (0, 1, False, "")


def test_evidence_on_a_row_does_not_depend_on_its_neighbours() -> None:
    texts = ["saale chamar", "A clerk.", "f*ck this", "", "चमार टोला"] * 3
    whole = evidence_on([row(one) for one in texts], [Toxicity()])
    assert whole == [evidence_on([row(one)], [Toxicity()])[0] for one in texts]


def test_words_of_the_recipe_add_and_replace() -> None:
    words = (ToxicWord(word="gobarganesh"), ToxicWord(word="idiot", severity=3))
    assert not judged(Toxicity(), "A gobarganesh of a clerk.")["fails"]
    assert judged(Toxicity(words=words), "A gobarganesh of a clerk.")["fails"]
    assert judged(Toxicity(words=words), "An idiot.")["value"] == 3
    dropped = (ToxicWord(word="douche", kind=None, severity=0, sense="never"),)
    assert not judged(Toxicity(words=dropped), "a douche")["fails"]


def test_a_list_of_the_user_is_read_and_counts_by_what_it_holds(tmp_path: Path) -> None:
    plain, table = tmp_path / "words.txt", tmp_path / "words.csv"
    plain.write_text("gobarganesh\n\nnikamme log\n", encoding="utf-8")
    table.write_text("word,kind,severity\ngobarganesh,abuse,2\nnikamme log,,\n", encoding="utf-8")
    assert read_toxic_words(str(plain)) == read_toxic_words(str(table))
    one, other = (Toxicity(word_list=str(path)) for path in (plain, table))
    assert judged(one, "A gobarganesh of a clerk.")["fails"]
    assert one.fingerprint() == other.fingerprint() != Toxicity().fingerprint()
    before = one.fingerprint()
    plain.write_text("something else\n", encoding="utf-8")
    assert one.fingerprint() != before


@pytest.mark.parametrize("content", ["word,severity\nx,9\n", "word,kind\nx,rude\n", "wort\nx\n"])
def test_a_list_that_does_not_fit_is_refused_with_its_line(tmp_path: Path, content: str) -> None:
    path = tmp_path / "words.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SourceError, match="line 2"):
        read_toxic_words(str(path))


def test_a_list_that_is_absent_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        read_toxic_words(str(tmp_path / "none.csv"))


def test_a_classifier_is_an_entry_point_of_an_installed_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A package as a user would write one, installed beside ours."""
    (tmp_path / "shouting.py").write_text(
        "import numpy as np\n"
        "class Says:\n"
        "    def __init__(self, what): self.what = what\n"
        "    def severities(self, texts): return np.array(self.what)\n"
        "class Shouting:\n"
        "    def __init__(self, severity): self.severity = severity\n"
        "    def severities(self, texts):\n"
        "        return np.array([self.severity * t.isupper() for t in texts], np.float32)\n"
    )
    info = tmp_path / "shouting-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: shouting\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[indic_persona_hub.toxicity]\nshouting = shouting:Shouting\nsays = shouting:Says\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    judge = Toxicity(classifier=ClassifierSettings(name="shouting", options={"severity": 2.5}))
    shouted = judged(judge, "A CLERK IN JORHAT")
    assert shouted["fails"] and shouted["value"] == 2.5
    assert judged(judge, "A clerk who is a retard")["value"] == 3
    assert not judged(judge, "A clerk in Jorhat.")["fails"]
    assert judge.fingerprint() != Toxicity().fingerprint()
    with pytest.raises(RecipeError, match="does not take"):
        open_classifier(ClassifierSettings(name="shouting", options={"loud": True}))
    with pytest.raises(RecipeError, match="shouting"):
        open_classifier(ClassifierSettings(name="shoutin"))
    for what in ([], [0, 0], [float("nan")], [4.0], [-1], ["much"]):
        with pytest.raises(RecipeError, match="does not say one number"):
            classified(ClassifierSettings(name="says", options={"what": what}), ["A clerk"])
