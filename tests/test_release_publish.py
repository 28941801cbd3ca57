"""A release holds what was kept, all of it, once, in the same bytes every time."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub_factory import HandMade, make_hub
from indic_persona_hub import records
from indic_persona_hub.errors import HubBusyError, ReleaseError, StorageError
from indic_persona_hub.release.kept import count_verdicts, kept_rows
from indic_persona_hub.release.layout import COMPACT, file_rows
from indic_persona_hub.release.publish import Summary, publish
from indic_persona_hub.release.schema import FIELDS, fault, json_schema, schema_bytes
from indic_persona_hub.release.shards import write_pair
from indic_persona_hub.release.verify import verify
from indic_persona_hub.run.hub import Hub, locked, read_file, write_file
from indic_persona_hub.run.settings import ReleaseSettings

GOLDEN = Path(__file__).parent / "golden"
SMALL = ReleaseSettings(title="Personas of a test", rows_per_file=4)


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Hub:
    return make_hub(tmp_path_factory.mktemp("hub") / "hub")


@pytest.fixture(scope="module")
def release(hub: Hub, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish(hub, tmp_path_factory.mktemp("out") / "release", settings=SMALL).path


def lines_of(release: Path) -> list[dict[str, Any]]:
    files = sorted((release / "detailed").iterdir())
    return [json.loads(line) for file in files for line in file.open(encoding="utf-8")]


def bytes_of(release: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(release)): path.read_bytes()
        for path in release.rglob("*")
        if path.is_file()
    }


def test_every_kept_persona_is_there_once_and_no_other(hub: Hub, release: Path) -> None:
    verdicts = hub.read("verdicts")
    kept = sorted(verdicts.filter(verdicts["kept"])["id"].to_pylist())
    assert [line["id"] for line in lines_of(release)] == kept


def test_compact_and_detailed_files_hold_the_same_rows_in_the_same_split(release: Path) -> None:
    compact, detailed = (
        sorted((release / "data").iterdir()),
        sorted((release / "detailed").iterdir()),
    )
    assert [file.name for file in compact] == [f"train-0000{n}-of-00005.parquet" for n in range(5)]
    assert [file.name for file in detailed] == [
        f"personas-0000{n}-of-00005.jsonl" for n in range(5)
    ]
    for table, lines in zip(compact, detailed, strict=True):
        said = [json.loads(line) for line in lines.read_text("utf-8").split("\n")[:-1]]
        assert pq.read_table(table).to_pylist() == [
            {name: line[name] for name in COMPACT.names} for line in said
        ]


def test_a_line_says_all_that_the_hub_knows(hub: Hub, release: Path) -> None:
    personas = {row["id"]: row for row in hub.read("personas").to_pylist()}
    verdicts = {row["id"]: row for row in hub.read("verdicts").to_pylist()}
    attributes = {row["id"]: row for row in hub.read("evidence/attributes").to_pylist()}
    documents = {row["id"]: row for row in hub.read("documents").to_pylist()}
    for line in lines_of(release):
        persona, verdict = personas[line["id"]], verdicts[line["id"]]
        root = persona
        while root["parent_id"]:
            root = personas[root["parent_id"]]
        document = documents[root["document_id"]]
        known = {name: attributes[line["id"]][name] for name in records.ATTRIBUTES}
        assert line == {
            **{name: persona[name] for name in FIELDS if name in persona},
            "domain": verdict["domain"],
            "confidence_score": pytest.approx(verdict["confidence_score"], abs=1e-6),
            "source": document["source"],
            "source_licence": document["licence"],
            "source_url": document["url"],
            "weight": None,
            "attributes": {name: value for name, value in known.items() if value},
        }
        assert list(line) == list(FIELDS)


def test_text_is_written_as_it_is(release: Path) -> None:
    text = "".join(file.read_text("utf-8") for file in (release / "detailed").iterdir())
    assert "नाशिक की एक किसान" in text
    assert "\\u0" not in text


def test_every_line_is_valid_under_the_published_schema(release: Path) -> None:
    schema = json.loads((release / "schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    compact = jsonschema.Draft202012Validator(schema["$defs"]["compact"])
    for line in lines_of(release):
        validator.validate(line)
        compact.validate({name: line[name] for name in COMPACT.names})


def test_schemas_are_those_of_this_format_version() -> None:
    """A change here is a change for every reader: raise `layout.FORMAT_VERSION` with it."""
    assert schema_bytes() == (GOLDEN / "release_schema.json").read_bytes()
    assert f"{COMPACT}\n" == (GOLDEN / "release_compact.txt").read_text("utf-8")


anything = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.integers()),
    st.dictionaries(st.sampled_from([*records.ATTRIBUTES, "x"]), st.none()),
    st.builds(
        lambda name, value, sure: {
            name: {"value": value, "words": "Goa", "origin": "rule", "confidence": sure}
        },
        st.sampled_from(["state", "gender", "occupation_code"]),
        st.sampled_from(["IN-GA", "Goa", "", "6111"]),
        st.sampled_from([0, 0.5, 1.0, 1.5, None]),
    ),
)  # fmt: skip


@given(field=st.sampled_from([*FIELDS, "unknown"]), value=anything, drop=st.booleans())
def test_the_small_check_agrees_with_a_full_validator(field: str, value: Any, drop: bool) -> None:
    line: dict[str, Any] = dict.fromkeys(FIELDS) | {
        "id": records.content_id(["x"]), "persona": "p", "domain": "d", "language": "hin",
        "synth_method": "localise", "confidence_score": 0.5, "model": "m", "model_licence": "l",
        "prompt_hash": "h", "seed": 1, "round": 0, "attributes": {},
    }  # fmt: skip
    assert fault(line, json_schema()) is None
    if drop:
        line.pop(field, None)
    else:
        line[field] = value
    whole = jsonschema.Draft202012Validator(json_schema()).is_valid(line)
    if isinstance(value, float) and not drop and value.is_integer():
        return  # JSON Schema takes 1.0 for an integer; no writer of ours does
    if value != value:
        assert fault(line, json_schema())  # and not a number for a number
        return
    assert (fault(line, json_schema()) is None) == whole


@pytest.fixture(scope="module")
def kept(hub: Hub) -> pa.Table:
    kept, _ = count_verdicts(hub, 2)
    return pa.concat_tables(kept_rows(hub, kept, 0, sum(kept)))


def stretch(tables: list[pa.Table], first: int, rows: int) -> list[pa.Table]:
    """Rows of `tables` from number `first`, in the pieces that they come in."""
    found, at = [], 0
    for table in tables:
        begin, end = max(first - at, 0), min(first + rows - at, table.num_rows)
        if begin < end:
            found.append(table.slice(begin, end - begin))
        at += table.num_rows
    return found


@settings(max_examples=20, deadline=None)
@given(cuts=st.lists(st.integers(0, 17), max_size=6), rows_per_file=st.integers(1, 20))
def test_rows_a_file_are_exact_and_slicing_changes_no_byte(
    kept: pa.Table, cuts: list[int], rows_per_file: int
) -> None:
    rows = kept.num_rows
    places = [0, *sorted(cuts), rows]
    pieces = [kept.slice(at, to - at) for at, to in pairwise(places)]
    with tempfile.TemporaryDirectory() as name:
        for folder, tables in (("whole", [kept]), ("pieces", pieces)):
            seen: list[int] = []
            sizes = file_rows(rows, rows_per_file)
            for number, size in enumerate(sizes):
                write_pair(
                    stretch(tables, sum(sizes[:number]), size),
                    Path(name, folder),
                    number=number,
                    sizes=sizes,
                    seen=lambda group, seen=seen: seen.append(group.num_rows),
                )
            assert sum(seen) == rows
        files = sorted(Path(name, "pieces", "data").iterdir())
        sizes = [pq.read_metadata(file).num_rows for file in files]
        left = [rows % rows_per_file] if rows % rows_per_file else []
        assert sizes == [rows_per_file] * (rows // rows_per_file) + left
        assert bytes_of(Path(name, "whole")) == bytes_of(Path(name, "pieces"))


@pytest.mark.parametrize("stated", [16, 18])
def test_rows_are_never_lost_nor_left_over(kept: pa.Table, tmp_path: Path, stated: int) -> None:
    with pytest.raises(ValueError, match="1 rows are"):
        write_pair([kept], tmp_path, number=0, sizes=[stated], seen=lambda _: None)


@pytest.mark.parametrize("slices", [1, 5])
def test_the_number_of_slices_changes_no_byte(release: Path, tmp_path: Path, slices: int) -> None:
    hub = make_hub(tmp_path / "hub", HandMade(slices=slices))
    assert bytes_of(publish(hub, tmp_path / "out", settings=SMALL).path) == bytes_of(release)


def test_parquet_has_page_index_zstd_and_page_checksums(release: Path) -> None:
    for file in (release / "data").iterdir():
        column = pq.read_metadata(file).row_group(0).column(1)
        assert (column.compression, column.has_offset_index, column.has_column_index) == (
            "ZSTD", True, True,
        )  # fmt: skip
        content = bytearray(file.read_bytes())
        content[column.data_page_offset + 40] ^= 1
        with pytest.raises(OSError):
            pq.ParquetFile(pa.BufferReader(bytes(content)), page_checksum_verification=True).read()


def test_summary_says_what_was_written(release: Path) -> None:
    found = bytes_of(release)
    whole = Summary(release, 17, 5, len(found), sum(map(len, found.values())), "")
    again = publish(make_hub(release.parent / "hub"), release, settings=SMALL)
    assert again == Summary(**{**vars(whole), "digest": again.digest})
    assert bytes_of(release) == found


def test_an_earlier_release_is_replaced_whole(hub: Hub, tmp_path: Path) -> None:
    first = publish(hub, tmp_path / "out", settings=SMALL)
    (first.path / "data" / "stray").write_text("left by someone")
    publish(hub, tmp_path / "out", settings=ReleaseSettings(rows_per_file=100))
    assert verify(tmp_path / "out").problems == []
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_an_empty_folder_is_filled(hub: Hub, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    publish(hub, tmp_path / "out", settings=SMALL)
    assert verify(tmp_path / "out").problems == []


@pytest.mark.parametrize("name", ["notes.txt", "manifest.json"])
def test_a_folder_with_something_else_is_left_alone(hub: Hub, tmp_path: Path, name: str) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / name).write_text('{"name": "a web app"}')
    with pytest.raises(ReleaseError, match="is not a release") as caught:
        publish(hub, tmp_path / "out", settings=SMALL)
    assert caught.value.cure
    assert (tmp_path / "out" / name).read_text() == '{"name": "a web app"}'


def test_a_file_in_the_way_is_left_alone(hub: Hub, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(ReleaseError, match="is not a release"):
        publish(hub, tmp_path / "out", settings=SMALL)


def test_what_a_killed_release_left_is_removed(hub: Hub, tmp_path: Path) -> None:
    out = publish(hub, tmp_path / "out", settings=SMALL).path
    before = bytes_of(out)
    shutil.copytree(out / "data", tmp_path / ".out.unfinished" / "data")
    out.rename(tmp_path / ".out.former")
    publish(hub, out, settings=SMALL)
    assert bytes_of(out) == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_nothing_kept_is_said_with_the_reasons(tmp_path: Path) -> None:
    hub = make_hub(tmp_path / "hub", HandMade(documents=5, children=0, ruled_out=5))
    with pytest.raises(
        ReleaseError, match=r"keeps none of its 5.*not_best_of_document 3.*hedging 2"
    ):
        publish(hub, tmp_path / "out", settings=SMALL)
    assert [path.name for path in tmp_path.iterdir()] == ["hub"]


def test_no_personas_at_all_is_said(tmp_path: Path) -> None:
    hub = make_hub(tmp_path / "hub", HandMade(documents=1, children=0, slices=1))
    write_file(hub.table_path("verdicts", 0), records.VERDICT.empty_table())
    with pytest.raises(ReleaseError, match="none was made"):
        publish(hub, tmp_path / "out", settings=SMALL)


@pytest.mark.parametrize(
    "lost",
    [
        "verdicts/slice-001.parquet",
        "personas/slice-000-round-1.parquet",
        "evidence/attributes/slice-000-round-0.parquet",
        "recipe.yaml",
        "ledger.sqlite",
    ],
)
def test_an_unfinished_hub_is_refused(tmp_path: Path, lost: str) -> None:
    hub = make_hub(tmp_path / "hub", HandMade(documents=40, children=40))
    (hub.path / lost).unlink()
    with pytest.raises(ReleaseError, match="is unfinished") as caught:
        publish(hub, tmp_path / "out", settings=SMALL)
    assert "iph build" in caught.value.cure
    assert not (tmp_path / "out").exists()


def test_a_kept_persona_without_its_document_is_refused(tmp_path: Path) -> None:
    hub = make_hub(tmp_path / "hub")
    path = hub.table_path("documents", 0)
    write_file(path, read_file(path).slice(0, 0))
    with pytest.raises(ReleaseError, match="no document at its root"):
        publish(hub, tmp_path / "out", settings=SMALL)


def test_a_damaged_table_is_named(tmp_path: Path) -> None:
    hub = make_hub(tmp_path / "hub")
    hub.table_path("personas", 0, 0).write_bytes(b"PAR1")
    with pytest.raises(StorageError, match="slice-000-round-0"):
        publish(hub, tmp_path / "out", settings=SMALL)
    assert [path.name for path in tmp_path.iterdir()] == ["hub"]


def test_no_release_while_a_build_holds_the_hub(tmp_path: Path) -> None:
    hub = make_hub(tmp_path / "hub")
    with locked(hub), pytest.raises(HubBusyError):
        publish(hub, tmp_path / "out", settings=SMALL)


_LIMITED = """
import resource, sys
from pathlib import Path
from indic_persona_hub.errors import StorageError
from indic_persona_hub.release.publish import publish
from indic_persona_hub.run.hub import Hub
from indic_persona_hub.run.settings import ReleaseSettings
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
try:
    publish(Hub(Path(sys.argv[1])), Path(sys.argv[2]), settings=ReleaseSettings())
except StorageError as error:
    print(error.message)
"""


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    hub = make_hub(tmp_path / "hub", HandMade(documents=60, children=60))
    out = tmp_path / "made" / "out"
    limit_bytes = "50000"  # above what SQLite needs to read the ledger, below the detailed file
    done = subprocess.run(
        [sys.executable, "-c", _LIMITED, str(hub.path), str(out), limit_bytes],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "out cannot be written" in done.stdout
    assert list(out.parent.iterdir()) == []
