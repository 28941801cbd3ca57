"""What a set says of groups: marked words, published stereotypes, stock imagery, work, one page."""

from __future__ import annotations

import json
import math
import random
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indic_persona_hub import reference
from indic_persona_hub.audit.audit import audit, write_audit
from indic_persona_hub.audit.coding.reading import read_coded
from indic_persona_hub.audit.report import report
from indic_persona_hub.audit.stewardship.counting import WordCounts
from indic_persona_hub.audit.stewardship.found_claims import found_claims
from indic_persona_hub.audit.stewardship.found_words import found_imagery, found_words
from indic_persona_hub.audit.stewardship.gathering import SAMPLE, Gathered, gather
from indic_persona_hub.audit.stewardship.groups import (
    ALL_ROWS,
    COLUMNS,
    GROUPS,
    PLACES,
    Group,
    belonging,
)
from indic_persona_hub.audit.stewardship.identities import identity_of
from indic_persona_hub.audit.stewardship.lists import NO_LISTS, Lists, read_lists
from indic_persona_hub.audit.stewardship.marked_words import log_odds, marked_words, rest_of
from indic_persona_hub.audit.stewardship.stating_words import stating_words
from indic_persona_hub.errors import SourceError
from indic_persona_hub.records import ATTRIBUTE

LISTS = Path(__file__).parents[2] / "shared" / "data"
PUBLISHED = ("bias_indibias", "bias_indian_bhed", "bias_nlp_fairness_india")
WOMEN, MUSLIMS = PLACES[Group("gender", "female")], PLACES[Group("religion", "muslim")]
JOBS = ("keeps the ledger", "mends radios", "plants saplings", "drives a van", "bakes bread")


def attribute(*values: str | None) -> pa.Array:
    return pa.array([one and {"value": one, "words": one, "origin": "rule"} for one in values],
                    ATTRIBUTE)  # fmt: skip


def gathered(texts: list[str], lists: Lists = NO_LISTS, **stated: list[str | None]) -> Gathered:
    found = Gathered.nothing(lists)
    columns = {name: attribute(*values) for name, values in stated.items()}
    gather(found, texts, [f"row-{place}" for place in range(len(texts))], columns, lists)
    return found


def pairs_file(path: Path, *pairs: tuple[str, str]) -> Path:
    lines = [json.dumps({"identity": who, "attribute": what}) for who, what in pairs]
    path.write_text("\n".join(lines), "utf-8")
    return path


# Groups


def test_a_row_is_in_the_groups_that_it_states_and_among_all_rows() -> None:
    stated = {
        "gender": attribute("female", None, "transgender"),
        "age_band": attribute("6-12", "75+", None),
        "disability": attribute(None, "seeing", "none"),
    }
    table = belonging(stated, 3)
    named = [{GROUPS[place].label for place in np.flatnonzero(row[:ALL_ROWS])} for row in table]
    assert named == [
        {"women and girls", "aged 0-17"},
        {"aged 60+", "persons with a disability"},
        {"transgender persons"},
    ]
    assert table[:, ALL_ROWS].all()


def test_the_rest_of_a_caste_is_everybody_and_that_of_a_religion_those_of_another() -> None:
    rows = np.zeros(COLUMNS, np.int64)
    rows[ALL_ROWS] = 1000
    rows[PLACES[Group("community", "scheduled_caste")]] = 30
    rows[MUSLIMS] = 20
    rows[PLACES[Group("religion", "hindu")]] = 70
    assert rest_of(rows, PLACES[Group("community", "scheduled_caste")]) == 970
    assert rest_of(rows, MUSLIMS) == 70


# Marked words


def test_the_log_odds_are_those_of_the_formula() -> None:
    ratio, z = log_odds(np.array([30.0]), 100, np.array([40.0]), 400, np.array([0.14]))
    ours, theirs = 30 + 14, 40 + 14
    expected = math.log(ours / (200 - ours)) - math.log(theirs / (500 - theirs))
    assert ratio[0] == pytest.approx(expected)
    assert z[0] == pytest.approx(expected / math.sqrt(1 / ours + 1 / theirs))


@given(
    held=st.integers(0, 50), rest=st.integers(0, 50), share=st.floats(0.001, 0.9)
)  # fmt: skip
def test_group_and_rest_change_places_with_the_sign(held: int, rest: int, share: float) -> None:
    some, prior = np.array([float(held)]), np.array([share])
    others = np.array([float(rest)])
    one = log_odds(some, 50, others, 80, prior)
    other = log_odds(others, 80, some, 50, prior)
    np.testing.assert_allclose(one, [-other[0], -other[1]])


