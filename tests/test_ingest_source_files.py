"""What a source is called, which files it has, and which settings it refuses."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from indic_persona_hub.errors import SourceError
from indic_persona_hub.ingest.sources import Source, source_files


def write(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()


def test_files_are_found_by_name_folder_and_glob_in_sorted_order(tmp_path: Path) -> None:
    for name in ("b/2.jsonl", "b/1.jsonl", "a/3.jsonl", "a/x.txt"):
        write(tmp_path / name)
    names = [
        [path.relative_to(tmp_path).as_posix() for path in source_files(source)]
        for source in (
            Source(kind="jsonl", path=str(tmp_path)),
            Source(kind="jsonl", path=str(tmp_path / "b" / "*.jsonl")),
            Source(kind="jsonl", path=str(tmp_path / "**" / "[13].jsonl")),
            Source(kind="jsonl", path=str(tmp_path / "a" / "x.txt")),
        )
    ]
    assert names == [
        ["a/3.jsonl", "b/1.jsonl", "b/2.jsonl"],
        ["b/1.jsonl", "b/2.jsonl"],
        ["a/3.jsonl", "b/1.jsonl"],
        ["a/x.txt"],
    ]
    with pytest.raises(SourceError, match="no parquet file matches"):
        source_files(Source(kind="parquet", path=str(tmp_path)))
    with pytest.raises(SourceError, match="no jsonl file matches"):
        source_files(Source(kind="jsonl", path=str(tmp_path / "none*")))


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("data/stories.jsonl", "stories"),
        ("data/stories.jsonl.gz", "stories"),
        ("data/stories", "stories"),
        ("data/2024-*.jsonl", "data"),
        ("*.jsonl", "source"),
    ],
)
def test_a_source_is_called_after_its_file_or_folder(path: str, name: str) -> None:
    source = Source(kind="jsonl", path=path)
    assert source.name == name
    assert Source.model_validate(source.model_dump()) == source


def test_unknown_settings_are_refused() -> None:
    for wrong in ({"colour": "red"}, {"fields": {"body": "text"}}, {"limit": 0}, {"kind": "xml"}):
        with pytest.raises(ValidationError):
            Source.model_validate({"kind": "jsonl", "path": "a.jsonl", **wrong})
