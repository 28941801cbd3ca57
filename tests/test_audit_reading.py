"""Sets of every kind as codes: releases and hubs of ours, sets of others, and what is wrong with
them.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from indic_persona_hub.audit.audit import audit, audit_coded, write_audit
from indic_persona_hub.audit.coding.coded import Coded, counted
from indic_persona_hub.audit.coding.informal_work import DOMESTIC, INFORMAL
from indic_persona_hub.audit.coding.parts import Part, joined, part_of
from indic_persona_hub.audit.coding.reading import read_coded
from indic_persona_hub.cli.audit_tables import print_audit
from indic_persona_hub.errors import RecipeError, SourceError, StorageError
from indic_persona_hub.records import ATTRIBUTE, ATTRIBUTES
from indic_persona_hub.reference.dimensions import DIMENSIONS
from indic_persona_hub.release.layout import FORMAT
from indic_persona_hub.release.publish import publish
from indic_persona_hub.run.build import build
from indic_persona_hub.run.curation import curation_recipe
from indic_persona_hub.run.hub import Hub

IPH = str(Path(sys.executable).with_name("iph"))
PEOPLE = (
    ("A {age}-year-old woman farmer from a village in Goa who dries kokum for {own}.", "IN-GA"),
    ("A {age}-year-old cobbler in Chennai, a man who mends sandals for {own}.", "IN-TN"),
    ("A {age}-year-old domestic worker in Mumbai who saves for {own}.", "IN-MH"),
)


def texts(count: int) -> list[str]:
    words = ("lamps", "saplings", "looms", "kites", "ledgers", "drums", "nets", "bricks")
    return [
        PEOPLE[n % 3][0].format(age=20 + n % 50, own=f"{words[n % 8]} and {words[n // 8 % 8]} {n}")
        for n in range(count)
    ]


def write_parquet(path: Path, **columns: list[Any]) -> Path:
    pq.write_table(pa.table(columns), path)
    return path


def value(coded: Coded, dimension: str, row: int) -> str | None:
    code = int(coded.codes[dimension][row])
    return None if code < 0 else DIMENSIONS[dimension].values[code]


def known_of(found: dict[str, Any]) -> dict[str, int]:
    return {name: one["known"] for name, one in found["attributes"].items()}


@pytest.fixture(scope="module")
def curated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hub of 60 texts of which some are told twice, and its release."""
    folder = tmp_path_factory.mktemp("curated")
    once = texts(60)
    path = write_parquet(folder / "set.parquet", persona=[*once, *once[:9]])
    recipe = curation_recipe(path, folder)
    publish(build(recipe), folder / "release", settings=recipe.release)
    return folder


def test_a_text_is_read_for_what_it_states(tmp_path: Path) -> None:
    coded = read_coded(write_parquet(tmp_path / "set.parquet", persona=texts(3)))
    assert coded.rows == 3
    assert [value(coded, "state", row) for row in range(3)] == [one for _, one in PEOPLE]
    assert [value(coded, "sex", row) for row in range(2)] == ["female", "male"]
    assert [value(coded, "age_band", row) for row in range(3)] == ["18-24"] * 3
    assert value(coded, "residence", 0) == "rural"
    assert value(coded, "work_class", 0) == "cultivator"
    assert value(coded, "religion", 0) is None
    assert coded.codes[DOMESTIC].tolist()[2] == 1
    assert coded.codes[INFORMAL].tolist() == [1, 1, 1]


def test_a_hub_and_its_release_say_the_same(curated: Path) -> None:
    """Of the hub the kept rows alone are counted."""
    hub, release = (audit(curated / name) for name in ("hub", "release"))
    assert hub["set"]["rows"] == release["set"]["rows"] == 60
    assert known_of(hub) == known_of(release)
    assert hub["tables"] == release["tables"]
    assert known_of(hub)["state"] == 60


def test_a_release_is_not_read_again_from_its_texts(curated: Path, tmp_path: Path) -> None:
    """What its lines state counts, whatever the texts say."""
    release = tmp_path / "release"
    (release / "detailed").mkdir(parents=True)
    (release / "manifest.json").write_text(json.dumps({"format": FORMAT}))
    stated = {"state": {"value": "IN-KL", "words": "Kochi", "origin": "rule"}}
    lines = [{"persona": texts(1)[0], "attributes": stated}] * 3
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (release / "detailed" / "personas-00000-of-00001.jsonl").write_text(text + "{cut\n[]\n")
    coded = read_coded(release)
    assert [value(coded, "state", row) for row in range(3)] == ["IN-KL"] * 3
    assert (coded.codes["residence"] < 0).all()
    assert coded.rejected == {"not_json": 2}
    assert coded.attributes["state"].origins == Counter(rule=3)