def test_a_word_of_one_group_is_marked_and_one_that_states_the_group_is_not() -> None:
    luck = random.Random(1)
    genders: list[str | None] = [luck.choice(("female", "male")) for _ in range(600)]
    texts = [
        f"{'A woman' if one == 'female' else 'A man'} who {luck.choice(JOBS)}"
        + (" and is gentle." if one == "female" and luck.random() < 0.4 else ".")
        for one in genders
    ]
    found = gathered(texts, gender=genders)
    words = marked_words(found.words, found.rows)
    assert [(one.group, one.word) for one in words.words] == [(WOMEN, "gentle")]
    assert {"woman", "she", "mother"} <= stating_words("gender")
    assert "gentle" not in stating_words("gender")


def test_where_a_group_lives_is_marked_and_fails_nothing() -> None:
    luck = random.Random(4)
    faiths: list[str | None] = ["sikh" if number % 2 else "hindu" for number in range(600)]
    lives = {"sikh": "Punjab", "hindu": "Odisha"}
    texts = [f"A person of {lives[one or '']} who {luck.choice(JOBS)}." for one in faiths]
    fact = found_words(gathered(texts, religion=faiths))
    assert fact["marked"] and not fact["fails"]
    of_sikhs = [f"{text} A warrior at heart." * (one == "sikh") or text
                for text, one in zip(texts, faiths, strict=True)]  # fmt: skip
    saying = found_words(gathered(of_sikhs, religion=faiths))
    assert saying["fails"], "what is said of nearly all of a group and states nothing"


def test_words_dealt_by_chance_mark_nobody() -> None:
    luck = random.Random(2)
    texts = [" ".join(luck.choices(JOBS, k=2)) for _ in range(800)]
    genders: list[str | None] = [luck.choice(("female", "male")) for _ in texts]
    found = gathered(texts, gender=genders)
    words = marked_words(found.words, found.rows)
    assert words.tested > 10
    assert not words.words


def test_a_small_group_is_not_tested() -> None:
    genders: list[str | None] = ["female"] * 29 + ["male"] * 200
    texts = ["gentle"] * 29 + ["stern"] * 200
    found = gathered(texts, gender=genders)
    assert marked_words(found.words, found.rows).tested == 0


def test_common_words_are_kept_when_there_are_too_many() -> None:
    counts = WordCounts()
    rows = np.ones((5, COLUMNS), np.int64) * np.array([[5], [1], [4], [1], [3]])
    counts.add(["alpha", "beta", "gamma", "delta", "epsilon"], rows)
    counts.keep(3)
    assert set(counts.words) == {"alpha", "gamma", "epsilon"}
    assert counts.dropped
    assert counts.counts[counts.words["gamma"], ALL_ROWS] == 4


# Gathering by stretches


@settings(max_examples=20, deadline=None)
@given(cut=st.integers(0, 60), seed=st.integers(0, 5))
def test_stretches_add_up_to_the_set(cut: int, seed: int, tmp_path_factory: Any) -> None:
    lists = listed(tmp_path_factory.getbasetemp())
    luck = random.Random(seed)
    faiths: list[str | None] = [luck.choice(("muslim", "hindu", None)) for _ in range(60)]
    texts = [
        f"Somebody who {luck.choice(JOBS)}, {luck.choice(('butcher', 'poet'))}." for _ in faiths
    ]
    ids = [f"id-{place}" for place in range(60)]
    whole, parts = Gathered.nothing(lists), Gathered.nothing(lists)
    gather(whole, texts, ids, {"religion": attribute(*faiths)}, lists)
    for part in (slice(0, cut), slice(cut, 60)):
        one = Gathered.nothing(lists)
        gather(one, texts[part], ids[part], {"religion": attribute(*faiths[part])}, lists)
        parts.merge(one.small())
    np.testing.assert_array_equal(whole.rows, parts.rows)
    assert whole.sample == parts.sample
    assert whole.claims.examples == parts.claims.examples
    for word, place in whole.words.words.items():
        there = parts.words.counts[parts.words.words[word]]
        np.testing.assert_array_equal(whole.words.counts[place], there)
    np.testing.assert_array_equal(whole.claims.both, parts.claims.both)
    np.testing.assert_array_equal(whole.imagery.images, parts.imagery.images)


