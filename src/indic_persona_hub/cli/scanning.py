"""The command that says what a file tells of real people."""

from __future__ import annotations

import glob
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from indic_persona_hub.cli.withdrawing import app

if TYPE_CHECKING:
    from indic_persona_hub.ingest.rows import NoColumnError
    from indic_persona_hub.ingest.sources import Kind, PageBatch

__all__ = ("app", "scan")


class _File(NamedTuple):
    """A file to scan; `name` tells it from the others, empty where there is one alone."""

    path: Path
    kind: Kind
    name: str


@dataclass
class _Read:
    """What was read: texts, rows that could not be by reason, and files without the column."""

    texts: int = 0
    unread: Counter[str] = field(default_factory=Counter)
    passed_over: list[NoColumnError] = field(default_factory=list)


@app.command()
def scan(
    path: Annotated[
        Path,
        typer.Argument(
            metavar="PATH", help="JSONL, Parquet or CSV file, a folder, a release or a hub."
        ),
    ],
    column: Annotated[
        str | None,
        typer.Option(
            "--field",
            help="Column of the texts; in JSONL also a path of keys, as in meta.text. By default"
            " text, of a release or a hub persona.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a line for each finding.")] = False,
) -> None:
    """Find identifiers and personal names in the texts of a file.

    Rows are counted from 0: lines of JSONL and CSV (there with the header), rows of Parquet. Of a
    release the Parquet files are read, of a hub all personas, kept or ruled out; of any other
    folder the files that have the column.
    """
    kinds: Counter[tuple[str, bool]] = Counter()
    read = _Read()
    for finding in _scanned(path, column, read):
        kinds[finding["kind"], finding["valid"]] += 1
        if as_json:
            typer.echo(json.dumps(finding, ensure_ascii=False))
    if read.texts and not as_json:
        for kind in sorted({kind for kind, _ in kinds}):
            sound, other = kinds[kind, True], kinds[kind, False]
            typer.echo(f"{kind:<16} {sound + other:>10,}   valid {sound:,}")
        typer.echo(f"{'all':<16} {kinds.total():>10,}   in {_number(read.texts, 'text')}")
    _tell(path, read)


def _tell(path: Path, read: _Read) -> None:
    """Say on stderr what was read and what could not be.

    Raises:
        SourceError: No text was read at all.
    """
    from indic_persona_hub.errors import SourceError

    losses = ", ".join(f"{count:,} {reason}" for reason, count in sorted(read.unread.items()))
    if not read.texts:
        why = f"no row could be read ({losses})" if losses else "it holds no rows"
        raise SourceError(
            f"No text was read of {path}: {why}.",
            cure="Give a file that holds texts, and name their column with --field.",
        )
    for error in read.passed_over:
        typer.echo(f"Passed over: {error.message}", err=True)
    unread = f" Rows that could not be read: {losses}." if losses else ""
    typer.echo(f"{_number(read.texts, 'text')} read.{unread}", err=True)


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def _scanned(path: Path, column: str | None, read: _Read) -> Iterator[dict[str, Any]]:
    """Findings of all files at `path`; a file of several that lacks the column is passed over.

    Raises:
        NoColumnError: No file has the column.
        SourceError: There is no file, or one cannot be read.
    """
    from indic_persona_hub.errors import SourceError
    from indic_persona_hub.ingest.rows import NoColumnError

    if not path.exists() and not glob.has_magic(str(path)):
        raise SourceError(f"There is no {path}.", cure="Check the path.")
    home = _home_of_personas(path)
    column = column or ("persona" if home else "text")
    files = _files(home or path, path)
    for file in files:
        unread: Counter[str] = Counter()
        try:
            yield from _findings(file, column, unread, read)
        except NoColumnError as error:
            cure = "Name the column that holds the texts with --field."
            read.passed_over.append(NoColumnError(error.message, cure=cure))
        else:
            read.unread.update(unread)
    if len(read.passed_over) == len(files):
        raise read.passed_over[0]


def _home_of_personas(path: Path) -> Path | None:
    """The folder that holds the personas where `path` is a release or a hub."""
    from indic_persona_hub.audit.coding.reading import is_release
    from indic_persona_hub.run.hub import LEDGER

    if (path / LEDGER).is_file():
        return path / "personas"
    return path / "data" if is_release(path) else None


def _files(place: Path, root: Path) -> list[_File]:
    """The files at `place`, by kind and name.

    Raises:
        SourceError: There are none.
    """
    from indic_persona_hub.errors import SourceError
    from indic_persona_hub.ingest.sources import ENDINGS, base_and_pattern, files_at

    base, _ = base_and_pattern(str(root))
    found = []
    for kind, endings in ENDINGS.items():
        if kind == "text" or not (place.is_dir() or place.name.endswith(endings)):
            continue
        try:
            files = files_at(str(place), place.name, kind, endings)
        except SourceError:
            if not place.is_dir():
                raise
            continue
        found += [
            _File(one, kind, "" if one == base else one.relative_to(base).as_posix())
            for one in files
        ]
    if not found:
        raise SourceError(
            f"{place} is no JSONL, Parquet or CSV file, and no folder that holds one.",
            cure="Give a file that ends in .jsonl, .parquet or .csv, or a folder.",
        )
    return found


def _batches(file: _File, column: str) -> Iterator[PageBatch]:
    from indic_persona_hub.ingest.sources import Source, read_pages

    return read_pages(Source(kind=file.kind, path=str(file.path), fields={"text": column}))


def _findings(
    file: _File, column: str, unread: Counter[str], read: _Read
) -> Iterator[dict[str, Any]]:
    """One mapping a finding, in order of rows; `file` is named where there may be several."""
    from indic_persona_hub.privacy import identifiers, people

    for batch in _batches(file, column):
        unread.update(batch.rejected["reason"].to_pylist())
        texts = batch.pages["text"].to_pylist()
        read.texts += len(texts)
        found = zip(
            batch.pages["row"].to_pylist(), identifiers.find(texts), people.find(texts), strict=True
        )
        for place, numbers, names in found:
            row = int(place.rpartition(":")[2]) - 1
            where = {"file": file.name, "row": row} if file.name else {"row": row}
            for one in sorted([*numbers, *names], key=lambda one: (one.start, one.end, one.kind)):
                yield {**where, **one._asdict()}
