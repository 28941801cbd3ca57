"""How much memory this process and its workers hold."""

from __future__ import annotations

import multiprocessing
import os
from pathlib import Path
from typing import Final

_PAGE_BYTES: Final = os.sysconf("SC_PAGE_SIZE")


def resident_mb() -> float | None:
    """Resident memory of this process and its child processes in megabytes (10**6 bytes).

    Null where the system does not say (it has no /proc).
    """
    own = _resident_bytes("self")
    if own is None:
        return None
    workers = (_resident_bytes(str(one.pid)) for one in multiprocessing.active_children())
    return (own + sum(one or 0 for one in workers)) / 1e6


def _resident_bytes(process: str) -> int | None:
    try:
        return int(Path("/proc", process, "statm").read_text("ascii").split()[1]) * _PAGE_BYTES
    except (OSError, IndexError, ValueError):
        return None
