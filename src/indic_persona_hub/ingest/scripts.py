"""Scripts by Unicode block, and words that are not cut at vowel signs."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from typing import Final

_BLOCKS: Final = (
    (0x0041, 0x024F, "Latn"),
    (0x0370, 0x03FF, "Grek"),
    (0x0400, 0x052F, "Cyrl"),
    (0x0590, 0x05FF, "Hebr"),
    (0x0600, 0x06FF, "Arab"),
    (0x0750, 0x077F, "Arab"),
    (0x08A0, 0x08FF, "Arab"),
    (0x0900, 0x097F, "Deva"),
    (0x0980, 0x09FF, "Beng"),
    (0x0A00, 0x0A7F, "Guru"),
    (0x0A80, 0x0AFF, "Gujr"),
    (0x0B00, 0x0B7F, "Orya"),
    (0x0B80, 0x0BFF, "Taml"),
    (0x0C00, 0x0C7F, "Telu"),
    (0x0C80, 0x0CFF, "Knda"),
    (0x0D00, 0x0D7F, "Mlym"),
    (0x0D80, 0x0DFF, "Sinh"),
    (0x0E00, 0x0E7F, "Thai"),
    (0x0F00, 0x0FFF, "Tibt"),
    (0x1000, 0x109F, "Mymr"),
    (0x1C50, 0x1C7F, "Olck"),
    (0x1CD0, 0x1CFF, "Deva"),
    (0x1E00, 0x1EFF, "Latn"),
    (0x3040, 0x30FF, "Jpan"),
    (0x4E00, 0x9FFF, "Hani"),
    (0xA8E0, 0xA8FF, "Deva"),
    (0xAAE0, 0xAAFF, "Mtei"),
    (0xABC0, 0xABFF, "Mtei"),
    (0xAC00, 0xD7AF, "Hang"),
    (0xFB50, 0xFDFF, "Arab"),
    (0xFE70, 0xFEFF, "Arab"),
)
_STARTS: Final = [first for first, _, _ in _BLOCKS]

NO_SCRIPT: Final = "Zyyy"  # ISO 15924: no letters
OTHER_SCRIPT: Final = "Zzzz"  # ISO 15924: a script that is not told apart here
#: All codes that `script_of` gives, in alphabetical order.
SCRIPTS: Final = tuple(sorted({*(script for _, _, script in _BLOCKS), OTHER_SCRIPT}))
INDIAN: Final = frozenset("Deva Beng Guru Gujr Orya Taml Telu Knda Mlym Olck Mtei Arab".split())
INDIAN_SHARE: Final = 0.4  # pages in an Indian script carry many names and terms in Latin letters

_MARKED: Final = ((0x0300, 0x036F), *((first, last) for first, last, _ in _BLOCKS))
_MARKS: Final = "".join(
    chr(code)
    for first, last in _MARKED
    for code in range(first, last + 1)
    if unicodedata.category(chr(code)).startswith("M")
)
_WORD: Final = re.compile(rf"[^\W_](?:[^\W_]|[{_MARKS}\u200c\u200d])*")

_ASCII_WORD: Final = re.compile("[0-9A-Za-z]+")
_ASCII_LETTER: Final = re.compile("[A-Za-z]")


def words(text: str) -> list[str]:
    """The words of `text`: letters and digits with the marks and joiners between and after them."""
    if text.isascii():
        return _ASCII_WORD.findall(text)
    return _WORD.findall(text)


def script_of(character: str) -> str | None:
    """ISO 15924 code of a letter or mark; null for anything else."""
    if unicodedata.category(character)[0] not in "LM":
        return None
    code = ord(character)
    at = bisect_right(_STARTS, code) - 1
    if at >= 0 and code <= _BLOCKS[at][1]:
        return _BLOCKS[at][2]
    return OTHER_SCRIPT if character.isalpha() else None


def main_script(text: str) -> str:
    """The script of most letters and vowel signs; an Indian one wins from two fifths on."""
    if text.isascii():
        return "Latn" if _ASCII_LETTER.search(text) else NO_SCRIPT
    counts: Counter[str] = Counter()
    for character, times in Counter(text).items():
        if script := script_of(character):
            counts[script] += times
    if not counts:
        return NO_SCRIPT
    # Order of insertion depends on the text, never on chance; the name settles ties.
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    indian = next((item for item in ranked if item[0] in INDIAN), None)
    if indian and indian[1] >= INDIAN_SHARE * counts.total():
        return indian[0]
    return ranked[0][0]
