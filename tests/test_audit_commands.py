"""`iph audit` and `iph gaps` as a stranger meets them: what is refused and said, and exit codes."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from indic_persona_hub.audit.audit import audit
from indic_persona_hub.audit.coding.coded import Coded
from indic_persona_hub.audit.coding.reading import read_coded
from indic_persona_hub.audit.gaps import FEWEST_ROWS, missing_of
from indic_persona_hub.audit.page.maps import maps
from indic_persona_hub.audit.page.verdicts import CHECKS
from indic_persona_hub.cli.audit_tables import print_audit, print_gaps
from indic_persona_hub.cli.measuring import app
from indic_persona_hub.errors import HubError, RecipeError, SourceError
from indic_persona_hub.release.layout import FORMAT
from indic_persona_hub.run.hub import LEDGER


def write(path: Path, **columns: list[Any]) -> Path:
    pq.write_table(pa.table(columns), path)
    return path


def write_lines(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def workers(path: Path, rows: int) -> Path:
    """People with a state, an age, a sex and work; nothing says in what place they live."""
    return write(
        path,
        state=["Kerala", "Bihar"] * (rows // 2),
        age=[30 + n % 20 for n in range(rows)],
        sex=["male"] * rows,
        occupation=["Farmer"] * rows,
    )


def known(coded: Coded, dimension: str) -> int:
    return int((coded.codes[dimension] >= 0).sum())


def ran(*words: object) -> tuple[int, str, str]:
    """Exit code, standard output and standard error, as `iph` has them."""
    done: Result = CliRunner().invoke(app, list(map(str, words)))
    if isinstance(done.exception, HubError):
        return done.exception.exit_code, done.stdout, str(done.exception)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout, done.stderr


def test_gaps_fall_back_to_attributes_alone_where_no_joint_is_known(tmp_path: Path) -> None:
    found = missing_of(read_coded(workers(tmp_path / "set.parquet", 60)))
    by_table = {one["table"] for one in found.cells}
    assert by_table == {"state", "sex", "age_band", "occupation_division", "work_class"}
    women = next(one for one in found.cells if one["cell"] == {"sex": "female"})
    assert (women["rows_known"], women["observed"], women["deficit"]) == (60, 0, 29)
    assert set(found.unknown) >= {"residence", "religion", "community", "disability"}
    code, out, _ = ran("gaps", tmp_path / "set.parquet")
    assert code == 0
    assert "No row states, so that nobody can be said to be missing: residence," in out


def test_an_attribute_stands_in_its_joints_where_they_are_known(tmp_path: Path) -> None:
    rows = 60
    whole = {"state": ["Bihar"] * rows, "religion": ["Hindu"] * rows}
    found = missing_of(read_coded(write(tmp_path / "set.parquet", **whole)))
    assert {one["table"] for one in found.cells} == {"state_religion"}
    few = whole | {"religion": ["Hindu"] * 29 + [None] * 31}
    found = missing_of(read_coded(write(tmp_path / "set.parquet", **few)))
    assert {one["table"] for one in found.cells} == {"state_religion", "state"}


@pytest.mark.parametrize("rows", [2, FEWEST_ROWS - 1])
def test_too_few_known_rows_make_no_gaps(tmp_path: Path, rows: int) -> None:
    path = write(tmp_path / "set.parquet", persona=["Likes tea."] * 50,
                 sex=["male"] * rows + [None] * (50 - rows))  # fmt: skip
    found = missing_of(read_coded(path))
    assert (found.cells, found.tables, dict(found.too_few)) == ([], 0, {"sex": rows})
    code, out, _ = ran("gaps", path)
    assert code == 0
    assert f"Too few rows known to say who is missing: sex {rows}." in out
    assert "which does not say that nobody is missing" in out
    as_json = ran("gaps", path, "--json")
    assert json.loads(as_json[1]) == []
    assert "Too few rows known" in as_json[2]


@pytest.mark.parametrize(
    "columns",
    [
        {"persona": pa.array([1, 2, 3])},
        {"persona": pa.array(["", " ", None])},
        {"persona": pa.array([], pa.string())},
    ],
)
def test_a_set_without_a_usable_row_is_code_3(tmp_path: Path, columns: dict[str, Any]) -> None:
    path = write(tmp_path / "set.parquet", **columns)
    code, _, said = ran("audit", path, "--out", tmp_path / "out")
    assert code == 3
    assert "has no usable row" in said
    assert json.loads((tmp_path / "out" / "audit.json").read_text("utf-8"))["set"]["rows"] == 0
    code, out, said = ran("gaps", path)
    assert (code, out) == (3, "")
    assert "has no usable row" in said


def test_a_year_that_is_not_projected_is_a_wrong_command_line(tmp_path: Path) -> None:
    path = workers(tmp_path / "set.parquet", 2)
    for words in (("audit", path, "--out", tmp_path / "out"), ("gaps", path)):
        code, _, said = ran(*words, "--year", "1999")
        assert code == 2
        assert "Use a year from 2011 to 2036." in said


def test_rows_cut_off_or_not_utf8_further_on_are_refused_and_counted(tmp_path: Path) -> None:
    told = json.dumps({"text": "A man in Goa."}).encode()
    path = tmp_path / "set.jsonl"
    path.write_bytes(told + b'\n{"text": "caf\xe9"}\n[1]\n' + told + b'\n{"text": "A wo')
    found = audit(path)["set"]
    assert (found["rows"], found["rejected"]) == (2, {"invalid_utf8": 1, "not_json": 2})


@pytest.mark.parametrize("ending", [".parquet", ".jsonl"])
def test_columns_without_a_text_may_have_any_name(tmp_path: Path, ending: str) -> None:
    columns: dict[str, list[Any]] = {"home_state": ["Goa", "Bihar", None], "years": [34, 40, 7]}
    if ending == ".parquet":
        path = write(tmp_path / "set.parquet", **columns)
    else:
        rows = zip(*columns.values(), strict=True)
        path = write_lines(
            tmp_path / "set.jsonl", *(dict(zip(columns, r, strict=True)) for r in rows)
        )
    coded = read_coded(path, fields={"state": "home_state", "age": "years"})
    assert (known(coded, "state"), known(coded, "age_band"), coded.rows) == (2, 3, 3)
    assert coded.attributes["state"].origins == {"column": 2}


@pytest.mark.parametrize("ending", [".parquet", ".jsonl"])
@pytest.mark.parametrize("ours", ["persona", "state", "disability"])
def test_a_mapped_column_that_is_not_there_is_an_error(
    tmp_path: Path, ours: str, ending: str
) -> None:
    row = {"text": "Likes tea.", "home_state": "Goa"}
    if ending == ".parquet":
        path = write(tmp_path / "set.parquet", **{name: [value] for name, value in row.items()})
    else:
        path = write_lines(tmp_path / "set.jsonl", row, row)
    with pytest.raises(
        SourceError, match="no column 'home_stat'; the nearest are: home_state"
    ) as e:
        read_coded(path, fields={"persona": "text", ours: "home_stat"})
    assert f"--map {ours}=home_state" in e.value.cure


def test_a_key_that_only_a_late_row_has_is_found(tmp_path: Path) -> None:
    rows = [{"text": f"Likes tea {n}."} for n in range(1_500)]
    path = write_lines(tmp_path / "set.jsonl", *rows, {"text": "Runs.", "about": {"home": "Goa"}})
    assert known(read_coded(path, fields={"state": "about.home"}), "state") == 1


def test_fields_go_by_their_usual_names_too(tmp_path: Path) -> None:
    path = write(tmp_path / "set.parquet", text=["Likes tea."], sx=["F"], years=["25-34"])
    coded = read_coded(path, fields={"sex": "sx", "age_band": "years"})
    assert (known(coded, "sex"), known(coded, "age_band")) == (1, 1)
    with pytest.raises(RecipeError, match=r"no field 'sexx'; did you mean 'sex'\? Fields are"):
        read_coded(path, fields={"sexx": "sx"})
    with pytest.raises(RecipeError, match="'gender' is given twice, once as 'sex'"):
        read_coded(path, fields={"gender": "sx", "sex": "years"})


def test_a_folder_that_holds_a_release_names_it(tmp_path: Path) -> None:
    """Such as `iph curate --out` leaves it; all files below it are no set."""
    (tmp_path / "hub").mkdir()
    (tmp_path / "hub" / LEDGER).touch()
    (tmp_path / "release").mkdir()
    (tmp_path / "release" / "manifest.json").write_text(json.dumps({"format": FORMAT}))
    write(tmp_path / "release" / "part.parquet", persona=["Likes tea."])
    with pytest.raises(SourceError, match="holds release and hub") as raised:
        read_coded(tmp_path)
    assert raised.value.cure == f"Give {tmp_path / 'release'}."


def test_tables_of_which_nothing_is_known_are_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    print_audit(audit(workers(tmp_path / "set.parquet", 20)))
    out = capsys.readouterr().out
    assert "\nNothing known of: residence, language, religion, community, " in out
    assert not any(line.startswith("religion") for line in out.splitlines())
    assert len([line for line in out.splitlines() if line.startswith("state ")]) == 1


def test_every_check_of_stewardship_has_a_line_of_verdict_where_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = audit(workers(tmp_path / "set.parquet", 20))
    print_audit(found)
    assert "Stock imagery:" not in capsys.readouterr().out
    print_audit(found, verdicts=True)
    out = capsys.readouterr().out
    assert len(CHECKS) == len(found["stewardship"]["verdicts"])
    for check, name in CHECKS.items():
        assert f"\n{name}: {found['stewardship']['verdicts'][check]}.\n" in out


def test_lists_are_asked_for_by_the_command(tmp_path: Path) -> None:
    lists = tmp_path / "lists.jsonl"
    lists.write_text(json.dumps({"identity": "Muslim", "attribute": "butcher"}) + "\n", "utf-8")
    path = write(tmp_path / "set.parquet", persona=["A Muslim butcher.", "A clerk."] * 4)
    done = CliRunner().invoke(
        app, ["audit", str(path), "--out", str(tmp_path / "out"), "--lists", str(lists)]
    )
    assert done.exit_code == 0, done.output
    assert "Published stereotypes: too few rows." in done.stdout


def test_a_row_of_a_table_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    long = "Uttar Pradesh, rural, female, Skilled Agricultural, Forestry and Fishery Workers"
    name = "state_residence_sex_occupation_division"
    numbers = {"rows_known": 9_999_999, "observed": 1_000, "wanted": 2_000, "deficit": 1_000}
    print_gaps([{"label": long, "table": name, **numbers}])
    _, line = capsys.readouterr().out.splitlines()
    assert line.startswith(long) and line.endswith("1,000")


def test_two_letter_codes_are_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    explained = "Two-letter codes are read only beside a district"
    print_audit(audit(write(tmp_path / "a.parquet", text=["Runs."] * 2, state=["TN", "Kerala"])))
    assert explained in capsys.readouterr().out
    print_audit(audit(write(tmp_path / "b.parquet", text=["Runs."] * 2, state=["Atlantis", "Goa"])))
    assert explained not in capsys.readouterr().out


def test_the_map_counts_units_that_have_none_as_having_fewer(tmp_path: Path) -> None:
    found = audit(write(tmp_path / "set.parquet", state=["Bihar"] * 60 + ["Goa"] * 40))
    assert "More rows than expected in 2 of 36 units, fewer in 34, of which 34 have none." in str(
        maps(found)
    )


def test_an_error_has_one_full_stop() -> None:
    assert HubError("did you mean 'state'?.", cure="").message == "did you mean 'state'?"
    assert HubError("It is no Parquet file..", cure="").message == "It is no Parquet file."
    assert HubError("It has a, b, ...", cure="").message == "It has a, b, ..."


def test_on_a_terminal_no_bars_but_ours_are_drawn(tmp_path: Path) -> None:
    path = write(tmp_path / "set.parquet", text=["A man in Goa."] * 3)
    leader, follower = pty.openpty()
    iph = str(Path(sys.executable).with_name("iph"))
    with subprocess.Popen(
        [iph, "gaps", str(path)], stdout=subprocess.PIPE, stderr=follower, stdin=follower
    ) as process:
        os.close(follower)
        seen = b""
        try:
            while more := os.read(leader, 4096):
                seen += more
        except OSError:  # how a terminal ends
            pass
    os.close(leader)
    assert process.returncode == 0
    assert b"attributes" in seen
    assert b"UDF" not in seen and b"Scan" not in seen
