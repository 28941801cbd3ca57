"""What a reader of one file gives: rows, and rows that it refuses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Literal, NamedTuple

from indic_persona_hub.errors import SourceError
from indic_persona_hub.records import STATED_COLUMNS

Field = Literal[
    "text", "title", "url", "id", "language", "licence", "source", "domain", "synth_method",
    "model", "country", "state", "district", "residence", "age", "gender", "mother_tongue",
    "religion", "community", "education", "occupation", "disability",
]  # fmt: skip
#: Our field -> their column.
Fields = Mapping[Field, str]

_SHOWN = 12
#: Fields that `--map` takes and that pages have not, or call otherwise.
_OF_PERSONAS: Mapping[str, str] = {
    "text": "persona", "domain": "domain", **{name: name for name in STATED_COLUMNS}
}  # fmt: skip


class NoColumnError(SourceError):
    """A mapped column that a file has not."""


class Row(NamedTuple):
    """A row of a file.

    Attributes:
        number: Line (JSONL, CSV) or row (Parquet) in the file, from 1.
        values: The mapped fields that the row has, unchecked.
        raw: The row as it stands in the file, where that is at hand.
    """

    number: int
    values: Mapping[Field, object]
    raw: str | None = None


class Refused(NamedTuple):
    """A row that cannot be read: why, and what it was."""

    number: int
    reason: str
    detail: str
    payload: str


def visible(damaged: bytes) -> str:
    r"""Bytes as text, with what is not UTF-8 written as `\xNN`."""
    return damaged.decode("utf-8", "backslashreplace")


def check_columns(path: Path, fields: Fields, columns: Iterable[str]) -> None:
    """See that every mapped column is there.

    Raises:
        NoColumnError: One is not; the message names the file and the nearest columns.
    """
    present = list(dict.fromkeys(columns))
    for ours, theirs in fields.items():
        if theirs not in present:
            raise no_column(path, ours, theirs, present)


def no_column(path: Path, ours: Field, theirs: str, present: Sequence[str]) -> NoColumnError:
    """The error for a mapped column that the file has not."""
    near = get_close_matches(theirs, present, n=3, cutoff=0.5)
    shown = ", ".join(present[:_SHOWN]) + (", ..." if len(present) > _SHOWN else "")
    guess = near[0] if near else "their_column"
    return NoColumnError(
        f"{path} has no column '{theirs}'; "
        + (f"the nearest are: {', '.join(near)}." if near else f"it has: {shown or 'none'}."),
        cure=f"Map it in the source's fields, for example {{{ours}: {guess}}}"
        + (f", or with --map {_OF_PERSONAS[ours]}={guess}" if ours in _OF_PERSONAS else "")
        + "; every file of the source needs it.",
    )
