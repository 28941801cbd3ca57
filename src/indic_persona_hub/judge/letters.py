"""What a batch of texts is made of, character by character: letters, scripts, signs."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indic_persona_hub.reference.characters import CharacterFacts, Characters
from indic_persona_hub.reference.chunks import Texts

#: ISO 15924 codes by the first word of a letter's Unicode name.
_SCRIPTS: Final = {
    "LATIN": "Latn", "DEVANAGARI": "Deva", "BENGALI": "Beng", "GURMUKHI": "Guru",
    "GUJARATI": "Gujr", "ORIYA": "Orya", "TAMIL": "Taml", "TELUGU": "Telu", "KANNADA": "Knda",
    "MALAYALAM": "Mlym", "ARABIC": "Arab", "OL": "Olck", "MEETEI": "Mtei",
}  # fmt: skip
_FOREIGN: Final = "Zyyy"
#: The columns of `Letters.scripts`, in alphabetical order.
SCRIPTS: Final = tuple(sorted({*_SCRIPTS.values(), _FOREIGN}))
_ALLOWED_SIGNS: Final = frozenset("°™®")
_MARKUP: Final = frozenset("\n\r\t{}<>|`#_~\\*[")
_PAIRED: Final = frozenset('"()“”«»')

#: A character's facts in one number: its script from 1 on in the lowest four bits, and these.
_SCRIPT: Final = 15
_LETTER: Final = 16
_VISIBLE: Final = 32
_STRAY: Final = 64
_MARKS_UP: Final = 128
_IS_PAIRED: Final = 256


class Letters(NamedTuple):
    """Numbers by text.

    Attributes:
        characters: All of them.
        visible: Characters other than space.
        letters: Letters and the marks on them.
        scripts: A column for each of `SCRIPTS`: its letters, without marks.
        stray: Characters that no sentence holds; see `is_stray`.
        markup: Characters of markup.
        paired: Double quotes and brackets.
    """

    characters: NDArray[np.int64]
    visible: NDArray[np.int64]
    letters: NDArray[np.int64]
    scripts: NDArray[np.int64]
    stray: NDArray[np.int64]
    markup: NDArray[np.int64]
    paired: NDArray[np.int64]


def letters_of(texts: Texts) -> Letters:
    """Count what the texts are made of."""
    characters = Characters.of(texts.chunks)
    chunk, sizes = characters.chunk, characters.sizes
    facts = _FACTS.of(characters.points)
    scripts = characters.counted(facts & _SCRIPT, len(SCRIPTS) + 1)[:, 1:]
    flags = (_VISIBLE, _LETTER, _STRAY, _MARKS_UP, _IS_PAIRED)
    found = [np.bincount(chunk[(facts & flag) > 0], minlength=len(sizes)) for flag in flags]
    counted = texts.totals(np.column_stack([sizes + 1, *found, scripts]).astype(np.int32))
    written, visible, letters, stray, markup, paired = counted.T[:6]
    return Letters(written - 1, visible, letters, counted[:, 6:], stray, markup, paired)


def _facts(one: str) -> int:
    script = script_of(one)
    kind = unicodedata.category(one)
    return (
        (SCRIPTS.index(script) + 1 if script else 0)
        | (_LETTER if kind[0] in "LM" else 0)
        | (0 if one.isspace() else _VISIBLE)
        | (_STRAY if is_stray(one) else 0)
        | (_MARKS_UP if one in _MARKUP else 0)
        | (_IS_PAIRED if one in _PAIRED else 0)
    )


_FACTS: Final = CharacterFacts(_facts)


@lru_cache(maxsize=4096)
def script_of(letter: str) -> str | None:
    """ISO 15924 code of an Indian or Latin letter, `Zyyy` for any other, null for no letter.

    Marks follow their letter, so only letters count.
    """
    if unicodedata.category(letter)[0] != "L":
        return None
    return _SCRIPTS.get(unicodedata.name(letter, "").split(" ")[0], _FOREIGN)


@lru_cache(maxsize=4096)
def is_stray(one: str) -> bool:
    """Whether a character is broken, a sign or emoji, or a letter of a foreign script."""
    kind = unicodedata.category(one)
    broken = kind in ("Cc", "Co", "Cn", "Cs", "So") and one not in _ALLOWED_SIGNS and one != "\n"
    return broken or script_of(one) == _FOREIGN
