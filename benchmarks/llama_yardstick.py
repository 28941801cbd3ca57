"""llama.cpp's own batched benchmark, run on the machine code of the installed xllamacpp.

Its one source file, from the source distribution of the same version, is compiled here once and
bound to the installed library. Needs g++, and pip's package index once.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from indic_persona_hub.models.local.llama_server import load_runtime
from indic_persona_hub.models.local.weights import cache_folder

#: Tokens of the prompt that all requests share, and of each reply; as in the shipped presets.
PROMPT, REPLY = 400, 80


@dataclass(frozen=True)
class Place:
    """What both sides share."""

    weights: Path
    slots: int
    threads: int
    context_tokens: int


@dataclass(frozen=True)
class Speed:
    """The yardstick: seconds and CPU seconds for a token read and a token written."""

    read_s: float
    write_s: float
    read_cpu_s: float
    write_cpu_s: float


def yardstick_library() -> Path:
    """llama-batched-bench as a library, compiled once for each version of the runtime."""
    runtime = version("xllamacpp")
    library = cache_folder().parent / "batched-bench" / f"{runtime}.so"
    if not library.exists():
        library.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as folder:
            compile_from(fetch_sources(runtime, Path(folder)), library)
    return library


def fetch_sources(runtime: str, folder: Path) -> Path:
    """The folder of llama.cpp in the runtime's source distribution."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
    subprocess.run([*pip, "--dest", str(folder), f"xllamacpp=={runtime}"], check=True)
    with tarfile.open(next(folder.glob("*.tar.gz"))) as archive:
        archive.extractall(folder, filter="data")
    return next(folder.glob("*/thirdparty/llama.cpp"))


def compile_from(sources: Path, library: Path) -> None:
    # The wheel's compiler (manylinux2014) has the old form of C++ strings.
    options = "-O2 -std=c++17 -fPIC -shared -D_GLIBCXX_USE_CXX11_ABI=0".split()
    headers = [f"-I{sources / part}" for part in ("common", "include", "ggml/include", "vendor")]
    source = sources / "tools" / "batched-bench" / "batched-bench.cpp"
    draft = library.with_suffix(".new")
    subprocess.run(["g++", *options, *headers, str(source), "-o", str(draft)], check=True)
    draft.replace(library)


def yardstick(library: Path, place: Place) -> Speed:
    """One run of llama-batched-bench: a shared prompt, then all sequences write at once."""
    sys.setdlopenflags(os.RTLD_NOW | os.RTLD_GLOBAL)
    load_runtime()
    run = ctypes.CDLL(str(library))._Z19llama_batched_benchiPPc
    context = place.slots * place.context_tokens
    options = (
        f"-c {context} -npp {PROMPT} -ntg 1,{REPLY} -npl {place.slots} -pps -t {place.threads}"
    )
    arguments = ["llama-batched-bench", "-m", str(place.weights), *options.split()]
    strings = (ctypes.c_char_p * (len(arguments) + 1))(*[one.encode() for one in arguments], None)
    with lines_of_stdout() as lines:
        if run(len(arguments), strings) != 0:
            raise SystemExit("llama-batched-bench failed.")
    return speed_in(lines, place.slots)


@contextmanager
def lines_of_stdout() -> Iterator[list[tuple[float, str]]]:
    """What C code prints in this process: (CPU seconds of the process so far, line)."""
    lines: list[tuple[float, str]] = []
    reading, writing = os.pipe()

    def read() -> None:
        with os.fdopen(reading) as file:
            lines.extend((time.process_time(), line) for line in file)

    reader, kept = threading.Thread(target=read), os.dup(1)
    os.dup2(writing, 1)
    os.close(writing)
    reader.start()
    try:
        yield lines
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        reader.join()


def speed_in(lines: list[tuple[float, str]], slots: int) -> Speed:
    """From the header and the two rows of its table, of 1 and of `REPLY` tokens a sequence."""
    marks = [(cpu, line.split("|")) for cpu, line in lines if line.startswith("|")]
    (before, _), (short, row), (long, whole) = marks[-3:]
    # Columns: PP, TG, B, N_KV, T_PP s, S_PP t/s, T_TG s, S_TG t/s, ...
    read_s = (float(row[5]) + float(whole[5])) / 2 / PROMPT
    write_cpu_s = ((long - short) - (short - before)) / ((REPLY - 1) * slots)
    read_cpu_s = (short - before - slots * write_cpu_s) / PROMPT
    return Speed(read_s, float(whole[7]) / (REPLY * slots), read_cpu_s, write_cpu_s)
