"""Words written so that a list does not find them: letters repeated, starred out, made of digits or
set apart, and Hindi in Latin letters that is spelt otherwise.

Nothing is guessed: a disguise is undone only where a word of the list asked about comes out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from indic_persona_hub.reference.lexicon import key

#: What stands for a letter, and which.
_LOOKS_LIKE: Final = str.maketrans("@4013!$57", "aaoieisst")
_LIKE_L: Final = str.maketrans("@401!$57", "aaolisst") | {ord("3"): "e"}
_MASKS: Final = "*#"
_SIGNS: Final = rf"[{_MASKS}@$!0-9]"
_SIGN: Final = re.compile(_SIGNS)
_LETTER: Final = r"[^\W\d_]"
_VOWEL_SIGN: Final = "[\u0900-\u0903\u093a-\u094f]"

#: A piece of a chunk that could be a disguise; anything else is passed by at once.
_DISGUISED: Final = re.compile(
    rf"{_LETTER}{_VOWEL_SIGN}?{_SIGNS}+{_LETTER}|[@$]{_LETTER}|{_LETTER}\$|(?P<again>{_LETTER})(?P=again){{2}}"
    rf"|(?<!\w){_LETTER}(?:[.\-_*]{_LETTER}){{2,}}(?!\w)"
)
_PIECE: Final = re.compile(rf"(?:{_LETTER}|{_VOWEL_SIGN}|{_SIGNS}|[.\-_])+")
_AGAIN: Final = re.compile(rf"({_LETTER})\1\1")
#: Soft hyphens and spaces of no width, inside or between words.
_INVISIBLE: Final = dict.fromkeys((0xAD, 0x200B, 0x2060, 0xFEFF))
_RUN: Final = re.compile(r"(.)\1+")
_SPELT_OUT: Final = re.compile(rf"{_LETTER}(?:[.\-_*]{_LETTER}){{2,}}")
_SET_APART: Final = re.compile(r"(?<!\S)[A-Za-z](?: [A-Za-z]){3,}(?!\w)")
_LATIN: Final = re.compile(r"[A-Za-z]+")

#: Spellings of one sound in romanised Hindi, and the one that all of them become.
_SOUNDS: Final = (
    *(("chh", "ch"), ("aa", "a"), ("ee", "i"), ("oo", "u")),
    *(("w", "v"), ("z", "j"), ("ph", "f"), ("ey ", "e "), (" x", " ch")),
)
_NO_VOWELS: Final = str.maketrans("", "", "aeiou")
#: A word of fewer letters, or of fewer consonants where vowels differ, is compared as written:
#: too many words and names sound like it.
_LEAST_SOUND: Final = 5
_LEAST_CONSONANTS: Final = 6
#: So many letters has a phrase that is looked for written as one word.
_LEAST_TOGETHER: Final = 8

#: A word of fewer letters is not looked for behind stars: too many words have its shape.
_LEAST_MASKED: Final = 4


def repeats(word: str) -> bool:
    """Whether a letter stands three times in a row."""
    return _AGAIN.search(word) is not None


def sound(word: str) -> str:
    """The form in which spellings of one romanised Hindi word meet; `word` is in lower case."""
    spelt = f" {word} "
    for one, other in _SOUNDS:
        spelt = spelt.replace(one, other)
    return _RUN.sub(r"\1", spelt.strip())


def _sounds(word: str) -> Iterator[str]:
    """What `word` may be known by: its sound, and its consonants where they are many."""
    spelt = sound(word)
    if len(spelt) >= _LEAST_SOUND:
        yield spelt
    consonants = spelt.translate(_NO_VOWELS)
    if len(consonants) >= _LEAST_CONSONANTS:
        yield consonants


class Disguises:
    """Undoes disguises of the words given.

    Args:
        words: Single words; of two that one disguise fits, the earlier one is taken.
        romanised: Words and phrases of romanised Hindi, which have many spellings; a phrase may be
            written as one word.
    """

    def __init__(self, words: Iterable[str], romanised: Iterable[str] = ()) -> None:
        self._by_sound: dict[str, str] = {}
        for phrase in romanised:
            together = phrase.replace(" ", "")
            if together == phrase or len(together) >= _LEAST_TOGETHER:
                for one in _sounds(together) if together == phrase else [sound(together)]:
                    self._by_sound.setdefault(one, phrase)
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
        if _DISGUISED.search(chunk):
            chunk = _PIECE.sub(lambda piece: self._plain(piece.group()), chunk)
        return _LATIN.sub(lambda word: self._respelt(word.group()), chunk)

    def gathered(self, text: str) -> str:
        """`text` with its words whose letters are set apart by spaces ("f u c k") put together."""
        return _SET_APART.sub(lambda run: self._together(run.group()), text)

    def respelt(self, word: str) -> str | None:
        """The word or phrase of which `word`, in lower case, is another spelling, if any."""
        if word in self._words or len(word) < _LEAST_SOUND:
            return None
        return next((self._by_sound[one] for one in _sounds(word) if one in self._by_sound), None)

    def _respelt(self, word: str) -> str:
        found = self.respelt(word.lower())
        if found is None:
            return word
        return found.capitalize() if word[0].isupper() else found

    def _together(self, run: str) -> str:
        """A run of letters as the word that they spell, be there one more before or after them."""
        letters = run.replace(" ", "")
        for first, last in ((0, 0), (1, 0), (0, 1)):
            word = letters[first : len(letters) - last]
            if len(word) > 3 and (word.lower() in self._words or self.respelt(word.lower())):
                return " ".join(filter(None, (letters[:first], word, letters[len(word) + first :])))
        return run

    def _plain(self, piece: str) -> str:
        """The word behind `piece`; else `piece` itself. It keeps its capital where no sign stands
        for a letter: nobody writes a name with such.
        """
        bare = piece.strip("#*!.-_")
        word = self._word(key(bare))
        if word is None:
            return piece
        named = bare[:1].isupper() and not _SIGN.search(bare)
        shown = word.capitalize() if named else word
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
