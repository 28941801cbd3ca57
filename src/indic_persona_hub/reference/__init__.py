"""Official figures and gazetteers of India, with source, year and licence.

Each table is a TSV file of this folder; `index.toml` says where it comes from, under which licence,
and what its columns hold.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import resources
from typing import Any

import pyarrow as pa
from pyarrow import compute, csv

from indic_persona_hub.errors import HubError

_TYPES = {
    "string": pa.string(),
    "int": pa.int32(),
    "float": pa.float64(),
    "bool": pa.bool_(),
    "list": pa.string(),
}


@dataclass(frozen=True)
class Source:
    """Where a table comes from.

    Attributes:
        title: What the table holds.
        source: Who published or compiled it.
        table: The table of the source that was read.
        year: The year that it describes.
        licence: The terms that it is shipped under.
        columns: Name and type (`string`, `int`, `float`, `bool`, `list`) of each column.
    """

    title: str
    source: str
    table: str
    year: int
    licence: str
    columns: dict[str, str]


def names() -> tuple[str, ...]:
    """Names of all tables, in order of the index."""
    return tuple(_index())


def source(name: str) -> Source:
    """Where the table `name` comes from.

    Raises:
        HubError: There is no such table; the cure names the nearest.
    """
    if name not in _index():
        near = get_close_matches(name, names(), n=1, cutoff=0.0)[0]
        raise HubError(
            f"There is no reference table called '{name}'.", cure=f"The nearest is '{near}'."
        )
    return Source(**_index()[name])


@cache
def load(name: str) -> pa.Table:
    """The table `name`, read once. An empty field is null; columns and types are in the index.

    Raises:
        HubError: There is no such table; the cure names the nearest.
    """
    columns = source(name).columns
    table = csv.read_csv(
        pa.BufferReader(resources.files(__name__).joinpath(f"{name}.tsv").read_bytes()),
        parse_options=csv.ParseOptions(delimiter="\t", quote_char=False),
        convert_options=csv.ConvertOptions(
            column_types={column: _TYPES[kind] for column, kind in columns.items()},
            include_columns=list(columns),
            null_values=[""],
            strings_can_be_null=True,
        ),
    )
    for position, (column, kind) in enumerate(columns.items()):
        if kind == "list":
            table = table.set_column(position, column, _items(table[column]))
    return table


def _items(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Lists of the items between vertical bars; an empty list where the field is empty."""
    split = compute.split_pattern(texts.fill_null(""), "|")
    lists = [[item for item in items if item] for items in split.to_pylist()]
    return pa.chunked_array([pa.array(lists, pa.list_(pa.string()))])


@cache
def _index() -> dict[str, dict[str, Any]]:
    return tomllib.loads(resources.files(__name__).joinpath("index.toml").read_text("utf-8"))
