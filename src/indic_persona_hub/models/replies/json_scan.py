"""Read a JSON object that strict JSON refuses: where it ends, what it holds, what is wrong with it.

This says what may be mended at all, and whether a reply was cut. It knows the faults that language
models make and no others: anything else is unreadable.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_DEEPEST: Final = 32
# A key with its colon; keys of schemas are short and hold no quotes.
_QUOTED: Final = r"""(?:"[^"\\\n]{1,80}"|'[^'\\\n]{1,80}')\s*:"""
_KEY: Final = r"""(?:"([^"\\\n]{1,80})"|'([^'\\\n]{1,80})'|([A-Za-z_]\w{0,80}))\s*:"""
_KEY_FAULTS: Final = {1: "", 2: "single quotes", 3: "keys without quotes"}
_BARE: Final = (
    r"(?:-?(?:0|[1-9]\d{0,17})(?:\.\d{1,17})?|true|false|null|True|False|None)(?=\s*(?:[,}\]]|\Z))"
)
_KEY_AT: Final = re.compile(_KEY)
_QUOTED_KEY_AT: Final = re.compile(_QUOTED)
_BARE_AT: Final = re.compile(_BARE)
_LAST_WORD_AT: Final = re.compile(r"""["']?[\w -]*["']?\s*\Z""")
#: What stands behind the quote that ends a string, in an object and in an array. A quote before
#: anything else belongs to the text.
_BEHIND: Final = {
    "{": re.compile(rf"\s*(?:\}}|,\s*(?:\}}|{_KEY})|{_QUOTED}|\Z)"),
    "[": re.compile(rf"""\s*(?:\]|,\s*(?:["'\[{{\]]|{_BARE})|\Z)"""),
}
_TO_QUOTE: Final = {
    '"': re.compile(r'[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL),
    "'": re.compile(r"[^'\\]*(?:\\.[^'\\]*)*'", re.DOTALL),
}
#: What is left in a text whose end was not found.
_RESIDUE: Final = re.compile(r"""["']\s*(?:[+:]\s*["'\[{]|,\s*["']\w+["']\s*:)""")
_CONTROL: Final = re.compile(r"[\x00-\x1f]")
_NO_ESCAPE: Final = re.compile(r"""(?<!\\)(?:\\\\)*\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})""")
_ESCAPE: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_ESCAPED: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_ITSELF: Final = frozenset("\"'/\\")
_PYTHON: Final = {"True": "true", "False": "false", "None": "null"}
_CLOSING: Final = {"{": "}", "[": "]"}


class UnreadableError(Exception):
    """The text is not nearly JSON.

    Args:
        detail: What was found.
        cut: True where the text ended inside a string or bracket.
    """

    def __init__(self, detail: str, *, cut: bool = False) -> None:
        super().__init__(detail)
        self.detail = detail
        self.cut = cut


class Scan(NamedTuple):
    """One object in a text.

    Attributes:
        start: Of its first bracket.
        end: Behind its last bracket.
        atoms: Its keys, strings (unescaped) and other values (as JSON) in the order of the text.
        faults: What strict JSON refuses in it, in a few words each, in order of first sight.
    """

    start: int
    end: int
    atoms: tuple[str, ...]
    faults: tuple[str, ...]


def scan_object(text: str) -> Scan:
    """Read the first object of `text`.

    Raises:
        UnreadableError: There is none, it was cut, or it has faults that are not known here.
    """
    start = text.find("{")
    if start < 0:
        raise UnreadableError("no JSON object")
    return _Reader(text, start).scan()


class _Reader:
    def __init__(self, text: str, start: int) -> None:
        self._text = text
        self._start = self._at = start
        self._open: list[str] = []
        self._is_first = False  # an item that follows is the first in its bracket
        self._atoms: list[str] = []
        self._faults: dict[str, None] = {}

    def scan(self) -> Scan:
        self._value()
        while self._open:
            if self._closed():
                continue
            if self._open[-1] == "{":
                self._key()
            self._value()
        return Scan(self._start, self._at, tuple(self._atoms), tuple(self._faults))

    def _closed(self) -> bool:
        """Go over what stands before the next item; True where that was a closing bracket."""
        found, closing = self._peek(), _CLOSING[self._open[-1]]
        if found == "," and not self._is_first:
            self._at += 1
            found = self._peek()
            if found == closing:
                self._note("trailing comma")
        elif found != closing and not self._is_first:
            if self._open[-1] == "[" or not _QUOTED_KEY_AT.match(self._text, self._at):
                raise self._unexpected()
            self._note("missing comma")
        if found != closing:
            return False
        self._at += 1
        self._open.pop()
        self._is_first = False
        return True

    def _key(self) -> None:
        key = _KEY_AT.match(self._text, self._at)
        if key is None:
            raise self._unexpected(cut=bool(_LAST_WORD_AT.match(self._text, self._at)))
        kind = key.lastindex or 0
        self._note(_KEY_FAULTS[kind])
        self._atoms.append(key[kind])
        self._at = key.end()

    def _value(self) -> None:
        found = self._peek()
        self._is_first = found in _CLOSING
        if found in _CLOSING:
            if len(self._open) == _DEEPEST:
                raise UnreadableError(f"nested deeper than {_DEEPEST}")
            self._open.append(found)
            self._at += 1
        elif found in _TO_QUOTE:
            self._string(found)
        else:
            self._bare()

    def _bare(self) -> None:
        word = _BARE_AT.match(self._text, self._at)
        if word is None:
            raise self._unexpected(cut=bool(_LAST_WORD_AT.match(self._text, self._at)))
        if word[0] in _PYTHON:
            self._note("Python literals")
        self._atoms.append(_PYTHON.get(word[0], word[0]))
        self._at = word.end()

    def _string(self, quote: str) -> None:
        begin = end = self._at + 1
        while closing := _TO_QUOTE[quote].match(self._text, end):
            if _BEHIND[self._open[-1]].match(self._text, closing.end()):
                break
            self._note("unescaped quote")
            end = closing.end()
        else:
            # Quotes that close nothing before a last bracket are a mess, not the end of a cut text.
            messy = end > begin and self._text.rstrip("` \n").endswith(("}", "]"))
            raise UnreadableError("a string is never closed", cut=not messy)
        raw = self._text[begin : closing.end() - 1]
        if quote == "'":
            self._note("single quotes")
        if control := _CONTROL.search(raw):
            self._note(
                "unescaped newline" if control[0] in "\r\n" else "unescaped control character"
            )
        if _NO_ESCAPE.search(raw):
            self._note("escape that JSON has not")
        if end > begin and _RESIDUE.search(raw):
            raise UnreadableError("a quote too few")
        self._atoms.append(_unescaped(raw))
        self._at = closing.end()

    def _note(self, fault: str) -> None:
        if fault:
            self._faults[fault] = None

    def _peek(self) -> str:
        """The next character that is not white space."""
        while self._at < len(self._text) and self._text[self._at].isspace():
            self._at += 1
        if self._at == len(self._text):
            raise UnreadableError("a bracket is never closed", cut=True)
        return self._text[self._at]

    def _unexpected(self, *, cut: bool = False) -> UnreadableError:
        near = self._text[self._at : self._at + 12]
        return UnreadableError(f"unexpected {near!r} at {self._at}", cut=cut)


def _unescaped(raw: str) -> str:
    if "\\" not in raw:
        return raw
    text = _ESCAPE.sub(_character, raw)
    # Characters beyond the first plane are escaped in two halves.
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def _character(escape: re.Match[str]) -> str:
    if escape[1]:
        return chr(int(escape[1], 16))
    return _ESCAPED.get(escape[2]) or (escape[2] if escape[2] in _ITSELF else escape[0])
