"""The house: imports go one way, names say something, rooms stay small, and import stays cheap."""

import ast
import re
import subprocess
import sys
import time
from functools import cache
from pathlib import Path
from statistics import median

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "indic_persona_hub"
FILES = sorted(PACKAGE.rglob("*.py"))

#: A room may import rooms of earlier ranks only; rooms of one rank never import one another.
RANKS = {
    "records": 0,
    "errors": 0,
    "stage": 1,
    "prompts": 0,
    "reference": 0,
    "frames": 0,
    "privacy": 0,
    "ingest": 2,
    "extract": 2,
    "expand": 2,
    "judge": 2,
    "select": 2,
    "models": 3,
    "testing": 4,
    "run": 4,
    "release": 5,
    "audit": 5,
    "explore": 6,
    "use": 6,
    "cli": 7,
}
#: Words may lean on words: the stage contract names prompts, everything may name records, errors.
WORDS = {"records", "errors", "prompts", "reference", "frames", "stage", "privacy"}
BANNED = {"utils", "util", "helpers", "helper", "common", "misc", "core", "base", "manager"}
BANNED |= {"handler", "processor"}
#: Rooms that must not reach for another one, whatever the rank.
FORBIDDEN = {("select", "models"), ("release", "models"), ("explore", "cli")}


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@cache
def imports_of(path: Path) -> frozenset[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{name.name}" for name in node.names}
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
    return frozenset(found)


def rooms_imported(path: Path) -> set[str]:
    inside = [name for name in imports_of(path) if name.startswith("indic_persona_hub.")]
    return {name.split(".")[1] for name in inside} & set(RANKS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_one_way(path: Path) -> None:
    room = room_of(path)
    if room == "__init__":
        assert not rooms_imported(path), "the package root imports no room: it must stay cheap"
        return
    for other in rooms_imported(path) - {room}:
        allowed = RANKS[other] < RANKS[room] or {room, other} <= WORDS
        assert allowed, f"{room} imports {other}"
        assert (room, other) not in FORBIDDEN


def test_no_import_cycle_between_files() -> None:
    names = {
        ".".join(("indic_persona_hub", *path.relative_to(PACKAGE).with_suffix("").parts)): path
        for path in FILES
    }
    graph = {name: imports_of(path) & set(names) for name, path in names.items()}
    done: set[str] = set()

    def walk(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, " -> ".join((*above, name))
        if name not in done:
            for other in graph[name] - {name}:
                walk(other, (*above, name))
            done.add(name)

    for name in graph:
        walk(name, ())


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_name_says_nothing(path: Path) -> None:
    for part in path.relative_to(PACKAGE).with_suffix("").parts:
        assert part not in BANNED


def test_files_and_functions_stay_small() -> None:
    sizes = []
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        assert text.count("\n") <= 350, f"{path} is too long for one idea"
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno is not None
                size = node.end_lineno - node.lineno + 1
                assert size <= 60, f"{path.name}:{node.lineno} {node.name} has {size} lines"
                sizes.append(size)
    assert median(sizes) <= 12


def test_broad_except_stands_in_one_place() -> None:
    """Where a worker thread hands whatever failed to whoever asked."""
    broad = [
        path.name
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in ("Exception", "BaseException"))
        and not any(isinstance(line, ast.Raise) and line.exc is None for line in node.body)
    ]
    assert broad == ["llama_cpp.py"]


def test_stages_see_no_clock_and_no_environment() -> None:
    rooms = ("extract", "expand", "judge", "select")
    for path in (path for path in FILES if room_of(path) in rooms):
        for module in ("time", "datetime", "random", "os", "socket", "secrets"):
            assert module not in imports_of(path), f"{path} imports {module}"


def test_tools_of_one_workplace_are_named_nowhere() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=PACKAGE.parents[1], capture_output=True, text=True, check=False
    )
    for name in listed.stdout.split():
        path = PACKAGE.parents[1] / name
        if path.suffix in {".py", ".md", ".toml", ".yaml", ".yml"} and path.is_file():
            assert not re.search(r"/work/(main|shared|\.)", path.read_text(encoding="utf-8")), name


def seconds(*command: str) -> float:
    best = float("inf")
    for _ in range(5):
        begun = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        best = min(best, time.perf_counter() - begun)
    return best


def test_import_is_cheap_and_loads_no_engine() -> None:
    heavy = "{'daft', 'torch', 'ray', 'pyarrow', 'xllamacpp', 'numpy', 'scipy'}"
    code = f"import sys, indic_persona_hub; assert not {heavy} & set(sys.modules)"
    started = seconds(sys.executable, "-c", "pass")
    assert seconds(sys.executable, "-c", code) - started < 0.3


def test_help_is_quick() -> None:
    assert seconds(str(Path(sys.executable).with_name("iph")), "--help") < 0.6
