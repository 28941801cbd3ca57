"""Words written so that a list does not find them: letters repeated, starred out, made of digits.

Nothing is guessed: a disguise is undone only where a word of the list asked about comes out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from indic_persona_hub.reference.lexicon import key

#: What stands for a letter, and which.
_LOOKS_LIKE: Final = str.maketrans("@4013!$57", "aaoieisst")
_LIKE_L: Final = str.maketrans("@401!$57", "aaolisst") | {ord("3"): "e"}
_MASKS: Final = "*#"
_SIGNS: Final = rf"[{_MASKS}@$!0-9]"
_LETTER: Final = r"[^\W\d_]"

#: A piece of a chunk that could be a disguise; anything else is passed by at once.
_DISGUISED: Final = re.compile(
    rf"{_LETTER}{_SIGNS}+{_LETTER}|[@$]{_LETTER}|{_LETTER}\$|(?P<again>{_LETTER})(?P=again){{2}}"
    rf"|(?<!\w){_LETTER}(?:[.\-_*]{_LETTER}){{2,}}(?!\w)"
)
_VOWEL_SIGN: Final = "[\u0900-\u0903\u093a-\u094f]"
_PIECE: Final = re.compile(rf"(?:{_LETTER}|{_VOWEL_SIGN}|{_SIGNS}|[.\-_])+")
_AGAIN: Final = re.compile(rf"({_LETTER})\1\1")
#: Soft hyphens and spaces of no width, inside or between words.
_INVISIBLE: Final = dict.fromkeys((0xAD, 0x200B, 0x2060, 0xFEFF))
_RUN: Final = re.compile(r"(.)\1+")
_SPELT_OUT: Final = re.compile(rf"{_LETTER}(?:[.\-_*]{_LETTER}){{2,}}")

#: A word of fewer letters is not looked for behind stars: too many words have its shape.
_LEAST_MASKED: Final = 4


def repeats(word: str) -> bool:
    """Whether a letter stands three times in a row."""
    return _AGAIN.search(word) is not None


class Disguises:
    """Undoes disguises of the words given.

    Args:
        words: Single words; of two that one disguise fits, the earlier one is taken.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._words = dict.fromkeys(map(key, words))
        self._by_letters: dict[str, str] = {}
        self._by_ends: dict[tuple[str, int], list[str]] = {}
        for word in self._words:
            self._by_letters.setdefault(_RUN.sub(r"\1", word), word)
            self._by_ends.setdefault((word[0], len(word)), []).append(word)

    def undone(self, chunk: str) -> str:
        """`chunk` without invisible characters, each disguised word replaced by the word that it
        stands for.
        """
        chunk = chunk if chunk.isascii() else chunk.translate(_INVISIBLE)
        if not _DISGUISED.search(chunk):
            return chunk
        return _PIECE.sub(lambda piece: self._plain(piece.group()), chunk)

    def _plain(self, piece: str) -> str:
        """The word behind `piece`, which keeps its first letter's case; else `piece` itself."""
        bare = piece.strip("#*!.-_")
        word = self._word(key(bare))
        if word is None:
            return piece
        shown = word.capitalize() if bare[:1].isupper() else word
        return piece.replace(bare, shown, 1)

    def _word(self, written: str) -> str | None:
        if written in self._words or sum(map(str.isalpha, written)) < 2:
            return None
        if _SPELT_OUT.fullmatch(written):
            together = re.sub(r"[.\-_*]", "", written)
            if together in self._words:
                return together
        if any(mask in written for mask in _MASKS):
            return self._behind_masks(written)
        spelt = (written.translate(_LOOKS_LIKE), written.translate(_LIKE_L))
        found = next((one for one in spelt if one in self._words), None)
        if found is None and repeats(written):
            return self._by_letters.get(_RUN.sub(r"\1", spelt[0]))
        return found

    def _behind_masks(self, written: str) -> str | None:
        """The word of as many letters of which all letters shown are the same."""
        if len(written) < _LEAST_MASKED:
            return None
        shape = re.compile("".join("." if one in _MASKS else re.escape(one) for one in written))
        alike = self._by_ends.get((written[0], len(written)), ())
        return next((word for word in alike if shape.fullmatch(word)), None)
