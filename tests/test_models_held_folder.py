"""Temporary folders of processes that were killed go; all others stay."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from indic_persona_hub.models.local.held_folder import HeldFolder, remove_left_behind

HOLD = """
import sys
from pathlib import Path
from indic_persona_hub.models.local.held_folder import HeldFolder
held = HeldFolder("lab-", Path(sys.argv[1]))
(held.path / "state.bin").write_bytes(b"read")
print(held.path, flush=True)
sys.stdin.read()
"""


def holder(parent: Path) -> tuple[subprocess.Popen[str], Path]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(parent)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def test_what_a_killed_process_left_is_removed_by_the_next_one(tmp_path: Path) -> None:
    process, left = holder(tmp_path)
    with process:
        process.send_signal(signal.SIGKILL)
    assert (left / "state.bin").exists()
    held = HeldFolder("lab-", tmp_path)
    assert list(tmp_path.iterdir()) == [held.path]
    held.remove()


def test_a_living_process_keeps_its_folder(tmp_path: Path) -> None:
    process, its = holder(tmp_path)
    with process:
        HeldFolder("lab-", tmp_path).remove()
        assert (its / "state.bin").exists()
        assert process.stdin is not None
        process.stdin.close()
    assert list(tmp_path.iterdir()) == []  # a normal end removes it


def test_this_process_keeps_its_own_folders(tmp_path: Path) -> None:
    first, second = HeldFolder("lab-", tmp_path), HeldFolder("lab-", tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([first.path, second.path])
    assert first.path.stat().st_mode & 0o077 == 0
    for held in (first, second, first):
        held.remove()
    assert list(tmp_path.iterdir()) == []


def test_only_held_folders_are_removed(tmp_path: Path) -> None:
    process, left = holder(tmp_path)
    with process:
        process.kill()
    (tmp_path / "lab-notes").mkdir()
    (tmp_path / "lab-list").write_text("mine", encoding="utf-8")
    elsewhere = left.rename(tmp_path / "elsewhere")
    (tmp_path / "lab-link").symlink_to(elsewhere)
    before = sorted(tmp_path.rglob("*"))
    remove_left_behind("lab-", tmp_path)
    assert sorted(tmp_path.rglob("*")) == before
