"""The ledger and the hub's files: what is written is whole, and what is damaged is found."""

import os
import resource
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indic_persona_hub.errors import HubBusyError, StorageError
from indic_persona_hub.run.hub import Hub, file_sha256, locked, open_hub, read_file, write_file
from indic_persona_hub.run.ledger import Done, Ledger
from indic_persona_hub.run.status import status

many = settings(max_examples=60, deadline=None)
on_one_folder = settings(many, suppress_health_check=[HealthCheck.function_scoped_fixture])

OLD = pa.table({"id": ["a"], "persona": ["what stood there before"]})
_TEXTS = [f"दाई {number * number}" for number in range(300)]
NEW = pa.table({"id": [str(number) for number in range(300)], "persona": _TEXTS})


@contextmanager
def room_for(size_bytes: int) -> Iterator[None]:
    """No file may grow beyond `size_bytes`: a write fails as it does on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_file_is_written_whole_and_reads_back(tmp_path) -> None:
    path = tmp_path / "folder" / "slice-000.parquet"
    digest = write_file(path, NEW)
    assert read_file(path).equals(NEW)
    assert read_file(path, ["persona"]).equals(NEW.select(["persona"]))
    assert digest == file_sha256(path)
    assert list(path.parent.iterdir()) == [path]
    assert write_file(tmp_path / "again.parquet", NEW) == digest


@given(st.data())
@on_one_folder
def test_a_write_that_fails_at_any_byte_leaves_the_old_file(tmp_path, data) -> None:
    path = tmp_path / "slice-000.parquet"
    write_file(tmp_path / "new", NEW)
    whole = (tmp_path / "new").stat().st_size
    write_file(path, OLD)
    room = data.draw(st.integers(0, whole + 1), label="room in bytes")
    if room < whole:
        with room_for(room), pytest.raises(StorageError, match=r"slice-000.*cannot be written"):
            write_file(path, NEW)
        assert read_file(path).equals(OLD)
    else:
        with room_for(room):
            write_file(path, NEW)
        assert read_file(path).equals(NEW)
    assert not list(tmp_path.glob("*.tmp"))


@given(st.data())
@on_one_folder
def test_a_flipped_bit_in_a_page_is_found(tmp_path, data) -> None:
    path = tmp_path / "slice-000.parquet"
    write_file(path, NEW)
    raw = bytearray(path.read_bytes())
    place = data.draw(st.integers(4, end_of_pages(path) - 1), label="byte")
    raw[place] ^= 1 << data.draw(st.integers(0, 7), label="bit")
    path.write_bytes(raw)
    try:
        assert read_file(path).equals(NEW), "a header's bit that says nothing of the rows"
    except StorageError as error:
        assert "iph build" in error.cure


def end_of_pages(path: Path) -> int:
    columns = pq.ParquetFile(path).metadata.row_group(0)
    last = [columns.column(number) for number in range(columns.num_columns)]
    return max(
        (one.dictionary_page_offset or one.data_page_offset) + one.total_compressed_size
        for one in last
    )


@given(st.data())
@on_one_folder
def test_any_damage_is_a_storage_error_and_changes_no_value(tmp_path, data) -> None:
    """The footer has no checksum: of a file damaged there, no value that is read is wrong."""
    path = tmp_path / "slice-000.parquet"
    write_file(path, OLD)
    raw = bytearray(path.read_bytes())
    start = data.draw(st.integers(0, len(raw) - 1), label="first byte")
    damage = data.draw(st.binary(min_size=1, max_size=4), label="damage")
    raw[start : start + len(damage)] = damage
    path.write_bytes(raw[: data.draw(st.sampled_from([None, len(raw) // 2, 3, 0]), label="cut")])
    try:
        read = read_file(path, ["id", "persona"])
    except StorageError as error:
        assert str(path) in error.message
        assert "iph build" in error.cure
    else:
        values = [[as_text(one) for one in column.to_pylist()] for column in read.columns]
        assert values == [["a"], ["what stood there before"]]


def as_text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def test_a_column_that_is_not_there_and_a_file_that_is_not_there(tmp_path) -> None:
    write_file(tmp_path / "a.parquet", OLD)
    with pytest.raises(StorageError, match="no column 'domain'"):
        read_file(tmp_path / "a.parquet", ["id", "domain"])
    with pytest.raises(StorageError, match="cannot be read"):
        read_file(tmp_path / "absent.parquet")


def test_a_table_is_read_in_the_order_of_its_slices(tmp_path) -> None:
    hub = Hub(tmp_path)
    for number in (1000, 2, 10, 0):
        path = hub.table_path("personas", number, 0)
        write_file(path, pa.table({"slice": [number]}))
    assert hub.read("personas")["slice"].to_pylist() == [0, 2, 10, 1000]
    with pytest.raises(StorageError, match="no table 'verdicts'"):
        hub.read("verdicts")


def test_a_folder_that_is_no_hub(tmp_path) -> None:
    with pytest.raises(StorageError, match="is not a hub"):
        open_hub(tmp_path)


# --- ledger -------------------------------------------------------------------------------------

reason_counts = st.dictionaries(st.sampled_from(["too_short", "no_person"]), st.integers(1, 9))
done_slices = st.builds(
    lambda step, number, mark, out, lost, fails: Done(
        step=step,
        slice_number=number,
        fingerprint=mark,
        stage=step.partition("/")[0],
        round_number=None,
        rows_read=out,
        rows_in=out + sum(lost.values()),
        rows_out=out,
        rejected=lost,
        fails=fails,
        files={f"{step}/{number}.parquet": mark * 8},
        seconds=0.5,
    ),
    st.sampled_from(["ingest", "form/round-0", "form/round-1", "select"]),
    st.integers(0, 5),
    st.sampled_from("fg"),
    st.integers(0, 50),
    reason_counts,
    st.integers(0, 5),
)


@contextmanager
def opened(path: Path, *, read_only: bool = False) -> Iterator[Ledger]:
    ledger = Ledger(path, read_only=read_only)
    try:
        yield ledger
    finally:
        ledger.close()


@given(st.lists(done_slices, max_size=12))
@on_one_folder
def test_the_ledger_holds_the_last_word_on_every_slice(tmp_path_factory, marks) -> None:
    path = tmp_path_factory.mktemp("ledger") / "ledger.sqlite"
    with opened(path) as ledger:
        for one in marks:
            ledger.mark([one])
    last = {(one.step, one.slice_number): one for one in marks}
    with opened(path, read_only=True) as ledger:
        for (step, number), one in last.items():
            assert (number in ledger.done_slices(step, "f")) == (one.fingerprint == "f")
            assert ledger.files_of(step, number) == one.files
        assert ledger.files_of("never", 0) == {}
        totals = {total.name: total for total in ledger.totals()}
    assert set(totals) == {one.stage for one in last.values()}
    for stage, total in totals.items():
        rows = [one for one in last.values() if one.stage == stage]
        assert total.rows_in == total.rows_out + sum(total.rejected.values())
        assert total.rows_in == sum(one.rows_in for one in rows)
        assert total.fails == sum(one.fails for one in rows)
        assert total.seconds == 0.5 * len(rows)
        assert total.rejected == dict(sum((Counter(one.rejected) for one in rows), Counter()))


@given(st.lists(done_slices, max_size=12), st.sets(st.sampled_from(["ingest", "select"])))
@on_one_folder
def test_keep_only_forgets_what_the_recipe_no_longer_has(tmp_path_factory, marks, steps) -> None:
    path = tmp_path_factory.mktemp("ledger") / "ledger.sqlite"
    with opened(path) as ledger:
        ledger.mark([*marks, a_slice()])
        ledger.note("form/round-0", "of a step that goes")
        ledger.note("build", "of no step")
        ledger.keep_only(dict.fromkeys(steps, 3))
        for one in marks:
            stays = one.step in steps and one.slice_number < 3
            assert bool(ledger.files_of(one.step, one.slice_number)) == stays
        assert ledger.notes() == {"build": "of no step"}


def a_slice() -> Done:
    return Done("form/round-0", 0, "f", "form", 0, 5, 5, 5)


def test_slices_are_marked_all_or_none(tmp_path) -> None:
    large = replace(a_slice(), slice_number=1, files={"x" * 40_000: "f"})
    with opened(tmp_path / "ledger.sqlite") as ledger:
        with room_for(20_000), pytest.raises(StorageError, match="full"):
            ledger.mark([a_slice(), large])
        assert ledger.done_slices("form/round-0", "f") == set()


def test_notes_and_facts_are_kept(tmp_path) -> None:
    with opened(tmp_path / "ledger.sqlite") as ledger:
        ledger.note("select", "The target is out of reach.")
        ledger.note("select", "")
        assert ledger.known_hub_id() is None
        hub_id = ledger.hub_id()
        assert ledger.hub_id() == hub_id
        assert ledger.hours_worked() == 0
        ledger.set_hours_worked(1.5)
    with opened(tmp_path / "ledger.sqlite", read_only=True) as ledger:
        assert ledger.notes() == {"select": ""}
        assert (ledger.known_hub_id(), ledger.hours_worked()) == (hub_id, 1.5)


def test_a_source_file_is_known_until_it_changes(tmp_path) -> None:
    with opened(tmp_path / "ledger.sqlite") as ledger:
        ledger.remember_sha256(Path("a"), 10, 1, "first")
        assert ledger.known_sha256(Path("a"), 10, 1) == "first"
        assert ledger.known_sha256(Path("a"), 11, 1) is None
        assert ledger.known_sha256(Path("a"), 10, 2) is None
        ledger.remember_sha256(Path("a"), 11, 2, "second")
        assert ledger.known_sha256(Path("a"), 11, 2) == "second"


def test_a_reader_reads_beside_the_writer_and_cannot_write(tmp_path) -> None:
    path = tmp_path / "ledger.sqlite"
    with opened(path) as ledger, opened(path, read_only=True) as reader:
        ledger.mark([a_slice()])
        assert reader.done_slices("form/round-0", "f") == {0}
        with pytest.raises(StorageError, match="ledger"):
            reader.note("form", "not from here")
        ledger.note("form", "from here")
        assert reader.notes() == {"form": "from here"}


@pytest.mark.parametrize("name", ["a#b", "a?mode=memory", "100%25", "हब 1"])
def test_a_hub_may_have_any_name(tmp_path, name: str) -> None:
    (tmp_path / name).mkdir()
    path = tmp_path / name / "ledger.sqlite"
    with opened(path) as ledger:
        ledger.mark([a_slice()])
    assert path.is_file()
    assert [one.name for one in tmp_path.iterdir()] == [name]
    assert status(Hub(tmp_path / name))["stages"][0]["rows_in"] == 5


def test_a_damaged_ledger_says_its_cure(tmp_path) -> None:
    path = tmp_path / "ledger.sqlite"
    with opened(path) as ledger:
        ledger.mark([a_slice()])
    for damaged in (b"not a database" * 100, path.read_bytes()[:100] + bytes(5000)):
        path.write_bytes(damaged)
        with pytest.raises(StorageError, match=r"ledger\.sqlite") as caught:
            status(Hub(tmp_path))
        assert "iph build" in caught.value.cure
        with pytest.raises(StorageError), opened(path) as ledger:
            ledger.note("form", "lost")
    path.unlink()
    with pytest.raises(StorageError):
        Ledger(path, read_only=True)
    assert not path.exists()


def test_a_ledger_on_a_full_disk_says_so_and_keeps_what_it_had(tmp_path) -> None:
    with opened(tmp_path / "ledger.sqlite") as ledger:
        ledger.mark([a_slice()])
        with room_for(10_000), pytest.raises(StorageError) as caught:
            ledger.note("form", "long " * 10_000)
        assert caught.value.retry
        assert ledger.done_slices("form/round-0", "f") == {0}
        ledger.note("form", "there is room again")


@pytest.fixture
def unwritable(tmp_path) -> Iterator[Path]:
    """A hub in a file system that nobody can write."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(tmp_path)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a file system of its own needs root")
    try:
        with opened(tmp_path / "ledger.sqlite") as ledger:
            ledger.mark([a_slice()])
        subprocess.run(["mount", "-o", "remount,ro", str(tmp_path)], check=True)
        yield tmp_path
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


def test_a_hub_that_cannot_be_written_can_be_read(unwritable) -> None:
    assert status(open_hub(unwritable))["stages"][0]["rows_in"] == 5
    with pytest.raises(StorageError, match="cannot be written"), locked(Hub(unwritable)):
        pass


# --- lock ---------------------------------------------------------------------------------------

_HOLD = """
import sys, time
from pathlib import Path
from indic_persona_hub.run.hub import Hub, locked
with locked(Hub(Path(sys.argv[1]))):
    print("held", flush=True)
    time.sleep(60)
"""


def test_the_lock_goes_with_the_process_however_it_ends(tmp_path) -> None:
    hub = Hub(tmp_path / "hub")
    holder = subprocess.Popen([sys.executable, "-c", _HOLD, str(hub.path)], stdout=subprocess.PIPE)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(HubBusyError) as caught, locked(hub):
            pass
        assert caught.value.retry
    finally:
        os.kill(holder.pid, signal.SIGKILL)
        holder.communicate()
    with locked(hub):
        pass
    with locked(hub):
        pass
