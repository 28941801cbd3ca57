"""Temporary folders that do not outlive their process for long.

A process that is killed removes nothing, but the system lets go of its locks. So each folder has a
locked file in it, and a folder whose lock is free belongs to nobody: the next process removes it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

_LOCK: Final = "indic-persona-hub.lock"


class HeldFolder:
    """A new folder that only this user can enter, held until `remove` or the end of this process.

    Folders of the same prefix that processes of this user left behind are removed first.

    Args:
        prefix: How its name begins.
        parent: Where it is made.
    """

    def __init__(self, prefix: str, parent: Path) -> None:
        remove_left_behind(prefix, parent)
        self._temporary = tempfile.TemporaryDirectory(prefix=prefix, dir=parent)
        self.path = Path(self._temporary.name)
        # Locked under another name first: under its own, nobody may ever find it free.
        draft = self.path / "lock.new"
        self._lock = draft.open("w")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        draft.rename(self.path / _LOCK)

    def remove(self) -> None:
        """Remove the folder with all that is in it. Twice is no error."""
        self._temporary.cleanup()
        self._lock.close()


def remove_left_behind(prefix: str, parent: Path) -> None:
    """Remove the held folders of this user whose processes have ended; nothing else."""
    for folder in parent.glob(f"{prefix}*"):
        # In use, somebody else's, not a held folder, or removed by another process just now.
        with suppress(OSError):
            _remove_if_free(folder)


def _remove_if_free(folder: Path) -> None:
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        return
    lock = os.open(folder / _LOCK, os.O_RDWR | os.O_NOFOLLOW)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder)
    finally:
        os.close(lock)