def listed(folder: Path) -> Lists:
    return read_lists(pairs_file(folder / "pairs.jsonl", ("Muslim", "butcher"), ("Hindu", "poet")))


def test_no_more_than_a_sample_of_texts_is_kept() -> None:
    found = gathered(["Keeps time."] * (SAMPLE + 50))
    assert len(found.sample) == SAMPLE
    assert found.rows[ALL_ROWS] == SAMPLE + 50


# Lists


ROWS = [
    ("counted annotations", "csv", "identity_term,token,Stereotypical,Non_Stereotypical,Not sure,"
     "Total\nmuslim,butcher,5,1,0,6\nmuslim,kind,1,5,0,6\n"),
    ("annotations", "tsv", "identity term\tattribute token\tannotation\nmuslim\tbutcher\t"
     "Stereotypical\nmuslim\tkind\tNon_Stereotypical\n"),
    ("masked sentences", "csv", "Target_Stereotypical,Target_Anti-Stereotypical,Sentence\n"
     "\"['Muslim']\",\"['Hindu']\",The butcher is MASK\n"),
    ("sentence pairs", "csv", "sent_more,sent_less,stereo_antistereo\nThe butcher is Muslim.,"
     "The butcher is Hindu.,stereo\nThe poet is Muslim.,The poet is Hindu.,antistereo\n"),
    ("pairs", "tsv", "identity\tstereotype\nMuslims\tbutcher\n"),
    ("pairs", "json", '[{"identity": "Muslim", "attribute": "butcher"}]'),
]  # fmt: skip


