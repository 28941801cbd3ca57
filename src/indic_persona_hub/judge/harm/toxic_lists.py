"""Toxic words of a user's own, from a file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from pydantic import ValidationError

from indic_persona_hub.errors import SourceError
from indic_persona_hub.judge.harm.toxic_words import ToxicWord

_DELIMITERS = {".csv": ",", ".tsv": "\t"}
_COLUMNS = "word, kind, severity, sense, language"


def read_toxic_words(path: str) -> tuple[ToxicWord, ...]:
    """The words of a list: CSV or TSV with a header (`word`, and of `kind`, `severity`, `sense` and
    `language` those that are there), or, with any other ending, a word or phrase a line.

    Raises:
        SourceError: The file cannot be read, is not UTF-8, or a row of it does not fit.
    """
    try:
        lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(
            f"The list of toxic words {path} cannot be read: {error}.",
            cure="Name a UTF-8 file that this process may read.",
        ) from error
    delimiter = _DELIMITERS.get(Path(path).suffix.lower())
    if delimiter is None:
        return tuple(ToxicWord(word=line.strip()) for line in lines if line.strip())
    try:
        return tuple(_rows(path, lines, delimiter))
    except csv.Error as error:
        raise SourceError(
            f"The list of toxic words {path} is no table: {error}.",
            cure=f"Columns are {_COLUMNS}; only `word` is needed.",
        ) from error


def list_digest(path: str) -> str:
    """64 hex digits that change with what a list says, wherever it lies."""
    words = read_toxic_words(path)
    return sha256("\n".join(one.model_dump_json() for one in words).encode()).hexdigest()


def _rows(path: str, lines: list[str], delimiter: str) -> Iterator[ToxicWord]:
    for number, row in enumerate(csv.DictReader(lines, delimiter=delimiter), 2):
        given = {name: value for name, value in row.items() if name and value}
        try:
            yield ToxicWord.model_validate(given)
        except ValidationError as error:
            problem = error.errors()[0]
            raise SourceError(
                f"{path}, line {number}: {problem['loc'][0]}: {problem['msg']}.",
                cure=f"Columns are {_COLUMNS}; only `word` is needed.",
            ) from error
