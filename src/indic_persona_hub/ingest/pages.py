"""Rows as read become rows of `records.PAGE` or of `records.REJECTED`."""

from __future__ import annotations

import json
from typing import NamedTuple

import pyarrow as pa

from indic_persona_hub.ingest.rows import Refused, Row
from indic_persona_hub.records import PAGE, REJECTED

_BATCH_ROWS = 2_000
_BATCH_CHARACTERS = 8_000_000

_Cells = dict[str, str | None]


class PageBatch(NamedTuple):
    """About 2,000 rows: `pages` in `records.PAGE`, `rejected` in `records.REJECTED`."""

    pages: pa.Table
    rejected: pa.Table


class Terms(NamedTuple):
    """What holds for each row of a source that does not say otherwise."""

    source: str
    licence: str
    url: str | None


class PageBasket:
    """Gathers rows until there are enough for a batch, by number or by size."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._pages: list[_Cells] = []
        self._rejected: list[_Cells] = []
        self._characters = 0

    def put(self, place: str, found: Row | Refused) -> None:
        """Add the row that stands at `place`."""
        made = _page(place, found, self._terms)
        if isinstance(made, Refused):
            self._rejected.append(_rejected(place, made))
            self._characters += len(made.payload)
        else:
            self._pages.append(made)
            self._characters += len(made["text"] or "")

    @property
    def full(self) -> bool:
        """Whether it is time to take a batch out."""
        rows = len(self._pages) + len(self._rejected)
        return rows >= _BATCH_ROWS or self._characters >= _BATCH_CHARACTERS

    @property
    def empty(self) -> bool:
        """Whether nothing is in it."""
        return not (self._pages or self._rejected)

    def take(self) -> PageBatch:
        """Everything that is in it; it is empty afterwards."""
        batch = PageBatch(
            pa.Table.from_pylist(self._pages, schema=PAGE),
            pa.Table.from_pylist(self._rejected, schema=REJECTED),
        )
        self._pages, self._rejected, self._characters = [], [], 0
        return batch


def _page(place: str, found: Row | Refused, terms: Terms) -> _Cells | Refused:
    if isinstance(found, Refused):
        return found
    text = found.values.get("text")
    if not isinstance(text, str):
        detail = "null" if text is None else f"is of type {type(text).__name__}"
        return Refused(found.number, "missing_text", detail, _payload(found))
    if not _is_utf8(text):
        return Refused(found.number, "invalid_utf8", "a lone surrogate", _payload(found))
    cells = {ours: _cell(value) or None for ours, value in found.values.items() if ours != "text"}
    return {
        "row": place,
        "text": text,
        "title": cells.get("title"),
        "source": cells.get("source") or terms.source,
        "licence": cells.get("licence") or terms.licence,
        "url": cells.get("url") or terms.url,
        "source_id": cells.get("id"),
        "stated_language": cells.get("language"),
    }


def _rejected(place: str, found: Refused) -> _Cells:
    return {
        "stage": "read",
        "row": place,
        "reason": found.reason,
        "detail": found.detail,
        "payload": found.payload,
    }


def _payload(row: Row) -> str:
    if row.raw is not None:
        return row.raw
    return _cell(json.dumps(row.values, ensure_ascii=False, default=str)) or ""


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # JSON may bring lone surrogates
        return False
    return True


def _cell(value: object) -> str | None:
    """A value as text that UTF-8 can hold."""
    if value is None:
        return None
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False, default=str)
    return str(value).encode("utf-8", "backslashreplace").decode("utf-8")
