"""Texts hidden in a text: encoded, turned round by a mark, or in characters without a shape."""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import unquote

_BASE64: Final = re.compile(
    r"(?<![A-Za-z0-9+/=_-])[A-Za-z0-9+/_-]{16,}(?:\r?\n[A-Za-z0-9+/_-]{4,}){0,200}={0,2}"
)
_HEX: Final = re.compile(r"(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{2}[ \n]?){24,}(?![0-9A-Fa-f])")
_ENTITIES: Final = re.compile(r"(?:&#(?:x[0-9A-Fa-f]{1,5}|\d{1,6});[ ]?){12,}")
_PERCENT: Final = re.compile(r"(?:%[0-9A-Fa-f]{2}[A-Za-z]?){16,}")
#: Tag characters spell ASCII that is never drawn; after a flag they are part of it.
_TAGS: Final = re.compile("(?<!\U0001f3f4)[\U000e0020-\U000e007e]{8,}")
#: Variation selectors in a row spell bytes that are never drawn.
_SELECTORS: Final = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{8,}")
_FIRST_SELECTOR, _FIRST_OF_OTHERS, _OTHERS_FROM = 0xFE00, 0xE0100, 16
#: Right-to-left override: what follows is drawn backwards.
_TURNED: Final = re.compile("\u202e[^\u202c\n]{12,}")

_LEAST_WORDS: Final = 3
_LEAST_LETTERS: Final = 0.7


def hidden_texts(text: str) -> Iterator[tuple[int, str]]:
    """Where in `text` another text is hidden, and what it says.

    Base64 and hexadecimal are read where they hold UTF-8 prose of at least three words; so are runs
    of character entities, of percent codes and of variation selectors, tag characters, and what
    stands after a right-to-left override.
    """
    forms = _IN_ASCII if text.isascii() else (*_IN_ASCII, *_UNDRAWN)
    for sign, pattern, read in forms:
        if sign in text:
            for found in pattern.finditer(text):
                yield from _if_prose(found.start(), read(found[0]))
    if not text.isascii():
        for found in _TAGS.finditer(text):
            yield found.start(), "".join(chr(ord(one) - 0xE0000) for one in found[0])


def _from_selectors(run: str) -> str:
    return _utf8(bytes(map(_selected, run)))


def _selected(selector: str) -> int:
    code = ord(selector)
    few = code < _FIRST_OF_OTHERS
    return code - _FIRST_SELECTOR if few else code - _FIRST_OF_OTHERS + _OTHERS_FROM


def _from_base64(run: str) -> str:
    packed = "".join(run.split()).rstrip("=").translate(str.maketrans("-_", "+/"))
    # A last character too many is not of it.
    whole = packed[: len(packed) - (len(packed) % 4 == 1)]
    try:
        return _utf8(base64.b64decode(whole + "=" * (-len(whole) % 4)))
    except binascii.Error:
        return ""


def _from_hex(run: str) -> str:
    return _utf8(bytes.fromhex("".join(run.split())))


def _from_percent(run: str) -> str:
    return unquote(run, errors="ignore")


def _utf8(raw: bytes) -> str:
    """What `raw` says; what is cut off at its end is left out, and nothing else."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return raw[: error.start].decode("utf-8") if error.start > len(raw) - 4 else ""


def _if_prose(at: int, read: str) -> Iterator[tuple[int, str]]:
    letters = sum(one.isalpha() or one.isspace() or "\u0900" <= one <= "\u0dff" for one in read)
    words = sum(any(map(str.isalpha, word)) for word in read.split())
    if words >= _LEAST_WORDS and letters >= _LEAST_LETTERS * len(read):
        yield at, " ".join(read.split())


#: A sign that all have, the form, and how it is read.
_IN_ASCII: Final[tuple[tuple[str, re.Pattern[str], Callable[[str], str]], ...]] = (
    ("", _BASE64, _from_base64),
    ("", _HEX, _from_hex),
    ("&#", _ENTITIES, html.unescape),
    ("%", _PERCENT, _from_percent),
)
_UNDRAWN: Final[tuple[tuple[str, re.Pattern[str], Callable[[str], str]], ...]] = (
    ("", _SELECTORS, _from_selectors),
    ("\u202e", _TURNED, lambda run: run[:0:-1]),
)
