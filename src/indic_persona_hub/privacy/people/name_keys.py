"""Names as they are compared: spellings that differ only as romanisation does meet in one key."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from indic_persona_hub.reference.lexicon import key, tokens

#: Ways to romanise one sound, in order.
_SOUNDS: Final = (
    ("ph", "f"), ("th", "t"), ("dh", "d"), ("bh", "b"), ("kh", "k"), ("gh", "g"), ("sh", "s"),
    ("ch", "c"), ("jh", "j"), ("w", "v"), ("z", "j"), ("q", "k"), ("ee", "i"), ("oo", "u"),
    ("aa", "a"), ("au", "o"), ("ou", "o"), ("ai", "e"), ("y", "i"), ("u", "o"), ("i", "e"),
)  # fmt: skip
_DOUBLED: Final = re.compile(r"(.)\1")
_SHORT: Final = 3  # letters; the last vowel of a shorter word stays

#: Titles and degrees that lists write beside names.
TITLES: Final = frozenset(
    """
    mr mrs ms smt shri shrimati shree sri dr prof kumari justice adv advocate capt captain maj col
    late er ca retd hon honble sh km thiru tmt pulavar haji sardar general lt ias ips ba bcom bsc ma
    mcom mphil phd llb mbbs bed med btech mba na
    """.split()
)
#: What follows is another name of the same person, or somebody else's.
_ALIAS: Final = re.compile(r"\s*(?:@|\b(?:alias|urf|aka|a\s*/\s*s)\b)\s*", re.IGNORECASE)
_RELATIVE: Final = re.compile(r"\b[swd]\s*/\s*o\b.*", re.IGNORECASE)
_ASIDE: Final = re.compile(r"[(\"“'‘\[]([^)\"”'’\]]*)(?:[)\"”'’\]]|$)")
#: "B.COM.", "M.A.,M.PHIL.": degrees with their stops.
_DEGREE: Final = re.compile(r"\b[BM]\.\s?(?:A|COM|SC|PHIL|TECH|ED)\b\.?", re.IGNORECASE)
_DIGITS: Final = re.compile(r"\d+")


@lru_cache(maxsize=1 << 17)
def sound(word: str) -> str:
    """The key of one word of a name: its lexicon key, in Latin script by its sound."""
    folded = key(word)
    if not folded.isascii():
        return folded
    for written, heard in _SOUNDS:
        folded = folded.replace(written, heard)
    folded = _DOUBLED.sub(r"\1", folded)
    return folded[:-1] if len(folded) > _SHORT and folded[-1] in "aeh" else folded


def spoken(name: str) -> list[tuple[str, ...]]:
    """The names that a cell of a list holds, each as keys of its words: the name first, then
    aliases. Titles, degrees, numbers, and what follows "S/O" are left out.
    """
    plain = _DEGREE.sub(" ", _DIGITS.sub(" ", _RELATIVE.sub(" ", name)))
    names = [*_ALIAS.split(_ASIDE.sub(" ", plain)), *_ASIDE.findall(plain)]
    keyed = (tuple(_words(one)) for one in names)
    return list(dict.fromkeys(one for one in keyed if any(len(word) > 1 for word in one)))


def _words(name: str) -> list[str]:
    return [sound(one.text) for one in tokens(name) if one.key not in TITLES]