def test_a_hub_without_the_attributes_judge_is_read_from_its_texts(curated: Path) -> None:
    hub = Hub(curated / "hub")
    evidence = hub.path / "evidence" / "attributes"
    before = read_coded(hub.path)
    evidence.rename(evidence.with_name("away"))
    try:
        after = read_coded(hub.path)
    finally:
        evidence.with_name("away").rename(evidence)
    for name in DIMENSIONS:
        np.testing.assert_array_equal(np.sort(after.codes[name]), np.sort(before.codes[name]))


def test_an_unfinished_hub_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite").touch()
    with pytest.raises(StorageError, match="unfinished"):
        read_coded(tmp_path)


def test_files_folders_and_globs_of_either_kind_give_the_same_codes(tmp_path: Path) -> None:
    told = texts(40)
    write_parquet(tmp_path / "a.parquet", text=told)
    lines = "".join(json.dumps({"text": one}) + "\n" for one in told)
    (tmp_path / "lines").mkdir()
    (tmp_path / "lines" / "b.jsonl").write_text(lines)
    (tmp_path / "c.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    paths = ("a.parquet", "lines", "lines/*.jsonl", "c.jsonl.gz")
    first, *others = (read_coded(tmp_path / path) for path in paths)
    for other in others:
        for name, codes in first.codes.items():
            np.testing.assert_array_equal(other.codes[name], codes)


def test_worker_processes_change_nothing(tmp_path: Path) -> None:
    for number in range(3):
        write_parquet(tmp_path / f"{number}.parquet", persona=texts(20 + number))
    alone, together = (read_coded(tmp_path, workers=workers) for workers in (1, 2))
    assert alone.rows == together.rows == 63
    for name, codes in alone.codes.items():
        np.testing.assert_array_equal(together.codes[name], codes)


def test_columns_are_found_by_map_and_a_missing_one_is_named(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "set.parquet", words=texts(2))
    assert read_coded(path, fields={"persona": "words"}).rows == 2
    with pytest.raises(SourceError, match="has no column 'persona'"):
        read_coded(path)
    with pytest.raises(RecipeError, match="no field 'persna'"):
        read_coded(path, fields={"persna": "words"})
    with pytest.raises(SourceError):
        read_coded(tmp_path / "nothing_here.parquet")


def test_rows_that_cannot_be_used_are_counted_by_their_reason(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "set.parquet", persona=[*texts(2), None, "  ", None])
    found = audit(path)
    assert found["set"] == {
        "path": str(path),
        "fields": {},
        "rows": 2,
        "rejected": {"empty_text": 1, "missing_text": 2},
    }


def test_a_set_without_a_usable_attribute_says_so_and_is_written(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "set.parquet", persona=["Keeps time.", "Likes tea."])
    found = audit(path)
    (alarm,) = found["alarms"]
    assert "nothing can be compared" in alarm["what"]
    files = write_audit(found, tmp_path / "out")
    assert json.loads(files[0].read_text("utf-8")) == found
    assert files[1].read_text("utf-8").startswith("<!doctype html>")
    assert sorted(one.name for one in (tmp_path / "out").iterdir()) == ["audit.json", "report.html"]


def test_cells_of_columns_that_mean_nothing_are_reported_never_guessed(tmp_path: Path) -> None:
    path = write_parquet(
        tmp_path / "set.parquet",
        persona=["Keeps time.", "Likes tea.", "Sings.", "Runs.", "Paints."],
        state=["Atlantis", "Goa", "उत्तर प्रदेश", "Gоa", None],  # the o of the fourth is Cyrillic
        age=["150", "34", "-3", None, "60-74"],
        sex=["F", "Male", "robot", None, "female"],
    )
    found = audit(path)["attributes"]
    assert found["state"]["known"] == 2
    assert found["state"]["origins"] == {"column": 2}
    assert found["state"]["unrecognised"] == {"Atlantis": 1, "Gоa": 1}
    assert found["age_band"]["unrecognised"] == {"-3": 1, "150": 1}
    assert found["gender"]["unrecognised"] == {"robot": 1}
    assert (found["age_band"]["known"], found["gender"]["known"]) == (2, 3)


def test_a_row_without_text_counts_where_its_columns_state_something(tmp_path: Path) -> None:
    path = write_parquet(
        tmp_path / "set.parquet", persona=["", None, None], state=["Goa", "Kerala", None]
    )
    coded = read_coded(path)
    assert [value(coded, "state", row) for row in range(coded.rows)] == ["IN-GA", "IN-KL"]
    assert coded.rejected == {"missing_text": 1}


def attribute(*values: str | None) -> pa.Array:
    rows = [one and {"value": one, "words": one, "origin": "rule"} for one in values]
    return pa.array(rows, ATTRIBUTE)


def test_a_value_outside_the_census_is_known_and_has_no_code() -> None:
    part = part_of({"gender": attribute("female", "transgender", None)}, 3)
    assert part.codes["sex"].tolist() == [0, -1, -1]
    assert part.attributes["gender"].rows == 2
    assert part.attributes["gender"].unrecognised == Counter(transgender=1)
    assert all(part.attributes[name].rows == 0 for name in ATTRIBUTES if name != "gender")


def test_an_infant_has_no_schooling_to_be_counted() -> None:
    told = {"education": attribute("illiterate", "illiterate"), "age_band": attribute("0-5", "75+")}
    part = part_of(told, 2)
    assert part.codes["literacy"].tolist() == [-1, 1]
    assert part.codes["education"].tolist() == [-1, 0]


def test_parts_join_in_their_order() -> None:
    whole = joined(part_of({"gender": attribute(one)}, 1) for one in ("male", None, "female"))
    assert whole.codes["sex"].tolist() == [1, -1, 0]
    assert joined([Part(), Part()]).rows == 0


def test_counting_by_blocks_counts_every_known_row_once() -> None:
    rows = (1 << 20) + 12_345
    chance = np.random.default_rng(1)
    sex = chance.integers(-1, 2, rows).astype(np.int16)
    residence = chance.integers(-1, 2, rows).astype(np.int16)
    found = counted(Coded(rows, {"sex": sex, "residence": residence}), ("sex", "residence"))
    for x in range(2):
        for r in range(2):
            assert found[x, r] == ((sex == x) & (residence == r)).sum()


def iph(*words: object, code: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([IPH, *map(str, words)], capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done


def test_the_command_writes_both_files_and_prints_the_tables(curated: Path, tmp_path: Path) -> None:
    done = iph("audit", curated / "set.parquet", "--out", tmp_path / "out")
    assert "state_residence_sex_age" in done.stdout
    assert "69 rows, 0 refused." in done.stdout
    assert "report.html" in done.stdout
    found = json.loads((tmp_path / "out" / "audit.json").read_text("utf-8"))
    again = audit_coded(read_coded(curated / "set.parquet"), str(curated / "set.parquet"))
    assert found == again


def test_what_stands_in_a_cell_steers_neither_page_nor_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile = ["<script>alert(1)</script>", "\x1b[2JGoa", "Goa"]
    path = write_parquet(tmp_path / "set.parquet", text=["Likes tea."] * 3, state=hostile)
    found = audit(path)
    write_audit(found, tmp_path / "out")
    print_audit(found)
    printed = capsys.readouterr().out
    assert "state, values without a code: " in printed
    assert "\x1b" not in printed
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert page.count("<script") == 1
    assert "&lt;script&gt;alert(1)&lt;/script&gt; (1)" in page
    assert "\x1b" not in page


def test_a_set_of_columns_alone_is_audited(tmp_path: Path) -> None:
    """Neither does a column that has to stand for the text become one."""
    path = write_parquet(tmp_path / "set.parquet", state=["Delhi", "Goa", None], age=[34, 150, 7])
    coded = read_coded(path)
    assert [value(coded, "state", row) for row in range(3)] == ["IN-DL", "IN-GA", None]
    assert [value(coded, "age_band", row) for row in range(3)] == ["25-34", None, "6-12"]
    assert (coded.codes["residence"] < 0).all()
    assert coded.attributes["state"].origins == Counter(column=2)


@pytest.mark.parametrize(
    ("name", "content", "said", "cure"),
    [
        ("cut.parquet", b"PAR1", "cannot be read", "write it again"),
        ("empty.jsonl", b"", "is empty", "Check the path"),
        ("list.jsonl", b"[1, 2]\n", "but a list", "one object a line"),
        ("old.jsonl", b'{"text": "caf\xe9"}\n', "is not UTF-8", "as UTF-8"),
        ("wide.jsonl", '{"text": "x"}\n'.encode("utf-16"), "is not UTF-8", "as UTF-8"),
        ("other.jsonl", b'{"foo": "x"}\n', "no column 'persona'", "--map persona="),
        ("set.csv", b"text\nx\n", "neither Parquet nor JSONL", "one object a line"),
    ],
)
def test_a_file_that_is_no_set_names_its_cure(
    tmp_path: Path, name: str, content: bytes, said: str, cure: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=said) as raised:
        audit(tmp_path / name)
    assert cure in raised.value.cure


def test_nothing_half_written_is_left(tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "report.html").mkdir(parents=True)  # where the page should go
    (out / "report.html" / "mine").touch()
    with pytest.raises(StorageError):
        write_audit(audit_coded(Coded(0, {}), "set"), out)
    assert not [one.name for one in out.iterdir() if one.suffix == ".tmp"]


def test_gaps_are_listed_as_a_table_and_as_json(curated: Path) -> None:
    table = iph("gaps", curated / "release").stdout
    assert "missing" in table.splitlines()[0]
    found = json.loads(iph("gaps", curated / "release", "--json").stdout)
    assert set(found[0]) >= {"table", "cell", "label", "observed", "wanted", "deficit"}
    assert iph("gaps", curated / "nowhere", code=3).stderr.startswith("iph: ")
