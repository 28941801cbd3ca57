"""Every code block of the docs runs, or is read by what it is for."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from indic_persona_hub.run.recipe import parse_recipe
from scripted_hub import corpus_texts, write_source

ROOT = Path(__file__).parents[1]
PAGES = [*ROOT.glob("*.md"), *sorted((ROOT / "docs").glob("*.md"))]
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_REST = {
    "sources": [{"kind": "jsonl", "path": "texts.jsonl"}],
    "models": {"default": {"kind": "scripted"}},
    "stages": ["ingest", "text_to_persona"],
}


def blocks(language: str) -> list[object]:
    found = []
    for page in PAGES:
        for number, (kind, code) in enumerate(_BLOCK.findall(page.read_text("utf-8"))):
            if kind == language:
                found.append(pytest.param(code, id=f"{page.name}-{number}"))
    return found


@pytest.fixture(scope="module")
def workplace(tmp_path_factory) -> Path:
    """A folder as a reader has it after the README's first command: `.venv/bin` and `demo`."""
    folder = tmp_path_factory.mktemp("docs")
    (folder / ".venv").mkdir()
    (folder / ".venv" / "bin").symlink_to(Path(sys.executable).parent)
    (folder / "texts").mkdir()
    write_source(folder / "texts" / "texts.jsonl", corpus_texts())
    iph = folder / ".venv" / "bin" / "iph"
    demo = [str(iph), "demo", "--model", "scripted"]
    subprocess.run(demo, cwd=folder, check=True, capture_output=True)
    return folder


@pytest.mark.parametrize("code", blocks("python"))
def test_python_blocks_run(code: str, workplace: Path) -> None:
    words = [sys.executable, "-c", code]
    done = subprocess.run(words, cwd=workplace, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2_000:]


#: What a fresh clone, another machine or much time is needed for: run by hand, and by CI itself.
_NOT_HERE = (
    "make ",
    "pre-commit",
    "git ",
    "pip ",
    "vllm",
    "ollama",
    "python benchmarks",
    "export ",
)


@pytest.mark.parametrize("code", blocks("sh"))
def test_shell_blocks_run(code: str, workplace: Path) -> None:
    for line in code.replace("\\\n", " ").splitlines():
        if not line.strip() or line.strip().startswith(("#", *_NOT_HERE)):
            continue
        words = shlex.split(line, comments=True)
        if words[0] == "iph" and words[1] == "init":
            (workplace / words[2]).unlink(missing_ok=True)
        if words[:2] == ["iph", "build"]:
            words += ["--set", "models.default={kind: scripted}"]
        words[0] = shutil.which(words[0], path=str(workplace / ".venv" / "bin")) or words[0]
        done = subprocess.run(words, cwd=workplace, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"


@pytest.mark.parametrize("code", blocks("yaml"))
def test_yaml_blocks_are_parts_of_a_recipe(code: str) -> None:
    parse_recipe(yaml.safe_dump(_REST | yaml.safe_load(code)))


def test_links_between_pages_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
