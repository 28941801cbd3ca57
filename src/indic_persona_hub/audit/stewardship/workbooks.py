"""The rows of an Office Open XML workbook (.xlsx, ECMA-376): in such a one SPICE is published."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

_SHEETS: Final = re.compile(r"xl/worksheets/sheet(\d+)\.xml")
_SHARED: Final = "xl/sharedStrings.xml"
_MOST_BYTES: Final = 100 * 2**20
_LETTERS: Final = re.compile(r"[A-Z]+")
_SPACE: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def workbook_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of all sheets that have the columns of the first, which its first row names.

    Raises:
        ValueError: It is no workbook, or a part of it is far too large for a list.
    """
    try:
        with zipfile.ZipFile(path) as file:
            names = sorted(filter(_SHEETS.fullmatch, file.namelist()), key=_number)
            shared = _texts(file) if _SHARED in file.namelist() else []
            sheets = [_cells(_part(file, name), shared) for name in names]
    except (zipfile.BadZipFile, ElementTree.ParseError, IndexError) as error:
        raise ValueError(f"it is no workbook ({error})") from error
    heads = sheets[0][0] if sheets and sheets[0] else []
    for sheet in sheets:
        if sheet and sheet[0] == heads:
            for cells in sheet[1:]:
                yield {name: cell for name, cell in zip_longest(heads, cells, fillvalue="") if name}


def _number(name: str) -> int:
    return int(_SHEETS.sub(r"\1", name))


def _part(file: zipfile.ZipFile, name: str) -> ElementTree.Element:
    if file.getinfo(name).file_size > _MOST_BYTES:
        raise ValueError(f"its {name} is larger than {_MOST_BYTES:,} bytes")
    return ElementTree.fromstring(file.read(name))


def _texts(file: zipfile.ZipFile) -> list[str]:
    return [_text(one) for one in _part(file, _SHARED).iter(f"{_SPACE}si")]


def _text(element: ElementTree.Element) -> str:
    return "".join(one.text or "" for one in element.iter(f"{_SPACE}t"))


def _cells(sheet: ElementTree.Element, shared: Sequence[str]) -> list[list[str]]:
    """The cells of each row that is not empty, in their columns."""
    rows = []
    for row in sheet.iter(f"{_SPACE}row"):
        cells: list[str] = []
        for cell in row.iter(f"{_SPACE}c"):
            column = _column(cell.get("r", ""), len(cells))
            cells += [""] * (column - len(cells))
            cells.append(_value(cell, shared))
        if any(cells):
            rows.append(cells)
    return rows


def _column(place: str, following: int) -> int:
    """The column of a cell at a place such as AB12; without a place the one that follows."""
    letters = _LETTERS.match(place)
    if letters is None:
        return following
    number = 0
    for letter in letters.group()[-3:]:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1


def _value(cell: ElementTree.Element, shared: Sequence[str]) -> str:
    if cell.get("t") == "inlineStr":
        return _text(cell)
    value = cell.findtext(f"{_SPACE}v", "")
    return shared[int(value)] if cell.get("t") == "s" and value else value