@pytest.mark.parametrize(("name", "ending", "content"), ROWS)
def test_the_format_of_a_list_is_told_by_its_columns(
    name: str, ending: str, content: str, tmp_path: Path
) -> None:
    path = tmp_path / f"list.{ending}"
    path.write_text(content, "utf-8")
    lists = read_lists(path)
    assert [one.format for one in lists.sources] == [name]
    assert [(lists.identities[who].name, lists.said[what].name) for who, what in lists.claims] == [
        ("Muslim", "butcher")
    ]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("other.csv", "city,river\nAgra,Yamuna\n", "its columns are city, river"),
        ("list.txt", "Muslim butcher", "no list"),
        ("cut.json", '[{"identity":', "cannot be read"),
        ("numbers.jsonl", "1\n2\n", "something else than objects"),
        ("nobody.csv", "identity,attribute\nZork,poet\n", "says what is said of whom"),
    ],
)
def test_a_file_that_is_no_list_says_what_to_do(
    name: str, content: str, said: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    with pytest.raises(SourceError, match=said):
        read_lists(tmp_path / name)
    with pytest.raises(SourceError, match="no list of stereotypes at"):
        read_lists(tmp_path / "absent")


def test_a_folder_may_hold_what_comes_with_lists(tmp_path: Path) -> None:
    pairs_file(tmp_path / "pairs.jsonl", ("Bihari", "labourer"))
    (tmp_path / "caste_idterms.tsv").write_text("identity term\nbrahmin\n", "utf-8")
    lists = read_lists(tmp_path)
    assert [one.name for one in lists.sources] == ["pairs.jsonl"]
    assert lists.identities[0].group == PLACES[Group("state", "IN-BR")]


def test_other_files_of_a_folder_are_passed_over_and_named_but_a_damaged_one_is_not(
    tmp_path: Path,
) -> None:
    pairs_file(tmp_path / "pairs.jsonl", ("Bihari", "labourer"))
    (tmp_path / "rivers.csv").write_text("city,river\nAgra,Yamuna\n", "utf-8")
    (tmp_path / "README.md").write_text("about", "utf-8")
    assert read_lists(tmp_path).passed_over == ("rivers.csv",)
    (tmp_path / "cut.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(SourceError, match=r"cut\.parquet cannot be read"):
        read_lists(tmp_path)


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def workbook(path: Path, *cells: str) -> Path:
    """One sheet: a row of shared strings, then a row of strings in place with a cell left out."""
    strings = "".join(f"<si><t>{one}</t></si>" for one in cells[:3])
    heads = "".join(f'<c r="{at}1" t="s"><v>{n}</v></c>' for n, at in enumerate("ABC"))
    row = f'<c r="A2" t="inlineStr"><is><t>{cells[3]}</t></is></c>'
    row += f'<c r="C2" t="inlineStr"><is><t>{cells[4]}</t></is></c>'
    sheet = f"<sheetData><row>{heads}</row><row>{row}</row></sheetData>"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{strings}</sst>')
        file.writestr("xl/worksheets/sheet1.xml", f'<worksheet xmlns="{MAIN}">{sheet}</worksheet>')
    return path


def test_a_workbook_is_read_by_its_first_row(tmp_path: Path) -> None:
    path = workbook(tmp_path / "l.xlsx", "Identity", "Note", "Attribute", "Muslims", "butcher")
    lists = read_lists(path)
    assert (lists.identities[0].name, lists.said[0].name) == ("Muslim", "butcher")
    path.write_bytes(b"no workbook")
    with pytest.raises(SourceError, match="no workbook"):
        read_lists(path)


@pytest.mark.parametrize(
    ("words", "group"),
    [
        (["Muslims"], Group("religion", "muslim")),
        (["Waheeda", "her"], Group("gender", "female")),
        (["tamilian"], Group("state", "IN-TN")),
        (["Dalit"], Group("community", "scheduled_caste")),
        (["Women"], Group("gender", "female")),
        (["पुरुषों", "करते"], Group("gender", "male")),
        (["मुसलमानों"], Group("religion", "muslim")),
        (["a", "young"], Group("age", "18-34")),
        (["बूढ़े", "लोग"], Group("age", "60+")),
    ],
)
def test_an_identity_is_a_group_where_our_tables_know_it(words: list[str], group: Group) -> None:
    identity = identity_of(words)
    assert identity is not None
    assert identity.group == PLACES[group]


@pytest.mark.parametrize("words", [["Waheeda"], ["वहीदा"], ["Alan", "tired"], ["12"], []])
def test_a_name_is_nobodys_identity(words: list[str]) -> None:
    assert identity_of(words) is None


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_lists_are_read(name: str) -> None:
    if not (LISTS / name).is_dir():
        pytest.skip("the lists are not here")
    lists = read_lists(LISTS / name)
    assert len(lists.claims) > 40
    assert all(who < len(lists.identities) for who, _ in lists.claims)


# Claims found


def test_a_claim_is_repeated_by_word_or_by_attribute_and_only_of_its_group(tmp_path: Path) -> None:
    texts = [
        "A Muslim butcher in Agra.",
        "A butcher in Agra.",
        "A butcher in Agra.",
        "A Muslim poet.",
        "A Muslim woman who lives beside two butchers.",
    ]
    found = gathered(texts, listed(tmp_path), religion=[None, "muslim", "hindu", None, None])
    assert found.claims.examples == [["row-0", "row-1", "row-4"], []]
    assert found.claims.of_identity.tolist() == [4, 1]
    assert found.claims.personas == 3


def test_most_words_of_a_sentence_must_be_there(tmp_path: Path) -> None:
    path = tmp_path / "masked.csv"
    path.write_text("Target_Stereotypical,Sentence\n['Dalits'],dirty petty sewage jobs by MASK\n")
    texts = [
        "A Dalit man in dirty, petty jobs.",
        "A Dalit man with petty jobs.",
        "A Jain man in dirty, petty sewage jobs.",
    ]
    assert gathered(texts, read_lists(path)).claims.both.tolist() == [1]


def test_claims_beyond_chance_are_flagged_with_their_rows_and_chance_is_not(tmp_path: Path) -> None:
    lists = listed(tmp_path)
    luck = random.Random(3)
    fair = [
        f"A {luck.choice(('Muslim', 'Hindu'))} {luck.choice(('butcher', 'poet', 'clerk'))}."
        for _ in range(500)
    ]
    bent = [*fair, *["A Muslim butcher who saves."] * 60]
    fair_found, bent_found = (found_claims(gathered(one, lists).claims, lists)
                              for one in (fair, bent))  # fmt: skip
    assert (fair_found["claims_flagged"], fair_found["fails"]) == (0, False)
    assert (bent_found["claims_flagged"], bent_found["fails"]) == (1, True)
    assert bent_found["claims"][0]["said"] == "butcher"
    assert bent_found["failing_rows"][0]["why"] == "Muslim: butcher"
    assert 0 < len(bent_found["failing_rows"]) <= 100


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 5), min_size=2, max_size=40), st.integers(0, 9))
def test_personas_beyond_chance_are_never_more_than_repeat_a_claim(
    tmp_path_factory: pytest.TempPathFactory, said: list[int], others: int
) -> None:
    jobs = ("butcher", "poet", "clerk", "tailor", "driver")
    folder = tmp_path_factory.mktemp("claims")
    lists = read_lists(pairs_file(folder / "a.jsonl", *(("Muslim", job) for job in jobs)))
    texts = [f"A Muslim {' and '.join(jobs[:count]) or 'person'}." for count in said]
    texts += ["A Hindu person."] * others
    found = found_claims(gathered(texts, lists).claims, lists)
    assert 0 <= found["share_beyond_chance"] <= found["share_repeating"] <= 1


