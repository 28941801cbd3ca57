"""One spelling for texts that look the same, without touching what carries meaning in Indic script.

Sources: The Unicode Standard, chapter 12 "South and Central Asia-I" (ZWJ and ZWNJ after virama in
12.1; Bengali RA ZWJ virama and khanda ta in 12.2; Kannada 12.8; Malayalam chillu, table 12-39 in
12.9), chapter 9.2 (ZWNJ in Arabic script), chapter 23.2 (joiners), UAX #15 (NFC), and RFC 5892
appendix A (where joiners carry meaning).

Nukta: NFC keeps the letters of the composition exclusions apart (U+0958..U+095F, U+09DC, U+09DD,
U+09DF, U+0A33.., U+0B5C.. become letter + nukta) and composes the three that are not excluded
(U+0929, U+0931, U+0934). Chillus and khanda ta get their own code point.
"""

from __future__ import annotations

import re
import unicodedata

# Devanagari to Malayalam, Devanagari Extended, Meetei Mayek and its extensions.
_INDIC_BLOCKS = ((0x0900, 0x0D7F), (0xA8E0, 0xA8FF), (0xAAE0, 0xAAFF), (0xABC0, 0xABFF))
_LETTER = "".join(
    chr(code)
    for first, last in _INDIC_BLOCKS
    for code in range(first, last + 1)
    if unicodedata.category(chr(code)) == "Lo"
)
_VIRAMA = r"\u094D\u09CD\u0A4D\u0ACD\u0B4D\u0BCD\u0C4D\u0CCD\u0D4D\uAAF6\uABED"
_NUKTA = r"\u093C\u09BC\u0A3C\u0ABC\u0B3C\u0CBC"
_ARABIC = r"\u0620-\u065F\u066E-\u06D3\u06D5\u06EE-\u06EF\u06FA-\u06FF\u0750-\u077F\u08A0-\u08FF"

_LINE_ENDS = re.compile(r"\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u180e\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff"
    "\ud800-\udfff]+"
)
_JOINERS = re.compile(
    rf"(?<=[{_VIRAMA}])([\u200c\u200d])[\u200c\u200d]*(?=[{_LETTER}])"
    rf"|(?<=[{_LETTER}{_NUKTA}])(\u200d)[\u200c\u200d]*(?=[{_VIRAMA}][{_LETTER}])"
    rf"|(?<=[{_ARABIC}])(\u200c)[\u200c\u200d]*(?=[{_ARABIC}])"
    r"|[\u200c\u200d]+"
)
_OWN_CODE = {
    "\u0d23\u0d4d\u200d": "\u0d7a",
    "\u0d28\u0d4d\u200d": "\u0d7b",
    "\u0d30\u0d4d\u200d": "\u0d7c",
    "\u0d32\u0d4d\u200d": "\u0d7d",
    "\u0d33\u0d4d\u200d": "\u0d7e",
    "\u0d15\u0d4d\u200d": "\u0d7f",
    "\u09a4\u09cd\u200d": "\u09ce",
}
_OLD_SPELLING = re.compile("|".join(_OWN_CODE))
_SPACES = re.compile(r"[^\S\n]+")
_SPACED_BREAK = re.compile(r" ?\n ?")
_BLANK_LINES = re.compile(r"\n{3,}")


def normalise(text: str) -> str:
    """The text in one spelling: NFC, meaningful joiners only, tidy whitespace.

    Joiners (ZWJ, ZWNJ) stay between a virama and an Indic letter, ZWJ before a virama (Bengali and
    Kannada RA), ZWNJ between Arabic letters; elsewhere they go, as do other invisible characters,
    controls and variation selectors. Runs of spaces become one, lines are stripped, at most one
    blank line stays between paragraphs. Digits, dandas and vertical bars are left alone.
    Idempotent.
    """
    while (tidier := _once(text)) != text:
        text = tidier
    return text


def _once(text: str) -> str:
    text = _LINE_ENDS.sub("\n", text)
    text = _INVISIBLE.sub("", text)
    text = unicodedata.normalize("NFC", text)
    if "\u200c" in text or "\u200d" in text:
        text = _OLD_SPELLING.sub(lambda found: _OWN_CODE[found.group()], text)
        text = _JOINERS.sub(lambda found: found[found.lastindex] if found.lastindex else "", text)
        text = unicodedata.normalize("NFC", text)
    text = _SPACED_BREAK.sub("\n", _SPACES.sub(" ", text))
    return _BLANK_LINES.sub("\n\n", text).strip()
