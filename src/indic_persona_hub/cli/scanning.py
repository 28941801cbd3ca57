"""The command that says what a file tells of real people."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from indic_persona_hub.cli.withdrawing import app

if TYPE_CHECKING:
    from indic_persona_hub.ingest.sources import Source

__all__ = ("app", "scan")


@app.command()
def scan(
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help="JSONL, Parquet or CSV file, or a folder.")
    ],
    field: Annotated[str, typer.Option(help="The column, or path of keys, that holds texts.")] = (
        "text"
    ),
    as_json: Annotated[bool, typer.Option("--json", help="Print a line for each finding.")] = False,
) -> None:
    """Find identifiers and personal names in the texts of a file. Rows are counted from 0."""
    kinds: Counter[tuple[str, bool]] = Counter()
    unread: Counter[str] = Counter()
    for source in _sources(path, field):
        for finding in _findings(source, unread):
            kinds[finding["kind"], finding["valid"]] += 1
            if as_json:
                typer.echo(json.dumps(finding, ensure_ascii=False))
    if not as_json:
        for kind in sorted({kind for kind, _ in kinds}):
            sound, other = kinds[kind, True], kinds[kind, False]
            typer.echo(f"{kind:<16} {sound + other:>10,}   valid {sound:,}")
        typer.echo(f"{'all':<16} {kinds.total():>10,}")
    if unread:
        losses = ", ".join(f"{count:,} {reason}" for reason, count in sorted(unread.items()))
        typer.echo(f"Rows that could not be read: {losses}.", err=True)


def _sources(path: Path, field: str) -> list[Source]:
    """The files at `path`, one source for each kind of file.

    Raises:
        SourceError: None of them can be read.
    """
    from indic_persona_hub.errors import SourceError
    from indic_persona_hub.ingest.sources import ENDINGS, Source, source_files

    found = []
    for kind, endings in ENDINGS.items():
        if kind == "text" or not (path.is_dir() or path.name.endswith(endings)):
            continue
        source = Source(kind=kind, path=str(path), fields={"text": field})
        try:
            source_files(source)
        except SourceError:
            if not path.is_dir():
                raise
            continue
        found.append(source)
    if not found:
        raise SourceError(
            f"{path} is no JSONL, Parquet or CSV file, and no folder that holds one.",
            cure="Give a file that ends in .jsonl, .parquet or .csv, or a folder.",
        )
    return found


def _findings(source: Source, unread: Counter[str]) -> Iterator[dict[str, Any]]:
    """One mapping a finding, in order of rows; `file` is named where there may be several."""
    from indic_persona_hub.ingest.sources import read_pages
    from indic_persona_hub.privacy import identifiers, people

    several = Path(source.path).is_dir()
    for batch in read_pages(source):
        unread.update(batch.rejected["reason"].to_pylist())
        texts = batch.pages["text"].to_pylist()
        found = zip(
            batch.pages["row"].to_pylist(), identifiers.find(texts), people.find(texts), strict=True
        )
        for place, numbers, names in found:
            file, _, row = place.rpartition(":")
            where = {"file": file, "row": int(row) - 1} if several else {"row": int(row) - 1}
            for one in sorted([*numbers, *names], key=lambda one: (one.start, one.end, one.kind)):
                yield {**where, **one._asdict()}