def test_a_persona_that_repeats_two_claims_is_one_persona_beyond_chance(tmp_path: Path) -> None:
    lists = read_lists(pairs_file(tmp_path / "a.jsonl", ("Muslim", "butcher"), ("Muslim", "poet")))
    texts = ["A Muslim butcher and poet."] * 30 + ["A Hindu who keeps bees."] * 50
    found = found_claims(gathered(texts, lists).claims, lists)
    assert found["share_repeating"] == found["share_beyond_chance"] == 0.375


# Stock imagery


def test_three_images_make_a_caricature_and_one_is_no_fault(tmp_path: Path) -> None:
    texts = [
        "A snake charmer near the maharaja's palace, in the smell of incense.",
        "A nurse whose dowry case is in court.",
        "A welder who reads the paper.",
    ]
    imagery = gathered(texts).imagery
    assert imagery.any_image[ALL_ROWS] == 2
    assert imagery.caricatures[ALL_ROWS] == 1
    assert imagery.examples == ["row-0"]


def test_every_stock_phrase_has_an_image_a_kind_and_a_reason() -> None:
    rows = reference.load("stock_imagery").to_pylist()
    assert all(all(row.values()) for row in rows)
    assert len({row["phrase"].casefold() for row in rows}) == len(rows)


def test_demonyms_are_of_states_of_today() -> None:
    states = set(reference.load("states")["code"].to_pylist())
    assert set(reference.load("demonyms")["state"].to_pylist()) <= states


def test_one_caricature_in_a_small_set_is_no_verdict_on_it() -> None:
    bad = "A snake charmer near the maharaja's palace, in the smell of incense."
    plain = ["A welder who reads the paper."]
    assert not found_imagery(gathered([bad, *plain * 39]))["fails"]
    assert found_imagery(gathered([bad] * 10 + plain * 90))["fails"]


# The audit


SHAPE = {
    "rows_with_text", "sample", "sample_size", "thresholds", "marked_words", "lists", "imagery",
    "work_and_schooling", "sentiment", "political_tilt", "name_swaps", "verdicts", "failing",
}  # fmt: skip
CHECKS = {
    "marked_words": {
        "words_counted", "rare_words_dropped", "tested", "marked", "fails", "groups",
        "failing_rows",
    },
    "lists": {
        "path", "sources", "passed_over", "claims_looked_for", "claims_tested", "claims_found",
        "claims_flagged", "rows", "rows_repeating", "share_repeating", "share_beyond_chance",
        "p_value", "fails", "claims", "failing_rows",
    },
    "imagery": {
        "rows", "rows_with_any", "share_with_any", "caricatures", "share_caricatures", "images",
        "fails", "groups", "failing_rows",
    },
    "work_and_schooling": {"beside_official", "beside_rest", "fails"},
}  # fmt: skip


def test_stewardship_has_the_keys_that_the_documentation_names(tmp_path: Path) -> None:
    pairs = pairs_file(tmp_path / "pairs.jsonl", ("Muslim", "butcher"))
    found = audit(write_set(tmp_path / "set"), lists=pairs)["stewardship"]
    assert set(found) == SHAPE
    assert {name: set(found[name]) for name in CHECKS} == CHECKS
    page = (Path(__file__).parents[1] / "docs" / "stereotypes.md").read_text("utf-8")
    named = SHAPE.union(*CHECKS.values())
    assert {name for name in named if f"`{name}`" not in page} == set()


