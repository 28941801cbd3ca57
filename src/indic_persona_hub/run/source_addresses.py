"""Addresses of pages as tombstones know them: one page, however its address is written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from typing import Final
from urllib.parse import unquote

from indic_persona_hub.records import content_id

_ADDRESS: Final = re.compile(
    r"(?:[a-z][a-z0-9+.-]*:)?//(?:[^/?#]*@)?([^/?#@]+)([^?#]*)(\?[^#]*)?(#[!/].*)?", re.IGNORECASE
)
#: `example.org/news`, without `https://`.
_BARE: Final = re.compile(r"[^\s/?#@.][^\s/?#@]*\.[^\s/?#@.]+(?:[/?#]\S*)?")
#: What is deeper is one folder: an address of 100 kB must not cost a gigabyte of those above it.
_MOST_FOLDERS: Final = 64
_DEFAULT_PORT: Final = re.compile(r":(?:80|443)?$")


def source_id(source: str) -> str:
    """The id of an address (of a page, or of all pages below it) or of a source's name."""
    return address_id(list(above(source))[-1])


def source_ids(asked: str) -> list[str]:
    """Ids of what somebody asks for: a name, an address, or what may be either."""
    asked = asked.strip().removeprefix("<").removesuffix(">").strip()
    forms = [asked, *([f"//{asked}"] if _BARE.fullmatch(asked) else [])]
    return list(dict.fromkeys(map(source_id, forms)))


@lru_cache(maxsize=1 << 16)
def address_id(address: str) -> str:
    """The id of what `above` gives."""
    return content_id(["source", address])


def above(source: str) -> Iterator[str]:
    """A name itself; of an address its host, then each folder above it, then itself.

    With and without `www.`, the port that is meant anyway and a trailing slash, in http and https,
    percent-encoded or not, an address is one. What follows `#` is no part of it, unless it is the
    path of a page (`#/thread/5`).
    """
    found = _ADDRESS.match(source.strip())
    if found is None:
        yield source.strip()
        return
    place = _host(found[1])
    yield place
    for part in _folders(found[2]):
        place = f"{place}/{part}"
        yield place
    if rest := (found[3] or "") + (found[4] or ""):
        yield place + _read(rest)


def _host(host: str) -> str:
    host = _DEFAULT_PORT.sub("", _read(host).lower()).rstrip(".").removeprefix("www.")
    if "xn--" in host:
        with suppress(UnicodeError):
            return host.encode("ascii").decode("idna")
    return host


def _folders(path: str) -> list[str]:
    folders: list[str] = []
    for part in _read(path).split("/"):
        if part == "..":
            del folders[-1:]
        elif part not in ("", "."):
            folders.append(part)
    deeper = "/".join(folders[_MOST_FOLDERS:])
    return [*folders[:_MOST_FOLDERS], *([deeper] if deeper else [])]


def _read(part: str) -> str:
    part = unquote(part)
    return part if part.isascii() else unicodedata.normalize("NFC", part)
