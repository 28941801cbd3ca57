"""Texts hidden in a text: encoded, turned round by a mark, or in characters without a shape."""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

_BASE64: Final = re.compile(
    r"(?<![A-Za-z0-9+/=_-])[A-Za-z0-9+/_-]{24,}(?:\n[A-Za-z0-9+/_-]{4,}){0,200}={0,2}"
)
_HEX: Final = re.compile(r"(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{2}[ \n]?){24,}(?![0-9A-Fa-f])")
_ENTITIES: Final = re.compile(r"(?:&#(?:x[0-9A-Fa-f]{1,5}|\d{1,6});[ ]?){12,}")
_PERCENT: Final = re.compile(r"(?:%[0-9A-Fa-f]{2}[A-Za-z]?){16,}")
#: Tag characters spell ASCII that is never drawn; after a flag they are part of it.
_TAGS: Final = re.compile("(?<!\U0001f3f4)[\U000e0020-\U000e007e]{8,}")
#: Right-to-left override: what follows is drawn backwards.
_TURNED: Final = re.compile("\u202e([^\u202c\n]{12,})")

_LEAST_WORDS: Final = 3
_LEAST_LETTERS: Final = 0.7


def hidden_texts(text: str) -> Iterator[tuple[int, str]]:
    """Where in `text` another text is hidden, and what it says.

    Base64 and hexadecimal are read where they hold UTF-8 prose of at least three words; so are runs
    of character entities and of percent codes, tag characters, and what stands after a
    right-to-left override.
    """
    for found in _BASE64.finditer(text):
        yield from _if_prose(found.start(), _from_base64(found[0]))
    for found in _HEX.finditer(text):
        yield from _if_prose(found.start(), _utf8(bytes.fromhex("".join(found[0].split()))))
    if "&#" in text:
        for found in _ENTITIES.finditer(text):
            yield from _if_prose(found.start(), html.unescape(found[0]))
    if "%" in text:
        for found in _PERCENT.finditer(text):
            yield from _if_prose(found.start(), unquote(found[0], errors="ignore"))
    if text.isascii():
        return
    for found in _TAGS.finditer(text):
        yield found.start(), "".join(chr(ord(one) - 0xE0000) for one in found[0])
    for found in _TURNED.finditer(text):
        yield from _if_prose(found.start(), found[1][::-1])


def _from_base64(run: str) -> str:
    packed = "".join(run.split()).rstrip("=").translate(str.maketrans("-_", "+/"))
    # A last character too many is not of it.
    whole = packed[: len(packed) - (len(packed) % 4 == 1)]
    try:
        return _utf8(base64.b64decode(whole + "=" * (-len(whole) % 4)))
    except binascii.Error:
        return ""


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