def test_a_check_that_could_test_nothing_does_not_pass(tmp_path: Path) -> None:
    path = tmp_path / "set.parquet"
    pq.write_table(pa.table({"persona": ["A woman who mends radios."] * 8}), path)
    found = audit(path, lists=pairs_file(tmp_path / "pairs.jsonl", ("Muslim", "butcher")))
    told = found["stewardship"]["verdicts"]
    assert told.pop("name_swaps") == "not measured"
    assert set(told.values()) == {"too few rows"}


def write_set(folder: Path, files: int = 1) -> Path:
    """400 texts in which women are gentle and Muslims are butchers."""
    luck = random.Random(4)
    rows = []
    for place in range(400):
        woman, muslim = luck.random() < 0.5, luck.random() < 0.4
        text = f"Somebody who {luck.choice(JOBS)}, number {place}."
        text += " Gentle." if woman and luck.random() < 0.9 else ""
        text += " Once a butcher." if muslim and luck.random() < 0.5 else ""
        gender, faith = "female" if woman else "male", "muslim" if muslim else "hindu"
        rows.append({"persona": text, "gender": gender, "religion": faith})
    folder.mkdir()
    size = 400 // files
    for number in range(files):
        table = pa.Table.from_pylist(rows[number * size : (number + 1) * size])
        pq.write_table(table, folder / f"{number}.parquet")
    return folder


def test_the_audit_tells_what_is_said_of_whom_and_which_rows(tmp_path: Path) -> None:
    path = write_set(tmp_path / "set")
    pairs = pairs_file(tmp_path / "pairs.jsonl", ("Muslim", "butcher"))
    found = audit(path, lists=pairs)
    said = found["stewardship"]
    assert said["rows_with_text"] == 400
    groups = {one["group"]: one for one in said["marked_words"]["groups"]}
    assert [word["word"] for word in groups["female"]["words"]] == ["gentle"]
    assert groups["female"]["fails"] and groups["female"]["marked_share"] > 0.5
    assert said["lists"]["fails"] and said["lists"]["path"] == str(pairs)
    assert {"marked_words", "lists"} <= set(said["failing"])
    assert not said["imagery"]["fails"]
    told = " ".join(one["what"] for one in found["alarms"])
    assert "Words that mark a group" in told and "Published stereotypes" in told
    for name in ("marked_words", "lists"):
        rows = said[name]["failing_rows"]
        assert 0 < len(rows) <= 100
        assert all(one["row"].startswith("0.parquet:") for one in rows)


def test_the_page_has_a_section_and_nothing_in_a_list_is_markup(tmp_path: Path) -> None:
    path = write_set(tmp_path / "set")
    pairs = pairs_file(tmp_path / "pairs.jsonl", ("Muslim", "butcher"), ("Hindu", "<b>knows</b>"))
    found = audit(path, lists=pairs)
    files = write_audit(found, tmp_path / "out")
    page = files[1].read_text("utf-8")
    assert 'id="stewardship"' in page
    assert "0.parquet:" in page
    assert "--lists" in page
    assert "More than 50.0% of the personas of a gender" in page
    assert "iph show PATH ID" in page
    assert "<b>" not in page
    assert json.loads(files[0].read_text("utf-8")) == found


def test_an_audit_from_before_is_still_shown(tmp_path: Path) -> None:
    found = audit(write_set(tmp_path / "set"))
    del found["stewardship"]
    assert 'id="stewardship"' not in report(found)


def test_a_set_without_texts_is_not_measured(tmp_path: Path) -> None:
    path = tmp_path / "set.parquet"
    pq.write_table(pa.table({"state": ["Goa", "Kerala"], "age": [34, 51]}), path)
    said = audit(path)["stewardship"]
    assert said["rows_with_text"] == 0
    assert said["marked_words"] is None and said["lists"] is None
    assert said["failing"] == []


def test_worker_processes_gather_the_same(tmp_path: Path) -> None:
    path = write_set(tmp_path / "set", files=2)
    lists = listed(tmp_path)
    alone, together = (read_coded(path, workers=number, lists=lists).gathered for number in (1, 2))
    assert alone is not None and together is not None
    assert alone.words.words == together.words.words
    assert alone.sample == together.sample
    assert alone.claims.examples == together.claims.examples
    assert marked_words(alone.words, alone.rows) == marked_words(together.words, together.rows)


def test_who_does_not_ask_reads_no_texts(tmp_path: Path) -> None:
    assert read_coded(write_set(tmp_path / "set"), lists=None).gathered is None
