"""Keys of endpoints: read from an environment variable or a file, and shown to nobody."""

from __future__ import annotations

import html
import os
import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from typing import Final, NoReturn
from urllib.parse import unquote, unquote_plus

from indic_persona_hub.errors import ModelError

_MARK: Final = "[key]"
_WITHHELD: Final = "(words that held the key)"
#: As much of a key's beginning or end is as good as the key.
_PART: Final = 8
_MOST_BYTES: Final = 8 << 10
_VISIBLE: Final = re.compile(r"[!-~]+")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{11,}")
_HEX: Final = re.compile(r"[0-9A-Fa-f]{16,}")
_LAYERS: Final = 3
_ESCAPED: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(.))")


class Key:
    """A key, or none. It leaves this object by `authorization` alone.

    Args:
        value: Visible ASCII; "" is no key.
        source: Where it was read from, as words in a sentence; "" for none.
    """

    __slots__ = ("_value", "source")

    def __init__(self, value: str, source: str = "") -> None:
        self._value = value
        #: Where it was read from, as words in a sentence.
        self.source = source

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return f"Key({self.source})"

    __str__ = __repr__

    def __format__(self, form: str) -> str:
        return repr(self)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is not stored")

    @property
    def authorization(self) -> str:
        """The value of the Authorization header; "" for none."""
        return f"Bearer {self._value}" if self._value else ""

    @property
    def cure(self) -> str:
        """What to do where an endpoint does not take it."""
        if not self:
            return "Name the environment variable that holds the key in api_key_env."
        return f"Check the key in {self.source}."

    def taken_out_of(self, text: str) -> str:
        """Words of an endpoint without the key, without 8 and more characters of its ends.

        Where it stands in them encoded (URL, HTML, JSON, base64, hex), none of them are left.
        """
        if not self:
            return text
        plain = self._without(text)
        return _WITHHELD if any(map(self._stands_in, _decoded(plain))) else plain

    def _without(self, text: str) -> str:
        value = self._value
        if len(value) <= _PART:
            return text.replace(value, _MARK)
        first, *rest = text.split(value[:_PART])
        text = _MARK.join([first, *(piece[_shared(piece, value[_PART:]) :] for piece in rest)])
        *rest, last = text.split(value[-_PART:])
        before = value[:-_PART][::-1]
        kept = [piece[: len(piece) - _shared(piece[::-1], before)] for piece in rest]
        return _MARK.join([*kept, last])

    def _stands_in(self, text: str) -> bool:
        return self._value[:_PART] in text or self._value[-_PART:] in text


def key_of(env: str | None, file: str | None, base_url: str) -> Key:
    """The key that the settings name.

    Args:
        env: Name of an environment variable.
        file: Path of a file whose one line it is.
        base_url: Whose key it is, for the cure.

    Raises:
        ModelError: It is not there, or it is nothing that a header can hold. No part of it is said.
    """
    if env is not None:
        value, source = os.environ.get(env, ""), f"the environment variable {env}"
        missing = f"The environment variable {env} is not set."
        cure = f"Put the key of {base_url} into it, or leave api_key_env out."
    elif file is not None:
        value, source = _in_file(Path(file).expanduser(), base_url), f"the file {file}"
        missing = f"The file {file} is empty."
        cure = f"Put the key of {base_url} into it, or leave api_key_file out."
    else:
        return Key("")
    value = value.strip()
    if not value:
        raise ModelError(missing, cure=cure)
    if not _VISIBLE.fullmatch(value):
        raise ModelError(
            f"The key in {source} holds spaces, line breaks or characters that no header may hold.",
            cure="Put the key alone into it, on one line, without 'Bearer'.",
        )
    return Key(value, source)


def _in_file(path: Path, base_url: str) -> str:
    cure = f"Put the key of {base_url} into a file of one line that you alone may read."
    try:
        with path.open("rb") as opened:
            content = opened.read(_MOST_BYTES + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ModelError(f"The key file {path} cannot be read: {reason}.", cure=cure) from None
    if len(content) > _MOST_BYTES:
        raise ModelError(f"The key file {path} is far longer than a key.", cure=cure)
    return content.decode("utf-8", "replace")


def _shared(text: str, other: str) -> int:
    """How many characters both begin with."""
    return sum(
        1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(text, other, strict=False))
    )


def _decoded(text: str) -> Iterator[str]:
    """What the words say to whoever takes an encoding off them, as often as it is on them."""
    for decode in (unquote, unquote_plus, html.unescape, _unescape):
        layer = text
        for _ in range(_LAYERS):
            inner = decode(layer)
            if inner == layer:
                break
            yield inner
            layer = inner
    for run in _HEX.findall(text):
        for begin in range(2):
            yield bytes.fromhex(run[begin : len(run) - (len(run) - begin) % 2]).decode("latin-1")
    for run in _BASE64.findall(text):
        for begin in range(4):
            # Filled up with zero bits, as if the run went on.
            yield urlsafe_b64decode(
                run[begin:].replace("+", "-").replace("/", "_") + "A" * (-(len(run) - begin) % 4)
            ).decode("latin-1")


def _unescape(text: str) -> str:
    return _ESCAPED.sub(_unescaped, text)


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else found[3]
