"""Sources: what the recipe reads, and how it becomes tables of pages."""

from __future__ import annotations

import glob
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import Any, Final, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, model_validator

from indic_persona_hub.errors import SourceError
from indic_persona_hub.ingest.csv_rows import read_csv
from indic_persona_hub.ingest.json_lines import read_json_lines
from indic_persona_hub.ingest.pages import PageBasket, PageBatch, Terms
from indic_persona_hub.ingest.parquet_rows import read_parquet
from indic_persona_hub.ingest.rows import Fields, Refused, Row
from indic_persona_hub.ingest.text_files import read_text

__all__ = ["ENDINGS", "PageBatch", "Source", "read_pages", "source_files"]

Kind = Literal["jsonl", "parquet", "csv", "text"]
PageField = Literal["text", "title", "url", "id", "language", "licence", "source"]
_Found = Iterator[Row | Refused]

#: Endings that a folder is searched for. A file or a glob may have any.
ENDINGS: Final[Mapping[Kind, tuple[str, ...]]] = MappingProxyType(
    {
        "jsonl": (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz"),
        "parquet": (".parquet",),
        "csv": (".csv", ".csv.gz"),
        "text": (".txt", ".md"),
    }
)


class Source(BaseModel):
    """Where pages come from, and under which terms.

    Attributes:
        kind: Form of the files. Of `text`, each file is one page.
        path: A file, a folder (searched in depth), or a glob; `**` crosses folders.
        name: The source's name in every record; by default the stem of the file or folder.
        licence: Licence of the texts, where no column states it row by row.
        url: Address of the source, for rows that have none of their own.
        fields: Our field -> their column (in JSONL also a path of keys, "meta.url").
        limit: Read the first so many rows only, for trials.
        max_line_bytes: A longer line (Parquet: text; text: file) is rejected.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    path: str = Field(min_length=1)
    name: str = Field("", min_length=1)
    licence: str = "unknown"
    url: str | None = None
    fields: dict[PageField, str] = {"text": "text"}
    limit: int | None = Field(None, ge=1)
    max_line_bytes: int = Field(16 * 2**20, ge=1_024)

    @model_validator(mode="before")
    @classmethod
    def _fill(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        filled = dict(given)
        if isinstance(given.get("path"), str):
            filled.setdefault("name", stem(given["path"]))
        if isinstance(given.get("fields"), dict):
            filled["fields"] = {"text": "text", **given["fields"]}
        return filled


def source_files(source: Source) -> list[Path]:
    """The files of a source, sorted; of a folder or glob, hidden ones are left out.

    Raises:
        SourceError: No file matches.
    """
    return files_at(source.path, source.name, source.kind, ENDINGS[source.kind])


def files_at(path: str, name: str, kind: str, endings: tuple[str, ...]) -> list[Path]:
    """The files at `path` (a file, folder or glob), sorted; a folder is searched for `endings`.

    Raises:
        SourceError: No file matches.
    """
    base, pattern = base_and_pattern(path)
    if base.is_file():
        return [base]
    found = (one for one in base.glob(pattern or "**/*") if one.is_file())
    files = [one for one in found if _wanted(one.relative_to(base), endings, pattern)]
    if not files:
        raise SourceError(
            f"Source '{name}': no {kind} file matches {path}.",
            cure=f"Check the path; in a folder, files end in {' or '.join(endings)}.",
        )
    return sorted(files, key=lambda one: one.as_posix())


def read_pages(source: Source) -> Iterator[PageBatch]:
    """Read a source in batches, in the order of its files; every row is a page or rejected.

    A page's `row` is the file (relative to the folder that the source names) and the line, or row
    in Parquet, that it begins in. `stated_language` is what the source says, unchecked.

    Raises:
        SourceError: No file matches, a file is damaged, or a mapped column is not in it.
    """
    basket = PageBasket(Terms(source.name, source.licence, source.url))
    for place, found in islice(_found(source), source.limit):
        basket.put(place, found)
        if basket.full:
            yield basket.take()
    if not basket.empty:
        yield basket.take()


def _found(source: Source) -> Iterator[tuple[str, Row | Refused]]:
    base, _ = base_and_pattern(source.path)
    read = _reader(source)
    for path in source_files(source):
        name = path.name if path == base else path.relative_to(base).as_posix()
        for found in read(path):
            yield f"{name}:{found.number}", found


def _reader(source: Source) -> Callable[[Path], _Found]:
    fields, most = cast(Fields, source.fields), source.max_line_bytes
    readers: dict[Kind, Callable[[Path], _Found]] = {
        "jsonl": lambda path: read_json_lines(path, fields, most),
        "parquet": lambda path: read_parquet(path, fields, most),
        "csv": lambda path: read_csv(path, fields, most),
        "text": lambda path: read_text(path, most),
    }
    return readers[source.kind]


def base_and_pattern(path: str) -> tuple[Path, str]:
    """The file or folder that is named, and the glob below it, if any."""
    whole = Path(path)
    if not glob.has_magic(path) or whole.exists():
        return whole, ""
    plain = _plain_parts(whole)
    return Path(*plain), "/".join(whole.parts[len(plain) :])


def _plain_parts(path: PurePath) -> tuple[str, ...]:
    first = next((i for i, part in enumerate(path.parts) if glob.has_magic(part)), None)
    return path.parts[:first]


def stem(path: str) -> str:
    """The name of a source that has none: of a file, folder or glob."""
    plain = _plain_parts(PurePath(path))
    return plain[-1].removesuffix(".gz").rsplit(".", 1)[0] if plain else "source"


def _wanted(name: PurePath, endings: tuple[str, ...], pattern: str) -> bool:
    hidden = any(part.startswith(".") for part in name.parts)
    return not hidden and (bool(pattern) or name.name.endswith(endings))
